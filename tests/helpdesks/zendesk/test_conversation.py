"""A ticket's comments and audits as a conversation about paid help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.helpdesks.zendesk.test_codec import AGENT, CODEC, COLLEAGUE, CUSTOMER, PEOPLE, PROGRAM

from support_policy.errors import UnavailableError
from support_policy.helpdesk import Ask, Conversation
from support_policy.helpdesks.zendesk.codec import Found
from support_policy.helpdesks.zendesk.conversation import people_in, read_conversation

FIELDS = {"ask_reason": "201", "ask_work": "202", "ask_blocks": "203", "ask_permitter": "204"}
STAMP = "PH-ABCD2345/request"
WHO = {**PEOPLE, AGENT: {"id": AGENT, "role": "agent", "name": "Alex Agent"}}
GONE = 99


def audit(number: int, author: int, *events: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "id": number,
        "author_id": author,
        "via": {"channel": "web", "source": {"rel": None}},
        "metadata": {"system": {}, "custom": {}, **metadata},
        "events": list(events),
    }


def tags(value: object, kind: str = "Change") -> dict[str, Any]:
    return {"type": kind, "field_name": "tags", "value": value, "previous_value": []}


def comment(number: int, author: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "Comment",
        "author_id": author,
        "audit_id": number * 10,
        "html_body": f'<div class="zd-comment">{text}</div>',
        "plain_body": text,
        "public": True,
        "created_at": f"2026-11-24T15:{number:02}:00Z",
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "metadata": {"system": {}, "custom": {}},
        **more,
    }


def read(
    *comments: Mapping[str, Any],
    audits: tuple[Mapping[str, Any], ...] | None = None,
    custom: Mapping[str, Any] | None = None,
    **data: Any,
) -> Conversation:
    whole = {
        "id": 7,
        "subject": "Été",
        "status": "open",
        "requester_id": CUSTOMER,
        "tags": [],
        "updated_at": "2026-11-24T15:30:00Z",
        "custom_fields": [{"id": int(k), "value": v} for k, v in (custom or {}).items()],
        **data,
    }
    known = tuple(audit(each["audit_id"], each["author_id"]) for each in comments)
    found = Found(
        ticket=whole, audits=known if audits is None else audits, people=WHO, fields=FIELDS
    )
    return read_conversation(found, comments, CODEC)


def asked(*audits: Mapping[str, Any], **custom: Any) -> Ask | None:
    return read(audits=audits, custom=custom, tags=["vip", "ask_fee_permission"], status="open").ask


# Messages


def test_messages_are_the_customers_from_the_oldest() -> None:
    found = read(
        comment(3, CUSTOMER, "third"),
        comment(1, CUSTOMER, "first"),
        comment(2, AGENT, "an agent's"),
        comment(4, PROGRAM, "a program's"),
        comment(5, CUSTOMER, "private", public=False),
        comment(6, -1, "Zendesk's own"),
    )
    assert [each.id for each in found.messages] == ["1", "3"]
    assert [each.address for each in found.messages] == ["luc@example.com"] * 2


def test_the_html_is_read_because_quotes_can_be_told_in_it() -> None:
    quoted = "Please call.<blockquote>I accept</blockquote>"
    (found,) = read(comment(1, CUSTOMER, quoted, plain_body="Please call.\nI accept")).messages
    assert "<blockquote>I accept</blockquote>" in found.text
    assert found.content_type == "text/html"


@pytest.mark.parametrize("body", ["plain_body", "body"])
def test_a_comment_without_html_is_plain_text(body: str) -> None:
    bare = {"html_body": None, "plain_body": None, body: "I accept"}
    (found,) = read(comment(1, CUSTOMER, "", **bare)).messages
    assert (found.text, found.content_type) == ("I accept", "text/plain")


def test_somebody_who_is_gone_has_no_address() -> None:
    (found,) = read(comment(1, GONE, "I accept")).messages
    assert (found.address, found.dmarc) == (None, None)


def test_a_telephone_call_is_no_message() -> None:
    assert read(comment(1, CUSTOMER, "Call from +1 …", type="VoiceComment")).messages == ()


@pytest.mark.parametrize("behind", [AGENT, COLLEAGUE, PROGRAM])
def test_who_writes_in_a_customers_name_is_not_the_customer(behind: int) -> None:
    assert read(comment(1, CUSTOMER, "I accept"), audits=(audit(10, behind),)).messages == ()


def test_of_a_mails_head_the_sender_and_its_id_are_handed_on() -> None:
    source = {"from": {"address": "luc@other.example", "name": "Luc"}, "rel": None}
    mail = comment(
        1,
        CUSTOMER,
        "x",
        via={"channel": "email", "source": source},
        metadata={"system": {"message_id": "<a@b.example>", "ip_address": "192.0.2.1"}},
    )
    (found,) = read(mail).messages
    assert found.headers == {"From": "luc@other.example", "Message-ID": "<a@b.example>"}


def test_a_moment_that_is_none_is_an_odd_answer() -> None:
    with pytest.raises(UnavailableError):
        read(comment(1, CUSTOMER, "x", created_at=None))


# Who vouches for them


def second(**more: Any) -> bool | None:
    """What is said of the second comment of a ticket."""
    return (
        read(comment(1, CUSTOMER, "opening"), comment(2, CUSTOMER, "x", **more)).messages[1].dmarc
    )


def via(channel: str, rel: str | None = None) -> dict[str, Any]:
    return {"channel": channel, "source": {"from": {}, "to": {}, "rel": rel}}


def test_only_an_answer_in_the_help_center_is_vouched_for() -> None:
    assert second() is True
    for channel in ("email", "api", "mobile", "native_messaging", "chat", "any_channel"):
        assert second(via=via(channel)) is None
    assert second(via=via("web", rel="web_widget")) is None


@pytest.mark.parametrize(
    "metadata",
    [
        {"flags": [3]},
        {"flags": [14], "flags_options": {"14": {"trusted": False}}},
        {"trusted": False},
        {"suspension_type_id": 2},
    ],
)
def test_any_doubt_of_zendesks_is_a_no(metadata: Mapping[str, Any]) -> None:
    assert second(metadata=metadata) is False
    assert second(metadata=metadata, via=via("email")) is False


def test_a_doubt_that_only_the_audit_tells_counts() -> None:
    audits = (audit(10, CUSTOMER), audit(20, CUSTOMER, flags=[2]))
    comments = (comment(1, CUSTOMER, "a"), comment(2, CUSTOMER, "b"))
    assert read(*comments, audits=audits).messages[1].dmarc is False


def test_without_the_audit_nobody_is_vouched_for() -> None:
    comments = (comment(1, CUSTOMER, "a"), comment(2, CUSTOMER, "b"))
    assert read(*comments, audits=()).messages[1].dmarc is None


@pytest.mark.parametrize("verified", [True, False, None])
def test_verified_is_what_zendesk_says(verified: bool | None) -> None:
    person = {**WHO[CUSTOMER], "verified": verified, "name": "Luc"}
    whole = {"id": 7, "requester_id": CUSTOMER, "status": "new"}
    found = Found(ticket=whole, audits=(), people={CUSTOMER: person}, fields=FIELDS)
    read_again = read_conversation(found, (), CODEC)
    assert (read_again.verified, read_again.requester_name) == (verified, "Luc")


# The ask


@pytest.mark.parametrize("value", [["vip", "ask_fee_permission"], "vip ask_fee_permission"])
def test_an_ask_is_of_who_put_the_tag_on(value: object) -> None:
    ask = asked(
        audit(10, CUSTOMER, tags(["vip"], "Create")),
        audit(30, COLLEAGUE, tags([*"a", "ask_fee_permission", "vip"])),
        audit(20, AGENT, tags(value)),
        **{"201": "policy_fee_correction", "202": " Move it. ", "203": "3", "204": ""},
    )
    assert ask == Ask(mark="20", by="Alex Agent", reason="correction", work="Move it.", blocks=3)


def test_asking_again_is_another_mark() -> None:
    ask = asked(
        audit(20, AGENT, tags(["ask_fee_permission"])),
        audit(30, PROGRAM, tags([])),
        audit(40, AGENT, tags(["ask_fee_permission"])),
    )
    assert ask is not None
    assert ask.mark == "40"


def test_an_ask_that_came_with_the_opening_counts() -> None:
    ask = asked(audit(10, AGENT, tags(["ask_fee_permission"], "Create")))
    assert ask is not None
    assert ask.mark == "10"


@pytest.mark.parametrize("author", [CUSTOMER, GONE, -1])
def test_nobody_but_staff_asks(author: int) -> None:
    assert asked(audit(10, author, tags(["ask_fee_permission"]))) is None


@pytest.mark.parametrize("blocks", [None, "", "two", "-1", "1.5", "9" * 9, True])
def test_blocks_that_are_no_number_are_left_out(blocks: object) -> None:
    ask = asked(audit(10, AGENT, tags(["ask_fee_permission"])), **{"203": blocks})
    assert ask is not None
    assert ask.blocks is None


def test_without_the_tag_nothing_is_asked_whatever_the_fields_say() -> None:
    found = read(
        audits=(audit(10, AGENT, tags(["ask_fee_permission"]), tags([])),),
        custom={"202": "Move it."},
    )
    assert found.ask is None


# Our own messages


@pytest.mark.parametrize(
    "text",
    [
        f"May we?<br><br>[{STAMP}]",
        f"<p>May we?</p><p>[{STAMP}]&nbsp;</p>",
        f"May we?<br>[{STAMP}]<br><br>",
    ],
)
@pytest.mark.parametrize("public", [True, False])
def test_a_stamp_that_ends_a_message_of_staff_is_ours(text: str, *, public: bool) -> None:
    assert read(comment(1, COLLEAGUE, text, public=public)).posted == {STAMP}


@pytest.mark.parametrize(
    "text",
    [
        f"[{STAMP}]<br>That is what the customer wrote.",
        f"As in [{STAMP}]",
        "[PH-abcd2345/request]",
        "[PH-ABCD2345/]",
    ],
)
def test_a_stamp_that_is_only_mentioned_is_not(text: str) -> None:
    assert read(comment(1, AGENT, text)).posted == frozenset()


@pytest.mark.parametrize("author", [CUSTOMER, GONE])
def test_a_customers_stamp_is_not(author: int) -> None:
    assert read(comment(1, author, f"x<br>[{STAMP}]")).posted == frozenset()


def test_our_audit_proves_a_message_that_was_redacted() -> None:
    ours = audit(10, COLLEAGUE, custom={"support_policy_paid_help": {"stamp": STAMP}})
    assert read(comment(1, COLLEAGUE, "▇▇▇"), audits=(ours,)).posted == {STAMP}


def test_our_audit_proves_it_when_the_service_user_is_gone() -> None:
    ours = audit(10, GONE, custom={"support_policy_paid_help": {"stamp": STAMP}})
    assert read(audits=(ours,)).posted == {STAMP}


@pytest.mark.parametrize("custom", [None, [], {"support_policy_paid_help": None}, {"x": 1}])
def test_odd_metadata_proves_nothing(custom: object) -> None:
    assert read(audits=(audit(10, COLLEAGUE, custom=custom),)).posted == frozenset()


# The rest


@pytest.mark.parametrize(
    ("status", "closed"), [("new", False), ("solved", False), ("closed", True), ("deleted", True)]
)
def test_a_solved_ticket_is_not_closed(status: str, closed: bool) -> None:
    assert read(status=status).closed is closed


def test_everybody_who_wrote_or_acted_must_be_known() -> None:
    comments = [comment(1, CUSTOMER, "x"), comment(2, -1, "y")]
    audits = [audit(1, AGENT), audit(2, -1), audit(3, PROGRAM)]
    assert people_in({"requester_id": 11}, comments, audits) == {CUSTOMER, AGENT, PROGRAM, 11}
