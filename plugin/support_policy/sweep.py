"""Finds the tickets whose webhook never came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from support_policy.errors import HelpDeskError, MalformedError
from support_policy.helpdesk import Delivery, HelpDesk
from support_policy.store.database import StoreUnavailableError
from support_policy.store.outcome import place_of
from support_policy.store.store import Store

logger = logging.getLogger(__name__)

NEWEST = 200
"""How many of a desk's newest open tickets a sweep looks at, at least."""

FURTHEST = 20_000
"""How many tickets a sweep of the newest ever looks at, however many were lost."""

EVERY = 60.0
"""Seconds between two sweeps of a running service."""

_ENOUGH = 100  # a desk's newest page may hold a single ticket, and that one be known
_CURSOR = "sweep/cursor"
_SINCE = "sweep/since"

Tell = Callable[[int, int], None]


def sweep(
    desk: HelpDesk,
    store: Store,
    *,
    now: datetime,
    newest: int = NEWEST,
    since: datetime | None = None,
    tell: Tell = lambda _seen, _found: None,
) -> int:
    """Accept a delivery for each open ticket that has none; how many there were.

    A desk that lists its newest tickets first is read until nothing more was lost; after ``newest``
    of them only tickets count that were opened since the desk was first heard of. A desk that tells
    what happened since a cursor is read to its end, and the next sweep goes on there.
    ``since`` begins anew at an earlier moment. ``tell`` hears how many tickets were seen and found.
    Raises HelpDeskError and StoreUnavailableError.
    """
    notebook = store.notebook(desk.name)
    began = begin(desk.name, store, now=now, asked=since)
    if since:
        notebook.remember(_CURSOR, None)
    cursor = notebook.recall(_CURSOR)
    found = seen = 0
    for page in desk.opened(since=began, cursor=cursor, now=now):
        wanted = [
            delivery
            for place, delivery in enumerate(page.deliveries, start=seen)
            if place < newest or page.cursor or _opened_since(delivery, began)
        ]
        missing = _missing(wanted, store)
        found += sum(_accept(delivery, store) for delivery in reversed(missing))
        seen += len(page.deliveries)
        tell(seen, found)
        if page.cursor:
            notebook.remember(_CURSOR, page.cursor)  # only now: what is before it is on disk
        elif (not missing and seen >= _ENOUGH) or seen >= FURTHEST:
            break
    return found


def begin(desk: str, store: Store, *, now: datetime, asked: datetime | None = None) -> datetime:
    """Since when a desk's tickets are ours to find, written down the first time it is asked.

    That is when it was set up or first served, not when it was first heard of: the first webhook
    may be one that never comes. ``asked`` moves it.
    """
    notebook = store.notebook(desk)
    kept = notebook.recall(_SINCE)
    heard = store.first_delivery(desk)
    known = [datetime.fromisoformat(kept)] if kept else []
    began = asked or min([*known, *([heard] if heard else [])], default=now)
    if began.isoformat() != kept:
        notebook.remember(_SINCE, began.isoformat())
    return began


def _missing(page: Sequence[Delivery], store: Store) -> list[Delivery]:
    if not page:
        return []
    known = store.known(page[0].desk, [delivery.key for delivery in page])
    return [delivery for delivery in page if delivery.key not in known]


def _accept(delivery: Delivery, store: Store) -> bool:
    try:
        return store.accept(delivery)
    except MalformedError as error:  # one odd ticket must not hide the others
        logger.warning("%s: a ticket is left out of the sweep: %s", delivery.desk, error)
        return False


def _opened_since(delivery: Delivery, began: datetime) -> bool:
    return delivery.opened_at is not None and delivery.opened_at > began


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

    def _begin(self) -> None:
        for name in self._desks:
            try:
                begin(name, self._store, now=self._now())
            except StoreUnavailableError as error:
                logger.warning("sweep of %s: %s", name, error)

    def _run(self) -> None:
        self._begin()
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
