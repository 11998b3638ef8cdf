"""A ticket as osTicket holds it, and as the plugin tells of it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

BODY_CUT = 60_000
STAMP = re.compile(r"\[(support-policy [^\]]*)\]")
OWN_FIELDS = ("class", "expected_at", "reason", "state")

Kind = Literal["message", "response", "note"]


def spelled(at: datetime | None) -> str | None:
    """An instant on the wire, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def exactly(at: datetime | None) -> str | None:
    """An instant on the wire, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a thread; ``by`` tells a person from a program.

    ``address``, ``headers``, ``identity`` and ``automatic`` are a customer's message's.
    """

    kind: Kind
    text: str
    by: Literal["customer", "agent", "plugin", "system"]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    format: str = "text"
    address: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    identity: str = ""
    automatic: bool = False


@dataclass(slots=True, kw_only=True)
class Ticket:
    """One ticket.

    ``duedate`` is the people's, ``est_duedate`` what osTicket or the plugin computed; ``plan`` is
    the SLA plan that the ticket carries. ``applied`` is the moment of the last decision applied and
    ``expected`` its instant.
    """

    id: int
    number: str
    created_at: datetime
    event: str
    subject: str
    format: str = "text"
    source: str = "web"
    opened_by: str = "requester"
    identity: str = "guest"
    automatic: bool = False
    selected: bool = True
    address: str = ""
    language: str | None = None
    department: str = "Support"
    priority: str | None = "normal"
    plan: str | None = None
    duedate: datetime | None = None
    est_duedate: datetime | None = None
    closed: bool = False
    by_staff: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    thread: list[Entry] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    applied: datetime | None = None
    expected: datetime | None = None
    name: str = ""
    verified: bool | None = None
    ask: dict[str, str] | None = None
    is_answered: bool = False
    """osTicket's own mark, which takes a ticket out of the open queue."""

    @property
    def answered(self) -> bool:
        """Whether a person of the company answered in public: then no first response is owed."""
        return any(each.kind == "response" and each.by == "agent" for each in self.thread)

    @property
    def notes(self) -> list[str]:
        """The texts of the plugin's own notes, the newest last."""
        return [each.text for each in self.thread if each.kind == "note" and each.by == "plugin"]

    @property
    def stamps(self) -> list[str]:
        """The stamps in them."""
        return [stamp for text in self.notes for stamp in STAMP.findall(text)]

    @property
    def due_shown(self) -> datetime | None:
        """osTicket's Due Date, as the agents' page and the queues show it."""
        return self.duedate or self.est_duedate

    @property
    def chosen_by_staff(self) -> list[str]:
        """The values that an agent chose."""
        return sorted(self.by_staff | ({"due_at"} if self.duedate else set()))

    def due_at(self, ours: bool) -> datetime | None:
        """What the plugin tells as the due date; ``ours`` says that the plan is one of its own."""
        return self.duedate or (self.expected if ours else None) or self.est_duedate

    def wire(self, *, ours: bool) -> dict[str, Any]:
        """TICKET of the contract."""
        first = next((each.text for each in self.thread if each.kind == "message"), "")
        state: dict[str, Any] = {
            "id": self.id,
            "number": self.number,
            "created_at": spelled(self.created_at),
            "status": "closed" if self.closed else "open",
            "subject": self.subject,
            "body": first[:BODY_CUT],
            "format": self.format,
            "source": self.source,
            "opened_by": self.opened_by,
            "identity": self.identity,
            "automatic": self.automatic,
            "requester": {"address": self.address, "language": self.language},
            "department": self.department,
            "priority": self.priority,
            "due_at": spelled(self.due_at(ours)),
            "set_by_staff": self.chosen_by_staff,
            "tags": list(self.tags),
            "fields": {name: value for name, value in self.fields.items() if value},
            "notes": self.stamps,
            "decided_at": exactly(self.applied),
        }
        digest = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
        return {**state, "revision": digest[:16]}
