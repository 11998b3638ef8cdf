"""Deliveries at work: taken under a lease, fenced by the number of the attempt, settled."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from support_policy.core.ticket import TicketRef
from support_policy.helpdesk import Delivery
from support_policy.store import pauses
from support_policy.store.database import Database, StoreUnavailableError
from support_policy.store.intake import check_fit, row_of
from support_policy.store.outcome import MOST_ERRORS, Outcome, State, Verdict, verdict
from support_policy.store.tables import deliveries, desks, tickets

logger = logging.getLogger(__name__)

WAITED_FOR = "web"
"""The slot of what a desk waits for: no engine's, so that whatever is left in it is due to any."""

_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A delivery in the hands of one attempt; a later attempt makes this one stale."""

    id: int
    attempt: int
    delivery: Delivery

    @property
    def ref(self) -> TicketRef:
        """The ticket that the delivery is about."""
        return TicketRef(desk=self.delivery.desk, id=self.delivery.ticket_id)


class Deliveries:
    """The work that is owed, and who is at it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self,
        limit: int,
        *,
        slot: str,
        now: datetime,
        lease: timedelta,
        passing: Collection[str] = (),
    ) -> tuple[Taken, ...]:
        """Put up to ``limit`` due deliveries in this slot's hands, at most one of each ticket.

        A delivery whose lease has run out was in the hands of a process that died: it is due.
        Those of the desks in ``passing`` are passed over this time.
        """
        others = deliveries.c.desk.not_in(passing)
        with self._database.reading() as connection:
            due = connection.execute(_due(now, pauses.may_be_asked(now), others).limit(limit)).all()
        if not due:
            return ()
        probed = self._probe({row.desk for row in due if row.failures}, now)
        with self._database.writing() as connection:
            # More than asked for: some may be of one ticket.
            query = _due(now, desks.c.desk.in_(probed), others).limit(limit * 4)
            rows = connection.execute(query.with_for_update(of=deliveries, skip_locked=True)).all()
            return tuple(
                Taken(id=row.id, attempt=row.attempts + 1, delivery=_delivery(row))
                for row in _one_each(rows, probed, limit)
                if self._lease(connection, row, slot=slot, now=now, until=now + lease)
            )

    def claim(self, delivery: Delivery, *, now: datetime, lease: timedelta) -> Taken | None:
        """Keep a delivery and take it in hand at once; its desk waits for the end.

        A desk that asks again after a decision has a new delivery, for it did not hear the answer
        or could not use it; the one that is done makes way by its key. One that was given up is
        taken up again. None while somebody else works on the ticket. Raises MalformedError for what
        no database can keep.
        """
        check_fit(delivery)
        with self._database.writing() as connection:
            row = self._kept(connection, delivery)
            if row.state == "done":
                done = sa.update(deliveries).where(deliveries.c.id == row.id)
                connection.execute(done.values(key=f"{delivery.key}#{row.id}"))
                row = self._kept(connection, delivery)
            if row.state == "working" and row.next_at > now:
                return None
            if not self._lease(connection, row, slot=WAITED_FOR, now=now, until=now + lease):
                return None
            heard = sa.update(deliveries).where(deliveries.c.id == row.id)
            connection.execute(heard.values(origin=delivery.origin, done_at=None))
            return Taken(id=row.id, attempt=row.attempts + 1, delivery=delivery)

    def _kept(self, connection: sa.Connection, delivery: Delivery) -> Any:
        """The delivery's row, locked; made when it is not there."""
        new = {"next_at": delivery.received_at, "state": "accepted", "attempts": 0, "errors": 0}
        insert = self._database.insert(deliveries).values(row_of(delivery) | new)
        this = sa.and_(deliveries.c.desk == delivery.desk, deliveries.c.key == delivery.key)
        for _ in range(_TRIES):
            connection.execute(insert.on_conflict_do_nothing(index_elements=["desk", "key"]))
            found = sa.select(deliveries).where(this).with_for_update()
            if row := connection.execute(found).first():  # it may make way while we wait for it
                return row
        raise StoreUnavailableError("a delivery is claimed by too many at once")

    def held(self, slot: str) -> tuple[Taken, ...]:
        """What is in this slot's hands: after a restart, what was so when the process died."""
        query = sa.select(deliveries).where(
            deliveries.c.state == "working", deliveries.c.taken_by == slot
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Taken(id=row.id, attempt=row.attempts, delivery=_delivery(row)) for row in rows
        )

    def renew(
        self, attempts: Iterable[tuple[int, int]], *, now: datetime, lease: timedelta
    ) -> None:
        """Extend the leases of attempts (delivery id, attempt) that are still current."""
        with self._database.writing() as connection:
            for delivery_id, attempt in sorted(attempts):
                current = sa.update(deliveries).where(_current(delivery_id, attempt))
                if connection.execute(current.values(next_at=now + lease)).rowcount:
                    ticket = sa.update(tickets).where(tickets.c.delivery_id == delivery_id)
                    connection.execute(ticket.values(lease_until=now + lease))

    def current(self, delivery_id: int, attempt: int) -> Taken | None:
        """The delivery, if this attempt is still the one that has it."""
        query = sa.select(deliveries).where(_current(delivery_id, attempt))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Taken(id=row.id, attempt=attempt, delivery=_delivery(row))

    def settle(
        self, delivery_id: int, attempt: int, outcome: Outcome, *, now: datetime
    ) -> Verdict | None:
        """Write down how an attempt ended; None, and nothing is changed, when it is stale."""
        with self._database.writing() as connection:
            return settle(
                connection, self._database, delivery_id, attempt, outcome=outcome, now=now
            )

    def retry(self, states: Sequence[State], *, now: datetime) -> int:
        """Make deliveries that were given up due again; the number of them."""
        given_up = [state for state in states if state in {"gone", "refused", "failed"}]
        again = sa.update(deliveries).where(deliveries.c.state.in_(given_up))
        with self._database.writing() as connection:
            return connection.execute(
                again.values(state="accepted", errors=0, cause=None, next_at=now, done_at=None)
            ).rowcount

    def _probe(self, failing: Iterable[str], now: datetime) -> tuple[str, ...]:
        in_order = sorted(failing)
        if not in_order:
            return ()
        with self._database.writing() as connection:
            return tuple(desk for desk in in_order if pauses.probe(connection, desk, now))

    def _lease(
        self, connection: sa.Connection, row: Any, *, slot: str, now: datetime, until: datetime
    ) -> bool:
        died = row.state == "working"
        errors = row.errors + 1 if died else row.errors
        if died and errors >= MOST_ERRORS:
            dead = Outcome(ending="error", detail="every process that worked on it died")
            settle(connection, self._database, row.id, row.attempts, outcome=dead, now=now)
            logger.error("delivery %d is given up: failed: %s", row.id, dead.detail)
            return False
        if not self._lease_ticket(connection, row, now=now, until=until):
            return False
        values: dict[str, object] = {"errors": errors, "state": "working", "next_at": until}
        values |= {"attempts": row.attempts + 1, "taken_at": now, "taken_by": slot}
        connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(values))
        return True

    def _lease_ticket(
        self, connection: sa.Connection, row: Any, *, now: datetime, until: datetime
    ) -> bool:
        # Another process may have leased the ticket since we looked: the row lock decides.
        lease = {"delivery_id": row.id, "lease_until": until}
        insert = self._database.insert(tickets).values(
            desk=row.desk, ticket_id=row.ticket_id, **lease
        )
        upsert = insert.on_conflict_do_update(
            index_elements=["desk", "ticket_id"], set_=lease, where=_is_free(now)
        )
        return connection.execute(upsert.returning(tickets.c.desk)).first() is not None


def settle(
    connection: sa.Connection,
    database: Database,
    delivery_id: int,
    attempt: int,
    *,
    outcome: Outcome,
    now: datetime,
) -> Verdict | None:
    """As ``Deliveries.settle``, within a transaction of the caller's."""
    row = connection.execute(
        sa.select(deliveries).where(_current(delivery_id, attempt)).with_for_update()
    ).first()
    if row is None:
        return None
    result = verdict(
        outcome,
        key=f"{row.desk}:{row.key}",
        attempts=attempt,
        errors=row.errors,
        cause=row.cause,
        now=now,
    )
    ended = {"cause": outcome.ending, "last_error": outcome.detail or row.last_error}
    ended["done_at"] = None if result.state == "waiting" else now
    connection.execute(
        sa.update(deliveries).where(deliveries.c.id == delivery_id).values(ended | asdict(result))
    )
    free = sa.update(tickets).where(tickets.c.delivery_id == delivery_id)
    connection.execute(free.values(delivery_id=None, lease_until=None))
    if row.taken_by == WAITED_FOR:
        return result  # the desk called us: that it can be called is another matter
    if outcome.ending == "unavailable":
        pauses.pause(
            connection, database, row.desk, taken_at=row.taken_at, after=outcome.after, now=now
        )
    elif outcome.ending != "error":
        pauses.resume(connection, row.desk, taken_at=row.taken_at)
    return result


def _due(
    now: datetime, desk_may: sa.ColumnElement[bool], others: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    return (
        sa.select(deliveries, desks.c.failures)
        .outerjoin(desks, desks.c.desk == deliveries.c.desk)
        .outerjoin(
            tickets,
            sa.and_(
                tickets.c.desk == deliveries.c.desk, tickets.c.ticket_id == deliveries.c.ticket_id
            ),
        )
        .where(
            deliveries.c.state.in_(["accepted", "waiting", "working"]),
            # What was just accepted is due, whatever the clock of the web process said.
            sa.or_(deliveries.c.state == "accepted", deliveries.c.next_at <= now),
            sa.or_(desks.c.desk.is_(None), desk_may),
            others,
            _is_free(now),
        )
        .order_by(deliveries.c.next_at, deliveries.c.id)
    )


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(tickets.c.lease_until.is_(None), tickets.c.lease_until <= now)


def _one_each(rows: Sequence[Any], probed: Iterable[str], limit: int) -> list[Any]:
    """The oldest row of each ticket, and one of each desk that is only being probed.

    Sorted by ticket, so that processes lock tickets in the same order.
    """
    chosen: dict[tuple[str, str], Any] = {}
    waiting = set(probed)
    for row in rows:
        if (row.desk, row.ticket_id) in chosen or (row.failures and row.desk not in waiting):
            continue
        if len(chosen) == limit:
            break
        waiting.discard(row.desk)
        chosen[row.desk, row.ticket_id] = row
    return [chosen[ticket] for ticket in sorted(chosen)]


def _current(delivery_id: int, attempt: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        deliveries.c.id == delivery_id,
        deliveries.c.attempts == attempt,
        deliveries.c.state == "working",
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(
        desk=row.desk,
        key=row.key,
        ticket_id=row.ticket_id,
        received_at=row.received_at,
        origin=row.origin,
        topic=row.topic,
        hint=row.hint,
    )
