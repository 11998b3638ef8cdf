"""The figures of an evaluation as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from support_policy.commands.evaluation import Change, Changed, Run
from support_policy.core.explain import quoted
from support_policy.core.scores import Agreement, Headline
from support_policy.labelled import Decided
from support_policy.texts import load_texts


def figures(
    run: Run, against: Run | None, differences: Changed | None, *, misses: int, skipped: int
) -> dict[str, Any]:
    """Everything a person is shown, by name; ``against`` and ``changed`` only when compared."""
    whole: dict[str, Any] = {"tickets": len(run.decided), "skipped": skipped}
    whole |= _run(run, misses)
    if against and differences:
        whole["against"] = _run(against, misses)
        whole["changed"] = {
            "better": _changes(differences.better, misses),
            "worse": _changes(differences.worse, misses),
            "neither": _changes(differences.neither, misses),
        }
    return whole


def _run(run: Run, most: int) -> dict[str, Any]:
    found = run.evaluation
    return {
        "policy": run.policy.id,
        "version": run.policy.version,
        **_headline(found.whole),
        "languages": {
            language: {"tickets": headline.priority.tickets, **_headline(headline)}
            for language, headline in found.languages
        },
        "review": {"marked": asdict(found.marked), "unmarked": asdict(found.unmarked)},
        "misses": {"tickets": len(run.misses), "worst": [_decided(x) for x in run.misses[:most]]},
    }


def _headline(headline: Headline) -> dict[str, Any]:
    return {"priority": _agreement(headline.priority), "category": _agreement(headline.category)}


def _agreement(found: Agreement) -> dict[str, Any]:
    return {
        "tickets": found.tickets,
        "strict": found.strict,
        "lenient": found.lenient,
        "classes": {
            each.name: {
                "tickets": each.tickets,
                "decided": each.decided,
                "right": each.right,
                "precision": each.precision,
                "recall": each.recall,
                "f1": each.f1,
            }
            for each in found.classes
        },
        "confusion": [asdict(pair) for pair in found.pairs],
    }


def _decided(decided: Decided) -> dict[str, Any]:
    label = decided.judged.label
    return {
        "id": decided.id,
        "expected": label.category or label.priority,
        "decided": decided.judged.category,
        "words": quoted(decided.words, load_texts("en")),
        "rule": decided.rule,
    }


def _changes(changes: Sequence[Change], most: int) -> dict[str, Any]:
    listed = [
        {**_decided(each.decided), "against": each.against.judged.category}
        for each in changes[:most]
    ]
    return {"tickets": len(changes), "first": listed}
