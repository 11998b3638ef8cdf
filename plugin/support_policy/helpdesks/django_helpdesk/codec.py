"""django-helpdesk's JSON, in and out; pure.

The shapes are those of django-helpdesk 2.6.1: its webhook sends the same JSON of a ticket as its
REST API, unsigned, so that a secret in the address is the proof of origin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from support_policy.core.ticket import (
    Author,
    Channel,
    Field,
    Priority,
    Requester,
    Ticket,
    TicketRef,
)
from support_policy.core.update import Explanation, Update
from support_policy.errors import MalformedError
from support_policy.helpdesk import PLAIN_ANSWERS, Answers, Delivery, Origin
from support_policy.helpdesks.django_helpdesk.history import (
    BY_EMAIL,
    BY_WEB,
    NOTE_STAMP,
    follow_ups,
    instant,
    is_ours,
    moment,
    opened_by_customer,
    opening_of,
    private_comments,
)
from support_policy.helpdesks.django_helpdesk.paid_help import told
from support_policy.helpdesks.token import check_token, parse_object

PRIORITIES = {
    1: Priority.URGENT,
    2: Priority.HIGH,
    3: Priority.NORMAL,
    4: Priority.LOW,
    5: Priority.LOWEST,
}
NUMBERS = {priority: number for number, priority in PRIORITIES.items()}
DEFAULT_PRIORITY = 3
OPEN_STATUSES = (1, 2)
OWN_FIELDS = ("class", "expected_at", "reason", "state")
FIELD_LIMIT = 1000
"""Characters of the longest value written to a field of ours."""

_DEFAULTS: Mapping[Field, tuple[str, Any]] = {
    Field.PRIORITY: ("priority", DEFAULT_PRIORITY),
    Field.DUE_AT: ("due_date", None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DjangoHelpdeskCodec:
    """Reads webhooks and tickets, and writes requests, of one django-helpdesk.

    ``departments`` maps a queue's number to a department of the policy. ``app_users`` are
    the numbers of user accounts that are programs, whose acts are not a person's.
    """

    desk: str
    tokens: tuple[str, ...] = field(repr=False)
    departments: Mapping[str, str] = field(default_factory=dict)
    app_users: frozenset[int] = frozenset()
    answers: Answers = PLAIN_ANSWERS

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery | None:
        """The delivery in the webhook of a new ticket, or of a follow-up on one."""
        del headers  # nothing in them is signed
        check_token(token, self.tokens)
        payload = parse_object(body)
        ticket = payload.get("ticket")
        if not isinstance(ticket, dict):
            raise MalformedError("the body has no ticket")
        if "followup_id" in payload:
            follow_up = payload["followup_id"]
            if type(follow_up) is not int:
                raise MalformedError("the follow-up has no number")
            return self.permission(ticket, follow_up=follow_up, now=now)
        return self.delivery(ticket, now=now)

    def permission(
        self,
        ticket: Mapping[str, Any],
        *,
        now: datetime,
        follow_up: int | None = None,
        origin: Origin = "webhook",
    ) -> Delivery | None:
        """The delivery of what a ticket asks of us about paid help; None when it asks nothing.

        ``follow_up`` is the one that a webhook tells of; the sweep looks at the newest.
        """
        number = _number(ticket)
        key = told(ticket, ticket=number, follow_up=follow_up)
        if key is None:
            return None
        return Delivery(
            desk=self.desk,
            key=key,
            ticket_id=str(number),
            received_at=now,
            origin=origin,
            topic="permission",
        )

    def delivery(
        self, ticket: Mapping[str, Any], *, now: datetime, origin: Origin = "webhook"
    ) -> Delivery:
        """The delivery of a ticket's opening, the same from the webhook and from the sweep."""
        number = _number(ticket)
        opening = opening_of(ticket)
        hint = {
            "priority": ticket.get("priority"),
            "due_date": ticket.get("due_date"),
            "seen_at": now.isoformat(),
        }
        return Delivery(
            desk=self.desk,
            key=f"opened:{number}:{opening.get('date', '')}",
            ticket_id=str(number),
            received_at=now,
            opened_at=moment(opening.get("date")),
            origin=origin,
            hint=json.dumps(hint)
            if origin == "webhook"
            else json.dumps({"seen_at": now.isoformat()}),
        )

    def ticket(self, data: Mapping[str, Any], *, hint: str = "{}") -> Ticket:
        """A ticket as the REST API gives it; ``hint`` is what its delivery knew."""
        known = json.loads(hint)
        opening = opening_of(data)
        return Ticket(
            ref=TicketRef(desk=self.desk, id=str(data["id"])),
            subject=data.get("title") or "",
            body=data.get("description") or "",
            received_at=instant(opening.get("date") or known.get("seen_at")),
            channel=_channel(opening),
            requester=Requester(address=data.get("submitter_email") or None),
            opened_by=self._opened_by(opening),
            department=self.departments.get(str(data.get("queue"))),
            closed=data.get("status") not in OPEN_STATUSES,
            priority=PRIORITIES.get(data.get("priority") or 0),
            due_at=instant(data["due_date"]) if data.get("due_date") else None,
            tags=tuple((data.get("custom_policy_tags") or "").split()),
            fields=tuple(
                (name, value) for name in OWN_FIELDS if (value := data.get(f"custom_policy_{name}"))
            ),
            set_by_staff=self._set_by_staff(data, known, opening),
            notes=frozenset(NOTE_STAMP.findall("\n".join(private_comments(data)))),
        )

    def _opened_by(self, opening: Mapping[str, Any]) -> Author:
        if opening.get("user") in self.app_users:
            return Author.APP
        return Author.REQUESTER if opened_by_customer(opening) else Author.STAFF

    def _set_by_staff(
        self, data: Mapping[str, Any], known: Mapping[str, Any], opening: Mapping[str, Any]
    ) -> frozenset[Field]:
        """Which values are a person's own.

        The API does not tell who changed a field, and the desk's edit page leaves no trace at all.
        A value counts as a staff member's when a staff member opened the ticket with something
        else than the default, or when it is not the one at its opening; where that one is not
        known, only if staff have written on the ticket. Once we have written, our stamp says what
        we left to people, and the store knows what was ours.
        """
        if state := data.get("custom_policy_state"):
            return frozenset(
                name for name in Field if name in str(state).partition(" ")[0].split("+")[1:]
            )
        chose = self._opened_by(opening) is Author.STAFF
        touched = any(self._by_person(each) for each in follow_ups(data) if each is not opening)
        mine = set()
        for name, (key, default) in _DEFAULTS.items():
            value, opened_with = data.get(key), known.get(key, default)
            at_opening = chose and value != default and (value == opened_with or key not in known)
            since = value != opened_with and (touched or key in known)
            if at_opening or since:
                mine.add(name)
        return frozenset(mine)

    def _by_person(self, follow_up: Mapping[str, Any]) -> bool:
        user = follow_up.get("user")
        return user is not None and user not in self.app_users and not is_ours(follow_up)


def patch(ticket: Ticket, update: Update) -> dict[str, Any]:
    """The body of the PATCH that applies an update, without its note."""
    body: dict[str, Any] = {}
    if update.priority:
        body["priority"] = NUMBERS[update.priority]
    if update.due_at:
        body["due_date"] = update.due_at.isoformat()
    if update.tags:
        body["custom_policy_tags"] = _tags(ticket.tags, update.tags)
    for name, value in update.fields:
        body[f"custom_policy_{name}"] = value.strip()[:FIELD_LIMIT].strip()
    return body


def _tags(there: tuple[str, ...], ours: tuple[str, ...]) -> str:
    """Everything that was there, and as many of ours as the field can hold."""
    text = " ".join(there)
    for tag in ours:
        if len(text) + 1 + len(tag) <= FIELD_LIMIT:
            text = f"{text} {tag}".strip()
    return text


def note(explanation: Explanation) -> str:
    """A private follow-up's comment.

    django-helpdesk renders comments as Django templates, links every #number to the ticket of that
    number, and shows Markdown: words of a customer must not do any of that.
    """
    text = explanation.note.replace("{", "(").replace("}", ")")
    text = re.sub(r"#(?=\d)", "# ", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;")
    text = re.sub(r"([\\`*_\[\]()>!])", r"\\\1", text)
    return f"{text}\n\n[support-policy {explanation.stamp}]"


def _number(ticket: Mapping[str, Any]) -> int:
    number = ticket.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise MalformedError("the ticket has no number")
    return number


def _channel(opening: Mapping[str, Any]) -> Channel:
    title = str(opening.get("title") or "")
    if title.startswith(BY_WEB):
        return Channel.WEB
    if title.startswith(BY_EMAIL):
        return Channel.EMAIL
    return Channel.OTHER
