"""Permission for paid help on osTicket, over real HTTP and real signatures to a double of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.helpdesks.osticket.place import OsTicketPlace, desk_for
from tests.helpdesks.paid_help import REQUEST, TEXT, WORK, PaidHelpContract
from tests.osticket_double import OsTicketDouble, paid_help
from tests.osticket_double.helpdesk import HelpDesk
from tests.osticket_double.tickets import Ticket

from support_policy.errors import (
    BusyError,
    ConflictError,
    MalformedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Finding, Post, Posting
from support_policy.helpdesks.osticket.conversation import conversation as read_conversation

PASSED = (
    "mx.example.ca; spf=pass smtp.mailfrom=w.example; dmarc=pass (p=reject) header.from=w.example"
)

SOMEBODYS = Ticket(
    id=12, number="123456", created_at=datetime(2026, 11, 29, tzinfo=UTC), event="e", subject="Help"
)


@pytest.fixture(scope="module")
def double() -> Iterator[OsTicketDouble]:
    with OsTicketDouble() as double:
        yield double


@pytest.fixture
def place(double: OsTicketDouble) -> OsTicketPlace:
    return OsTicketPlace(double=double, desk=desk_for(double))


class TestPaidHelp(PaidHelpContract):
    """The claims of every desk."""


def mail(*results: str, sender: str = "Dana <dana@w.example>") -> tuple[tuple[str, str], ...]:
    return (("From", sender), *(("Authentication-Results", each) for each in results))


# What is osTicket's alone


def test_asking_twice_is_told_twice_and_the_same_event_once(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=2)
    (hint,) = [each for each in place.double.helpdesk.hints if each.ticket.number == ref.id]
    sent = place.asked_webhook(ref)
    delivery = place.desk.codec.open(
        headers=sent.headers, body=sent.body, token="", now=datetime.now(UTC)
    )
    assert delivery is not None
    assert delivery.key == f"asked:{hint.ticket.id}:{hint.event}"
    assert delivery.ticket is None


def test_a_hint_is_answered_that_it_was_heard(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=2)
    sent = place.asked_webhook(ref)
    reply = place.desk.codec.answers.reply
    assert reply is not None
    body, headers = reply(None, headers=sent.headers, now=datetime.now(UTC))
    event = sent.headers["webhook-id"]
    assert body == b'{"type":"pong","event":"%s"}' % event.encode()
    assert headers["webhook-id"] == event


@pytest.mark.parametrize("ticket", [None, "12", {"id": 12}, {"number": "123456"}])
@pytest.mark.parametrize("kind", ["permission.asked", "message.created"])
def test_a_hint_about_no_ticket_is_malformed(
    place: OsTicketPlace, ticket: object, kind: str
) -> None:
    body = place.double.sender._body(kind, "an-event", ticket=ticket, entry=7)
    with pytest.raises(MalformedError):
        place.desk.codec.open(
            headers=place.proven(body).headers, body=body, token="", now=datetime.now(UTC)
        )


def test_what_changed_since_it_was_read_is_not_answered(place: OsTicketPlace) -> None:
    """A customer's yes that came in between must not be told "expired"."""
    ref = place.open_ticket()
    read = place.desk.conversation(ref)
    place.customer_writes(ref, "I accept 2 blocks")
    with pytest.raises(ConflictError):
        place.desk.post(read, Posting(posts=(Post(stamp=REQUEST, text=TEXT, public=True),)))
    assert not place.seen_by_customer(ref)


def test_a_plugin_that_only_observes_refuses(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    read = place.desk.conversation(ref)
    place.double.admin.paid_help = False
    try:
        with pytest.raises(RefusedError):
            place.desk.post(read, Posting(add_tags=("fee_requested",)))
    finally:
        place.double.admin.paid_help = True
    assert place.desk.conversation(ref).tags == ()


def test_without_a_key_nothing_can_be_asked(double: OsTicketDouble) -> None:
    place = OsTicketPlace(double=double, desk=desk_for(double, api_key=None))
    with pytest.raises(RefusedError, match="api_key"):
        place.desk.conversation(place.open_ticket())


def test_nothing_is_sent_when_all_of_it_is_there(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    posting = Posting(posts=(Post(stamp=REQUEST, text=TEXT, public=True),))
    place.desk.post(place.desk.conversation(ref), posting)
    read = place.desk.conversation(ref)
    calls = len(place.double.api.seen)
    place.desk.post(read, posting)
    assert len(place.double.api.seen) == calls


def test_a_ticket_that_waits_is_answered_and_one_that_goes_on_is_open_again(
    place: OsTicketPlace,
) -> None:
    ref = place.open_ticket()
    place.desk.post(place.desk.conversation(ref), Posting(add_tags=("fee_requested",), wait=True))
    assert place.waits(ref)
    place.desk.post(place.desk.conversation(ref), Posting(add_tags=("fee_accepted",), resume=True))
    assert not place.waits(ref)


def test_the_requesters_words_and_name_are_read(place: OsTicketPlace) -> None:
    ref = place.open_ticket(name="Dana Whitlock", verified=True, language="fr")
    found = place.desk.conversation(ref)
    assert (found.requester_name, found.verified, found.requester.language) == (
        "Dana Whitlock",
        True,
        "fr",
    )
    assert found.number == ref.id


@pytest.mark.parametrize(
    ("headers", "trusted", "proven"),
    [
        (mail(PASSED), "mx.example.ca", True),
        (mail(PASSED), "", None),
        (mail(PASSED), "mx.other.ca", None),
        (mail(PASSED.replace("pass", "fail")), "mx.example.ca", False),
        (mail(PASSED, sender="evil <dana@other.example>"), "mx.example.ca", False),
    ],
)
def test_a_mail_is_proven_only_by_the_server_that_the_admin_trusts(
    place: OsTicketPlace, headers: tuple[tuple[str, str], ...], trusted: str, proven: bool | None
) -> None:
    ref = place.open_ticket()
    place.customer_writes(ref, "I accept", headers=headers, identity="email")
    place.double.admin.trusted_authserv = trusted
    try:
        newest = place.desk.conversation(ref).messages[-1]
    finally:
        place.double.admin.trusted_authserv = ""
    assert newest.dmarc is proven
    assert "From" not in newest.headers


def test_a_mail_is_its_senders_whoever_osticket_takes_it_for(place: OsTicketPlace) -> None:
    """osTicket finds the writer by a token in the mail as well, which others may have seen."""
    ref = place.open_ticket()
    place.customer_writes(
        ref, "I accept", headers=mail(PASSED, sender="Eve <eve@other.example>"), identity="email"
    )
    assert place.desk.conversation(ref).messages[-1].address == "eve@other.example"


@pytest.mark.parametrize(
    ("identity", "proven"), [("client", True), ("guest", None), ("unknown", None), ("", None)]
)
def test_only_a_log_in_proves_who_wrote_on_the_page(
    place: OsTicketPlace, identity: str, proven: bool | None
) -> None:
    ref = place.open_ticket()
    place.customer_writes(ref, "I accept", identity=identity)
    assert place.desk.conversation(ref).messages[-1].dmarc is proven


def test_what_a_program_answered_says_so(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    headers = (*mail(), ("Auto-Submitted", "auto-replied"), ("Subject", "=?utf-8?q?Abs=C3=A9nt?="))
    place.customer_writes(ref, "I am away", headers=headers, automatic=True)
    newest = place.desk.conversation(ref).messages[-1]
    assert newest.automatic
    assert newest.headers == {"Auto-Submitted": "auto-replied", "Subject": "Absént"}


def test_what_an_agent_made_of_the_fields_by_hand_is_no_number(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=2)
    ask = place.double.ticket(ref.id).ask
    assert ask is not None
    ask |= {"blocks": "two", "reason": "because", "permitter": "boss@w.example"}
    found = place.desk.conversation(ref).ask
    assert found is not None
    assert (found.blocks, found.reason, found.permitter) == (None, None, "boss@w.example")


def test_a_tag_that_an_agent_takes_away_takes_the_ask_back(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.ask(ref, reason="outside", work=WORK, blocks=2)
    place.double.ticket(ref.id).tags.remove("ask_fee_permission")
    assert place.desk.conversation(ref).ask is None


def test_a_stamp_in_words_that_we_quote_is_not_the_messages_own(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    text = f"You wrote:\n\n[{REQUEST}]\n\nand more."
    note = Post(stamp="PH-ABCD2345/note", text=text, public=False)
    place.desk.post(place.desk.conversation(ref), Posting(posts=(note,)))
    assert place.desk.conversation(ref).posted == {note.stamp}


def test_a_conversation_about_another_ticket_is_not_believed(
    place: OsTicketPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, other = place.open_ticket(), place.open_ticket()
    wrong = place.double.ticket(other.id)
    monkeypatch.setattr(HelpDesk, "conversation", lambda *_: told_of(wrong))
    with pytest.raises(UnavailableError):
        place.desk.conversation(ref)


def told_of(ticket: Ticket) -> dict[str, Any]:
    return paid_help.conversation(ticket, trusted="")


@pytest.mark.parametrize(
    "broken",
    [
        {"number": ""},
        {"status": "asleep"},
        {"requester": "Dana"},
        {"messages": None},
        {"messages": [{}]},
        {"messages": [{"id": 1, "at": "now", "format": "text", "body": "", "headers": []}]},
        {"posted": "all"},
        {"tags": {"a": "b"}},
        {"ask": "please"},
        {"ask": {"mark": ""}},
        {"revision": None},
    ],
    ids=str,
)
def test_a_conversation_that_cannot_be_read_waits(
    place: OsTicketPlace, monkeypatch: pytest.MonkeyPatch, broken: dict[str, Any]
) -> None:
    ref = place.open_ticket()
    told = told_of(place.double.ticket(ref.id)) | broken
    monkeypatch.setattr(HelpDesk, "conversation", lambda *_: told)
    with pytest.raises(BusyError):
        place.desk.conversation(ref)


@pytest.mark.parametrize(
    ("headers", "what"), [([["From"]], "pairs"), ([["From", 1]], "pairs"), (None, "list")]
)
def test_headers_that_are_none_make_a_message_unreadable(headers: object, what: str) -> None:
    message = {"id": 1, "at": "2026-11-29T20:00:00Z", "format": "text", "body": "x"}
    told = {"messages": [message | {"headers": headers}]}
    with pytest.raises(MalformedError, match=what):
        read_conversation(told_of(SOMEBODYS) | told, desk="osticket")


def test_a_desk_where_others_name_the_fee_is_told_which_texts(place: OsTicketPlace) -> None:
    facts = {"canned_about_fee": [{"id": 7, "title": "Our rates"}, {"id": 9, "title": "\x1b[31m"}]}
    found = examined(place, facts)
    assert [it.detail for it in found if it.name == "canned response"] == [
        "'Our rates' is not ours and mentions the fee",
        "' [31m' is not ours and mentions the fee",
    ]
    assert not any(it.ok for it in found if it.name == "canned response")


@pytest.mark.parametrize("told", [None, 5, "all", {"id": 1}])
def test_an_older_plugin_or_an_odd_answer_says_nothing_of_texts(
    place: OsTicketPlace, told: object
) -> None:
    assert not [it for it in examined(place, {"canned_about_fee": told}) if "canned" in it.name]


def test_guests_who_need_no_link_by_mail_are_a_finding_where_paid_help_is_asked(
    place: OsTicketPlace,
) -> None:
    assert [it.ok for it in examined(place, {"link_by_mail": False}) if it.name == "guests"] == [
        False
    ]
    quiet = {"link_by_mail": False, "paid_help": False}
    assert not [it for it in examined(place, quiet) if it.name == "guests"]


def examined(place: OsTicketPlace, facts: dict[str, Any]) -> list[Finding]:
    place.double.admin.facts = facts
    try:
        return list(place.desk.examine(now=datetime.now(UTC)))
    finally:
        place.double.admin.facts = {}
