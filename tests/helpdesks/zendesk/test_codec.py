"""Zendesk's webhooks and tickets in our words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from support_policy.core.ticket import Author, Channel, Field, Priority, Ticket
from support_policy.errors import MalformedError, UnavailableError
from support_policy.helpdesk import Delivery
from support_policy.helpdesks.zendesk.codec import Found, ZendeskCodec
from support_policy.helpdesks.zendesk.signature import SIGNATURE, TIMESTAMP, sign
from support_policy.helpdesks.zendesk.triggers import ANSWERED, ASKED, CHANGED, OPENED

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
STAMP = "2026-11-24T15:00:00Z"
CODEC = ZendeskCodec(
    desk="zendesk",
    secrets=lambda: ("s3cret",),
    departments={"77": "level_2"},
    programs=frozenset({9}),
)
FIELDS = {"expected_at": "101", "expected_on": "102", "class": "103", "reason": "104"}
CUSTOMER, AGENT, PROGRAM, COLLEAGUE = 5, 6, 9, 7
PEOPLE: Mapping[int, Mapping[str, Any]] = {
    CUSTOMER: {"id": CUSTOMER, "role": "end-user", "email": "luc@example.com", "locale": "fr-CA"},
    AGENT: {"id": AGENT, "role": "agent"},
    COLLEAGUE: {"id": COLLEAGUE, "role": "admin"},
    PROGRAM: {"id": PROGRAM, "role": "admin"},
}
EXPECTED = "2026-11-24T14:00:00-05:00"


def opened(payload: object, *, body: bytes | None = None) -> Delivery | None:
    raw = json.dumps(payload).encode() if body is None else body
    headers = {SIGNATURE: sign("s3cret", STAMP, raw), TIMESTAMP: STAMP}
    return CODEC.open(headers=headers, body=raw, token=None, now=NOW)


def filled(template: Mapping[str, str], **values: str) -> dict[str, str]:
    """A trigger's body as Zendesk fills it in."""
    return {
        key: values.get(key, text if "{{" not in text else "") for key, text in template.items()
    }


def event(kind: str, **detail: object) -> dict[str, object]:
    return {
        "account_id": 22129848,
        "id": "cbe4028c-7239-495d-b020-f22348516046",
        "type": f"zen:event-type:ticket.{kind}",
        "subject": "zen:ticket:5158",
        "time": "2026-11-24T15:00:00.672717030Z",
        "zendesk_event_version": "2022-11-06",
        "event": {},
        "detail": {
            "id": "5158",
            "priority": None,
            "tags": None,
            "via": {"channel": "mail"},
            **detail,
        },
    }


def audit(number: int, author: int, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "ticket_id": 35436,
        "author_id": author,
        "via": {"channel": "web"},
        "metadata": {"system": {}, "custom": {}},
        "events": list(events),
        **more,
    }


def change(name: str, value: object, *, kind: str = "Change", **more: Any) -> dict[str, Any]:
    return {"type": kind, "field_name": name, "value": value, "previous_value": None, **more}


def ours(number: int, told: Mapping[str, str], *events: dict[str, Any]) -> dict[str, Any]:
    metadata = {"system": {}, "custom": {"support_policy": dict(told)}}
    return audit(number, COLLEAGUE, *events, metadata=metadata, via={"channel": "api"})


def ticket(*audits: dict[str, Any], custom: Mapping[str, Any] | None = None, **data: Any) -> Ticket:
    fields = {"101": None, "102": None, "103": None, "104": None} | dict(custom or {})
    whole = {
        "id": 35436,
        "subject": "Été",
        "description": "Mon site ne répond plus.",
        "created_at": "2026-11-24T14:59:00Z",
        "updated_at": "2026-11-24T14:59:30Z",
        "status": "new",
        "priority": None,
        "requester_id": CUSTOMER,
        "group_id": None,
        "tags": [],
        "via": {"channel": "email"},
        "custom_fields": [{"id": int(k), "value": v} for k, v in fields.items()],
        **data,
    }
    opening = audit(1, CUSTOMER, change("subject", "Été", kind="Create"), via=whole["via"])
    found = Found(ticket=whole, audits=audits or (opening,), people=PEOPLE, fields=FIELDS)
    return CODEC.ticket(found)


# Webhooks


def test_a_triggers_request_is_the_opening_of_its_ticket() -> None:
    delivery = opened(filled(OPENED, ticket_id="35436"))
    assert delivery is not None
    assert (delivery.key, delivery.ticket_id, delivery.desk) == ("opened:35436", "35436", "zendesk")
    assert delivery.received_at == NOW


def test_a_trigger_and_an_event_tell_of_one_opening_by_one_key() -> None:
    by_event = opened(event("created", id="35436"))
    assert by_event is not None
    assert by_event.key == "opened:35436"
    assert by_event.key == CODEC.opened("35436", now=NOW, origin="sweep").key


def test_a_ticket_that_changed_hands_twice_is_two_events_and_a_repeat_is_none() -> None:
    at = "2026-11-24T15:00:00Z"
    first = filled(CHANGED, ticket_id="7", updated_at=at, group_id="77", requester_id="5")
    second = filled(CHANGED, ticket_id="7", updated_at=at, group_id="78", requester_id="5")
    keys = [delivery.key for each in (first, first, second) if (delivery := opened(each))]
    assert len(keys) == 3
    assert keys[0] == keys[1] != keys[2]
    assert all(key.startswith("changed:7:") for key in keys)


@pytest.mark.parametrize(("body", "what"), [(ASKED, "asked"), (ANSWERED, "message")])
def test_an_ask_and_an_answer_are_about_permission(body: Mapping[str, str], what: str) -> None:
    first = filled(body, ticket_id="7", updated_at="2026-11-24T15:00:00Z")
    later = filled(body, ticket_id="7", updated_at="2026-11-24T15:00:03Z")
    told = [opened(each) for each in (first, first, later)]
    assert all(each is not None and each.topic == "permission" for each in told)
    keys = [each.key for each in told if each is not None]
    assert keys[0] == keys[1] != keys[2]
    assert all(key.startswith(f"{what}:7:") for key in keys)


def test_other_events_are_about_the_ticket() -> None:
    for body in (OPENED, CHANGED):
        delivery = opened(filled(body, ticket_id="7"))
        assert delivery is not None
        assert delivery.topic == "ticket"


@pytest.mark.parametrize(
    "kind",
    ["requester_changed", "organization_changed", "brand_changed", "group_assignment_changed"],
)
def test_an_event_of_changed_hands_is_looked_at_anew(kind: str) -> None:
    delivery = opened(event(kind))
    assert delivery is not None
    assert delivery.ticket_id == "5158"
    assert delivery.key.startswith("changed:5158:")


@pytest.mark.parametrize(
    "payload",
    [{"event": "ping"}, event("comment_added"), event("soft_deleted"), event("new_thing")],
)
def test_what_asks_for_nothing_is_answered_and_not_kept(payload: object) -> None:
    assert opened(payload) is None


@pytest.mark.parametrize("number", [35436, "35436"])
def test_a_tickets_number_may_be_a_number_or_a_text(number: object) -> None:
    delivery = opened({"event": "ticket.opened", "ticket_id": number})
    assert delivery is not None
    assert delivery.ticket_id == "35436"


def test_noughts_before_a_number_are_no_part_of_it() -> None:
    delivery = opened({"event": "ticket.opened", "ticket_id": "0035436"})
    assert delivery is not None
    assert (delivery.ticket_id, delivery.key) == ("35436", "opened:35436")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"event": "ticket.opened"},
        {"event": "ticket.opened", "ticket_id": ""},
        {"event": "ticket.opened", "ticket_id": "0"},
        {"event": "ticket.opened", "ticket_id": "-7"},
        {"event": "ticket.opened", "ticket_id": "7/../8"},
        {"event": "ticket.opened", "ticket_id": "٧"},
        {"event": "ticket.opened", "ticket_id": True},
        {"event": "ticket.opened", "ticket_id": 7.5},
        {"event": "ticket.opened", "ticket_id": ["7"]},
        {"event": "ticket.opened", "ticket_id": "9" * 21},
        {"event": "something.else", "ticket_id": "7"},
        {"event": None, "type": None},
        {"type": "zen:event-type:ticket.created", "detail": "7"},
        {"type": ["zen:event-type:ticket.created"], "ticket_id": "7"},
    ],
)
def test_a_signed_body_that_names_no_ticket_is_malformed(payload: object) -> None:
    with pytest.raises(MalformedError):
        opened(payload)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe{}", b'{"event": "ticket.opened", "ticket_id": "7"'],
)
def test_a_signed_body_that_is_cut_or_no_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        opened(None, body=body)


# Tickets


def test_a_ticket_is_read_with_its_requester_and_its_moment() -> None:
    read = ticket()
    assert (read.ref.desk, read.ref.id) == ("zendesk", "35436")
    assert (read.subject, read.body) == ("Été", "Mon site ne répond plus.")
    assert read.received_at == datetime(2026, 11, 24, 14, 59, tzinfo=UTC)
    assert (read.requester.address, read.requester.language) == ("luc@example.com", "fr")
    assert read.channel is Channel.EMAIL
    assert read.revision == "2026-11-24T14:59:30Z"
    assert (read.priority, read.due_at, read.opened_by) == (None, None, Author.REQUESTER)


def test_the_language_that_everybody_is_given_says_nothing_of_a_person() -> None:
    french_account = replace(CODEC, default_language="fr")
    found = Found(
        ticket={"id": 1, "created_at": STAMP, "requester_id": CUSTOMER, "via": None},
        audits=(),
        people=PEOPLE,
        fields={},
    )
    assert french_account.ticket(found).requester.language is None


@pytest.mark.parametrize(
    ("channel", "meant"),
    [("voice", Channel.PHONE), ("native_messaging", Channel.CHAT), ("whatever", Channel.OTHER)],
)
def test_a_channel_is_an_open_word(channel: str, meant: Channel) -> None:
    assert ticket(via={"channel": channel}).channel is meant


@pytest.mark.parametrize("status", ["closed", "deleted"])
def test_what_is_at_its_end_is_closed(status: str) -> None:
    assert ticket(status=status).closed


@pytest.mark.parametrize("status", ["new", "open", "pending", "hold", "solved"])
def test_what_may_still_be_answered_is_open(status: str) -> None:
    assert not ticket(status=status).closed


def test_a_group_is_the_policys_department() -> None:
    assert ticket(group_id=77).department == "level_2"
    assert ticket(group_id=78).department is None


def test_our_fields_are_read_by_their_ids() -> None:
    custom = {"101": EXPECTED, "102": EXPECTED[:10], "103": "medium.website_offline"}
    custom |= {"104": "because"}
    read = ticket(custom=custom)
    assert read.due_at == datetime.fromisoformat(EXPECTED)
    assert dict(read.fields) == {"class": "medium.website_offline", "reason": "because"}


@pytest.mark.parametrize("text", ["soon", "2026-11-24", "", "2026-11-24T14:00:00"])
def test_a_time_that_somebody_garbled_is_no_time_and_breaks_nothing(text: str) -> None:
    assert ticket(custom={"101": text}).due_at is None


@pytest.mark.parametrize("created", [None, "", "yesterday", 7, "2026-11-24T14:59:00"])
def test_an_answer_without_its_moment_is_unavailable(created: object) -> None:
    with pytest.raises(UnavailableError):
        ticket(created_at=created)


# Who did it


def test_a_priority_that_an_agent_chose_is_staffs() -> None:
    opening = audit(1, CUSTOMER, change("priority", None, kind="Create"))
    chosen = audit(2, AGENT, change("priority", "high"))
    assert ticket(opening, chosen, priority="high").set_by_staff == {Field.PRIORITY}


def test_audits_are_read_by_their_numbers_in_whatever_order_they_come() -> None:
    chosen = audit(2, AGENT, change("priority", "high"))
    written = ours(3, {"state": "s"}, change("priority", "low"))
    opening = audit(1, CUSTOMER)
    assert ticket(written, opening, chosen, priority="low").set_by_staff == frozenset()
    assert ticket(written, opening, chosen, priority="low").opened_by is Author.REQUESTER


def test_an_expected_time_that_an_agent_moved_is_staffs() -> None:
    moved = audit(2, AGENT, change("101", EXPECTED))
    read = ticket(audit(1, CUSTOMER), moved, custom={"101": EXPECTED})
    assert read.set_by_staff == {Field.DUE_AT}


def test_what_a_trigger_set_in_an_agents_audit_is_not_the_agents() -> None:
    by_rule = change("priority", "high", via={"channel": "rule", "source": {"rel": "trigger"}})
    assert ticket(audit(1, CUSTOMER), audit(2, AGENT, by_rule)).set_by_staff == frozenset()


def test_what_a_program_or_the_requester_set_is_not_staffs() -> None:
    by_program = audit(2, PROGRAM, change("priority", "high"), via={"channel": "api"})
    assert ticket(audit(1, CUSTOMER), by_program).set_by_staff == frozenset()
    by_requester = audit(1, CUSTOMER, change("priority", "urgent", kind="Create"))
    assert ticket(by_requester).set_by_staff == frozenset()


def test_an_agent_who_works_through_a_program_of_theirs_is_staff() -> None:
    through = audit(2, AGENT, change("priority", "high"), via={"channel": "api"})
    assert ticket(audit(1, CUSTOMER), through).set_by_staff == {Field.PRIORITY}


def test_a_program_that_opens_a_ticket_for_somebody_vouches_for_nobody() -> None:
    opening = audit(1, AGENT, change("priority", "low", kind="Create"), via={"channel": "api"})
    read = ticket(opening)
    assert read.opened_by is Author.APP
    assert read.set_by_staff == frozenset()


def test_a_colleague_who_opens_a_ticket_with_a_priority_chose_it() -> None:
    read = ticket(audit(1, AGENT, change("priority", "high", kind="Create")), priority="high")
    assert read.opened_by is Author.STAFF
    assert read.set_by_staff == {Field.PRIORITY}


def test_our_own_write_is_known_by_its_metadata_whoever_its_author_is() -> None:
    written = ours(
        2, {"state": "x/1/abc priority=low", "note": "x/1/abc"}, change("priority", "low")
    )
    written["events"].append({"type": "Comment", "public": False})
    read = ticket(audit(1, CUSTOMER), written, priority="low")
    assert read.set_by_staff == frozenset()
    assert read.notes == {"x/1/abc"}
    assert dict(read.fields)["state"] == "x/1/abc priority=low"


@pytest.mark.parametrize(
    "custom", [None, [], "x", {"support_policy": "x"}, {"support_policy": [1]}]
)
def test_metadata_of_others_is_not_taken_for_ours(custom: object) -> None:
    theirs = audit(2, AGENT, change("priority", "low"), metadata={"custom": custom})
    read = ticket(audit(1, CUSTOMER), theirs, priority="low")
    assert read.set_by_staff == {Field.PRIORITY}


# An account without Low


def test_a_low_that_the_account_keeps_as_normal_reads_as_the_low_it_was_meant_as() -> None:
    written = ours(2, {"state": "x/1/abc priority=low"}, change("priority", "normal"))
    read = ticket(audit(1, CUSTOMER), written, priority="normal")
    assert (read.priority, read.clamped) == (Priority.LOW, True)


@pytest.mark.parametrize(
    "since",
    [
        audit(3, AGENT, change("priority", "normal")),
        audit(3, AGENT, change("priority", "normal", via={"channel": "rule"})),
    ],
)
def test_a_normal_that_somebody_else_set_since_is_a_normal(since: dict[str, Any]) -> None:
    written = ours(2, {"state": "x/1/abc priority=low"}, change("priority", "low"))
    assert ticket(audit(1, CUSTOMER), written, since, priority="normal").priority is Priority.NORMAL


def test_what_a_trigger_made_of_our_write_in_the_same_audit_is_read_as_it_is() -> None:
    by_rule = change("priority", "normal", via={"channel": "rule"})
    written = ours(2, {"state": "x/1/abc priority=low"}, change("priority", "low"), by_rule)
    assert ticket(audit(1, CUSTOMER), written, priority="normal").priority is Priority.NORMAL


# What we left to people


def test_what_was_left_to_a_person_stays_theirs_though_they_are_not_staff_any_more() -> None:
    chosen = audit(2, 8, change("priority", "urgent"))  # 8 is nobody any more
    written = ours(3, {"state": "x/1/abc+priority due_at=1"})
    read = ticket(audit(1, CUSTOMER), chosen, written, priority="urgent")
    assert read.set_by_staff == {Field.PRIORITY}


@pytest.mark.parametrize("author", [AGENT, PROGRAM, CUSTOMER])
def test_what_was_changed_since_we_wrote_is_left_whoever_it_was(author: int) -> None:
    written = ours(2, {"state": "x/1/abc priority=low"}, change("priority", "low"))
    since = audit(3, author, change("priority", "high"), via={"channel": "api"})
    read = ticket(audit(1, CUSTOMER), written, since, priority="high")
    assert read.set_by_staff == {Field.PRIORITY}


# A field that is gone, or made anew


@pytest.mark.parametrize("empty", [{"101": None}, {"101": EXPECTED, "102": None}])
def test_a_field_that_was_made_anew_is_nobodys_choice_and_is_filled_again(
    empty: dict[str, str | None],
) -> None:
    told = {"state": f"s due_at={int(datetime.fromisoformat(EXPECTED).timestamp())}"}
    written = ours(2, {**told, "expected_at": EXPECTED, "class": "high"})
    read = ticket(audit(1, CUSTOMER), written, custom=empty)
    assert read.due_at is None
    assert read.set_by_staff == frozenset()
    assert "class" not in dict(read.fields)


def test_a_time_that_a_person_took_away_stays_away() -> None:
    written = ours(2, {"state": "s due_at=1", "expected_at": EXPECTED})
    emptied = audit(3, AGENT, change("101", None))
    read = ticket(audit(1, CUSTOMER), written, emptied)
    assert read.due_at is None
    assert read.set_by_staff == {Field.DUE_AT}


def test_what_we_told_stands_for_a_field_that_is_not_there_any_more() -> None:
    told = {"state": "s", "expected_at": EXPECTED, "class": "high", "reason": "r"}
    written = ours(2, told)
    read = ticket(audit(1, CUSTOMER), written, custom_fields=[])
    assert read.due_at == datetime.fromisoformat(EXPECTED)
    assert dict(read.fields)["class"] == "high"
