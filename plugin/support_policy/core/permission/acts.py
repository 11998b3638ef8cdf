"""What a customer may do about a request, and what time does: each act becomes events, or fails.

An act takes the job as it stands and gives the events that follow, for one transaction. Whatever
does not go as things stand raises ConsentError; nothing here ever bends a rule to be helpful.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from support_policy.core.permission.event import Event, Kind, Plain
from support_policy.core.permission.fee import Rate, money
from support_policy.core.permission.job import LIVE, Job, Request, State
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError

MOST_EXTENSIONS = 10
"""As many times as the guidelines ask that a time limit can be put off (WCAG 2.2.1)."""

MOST_QUESTIONS = 10
"""To one request; more of them are a flood, and a person has long been told."""

LEAST_EXTENSION = timedelta(hours=1)
"""Less than that is no more time."""

Channel = Literal["page", "mail", "staff", "service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did something, by which way, and how we know it.

    ``proof`` is ``link`` (held the request's secret link), ``code`` (wrote its one-time code),
    ``dmarc`` (the desk vouches for the mail), or ``work_link`` and ``shell`` for staff.
    """

    channel: Channel
    proof: str
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    message: str = ""
    brief: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def facts(self) -> dict[str, Plain]:
        """What the record says openly."""
        told = {"channel": self.channel, "proof": self.proof, "message": self.message}
        return {name: value for name, value in told.items() if value}

    @property
    def personal(self) -> dict[str, str]:
        """What it says of the person."""
        told = {"name": self.name, "address": self.address}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request that is about to be made, with the texts as they will be shown."""

    ticket: TicketRef
    request: str
    reason: str
    blocks: int
    rate: Rate
    deadline: datetime
    language: str
    facts: Mapping[str, Plain]
    personal: Mapping[str, str] = field(repr=False)


def is_more(job: Job | None, now: datetime) -> bool:
    """Whether a request made now asks for more blocks of a work that goes on."""
    return job is not None and job.phase(now) in LIVE


def ask(job: Job | None, asking: Asking, *, now: datetime) -> tuple[Event, ...]:
    """Make the request; one that is open, and says something else, is void from then on."""
    earlier = job.open_request if job else None
    events: list[Event] = []
    if earlier:
        if _alike(earlier, asking):
            raise ConsentError("already_asked")
        events.append(_about(earlier, Kind.VOIDED, now, {"why": "replaced"}))
    facts: dict[str, Plain] = {
        "more": is_more(job, now),
        "reason": asking.reason,
        "blocks": asking.blocks,
        "rate": money(asking.rate.amount),
        "currency": asking.rate.currency,
        "block_minutes": asking.rate.block_minutes,
        "maximum": money(asking.rate.price(asking.blocks)),
        "deadline": asking.deadline.isoformat(),
        "language": asking.language,
        **asking.facts,
    }
    requested = Event(
        kind=Kind.REQUESTED,
        at=now,
        ticket=asking.ticket,
        request=asking.request,
        facts=facts,
        personal=asking.personal,
    )
    return (*events, requested)


def _alike(request: Request, asking: Asking) -> bool:
    same = (request.reason, request.blocks) == (asking.reason, asking.blocks)
    return same and request.personal.get("work") == asking.personal.get("work")


def accept(request: Request, blocks: int, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """All blocks or fewer; never more than were asked, never late, never twice."""
    _must_be_open(request, now)
    if not 1 <= blocks <= request.blocks:
        raise ConsentError("blocks")
    facts: dict[str, Plain] = {
        "blocks": blocks,
        "amount": money(request.rate.price(blocks)),
        "currency": request.rate.currency,
        **by.facts,
    }
    return (_about(request, Kind.ACCEPTED, now, facts, by),)


def decline(request: Request, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """Say no; nothing is charged, and nobody asks again by themselves."""
    _must_be_open(request, now)
    return (_about(request, Kind.DECLINED, now, by.facts, by),)


def question(request: Request, by: Actor, text: str, *, now: datetime) -> tuple[Event, ...]:
    """Have a person answer first; the request stays as it is."""
    event = _about(request, Kind.QUESTIONED, now, by.facts, by)
    return (replace(event, personal={**event.personal, "question": text}),)


def extend(request: Request, by: Actor, hours: int, *, now: datetime) -> tuple[Event, ...]:
    """Give the customer as much time again, counted from now."""
    _must_be_open(request, now)
    deadline = max(request.deadline, now + timedelta(hours=hours))
    if deadline - request.deadline < LEAST_EXTENSION:
        return ()  # pressed again and again: it must not use up what may be needed later
    if request.extensions >= MOST_EXTENSIONS:
        raise ConsentError("too_often")
    facts = {"deadline": deadline.isoformat(), **by.facts}
    return (_about(request, Kind.EXTENDED, now, facts, by),)


def void(request: Request, by: Actor, why: str, *, now: datetime) -> tuple[Event, ...]:
    """Take an open request back: nobody can accept it any more."""
    if not request.is_open:
        raise ConsentError("answered")
    return (_about(request, Kind.VOIDED, now, {"why": why, **by.facts}, by),)


def withdraw(job: Job, request: Request, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """Take a permission back: before any of its blocks is begun, all of it."""
    if request not in job.accepted or job.phase(now) not in LIVE:
        raise ConsentError("closed")
    if job.begun(request, now):
        raise ConsentError("started")
    return (_about(request, Kind.WITHDRAWN, now, by.facts, by),)


def posted(request: Request, message: str, *, now: datetime) -> tuple[Event, ...]:
    """A message of ours is on the ticket."""
    if message in request.posted:
        return ()
    return (_about(request, Kind.POSTED, now, {"message": message}),)


def passed(job: Job, *, now: datetime, warn: timedelta) -> tuple[Event, ...]:
    """What time has brought: a reminder at half of it, the end of it, a warning, the cap."""
    events: list[Event] = []
    if (request := job.open_request) is not None:
        if now >= request.deadline:
            facts: dict[str, Plain] = {"deadline": request.deadline.isoformat()}
            events.append(_about(request, Kind.EXPIRED, now, facts))
        elif now >= request.remind_at and not request.reminded:
            events.append(_about(request, Kind.REMINDED, now, {}))
    if job.running and not job.capped:
        at = job.reaches(timedelta(0), now)
        seconds = int(job.cap.total_seconds())
        if at is not None and at <= now:
            events.append(_about(job.accepted[-1], Kind.CAPPED, at, {"seconds": seconds}))
        elif job.left(now) <= warn and not job.warned:
            left: dict[str, Plain] = {"seconds_left": int(job.left(now).total_seconds())}
            events.append(_about(job.accepted[-1], Kind.WARNED, now, left))
    return tuple(events)


def next_at(job: Job, *, now: datetime, warn: timedelta) -> datetime | None:
    """When ``passed`` will have something to say; None while only people can."""
    return min(_instants(job, now, warn), default=None)


def _instants(job: Job, now: datetime, warn: timedelta) -> Iterable[datetime]:
    if (request := job.open_request) is not None:
        yield request.deadline if request.reminded else min(request.remind_at, request.deadline)
    if job.running and not job.capped:
        for left in (timedelta(0), *(() if job.warned else (warn,))):
            if (at := job.reaches(left, now)) is not None:
                yield at


def _must_be_open(request: Request, now: datetime) -> None:
    if not request.is_open:
        reasons = {State.EXPIRED: "expired", State.VOIDED: "closed"}
        raise ConsentError(reasons.get(request.state, "answered"))
    if now >= request.deadline:
        raise ConsentError("expired")


def _about(
    request: Request,
    kind: Kind,
    at: datetime,
    facts: Mapping[str, Plain],
    by: Actor | None = None,
) -> Event:
    return Event(
        kind=kind,
        at=at,
        ticket=request.ticket,
        request=request.id,
        facts=facts,
        personal=by.personal if by else {},
        brief=by.brief if by else {},
    )
