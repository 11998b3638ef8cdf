"""The jobs of a ticket, told anew from its events whenever somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.fee import Rate
from support_policy.core.permission.job import Job, Request, Session, State

_STATES = {
    Kind.REQUESTED: State.REQUESTED,
    Kind.ACCEPTED: State.ACCEPTED,
    Kind.DECLINED: State.DECLINED,
    Kind.EXPIRED: State.EXPIRED,
    Kind.VOIDED: State.VOIDED,
    Kind.WITHDRAWN: State.WITHDRAWN,
}


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
        case Kind.DISPUTED | Kind.SETTLED:
            return replace(job, disputed=event.kind is Kind.DISPUTED)
        case Kind.COMPLETED:
            job = replace(job, completed=True, sessions=_stopped(job.sessions, at))
        case Kind.ACCEPTED:
            job = _permitted(job, event)
    return _with(job, event)


def _permitted(job: Job, event: Event) -> Job:
    """Permission for more makes room again; only the first one can be partial."""
    whole = event.number("blocks") >= _of(job, event.request).blocks
    first = not job.accepted
    above = timedelta(0) if first else job.worked(event.at) - job.cap
    return replace(
        job,
        confirmed=whole if first else job.confirmed,
        capped=False,
        warned=False,
        unpaid=max(job.unpaid, above),
    )


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
