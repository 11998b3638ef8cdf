"""Where a piece of paid work stands: told anew from its events whenever somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from support_policy.core.permission.event import Event, Kind
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

_STATES = {
    Kind.REQUESTED: State.REQUESTED,
    Kind.ACCEPTED: State.ACCEPTED,
    Kind.DECLINED: State.DECLINED,
    Kind.EXPIRED: State.EXPIRED,
    Kind.VOIDED: State.VOIDED,
    Kind.WITHDRAWN: State.WITHDRAWN,
}


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

    agent: str
    started_at: datetime
    stopped_at: datetime | None = None

    def lasted(self, now: datetime, *, since: datetime | None = None) -> timedelta:
        """How long, or how much of it since then; a clock that went back takes nothing away."""
        began = max(self.started_at, since) if since else self.started_at
        return max(timedelta(0), (self.stopped_at or now) - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The requests that belong to one piece of work, and the work itself.

    ``counted`` is the time that was used up when the last permission came, at ``counted_at``: what
    was worked above the cap before that is never paid for by what was permitted later.
    """

    requests: tuple[Request, ...]
    sessions: tuple[Session, ...] = ()
    counted: timedelta = timedelta(0)
    counted_at: datetime | None = None
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
        since = self.counted_at
        worked = sum((each.lasted(now, since=since) for each in self.sessions), self.counted)
        return min(worked, self.cap)

    def left(self, now: datetime) -> timedelta:
        """The permitted time that is not used."""
        return self.cap - self.used(now)

    def begun(self, request: Request, now: datetime) -> bool:
        """Whether blocks of this permission are begun: blocks are used in the order they came."""
        before = 0
        for each in self.accepted:
            if each.id == request.id:
                break
            before += each.accepted_blocks
        return bool(self.running) or self.rate.blocks(self.used(now)) > before

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
        yield Phase.DISPUTED, self.disputed
        yield Phase.WAIVED, any(each.waived for each in self.requests)
        yield Phase.BILLED, self.completed and bool(kept) and all(each.billed for each in kept)
        yield Phase.COMPLETED, self.completed
        if not self.accepted:
            yield Phase.REQUESTED, self.latest.is_open
            yield Phase(self.latest.state.value), not self.latest.is_open


def jobs(events: Iterable[Event]) -> tuple[Job, ...]:
    """The jobs of one ticket, the oldest first; at most the last one is still going on."""
    found: list[Job] = []
    for event in events:
        if event.kind is Kind.REQUESTED:
            if event.facts.get("more") and found:
                found[-1] = _more(found[-1], event)
            else:
                found.append(Job(requests=(_request(event),)))
        else:
            for number, job in enumerate(found):
                if any(each.id == event.request for each in job.requests):
                    found[number] = _after(job, event)
    return tuple(found)


def _request(event: Event) -> Request:
    return Request(
        id=event.request,
        ticket=event.ticket,
        more=bool(event.facts.get("more")),
        reason=event.text("reason"),
        blocks=event.number("blocks"),
        rate=Rate(
            amount=Decimal(event.text("rate")),
            currency=event.text("currency"),
            block_minutes=event.number("block_minutes"),
        ),
        asked_at=event.at,
        deadline=datetime.fromisoformat(event.text("deadline")),
        language=event.text("language"),
        version=event.text("policy_version"),
        personal=event.personal,
    )


def _more(job: Job, event: Event) -> Job:
    return replace(job, requests=(*job.requests, _request(event)))


def _after(job: Job, event: Event) -> Job:
    """The job after an event; each kind says which parts of it change."""
    at = event.at
    match event.kind:
        case Kind.STARTED:
            session = Session(agent=event.personal.get("agent", ""), started_at=at)
            return replace(job, sessions=(*job.sessions, session))
        case Kind.STOPPED:
            number = event.number("session")
            return replace(job, sessions=_stopped(job.sessions, at, only=number))
        case Kind.CONFIRMED:
            return replace(job, confirmed=True)
        case Kind.WARNED:
            return replace(job, warned=True)
        case Kind.CAPPED:
            return replace(job, capped=True, sessions=_stopped(job.sessions, at))
        case Kind.DISPUTED:
            return replace(job, disputed=True)
        case Kind.COMPLETED:
            job = replace(job, completed=True, sessions=_stopped(job.sessions, at))
        case Kind.ACCEPTED:
            # Permission for more makes room again; only the first one can be partial.
            whole = event.number("blocks") >= _of(job, event.request).blocks
            first = not job.accepted
            confirmed = whole if first else job.confirmed
            job = replace(
                job,
                confirmed=confirmed,
                capped=False,
                warned=False,
                counted=job.used(at),
                counted_at=at,
            )
        case Kind.WITHDRAWN:
            job = replace(job, sessions=_stopped(job.sessions, at))
    return _with(job, event)


def _of(job: Job, identifier: str) -> Request:
    return next((each for each in job.requests if each.id == identifier), job.latest)


def _with(job: Job, event: Event) -> Job:
    changed = tuple(
        _changed(each, event) if each.id == event.request else each for each in job.requests
    )
    return replace(job, requests=changed)


def _changed(request: Request, event: Event) -> Request:
    """A request after an event about it."""
    match event.kind:
        case Kind.ACCEPTED | Kind.DECLINED:
            return replace(
                request,
                state=_STATES[event.kind],
                accepted_blocks=event.number("blocks"),
                answered_at=event.at,
                answered_by=event.personal,
                question=False,
            )
        case Kind.EXPIRED | Kind.VOIDED | Kind.WITHDRAWN:
            return replace(request, state=_STATES[event.kind], question=False)
        case Kind.EXTENDED:
            deadline = datetime.fromisoformat(event.text("deadline"))
            return replace(request, deadline=deadline, extensions=request.extensions + 1)
        case Kind.QUESTIONED:
            return replace(request, question=True)
        case Kind.REMINDED:
            return replace(request, reminded=True)
        case Kind.COMPLETED:
            return replace(request, charged_blocks=event.number("blocks"))
        case Kind.BILLED:
            return replace(request, billed=True)
        case Kind.WAIVED:
            return replace(request, waived=True)
        case Kind.POSTED:
            return replace(request, posted=request.posted | {event.text("message")})
    return request


def _stopped(
    sessions: Sequence[Session], at: datetime, *, only: int | None = None
) -> tuple[Session, ...]:
    """The sittings, those that run (or the one of this number) stopped at an instant."""
    return tuple(
        replace(each, stopped_at=at) if each.stopped_at is None and only in (None, number) else each
        for number, each in enumerate(sessions)
    )
