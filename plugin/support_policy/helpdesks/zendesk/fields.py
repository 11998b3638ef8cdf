"""The ticket fields that we make: what we write, and what agents fill in; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from support_policy.core.explain import Texts
from support_policy.helpdesks.zendesk.resource import Resource

REASONS = {"policy_fee_outside": "outside", "policy_fee_correction": "correction"}
"""Why help is paid for, by the values of the field, which Zendesk puts on the ticket as tags."""

ASK_TAG = "ask_fee_permission"
"""The tag by which an agent asks for it; the macro puts it on."""

# The names are those of ledger.FIELDS and ledger.ASK_FIELDS.
_TYPES = {"expected_at": "text", "expected_on": "date", "class": "text", "reason": "textarea"}
_ASK_TYPES = {
    "ask_reason": "tagger",
    "ask_work": "text",
    "ask_blocks": "integer",
    "ask_permitter": "text",
}


def fields(texts: Texts, *, asks: bool) -> Iterator[Resource]:
    """The fields; those of permission for paid help only where it is asked for."""
    for name, kind in {**_TYPES, **(_ASK_TYPES if asks else {})}.items():
        title, description = _words(name, texts)
        body: dict[str, Any] = {
            "title": title,
            "agent_description": f"policy_{name}: {description}",
            "active": True,
            "required": False,
            "visible_in_portal": False,
            "editable_in_portal": False,
        }
        if kind == "tagger":
            body["custom_field_options"] = _options(texts)
        yield Resource(kind="ticket_field", name=name, title=title, body=body, once={"type": kind})


def _options(texts: Texts) -> list[dict[str, str]]:
    words = {
        "outside": texts.say("zendesk.option.outside"),
        "correction": texts.say("zendesk.option.correction"),
    }
    return [{"name": words[reason], "value": value} for value, reason in REASONS.items()]


def _words(name: str, texts: Texts) -> tuple[str, str]:
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
        "ask_reason": (
            texts.say("zendesk.field.ask_reason"),
            texts.say("zendesk.field.ask_reason.more"),
        ),
        "ask_work": (
            texts.say("zendesk.field.ask_work"),
            texts.say("zendesk.field.ask_work.more"),
        ),
        "ask_blocks": (
            texts.say("zendesk.field.ask_blocks"),
            texts.say("zendesk.field.ask_blocks.more"),
        ),
        "ask_permitter": (
            texts.say("zendesk.field.ask_permitter"),
            texts.say("zendesk.field.ask_permitter.more"),
        ),
    }[name]
