"""Audits: who did what to a ticket at once, event by event."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any, Final

from support_policy.demo.zendesk_double.people import User
from support_policy.demo.zendesk_double.records import Ids, Json
from support_policy.demo.zendesk_double.tickets import Ticket

SHOWN_AS_TEXT: Final = (int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Something written on a ticket; `body` and `html` are the same text in two forms."""

    body: str
    html: str
    author: User
    public: bool = True


def comment(text: str, author: User, *, public: bool, markup: str | None = None) -> Comment:
    """A comment from plain text, or from HTML where that was sent."""
    if markup is not None:
        plain = html.unescape("".join(_without_tags(markup))).strip()
        return Comment(body=text or plain, html=markup, author=author, public=public)
    marked = f'<div class="zd-comment" dir="auto"><p dir="auto">{html.escape(text)}</p></div>'
    return Comment(body=text, html=marked, author=author, public=public)


def _without_tags(markup: str) -> list[str]:
    parts = markup.replace("<br>", "\n").replace("</p>", "\n").split("<")
    return [parts[0], *(part.partition(">")[2] for part in parts[1:])]


@dataclass(slots=True, kw_only=True)
class Draft:
    """The audit that an act is about to become, and what the ticket was before."""

    ticket: Ticket
    actor: User
    channel: str
    created: bool
    before: dict[str, Any]
    comment: Comment | None = None
    metadata: Json = field(default_factory=dict)
    marks: Json = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Every value that differs from before: old and new."""
        now = self.ticket.values
        return {
            name: (self.before.get(name), now.get(name))
            for name in {**self.before, **now}
            if self.before.get(name) != now.get(name)
        }


class Scribe:
    """Writes events and audits."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def put(self, draft: Draft, name: str, value: Any, rule: Json | None = None) -> bool:
        """Set a value and note it; false when the ticket already has it."""
        old = draft.ticket.values.get(name)
        if old == value:
            return False
        draft.ticket.values[name] = value
        event: Json = {
            "id": self._ids.number(),
            "type": "Create" if draft.created and rule is None else "Change",
            "field_name": name,
            "value": as_text(value),
        }
        if event["type"] == "Change":
            event["previous_value"] = as_text(old)
        self._add(draft, event, rule)
        return True

    def remark(self, draft: Draft, said: Comment) -> None:
        """Note the comment."""
        draft.comment = said
        event: Json = {
            "id": self._ids.number(),
            "type": "Comment",
            "author_id": said.author.id,
            "body": said.body,
            "html_body": said.html,
            "plain_body": said.body,
            "public": said.public,
            "attachments": [],
        }
        self._add(draft, event, None)

    def notify(self, draft: Draft, webhook: str, body: str, rule: Json) -> None:
        """Note that a trigger called a webhook."""
        event: Json = {
            "id": self._ids.number(),
            "type": "Notification",
            "subject": "",
            "body": body,
            "recipients": [],
            "webhook_id": webhook,
        }
        self._add(draft, event, rule)

    def _add(self, draft: Draft, event: Json, rule: Json | None) -> None:
        if rule is not None:
            source = {"from": {**rule, "deleted": False}, "to": {}, "rel": "trigger"}
            event["via"] = {"channel": "rule", "source": source}
        draft.events.append(event)

    def audit(self, draft: Draft, stamp: str) -> Json:
        """The audit itself."""
        return {
            "id": self._ids.number(),
            "ticket_id": draft.ticket.id,
            "created_at": stamp,
            "author_id": draft.actor.id,
            "metadata": {"system": {}, "custom": dict(draft.metadata), **draft.marks},
            "events": draft.events,
            "via": {
                "channel": draft.channel,
                "source": {"from": {}, "to": {}, "rel": None},
            },
        }


def as_text(value: Any) -> Any:
    """How events write values: numbers as their digits, lists and nothing as they are."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value) if isinstance(value, SHOWN_AS_TEXT) else value
