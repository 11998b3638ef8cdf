"""Permission for paid help in django-helpdesk's JSON, without a desk; the shape is of 2.6.1."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.helpdesks.test_django_helpdesk_codec import CODEC, JSON, TOKEN, entry, ticket_json

from support_policy.core.ticket import TicketRef
from support_policy.errors import MalformedError, RefusedError, UnavailableError
from support_policy.helpdesk import Ask, Conversation, Delivery, Message, Post, Posting
from support_policy.helpdesks.django_helpdesk.client import DjangoHelpdesk
from support_policy.helpdesks.django_helpdesk.paid_help import (
    TAGS_LIMIT,
    changes,
    conversation,
    written,
)

NOW = datetime(2026, 11, 23, 15, 0, 5, tzinfo=UTC)
AGENT, SERVICE = 1, 3
REF = TicketRef(desk="helpdesk", id="7")
STAMP = "PH-ABCD2345/request"
LINK = "https://support-policy.example.ca/permission/aB3_-x" + "Zz09" * 9
MAIL = {"title": "E-Mail Received from jo@shop.example", "message_id": "<1@shop.example>"}
RECORD = entry(
    12,
    user=AGENT,
    public=False,
    title="Permission asked for paid help / Permission demandée pour une aide payante",
    comment="Asked by / Demandé par : Ann Agent\n\n[paid-help asked]",
)
FILLED = {
    "custom_policy_fee_reason": "outside · Outside standard support / Hors du soutien standard",
    "custom_policy_fee_work": "We would move the mailbox.",
    "custom_policy_fee_blocks": 2,
    "custom_policy_fee_permitter": "boss@shop.example",
    "custom_policy_fee_ask": True,
}


def read(*entries: dict[str, Any], **values: object) -> Conversation:
    data = ticket_json(followup_set=[entry(), *entries], **values)
    return conversation(data, REF, closed=False)


def heard(*entries: dict[str, Any], of: object = None, **values: object) -> Delivery | None:
    """What comes of the webhook of the last follow-up."""
    all_of_them = [entry(), *entries]
    body = {
        "ticket": ticket_json(followup_set=all_of_them, **values),
        "queue_slug": "support",
        "followup_id": all_of_them[-1]["id"] if of is None else of,
    }
    return CODEC.open(headers={}, body=json.dumps(body).encode(), token=TOKEN, now=NOW)


# Asks


def test_an_ask_is_what_the_fields_hold_and_who_ticked_the_last() -> None:
    assert read(RECORD, **FILLED).ask == Ask(
        mark="12",
        by="Ann Agent",
        reason="outside",
        work="We would move the mailbox.",
        blocks=2,
        permitter="boss@shop.example",
    )


@pytest.mark.parametrize("ticked", [False, None, "", "True", 1])
def test_without_the_tick_nothing_is_asked(ticked: object) -> None:
    assert read(RECORD, **FILLED | {"custom_policy_fee_ask": ticked}).ask is None
    assert heard(RECORD, **FILLED | {"custom_policy_fee_ask": ticked}) is None


def test_a_tick_that_the_desk_has_no_record_of_is_no_ask() -> None:
    assert read(**FILLED).ask is None


def test_the_newest_record_is_the_mark_in_whatever_order_they_come() -> None:
    second = RECORD | {"id": 15}
    first, newest = read(RECORD, **FILLED).ask, read(second, RECORD, **FILLED).ask
    assert first
    assert newest
    assert (first.mark, newest.mark) == ("12", "15")


def test_a_customer_can_write_no_record_of_an_ask() -> None:
    forged = entry(13, **MAIL, comment=RECORD["comment"])
    assert read(forged, **FILLED).ask is None


def test_who_asked_is_help_desk_staff_where_the_desk_does_not_know() -> None:
    nameless = RECORD | {"user": None, "comment": "[paid-help asked]"}
    ask = read(nameless, **FILLED).ask
    assert ask
    assert ask.by == "help desk staff"


@pytest.mark.parametrize(
    ("given_as", "reason"),
    [
        ("outside", "outside"),
        ("correction · Quelque chose", "correction"),
        ("other · Autre", None),
        ("outsider", None),
        ("", None),
        (None, None),
    ],
)
def test_a_reason_is_known_by_its_first_word(given_as: str | None, reason: str | None) -> None:
    ask = read(RECORD, **FILLED | {"custom_policy_fee_reason": given_as}).ask
    assert ask
    assert ask.reason == reason


def test_what_an_agent_left_out_is_empty() -> None:
    empty = dict.fromkeys(FILLED, None) | {"custom_policy_fee_ask": True}
    ask = read(RECORD, **empty).ask
    assert ask
    assert (ask.reason, ask.work, ask.blocks, ask.permitter) == (None, "", None, None)


def test_the_record_of_an_ask_is_never_the_opening_of_a_ticket() -> None:
    early = RECORD | {"id": 9, "date": "2026-11-23T09:59:59-05:00"}
    known = CODEC.delivery(ticket_json(followup_set=[entry()]), now=NOW)
    assert CODEC.delivery(ticket_json(followup_set=[early, entry()]), now=NOW).key == known.key


# Events


def test_an_ask_and_any_later_follow_up_of_staff_are_one_event() -> None:
    first = heard(RECORD, **FILLED)
    again = heard(RECORD, entry(13, user=AGENT, comment="I have asked."), **FILLED)
    assert first == again
    assert first
    assert (first.topic, first.ticket_id, first.key) == ("permission", "7", "asked:7:12")
    assert first.hint == "{}"


def test_a_customers_message_is_an_event_only_while_a_request_is_open() -> None:
    mail = entry(14, **MAIL, comment="I accept")
    delivery = heard(mail, custom_policy_tags="vip fee_requested")
    assert delivery
    assert (delivery.topic, delivery.key) == ("permission", "message:7:14")
    for tags in (None, "vip", "fee_requested_not", "fee_accepted"):
        assert heard(mail, custom_policy_tags=tags) is None


@pytest.mark.parametrize(
    "follow_up",
    [
        {"user": AGENT, "title": "Comment"},
        {"user": SERVICE, "title": "Comment", "comment": f"Hello\r\n\r\n[{STAMP}]"},
        {"public": False, "title": "Referenced in ticket #8"},
        {"title": "Ticket Escalated", "comment": "Ticket escalated after 3 days"},
        {"title": "Down", "comment": "Submitter accepted resolution and closed ticket"},
        {"title": "Down", "comment": "L'émetteur a accepté la solution et fermé le ticket."},
    ],
)
def test_staff_programs_and_the_desk_itself_write_no_customers_message(
    follow_up: dict[str, Any],
) -> None:
    theirs = entry(14, **follow_up)
    assert heard(theirs, custom_policy_tags="fee_requested") is None
    assert len(read(theirs).messages) == 1, "the opening"


def test_a_mail_with_the_desks_own_words_is_the_customers_all_the_same() -> None:
    mail = entry(14, **MAIL, comment="Submitter accepted resolution and closed ticket")
    assert len(read(mail).messages) == 2


def test_the_opening_alone_is_no_answer() -> None:
    swept = CODEC.permission(ticket_json(custom_policy_tags="fee_requested"), now=NOW)
    assert swept is None


@pytest.mark.parametrize("number", [None, "12", True, 1.5, [], {}])
def test_a_follow_up_without_a_number_is_malformed(number: object) -> None:
    body = {"ticket": ticket_json(), "followup_id": number}
    with pytest.raises(MalformedError):
        CODEC.open(headers={}, body=json.dumps(body).encode(), token=TOKEN, now=NOW)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ticket=st.fixed_dictionaries({"id": st.integers(1, 9)}, optional={
        "followup_set": JSON | st.lists(st.fixed_dictionaries({}, optional={
            "id": JSON, "user": JSON, "title": JSON, "comment": JSON, "public": JSON,
            "message_id": JSON,
        }), max_size=3),
        "custom_policy_tags": JSON | st.just("fee_requested"),
        "custom_policy_fee_ask": JSON | st.just(True),
        "custom_policy_fee_reason": JSON,
        "custom_policy_fee_work": JSON,
        "custom_policy_fee_blocks": JSON,
        "custom_policy_fee_permitter": JSON,
    }), number=st.integers(0, 9),
)  # fmt: skip
def test_any_json_is_an_event_or_none(ticket: dict[str, Any], number: int) -> None:
    body = json.dumps({"ticket": ticket, "followup_id": number}).encode()
    delivery = CODEC.open(headers={}, body=body, token=TOKEN, now=NOW)
    assert delivery is None or delivery.topic == "permission"


# Messages


def test_a_customers_mail_is_read_with_its_sender_and_its_moment() -> None:
    text = "J'accepte 2 blocs\r\n\r\n> Bonjour"
    newest = read(entry(14, **MAIL, comment=text)).messages[-1]
    assert newest == Message(
        id="14",
        at=datetime(2026, 11, 23, 15, 0, 0, 250_000, tzinfo=UTC),
        address="jo@shop.example",
        text=text,
        headers={"Message-ID": "<1@shop.example>"},
    )


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("E-Mail Received from jo@else.example", "jo@else.example"),
        ("Ticket Re-Opened by E-Mail Received from jo@else.example", "jo@else.example"),
        ("E-Mail Received from Unknown Sender", None),
        ("E-Mail Received from ", None),
    ],
)
@pytest.mark.parametrize("message_id", [None, "<1@shop.example>"])
def test_a_mails_address_is_its_senders_and_never_the_requesters(
    title: str, address: str | None, message_id: str | None
) -> None:
    mail = entry(14, title=title, message_id=message_id)
    assert read(mail).messages[-1].address == address


def test_a_mail_is_known_by_its_message_id_whatever_the_language_of_its_title() -> None:
    mail = entry(14, title="E-Mail empfangen von jo@else.example", message_id="<1@shop.example>")
    assert read(mail).messages[-1].address == "jo@else.example"


def test_a_requester_with_a_log_in_opened_their_ticket_and_staff_did_not() -> None:
    for title, count in (("Ticket Opened Via Web", 1), ("Ticket Opened", 0)):
        data = ticket_json(followup_set=[entry(user=9, title=title)])
        assert len(conversation(data, REF, closed=False).messages) == count


def test_only_stamps_of_staff_and_programs_are_believed() -> None:
    ours = f"Hello\r\n\r\n[{STAMP}]"
    assert read(entry(13, user=SERVICE, comment=ours)).posted == {STAMP}
    assert read(entry(13, user=SERVICE, comment=ours, public=False)).posted == {STAMP}
    assert read(entry(13, **MAIL, comment=ours)).posted == frozenset()
    opening = entry(user=9, comment=ours)
    data = ticket_json(followup_set=[opening])
    assert conversation(data, REF, closed=False).posted == frozenset()


# Writing


STAMPS = ["[PH-ABCD2345/paid]", "[support-policy a/1/b]", "[paid-help asked]"]
LINE_ENDS = ["\n", "\r", "\r\n", "\x0b", "\x85", "\u2028"]
MARK_UP = ["[", "]", " ", "{", "}", "%", "#", "7", "&", "lt;", "<b>", ">", "`", "~~~"]
PIECES = st.sampled_from(STAMPS + LINE_ENDS + MARK_UP)


@given(pieces=st.lists(PIECES | st.text(max_size=3), max_size=12))
def test_what_is_written_carries_our_stamp_alone_and_nothing_to_render(pieces: list[str]) -> None:
    comment = written(Post(stamp=STAMP, text="".join(pieces), public=False))
    data = ticket_json(
        followup_set=[entry(), entry(13, user=SERVICE, public=False, comment=comment)]
    )
    found = conversation(data, REF, closed=False)
    assert found.posted == {STAMP}
    assert CODEC.ticket(data).notes == frozenset()
    assert not re.search(r"^\[paid-help asked\]\s*$", comment, re.MULTILINE)
    assert comment.endswith(f"\r\n[{STAMP}]")
    assert not re.search(r"[{}<>]|&#?\w+;|#\d", comment)


@pytest.mark.parametrize(
    "line",
    ["[PH-ABCD2345/paid]", "  [PH-ABCD2345/paid]  ", "[support-policy a/1/b]", "[paid-help asked]"],
)
def test_no_line_of_a_text_is_taken_for_a_stamp(line: str) -> None:
    comment = written(Post(stamp=STAMP, text=f"Hello\n{line}\nBye", public=False))
    assert line.strip() not in comment
    assert line.strip("[] ") in comment


@pytest.mark.parametrize("text", ["&lt;b&gt;", "&amp;lt;", "&#39;", "&#x27;", "&copy;"])
def test_no_entity_of_html_becomes_its_character(text: str) -> None:
    comment = written(Post(stamp=STAMP, text=text, public=True))
    assert not re.search(r"&#?\w+;", comment)
    assert comment.replace(" ", "").startswith(text)


def test_links_words_and_lines_stay_as_they_are() -> None:
    text = f"Bonjour, l'été :\n\n85,00 $ CA (CAD) & _taxes_ *en* sus. [1]\n{LINK}?a=b&c=d"
    comment = written(Post(stamp=STAMP, text=text, public=True))
    assert comment == text.replace("\n", "\r\n") + f"\r\n\r\n[{STAMP}]"


def test_a_patch_holds_what_changes_and_nothing_else() -> None:
    there = ticket_json(custom_policy_tags="vip fee_requested", **FILLED | {"id": 7})
    posting = Posting(
        add_tags=("fee_accepted", "vip"), remove_tags=("fee_requested", "fee_capped"), wait=True
    )
    assert changes(there, posting) == {"custom_policy_tags": "vip fee_accepted"}
    assert changes(there, Posting(clear_ask=True)) == {"custom_policy_fee_ask": False}
    assert changes(ticket_json(), Posting(clear_ask=True, resume=True)) == {}


def test_a_tag_of_ours_that_does_not_fit_is_refused_and_not_lost() -> None:
    there = ticket_json(custom_policy_tags="x" * (TAGS_LIMIT - 1))
    with pytest.raises(RefusedError):
        changes(there, Posting(add_tags=("fee_requested",)))


# Posting over HTTP

API = "https://desk.example/api"
POSTING = Posting(
    posts=(
        Post(stamp="PH-ABCD2345/note", text="For staff.", public=False),
        Post(stamp=STAMP, text="Hello", public=True),
    ),
    add_tags=("fee_requested",),
    clear_ask=True,
)
BEFORE = ticket_json(followup_set=[entry(), RECORD], **FILLED)


def desk() -> DjangoHelpdesk:
    return DjangoHelpdesk(
        name="helpdesk", url="https://desk.example", username="u", password="p", codec=CODEC
    )


def kept(number: int, **values: object) -> dict[str, Any]:
    return entry(number, user=SERVICE, email_recipients=["jo@shop.example"]) | values


def post(posting: Posting = POSTING) -> None:
    desk().post(conversation(BEFORE, REF, closed=False), posting)


def sent(method: str) -> list[dict[str, Any]]:
    return [
        json.loads(call.request.body or b"{}")
        for call in responses.calls
        if call.request.method == method
    ]


@responses.activate
def test_what_a_crash_left_undone_is_done_by_the_next_run_and_nothing_twice() -> None:
    responses.get(f"{API}/tickets/7/", json=BEFORE)
    responses.post(f"{API}/followups/", json=kept(13), status=201)
    responses.post(f"{API}/followups/", status=503)
    with pytest.raises(UnavailableError):
        post()
    [public, _] = sent("POST")
    assert public["public"], "the customer's message goes first"
    assert not sent("PATCH")

    responses.reset()
    there = BEFORE | {"followup_set": [entry(), RECORD, kept(13, comment=public["comment"])]}
    responses.get(f"{API}/tickets/7/", json=there)
    responses.post(f"{API}/followups/", json=kept(14), status=201)
    tags = {"custom_policy_tags": "fee_requested", "custom_policy_fee_ask": False}
    responses.patch(f"{API}/tickets/7/", json=there | tags)
    post()
    [note] = sent("POST")
    assert not note["public"]
    assert sent("PATCH") == [tags]


@responses.activate
def test_only_the_message_that_failed_is_taken_back() -> None:
    ours = f"Hello\r\n\r\n[{STAMP}]"
    there = BEFORE | {
        "followup_set": [
            entry(comment=ours),
            entry(13, **MAIL, comment=ours),
            kept(14, comment=ours),
            kept(15, comment=ours, email_recipients=[]),
            kept(16, comment=ours, email_recipients=None),
            kept(17, comment=ours.replace("request", "note"), email_recipients=None),
        ]
    }
    responses.get(f"{API}/tickets/7/", json=BEFORE)
    responses.get(f"{API}/tickets/7/", json=there)
    responses.post(f"{API}/followups/", status=500)
    responses.delete(f"{API}/followups/16/", status=204)
    with pytest.raises(UnavailableError):
        post(Posting(posts=POSTING.posts[1:], add_tags=("fee_requested",)))
    deleted = [call.request.url for call in responses.calls if call.request.method == "DELETE"]
    assert deleted == [f"{API}/followups/16/"]
    assert not sent("PATCH")


@responses.activate
def test_a_desk_that_takes_us_for_a_customer_stops_us() -> None:
    responses.get(f"{API}/tickets/7/", json=BEFORE)
    responses.post(f"{API}/followups/", json=kept(13, user=None), status=201)
    with pytest.raises(RefusedError):
        post()
    assert len(sent("POST")) == 1


@responses.activate
@pytest.mark.parametrize(
    ("mailed", "warned"), [([], True), (None, True), (["jo@x.example"], False)]
)
def test_a_message_that_was_mailed_to_nobody_is_told_in_the_log(
    caplog: pytest.LogCaptureFixture, mailed: object, *, warned: bool
) -> None:
    responses.get(f"{API}/tickets/7/", json=BEFORE)
    responses.post(f"{API}/followups/", json=kept(13, email_recipients=mailed), status=201)
    with caplog.at_level(logging.WARNING):
        post(Posting(posts=POSTING.posts[1:]))
    assert ("mailed to nobody" in caplog.text) is warned


@responses.activate
def test_a_tag_that_the_desk_did_not_keep_does_not_count_as_written() -> None:
    responses.get(f"{API}/tickets/7/", json=BEFORE)
    responses.patch(f"{API}/tickets/7/", json=BEFORE)
    with pytest.raises(UnavailableError):
        post(Posting(add_tags=("fee_requested",)))


@responses.activate
def test_an_empty_posting_asks_nothing_of_the_desk() -> None:
    post(Posting())
    post(Posting(wait=False))
    assert not responses.calls
