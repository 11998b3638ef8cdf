"""One answer that is owed, timed: by whom, since when, until when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from support_policy.core.schedule import Schedule
from support_policy.core.target import Target, due, remaining


class Response(StrEnum):
    """What a segment times."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    FR_RESPONSE = "fr_response"  # the first answer in French
    LEVEL_RESPONSE = "level_response"  # the first answer by a level the ticket was moved to


class PauseReason(StrEnum):
    """Why nobody can be expected to answer."""

    AWAITING_CUSTOMER = "awaiting_customer"
    AWAITING_FEE_APPROVAL = "awaiting_fee_approval"
    AWAITING_THIRD_PARTY = "awaiting_third_party"


PAUSING = frozenset({PauseReason.AWAITING_CUSTOMER, PauseReason.AWAITING_FEE_APPROVAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time that does not count; without an end it goes on."""

    reason: PauseReason
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One response that is owed, and its clock.

    ``expected`` is the due time last computed, at ``set_at``. ``act_by`` is for the work list: a
    change of priority can leave a due time in the past. ``ended`` is an end without an answer.
    """

    response: Response
    level: str
    target: Target
    start: datetime
    expected: datetime
    set_at: datetime
    act_by: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    answered: datetime | None = None
    ended: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether an answer is still to come, paused or not."""
        return self.answered is None and self.ended is None

    @property
    def paused_at(self) -> datetime | None:
        """The start of the pause that goes on, if one does."""
        return self.pauses[-1].start if self.pauses and self.pauses[-1].end is None else None

    @property
    def intervals(self) -> tuple[tuple[datetime, datetime], ...]:
        """The pauses that have an end; the one that goes on has taken nothing away yet."""
        return tuple((pause.start, pause.end) for pause in self.pauses if pause.end)

    @property
    def due(self) -> datetime | None:
        """The due time; none while paused, and none once it is over."""
        return self.expected if self.running and self.paused_at is None else None

    @property
    def met(self) -> bool:
        """Whether the answer came in time; an answer at the due time did."""
        return self.answered is not None and not later(self.answered, self.expected)

    def breached_at(self, now: datetime) -> datetime | None:
        """The instant of the breach, if there is one by now.

        Where a change put the due time in the past, that is the instant of the change.
        """
        until = self.answered or self.ended or self.paused_at or whole(now, "now")
        if not later(until, self.expected):
            return None
        return self.set_at if later(self.set_at, self.expected) else self.expected


def opened(
    response: Response, level: str, target: Target, at: datetime, schedule: Schedule
) -> Segment:
    """A segment that starts at this instant."""
    expected = due(target, at, schedule)
    return Segment(
        response=response, level=level, target=target, start=at, expected=expected, set_at=at
    )


def reckoned(segment: Segment, at: datetime, schedule: Schedule) -> Segment:
    """The segment with its due time worked out anew, at this instant."""
    expected = due(segment.target, segment.start, schedule, segment.intervals)
    return (
        segment if expected == segment.expected else replace(segment, expected=expected, set_at=at)
    )


def retargeted(segment: Segment, at: datetime, target: Target, schedule: Schedule) -> Segment:
    """The segment with another target, from the same start and with the same pauses.

    It is to be acted on by the old due time if that is still to come, or the new target from here.
    """
    old, fresh = segment.due, due(target, at, schedule)
    act_by = old if old and later(old, at) and later(fresh, old) else fresh
    moved = reckoned(replace(segment, target=target), at, schedule)
    return replace(moved, act_by=None if segment.paused_at else act_by)


def time_left(segment: Segment, now: datetime, schedule: Schedule) -> int:
    """The seconds left on the segment's own clock, which stands still while paused."""
    until = segment.paused_at or now
    return remaining(segment.target, segment.start, until, schedule, segment.intervals)


def whole(at: datetime, argument: str) -> datetime:
    """The instant cut to the second; a ValueError names the argument that has no zone."""
    if at.utcoffset() is None:
        raise ValueError(f"{argument} must be a datetime with a time zone, not {at!r}")
    return at.replace(microsecond=0)


def later(one: datetime, other: datetime) -> bool:
    """Whether one instant is after the other.

    Datetimes of one zone compare by the wall, which is wrong in an hour that occurs twice.
    """
    return one.timestamp() > other.timestamp()
