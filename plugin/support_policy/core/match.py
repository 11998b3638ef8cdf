"""Does a rule apply to a ticket? And if not, what was lacking?"""

from __future__ import annotations

from dataclasses import dataclass

from support_policy.core.facts import Fact, Facts
from support_policy.core.policy import Conditions
from support_policy.core.ticket import Channel, Standing

WORDS_KEPT = 3
"""How often one fact is kept as a reason: saying it again convinces, but only so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a rule may look at: the words, and what is known beside them."""

    facts: Facts
    channel: Channel = Channel.OTHER
    department: str | None = None
    standing: Standing = Standing.UNKNOWN
    business_hours: bool = False
    logged_in: bool | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How a rule's conditions fared.

    ``words`` are those that speak for the rule; ``lacking`` names what did not hold; ``against``
    are words that a ``none`` condition forbids.
    """

    words: tuple[Fact, ...]
    stated: tuple[str, ...]
    lacking: tuple[str, ...]
    against: tuple[Fact, ...]

    def __bool__(self) -> bool:
        return not self.lacking and not self.against

    @property
    def in_part(self) -> bool:
        """Some of the customer's words speak for the rule, but it does not apply."""
        return bool(self.words) and not self


def match(when: Conditions, case: Case) -> Match:
    """Hold every condition of a rule against a case."""
    facts = case.facts
    present = facts.names
    all_of = [name for name in when.all_of if name in present]
    any_of = [name for name in when.any_of if name in present]
    lacking = [name for name in when.all_of if name not in present]
    if when.any_of and not any_of:
        lacking.append("|".join(when.any_of))
    stated, unmet = _circumstances(when, case)
    return Match(
        words=_words(facts, [*all_of, *any_of]),
        stated=stated,
        lacking=(*lacking, *unmet),
        against=_words(facts, [name for name in when.none_of if name in present]),
    )


def _circumstances(when: Conditions, case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The conditions beside the words: those that hold, and those that do not."""
    asked: tuple[tuple[str, bool, str | None, bool], ...] = (
        ("category", bool(when.category), case.category, case.category in when.category),
        (
            "category",
            bool(when.category_not),
            case.category,
            case.category not in when.category_not,
        ),
        ("channel", bool(when.channel), case.channel, case.channel in when.channel),
        ("department", bool(when.department), case.department, case.department in when.department),
        (
            "language",
            bool(when.language),
            case.facts.language,
            case.facts.language in when.language,
        ),
        ("standing", bool(when.standing), case.standing, case.standing in when.standing),
        (
            "business_hours",
            when.business_hours is not None,
            str(case.business_hours).lower(),
            case.business_hours is when.business_hours,
        ),
        (
            "logged_in",
            when.logged_in is not None,
            str(case.logged_in).lower(),
            case.logged_in is when.logged_in,
        ),
    )
    given = [(f"{name}={value}", holds) for name, wanted, value, holds in asked if wanted]
    return (
        tuple(text for text, holds in given if holds),
        tuple(text for text, holds in given if not holds),
    )


def _words(facts: Facts, names: list[str]) -> tuple[Fact, ...]:
    return tuple(fact for name in dict.fromkeys(names) for fact in facts.named(name)[:WORDS_KEPT])
