"""The people around a double of osTicket, for the contract and for what is osTicket's alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.helpdesks.contract import BODY, REQUESTER, SUBJECT, Webhook
from tests.osticket_double import API_KEY, OsTicketDouble

from support_policy.core.ticket import Priority, TicketRef
from support_policy.helpdesks.http import new_session
from support_policy.helpdesks.osticket.client import OsTicket
from support_policy.helpdesks.osticket.codec import OsTicketCodec
from support_policy.helpdesks.osticket.signature import key_of

NAME = "osticket"
WORDS = {
    Priority.URGENT: "emergency",
    Priority.HIGH: "high",
    Priority.NORMAL: "normal",
    Priority.LOW: "low",
}


def desk_for(double: OsTicketDouble, *, url: str = "", api_key: str | None = API_KEY) -> OsTicket:
    """The adapter as the settings make it for this osTicket."""
    keys = tuple(key for each in double.sender.secrets if (key := key_of(each)))
    codec = OsTicketCodec(desk=NAME, keys=keys, departments={"Level 2": "level_2"})
    return OsTicket(
        name=NAME,
        url=url or double.url,
        api_key=api_key,
        codec=codec,
        session=new_session(),
        clock=lambda: datetime.now(UTC),
    )


@dataclass(slots=True, kw_only=True)
class OsTicketPlace:
    """Customers and agents of one osTicket."""

    double: OsTicketDouble
    desk: OsTicket

    def open_ticket(
        self, *, subject: str = SUBJECT, body: str = BODY, requester: str = REQUESTER, **more: Any
    ) -> TicketRef:
        values = {"address": requester, **more}
        return self._named(self.double.helpdesk.open(subject, body, **values))

    def requester_chooses(
        self, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> TicketRef:
        """The public form believes a priority and an SLA plan that it never showed.

        Nobody but agents can name a due date; what the plan comes to is the nearest there is.
        """
        values: dict[str, Any] = {"priority": WORDS[priority]} if priority else {}
        if due_at is not None:
            values |= {"plan": "somebody's own plan", "est_duedate": due_at}
        return self.open_ticket(**values)

    def staff_open(self, *, priority: Priority) -> TicketRef:
        return self.open_ticket(by="agent", source="phone", priority=WORDS[priority])

    def staff_set(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        values: dict[str, Any] = {"priority": WORDS[priority]} if priority else {}
        if due_at is not None:
            values["duedate"] = due_at
        self.double.helpdesk.agent_sets(ref.id, **values)

    def staff_reply(self, ref: TicketRef, text: str) -> None:
        self.double.helpdesk.agent_replies(ref.id, text)

    def others_tag(self, ref: TicketRef, tag: str) -> None:
        self.double.helpdesk.agent_tags(ref.id, tag)

    def close_ticket(self, ref: TicketRef) -> None:
        self.double.helpdesk.agent_closes(ref.id)

    def webhook(self, ref: TicketRef) -> Webhook:
        request = self.double.sender.webhook(self.double.ticket(ref.id))
        return Webhook(headers=request.headers, body=request.body, token="")

    def proven(self, body: bytes) -> Webhook:
        headers = self.double.sender.signed("an-event", body)
        return Webhook(headers=headers, body=body, token="")

    # Permission for paid help

    def tag(self, ref: TicketRef, *tags: str) -> None:
        for tag in tags:
            self.double.helpdesk.agent_tags(ref.id, tag)

    def ask(self, ref: TicketRef, *, reason: str, work: str, blocks: int) -> None:
        self.double.helpdesk.agent_asks(ref.id, reason=reason, work=work, blocks=blocks)

    def asked_webhook(self, ref: TicketRef) -> Webhook:
        return self._hinted(ref, "permission.asked")

    def customer_writes(self, ref: TicketRef, text: str, **how: Any) -> None:
        self.double.helpdesk.customer_writes(ref.id, text, **how)

    def agent_writes(self, ref: TicketRef, text: str, *, public: bool) -> None:
        write = self.double.helpdesk.agent_replies if public else self.double.helpdesk.agent_notes
        write(ref.id, text)

    def message_webhook(self, ref: TicketRef) -> Webhook:
        return self._hinted(ref, "message.created")

    def _hinted(self, ref: TicketRef, kind: str) -> Webhook:
        ours = [each for each in self.double.helpdesk.hints if each.ticket.number == ref.id]
        hint = [each for each in ours if each.kind == kind][-1]
        request = self.double.sender.hint(hint)
        return Webhook(headers=request.headers, body=request.body, token="")

    def seen_by_customer(self, ref: TicketRef) -> Sequence[str]:
        return self._texts(ref, "response")

    def seen_by_agents(self, ref: TicketRef) -> Sequence[str]:
        return self._texts(ref, "note")

    def _texts(self, ref: TicketRef, kind: str) -> Sequence[str]:
        return [each.text for each in self.double.ticket(ref.id).thread if each.kind == kind]

    def waits(self, ref: TicketRef) -> bool | None:
        """Not a status: osTicket's mark that takes a ticket out of the open queue."""
        return self.double.ticket(ref.id).is_answered

    def close(self, ref: TicketRef) -> None:
        self.double.helpdesk.agent_closes(ref.id)

    def visible_to_requester(self, ref: TicketRef) -> str:
        ticket = self.double.ticket(ref.id)
        said = [each.text for each in ticket.thread if each.kind != "note"]
        return "\n".join([ticket.subject, *said])

    def last_note(self, ref: TicketRef) -> str:
        """osTicket shows a text note as it was written: it is escaped on its way to the page."""
        return [each.text for each in self.double.ticket(ref.id).thread if each.kind == "note"][-1]

    def length(self, ref: TicketRef) -> int:
        ticket = self.double.ticket(ref.id)
        return len(ticket.thread) + len(ticket.events)

    def missing(self) -> TicketRef:
        return TicketRef(desk=NAME, id="999999")

    def _named(self, number: str) -> TicketRef:
        return TicketRef(desk=NAME, id=number)
