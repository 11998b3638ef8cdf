"""Zendesk keeps the contract, over real HTTP to a double of it; the product sets it up itself."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.helpdesks.contract import (
    BODY,
    REQUESTER,
    SUBJECT,
    HelpDeskContract,
    Webhook,
    read,
    remembered,
    wanted,
    write,
)
from tests.zendesk_wire.wire import openapi_violations, violations

from support_policy.core.document import Table
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.core.ticket import Author, Field, Priority, TicketRef
from support_policy.core.update import Update
from support_policy.demo.desk import free_port
from support_policy.demo.zendesk_double import ZendeskDouble
from support_policy.errors import BusyError, Problem, SecretError
from support_policy.helpdesk import Setup
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk import client
from support_policy.helpdesks.zendesk.client import Zendesk
from support_policy.helpdesks.zendesk.setup import configure
from support_policy.helpdesks.zendesk.signature import SIGNATURE, TIMESTAMP, sign
from support_policy.settings import policy_folder

pytestmark = pytest.mark.xdist_group("zendesk")

NAME = "zendesk"
WORDS = {
    Priority.URGENT: "urgent",
    Priority.HIGH: "high",
    Priority.NORMAL: "normal",
    Priority.LOW: "low",
}


@dataclass(slots=True, kw_only=True)
class Listener:
    """Whom the account tells of its tickets: keeps every request, and is always content."""

    url: str = ""
    kept: list[Webhook] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def opening_of(self, number: str) -> Webhook:
        wanted = f'"{number}"'.encode()
        with self.came:
            assert self.came.wait_for(lambda: self._find(wanted) is not None, timeout=20)
        found = self._find(wanted)
        assert found is not None
        return found

    def _find(self, wanted: bytes) -> Webhook | None:
        opened = (each for each in self.kept if b"ticket.opened" in each.body)
        return next((each for each in opened if wanted in each.body), None)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with listener.came:
                listener.kept.append(Webhook(headers=headers, body=body, token=""))
                listener.came.notify_all()
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield listener
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def double() -> Iterator[ZendeskDouble]:
    with ZendeskDouble(speed=600) as double:
        yield double


@pytest.fixture(scope="module")
def place(
    double: ZendeskDouble, listener: Listener, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ZendeskPlace]:
    folder = tmp_path_factory.mktemp("zendesk")
    notebook = MemoryNotebook()
    patience = pytest.MonkeyPatch()  # the export's own limit would take these tests minutes
    patience.setattr(client, "EXPORT", replace(client.EXPORT, most=10_000))
    patience.setattr(client, "SETTLING", timedelta(0))
    setup = set_up(double, folder, url=double.url, listener=listener)
    assert setup.installer is not None
    installation = setup.installer(notebook, load(policy_folder("mexxus", folder)), ())
    installation.apply(installation.plan(), lambda _: None)
    desk = setup.open(notebook)
    assert isinstance(desk, Zendesk)
    yield ZendeskPlace(
        double=double, listener=listener, desk=desk, folder=folder, notebook=notebook
    )
    patience.undo()
    for each in double.requests:
        ours = (each.method, each.path, each.query, each.headers, each.body)
        assert violations(*ours) == [], (each.method, each.path)
        assert openapi_violations(*ours) == [], (each.method, each.path)


def set_up(
    double: ZendeskDouble, folder: Path, *, url: str, listener: Listener, most: int = 100_000
) -> Setup:
    clients = double.clients
    for name, login in (("run", clients.run), ("setup", clients.setup)):
        (folder / name).write_text(login.secret)
    problems: list[Problem] = []
    table = Table(
        file=str(folder / "settings.toml"),
        where="desks.zendesk",
        values={
            "subdomain": double.subdomain,
            "base_url": url,
            "public_url": listener.url,
            "client_id": clients.run.identifier,
            "client_secret": "file/run",
            "setup_client_id": clients.setup.identifier,
            "setup_client_secret": "file/setup",
            "requests_per_minute": most,
            "updates_per_minute": most,
        },
        problems=problems,
    )
    setup = configure(table, name=NAME, departments={})
    assert problems == []
    return setup


@dataclass(slots=True, kw_only=True)
class ZendeskPlace:
    """The people around one account."""

    double: ZendeskDouble
    listener: Listener
    desk: Zendesk
    folder: Path
    notebook: MemoryNotebook

    def open_ticket(
        self, *, subject: str = SUBJECT, body: str = BODY, requester: str = REQUESTER
    ) -> TicketRef:
        return self._open(requester=requester, subject=subject, body=body)

    def requester_chooses(
        self, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> TicketRef:
        return self._open(
            priority=WORDS[priority] if priority else None, custom_fields=self._due(due_at)
        )

    def staff_open(self, *, priority: Priority) -> TicketRef:
        return self._open(by=self.double.agent, priority=WORDS[priority])

    def staff_set(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        values: dict[str, object] = {"priority": WORDS[priority]} if priority else {}
        if fields := self._due(due_at):
            values["custom_fields"] = fields
        self.double.update_ticket(int(ref.id), by=self.double.agent, **values)

    def staff_reply(self, ref: TicketRef, text: str) -> None:
        self.double.update_ticket(int(ref.id), by=self.double.agent, comment=text)

    def others_tag(self, ref: TicketRef, tag: str) -> None:
        tags = [*self.double.ticket(int(ref.id))["tags"], tag]
        self.double.update_ticket(int(ref.id), by=self.double.colleague, tags=tags)

    def close_ticket(self, ref: TicketRef) -> None:
        self.double.update_ticket(int(ref.id), by=self.double.agent, status="closed")

    def webhook(self, ref: TicketRef) -> Webhook:
        return self.listener.opening_of(ref.id)

    def proven(self, body: bytes) -> Webhook:
        stamp = datetime.now(UTC).isoformat()
        [secret, *_] = (self.folder / "zendesk-signing-secret").read_text().split()
        headers = {SIGNATURE: sign(secret, stamp, body), TIMESTAMP: stamp}
        return Webhook(headers=headers, body=body, token="")

    def visible_to_requester(self, ref: TicketRef) -> str:
        said = [each for each in self.double.comments(int(ref.id)) if each["public"]]
        return "\n".join([self.double.ticket(int(ref.id))["subject"], *(e["body"] for e in said)])

    def last_note(self, ref: TicketRef) -> str:
        notes = [each for each in self.double.comments(int(ref.id)) if not each["public"]]
        inside = re.sub(r"<br ?/?>", "\n", notes[-1]["html_body"])
        return html.unescape(re.sub(r"<[^>]+>", "", inside))

    def length(self, ref: TicketRef) -> int:
        return len(self.double.audits(int(ref.id)))

    def missing(self) -> TicketRef:
        return TicketRef(desk=NAME, id="999999")

    def field(self, name: str) -> str:
        return self.desk._ledger.ids("ticket_field")[name]

    def _due(self, due_at: datetime | None) -> list[dict[str, object]] | None:
        if due_at is None:
            return None
        return [{"id": int(self.field("expected_at")), "value": due_at.isoformat()}]

    def _open(
        self,
        *,
        requester: str = REQUESTER,
        subject: str = SUBJECT,
        body: str = BODY,
        **values: object,
    ) -> TicketRef:
        person = self.double.end_user(requester, locale="fr-CA")
        number = self.double.open_ticket(requester=person, subject=subject, body=body, **values)
        return TicketRef(desk=NAME, id=str(number))


class TestZendesk(HelpDeskContract):
    @pytest.fixture
    def down(self, place: ZendeskPlace, tmp_path: Path) -> Zendesk:
        url = f"http://127.0.0.1:{free_port(0)}"
        setup = set_up(place.double, tmp_path, url=url, listener=place.listener)
        down = setup.open(MemoryNotebook())
        assert isinstance(down, Zendesk)
        return down

    def test_a_desk_that_is_well_has_no_finding_against_it(self, place: ZendeskPlace) -> None:
        """As an admin has it: these tests ask for more than any account allows."""
        setup = set_up(
            place.double, place.folder, url=place.double.url, listener=place.listener, most=150
        )
        findings = [*setup.open(place.notebook).examine(now=datetime.now(UTC))]
        assert findings
        assert [finding for finding in findings if not finding.ok] == []


# What is Zendesk's alone


def test_a_requesters_own_language_is_read_and_the_accounts_is_not(place: ZendeskPlace) -> None:
    ref = place.open_ticket()
    assert read(place, ref).requester.language == "fr"


def test_one_decision_is_one_request(place: ZendeskPlace, policy: Policy) -> None:
    ref = place.open_ticket()
    before = len(place.double.requests)
    update = wanted(place, policy, ref)
    place.desk.write(place.desk.read(ref), update)
    puts = [each for each in place.double.requests[before:] if each.method == "PUT"]
    assert len(puts) == 1
    assert place.double.writes(int(ref.id)) == 1


def test_a_trigger_of_the_account_is_no_person(place: ZendeskPlace, policy: Policy) -> None:
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    place.double.update_ticket(int(ref.id), by=place.double.agent, comment="We are looking.")
    assert read(place, ref).set_by_staff == frozenset()


def test_a_ticket_that_a_program_opened_vouches_for_nobody(place: ZendeskPlace) -> None:
    person = place.double.end_user(REQUESTER)
    number = place.double.open_ticket(
        requester=person, subject="a", body="b", by=place.double.colleague, channel="api"
    )
    ticket = place.desk.read(TicketRef(desk=NAME, id=str(number)))
    assert ticket.opened_by is Author.APP


def test_a_value_that_staff_set_between_two_writes_stays(
    place: ZendeskPlace, policy: Policy
) -> None:
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    ours = remembered(place, policy, ref)
    place.staff_set(ref, priority=Priority.URGENT)
    update = wanted(place, policy, ref, written=ours)
    assert update.kept == (Field.PRIORITY,)
    write(place, ref, update)
    assert place.double.ticket(int(ref.id))["priority"] == "urgent"


def test_our_tag_goes_with_everybody_elses(place: ZendeskPlace) -> None:
    ref = place.open_ticket()
    place.others_tag(ref, "vip")
    write(place, ref, Update(ticket=ref, tags=("late",)))
    assert set(place.double.ticket(int(ref.id))["tags"]) == {"vip", "late"}


# Whole seconds


def test_what_a_person_changes_in_the_second_of_the_opening_is_kept(
    place: ZendeskPlace, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zendesk's moments are whole seconds: in the same one, its safe update is none."""
    monkeypatch.setattr(client, "SETTLING", timedelta(seconds=2))
    ref = place.open_ticket()
    double, slept = place.double, list[float]()

    def person_acts(seconds: float) -> None:
        slept.append(seconds)
        double.update_ticket(int(ref.id), by=double.agent, priority="urgent", tags=["mine"])
        time.sleep(seconds)

    monkeypatch.setattr(place.desk, "_sleep", person_acts)
    ticket = place.desk.read(ref)
    assert slept, "the second was not over"
    assert (ticket.priority, ticket.set_by_staff) == (Priority.URGENT, {Field.PRIORITY})
    assert "mine" in ticket.tags


def test_a_ticket_that_nobody_touches_is_read_without_waiting(
    place: ZendeskPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SETTLING", timedelta(seconds=2))
    ref = place.open_ticket()
    time.sleep(2.1)
    slept: list[float] = []
    monkeypatch.setattr(place.desk, "_sleep", slept.append)
    place.desk.read(ref)
    assert slept == []


def test_a_ticket_that_changes_all_the_time_waits_for_its_turn(
    place: ZendeskPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SETTLING", timedelta(seconds=2))
    ref = place.open_ticket()
    monkeypatch.setattr(place.desk, "_sleep", lambda _: None)
    with pytest.raises(BusyError):
        place.desk.read(ref)


# The file with the secrets


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_secret_file_that_cannot_be_read_is_a_finding(
    place: ZendeskPlace, tmp_path: Path, content: bytes | None
) -> None:
    setup = set_up(place.double, tmp_path, url=place.double.url, listener=place.listener, most=150)
    file = tmp_path / "zendesk-signing-secret"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    desk = setup.open(place.notebook)
    found = {finding.name: finding for finding in desk.examine(now=datetime.now(UTC))}
    assert not found["secret file"].ok
    with pytest.raises(SecretError):
        desk.codec.open(
            headers={SIGNATURE: "x", TIMESTAMP: "y"}, body=b"{}", token=None, now=datetime.now(UTC)
        )
