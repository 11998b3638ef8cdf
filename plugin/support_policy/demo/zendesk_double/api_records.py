"""The five routes that every resource of settings has: list, show, create, update, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.calling import admin, body, caller
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.records import Json, Shelf
from support_policy.demo.zendesk_double.refusals import not_on_this_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of record over REST; `path` is below `/api/v2/`."""

    path: str
    one: str
    many: str
    shelf: Shelf
    check: Callable[[Json, Json | None], Json]
    """The values to keep, from a body and the record before; refuses what is wrong."""
    shown: Callable[[Json], Json] = dict
    available: Callable[[], bool] = lambda: True
    let_go: Callable[[Json], None] = lambda _: None
    """Refuses to delete a record that is still needed."""
    created: int = 201
    changed_by: str = "PUT"
    for_agents: bool = False


def records_api(resource: Resource) -> Blueprint:
    """Routes for one resource."""
    name = resource.path.replace("/", "_")
    api = Blueprint(name, __name__, url_prefix=f"/api/v2/{resource.path}")
    shelf, one = resource.shelf, resource.one

    @api.before_request
    def available() -> None:
        if not resource.available():
            raise not_on_this_plan()

    @api.get("")
    def list_all() -> ResponseReturnValue:
        return page(resource.many, [resource.shown(each) for each in shelf])

    @api.get("/<int:number>")
    def show(number: int) -> ResponseReturnValue:
        return {one: resource.shown(shelf.get(number))}

    @api.post("")
    def create() -> ResponseReturnValue:
        _may_write(resource)
        made = shelf.add(resource.check(body(one), None))
        return {one: resource.shown(made)}, resource.created

    @api.route("/<int:number>", methods=[resource.changed_by])
    def update(number: int) -> ResponseReturnValue:
        _may_write(resource)
        before = shelf.get(number)
        done = shelf.change(number, resource.check(body(one), before))
        return {one: resource.shown(done)}

    @api.delete("/<int:number>")
    def delete(number: int) -> ResponseReturnValue:
        _may_write(resource)
        resource.let_go(shelf.get(number))
        shelf.remove(number)
        return "", 204

    return api


def _may_write(resource: Resource) -> None:
    if not (resource.for_agents and caller().staff):
        admin()
