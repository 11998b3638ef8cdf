"""Accepting deliveries: one commit serves every request that waits at that moment."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Collection, Sequence
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from support_policy.errors import MalformedError
from support_policy.helpdesk import Delivery
from support_policy.store.database import Database, StoreUnavailableError
from support_policy.store.tables import deliveries

_LARGEST_BATCH = 500
# That many requests in one commit mean that more are on their way; then it pays to wait for them
# for a part of what a commit takes.
_CROWD = 3
_CROWD_SECONDS = 0.25
_GATHER_SECONDS = 0.001
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_NAME = 500
_LONGEST_HINT = 20_000

logger = logging.getLogger(__name__)


class _Request:
    """A caller that waits for its row to be on disk, or for its turn to see to that."""

    __slots__ = ("answered", "delivery", "error", "new", "woken")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.answered = False
        self.new = False
        self.error: Exception | None = None
        # A lock that is held until the caller must wake: cheaper than an Event, and used once.
        self.woken = threading.Lock()
        self.woken.acquire()


class Intake:
    """Keeps deliveries durably; threads may call ``accept`` at the same time.

    There is no thread here: the first caller commits its row and those of all that came meanwhile,
    then one of those that came later leads. ``patience`` is the number of seconds that a caller
    waits for the disk.
    """

    def __init__(self, database: Database, *, patience: float = 10.0) -> None:
        self._database = database
        self._patience = patience
        self._insert = _insert(database)
        self._connection: sa.Connection | None = None
        self._gate = threading.Lock()
        self._idle = threading.Condition(self._gate)
        self._waiting: list[_Request] = []
        self._led = False
        self._closed = False
        self._crowded_until = 0.0
        self._listeners: tuple[Callable[[], None], ...] = ()

    def accept(self, delivery: Delivery) -> bool:
        """Keep a delivery; True when it is new, False when it was kept before.

        It is on disk when this returns. Raises StoreUnavailableError, after which it may or may
        not have been kept: the sender will send it again, and a repeat changes nothing. Raises
        MalformedError for what no database can keep.
        """
        check_fit(delivery)
        request = _Request(delivery)
        with self._gate:
            if self._closed:
                raise StoreUnavailableError("the store is closed")
            self._waiting.append(request)
            leads, self._led = not self._led, True
        if not leads and not request.woken.acquire(timeout=self._patience):
            self._give_up(request)
        if not request.answered:
            self._lead()
        if request.error is not None:
            raise StoreUnavailableError(str(request.error)) from request.error
        return request.new

    @property
    def crowded(self) -> bool:
        """Whether requests are coming in faster than one at a time."""
        return monotonic() < self._crowded_until

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit that kept something new; it must return at once."""
        self._listeners = (*self._listeners, listener)

    def announce(self) -> None:
        """Call the listeners: a delivery was kept, here or in somebody's transaction."""
        for listener in self._listeners:
            listener()

    def close(self) -> None:
        """Serve who already waits, then refuse."""
        with self._gate:
            self._closed = True
            idle = self._idle.wait_for(lambda: not self._led, self._patience)
        if idle:
            self._disconnect()

    def _lead(self) -> None:
        if self.crowded:
            sleep(_GATHER_SECONDS)
        with self._gate:
            batch = self._waiting[:_LARGEST_BATCH]
            del self._waiting[:_LARGEST_BATCH]
        if len(batch) >= _CROWD:
            self._crowded_until = monotonic() + _CROWD_SECONDS
        try:
            self._keep(batch)
        except Exception as error:  # noqa: BLE001 - every waiting caller must hear of it
            logger.error(  # noqa: TRY400 - the traceback of a statement holds its parameters
                "deliveries could not be kept: %s", type(error).__name__
            )
            for request in batch:
                request.error = error
        finally:
            self._answer(batch)
        if any(request.new for request in batch):
            self.announce()

    def _answer(self, batch: Sequence[_Request]) -> None:
        for request in batch:
            request.answered = True
            request.woken.release()
        with self._gate:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].woken.release()
            elif self._closed:
                self._idle.notify_all()

    def _give_up(self, request: _Request) -> None:
        with self._gate:
            if request in self._waiting:
                if request.woken.acquire(blocking=False):
                    return  # its turn to lead has come just now
                self._waiting.remove(request)
        raise StoreUnavailableError("the database took too long")

    def _keep(self, batch: Sequence[_Request]) -> None:
        first: dict[tuple[str, str], _Request] = {}
        for request in batch:
            first.setdefault((request.delivery.desk, request.delivery.key), request)
        rows = [row_of(request.delivery) for request in first.values()]
        try:
            kept = self._commit(rows)
        except StoreUnavailableError:
            if not self._disconnect():
                raise
            # The connection may have been cut since it was last used: once more with a new one.
            kept = self._commit(rows)
        for name in kept:
            first[name].new = True

    def _commit(self, rows: Sequence[_Row]) -> Collection[tuple[str, str]]:
        """Keep rows; the names of those that are new.

        One connection is kept open for this: to borrow one costs as much as the rest.
        """
        if self._connection is None:
            self._connection = self._database.connect()
        try:
            self._commit_all(self._connection, rows)
        except _SomeAreKnownError:
            return self._commit_some(self._connection, rows)
        return [(row["desk"], row["key"]) for row in rows]

    def _commit_all(self, connection: sa.Connection, rows: Sequence[_Row]) -> None:
        with self._database.writing(connection):
            if connection.execute(self._insert, rows).rowcount != len(rows):
                raise _SomeAreKnownError

    def _commit_some(
        self, connection: sa.Connection, rows: Sequence[_Row]
    ) -> Collection[tuple[str, str]]:
        # Slower, and rarely needed: events are seldom delivered twice.
        each = self._insert.returning(deliveries.c.desk, deliveries.c.key)
        with self._database.writing(connection):
            kept = connection.execute(each, rows).all()
        return [(desk, key) for desk, key in kept]

    def _disconnect(self) -> bool:
        connection, self._connection = self._connection, None
        if connection is None:
            return False
        connection.invalidate()
        connection.close()
        return True


class _SomeAreKnownError(Exception):
    """Some of the rows were there before: which of them?"""


_Row = dict[str, Any]


def _insert(database: Database) -> postgresql.Insert | sqlite.Insert:
    given = ("desk", "key", "ticket_id", "origin", "topic", "hint", "received_at")
    values: dict[str, sa.ColumnElement[Any]] = {
        name: sa.bindparam(name, type_=deliveries.c[name].type) for name in given
    }
    # Constants are spelled out: what is not a parameter costs nothing for each row.
    values |= {"next_at": values["received_at"], "state": sa.literal_column("'accepted'")}
    values |= {"attempts": sa.literal_column("0"), "errors": sa.literal_column("0")}
    insert = database.insert(deliveries).values(values)
    return insert.on_conflict_do_nothing(index_elements=["desk", "key"])


def row_of(delivery: Delivery) -> _Row:
    """What a delivery's own columns hold."""
    return {
        "desk": delivery.desk,
        "key": delivery.key,
        "ticket_id": delivery.ticket_id,
        "origin": delivery.origin,
        "topic": delivery.topic,
        "hint": delivery.hint,
        "received_at": delivery.received_at,
    }


def check_fit(delivery: Delivery) -> None:
    """Raise MalformedError for what no database or no line of a log can hold."""
    # One unfit row would fail the commit of every request that shares it.
    for name, value, longest in (
        ("key", delivery.key, _LONGEST_NAME),
        ("ticket", delivery.ticket_id, _LONGEST_NAME),
        ("hint", delivery.hint, _LONGEST_HINT),
    ):
        if len(value) > longest:
            raise MalformedError(f"the {name} of the event is longer than {longest} characters")
        if "\0" in value or _SURROGATE.search(value):
            raise MalformedError(f"the {name} of the event holds a character that is none")
        # These two stand in lines of the log: nobody outside may begin a line there.
        if name != "hint" and not value.isprintable():
            raise MalformedError(f"the {name} of the event holds a character that is not printable")
