"""What the plugin makes of a decision on one ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.osticket_double.tickets import Entry, Ticket

if TYPE_CHECKING:
    from tests.osticket_double.decisions import Decision
    from tests.osticket_double.helpdesk import Admin


@dataclass(slots=True)
class Applied:
    """What changed, what was asked and not done, and why all of it was left."""

    changes: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    ignored: str = ""


def apply(ticket: Ticket, decision: Decision, admin: Admin, *, revision: str) -> Applied:
    """Apply a decision to a ticket, or say why not."""
    if ticket.applied is not None and decision.decided_at < ticket.applied:
        return Applied(ignored="older")
    if decision.revision is not None and decision.revision != revision:
        return Applied(ignored="changed")
    if "observe" in (admin.mode, decision.mode):
        return Applied(ignored="observing")
    done = Applied()
    update = decision.update or {}
    allowed = {name: value for name, value in update.items() if name in admin.writes | {"target"}}
    _due(ticket, allowed, admin, done)
    for name, put in (("priority", _priority), ("department", _department)):
        if name in allowed and getattr(ticket, name) != allowed[name]:
            put(ticket, allowed[name], admin, done)
    _words(ticket, allowed, admin, done)
    if done.changes:
        ticket.events.append("Updated by Support Policy: " + ", ".join(done.changes))
    ticket.applied = decision.decided_at
    return done


def _due(ticket: Ticket, update: dict[str, Any], admin: Admin, done: Applied) -> None:
    """The estimate is ours to write; a due date that somebody set is not."""
    due: datetime | None = update.get("due_at")
    if due is None:
        return
    if ticket.duedate is not None:
        done.not_kept.append("due_at")
        return
    target = update.get("target")
    if target and "plan" in admin.writes and admin.plans.get(target) and ticket.plan != target:
        ticket.plan = target
        done.changes.append("plan")
    if ticket.due_at(bool(ticket.plan and admin.plans.get(ticket.plan))) != due:
        done.changes.append("due_at")
    ticket.expected = due
    ticket.est_duedate = None if ticket.answered else due


def _priority(ticket: Ticket, value: str, admin: Admin, done: Applied) -> None:
    if "priority" in ticket.by_staff or value not in admin.priorities:
        done.not_kept.append("priority")
        return
    ticket.priority = value
    done.changes.append("priority")


def _department(ticket: Ticket, value: str, admin: Admin, done: Applied) -> None:
    if "department" in ticket.by_staff or value not in admin.departments:
        done.not_kept.append("department")
        return
    ticket.department = value
    done.changes.append("department")


def _words(ticket: Ticket, update: dict[str, Any], admin: Admin, done: Applied) -> None:
    """Tags, fields and the note."""
    tags = [tag for tag in dict.fromkeys(update.get("tags", ())) if tag not in ticket.tags]
    if tags:
        admin.tags.update(tags)
        ticket.tags.extend(tags)
        done.changes.append("tags")
    fields = dict(update.get("fields", {}))
    if any(ticket.fields.get(name) != value for name, value in fields.items()):
        ticket.fields.update(fields)
        done.changes.append("fields")
    note = update.get("note")
    if note and note["stamp"] not in ticket.stamps:
        ticket.thread.append(Entry(kind="note", text=note["text"], by="plugin"))
        done.changes.append("note")
