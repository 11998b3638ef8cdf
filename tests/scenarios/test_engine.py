"""The engine within one process, on SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support_policy.engine import Engine, Work, _SqliteConnection
from support_policy.errors import GoneError, RateLimitedError, RefusedError, UnavailableError
from support_policy.helpdesk import Delivery
from support_policy.store.deliveries import Taken
from support_policy.store.store import Store

Run = Callable[..., Engine]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def run(store: Store) -> Iterator[Run]:
    engines: list[Engine] = []

    def start(work: Work, **options: int) -> Engine:
        engine = Engine(store, work, **options)
        engines.append(engine)
        engine.start()
        return engine

    yield start
    for engine in engines:
        engine.stop(timeout=5)


def accept(store: Store, key: str = "1", desk: str = "desk") -> None:
    now = datetime.now(UTC)
    store.accept(Delivery(desk=desk, key=key, ticket_id=key, received_at=now))


def wait_until(holds: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(1000):
        if holds():
            return
        tick.wait(0.02)
    raise AssertionError("it did not happen within 20 seconds")


def test_what_is_accepted_is_worked_and_done(store: Store, run: Run) -> None:
    worked: list[str] = []
    run(lambda taken: worked.append(taken.ref.id))
    accept(store)
    wait_until(lambda: store.backlog().counts == {"done": 1})
    assert worked == ["1"]


def test_a_desk_that_makes_every_attempt_wait_does_not_hold_up_another(
    store: Store, run: Run
) -> None:
    go_on, most = threading.Event(), list[int]()
    waiting: set[str] = set()

    def work(taken: Taken) -> None:
        if taken.ref.desk == "slow":
            waiting.add(taken.ref.id)
            most.append(len(waiting))
            go_on.wait(20)
            waiting.discard(taken.ref.id)

    for number in range(12):
        accept(store, str(number), "slow")
    run(work, workers=4, each=3)
    wait_until(lambda: len(waiting) == 3)
    accept(store, "other")
    wait_until(lambda: store.backlog().counts.get("done") == 1)
    go_on.set()
    wait_until(lambda: store.backlog().counts == {"done": 13})
    assert max(most) == 3


def test_what_was_accepted_before_the_start_is_worked_too(store: Store, run: Run) -> None:
    accept(store)
    run(lambda _: None)
    wait_until(lambda: store.backlog().counts == {"done": 1})


@pytest.mark.parametrize(
    ("error", "state", "detail"),
    [
        (UnavailableError("connection refused"), "waiting", "connection refused"),
        (RateLimitedError("429", after=600), "waiting", "429"),
        (GoneError("404"), "waiting", "404"),
        (RefusedError("403"), "refused", "403"),
    ],
)
def test_what_the_desk_says_decides_what_becomes_of_a_delivery(
    store: Store, run: Run, error: Exception, state: str, detail: str
) -> None:
    def work(_: Taken) -> None:
        raise error

    run(work)
    accept(store)
    wait_until(lambda: [each.state for each in store.troubles()] == [state])
    assert store.troubles()[0].detail == detail


def test_a_surprise_is_kept_without_the_words_of_its_message(store: Store, run: Run) -> None:
    def work(_: Taken) -> None:
        raise KeyError("dear support, my password is hunter2")

    run(work)
    accept(store)
    wait_until(lambda: bool(store.troubles()))
    assert store.troubles()[0].detail.startswith("KeyError at test_engine.py:")
    assert "hunter2" not in store.troubles()[0].detail


def test_a_desk_that_comes_back_is_written_to(store: Store, run: Run) -> None:
    calls: list[int] = []

    def work(taken: Taken) -> None:
        calls.append(taken.attempt)
        if taken.attempt < 3:
            raise UnavailableError("down")

    run(work)
    accept(store)
    wait_until(lambda: store.backlog().counts == {"done": 1})
    assert calls == [1, 2, 3]


def test_no_more_are_worked_at_once_than_there_are_workers(store: Store, run: Run) -> None:
    lock, now_working, most = threading.Lock(), 0, 0
    moment = threading.Event()

    def work(_: Taken) -> None:
        nonlocal now_working, most
        with lock:
            now_working += 1
            most = max(most, now_working)
        moment.wait(0.05)
        with lock:
            now_working -= 1

    for number in range(30):
        accept(store, str(number))
    run(work)
    wait_until(lambda: store.backlog().counts == {"done": 30})
    assert most == 4


def test_stopping_lets_what_has_begun_end(store: Store, run: Run) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(_: Taken) -> None:
        begun.set()
        go_on.wait(10)

    engine = run(work)
    accept(store)
    assert begun.wait(10)
    stopping = threading.Thread(target=engine.stop)
    stopping.start()
    go_on.set()
    stopping.join(20)
    assert store.backlog().counts == {"done": 1}


def test_while_another_process_holds_the_slot_nothing_is_worked_and_it_is_said(
    store: Store, run: Run, tmp_path: Path
) -> None:
    other = Store.open(f"sqlite:///{tmp_path}/store.db")
    slot = other.slot("main")
    assert slot.hold()
    engine = run(lambda _: None)
    accept(store)
    wait_until(lambda: "slot main" in (engine.problem or ""))
    assert store.backlog().counts == {"accepted": 1}
    slot.release()
    wait_until(lambda: store.backlog().counts == {"done": 1})
    assert engine.problem is None
    other.close()


def test_the_engine_keeps_no_words_and_no_pickles(store: Store, run: Run, tmp_path: Path) -> None:
    run(lambda _: None)
    accept(store)
    wait_until(lambda: store.backlog().counts == {"done": 1})
    with closing(sqlite3.connect(tmp_path / "store-engine.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        rows = connection.execute("SELECT serialization FROM workflow_status").fetchall()
        inputs = connection.execute("SELECT inputs FROM workflow_input").fetchall()
    assert rows == [("portable_json",)]
    assert [json.loads(text) for (text,) in inputs] == [{"namedArgs": {}, "positionalArgs": [1, 1]}]


def test_old_workflows_are_deleted_and_young_ones_are_not(
    store: Store, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = run(lambda _: None)
    for key in ("old", "young"):
        accept(store, key)
    wait_until(lambda: store.backlog().counts == {"done": 2})

    def workflows() -> int:
        with closing(sqlite3.connect(tmp_path / "store-engine.db")) as connection:
            return int(connection.execute("SELECT count(*) FROM workflow_status").fetchone()[0])

    with closing(sqlite3.connect(tmp_path / "store-engine.db")) as connection, connection:
        two_days_ago = int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1000)
        connection.execute(
            "UPDATE workflow_status SET created_at = ? WHERE workflow_uuid = "
            "(SELECT workflow_uuid FROM workflow_status LIMIT 1)",
            (two_days_ago,),
        )
    assert workflows() == 2
    monkeypatch.setattr(engine, "_collect_at", 0.0)
    engine.wake()
    wait_until(lambda: workflows() == 1)


def test_the_engines_database_answers_in_milliseconds_on_an_old_sqlite_too(tmp_path: Path) -> None:
    connection = _SqliteConnection(tmp_path / "engine.db")
    try:
        [(now,)] = connection.execute("SELECT unixepoch('subsec') * 1000")
    finally:
        connection.close()
    assert abs(now / 1000 - time.time()) < 60
