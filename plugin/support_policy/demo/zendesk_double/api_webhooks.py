"""Webhooks over REST."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import ACCOUNT_ID, Account
from support_policy.demo.zendesk_double.attempt import Answer, Target, attempt
from support_policy.demo.zendesk_double.calling import admin, body
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import not_found
from support_policy.demo.zendesk_double.sender import Delivery, Sent
from support_policy.demo.zendesk_double.webhooks import BY_TRIGGERS, TEST_SECRET, shown


def webhooks_api(account: Account) -> Blueprint:
    """Routes for the webhooks themselves."""
    api = Blueprint("webhooks", __name__, url_prefix="/api/v2/webhooks")
    webhooks = account.webhooks

    @api.get("")
    def list_all() -> ResponseReturnValue:
        admin()
        words = request.args.get("filter[name_contains]", "").lower()
        status = request.args.get("filter[status]")
        found = [
            shown(each)
            for each in webhooks.shelf
            if words in str(each["name"]).lower() and status in (None, each["status"])
        ]
        return page("webhooks", found)

    @api.post("")
    def create() -> ResponseReturnValue:
        return {"webhook": shown(webhooks.create(body("webhook"), admin().id))}, 201

    @api.get("/<identifier>")
    def show(identifier: str) -> ResponseReturnValue:
        admin()
        return {"webhook": shown(webhooks.shelf.get(identifier))}

    @api.route("/<identifier>", methods=["PUT", "PATCH"])
    def update(identifier: str) -> ResponseReturnValue:
        whole = request.method == "PUT"
        webhooks.change(identifier, body("webhook"), admin().id, whole=whole)
        return "", 204

    @api.delete("/<identifier>")
    def delete(identifier: str) -> ResponseReturnValue:
        admin()
        webhooks.remove(identifier)
        return "", 204

    @api.get("/<identifier>/signing_secret")
    def secret(identifier: str) -> ResponseReturnValue:
        admin()
        return _secret(webhooks.secret(identifier))

    @api.post("/<identifier>/signing_secret")
    def reset(identifier: str) -> ResponseReturnValue:
        admin()
        return _secret(webhooks.reset_secret(identifier)), 201

    return api


def deliveries_api(account: Account) -> Blueprint:
    """Routes for what became of a webhook's calls, and for trying one."""
    api = Blueprint("deliveries", __name__, url_prefix="/api/v2/webhooks")

    @api.get("/<identifier>/invocations")
    def invocations(identifier: str) -> ResponseReturnValue:
        admin()
        account.webhooks.shelf.get(identifier)
        own = [each for each in account.sender.invocations if each.webhook_id == identifier]
        return page("invocations", [_invocation(each) for each in reversed(own)])

    @api.get("/<identifier>/invocations/<invocation>/attempts")
    def attempts(identifier: str, invocation: str) -> ResponseReturnValue:
        admin()
        account.webhooks.shelf.get(identifier)
        own = [each for each in account.sender.sent if each.invocation_id == invocation]
        if not own:
            raise not_found()
        return page("attempts", [_attempt(each) for each in own if not each.dropped])

    @api.post("/test")
    def test() -> ResponseReturnValue:
        admin()
        asked = body("request")
        target = _test_target(account, asked)
        text = str(asked.get("payload") or "").encode()
        with account.lock:
            invocation = account.ids.ulid()
        answer = attempt(
            target,
            text,
            clock=account.clock,
            account_id=ACCOUNT_ID,
            invocation_id=invocation,
            timeout=account.sender.timeout,
        )
        return {"response": _test_response(answer)}

    return api


def _test_target(account: Account, asked: Json) -> Target:
    identifier = request.args.get("webhook_id")
    wanted = {"http_method": "POST", "request_format": "json"}
    if not identifier:
        values = wanted | asked
        untold = {"name": "-", "status": "active", "subscriptions": [BY_TRIGGERS]}
        account.webhooks.check(untold | values)
        return Target(values, TEST_SECRET)
    with account.lock:
        kept = account.webhooks.shelf.get(identifier)
        named = {name: value for name, value in asked.items() if name in kept and value}
        return Target({**kept, **named}, account.webhooks.secret(identifier))


def _secret(secret: str) -> Json:
    return {"signing_secret": {"secret": secret, "algorithm": "SHA256"}}


def _invocation(delivery: Delivery) -> Json:
    return {
        "id": delivery.invocation_id,
        "latest_completed_at": delivery.at,
        "status": delivery.status,
        "status_code": None,
    }


def _attempt(sent: Sent) -> Json:
    answer = sent.answer
    return {
        "id": f"{sent.invocation_id}-{sent.attempt}",
        "invocation_id": sent.invocation_id,
        "completed_at": sent.at,
        "status": "success" if answer and answer.fine else "failed",
        "request": {"headers": sent.headers, "payload": sent.body.decode()},
        "response": _test_response(answer) if answer else None,
    }


def _test_response(answer: Answer) -> Json:
    return {
        "status_code": answer.status,
        "headers": [{"key": name, "value": value} for name, value in answer.headers.items()],
        "payload": answer.text or answer.error or "",
    }
