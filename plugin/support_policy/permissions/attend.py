"""The second straight line: from a word about paid help to what stands on the ticket and on record.

A delivery is only a hint that something happened. What an agent asked for, what a customer wrote
and what time has brought is looked up, goes on record, and is then told on the ticket. A crash
anywhere is harmless: a second run finds what is on record, and posts what is not on the ticket.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from support_policy.accounts import normal_address
from support_policy.core.permission import acts
from support_policy.core.permission.acts import Actor
from support_policy.core.permission.event import Event
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Request, State
from support_policy.core.permission.record import Appending
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, GoneError, UnavailableError
from support_policy.helpdesk import Ask, Conversation, HelpDesk, Message
from support_policy.permissions.asking import Asker, mark_of
from support_policy.permissions.hearing import Hearing
from support_policy.permissions.links import Links, new_request
from support_policy.permissions.outbox import ASK_TAG, Outbox
from support_policy.permissions.recording import WARNING, appending, entitled_by
from support_policy.permissions.wording import Wording
from support_policy.store.deliveries import Taken
from support_policy.store.ledger import Ledger

logger = logging.getLogger(__name__)

History = tuple[Event, ...]

SERVICE = Actor(channel="service", proof="")
"""What nobody did but the service itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDesk:
    """A help desk on which permission is asked; nothing is while it is only ``observed``."""

    helpdesk: HelpDesk
    language: str
    observed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Everything the work on a word about paid help needs; ``now`` is the only clock."""

    asker: Asker
    hearing: Hearing
    wording: Wording
    links: Links = field(repr=False)
    ledger: Ledger
    desks: Mapping[str, AskingDesk]
    now: Callable[[], datetime]

    def work(self, taken: Taken) -> str:
        """Look, record, tell; why nothing was done, if nothing was. Raises HelpDeskError."""
        desk = self._desk(taken.ref)
        if desk.observed:
            return "it is only observed: nobody is asked"
        conversation = self._conversation(desk, taken)
        if not conversation.ask and not self.ledger.history(taken.ref):
            return "nobody asked for permission on it"
        box = Outbox(wording=self.wording, language=desk.language)
        self._hear(conversation)
        self._act(taken.ref, partial(self._caught_up, conversation))
        if problems := self._ask(conversation):
            conversation = self._refuse(desk, conversation, box, problems)
        self._tell(desk, conversation, box)
        return ""

    def _conversation(self, desk: AskingDesk, taken: Taken) -> Conversation:
        """The ticket; on one that is gone for good nobody can be asked any more."""
        try:
            return desk.helpdesk.conversation(taken.ref)
        except GoneError:
            if taken.attempt > 1:
                self._act(taken.ref, partial(self._voided, "ticket_gone"))
            raise

    def _without_addressee(self, conversation: Conversation, history: History) -> History:
        """Void what was asked of somebody who is the requester, or may permit, no more."""
        request = _waiting(history)
        if request is None or not request.is_open:
            return ()
        wanted = request.personal.get("addressee", "")
        if normal_address(wanted) != normal_address(conversation.requester.address or ""):
            return self._voided("addressee_gone", history)
        contact = entitled_by(history, request) == "contact"
        if contact and self.hearing.permitters.entitled(wanted) is False:
            return self._voided("not_entitled", history)
        return ()

    def _voided(self, why: str, history: History) -> History:
        request = _waiting(history)
        if request is None or not request.is_open:
            return ()
        return acts.void(request, SERVICE, why, now=self.now())

    def _hear(self, conversation: Conversation) -> None:
        """Judge every message that came since permission was asked, each once."""
        if _waiting(self.ledger.history(conversation.ref)) is None:
            return
        known = self.ledger.judged(conversation.ref)
        for message in conversation.messages:
            if message.id not in known:
                judge = partial(self._judged, conversation, message)
                self._act(conversation.ref, judge, (message.id,))

    def _judged(self, conversation: Conversation, message: Message, history: History) -> History:
        request, now = _waiting(history), self.now()
        if request is None:
            return ()
        if not request.is_open:
            return self.hearing.late(history, request, message, now=now)
        shown = "request" in request.posted or f"{request.id}/request" in conversation.posted
        return self.hearing.judge(history, request, message, shown=shown, now=now)

    def _caught_up(self, conversation: Conversation, history: History) -> History:
        """What time has brought, and what the ticket itself makes of an open request."""
        found = jobs(history)
        came = acts.passed(found[-1], now=self.now(), warn=WARNING) if found else ()
        return (*came, *self._without_addressee(conversation, (*history, *came)))

    def _ask(self, conversation: Conversation) -> tuple[str, ...]:
        """Put an ask on record as a request; why it cannot be one."""
        ask = conversation.ask
        if ask is None or _is_recorded(ask, self.ledger.history(conversation.ref)):
            return ()
        if problems := tuple(self.asker.problems(conversation, ask)):
            return problems
        identifier, language = new_request(), self.asker.language_of(conversation)

        def asked(history: History) -> History:
            if _is_recorded(ask, history):
                return ()  # an attempt beside this one was faster
            found, now = jobs(history), self.now()
            job = found[-1] if found else None
            asking = self.asker.asking(
                conversation, ask, job, identifier, language=language, now=now
            )
            return acts.ask(job, asking, now=now)

        # A new request makes everything that was written before it part of the past.
        judged = tuple(message.id for message in conversation.messages)
        try:
            self._act(conversation.ref, asked, judged)
        except ConsentError as error:
            return (error.reason,)
        return ()

    def _refuse(
        self,
        desk: AskingDesk,
        conversation: Conversation,
        box: Outbox,
        problems: Sequence[str],
    ) -> Conversation:
        """Tell staff why nothing was sent; the ticket as it is then."""
        mark = conversation.ask.mark if conversation.ask else ""
        stamp = f"{self.links.mark(f'{conversation.ref} {mark}')}/not-sent"
        desk.helpdesk.post(conversation, box.not_sent(conversation, stamp, problems))
        return desk.helpdesk.conversation(conversation.ref)

    def _tell(self, desk: AskingDesk, conversation: Conversation, box: Outbox) -> None:
        """Bring onto the ticket what it lacks of the record, and put on record that it is there."""
        history = self.ledger.history(conversation.ref)
        posting = box.posting(history, conversation, now=self.now())
        if conversation.ask and _is_recorded(conversation.ask, history):
            asked = (ASK_TAG,) if ASK_TAG in conversation.tags else ()
            posting = replace(posting, clear_ask=True, remove_tags=(*posting.remove_tags, *asked))
        if posting:
            desk.helpdesk.post(conversation, posting)
        there = conversation.posted | {post.stamp for post in posting.posts}
        self._act(conversation.ref, partial(self._posted, there))

    def _posted(self, there: frozenset[str], history: History) -> History:
        """What stands on the ticket, as far as it is not on record yet."""
        requests = {each.id: each for job in jobs(history) for each in job.requests}
        told = [stamp.partition("/") for stamp in sorted(there)]
        return tuple(
            event
            for name, _, what in told
            if name in requests
            for event in acts.posted(requests[name], what, now=self.now())
        )

    def _act(
        self,
        ref: TicketRef,
        make: Callable[[History], History],
        judged: tuple[str, ...] = (),
    ) -> None:
        """Record what ``make`` makes of the history; it is told before this attempt ends."""

        def decide(history: History) -> Appending:
            events = make(history)
            if not events and not judged:
                return Appending()
            return appending(
                (*history, *events),
                events,
                links=self.links,
                now=self.now(),
                judged=judged,
                silent=True,
            )

        self.ledger.act(ref, decide, now=self.now())

    def _desk(self, ref: TicketRef) -> AskingDesk:
        try:
            return self.desks[ref.desk]
        except KeyError:
            raise UnavailableError("this help desk is not in the settings") from None


def _waiting(history: History) -> Request | None:
    """The request that waits for its answer, or the last one, if it waited in vain."""
    found = jobs(history)
    if not found:
        return None
    latest = found[-1].latest
    return found[-1].open_request or (latest if latest.state is State.EXPIRED else None)


def _is_recorded(ask: Ask, history: History) -> bool:
    return any(event.text("mark") == mark_of(ask) for event in history)
