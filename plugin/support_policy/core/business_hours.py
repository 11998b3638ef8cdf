"""The business hours of a policy folder: its weekly hours, its region's holidays, its closures."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from support_policy.core.calendar import HolidayRules, holiday_dates
from support_policy.core.document import Table
from support_policy.core.opening_hours import WEEKDAYS, HoursError
from support_policy.core.schedule import Schedule


def read_schedule(table: Table, closures: Table) -> Schedule | None:
    """The schedule of ``[business_hours]`` and ``closures.toml``; mistakes go to their problems."""
    zone = _zone(table)
    hours = {day: _spans(table, day) for day in WEEKDAYS if day in table.values}
    if not any(hours.values()):
        table.problem("has no hours, and nobody can guess them", 'Such as mon = ["09:00-17:00"].')
    holidays = _holidays(table.table("holidays"))
    closed, opened = _dates(closures, "closed"), _dates(closures, "open")
    closures.close()
    table.asked |= set(WEEKDAYS)
    table.close()
    try:
        # The hours are judged even when the zone is none: every mistake at once.
        schedule = Schedule(
            time_zone=zone or "UTC", hours=hours, holidays=(holidays | closed) - opened
        )
    except HoursError as error:
        for problem in error.problems:
            table.problem(f"{problem}.")
        return None
    return schedule if zone else None


def _zone(table: Table) -> str:
    zone = table.text("time_zone")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        if zone:
            table.problem(f"{zone!r} is not a time zone such as America/Toronto", key="time_zone")
        return ""
    return zone


def _spans(table: Table, day: str) -> list[tuple[str, str]]:
    """``["09:00-12:00", "13:00-17:00"]`` as pairs of texts; Schedule judges the times."""
    pairs = []
    for text in table.texts(day):
        opening, dash, closing = text.partition("-")
        if not dash:
            table.problem(f'{text!r} is not a span such as "09:00-17:00"', key=day)
            continue
        pairs.append((opening.strip(), closing.strip()))
    return pairs


def _holidays(table: Table) -> frozenset[date]:
    rules = HolidayRules(
        country=table.text("country", ""),
        region=table.text("region", ""),
        easter=table.text("easter", "good_friday"),
        observed=bool(table.flag("observed", default=True)),
    )
    table.close()
    try:
        return holiday_dates(rules)
    except (ValueError, LookupError) as error:
        table.problem(f"{error}.")
        return frozenset()


def _dates(document: Table, key: str) -> frozenset[date]:
    document.asked.add(key)
    value = document.values.get(key, [])
    written = value if isinstance(value, list) else []
    dates = [day for day in written if isinstance(day, date) and not isinstance(day, datetime)]
    if not isinstance(value, list) or len(dates) < len(written):
        document.problem("must be a list of dates such as [2026-12-24]", key=key)
    return frozenset(dates)
