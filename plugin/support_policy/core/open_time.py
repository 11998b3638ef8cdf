"""Opening hours laid out on the line of UTC seconds, with running totals of open time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from support_policy.core.opening_hours import DAY, OpeningHours, Span, union

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


class OpenTime(NamedTuple):
    """The open time of a run of whole local years, in UTC seconds since 1970.

    Stretch i opens at ``opens[i]``; inside it, open time since the beginning is t + ``shift[i]``,
    and ``after[i]`` once it is closed. ``midnights`` and ``closings`` are the start and the last
    closing of each business date. ``gaps`` are closed stretches longer than the horizon.
    ``long_days`` are the start and end, in turn, of dates on which clocks went back. Results in the
    ``unusual`` stretches need a closer look, for one of these reasons or because there is no such
    stretch yet.
    """

    years: range
    begins: int
    ends: int
    opens: Sequence[int]
    shift: Sequence[int]
    after: Sequence[int]
    midnights: Sequence[int]
    closings: Sequence[int]
    gaps: Sequence[Span]
    long_days: Sequence[int]
    unusual: frozenset[int]

    def before(self, at: int) -> int:
        """The open seconds from the beginning to an instant."""
        i = bisect_right(self.opens, at) - 1
        return min(at + self.shift[i], self.after[i])

    @property
    def last_closing(self) -> int:
        """The end of the last stretch."""
        return self.after[-1] - self.shift[-1]


NO_TIME = OpenTime(range(0), 0, 0, (), (), (), (), (), (), (), frozenset())


class Year(NamedTuple):
    """One local year of open stretches; the other fields are those of OpenTime."""

    begins: int
    ends: int
    spans: Sequence[Span]
    midnights: Sequence[int]
    closings: Sequence[int]
    long_days: Sequence[int]


def compile_year(hours: OpeningHours, zone: ZoneInfo, year: int) -> Year:
    """One local year of these hours."""
    spans: list[Span] = []
    midnights: list[int] = []
    closings: list[int] = []
    long_days: list[int] = []
    day = date(year, 1, 1)
    begins = midnight = instant(zone, day, 0)
    while day.year == year:
        end = instant(zone, day, DAY)
        if today := day_spans(hours, zone, day, (midnight, end)):
            spans += today
            midnights.append(midnight)
            closings.append(today[-1][1])
        if end - midnight > DAY:
            long_days += (midnight, end)
        day, midnight = day + ONE_DAY, end
    return Year(begins, midnight, spans, midnights, closings, long_days)


def join(years: range, parts: Sequence[Year], horizon: int) -> OpenTime:
    """Successive years as one; stretches that touch become one."""
    begins = parts[0].begins
    # An empty stretch comes first, so that every instant has a stretch at or before it.
    opens, shift, after = [begins], [-begins], [0]
    gaps: list[Span] = []
    closed, total = begins, 0
    for opening, closing in chain.from_iterable(part.spans for part in parts):
        if opening > closed:
            if opening - closed > horizon:
                gaps.append((closed, opening))
            opens.append(opening)
            shift.append(total - opening)
            after.append(total)
        # In 1919 Toronto's clocks skipped midnight: a day's 24:00 came after the next day's 00:30.
        total += max(closing - max(opening, closed), 0)
        after[-1], closed = total, max(closing, closed)
    long_days = list(chain.from_iterable(part.long_days for part in parts))
    return OpenTime(
        years=years,
        begins=begins,
        ends=parts[-1].ends,
        opens=opens,
        shift=shift,
        after=after,
        midnights=list(chain.from_iterable(part.midnights for part in parts)),
        closings=list(chain.from_iterable(part.closings for part in parts)),
        gaps=gaps,
        long_days=long_days,
        unusual=_unusual(opens, gaps, long_days),
    )


def _unusual(
    opens: Sequence[int], gaps: Sequence[Span], long_days: Sequence[int]
) -> frozenset[int]:
    beyond = len(opens)
    after_gap = bisect_left(opens, gaps[0][1]) if gaps else beyond
    long = (
        range(bisect_right(opens, midnight) - 1, bisect_left(opens, end))
        for midnight, end in zip(long_days[::2], long_days[1::2], strict=True)
    )
    return frozenset(chain(range(after_gap, beyond + 1), *long))


def day_spans(hours: OpeningHours, zone: ZoneInfo, day: date, bounds: Span) -> Sequence[Span]:
    """The open stretches of the date that lasts from one of the bounds to the other."""
    midnight, end = bounds
    if end - midnight == DAY:
        return [(midnight + opens, midnight + closes) for opens, closes in hours.on(day)]
    if end == midnight:  # a date the zone skipped, such as 30 December 2011 in Samoa
        return ()
    spans = (
        (instant(zone, day, opens), instant(zone, day, closes)) for opens, closes in hours.on(day)
    )
    # What a clock change moves can run into what follows it, or close before it opens.
    return union((opens, closes) for opens, closes in spans if opens < closes)


def instant(zone: ZoneInfo, day: date, second: int) -> int:
    """The instant of a wall-clock second of a date, in the first of two occurrences.

    A wall time that a clock change skips is moved on by as much as is skipped.
    """
    if second == DAY:
        day, second = day + ONE_DAY, 0
    wall = time(second // 3600, second % 3600 // 60)
    return whole_seconds(datetime.combine(day, wall, tzinfo=zone), "day")


def whole_seconds(at: datetime, argument: str) -> int:
    """Seconds since 1970, rounded down; a ValueError names the argument that has no zone."""
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(f"{argument} must be a datetime with a time zone, not {at!r}") from None
    return since.days * DAY + since.seconds
