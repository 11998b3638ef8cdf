"""Tickets, as they are kept and as REST shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from support_policy.demo.zendesk_double.clock import iso
from support_policy.demo.zendesk_double.fields import STATUSES, Fields
from support_policy.demo.zendesk_double.records import Json

PLAIN: Final = (
    "subject",
    "status",
    "priority",
    "type",
    "due_at",
    "external_id",
    "requester_id",
    "submitter_id",
    "assignee_id",
    "organization_id",
    "group_id",
    "brand_id",
    "ticket_form_id",
    "problem_id",
)
"""What a ticket holds besides tags and custom fields, in REST's names."""


@dataclass(slots=True, kw_only=True)
class Ticket:
    """One ticket; `values` holds REST's names, "tags", and custom fields by their id's digits."""

    id: int
    description: str
    channel: str
    created_at: datetime
    updated_at: datetime
    values: dict[str, Any]
    audits: list[Json] = field(default_factory=list)
    is_public: bool = True
    deleted: bool = False
    writes: int = 0
    turn: int = 0
    """Place in the incremental export: every change moves a ticket to the end."""
    generated: int = 0

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, in order."""
        return tuple(self.values["tags"])

    @property
    def closed(self) -> bool:
        """Nothing changes a closed ticket."""
        return bool(self.values["status"] == "closed")


def shown(ticket: Ticket, fields: Fields, url: str) -> Json:
    """As REST shows it."""
    values = ticket.values
    custom = [
        {"id": each["id"], "value": values.get(str(each["id"]), empty(each))}
        for each in fields.custom()
    ]
    return {
        "url": f"{url}/api/v2/tickets/{ticket.id}.json",
        "id": ticket.id,
        "via": {"channel": ticket.channel, "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "generated_timestamp": ticket.generated,
        "raw_subject": values["subject"],
        "description": ticket.description,
        **{name: values.get(name) for name in PLAIN},
        "status": "deleted" if ticket.deleted else values["status"],
        "recipient": None,
        "collaborator_ids": [],
        "follower_ids": [],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "has_incidents": False,
        "is_public": ticket.is_public,
        "tags": list(ticket.tags),
        "custom_fields": custom,
        "fields": [dict(each) for each in custom],
        "satisfaction_rating": None,
        "sharing_agreement_ids": [],
        "custom_status_id": STATUSES.index(values["status"]) + 1,
        "followup_ids": [],
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": False,
    }


def empty(field_record: Json) -> Any:
    """What an untouched custom field shows."""
    return False if field_record["type"] == "checkbox" else None


def tidy_tags(tags: Iterable[object]) -> list[str]:
    """Tags as Zendesk keeps them: small letters, each once, sorted."""
    words = {word for each in tags for word in str(each).lower().split()}
    return sorted(words)
