"""What staff do once there is permission: work, stop, finish, bill, waive. Each becomes events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from support_policy.core.permission.acts import Actor
from support_policy.core.permission.event import Event, Kind, Plain
from support_policy.core.permission.fee import money
from support_policy.core.permission.job import LIVE, Job, Phase, Request
from support_policy.errors import ConsentError


def confirm(job: Job, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """The work makes sense with fewer blocks as well."""
    if job.phase(now) is not Phase.TO_CONFIRM:
        raise ConsentError("closed")
    return (_about(job.accepted[-1], Kind.CONFIRMED, now, {}, by),)


def start(job: Job, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """Begin a sitting: only with permission, and only below its cap."""
    phase = job.phase(now)
    refused = {Phase.TO_CONFIRM: "unconfirmed", Phase.CAPPED: "capped"}
    if phase not in {Phase.ACCEPTED, Phase.WORKING}:
        raise ConsentError(refused.get(phase, "closed"))
    if any(_same(each.agent, by.name) for each in job.running):
        raise ConsentError("running")
    return (_about(_current(job, now), Kind.STARTED, now, {"session": len(job.sessions)}, by),)


def stop(job: Job, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """End this agent's sitting."""
    events = tuple(_stops(job, now, by))
    if not events:
        raise ConsentError("resting")
    return events


def complete(job: Job, by: Actor, *, now: datetime) -> tuple[Event, ...]:
    """End the work: what each permission comes to is worked out, and never above it.

    The blocks that were begun are spread over the permissions in the order they were given, so
    that each charge has the one permission it rests on.
    """
    if job.phase(now) not in LIVE:
        raise ConsentError("closed")
    stopped = tuple(_stops(job, now))
    voided = [
        _about(each, Kind.VOIDED, now, {"why": "finished"}, by)
        for each in job.requests
        if each.is_open
    ]
    used = job.used(now)
    blocks, seconds = job.rate.blocks(used), _seconds(used)
    charges = []
    for request in job.accepted:
        mine = min(blocks, request.accepted_blocks)
        blocks -= mine
        facts: dict[str, Plain] = {
            "blocks": mine,
            "amount": money(request.rate.price(mine)),
            "currency": request.rate.currency,
            "seconds": seconds,
        }
        charges.append(_about(request, Kind.COMPLETED, now, facts, by))
    return (*stopped, *voided, *charges)


def bill(
    job: Job, request: Request, by: Actor, reference: str, *, now: datetime
) -> tuple[Event, ...]:
    """Say that a charge stands on a bill; each permission is billed once at most."""
    if not job.completed:
        raise ConsentError("unfinished")
    if not request.charged_blocks:
        raise ConsentError("nothing_charged")
    for reason, holds in (
        ("waived", request.waived),
        ("disputed", job.disputed),
        ("billed", request.billed),
    ):
        if holds:
            raise ConsentError(reason)
    facts: dict[str, Plain] = {
        "blocks": request.charged_blocks,
        "amount": money(request.rate.price(request.charged_blocks)),
        "currency": request.rate.currency,
        "reference": reference,
    }
    return (_about(request, Kind.BILLED, now, facts, by),)


def waive(job: Job, by: Actor, reason: str, *, now: datetime) -> tuple[Event, ...]:
    """Charge nothing after all, whether the work is done or still going on."""
    if not reason.strip():
        raise ConsentError("incomplete")
    if any(each.waived for each in job.requests):
        raise ConsentError("waived")
    ended = () if job.completed else complete(job, by, now=now)
    facts: dict[str, Plain] = {}
    waived = [
        _worded(_about(each, Kind.WAIVED, now, facts, by), why=reason) for each in job.accepted
    ]
    return (*ended, *waived)


def dispute(job: Job, by: Actor, reason: str, *, now: datetime) -> tuple[Event, ...]:
    """The customer contests the fee: a lead decides, and nothing is billed meanwhile."""
    if not job.completed or job.disputed:
        raise ConsentError("closed")
    event = _about(job.accepted[-1], Kind.DISPUTED, now, {}, by)
    return (_worded(event, why=reason),)


def settle(job: Job, by: Actor, reason: str, *, now: datetime) -> tuple[Event, ...]:
    """Decide that a contested fee stands; that it does not is for ``waive``."""
    if not job.disputed or any(each.waived for each in job.requests):
        raise ConsentError("closed")
    if not reason.strip():
        raise ConsentError("incomplete")
    event = _about(job.accepted[-1], Kind.SETTLED, now, {}, by)
    return (_worded(event, why=reason),)


def _stops(job: Job, now: datetime, by: Actor | None = None) -> Iterator[Event]:
    for number, session in enumerate(job.sessions):
        if session.stopped_at is None and (by is None or _same(by.name, session.agent)):
            facts: dict[str, Plain] = {
                "session": number,
                "seconds": _seconds(session.lasted(now)),
            }
            yield _about(_current(job, now), Kind.STOPPED, now, facts, by)


def _same(one: str, other: str) -> bool:
    """Whether two names are one agent's: time must not run on for a capital letter."""
    return one.casefold().split() == other.casefold().split()


def _seconds(time: timedelta) -> int:
    """Whole seconds, those begun counted, as blocks are."""
    return -(-time // timedelta(seconds=1))


def _current(job: Job, now: datetime) -> Request:
    """The permission whose blocks are being used."""
    left = job.rate.blocks(job.used(now))
    for request in job.accepted:
        if left < request.accepted_blocks or request is job.accepted[-1]:
            return request
        left -= request.accepted_blocks
    raise ConsentError("closed")


def _worded(event: Event, **personal: str) -> Event:
    return replace(event, personal={**event.personal, **personal})


def _about(
    request: Request, kind: Kind, at: datetime, facts: Mapping[str, Plain], by: Actor | None
) -> Event:
    who = {"agent": by.name} if by and by.name else {}
    return Event(
        kind=kind,
        at=at,
        ticket=request.ticket,
        request=request.id,
        facts={**facts, **(by.facts if by else {})},
        personal=who,
    )
