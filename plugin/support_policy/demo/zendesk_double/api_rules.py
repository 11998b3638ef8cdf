"""Triggers, their categories, macros and views."""

from __future__ import annotations

from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.api_records import Resource, records_api
from support_policy.demo.zendesk_double.fields import STATUSES
from support_policy.demo.zendesk_double.macros import effects
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import bad_category, blank, invalid
from support_policy.demo.zendesk_double.tickets import shown

VIEW_NEEDS: Final = {"status", "type", "group_id", "assignee_id", "requester_id"}
_MACRO_ACTIONS: Final = (
    "status",
    "type",
    "priority",
    "group_id",
    "assignee_id",
    "set_tags",
    "current_tags",
    "remove_tags",
    "subject",
    "comment_value",
    "comment_value_html",
    "comment_mode_is_public",
)


def rules_apis(account: Account) -> list[Blueprint]:
    """Every blueprint of this module; definitions come before the plain routes."""
    categories = Resource(
        path="trigger_categories",
        one="trigger_category",
        many="trigger_categories",
        shelf=account.triggers.categories,
        check=lambda body, before: _category(account, body, before),
        created=200,
        changed_by="PATCH",
        let_go=lambda category: _refuse_full(account, category),
    )
    triggers = Resource(
        path="triggers",
        one="trigger",
        many="triggers",
        shelf=account.triggers.shelf,
        check=lambda body, before: _trigger(account, body, before),
    )
    macros = Resource(
        path="macros",
        one="macro",
        many="macros",
        shelf=account.macros,
        check=lambda body, before: _macro(account, body, before),
        created=200,
        for_agents=True,
    )
    views = Resource(
        path="views",
        one="view",
        many="views",
        shelf=account.views,
        check=lambda body, before: _view(account, body, before),
        created=200,
        for_agents=True,
    )
    plain = [records_api(each) for each in (categories, triggers, macros, views)]
    return [_extra_api(account), *plain]


def _extra_api(account: Account) -> Blueprint:
    api = Blueprint("rules", __name__, url_prefix="/api/v2")

    @api.get("/triggers/definitions")
    def definitions() -> ResponseReturnValue:
        return {"definitions": account.run.definitions()}

    @api.get("/macros/<int:number>/apply")
    def preview(number: int) -> ResponseReturnValue:
        return {"result": {"ticket": effects(account, account.macros.get(number), [])}}

    @api.get("/tickets/<int:ticket_number>/macros/<int:number>/apply")
    def preview_on(ticket_number: int, number: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_number)
        made = effects(account, account.macros.get(number), list(ticket.tags))
        after = shown(ticket, account.fields, account.url)
        changed = {str(each["id"]): each for each in made.pop("custom_fields", [])}
        after["custom_fields"] = [
            changed.get(str(each["id"]), each) for each in after["custom_fields"]
        ]
        return {"result": {"ticket": after | made}}

    return api


def _category(account: Account, body: Json, before: Json | None) -> Json:
    values = {"position": len(account.triggers.categories), **(before or {}), **body}
    if not values.get("name"):
        raise bad_category("InvalidTriggerCategory", "Name cannot be blank")
    return {"name": values["name"], "position": values["position"]}


def _refuse_full(account: Account, category: Json) -> None:
    own = [each for each in account.triggers.ordered() if each["category_id"] == category["id"]]
    if own:
        title = "A category with active triggers cannot be deleted."
        raise bad_category("TriggerCategoryNotEmpty", title)


def _trigger(account: Account, body: Json, before: Json | None) -> Json:
    # Both `conditions` and a bare `all`/`any` are taken.
    loose = {name: body[name] for name in ("all", "any") if name in body}
    values = {**(before or {}), **body}
    if "conditions" in body or loose or before is None:
        found = body.get("conditions") or loose
        values["conditions"] = {"all": found.get("all") or [], "any": found.get("any") or []}
    category = values.get("category_id") or next(iter(account.triggers.categories))["id"]
    account.run.check(values)
    return {
        "title": values["title"],
        "raw_title": values["title"],
        "description": values.get("description"),
        "active": values.get("active", True),
        "position": values.get("position", len(account.triggers.shelf) + 1),
        "default": False,
        "category_id": str(category),
        "conditions": values["conditions"],
        "actions": values["actions"],
    }


def _macro(account: Account, body: Json, before: Json | None) -> Json:
    values = {**(before or {}), **body}
    if not values.get("title"):
        raise blank("title")
    if not values.get("actions"):
        raise blank("actions")
    for action in values["actions"]:
        name, value = str(action.get("field")), action.get("value")
        custom = name.startswith("custom_fields_")
        if custom and account.fields.find(name.removeprefix("custom_fields_")) is None:
            raise invalid("base", f"Action '{name}' is invalid", "InvalidActionField")
        if not custom and name not in _MACRO_ACTIONS:
            raise invalid("base", f"Action '{name}' is invalid", "InvalidActionField")
        if name == "status" and value not in STATUSES[1:-1]:
            raise invalid("base", f"Value '{value}' is invalid for action 'status'")
    return {
        "title": values["title"],
        "raw_title": values["title"],
        "description": values.get("description"),
        "active": values.get("active", True),
        "position": values.get("position", len(account.macros) + 1),
        "default": False,
        "actions": values["actions"],
        "restriction": values.get("restriction"),
    }


def _view(account: Account, body: Json, before: Json | None) -> Json:
    values = {**(before or {}), **body}
    if not values.get("title"):
        raise blank("title")
    conditions = dict(values.get("conditions") or {})
    # Views are written with a bare `all` and `any`, and read with `conditions`.
    conditions |= {name: body[name] for name in ("all", "any") if name in body}
    named = {str(each.get("field")) for each in conditions.get("all") or []}
    if not named & VIEW_NEEDS:
        words = f"Conditions: `all` needs one of {', '.join(sorted(VIEW_NEEDS))}"
        raise invalid("base", words, "InvalidConditions")
    output = body.get("output") or {}
    execution = dict(values.get("execution") or {})
    if output:
        columns = [{"id": each, "title": str(each)} for each in output.get("columns", [])]
        execution = {**output, "columns": columns}
    return {
        "title": values["title"],
        "description": values.get("description"),
        "active": values.get("active", True),
        "position": values.get("position", len(account.views) + 1),
        "default": False,
        "restriction": values.get("restriction"),
        "conditions": {"all": conditions.get("all") or [], "any": conditions.get("any") or []},
        "execution": execution,
    }
