"""The help desk in memory keeps the contract, so that tests with it mean something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from tests.helpdesks.contract import (
    BODY,
    REQUESTER,
    SUBJECT,
    HelpDeskContract,
    TokenContract,
    Webhook,
)

from support_policy.core.ticket import Author, Field, Priority, Requester, Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import UnavailableError
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk

TOKEN = "kQ3-a-secret-in-the-path"


class MemoryPlace:
    """People around a dictionary."""

    def __init__(self) -> None:
        self.desk = MemoryDesk(name="memory", codec=MemoryCodec(desk="memory", tokens=(TOKEN,)))
        self._numbers = count(1)

    def open_ticket(
        self, *, subject: str = SUBJECT, body: str = BODY, requester: str = REQUESTER
    ) -> TicketRef:
        return self._open(subject=subject, body=body, requester=Requester(address=requester))

    def requester_chooses(
        self, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> TicketRef:
        return self._open(priority=priority, due_at=due_at)

    def staff_open(self, *, priority: Priority) -> TicketRef:
        chosen = frozenset({Field.PRIORITY})
        return self._open(priority=priority, opened_by=Author.STAFF, set_by_staff=chosen)

    def staff_set(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        values = {Field.PRIORITY: priority, Field.DUE_AT: due_at}
        given = {name: value for name, value in values.items() if value is not None}
        ticket = self.desk.tickets[ref.id]
        self._change(
            ref,
            set_by_staff=ticket.set_by_staff | given.keys(),
            **{name.value: value for name, value in given.items()},
        )

    def staff_reply(self, ref: TicketRef, text: str) -> None:
        self.desk.notes.setdefault(ref.id, []).append(text)

    def others_tag(self, ref: TicketRef, tag: str) -> None:
        self._change(ref, tags=(*self.desk.tickets[ref.id].tags, tag))

    def close_ticket(self, ref: TicketRef) -> None:
        self._change(ref, closed=True)

    def webhook(self, ref: TicketRef) -> Webhook:
        body = json.dumps({"ticket_id": ref.id}).encode()
        return Webhook(headers={"content-type": "application/json"}, body=body, token=TOKEN)

    def proven(self, body: bytes) -> Webhook:
        return Webhook(headers={}, body=body, token=TOKEN)

    def visible_to_requester(self, ref: TicketRef) -> str:
        ticket = self.desk.tickets[ref.id]
        return f"{ticket.subject}\n{ticket.body}"

    def last_note(self, ref: TicketRef) -> str:
        return self.desk.notes[ref.id][-1]

    def length(self, ref: TicketRef) -> int:
        return len(self.desk.notes.get(ref.id, []))

    def missing(self) -> TicketRef:
        return TicketRef(desk="memory", id="999")

    def _open(self, **values: object) -> TicketRef:
        ref = TicketRef(desk="memory", id=str(next(self._numbers)))
        known: dict[str, object] = {
            "subject": SUBJECT,
            "body": BODY,
            "requester": Requester(address=REQUESTER),
            "received_at": datetime.now(UTC),
        }
        self.desk.tickets[ref.id] = Ticket(ref=ref, **(known | values))  # type: ignore[arg-type]
        return ref

    def _change(self, ref: TicketRef, **values: object) -> None:
        ticket = self.desk.tickets[ref.id]
        self.desk.tickets[ref.id] = replace(ticket, **values)  # type: ignore[arg-type]


class TestMemory(HelpDeskContract, TokenContract):
    @pytest.fixture
    def place(self) -> MemoryPlace:
        return MemoryPlace()

    @pytest.fixture
    def down(self, place: MemoryPlace) -> Iterator[MemoryDesk]:
        desk = MemoryDesk(name="memory", codec=place.desk.codec, tickets=place.desk.tickets)
        desk.failing = UnavailableError("the help desk cannot be reached")
        yield desk
        assert desk.writes == []


def test_every_write_is_kept_in_order() -> None:
    place = MemoryPlace()
    ref = place.open_ticket()
    updates = [Update(ticket=ref, tags=(tag,)) for tag in ("a", "b")]
    for update in updates:
        place.desk.write(place.desk.read(ref), update)
    assert place.desk.writes == updates
