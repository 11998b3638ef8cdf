"""Opening, changing and deleting tickets: one act, one audit, one run of the triggers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from support_policy.demo.zendesk_double.audits import Comment, Draft, Scribe
from support_policy.demo.zendesk_double.changes import Changes
from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.envelopes import Envelopes
from support_policy.demo.zendesk_double.people import User
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import invalid, not_found
from support_policy.demo.zendesk_double.sender import Sender
from support_policy.demo.zendesk_double.tickets import Ticket
from support_policy.demo.zendesk_double.triggers import TriggerRun
from support_policy.demo.zendesk_double.webhooks import Webhooks

FIRST_TICKET: Final = 1001
EMPTY: Final[dict[str, Any]] = {
    "subject": None,
    "status": "new",
    "priority": None,
    "type": None,
    "due_at": None,
    "external_id": None,
    "problem_id": None,
    "requester_id": None,
    "submitter_id": None,
    "assignee_id": None,
    "organization_id": None,
    "group_id": None,
    "brand_id": None,
    "ticket_form_id": None,
    "tags": [],
}


@dataclass(slots=True, kw_only=True)
class Act:
    """What somebody does to a ticket at once; `marks` is what Zendesk itself notes of it."""

    actor: User
    channel: str
    wanted: dict[str, Any]
    comment: Comment | None = None
    metadata: Json = field(default_factory=dict)
    marks: Json = field(default_factory=dict)


class Ticketing:
    """The tickets of one account; every method wants the account's lock held."""

    def __init__(
        self,
        clock: Clock,
        scribe: Scribe,
        changes: Changes,
        run: TriggerRun,
        *,
        webhooks: Webhooks,
        envelopes: Envelopes,
        sender: Sender,
    ) -> None:
        self._clock = clock
        self._scribe = scribe
        self._changes = changes
        self._run = run
        self._webhooks = webhooks
        self._envelopes = envelopes
        self._sender = sender
        self._tickets: dict[int, Ticket] = {}
        self._numbers = itertools.count(FIRST_TICKET)
        self._turns = itertools.count(1)
        self.defaults: Callable[[], dict[str, Any]] = dict
        """Values that a new ticket has when nobody asks for others: brand, form."""

    def get(self, identifier: int) -> Ticket:
        """The ticket of that number; refused when there is none, or no longer."""
        ticket = self._tickets.get(identifier)
        if ticket is None or ticket.deleted:
            raise not_found()
        return ticket

    def kept(self, identifier: int) -> Ticket:
        """The ticket of that number, though it may be deleted."""
        return self._tickets[identifier]

    def all(self) -> list[Ticket]:
        """Every ticket that was not deleted, oldest first."""
        return [ticket for ticket in self._tickets.values() if not ticket.deleted]

    def exported(self) -> list[Ticket]:
        """Every ticket, deleted ones too, in the order of their last changes."""
        return sorted(self._tickets.values(), key=lambda ticket: ticket.turn)

    def open(self, act: Act) -> Ticket:
        """A new ticket."""
        if act.comment is None:
            raise invalid("description", "Description: cannot be blank", "BlankValue")
        now = self._clock.now()
        ticket = Ticket(
            id=next(self._numbers),
            description=act.comment.body,
            channel=act.channel,
            created_at=now,
            updated_at=now,
            values=dict(EMPTY),
            is_public=act.comment.public,
        )
        draft = self._draft(ticket, act, created=True)
        wanted = self.defaults() | act.wanted
        self._changes.check_organization(ticket, wanted)
        self._tickets[ticket.id] = ticket
        self._changes.put(draft, wanted)
        if ticket.values["status"] == "new":
            # A new ticket has a status though nobody set one; its audit says so.
            ticket.values["status"] = None
            self._scribe.put(draft, "status", "new")
        self._scribe.remark(draft, act.comment)
        self._finish(draft)
        return ticket

    def update(self, ticket: Ticket, act: Act) -> Json | None:
        """Change a ticket; its audit, or None when nothing changed."""
        if ticket.closed:
            raise invalid("status", "Status: closed prevents ticket update", "ClosedTicket")
        self._changes.check_organization(ticket, act.wanted)
        draft = self._draft(ticket, act, created=False)
        self._changes.put(draft, self._with_reopening(ticket, act))
        if act.comment is not None:
            self._scribe.remark(draft, act.comment)
            ticket.is_public = ticket.is_public or act.comment.public
        return self._finish(draft) if draft.events else None

    @staticmethod
    def _with_reopening(ticket: Ticket, act: Act) -> dict[str, Any]:
        # A customer's reply opens what waited for it.
        waits = ticket.values["status"] in {"pending", "hold", "solved"}
        answers = act.comment is not None and not act.actor.staff
        return {"status": "open", **act.wanted} if waits and answers else act.wanted

    def delete(self, ticket: Ticket, actor: User) -> None:
        """Put a ticket in the bin; the export tells of it."""
        ticket.deleted = True
        self._touch(ticket)
        self._tell(ticket, self._envelopes.of_deletion(ticket, actor.id))

    def touch(self, ticket: Ticket) -> None:
        """Somebody else's change at the same moment, of nothing that shows."""
        self._touch(ticket)

    def _draft(self, ticket: Ticket, act: Act, *, created: bool) -> Draft:
        before = dict(EMPTY, status=None) if created else dict(ticket.values)
        return Draft(
            ticket=ticket,
            actor=act.actor,
            channel=act.channel,
            created=created,
            before=before,
            metadata=act.metadata,
            marks=act.marks,
        )

    def _finish(self, draft: Draft) -> Json:
        ticket = draft.ticket
        self._touch(ticket)
        calls = self._run.run(draft)
        audit = self._scribe.audit(draft, self._clock.stamp())
        ticket.audits.append(audit)
        self._tell(ticket, self._envelopes.of(draft))
        for call in calls:
            if call.webhook_id in self._webhooks.shelf:
                body = call.body.encode()
                self._sender.submit(
                    call.webhook_id, body, ticket_id=ticket.id, event="conditional_ticket_events"
                )
        return audit

    def _touch(self, ticket: Ticket) -> None:
        ticket.updated_at = self._clock.now()
        ticket.generated = int(self._clock.exact().timestamp())
        ticket.turn = next(self._turns)

    def _tell(self, ticket: Ticket, events: list[tuple[str, bytes]]) -> None:
        for kind, body in events:
            for webhook in self._webhooks.listening(kind):
                self._sender.submit(webhook["id"], body, ticket_id=ticket.id, event=kind)
