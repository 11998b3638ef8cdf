"""Finds the tickets whose webhook never came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from support_policy.errors import HelpDeskError, MalformedError
from support_policy.helpdesk import Delivery, HelpDesk, Origin
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
    tell: Tell = lambda _seen, _found: None,
) -> int:
    """Accept a delivery for each open ticket that has none; how many there were.

    ``tell`` hears how many tickets were seen and found. Raises HelpDeskError and
    StoreUnavailableError.
    """
    since = begin(desk.name, store, now=now)
    if desk.streams:
        return _onward(desk, store, _CURSOR, since=since, now=now, tell=tell)
    return _newest(desk, store, since=since, now=now, newest=newest, tell=tell)


def backfill(desk: HelpDesk, store: Store, *, since: datetime, now: datetime, tell: Tell) -> int:
    """Accept what was opened since an earlier moment, on a desk that streams.

    It has a cursor of its own: one that was cut short goes on where it stopped, and the sweeps of
    a running service go their own way.
    """
    cursor = f"backfill/{since.isoformat()}"
    found = _onward(desk, store, cursor, since=since, now=now, tell=tell, origin="backfill")
    store.notebook(desk.name).remember(cursor, None)
    return found


def _onward(
    desk: HelpDesk,
    store: Store,
    cursor: str,
    *,
    since: datetime,
    now: datetime,
    tell: Tell,
    origin: Origin = "sweep",
) -> int:
    """From the cursor of this name to the end of what the desk tells."""
    notebook = store.notebook(desk.name)
    found = seen = 0
    for page in desk.opened(since=since, cursor=notebook.recall(cursor), now=now):
        found += _accept_all(_missing(page.deliveries, store), store, origin)
        seen += len(page.deliveries)
        tell(seen, found)
        if page.cursor:
            notebook.remember(cursor, page.cursor)  # only now: what is before it is on disk
    return found


def _newest(
    desk: HelpDesk, store: Store, *, since: datetime, now: datetime, newest: int, tell: Tell
) -> int:
    """The newest tickets, and on among those that are ours until nothing more was lost."""
    found = seen = 0
    for page in desk.opened(since=since, cursor=None, now=now):
        ours = [
            delivery
            for place, delivery in enumerate(page.deliveries, start=seen)
            if place < newest or _opened_since(delivery, since)
        ]
        missing = _missing(ours, store)
        found += _accept_all(missing, store, "sweep")
        seen += len(page.deliveries)
        tell(seen, found)
        if (not missing and seen >= _ENOUGH) or seen >= FURTHEST:
            break
    return found


def begin(desk: str, store: Store, *, now: datetime) -> datetime:
    """Since when a desk's tickets are ours to find, written down the first time it is asked.

    That is when it was set up or first served, not when it was first heard of: the first webhook
    may be one that never comes.
    """
    notebook = store.notebook(desk)
    kept = notebook.recall(_SINCE)
    heard = store.first_delivery(desk)
    known = [datetime.fromisoformat(kept)] if kept else []
    began = min([*known, *([heard] if heard else [])], default=now)
    if began.isoformat() != kept:
        notebook.remember(_SINCE, began.isoformat())
    return began


def _missing(page: Sequence[Delivery], store: Store) -> list[Delivery]:
    if not page:
        return []
    known = store.known(page[0].desk, [delivery.key for delivery in page])
    return [delivery for delivery in page if delivery.key not in known]


def _accept_all(missing: Sequence[Delivery], store: Store, origin: Origin) -> int:
    """Accept them, the oldest first; how many were new."""
    return sum(_accept(replace(delivery, origin=origin), store) for delivery in reversed(missing))


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
