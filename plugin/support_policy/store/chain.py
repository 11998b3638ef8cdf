"""The rows of the record: how a line is added to the chain, and how lines are read back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from support_policy.core.permission import record
from support_policy.core.permission.event import Event
from support_policy.core.permission.record import Record
from support_policy.core.ticket import TicketRef
from support_policy.store.tables import evidence, evidence_head, evidence_personal

BRIEFLY = timedelta(days=90)
"""How long addresses and agent strings are kept."""

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A personal value that is still there; with its salt it proves the digest in its record."""

    seq: int
    name: str
    salt: str
    value: str
    brief: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record with those of its personal values that are still there."""

    record: Record
    kept: tuple[Kept, ...]

    @property
    def event(self) -> Event:
        """The event with what is left of its values."""
        return replace(
            self.record.event,
            personal={each.name: each.value for each in self.kept if not each.brief},
            brief={each.name: each.value for each in self.kept if each.brief},
        )


def of(table: sa.Table, ticket: TicketRef) -> sa.ColumnElement[bool]:
    """The rows of a ticket."""
    return sa.and_(table.c.desk == ticket.desk, table.c.ticket_id == ticket.id)


def locked_head(connection: sa.Connection) -> Any:
    """The number and the digest of the last line; nobody else adds one before we are done."""
    return connection.execute(sa.select(evidence_head).with_for_update()).one()


def entries(connection: sa.Connection, where: sa.ColumnElement[bool]) -> tuple[Entry, ...]:
    """Records with what is left of their values, the oldest first."""
    lines = sa.select(evidence.c.line).where(where).order_by(evidence.c.seq)
    found = {each.seq: each for each in map(record.read, connection.scalars(lines))}
    values = sa.select(evidence_personal).join(evidence, evidence.c.seq == evidence_personal.c.seq)
    values = values.where(where).order_by(evidence_personal.c.seq, evidence_personal.c.name)
    left: dict[int, list[Kept]] = {seq: [] for seq in found}
    for row in connection.execute(values):
        if row.seq in left:  # a line may have been added since the first question
            left[row.seq].append(kept(row))
    return tuple(Entry(record=each, kept=tuple(left[seq])) for seq, each in found.items())


def kept(row: Any) -> Kept:
    """A personal value as its row holds it."""
    return Kept(
        seq=row.seq,
        name=row.name,
        salt=row.salt,
        # Kept as JSON: no database takes every character that somebody may have written.
        value=json.loads(row.value),
        brief=row.until is not None,
    )


def append(
    connection: sa.Connection, head: Any, events: Sequence[Event], seal: Callable[[bytes], str]
) -> int:
    """Add a line for each event after the locked ``head``; the number of the last one."""
    seq, previous = head.seq, head.hash
    for event in events:
        seq += 1
        values = record.personal_values(event)
        salts = {name: secrets.token_hex(_SALT_BYTES) for name in values}
        parts = record.unsigned(event, seq=seq, previous=previous, salts=salts)
        line = record.signed(parts, seal(record.canonical(parts)))
        previous = record.chained(line)
        _insert(connection, event, seq, line)
        for name, value in values.items():
            spelled = record.canonical(value).decode("ascii")
            until = event.at + BRIEFLY if name in event.brief else None
            row = {"seq": seq, "name": name, "salt": salts[name], "value": spelled, "until": until}
            connection.execute(sa.insert(evidence_personal).values(row))
    connection.execute(sa.update(evidence_head).values(seq=seq, hash=previous))
    return int(seq)


def _insert(connection: sa.Connection, event: Event, seq: int, line: str) -> None:
    row = {
        "seq": seq,
        "desk": event.ticket.desk,
        "ticket_id": event.ticket.id,
        "request": event.request,
        "kind": event.kind.value,
        "at": event.at,
        "line": line,
    }
    connection.execute(sa.insert(evidence).values(row))
