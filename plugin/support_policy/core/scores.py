"""How far decisions agree with what people said: precision, recall, F1, and what was mixed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

LANGUAGES = ("en", "fr", "other")
"""The languages by which tickets are told apart, in the order in which they are shown."""


def priority_of(category: str) -> str:
    """The class that a category belongs to: its part before the dot."""
    return category.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people said a ticket is.

    ``category`` is None where they named a priority alone: then the category is not scored.
    ``acceptable`` are all categories that can be defended.
    ``language`` is that of the customer's own words (``en``, ``fr``, ``other``), if they said.
    """

    priority: str
    category: str | None
    acceptable: frozenset[str]
    language: str | None = None

    def accepts(self, priority: str) -> bool:
        """Whether a category of this priority can be defended."""
        return priority in {self.priority, *map(priority_of, self.acceptable)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One decision beside what was expected.

    ``acceptable`` says that it can be defended, be it the expected one or another.
    """

    expected: str
    decided: str
    acceptable: bool

    @property
    def right(self) -> bool:
        """Whether it is the very one that was expected."""
        return self.expected == self.decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled ticket and what was decided of it.

    ``language`` is the one that was read; a label that names one goes before it.
    ``review`` says that the ticket was marked for a person to look at.
    """

    label: Label
    category: str
    language: str
    review: bool = False

    @property
    def by_priority(self) -> Answer:
        """The priority, which every label names."""
        decided = priority_of(self.category)
        return Answer(
            expected=self.label.priority, decided=decided, acceptable=self.label.accepts(decided)
        )

    @property
    def by_category(self) -> Answer | None:
        """The category; None where the label names a priority alone."""
        expected = self.label.category
        if expected is None:
            return None
        good = self.category in {expected, *self.label.acceptable}
        return Answer(expected=expected, decided=self.category, acceptable=good)

    @property
    def merit(self) -> tuple[bool, ...]:
        """How good the decision is; the greater of two merits is the better decision."""
        levels = (self.by_priority, self.by_category or self.by_priority)
        return tuple(each.acceptable for each in levels) + tuple(each.right for each in levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """One class: tickets that are labelled so, that were decided so, and that are both."""

    name: str
    tickets: int
    decided: int
    right: int

    @property
    def precision(self) -> float | None:
        """The share of the decisions for this class that are right; None without any."""
        return self.right / self.decided if self.decided else None

    @property
    def recall(self) -> float | None:
        """The share of the class's tickets that were found; None without any."""
        return self.right / self.tickets if self.tickets else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None for a class that no ticket is labelled with."""
        return 2 * self.right / (self.tickets + self.decided) if self.tickets else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confused:
    """How many tickets that are labelled ``expected`` were ``decided`` to be something."""

    expected: str
    decided: str
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Decisions of one kind, priorities or categories, beside what was expected.

    ``strict`` and ``lenient`` are macro-F1: the mean of F1 over the classes that tickets are
    labelled with; None without tickets. Strict counts the label alone; lenient counts a decision
    for an acceptable class as if the ticket were labelled so. Classes and pairs are counted
    strictly, the pairs with the most tickets first, right ones among them.
    """

    tickets: int
    strict: float | None
    lenient: float | None
    classes: tuple[ClassScore, ...]
    pairs: tuple[Confused, ...]

    @property
    def mistakes(self) -> tuple[Confused, ...]:
        """The pairs in which something else was decided than expected."""
        return tuple(pair for pair in self.pairs if pair.expected != pair.decided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many priorities of some tickets are the expected one, and how many acceptable."""

    tickets: int
    right: int
    acceptable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Priorities and categories of the same tickets; of some, only the priority is labelled."""

    priority: Agreement
    category: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures of one policy on labelled tickets."""

    whole: Headline
    languages: tuple[tuple[str, Headline], ...]
    marked: Share
    unmarked: Share


class Gravity(IntEnum):
    """How bad a miss is, the worst first."""

    URGENT_MISSED = 0
    WRONGLY_URGENT = 1
    PRIORITY = 2
    CATEGORY = 3


def evaluate(judged: Sequence[Judged], order: Sequence[str]) -> Evaluation:
    """Every figure; ``order`` are the categories in the order in which they are shown."""
    by_language = {
        language: [each for each in judged if language_of(each) == language]
        for language in LANGUAGES
    }
    return Evaluation(
        whole=_headline(judged, order),
        languages=tuple(
            (language, _headline(some, order)) for language, some in by_language.items() if some
        ),
        marked=_share(each for each in judged if each.review),
        unmarked=_share(each for each in judged if not each.review),
    )


def language_of(judged: Judged) -> str:
    """The language by which a ticket is counted: as labelled, else as read."""
    language = judged.label.language or judged.language
    return language if language in LANGUAGES else "other"


def agreement(answers: Sequence[Answer], order: Sequence[str]) -> Agreement:
    """Count answers of one kind."""
    strict = [(each.expected, each.decided) for each in answers]
    lenient = [
        (each.decided if each.acceptable else each.expected, each.decided) for each in answers
    ]
    classes = _classes(strict, order)
    pairs = Counter(strict).most_common()
    return Agreement(
        tickets=len(answers),
        strict=_macro_f1(classes),
        lenient=_macro_f1(_classes(lenient, order)),
        classes=classes,
        pairs=tuple(Confused(expected=a, decided=b, tickets=count) for (a, b), count in pairs),
    )


def gravity(judged: Judged, urgent: frozenset[str]) -> Gravity | None:
    """How bad a decision is that nobody would defend; None for all others.

    ``urgent`` are the priorities that must not be missed, nor given without need.
    """
    priority, category = judged.by_priority, judged.by_category
    if priority.acceptable:
        return Gravity.CATEGORY if category and not category.acceptable else None
    if (priority.expected in urgent) == (priority.decided in urgent):
        return Gravity.PRIORITY
    return Gravity.URGENT_MISSED if priority.expected in urgent else Gravity.WRONGLY_URGENT


def _headline(judged: Sequence[Judged], order: Sequence[str]) -> Headline:
    priorities = list(dict.fromkeys(map(priority_of, order)))
    return Headline(
        priority=agreement([each.by_priority for each in judged], priorities),
        category=agreement([good for each in judged if (good := each.by_category)], order),
    )


def _classes(pairs: Sequence[tuple[str, str]], order: Sequence[str]) -> tuple[ClassScore, ...]:
    tickets = Counter(expected for expected, _ in pairs)
    decided = Counter(given for _, given in pairs)
    right = Counter(expected for expected, given in pairs if expected == given)
    known = [name for name in order if name in tickets or name in decided]
    others = sorted((tickets.keys() | decided.keys()) - set(order))
    return tuple(
        ClassScore(name=name, tickets=tickets[name], decided=decided[name], right=right[name])
        for name in (*known, *others)
    )


def _macro_f1(classes: Iterable[ClassScore]) -> float | None:
    found = [f1 for each in classes if (f1 := each.f1) is not None]
    return sum(found) / len(found) if found else None


def _share(judged: Iterable[Judged]) -> Share:
    answers = [each.by_priority for each in judged]
    return Share(
        tickets=len(answers),
        right=sum(each.right for each in answers),
        acceptable=sum(each.acceptable for each in answers),
    )
