"""A company's opening hours on the wall clock: week, holidays and dated exceptions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 86_400

Span = tuple[int, int]
Written = Collection[tuple[str, str]]

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


class HoursError(ValueError):
    """The hours cannot be used; ``problems`` lists every mistake in them."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpeningHours:
    """Opening hours, checked and put in order.

    A span is ``[open, close)`` in seconds after local midnight; none crosses midnight, none touches
    another of its day. ``week`` starts on Monday.
    """

    time_zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date]
    special: Mapping[date, tuple[Span, ...]]

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of one date; what was written for the date itself comes first."""
        if day in self.special:
            return self.special[day]
        return () if day in self.holidays else self.week[day.weekday()]

    @property
    def digest(self) -> str:
        """A stable hash: equal hours have equal digests, however they were written."""
        special = sorted((day.isoformat(), spans) for day, spans in self.special.items())
        holidays = sorted(day.isoformat() for day in self.holidays)
        content = json.dumps([self.time_zone, self.week, holidays, special])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def read_hours(
    *,
    time_zone: str,
    hours: Mapping[str, Written],
    holidays: Collection[date] = (),
    special: Mapping[date, Written] | None = None,
) -> OpeningHours:
    """Opening hours from times written "HH:MM"; HoursError lists every problem.

    A closing at or before its opening is on the next day: the part after midnight belongs to that
    day, and a holiday then closes it.
    """
    problems = _zone_problems(time_zone)
    week = _week(hours, problems)
    closed = frozenset(day for day in holidays if _is_date("holidays", day, problems))
    dated = _dated(special or {}, week, closed, problems)
    if problems:
        raise HoursError(problems)
    return OpeningHours(time_zone=time_zone, week=week, holidays=closed, special=dated)


def _zone_problems(time_zone: str) -> list[str]:
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):  # unknown; malformed; a folder such as "America"
        return [f"time_zone: {time_zone!r} is not an IANA time zone"]
    return []


def _is_date(where: str, day: object, problems: list[str]) -> bool:
    # A datetime is a date to isinstance, but never equal to one: it would close nothing.
    if isinstance(day, date) and not isinstance(day, datetime):
        return True
    problems.append(f"{where}: {day!r} is not a date")
    return False


def _week(hours: Mapping[str, Written], problems: list[str]) -> tuple[tuple[Span, ...], ...]:
    days: list[list[Span]] = [[] for _ in WEEKDAYS]
    for name, written in hours.items():
        if name not in WEEKDAYS:
            problems.append(f"hours: {name!r} is not a day; days are {', '.join(WEEKDAYS)}")
            continue
        today, tomorrow = _split(f"hours {name}", written, problems)
        index = WEEKDAYS.index(name)
        days[index] += today
        days[(index + 1) % 7] += tomorrow
    for name, spans in zip(WEEKDAYS, days, strict=True):
        _check_overlaps(f"hours {name}", spans, problems)
    return tuple(union(spans) for spans in days)


def _dated(
    special: Mapping[date, Written],
    week: tuple[tuple[Span, ...], ...],
    holidays: frozenset[date],
    problems: list[str],
) -> dict[date, tuple[Span, ...]]:
    days: dict[date, list[Span]] = {}
    tails: dict[date, list[Span]] = {}
    for day, written in special.items():
        if _is_date("special", day, problems):
            days[day], tail = _split(f"special {day}", written, problems)
            if tail:
                tails[day + timedelta(days=1)] = tail
    for day, tail in tails.items():
        if day in days:
            days[day] += tail
    for day, spans in days.items():
        _check_overlaps(f"special {day}", spans, problems)
    for day, tail in tails.items():
        if day not in days and day not in holidays:
            days[day] = [*week[day.weekday()], *tail]
    return {day: union(spans) for day, spans in days.items()}


def _split(where: str, written: Written, problems: list[str]) -> tuple[list[Span], list[Span]]:
    """The spans of the day itself, and those after midnight."""
    today: list[Span] = []
    tomorrow: list[Span] = []
    for pair in written:
        try:
            opens, closes = (_seconds(text) for text in pair)
        except (TypeError, ValueError):
            problems.append(f"{where}: {pair!r} is not a pair of times such as 09:00 and 17:00")
            continue
        if opens in (DAY, closes):
            problems.append(
                f"{where}: {pair[0]} to {pair[1]} is empty (a whole day is 00:00-24:00)"
            )
        elif opens < closes:
            today.append((opens, closes))
        else:
            today.append((opens, DAY))
            tomorrow += [(0, closes)] if closes else []
    return today, tomorrow


def _seconds(text: str) -> int:
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def _check_overlaps(where: str, spans: list[Span], problems: list[str]) -> None:
    ordered = sorted(spans)
    for (_, closes), (opens, _) in pairwise(ordered):
        if opens < closes:
            problems.append(f"{where}: the span opening at {_clock(opens)} overlaps another")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order, with touching and overlapping spans made one."""
    merged: list[Span] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return tuple(merged)
