"""Users, organizations, groups, brands and locales: read only, as far as the add-on needs them."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.calling import caller
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.refusals import RefusedError, bad_parameter

MOST_IDS = 100


def users_api(account: Account) -> Blueprint:
    """Routes below `/api/v2/users`."""
    api = Blueprint("users", __name__, url_prefix="/api/v2")
    people, url = account.people, account.url

    @api.get("/users/<int:number>")
    def show_user(number: int) -> ResponseReturnValue:
        return {"user": people.user(number).shown(url)}

    @api.get("/users/me")
    def show_me() -> ResponseReturnValue:
        return {"user": caller().shown(url)}

    @api.get("/users/show_many")
    def show_users() -> ResponseReturnValue:
        found = [people.find(each) for each in asked_ids()]
        return {"users": [user.shown(url) for user in found if user], "count": len(found)}

    @api.get("/users/search")
    def search_users() -> ResponseReturnValue:
        words = request.args.get("query")
        if not words:
            raise bad_parameter("query is required")
        return page("users", [user.shown(url) for user in people.search(words)])

    @api.get("/users")
    def list_users() -> ResponseReturnValue:
        return page("users", [user.shown(url) for user in people.all()])

    return api


def teams_api(account: Account) -> Blueprint:
    """Routes for what users and tickets belong to."""
    api = Blueprint("teams", __name__, url_prefix="/api/v2")
    people, url = account.people, account.url

    @api.get("/organizations/<int:number>")
    def show_organization(number: int) -> ResponseReturnValue:
        return {"organization": people.organization(number).shown(url)}

    @api.get("/organizations")
    def list_organizations() -> ResponseReturnValue:
        return page("organizations", [each.shown(url) for each in people.organizations()])

    @api.get("/groups")
    def list_groups() -> ResponseReturnValue:
        return page("groups", list(people.groups))

    @api.get("/brands")
    def list_brands() -> ResponseReturnValue:
        return page("brands", sorted(people.brands, key=lambda brand: str(brand["name"])))

    @api.get("/locales")
    def list_locales() -> ResponseReturnValue:
        return page("locales", account.locales())

    return api


def asked_ids() -> list[str]:
    """The ids of a `show_many`."""
    ids = [each for each in request.args.get("ids", "").split(",") if each]
    if len(ids) > MOST_IDS:
        description = f"Parameter  cannot specify more than {MOST_IDS} values"
        refusal = {"error": "TooManyValues", "description": description, "max_count": MOST_IDS}
        raise RefusedError(400, refusal)
    return ids
