"""What a set-up makes: fields, forms, macros, views, texts, SLA policies, schedules."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from tests.zendesk_double.desk import Api

from support_policy.demo.zendesk_double import Plan, ZendeskDouble

WORDS = {
    "name": "Fee request",
    "default_locale_id": 1181,
    "variants": [
        {"locale_id": 1181, "default": True, "content": "May we?"},
        {"locale_id": 1187, "default": False, "content": "Pouvons-nous?"},
    ],
}


def test_what_team_lacks_is_forbidden_in_zendesks_words() -> None:
    with ZendeskDouble(Plan.TEAM) as double:
        api = Api(double)
        for path in (
            "slas/policies",
            "slas/policies/definitions",
            "business_hours/schedules",
            "dynamic_content/items",
            "ticket_forms",
        ):
            answer = api.get(path)
            assert answer.status_code == 403, path
            assert answer.json()["error"]["title"] == "Forbidden"
            assert "account owner" in answer.json()["error"]["message"]


def test_a_field_needs_a_title_and_keeps_its_type(api: Api) -> None:
    refused = api.call("POST", "ticket_fields", {"ticket_field": {"type": "text"}})
    assert (refused.status_code, list(refused.json()["details"])) == (422, ["title"])
    made = api.made("ticket_fields", "ticket_field", type="text", title="Reason")
    assert (made["visible_in_portal"], made["removable"]) == (False, True)
    path = f"ticket_fields/{made['id']}"
    changed = api.call("PUT", path, {"ticket_field": {"type": "date", "title": "Why"}}).json()
    assert (changed["ticket_field"]["type"], changed["ticket_field"]["title"]) == ("text", "Why")
    assert api.call("DELETE", path).status_code == 204
    assert api.get(path).status_code == 404


def test_the_systems_fields_are_there_and_stay(api: Api) -> None:
    fields = api.get("ticket_fields").json()["ticket_fields"]
    (priority,) = [field for field in fields if field["type"] == "priority"]
    options = [each["value"] for each in priority["system_field_options"]]
    assert (priority["sub_type_id"], options) == (0, ["low", "normal", "high", "urgent"])
    assert api.call("DELETE", f"ticket_fields/{priority['id']}").status_code == 422


def test_a_new_field_is_on_no_form_until_added(api: Api) -> None:
    (form,) = api.get("ticket_forms").json()["ticket_forms"]
    field = api.made("ticket_fields", "ticket_field", type="text", title="Reason")
    assert field["id"] not in form["ticket_field_ids"]
    path = f"ticket_forms/{form['id']}"
    ids = [*form["ticket_field_ids"], field["id"]]
    changed = api.call("PUT", path, {"ticket_form": {"ticket_field_ids": ids}})
    assert changed.json()["ticket_form"]["ticket_field_ids"] == ids
    unknown = {"ticket_form": {"ticket_field_ids": [1]}}
    assert api.call("PUT", path, unknown).status_code == 422


def test_a_macros_preview_changes_nothing(double: ZendeskDouble, api: Api, number: int) -> None:
    actions: list[dict[str, Any]] = [
        {"field": "status", "value": "pending"},
        {"field": "current_tags", "value": "asf_requested"},
        {"field": "comment_value_html", "value": "<p>May we?</p>"},
        {"field": "comment_mode_is_public", "value": "true"},
    ]
    macro = api.made("macros", "macro", title="Ask", actions=actions)
    before = double.ticket(number)
    shown = api.get(f"tickets/{number}/macros/{macro['id']}/apply").json()["result"]["ticket"]
    assert (shown["status"], shown["tags"]) == ("pending", ["asf_requested"])
    assert shown["comment"] == {"html_body": "<p>May we?</p>", "public": True}
    assert double.ticket(number) == before


@pytest.mark.parametrize("status", ["new", "closed"])
def test_a_macro_sets_neither_new_nor_closed(api: Api, status: str) -> None:
    macro = {"title": "m", "actions": [{"field": "status", "value": status}]}
    assert api.call("POST", "macros", {"macro": macro}).status_code == 422


def test_a_view_needs_one_of_five_conditions(api: Api) -> None:
    tagged = {"field": "current_tags", "operator": "includes", "value": "x"}
    unsolved = {"field": "status", "operator": "less_than", "value": "solved"}
    refused = api.call("POST", "views", {"view": {"title": "v", "all": [tagged]}})
    assert refused.status_code == 422
    made = api.made("views", "view", title="v", all=[unsolved, tagged])
    assert made["conditions"]["all"] == [unsolved, tagged]


def test_dynamic_content_has_a_placeholder_and_variants(api: Api) -> None:
    item = api.made("dynamic_content/items", "item", **WORDS)
    assert item["placeholder"] == "{{dc.fee_request}}"
    path = f"dynamic_content/items/{item['id']}/variants"
    twice = api.call("POST", path, {"variant": {"locale_id": 1187, "content": "x"}})
    inactive = api.call("POST", path, {"variant": {"locale_id": 2, "content": "x"}})
    assert (twice.status_code, inactive.status_code) == (422, 422)
    variant = item["variants"][1]["id"]
    changed = api.call("PUT", f"{path}/{variant}", {"variant": {"content": "Peut-on?"}})
    assert changed.json()["variant"]["content"] == "Peut-on?"
    assert api.call("DELETE", f"{path}/{variant}").status_code == 204
    assert len(api.get(path).json()["variants"]) == 1


def test_an_sla_policy_knows_its_metrics(api: Api) -> None:
    tagged = {"field": "current_tags", "operator": "includes", "value": "vip"}
    metric = {
        "priority": "urgent",
        "metric": "first_reply_time",
        "target": 30,
        "business_hours": False,
    }
    policy = {"title": "VIP", "filter": {"all": [tagged], "any": []}, "policy_metrics": [metric]}
    made = api.made("slas/policies", "sla_policy", **policy)
    assert made["policy_metrics"] == [metric]
    wrong = {**policy, "policy_metrics": [{**metric, "metric": "smile_time"}]}
    assert api.call("POST", "slas/policies", {"sla_policy": wrong}).status_code == 422
    definitions = api.get("slas/policies/definitions").json()["definitions"]
    assert "current_tags" in {each["value"] for each in definitions["all"]}


def test_professional_has_room_for_one_schedule(api: Api) -> None:
    values = {"name": "Office", "time_zone": "Eastern Time (US & Canada)"}
    schedule = api.made("business_hours/schedules", "schedule", **values)
    second = api.call("POST", "business_hours/schedules", {"schedule": values})
    assert second.status_code == 422
    path = f"business_hours/schedules/{schedule['id']}"
    week = {"workweek": {"intervals": [{"start_time": 1980, "end_time": 2460}]}}
    assert api.call("PUT", f"{path}/workweek", week).status_code == 200
    assert api.get(path).json()["schedule"]["intervals"] == week["workweek"]["intervals"]
    overnight = {"workweek": {"intervals": [{"start_time": 1400, "end_time": 1500}]}}
    assert api.call("PUT", f"{path}/workweek", overnight).status_code == 422


def test_holidays_belong_to_their_schedule(api: Api) -> None:
    values = {"name": "Office", "time_zone": "Eastern Time (US & Canada)"}
    schedule = api.made("business_hours/schedules", "schedule", **values)
    path = f"business_hours/schedules/{schedule['id']}/holidays"
    day = {"name": "Canada Day", "start_date": "2027-07-01", "end_date": "2027-07-01"}
    holiday = api.made(path, "holiday", **day)
    backwards = {"holiday": {**day, "end_date": "2027-06-30"}}
    assert api.call("PUT", f"{path}/{holiday['id']}", backwards).status_code == 422
    assert [each["name"] for each in api.get(path).json()["holidays"]] == ["Canada Day"]
    assert api.call("DELETE", f"{path}/{holiday['id']}").status_code == 204


def test_webhooks_are_patched_replaced_and_found_by_name(api: Api) -> None:
    webhook = api.webhook("https://h.example/")
    path = f"webhooks/{webhook}"
    patch = {"webhook": {"endpoint": "https://i.example/"}}
    assert api.call("PATCH", path, patch).status_code == 204
    assert api.get(path).json()["webhook"]["endpoint"] == "https://i.example/"
    assert api.call("PUT", path, patch).status_code == 422  # the rest is missing
    found = api.get("webhooks?filter[name_contains]=policy&page[size]=1").json()
    assert [each["id"] for each in found["webhooks"]] == [webhook]
    assert api.call("DELETE", path).status_code == 204
    assert api.get(path).status_code == 404


def test_trigger_categories_are_patched_and_kept_while_in_use(api: Api) -> None:
    made = api.made("trigger_categories", "trigger_category", name="Ours", position=0)
    path = f"trigger_categories/{made['id']}"
    patch = {"trigger_category": {"name": "Policy"}}
    assert api.call("PATCH", path, patch).json()["trigger_category"]["name"] == "Policy"
    trigger = api.trigger(("priority", "high"), category_id=made["id"])
    assert trigger["category_id"] == made["id"]
    full = api.call("DELETE", path)
    assert (full.status_code, full.json()["errors"][0]["code"]) == (400, "TriggerCategoryNotEmpty")
    assert api.call("DELETE", f"triggers/{trigger['id']}").status_code == 204
    assert api.call("DELETE", path).status_code == 204
    assert api.get(path).json()["errors"][0]["code"] == "TriggerCategoryNotFound"


def test_people_are_found_as_the_add_on_looks_for_them(double: ZendeskDouble, api: Api) -> None:
    customer = double.end_user("jo@c.example", locale="fr-CA", organization="Customer Inc.")
    shown = api.get(f"users/{customer.id}").json()["user"]
    assert (shown["locale"], shown["role"]) == ("fr-CA", "end-user")
    many = api.get(f"users/show_many?ids={customer.id},{double.agent.id},1").json()["users"]
    assert [user["id"] for user in many] == [customer.id, double.agent.id]
    found = api.get("users/search?query=jo@c.example").json()["users"]
    assert [user["id"] for user in found] == [customer.id]
    organization = api.get(f"organizations/{shown['organization_id']}").json()["organization"]
    assert organization["name"] == "Customer Inc."
    too_many = api.get("users/show_many?ids=" + ",".join(["1"] * 101))
    assert (too_many.status_code, too_many.json()["max_count"]) == (400, 100)


def test_unknown_addresses_and_bodies_are_refused(double: ZendeskDouble, api: Api) -> None:
    assert api.get("nothing").status_code == 404
    assert api.call("POST", "macros", {"makro": {}}).status_code == 400
    headers = {"Authorization": f"Bearer {api.token}"}
    url = f"{double.url}/api/v2/macros"
    assert requests.post(url, data="{", headers=headers, timeout=5).status_code == 422
