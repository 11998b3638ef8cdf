"""Zendesk's webhooks, tickets and updates, in and out; pure.

A trigger's request says ids only, for its text is put together by Zendesk without regard to JSON;
an event's request is Zendesk's own envelope. Both are hints: the ticket is read over REST.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from support_policy.core.ticket import (
    Channel,
    Field,
    Priority,
    Requester,
    Ticket,
    TicketRef,
)
from support_policy.errors import MalformedError, UnavailableError
from support_policy.helpdesk import Answers, Delivery, Origin
from support_policy.helpdesks.token import parse_object
from support_policy.helpdesks.zendesk.history import History, read_history
from support_policy.helpdesks.zendesk.signature import check

CLOSED = frozenset({"closed", "deleted"})
"""What nobody can write on any more; a solved ticket opens again when the customer answers."""

PRIORITIES = {
    "low": Priority.LOW,
    "normal": Priority.NORMAL,
    "high": Priority.HIGH,
    "urgent": Priority.URGENT,
}
# What an account whose priority field has the sub-type Basic makes of the values it lacks.
CLAMPED = {Priority.LOW: Priority.NORMAL, Priority.URGENT: Priority.HIGH}
ANSWERS = Answers(new=200, known=200, again=409)
"""Zendesk repeats what is answered 409, and loses what is answered 500."""

_TOLD_ONLY = ("expected_at", "state")  # people may change the field; this is what we said
_EVENT = "zen:event-type:ticket."
_OPENED = frozenset({"ticket.opened", _EVENT + "created"})
_PERMISSION = {"ticket.permission_asked": "asked", "ticket.customer_answered": "message"}
_CHANGED = frozenset(
    {
        "ticket.changed",
        *(
            f"{_EVENT}{what}_changed"
            for what in ("brand", "group_assignment", "organization", "requester")
        ),
    }
)
# An open word: what is not here is "other".
_CHANNELS = {
    "web": Channel.WEB,
    "email": Channel.EMAIL,
    "voice": Channel.PHONE,
    "phone": Channel.PHONE,
    "chat": Channel.CHAT,
    "native_messaging": Channel.CHAT,
    "api": Channel.API,
    "web_service": Channel.API,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A ticket as the REST API gives it, with its audits and the people they name."""

    ticket: Mapping[str, Any]
    audits: tuple[Mapping[str, Any], ...]
    people: Mapping[int, Mapping[str, Any]]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZendeskCodec:
    """Reads webhooks and tickets, and writes requests, of one account.

    ``departments`` maps a group's id to a department of the policy. ``programs`` are the ids of
    users that are programs, whose acts are not a person's. ``default_language`` is what Zendesk
    gives to everybody who never chose a language: it says nothing about the person.
    """

    desk: str
    secrets: Callable[[], tuple[str, ...]] = field(repr=False)
    departments: Mapping[str, str] = field(default_factory=dict)
    programs: frozenset[int] = frozenset()
    default_language: str = "en"
    answers: Answers = ANSWERS

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery | None:
        """The delivery in a trigger's or an event's request."""
        del token  # the proof is the signature
        check(headers, body, self.secrets(), now=now)
        payload = parse_object(body)
        kind = next((word for key in ("event", "type") if (word := _text(payload, key))), "")
        if kind in _OPENED:
            return self.opened(_ticket_id(payload), now=now)
        if kind in _CHANGED:
            return self._told("changed", payload, body, now=now)
        if kind in _PERMISSION:
            return replace(
                self._told(_PERMISSION[kind], payload, body, now=now), topic="permission"
            )
        if kind == "ping" or kind.startswith("zen:event-type:"):
            return None
        raise MalformedError("the body tells of no event that is known here")

    def _told(
        self, what: str, payload: Mapping[str, Any], body: bytes, *, now: datetime
    ) -> Delivery:
        """The delivery of what may happen again and again on a ticket."""
        number = _ticket_id(payload)
        # Of what is signed: repeats are alike to the last byte, and only they.
        key = f"{what}:{number}:{sha256(body).hexdigest()[:32]}"
        hint = json.dumps({"seen_at": now.isoformat()})
        return Delivery(desk=self.desk, key=key, ticket_id=number, received_at=now, hint=hint)

    def opened(
        self,
        number: str,
        *,
        now: datetime,
        origin: Origin = "webhook",
        opened_at: datetime | None = None,
    ) -> Delivery:
        """The delivery of a ticket's opening, the same from a trigger, an event and the sweep."""
        return Delivery(
            desk=self.desk,
            key=f"opened:{number}",
            ticket_id=number,
            received_at=now,
            origin=origin,
            hint=json.dumps({"seen_at": now.isoformat()}),
            opened_at=opened_at,
        )

    def ticket(self, found: Found) -> Ticket:
        """A ticket in the words all help desks share; UnavailableError for an odd answer."""
        data = found.ticket
        history = read_history(found.audits, tracked(found.fields))
        own = _own_values(found, history)
        roles = {number: str(person.get("role")) for number, person in found.people.items()}
        shown = PRIORITIES.get(str(data.get("priority")))
        priority = _meant(shown, history)
        expected = own.pop("expected_at", None)
        told = {name: history.told[name] for name in _TOLD_ONLY if name in history.told}
        return Ticket(
            ref=TicketRef(desk=self.desk, id=str(data.get("id"))),
            subject=_text(data, "subject") or _text(data, "raw_subject"),
            body=_text(data, "description"),
            received_at=moment(data.get("created_at")),
            channel=_CHANNELS.get(_channel(data), Channel.OTHER),
            requester=self.requester(found),
            opened_by=history.author(roles, self.programs),
            department=self.departments.get(str(data.get("group_id"))),
            closed=data.get("status") in CLOSED,
            priority=priority,
            due_at=_expected(expected),
            tags=tuple(str(tag) for tag in data.get("tags") or ()),
            fields=tuple({**own, **told}.items()),
            set_by_staff=history.set_by_staff(roles, self.programs),
            notes=history.notes,
            tells_who=True,
            clamped=priority is not shown,
            revision=str(data.get("updated_at") or ""),
        )

    def requester(self, found: Found) -> Requester:
        """Who asked for help, as Zendesk knows them."""
        person = found.people.get(_int(found.ticket.get("requester_id")), {})
        locale = str(person.get("locale") or "").lower().partition("-")[0]
        return Requester(
            address=_text(person, "email") or None,
            language=locale if locale not in ("", self.default_language) else None,
        )


def tracked(fields: Mapping[str, str]) -> dict[str, Field]:
    """The fields that people set too, by their names in audits: a custom one is its id."""
    own = {fields["expected_at"]: Field.DUE_AT} if "expected_at" in fields else {}
    return {"priority": Field.PRIORITY, **own}


def _meant(priority: Priority | None, history: History) -> Priority | None:
    """The priority that was written where the account has only a neighbour of it to show."""
    for asked, shown in CLAMPED.items():
        told = f"priority={asked}" in history.told.get("state", "").split()
        if told and priority is shown and Field.PRIORITY not in history.since:
            return asked
    return priority


def _own_values(found: Found, history: History) -> dict[str, str]:
    """What our fields say; what we told, for a field that is not there (any more).

    A field that was made anew is empty, and nobody emptied it: then nothing is said, and it is
    filled again. The day is only ever written with the time.
    """
    rows = found.ticket.get("custom_fields") or ()
    there = {str(row.get("id")): row.get("value") for row in rows}
    values = {
        name: there[number]
        if (number := found.fields.get(name)) in there
        else history.told.get(name)
        for name in ("class", "reason", "expected_at")
    }
    no_day = there.get(found.fields.get("expected_on", ""), "gone") in (None, "")
    if no_day and values["expected_at"] == history.told.get("expected_at"):
        values["expected_at"] = None
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _ticket_id(payload: Mapping[str, Any]) -> str:
    detail = payload.get("detail")
    number = detail.get("id") if isinstance(detail, Mapping) else payload.get("ticket_id")
    text = str(number) if isinstance(number, int | str) and not isinstance(number, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text)):
        raise MalformedError("the body names no ticket")
    return str(int(text))


def _channel(data: Mapping[str, Any]) -> str:
    via = data.get("via")
    return str(via.get("channel")) if isinstance(via, Mapping) else ""


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def moment(value: object) -> datetime:
    """An instant of Zendesk's, which always carries its offset; UnavailableError otherwise."""
    at = _expected(value)
    if at is None:
        raise UnavailableError("Zendesk's answer holds a moment that is none")
    return at


def _expected(value: object) -> datetime | None:
    """An instant where there may be none: people write into fields what they like."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
