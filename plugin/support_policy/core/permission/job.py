"""A piece of paid work: its requests, its sittings, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from support_policy.core.permission.fee import Rate
from support_policy.core.ticket import TicketRef


class State(StrEnum):
    """Where one request stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"


class Phase(StrEnum):
    """Where a piece of work stands."""

    REQUESTED = "requested"
    TO_CONFIRM = "to_confirm"  # fewer blocks than asked: does the work still make sense?
    ACCEPTED = "accepted"
    WORKING = "working"
    CAPPED = "capped"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    BILLED = "billed"
    WAIVED = "waived"
    DISPUTED = "disputed"


LIVE = frozenset({Phase.TO_CONFIRM, Phase.ACCEPTED, Phase.WORKING, Phase.CAPPED})
"""Permission was given and the work has not come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request and what became of it.

    ``personal`` is that of the event that asked (work, asked_by, addressee, subject …), empty
    again once it was erased. ``answered_by`` is that of the one that answered.
    """

    id: str
    ticket: TicketRef
    more: bool
    reason: str
    blocks: int
    rate: Rate
    asked_at: datetime
    deadline: datetime
    language: str
    version: str
    state: State = State.REQUESTED
    accepted_blocks: int = 0
    answered_at: datetime | None = None
    extensions: int = 0
    question: bool = False
    reminded: bool = False
    charged_blocks: int | None = None
    billed: bool = False
    waived: bool = False
    posted: frozenset[str] = frozenset()
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)
    answered_by: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def maximum(self) -> Decimal:
        """The most that this request could come to, taxes apart."""
        return self.rate.price(self.blocks)

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.state is State.REQUESTED

    @property
    def remind_at(self) -> datetime:
        """When half of its time is over."""
        return self.asked_at + (self.deadline - self.asked_at) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sitting of one agent; ``stopped_at`` is None while it runs."""

    agent: str = field(repr=False)
    started_at: datetime
    stopped_at: datetime | None = None

    def lasted(self, now: datetime) -> timedelta:
        """How long; a clock that went back takes nothing away."""
        return max(timedelta(0), (self.stopped_at or now) - self.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The requests that belong to one piece of work, and the work itself.

    ``unpaid`` is what was worked above the cap before more was permitted: later permission never
    pays for it.
    """

    requests: tuple[Request, ...]
    sessions: tuple[Session, ...] = ()
    unpaid: timedelta = timedelta(0)
    confirmed: bool = False
    capped: bool = False
    warned: bool = False
    completed: bool = False
    disputed: bool = False

    @property
    def id(self) -> str:
        """The first request names the job."""
        return self.requests[0].id

    @property
    def latest(self) -> Request:
        """The last request that was made."""
        return self.requests[-1]

    @property
    def open_request(self) -> Request | None:
        """The one request that waits for its answer."""
        return next((each for each in self.requests if each.is_open), None)

    @property
    def accepted(self) -> tuple[Request, ...]:
        """The requests that stand as permissions."""
        return tuple(each for each in self.requests if each.state is State.ACCEPTED)

    @property
    def rate(self) -> Rate:
        """The rate of the first permission, which all later requests of the job keep."""
        return self.requests[0].rate

    @property
    def permitted_blocks(self) -> int:
        """The caps of all permissions, added up."""
        return sum(each.accepted_blocks for each in self.accepted)

    @property
    def cap(self) -> timedelta:
        """The most time that may be worked."""
        return self.rate.block * self.permitted_blocks

    @property
    def running(self) -> tuple[Session, ...]:
        """The sittings that go on."""
        return tuple(each for each in self.sessions if each.stopped_at is None)

    def used(self, now: datetime) -> timedelta:
        """The time that counts: of all agents together, and never above the cap."""
        return min(max(self.worked(now) - self.unpaid, timedelta(0)), self.cap)

    def worked(self, now: datetime) -> timedelta:
        """The time of all sittings together, whether it was permitted or not."""
        return sum((each.lasted(now) for each in self.sessions), timedelta(0))

    def left(self, now: datetime) -> timedelta:
        """The permitted time that is not used."""
        return self.cap - self.used(now)

    def begun(self, request: Request, now: datetime) -> bool:
        """Whether blocks of this permission are begun: blocks are used in the order they came."""
        before = timedelta(0)
        for each in self.accepted:
            if each.id == request.id:
                break
            before += self.rate.block * each.accepted_blocks
        used = self.used(now)
        return used > before or (bool(self.running) and used == before)

    def reaches(self, left: timedelta, now: datetime) -> datetime | None:
        """When only ``left`` will be left, if the work goes on as it does; None when it rests."""
        if not self.running:
            return None
        return now + (self.left(now) - left) / len(self.running)

    def phase(self, now: datetime) -> Phase:
        """Where the work stands."""
        for phase, holds in self._ends():
            if holds:
                return phase
        if not self.confirmed:
            return Phase.TO_CONFIRM
        if self.capped or not self.left(now):
            return Phase.CAPPED
        return Phase.WORKING if self.running else Phase.ACCEPTED

    def _ends(self) -> Iterable[tuple[Phase, bool]]:
        kept = [each for each in self.requests if each.charged_blocks]
        yield Phase.WAIVED, any(each.waived for each in self.requests)
        yield Phase.DISPUTED, self.disputed
        yield Phase.BILLED, self.completed and bool(kept) and all(each.billed for each in kept)
        yield Phase.COMPLETED, self.completed
        if not self.accepted:
            yield Phase.REQUESTED, self.latest.is_open
            yield Phase.WITHDRAWN, any(each.state is State.WITHDRAWN for each in self.requests)
            yield Phase(self.latest.state.value), True
