"""What must change on a ticket so that it says what the decision says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from support_policy.core.decision import Decision
from support_policy.core.ticket import Field, Priority, Ticket, TicketRef

KEPT_TAG = "set_by_staff"

CLAMPED_TAG = "policy_priority_unavailable"
"""Says that the desk has no such priority, and shows the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The words that go with a decision: a stamp, a line for a field, and a private note.

    The stamp is the same for the same decision, so that a note already there is recognised.
    """

    stamp: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What differs between a ticket and a decision; falsy when nothing does.

    ``target`` names the policy's target that ``due_at`` comes from; a desk that can show it does.
    ``department`` is in the policy's words. ``tags`` are added to those already there, never put in
    their place. ``kept`` names the fields left alone because a person set them.
    """

    ticket: TicketRef
    priority: Priority | None = None
    due_at: datetime | None = None
    target: str | None = None
    department: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    note: Explanation | None = None
    kept: tuple[Field, ...] = ()

    def __bool__(self) -> bool:
        values = (self.priority, self.due_at, self.department, self.tags, self.fields, self.note)
        return any(values)


def kept_fields(
    ticket: Ticket, decision: Decision, written: Mapping[Field, str]
) -> frozenset[Field]:
    """The fields that are a person's own.

    Besides what the desk reports, a value that we once wrote and that now reads otherwise was
    changed by somebody: whoever it was, we do not argue. A value that is what the decision wants is
    no such change: an attempt that died after it wrote and before it was recorded left it there.
    """
    if ticket.tells_who:
        return ticket.set_by_staff
    wanted = {Field.PRIORITY: decision.priority, Field.DUE_AT: decision.due_at}
    changed = {
        name
        for name, ours in {**written, **_told(ticket)}.items()
        if _value(ticket, name) not in (ours, field_value(wanted[name]))
    }
    return ticket.set_by_staff | changed


def changes(
    ticket: Ticket,
    decision: Decision,
    explanation: Explanation,
    written: Mapping[Field, str] | None = None,
) -> Update:
    """The update that brings the ticket in line with the decision; empty when it already is.

    ``written`` holds what this add-on last wrote to the ticket, as ``field_value`` spells it.
    """
    kept = kept_fields(ticket, decision, written or {})
    may = {name: name not in kept for name in Field}
    tags = decision.tags + ((KEPT_TAG,) if _disagrees(decision, ticket, kept) else ())
    tags += (CLAMPED_TAG,) if ticket.clamped else ()
    own = own_fields(decision, explanation, kept)
    moves = may[Field.DUE_AT] and not _same_second(decision.due_at, ticket.due_at)
    return Update(
        ticket=ticket.ref,
        priority=decision.priority
        if may[Field.PRIORITY] and decision.priority != ticket.priority
        else None,
        due_at=decision.due_at if moves else None,
        target=decision.due_target if moves else None,
        department=decision.department
        if ticket.movable and decision.department not in (None, ticket.department)
        else None,
        tags=tuple(tag for tag in tags if tag not in ticket.tags),
        fields=tuple(pair for pair in own if pair not in ticket.fields),
        note=None if explanation.stamp in ticket.notes else explanation,
        kept=tuple(sorted(kept)),
    )


def own_fields(
    decision: Decision, explanation: Explanation, kept: frozenset[Field] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """The add-on's own fields, by their desk-neutral names; empty values are left out."""
    due = decision.due_at
    values = (
        ("class", "held" if decision.held else decision.category),
        ("expected_at", due.isoformat() if due else ""),
        ("reason", explanation.reason),
        ("state", " ".join((explanation.stamp, *_telling(decision, kept)))),
    )
    return tuple((name, value) for name, value in values if value)


def _telling(decision: Decision, kept: frozenset[Field]) -> tuple[str, ...]:
    """What we set, told on the ticket by the very request that sets it.

    The store learns of it only afterwards: were the process to die between the two, nobody could
    tell our value from that of a person who came next.
    """
    values = {Field.PRIORITY: decision.priority, Field.DUE_AT: decision.due_at}
    return tuple(
        f"{name}={spelled}"
        for name, value in values.items()
        if name not in kept and (spelled := field_value(value)) is not None
    )


def _told(ticket: Ticket) -> dict[Field, str]:
    """What the ticket itself says that we set."""
    words = (word.partition("=") for word in dict(ticket.fields).get("state", "").split()[1:])
    return {Field(name): value for name, _, value in words if name in set(Field)}


def field_value(value: Priority | datetime | None) -> str | None:
    """One spelling for a written value, to compare it with what a desk gives back."""
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    return value.value if value else None


def _value(ticket: Ticket, name: Field) -> str | None:
    return field_value(ticket.priority if name is Field.PRIORITY else ticket.due_at)


def _same_second(wanted: datetime | None, present: datetime | None) -> bool:
    # A decision without an expected time leaves the desk's due date alone: it is not ours.
    return wanted is None or (
        present is not None and int(wanted.timestamp()) == int(present.timestamp())
    )


def _disagrees(decision: Decision, ticket: Ticket, kept: frozenset[Field]) -> bool:
    priority = Field.PRIORITY in kept and decision.priority not in (None, ticket.priority)
    due = Field.DUE_AT in kept and not _same_second(decision.due_at, ticket.due_at)
    return priority or due
