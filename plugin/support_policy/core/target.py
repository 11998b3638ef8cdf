"""What is expected of an answer: how much time, and on which clock it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from support_policy.core.schedule import Schedule, around_the_clock

Pauses = Sequence[tuple[datetime, datetime]]


class Kind(StrEnum):
    """The clock a target runs on."""

    ELAPSED = "elapsed"
    BUSINESS = "business"
    BUSINESS_DAYS = "business_days"


class LateReceipt(StrEnum):
    """The day on which a ticket that arrives out of hours counts as received."""

    SAME_DAY = "same_day"
    NEXT_OPENING = "next_opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An expected time: ``amount`` is in seconds, for business days in days.

    Business days end at the last closing of the n-th business date after the local date of
    receipt; ``late_receipt`` matters to them alone.
    """

    kind: Kind
    amount: int
    late_receipt: LateReceipt = LateReceipt.SAME_DAY

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a target must be more than zero, not {self.amount}")

    @classmethod
    def elapsed(cls, *, hours: int = 0, minutes: int = 0) -> Target:
        """Real time, day and night, holidays or not."""
        return cls(kind=Kind.ELAPSED, amount=hours * 3600 + minutes * 60)

    @classmethod
    def business(cls, *, hours: int = 0, minutes: int = 0) -> Target:
        """Open time of the calendar."""
        return cls(kind=Kind.BUSINESS, amount=hours * 3600 + minutes * 60)

    @classmethod
    def business_days(
        cls, days: int, *, late_receipt: LateReceipt = LateReceipt.SAME_DAY
    ) -> Target:
        """Whole business days; one is the next business day."""
        return cls(kind=Kind.BUSINESS_DAYS, amount=days, late_receipt=late_receipt)

    def on_business_hours(self) -> Target:
        """The same amount on the business calendar, as for an answer in French."""
        return replace(self, kind=Kind.BUSINESS) if self.kind is Kind.ELAPSED else self

    def calendar(self, schedule: Schedule) -> Schedule:
        """The calendar this target runs on: the schedule, or one that never closes."""
        return around_the_clock(schedule.time_zone) if self.kind is Kind.ELAPSED else schedule


def due(target: Target, received: datetime, schedule: Schedule, pauses: Pauses = ()) -> datetime:
    """The instant until which an answer is in time, that instant included.

    A paused day target goes on with the business time it had left, then rounds up to the closing
    of that day.
    """
    if target.kind is not Kind.BUSINESS_DAYS:
        return target.calendar(schedule).add(received, target.amount, pauses)
    start = schedule.next_open(received) if _counts_later(target) else received
    closing = schedule.closing(start, target.amount)
    if not pauses:
        return closing
    return schedule.day_end(schedule.add(start, schedule.between(start, closing), pauses))


def spent(
    target: Target, received: datetime, now: datetime, schedule: Schedule, pauses: Pauses = ()
) -> int:
    """The seconds used so far, on the target's own clock."""
    return target.calendar(schedule).between(received, now, pauses)


def budget(target: Target, received: datetime, schedule: Schedule, pauses: Pauses = ()) -> int:
    """The seconds there are in all, on the target's own clock."""
    if target.kind is not Kind.BUSINESS_DAYS:
        return target.amount
    return schedule.between(received, due(target, received, schedule, pauses), pauses)


def remaining(
    target: Target, received: datetime, now: datetime, schedule: Schedule, pauses: Pauses = ()
) -> int:
    """The seconds left on the target's own clock; none once it is over."""
    left = budget(target, received, schedule, pauses)
    return max(left - spent(target, received, now, schedule, pauses), 0)


def percent_spent(
    target: Target, received: datetime, now: datetime, schedule: Schedule, pauses: Pauses = ()
) -> int:
    """How much is used, for display: 100 only when all is, more only when it is overdrawn.

    It stays at 100 from a closing to the next opening, so compare instants to find a breach.
    """
    used = spent(target, received, now, schedule, pauses) * 100
    whole = budget(target, received, schedule, pauses)
    return used // whole if used <= whole * 100 else -(-used // whole)


def warn_at(
    target: Target,
    received: datetime,
    schedule: Schedule,
    pauses: Pauses = (),
    *,
    percent: int = 75,
) -> datetime:
    """The instant at which this share of the time is used, so always one in open time."""
    part = -(-budget(target, received, schedule, pauses) * percent // 100)
    return target.calendar(schedule).add(received, part, pauses)


def _counts_later(target: Target) -> bool:
    return target.late_receipt is LateReceipt.NEXT_OPENING
