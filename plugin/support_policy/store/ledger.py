"""The ledger: the record of permissions, to which lines are added and from which none is taken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.record import Appending
from support_policy.core.ticket import TicketRef
from support_policy.errors import SupportPolicyError
from support_policy.helpdesk import Delivery
from support_policy.store.chain import Entry, Kept, append, entries, kept, locked_head, of
from support_policy.store.database import Database
from support_policy.store.intake import row_of
from support_policy.store.tables import (
    deliveries,
    evidence,
    evidence_head,
    evidence_personal,
    permission_judged,
    permission_links,
    permission_tickets,
)

__all__ = ["Appending", "Due", "EraseRefusedError", "Ledger", "LinkKind"]

LinkKind = Literal["customer", "staff"]

Due = tuple[TicketRef, datetime]
"""A ticket and the instant since which somebody should look at it."""


class EraseRefusedError(SupportPolicyError):
    """What is still needed for an answer cannot be erased yet."""


class Ledger:
    """The record of permissions in a database; one chain, whoever adds to it.

    ``seal`` signs the bytes of a new record, within the transaction. ``announce`` is called when a
    delivery was kept with it.
    """

    def __init__(
        self,
        database: Database,
        seal: Callable[[bytes], str],
        *,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._seal = seal
        self._announce = announce

    def history(self, ticket: TicketRef) -> tuple[Event, ...]:
        """Everything that happened to a ticket's requests, the oldest first."""
        return tuple(entry.event for entry in self.entries(ticket))

    def entries(self, ticket: TicketRef) -> tuple[Entry, ...]:
        """The records of a ticket, the oldest first."""
        with self._database.reading() as connection:
            return entries(connection, of(evidence, ticket))

    def act(
        self,
        ticket: TicketRef,
        decide: Callable[[tuple[Event, ...]], Appending],
        *,
        now: datetime,
    ) -> tuple[Event, ...]:
        """Add what ``decide`` makes of the ticket's history, all or nothing; what was added.

        Nobody else adds anything meanwhile, so ``decide`` must be quick and leave the store alone.
        What it raises leaves everything as it was. A delivery that brings the news to the help desk
        is kept with it.
        """
        with self._database.writing() as connection:
            head = locked_head(connection)
            history = tuple(each.event for each in entries(connection, of(evidence, ticket)))
            appending = decide(history)
            if not appending:
                return ()
            _check_about(ticket, appending.events)
            last = append(connection, head, appending.events, self._seal)
            self._keep(connection, ticket, appending)
            told = bool(appending.events) and not appending.silent
            if told:
                self._follow_up(connection, ticket, f"acted:{last}", now)
        if told:
            self._announce()
        return appending.events

    def find(self, token_hash: str, kind: LinkKind) -> tuple[TicketRef, str] | None:
        """The ticket and the request that a link is for; None when there is no such link."""
        links = permission_links.c
        query = sa.select(permission_links).where(links.hash == token_hash, links.kind == kind)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return (TicketRef(desk=row.desk, id=row.ticket_id), row.request) if row else None

    def due(
        self,
        now: datetime,
        *,
        desks: Iterable[str] | None = None,
        after: Due | None = None,
        limit: int = 100,
    ) -> tuple[Due, ...]:
        """The tickets that somebody should look at by now, and since when; the oldest first.

        ``desks`` leaves out those of others. ``after`` is the last one of the page before: what
        stays due, because nothing comes of it, must not stand in the way of what comes later.
        """
        tickets = permission_tickets.c
        place = sa.tuple_(tickets.next_at, tickets.desk, tickets.ticket_id)
        query = sa.select(permission_tickets).where(tickets.next_at <= now)
        if desks is not None:
            query = query.where(tickets.desk.in_(tuple(desks)))
        if after is not None:
            ref, at = after
            query = query.where(place > sa.tuple_(at, ref.desk, ref.id, types=place.type.types))
        query = query.order_by(tickets.next_at, tickets.desk, tickets.ticket_id).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple((TicketRef(desk=row.desk, id=row.ticket_id), row.next_at) for row in rows)

    def open_tickets(self, desk: str) -> tuple[TicketRef, ...]:
        """The tickets of a desk on which a request waits or work goes on."""
        tickets = permission_tickets.c
        query = sa.select(tickets.ticket_id).where(tickets.desk == desk, tickets.open)
        with self._database.reading() as connection:
            found = connection.scalars(query.order_by(tickets.ticket_id)).all()
        return tuple(TicketRef(desk=desk, id=ticket_id) for ticket_id in found)

    def tickets(self) -> tuple[TicketRef, ...]:
        """Every ticket on which permission was ever asked, in a fixed order."""
        tickets = permission_tickets.c
        query = sa.select(tickets.desk, tickets.ticket_id)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(tickets.desk, tickets.ticket_id)).all()
        return tuple(TicketRef(desk=row.desk, id=row.ticket_id) for row in found)

    def judged(self, ticket: TicketRef) -> frozenset[str]:
        """The ids of the messages that were read for an answer."""
        query = sa.select(permission_judged.c.message).where(of(permission_judged, ticket))
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))

    def erase(self, ticket: TicketRef, *, now: datetime) -> int:
        """Delete the personal values of a ticket for good and record that; the number of them.

        The records stay, and so does what they prove. Raises EraseRefusedError while a request
        waits for its answer or paid work goes on: nobody could see any more what was asked.
        """
        with self._database.writing() as connection:
            head = locked_head(connection)
            here = of(permission_tickets, ticket)
            if connection.scalar(sa.select(permission_tickets.c.open).where(here)):
                what = "a request waits for its answer, or paid work goes on; end it first"
                raise EraseRefusedError(f"{ticket}: {what}")
            story = entries(connection, of(evidence, ticket))
            gone = [entry for entry in story if entry.kept]
            if not gone:
                return 0
            theirs = sa.select(evidence.c.seq).where(of(evidence, ticket))
            connection.execute(
                sa.delete(evidence_personal).where(evidence_personal.c.seq.in_(theirs))
            )
            erased = Event(
                kind=Kind.ERASED,
                at=now,
                ticket=ticket,
                request=story[-1].record.event.request,
                facts={"values": "; ".join(map(_named, gone))},
            )
            append(connection, head, (erased,), self._seal)
        self._database.scrub()
        return sum(len(entry.kept) for entry in gone)

    def naming(self, address: str) -> tuple[TicketRef, ...]:
        """The tickets with a personal value that an e-mail address stands in."""
        wanted = address.strip().casefold()
        joined = evidence_personal.join(evidence, evidence.c.seq == evidence_personal.c.seq)
        query = sa.select(evidence.c.desk, evidence.c.ticket_id, evidence_personal.c.value)
        with self._database.reading() as connection:
            rows = connection.execute(query.select_from(joined)).all()
        found = {(row.desk, row.ticket_id) for row in rows if _names(row.value, wanted)}
        return tuple(TicketRef(desk=desk, id=number) for desk, number in sorted(found))

    def forget(self, now: datetime) -> int:
        """Delete the brief values whose time is over; the number of them."""
        over = sa.delete(evidence_personal).where(evidence_personal.c.until <= now)
        with self._database.writing() as connection:
            count = connection.execute(over).rowcount
        if count:
            self._database.scrub()
        return count

    def head(self) -> tuple[int, str]:
        """The number and the digest of the last record; 0 when there is none."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(evidence_head)).one()
        return row.seq, row.hash

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever put on record, and so nothing signed."""
        return self.head()[0] == 0

    def span(self, since: datetime | None, until: datetime | None) -> tuple[int, int]:
        """The numbers of the first and last record of a time, as (1, 0) where there is none.

        The first is put back so far that every ticket in between has its whole story there.
        """
        during = [evidence.c.at >= since] if since else []
        during += [evidence.c.at < until] if until else []
        ends = sa.select(sa.func.min(evidence.c.seq), sa.func.max(evidence.c.seq)).where(*during)
        with self._database.reading() as connection:
            first, last = connection.execute(ends).one()
            if first is None:
                return 1, 0
            while (earlier := connection.scalar(_beginning(first, last))) < first:
                first = earlier
        return first, last

    def lines(self, first: int, last: int) -> Iterator[str]:
        """The lines with these numbers, in their order."""
        query = sa.select(evidence.c.line).where(evidence.c.seq.between(first, last))
        with self._database.reading() as connection:
            yield from connection.scalars(query.order_by(evidence.c.seq))

    def kept(self, first: int, last: int) -> Iterator[Kept]:
        """The personal values that are still there, in the order of their records and names."""
        query = sa.select(evidence_personal).where(evidence_personal.c.seq.between(first, last))
        by = (evidence_personal.c.seq, evidence_personal.c.name)
        with self._database.reading() as connection:
            yield from map(kept, connection.execute(query.order_by(*by)))

    def _keep(self, connection: sa.Connection, ticket: TicketRef, appending: Appending) -> None:
        """What stands beside the record, to find the ticket by."""
        where = {"desk": ticket.desk, "ticket_id": ticket.id}
        for kind, token_hash, request in appending.links:
            link = {"kind": kind, "hash": token_hash, "request": request}
            insert = self._database.insert(permission_links).values(where | link)
            connection.execute(insert.on_conflict_do_nothing())
        for message in appending.judged:
            insert = self._database.insert(permission_judged).values(where | {"message": message})
            connection.execute(insert.on_conflict_do_nothing())
        look = {"next_at": appending.next_at, "open": appending.open}
        upsert = self._database.insert(permission_tickets).values(where | look)
        connection.execute(
            upsert.on_conflict_do_update(index_elements=["desk", "ticket_id"], set_=look)
        )

    def _follow_up(
        self, connection: sa.Connection, ticket: TicketRef, key: str, now: datetime
    ) -> None:
        news = Delivery(
            desk=ticket.desk, key=key, ticket_id=ticket.id, received_at=now, topic="permission"
        )
        new = {"next_at": now, "state": "accepted", "attempts": 0, "errors": 0}
        connection.execute(sa.insert(deliveries).values(row_of(news) | new))


def _beginning(first: int, last: int) -> sa.Select[tuple[int]]:
    """Where the story of a ticket begins, of all that have a record among these."""
    inside = sa.select(evidence.c.desk, evidence.c.ticket_id).distinct()
    inside = inside.where(evidence.c.seq.between(first, last))
    these = inside.subquery()
    same = sa.and_(evidence.c.desk == these.c.desk, evidence.c.ticket_id == these.c.ticket_id)
    return sa.select(sa.func.min(evidence.c.seq)).select_from(evidence.join(these, same))


def _check_about(ticket: TicketRef, events: Sequence[Event]) -> None:
    if any(event.ticket != ticket for event in events):
        raise ValueError("an event of another ticket has no place here")


def _named(entry: Entry) -> str:
    """Which values of a record there were: ``7: name, work``."""
    return f"{entry.record.seq}: {', '.join(each.name for each in entry.kept)}"


def _names(value: str, address: str) -> bool:
    """Whether an address stands in a value, and not only as a part of another one."""
    found = re.escape(address)
    text = json.loads(value).casefold()
    return re.search(rf"(?<![\w.+-]){found}(?![\w-]|\.\w)", text) is not None
