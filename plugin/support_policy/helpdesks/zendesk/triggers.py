"""What the account tells us of, and in which words; pure.

The webhook's requests say ids only: a customer's words could break the JSON around them, or put
something into it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from support_policy.core.explain import Texts
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.fields import ASK_TAG
from support_policy.helpdesks.zendesk.resource import Ref, Resource

OPENED = {"event": "ticket.opened", "ticket_id": "{{ticket.id}}"}
"""The body that tells of a new ticket, before Zendesk fills it in."""

CHANGED = {
    "event": "ticket.changed",
    "ticket_id": "{{ticket.id}}",
    "updated_at": "{{ticket.updated_at_with_timestamp}}",
    "requester_id": "{{ticket.requester.id}}",
    "organization_id": "{{ticket.organization.id}}",
    "brand_id": "{{ticket.brand.id}}",
    "group_id": "{{ticket.group.id}}",
}
"""The body that tells of a ticket that is another person's or team's now."""

ASKED = {
    "event": "ticket.permission_asked",
    "ticket_id": "{{ticket.id}}",
    "updated_at": "{{ticket.updated_at_with_timestamp}}",
}
"""The body that tells that an agent wants permission for paid help to be asked for."""

ANSWERED = {
    "event": "ticket.customer_answered",
    "ticket_id": "{{ticket.id}}",
    "updated_at": "{{ticket.updated_at_with_timestamp}}",
}
"""The body that tells of a customer's message while such a request is open."""

HEARD_TAGS = "fee_requested fee_expired"
"""The tags of a ticket on which a request is open, or was until its time was over: any of them."""

WEBHOOK = Ref("webhook", "tickets")
CATEGORY = Ref("trigger_category", "category")
_HANDS = ("requester_id", "organization_id", "brand_id", "group_id")


def triggers(account: Account, texts: Texts, *, asks: bool) -> Iterator[Resource]:
    """The triggers; those of permission for paid help only where it is asked for."""
    more = texts.say("zendesk.trigger.more")
    open_ticket = _condition("status", "less_than", "closed")  # a closed one takes no write
    change = _condition("update_type", "is", "Change")
    opened = {"title": texts.say("zendesk.trigger.opened"), "description": more}
    new = [_condition("update_type", "is", "Create")]
    yield _trigger("opened", opened, (new, []), OPENED, account)
    changed = {"title": texts.say("zendesk.trigger.changed"), "description": more}
    hands = [{"field": field, "operator": "changed"} for field in _HANDS]
    yield _trigger("changed", changed, ([change, open_ticket], hands), CHANGED, account)
    if not asks:
        return
    # On every change while the tag is there, not only on that which brought it: what was not
    # heard of once is heard of at the next. Our own answer takes the tag away, so that it ends.
    asked = {"title": texts.say("zendesk.trigger.asked"), "description": more}
    tagged = [_condition("current_tags", "includes", ASK_TAG), open_ticket]
    yield _trigger("asked", asked, (tagged, []), ASKED, account)
    answered = {"title": texts.say("zendesk.trigger.answered"), "description": more}
    answer = [
        change,
        _condition("current_tags", "includes", HEARD_TAGS),
        _condition("comment_is_public", "is", "true"),
        _condition("role", "is", "end_user"),
        open_ticket,
    ]
    yield _trigger("answered", answered, (answer, []), ANSWERED, account)


def _trigger(
    name: str,
    words: dict[str, str],
    conditions: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    payload: dict[str, str],
    account: Account,
) -> Resource:
    every, some = conditions
    body: dict[str, Any] = {
        **words,
        "active": True,
        "conditions": {"all": every, "any": some},
        "actions": [{"field": "notification_webhook", "value": [WEBHOOK, json.dumps(payload)]}],
    }
    if account.has("trigger_category"):
        body["category_id"] = CATEGORY
    return Resource(kind="trigger", name=name, title=words["title"], body=body)


def _condition(field: str, operator: str, value: str) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}
