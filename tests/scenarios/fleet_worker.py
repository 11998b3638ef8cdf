"""A worker process: reads a ticket at the desk over HTTP, writes what differs, records it."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import UTC, datetime, timedelta

import requests
from tests.store.examples import BASIS, decision, update

from support_policy.engine import Engine
from support_policy.errors import UnavailableError
from support_policy.store.deliveries import Taken
from support_policy.store.store import Store

WANTED = "high"


def main(url: str, desk: str, slot: str, lease: str) -> None:
    store = Store.open(url)

    def work(taken: Taken) -> None:
        ticket = f"{desk}/{taken.ref.id}"
        try:
            if requests.get(ticket, timeout=5).text != WANTED:
                requests.put(ticket, data=WANTED, timeout=5).raise_for_status()
        except requests.RequestException as error:
            raise UnavailableError("the desk does not answer") from error
        store.record(
            taken,
            decision(taken.ref),
            update(taken.ref),
            mode="enforce",
            stamp="stamp",
            basis=BASIS,
            now=datetime.now(UTC),
        )

    engine = Engine(store, work, slot=slot, lease=timedelta(seconds=float(lease)))
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    engine.start()
    ended.wait()
    engine.stop()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
