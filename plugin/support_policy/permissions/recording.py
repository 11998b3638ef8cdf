"""New events, with what the store must know besides: their links, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from support_policy.core.permission import acts
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import LIVE, Job, Request
from support_policy.core.permission.record import Appending
from support_policy.permissions.links import Links, token_hash

WARNING = timedelta(minutes=10)
"""Before the cap, staff are warned."""


def appending(
    history: tuple[Event, ...],
    events: tuple[Event, ...],
    *,
    links: Links,
    now: datetime,
    judged: tuple[str, ...] = (),
    silent: bool = False,
) -> Appending:
    """New events with what the store must know of them besides."""
    found = jobs(history)
    job = found[-1] if found else None
    made: list[tuple[str, str, str]] = []
    for event in events:
        if event.kind is Kind.REQUESTED:
            made.append(
                ("customer", token_hash(links.customer_token(event.request)), event.request)
            )
            if not event.facts.get("more"):
                made.append(("staff", token_hash(links.work_token(event.request)), event.request))
    return Appending(
        events=events,
        links=tuple(made),
        judged=judged,
        next_at=acts.next_at(job, now=now, warn=WARNING) if job else None,
        open=job is not None and _goes_on(job, now),
        silent=silent,
    )


def _goes_on(job: Job, now: datetime) -> bool:
    """Whether a request waits, or a piece of work has not come to its end."""
    return job.open_request is not None or job.phase(now) in LIVE


def entitled_by(history: Iterable[Event], request: Request) -> str:
    """How it was known, when the request was made, that its addressee may permit."""
    return next(
        (
            event.text("entitled")
            for event in history
            if event.kind is Kind.REQUESTED and event.request == request.id
        ),
        "",
    )


def questions(history: Iterable[Event], request: Request) -> list[Event]:
    """What was put on record as a question about a request, by whichever way it came."""
    return [
        event for event in history if event.kind is Kind.QUESTIONED and event.request == request.id
    ]


def passed(history: tuple[Event, ...], identifier: str, *, now: datetime) -> tuple[Event, ...]:
    """What time has brought to the work of a request since anybody looked.

    That the time to answer is over is not among it: a mail that was written in time may still be
    unread, and who acts now is refused by the clock.
    """
    for job in jobs(history):
        if any(each.id == identifier for each in job.requests):
            came = acts.passed(job, now=now, warn=WARNING)
            return tuple(event for event in came if event.kind in {Kind.WARNED, Kind.CAPPED})
    return ()
