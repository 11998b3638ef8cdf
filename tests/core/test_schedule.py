"""What a schedule answers, and how it refuses."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

import pytest

from support_policy.core.opening_hours import HoursError
from support_policy.core.schedule import (
    NoOpeningError,
    Schedule,
    StepKind,
    around_the_clock,
    tzdata_version,
)

TORONTO = "America/Toronto"
OFFICE = [("09:00", "17:00")]
OFFICE_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)
HOUR = 3600


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def office(**changes: object) -> Schedule:
    settings: dict[str, object] = {"time_zone": TORONTO, "hours": OFFICE_WEEK, "holidays": set()}
    return Schedule(**(settings | changes))


# Where a result lands


def test_a_result_that_lands_on_closing_stays_there() -> None:
    assert office().add(at("2026-11-23T09:00-05:00"), 8 * HOUR) == at("2026-11-23T17:00-05:00")


def test_one_second_more_than_a_day_runs_on_at_the_next_opening() -> None:
    answer = office().add(at("2026-11-23T09:00-05:00"), 8 * HOUR + 1)
    assert answer == at("2026-11-24T09:00:01-05:00")


def test_a_closing_is_closed_and_an_opening_is_open() -> None:
    assert not office().is_open(at("2026-11-23T17:00-05:00"))
    assert office().is_open(at("2026-11-23T09:00-05:00"))


def test_zero_seconds_from_a_closing_end_at_the_next_opening() -> None:
    assert office().add(at("2026-11-23T17:00-05:00"), 0) == at("2026-11-24T09:00-05:00")


def test_zero_seconds_in_a_pause_end_where_open_time_goes_on() -> None:
    pauses = [
        (at("2026-11-23T10:00-05:00"), at("2026-11-23T11:00-05:00")),
        (at("2026-11-23T17:00-05:00"), at("2026-11-24T09:30-05:00")),
    ]
    assert office().add(at("2026-11-23T10:15-05:00"), 0, pauses) == at("2026-11-23T11:00-05:00")
    assert office().add(at("2026-11-23T18:00-05:00"), 0, pauses) == at("2026-11-24T09:30-05:00")


def test_a_result_that_lands_on_the_start_of_a_pause_stays_there() -> None:
    pauses = [(at("2026-11-23T11:00-05:00"), at("2026-11-23T12:00-05:00"))]
    answer = office().add(at("2026-11-23T10:00-05:00"), HOUR, pauses)
    assert answer == at("2026-11-23T11:00-05:00")


def test_results_are_in_the_zone_of_the_schedule() -> None:
    answer = office().add(at("2026-11-23T15:00:00+00:00"), HOUR)
    assert answer.tzinfo == ZoneInfo(TORONTO)
    assert answer.isoformat() == "2026-11-23T11:00:00-05:00"


def test_a_fraction_of_a_second_is_cut_off() -> None:
    answer = office().add(at("2026-11-23T10:00:00.999999-05:00"), HOUR)
    assert answer == at("2026-11-23T11:00:00-05:00")
    start, end = at("2026-11-23T10:00:00.9-05:00"), at("2026-11-23T10:00:01.1-05:00")
    assert office().between(start, end) == 1


def test_a_fraction_before_1970_is_cut_off_downwards() -> None:
    answer = around_the_clock(TORONTO).add(at("1969-07-20T20:17:39.500000+00:00"), 1)
    assert answer == at("1969-07-20T20:17:40+00:00")


def test_the_next_business_day_never_depends_on_the_hour() -> None:
    for start in ("2026-11-20T10:00-05:00", "2026-11-20T20:00-05:00", "2026-11-22T23:59-05:00"):
        assert office().closing(at(start), 1) == at("2026-11-23T17:00-05:00")


def test_a_split_day_ends_at_its_last_closing() -> None:
    split = office(hours={"tue": [("13:00", "17:30"), ("08:30", "12:00")]})
    assert split.closing(at("2026-11-23T10:00-05:00"), 1) == at("2026-11-24T17:30-05:00")
    assert split.day_end(at("2026-11-24T12:00-05:00")) == at("2026-11-24T17:30-05:00")


def test_the_end_of_a_day_is_that_instant_itself_at_closing() -> None:
    closing = at("2026-11-23T17:00-05:00")
    assert office().day_end(closing) == closing
    assert office().day_end(closing + timedelta(seconds=1)) == at("2026-11-24T17:00-05:00")


# How hours are written


def test_missing_days_are_closed() -> None:
    tuesdays = office(hours={"tue": OFFICE})
    assert tuesdays.next_open(at("2026-11-25T10:00-05:00")) == at("2026-12-01T09:00-05:00")


def test_touching_spans_are_one() -> None:
    halves = office(hours={"mon": [("12:00", "17:00"), ("09:00", "12:00")]})
    assert halves == office(hours={"mon": OFFICE})
    assert len(halves.steps(at("2026-11-23T09:00-05:00"), at("2026-11-23T17:00-05:00"))) == 1


def test_days_that_touch_at_midnight_lose_nothing_there() -> None:
    weekend = office(hours={"sat": [("00:00", "24:00")], "sun": [("00:00", "24:00")]})
    start = at("2026-11-21T23:59:30-05:00")
    assert weekend.add(start, 60) == at("2026-11-22T00:00:30-05:00")


def test_new_year_at_midnight_is_no_boundary() -> None:
    always = around_the_clock(TORONTO)
    start, end = at("2026-12-31T23:00-05:00"), at("2027-01-01T01:00-05:00")
    assert always.add(start, 2 * HOUR) == end
    assert always.between(start, end) == 2 * HOUR


def test_a_night_shift_may_be_written_as_one() -> None:
    written = office(hours={"sun": [("22:00", "06:00")]})
    split = office(hours={"sun": [("22:00", "24:00")], "mon": [("00:00", "06:00")]})
    assert written == split
    assert written.digest == split.digest


def test_a_closing_at_midnight_may_be_written_both_ways() -> None:
    assert office(hours={"mon": [("18:00", "00:00")]}) == office(
        hours={"mon": [("18:00", "24:00")]}
    )


def test_a_holiday_closes_both_halves_of_its_nights() -> None:
    nights = {day: [("22:00", "06:00")] for day in ("mon", "tue", "wed")}
    schedule = office(hours=nights, holidays={date(2026, 11, 24)})
    start, end = at("2026-11-23T12:00-05:00"), at("2026-11-25T12:00-05:00")
    assert schedule.between(start, end) == (2 + 6) * HOUR
    assert not schedule.is_open(at("2026-11-24T03:00-05:00"))
    assert not schedule.is_open(at("2026-11-24T23:00-05:00"))


def test_a_dated_span_replaces_the_hours_of_that_date() -> None:
    short = office(special={date(2026, 12, 24): [("09:00", "12:00")]})
    assert short.closing(at("2026-12-23T10:00-05:00"), 1) == at("2026-12-24T12:00-05:00")


def test_a_dated_span_opens_a_holiday_and_an_empty_one_closes_a_day() -> None:
    day = date(2026, 11, 23)
    assert office(holidays={day}, special={day: OFFICE}).is_open(at("2026-11-23T10:00-05:00"))
    assert not office(special={day: []}).is_open(at("2026-11-23T10:00-05:00"))


def test_a_dated_night_shift_adds_to_the_next_day_unless_that_is_a_holiday() -> None:
    special = {date(2026, 11, 23): [("22:00", "02:00")]}
    day = (at("2026-11-24T00:00-05:00"), at("2026-11-25T00:00-05:00"))
    assert office(special=special).between(*day) == (2 + 8) * HOUR
    assert office(special=special, holidays={date(2026, 11, 24)}).between(*day) == 0
    dated = special | {date(2026, 11, 24): [("10:00", "11:00")]}
    assert office(special=dated).between(*day) == (2 + 1) * HOUR


def test_every_mistake_in_the_hours_is_reported_at_once() -> None:
    with pytest.raises(HoursError) as error:
        office(
            time_zone="America/Torono",
            hours={
                "monday": OFFICE,
                "tue": [("9:00", "17:00")],
                "wed": [("09:00", "09:00")],
                "thu": [("09:00", "13:00"), ("12:00", "17:00")],
                "fri": [("24:00", "06:00")],
                "sat": ("09:00", "17:00"),
                "sun": [("22:00", "25:00"), (9, 17)],
            },
            holidays={"2026-12-25", datetime(2026, 12, 25, tzinfo=UTC)},
            special={"2026-12-24": [], date(2026, 12, 31): [("10:00", "12:60")]},
        )
    text = str(error.value)
    assert isinstance(error.value, ValueError)
    assert len(error.value.problems) == 14
    for word in ("Torono", "monday", "tue", "wed", "thu", "fri", "sat", "sun", "24", "2026-12-31"):
        assert word in text


@pytest.mark.parametrize("zone", ["", "America", "../etc/passwd", "Mars/Olympus", "/etc/passwd"])
def test_a_name_that_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(HoursError, match="time_zone"):
        office(time_zone=zone)


def test_a_night_shift_may_not_run_into_the_next_day_s_hours() -> None:
    with pytest.raises(HoursError, match="tue"):
        office(hours={"mon": [("22:00", "06:00")], "tue": [("05:00", "09:00")]})


# Clock changes


def test_an_opening_that_the_clocks_skip_moves_on_by_what_is_skipped() -> None:
    early = office(hours={"sun": [("02:30", "10:30")]})
    assert early.next_open(at("2026-03-08T00:00-05:00")) == at("2026-03-08T03:30-04:00")


def test_an_opening_that_occurs_twice_is_the_first_one() -> None:
    early = office(hours={"sun": [("01:30", "10:30")]})
    assert early.next_open(at("2026-11-01T00:00-04:00")) == at("2026-11-01T01:30-04:00")


def test_half_an_hour_is_skipped_on_lord_howe() -> None:
    island = office(time_zone="Australia/Lord_Howe", hours={"sun": [("02:15", "10:15")]})
    assert island.next_open(at("2026-10-04T00:00+10:30")) == at("2026-10-04T02:45+11:00")


def test_spans_that_a_clock_change_turns_round_are_counted_once() -> None:
    odd = office(hours={"sun": [("02:15", "02:45"), ("03:00", "03:20"), ("03:50", "04:00")]})
    start, end = at("2026-03-08T00:00-05:00"), at("2026-03-09T00:00-04:00")
    assert odd.between(start, end) == 55 * 60
    assert sum(step.seconds for step in odd.steps(start, end)) == 55 * 60
    assert odd.closing(at("2026-03-07T12:00-05:00"), 1) == at("2026-03-08T04:00-04:00")


def test_a_date_that_samoa_skipped_is_no_business_day() -> None:
    samoa = office(time_zone="Pacific/Apia", hours=dict.fromkeys(("thu", "fri", "sat"), OFFICE))
    start = at("2011-12-29T12:00-10:00")
    assert samoa.closing(start, 1) == at("2011-12-31T17:00+14:00")
    assert samoa.closing(start, 2) == at("2012-01-05T17:00+14:00")
    assert samoa.between(start, at("2012-01-01T00:00+14:00")) == (5 + 8) * HOUR


def test_a_clock_change_over_midnight_counts_no_second_twice() -> None:
    always = around_the_clock(TORONTO)  # 1919-03-30 23:30 became 1919-03-31 00:30
    start, end = at("1919-03-29T00:00:00+00:00"), at("1919-04-02T00:00:00+00:00")
    assert always.between(start, end) == 4 * 24 * HOUR
    meeting = office(hours={"sun": [("00:00", "24:00")], "mon": [("00:30", "09:00")]})
    assert meeting.between(start, end) == 32 * HOUR


def test_results_in_a_repeated_hour_compare_as_instants() -> None:
    always = around_the_clock(TORONTO)
    first = always.add(at("2026-11-01T00:30-04:00"), HOUR)
    second = always.add(at("2026-11-01T00:30-04:00"), 2 * HOUR)
    assert first == at("2026-11-01T05:30:00+00:00")
    assert second == at("2026-11-01T06:30:00+00:00")
    assert first < second
    assert [first.isoformat(), second.isoformat()] == [
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",
    ]
    assert (first.tzname(), second.tzname()) == ("EDT", "EST")


def test_start_and_end_in_a_repeated_hour_are_told_apart_by_their_fold() -> None:
    once = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo(TORONTO))
    assert around_the_clock(TORONTO).between(once, once.replace(fold=1)) == HOUR


# Refusals


AWARE = at("2026-11-23T10:00-05:00")
NAIVE = AWARE.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("method", "arguments", "blamed"),
    [
        ("add", (NAIVE, 60), "start"),
        ("add", (AWARE, 60, [(NAIVE, AWARE)]), "pauses"),
        ("between", (NAIVE, AWARE), "start"),
        ("between", (AWARE, NAIVE), "end"),
        ("between", (AWARE, AWARE, [(AWARE, NAIVE)]), "pauses"),
        ("is_open", (NAIVE,), "at"),
        ("next_open", (NAIVE,), "at"),
        ("closing", (NAIVE, 1), "start"),
        ("day_end", (NAIVE,), "at"),
        ("steps", (NAIVE, AWARE), "start"),
        ("steps", (AWARE, NAIVE), "due"),
    ],
)
def test_a_naive_datetime_is_refused_by_the_argument_s_name(
    method: str, arguments: tuple[object, ...], blamed: str
) -> None:
    with pytest.raises(ValueError, match=rf"^{blamed} must be a datetime with a time zone"):
        getattr(office(), method)(*arguments)


def test_an_end_before_the_start_is_an_error() -> None:
    start, end = at("2026-11-23T10:00-05:00"), at("2026-11-23T09:59-05:00")
    with pytest.raises(ValueError, match="before start"):
        office().between(start, end)
    with pytest.raises(ValueError, match="before start"):
        office().steps(start, end)
    with pytest.raises(ValueError, match="ends before it starts"):
        office().add(start, 60, [(start, end)])


def test_a_negative_amount_is_an_error_and_so_are_zero_days() -> None:
    start = at("2026-11-23T10:00-05:00")
    with pytest.raises(ValueError, match="seconds"):
        office().add(start, -1)
    with pytest.raises(ValueError, match="days"):
        office().closing(start, 0)


def test_a_calendar_that_never_opens_says_so_by_name() -> None:
    never = office(hours={}, name="Night desk")
    start = at("2026-11-23T10:00-05:00")
    for ask in (
        lambda: never.add(start, 60),
        lambda: never.next_open(start),
        lambda: never.closing(start, 1),
        lambda: never.day_end(start),
    ):
        with pytest.raises(NoOpeningError, match="Night desk"):
            ask()
    assert never.between(start, at("2028-11-23T10:00-05:00")) == 0


def test_an_opening_beyond_the_horizon_is_none_however_much_was_asked_before() -> None:
    special = {date(2026, 1, 5): OFFICE, date(2029, 1, 8): OFFICE, date(2029, 1, 9): OFFICE}
    start = at("2026-01-05T12:00-05:00")
    fresh = office(hours={}, special=special)
    asked = office(hours={}, special=special)
    assert asked.next_open(at("2029-01-01T00:00-05:00")) == at("2029-01-08T09:00-05:00")
    asked.between(start, at("2030-01-01T00:00-05:00"))
    for schedule in (fresh, asked):
        assert schedule.add(start, 5 * HOUR) == at("2026-01-05T17:00-05:00")
        with pytest.raises(NoOpeningError, match="2026-01-05"):
            schedule.add(start, 5 * HOUR + 1)
        with pytest.raises(NoOpeningError):
            schedule.closing(start, 1)


def test_holidays_on_every_open_day_of_a_year_are_no_reason_to_give_up() -> None:
    mondays = {date(2026, 1, 5) + timedelta(weeks=week) for week in range(60)}
    schedule = office(hours={"mon": OFFICE}, holidays=mondays)
    assert schedule.next_open(at("2026-01-05T10:00-05:00")) == at("2027-03-01T09:00-05:00")


@pytest.mark.parametrize("seconds", [10**11, 10**15])
def test_an_absurd_amount_is_an_error_not_a_loop(seconds: int) -> None:
    with pytest.raises(ValueError, match="2199"):
        office().add(at("2026-11-23T10:00-05:00"), seconds)


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_an_absurd_year_is_an_error(year: int) -> None:
    with pytest.raises(ValueError, match="year"):
        office().is_open(datetime(year, 6, 1, tzinfo=UTC))


# Steps


def test_steps_name_each_stretch_used_and_each_closed_date_passed() -> None:
    schedule = office(holidays={date(2026, 6, 24)})
    steps = schedule.steps(at("2026-06-23T15:00-04:00"), at("2026-06-25T11:00-04:00"))
    assert [(step.kind, step.date.day, step.seconds // HOUR) for step in steps] == [
        (StepKind.OPEN, 23, 2),
        (StepKind.HOLIDAY, 24, 0),
        (StepKind.OPEN, 25, 2),
    ]
    assert (steps[0].opens, steps[0].closes) == (
        at("2026-06-23T15:00-04:00"),
        at("2026-06-23T17:00-04:00"),
    )


def test_steps_from_an_evening_begin_with_what_follows_it() -> None:
    steps = office().steps(at("2026-11-20T20:00-05:00"), at("2026-11-23T13:00-05:00"))
    assert [(step.kind, step.date.day) for step in steps] == [
        (StepKind.CLOSED, 21),
        (StepKind.CLOSED, 22),
        (StepKind.OPEN, 23),
    ]


def test_steps_that_end_at_midnight_do_not_reach_into_the_next_date() -> None:
    evenings = office(hours={"mon": [("20:00", "24:00")]})
    steps = evenings.steps(at("2026-11-23T20:00-05:00"), at("2026-11-24T00:00-05:00"))
    assert [step.date.day for step in steps] == [23]


def test_a_dated_closure_is_a_closed_step_and_no_steps_lead_nowhere() -> None:
    schedule = office(special={date(2026, 11, 24): []})
    steps = schedule.steps(at("2026-11-23T16:00-05:00"), at("2026-11-25T10:00-05:00"))
    assert [step.kind for step in steps] == [StepKind.OPEN, StepKind.CLOSED, StepKind.OPEN]
    assert schedule.steps(at("2026-11-23T16:00-05:00"), at("2026-11-23T16:00-05:00")) == ()


# Identity


def test_the_digest_is_stable_and_ignores_how_the_calendar_was_written() -> None:
    holidays = [date(2026, 12, 25), date(2026, 1, 1)]
    one = office(holidays=holidays)
    other = office(hours=dict(reversed(OFFICE_WEEK.items())), holidays=set(holidays), name="HQ")
    assert one.digest == other.digest == "41244578951c779c"
    assert one == other
    assert hash(one) == hash(other)


def test_every_part_of_the_calendar_is_in_the_digest() -> None:
    digests = {
        office().digest,
        office(time_zone="America/New_York").digest,
        office(hours={"mon": OFFICE}).digest,
        office(holidays={date(2026, 12, 25)}).digest,
        office(special={date(2026, 12, 25): []}).digest,
    }
    assert len(digests) == 5


def test_a_schedule_cannot_be_changed() -> None:
    schedule = office()
    for name in ("digest", "time_zone", "holidays", "hours"):
        with pytest.raises(AttributeError):
            setattr(schedule, name, None)
    holidays = {date(2026, 12, 25)}
    copied = office(holidays=holidays)
    holidays.add(date(2026, 11, 23))
    assert copied.is_open(at("2026-11-23T10:00-05:00"))


def test_threads_that_ask_for_different_years_all_get_the_right_answer(
    frequent_switches: None,
) -> None:
    starts = [datetime(year, 6, 3, 15, tzinfo=UTC) for year in range(2000, 2040)]
    alone = [office().add(start, 40 * HOUR) for start in starts]
    for _ in range(5):
        shared = office()
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(shared.add, starts, repeat(40 * HOUR)))
        assert together == alone


@pytest.fixture
def frequent_switches() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_the_version_of_the_zone_data_is_a_release() -> None:
    assert re.fullmatch(r"20\d\d[a-z]{1,2}|unknown", tzdata_version())
