"""Every row of the vector files; their schema is in data/README.md."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from support_policy.core.schedule import Schedule

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]


def rows() -> dict[tuple[str, str], list[Row]]:
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for name in ("vectors_dev.jsonl", "vectors_edge.jsonl"):
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            groups[row["cal"], row["op"]].append(row)
    return groups


def schedules() -> dict[str, Schedule]:
    written = json.loads((DATA / "calendars.json").read_text(encoding="utf-8"))
    return {
        name: Schedule(
            time_zone=calendar["tz"],
            hours=calendar["hours"],
            holidays={date.fromisoformat(day) for day in calendar["holidays"]},
            name=name,
        )
        for name, calendar in (written["calendars"] | written["edge"]).items()
    }


ROWS = rows()
SCHEDULES = schedules()


def answer(schedule: Schedule, row: Row) -> object:
    at = {key: datetime.fromisoformat(row[key]) for key in ("start", "end", "at") if key in row}
    pauses = [tuple(map(datetime.fromisoformat, pause)) for pause in row.get("pauses", ())]
    match row["op"]:
        case "add" | "due_with_pauses":
            return schedule.add(at["start"], row["minutes"] * 60, pauses)
        case "between" | "elapsed_with_pauses":
            return schedule.between(at["start"], at["end"], pauses)
        case "is_open":
            return schedule.is_open(at["at"])
        case "next_open":
            return schedule.next_open(at["at"])
        case "eod_nth_day":
            return schedule.closing(at["start"], row["days"])
    raise LookupError(row["op"])


def expected(row: Row) -> object:
    wanted = row["expect_seconds"] if "expect_seconds" in row else row["expect"]
    return datetime.fromisoformat(wanted) if isinstance(wanted, str) else wanted


@pytest.mark.parametrize(("calendar", "op"), sorted(ROWS))
def test_every_row_agrees(calendar: str, op: str) -> None:
    schedule = SCHEDULES[calendar]
    wrong = {
        row["id"]: f"{answer(schedule, row)}, not {expected(row)}"
        for row in ROWS[calendar, op]
        if answer(schedule, row) != expected(row)
    }
    assert wrong == {}


def test_a_business_date_closes_on_its_own_local_date() -> None:
    wrong = []
    for (calendar, op), group in ROWS.items():
        for row in group if op == "eod_nth_day" else ():
            closing = answer(SCHEDULES[calendar], row)
            assert isinstance(closing, datetime)
            # A day that is open until 24:00 closes at the first second of the next one.
            days = {closing.date(), date.fromordinal(closing.toordinal() - 1)}
            if date.fromisoformat(row["expect_date"]) not in days:
                wrong.append(row["id"])
    assert wrong == []


def test_no_row_was_lost() -> None:
    assert sum(len(group) for group in ROWS.values()) == 2610 + 894
