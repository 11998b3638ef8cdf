"""The straight line, from a kept delivery to written fields."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from support_policy.accounts import Accounts
from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.explain import explain
from support_policy.core.facts import Facts, Reader
from support_policy.core.policy import Policy
from support_policy.core.schedule import tzdata_version
from support_policy.core.ticket import Author, Standing, Ticket
from support_policy.core.update import Update, changes, kept_fields
from support_policy.errors import BusyError, ConflictError, UnavailableError
from support_policy.helpdesk import TicketDesk
from support_policy.settings import Mode
from support_policy.store import record
from support_policy.store.decisions import Basis
from support_policy.store.deliveries import Taken
from support_policy.store.store import Store
from support_policy.texts import load_texts

logger = logging.getLogger(__name__)

_OVERTAKEN = "a later attempt has this delivery"

LOOKS = 3
"""How often a ticket is read anew at most because it was changed before we wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A help desk, and what may be done to it; ``notes`` allows the private note."""

    helpdesk: TicketDesk
    mode: Mode
    language: str
    notes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Everything the work on a delivery needs; ``now`` is the only clock."""

    policy: Policy
    reader: Reader
    accounts: Accounts
    desks: Mapping[str, Desk]
    store: Store
    now: Callable[[], datetime]

    def work(self, taken: Taken) -> str:
        """Read, decide, see what differs, write it, record it; why not, when nothing was done.

        A crash anywhere is harmless: a second run reads the ticket again and finds nothing left to
        change. Of two attempts at once, which only a stalled process can cause, the earlier one
        stops before it writes unless it is already writing, and only the later one is recorded.
        Whoever changes the ticket between our reading and our writing is heard: the desk refuses
        our write, and all is done anew. Raises HelpDeskError.
        """
        for _ in range(LOOKS - 1):
            with suppress(ConflictError):
                return self._work(taken)
        return self._work(taken)

    def _work(self, taken: Taken) -> str:
        desk = self._desk(taken)
        ticket = desk.helpdesk.read(taken.ref, hint=taken.delivery.hint)
        if reason := self.passed_over(ticket):
            logger.info("%s: passed over: %s", taken.ref, reason)
            return reason
        decision = self.decide(ticket)
        update, stamp = self.changes(ticket, decision, desk)
        if self.store.deliveries.current(taken.id, taken.attempt) is None:
            raise BusyError(_OVERTAKEN)
        not_kept = self._write(desk, ticket, update)
        if "priority" in not_kept:
            self._look_again(desk, taken, decision)
        recorded = self.store.record(
            taken,
            decision,
            update,
            mode=desk.mode.value,
            stamp=stamp,
            basis=self.basis(ticket),
            now=self.now(),
            not_kept=not_kept or (("priority",) if ticket.clamped else ()),
        )
        if not recorded:
            raise BusyError(_OVERTAKEN)
        return ""

    def _look_again(self, desk: Desk, taken: Taken, decision: Decision) -> None:
        """Tag a ticket whose priority the desk lacks: what it made of our write it tells only now.

        Where that fails, the next attempt finds the ticket written, and only the tag missing.
        """
        seen = desk.helpdesk.read(taken.ref)
        if seen.clamped:
            self._write(desk, seen, self.changes(seen, decision, desk)[0])

    def _write(self, desk: Desk, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """Write what differs, where that is allowed; the names of what the desk did not keep."""
        if not update or desk.mode is not Mode.ENFORCE or ticket.closed:
            return ()
        lost = desk.helpdesk.write(ticket, update)
        if lost:
            logger.error("%s: the help desk did not keep: %s", ticket.ref, ", ".join(lost))
        return lost

    def decide(self, ticket: Ticket) -> Decision:
        """What the policy says of a ticket, now."""
        return decide(self.policy, ticket, self.facts(ticket), self.standing(ticket), self.now())

    def passed_over(self, ticket: Ticket) -> str:
        """Why a ticket is left as it is; nothing when it is not.

        A closed ticket that carries our values is decided once more, so that they are on record.
        """
        if ticket.closed and "state" not in dict(ticket.fields):
            return "it is closed"
        if ticket.received_at < self.policy.effective_from:
            return "it was received before the policy took effect"
        return ""

    def facts(self, ticket: Ticket) -> Facts:
        """What the customer's words say."""
        language = ticket.requester.language
        return self.reader.read(subject=ticket.subject, body=ticket.body, language=language)

    def standing(self, ticket: Ticket) -> Standing:
        """What the list of accounts says; a colleague who opened the ticket vouches."""
        if ticket.opened_by is Author.STAFF:
            return Standing.UNKNOWN
        return self.accounts.standing(ticket.requester)

    def changes(self, ticket: Ticket, decision: Decision, desk: Desk) -> tuple[Update, str]:
        """What must be written so that the ticket says what the decision says, and its stamp."""
        written = self.store.written(ticket.ref)
        kept = kept_fields(ticket, decision, written)
        explanation = explain(decision, self.policy, load_texts(desk.language), kept=kept)
        update = changes(ticket, decision, explanation, written)
        return (update if desk.notes else replace(update, note=None)), explanation.stamp

    def basis(self, ticket: Ticket) -> Basis:
        """What a decision rests on, so that it can be told later why it came out so."""
        return Basis(
            inputs=record.digest(replace(ticket, revision="")),
            calendar=self.policy.schedule.digest,
            tzdata=tzdata_version(),
        )

    def _desk(self, taken: Taken) -> Desk:
        try:
            return self.desks[taken.ref.desk]
        except KeyError:
            # Another process may have newer settings; its deliveries wait, and are not given up.
            raise UnavailableError("this help desk is not in the settings") from None
