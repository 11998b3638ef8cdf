"""The help desk itself: its tickets, its people, its admin's choices, and the plugin's applying."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.osticket_double import paid_help
from tests.osticket_double.applying import Applied, apply
from tests.osticket_double.decisions import Decision
from tests.osticket_double.outbox import Outbox
from tests.osticket_double.paid_help import ASK_TAG, OPEN_TAG, PAID_FIELDS, Hint
from tests.osticket_double.tickets import OWN_FIELDS, Entry, Ticket

VERSION = "0.1.0"
TARGETS = ("high", "medium", "low", "level_2", "sales", "french_response")
WRITES = ("priority", "due_at", "plan", "department", "tags", "fields", "note")


@dataclass(slots=True, kw_only=True)
class Admin:
    """What an admin set up, in osTicket and in the plugin's form."""

    mode: str = "enforce"
    paid_help: bool = True
    trusted_authserv: str = ""
    tickets: str = "all"
    writes: set[str] = field(default_factory=lambda: set(WRITES))
    priorities: list[str] = field(default_factory=lambda: ["low", "normal", "high", "emergency"])
    departments: set[str] = field(default_factory=lambda: {"Support", "Sales", "Level 2"})
    plans: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(TARGETS, True))
    tags: set[str] = field(default_factory=set)
    facts: dict[str, Any] = field(default_factory=dict)
    """Answers of status.json that are put in the place of the healthy ones."""


@dataclass(slots=True)
class HelpDesk:
    """osTicket's state, and what people do to it."""

    admin: Admin = field(default_factory=Admin)
    outbox: Outbox = field(default_factory=Outbox)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    hints: list[Hint] = field(default_factory=list)
    lock: Any = field(default_factory=threading.RLock)
    ahead: timedelta = timedelta(0)
    cron_at: datetime | None = None
    _ids: Any = field(default_factory=lambda: itertools.count(12))

    def now(self) -> datetime:
        """osTicket's clock."""
        return datetime.now(UTC) + self.ahead

    def open(self, subject: str, body: str, *, by: str = "customer", **values: Any) -> str:
        """A ticket comes in, whichever way; its number. What it brings besides is in ``values``."""
        with self.lock:
            identity = next(self._ids)
            ticket = Ticket(
                id=identity,
                number=values.pop("number", f"{identity * 7919 % 899_981 + 100_000}"),
                created_at=values.pop("created_at", self.now()).replace(microsecond=0),
                event=str(uuid.uuid4()),
                subject=subject,
                **values,
            )
            first = Entry(
                kind="message",
                text=body,
                by="customer",
                format=ticket.format,
                address=ticket.address,
            )
            ticket.thread.append(first)
            if by == "agent":
                ticket.opened_by, ticket.identity = "staff", "staff"
                ticket.by_staff |= {"priority"} if "priority" in values else set()
            self.tickets[ticket.number] = ticket
            if self.told(ticket):
                self.outbox.add(ticket.event, ticket.number, self.now())
            return ticket.number

    def told(self, ticket: Ticket) -> bool:
        """Whether the service is to hear of a ticket."""
        return not ticket.automatic and (self.admin.tickets == "all" or ticket.selected)

    # Agents

    def agent_sets(self, number: str, **values: Any) -> None:
        """An agent chooses values by hand: priority, duedate, department."""
        with self.lock:
            ticket = self.tickets[number]
            for name, value in values.items():
                setattr(ticket, name, value)
                ticket.events.append(f"An agent set {name}")
            ticket.by_staff |= set(values) - {"duedate"}

    def agent_replies(self, number: str, text: str) -> None:
        """An agent answers in public: no first response is owed any more."""
        with self.lock:
            ticket = self.tickets[number]
            ticket.thread.append(Entry(kind="response", text=text, by="agent"))
            ticket.is_answered = True
            if self.ours(ticket):
                ticket.est_duedate = None

    def auto_reply(self, number: str, text: str) -> None:
        """osTicket itself answers, which is nobody's response."""
        with self.lock:
            self.tickets[number].thread.append(Entry(kind="response", text=text, by="system"))

    def agent_notes(self, number: str, text: str) -> None:
        """An agent writes an internal note."""
        with self.lock:
            self.tickets[number].thread.append(Entry(kind="note", text=text, by="agent"))

    def agent_tags(self, number: str, tag: str) -> None:
        """An agent picks one more tag."""
        with self.lock:
            self.tickets[number].tags.append(tag)
            self.admin.tags.add(tag)

    def agent_asks(self, number: str, *, reason: str, work: str, blocks: int) -> Hint:
        """An agent fills in the dialog of the More menu."""
        with self.lock:
            ticket = self.tickets[number]
            hint = Hint(kind="permission.asked", ticket=ticket)
            ticket.ask = {
                "mark": hint.event,
                "by": "Ada Admin",
                "reason": reason,
                "work": work,
                "blocks": str(blocks),
                "permitter": "",
            }
            ticket.tags.append(ASK_TAG)
            ticket.thread.append(Entry(kind="note", text=f"Is to be asked: {work}", by="agent"))
            self.hints.append(hint)
            return hint

    def customer_writes(self, number: str, text: str, **how: Any) -> Hint | None:
        """A customer answers; the service hears of it while a request is open."""
        with self.lock:
            ticket = self.tickets[number]
            entry = Entry(
                kind="message", text=text, by="customer", **{"address": ticket.address, **how}
            )
            ticket.thread.append(entry)
            ticket.is_answered = False
            if OPEN_TAG not in ticket.tags or entry.automatic:
                return None
            hint = Hint(kind="message.created", ticket=ticket, entry=len(ticket.thread))
            self.hints.append(hint)
            return hint

    def agent_closes(self, number: str) -> None:
        """An agent closes a ticket."""
        with self.lock:
            self.tickets[number].closed = True
            self.tickets[number].events.append("Closed by an agent")

    def agent_deletes(self, number: str) -> None:
        """An agent deletes a ticket."""
        with self.lock:
            del self.tickets[number]

    # The plugin

    def ours(self, ticket: Ticket) -> bool:
        """Whether a ticket carries one of the plugin's own plans."""
        return ticket.plan is not None and self.admin.plans.get(ticket.plan, False)

    def wire(self, ticket: Ticket) -> dict[str, Any]:
        """TICKET of the contract."""
        with self.lock:
            return ticket.wire(ours=self.ours(ticket))

    def apply(self, ticket: Ticket, decision: Decision) -> Applied:
        """Do what a decision says, in one go."""
        with self.lock:
            revision = ticket.wire(ours=self.ours(ticket))["revision"]
            return apply(ticket, decision, self.admin, revision=revision)

    def conversation(self, ticket: Ticket) -> dict[str, Any]:
        """CONVERSATION of the contract."""
        with self.lock:
            return paid_help.conversation(ticket, trusted=self.admin.trusted_authserv)

    def post(self, ticket: Ticket, message: dict[str, Any]) -> str:
        """Bring a posting on; why nothing was done, or nothing."""
        with self.lock:
            if self.admin.mode != "enforce" or not self.admin.paid_help:
                return "observing"
            return paid_help.post(ticket, message, trusted=self.admin.trusted_authserv)

    def undecided(self, before: int | None, limit: int) -> tuple[list[Ticket], int | None]:
        """The newest open tickets without a decision, and where the next page begins."""
        with self.lock:
            newest = sorted(self.tickets.values(), key=lambda each: each.id, reverse=True)
            found = [
                each
                for each in newest
                if (before is None or each.id < before)
                and not each.closed
                and each.applied is None
                and self.told(each)
            ]
        page = found[:limit]
        return page, page[-1].id if len(found) > limit else None

    def status(self, service: str, spelled: Callable[[datetime | None], str | None]) -> Any:
        """What doctor asks for."""
        with self.lock:
            waiting, done = self.outbox.waiting, [row.delivered_at for row in self.outbox.rows]
            admin = self.admin
            healthy = {
                "plugin": VERSION,
                "helpdesk": "v1.18.1",
                "php": "8.2.36",
                "now": spelled(self.now()),
                "mode": admin.mode,
                "tickets": admin.tickets,
                "time_zones": {"database": "UTC", "default": "America/Toronto", "php": "UTC"},
                "cron": {
                    "last_at": spelled(self.cron_at or self.now() - timedelta(minutes=2)),
                    "last_auto": False,
                },
                "schedule": {"id": 3, "name": "Mexxus hours", "us_holidays": False},
                "departments_with_schedule": [],
                "outbox": {
                    "waiting": len(waiting),
                    "oldest": spelled(min((row.created_at for row in waiting), default=None)),
                    "last_error": next((r.last_error for r in waiting[::-1] if r.last_error), ""),
                    "last_delivered_at": spelled(max(filter(None, done), default=None)),
                },
                "columns": dict.fromkeys((*OWN_FIELDS, "tags", *PAID_FIELDS), True),
                "fields": dict.fromkeys((*OWN_FIELDS, "tags", *PAID_FIELDS), True),
                "priorities": list(admin.priorities),
                "plans": dict(admin.plans),
                "queue": True,
                "canned": 6,
                "canned_about_fee": [],
                "paid_help": admin.mode == "enforce" and admin.paid_help,
                "link_by_mail": True,
                "service": service,
                "writes": sorted(admin.writes),
            }
            return healthy | admin.facts
