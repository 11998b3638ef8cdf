"""Triggers: what they see, what they do, whose doing it is."""

from __future__ import annotations

import json

import pytest
from tests.zendesk_double.desk import BODY, ON_CREATE, Api, Receiver

from support_policy.demo.zendesk_double import ZendeskDouble


def test_a_trigger_calls_its_webhook_with_the_body_it_makes(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    api.trigger(("notification_webhook", [api.webhook(receiver.url), BODY]))
    number = double.open_ticket(requester=double.end_user("j@c.example"), subject="s", body="b")
    double.update_ticket(number, by=double.agent, priority="high")
    assert double.settle(5)
    (got,) = receiver.got
    assert json.loads(got.body)["ticket_id"] == str(number)
    (sent,) = double.sent
    assert (sent.ticket_id, sent.status, sent.attempt) == (number, 200, 1)


def test_what_a_trigger_changes_is_told_apart_in_the_audit(double: ZendeskDouble, api: Api) -> None:
    trigger = api.trigger(("priority", "high"), title="VIP")
    number = double.open_ticket(requester=double.end_user("j@c.example"), subject="s", body="b")
    (audit,) = double.audits(number)
    (event,) = [each for each in audit["events"] if each.get("field_name") == "priority"]
    assert event["type"] == "Change"
    assert event["via"]["channel"] == "rule"
    source = event["via"]["source"]
    assert (source["rel"], source["from"]["id"]) == ("trigger", trigger["id"])
    assert source["from"]["title"] == "VIP"
    assert audit["author_id"] == double.end_user("j@c.example").id


def test_triggers_run_in_the_order_of_categories_and_positions(
    double: ZendeskDouble, api: Api
) -> None:
    late = api.made("trigger_categories", "trigger_category", name="Late", position=9)
    early = api.made("trigger_categories", "trigger_category", name="Early", position=-1)
    none = [{"field": "priority", "operator": "is", "value": ""}]
    api.trigger(("priority", "low"), all=none, category_id=late["id"], position=1)
    api.trigger(("priority", "normal"), all=none, category_id=early["id"], position=2)
    api.trigger(("priority", "high"), all=none, category_id=early["id"], position=1)
    number = double.open_ticket(requester=double.end_user("j@c.example"), subject="s", body="b")
    assert double.ticket(number)["priority"] == "high"


def test_triggers_run_again_after_a_change_but_each_once(double: ZendeskDouble, api: Api) -> None:
    tagged = [{"field": "current_tags", "operator": "includes", "value": "second"}]
    api.trigger(("current_tags", "third"), all=tagged, position=1)
    api.trigger(("current_tags", "second"), all=ON_CREATE, position=2)
    api.trigger(("remove_tags", "second"), all=tagged, position=3)
    number = double.open_ticket(requester=double.end_user("j@c.example"), subject="s", body="b")
    assert double.ticket(number)["tags"] == ["third"]


def test_a_write_through_the_api_runs_triggers_unless_its_tag_says_no(
    double: ZendeskDouble, api: Api, number: int, receiver: Receiver
) -> None:
    unmarked = [{"field": "current_tags", "operator": "not_includes", "value": "done"}]
    webhook = api.webhook(receiver.url)
    api.trigger(("notification_webhook", [webhook, BODY]), all=unmarked)
    api.put_ticket(number, priority="high")
    api.put_ticket(number, priority="low", tags=["done"])
    assert double.settle(5)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("field", "operator", "value", "fires"),
    [
        ("priority", "changed", "", True),
        ("priority", "value", "high", True),
        ("priority", "value", "low", False),
        ("priority", "greater_than", "normal", True),
        ("priority", "less_than", "normal", False),
        ("status", "less_than", "solved", True),
        ("status", "changed", "", False),
        ("update_type", "is", "Change", True),
        ("role", "is", "end_user", False),
    ],
)
def test_conditions_look_at_the_ticket_and_its_change(
    double: ZendeskDouble, api: Api, number: int, field: str, operator: str, value: str, fires: bool
) -> None:
    condition = {"field": field, "operator": operator, "value": value}
    api.trigger(("current_tags", "fired"), all=[condition])
    double.update_ticket(number, by=double.agent, priority="high")
    assert ("fired" in double.ticket(number)["tags"]) is fires


def test_a_subject_can_break_the_json_that_a_trigger_writes(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    body = '{"id": {{ticket.id}}, "title": "{{ticket.title}}", "odd": "{{ticket.odd}}"}'
    api.trigger(("notification_webhook", [api.webhook(receiver.url), body]))
    number = double.open_ticket(
        requester=double.end_user("j@c.example"), subject='a", "id": 1, "b": "', body="b"
    )
    assert double.settle(5)
    expected = f'{{"id": {number}, "title": "a", "id": 1, "b": "", "odd": ""}}'
    assert receiver.got[0].body.decode() == expected


@pytest.mark.parametrize(
    ("conditions", "action"),
    [
        ([{"field": "moon", "operator": "is", "value": "full"}], ("priority", "high")),
        ([{"field": "status", "operator": "smells", "value": "new"}], ("priority", "high")),
        (ON_CREATE, ("priority", "critical")),
        (ON_CREATE, ("comment_value", "hello")),
        (ON_CREATE, ("notification_webhook", ["01GK8E0000000000000000000A", "{}"])),
        ([], ("priority", "high")),
    ],
)
def test_a_trigger_that_the_account_cannot_run_is_refused(
    api: Api, conditions: list[dict[str, str]], action: tuple[str, object]
) -> None:
    field, value = action
    trigger = {
        "title": "t",
        "conditions": {"all": conditions, "any": []},
        "actions": [{"field": field, "value": value}],
    }
    answer = api.call("POST", "triggers", {"trigger": trigger})
    assert answer.status_code == 422
    assert answer.json()["error"] == "RecordInvalid"
    assert answer.json()["details"]


def test_triggers_cannot_call_a_webhook_that_listens_to_events(api: Api) -> None:
    events = ["zen:event-type:ticket.created"]
    webhook = api.webhook("https://h.example/", subscriptions=events)
    trigger = {
        "title": "t",
        "conditions": {"all": ON_CREATE},
        "actions": [{"field": "notification_webhook", "value": [webhook, "{}"]}],
    }
    assert api.call("POST", "triggers", {"trigger": trigger}).status_code == 422


def test_definitions_name_the_accounts_conditions_and_actions(api: Api) -> None:
    field = api.made("ticket_fields", "ticket_field", type="text", title="Reason")
    found = api.get("triggers/definitions").json()["definitions"]
    subjects = {each["subject"] for each in found["conditions_all"]}
    assert {"update_type", "brand_id", f"custom_fields_{field['id']}"} <= subjects
    assert {"notification_webhook", "current_tags"} <= {a["subject"] for a in found["actions"]}
