"""What the policy says about one ticket, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from support_policy.core.facts import Fact, Language
from support_policy.core.policy import Stage
from support_policy.core.target import Kind
from support_policy.core.ticket import Priority, TicketRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """A rule that took effect: its address, its clause, and the customer's words it rests on.

    ``conditions`` name what else held (``standing=unregistered``, ``channel=phone``).
    """

    rule: str
    stage: Stage
    clause: str
    category: str | None = None
    words: tuple[Fact, ...] = ()
    conditions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A rule for a higher class that did not apply: agents ask "why not High?".

    It matched in part, or it is the likeliest rule of the highest class.

    ``lacking`` names what was not found; ``against`` the words that spoke against it.
    """

    rule: str
    clause: str
    category: str
    words: tuple[Fact, ...] = ()
    lacking: tuple[str, ...] = ()
    against: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRun:
    """One expected time that is running: the target's name and the instant it is reached."""

    target: str
    clause: str
    kind: Kind
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The policy applied to one ticket at one moment.

    A held ticket has no priority and no clock, and stays in its department. ``due_at`` is the
    earliest expected time still owed, in the company's zone; None when nothing is owed.
    """

    ticket: TicketRef
    policy: str
    version: str
    decided_at: datetime
    received_at: datetime
    category: str
    language: Language
    held: bool
    priority: Priority | None
    clocks: tuple[ClockRun, ...]
    tags: tuple[str, ...]
    because: tuple[Because, ...]
    missed: tuple[Missed, ...]
    department: str | None = None

    @property
    def due_at(self) -> datetime | None:
        """The earliest expected time."""
        return self._next.due_at if self._next else None

    @property
    def due_target(self) -> str | None:
        """The name of the target that the earliest expected time comes from."""
        return self._next.target if self._next else None

    @property
    def _next(self) -> ClockRun | None:
        return min(self.clocks, key=attrgetter("due_at"), default=None)

    @property
    def target(self) -> str:
        """The name of the class's target: the category's part before the dot."""
        return self.category.partition(".")[0]
