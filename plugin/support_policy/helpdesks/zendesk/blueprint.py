"""Everything that should be in an account for a policy; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.macros import macros
from support_policy.helpdesks.zendesk.native_slas import schedule, sla_policies
from support_policy.helpdesks.zendesk.resource import Ref, Resource
from support_policy.helpdesks.zendesk.views import views

# What the webhook's requests say: ids only. A customer's words could break the JSON around them,
# or put something into it.
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

WEBHOOK = Ref("webhook", "tickets")
_CATEGORY = Ref("trigger_category", "category")
_HANDS = ("requester_id", "organization_id", "brand_id", "group_id")

# Title, type, and what agents read below the field; the names are those of ledger.FIELDS.
_FIELDS = {
    "expected_at": (
        "Support Policy: expected first response",
        "text",
        "when a first response is expected, not guaranteed: an ISO 8601 time with its offset",
    ),
    "expected_on": (
        "Support Policy: expected on",
        "date",
        "the day on which a first response is expected, not guaranteed",
    ),
    "class": ("Support Policy: class", "text", "the class of the written support policy"),
    "reason": (
        "Support Policy: reason",
        "textarea",
        "which clause and which words of the customer decided",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What should be there, and in sentences what is left out and why."""

    resources: tuple[Resource, ...]
    left_out: tuple[str, ...]


def draw(
    *,
    policy: Policy,
    replies: Sequence[Reply],
    public_url: str,
    desk: str,
    account: Account,
    today: date,
) -> Blueprint:
    """The blueprint for one account; what its plan lacks is left out."""
    hours, no_hours = schedule(policy, account, today=today)
    lines = [
        *_fields(),
        *_category(account),
        _webhook(public_url, desk),
        *_triggers(account),
        *macros(replies, account),
        *views(policy),
        *hours,
        *sla_policies(policy, account, no_hours=no_hours),
    ]
    return Blueprint(
        resources=tuple(line for line in lines if isinstance(line, Resource)),
        left_out=tuple(line for line in lines if isinstance(line, str)),
    )


def _fields() -> Iterator[Resource]:
    for name, (title, kind, description) in _FIELDS.items():
        yield Resource(
            kind="ticket_field",
            name=name,
            title=title,
            body={
                "title": title,
                "agent_description": f"policy_{name}: {description}. Written by Support Policy.",
                "active": True,
                "required": False,
                "visible_in_portal": False,
                "editable_in_portal": False,
            },
            once={"type": kind},
        )


def _category(account: Account) -> Iterator[Resource | str]:
    if account.has("trigger_category"):
        title = "Support Policy"
        yield Resource(
            kind="trigger_category",
            name=_CATEGORY.name,
            title=title,
            body={"name": title},
            once={"position": 0},  # before all others, so that theirs see our priority
        )
    else:
        yield "trigger category: the account has none"


def _webhook(public_url: str, desk: str) -> Resource:
    title = f"Support Policy ({desk})"
    return Resource(
        kind=WEBHOOK.kind,
        name=WEBHOOK.name,
        title=title,
        body={
            "name": title,
            "endpoint": f"{public_url.rstrip('/')}/webhooks/{desk}",
            "http_method": "POST",
            "request_format": "json",
            "status": "active",
            "subscriptions": ["conditional_ticket_events"],
        },
    )


def _triggers(account: Account) -> Iterator[Resource]:
    new = [_condition("update_type", "is", "Create")]
    yield _trigger("opened", "new ticket", new, [], OPENED, account)
    changed = [
        _condition("update_type", "is", "Change"),
        _condition("status", "less_than", "closed"),  # a closed ticket cannot be written to
    ]
    hands = [{"field": field, "operator": "changed"} for field in _HANDS]
    yield _trigger("changed", "ticket changed hands", changed, hands, CHANGED, account)


def _trigger(
    name: str,
    title: str,
    every: list[dict[str, Any]],
    some: list[dict[str, Any]],
    payload: dict[str, str],
    account: Account,
) -> Resource:
    title = f"Support Policy: {title}"
    body = {
        "title": title,
        "description": "Tells Support Policy of a ticket, by its number only.",
        "active": True,
        "conditions": {"all": every, "any": some},
        "actions": [{"field": "notification_webhook", "value": [WEBHOOK, json.dumps(payload)]}],
    }
    if account.has("trigger_category"):
        body["category_id"] = _CATEGORY
    return Resource(kind="trigger", name=name, title=title, body=body)


def _condition(field: str, operator: str, value: str) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}
