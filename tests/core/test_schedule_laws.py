"""What holds for every calendar, every instant and every amount."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from support_policy.core.opening_hours import WEEKDAYS
from support_policy.core.schedule import Schedule, StepKind

# Zones on which all releases of the zone data agree for the years asked here, each with dates near
# which its clocks change.
ZONES = {
    "America/Toronto": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/Paris": (date(2026, 3, 29), date(2026, 10, 25)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 30)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 4, 1), date(2026, 10, 1)),
}
SECOND = timedelta(seconds=1)
law = settings(deadline=None)
AMOUNTS = st.integers(1, 60 * 3600)

Pause = tuple[datetime, datetime]


def written(quarters: int) -> str:
    return f"{quarters // 4:02}:{quarters % 4 * 15:02}"


@st.composite
def days(draw: st.DrawFn, unit: int = 1) -> list[tuple[str, str]]:
    """The spans of a day, beginning and ending at multiples of so many quarters of an hour."""
    ends = draw(st.sets(st.integers(0, 96 // unit), max_size=6))
    edges = sorted(end * unit for end in ends)
    return [
        (written(opens), written(closes))
        for opens, closes in zip(edges[::2], edges[1::2], strict=False)
    ]


@st.composite
def calendars(draw: st.DrawFn, unit: int = 1) -> dict[str, Any]:
    """The arguments of a schedule."""
    hours = {day: draw(days(unit)) for day in WEEKDAYS}
    hours[draw(st.sampled_from(WEEKDAYS))] = [("09:00", "18:00")]
    near = st.dates(date(2026, 3, 1), date(2026, 11, 30))
    return {
        "time_zone": draw(st.sampled_from(sorted(ZONES))),
        "hours": hours,
        "holidays": draw(st.sets(near, max_size=8)),
        "special": draw(st.dictionaries(near, days(unit), max_size=4)),
    }


@st.composite
def instants(draw: st.DrawFn, zone: str, count: int = 1) -> list[datetime]:
    """Instants in order, near a change of the zone's clocks."""
    day = draw(st.sampled_from(ZONES[zone]))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    seconds = st.integers(-5 * 86_400, 5 * 86_400)
    offsets = draw(st.lists(seconds, min_size=count, max_size=count))
    return [noon + timedelta(seconds=offset) for offset in sorted(offsets)]


@st.composite
def schedules_and_instants(draw: st.DrawFn, count: int = 1) -> tuple[Schedule, list[datetime]]:
    schedule = Schedule(**draw(calendars()))
    return schedule, draw(instants(schedule.time_zone, count))


@st.composite
def pauses_near(draw: st.DrawFn, start: datetime) -> list[Pause]:
    pairs = draw(
        st.lists(st.tuples(st.integers(-86_400, 9 * 86_400), st.integers(0, 86_400)), max_size=5)
    )
    return [
        (start + timedelta(seconds=begins), start + timedelta(seconds=begins + lasts))
        for begins, lasts in pairs
    ]


@law
@given(schedules_and_instants(), AMOUNTS)
def test_the_time_added_is_the_time_between(
    case: tuple[Schedule, list[datetime]], seconds: int
) -> None:
    schedule, (start,) = case
    assert schedule.between(start, schedule.add(start, seconds)) == seconds


@law
@given(schedules_and_instants(), AMOUNTS)
def test_a_due_time_is_the_earliest_and_never_inside_closed_time(
    case: tuple[Schedule, list[datetime]], seconds: int
) -> None:
    schedule, (start,) = case
    due = schedule.add(start, seconds).astimezone(UTC)
    assert schedule.between(start, due - SECOND) == seconds - 1
    assert schedule.is_open(due - SECOND)


@law
@given(schedules_and_instants(2), AMOUNTS, AMOUNTS)
def test_later_or_more_is_never_sooner(
    case: tuple[Schedule, list[datetime]], one: int, other: int
) -> None:
    schedule, (start, later) = case
    less, more = sorted((one, other))
    assert schedule.add(start, less) <= schedule.add(start, more)
    assert schedule.add(start, less) <= schedule.add(later, less)


@law
@given(schedules_and_instants(), AMOUNTS, AMOUNTS)
def test_two_amounts_one_after_the_other_are_their_sum(
    case: tuple[Schedule, list[datetime]], one: int, other: int
) -> None:
    schedule, (start,) = case
    assert schedule.add(schedule.add(start, one), other) == schedule.add(start, one + other)


@law
@given(schedules_and_instants(3))
def test_time_between_is_the_sum_of_its_parts(case: tuple[Schedule, list[datetime]]) -> None:
    schedule, (first, second, third) = case
    parts = schedule.between(first, second) + schedule.between(second, third)
    assert schedule.between(first, third) == parts


@law
@given(schedules_and_instants())
def test_an_open_second_is_a_second_of_open_time(case: tuple[Schedule, list[datetime]]) -> None:
    schedule, (start,) = case
    assert schedule.between(start, start + SECOND) == int(schedule.is_open(start))


@law
@given(schedules_and_instants())
def test_the_next_opening_is_open_with_no_open_time_before_it(
    case: tuple[Schedule, list[datetime]],
) -> None:
    schedule, (start,) = case
    opening = schedule.next_open(start)
    assert opening >= start
    assert schedule.is_open(opening)
    assert schedule.between(start, opening) == 0
    assert schedule.add(start, 0) == opening


@law
@given(schedules_and_instants(), AMOUNTS, st.data())
def test_a_due_time_with_pauses_leaves_just_the_amount_unpaused(
    case: tuple[Schedule, list[datetime]], seconds: int, data: st.DataObject
) -> None:
    schedule, (start,) = case
    pauses = data.draw(pauses_near(start))
    due = schedule.add(start, seconds, pauses).astimezone(UTC)
    assert schedule.between(start, due, pauses) == seconds
    assert schedule.between(start, due - SECOND, pauses) == seconds - 1


@law
@given(schedules_and_instants(2), st.data())
def test_pauses_count_once_in_any_order_and_in_any_pieces(
    case: tuple[Schedule, list[datetime]], data: st.DataObject
) -> None:
    schedule, (start, end) = case
    pauses = data.draw(pauses_near(start))
    halves = [
        half
        for paused, resumed in pauses
        for middle in (paused + (resumed - paused) // 2,)
        for half in ((middle, resumed), (paused, middle))
    ]
    shuffled = data.draw(st.permutations(halves + pauses[:1]))
    assert schedule.between(start, end, shuffled) == schedule.between(start, end, pauses)
    assert schedule.add(start, 3600, shuffled) == schedule.add(start, 3600, pauses)


@law
@given(schedules_and_instants(2), st.data())
def test_unpaused_time_is_what_lies_between_the_pauses(
    case: tuple[Schedule, list[datetime]], data: st.DataObject
) -> None:
    schedule, (start, end) = case
    pauses = data.draw(pauses_near(start))
    edges = sorted({start, end} | {edge for pause in pauses for edge in pause})
    unpaused = sum(
        schedule.between(one, other)
        for one, other in pairwise(edges)
        if start <= one < end and not any(a <= one < b for a, b in pauses)
    )
    assert schedule.between(start, end, pauses) == unpaused


@law
@given(schedules_and_instants(), st.integers(1, 8))
def test_a_closing_ends_the_nth_business_date_after_receipt(
    case: tuple[Schedule, list[datetime]], count: int
) -> None:
    schedule, (start,) = case
    closing = schedule.closing(start, count)
    today = start.astimezone(ZoneInfo(schedule.time_zone)).date()
    steps = schedule.steps(start, closing)
    business = sorted({step.date for step in steps if step.kind is StepKind.OPEN} - {today})
    assert len(business) == count
    assert steps[-1].closes == closing
    assert schedule.day_end(closing) == closing


@law
@given(schedules_and_instants(2))
def test_steps_add_up_to_the_time_between(case: tuple[Schedule, list[datetime]]) -> None:
    schedule, (start, end) = case
    steps = schedule.steps(start, end)
    assert sum(step.seconds for step in steps) == schedule.between(start, end)
    assert [step.date for step in steps] == sorted(step.date for step in steps)


@law
@given(schedules_and_instants(), AMOUNTS)
def test_a_result_is_the_same_instant_in_every_zone(
    case: tuple[Schedule, list[datetime]], seconds: int
) -> None:
    schedule, (start,) = case
    due = schedule.add(start, seconds)
    for zone in ("UTC", *ZONES):
        assert due == due.astimezone(UTC)
        assert datetime.fromisoformat(due.isoformat()) == due
        assert schedule.add(start.astimezone(ZoneInfo(zone)), seconds) == due


@law
@given(schedules_and_instants(), AMOUNTS, st.integers(2015, 2040))
def test_no_answer_depends_on_what_was_asked_before(
    case: tuple[Schedule, list[datetime]], seconds: int, year: int
) -> None:
    schedule, (start,) = case
    fresh = schedule.add(start, seconds)
    schedule.is_open(datetime(year, 1, 1, tzinfo=UTC))
    assert schedule.add(start, seconds) == fresh


# On whole hours, and none of them inside the hour a clock change takes or gives, business hours can
# be read off the wall clock, minute by minute.
@settings(deadline=None, max_examples=40)
@given(calendars(unit=12), st.integers(0, 48 * 60), st.data())
def test_time_between_is_what_a_wall_clock_shows(
    calendar: dict[str, Any], minutes: int, data: st.DataObject
) -> None:
    schedule = Schedule(**calendar)
    (start,) = data.draw(instants(schedule.time_zone))
    start = start.replace(second=0)
    moments = [start + timedelta(minutes=minute) for minute in range(minutes)]
    shown = [open_on_the_wall(calendar, moment) for moment in moments]
    assert schedule.between(start, start + timedelta(minutes=minutes)) == 60 * sum(shown)
    assert [schedule.is_open(moment) for moment in moments[::7]] == shown[::7]


def open_on_the_wall(calendar: dict[str, Any], moment: datetime) -> bool:
    wall = moment.astimezone(ZoneInfo(calendar["time_zone"]))
    day = wall.date()
    if day in calendar["special"]:
        spans = calendar["special"][day]
    elif day in calendar["holidays"]:
        spans = []
    else:
        spans = calendar["hours"][WEEKDAYS[day.weekday()]]
    return any(opens <= f"{wall:%H:%M}" < closes for opens, closes in spans)
