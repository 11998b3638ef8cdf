"""What it means that a delivery was accepted."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.postgresql import running_server
from tests.store.examples import MONTREAL, NOW, delivery, take_one

from support_policy.errors import MalformedError
from support_policy.store.database import StoreUnavailableError
from support_policy.store.intake import Intake
from support_policy.store.store import Store

HERE = Path(__file__).parent


def test_what_was_accepted_is_there_after_the_process_was_killed(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, HERE / "accepting.py", url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        said = [process.stdout.readline().strip() for _ in range(300)]
        process.kill()
        said += process.stdout.read().split()
    # The last line may be torn; what it would have said is not claimed.
    whole = [key for key in said if key][:-1]
    store = Store.open(url)
    assert store.known("desk", whole) == set(whole)
    store.close()


def test_the_same_event_is_accepted_once(store: Store) -> None:
    assert store.accept(delivery())
    assert not store.accept(delivery())


def test_sixteen_threads_with_the_same_events_accept_each_once(store: Store) -> None:
    together = threading.Barrier(16)

    def accept(_: int) -> int:
        together.wait()
        return sum(store.accept(delivery(str(number))) for number in range(40))

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(accept, range(16))) == 40
    assert store.backlog().counts == {"accepted": 40}


def test_two_desks_may_use_the_same_key(store: Store) -> None:
    assert store.accept(delivery(desk="one"))
    assert store.accept(delivery(desk="two"))


def test_accept_raises_once_the_store_is_closed(store: Store) -> None:
    store.accept(delivery())
    store.close()
    with pytest.raises(StoreUnavailableError):
        store.accept(delivery("2"))


def test_every_waiting_caller_hears_that_the_commit_failed(url: str) -> None:
    without_tables = Store.open(url)

    def accept(number: int) -> str:
        try:
            without_tables.accept(delivery(str(number)))
        except StoreUnavailableError:
            return "unavailable"
        return "accepted"

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(accept, range(64))) == {"unavailable"}
    without_tables.close()


def test_accept_raises_while_the_disk_is_full_and_works_again_after(tmp_path: Path) -> None:
    filling = subprocess.run([sys.executable, HERE / "filling.py", tmp_path / "store.db"])
    assert filling.returncode == 0


def test_accept_raises_while_postgresql_is_down() -> None:
    with running_server() as server:
        store = Store.open(server.new_database())
        store.migrate()
        store.accept(delivery())
    with pytest.raises(StoreUnavailableError):
        store.accept(delivery("2"))
    store.close()


def test_nobody_waits_longer_than_is_bearable_while_the_file_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_policy.store.database._BUSY_MS", 1500)
    path = tmp_path / "store.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    intake = Intake(store.database, patience=0.2)

    def accept(number: int) -> str:
        try:
            intake.accept(delivery(str(number)))
        except StoreUnavailableError as error:
            return str(error)
        return "accepted"

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with ThreadPoolExecutor(8) as pool:
            said = Counter(pool.map(accept, range(8)))
        other.execute("ROLLBACK")
    # Whoever led waited for the lock, the others only for whoever led.
    assert said == {"database is locked": 1, "the database took too long": 7}
    assert intake.accept(delivery("again"))
    intake.close()
    store.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: replace(good, key="a\0b"),
        lambda good: replace(good, key="\ud800"),
        lambda good: replace(good, ticket_id="9" * 600),
        lambda good: replace(good, key="7\n2026-03-02 ERROR forged"),
        lambda good: replace(good, ticket_id="7\r"),
        lambda good: replace(good, ticket_id="7\x1b[2J"),
        lambda good: replace(good, ticket_id="7\u2028"),
        lambda good: replace(good, hint='"' + "x" * 30_000 + '"'),
    ],
)
def test_what_a_database_cannot_keep_is_refused_before_it_spoils_a_commit(
    store: Store, spoil: Callable[..., object]
) -> None:
    with pytest.raises(MalformedError):
        store.accept(spoil(delivery()))  # type: ignore[arg-type]
    assert store.accept(delivery())


def test_a_delivery_comes_back_as_it_was_and_its_instant_is_aware(store: Store) -> None:
    local = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=MONTREAL)
    given = replace(delivery(), received_at=local, hint='{"créé":"é"}', origin="sweep")
    store.accept(given)
    back = take_one(store, now=NOW + timedelta(seconds=1)).delivery
    assert back == given
    assert back.received_at.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreUnavailableError):
        store.accept(replace(delivery(), received_at=datetime(2026, 3, 2)))  # noqa: DTZ001


def test_known_names_only_the_events_of_that_desk(store: Store) -> None:
    store.accept(delivery("1"))
    store.accept(delivery("2", desk="other"))
    keys = [str(number) for number in range(2000)]
    assert store.known("desk", keys) == {"1"}
    assert store.known("desk", []) == frozenset()


def test_listeners_hear_of_what_is_new_and_of_nothing_else(store: Store) -> None:
    heard: list[int] = []
    store.listen(lambda: heard.append(1))
    store.accept(delivery())
    store.accept(delivery())
    store.accept(delivery("2"))
    store.close()
    assert len(heard) == 2


def test_closing_keeps_what_is_already_waiting(url: str) -> None:
    store = Store.open(url)
    store.migrate()
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(store.accept(delivery(str(n)))))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    again = Store.open(url)
    assert len(again.known("desk", [str(n) for n in range(8)])) == sum(results) == 8
    again.close()


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    store.accept(delivery())
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    store.close()


def test_sqlite_syncs_every_commit_unless_told_otherwise(tmp_path: Path) -> None:
    def pragmas(store: Store) -> dict[str, object]:
        with store.database.reading() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    full = Store.open(f"sqlite:///{tmp_path}/full.db")
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert pragmas(full) == expected
    normal = Store.open(f"sqlite:///{tmp_path}/normal.db", synchronous="NORMAL")
    assert pragmas(normal) == expected | {"synchronous": 1}
    full.close()
    normal.close()


def test_a_folder_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"store\.db"):
        Store.open(f"sqlite:///{tmp_path}/nowhere/store.db")
