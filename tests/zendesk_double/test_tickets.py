"""Tickets over REST, as Zendesk documents them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.zendesk_double.desk import Api

from support_policy.demo.zendesk_double import ZendeskDouble


def stamp(api: Api, number: int) -> str:
    return str(api.get(f"tickets/{number}").json()["ticket"]["updated_at"])


def test_an_update_answers_the_ticket_and_its_audit(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    metadata = {"policy_app": {"decision": "d1", "rev": 3}}
    answer = api.put_ticket(number, priority="high", metadata=metadata)
    audit = answer.json()["audit"]
    assert answer.json()["ticket"]["priority"] == "high"
    assert audit["metadata"]["custom"] == metadata
    assert audit["author_id"] == double.service_user.id
    (event,) = audit["events"]
    assert event["type"] == "Change"
    assert (event["field_name"], event["previous_value"]) == ("priority", None)


def test_tags_of_an_update_replace_all_tags(api: Api, number: int) -> None:
    api.put_ticket(number, tags=["one", "two"])
    assert api.put_ticket(number, tags=["Three"]).json()["ticket"]["tags"] == ["three"]


def test_the_tags_resource_adds_sets_and_removes(api: Api, number: int) -> None:
    path = f"tickets/{number}/tags"
    assert api.call("POST", path, {"tags": ["a", "b"]}).status_code == 201
    assert api.call("PUT", path, {"tags": ["c"]}).json() == {"tags": ["a", "b", "c"]}
    assert api.call("DELETE", path, {"tags": ["a"]}).status_code == 204
    assert api.get(path).json() == {"tags": ["b", "c"]}


@pytest.mark.parametrize("safe", [True, False], ids=["true", "false"])
def test_a_safe_update_with_an_old_stamp_is_a_conflict(api: Api, number: int, safe: bool) -> None:
    asked: dict[str, Any] = {"safe_update": safe, "updated_stamp": "2020-01-01T00:00:00Z"}
    answer = api.put_ticket(number, priority="high", **asked)
    assert answer.status_code == 409
    assert answer.json()["error"] == "UpdateConflict"
    assert api.get(f"tickets/{number}").json()["ticket"]["priority"] is None


def test_a_safe_update_with_the_read_stamp_is_done(api: Api, number: int) -> None:
    read = stamp(api, number)
    answer = api.put_ticket(number, priority="high", safe_update=True, updated_stamp=read)
    assert answer.status_code == 200


def test_the_safe_form_of_tags_refuses_an_old_stamp(api: Api, number: int) -> None:
    old = {"tags": ["a"], "updated_stamp": "2020-01-01T00:00:00Z", "safe_update": "true"}
    assert api.call("PUT", f"tickets/{number}/tags", old).status_code == 409


def test_an_update_that_changes_nothing_leaves_no_audit(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    api.put_ticket(number, priority="high")
    before = (len(double.audits(number)), double.ticket(number))
    answer = api.put_ticket(number, priority="high")
    assert answer.json()["audit"]["events"] == []
    assert (len(double.audits(number)), double.ticket(number)) == before
    assert double.writes(number) == 2


@pytest.mark.parametrize(("asked", "kept"), [("low", "normal"), ("urgent", "high")])
def test_a_basic_priority_field_clamps_in_silence(
    double: ZendeskDouble, api: Api, number: int, asked: str, kept: str
) -> None:
    double.priority_basic()
    answer = api.put_ticket(number, priority=asked)
    assert (answer.status_code, answer.json()["ticket"]["priority"]) == (200, kept)
    fields = api.get("ticket_fields").json()["ticket_fields"]
    (priority,) = [field for field in fields if field["type"] == "priority"]
    assert priority["sub_type_id"] == 1
    assert [each["value"] for each in priority["system_field_options"]] == ["normal", "high"]


def test_an_unknown_priority_is_invalid(api: Api, number: int) -> None:
    answer = api.put_ticket(number, priority="critical")
    assert answer.status_code == 422
    assert list(answer.json()["details"]) == ["priority"]


def test_a_closed_ticket_takes_no_update(double: ZendeskDouble, api: Api, number: int) -> None:
    double.update_ticket(number, by=double.agent, status="closed")
    assert api.put_ticket(number, priority="high").status_code == 422


def test_a_deleted_ticket_is_not_found(double: ZendeskDouble, api: Api, number: int) -> None:
    double.delete_ticket(number)
    answer = api.get(f"tickets/{number}")
    assert answer.status_code == 404
    assert answer.json() == {"error": "RecordNotFound", "description": "Not found"}


def test_unknown_and_inactive_custom_fields_are_passed_over(api: Api, number: int) -> None:
    off = api.made("ticket_fields", "ticket_field", type="text", title="Off", active=False)
    fields = [{"id": 1, "value": "x"}, {"id": off["id"], "value": "y"}]
    answer = api.put_ticket(number, custom_fields=fields)
    assert answer.status_code == 200
    assert answer.json()["ticket"]["custom_fields"] == []


@pytest.mark.parametrize("value", ["2026-11-22T10:00:00Z", "20261122", "tomorrow", "2026-02-30"])
def test_a_date_field_takes_only_a_day(api: Api, number: int, value: str) -> None:
    field = api.made("ticket_fields", "ticket_field", type="date", title="Due")
    refused = api.put_ticket(number, custom_fields=[{"id": field["id"], "value": value}])
    assert refused.status_code == 422
    taken = api.put_ticket(number, custom_fields=[{"id": field["id"], "value": "2026-11-22"}])
    assert taken.json()["ticket"]["custom_fields"] == [{"id": field["id"], "value": "2026-11-22"}]
    (event,) = taken.json()["audit"]["events"]
    assert event["field_name"] == str(field["id"])


def test_a_tagger_puts_its_value_on_the_ticket_as_a_tag(api: Api, number: int) -> None:
    options = [{"name": "Gold", "value": "plan_gold"}, {"name": "Base", "value": "plan_base"}]
    field = api.made(
        "ticket_fields", "ticket_field", type="tagger", title="Plan", custom_field_options=options
    )
    for option in ("plan_gold", "plan_base"):
        chosen = [{"id": field["id"], "value": option}]
        assert api.put_ticket(number, custom_fields=chosen).json()["ticket"]["tags"] == [option]


def test_a_private_comment_is_kept_as_one(double: ZendeskDouble, api: Api, number: int) -> None:
    api.put_ticket(number, comment={"html_body": "<p>Held &amp; noted</p>", "public": False})
    first, second = double.comments(number)
    assert (first["public"], first["author"].email) == (True, "jo@customer.example")
    assert (second["public"], second["body"]) == (False, "Held & noted")
    assert second["author"] is double.service_user


def test_a_customers_reply_opens_a_pending_ticket(double: ZendeskDouble, number: int) -> None:
    double.update_ticket(number, by=double.agent, status="pending", comment="Which page?")
    customer = double.end_user("jo@customer.example")
    double.update_ticket(number, by=customer, comment="All of them", via="email")
    assert double.ticket(number)["status"] == "open"
    assert double.audits(number)[-1]["author_id"] == customer.id


def test_another_requester_brings_another_organization(double: ZendeskDouble, number: int) -> None:
    other = double.end_user("kim@other.example", organization="Other Ltd.")
    double.update_ticket(number, by=double.agent, requester=other)
    assert double.ticket(number)["organization_id"] == other.organization_id


def test_the_requesters_other_organizations_only_are_taken(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    stranger = double.organization("Stranger SA")
    assert api.put_ticket(number, organization_id=stranger.id).status_code == 422
    assert api.put_ticket(number, organization_id=None).status_code == 200


def test_an_audit_of_a_new_ticket_creates_each_value(double: ZendeskDouble, number: int) -> None:
    (audit,) = double.audits(number)
    created = {each["field_name"]: each["value"] for each in audit["events"][:-1]}
    assert created["subject"] == "Site down"
    assert created["status"] == "new"
    assert audit["events"][-1]["type"] == "Comment"
    assert {each["type"] for each in audit["events"][:-1]} == {"Create"}
    assert audit["via"]["channel"] == "web"


def test_a_ticket_brings_its_people_along(double: ZendeskDouble, api: Api, number: int) -> None:
    answer = api.get(f"tickets/{number}?include=users,organizations").json()
    assert [user["email"] for user in answer["users"]] == ["jo@customer.example"]
    assert [each["name"] for each in answer["organizations"]] == ["Customer Inc."]


def test_audits_come_in_pages_by_cursor(double: ZendeskDouble, api: Api, number: int) -> None:
    for priority in ("low", "high", "normal"):
        double.update_ticket(number, by=double.agent, priority=priority)
    first = api.get(f"tickets/{number}/audits?page[size]=3").json()
    assert first["meta"]["has_more"]
    second = api.get(first["links"]["next"].split("/api/v2/")[1]).json()
    ids = [audit["id"] for page in (first, second) for audit in page["audits"]]
    assert ids == [audit["id"] for audit in double.audits(number)]
    assert not second["meta"]["has_more"]


def test_a_page_of_more_than_a_hundred_is_refused(api: Api, number: int) -> None:
    assert api.get(f"tickets/{number}/audits?page[size]=101").status_code == 400


def test_an_agent_opens_a_ticket_for_a_customer(double: ZendeskDouble) -> None:
    customer = double.end_user("jo@customer.example")
    opened = double.open_ticket(requester=customer, subject="s", body="b", by=double.agent)
    ticket = double.ticket(opened)
    assert (ticket["requester_id"], ticket["submitter_id"]) == (customer.id, double.agent.id)
    assert double.audits(opened)[0]["author_id"] == double.agent.id
