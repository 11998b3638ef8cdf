"""A ticket as its page shows it to an agent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.live.osticket.web import words

OURS = "Support Policy"
KINDS = ("message", "response", "note", "system")
MINUTE = "%m/%d/%y %I:%M %p"
FIELD = re.compile(r"/field/(\w+)/edit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the thread."""

    kind: str  # message, response, note, system: a note by a program
    head: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stands on the page; `links` names what can be changed in place."""

    subject: str
    number: str
    rows: dict[str, str]
    links: dict[str, str]
    overdue: bool
    entries: tuple[Entry, ...]
    events: tuple[str, ...]

    def __getitem__(self, label: str) -> str:
        return self.rows.get(label, "")

    @property
    def notes(self) -> tuple[Entry, ...]:
        """Our internal notes."""
        written = (it for it in self.entries if it.kind in {"note", "system"})
        return tuple(it for it in written if OURS in it.head)

    @property
    def ours(self) -> tuple[str, ...]:
        """The thread's events of ours."""
        return tuple(it for it in self.events if OURS in it)


def read_ticket(page: LexborHTMLParser) -> Seen:
    """Read the page."""
    rows: dict[str, str] = {}
    links: dict[str, str] = {}
    for row in page.css("table.ticket_info tr"):
        head, cell = row.css_first("th, td"), row.css_first("th + td, td + td")
        if head is None or cell is None or row.css_first("table"):
            continue
        label = words(head).rstrip(":").strip()
        shown = words(cell).partition(" ( ")[0]  # the user's tickets are counted there
        rows[label] = "" if shown.strip("— ") == "Empty" else shown
        if link := cell.css_first("a.inline-edit"):
            found = FIELD.search(link.attributes.get("href") or "")
            links[label] = found[1] if found else ""
    return Seen(
        subject=words(page.css_first(".tixTitle h3")),
        number=words(page.css_first("h2")).rpartition("#")[2],
        rows=rows,
        links=links,
        overdue=page.css_first(".overdueTicket") is not None,
        entries=tuple(_entry(each) for each in page.css(".thread-entry")),
        events=tuple(words(each) for each in page.css(".thread-event")),
    )


def _entry(node: LexborNode) -> Entry:
    kinds = set((node.attributes.get("class") or "").split())
    body = node.css_first(".thread-body")
    head = node.css_first(".header")
    return Entry(
        kind=next((kind for kind in KINDS if kind in kinds), ""),
        head=words(head),
        text=body.text(deep=True).strip() if body else "",
    )


def moment(shown: str, zone: tzinfo) -> datetime:
    """A moment as the pages of a fresh osTicket show it, to the minute."""
    return datetime.strptime(shown.replace("\u202f", " "), MINUTE).replace(tzinfo=zone)
