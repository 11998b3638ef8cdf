"""Decisions and clocks, recorded with the end of the delivery they came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from support_policy.core.decision import Decision
from support_policy.core.ticket import Field, TicketRef
from support_policy.core.update import Update, field_value
from support_policy.store import record as records
from support_policy.store.database import Database
from support_policy.store.deliveries import Taken, settle
from support_policy.store.outcome import Outcome
from support_policy.store.tables import clocks, decisions, tickets

Mode = Literal["observe", "enforce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a decision rests on besides the ticket.

    ``inputs`` is the digest of what was read, ``calendar`` the digest of the schedule that gave
    the due times, ``tzdata`` the version of the time zone data.
    """

    inputs: str
    calendar: str
    tzdata: str


class Decisions:
    """What was decided, and what of it we wrote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        taken: Taken,
        decision: Decision,
        update: Update,
        *,
        mode: Mode,
        stamp: str,
        basis: Basis,
        now: datetime,
        not_kept: tuple[str, ...] = (),
    ) -> bool:
        """Record decision, clocks and the end of the delivery in one transaction.

        False, and nothing is recorded, when a later attempt has the delivery.
        """
        row = _row(taken, decision, mode=mode, stamp=stamp, basis=basis)
        row["not_kept"] = " ".join(not_kept) or None
        with self._database.writing() as connection:
            done = Outcome(ending="done")
            database = self._database
            if not settle(connection, database, taken.id, taken.attempt, outcome=done, now=now):
                return False
            text = records.dump(decision, update)
            connection.execute(sa.insert(decisions).values(**row, record=text))
            _set_clocks(connection, decision, basis)
            if mode == "enforce":
                _remember(connection, decision, update)
        return True

    def written(self, ref: TicketRef) -> Mapping[Field, str]:
        """What we last wrote to each field of the ticket, as ``field_value`` spells it."""
        query = sa.select(tickets.c.written).where(_ticket(tickets, ref))
        with self._database.reading() as connection:
            text = connection.execute(query).scalar()
        return {Field(name): value for name, value in json.loads(text or "{}").items()}

    def recent(self, limit: int, *, ticket: str | None = None) -> tuple[dict[str, Any], ...]:
        """The newest records as plain dictionaries; ``ticket`` is one ticket as ``desk:id``."""
        query = sa.select(decisions)
        if ticket is not None:
            desk, _, number = ticket.partition(":")
            query = query.where(_ticket(decisions, TicketRef(desk=desk, id=number)))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(decisions.c.id.desc()).limit(limit)).all()
        return tuple(_loaded(row) for row in rows)

    def newest(self, ref: TicketRef) -> dict[str, Any] | None:
        """The newest record of the ticket, as plain dictionaries."""
        query = sa.select(decisions).where(_ticket(decisions, ref))
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(decisions.c.id.desc()).limit(1)).first()
        return _loaded(row) if row else None


def _loaded(row: Any) -> dict[str, Any]:
    about = {"id": row.id, "mode": row.mode, "stamp": row.stamp}
    about["not_kept"] = (row.not_kept or "").split()
    return {**about, **records.load(row.record)}


def _row(
    taken: Taken, decision: Decision, *, mode: Mode, stamp: str, basis: Basis
) -> dict[str, object]:
    return {
        "desk": decision.ticket.desk,
        "ticket_id": decision.ticket.id,
        "delivery_id": taken.id,
        "policy": decision.policy,
        "version": decision.version,
        "stamp": stamp,
        "mode": mode,
        "decided_at": decision.decided_at,
        "inputs": basis.inputs,
    }


def _set_clocks(connection: sa.Connection, decision: Decision, basis: Basis) -> None:
    """Make the ticket's open clocks those of the decision; the others end now."""
    ref = decision.ticket
    is_open = sa.and_(_ticket(clocks, ref), clocks.c.ended_at.is_(None))
    wanted = {(clock.target, str(clock.kind), clock.due_at): clock for clock in decision.clocks}
    for row in connection.execute(sa.select(clocks).where(is_open)).all():
        if wanted.pop((row.target, row.kind, row.due_at), None) is None:
            end = sa.update(clocks).where(clocks.c.id == row.id)
            connection.execute(end.values(ended_at=decision.decided_at))
    for clock in wanted.values():
        connection.execute(
            sa.insert(clocks).values(
                desk=ref.desk,
                ticket_id=ref.id,
                target=clock.target,
                clause=clock.clause,
                kind=str(clock.kind),
                started_at=decision.received_at,
                due_at=clock.due_at,
                calendar=basis.calendar,
                tzdata=basis.tzdata,
            )
        )


def _remember(connection: sa.Connection, decision: Decision, update: Update) -> None:
    # What the decision wanted, not only what differed: an attempt that died after it wrote and
    # before it recorded finds nothing to change the second time, yet the value is ours. A field
    # a person set keeps what we wrote before, so that it stays a person's.
    query = sa.select(tickets.c.written).where(_ticket(tickets, decision.ticket))
    written = json.loads(connection.execute(query).scalar() or "{}")
    values = {Field.PRIORITY: decision.priority, Field.DUE_AT: decision.due_at}
    for name, value in values.items():
        spelled = field_value(value)
        if spelled is not None and name not in update.kept:
            written[name.value] = spelled
    keep = sa.update(tickets).where(_ticket(tickets, decision.ticket))
    connection.execute(keep.values(written=json.dumps(written, sort_keys=True)))


def _ticket(table: sa.Table, ref: TicketRef) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.desk == ref.desk, table.c.ticket_id == ref.id)
