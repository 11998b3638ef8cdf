"""The worked examples of the SLA clock: Toronto, Monday to Friday 9 to 5, Quebec's holidays."""

from __future__ import annotations

from datetime import datetime

import holidays
import pytest

from support_policy.core.clock import (
    Target,
    due,
    priority_changed,
    received,
    staff_replied,
    transferred,
)
from support_policy.core.schedule import Schedule
from support_policy.core.target import warn_at

HIGH, MEDIUM, LOW = (Target.elapsed(hours=hours) for hours in (1, 4, 24))
LEVEL_2, LEVEL_3 = Target.business(hours=4), Target.business(hours=8)
SALES, BILLING = Target.business_days(1), Target.business_days(5)

EXAMPLES = [
    (1, HIGH, "2026-11-23T10:00:00-05:00", "2026-11-23T11:00:00-05:00", "plain"),
    (2, HIGH, "2026-12-25T23:30:00-05:00", "2026-12-26T00:30:00-05:00", "holiday, midnight"),
    (3, HIGH, "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "clocks go back"),
    (4, HIGH, "2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00", "clocks go forward"),
    (5, MEDIUM, "2026-03-07T23:00:00-05:00", "2026-03-08T04:00:00-04:00", "over the gap"),
    (6, LOW, "2026-10-31T12:00:00-04:00", "2026-11-01T11:00:00-05:00", "24 h in autumn"),
    (7, LOW, "2026-03-07T12:00:00-05:00", "2026-03-08T13:00:00-04:00", "24 h in spring"),
    (8, LOW, "2026-06-23T18:00:00-04:00", "2026-06-24T18:00:00-04:00", "a holiday is no matter"),
    (9, LEVEL_2, "2026-11-23T10:00:00-05:00", "2026-11-23T14:00:00-05:00", "plain"),
    (10, LEVEL_2, "2026-11-20T15:00:00-05:00", "2026-11-23T11:00:00-05:00", "over a weekend"),
    (11, LEVEL_2, "2026-11-23T13:00:00-05:00", "2026-11-23T17:00:00-05:00", "until closing"),
    (12, LEVEL_2, "2026-11-23T17:00:00-05:00", "2026-11-24T13:00:00-05:00", "at closing"),
    (13, LEVEL_2, "2026-11-23T16:59:59-05:00", "2026-11-24T12:59:59-05:00", "1 s before closing"),
    (14, LEVEL_2, "2026-11-20T20:00:00-05:00", "2026-11-23T13:00:00-05:00", "Friday evening"),
    (15, LEVEL_2, "2026-11-23T06:00:00-05:00", "2026-11-23T13:00:00-05:00", "before opening"),
    (16, LEVEL_2, "2026-06-23T15:00:00-04:00", "2026-06-25T11:00:00-04:00", "24 June"),
    (17, LEVEL_2, "2026-06-30T16:00:00-04:00", "2026-07-02T12:00:00-04:00", "1 July"),
    (18, LEVEL_2, "2026-04-02T15:00:00-04:00", "2026-04-06T11:00:00-04:00", "Good Friday"),
    (19, LEVEL_2, "2026-12-24T16:00:00-05:00", "2026-12-28T12:00:00-05:00", "Christmas Friday"),
    (20, LEVEL_2, "2027-12-24T16:00:00-05:00", "2027-12-28T12:00:00-05:00", "observed Monday"),
    (21, LEVEL_2, "2026-10-30T15:00:00-04:00", "2026-11-02T11:00:00-05:00", "clocks on Sunday"),
    (22, LEVEL_3, "2026-11-23T09:00:00-05:00", "2026-11-23T17:00:00-05:00", "a whole day"),
    (23, LEVEL_3, "2026-11-25T14:00:00-05:00", "2026-11-26T14:00:00-05:00", "two days"),
    (24, LEVEL_3, "2026-11-21T12:00:00-05:00", "2026-11-23T17:00:00-05:00", "Saturday"),
    (25, LEVEL_3, "2026-03-06T13:00:00-05:00", "2026-03-09T13:00:00-04:00", "clocks on Sunday"),
    (26, SALES, "2026-11-23T10:00:00-05:00", "2026-11-24T17:00:00-05:00", "in hours"),
    (27, SALES, "2026-11-20T20:00:00-05:00", "2026-11-23T17:00:00-05:00", "Friday evening"),
    (28, SALES, "2026-11-21T12:00:00-05:00", "2026-11-23T17:00:00-05:00", "Saturday"),
    (29, SALES, "2026-06-23T10:00:00-04:00", "2026-06-25T17:00:00-04:00", "24 June"),
    (30, BILLING, "2026-11-23T10:00:00-05:00", "2026-11-30T17:00:00-05:00", "from tomorrow on"),
    (31, BILLING, "2026-06-19T16:00:00-04:00", "2026-06-29T17:00:00-04:00", "24 June inside"),
    (32, BILLING, "2026-06-28T11:00:00-04:00", "2026-07-06T17:00:00-04:00", "1 July inside"),
]

# Arithmetic only: a first response is never paused.
PAUSED = [
    (
        33, LEVEL_3, "2026-11-23T09:00:00-05:00",
        "2026-11-23T11:00:00-05:00", "2026-11-24T14:00:00-05:00",
        "2026-11-25T12:00:00-05:00",
    ),
    (
        34, LEVEL_2, "2026-11-20T15:00:00-05:00",
        "2026-11-20T18:00:00-05:00", "2026-11-22T12:00:00-05:00",
        "2026-11-23T11:00:00-05:00",
    ),
    (
        35, BILLING, "2026-11-23T10:00:00-05:00",
        "2026-11-24T09:00:00-05:00", "2026-11-26T09:00:00-05:00",
        "2026-12-02T17:00:00-05:00",
    ),
    (
        36, BILLING, "2026-11-23T10:00:00-05:00",
        "2026-11-24T10:30:00-05:00", "2026-11-24T15:00:00-05:00",
        "2026-12-01T17:00:00-05:00",
    ),
]  # fmt: skip

WARNINGS = [
    (40, LEVEL_3, "2026-11-25T14:00:00-05:00", "2026-11-26T12:00:00-05:00"),
    (41, BILLING, "2026-11-20T20:00:00-05:00", "2026-11-26T15:00:00-05:00"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def quebec() -> Schedule:
    closed = holidays.CA(subdiv="QC", years=range(2026, 2029))
    office = [("09:00", "17:00")]
    return Schedule(
        time_zone="America/Toronto",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), office),
        holidays=set(closed),
    )


@pytest.mark.parametrize(("number", "target", "start", "expected", "why"), EXAMPLES)
def test_the_due_time_is_the_worked_one(
    quebec: Schedule, number: int, target: Target, start: str, expected: str, why: str
) -> None:
    answer = due(target, at(start), quebec)
    assert answer == at(expected)
    assert answer.isoformat() == expected


@pytest.mark.parametrize(("number", "target", "start", "paused", "resumed", "expected"), PAUSED)
def test_a_pause_moves_the_due_time_as_worked(
    quebec: Schedule,
    number: int,
    target: Target,
    start: str,
    paused: str,
    resumed: str,
    expected: str,
) -> None:
    assert due(target, at(start), quebec, [(at(paused), at(resumed))]) == at(expected)


def test_37_a_raised_priority_can_be_late_at_once(quebec: Schedule) -> None:
    changed = at("2026-11-23T20:00:00-05:00")
    clock = received(LOW, at("2026-11-23T10:00:00-05:00"), quebec)
    clock = priority_changed(clock, changed, HIGH, quebec)
    (segment,) = clock.segments
    assert clock.due == at("2026-11-23T11:00:00-05:00")
    assert segment.breached_at(changed) == changed
    assert segment.act_by == at("2026-11-23T21:00:00-05:00")


def test_38_a_lowered_priority_counts_from_the_same_start(quebec: Schedule) -> None:
    clock = received(HIGH, at("2026-11-23T10:00:00-05:00"), quebec)
    clock = priority_changed(clock, at("2026-11-23T10:30:00-05:00"), LOW, quebec)
    assert clock.due == at("2026-11-24T10:00:00-05:00")


def test_39_a_move_to_level_2_counts_from_the_move(quebec: Schedule) -> None:
    clock = received(LOW, at("2026-11-23T10:00:00-05:00"), quebec, level="support")
    clock = staff_replied(clock, at("2026-11-23T10:20:00-05:00"), quebec)
    clock = transferred(clock, at("2026-11-23T16:00:00-05:00"), "level_2", LEVEL_2, quebec)
    assert clock.due == at("2026-11-24T12:00:00-05:00")
    assert clock.segments[0].met


@pytest.mark.parametrize(("number", "target", "start", "expected"), WARNINGS)
def test_a_warning_at_75_percent_comes_when_worked(
    quebec: Schedule, number: int, target: Target, start: str, expected: str
) -> None:
    assert warn_at(target, at(start), quebec) == at(expected)


def test_41_the_day_target_of_the_warning_is_due_as_worked(quebec: Schedule) -> None:
    start = at("2026-11-20T20:00:00-05:00")
    expected = at("2026-11-27T17:00:00-05:00")
    assert due(BILLING, start, quebec) == expected
    assert quebec.between(start, expected) == 40 * 3600


def test_all_41_examples_are_here() -> None:
    numbers = {row[0] for row in EXAMPLES} | {row[0] for row in PAUSED}
    assert numbers | {37, 38, 39} | {row[0] for row in WARNINGS} == set(range(1, 42))
