"""Wakes requests whose time has come: what became of them is then looked up like anything else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from support_policy.core.ticket import TicketRef
from support_policy.helpdesk import Delivery
from support_policy.store.database import StoreUnavailableError
from support_policy.store.ledger import Ledger
from support_policy.store.outcome import place_of
from support_policy.store.store import Store

EVERY = 15.0
"""Seconds between two looks at the store."""

LOOK_EVERY = timedelta(minutes=10)
"""How often a ticket is looked at on which a request waits, whether its desk calls or not."""

logger = logging.getLogger(__name__)


def wake(ledger: Ledger, store: Store, desks: Collection[str], *, now: datetime) -> int:
    """Make work of every request of these desks that is due; how many were new."""
    woken, after = 0, None
    while found := ledger.due(now, desks=desks, after=after):
        woken += sum(_wake(store, ref, at, now) for ref, at in found)
        after = found[-1]
    return woken


def _wake(store: Store, ref: TicketRef, at: datetime, now: datetime) -> bool:
    return store.accept(
        Delivery(
            desk=ref.desk,
            key=f"due:{ref.id}:{at.isoformat()}",
            ticket_id=ref.id,
            received_at=now,
            topic="permission",
        )
    )


def look(ledger: Ledger, store: Store, desks: Iterable[str], *, now: datetime) -> int:
    """Make work of every request that waits: the webhook of its answer may be lost."""
    turn = _turn(now)
    return sum(
        store.accept(
            Delivery(
                desk=ref.desk,
                key=f"look:{ref.id}:{turn}",
                ticket_id=ref.id,
                received_at=now,
                origin="sweep",
                topic="permission",
            )
        )
        for desk in desks
        for ref in ledger.open_tickets(desk)
    )


def _turn(now: datetime) -> int:
    """The number of the stretch in which each ticket is looked at once."""
    return int(now.timestamp() // LOOK_EVERY.total_seconds())


class Timers:
    """Looks again and again, in a thread of its own."""

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        desks: Iterable[str],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._desks = tuple(desks)
        self._store = store
        self._now = now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timers", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the look under way."""
        self._stop.set()
        self._thread.join(timeout=15)

    def _run(self) -> None:
        looked = 0
        while not self._stop.wait(EVERY):
            now = self._now()
            try:
                wake(self._ledger, self._store, self._desks, now=now)
                if _turn(now) != looked:
                    look(self._ledger, self._store, self._desks, now=now)
                    self._ledger.forget(now)
                    looked = _turn(now)
            except StoreUnavailableError as error:
                logger.warning("requests that are due: %s", error)
            except Exception as error:  # noqa: BLE001 - a surprise must not end all timers
                logger.error("requests that are due: %s", place_of(error))  # noqa: TRY400
