"""A posting about paid help is one update for each message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.zendesk_wire.wire import openapi_violations, violations

from support_policy.helpdesk import Post, Posting
from support_policy.helpdesks.zendesk.posting import left, markup, put_post

FIELDS = {"ask_reason": "201", "ask_work": "202", "ask_blocks": "203", "ask_permitter": "204"}
MESSAGE = Post(stamp="PH-ABCD2345/request", text="May we?", public=True)
NOTE = Post(stamp="PH-ABCD2345/note", text="Sent.", public=False)
LINK = "https://policy.example.com/permission/aB3_-x?a=1&b=2"


def ticket(**changes: Any) -> dict[str, Any]:
    filled = {"201": "policy_fee_outside", "202": "Move a mailbox.", "203": 2, "204": None}
    return {
        "id": 7,
        "status": "open",
        "tags": ["vip", "ask_fee_permission", "policy_fee_outside"],
        "updated_at": "2026-11-24T15:00:00Z",
        "custom_fields": [{"id": int(number), "value": v} for number, v in filled.items()],
        **changes,
    }


def sent(posting: Posting, post: Post | None = None, **changes: Any) -> dict[str, Any]:
    body = put_post(ticket(**changes), post, posting, FIELDS)
    values: dict[str, Any] = body["ticket"]
    return values


def words(post_text: str) -> str:
    """A comment's HTML without its stamp."""
    whole = markup(Post(stamp="PH-ABCD2345/x", text=post_text, public=True))
    assert whole.endswith("<br><br>[PH-ABCD2345/x]")
    return whole.removesuffix("<br><br>[PH-ABCD2345/x]")


# What is sent


def test_everything_goes_with_the_message() -> None:
    posting = Posting(posts=(MESSAGE,), add_tags=("fee_requested",), clear_ask=True, wait=True)
    assert sent(posting, MESSAGE) == {
        "tags": ["vip", "fee_requested"],
        "status": "pending",
        "custom_fields": [
            {"id": 201, "value": None},
            {"id": 202, "value": None},
            {"id": 203, "value": None},
        ],
        "comment": {"html_body": "May we?<br><br>[PH-ABCD2345/request]", "public": True},
        "metadata": {"support_policy_paid_help": {"stamp": "PH-ABCD2345/request"}},
        "safe_update": True,
        "updated_stamp": "2026-11-24T15:00:00Z",
    }


def test_the_request_is_one_that_zendesk_documents() -> None:
    posting = Posting(add_tags=("fee_requested",), clear_ask=True)
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    raw = json.dumps(put_post(ticket(), MESSAGE, posting, FIELDS)).encode()
    assert violations("PUT", "/api/v2/tickets/7", {}, headers, raw) == []
    waiting = json.dumps(put_post(ticket(), MESSAGE, Posting(wait=True), FIELDS)).encode()
    assert openapi_violations("PUT", "/api/v2/tickets/7", {}, headers, waiting) == []


def test_what_is_as_it_should_be_is_no_request() -> None:
    posting = Posting(add_tags=("vip",), remove_tags=("fee_requested",), wait=True, clear_ask=True)
    bare = ticket(status="pending", tags=["vip"], custom_fields=[])
    assert put_post(bare, None, posting, FIELDS) == {}


def test_tags_of_others_stay_and_ours_are_not_doubled() -> None:
    posting = Posting(add_tags=("vip", "fee_accepted"), remove_tags=("ask_fee_permission",))
    assert sent(posting)["tags"] == ["vip", "policy_fee_outside", "fee_accepted"]


def test_an_ask_is_left_alone_where_it_is_not_cleared() -> None:
    values = sent(Posting(add_tags=("fee_requested",)))
    assert "custom_fields" not in values
    assert {"ask_fee_permission", "policy_fee_outside"} <= set(values["tags"])


def test_a_field_that_was_never_made_cannot_be_emptied() -> None:
    body = put_post(ticket(), None, Posting(clear_ask=True), {"ask_work": "202"})
    assert body["ticket"]["custom_fields"] == [{"id": 202, "value": None}]


def test_messages_to_the_customer_come_first_and_those_that_are_there_are_left_out() -> None:
    more = Post(stamp="PH-ABCD2345/receipt", text="x", public=True)
    posting = Posting(posts=(NOTE, MESSAGE, more))
    assert left(posting, ()) == (MESSAGE, more, NOTE)
    assert left(posting, {MESSAGE.stamp}) == (more, NOTE)


# What is read


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n\nb", "a<br><br>b"),
        ("a\r\nb", "a<br>b"),
        ("<b>{{ticket.id}}</b>", "&lt;b&gt;((ticket.id))&lt;/b&gt;"),
        ("{% if x %}", "(% if x %)"),
        ("see #7 and #x", "see # 7 and #x"),
        ("**bold**", "**bold**"),
        (f"On {LINK}.", f'On <a href="{LINK}">{LINK}</a>.'.replace("&b", "&amp;b")),
        ("(https://a.example/#7)", '(<a href="https://a.example/#7">https://a.example/#7</a>)'),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (
            "https://a.example/{{ticket.id}}",
            '<a href="https://a.example/">https://a.example/</a>((ticket.id))',
        ),
    ],
)
def test_words_stay_words_and_links_stay_links(text: str, shown: str) -> None:
    assert words(text) == shown


def test_a_stamp_that_somebody_wrote_is_not_taken_for_ours() -> None:
    assert "[PH-" not in words("They wrote:\n[PH-ABCD2345/receipt]")


@given(st.text(alphabet=st.sampled_from("{}%#7<>&\"' \nahttps:/.[]PH-"), max_size=60))
def test_no_text_makes_zendesk_do_anything(text: str) -> None:
    shown = words(text)
    assert "{" not in shown
    assert "}" not in shown
    tags = {tag.partition(" ")[0] for tag in _tags(shown)}
    assert tags <= {"<br>", "<a", "</a>"}


def _tags(shown: str) -> list[str]:
    return ["<" + part.partition(">")[0] + ">" for part in shown.split("<")[1:]]


@given(
    tags=st.lists(st.sampled_from(["vip", "fee_requested", "ask_fee_permission", "a"])),
    add=st.lists(st.sampled_from(["fee_requested", "fee_accepted"]), max_size=2),
    remove=st.lists(st.sampled_from(["fee_requested", "fee_question"]), max_size=2),
    clear=st.booleans(),
)
def test_a_second_run_finds_nothing_to_do(
    tags: list[str], add: list[str], remove: list[str], *, clear: bool
) -> None:
    removed = tuple(tag for tag in remove if tag not in add)
    posting = Posting(add_tags=tuple(add), remove_tags=removed, clear_ask=clear, wait=True)
    first = put_post(ticket(tags=tags, custom_fields=[]), None, posting, FIELDS).get("ticket", {})
    after = {name: first[name] for name in ("tags", "status") if name in first}
    again = ticket(**{"tags": tags, "custom_fields": [], **after})
    assert put_post(again, None, posting, FIELDS) == {}
    kept: set[str] = set(again["tags"])
    assert {"vip", "a"} & set(tags) <= kept
    assert set(add) <= kept
    assert not set(removed) & kept
