"""The database behind a URL: SQLite for one machine, PostgreSQL for many."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from support_policy.errors import SupportPolicyError

Synchronous = Literal["FULL", "NORMAL"]

_BUSY_MS = 10_000
_SCRUB_MS = 1_000
# Mistakes of ours, not of the database: they must not be taken for an outage.
_OUR_MISTAKES = (IntegrityError, ProgrammingError, DataError)


class StoreUnavailableError(SupportPolicyError):
    """The database cannot keep or give anything now: full, locked, unreachable or closed."""


class Database:
    """Connections to one database; writes of one process to SQLite stand in line.

    ``synchronous`` is SQLite's: FULL survives a power cut, NORMAL may lose the last moments before
    one. PostgreSQL keeps its own setting.
    """

    def __init__(self, url: str, *, synchronous: Synchronous = "FULL") -> None:
        self.url = _with_driver(sa.make_url(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            create_private(self.path)
            self.engine = sa.create_engine(self.url, pool_size=20, max_overflow=-1)
            _tune_sqlite(self.engine, synchronous)
        else:
            self.engine = _postgresql(self.url)
        self._writer = self.engine.execution_options(support_policy_writes=True)
        # SQLite has one writer. Waiting in line here is fair and quick; its busy handler sleeps.
        self._line: AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )

    @property
    def path(self) -> Path:
        """The SQLite file."""
        if not self.url.database:
            raise ValueError("a SQLite database must be a file")
        return Path(self.url.database)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One transaction that changes nothing; raises StoreUnavailableError."""
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, connection: sa.Connection | None = None) -> Iterator[sa.Connection]:
        """One transaction, on disk when the block has ended; raises StoreUnavailableError.

        It runs on a connection from ``connect``, or on one that is borrowed for it.
        """
        with self._line, _translated():
            if connection is None:
                with self._writer.begin() as connection:
                    yield connection
            else:
                with connection.begin():
                    yield connection

    def connect(self) -> sa.Connection:
        """A connection to write on, for the caller to keep; raises StoreUnavailableError."""
        with _translated():
            return self._writer.connect()

    def scrub(self) -> None:
        """Let nothing that was deleted stay in SQLite's journal; raises StoreUnavailableError.

        Whoever has been reading since before holds that up: then later writes overwrite it.
        """
        if not self.is_sqlite:
            return
        bare = self.engine.execution_options(support_policy_bare=True)
        with _translated(), bare.connect() as connection:
            # Nobody can write while it waits for readers, so it waits for less than they do.
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_SCRUB_MS}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_MS}")

    def insert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that knows ON CONFLICT; both databases spell it alike."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _OUR_MISTAKES as error:
        if error.statement is None:  # not about what we asked, but about the URL we connect to
            raise _unavailable(error) from None
        raise
    except (DatabaseError, PoolTimeoutError, sa.exc.InterfaceError) as error:
        raise _unavailable(error) from None


def _unavailable(error: Exception) -> StoreUnavailableError:
    cause = getattr(error, "orig", None) or error
    # The first line only, and no statement: parameters may hold a customer's words.
    return StoreUnavailableError(str(cause).partition("\n")[0])


def _with_driver(url: sa.URL) -> sa.URL:
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _postgresql(url: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(url, pool_pre_ping=True, max_overflow=20)
    except ModuleNotFoundError:
        what = "PostgreSQL needs its driver: pip install 'support-policy[postgresql]'"
        raise StoreUnavailableError(what) from None


def create_private(path: Path) -> None:
    """Create a database file for its owner alone; StoreUnavailableError when it cannot be."""
    # Decisions hold customers' words: nobody else on the machine should read them. The journal
    # files take over the mode of the database.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailableError(f"{path.name}: {error.strerror}") from error


def _use_wal(connection: Any) -> None:
    """Where two processes open a new file at once, SQLite refuses one of them without waiting."""
    until = monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if monotonic() > until:
                raise
            sleep(0.02)
        else:
            return


def _tune_sqlite(engine: sa.Engine, synchronous: Synchronous) -> None:
    if synchronous not in {"FULL", "NORMAL"}:
        raise ValueError("synchronous must be FULL or NORMAL")

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        _use_wal(connection)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is erased must be gone from the file, and not only from the tables.
        connection.execute("PRAGMA secure_delete=ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A transaction that starts by reading and then writes can fail at once in WAL mode,
        # whatever the busy timeout; one that says so at the start waits for its turn.
        options = connection.get_execution_options()
        if options.get("support_policy_bare"):
            return
        writes = options.get("support_policy_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
