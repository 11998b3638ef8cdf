"""Macros: what they fill into an agent's draft."""

from __future__ import annotations

import re
from typing import Final

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.fields import taken
from support_policy.demo.zendesk_double.people import LOCALES, User
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.tickets import tidy_tags

_CONTENT: Final = re.compile(r"\{\{\s*(dc\.[\w.-]+)\s*\}\}")


def effects(account: Account, macro: Json, tags: list[str]) -> Json:
    """What it would make of a ticket with these tags; nothing is changed."""
    after: Json = {}
    said: Json = {}
    for action in macro["actions"]:
        name, value = action["field"], action["value"]
        if name == "comment_value":
            said["body"] = value[-1] if isinstance(value, list) else value
        elif name == "comment_value_html":
            said["html_body"] = value
        elif name == "comment_mode_is_public":
            said["public"] = str(value) == "true"
        elif name.endswith("_tags"):
            words = set(tidy_tags([value]))
            old = set(after.get("tags", tags))
            changes = {"current_tags": old | words, "remove_tags": old - words}
            after["tags"] = sorted(changes.get(name, words))
        elif name.startswith("custom_fields_"):
            field = account.fields.get(name.removeprefix("custom_fields_"))
            kept = {"id": field["id"], "value": taken(field, value)}
            after.setdefault("custom_fields", []).append(kept)
        else:
            after[name] = value
    return {**after, "comment": said} if said else after


def in_language(account: Account, text: str, reader: User) -> str:
    """The text with its dynamic content, in the reader's language or in the default one."""
    number = {name: number for number, name, _ in LOCALES}.get(reader.locale)

    def content(place: re.Match[str]) -> str:
        for item in account.items:
            if item["placeholder"] == f"{{{{{place[1]}}}}}":
                variants = sorted(item["variants"], key=lambda each: not each["default"])
                own = [each for each in variants if each["locale_id"] == number]
                return str((own or variants)[0]["content"])
        return ""

    return _CONTENT.sub(content, text)
