"""Adds events to one ticket's record, as one of several processes that do so at once."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from tests.store.signing import seal

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.record import Appending
from support_policy.core.ticket import TicketRef
from support_policy.store.store import Store


def main(url: str, name: str, ticket: str, count: int) -> None:
    store = Store.open(url)
    ledger = store.ledger(seal)
    ref = TicketRef(desk="desk", id=ticket)

    def decide(history: tuple[Event, ...]) -> Appending:
        event = Event(
            kind=Kind.POSTED,
            at=datetime.now(UTC),
            ticket=ref,
            request="PH-AAAAAAAA",
            facts={"seen": len(history)},
            personal={"by": name},
        )
        return Appending(events=(event, event))

    for _ in range(count):
        ledger.act(ref, decide, now=datetime.now(UTC))
    store.close()


main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
