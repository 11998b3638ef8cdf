"""What learning came to, as a person reads it: figures, and of a ticket no more than its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from support_policy.commands.evaluation import Change, Changed, Run
from support_policy.commands.evaluation_text import figure, name_of
from support_policy.learning import Sides, urgent


class Outcome(StrEnum):
    """How it ended; only ``WRITTEN`` changed anything."""

    WRITTEN = "written"
    DRY_RUN = "dry_run"
    NOT_BETTER = "not_better"
    TESTS_FAIL = "tests_fail"


def sentences(
    before: Run, after: Run, differences: Changed, found: Sides, *, most: int
) -> Iterator[str]:
    """Line by line: the two models side by side on the tickets that neither was to learn from."""
    learnt, held_back = len(found.learnt), len(found.held_back)
    yield f"{learnt + held_back} tickets: {learnt} to learn from, {held_back} held back"
    yield ""
    rows = [("On those held back", "before", "after"), *_rows(before, after)]
    for title, *cells in rows:
        yield f"{title:26}{cells[0]:>8}{cells[1]:>8}"
    better, worse = differences.better, differences.worse
    yield ""
    yield (f"Changed: {len(better)} better, {len(worse)} worse, {len(differences.neither)} neither")
    yield from _changes("Better", better, most)
    yield from _changes("Worse", worse, most)
    yield ""


def outcome_sentence(outcome: Outcome, *, tickets: int, file: str, previous: str) -> str:
    """How it ended, in a sentence; ``previous`` is the file with the model before, if any."""
    if outcome is Outcome.NOT_BETTER:
        return "The new model is not better: nothing was written."
    if outcome is Outcome.TESTS_FAIL:
        return (
            f"The new model is better on the tickets held back, but trained on all {tickets} it "
            "breaks the policy's own tests: nothing was written. Where such a test is right, add "
            "tickets like it; where it says what you no longer want, change it. Then learn again."
        )
    trained = f"The new model is better. It was then trained on all {tickets} tickets"
    if outcome is Outcome.DRY_RUN:
        return f"{trained}, and the policy's own tests agree. A dry run: nothing was written."
    kept = f" The one before is {previous}." if previous else ""
    return f"{trained}, and written to {file}.{kept}"


def _rows(before: Run, after: Run) -> Iterator[tuple[str, str, str]]:
    runs = (before, after)
    levels = {
        "priority": [run.evaluation.whole.priority for run in runs],
        "category": [run.evaluation.whole.category for run in runs],
    }
    for level, (old, new) in levels.items():
        yield f"{level} macro-F1, strict", figure(old.strict), figure(new.strict)
        yield f"{level} macro-F1, lenient", figure(old.lenient), figure(new.lenient)
    old_score, new_score = (urgent(run.evaluation, run.policy) for run in runs)
    yield f"{old_score.name} recall", figure(old_score.recall), figure(new_score.recall)
    yield f"{old_score.name} precision", figure(old_score.precision), figure(new_score.precision)
    marked = [str(run.evaluation.marked.tickets) for run in runs]
    yield "marked for review", marked[0], marked[1]


def _changes(title: str, changes: Sequence[Change], most: int) -> Iterator[str]:
    if changes and most:
        yield from ("", title)
        for each in changes[:most]:
            label = each.decided.judged.label
            yield (
                f"  {name_of(each.decided)}: expected {label.category}, "
                f"before {each.against.judged.category}, after {each.decided.judged.category}"
            )
        if len(changes) > most:
            yield f"  … and {len(changes) - most} more"
