"""Permission for paid help on a real django-helpdesk: its pages, its mails in and out."""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.helpdesks.contract import REQUESTER, SUBJECT, Webhook
from tests.helpdesks.paid_help import LINK, NOTE, REQUEST, TEXT, WORK, PaidHelpContract
from tests.helpdesks.test_django_helpdesk_live import (
    DESK_ZONE,
    NAME,
    SECONDS,
    TAG,
    TOKEN,
    LivePlace,
    token_of,
)
from tests.helpdesks.test_django_helpdesk_live import Listener as Empty

from support_policy.core.ticket import Author, TicketRef
from support_policy.core.update import Explanation, Update
from support_policy.demo.customer import browser
from support_policy.demo.desk import Desk
from support_policy.errors import UnavailableError
from support_policy.helpdesk import Delivery, Post, Posting

pytestmark = pytest.mark.xdist_group("django-helpdesk")

MAILBOX = "support@mexxus.example"
ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>.*?</a>', re.DOTALL)
SEEN = re.compile(r'<input type="hidden" name="(initial-[^"]+)"(?: value="([^"]*)")?')
BOUNDARY = b"-" * 79 + b"\n"


@dataclass(slots=True, kw_only=True)
class Listener:
    """Whom the desk tells of follow-ups: keeps every request, in the order they came."""

    url: str = ""
    kept: list[Webhook] = field(default_factory=list)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            token = self.path.rpartition("/")[2]
            listener.kept.append(Webhook(headers={}, body=body, token=token))
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


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "mailbox").mkdir()
    (folder / "mails").mkdir()
    with Desk(folder, followup_webhook_urls=(listener.url,), mail_folder=folder / "mails") as desk:
        with closing(sqlite3.connect(folder / "desk.sqlite3")) as database, database:
            database.execute(
                "update helpdesk_queue set email_address = ?, allow_email_submission = 1,"
                " email_box_type = 'local', email_box_local_dir = ?, email_box_interval = 0"
                " where slug = 'support'",
                (MAILBOX, str(folder / "mailbox")),
            )
        yield desk


class Place(LivePlace):
    """Agents in front of the edit page; customers who answer mails, as they must here."""

    def __init__(self, helpdesk: Desk, listener: Listener) -> None:
        super().__init__(helpdesk, Empty())
        self._told = listener

    def tag(self, ref: TicketRef, *tags: str) -> None:
        self.others_tag(ref, " ".join(tags))

    def edit_form(self, ref: TicketRef) -> dict[str, str]:
        """What the edit page shows, as a browser would send it back."""
        page = self.staff.get(f"{self.helpdesk.url}/tickets/{ref.id}/edit/", timeout=SECONDS).text
        now = self.helpdesk.ticket(int(ref.id))
        due = datetime.fromisoformat(now["due_date"]) if now["due_date"] else None
        form = {name: now[name] or "" for name in ("title", "submitter_email", "description")}
        form |= {"queue": str(now["queue"]), "priority": str(now["priority"])}
        form["due_date"] = due.astimezone(DESK_ZONE).strftime("%Y-%m-%d %H:%M:%S") if due else ""
        form["csrfmiddlewaretoken"] = token_of(page)
        form["secret_key"] = re.search(r'name="secret_key" value="([^"]*)"', page)[1]  # type: ignore[index]
        form |= {name: html.unescape(value) for name, value in SEEN.findall(page)}
        custom = {key: value for key, value in now.items() if key.startswith("custom_")}
        # A browser sends nothing for a box that is not ticked.
        return form | {key: str(value) for key, value in custom.items() if value}

    def save(self, ref: TicketRef, form: dict[str, str]) -> None:
        url = f"{self.helpdesk.url}/tickets/{ref.id}/edit/"
        answer = self.staff.post(url, data=form, allow_redirects=False, timeout=SECONDS)
        assert answer.status_code == 302, answer.text

    def filled(self, *, reason: str, work: str, blocks: int) -> dict[str, str]:
        """What an agent chooses and writes in the fields of an ask."""
        url = f"{self.helpdesk.url}/tickets/submit/"
        page = html.unescape(self.staff.get(url, timeout=SECONDS).text)
        choice = re.search(rf'<option value="({reason} [^"]*)"', page)
        assert choice
        return {
            "custom_policy_fee_reason": choice[1],
            "custom_policy_fee_work": work,
            "custom_policy_fee_blocks": str(blocks),
            "custom_policy_fee_ask": "on",
        }

    def ask(self, ref: TicketRef, *, reason: str, work: str, blocks: int) -> None:
        filled = self.filled(reason=reason, work=work, blocks=blocks)
        self.save(ref, self.edit_form(ref) | filled)

    def opened(self, sent: Webhook) -> Delivery | None:
        return self.desk.codec.open(headers={}, body=sent.body, token=TOKEN, now=datetime.now(UTC))

    def asked_webhook(self, ref: TicketRef) -> Webhook:
        return self.told_of(ref)[-1]

    message_webhook = asked_webhook

    def told_of(self, ref: TicketRef) -> list[Webhook]:
        def number(sent: Webhook) -> str:
            return str(json.loads(sent.body)["ticket"]["id"])

        return [sent for sent in self._told.kept if number(sent) == ref.id]

    def customer_writes(self, ref: TicketRef, text: str, **headers: str) -> None:
        mail = EmailMessage()
        given = {
            "From": REQUESTER,
            "To": MAILBOX,
            "Subject": f"Re: [support-{ref.id}] {SUBJECT}",
            "Message-ID": f"<{ref.id}.{len(self.told_of(ref))}@shop.example>",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in given.items():
            if value:
                mail[name] = value
        mail.set_content(text, cte="quoted-printable")
        (self.helpdesk.folder / "mailbox" / "one.eml").write_bytes(mail.as_bytes())
        self.manage("get_email", "--quiet")
        assert not list((self.helpdesk.folder / "mailbox").iterdir()), "the desk took it"

    def manage(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "django", *command],
            env=self.helpdesk.environment(),
            cwd=self.helpdesk.folder,
            check=True,
            capture_output=True,
        )

    def agent_writes(self, ref: TicketRef, text: str, *, public: bool) -> None:
        self._update(ref, comment=text, **({"public": "1"} if public else {}))

    def seen_by_customer(self, ref: TicketRef) -> Sequence[str]:
        with browser("en") as public:
            page = public.get(self.helpdesk.url + self._pages[ref.id], timeout=SECONDS).text
        return [as_read(each) for each in page.split("<div class='followup well card'>")[1:]]

    def seen_by_agents(self, ref: TicketRef) -> Sequence[str]:
        return [as_read(each) for each in self.agents_view(ref) if "fa-lock" in each]

    def agents_view(self, ref: TicketRef) -> list[str]:
        page = self.staff.get(f"{self.helpdesk.url}/tickets/{ref.id}/", timeout=SECONDS).text
        history = page.partition('id="followup-list"')[2].partition("</ul>\n\n")[0]
        return history.split('<li class="list-group-item list-group-item-action">')[1:]

    def waits(self, ref: TicketRef) -> bool | None:
        del ref

    def close(self, ref: TicketRef | None = None) -> None:  # type: ignore[override]
        if ref is None:
            super().close()
        else:
            self.close_ticket(ref)

    def history(self, ref: TicketRef) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.helpdesk.ticket(int(ref.id))["followup_set"]
        return found

    def mails(self, ref: TicketRef) -> list[EmailMessage]:
        """What the desk mailed about a ticket, in no order."""
        assert self.helpdesk.mail_folder
        raw = [
            each
            for path in self.helpdesk.mail_folder.iterdir()
            for each in path.read_bytes().split(BOUNDARY)
            if each.strip()
        ]
        mails = [email.message_from_bytes(each, policy=email.policy.default) for each in raw]
        return [mail for mail in mails if f"[support-{ref.id}]" in mail["Subject"]]


def as_read(markup: str) -> str:
    """The words of a piece of a page; an anchor by where it leads."""
    text = ANCHOR.sub(lambda link: link[1], markup.replace("<br>", "\n"))
    return html.unescape(TAG.sub("", text))


def part(mail: EmailMessage, kind: str) -> str:
    """The plain or the HTML text of a mail."""
    found = mail.get_body((kind,))
    assert found
    text: str = found.get_content()
    return text


@pytest.fixture(scope="module")
def place(helpdesk: Desk, listener: Listener) -> Iterator[Place]:
    place = Place(helpdesk, listener)
    yield place
    place.close()


class TestPaidHelp(PaidHelpContract):
    """The claims of every help desk."""


ASK: dict[str, Any] = {"reason": "outside", "work": WORK, "blocks": 2}
SENT = Posting(posts=(Post(stamp=REQUEST, text=TEXT, public=True),), add_tags=("fee_requested",))


def send(place: Place, ref: TicketRef, posting: Posting) -> None:
    place.desk.post(place.desk.conversation(ref), posting)


# Asking


def test_the_desks_own_log_says_who_asked(place: Place) -> None:
    ref = place.open_ticket()
    place.ask(ref, **ASK)
    ask = place.desk.conversation(ref).ask
    assert ask
    assert ask.by == place.helpdesk.colleague.name
    record = place.history(ref)[-1]
    assert record["user"] == place.helpdesk.users[place.helpdesk.colleague.name]
    assert not record["public"]
    assert record["email_recipients"] == []


def test_an_ask_is_told_once_and_whole_when_the_page_is_saved(place: Place) -> None:
    ref = place.open_ticket()
    place.ask(ref, **ASK)
    [sent] = place.told_of(ref)
    ticket = json.loads(sent.body)["ticket"]
    assert ticket["custom_policy_fee_ask"] is True
    assert (ticket["custom_policy_fee_work"], ticket["custom_policy_fee_blocks"]) == (WORK, 2)


def test_an_ask_is_told_whole_wherever_the_desks_people_move_its_box(place: Place) -> None:
    order = "update helpdesk_customfield set ordering = ? where name = 'policy_fee_ask'"
    with closing(sqlite3.connect(place.helpdesk.folder / "desk.sqlite3")) as database:
        with database:
            database.execute(order, (1,))
        ref = place.open_ticket()
        place.ask(ref, **ASK)
        with database:
            database.execute(order, (999,))
    [sent] = place.told_of(ref)
    assert json.loads(sent.body)["ticket"]["custom_policy_fee_work"] == WORK


def test_saving_the_page_again_does_not_ask_again(place: Place) -> None:
    ref = place.open_ticket()
    place.ask(ref, **ASK)
    before = place.desk.conversation(ref).ask
    place.save(ref, place.edit_form(ref) | {"title": "renamed"})
    assert place.desk.conversation(ref).ask == before
    assert len(place.told_of(ref)) == 1


def test_a_page_opened_before_neither_takes_back_tags_nor_asks_again(place: Place) -> None:
    ref = place.open_ticket()
    place.ask(ref, **ASK)
    old = place.edit_form(ref)
    send(place, ref, Posting(add_tags=("fee_requested",), clear_ask=True))
    place.save(ref, old | {"title": "renamed"})
    found = place.desk.conversation(ref)
    assert found.subject == "renamed"
    assert found.tags == ("fee_requested",)
    assert found.ask is None


def test_what_is_changed_on_a_page_opened_before_is_kept(place: Place) -> None:
    ref = place.open_ticket()
    place.tag(ref, "theirs")
    old = place.edit_form(ref)
    place.tag(ref, "later")
    place.save(ref, old | {"custom_policy_tags": "corrected"})
    assert place.desk.conversation(ref).tags == ("corrected",)
    place.save(ref, place.edit_form(ref) | {"custom_policy_tags": ""})
    assert place.desk.conversation(ref).tags == ()


def test_an_agents_follow_up_on_a_ticket_with_an_ask_tells_of_the_same_ask(place: Place) -> None:
    ref = place.open_ticket()
    place.ask(ref, **ASK)
    first = place.opened(place.told_of(ref)[-1])
    place.agent_writes(ref, "I have asked.", public=False)
    again = place.opened(place.told_of(ref)[-1])
    assert first
    assert again
    assert first.key == again.key


def test_an_agent_can_ask_in_the_form_that_opens_the_ticket(place: Place) -> None:
    form = {
        "csrfmiddlewaretoken": "",
        "queue": str(place.helpdesk.queues["Support"]),
        "title": SUBJECT,
        "body": "By telephone.",
        "submitter_email": REQUESTER,
        "priority": "3",
    }
    url = f"{place.helpdesk.url}/tickets/submit/"
    form["csrfmiddlewaretoken"] = token_of(place.staff.get(url, timeout=SECONDS).text)
    answer = place.staff.post(
        url, data=form | place.filled(**ASK), allow_redirects=False, timeout=SECONDS
    )
    assert answer.status_code == 302, answer.text
    number = answer.headers["Location"].strip("/").rpartition("/")[2]
    ref = TicketRef(desk=NAME, id=number)
    found = place.desk.conversation(ref)
    assert found.ask
    assert found.ask.by == place.helpdesk.colleague.name
    assert found.messages == ()
    assert place.desk.read(ref).opened_by is Author.STAFF


def test_a_program_asks_over_the_api_under_its_own_name_and_once(place: Place) -> None:
    ref = place.open_ticket()
    program = place.helpdesk.client_area
    with browser("en") as session:
        for _ in range(2):
            answer = session.patch(
                f"{place.helpdesk.url}/api/tickets/{ref.id}/",
                json={"custom_policy_fee_ask": True, "custom_policy_fee_blocks": 1},
                auth=(program.name, program.password),
                timeout=SECONDS,
            )
            assert answer.status_code == 200, answer.text
    ask = place.desk.conversation(ref).ask
    assert ask
    assert (ask.by, ask.blocks, ask.reason) == (program.name, 1, None)
    assert len(place.told_of(ref)) == 1


def test_who_may_permit_is_read_and_must_be_an_address(place: Place) -> None:
    ref = place.open_ticket()
    form = place.edit_form(ref) | place.filled(**ASK)
    place.save(ref, form | {"custom_policy_fee_permitter": "boss@shop.example"})
    ask = place.desk.conversation(ref).ask
    assert ask
    assert ask.permitter == "boss@shop.example"
    url = f"{place.helpdesk.url}/tickets/{ref.id}/edit/"
    form = place.edit_form(ref) | {"custom_policy_fee_permitter": "the boss"}
    assert place.staff.post(url, data=form, timeout=SECONDS).status_code == 200, "shown again"
    again = place.desk.conversation(ref).ask
    assert again
    assert again.permitter == "boss@shop.example"


def test_a_sweep_tells_of_an_ask_and_of_an_answer_by_the_webhooks_keys(place: Place) -> None:
    asked, answered = place.open_ticket(), place.open_ticket()
    place.ask(asked, **ASK)
    send(place, answered, SENT)
    place.customer_writes(answered, "I accept")
    keys = {
        each.key
        for each in map(place.opened, map(place.message_webhook, (asked, answered)))
        if each
    }
    now = datetime.now(UTC)
    pages = place.desk.opened(since=now, cursor=None, now=now)
    swept = {
        each.key: each.origin
        for page in pages
        for each in page.deliveries
        if each.topic == "permission" and each.ticket_id in (asked.id, answered.id)
    }
    assert len(keys) == 2
    assert swept == dict.fromkeys(keys, "sweep")


# What reaches the customer


def test_the_request_is_mailed_once_to_the_customer_with_its_link(place: Place) -> None:
    ref = place.open_ticket()
    before = len(place.mails(ref))
    posting = Posting(posts=(*SENT.posts, Post(stamp=NOTE, text="For staff.", public=False)))
    send(place, ref, posting)
    send(place, ref, posting)
    [mail] = [each for each in place.mails(ref) if REQUEST in part(each, "plain")]
    assert len(place.mails(ref)) == before + 1, "and the note is mailed to nobody"
    assert mail["To"] == REQUESTER
    assert LINK in part(mail, "plain").split()
    assert "notre demande : 85,00 $ CA (CAD)." in part(mail, "plain")
    assert f"On this page: {LINK}<br><br>Merci.<br>" in part(mail, "html")


def test_a_request_that_could_not_be_mailed_is_posted_and_mailed_when_it_can(
    place: Place,
) -> None:
    ref = place.open_ticket()
    folder = place.helpdesk.mail_folder
    assert folder
    away = folder.rename(folder.with_name("away"))
    folder.touch()  # the desk's mail server is down
    try:
        with pytest.raises(UnavailableError):
            send(place, ref, SENT)
    finally:
        folder.unlink()
        away.rename(folder)
    assert len(place.history(ref)) == 1, "nothing is left of it"
    assert place.desk.conversation(ref).tags == ()
    send(place, ref, SENT)
    assert len([each for each in place.mails(ref) if REQUEST in part(each, "plain")]) == 1
    assert len([text for text in place.seen_by_customer(ref) if REQUEST in text]) == 1


def test_a_decisions_private_note_is_mailed_to_nobody(place: Place) -> None:
    ref = place.open_ticket()
    before = len(place.mails(ref))
    note = Explanation(stamp="small/1/abc", reason="r", note="Because.")
    place.desk.write(place.desk.read(ref), Update(ticket=ref, note=note))
    assert "Because." in place.seen_by_agents(ref)[-1]
    assert len(place.mails(ref)) == before


def test_markup_in_a_message_is_none_in_the_mail(place: Place) -> None:
    ref = place.open_ticket()
    text = "<script>alert(1)</script> <b>x</b> &lt;i&gt; {{ ticket.secret_key }} L'été"
    send(place, ref, Posting(posts=(Post(stamp=REQUEST, text=text, public=True),)))
    [mail] = [each for each in place.mails(ref) if REQUEST in part(each, "plain")]
    for words in (part(mail, "plain"), part(mail, "html")):
        assert "<script" not in words
        assert "<b>x" not in words
        assert "&lt;" not in words
        assert "((ticket.secret_key))" in words.replace(" ", "")
        assert "L'été" in words


@pytest.mark.parametrize("public", [True, False])
def test_a_link_is_clickable_to_the_byte_whatever_is_in_it(place: Place, *, public: bool) -> None:
    ref = place.open_ticket()
    link = "https://support-policy.example.ca/permission/-_abc_-__d__-*e*-_f_"
    text = f"Go _here_ or *there*:\n{link}\nThanks, `you`."
    send(place, ref, Posting(posts=(Post(stamp=REQUEST, text=text, public=public),)))
    [agents] = [each for each in place.agents_view(ref) if REQUEST in each]
    assert f'href="{link}"' in agents
    assert "Go _here_ or *there*:" in as_read(agents)
    if public:
        [shown] = [each for each in place.seen_by_customer(ref) if REQUEST in each]
        assert link in shown.split()
        assert "Go _here_ or *there*:" in shown


def test_the_last_tag_can_be_taken_away(place: Place) -> None:
    ref = place.open_ticket()
    place.tag(ref, "fee_requested")
    send(place, ref, Posting(remove_tags=("fee_requested",)))
    assert place.desk.conversation(ref).tags == ()


# What customers write


def test_a_mail_has_the_address_of_its_sender_and_not_the_requesters(place: Place) -> None:
    ref = place.open_ticket()
    place.customer_writes(ref, "I accept", From="Jo <someone@else.example>")
    place.customer_writes(ref, "I accept", From="other@else.example", Message_ID="")
    found = place.desk.conversation(ref).messages
    assert [each.address for each in found] == [
        REQUESTER,
        "someone@else.example",
        "other@else.example",
    ]
    assert {each.dmarc for each in found} == {None}


def test_the_desk_hands_on_no_header_but_the_message_id(place: Place) -> None:
    ref = place.open_ticket()
    place.customer_writes(
        ref,
        "I am away.",
        Auto_Submitted="auto-replied",
        Authentication_Results="mx.example; dmarc=pass",
        Message_ID="<away@shop.example>",
    )
    away = place.desk.conversation(ref).messages[-1]
    assert away.headers == {"Message-ID": "<away@shop.example>"}
    assert not away.automatic


def test_a_message_without_an_open_request_asks_nothing(place: Place) -> None:
    ref = place.open_ticket()
    place.customer_writes(ref, "Any news?")
    assert place.opened(place.message_webhook(ref)) is None


def test_neither_our_message_nor_an_agents_asks_anything(place: Place) -> None:
    ref = place.open_ticket()
    place.tag(ref, "fee_requested")
    send(place, ref, SENT)
    place.agent_writes(ref, "Please answer.", public=True)
    sent = place.told_of(ref)
    assert len(sent) == 2
    assert [place.opened(each) for each in sent] == [None, None]


def test_closing_by_the_link_in_a_mail_is_no_message(place: Place) -> None:
    ref = place.open_ticket()
    place.tag(ref, "fee_requested")
    before = place.desk.conversation(ref).messages
    place._update(ref, new_status="3", comment="Done.")
    with browser("en") as scanner:
        url = f"{place.helpdesk.url}{place._pages[ref.id]}&close"
        scanner.get(url, allow_redirects=False, timeout=SECONDS)
    assert place.history(ref)[-1]["comment"].startswith("Submitter accepted resolution")
    assert place.desk.conversation(ref).closed
    assert place.desk.conversation(ref).messages == before
    assert place.opened(place.message_webhook(ref)) is None


def test_the_form_on_the_customers_page_leads_to_the_log_in(place: Place) -> None:
    """A fact of django-helpdesk 2.6.1: its customers can answer by mail alone."""
    ref = place.open_ticket()
    with browser("en") as public:
        page = public.get(place.helpdesk.url + place._pages[ref.id], timeout=SECONDS).text
        form = dict(re.findall(r'name="(key|mail)" value="([^"]*)"', page))
        form |= {"csrfmiddlewaretoken": token_of(page), "comment": "I accept", "public": "1"}
        url = f"{place.helpdesk.url}/tickets/{ref.id}/update/"
        answer = public.post(url, data=form, allow_redirects=False, timeout=SECONDS)
    assert answer.headers["Location"].startswith("/login/")
    assert len(place.history(ref)) == 1
