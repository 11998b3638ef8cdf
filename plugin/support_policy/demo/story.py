"""A demo's story: tickets somebody opens, and what the policy makes of each, written by hand.

Nothing here uses the product's own rules or clock: an expectation worked out by the code under
test would agree with every mistake of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

Via = Literal["public", "agent", "rest"]
Language = Literal["en", "fr"]

ZONE: Final = ZoneInfo("America/Toronto")
CLOSING_HOUR: Final = 17
CATEGORIES: Final = frozenset(
    (
        "high.website_offline_fault",
        "high.email_offline_fault",
        "high.control_panel_inaccessible",
        "medium.website_errors",
        "medium.control_panel_login",
        "medium.email_errors",
        "medium.website_offline",
        "medium.email_offline",
        "low.development_help",
        "low.website_transfer",
        "low.general_question",
        "low.third_party_cms",
        "sales",
        "accounts_billing",
        "management",
    )
)
NEEDED: Final = frozenset(
    ("key", "via", "queue", "from", "language", "priority", "subject", "body", "expect")
)
OPTIONAL: Final = frozenset(("filler", "filler_times"))
DUE_KEYS: Final = frozenset(("due", "due_after_seconds", "due_business_days"))
EXPECT_KEYS: Final = DUE_KEYS | {"category", "held", "desk_priority", "tags", "tags_absent"}

# Quebec's public holidays, with the Mondays that stand for a Saturday's Christmas and New Year.
QUEBEC: Final = {
    2026: "01-01 04-03 05-18 06-24 07-01 09-07 10-12 12-25",
    2027: "01-01 03-26 05-24 06-24 07-01 09-06 10-11 12-25 12-27",
    2028: "01-01 01-03 04-14 05-22 06-24 07-01 09-04 10-09 12-25",
}
HOLIDAYS: Final = frozenset(
    date.fromisoformat(f"{year}-{day}") for year, days in QUEBEC.items() for day in days.split()
)
LAST_DAY: Final = date(2028, 12, 31)  # the table above ends here


class StoryError(ValueError):
    """A story is not well formed; the message lists every mistake, one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must stand on a ticket; `category` is empty for a held one.

    One of `due_after_seconds` (from receipt) and `due_business_days` (closing of the k-th business
    day after the local date of receipt) is set; neither means that no time is due.
    """

    category: str = ""
    held: bool = False
    desk_priority: int
    due_after_seconds: int | None = None
    due_business_days: int | None = None
    tags: tuple[str, ...] = ()
    tags_absent: tuple[str, ...] = ()

    def due(self, received: datetime) -> datetime | None:
        """The instant of the expected first reply to a ticket received then; None for none."""
        if self.due_after_seconds is not None:
            # In UTC: Python adds to a local time by the wall clock, whatever the clocks do.
            return received.astimezone(UTC) + timedelta(seconds=self.due_after_seconds)
        if self.due_business_days is not None:
            return closing(received, self.due_business_days)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTicket:
    """One ticket to open; `priority` is the number chosen in the form (1 critical to 5)."""

    key: str
    via: Via
    queue: str
    requester: str
    language: Language
    priority: int
    subject: str
    body: str
    expect: Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A named list of tickets and the registered senders, as CSV text."""

    name: str
    title: str
    tickets: tuple[StoryTicket, ...]
    accounts: str


def closing(received: datetime, days: int) -> datetime:
    """17:00 in Toronto on the `days`-th business date after the local date of receipt."""
    day = received.astimezone(ZONE).date()
    while days:
        day += timedelta(days=1)
        if day > LAST_DAY:
            raise StoryError(f"the table of holidays ends on {LAST_DAY}")
        if day.weekday() < 5 and day not in HOLIDAYS:  # Monday to Friday
            days -= 1
    return datetime(day.year, day.month, day.day, CLOSING_HOUR, tzinfo=ZONE)


def names() -> tuple[str, ...]:
    """The stories in the package."""
    found = (resources.files("support_policy.demo") / "stories").iterdir()
    return tuple(sorted(f.name[:-5] for f in found if f.name.endswith(".toml")))


def load(name: str) -> Story:
    """Read one story of the package; StoryError lists everything that is wrong with it."""
    if name not in names():
        raise StoryError(f"no story {name!r}; there are: {', '.join(names())}")
    folder = resources.files("support_policy.demo") / "stories"
    return parse(
        name,
        (folder / f"{name}.toml").read_text(encoding="utf-8"),
        (folder / "accounts.csv").read_text(encoding="utf-8"),
    )


def parse(name: str, text: str, accounts: str) -> Story:
    """Make a story of TOML and CSV text; StoryError lists everything that is wrong with it."""
    data = tomllib.loads(text)
    rows = data.get("ticket", [])
    mistakes = [f"{name}: {m}" for row in rows for m in _mistakes(row)]
    keys = [row.get("key") for row in rows]
    mistakes += [f"{name}: key {key!r} is used twice" for key in keys if keys.count(key) > 1]
    if mistakes or not rows:
        raise StoryError("\n".join(mistakes) or f"{name}: no tickets")
    return Story(
        name=name,
        title=data["title"],
        tickets=tuple(_ticket(row) for row in rows),
        accounts=accounts,
    )


def _ticket(row: Mapping[str, Any]) -> StoryTicket:
    wanted = row["expect"]
    body = row["body"] + f"{row.get('filler', '')}\n" * row.get("filler_times", 0)
    return StoryTicket(
        key=row["key"],
        via=row["via"],
        queue=row["queue"],
        requester=row["from"],
        language=row["language"],
        priority=row["priority"],
        subject=row["subject"],
        body=body,
        expect=Expect(
            category=wanted.get("category", ""),
            held=wanted.get("held", False),
            desk_priority=wanted["desk_priority"],
            due_after_seconds=wanted.get("due_after_seconds"),
            due_business_days=wanted.get("due_business_days"),
            tags=tuple(wanted.get("tags", ())),
            tags_absent=tuple(wanted.get("tags_absent", ())),
        ),
    )


def _mistakes(row: Mapping[str, Any]) -> Iterator[str]:
    where = f"ticket {row.get('key', '?')!r}"
    for key in sorted(NEEDED - row.keys()):
        yield f"{where}: {key} is missing"
    for key in sorted(row.keys() - NEEDED - OPTIONAL):
        yield f"{where}: {key} is unknown"
    for key, allowed in (("via", Via), ("language", Language)):
        if row.get(key) not in get_args(allowed):
            yield f"{where}: {key} is one of {', '.join(get_args(allowed))}"
    if row.get("priority") not in range(1, 6):
        yield f"{where}: priority is 1 to 5"
    for mistake in _expect_mistakes(row.get("expect", {})):
        yield f"{where}: expect: {mistake}"


def _expect_mistakes(wanted: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(wanted.keys() - EXPECT_KEYS):
        yield f"{key} is unknown"
    if wanted.get("held"):
        if "category" in wanted or wanted.get("due") != "none":
            yield 'a held ticket has no category and due = "none"'
    elif wanted.get("category") not in CATEGORIES:
        yield f"category {wanted.get('category')!r} is unknown"
    if wanted.get("desk_priority") not in range(1, 6):
        yield "desk_priority is 1 to 5"
    if len(wanted.keys() & DUE_KEYS) != 1:
        yield "exactly one of due, due_after_seconds and due_business_days is needed"
    for tag in sorted(set(wanted.get("tags", ())) & set(wanted.get("tags_absent", ()))):
        yield f"{tag} is both wanted and unwanted"
