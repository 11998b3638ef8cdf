"""Finds the tickets whose webhook never came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice

from support_policy.errors import HelpDeskError, MalformedError
from support_policy.helpdesk import Delivery, HelpDesk
from support_policy.store.database import StoreUnavailableError
from support_policy.store.outcome import place_of
from support_policy.store.store import Store

logger = logging.getLogger(__name__)

NEWEST = 200
"""How many of a desk's newest open tickets a sweep looks at, at least."""

FURTHEST = 20_000
"""How many tickets a sweep ever looks at, however many were lost."""

EVERY = 60.0
"""Seconds between two sweeps of a running service."""

_PAGE = 100


def sweep(desk: HelpDesk, store: Store, *, now: datetime, newest: int = NEWEST) -> int:
    """Accept a delivery for each open ticket that has none; how many there were.

    The newest tickets come first. After ``newest`` of them a sweep goes on only among tickets that
    were opened since this desk was first heard of: those before are none of its business. It ends
    with a page of which nothing was lost. Raises HelpDeskError and StoreUnavailableError.
    """
    began = store.first_delivery(desk.name)
    tickets = desk.newest(now=now, limit=FURTHEST)
    found = seen = 0
    while page := list(islice(tickets, min(_PAGE, newest - seen) if seen < newest else _PAGE)):
        missing = _missing(page, store)
        found += sum(_accept(delivery, store) for delivery in reversed(missing))
        seen += len(page)
        if not missing or (seen >= newest and not _opened_since(page[-1], began)):
            break
    return found


def _missing(page: list[Delivery], store: Store) -> list[Delivery]:
    known = store.known(page[0].desk, [delivery.key for delivery in page])
    return [delivery for delivery in page if delivery.key not in known]


def _accept(delivery: Delivery, store: Store) -> bool:
    try:
        return store.accept(delivery)
    except MalformedError as error:  # one odd ticket must not hide the others
        logger.warning("%s: a ticket is left out of the sweep: %s", delivery.desk, error)
        return False


def _opened_since(delivery: Delivery, began: datetime | None) -> bool:
    opened = delivery.opened_at
    return began is not None and opened is not None and opened > began


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
                except Exception as error:  # noqa: BLE001 - a surprise must not end all sweeps
                    logger.error("sweep of %s: %s", name, place_of(error))  # noqa: TRY400
                else:
                    logger.log(
                        logging.WARNING if found else logging.DEBUG,
                        "sweep of %s: %d tickets without a webhook",
                        name,
                        found,
                    )
