"""Everything that should be in an account for a policy; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from support_policy.core.explain import Texts
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.macros import macros
from support_policy.helpdesks.zendesk.native_slas import native_slas
from support_policy.helpdesks.zendesk.resource import Ref, Resource
from support_policy.helpdesks.zendesk.views import views
from support_policy.texts import load_texts

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

# The names are those of ledger.FIELDS.
_TYPES = {"expected_at": "text", "expected_on": "date", "class": "text", "reason": "textarea"}


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
    language: str = "en",
) -> Blueprint:
    """The blueprint for one account; what its plan lacks is left out.

    ``language`` is that of the agents, ``en`` or ``fr``.
    """
    texts = load_texts(language)
    lines = [
        *_fields(texts),
        *_category(account, texts),
        _webhook(public_url, desk),
        *_triggers(account, texts),
        *macros(replies, account, texts),
        *views(policy, texts),
        *native_slas(policy, account, texts, today=today),
    ]
    return Blueprint(
        resources=tuple(line for line in lines if isinstance(line, Resource)),
        left_out=tuple(line for line in lines if isinstance(line, str)),
    )


def _fields(texts: Texts) -> Iterator[Resource]:
    for name, kind in _TYPES.items():
        title, description = _field_words(name, texts)
        yield Resource(
            kind="ticket_field",
            name=name,
            title=title,
            body={
                "title": title,
                "agent_description": f"policy_{name}: {description}",
                "active": True,
                "required": False,
                "visible_in_portal": False,
                "editable_in_portal": False,
            },
            once={"type": kind},
        )


def _field_words(name: str, texts: Texts) -> tuple[str, str]:
    """A field's title, and what agents read below it."""
    return {
        "expected_at": (
            texts.say("zendesk.field.expected_at"),
            texts.say("zendesk.field.expected_at.more"),
        ),
        "expected_on": (
            texts.say("zendesk.field.expected_on"),
            texts.say("zendesk.field.expected_on.more"),
        ),
        "class": (texts.say("zendesk.field.class"), texts.say("zendesk.field.class.more")),
        "reason": (texts.say("zendesk.field.reason"), texts.say("zendesk.field.reason.more")),
    }[name]


def _category(account: Account, texts: Texts) -> Iterator[Resource | str]:
    if account.has("trigger_category"):
        title = texts.say("zendesk.triggers")
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


def _triggers(account: Account, texts: Texts) -> Iterator[Resource]:
    more = texts.say("zendesk.trigger.more")
    new = [_condition("update_type", "is", "Create")]
    yield _trigger(
        "opened",
        {"title": texts.say("zendesk.trigger.opened"), "description": more},
        (new, []),
        OPENED,
        account,
    )
    changed = [
        _condition("update_type", "is", "Change"),
        _condition("status", "less_than", "closed"),  # a closed ticket cannot be written to
    ]
    hands = [{"field": field, "operator": "changed"} for field in _HANDS]
    yield _trigger(
        "changed",
        {"title": texts.say("zendesk.trigger.changed"), "description": more},
        (changed, hands),
        CHANGED,
        account,
    )


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
        body["category_id"] = _CATEGORY
    return Resource(kind="trigger", name=name, title=words["title"], body=body)


def _condition(field: str, operator: str, value: str) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}
