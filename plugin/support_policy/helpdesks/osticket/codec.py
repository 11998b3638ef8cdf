"""What our plugin in osTicket sends, and what it is told; pure.

The plugin carries the whole ticket, read anew at each sending, and waits for the decision: the
webhook's answer is the only way in where nobody may call the help desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from support_policy.helpdesk import Answered, Answers, Delivery, Origin
from support_policy.helpdesks.osticket.signature import ID, check, sign
from support_policy.helpdesks.osticket.wire import Fields, spell, utc
from support_policy.helpdesks.token import parse_object

# osTicket's own names; an admin can add others, which are nobody's here.
PRIORITIES = {
    "low": Priority.LOW,
    "normal": Priority.NORMAL,
    "high": Priority.HIGH,
    "emergency": Priority.URGENT,
}
NAMES = {priority: name for name, priority in PRIORITIES.items()}
STAMP = "support-policy "
"""What begins the stamp that stands in brackets at the end of our notes."""

_CHANNELS = {
    "web": Channel.WEB,
    "email": Channel.EMAIL,
    "phone": Channel.PHONE,
    "api": Channel.API,
}
# The open form takes its own source from whoever posts it.
_PROVEN = {
    "client": Channel.WEB,
    "guest": Channel.WEB,
    "email": Channel.EMAIL,
    "api": Channel.API,
}
_FIELDS = ("class", "expected_at", "reason", "state")
_STATUSES = {"open": False, "closed": True}
_PAID_HELP = {"permission.asked": "asked", "message.created": "message"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OsTicketCodec:
    """Webhooks of our plugin, signed with one of these secrets' keys."""

    desk: str
    keys: tuple[bytes, ...] = field(repr=False)
    departments: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        """The plugin is answered with the decision."""
        return Answers(new=200, known=200, reply=self.reply)

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery | None:
        """The delivery in a webhook; None for the plugin's test call."""
        del token
        check(body, headers, self.keys, now=now)
        event = parse_object(body)
        if event.get("event") != headers.get(ID):
            raise MalformedError("the body is of another event than its signature")
        kind = event.get("type")
        if kind == "ping":
            return None
        if isinstance(kind, str) and kind in _PAID_HELP:
            return self._hint(event, now=now)
        if kind != "ticket.created":
            raise MalformedError("the event is none that is known here")
        data = event.get("ticket")
        delivery = self.delivery(data, now=now, ticket=self.ticket(data))
        return replace(delivery, observed=event.get("mode") == "observe")

    def delivery(
        self,
        data: object,
        *,
        now: datetime,
        ticket: Ticket | None = None,
        origin: Origin = "webhook",
    ) -> Delivery:
        """The delivery of a ticket's opening, the same from the webhook and from the sweep."""
        fields = Fields.of(data)
        return Delivery(
            desk=self.desk,
            key=f"opened:{fields.number('id')}",
            ticket_id=fields.text("number"),
            received_at=now,
            opened_at=fields.instant("created_at"),
            origin=origin,
            ticket=ticket,
        )

    def _hint(self, event: Mapping[str, Any], *, now: datetime) -> Delivery:
        """That permission was asked, or that a customer wrote: what was said is read later."""
        fields = Fields.of(event.get("ticket"))
        kind = _PAID_HELP[event["type"]]
        of_it = event["event"] if kind == "asked" else Fields.of(event).number("entry")
        return Delivery(
            desk=self.desk,
            key=f"{kind}:{fields.number('id')}:{of_it}",
            ticket_id=fields.text("number"),
            received_at=now,
            topic="permission",
        )

    def ticket(self, data: object) -> Ticket:
        """A ticket as the plugin gives it; MalformedError names what is wrong with it."""
        fields = Fields.of(data)
        fields.number("id")
        requester = Fields.of(fields.values.get("requester"))
        body, priority = fields.text("body", empty=True), fields.text("priority", null=True)
        return Ticket(
            ref=TicketRef(desk=self.desk, id=fields.text("number")),
            subject=fields.text("subject", empty=True),
            # The reader tells markup from text by how it begins.
            body=f"<div>{body}</div>" if fields.text("format") == "html" else body,
            received_at=fields.instant("created_at"),
            channel=_channel(fields),
            requester=Requester(
                address=requester.text("address", null=True) or None,
                language=_language(requester.text("language", null=True)),
            ),
            opened_by=Author.STAFF if fields.text("opened_by") == "staff" else Author.REQUESTER,
            department=self.departments.get(fields.text("department", empty=True)),
            closed=fields.one_of("status", _STATUSES),
            priority=PRIORITIES.get(priority),
            due_at=fields.instant("due_at") if fields.values.get("due_at") is not None else None,
            tags=fields.texts("tags"),
            fields=_own_fields(Fields.of(fields.values.get("fields"))),
            set_by_staff=frozenset(
                name for name in Field if name.value in fields.texts("set_by_staff")
            ),
            notes=frozenset(note.removeprefix(STAMP) for note in fields.texts("notes")),
            tells_who=True,
            logged_in={"client": True, "guest": False}.get(fields.text("identity")),
            movable="department" not in fields.texts("set_by_staff"),
            revision=fields.text("revision", empty=True),
        )

    def reply(
        self, answered: Answered | None, *, headers: Mapping[str, str], now: datetime
    ) -> tuple[bytes, Mapping[str, str]]:
        """The signed answer to a webhook, of the same event."""
        event = headers.get(ID, "")
        said: dict[str, Any] = {"type": "pong", "event": event}
        if answered is not None:
            number = answered.delivery.key.partition(":")[2]
            said = decision(
                event=event,
                ticket={"id": int(number), "number": answered.delivery.ticket_id},
                at=answered.at,
                writes=answered.writes,
                update=answered.update,
                departments=self.departments,
            )
            said["passed_over"] = answered.passed_over
        body = spell(said)
        return body, sign(body, self.keys, event=event, now=now)


def decision(
    *,
    event: str,
    ticket: Mapping[str, object],
    at: datetime,
    writes: bool,
    update: Update | None,
    departments: Mapping[str, str],
) -> dict[str, Any]:
    """A decision in the plugin's words; of two on one ticket it keeps to the later."""
    department = update.department if update else None
    move = next((name for name, word in departments.items() if word == department), None)
    return {
        "type": "ticket.decision",
        "event": event,
        "ticket": dict(ticket),
        "decided_at": utc(at, timespec="microseconds"),
        "mode": "enforce" if writes else "observe",
        "passed_over": "",
        "update": (_update(update, move) or None) if update else None,
    }


def _update(update: Update, department: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "priority": NAMES.get(update.priority) if update.priority else None,
        "due_at": utc(update.due_at) if update.due_at else None,
        "target": update.target,
        "department": department,
        "tags": list(update.tags),
        "fields": {name: value for name, value in update.fields if name in _FIELDS},
        "note": _note(update.note) if update.note else None,
    }
    return {name: value for name, value in said.items() if value}


def _note(explanation: Explanation) -> dict[str, str]:
    """The private note; no words of a customer in it can pass for a stamp of ours."""
    stamp = STAMP + explanation.stamp
    text = explanation.note.replace("[" + STAMP.strip(), "[ " + STAMP.strip())
    return {"stamp": stamp, "text": f"{text}\n\n[{stamp}]"}


def _language(code: str) -> str | None:
    """``fr_CA`` as the language that it is; None for nobody's choice."""
    return code.replace("-", "_").partition("_")[0].lower() or None


def _channel(fields: Fields) -> Channel:
    """How the ticket came in: what whoever opened it cannot forge goes before what they can."""
    identity, source = fields.text("identity"), fields.text("source", empty=True)
    return _PROVEN.get(identity) or _CHANNELS.get(source, Channel.OTHER)


def _own_fields(fields: Fields) -> tuple[tuple[str, str], ...]:
    found = ((name, fields.text(name, null=True)) for name in _FIELDS)
    return tuple((name, value) for name, value in found if value)
