"""Permission for paid help on a live osTicket: asked by an agent, answered by a customer."""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from selectolax.lexbor import LexborHTMLParser
from tests.browser.agent_workspace import running_browser
from tests.helpdesks.contract import BODY, REQUESTER, Webhook
from tests.helpdesks.paid_help import LINK, NOTE, REQUEST, TEXT, PaidHelpContract
from tests.live.osticket.customer import Customer, Request
from tests.live.osticket.desk import PREFIX, Desk, Opened, until
from tests.live.osticket.listener import Answer, Call, Listener, decision, pong, spelled
from tests.live.osticket.screenshots import log_in
from tests.live.osticket.service import Service
from tests.live.osticket.test_contract import PASSWORD, adapter
from tests.live.osticket.web import PageError, words

from support_policy.core.ticket import TicketRef
from support_policy.errors import ConflictError
from support_policy.helpdesk import HelpDesk, Post, Posting

SUBJECT = "Move a mailbox"
PERSON = Request(subject=SUBJECT, body=BODY, sender=REQUESTER, name="Luc Rives")
MAILS = os.environ.get(PREFIX + "MAIL")
ASKED, WROTE = "permission.asked", "message.created"


def heard(call: Call) -> Answer:
    """Tickets are decided without a change, hints are heard."""
    if call.message["type"] == "ticket.created":
        return spelled(decision(call))
    return pong(call)


@dataclass(kw_only=True)
class OsTicketPlace:
    """The people around it."""

    people: Desk
    listener: Listener
    desk: HelpDesk
    ids: dict[str, int] = field(default_factory=dict)
    told: dict[tuple[str, str], int] = field(default_factory=dict)
    _client: Customer | None = None

    @property
    def client(self) -> Customer:
        """The requester, logged in."""
        if self._client is None:
            self._client = Customer(self.people.url)
            with contextlib.suppress(PageError):  # an earlier run did
                self.people.agent.register(PERSON, PASSWORD)
            self._client.log_in(REQUESTER, PASSWORD)
        return self._client

    def open_ticket(self) -> TicketRef:
        return self.known(self.people.by_api(PERSON))

    def known(self, ticket: Opened) -> TicketRef:
        self.ids[ticket.number] = ticket.id
        self.listener.wait_for(ticket.number)
        return TicketRef(desk=self.desk.name, id=ticket.number)

    def tag(self, ref: TicketRef, *tags: str) -> None:
        for tag in tags:
            self.people.agent.add_option(self.ids[ref.id], "Policy tags", tag)

    def ask(self, ref: TicketRef, *, reason: str, work: str, blocks: int) -> None:
        filled = {"reason": reason, "work": work, "blocks": str(blocks)}
        self.people.agent.ask_permission(self.ids[ref.id], **filled)
        self.expects(ref, ASKED)

    def asked_webhook(self, ref: TicketRef) -> Webhook:
        return self._webhook(ref, ASKED)

    def customer_writes(self, ref: TicketRef, text: str) -> None:
        self.client.reply(self.ids[ref.id], text.replace("\n", "<br>"))
        self.expects(ref, WROTE)

    def message_webhook(self, ref: TicketRef) -> Webhook:
        return self._webhook(ref, WROTE)

    def agent_writes(self, ref: TicketRef, text: str, *, public: bool) -> None:
        write = self.people.agent.reply if public else self.people.agent.note
        write(self.ids[ref.id], text)

    def seen_by_customer(self, ref: TicketRef) -> Sequence[str]:
        page = self.client.get(f"tickets.php?id={self.ids[ref.id]}")
        return [each.text(deep=True) for each in page.css(".thread-entry.response .thread-body")]

    def seen_by_agents(self, ref: TicketRef) -> Sequence[str]:
        return [each.text for each in self.people.agent.see(self.ids[ref.id]).notes]

    def waits(self, ref: TicketRef) -> bool | None:
        """Not a status: osTicket's mark that a ticket is answered, which its page can take back."""
        return "Mark as Unanswered" in words(self.people.agent.page_of(self.ids[ref.id]).body)

    def close(self, ref: TicketRef) -> None:
        self.people.agent.put_status(self.ids[ref.id], "closed")

    def calls(self, ref: TicketRef, kind: str) -> list[Call]:
        """The calls of a kind about a ticket."""
        return [it for it in self.listener.told(ref.id) if it.message["type"] == kind]

    def said_nothing(self, ref: TicketRef) -> bool:
        """Whether the service was told of no message, now that nothing waits to be told."""
        until(lambda: self.people.waiting() == 0, "an empty outbox")
        return not self.calls(ref, WROTE)

    def expects(self, ref: TicketRef, kind: str) -> None:
        self.told[ref.id, kind] = self.told.get((ref.id, kind), 0) + 1

    def _webhook(self, ref: TicketRef, kind: str) -> Webhook:
        most = self.told[ref.id, kind]
        until(lambda: len(self.calls(ref, kind)) >= most, f"{most} calls of {kind}")
        call = self.calls(ref, kind)[-1]
        return Webhook(headers=call.headers, body=call.body, token="")


@pytest.fixture(scope="module")
def place(
    installed: Desk, stopped: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OsTicketPlace]:
    stopped.stop()
    secrets = installed.secrets[:1]
    with Listener(*secrets) as listener:
        listener.behave = heard
        installed.configure(listener.url, secrets=secrets)
        installed.admin.know_tags("theirs")
        folder = tmp_path_factory.mktemp("adapter")
        desk = adapter(installed, folder, installed.url)
        yield OsTicketPlace(people=installed, listener=listener, desk=desk)
        installed.drain()


class TestPaidHelp(PaidHelpContract):
    """The claims of every desk."""


# What is osTicket's alone


def request(place: OsTicketPlace, ref: TicketRef) -> None:
    """The service posts a request."""
    posting = Posting(
        posts=(
            Post(stamp=REQUEST, text=TEXT, public=True),
            Post(stamp=NOTE, text="For staff alone.", public=False),
        ),
        add_tags=("fee_requested",),
        clear_ask=True,
    )
    place.desk.post(place.desk.conversation(ref), posting)


def test_an_agent_asks_in_the_more_menu_by_keyboard(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    with running_browser() as browser:
        page = browser.new_page()
        log_in(page, place.people)
        page.goto(f"{place.people.url}/scp/tickets.php?id={place.ids[ref.id]}")
        page.locator("[data-dropdown='#action-dropdown-more']").click()
        page.get_by_role("link", name="Ask permission for paid help").click()
        page.get_by_label("It is outside standard support").press("Space")
        page.get_by_label("What would be done").fill("We would move the mailbox.")
        page.get_by_label("How many blocks").fill("3")
        page.get_by_label("How many blocks").press("Enter")
        page.get_by_text("Blocks, at most: 3").wait_for()
        shown = words(LexborHTMLParser(page.content()).body)
    assert "We would move the mailbox." in shown
    [note] = [it for it in place.people.agent.see(place.ids[ref.id]).entries if it.kind == "note"]
    assert "Ada Admin" in note.head
    assert "$" not in note.text
    place.expects(ref, ASKED)
    call = place.asked_webhook(ref)
    assert b"mailbox" not in call.body
    ask = place.desk.conversation(ref).ask
    assert ask is not None
    assert (ask.reason, ask.work, ask.blocks) == ("outside", "We would move the mailbox.", 3)
    assert ask.by == "Ada Admin"


def test_what_is_left_out_is_said_and_nothing_is_asked(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    form = place.people.agent.permission_form(place.ids[ref.id])
    form.put("blocks", "900")
    answer = place.people.agent.post(form.url, data=form.values)
    assert answer.status_code == requests.codes.ok
    text = words(LexborHTMLParser(answer.text).body)
    for problem in ("Choose a reason.", "in one plain sentence.", "Enter a number of blocks"):
        assert problem in text
    assert place.desk.conversation(ref).ask is None
    assert place.calls(ref, ASKED) == []


def test_nothing_is_asked_without_the_forms_token(place: OsTicketPlace) -> None:
    """A page elsewhere could make an agent's browser send this, method in the query and all."""
    ref = place.open_ticket()
    agent = place.people.agent
    path = f"scp/ajax.php/support-policy/tickets/{place.ids[ref.id]}/ask"
    filled = {"reason": "outside", "work": "x", "blocks": "1"}
    agent.session.get(agent.address(path), params={**filled, "_method": "POST"}, timeout=30)
    answer = agent.session.post(agent.address(path), data=filled, timeout=30)
    assert answer.status_code == requests.codes.bad_request
    assert place.desk.conversation(ref).ask is None


def test_nobody_else_may_ask(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    path = f"scp/ajax.php/support-policy/tickets/{place.ids[ref.id]}/ask"
    answer = place.client.session.get(place.client.address(path), timeout=30)
    assert answer.status_code == requests.codes.forbidden
    assert "sp-work" not in answer.text


def test_a_request_leaves_assignee_and_first_answer_alone(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    before = place.people.see(Opened(ref.id, place.ids[ref.id]))
    request(place, ref)
    after = place.people.see(Opened(ref.id, place.ids[ref.id]))
    for row in ("Assigned To", "Status", "Due Date", "Priority", "Department"):
        assert after[row] == before[row]
    assert place.waits(ref) is False
    place.desk.post(place.desk.conversation(ref), Posting(add_tags=("x",), wait=True))
    assert place.waits(ref) is True
    place.desk.post(place.desk.conversation(ref), Posting(remove_tags=("x",), resume=True))
    assert place.waits(ref) is False


def test_the_link_is_a_link_and_a_variable_stays_a_word(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    text = f"%{{ticket.policy_class}} %7Bticket.name}} <b>&amp;\n\n{LINK}"
    post = Post(stamp=REQUEST, text=text, public=True)
    place.desk.post(place.desk.conversation(ref), Posting(posts=(post,)))
    page = place.client.get(f"tickets.php?id={place.ids[ref.id]}")
    body = page.css_first(".thread-entry.response .thread-body")
    assert body is not None
    assert [each.attributes["href"] for each in body.css("a")] == [LINK]
    shown = body.text(deep=True).replace("\u200b", "")
    assert "%{ticket.policy_class} %7Bticket.name} <b>&amp;" in shown


def test_a_customers_answer_counts_as_theirs_when_they_are_logged_in(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    request(place, ref)
    place.customer_writes(ref, "I accept 2 blocks")
    place.message_webhook(ref)
    newest = place.desk.conversation(ref).messages[-1]
    assert (newest.dmarc, newest.automatic, newest.address) == (True, False, REQUESTER)
    assert place.desk.conversation(ref).messages[0].dmarc is None


def test_a_mail_is_told_with_its_headers(place: OsTicketPlace) -> None:
    form = place.people.admin.instance()
    form.fill("Mail server that checks senders", "mx.example.ca")
    place.people.admin.save(form)
    ref = place.open_ticket()
    request(place, ref)
    said = Request(subject=f"Re: {SUBJECT} [#{ref.id}]", body="I accept", sender=REQUESTER)
    domain = REQUESTER.partition("@")[2]
    passed = f"mx.example.ca; dmarc=pass (p=none) header.from={domain}"
    place.people.programs.mail(said, Authentication_Results=passed)
    place.expects(ref, WROTE)
    place.message_webhook(ref)
    newest = place.desk.conversation(ref).messages[-1]
    assert (newest.address, newest.dmarc) == (REQUESTER, True)
    assert newest.headers["Subject"] == said.subject
    place.people.programs.mail(said, Authentication_Results="mx.example.ca; dmarc=fail")
    place.expects(ref, WROTE)
    place.message_webhook(ref)
    assert place.desk.conversation(ref).messages[-1].dmarc is False


def test_an_automatic_answer_is_not_told(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    request(place, ref)
    away = Request(subject=f"Re: {SUBJECT} [#{ref.id}]", body="I am away", sender=REQUESTER)
    with contextlib.suppress(PageError):
        place.people.programs.mail(away, Auto_Submitted="auto-replied")
    assert place.said_nothing(ref)
    newest = place.desk.conversation(ref).messages[-1]
    assert "away" not in newest.text or newest.automatic


def test_a_message_on_a_ticket_without_a_request_is_not_told(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.client.reply(place.ids[ref.id], "One more thing")
    assert len(place.desk.conversation(ref).messages) == 2
    assert place.said_nothing(ref)


def test_what_an_agent_makes_of_a_customers_words_is_not_theirs(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    request(place, ref)
    place.customer_writes(ref, "Why is that?")
    before = place.desk.conversation(ref).messages
    agent = place.people.agent
    entry = before[-1].id
    path = f"tickets/{place.ids[ref.id]}/thread/{entry}/edit"
    form = agent.dialog(path, "form")
    form.put("body", "I accept 2 blocks")
    form.put("commit", "save")
    agent.post(form.url, data=form.values)
    assert "I accept 2 blocks" in words(agent.page_of(place.ids[ref.id]).body)
    assert place.desk.conversation(ref).messages == before


def test_a_customer_does_not_wait_for_a_service_that_hangs(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    request(place, ref)
    place.client.get(f"tickets.php?id={place.ids[ref.id]}")
    place.listener.hang = 3.0
    begin = time.monotonic()
    place.client.reply(place.ids[ref.id], "I accept 2 blocks")
    took = time.monotonic() - begin
    until(lambda: place.calls(ref, WROTE), "the first try")
    place.listener.hang = 0.0
    assert took < 1.4
    assert len(place.desk.conversation(ref).messages) == 2

    def told_again() -> bool:
        place.people.programs.cron()
        return len(place.calls(ref, WROTE)) >= 2

    until(told_again, "a second try", seconds=90)


def test_two_who_post_at_once_post_once(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    read = place.desk.conversation(ref)
    posting = Posting(posts=(Post(stamp=REQUEST, text=TEXT, public=True),))
    place.desk.post(read, posting)
    with pytest.raises(ConflictError):
        place.desk.post(read, posting)
    assert len(place.seen_by_customer(ref)) == 1


def test_a_response_that_names_the_fee_is_shown_by_doctor(place: OsTicketPlace) -> None:
    admin = place.people.admin
    title = f"Our rates {time.time():.0f}"
    form = admin.form("scp/canned.php?a=add", "#content form.save, #content form")
    form.put("title", title)
    form.put("response", "<p>Advanced&nbsp;Support is 85,00 $ an hour.</p>")
    admin.save(form)
    found = [it for it in place.desk.examine(now=datetime.now(UTC)) if title in it.detail]
    assert [it.ok for it in found] == [False]
    [page] = [
        it
        for it in admin.canned_pages()
        if title in words(admin.get(it).body) or title in (admin.get(it).html or "")
    ]
    admin.mass("canned.php", "delete", int(page.rpartition("=")[2]))
    assert not [it for it in place.desk.examine(now=datetime.now(UTC)) if title in it.detail]


def mails() -> list[EmailMessage]:
    """All mails that the help desk sent."""
    files = sorted(Path(MAILS or "").iterdir(), key=lambda it: it.stat().st_mtime)
    parsed = [
        email.message_from_bytes(it.read_bytes(), policy=email.policy.default) for it in files
    ]
    return [it for it in parsed if isinstance(it, EmailMessage)]


def plain(mail: EmailMessage) -> str:
    """The text of a mail for who reads no HTML."""
    part = mail.get_body(("plain", "html"))
    return str(part.get_content()) if part else ""


def links_to(number: str) -> list[str]:
    """The links of mails to who asked for access to a ticket."""
    found = [
        it
        for it in mails()
        if "view.php?auth=" in plain(it) and number in str(it["Subject"]) + plain(it)
    ]
    return [re.findall(r"http\S+view\.php\?auth=[^\s\"'<>\])]+", plain(it))[0] for it in found][-1:]


if MAILS:

    def test_a_request_is_mailed_to_the_requester_alone(place: OsTicketPlace) -> None:
        ref = place.open_ticket()
        known = len(mails())
        request(place, ref)
        sent = [it for it in mails()[known:] if LINK in plain(it)]
        assert [str(it["To"]).partition("<")[2].strip(">") for it in sent] == [REQUESTER]
        assert sent[0]["Cc"] is None
        assert "85,00 $ CA (CAD)" in plain(sent[0])
        assert f"[{REQUEST}]" in plain(sent[0])
        assert not any("For staff alone." in plain(it) for it in mails()[known:])

    def test_a_mail_shows_words_as_they_are(place: OsTicketPlace) -> None:
        ref = place.open_ticket()
        text = (
            f"<b>%{{ticket.policy_class}}</b> &amp; <a href='https://evil.example'>x</a>\n\n{LINK}"
        )
        post = Post(stamp=REQUEST, text=text, public=True)
        known = len(mails())
        place.desk.post(place.desk.conversation(ref), Posting(posts=(post,)))
        [sent] = [it for it in mails()[known:] if LINK in plain(it)]
        html = sent.get_body(("html",))
        assert html is not None
        page = LexborHTMLParser(str(html.get_content()))
        shown = words(page.body).replace("\u200b", "")
        assert "<b>%{ticket.policy_class}</b> &amp; <a href='" in shown
        assert LINK in [it.attributes["href"] for it in page.css("a")]

    def test_a_customer_who_came_by_the_tickets_link_proved_nothing(place: OsTicketPlace) -> None:
        ref = place.open_ticket()
        request(place, ref)
        guest = Customer(place.people.url)
        form = guest.form("view.php", "form#clientLogin")
        form.put("lemail", REQUESTER)
        form.put("lticket", ref.id)
        guest.send(form)
        [link] = until(lambda: links_to(ref.id), "the mail with the link")
        guest.session.get(link, timeout=30)
        guest.reply(place.ids[ref.id], "I accept 2 blocks")
        place.expects(ref, WROTE)
        place.message_webhook(ref)
        newest = place.desk.conversation(ref).messages[-1]
        assert "I accept 2 blocks" in newest.text
        assert newest.dmarc is None
