"""What agents said of decisions that they found wrong: kept to be read, and changes no ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from support_policy.core.ticket import TicketRef
from support_policy.errors import SupportPolicyError
from support_policy.store.database import Database
from support_policy.store.tables import decisions, objections

MOST = 20
"""Objections to one decision; a page that sends more than this is no agent."""


class ObjectionRefusedError(SupportPolicyError):
    """There is no such decision of this ticket, or it was objected to often enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One agent's word on one decision: what its class should have been, and why.

    ``click`` is made by the page, once for each press of its button.
    """

    ticket: TicketRef
    decision_id: int
    click: str
    said_class: str
    comment: str
    at: datetime


class Objections:
    """The objections in a database; they are added, never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, objection: Objection) -> bool:
        """Keep an objection; False when this click was kept before.

        Raises ObjectionRefusedError.
        """
        with self._database.writing() as connection:
            if not _is_of(connection, objection.decision_id, objection.ticket):
                raise ObjectionRefusedError("there is no such decision of this ticket")
            about = objections.c.decision_id == objection.decision_id
            clicks = list(connection.scalars(sa.select(objections.c.click).where(about)))
            if objection.click in clicks:
                return False
            if len(clicks) >= MOST:
                raise ObjectionRefusedError("this decision was objected to often enough")
            insert = self._database.insert(objections).values(**_row(objection))
            once = insert.on_conflict_do_nothing().returning(objections.c.id)
            return connection.execute(once).first() is not None

    def recent(self, limit: int) -> tuple[Objection, ...]:
        """The newest objections."""
        query = sa.select(objections).order_by(objections.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Objection(
                ticket=TicketRef(desk=row.desk, id=row.ticket_id),
                decision_id=row.decision_id,
                click=row.click,
                said_class=row.said_class,
                comment=row.comment,
                at=row.at,
            )
            for row in rows
        )


def _is_of(connection: sa.Connection, decision_id: int, ticket: TicketRef) -> bool:
    query = sa.select(decisions.c.id).where(
        decisions.c.id == decision_id,
        decisions.c.desk == ticket.desk,
        decisions.c.ticket_id == ticket.id,
    )
    query = query.with_for_update()  # who counts next must see what was added now
    return connection.execute(query).first() is not None


def _row(objection: Objection) -> dict[str, object]:
    return {
        "desk": objection.ticket.desk,
        "ticket_id": objection.ticket.id,
        "decision_id": objection.decision_id,
        "click": objection.click,
        "said_class": objection.said_class,
        "comment": objection.comment,
        "at": objection.at,
    }
