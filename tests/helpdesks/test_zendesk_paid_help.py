"""Zendesk keeps the contract of permission for paid help, over real HTTP to a double of it."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
import requests
from tests.helpdesks.contract import BODY, REQUESTER, SUBJECT, Webhook
from tests.helpdesks.paid_help import LINK, NOTE, REQUEST, TEXT, WORK, PaidHelpContract
from tests.helpdesks.test_zendesk_live import NAME, Listener, set_up
from tests.zendesk_wire.wire import openapi_violations, violations

from support_policy.core.load import load
from support_policy.core.reply import load_replies
from support_policy.core.ticket import TicketRef
from support_policy.demo.zendesk_double import Recorded, ZendeskDouble
from support_policy.errors import ConflictError, RefusedError, UnavailableError
from support_policy.helpdesk import Ask, Conversation, Post, Posting
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk import client
from support_policy.helpdesks.zendesk.client import Zendesk
from support_policy.helpdesks.zendesk.fields import REASONS
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.helpdesks.zendesk.ledger import Ledger
from support_policy.reader.markup import text_of
from support_policy.settings import policy_folder

pytestmark = pytest.mark.xdist_group("zendesk_paid_help")

MACRO = "Support Policy::Ask permission for paid help"
VALUES = {reason: value for value, reason in REASONS.items()}
SECOND = timedelta(seconds=1)


@dataclass(slots=True, kw_only=True)
class Ears(Listener):
    """Whom the account tells of asks and answers."""

    def last(self, event: str, number: str) -> Webhook:
        wanted = {"event": event, "ticket_id": number}
        told = [each for each in self.kept if wanted.items() <= json.loads(each.body).items()]
        return told[-1]

    def count(self, event: str, number: str) -> int:
        return sum(
            (told["event"], told["ticket_id"]) == (event, number)
            for told in (json.loads(each.body) for each in self.kept)
        )


@pytest.fixture(scope="module")
def ears() -> Iterator[Ears]:
    ears = Ears()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with ears.came:
                ears.kept.append(Webhook(headers=headers, body=body, token=""))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ears.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield ears
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def place(ears: Ears, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZendeskPaidHelp]:
    folder = tmp_path_factory.mktemp("zendesk")
    notebook = MemoryNotebook()
    patience = pytest.MonkeyPatch()
    patience.setattr(client, "SETTLING", timedelta(0))
    with ZendeskDouble(speed=600) as double:
        setup = set_up(double, folder, url=double.url, listener=ears)
        policy = policy_folder("mexxus", folder)
        installation: Installation = cast("Any", setup.installer)(
            notebook, load(policy), load_replies(policy), asks=True
        )
        installation.apply(installation.plan(), lambda _: None)
        assert not installation.plan(), "once applied, nothing is left to do"
        desk = setup.open(notebook)
        assert isinstance(desk, Zendesk)
        yield ZendeskPaidHelp(
            double=double, ears=ears, desk=desk, ledger=Ledger(notebook, double.subdomain)
        )
        patience.undo()
        for each in double.requests:
            assert departures(each) == [], (each.method, each.path, each.body)


def departures(each: Recorded) -> list[str]:
    """Where a request departs from what Zendesk documents."""
    ours = (each.method, each.path, each.query, each.headers)
    body = each.body
    if body and each.method == "PUT" and re.fullmatch(r"/api/v2/tickets/\d+", each.path):
        # The closed schemas were written when nothing set a status; Zendesk's own file knows it.
        whole = json.loads(body)
        status = whole["ticket"].pop("status", "open")
        assert status in ("open", "pending")
        if whole["ticket"].keys() == {"safe_update", "updated_stamp"}:
            return list(openapi_violations(*ours, body))
        body = json.dumps(whole).encode()
    return [*violations(*ours, body), *openapi_violations(*ours, each.body)]


@dataclass(slots=True, kw_only=True)
class ZendeskPaidHelp:
    """The people around one account, as far as paid help goes."""

    double: ZendeskDouble
    ears: Ears
    desk: Zendesk
    ledger: Ledger

    def open_ticket(self) -> TicketRef:
        person = self.double.end_user(REQUESTER, locale="fr-CA")
        number = self.double.open_ticket(requester=person, subject=SUBJECT, body=BODY)
        return TicketRef(desk=NAME, id=str(number))

    def tag(self, ref: TicketRef, *tags: str) -> None:
        now = self.double.ticket(int(ref.id))["tags"]
        self.double.update_ticket(int(ref.id), by=self.double.agent, tags=[*now, *tags])

    def ask(self, ref: TicketRef, *, reason: str, work: str, blocks: int) -> None:
        self.double.move_clock(SECOND)  # no two asks in one of Zendesk's whole seconds
        values = {"ask_reason": VALUES[reason], "ask_work": work, "ask_blocks": blocks}
        self.double.apply_macro(
            int(ref.id), MACRO, by=self.double.agent, custom_fields=self.fields(**values)
        )

    def fields(self, **values: object) -> list[dict[str, object]]:
        ids = self.ledger.ids("ticket_field")
        return [{"id": int(ids[name]), "value": value} for name, value in values.items()]

    def value(self, ref: TicketRef, name: str) -> object:
        number = int(self.ledger.ids("ticket_field")[name])
        rows = self.double.ticket(int(ref.id))["custom_fields"]
        return next(each["value"] for each in rows if each["id"] == number)

    def asked_webhook(self, ref: TicketRef) -> Webhook:
        return self._heard("ticket.permission_asked", ref)

    def customer_writes(self, ref: TicketRef, text: str) -> None:
        self.double.move_clock(SECOND)
        self.double.reply(int(ref.id), by=self.double.end_user(REQUESTER), text=text)

    def agent_writes(self, ref: TicketRef, text: str, *, public: bool) -> None:
        self.double.update_ticket(int(ref.id), by=self.double.agent, comment=text, public=public)

    def message_webhook(self, ref: TicketRef) -> Webhook:
        return self._heard("ticket.customer_answered", ref)

    def seen_by_customer(self, ref: TicketRef) -> Sequence[str]:
        return self._seen(ref, public=True)

    def seen_by_agents(self, ref: TicketRef) -> Sequence[str]:
        return self._seen(ref, public=False)

    def waits(self, ref: TicketRef) -> bool | None:
        return bool(self.double.ticket(int(ref.id))["status"] == "pending")

    def close(self, ref: TicketRef) -> None:
        self.double.update_ticket(int(ref.id), by=self.double.agent, status="closed")

    def read(self, ref: TicketRef) -> Conversation:
        return self.desk.conversation(ref)

    def puts(self, ref: TicketRef) -> list[dict[str, Any]]:
        """The updates that we sent for a ticket."""
        path = f"/api/v2/tickets/{ref.id}"
        sent = [each for each in self.double.requests if (each.method, each.path) == ("PUT", path)]
        return [json.loads(each.body or b"")["ticket"] for each in sent]

    def _heard(self, event: str, ref: TicketRef) -> Webhook:
        assert self.double.settle(10)
        return self.ears.last(event, ref.id)

    def _seen(self, ref: TicketRef, *, public: bool) -> list[str]:
        said = self.double.comments(int(ref.id))
        return [shown(each["html_body"]) for each in said if each["public"] is public]


def shown(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br ?/?>", "\n", markup)))


def asked(place: ZendeskPaidHelp, ref: TicketRef) -> Ask:
    ask = place.read(ref).ask
    assert ask is not None
    return ask


class TestZendesk(PaidHelpContract):
    def test_a_customers_words_are_read_as_they_are(self, place: ZendeskPaidHelp) -> None:
        """As HTML, in which what is quoted can be told from the customer's own words."""
        ref = place.open_ticket()
        place.customer_writes(ref, "J'accepte 2 blocs\n\nMerci à l'équipe")
        newest = place.read(ref).messages[-1]
        assert newest.address == REQUESTER
        assert newest.content_type == "text/html"
        assert text_of(newest.text).strip().startswith("J'accepte 2 blocs")
        assert newest.at.tzinfo is not None
        assert place.read(ref).messages[-1].id == newest.id


# What is Zendesk's alone


def test_the_macro_says_no_price_and_the_customer_sees_nothing_of_it(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=2)
    (note,) = place.seen_by_agents(ref)
    assert not re.search(r"\d|\$|\{\{", note)
    assert len(place.seen_by_customer(ref)) == 1, "only what the customer wrote"


def test_the_macro_asks_for_one_block_when_the_agent_says_nothing(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    place.double.apply_macro(int(ref.id), MACRO, by=place.double.agent)
    ask = asked(place, ref)
    assert (ask.reason, ask.work, ask.blocks, ask.permitter) == (None, "", 1, None)


def test_who_asked_is_whom_the_audit_names_and_the_mark_is_that_audit(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work="I am Ada Admin.", blocks=1)
    place.double.update_ticket(int(ref.id), by=place.double.colleague, priority="low")
    ask = asked(place, ref)
    assert ask.by == place.double.agent.name
    audits = place.double.audits(int(ref.id))
    assert ask.mark == str(audits[-2]["id"])


def test_an_agent_may_name_who_permits(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    fields = place.fields(ask_permitter=" owner@client.example ")
    place.double.apply_macro(int(ref.id), MACRO, by=place.double.agent, custom_fields=fields)
    assert asked(place, ref).permitter == "owner@client.example"


def test_a_tag_that_a_customers_own_act_brought_asks_for_nothing(place: ZendeskPaidHelp) -> None:
    person = place.double.end_user(REQUESTER)
    number = place.double.open_ticket(
        requester=person, subject=SUBJECT, body=BODY, tags=["ask_fee_permission"]
    )
    assert place.read(TicketRef(desk=NAME, id=str(number))).ask is None


def test_clearing_an_ask_empties_its_fields_and_their_tags(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    place.tag(ref, "theirs")
    place.ask(ref, reason="correction", work=WORK, blocks=2)
    assert VALUES["correction"] in place.read(ref).tags
    place.desk.post(place.read(ref), Posting(clear_ask=True, add_tags=("fee_requested",)))
    assert set(place.read(ref).tags) == {"theirs", "fee_requested"}
    assert [place.value(ref, f"ask_{name}") for name in ("reason", "work", "blocks")] == [None] * 3


def test_what_an_agent_asked_is_told_once_more_with_every_change_until_it_is_answered(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=1)
    place.agent_writes(ref, "One moment", public=False)
    posts = (Post(stamp=REQUEST, text=TEXT, public=True),)
    posting = Posting(posts=posts, clear_ask=True, add_tags=("fee_requested",), wait=True)
    place.desk.post(place.read(ref), posting)
    place.agent_writes(ref, "Sent", public=False)
    assert place.double.settle(10)
    assert place.ears.count("ticket.permission_asked", ref.id) == 2


@pytest.mark.parametrize("tag", ["fee_accepted", None])
def test_nothing_is_told_of_a_message_while_no_request_is_open(
    place: ZendeskPaidHelp, tag: str | None
) -> None:
    ref = place.open_ticket()
    place.tag(ref, *([tag] if tag else []))
    place.customer_writes(ref, "I accept")
    assert place.double.settle(10)
    assert place.ears.count("ticket.customer_answered", ref.id) == 0


def test_nothing_is_told_of_what_staff_and_we_write_while_one_is(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    place.tag(ref, "fee_requested")
    place.agent_writes(ref, "Any news?", public=True)
    posts = (Post(stamp="PH-ABCD2345/reminder", text="Still open.", public=True),)
    place.desk.post(place.read(ref), Posting(posts=posts))
    assert place.double.settle(10)
    assert place.ears.count("ticket.customer_answered", ref.id) == 0


def test_one_message_goes_with_its_tags_and_status_in_one_request(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=1)
    posts = (Post(stamp=REQUEST, text=TEXT, public=True),)
    place.desk.post(
        place.read(ref),
        Posting(posts=posts, add_tags=("fee_requested",), clear_ask=True, wait=True),
    )
    (sent,) = place.puts(ref)
    assert sent.keys() >= {"comment", "tags", "status", "custom_fields", "metadata", "safe_update"}
    assert place.double.audits(int(ref.id))[-1]["author_id"] == place.double.service_user.id


def test_a_note_follows_the_message_and_the_tags_come_with_the_last(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    note = Post(stamp=NOTE, text="For staff.", public=False)
    message = Post(stamp=REQUEST, text=TEXT, public=True)
    place.desk.post(place.read(ref), Posting(posts=(note, message), add_tags=("fee_requested",)))
    first, second = place.puts(ref)
    assert (first["comment"]["public"], "tags" in first) == (True, False)
    assert (second["comment"]["public"], second["tags"]) == (False, ["fee_requested"])


def test_what_was_cut_short_goes_on_where_it_stopped(
    place: ZendeskPaidHelp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = place.open_ticket()
    posting = Posting(
        posts=(
            Post(stamp=REQUEST, text=TEXT, public=True),
            Post(stamp=NOTE, text="For staff.", public=False),
        ),
        add_tags=("fee_requested",),
    )

    def interfere(found: TicketRef, hint: str) -> dict[str, Any]:
        place.double.move_clock(SECOND)
        place.double.update_ticket(int(found.id), by=place.double.agent, priority="high")
        return Zendesk._settled(place.desk, found, hint)

    before = place.read(ref)
    with monkeypatch.context() as patch:
        patch.setattr(place.desk, "_settled", interfere)
        with pytest.raises(ConflictError):
            place.desk.post(before, posting)
    between = place.read(ref)
    assert (between.posted, between.tags) == ({REQUEST}, ())
    place.desk.post(between, posting)
    assert place.read(ref).posted == {REQUEST, NOTE}
    assert sum(LINK in each for each in place.seen_by_customer(ref)) == 1


def test_what_changed_since_it_was_read_is_decided_anew(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    before = place.read(ref)
    place.customer_writes(ref, "Wait!")
    with pytest.raises(ConflictError):
        place.desk.post(before, Posting(add_tags=("fee_expired",)))
    assert place.read(ref).tags == ()


def test_a_change_in_the_moment_of_the_write_is_refused_by_zendesk(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    before = place.read(ref)
    place.double.faults.conflict_next = 1
    with pytest.raises(ConflictError):
        place.desk.post(before, Posting(add_tags=("fee_expired",)))


def test_a_lost_answer_leaves_one_message(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    posting = Posting(posts=(Post(stamp=REQUEST, text=TEXT, public=True),))
    place.double.faults.lose_write_answers = 1
    with pytest.raises(UnavailableError):
        place.desk.post(place.read(ref), posting)
    place.desk.post(place.read(ref), posting)
    assert sum(LINK in each for each in place.seen_by_customer(ref)) == 1


def test_a_posting_that_is_there_already_sends_nothing(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    posts = (Post(stamp=REQUEST, text=TEXT, public=True),)
    posting = Posting(posts=posts, add_tags=("fee_requested",), wait=True)
    place.desk.post(place.read(ref), posting)
    place.desk.post(place.read(ref), posting)
    assert len(place.puts(ref)) == 1


def test_nothing_is_written_on_a_closed_ticket(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    place.close(ref)
    with pytest.raises(RefusedError):
        place.desk.post(place.read(ref), Posting(add_tags=("fee_expired",)))


@pytest.mark.parametrize(
    ("before", "posting", "after"),
    [
        ("new", Posting(wait=True), "pending"),
        ("open", Posting(wait=True), "pending"),
        ("hold", Posting(wait=True), "hold"),
        ("solved", Posting(wait=True), "solved"),
        ("pending", Posting(resume=True), "open"),
        ("solved", Posting(resume=True), "solved"),
        ("hold", Posting(resume=True), "hold"),
    ],
)
def test_a_status_that_a_person_chose_stays(
    place: ZendeskPaidHelp, before: str, posting: Posting, after: str
) -> None:
    ref = place.open_ticket()
    place.double.update_ticket(int(ref.id), by=place.double.agent, status=before)
    place.desk.post(place.read(ref), posting)
    assert place.double.ticket(int(ref.id))["status"] == after


def test_a_link_stays_byte_for_byte_and_can_be_clicked(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    posts = (Post(stamp=REQUEST, text=TEXT, public=True),)
    place.desk.post(place.read(ref), Posting(posts=posts))
    (markup,) = [
        each["html_body"]
        for each in place.double.comments(int(ref.id))
        if REQUEST in each["html_body"]
    ]
    assert f'<a href="{LINK}">{LINK}</a>' in markup
    assert shown(markup) == f"{TEXT}\n\n[{REQUEST}]"


# Who wrote it


def test_an_answer_in_the_help_center_is_vouched_for_and_one_by_mail_is_not(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    person = place.double.end_user(REQUESTER)
    for channel in ("web", "email", "native_messaging"):
        place.double.reply(int(ref.id), by=person, text="I accept", via=channel)
    opening, *answers = place.read(ref).messages
    assert opening.dmarc is None, "a ticket may be opened without logging in"
    assert [each.dmarc for each in answers] == [True, None, None]


@pytest.mark.parametrize("flag", [0, 2, 3, 11, 14, 21, 22])
@pytest.mark.parametrize("channel", ["web", "email"])
def test_what_zendesk_warns_of_is_not_vouched_for(
    place: ZendeskPaidHelp, flag: int, channel: str
) -> None:
    ref = place.open_ticket()
    person = place.double.end_user(REQUESTER)
    place.double.reply(int(ref.id), by=person, text="I accept", via=channel, flags=[flag])
    newest = place.read(ref).messages[-1]
    assert (newest.dmarc, newest.automatic) == (False, False)


def test_what_zendesk_says_was_generated_is_automatic(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    person = place.double.end_user(REQUESTER)
    place.double.reply(int(ref.id), by=person, text="I am away", via="email", flags=[4])
    assert place.read(ref).messages[-1].automatic


def test_what_an_agent_writes_in_a_customers_name_is_no_customers_message(
    place: ZendeskPaidHelp,
) -> None:
    ref = place.open_ticket()
    before = place.read(ref).messages
    admin = place.double.api_token
    comment = {
        "body": "I accept",
        "public": True,
        "author_id": place.double.end_user(REQUESTER).id,
    }
    answered = _put(place, ref, {"comment": comment}, admin)
    assert answered == 200
    assert place.double.comments(int(ref.id))[-1]["author"].email == REQUESTER
    assert place.read(ref).messages == before


def test_a_message_that_was_made_private_is_none(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    person = place.double.end_user(REQUESTER)
    place.double.update_ticket(int(ref.id), by=person, comment="I accept", public=False)
    assert len(place.read(ref).messages) == 1


def test_a_requester_whose_address_is_confirmed_is_verified(place: ZendeskPaidHelp) -> None:
    found = place.read(place.open_ticket())
    assert found.verified is True
    assert found.requester_name == place.double.end_user(REQUESTER).name


def test_from_the_macro_to_the_answer(place: ZendeskPaidHelp) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=2)
    posts = (Post(stamp=REQUEST, text=TEXT, public=True),)
    posting = Posting(posts=posts, add_tags=("fee_requested",), clear_ask=True, wait=True)
    place.desk.post(place.read(ref), posting)
    place.customer_writes(ref, "I accept 1 block")
    found = place.read(ref)
    assert found.ask is None
    assert found.posted == {REQUEST}
    assert not place.waits(ref), "an answer opens the ticket again"
    told = place.message_webhook(ref)
    delivery = place.desk.codec.open(
        headers=told.headers, body=told.body, token=None, now=datetime.now(UTC)
    )
    assert delivery is not None
    assert delivery.key.startswith(f"message:{ref.id}:")


def _put(
    place: ZendeskPaidHelp, ref: TicketRef, ticket: dict[str, Any], login: tuple[str, str]
) -> int:
    """What an integration of somebody else's sends, which is none of our requests."""
    email, token = login
    answer = requests.put(
        f"{place.double.url}/api/v2/tickets/{ref.id}",
        json={"ticket": ticket},
        auth=(f"{email}/token", token),
        timeout=5,
    )
    place.double.requests.pop()
    return answer.status_code
