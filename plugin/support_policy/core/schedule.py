"""Business time: the open seconds between two instants, and the instant at which they are spent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from support_policy.core.open_time import (
    EPOCH,
    NO_TIME,
    ONE_DAY,
    OpenTime,
    Year,
    compile_year,
    day_spans,
    instant,
    join,
    whole_seconds,
)
from support_policy.core.opening_hours import DAY, WEEKDAYS, Span, Written, read_hours, union

FIRST_YEAR, LAST_YEAR = 1900, 2199
COUNTED = range(FIRST_YEAR + 2, LAST_YEAR - 1)
"""The years in whose every instant, in any zone, a ticket may be received and its time counted."""


class NoOpeningError(ValueError):
    """The calendar does not open within the horizon, so there is no answer."""


class StepKind(StrEnum):
    """What one step on the way to a due time was."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One open stretch that was used, or one closed date that was passed.

    ``opens``, ``closes`` and ``seconds`` belong to open steps; ``date`` is local.
    """

    kind: StepKind
    date: date
    opens: datetime | None = None
    closes: datetime | None = None
    seconds: int = 0


class Schedule:
    """A calendar of business hours that adds and measures open time, to the second.

    Times are "HH:MM" on the wall clock of an IANA zone; "24:00" is the next midnight, and a closing
    at or before its opening is on the next day. ``special`` replaces the hours of a date, holiday
    or not. In the hour a clock change skips, hours move on by what is skipped; in the hour it
    repeats, the first one counts. Datetimes must be aware, seconds are whole (finer is cut off),
    results are in the schedule's zone (in an hour that occurs twice, its offset of that moment, so
    that results always compare as instants). Raises HoursError, a ValueError, with every problem.
    """

    __slots__ = ("_digest", "_horizon", "_hours", "_name", "_table", "_years", "_zone")

    def __init__(
        self,
        *,
        time_zone: str,
        hours: Mapping[str, Written],
        holidays: Collection[date] = frozenset(),
        special: Mapping[date, Written] | None = None,
        name: str = "",
    ) -> None:
        read = read_hours(time_zone=time_zone, hours=hours, holidays=holidays, special=special)
        self._hours = read
        self._zone = ZoneInfo(time_zone)
        # Filled as years are asked for, and replaced whole: threads see an old table or a new one.
        self._table = NO_TIME
        self._years: dict[int, Year] = {}
        self._name = name
        self._digest = read.digest
        # A weekly calendar opens again within a year unless holidays fall on all its open days.
        self._horizon = (366 + 7 * len(read.holidays)) * DAY

    def add(
        self, start: datetime, seconds: int, pauses: Iterable[tuple[datetime, datetime]] = ()
    ) -> datetime:
        """The earliest instant with this much open, unpaused time since the start.

        An amount used up at a closing ends there, not at the next opening; zero seconds end at the
        next open instant.
        """
        at = whole_seconds(start, "start")
        table = self._table
        if table.begins <= at < table.ends and seconds > 0 and not pauses:
            # What nearly every call comes to, written out: what _search does, in fewer calls.
            shift, after = table.shift, table.after
            i = bisect_right(table.opens, at) - 1
            goal = at + shift[i]
            if goal > after[i]:
                goal = after[i]
            goal += seconds
            i = bisect_left(after, goal)
            if i not in table.unusual:
                return datetime.fromtimestamp(goal - shift[i], self._zone)
        if seconds < 0:
            raise ValueError(f"seconds must not be negative, not {seconds}")
        return self._search(*self._last_run(at, seconds, _merged(pauses)))

    def between(
        self, start: datetime, end: datetime, pauses: Iterable[tuple[datetime, datetime]] = ()
    ) -> int:
        """The open, unpaused seconds from the start to the end."""
        first, last = whole_seconds(start, "start"), whole_seconds(end, "end")
        if last < first:
            raise ValueError(f"end {end} is before start {start}")
        table = self._covering(first, last)
        open_time = table.before(last) - table.before(first)
        for paused, resumed in _merged(pauses) if pauses else ():
            if paused < last and resumed > first:
                open_time -= self._between(max(paused, first), min(resumed, last))
        return open_time

    def is_open(self, at: datetime) -> bool:
        """Whether the instant is in business hours; a closing is not, an opening is."""
        second = whole_seconds(at, "at")
        table = self._covering(second, second)
        i = bisect_right(table.opens, second) - 1
        return second + table.shift[i] < table.after[i]

    def next_open(self, at: datetime) -> datetime:
        """The instant itself when open, else the next opening."""
        return self._next_open(whole_seconds(at, "at"))

    def closing(self, start: datetime, days: int) -> datetime:
        """The last closing of the n-th business date after the start's own local date."""
        if days < 1:
            raise ValueError(f"days must be at least 1, not {days}")
        at = whole_seconds(start, "start")
        table = self._covering(at, at)
        while (n := bisect_right(table.midnights, at) + days - 1) >= len(table.closings):
            table = self._further(table, at)
        return self._found(table, at, table.closings[n])

    def day_end(self, at: datetime) -> datetime:
        """The first instant, at or after this one, at which a business date ends."""
        second = whole_seconds(at, "at")
        table = self._covering(second, second)
        while (n := bisect_left(table.closings, second)) == len(table.closings):
            table = self._further(table, second)
        return self._found(table, second, table.closings[n])

    def steps(self, start: datetime, due: datetime) -> tuple[Step, ...]:
        """How open time went from the start to the due time, one local date after the other."""
        first, last = whole_seconds(start, "start"), whole_seconds(due, "due")
        if last < first:
            raise ValueError(f"due {due} is before start {start}")
        day = datetime.fromtimestamp(first, self._zone).date()
        steps: list[Step] = []
        while (midnight := instant(self._zone, day, 0)) < last:
            end = instant(self._zone, day, DAY)
            steps += self._day_steps(day, (midnight, end), (first, last))
            day += ONE_DAY
        return tuple(steps)

    @property
    def time_zone(self) -> str:
        """The IANA name of the zone of all hours and results."""
        return self._hours.time_zone

    @property
    def digest(self) -> str:
        """A stable hash of zone, hours, holidays and special dates; the name is no part of it."""
        return self._digest

    @property
    def holidays(self) -> frozenset[date]:
        """The dates closed from midnight to midnight."""
        return self._hours.holidays

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Schedule {self._name or self.time_zone} {self.digest}>"

    def _search(self, at: int, seconds: int) -> datetime:
        if not seconds:
            return self._next_open(at)
        table = self._covering(at, at)
        while True:
            goal = table.before(at) + seconds
            i = bisect_left(table.after, goal)
            if i < len(table.after):
                return self._found(table, at, goal - table.shift[i])
            table = self._further(table, at)

    def _between(self, first: int, last: int) -> int:
        table = self._covering(first, last)
        return table.before(last) - table.before(first)

    def _next_open(self, at: int) -> datetime:
        table = self._covering(at, at)
        while True:
            i = bisect_right(table.opens, at) - 1
            if at + table.shift[i] < table.after[i]:
                return self._found(table, at, at)
            if i + 1 < len(table.opens):
                break
            table = self._further(table, at)
        return self._found(table, at, table.opens[i + 1])

    def _found(self, table: OpenTime, at: int, found: int) -> datetime:
        """The instant found by a search from ``at``, as a datetime of the zone."""
        if table.gaps:
            self._check_gaps(table, at, found)
        local = datetime.fromtimestamp(found, self._zone)
        return _fixed(local) if bisect_right(table.long_days, found) % 2 else local

    def _last_run(self, at: int, seconds: int, pauses: Iterable[Span]) -> tuple[int, int]:
        """Where the last run without a pause begins, and the open seconds left for it."""
        for paused, resumed in pauses:
            if resumed <= at:
                continue
            before = self._between(at, max(paused, at))
            if before and seconds <= before:
                break
            at, seconds = resumed, seconds - before
        return at, seconds

    def _day_steps(self, day: date, bounds: Span, asked: Span) -> list[Step]:
        spans = day_spans(self._hours, self._zone, day, bounds)
        if not spans:
            holiday = day in self.holidays and day not in self._hours.special
            return [Step(kind=StepKind.HOLIDAY if holiday else StepKind.CLOSED, date=day)]
        used = ((max(opens, asked[0]), min(closes, asked[1])) for opens, closes in spans)
        return [
            Step(
                kind=StepKind.OPEN,
                date=day,
                opens=_fixed(datetime.fromtimestamp(opens, self._zone)),
                closes=_fixed(datetime.fromtimestamp(closes, self._zone)),
                seconds=closes - opens,
            )
            for opens, closes in used
            if opens < closes
        ]

    def _covering(self, first: int, last: int) -> OpenTime:
        table = self._table
        if table.begins <= first and last < table.ends:
            return table
        years = (_year(first, self._zone), _year(last, self._zone), *table.years)
        return self._publish(range(min(years), max(years) + 1))

    def _further(self, table: OpenTime, at: int) -> OpenTime:
        """A table reaching further into the future; NoOpeningError when that would be in vain."""
        years = table.years
        closed_since = max(at, table.last_closing)
        if table.ends - closed_since > self._horizon:
            raise self._no_opening(closed_since)
        if years[-1] >= LAST_YEAR:
            raise ValueError(f"{self!r} is not asked beyond the year {LAST_YEAR}")
        return self._publish(range(years[0], min(years[-1] + len(years), LAST_YEAR) + 1))

    def _publish(self, years: range) -> OpenTime:
        for year in years:
            if year not in self._years:
                self._years[year] = compile_year(self._hours, self._zone, year)
        # Not self._table: another thread may put a table of other years there at any time.
        table = join(years, [self._years[year] for year in years], self._horizon)
        self._table = table
        return table

    def _check_gaps(self, table: OpenTime, at: int, found: int) -> None:
        # Whether a long gap was crossed must not depend on how far the table happens to reach.
        for closes, opens in table.gaps:
            if at < opens <= found and opens - max(at, closes) > self._horizon:
                raise self._no_opening(max(at, closes))

    def _no_opening(self, since: int) -> NoOpeningError:
        day = datetime.fromtimestamp(since, self._zone).date()
        days = self._horizon // DAY
        return NoOpeningError(f"{self!r} has no opening within {days} days after {day}")


@cache
def around_the_clock(time_zone: str) -> Schedule:
    """The calendar that never closes, in which open time is real time."""
    hours = {day: [("00:00", "24:00")] for day in WEEKDAYS}
    return Schedule(time_zone=time_zone, hours=hours, name="24x7")


@cache
def tzdata_version() -> str:
    """The release of the time zone data in use, such as 2025b; "unknown" when it does not say.

    Like zoneinfo, it takes the system's data before the tzdata package's.
    """
    for folder in (Path(path) for path in TZPATH):
        if (folder / "UTC").exists():
            for version in (folder / "tzdata.zi", folder / "+VERSION"):
                if version.exists():
                    with version.open(encoding="utf-8") as file:
                        return file.readline().removeprefix("# version ").strip()
            return "unknown"
    return str(import_module("tzdata").IANA_VERSION)


def _year(at: int, zone: ZoneInfo) -> int:
    year = (EPOCH + timedelta(seconds=at)).year
    if FIRST_YEAR < year < LAST_YEAR:
        return datetime.fromtimestamp(at, zone).year
    raise ValueError(f"the year {year} is outside {FIRST_YEAR + 1} to {LAST_YEAR - 1}")


def _merged(pauses: Iterable[tuple[datetime, datetime]]) -> tuple[Span, ...]:
    spans = [
        (whole_seconds(paused, "pauses"), whole_seconds(resumed, "pauses"))
        for paused, resumed in pauses
    ]
    if any(resumed < paused for paused, resumed in spans):
        raise ValueError("pauses: a pause ends before it starts")
    return union(spans)


def _fixed(local: datetime) -> datetime:
    """The same instant; with a fixed offset if its wall time occurs twice.

    Python's zones call such a datetime unequal to every other zone's, and compare the two
    occurrences within the zone as if they were one (PEP 495).
    """
    offset = local.utcoffset()
    if offset is None or local.replace(fold=1 - local.fold).utcoffset() == offset:
        return local
    return local.replace(tzinfo=timezone(offset, local.tzname() or ""), fold=0)
