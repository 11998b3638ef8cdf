"""A posting about paid help as the requests that bring it onto a ticket; pure.

Zendesk takes one comment with one update: each message is an update of its own, and the last one
carries tags, status and fields as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape
from typing import Any

from support_policy.helpdesk import Post, Posting
from support_policy.helpdesks.zendesk.fields import ASK_TAG, REASONS
from support_policy.helpdesks.zendesk.ledger import ASK_FIELDS

METADATA = "support_policy_paid_help"
"""The key under which an audit of ours says which message it brought, as ``{"stamp": …}``."""

_LINK = re.compile(r"https://[^\s<>\"'{}]+[^\s<>\"'{}.,;:!?)\]]")
_STAMP_LIKE = re.compile(r"\[(PH-[^\]\n]*)\]")
_WAITS = {"new": "pending", "open": "pending"}
_GOES_ON = {"pending": "open"}


def left(posting: Posting, posted: Collection[str]) -> tuple[Post, ...]:
    """The messages that are not there yet, those to the customer first."""
    missing = (post for post in posting.posts if post.stamp not in posted)
    return tuple(sorted(missing, key=lambda post: not post.public))


def put_post(
    ticket: Mapping[str, Any], post: Post | None, posting: Posting, fields: Mapping[str, str]
) -> dict[str, Any]:
    """The body of one PUT with one message, and what else of a posting; empty when nothing changes.

    ``ticket`` is as the REST API gave it. ``tags`` replaces the whole list, and ``safe_update``
    makes Zendesk refuse that when anything was changed since the ticket was read.
    """
    values: dict[str, Any] = {}
    if (tags := _tags(ticket, posting)) is not None:
        values["tags"] = tags
    if status := _status(ticket, posting):
        values["status"] = status
    if posting.clear_ask and (filled := list(_filled(ticket, fields))):
        values["custom_fields"] = [{"id": int(number), "value": None} for number in filled]
    if post is not None:
        values["comment"] = {"html_body": markup(post), "public": post.public}
        values["metadata"] = {METADATA: {"stamp": post.stamp}}
    if not values:
        return {}
    values |= {"safe_update": True, "updated_stamp": ticket.get("updated_at")}
    return {"ticket": values}


def markup(post: Post) -> str:
    """A comment's HTML: ``body`` would be read as Markdown, and lose its empty lines.

    Zendesk fills in placeholders in both and links every #number to a ticket; neither may happen
    to words that somebody else wrote. Links stay as they are, and can be clicked.
    """
    text = _STAMP_LIKE.sub(r"(\1)", post.text)  # a customer's quoted stamp would be taken for ours
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        parts += [_plain(text[end : link.start()]), _link(link[0])]
        end = link.end()
    parts.append(_plain(f"{text[end:]}\n\n[{post.stamp}]"))
    return "".join(parts).replace("\n", "<br>")


def _plain(text: str) -> str:
    harmless = text.replace("\r\n", "\n").replace("{", "(").replace("}", ")")
    return escape(re.sub(r"#(?=\d)", "# ", harmless))


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'


def _tags(ticket: Mapping[str, Any], posting: Posting) -> list[str] | None:
    """All tags as they should be; None when they are so already.

    Those that come from the field of the reason go with its value: as tags they would set it again.
    """
    now = [str(tag) for tag in ticket.get("tags") or ()]
    away = {*posting.remove_tags, *((ASK_TAG, *REASONS) if posting.clear_ask else ())}
    kept = [tag for tag in now if tag not in away]
    wanted = [*kept, *(tag for tag in posting.add_tags if tag not in kept)]
    return wanted if set(wanted) != set(now) else None


def _status(ticket: Mapping[str, Any], posting: Posting) -> str | None:
    now = str(ticket.get("status"))
    if posting.wait:
        return _WAITS.get(now)
    return _GOES_ON.get(now) if posting.resume else None


def _filled(ticket: Mapping[str, Any], fields: Mapping[str, str]) -> Iterator[str]:
    """The ids of what was filled in for the ask."""
    values = {str(row.get("id")): row.get("value") for row in ticket.get("custom_fields") or ()}
    for name in ASK_FIELDS:
        if values.get(fields.get(name, "")) not in (None, ""):
            yield fields[name]
