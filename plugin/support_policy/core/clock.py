"""What is owed on one ticket and until when: its segments, and the events that change them.

Every event is a function from a clock to the next one; nothing here knows the time. A change of
calendar or policy moves no due time before ``recomputed`` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from support_policy.core.schedule import Schedule, tzdata_version
from support_policy.core.segment import (
    PAUSING,
    Pause,
    PauseReason,
    Response,
    Segment,
    later,
    opened,
    reckoned,
    retargeted,
    time_left,
    whole,
)
from support_policy.core.target import Kind, LateReceipt, Target, due, warn_at

__all__ = [
    "Alert",
    "Change",
    "Clock",
    "Kind",
    "LateReceipt",
    "Pause",
    "PauseReason",
    "Response",
    "Segment",
    "Target",
    "alerts",
    "closed",
    "customer_wrote",
    "due",
    "not_covered",
    "paused",
    "priority_changed",
    "received",
    "recomputed",
    "resumed",
    "staff_replied",
    "time_left",
    "transferred",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One due time set or moved: from ``old`` to ``new``, by which rule, on which calendar."""

    at: datetime
    response: Response
    level: str
    old: datetime | None
    new: datetime | None
    rule: str
    calendar: str
    tzdata: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """All that is timed on one ticket, and the record of every due time.

    ``level`` has the ticket now and ``target`` applies to its next responses. ``not_covered`` says
    why the support policy does not cover the ticket; then there may be no target.
    """

    level: str
    target: Target | None
    segments: tuple[Segment, ...] = ()
    record: tuple[Change, ...] = ()
    not_covered: str = ""

    @property
    def owed(self) -> tuple[Segment, ...]:
        """The responses still to come.

        A level owes its answer while it has the ticket; every other response is owed wherever the
        ticket is, so that moving it never lengthens an unanswered one.
        """
        return tuple(
            segment
            for segment in self.segments
            if segment.running
            and (segment.response is not Response.LEVEL_RESPONSE or segment.level == self.level)
        )

    @property
    def due(self) -> datetime | None:
        """The earliest due time still owed, to be shown; none when nothing is."""
        dues = (segment.due for segment in self.owed)
        return min((at for at in dues if at), key=datetime.timestamp, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A warning before a due time; fire it once, for equal alerts are the same alert."""

    response: Response
    level: str
    start: datetime
    percent: int
    due: datetime
    at: datetime


def received(
    target: Target,
    at: datetime,
    schedule: Schedule,
    *,
    level: str = "",
    french: bool = False,
    not_covered: str = "",
) -> Clock:
    """The clock of a new ticket.

    A ticket in French has a second clock for an answer in French, on business hours; the first is
    the same as in any language. Where French tickets are for business hours only, pass
    ``target.on_business_hours()`` instead. ``not_covered`` is for a ticket timed all the same.
    """
    clock = Clock(level=level, target=target, not_covered=not_covered)
    clock = _opened(clock, Response.FIRST_RESPONSE, target, at, schedule, "received")
    if french:
        target = target.on_business_hours()
        clock = _opened(clock, Response.FR_RESPONSE, target, at, schedule, "received")
    return clock


def not_covered(reason: str) -> Clock:
    """The clock of a ticket on which nothing is timed, with the reason."""
    return Clock(level="", target=None, not_covered=reason)


def staff_replied(
    clock: Clock,
    at: datetime,
    schedule: Schedule,
    *,
    public: bool = True,
    human: bool = True,
    language: str = "",
) -> Clock:
    """A reply: a public one by a human answers all that waited, the French clock only in French."""
    at = whole(at, "at")
    if not (public and human):
        return clock

    def answer(segment: Segment) -> Segment:
        wrong_language = segment.response is Response.FR_RESPONSE and language != "fr"
        if wrong_language or not segment.running or later(segment.start, at):
            return segment
        return replace(segment, answered=at)

    clock = resumed(clock, at, schedule)
    return replace(clock, segments=tuple(answer(segment) for segment in clock.segments))


def customer_wrote(clock: Clock, at: datetime, schedule: Schedule) -> Clock:
    """A customer's message, reopening or not: the oldest without an answer starts the clock.

    It also ends the wait for the customer.
    """
    clock = resumed(clock, at, schedule, reason=PauseReason.AWAITING_CUSTOMER)
    timed = (Response.FIRST_RESPONSE, Response.NEXT_RESPONSE)
    if clock.target is None or any(s.running and s.response in timed for s in clock.segments):
        return clock
    return _opened(clock, Response.NEXT_RESPONSE, clock.target, at, schedule, "customer_wrote")


def closed(clock: Clock, at: datetime, schedule: Schedule) -> Clock:
    """The ticket was closed: no next response is owed; a first one, never given, still is."""
    at = whole(at, "at")

    def end(segment: Segment) -> Segment:
        ends = segment.running and segment.response is Response.NEXT_RESPONSE
        return replace(segment, ended=at) if ends else segment

    clock = resumed(clock, at, schedule)
    return replace(clock, segments=tuple(end(segment) for segment in clock.segments))


def paused(
    clock: Clock,
    at: datetime,
    reason: PauseReason,
    schedule: Schedule,
    *,
    pausing: Collection[PauseReason] = PAUSING,
) -> Clock:
    """A wait began: the next response, never a first one, pauses if the reason is among these."""
    at = whole(at, "at")

    def pause(segment: Segment) -> Segment:
        if segment.response is not Response.NEXT_RESPONSE or segment.paused_at:
            return segment
        return replace(segment, pauses=(*segment.pauses, Pause(reason=reason, start=at)))

    return _revised(clock, at, schedule, reason, pause) if reason in pausing else clock


def resumed(
    clock: Clock, at: datetime, schedule: Schedule, *, reason: PauseReason | None = None
) -> Clock:
    """The wait ended, whatever its reason unless one is given: what was left runs on from here."""
    at = whole(at, "at")

    def resume(segment: Segment) -> Segment:
        last = segment.pauses[-1] if segment.paused_at else None
        if last is None or reason not in (None, last.reason):
            return segment
        pauses = (*segment.pauses[:-1], replace(last, end=at))
        return reckoned(replace(segment, pauses=pauses), at, schedule)

    return _revised(clock, at, schedule, "resumed", resume)


def priority_changed(
    clock: Clock,
    at: datetime,
    target: Target,
    schedule: Schedule,
    *,
    level: str | None = None,
    rule: str = "priority_changed",
) -> Clock:
    """A new target for what runs at a level, by default the present one: same start and pauses."""
    at = whole(at, "at")
    level = clock.level if level is None else level

    def retarget(segment: Segment) -> Segment:
        french = segment.response is Response.FR_RESPONSE
        new = target.on_business_hours() if french else target
        affected = segment.level == level and segment.target != new
        return retargeted(segment, at, new, schedule) if affected else segment

    clock = _revised(clock, at, schedule, rule, retarget)
    return replace(clock, target=target) if level == clock.level else clock


def transferred(
    clock: Clock,
    at: datetime,
    level: str,
    target: Target,
    schedule: Schedule,
    *,
    restart: bool = True,
) -> Clock:
    """The ticket moved to another level, which owes its own answer from here.

    Back at a level, that level's segment goes on with the due time it had: being elsewhere is no
    reason to pause. Without ``restart``, the new target counts from the old start instead.
    """
    at = whole(at, "at")
    if level == clock.level:
        return clock
    if not restart:
        kept = priority_changed(clock, at, target, schedule, rule="transferred")
        moved = (replace(s, level=level) if s.level == clock.level else s for s in kept.segments)
        return replace(kept, level=level, segments=tuple(moved))
    been_there = any(segment.level == level for segment in clock.segments)
    clock = replace(clock, level=level, target=target)
    if been_there:
        return clock
    return _opened(clock, Response.LEVEL_RESPONSE, target, at, schedule, "transferred")


def recomputed(clock: Clock, at: datetime, schedule: Schedule) -> Clock:
    """All due times by the calendar as it is now; the new entries of the record are the changes."""
    at = whole(at, "at")
    return _revised(clock, at, schedule, "recomputed", lambda s: reckoned(s, at, schedule))


def alerts(clock: Clock, schedule: Schedule, percents: Collection[int] = (75,)) -> list[Alert]:
    """The warnings ahead of all due times, the earliest first."""
    found = [
        Alert(
            response=segment.response,
            level=segment.level,
            start=segment.start,
            percent=percent,
            due=segment.due,
            at=warn_at(segment.target, segment.start, schedule, segment.intervals, percent=percent),
        )
        for segment in clock.owed
        if segment.due
        for percent in percents
    ]
    return sorted(found, key=lambda alert: alert.at.timestamp())


def _opened(
    clock: Clock, response: Response, target: Target, at: datetime, schedule: Schedule, rule: str
) -> Clock:
    segment = opened(response, clock.level, target, whole(at, "at"), schedule)
    change = _change(None, segment, segment.start, schedule, rule)
    return replace(clock, segments=(*clock.segments, segment), record=(*clock.record, change))


def _revised(
    clock: Clock, at: datetime, schedule: Schedule, rule: str, revise: Callable[[Segment], Segment]
) -> Clock:
    """The clock with its running segments revised, and a record of every due time that moved."""
    segments = tuple(revise(s) if s.running else s for s in clock.segments)
    changes = tuple(
        _change(old.due, new, at, schedule, rule)
        for old, new in zip(clock.segments, segments, strict=True)
        if (old.due, old.target) != (new.due, new.target)
    )
    return replace(clock, segments=segments, record=clock.record + changes)


def _change(
    old: datetime | None, segment: Segment, at: datetime, schedule: Schedule, rule: str
) -> Change:
    return Change(
        at=at,
        response=segment.response,
        level=segment.level,
        old=old,
        new=segment.due,
        rule=rule,
        calendar=schedule.digest,
        tzdata=tzdata_version(),
    )
