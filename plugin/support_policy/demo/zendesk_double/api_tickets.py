"""Tickets over REST."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.calling import body, caller, whole_body
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.safe_update import check_stamp
from support_policy.demo.zendesk_double.ticketing import Act
from support_policy.demo.zendesk_double.tickets import Ticket, shown, tidy_tags
from support_policy.demo.zendesk_double.written import comment_events, written_comment


def tickets_api(account: Account) -> Blueprint:
    """Routes below `/api/v2/tickets`."""
    api = Blueprint("tickets", __name__, url_prefix="/api/v2/tickets")

    def view(ticket: Ticket) -> Json:
        return shown(ticket, account.fields, account.url)

    @api.get("")
    def list_tickets() -> ResponseReturnValue:
        found = page("tickets", account.tickets.all())
        return found | {"tickets": [view(ticket) for ticket in found["tickets"]]}

    @api.post("")
    def create() -> ResponseReturnValue:
        asked = body("ticket")
        ticket = account.tickets.open(_act(account, asked, None))
        return {"ticket": view(ticket), "audit": ticket.audits[-1]}, 201

    @api.get("/<int:number>")
    def show(number: int) -> ResponseReturnValue:
        ticket = account.tickets.get(number)
        return {"ticket": view(ticket), **_sideloads(account, ticket)}

    @api.put("/<int:number>")
    def update(number: int) -> ResponseReturnValue:
        ticket = account.tickets.get(number)
        asked = body("ticket")
        g.headers |= account.limits.update(caller().id, number)
        check_stamp(account, ticket, asked)
        act = _act(account, asked, ticket)
        audit = account.tickets.update(ticket, act)
        ticket.writes += 1
        return {"ticket": view(ticket), "audit": audit or _empty_audit(ticket, act)}

    @api.get("/<int:number>/audits")
    def audits(number: int) -> ResponseReturnValue:
        return page("audits", account.tickets.get(number).audits)

    @api.get("/<int:number>/comments")
    def comments(number: int) -> ResponseReturnValue:
        return page("comments", comment_events(account.tickets.get(number)))

    return api


def tags_api(account: Account) -> Blueprint:
    """Routes below `/api/v2/tickets` for a ticket's tags alone."""
    api = Blueprint("tags", __name__, url_prefix="/api/v2/tickets")

    @api.get("/<int:number>/tags")
    def tags(number: int) -> ResponseReturnValue:
        return {"tags": list(account.tickets.get(number).tags)}

    @api.route("/<int:number>/tags", methods=["PUT", "POST", "DELETE"])
    def write_tags(number: int) -> ResponseReturnValue:
        ticket = account.tickets.get(number)
        asked = whole_body()
        g.headers |= account.limits.update(caller().id, number)
        check_stamp(account, ticket, asked)
        words, old = set(tidy_tags(asked.get("tags") or [])), set(ticket.tags)
        done = {"PUT": old | words, "POST": words, "DELETE": old - words}[request.method]
        act = Act(actor=caller(), channel="api", wanted={"tags": sorted(done)})
        account.tickets.update(ticket, act)
        ticket.writes += 1
        if request.method == "DELETE":
            return "", 204
        return {"tags": list(ticket.tags)}, 201 if request.method == "POST" else 200

    return api


def _act(account: Account, asked: Json, ticket: Ticket | None) -> Act:
    wanted = account.changes.judged(asked)
    if ticket is None:
        own = {"requester_id": caller().id, "submitter_id": caller().id, "subject": ""}
        wanted = own | wanted
    # A comment is as public as the ticket's first one, unless it says itself.
    public = ticket is None or bool(comment_events(ticket)[0]["public"])
    return Act(
        actor=caller(),
        channel="api",
        wanted=wanted,
        comment=written_comment(
            account, asked.get("comment"), caller(), public=public, ticket=ticket
        ),
        metadata=asked.get("metadata") or {},
    )


def _sideloads(account: Account, ticket: Ticket) -> Json:
    values, people, found = ticket.values, account.people, {}
    include = request.args.get("include", "").split(",")
    if "users" in include:
        names = ("requester_id", "submitter_id", "assignee_id")
        ids = dict.fromkeys(values[name] for name in names if values[name])
        found["users"] = [people.user(each).shown(account.url) for each in ids]
    if "organizations" in include:
        number = values["organization_id"]
        known = [people.organization(number).shown(account.url)] if number else []
        found["organizations"] = known
    return found


def _empty_audit(ticket: Ticket, act: Act) -> Json:
    # What Zendesk answers when nothing changed is not known; nothing of this is kept.
    return {
        "id": None,
        "ticket_id": ticket.id,
        "created_at": None,
        "author_id": act.actor.id,
        "metadata": {"system": {}, "custom": {}},
        "events": [],
        "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
    }
