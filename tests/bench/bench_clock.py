"""How fast the SLA clock is beside its peers: one interleaved run, as ratios.

Every round asks all peers the same questions on the same calendar, in shuffled order; a ratio is
the median of the rounds' own ratios, with the least and the greatest. Absolute times say little on
a shared machine. Each peer gets instants in the kind of zone it wants, outside the measurement.
"""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz
import workclock

from support_policy.core.schedule import Schedule

ROUNDS = 15
ZONE = "America/Toronto"
CALENDARS = Path(__file__).parents[1] / "core" / "data" / "calendars.json"
HOUR = 3600

# What is asked, and how many instants a peer is given: one that walks through every day is slow.
OURS, WORKCLOCK, BUSINESSTIMEDELTA = "ours", "workclock", "businesstimedelta"
ADDED = {"+4 h": 4, "+8 h": 8, "+2,000 h": 2000}
DAYS, YEAR = "+5 days", "year between"
SAMPLE = {OURS: 400, WORKCLOCK: 200, BUSINESSTIMEDELTA: 20}
SLOW_SAMPLE = {OURS: 400, WORKCLOCK: 60, BUSINESSTIMEDELTA: 1}

GOALS = {
    ("+8 h", WORKCLOCK): 3.0,
    ("+8 h", BUSINESSTIMEDELTA): 40.0,
}
SPAN_GOAL = 1.5

Call = Callable[[datetime], object]
Spread = tuple[float, float, float]


def ratios(rounds: int = ROUNDS) -> dict[str, dict[str, Spread]]:
    """Median, least and greatest ratio, by question and peer.

    Peers' times are divided by ours for the same question; ours, by our own time for +4 h.
    """
    questions = _questions()
    starts = _starts(max(SAMPLE.values()))
    runs = [(question, peer) for question, peers in questions.items() for peer in peers]
    for question, peer in runs:  # the first call fills tables and caches
        _seconds_a_call(questions[question][peer], starts[peer][:1])
    times: list[dict[tuple[str, str], float]] = []
    for _ in range(rounds):
        random.shuffle(runs)
        times.append(
            {
                (question, peer): _seconds_a_call(
                    questions[question][peer], starts[peer][: _sample(question, peer)]
                )
                for question, peer in runs
            }
        )
    return {
        question: {peer: _spread(times, question, peer) for peer in peers}
        for question, peers in questions.items()
    }


def misses(measured: dict[str, dict[str, Spread]]) -> list[str]:
    """The goals that the medians do not reach."""
    slow = [
        f"{question} is {measured[question][peer][0]:.1f}x {peer}, not {goal:g}x"
        for (question, peer), goal in GOALS.items()
        if measured[question][peer][0] < goal
    ]
    long = [
        f"{question} costs {measured[question][OURS][0]:.2f} of +4 h, more than {SPAN_GOAL:g}"
        for question in ("+2,000 h", YEAR)
        if measured[question][OURS][0] > SPAN_GOAL
    ]
    return slow + long


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    measured = ratios()
    print(f"Time of each peer / time of ours, median [least-greatest] of {ROUNDS} rounds;")
    print("ours: time / time of +4 h.\n")
    print(f"| {'':12} | {OURS:18} | {WORKCLOCK:18} | {BUSINESSTIMEDELTA:24} |")
    print(f"|{'-' * 14}|{'-' * 20}|{'-' * 20}|{'-' * 26}|")
    for question, peers in measured.items():
        ours, rust, python = (_cell(peers.get(peer)) for peer in SAMPLE)
        print(f"| {question:12} | {ours:18} | {rust:18} | {python:24} |")
    missed = misses(measured)
    print("\n" + ("\n".join(f"missed: {goal}" for goal in missed) or "All goals are reached."))
    return 1 if missed else 0


def _questions() -> dict[str, dict[str, Call]]:
    ours, rust, python = _calendars()
    year = timedelta(days=365)
    questions = {question: _adding(ours, rust, python, hours) for question, hours in ADDED.items()}
    # The peers know no day targets.
    questions[DAYS] = {OURS: lambda at: ours.closing(at, 5)}
    questions[YEAR] = {
        OURS: lambda at: ours.between(at, at + year),
        WORKCLOCK: lambda at: rust.between(at, at + year),
        BUSINESSTIMEDELTA: lambda at: python.difference(at, at + year),
    }
    return questions


def _adding(
    ours: Schedule, rust: workclock.Schedule, python: businesstimedelta.Rules, hours: int
) -> dict[str, Call]:
    seconds = hours * HOUR
    delta = businesstimedelta.BusinessTimeDelta(python, hours=hours)
    return {
        OURS: lambda at: ours.add(at, seconds),
        WORKCLOCK: lambda at: rust.add(at, hours=hours),
        BUSINESSTIMEDELTA: lambda at: at + delta,
    }


def _calendars() -> tuple[Schedule, workclock.Schedule, businesstimedelta.Rules]:
    calendar = json.loads(CALENDARS.read_text(encoding="utf-8"))["calendars"]["qc_9_17"]
    closed = [date.fromisoformat(day) for day in calendar["holidays"]]
    rust = workclock.Schedule(
        [workclock.WorkDay(time(9), time(17)), workclock.Holidays(closed)], time_zone=ZONE
    )
    zone = pytz.timezone(ZONE)
    python = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(time(9), time(17), [0, 1, 2, 3, 4], tz=zone),
            businesstimedelta.HolidayRule(set(closed), tz=zone),
        ]
    )
    ours = Schedule(time_zone=ZONE, hours=calendar["hours"], holidays=set(closed))
    return ours, rust, python


def _starts(count: int) -> dict[str, list[datetime]]:
    """The same instants of 2026 for all; businesstimedelta needs zones of pytz."""
    chosen = random.Random(2026)  # noqa: S311 - instants, not secrets
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    instants = [begin + timedelta(minutes=chosen.randrange(525_600)) for _ in range(count)]
    ours = [instant.astimezone(ZoneInfo(ZONE)) for instant in instants]
    zone = pytz.timezone(ZONE)
    return {
        OURS: ours,
        WORKCLOCK: ours,
        BUSINESSTIMEDELTA: [instant.astimezone(zone) for instant in instants],
    }


def _sample(question: str, peer: str) -> int:
    return (SLOW_SAMPLE if question in ("+2,000 h", YEAR) else SAMPLE)[peer]


def _seconds_a_call(call: Call, starts: Sequence[datetime]) -> float:
    gc.disable()
    began = perf_counter()
    for start in starts:
        call(start)
    took = perf_counter() - began
    gc.enable()
    return took / len(starts)


def _spread(times: list[dict[tuple[str, str], float]], question: str, peer: str) -> Spread:
    base = ("+4 h", OURS) if peer == OURS else (question, OURS)
    found = [each[question, peer] / each[base] for each in times]
    return median(found), min(found), max(found)


def _cell(spread: Spread | None) -> str:
    if spread is None:
        return "-"
    return "{:,.{digits}f} [{:,.{digits}f}-{:,.{digits}f}]".format(
        *spread, digits=2 if spread[0] < 10 else 0
    )


if __name__ == "__main__":
    raise SystemExit(main())
