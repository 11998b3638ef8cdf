"""Ticket fields and ticket forms; on Team there are no forms: 403, as for other resources."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.calling import admin, body
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import blank, invalid, not_on_this_plan


def fields_api(account: Account) -> Blueprint:
    """Routes below `/api/v2/ticket_fields`."""
    api = Blueprint("ticket_fields", __name__, url_prefix="/api/v2/ticket_fields")
    fields = account.fields

    @api.get("")
    def list_all() -> ResponseReturnValue:
        return page("ticket_fields", fields.all())

    @api.get("/<int:number>")
    def show(number: int) -> ResponseReturnValue:
        return {"ticket_field": fields.get(number)}

    @api.post("")
    def create() -> ResponseReturnValue:
        admin()
        return {"ticket_field": fields.create(body("ticket_field"))}, 201

    @api.put("/<int:number>")
    def update(number: int) -> ResponseReturnValue:
        admin()
        return {"ticket_field": fields.update(number, body("ticket_field"))}

    @api.delete("/<int:number>")
    def delete(number: int) -> ResponseReturnValue:
        admin()
        fields.delete(number)
        for form in account.forms:
            form["ticket_field_ids"] = [each for each in form["ticket_field_ids"] if each != number]
        return "", 204

    return api


def forms_api(account: Account) -> Blueprint:
    """Routes below `/api/v2/ticket_forms`."""
    api = Blueprint("ticket_forms", __name__, url_prefix="/api/v2/ticket_forms")
    forms = account.forms

    @api.before_request
    def available() -> None:
        if not account.plan.has_forms:
            raise not_on_this_plan()

    @api.get("")
    def list_all() -> ResponseReturnValue:
        return page("ticket_forms", list(forms))

    @api.get("/<int:number>")
    def show(number: int) -> ResponseReturnValue:
        return {"ticket_form": forms.get(number)}

    @api.put("/<int:number>")
    def update(number: int) -> ResponseReturnValue:
        admin()
        forms.get(number)
        wanted = body("ticket_form")
        _check(account, wanted)
        return {"ticket_form": forms.change(number, wanted)}

    return api


def _check(account: Account, wanted: Json) -> None:
    if "name" in wanted and not wanted["name"]:
        raise blank("name")
    known = {field["id"] for field in account.fields.all()}
    unknown = set(wanted.get("ticket_field_ids") or []) - known
    if unknown:
        raise invalid("ticket_field_ids", f"Ticket fields: {min(unknown)} is unknown")
