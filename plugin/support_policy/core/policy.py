"""A support policy as data: clauses, readings, targets and rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from support_policy.core.schedule import Schedule
from support_policy.core.target import Target
from support_policy.core.ticket import Channel, Priority, Standing

OPEN_HOURS = 72
"""Hours that a request for permission waits for its answer, unless the policy says otherwise."""

MOST_BLOCKS = 8
"""Blocks that one request may ask for, unless the policy says otherwise."""


class Stage(StrEnum):
    """The three stages of a decision, in the order a person reads them."""

    ELIGIBILITY = "eligibility"
    CLASSIFICATION = "classification"
    ADJUSTMENTS = "adjustments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause of the written policy, in our own words, in both languages."""

    id: str
    title: tuple[tuple[str, str], ...]
    left_to_people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A ruling where the policy is silent or contradicts itself.

    ``rules`` are the rules and settings that carry the ruling out. A reading that nobody of the
    company confirmed warns in ``check``; ``ruled_by`` and ``ruled_on`` say who ruled and when.
    """

    id: str
    clauses: tuple[str, ...]
    question: tuple[tuple[str, str], ...]
    answer: tuple[tuple[str, str], ...]
    ruled_by: str
    ruled_on: date
    confirmed: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """When a rule applies: every condition that is given must hold.

    The set is closed, so that each can be said in a sentence. ``all_of``, ``any_of`` and
    ``none_of`` name facts; the others list acceptable values, and an empty one asks for nothing.
    """

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    category_not: tuple[str, ...] = ()
    channel: tuple[Channel, ...] = ()
    department: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    standing: tuple[Standing, ...] = ()
    business_hours: bool | None = None
    logged_in: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: when its conditions hold, what follows.

    ``category`` is set by classification rules. ``hold`` keeps priority and expected time unset.
    ``no_target`` drops the expected time only. ``clocks`` name targets that also run.
    ``business_clock`` names a second clock that runs the class's own target in business hours.
    """

    name: str
    stage: Stage
    clause: str
    when: Conditions = field(default_factory=Conditions)
    category: str | None = None
    tags: tuple[str, ...] = ()
    hold: bool = False
    no_target: bool = False
    clocks: tuple[str, ...] = ()
    business_clock: str | None = None

    @property
    def address(self) -> str:
        """Where a person finds this rule: its stage and name."""
        return f"{self.stage}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTarget:
    """The expected first response of one class, and the desk priority that goes with it.

    ``department`` is where tickets of this class belong; None leaves them where they are.
    """

    name: str
    clause: str
    target: Target
    title: tuple[tuple[str, str], ...]
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """The price of advanced support: ``amount`` for each started block of ``block_minutes``.

    A request for permission waits ``open_hours`` for its answer, and asks for ``most_blocks`` at
    most.
    """

    clause: str
    amount: Decimal
    currency: str
    block_minutes: int
    open_hours: int = OPEN_HOURS
    most_blocks: int = MOST_BLOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A company's support policy, one version of it.

    Tickets received before ``effective_from``, which is aware, are not its business.
    ``inherent`` are clauses that the form of the data carries out, not a rule of it.
    """

    id: str
    version: str
    title: tuple[tuple[str, str], ...]
    effective_from: datetime
    schedule: Schedule
    clauses: tuple[Clause, ...]
    readings: tuple[Reading, ...]
    targets: tuple[PolicyTarget, ...]
    eligibility: tuple[Rule, ...]
    classification: tuple[Rule, ...]
    adjustments: tuple[Rule, ...]
    fee: Fee | None = None
    inherent: tuple[str, ...] = ()
    fact_titles: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of the stages."""
        return self.eligibility + self.classification + self.adjustments

    def target_of(self, category: str) -> PolicyTarget:
        """The target of a category: its part before the dot names it."""
        wanted = category.partition(".")[0]
        return next(target for target in self.targets if target.name == wanted)

    def target(self, name: str) -> PolicyTarget:
        """The target of this name; LookupError if the policy has none."""
        for target in self.targets:
            if target.name == name:
                return target
        raise LookupError(f"the policy has no target {name!r}")
