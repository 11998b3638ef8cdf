"""Public holidays as dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from support_policy.core.calendar import YEARS, HolidayRules, good_friday, holiday_dates

QUEBEC = HolidayRules(country="CA", region="QC")


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Good Friday
        date(2026, 5, 18),  # the Monday before 25 May
        date(2026, 6, 24),  # the national holiday
        date(2026, 7, 1),
        date(2026, 9, 7),  # the first Monday of September
        date(2026, 10, 12),  # the second Monday of October
        date(2026, 12, 25),
    ],
)
def test_the_statutory_holidays_of_quebec_are_known(day: date) -> None:
    assert day in holiday_dates(QUEBEC)


def test_an_ordinary_day_is_no_holiday() -> None:
    assert date(2026, 11, 23) not in holiday_dates(QUEBEC)
    assert date(2026, 4, 6) not in holiday_dates(QUEBEC), "Easter Monday was not chosen"


def test_every_year_the_policy_covers_has_its_holidays() -> None:
    found = holiday_dates(QUEBEC)
    assert {day.year for day in found if (day.month, day.day) == (12, 25)} == set(YEARS)
    assert all(good_friday(year) in found for year in YEARS)


@pytest.mark.parametrize("year", [2013, 2024, 2026, 2038])
def test_easter_is_closed_on_the_day_that_was_chosen(year: int) -> None:
    friday = good_friday(year)
    monday = friday + timedelta(days=3)
    closed = {
        choice: {friday, monday}
        & holiday_dates(HolidayRules(country="CA", region="QC", easter=choice))
        for choice in ("good_friday", "easter_monday", "both")
    }
    assert closed == {
        "good_friday": {friday},
        "easter_monday": {monday},
        "both": {friday, monday},
    }


def test_the_other_holidays_do_not_depend_on_the_easter_choice() -> None:
    easters = {good_friday(year) + timedelta(days=days) for year in YEARS for days in (0, 3)}
    one, other = (
        holiday_dates(HolidayRules(country="CA", region="QC", easter=choice)) - easters
        for choice in ("good_friday", "easter_monday")
    )
    assert one == other


def test_a_holiday_on_a_weekend_closes_the_monday_only_where_that_is_observed() -> None:
    saturday, monday = date(2028, 1, 1), date(2028, 1, 3)
    assert saturday.weekday() == 5
    observed = holiday_dates(QUEBEC)
    plain = holiday_dates(HolidayRules(country="CA", region="QC", observed=False))
    assert saturday in observed & plain
    assert monday in observed - plain


@pytest.mark.parametrize(
    ("year", "friday"),
    [
        (2013, date(2013, 3, 29)),
        (2024, date(2024, 3, 29)),
        (2026, date(2026, 4, 3)),
        (2038, date(2038, 4, 23)),
    ],
)
def test_good_friday_is_two_days_before_easter(year: int, friday: date) -> None:
    assert good_friday(year) == friday


def test_without_a_country_there_are_no_holidays() -> None:
    assert holiday_dates(HolidayRules()) == frozenset()


@pytest.mark.parametrize(
    "rules",
    [
        HolidayRules(country="XX"),
        HolidayRules(country="CA", region="QQ"),
        HolidayRules(country="ca-qc"),
    ],
)
def test_an_unknown_country_or_region_is_a_lookup_error(rules: HolidayRules) -> None:
    with pytest.raises(LookupError):
        holiday_dates(rules)


def test_an_unknown_easter_choice_is_a_value_error_that_lists_the_choices() -> None:
    with pytest.raises(ValueError, match="good_friday, easter_monday, both"):
        holiday_dates(HolidayRules(country="CA", easter="never"))
