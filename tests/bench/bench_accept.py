"""Accepting a delivery against one inserted row and against a bare endpoint, on one server.

All endpoints live in one gunicorn process with the same flags; rounds are short, shuffled and
interleaved, and a ratio is the median of the ratios of the rounds. One endpoint of a plain Flask
answers at once, one commits a row in the request (SQLite, WAL, synchronous FULL, a connection for
each thread, no library between), one is the product's own webhook route, every delivery a new one.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from secrets import token_hex
from statistics import median
from typing import TYPE_CHECKING, Any, BinaryIO

from flask import Flask

from support_policy.engine import Engine
from support_policy.helpdesks.memory import MemoryCodec
from support_policy.settings import MAX_BODY
from support_policy.store.store import Store
from support_policy_webhooks import create_app as edge

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
CLIENTS = 2  # processes; each has its share of the connections
ROUNDS = 15
SECONDS = 0.6
BARE, ROW, ACCEPT = "/bare", "/row", "/webhooks/desk/the-token"
NAMES = {BARE: "bare", ROW: "one row", ACCEPT: "accept"}
GOOD = (b"HTTP/1.1 200 ", b"HTTP/1.1 202 ")
GOALS = {"accept / one row": 0.9, "accept / bare": 0.6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Requests a second, and the slowest of each hundred in milliseconds, by endpoint."""

    rates: dict[str, float]
    p99: dict[str, float]


def create_app() -> WSGIApplication:
    """The server's side; gunicorn calls it in its worker."""
    folder = Path(os.environ["BENCH_FOLDER"])
    store = Store.open(f"sqlite:///{folder}/store.db")
    store.migrate()
    if os.environ["BENCH_ENGINE"] == "on":
        Engine(store, lambda _: None).start()
    product = edge(
        codecs={"desk": MemoryCodec(desk="desk", tokens=("the-token",))},
        accept=store.accept,
        ready=dict,
        now=lambda: datetime.now(UTC),
        max_body=MAX_BODY,
    )
    app = Flask(__name__)
    numbers = count()
    rows = _Rows(folder / "rows.db")

    @app.post(BARE)
    def bare() -> tuple[str, int]:
        return "", 202

    @app.post(ROW)
    def row() -> tuple[str, int]:
        rows.insert(f"{next(numbers)}")
        return "", 202

    def both(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return (product if environ["PATH_INFO"] == ACCEPT else app)(environ, start)

    return both


class _Rows:
    """The plainest durable insert: one row, one commit, a connection for each thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        with self._connect() as connection:
            connection.execute(
                "CREATE TABLE rows (id INTEGER PRIMARY KEY, key TEXT UNIQUE, at TEXT)"
            )

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def insert(self, key: str) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        at = datetime.now(UTC).isoformat()
        connection.execute("INSERT INTO rows (key, at) VALUES (?, ?)", (key, at))


@contextmanager
def served(*, engine: bool) -> Iterator[int]:
    """One gunicorn process with the flags of the product; yields its port."""
    with socket.socket() as listening, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        port = listening.getsockname()[1]
        flags = ["-w", "1", "-k", "gthread", "--threads", str(CONNECTIONS), "--log-level", "error"]
        command = [sys.executable, "-m", "gunicorn", *flags, "--bind", f"fd://{listening.fileno()}"]
        environment = os.environ | {"BENCH_FOLDER": folder, "BENCH_ENGINE": "on" if engine else ""}
        server = subprocess.Popen(
            [*command, "tests.bench.bench_accept:create_app()"],
            cwd=ROOT, env=environment, pass_fds=[listening.fileno()],
        )  # fmt: skip
        try:
            _ask(port, BARE)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _ask(port: int, path: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(_request(path, "first"))
        if b" 202 " not in connection.recv(4096):
            raise RuntimeError(f"{path} does not answer")


def _request(path: str, ticket: str) -> bytes:
    body = f'{{"ticket_id": "{ticket}"}}'
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"{head}{body}".encode()


def _answer(reader: BinaryIO) -> bytes:
    """The status line of one answer, all of which is read."""
    status = reader.readline()
    length = 0
    while (header := reader.readline().lower()) not in (b"\r\n", b""):
        if header.startswith(b"content-length:"):
            length = int(header.partition(b":")[2])
    reader.read(length)
    return status


def _drive(port: int, path: str, seconds: float, results: Any) -> None:
    """One client process: each of its connections asks, waits for the answer, and asks again."""
    times: list[float] = []

    def drive() -> None:
        mine = token_hex(8)
        numbers = count()
        with (
            socket.create_connection(("127.0.0.1", port), timeout=30) as connection,
            connection.makefile("rb") as reader,
        ):
            end = time.perf_counter() + seconds
            while (start := time.perf_counter()) < end:
                connection.sendall(_request(path, f"{mine}-{next(numbers)}"))
                if not _answer(reader).startswith(GOOD):
                    raise RuntimeError(f"{path} does not answer well")
                times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=drive) for _ in range(CONNECTIONS // CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(times)


def measure(port: int, path: str, seconds: float = SECONDS) -> tuple[float, float]:
    """Requests a second, and the 99th percentile in milliseconds."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    clients = [
        context.Process(target=_drive, args=(port, path, seconds, results)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    times = sorted(each for _ in clients for each in results.get(timeout=seconds + 60))
    for client in clients:
        client.join()
    return len(times) / seconds, times[int(len(times) * 0.99)] * 1000


def rounds(*, engine: bool, number: int = ROUNDS) -> list[Round]:
    """Every endpoint once in each round, in another order each time."""
    order = random.Random(1)  # noqa: S311 - the order of the rounds, no secret
    measured = []
    with served(engine=engine) as port:
        for path in (BARE, ROW, ACCEPT):
            measure(port, path, 0.3)
        for _ in range(number):
            paths = order.sample([BARE, ROW, ACCEPT], 3)
            each = {path: measure(port, path) for path in paths}
            rates = {path: rate for path, (rate, _) in each.items()}
            measured.append(
                Round(rates=rates, p99={path: slow for path, (_, slow) in each.items()})
            )
    return measured


def ratios(*, engine: bool = False, number: int = ROUNDS) -> dict[str, float]:
    """The medians of the rounds' ratios; ``engine`` works off what is accepted meanwhile."""
    return _ratios(rounds(engine=engine, number=number))


def _ratios(measured: list[Round]) -> dict[str, float]:
    return {
        "accept / one row": median(each.rates[ACCEPT] / each.rates[ROW] for each in measured),
        "accept / bare": median(each.rates[ACCEPT] / each.rates[BARE] for each in measured),
    }


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    missed = False
    for engine in (False, True):
        measured = rounds(engine=engine)
        print(f"accept, {CONNECTIONS} connections, engine {'on' if engine else 'off'}")
        for path in (BARE, ROW, ACCEPT):
            rate = median(each.rates[path] for each in measured)
            slow = median(each.p99[path] for each in measured)
            print(f"  {NAMES[path]:10} {rate:8.0f} requests/s   p99 {slow:6.1f} ms")
        for name, ratio in _ratios(measured).items():
            missed |= not engine and ratio < GOALS[name]
            print(f"  {name:18} {ratio:5.2f}   goal {GOALS[name]:.2f}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
