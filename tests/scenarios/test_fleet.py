"""Worker processes that die in the middle: nothing is lost and nothing is applied twice."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.postgresql import running_server
from tests.store.examples import delivery

from support_policy import engine
from support_policy.store.store import Store

ROOT = Path(__file__).parents[2]
DELIVERIES = 200
TICKETS = 160  # the first ones have two deliveries each
SECONDS = 35


class Desk:
    """A help desk over HTTP that remembers every write, and who was at a ticket at once."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.writes: Counter[str] = Counter()
        self.together: set[str] = set()
        self.connections = 0
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._moment = threading.Event()

    def write(self, ticket: str, value: str) -> None:
        with self._lock:
            self._busy[ticket] += 1
            if self._busy[ticket] > 1:
                self.together.add(ticket)
        self._moment.wait(0.02)  # a desk takes its time, so that a kill finds writes under way
        with self._lock:
            self._busy[ticket] -= 1
            self.values[ticket] = value
            self.writes[ticket] += 1

    def finish(self) -> None:
        """Write what a killed worker had already sent: no successor can know of it before."""
        wait_until(lambda: self.connections == 0, "the desk is still at work")

    @contextmanager
    def served(self) -> Iterator[str]:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(desk.values.get(self.path, "normal"))

            def do_PUT(self) -> None:
                length = int(self.headers["Content-Length"])
                desk.write(self.path, self.rfile.read(length).decode())
                self.answer("")

            def answer(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                with desk._lock:
                    desk.connections += 1
                with suppress(ConnectionError):  # its client may have been killed
                    super().handle()
                with desk._lock:
                    desk.connections -= 1

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            thread.join()


class Fleet:
    """Worker processes on one store, and the desk they write to."""

    def __init__(self, url: str, desk_url: str, stack: ExitStack) -> None:
        self.store = Store.open(url)
        stack.callback(self.store.close)
        self._url = url
        self._desk_url = desk_url
        self._stack = stack

    def prepare(self) -> None:
        self.store.migrate()
        engine.migrate(self.store)
        for number in range(DELIVERIES):
            self.store.accept(delivery(str(number), ticket=str(number % TICKETS)))

    def start(self, slot: str, *, lease: float) -> subprocess.Popen[bytes]:
        worker = [sys.executable, "-m", "tests.scenarios.fleet_worker"]
        arguments = [self._url, self._desk_url, slot, str(lease)]
        process = subprocess.Popen([*worker, *arguments], cwd=ROOT)
        self._stack.callback(process.wait, 30)
        self._stack.callback(process.terminate)
        return process

    def all_done(self) -> bool:
        return self.store.backlog().counts == {"done": DELIVERIES}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def on_postgresql(desk: Desk, stack: ExitStack) -> Fleet:
    server = stack.enter_context(running_server())
    return Fleet(server.new_database(), stack.enter_context(desk.served()), stack)


@pytest.fixture
def on_sqlite(desk: Desk, stack: ExitStack, tmp_path: Path) -> Fleet:
    url = f"sqlite:///{tmp_path}/store.db"
    return Fleet(url, stack.enter_context(desk.served()), stack)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def kill_in_the_middle(
    fleet: Fleet, desk: Desk, process: subprocess.Popen[bytes], slot: str
) -> None:
    wait_until(
        lambda: desk.writes.total() >= 40 and bool(fleet.store.deliveries.held(slot)),
        "the worker has not begun",
    )
    process.kill()
    process.wait()
    assert fleet.store.deliveries.held(slot), "it was killed with nothing in hand"
    assert desk.writes.total() < TICKETS, "it was killed too late"


def assert_each_was_applied_once(fleet: Fleet, desk: Desk) -> None:
    assert len(desk.values) == TICKETS
    assert set(desk.writes.values()) == {1}
    assert desk.together == set()
    assert fleet.all_done()


def test_a_killed_worker_that_comes_back_goes_on_where_it_was(
    on_postgresql: Fleet, desk: Desk
) -> None:
    fleet = on_postgresql
    fleet.prepare()
    # The lease is longer than the test: only the return under the same slot can help.
    first = fleet.start("a", lease=600)
    fleet.start("b", lease=600)
    kill_in_the_middle(fleet, desk, first, "a")
    fleet.start("a", lease=600)
    wait_until(fleet.all_done, "what the killed worker had in hand is lost")
    assert_each_was_applied_once(fleet, desk)


def test_what_a_worker_that_never_comes_back_had_in_hand_goes_to_the_others(
    on_postgresql: Fleet, desk: Desk
) -> None:
    fleet = on_postgresql
    fleet.prepare()
    first = fleet.start("a", lease=6)
    fleet.start("b", lease=6)
    kill_in_the_middle(fleet, desk, first, "a")
    wait_until(fleet.all_done, "what the killed worker had in hand is lost")
    assert_each_was_applied_once(fleet, desk)


def test_one_process_on_sqlite_that_is_killed_twice_loses_nothing(
    on_sqlite: Fleet, desk: Desk
) -> None:
    fleet = on_sqlite
    fleet.prepare()
    kill_in_the_middle(fleet, desk, fleet.start("main", lease=600), "main")
    desk.finish()
    before = desk.writes.total()
    second = fleet.start("main", lease=600)
    wait_until(lambda: desk.writes.total() > before + 20, "it has not come back")
    second.kill()
    second.wait()
    desk.finish()
    fleet.start("main", lease=600)
    wait_until(fleet.all_done, "what the killed worker had in hand is lost")
    assert_each_was_applied_once(fleet, desk)


def test_a_worker_that_is_told_to_stop_ends_what_it_began(on_sqlite: Fleet, desk: Desk) -> None:
    fleet = on_sqlite
    fleet.prepare()
    worker = fleet.start("main", lease=600)
    wait_until(lambda: desk.writes.total() >= 20, "the worker has not begun")
    worker.terminate()
    assert worker.wait(20) == 0
    assert fleet.store.deliveries.held("main") == ()
    counts = fleet.store.backlog().counts
    assert counts["done"] == desk.writes.total() < DELIVERIES
