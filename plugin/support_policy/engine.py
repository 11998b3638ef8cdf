"""The engine that works off what was accepted; the one place that knows DBOS.

The table of deliveries is the truth. This module takes due deliveries from it and runs each attempt
as a DBOS workflow, whose steps survive the process: after a restart an attempt goes on where it
stopped. What a process that never comes back had in hand, the leases of the table give to others.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from support_policy.errors import SupportPolicyError
from support_policy.store.database import Database, StoreUnavailableError, create_private
from support_policy.store.deliveries import Taken
from support_policy.store.outcome import Outcome, outcome_of, place_of
from support_policy.store.store import Store

Work = Callable[[Taken], str | None]

# Names the steps of the workflow below. A process with another number leaves alone what this one
# had in hand until the leases end: change it only when the steps change.
PROTOCOL = "1"

WORKERS = 4
"""Attempts at the same time, unless said otherwise."""

_POLL = 0.2
_CROWDED_PAUSE = 0.1  # seconds between two starts while deliveries stream in
_COLLECT_EVERY = 3600.0
_COLLECT_AFTER = timedelta(days=1)
_COLLECT_AT_ONCE = 500

logger = logging.getLogger(__name__)


class Engine:
    """Works off the deliveries of a store, ``workers`` at a time, ``each`` of them of one desk.

    With several desks ``each`` is smaller than ``workers``, so that one whose limits make every
    attempt wait does not hold up the others.

    ``work`` reads, decides, writes and records one delivery; it may run twice for the same one.
    What it returns is why nothing was done, for the record.
    What it raises says what becomes of the delivery: UnavailableError, it is tried again when the
    desk has rested; BusyError, soon; GoneError, once more; RefusedError, no more; anything else, a
    few times more. ``slot`` is this process's name among its peers: the same after a restart, never
    the same at the same time. Machines that share a store must agree on the time to within a part
    of ``lease``. One engine a process, started after any fork.
    """

    def __init__(
        self,
        store: Store,
        work: Work,
        *,
        workers: int = WORKERS,
        each: int | None = None,
        slot: str = "main",
        lease: timedelta = timedelta(seconds=60),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._work = work
        self._workers = workers
        self._each = each or workers
        self._slot = store.slot(slot)
        self._lease = lease
        self._now = now
        self._attempt: Callable[[int, int], None] | None = None
        self._running: dict[tuple[int, int], str] = {}
        self._changed = threading.Condition()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._renew_at = self._start_at = 0.0
        self._collect_at = monotonic() + 60
        self._problem: str | None = "the engine has not started"

    @property
    def problem(self) -> str | None:
        """Why nothing is being worked, for readiness; None when all is well."""
        return self._problem

    def start(self) -> None:
        """Begin to work in the background, as soon as the slot is free."""
        self._store.listen(self.wake)
        self._thread.start()

    def wake(self) -> None:
        """Look at the store now and not a moment later."""
        self._woken.set()

    def stop(self, *, timeout: float = 20.0) -> None:
        """Take nothing more, let attempts under way end, for ``timeout`` seconds at most."""
        self._stopping.set()
        self.wake()
        self._thread.join(timeout)
        with self._changed:
            self._changed.wait_for(lambda: not self._running, timeout)
        DBOS.destroy(destroy_registry=True)
        self._slot.release()
        self._problem = "stopped"

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except SupportPolicyError as error:
                self._report(str(error))
            except Exception as error:  # noqa: BLE001 - this thread must outlive any surprise
                self._report(place_of(error))
            else:
                self._problem = None
                self._woken.wait(_POLL)
                self._woken.clear()

    def _report(self, problem: str) -> None:
        if problem != self._problem:
            logger.warning("nothing is worked: %s", problem)
        self._problem = problem
        self._renew_at = 0.0  # the slot may be lost as well: look at it first
        self._stopping.wait(1.0)

    def _turn(self) -> None:
        if monotonic() >= self._renew_at:
            self._renew()
        while (free := self._free()) > 0 and not self._stopping.is_set():
            self._start_at = monotonic() + _CROWDED_PAUSE
            now = self._now()
            taken = self._store.deliveries.take(
                free if self._each == self._workers else 1,
                slot=self._slot.name,
                now=now,
                lease=self._lease,
                passing=self._full(),
            )
            for each in taken:
                self._begin(each)
            if not taken:
                break
        if monotonic() >= self._collect_at:
            self._collect()

    def _free(self) -> int:
        """How many attempts may begin; few while deliveries stream in, for those are kept first."""
        with self._changed:
            free = self._workers - len(self._running)
        if self._store.crowded:
            return min(free, 1) if monotonic() >= self._start_at else 0
        return free

    def _full(self) -> tuple[str, ...]:
        """The desks that have as many attempts under way as one desk may."""
        with self._changed:
            running = Counter(self._running.values())
        return tuple(desk for desk, count in running.items() if count >= self._each)

    def _renew(self) -> None:
        """Hold the slot, with DBOS launched, and the leases of what is running."""
        if not self._slot.hold():
            raise SlotHeldError(f"another process holds the slot {self._slot.name}")
        if self._attempt is None:
            self._attempt = self._launch()
            held = self._store.deliveries.held(self._slot.name)
            self._renew_leases({(taken.id, taken.attempt) for taken in held})
            # DBOS goes on with those it knows; to start one of them again starts nothing. Those
            # it does not know were taken just before the process died.
            for taken in held:
                self._start(taken)
        with self._changed:
            running = set(self._running)
        self._renew_leases(running)
        self._renew_at = monotonic() + self._lease.total_seconds() / 3

    def _renew_leases(self, attempts: set[tuple[int, int]]) -> None:
        if attempts:
            self._store.deliveries.renew(attempts, now=self._now(), lease=self._lease)

    def _begin(self, taken: Taken) -> None:
        with self._changed:
            self._running[taken.id, taken.attempt] = taken.ref.desk
        try:
            self._start(taken)
        except Exception:
            self._end(taken.id, taken.attempt)
            raise

    def _start(self, taken: Taken) -> None:
        if self._attempt is None:
            raise RuntimeError("the engine is not launched")
        with SetWorkflowID(_workflow_id(taken)):
            DBOS.start_workflow(self._attempt, taken.id, taken.attempt)

    def _end(self, delivery_id: int, attempt: int) -> None:
        with self._changed:
            self._running.pop((delivery_id, attempt), None)
            self._changed.notify_all()
        self.wake()

    def _run_attempt(self, delivery_id: int, attempt: int) -> None:
        """The workflow: try, then settle what did not end well. It never raises."""
        with self._changed:
            self._running.setdefault((delivery_id, attempt), "")  # one that is recovered
        try:
            outcome = DBOS.run_step({"name": "work"}, self._try, delivery_id, attempt)
            if outcome is not None:
                DBOS.run_step({"name": "settle"}, self._settle, delivery_id, attempt, outcome)
        except StoreUnavailableError as error:
            logger.warning("delivery %d: attempt %d is lost: %s", delivery_id, attempt, error)
        finally:
            self._end(delivery_id, attempt)

    def _try(self, delivery_id: int, attempt: int) -> dict[str, Any] | None:
        taken = self._store.deliveries.current(delivery_id, attempt)
        if taken is None:
            return None
        try:
            reason = self._work(taken)
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one delivery must not stop the others
            outcome = outcome_of(error)
        else:
            # Most work has recorded its own end by now, and this changes nothing.
            done = Outcome(ending="passed", detail=reason) if reason else Outcome(ending="done")
            self._store.deliveries.settle(delivery_id, attempt, done, now=self._now())
            return None
        logger.info("%s: attempt %d: %s: %s", taken.ref, attempt, outcome.ending, outcome.detail)
        return asdict(outcome)

    def _settle(self, delivery_id: int, attempt: int, outcome: dict[str, Any]) -> None:
        ending = Outcome(**outcome)
        result = self._store.deliveries.settle(delivery_id, attempt, ending, now=self._now())
        if result is not None and result.state in {"refused", "failed"}:
            logger.error(
                "delivery %d is given up: %s: %s", delivery_id, result.state, ending.detail
            )

    def _launch(self) -> Callable[[int, int], None]:
        @DBOS.workflow(name="attempt", max_recovery_attempts=5)
        def attempt(delivery_id: int, number: int) -> None:
            self._run_attempt(delivery_id, number)

        # Its log goes where ours goes, and not to a handler of its own.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        try:
            DBOS(config=_config(self._store.database, self._slot.name, self._workers))
            DBOS.launch()
        except Exception:
            DBOS.destroy(destroy_registry=True)
            raise
        return attempt

    def _collect(self) -> None:
        """Delete old workflows: the deliveries say what was done, these only how."""
        before = (datetime.now(UTC) - _COLLECT_AFTER).isoformat()
        while not self._stopping.is_set():
            old = DBOS.list_workflows(
                end_time=before, limit=_COLLECT_AT_ONCE, load_input=False, load_output=False
            )
            if not old:
                break
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])
        self._collect_at = monotonic() + _COLLECT_EVERY


class SlotHeldError(SupportPolicyError):
    """Another process works under the same slot."""


def migrate(store: Store) -> None:
    """Bring the engine's own tables to what this version needs, on PostgreSQL.

    On SQLite they are a file beside the database, made when the engine starts.
    """
    if not store.database.is_sqlite:
        DBOS.migrate(_system_url(store.database))


def _config(database: Database, slot: str, workers: int) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "support-policy",
        "system_database_url": _system_url(database),
        "application_version": PROTOCOL,
        "executor_id": slot,
        "serializer": DBOSPortableJSONSerializer(),
        "run_migrations": database.is_sqlite,
        "sys_db_pool_size": workers * 2 + 4,
        "log_level": "WARNING",
    }
    if database.is_sqlite:
        config["db_engine_kwargs"] = {"connect_args": {"factory": _SqliteConnection}}
    return config


def _system_url(database: Database) -> str:
    url = database.url
    if database.is_sqlite:
        path = database.path
        engine = path.with_name(f"{path.stem}-engine.db")
        create_private(engine)
        url = url.set(database=str(engine))
    return url.render_as_string(hide_password=False)


class _SqliteConnection(sqlite3.Connection):
    """What DBOS opens: readers do not wait for writers, and commits do not wait for the disk.

    After a power cut the last steps may be unknown; the deliveries, which are on disk, are then
    worked again. A process that dies loses nothing.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA busy_timeout=30000")
        self.execute("PRAGMA journal_mode=WAL")
        self.execute("PRAGMA synchronous=NORMAL")
        if sqlite3.sqlite_version_info < (3, 42):
            # DBOS asks for unixepoch('subsec'), which older SQLite answers with nothing.
            self.create_function("unixepoch", 1, lambda _modifier: time.time())


def _workflow_id(taken: Taken) -> str:
    # The moment of receipt tells two databases apart that number their rows alike.
    delivery = taken.delivery
    name = f"{delivery.desk}\n{delivery.key}\n{delivery.received_at.isoformat()}"
    return f"{sha256(name.encode()).hexdigest()[:32]}-{taken.attempt}"
