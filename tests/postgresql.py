"""A real PostgreSQL server for the tests, in a temporary folder, gone when they end."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

_START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server; it listens on a socket in its own folder and nowhere else."""

    folder: Path
    user: str
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


@contextmanager
def running_server() -> Iterator[Server]:
    # Not below pytest's own temporary folder: the server's user may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _user()
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        run = {"user": user, "cwd": folder, "stdin": subprocess.DEVNULL}
        owner = user or getpass.getuser()
        initdb = [_program("initdb"), "-D", data, "-U", owner, "-A", "trust", "-E", "UTF8"]
        # --no-sync is about the new files only: the server itself syncs every commit.
        subprocess.run([*initdb, "--locale=C", "--no-sync"], check=True, capture_output=True, **run)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [_program("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=",
                 "-c", "max_connections=200"],
                stdout=log, stderr=log, **run,
            )  # fmt: skip
        try:
            result = Server(folder=folder, user=owner)
            _wait(result, server)
            yield result
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(_START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


def _program(name: str) -> Path:
    """The newest one installed; Debian keeps them away from PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3])
    )
    found = shutil.which(name)
    if not installed and found is None:
        raise RuntimeError(f"{name} is not installed; tools/system-packages says how")
    return installed[-1] if installed else Path(found or "")


def _user() -> str | None:
    """Whom the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
