"""Finds the tickets whose webhook never came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from support_policy.errors import HelpDeskError
from support_policy.helpdesk import HelpDesk
from support_policy.store.database import StoreUnavailableError
from support_policy.store.outcome import place_of
from support_policy.store.store import Store

logger = logging.getLogger(__name__)

NEWEST = 200
"""How many of a desk's newest open tickets a sweep looks at."""

EVERY = 60.0
"""Seconds between two sweeps of a running service."""


def sweep(desk: HelpDesk, store: Store, *, now: datetime, newest: int = NEWEST) -> int:
    """Accept a delivery for each of the newest tickets that has none; how many there were.

    Raises HelpDeskError and StoreUnavailableError.
    """
    seen = list(desk.newest(now=now, limit=newest))
    known = store.known(desk.name, [delivery.key for delivery in seen])
    missing = [delivery for delivery in reversed(seen) if delivery.key not in known]
    return sum(store.accept(delivery) for delivery in missing)


class Sweeper:
    """Sweeps every desk again and again, in a thread of its own."""

    def __init__(
        self, desks: Mapping[str, HelpDesk], store: Store, *, now: Callable[[], datetime]
    ) -> None:
        self._desks = desks
        self._store = store
        self._now = now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin; the first sweep waits a moment, so that a start is not slowed by it."""
        self._thread.start()

    def stop(self) -> None:
        """End after the sweep under way."""
        self._stop.set()
        self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            for name, desk in self._desks.items():
                try:
                    found = sweep(desk, self._store, now=self._now())
                except (HelpDeskError, StoreUnavailableError) as error:
                    logger.warning("sweep of %s: %s", name, error)
                except Exception as error:  # noqa: BLE001 - one odd ticket must not end all sweeps
                    logger.error("sweep of %s: %s", name, place_of(error))  # noqa: TRY400
                else:
                    logger.log(
                        logging.WARNING if found else logging.DEBUG,
                        "sweep of %s: %d tickets without a webhook",
                        name,
                        found,
                    )
