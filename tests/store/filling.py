"""Accepts on a disk that is full, and again when there is room; exits 0 when both went right."""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from support_policy.helpdesk import Delivery
from support_policy.store.database import StoreUnavailableError
from support_policy.store.store import Store


def main(path: Path) -> int:
    store = Store.open(f"sqlite:///{path}")
    store.migrate()

    def accept(number: int) -> bool:
        key = f"event-{number}"
        return store.accept(
            Delivery(desk="desk", key=key, ticket_id=key, received_at=datetime.now(UTC))
        )

    accept(0)
    # No file may grow any more: to SQLite that is a disk that takes no more.
    journal = path.with_name(f"{path.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal, resource.RLIM_INFINITY))
    try:
        for number in range(1, 1000):
            accept(number)
    except StoreUnavailableError:
        refused = number
    else:
        return 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    kept = store.known("desk", [f"event-{number}" for number in range(refused + 1)])
    return 0 if len(kept) == refused and accept(refused) else 2


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
