"""What event webhooks send: a fixed envelope with traps of its own."""

from __future__ import annotations

import json
import uuid
from typing import Any, Final

from support_policy.demo.zendesk_double.audits import Draft
from support_policy.demo.zendesk_double.clock import Clock, iso
from support_policy.demo.zendesk_double.records import Ids, Json
from support_policy.demo.zendesk_double.tickets import Ticket

VERSION: Final = "2022-11-06"
_CHANGES: Final = {
    "status": "ticket.status_changed",
    "priority": "ticket.priority_changed",
    "requester_id": "ticket.requester_changed",
    "organization_id": "ticket.organization_changed",
    "brand_id": "ticket.brand_changed",
    "tags": "ticket.tags_changed",
}
_SHOUTED: Final = {"status", "priority", "type"}
_CHANNELS: Final = {"email": "mail", "api": "web_service"}


class Envelopes:
    """Writes the events of one account."""

    def __init__(self, ids: Ids, clock: Clock, account_id: int) -> None:
        self._ids = ids
        self._clock = clock
        self._account_id = account_id

    def of(self, draft: Draft) -> list[tuple[str, bytes]]:
        """Every event that a finished act makes: its type and its bytes."""
        found: list[tuple[str, Json]] = []
        if draft.created:
            found.append(("ticket.created", {}))
        else:
            changed = draft.changed()
            found += [
                (kind, _change(name, *changed[name]))
                for name, kind in _CHANGES.items()
                if name in changed
            ]
        if draft.comment is not None and not draft.created:
            found.append(("ticket.comment_added", {"comment": _comment(draft)}))
        return self._written(found, draft.ticket, draft.actor.id)

    def of_deletion(self, ticket: Ticket, actor: int) -> list[tuple[str, bytes]]:
        """The event of a ticket that was deleted."""
        return self._written([("ticket.soft_deleted", {})], ticket, actor)

    def _written(
        self, found: list[tuple[str, Json]], ticket: Ticket, actor: int
    ) -> list[tuple[str, bytes]]:
        sequence = self._ids.ulid()
        written = []
        for position, (kind, event) in enumerate(found, start=1):
            meta = {"meta": {"sequence": {"id": sequence, "position": position}}}
            whole = self._envelope(kind, event if not event else event | meta, ticket, actor)
            written.append((kind, json.dumps(whole, indent=2, ensure_ascii=False).encode()))
        return written

    def _envelope(self, kind: str, event: Json, ticket: Ticket, actor: int) -> Json:
        return {
            "account_id": self._account_id,
            "detail": detail(ticket, actor),
            "event": event,
            "id": str(uuid.UUID(bytes=self._ids.secret(16), version=4)),
            "subject": f"zen:ticket:{ticket.id}",
            "time": self._clock.nanoseconds(),
            "type": f"zen:event-type:{kind}",
            "zendesk_event_version": VERSION,
        }


def detail(ticket: Ticket, actor: int) -> Json:
    """The ticket as events show it: ids are texts, enums shout, no custom fields."""
    values = ticket.values
    return {
        "id": str(ticket.id),
        "actor_id": str(actor),
        "assignee_id": _text(values["assignee_id"]),
        "brand_id": _text(values["brand_id"]),
        "created_at": iso(ticket.created_at),
        "custom_status": None,
        "description": ticket.description,
        "external_id": values["external_id"],
        "form_id": _text(values["ticket_form_id"]),
        "group_id": _text(values["group_id"]),
        "is_public": ticket.is_public,
        "organization_id": _text(values["organization_id"]),
        "priority": _shouted(values["priority"]),
        "requester_id": _text(values["requester_id"]),
        "status": _shouted(values["status"]),
        "subject": values["subject"],
        "submitter_id": _text(values["submitter_id"]),
        "tags": list(ticket.tags) or None,
        "type": _shouted(values["type"]),
        "updated_at": iso(ticket.updated_at),
        "via": {"channel": _CHANNELS.get(ticket.channel, ticket.channel)},
    }


def _change(name: str, old: Any, new: Any) -> Json:
    if name == "tags":
        before, after = set(old or []), set(new or [])
        return {
            "tags_added": sorted(after - before),
            "tags_removed": sorted(before - after),
        }
    write = _shouted if name in _SHOUTED else _text
    return {"current": write(new), "previous": write(old)}


def _comment(draft: Draft) -> Json:
    said = draft.comment
    assert said is not None  # noqa: S101 - the caller looked
    author = said.author
    return {
        "author": {
            "id": str(author.id),
            "is_staff": author.staff,
            "name": author.name,
        },
        "body": said.body,
        "is_public": said.public,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _shouted(value: str | None) -> str | None:
    return None if value is None else value.upper()
