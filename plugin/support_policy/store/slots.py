"""A slot: the name under which one process works, held for as long as the process lives."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from hashlib import sha256

import sqlalchemy as sa

from support_policy.store.database import Database, StoreUnavailableError


class Slot:
    """A name that two processes cannot hold at the same time.

    On SQLite there is one process of a ``kind`` whatever its name, and the lock is on a file beside
    the database; on PostgreSQL it is an advisory lock of a session. Both end with the process.
    """

    def __init__(self, database: Database, name: str, *, kind: str = "engine") -> None:
        self.name = name
        self._kind = kind
        self._database = database
        self._file: int | None = None
        self._session: sa.Connection | None = None

    def hold(self) -> bool:
        """Whether this process holds the slot now; takes it when it is free."""
        return self._hold_file() if self._database.is_sqlite else self._hold_session()

    def release(self) -> None:
        """Let the slot go."""
        if self._file is not None:
            os.close(self._file)
        if self._session is not None:
            # Said aloud: a server notices only some time later that a session is gone.
            with suppress(sa.exc.DBAPIError):
                self._session.execute(sa.select(sa.func.pg_advisory_unlock(self._number())))
            self._session.invalidate()
            self._session.close()
        self._file = self._session = None

    def _hold_file(self) -> bool:
        if self._file is not None:
            return True
        path = self._database.path.with_name(f"{self._database.path.stem}-{self._kind}.lock")
        try:
            file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailableError(f"{path.name}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def _hold_session(self) -> bool:
        try:
            if self._session is not None:
                # The lock lives as long as the session does.
                self._session.exec_driver_sql("SELECT 1")
                return True
            session = self._database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            if session.execute(sa.select(sa.func.pg_try_advisory_lock(self._number()))).scalar():
                self._session = session
                return True
            session.close()
        except sa.exc.DBAPIError as error:
            self.release()
            raise StoreUnavailableError("the database is not reachable") from error
        return False

    def _number(self) -> int:
        kind = "" if self._kind == "engine" else f"{self._kind}:"
        name = f"support-policy:{kind}{self.name}".encode()
        return int.from_bytes(sha256(name).digest()[:8], signed=True)
