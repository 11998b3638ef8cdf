"""An update as the one request that applies it, and what its answer shows; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from support_policy.core.ticket import Ticket
from support_policy.core.update import Explanation, Update
from support_policy.errors import UnavailableError
from support_policy.helpdesks.zendesk.codec import PRIORITIES
from support_policy.helpdesks.zendesk.history import METADATA

FIELD_LIMIT = 1000
"""Characters of the longest text written to a field of ours."""


def put(ticket: Ticket, update: Update, fields: Mapping[str, str]) -> dict[str, Any]:
    """The body of the one PUT that applies an update; empty when nothing on the ticket changes.

    ``safe_update`` makes Zendesk refuse it when the ticket was changed since it was read, so that
    ``tags``, which replaces the whole list, can drop nobody's. What we told is in the metadata.
    """
    values: dict[str, Any] = {}
    if update.priority and update.priority.value in PRIORITIES:
        values["priority"] = update.priority.value
    if update.tags:
        values["tags"] = [*ticket.tags, *update.tags]
    if custom := custom_values(update, fields):
        values["custom_fields"] = [{"id": int(number), "value": v} for number, v in custom.items()]
    if update.note:
        values["comment"] = {"html_body": note(update.note), "public": False}
    if not values:
        return {}
    values["metadata"] = {METADATA: _telling(ticket, update)}
    values |= {"safe_update": True, "updated_stamp": ticket.revision}
    return {"ticket": values}


def custom_values(update: Update, fields: Mapping[str, str]) -> dict[str, str]:
    """The values of our ticket fields, by id; one that was never made is left out."""
    return {fields[name]: value for name, value in _wanted(update).items() if name in fields}


def unmade(update: Update, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The names of values for which the account has no field."""
    return tuple(name for name in _wanted(update) if name not in fields)


def _wanted(update: Update) -> dict[str, str]:
    wanted = {
        name: value.strip()[:FIELD_LIMIT].strip()
        for name, value in update.fields
        if name in ("class", "reason")
    }
    if update.due_at:
        # In the company's own zone: the day is the day of its clock.
        due = update.due_at.isoformat()
        wanted |= {"expected_at": due, "expected_on": due[:10]}
    return wanted


def not_kept(
    body: Mapping[str, Any], answer: Mapping[str, Any], fields: Mapping[str, str]
) -> tuple[str, ...]:
    """The names of what the answer to a PUT shows otherwise than it was asked; UnavailableError."""
    asked, kept = body["ticket"], answer.get("ticket")
    if not isinstance(kept, Mapping):
        raise UnavailableError("Zendesk's answer holds no ticket")
    lost = []
    if asked.get("priority", kept.get("priority")) != kept.get("priority"):
        lost.append("priority")
    if not set(asked.get("tags", ())) <= set(kept.get("tags") or ()):
        lost.append("tags")
    names = {number: name for name, number in fields.items()}
    there = {str(each.get("id")): each.get("value") for each in kept.get("custom_fields") or ()}
    lost += [
        names[str(each["id"])]
        for each in asked.get("custom_fields", ())
        if there.get(str(each["id"])) != each["value"]
    ]
    return tuple(lost)


def note(explanation: Explanation) -> str:
    """A private comment's HTML.

    Zendesk fills in its own placeholders and links every #number to the ticket of that number:
    words of a customer must do neither.
    """
    text = explanation.note.replace("{", "(").replace("}", ")")
    text = re.sub(r"#(?=\d)", "# ", text)
    return escape(text).replace("\n", "<br>")


def _telling(ticket: Ticket, update: Update) -> dict[str, str]:
    """What our newest write says of itself, whole each time: only the newest is read."""
    note = {"note": update.note.stamp} if update.note else {}
    return {**dict(ticket.fields), **dict(update.fields), **note}
