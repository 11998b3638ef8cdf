"""Accepts deliveries until it is killed, and prints the key of each when it is kept."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from itertools import count

from support_policy.helpdesk import Delivery
from support_policy.store.store import Store


def main(url: str) -> None:
    store = Store.open(url)
    store.migrate()
    numbers = count()

    def accept() -> None:
        for number in numbers:
            key = f"event-{number}"
            now = datetime.now(UTC)
            store.accept(Delivery(desk="desk", key=key, ticket_id=key, received_at=now))
            sys.stdout.write(f"{key}\n")
            sys.stdout.flush()

    for _ in range(8):
        threading.Thread(target=accept, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
