"""One update is one request, and its answer is compared with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from tests.small_policy import a_ticket
from tests.zendesk_wire.wire import openapi_violations, violations

from support_policy.core.ticket import Priority, TicketRef
from support_policy.core.update import Explanation, Update
from support_policy.errors import UnavailableError
from support_policy.helpdesks.zendesk.put import not_kept, note, put, unmade

REF = TicketRef(desk="zendesk", id="35436")
FIELDS = {"expected_at": "101", "expected_on": "102", "class": "103", "reason": "104"}
DUE = datetime.fromisoformat("2026-11-24T23:30:00-05:00")
NOTE = Explanation(stamp="x/1/abc", reason="because", note="Medium.\nBecause of “<b>&{{x}} #7”.")
WHOLE = Update(
    ticket=REF,
    priority=Priority.LOW,
    due_at=DUE,
    tags=("policy_low",),
    fields=(
        ("class", "low.general"),
        ("expected_at", DUE.isoformat()),
        ("reason", "because"),
        ("state", "x/1/abc priority=low"),
    ),
    note=NOTE,
)


def body(update: Update = WHOLE) -> dict[str, Any]:
    ticket = a_ticket(ref=REF, tags=("vip",), revision="2026-11-24T15:00:00Z")
    return put(ticket, update, FIELDS)


def answer(**changes: Any) -> dict[str, Any]:
    """What Zendesk answers when it keeps everything."""
    asked = body()["ticket"]
    kept = {key: asked[key] for key in ("priority", "tags", "custom_fields")}
    return {"ticket": {**kept, "updated_at": "2026-11-24T15:00:01Z", **changes}}


def test_everything_goes_into_one_request() -> None:
    assert body() == {
        "ticket": {
            "priority": "low",
            "tags": ["vip", "policy_low"],
            "custom_fields": [
                {"id": 103, "value": "low.general"},
                {"id": 104, "value": "because"},
                {"id": 101, "value": "2026-11-24T23:30:00-05:00"},
                {"id": 102, "value": "2026-11-24"},
            ],
            "comment": {"html_body": note(NOTE), "public": False},
            "metadata": {
                "support_policy": {
                    "class": "low.general",
                    "expected_at": "2026-11-24T23:30:00-05:00",
                    "reason": "because",
                    "state": "x/1/abc priority=low",
                    "note": "x/1/abc",
                }
            },
            "safe_update": True,
            "updated_stamp": "2026-11-24T15:00:00Z",
        }
    }


@pytest.mark.parametrize("check", [violations, openapi_violations])
def test_the_request_is_one_that_zendesk_documents(check: Any) -> None:
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    raw = json.dumps(body()).encode()
    assert check("PUT", "/api/v2/tickets/35436", {}, headers, raw) == []


def test_the_day_is_that_of_the_companys_clock() -> None:
    assert {"id": 102, "value": "2026-11-24"} in body()["ticket"]["custom_fields"]


@pytest.mark.parametrize(
    "update",
    [
        Update(ticket=REF),
        Update(ticket=REF, fields=(("state", "x/1/def"),)),
        Update(ticket=REF, fields=(("expected_at", DUE.isoformat()),)),
    ],
)
def test_what_changes_nothing_on_the_ticket_is_no_request(update: Update) -> None:
    assert put(a_ticket(ref=REF), update, FIELDS) == {}


def test_a_time_that_a_person_set_is_not_written_with_the_other_fields() -> None:
    kept = Update(ticket=REF, fields=(("expected_at", DUE.isoformat()), ("class", "low")))
    assert put(a_ticket(ref=REF), kept, FIELDS)["ticket"]["custom_fields"] == [
        {"id": 103, "value": "low"}
    ]


def test_what_we_told_before_is_told_again_for_only_the_newest_is_read() -> None:
    ticket = a_ticket(ref=REF, fields=(("class", "low"), ("state", "old")))
    told = put(ticket, Update(ticket=REF, tags=("late",)), FIELDS)["ticket"]["metadata"]
    assert told == {"support_policy": {"class": "low", "state": "old"}}


def test_a_note_is_plain_text_that_fills_in_and_links_nothing() -> None:
    assert note(NOTE) == "Medium.<br>Because of “&lt;b&gt;&amp;((x)) # 7”."


def test_a_field_that_was_never_made_is_left_out_and_named() -> None:
    fields = {"class": "103", "reason": "104"}
    asked = put(a_ticket(ref=REF), WHOLE, fields)["ticket"]["custom_fields"]
    assert [each["id"] for each in asked] == [103, 104]
    assert unmade(WHOLE, fields) == ("expected_at", "expected_on")
    assert unmade(WHOLE, FIELDS) == ()


def test_a_long_text_is_cut_to_what_a_field_holds() -> None:
    long = Update(ticket=REF, fields=(("reason", "x" * 5000),))
    [field] = put(a_ticket(ref=REF), long, FIELDS)["ticket"]["custom_fields"]
    assert len(field["value"]) == 1000


# The answer


def test_an_answer_that_shows_everything_as_asked_lacks_nothing() -> None:
    assert not_kept(body(), answer(), FIELDS) == ()


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"priority": "high"}, ("priority",)),
        ({"priority": None}, ("priority",)),
        ({"tags": ["policy_low"]}, ("tags",)),
        ({"tags": None}, ("tags",)),
        ({"custom_fields": []}, ("class", "reason", "expected_at", "expected_on")),
        ({"custom_fields": None}, ("class", "reason", "expected_at", "expected_on")),
    ],
)
def test_what_the_answer_shows_otherwise_is_named(
    changes: Mapping[str, Any], lost: tuple[str, ...]
) -> None:
    assert not_kept(body(), answer(**changes), FIELDS) == lost


def test_more_tags_than_asked_for_are_somebody_elses_and_no_loss() -> None:
    assert not_kept(body(), answer(tags=["vip", "policy_low", "by_trigger"]), FIELDS) == ()


@pytest.mark.parametrize("given", [{}, {"ticket": None}, {"ticket": []}, {"audit": {}}])
def test_an_answer_without_a_ticket_is_unavailable(given: Mapping[str, Any]) -> None:
    with pytest.raises(UnavailableError):
        not_kept(body(), given, FIELDS)
