"""A real django-helpdesk keeps the contract; staff and customers act through its own web pages."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
import requests
from tests.helpdesks.contract import (
    BODY,
    REQUESTER,
    SUBJECT,
    HelpDeskContract,
    TokenContract,
    Webhook,
    opened,
    read,
    remembered,
    wanted,
    write,
)
from tests.small_policy import said

from support_policy.core.policy import Policy
from support_policy.core.ticket import Author, Channel, Field, Priority, TicketRef
from support_policy.demo.customer import Customer, Request, browser, log_in
from support_policy.demo.desk import Desk, free_port
from support_policy.helpdesks.django_helpdesk.client import DjangoHelpdesk
from support_policy.helpdesks.django_helpdesk.codec import NUMBERS, DjangoHelpdeskCodec

pytestmark = pytest.mark.xdist_group("django-helpdesk")

NAME = "helpdesk"
TOKEN = "kQ3-a-secret-in-the-path"
DESK_ZONE = ZoneInfo("America/Toronto")
TAG = re.compile(r"<[^>]+>")
SECONDS = 30


@dataclass(slots=True, kw_only=True)
class Listener:
    """Whom the desk tells of new tickets: keeps every request by the number of its ticket."""

    url: str = ""
    kept: dict[str, Webhook] = field(default_factory=dict)


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    listener = Listener()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            number = str(json.loads(body)["ticket"]["id"])
            listener.kept[number] = Webhook(
                headers=headers, body=body, token=self.path.rpartition("/")[2]
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        listener.url = f"http://127.0.0.1:{server.server_port}/webhooks/{NAME}/{TOKEN}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def helpdesk(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Desk]:
    with Desk(tmp_path_factory.mktemp("desk"), webhook_urls=(listener.url,)) as desk:
        yield desk


def client(helpdesk: Desk, url: str) -> DjangoHelpdesk:
    return DjangoHelpdesk(
        name=NAME,
        url=url,
        username=helpdesk.service.name,
        password=helpdesk.service.password,
        codec=DjangoHelpdeskCodec(
            desk=NAME,
            tokens=("an-older-token", TOKEN),
            departments={str(helpdesk.queues["Level 2"]): "level_2"},
            app_users=frozenset({helpdesk.users[helpdesk.client_area.name]}),
        ),
    )


class LivePlace:
    """Customers and staff in front of the desk's own pages."""

    def __init__(self, helpdesk: Desk, listener: Listener) -> None:
        self.helpdesk = helpdesk
        self.desk = client(helpdesk, helpdesk.url)
        self.customer = Customer(helpdesk)
        self._listener = listener
        self._pages: dict[str, str] = {}
        self._staff: requests.Session | None = None

    def close(self) -> None:
        self.customer.__exit__(None, None, None)
        if self._staff:
            self._staff.close()

    @property
    def staff(self) -> requests.Session:
        if self._staff is None:
            self._staff = log_in(self.helpdesk, self.helpdesk.colleague)
        return self._staff

    def open_ticket(
        self, *, subject: str = SUBJECT, body: str = BODY, requester: str = REQUESTER
    ) -> TicketRef:
        return self._public(asked(subject=subject, body=body, requester=requester))

    def requester_chooses(
        self, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> TicketRef:
        """The public form, with a due date filled in as a browser sends it."""
        with browser("fr") as session:
            url = f"{self.helpdesk.url}/tickets/submit/"
            page = session.get(url, timeout=SECONDS).text
            answer = session.post(
                url,
                data={
                    "csrfmiddlewaretoken": token_of(page),
                    "queue": str(self.helpdesk.queues["Support"]),
                    "title": SUBJECT,
                    "body": BODY,
                    "submitter_email": REQUESTER,
                    "priority": str(NUMBERS[priority or Priority.NORMAL]),
                    "due_date": on_the_desks_clock(due_at),
                },
                allow_redirects=False,
                timeout=SECONDS,
            )
        assert answer.status_code == 302, answer.text
        return self._seen(answer.headers["Location"])

    def staff_open(self, *, priority: Priority) -> TicketRef:
        number = self.customer.by_agent_form(asked(priority=NUMBERS[priority]))
        return TicketRef(desk=NAME, id=str(number))

    def staff_set(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        self._update(
            ref,
            **({"priority": str(NUMBERS[priority])} if priority else {}),
            **({"due_date": on_the_desks_clock(due_at)} if due_at else {}),
        )

    def staff_edit(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        """The desk's other page for it, which writes nothing into the history."""
        url = f"{self.helpdesk.url}/tickets/{ref.id}/edit/"
        page = self.staff.get(url, timeout=SECONDS).text
        now = self.helpdesk.ticket(int(ref.id))
        form = {
            "csrfmiddlewaretoken": token_of(page),
            "title": now["title"],
            "queue": str(now["queue"]),
            "submitter_email": now["submitter_email"],
            "description": now["description"],
            "priority": str(NUMBERS[priority] if priority else now["priority"]),
            "due_date": on_the_desks_clock(
                due_at or (datetime.fromisoformat(now["due_date"]) if now["due_date"] else None)
            ),
            "secret_key": re.search(r'name="secret_key" value="([^"]*)"', page)[1],  # type: ignore[index]
        }
        form |= {key: value or "" for key, value in now.items() if key.startswith("custom_")}
        answer = self.staff.post(url, data=form, allow_redirects=False, timeout=SECONDS)
        assert answer.status_code == 302, answer.text

    def staff_reply(self, ref: TicketRef, text: str) -> None:
        self._update(ref, comment=text, public="1")

    def others_tag(self, ref: TicketRef, tag: str) -> None:
        tags = self.helpdesk.ticket(int(ref.id))["custom_policy_tags"] or ""
        with browser("en") as session:
            answer = session.patch(
                f"{self.helpdesk.url}/api/tickets/{ref.id}/",
                json={"custom_policy_tags": f"{tags} {tag}".strip()},
                auth=(self.helpdesk.client_area.name, self.helpdesk.client_area.password),
                timeout=SECONDS,
            )
        assert answer.status_code == 200, answer.text

    def close_ticket(self, ref: TicketRef) -> None:
        self._update(ref, new_status="4", comment="Done.")

    def webhook(self, ref: TicketRef) -> Webhook:
        return self._listener.kept[ref.id]

    def proven(self, body: bytes) -> Webhook:
        return Webhook(headers={}, body=body, token=TOKEN)

    def visible_to_requester(self, ref: TicketRef) -> str:
        with browser("en") as public:
            page = public.get(self.helpdesk.url + self._pages[ref.id], timeout=SECONDS)
        assert page.status_code == 200
        return html.unescape(TAG.sub("", page.text))

    def last_note(self, ref: TicketRef) -> str:
        return html.unescape(TAG.sub("", self.last_note_html(ref)))

    def last_note_html(self, ref: TicketRef) -> str:
        page = self.staff.get(f"{self.helpdesk.url}/tickets/{ref.id}/", timeout=SECONDS).text
        notes = re.findall(r'<div class="mt-3">(.*?)</div>', page, flags=re.DOTALL)
        return [note for note in notes if "[support-policy" in note][-1]

    def length(self, ref: TicketRef) -> int:
        return len(self.helpdesk.ticket(int(ref.id))["followup_set"])

    def missing(self) -> TicketRef:
        return TicketRef(desk=NAME, id="999999")

    def _public(self, request: Request) -> TicketRef:
        return self._seen(self.customer.send_public_form(request))

    def _seen(self, page: str) -> TicketRef:
        found = re.search(r"ticket=[a-z0-9-]+-(\d+)", page)
        assert found, page
        self._pages[found[1]] = page
        return TicketRef(desk=NAME, id=found[1])

    def _update(self, ref: TicketRef, **values: str) -> None:
        """The form under a ticket's history, sent whole as a browser does."""
        page = self.staff.get(f"{self.helpdesk.url}/tickets/{ref.id}/", timeout=SECONDS).text
        now = self.helpdesk.ticket(int(ref.id))
        due = datetime.fromisoformat(now["due_date"]) if now["due_date"] else None
        form = {
            "csrfmiddlewaretoken": token_of(page),
            "title": now["title"],
            "queue": str(now["queue"]),
            "priority": str(now["priority"]),
            "due_date": on_the_desks_clock(due),
            "submitter_email": now["submitter_email"],
            "new_status": str(now["status"]),
            "owner": "0",
            "comment": "",
        }
        answer = self.staff.post(
            f"{self.helpdesk.url}/tickets/{ref.id}/update/",
            data=form | values,
            allow_redirects=False,
            timeout=SECONDS,
        )
        assert answer.status_code == 302, answer.text


def asked(
    *, subject: str = SUBJECT, body: str = BODY, requester: str = REQUESTER, priority: int = 3
) -> Request:
    return Request(
        queue="Support",
        requester=requester,
        language="fr",
        subject=subject,
        body=body,
        priority=priority,
    )


def token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def on_the_desks_clock(at: datetime | None) -> str:
    return at.astimezone(DESK_ZONE).strftime("%Y-%m-%d %H:%M:%S.%f") if at else ""


@pytest.fixture(scope="module")
def place(helpdesk: Desk, listener: Listener) -> Iterator[LivePlace]:
    place = LivePlace(helpdesk, listener)
    yield place
    place.close()


class TestDjangoHelpdesk(HelpDeskContract, TokenContract):
    @pytest.fixture
    def down(self, helpdesk: Desk) -> DjangoHelpdesk:
        return client(helpdesk, f"http://127.0.0.1:{free_port()}")


# What is this desk's own


@pytest.mark.parametrize(
    ("via", "channel", "author"),
    [
        ("public", Channel.WEB, Author.REQUESTER),
        ("agent", Channel.OTHER, Author.STAFF),
        ("rest", Channel.OTHER, Author.APP),
    ],
)
def test_the_way_a_ticket_came_is_told(
    place: LivePlace, via: str, channel: Channel, author: Author
) -> None:
    ref = TicketRef(desk=NAME, id=str(place.customer.open(via, asked())))
    ticket = read(place, ref)
    assert (ticket.channel, ticket.opened_by) == (channel, author)


def test_a_priority_that_a_program_sent_is_not_an_act_of_staff(place: LivePlace) -> None:
    ref = TicketRef(desk=NAME, id=str(place.customer.by_rest(asked(priority=1))))
    ticket = read(place, ref)
    assert ticket.priority is Priority.URGENT
    assert ticket.set_by_staff == frozenset()


def test_a_priority_left_at_the_desks_default_by_staff_is_not_their_act(place: LivePlace) -> None:
    ref = place.staff_open(priority=Priority.NORMAL)
    assert read(place, ref).set_by_staff == frozenset()


def test_a_queue_is_read_as_the_policys_department(place: LivePlace) -> None:
    request = Request(
        queue="Level 2",
        requester=REQUESTER,
        language="en",
        subject=SUBJECT,
        body=BODY,
        priority=3,
    )
    ref = TicketRef(desk=NAME, id=str(place.customer.by_agent_form(request)))
    assert read(place, ref).department == "level_2"
    assert read(place, place.open_ticket()).department is None


def test_values_set_on_the_edit_page_are_an_act_of_staff_too(place: LivePlace) -> None:
    ref = place.open_ticket()
    place.staff_edit(ref, priority=Priority.HIGH)
    assert read(place, ref).set_by_staff == {Field.PRIORITY}


def test_values_set_on_the_edit_page_after_we_wrote_are_left(
    place: LivePlace, policy: Policy
) -> None:
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    ours = remembered(place, policy, ref)
    place.staff_edit(ref, priority=Priority.LOW)
    again = wanted(place, policy, ref, written=ours)
    assert again.kept == (Field.PRIORITY,)
    assert again.priority is None


def test_a_note_is_no_markup_and_links_nowhere(place: LivePlace, policy: Policy) -> None:
    ref = place.open_ticket()
    words = f"<script>alert(1)</script> **b** [l](javascript:x) #{ref.id}"
    write(place, ref, wanted(place, policy, ref, facts=said("website.offline", quote=words)))
    shown = place.last_note_html(ref)
    for markup in ("<script", "<strong", "<em", "<a ", "<img", "<code"):
        assert markup not in shown


def test_the_same_ticket_read_by_webhook_and_by_the_api_is_the_same(place: LivePlace) -> None:
    ref = place.open_ticket()
    codec = place.desk.codec
    hook = json.loads(place.webhook(ref).body)["ticket"]
    hint = opened(place, ref).hint
    assert codec.ticket(hook, hint=hint) == read(place, ref)


def test_a_wrong_password_is_unavailable_and_stands_in_no_message(helpdesk: Desk) -> None:
    desk = DjangoHelpdesk(
        name=NAME,
        url=helpdesk.url,
        username=helpdesk.service.name,
        password="a-wrong-password",
        codec=DjangoHelpdeskCodec(desk=NAME, tokens=(TOKEN,)),
    )
    [finding] = desk.examine(now=datetime.now(UTC))
    assert not finding.ok
    assert finding.remedy
    assert "a-wrong-password" not in finding.detail
