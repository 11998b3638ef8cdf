#!/usr/bin/env python3
"""Trains the model of the packaged policy on the tickets in training/ and writes it.

Usage: tools/train_reader.py [--try]      (needs scipy: the extra "learn"; takes some minutes)
With --try nothing is written: only the figures on voices that the model has not seen.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

# Several threads would mostly wait for each other. It must be said before scipy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from support_policy.core.scores import Answer, agreement
from support_policy.reader import load_reader
from support_policy.reader.model import FILE, content_of
from support_policy.reader.terms import TermReader
from support_policy.reader.training import Example, cross_scores, documents_of, train

ROOT = Path(__file__).resolve().parent.parent
POLICY = ROOT / "plugin/support_policy/policies/mexxus"
TRAINING = ROOT / "training"


def examples() -> list[Example]:
    """Every ticket written for this project, and those of the policy's own tests.

    A file is a voice. The tests state how this policy reads; a model that contradicts them is none.
    """
    lines = tomllib.loads((TRAINING / "lines.toml").read_text("utf-8"))
    found = []
    for file in sorted((TRAINING / "tickets").glob("*.jsonl")):
        for text in file.read_text("utf-8").splitlines():
            ticket = json.loads(text)
            found.append(
                Example(
                    subject=ticket["subject"],
                    body=ticket["body"],
                    category=lines[ticket["line"]]["category"],
                    voice=file.stem,
                )
            )
    return found + stated()


def stated() -> list[Example]:
    """What the policy's tests say of words alone, and without a doubt."""
    tests = tomllib.loads((POLICY / "support_test.toml").read_text("utf-8"))["tests"]
    return [
        Example(
            subject=each.get("subject", ""),
            body=each.get("body", ""),
            category=each["expect"]["category"],
            voice="policy",
        )
        for each in tests
        if "category" in each["expect"]
        and "department" not in each
        and "needs_review" not in each["expect"].get("tags", ())
    ]


def trial(tickets: list[Example], reader: TermReader) -> str:
    """How well categories are told on voices that were not trained on, as a table."""
    categories = tuple(sorted({each.category for each in tickets}))
    scores = cross_scores(tickets, documents_of(tickets, reader), categories)
    answers = [
        Answer(expected=each.category, decided=categories[best], acceptable=False)
        for each, best in zip(tickets, scores.argmax(axis=1).tolist(), strict=True)
    ]
    found = agreement(answers, categories)
    rows = [f"{'category':32} precision  recall  tickets"]
    rows += [
        f"{each.name:32} {each.precision or 0:9.3f} {each.recall or 0:7.3f} {each.tickets:8}"
        for each in found.classes
    ]
    return "\n".join([*rows, f"macro-F1 {found.strict:.3f}"])


def told(line: str) -> None:
    """Say how far it is."""
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Train, or only try."""
    reader, tickets = load_reader(POLICY), examples()
    if "--try" in sys.argv[1:]:
        sys.stdout.write(trial(tickets, reader) + "\n")
        return
    about = {"trained_on": f"{datetime.now(UTC):%Y-%m-%d}", "tickets": len(tickets)}
    model = train(tickets, reader, about=about, progress=told)
    content = content_of(model)
    beside = POLICY / f".{FILE}.new"  # whoever reads it meanwhile finds a whole model
    beside.write_bytes(content)
    beside.replace(POLICY / FILE)
    told(f"{FILE}: {len(content) / 1e6:.2f} MB, {len(model.keys)} features")


if __name__ == "__main__":
    main()
