"""A live osTicket keeps the contract of every help desk; people act through its own pages."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from tests.helpdesks import contract
from tests.helpdesks.contract import (
    BODY,
    REQUESTER,
    HelpDeskContract,
    Place,
    Webhook,
    newest_of,
    opened,
    write,
)
from tests.live.osticket.customer import Customer, Request
from tests.live.osticket.desk import Desk, Opened
from tests.live.osticket.listener import Answer, Call, Listener, decision, spelled
from tests.live.osticket.routes import signed
from tests.live.osticket.service import Service
from tests.live.osticket.web import PageError
from tests.small_policy import ADJUSTMENTS, small_policy

from support_policy.core.document import Table
from support_policy.core.policy import Policy
from support_policy.core.ticket import Priority, TicketRef
from support_policy.core.update import Update
from support_policy.demo.desk import free_port
from support_policy.errors import ConflictError, Problem
from support_policy.helpdesk import HelpDesk
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.osticket.setup import configure

NAME = "osticket"
NO_EMOJI = "Été, noël et où ?"
PASSWORD = "Client-Secret.123"
NO_PLAN = "None"
NAMES = {
    Priority.URGENT: "Emergency",
    Priority.HIGH: "High",
    Priority.NORMAL: "Normal",
    Priority.LOW: "Low",
}


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    # Real tickets are received now: without its last rule the policy does not ask for the hour.
    rules = ADJUSTMENTS.rpartition("[[adjustments]]")[0]
    return small_policy(tmp_path_factory.mktemp("policy"), {"adjustments.toml": rules})


def adapter(desk: Desk, folder: Path, url: str) -> HelpDesk:
    """The help desk as the add-on speaks to it."""
    (folder / "secret").write_text(desk.secrets[0], encoding="utf-8")
    (folder / "api-key").write_text(desk.key, encoding="utf-8")
    problems: list[Problem] = []
    values = {"url": url, "api_key": "file/api-key", "secrets": ["file/secret"]}
    where = {"file": str(folder / "settings.toml"), "where": f"desks.{NAME}"}
    setup = configure(Table(**where, values=values, problems=problems), name=NAME, departments={})
    assert problems == []
    return setup.open(MemoryNotebook())


@pytest.fixture(scope="module")
def place(
    installed: Desk, stopped: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OsTicketPlace]:
    stopped.stop()
    secrets = installed.secrets[:1]
    before = installed.admin.ticket_settings(default_sla_id=NO_PLAN)
    chosen = installed.admin.default_schedule()
    installed.admin.system(schedule_id="24/7")
    with Listener(*secrets) as listener:
        # Nobody decides here; the rows are let go at the end.
        listener.behave = only_pings
        installed.configure(listener.url, secrets=secrets)
        installed.admin.know_tags("vip", "seen")
        folder = tmp_path_factory.mktemp("adapter")
        desk = adapter(installed, folder, installed.url)
        installed.programs.cron()
        patch = pytest.MonkeyPatch()  # osTicket takes emoji, and even « out of all that it keeps
        patch.setattr(contract, "SUBJECT", NO_EMOJI)
        yield OsTicketPlace(people=installed, listener=listener, desk=desk)
        patch.undo()
        listener.behave = lambda call: spelled(decision(call))
        installed.drain()
    installed.admin.system(schedule_id=chosen)
    installed.admin.ticket_settings(**before)


def only_pings(call: Call) -> Answer:
    message = call.message
    if message["type"] == "ping":
        return spelled({"type": "pong", "event": message["event"]})
    return Answer(b"", status=503)


@dataclass(kw_only=True)
class OsTicketPlace:
    """The people around it."""

    people: Desk
    listener: Listener
    desk: HelpDesk
    ids: dict[str, int] = field(default_factory=dict)
    client: Customer | None = None

    def open_ticket(
        self, *, subject: str = NO_EMOJI, body: str = BODY, requester: str = REQUESTER
    ) -> TicketRef:
        request = Request(subject=subject, body=body, sender=requester, name="Luc Rives")
        return self._known(self.people.by_api(request))

    def requester_chooses(
        self, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> TicketRef:
        """By what a program, or a forged form, may add; a due date comes only with an SLA plan."""
        more = {"priority": {"low": "1", "normal": "2", "high": "3"}[priority]} if priority else {}
        if due_at:
            more["slaId"] = str(self.people.admin.plans()["Default SLA"])
        request = Request(subject=NO_EMOJI, body=BODY, sender=REQUESTER, name="Luc Rives")
        return self._known(self.people.by_api(request, **more))

    def staff_open(self, *, priority: Priority) -> TicketRef:
        request = Request(subject=NO_EMOJI, body=BODY, sender=REQUESTER, name="Luc Rives")
        return self._known(self.people.by_agent(request, priority=NAMES[priority]))

    def staff_set(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        if priority:
            self.people.agent.set_priority(self.ids[ref.id], NAMES[priority])
        if due_at:
            self.people.agent.set_due(self.ids[ref.id], due_at)

    def staff_reply(self, ref: TicketRef, text: str) -> None:
        self.people.agent.reply(self.ids[ref.id], text)

    def others_tag(self, ref: TicketRef, tag: str) -> None:
        self.people.agent.add_option(self.ids[ref.id], "Policy tags", tag)

    def close_ticket(self, ref: TicketRef) -> None:
        self.people.agent.put_status(self.ids[ref.id], "closed")

    def webhook(self, ref: TicketRef) -> Webhook:
        call = self.listener.wait_for(ref.id)[0]
        return Webhook(headers=call.headers, body=call.body, token="")

    def proven(self, body: bytes) -> Webhook:
        return Webhook(headers=signed(body, self.people.secrets), body=body, token="")

    def visible_to_requester(self, ref: TicketRef) -> str:
        if self.client is None:
            self.client = Customer(self.people.url)
            with contextlib.suppress(PageError):  # an earlier run did
                request = Request(subject="", body="", sender=REQUESTER, name="Luc Rives")
                self.people.agent.register(request, PASSWORD)
            self.client.log_in(REQUESTER, PASSWORD)
        page = self.client.get(f"tickets.php?id={self.ids[ref.id]}").body
        return page.text() if page else ""

    def last_note(self, ref: TicketRef) -> str:
        # A mark without width keeps osTicket from making links.
        return self.people.agent.see(self.ids[ref.id]).notes[-1].text.replace("\u200b", "")

    def length(self, ref: TicketRef) -> int:
        seen = self.people.agent.see(self.ids[ref.id])
        return len(seen.entries) + len(seen.events)

    def missing(self) -> TicketRef:
        return TicketRef(desk=NAME, id="000000")

    def _known(self, ticket: Opened) -> TicketRef:
        self.ids[ticket.number] = ticket.id
        self.listener.wait_for(ticket.number)
        return TicketRef(desk=NAME, id=ticket.number)


class TestOsTicket(HelpDeskContract):
    @pytest.fixture
    def down(self, place: OsTicketPlace, tmp_path: Path) -> HelpDesk:
        return adapter(place.people, tmp_path, f"http://127.0.0.1:{free_port()}")

    def test_the_webhook_and_the_sweep_tell_of_one_event_by_one_key(self, place: Place) -> None:
        """The plugin leaves out what a decision was applied to, which no sweep is for."""
        refs = [place.open_ticket() for _ in range(3)]
        place.staff_reply(refs[0], "We are looking.")
        write(place, refs[1], Update(ticket=refs[1], tags=("more",)))
        newest = {each.ticket_id: each for each in newest_of(place, limit=50)}
        assert refs[1].id not in newest
        keys = [opened(place, ref).key for ref in refs]
        assert [newest[ref.id].key for ref in (refs[0], refs[2])] == [keys[0], keys[2]]
        assert len(set(keys)) == 3
        assert {newest[ref.id].origin for ref in (refs[0], refs[2])} == {"sweep"}


def test_a_ticket_that_changed_since_it_was_read_is_not_written(
    place: OsTicketPlace, policy: Policy
) -> None:
    ref = place.open_ticket()
    ticket = place.desk.read(ref)
    place.staff_set(ref, priority=Priority.URGENT)
    with pytest.raises(ConflictError):
        place.desk.write(ticket, Update(ticket=ref, priority=Priority.LOW))
    assert place.desk.read(ref).priority is Priority.URGENT


def test_what_is_written_in_the_next_second_is_later(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    for priority in (Priority.LOW, Priority.HIGH, Priority.NORMAL):
        place.desk.write(place.desk.read(ref), Update(ticket=ref, priority=priority))
        assert place.desk.read(ref).priority is priority
        time.sleep(0.01)
