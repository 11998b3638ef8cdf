"""Dynamic content and its variants: not on Team."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.api_records import Resource, records_api
from support_policy.demo.zendesk_double.calling import admin, body
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.people import LOCALES
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import (
    blank,
    invalid,
    not_found,
    not_on_this_plan,
)


def texts_apis(account: Account) -> list[Blueprint]:
    """Items by the plain routes, variants below them."""
    items = Resource(
        path="dynamic_content/items",
        one="item",
        many="items",
        shelf=account.items,
        check=lambda body, before: _item(account, body, before),
        available=lambda: account.plan.has_dynamic_content,
        for_agents=True,
    )
    return [records_api(items), _variants_api(account)]


def _variants_api(account: Account) -> Blueprint:
    prefix = "/api/v2/dynamic_content/items/<int:item>/variants"
    api = Blueprint("variants", __name__, url_prefix=prefix)

    @api.before_request
    def available() -> None:
        if not account.plan.has_dynamic_content:
            raise not_on_this_plan()

    @api.get("")
    def list_all(item: int) -> ResponseReturnValue:
        return page("variants", account.items.get(item)["variants"])

    @api.get("/<int:number>")
    def show(item: int, number: int) -> ResponseReturnValue:
        return {"variant": _found(account.items.get(item), number)}

    @api.post("")
    def create(item: int) -> ResponseReturnValue:
        admin()
        record = account.items.get(item)
        made = _variant(account, body("variant"), record["variants"])
        record["variants"].append(made)
        return {"variant": made}, 201

    @api.put("/<int:number>")
    def update(item: int, number: int) -> ResponseReturnValue:
        admin()
        record = account.items.get(item)
        variant = _found(record, number)
        others = [each for each in record["variants"] if each is not variant]
        changed = _variant(account, {**variant, **body("variant")}, others)
        variant.update({**changed, "id": number})
        return {"variant": variant}

    @api.delete("/<int:number>")
    def delete(item: int, number: int) -> ResponseReturnValue:
        admin()
        record = account.items.get(item)
        variant = _found(record, number)
        if variant["default"]:
            raise invalid("base", "The default variant cannot be deleted", "CannotDelete")
        record["variants"].remove(variant)
        return "", 204

    return api


def _found(item: Json, number: int) -> Json:
    found: list[Json] = [each for each in item["variants"] if each["id"] == number]
    if not found:
        raise not_found()
    return found[0]


def _item(account: Account, body: Json, before: Json | None) -> Json:
    values = {**(before or {}), **body}
    if not values.get("name"):
        raise blank("name")
    twins = [each for each in account.items if each["name"] == values["name"]]
    if any(before is None or each["id"] != before["id"] for each in twins):
        raise invalid("name", "Name: has already been taken", "DuplicateValue")
    _check_locale(values.get("default_locale_id"))
    if before is not None:
        # An item's update renames it; its variants have their own routes.
        return {"name": values["name"]}
    variants: list[Json] = []
    for each in body.get("variants") or []:
        default = each.get("locale_id") == values["default_locale_id"]
        variants.append(_variant(account, {"default": default, **each}, variants))
    if not variants:
        raise blank("variants")
    slug = re.sub(r"\W+", "_", str(values["name"]).lower())
    return {
        "name": values["name"],
        "placeholder": f"{{{{dc.{slug}}}}}",
        "default_locale_id": values["default_locale_id"],
        "outdated": False,
        "variants": variants,
    }


def _variant(account: Account, wanted: Json, others: list[Json]) -> Json:
    if not wanted.get("content"):
        raise blank("content")
    _check_locale(wanted.get("locale_id"))
    if any(each["locale_id"] == wanted["locale_id"] for each in others):
        raise invalid("locale_id", "Locale: has already been taken", "DuplicateValue")
    stamp = account.clock.stamp()
    return {
        "id": account.ids.number(),
        "content": wanted["content"],
        "locale_id": wanted["locale_id"],
        "active": wanted.get("active", True),
        "default": wanted.get("default", False),
        "outdated": False,
        "created_at": wanted.get("created_at", stamp),
        "updated_at": stamp,
    }


def _check_locale(locale_id: Any) -> None:
    if locale_id not in {number for number, _, _ in LOCALES}:
        raise invalid("locale_id", f"Locale: {locale_id} is not active in this account")
