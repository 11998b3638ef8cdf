"""An evaluation as a person reads it: plain text, and of a ticket no more than short quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support_policy.commands.evaluation import Change, Changed, Run
from support_policy.core.explain import quoted
from support_policy.core.scores import LANGUAGES, Agreement, ClassScore, Confused, Headline, Share
from support_policy.labelled import Decided, printable
from support_policy.texts import load_texts

PAIRS = 10
"""Wrong pairs that are listed of each kind."""

_LEVELS = ("priority", "category")
_LONGEST_ID = 40


def sentences(
    run: Run, against: Run | None, differences: Changed | None, *, misses: int, matrix: bool
) -> Iterator[str]:
    """Line by line; with ``against``, every figure has that of the other policy to its right."""
    runs = [run, against] if against else [run]
    yield from _opening(run, against)
    yield from _headlines(runs)
    for level in _LEVELS:
        yield from _classes(level, runs)
    yield from _review(runs)
    for level in _LEVELS:
        found = _agreement(run.evaluation.whole, level)
        yield from _matrix(level, found) if matrix else _mistakes(level, found.mistakes)
    if differences:
        yield from _changed(differences, misses)
    yield from _misses(run.misses, misses)


def _opening(run: Run, against: Run | None) -> Iterator[str]:
    counts = [
        f"{headline.priority.tickets} {language}" for language, headline in run.evaluation.languages
    ]
    yield f"{len(run.decided)} tickets: {', '.join(counts)}"
    yield f"policy: {_named(run)}"
    if against:
        yield f"against: {_named(against)}"


def _named(run: Run) -> str:
    return f"{run.name} ({run.policy.id} {run.policy.version})"


def _headlines(runs: Sequence[Run]) -> Iterator[str]:
    rows = []
    for level in _LEVELS:
        whole = [_agreement(run.evaluation.whole, level) for run in runs]
        rows.append(_headline(level, whole))
        for language in LANGUAGES:
            spoken = [dict(run.evaluation.languages).get(language) for run in runs]
            some = [_agreement(headline, level) for headline in spoken if headline]
            rows += [_headline(f"  {language}", some)] if any(x.tickets for x in some) else []
    yield from _table(_head("Macro-F1", ("strict", "lenient"), runs), rows)


def _headline(title: str, found: Sequence[Agreement]) -> list[str]:
    figures = [figure(each.strict) for each in found], [figure(each.lenient) for each in found]
    return [title, str(found[0].tickets), *figures[0], *figures[1]]


def _classes(level: str, runs: Sequence[Run]) -> Iterator[str]:
    found = [_agreement(run.evaluation.whole, level).classes for run in runs]
    names = dict.fromkeys(each.name for classes in found for each in classes)
    rows = []
    for name in names:
        scores = [_score(name, classes) for classes in found]
        figures = [
            [figure(each.precision) for each in scores],
            [figure(each.recall) for each in scores],
            [figure(each.f1) for each in scores],
        ]
        tickets = max(each.tickets for each in scores)
        rows.append([name, str(tickets), *(cell for cells in figures for cell in cells)])
    yield from _table(_head(level.capitalize(), ("precision", "recall", "F1"), runs), rows)


def _score(name: str, classes: Sequence[ClassScore]) -> ClassScore:
    """A class's score; of a class that is not among them, an empty one."""
    empty = ClassScore(name=name, tickets=0, decided=0, right=0)
    return next((each for each in classes if each.name == name), empty)


def _review(runs: Sequence[Run]) -> Iterator[str]:
    rows = []
    for number, run in enumerate(runs):
        after = " (against)" if number else ""
        rows.append(_share(f"marked{after}", run.evaluation.marked))
        rows.append(_share(f"not marked{after}", run.evaluation.unmarked))
    yield from _table(["For review", "tickets", "priority right", "or acceptable"], rows)


def _share(title: str, share: Share) -> list[str]:
    def part(count: int) -> str:
        return f"{count} ({count / share.tickets:.0%})" if share.tickets else "-"

    return [title, str(share.tickets), part(share.right), part(share.acceptable)]


def _mistakes(level: str, mistakes: Sequence[Confused]) -> Iterator[str]:
    if not mistakes:
        return
    yield from ("", f"Mixed up most often, by {level}")
    for pair in mistakes[:PAIRS]:
        yield f"{pair.tickets:6}  expected {pair.expected}, decided {pair.decided}"
    yield from _more(len(mistakes) - PAIRS)


def _matrix(level: str, found: Agreement) -> Iterator[str]:
    """All pairs; columns carry the numbers of the rows, for names would not fit."""
    names = [each.name for each in found.classes]
    counts = {(pair.expected, pair.decided): pair.tickets for pair in found.pairs}
    rows = [
        [f"{number} {name}", *(str(counts.get((name, other), ".")) for other in names)]
        for number, name in enumerate(names, start=1)
    ]
    numbers = [str(number) for number in range(1, len(names) + 1)]
    yield from _table([f"Expected {level} / decided", *numbers], rows)


def _changed(differences: Changed, most: int) -> Iterator[str]:
    better, worse, neither = differences.better, differences.worse, differences.neither
    yield ""
    yield f"Changed: {len(better)} better, {len(worse)} worse, {len(neither)} neither"
    for title, changes in (("Better", better), ("Worse", worse)):
        if changes and most:
            yield from ("", f"{title} than against")
            for change in changes[:most]:
                yield from _change(change)
            yield from _more(len(changes) - most)


def _change(change: Change) -> Iterator[str]:
    first, *more = _decided(change.decided)
    yield f"{first}, against {change.against.judged.category}"
    yield from more


def _misses(misses: Sequence[Decided], most: int) -> Iterator[str]:
    yield from ("", f"Misses: {len(misses)}, the worst first" if misses else "Misses: none")
    for each in misses[:most]:
        yield from _decided(each)
    yield from _more(len(misses) - most)


def _decided(decided: Decided) -> Iterator[str]:
    label = decided.judged.label
    expected = label.category or label.priority
    yield f"  {name_of(decided)}: expected {expected}, decided {decided.judged.category}"
    words = quoted(decided.words, load_texts("en"))
    yield f"      {words or 'no words of the ticket'} ({decided.rule})"


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  … and {count} more"


def _agreement(headline: Headline, level: str) -> Agreement:
    return headline.priority if level == "priority" else headline.category


def _head(title: str, figures: Sequence[str], runs: Sequence[Run]) -> list[str]:
    beside = ["against"] * (len(runs) - 1)
    return [title, "tickets", *(cell for figure in figures for cell in (figure, *beside))]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell, names to the left and figures to the right."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    yield ""
    for row in (head, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([row[0].ljust(widths[0]), *cells])


def figure(value: float | None) -> str:
    """A share with three decimals, or a dash where there is nothing to count."""
    return "-" if value is None else f"{value:.3f}"


def name_of(decided: Decided) -> str:
    """A ticket's id on one line, cut where it is long."""
    line = printable(decided.id)
    return line if len(line) <= _LONGEST_ID else f"{line[:_LONGEST_ID]}…"
