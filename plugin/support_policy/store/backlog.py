"""What is waiting, for ``doctor``, readiness and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from support_policy.store.database import Database
from support_policy.store.outcome import State
from support_policy.store.tables import decisions, deliveries, desks, permission_tickets

_OWED: tuple[State, ...] = ("accepted", "working", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A help desk that failed: how often in a row, and when it is asked again."""

    desk: str
    failures: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much is in which state.

    ``oldest`` is when the oldest delivery that is still owed was received, ``newest`` when the
    last delivery of all was.
    """

    counts: Mapping[str, int]
    oldest: datetime | None
    newest: datetime | None
    pauses: tuple[Pause, ...]

    @property
    def owed(self) -> int:
        """The number of deliveries that are not at an end."""
        return sum(self.counts.get(state, 0) for state in _OWED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One delivery that did not go well, for the admin."""

    id: int
    desk: str
    ticket_id: str
    state: str
    attempts: int
    next_at: datetime
    detail: str


def backlog(database: Database) -> Backlog:
    """What is waiting now."""
    owed = deliveries.c.state.in_(_OWED)
    newest = sa.select(deliveries.c.received_at).order_by(deliveries.c.id.desc()).limit(1)
    counting = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
    with database.reading() as connection:
        counts = {row.state: row[1] for row in connection.execute(counting)}
        return Backlog(
            counts=counts,
            oldest=connection.execute(
                sa.select(sa.func.min(deliveries.c.received_at)).where(owed)
            ).scalar(),
            newest=connection.execute(newest).scalar(),
            pauses=tuple(
                Pause(desk=row.desk, failures=row.failures, until=row.paused_until)
                for row in connection.execute(sa.select(desks).order_by(desks.c.desk))
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Numbers for monitoring, by desk.

    ``deliveries`` are those of tickets, by desk, origin and state; ``not_kept`` the decisions of
    which something was not kept; ``paid_help`` the tickets on which a request for permission waits
    or paid work goes on.
    """

    deliveries: Mapping[tuple[str, str, str], int]
    not_kept: Mapping[str, int]
    newest: Mapping[str, datetime]
    paid_help: Mapping[str, int]


def tally(database: Database) -> Tally:
    """Count everything there is."""
    by = (deliveries.c.desk, deliveries.c.origin, deliveries.c.state)
    lost = sa.select(decisions.c.desk, sa.func.count()).where(decisions.c.not_kept.is_not(None))
    last = sa.select(deliveries.c.desk, sa.func.max(deliveries.c.received_at))
    tickets = permission_tickets.c
    paid = sa.select(tickets.desk, sa.func.count()).where(tickets.open).group_by(tickets.desk)
    of_tickets = sa.select(*by, sa.func.count()).where(deliveries.c.topic == "ticket")
    with database.reading() as connection:
        counts = connection.execute(of_tickets.group_by(*by)).all()
        return Tally(
            deliveries={(row[0], row[1], row[2]): row[3] for row in counts},
            not_kept={
                row[0]: row[1] for row in connection.execute(lost.group_by(decisions.c.desk))
            },
            newest={row[0]: row[1] for row in connection.execute(last.group_by(deliveries.c.desk))},
            paid_help={row[0]: row[1] for row in connection.execute(paid)},
        )


def troubles(
    database: Database,
    *,
    passed_over: bool = False,
    limit: int = 50,
) -> tuple[Trouble, ...]:
    """The newest deliveries that wait for another try or were given up, or were passed over."""
    unwell = deliveries.c.state.in_(("waiting", "gone", "refused", "failed"))
    query = sa.select(deliveries).where(deliveries.c.cause == "passed" if passed_over else unwell)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit)).all()
    return tuple(
        Trouble(
            id=row.id,
            desk=row.desk,
            ticket_id=row.ticket_id,
            state=row.state,
            attempts=row.attempts,
            next_at=row.next_at,
            detail=row.last_error or "",
        )
        for row in rows
    )


def first_delivery(database: Database, desk: str) -> datetime | None:
    """When the first delivery of a desk was received; None while there is none."""
    query = sa.select(deliveries.c.received_at).where(deliveries.c.desk == desk)
    with database.reading() as connection:
        return connection.execute(query.order_by(deliveries.c.id).limit(1)).scalar()


def known(database: Database, desk: str, keys: Sequence[str]) -> frozenset[str]:
    """Which of these events of a desk were accepted before."""
    query = sa.select(deliveries.c.key).where(deliveries.c.desk == desk)
    found: set[str] = set()
    with database.reading() as connection:
        for start in range(0, len(keys), 500):  # below every database's limit of parameters
            part = query.where(deliveries.c.key.in_(keys[start : start + 500]))
            found.update(connection.execute(part).scalars())
    return frozenset(found)
