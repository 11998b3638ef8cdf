"""The bytes that PHP and Python share: what the plugin's tests read, these read too."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.osticket_double.decisions import MisfitError
from tests.osticket_double.paid_help import posting as read_by_the_double
from tests.osticket_double.sender import NotDeliveredError, believed, decided_about
from tests.osticket_double.signing import NAMES, UnprovenError, verify
from tests.osticket_double.signing import sign as signed_by_the_double

from support_policy.core.ticket import Author, Channel, Field, Priority
from support_policy.errors import DeliveryError
from support_policy.helpdesk import Post, Posting
from support_policy.helpdesks.osticket.codec import OsTicketCodec
from support_policy.helpdesks.osticket.conversation import posting
from support_policy.helpdesks.osticket.signature import check, key_of, sign
from support_policy.helpdesks.osticket.wire import spell

VECTORS = Path(__file__).parents[2] / "osticket_plugin" / "vectors"


def read(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


SIGNATURES, EVENTS, ANSWERS = read("signatures"), read("events"), read("answers")
HINTS, POSTINGS = read("hints"), read("postings")
BY_NAME = {each["name"]: each for each in EVENTS}
NEWER = "what a newer service may say"


def named(vectors: list[Any]) -> list[Any]:
    return [pytest.param(each, id=each["name"]) for each in vectors]


def keys(vector: Any) -> tuple[bytes, ...]:
    return tuple(key for each in vector["secrets"] if (key := key_of(each)))


@pytest.mark.parametrize("vector", named(SIGNATURES["sign"]))
def test_a_message_gets_the_signature_that_openssl_gives_it(vector: Any) -> None:
    headers, payload = vector["headers"], vector["payload"].encode()
    event, at = headers["webhook-id"], int(headers["webhook-timestamp"])
    now = datetime.fromtimestamp(at, UTC)
    assert sign(payload, keys(vector), event=event, now=now) == headers
    assert signed_by_the_double(vector["secrets"], event, at, payload) == headers


@pytest.mark.parametrize("vector", named(SIGNATURES["verify"]))
def test_the_same_messages_are_believed_on_either_side(vector: Any) -> None:
    headers, payload, now = vector["headers"], vector["payload"].encode(), vector["now"]
    ours = theirs = False
    with suppress(DeliveryError):
        check(payload, headers, keys(vector), now=datetime.fromtimestamp(now, UTC))
        ours = True
    with suppress(UnprovenError):
        theirs = bool(verify(vector["secrets"], headers, payload, now=now))
    assert (ours, theirs) == (vector["good"], vector["good"])


def opened(vector: Any) -> Any:
    codec = OsTicketCodec(desk="osticket", keys=keys(vector))
    now = datetime.fromtimestamp(int(vector["headers"]["webhook-timestamp"]), UTC)
    body = vector["body"].encode()
    return codec.open(headers=vector["headers"], body=body, token=None, now=now)


@pytest.mark.parametrize("vector", named(EVENTS))
def test_what_the_plugin_sends_is_read(vector: Any) -> None:
    delivery = opened(vector)
    if vector["name"] == "a test call":
        assert delivery is None
        return
    assert (delivery.key, delivery.ticket_id) == ("opened:12", "123456")
    assert delivery.ticket.requester.address == "a@b.example"
    assert delivery.ticket.received_at == datetime(2026, 11, 24, 17, 59, 58, tzinfo=UTC)


@pytest.mark.parametrize("vector", named(HINTS))
def test_what_the_plugin_tells_of_paid_help_is_known_again(vector: Any) -> None:
    delivery = opened(vector)
    assert (delivery.key, delivery.ticket_id) == (vector["key"], "123456")
    assert (delivery.topic, delivery.ticket, delivery.hint) == ("permission", None, "{}")


@pytest.mark.parametrize("vector", named([each for each in POSTINGS if not each["problem"]]))
def test_what_is_brought_on_is_spelled_and_signed_as_the_plugin_reads_it(vector: Any) -> None:
    said, headers = json.loads(vector["body"]), vector["headers"]
    posts = tuple(
        Post(
            stamp=each["stamp"],
            text=each["text"].removesuffix(f"\n\n[{each['stamp']}]"),
            public=each["public"],
        )
        for each in said["posts"]
    )
    made = spell(
        posting(
            Posting(
                posts=posts,
                add_tags=tuple(said["add_tags"]),
                remove_tags=tuple(said["remove_tags"]),
                **{name: said[name] for name in ("wait", "resume", "clear_ask")},
            ),
            event=headers["webhook-id"],
            number="123456",
            revision=said["revision"],
        )
    )
    assert made == vector["body"].encode()
    payload = b"POST /support-policy/tickets/123456/conversation.json\n" + made
    assert payload == vector["payload"].encode()
    now = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert sign(payload, keys(vector), event=headers["webhook-id"], now=now) == headers


@pytest.mark.parametrize("vector", named(POSTINGS))
def test_the_double_reads_a_posting_as_the_plugin_does(vector: Any) -> None:
    event, well = vector["headers"]["webhook-id"], False
    with suppress(MisfitError):
        well = bool(read_by_the_double(json.loads(vector["body"]), event=event, number="123456"))
    assert well is (vector["problem"] == "")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a customer who is logged in", (Channel.WEB, Author.REQUESTER, True, False)),
        (
            "a guest writes plain text without a subject",
            (Channel.WEB, Author.REQUESTER, False, False),
        ),
        (
            "an agent opened it and chose priority and due date",
            (Channel.PHONE, Author.STAFF, None, False),
        ),
        (
            "no priority, an unknown door, closed at once",
            (Channel.OTHER, Author.REQUESTER, None, True),
        ),
    ],
)
def test_the_door_a_ticket_came_by_is_read(name: str, read: tuple[Any, ...]) -> None:
    ticket = opened(BY_NAME[name]).ticket
    assert (ticket.channel, ticket.opened_by, ticket.logged_in, ticket.closed) == read


def test_what_an_agent_chose_is_read_as_theirs() -> None:
    ticket = opened(BY_NAME["an agent opened it and chose priority and due date"]).ticket
    assert ticket.priority is Priority.URGENT
    assert ticket.due_at == datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert ticket.set_by_staff == {Field.PRIORITY, Field.DUE_AT}


def test_what_was_decided_before_is_read_as_ours() -> None:
    ticket = opened(BY_NAME["a mail that was decided before"]).ticket
    assert ticket.notes == {"mexxus/2013-06-27/ab12cd34ef"}
    assert ticket.tags == ("policy_high",)
    assert dict(ticket.fields)["reason"] == 'Because "network" is down'
    assert ticket.set_by_staff == frozenset()


@pytest.mark.parametrize(
    "vector", named([each for each in ANSWERS["answers"] if each["name"] != NEWER])
)
def test_the_double_judges_answers_as_the_plugin_does(vector: Any) -> None:
    """Else what is shown on the double would not be true of the plugin."""
    asked, verdict = ANSWERS["asked"], "bad"
    headers = {"content-type": vector["type"], **dict.fromkeys(NAMES, ""), **vector["headers"]}
    with suppress(NotDeliveredError):
        answer = believed(
            vector["status"],
            headers,
            vector["body"].encode(),
            event=asked["event"],
            secrets=vector["secrets"],
            now=ANSWERS["now"],
        )
        found = decided_about(
            answer, event=asked["event"], ticket=asked["id"], number=asked["number"]
        )
        last = vector["last_decided_at"]
        older = last is not None and found.decided_at < datetime.fromisoformat(last)
        verdict = "older" if older else "apply"
        assert (found.mode == "observe") == vector["observes"]
    assert verdict == vector["verdict"]
