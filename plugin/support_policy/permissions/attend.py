"""The second straight line: from a word about paid help to what stands on the ticket and on record.

A delivery is only a hint that something happened. What an agent asked for, what a customer wrote
and what time has brought is looked up, goes on record, and is then told on the ticket. A crash
anywhere is harmless: a second run finds what is on record, and posts what is not on the ticket.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from support_policy.accounts import normal_address
from support_policy.core.permission import acts
from support_policy.core.permission.acts import Actor, Asking
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.fee import Rate
from support_policy.core.permission.job import Job, Request, jobs
from support_policy.core.permission.reading import Answer, Verdict, read_answer
from support_policy.core.policy import Fee, Policy
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, UnavailableError
from support_policy.helpdesk import Ask, Conversation, HelpDesk, Message
from support_policy.permissions import outbox
from support_policy.permissions.links import Links, new_request, token_hash
from support_policy.permissions.outbox import Outbox
from support_policy.permissions.permitters import Permitters, addressee, still_entitled
from support_policy.permissions.wording import Wording
from support_policy.store.deliveries import Taken
from support_policy.store.ledger import Appending, Ledger
from support_policy.texts import LANGUAGES

logger = logging.getLogger(__name__)

WARNING = timedelta(minutes=10)
"""Before the cap, staff are warned."""

LONGEST_WORK = 300
"""Characters of the sentence that says what would be done."""

REASONS = ("outside", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDesk:
    """A help desk on which permission is asked; nothing is while it is only ``observed``."""

    helpdesk: HelpDesk
    language: str
    observed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Everything the work on a word about paid help needs; ``now`` is the only clock.

    ``language_of`` tells a customer's language, ``en`` or ``fr``, from what they wrote.
    """

    policy: Policy
    wording: Wording
    links: Links
    ledger: Ledger
    permitters: Permitters
    desks: Mapping[str, AskingDesk]
    language_of: Callable[[Conversation], str]
    now: Callable[[], datetime]

    def work(self, taken: Taken) -> str:
        """Look, record, tell; why nothing was done, if nothing was. Raises HelpDeskError."""
        desk = self._desk(taken.ref)
        conversation = desk.helpdesk.conversation(taken.ref)
        if desk.observed:
            return "it is only observed: nobody is asked"
        if conversation.closed and not self.ledger.history(taken.ref):
            return "it is closed"
        self._hear(conversation)
        self._let_time_pass(taken.ref)
        box = Outbox(wording=self.wording, language=desk.language)
        refused = self._ask(conversation)
        if refused and conversation.ask:
            stamp = f"{self.links.mark(f'{taken.ref} {conversation.ask.mark}')}/not-sent"
            desk.helpdesk.post(conversation, box.not_sent(conversation, stamp, refused))
            conversation = desk.helpdesk.conversation(taken.ref)
        self._tell(desk, conversation, box)
        return ""

    # What agents ask

    def _ask(self, conversation: Conversation) -> tuple[str, ...]:
        """Put an ask on record as a request; why it cannot be one."""
        ask = conversation.ask
        if ask is None:
            return ()
        wanted = addressee(conversation, ask, self.permitters)
        problems = tuple(self._problems(conversation, ask, wanted))
        if problems or wanted is None or self.policy.fee is None:
            return problems
        identifier, now = new_request(), self.now()

        def decide(history: tuple[Event, ...]) -> Appending:
            if any(event.text("mark") == _mark(ask) for event in history):
                return Appending()  # an attempt before this one has recorded it
            found = jobs(history)
            job = found[-1] if found else None
            asking = self._asking(conversation, ask, wanted, job, identifier, now)
            events = acts.ask(job, asking, now=now)
            return self._appending((*history, *events), events, conversation)

        try:
            self.ledger.act(conversation.ref, decide, now=now)
        except ConsentError as error:
            return (error.reason,)
        return ()

    def _problems(
        self, conversation: Conversation, ask: Ask, wanted: tuple[str, str] | None
    ) -> Iterator[str]:
        if conversation.closed:
            yield "closed"
        if self.policy.fee is None:
            yield "no_fee"
            return
        if ask.reason not in REASONS:
            yield "reason"
        if not 0 < len(ask.work.strip()) <= LONGEST_WORK:
            yield "work"
        if not 1 <= (ask.blocks or 0) <= self.policy.fee.most_blocks:
            yield "blocks"
        if wanted is None:
            yield "not_entitled"

    def _asking(
        self,
        conversation: Conversation,
        ask: Ask,
        wanted: tuple[str, str],
        job: Job | None,
        identifier: str,
        now: datetime,
    ) -> Asking:
        """The request with its texts, for the record."""
        fee = self.policy.fee
        assert fee is not None  # noqa: S101 - for the type checker: ``_problems`` has looked
        more = acts.is_more(job, now)
        rate = job.rate if job and more else _rate(fee)
        address, how = wanted
        personal = {
            "work": " ".join(ask.work.split()),
            "asked_by": ask.by,
            "addressee": address,
            "subject": " ".join(conversation.subject.split()),
            "number": conversation.number,
        }
        request = Request(
            id=identifier,
            ticket=conversation.ref,
            more=more,
            reason=ask.reason or "",
            blocks=ask.blocks or 0,
            rate=rate,
            asked_at=now,
            deadline=now + timedelta(hours=fee.open_hours),
            language=self.language_of(conversation),
            version=self.policy.version,
            personal=personal,
        )
        total = outbox.total(job, request) if job and more else request.maximum
        texts = {each: self.wording.kept_request(request, total, each) for each in LANGUAGES}
        digests = {
            f"text_{each}_sha256": sha256(text.encode()).hexdigest() for each, text in texts.items()
        }
        return Asking(
            ticket=conversation.ref,
            request=identifier,
            reason=request.reason,
            blocks=request.blocks,
            rate=rate,
            deadline=request.deadline,
            language=request.language,
            facts={
                "policy": self.policy.id,
                "policy_version": self.policy.version,
                "entitled": how,
                "mark": _mark(ask),
                "total_maximum": f"{total:.2f}",
                **digests,
            },
            personal={**personal, **{f"text_{each}": text for each, text in texts.items()}},
        )

    # What customers write

    def _hear(self, conversation: Conversation) -> None:
        """Judge every message that came since permission was asked, each once."""
        if not _open_request(self.ledger.history(conversation.ref)):
            return
        known = self.ledger.judged(conversation.ref)
        for message in conversation.messages:
            if message.id not in known:
                judge = partial(self._judged, message)
                self.ledger.act(conversation.ref, judge, now=self.now())

    def _judged(self, message: Message, history: tuple[Event, ...]) -> Appending:
        request = _open_request(history)
        events = self._answered(history, request, message) if request else ()
        return replace(self._appending((*history, *events), events), judged=(message.id,))

    def _answered(
        self, history: tuple[Event, ...], request: Request, message: Message
    ) -> tuple[Event, ...]:
        """What a message comes to: a strict answer from the one who was asked, or a question."""
        answer = read_answer(
            text=message.text,
            content_type=message.content_type,
            headers=message.headers,
            code=self.links.code(request.id),
            asked=request.blocks,
        )
        if message.automatic or answer.verdict is Verdict.IGNORED:
            return ()
        now = min(self.now(), max(message.at, request.asked_at))
        why = self._doubt(history, request, message, answer)
        proof = "code" if answer.by_code else "dmarc"
        actor = Actor(
            channel="mail", proof=proof, address=message.address or "", message=message.id
        )
        if not why:
            try:
                if answer.verdict is Verdict.ACCEPT:
                    blocks = answer.blocks or request.blocks
                    return acts.accept(request, blocks, actor, now=now)
                return acts.decline(request, actor, now=now)
            except ConsentError as error:
                why = "late" if error.reason == "expired" else error.reason
        asked = acts.question(request, replace(actor, proof=""), "", now=self.now())
        return tuple(replace(each, facts={**each.facts, "why": why}) for each in asked)

    def _doubt(
        self, history: tuple[Event, ...], request: Request, message: Message, answer: Answer
    ) -> str:
        """Why a message is no answer; empty when it is one."""
        wanted = request.personal.get("addressee", "")
        if answer.verdict is Verdict.QUESTION:
            return answer.why
        if not wanted or normal_address(message.address or "") != normal_address(wanted):
            return "another_sender"
        if not answer.by_code and message.dmarc is not True:
            return "unproven"
        if not still_entitled(wanted, entitled_by(history, request), self.permitters):
            return "not_entitled"
        return ""

    # What time brings, and what is told

    def _let_time_pass(self, ref: TicketRef) -> None:
        now = self.now()

        def decide(history: tuple[Event, ...]) -> Appending:
            found = jobs(history)
            events = acts.passed(found[-1], now=now, warn=WARNING) if found else ()
            if not found:
                return Appending()
            return self._appending((*history, *events), events)

        self.ledger.act(ref, decide, now=now)

    def _tell(self, desk: AskingDesk, conversation: Conversation, box: Outbox) -> None:
        history = self.ledger.history(conversation.ref)
        posting = box.posting(history, conversation, now=self.now())
        if conversation.ask and any(
            _mark(conversation.ask) == each.text("mark") for each in history
        ):
            asked = (outbox.ASK_TAG,) if outbox.ASK_TAG in conversation.tags else ()
            posting = replace(posting, clear_ask=True, remove_tags=(*posting.remove_tags, *asked))
        if not posting:
            return
        desk.helpdesk.post(conversation, posting)
        told = [post.stamp.partition("/") for post in posting.posts]

        def decide(history: tuple[Event, ...]) -> Appending:
            requests = {each.id: each for job in jobs(history) for each in job.requests}
            events = tuple(
                event
                for name, _, what in told
                if name in requests
                for event in acts.posted(requests[name], what, now=self.now())
            )
            return self._appending((*history, *events), events)

        self.ledger.act(conversation.ref, decide, now=self.now())

    def _appending(
        self,
        history: tuple[Event, ...],
        events: tuple[Event, ...],
        conversation: Conversation | None = None,
    ) -> Appending:
        """What goes on record with its links and its next instant.

        A new request makes everything that was written before it part of the past.
        """
        return appending(
            history,
            events,
            links=self.links,
            now=self.now(),
            judged=tuple(each.id for each in conversation.messages) if conversation else (),
            silent=True,  # whatever it is, it is told before this attempt ends
        )

    def _desk(self, ref: TicketRef) -> AskingDesk:
        try:
            return self.desks[ref.desk]
        except KeyError:
            raise UnavailableError("this help desk is not in the settings") from None


def appending(
    history: tuple[Event, ...],
    events: tuple[Event, ...],
    *,
    links: Links,
    now: datetime,
    judged: tuple[str, ...] = (),
    silent: bool = False,
) -> Appending:
    """New events with what the store must know of them besides."""
    found = jobs(history)
    job = found[-1] if found else None
    made: list[tuple[str, str, str]] = []
    for event in events:
        if event.kind is Kind.REQUESTED:
            made.append(
                ("customer", token_hash(links.customer_token(event.request)), event.request)
            )
            if not event.facts.get("more"):
                made.append(("staff", token_hash(links.work_token(event.request)), event.request))
    return Appending(
        events=events,
        links=tuple(made),
        judged=judged,
        next_at=acts.next_at(job, now=now, warn=WARNING) if job else None,
        open=job is not None and job.open_request is not None,
        silent=silent,
    )


def entitled_by(history: Iterable[Event], request: Request) -> str:
    """How it was known, when the request was made, that its addressee may permit."""
    return next(
        (
            event.text("entitled")
            for event in history
            if event.kind is Kind.REQUESTED and event.request == request.id
        ),
        "",
    )


def _open_request(history: Iterable[Event]) -> Request | None:
    found = jobs(history)
    return found[-1].open_request if found else None


def _rate(fee: Fee) -> Rate:
    return Rate(amount=fee.amount, currency=fee.currency, block_minutes=fee.block_minutes)


def _mark(ask: Ask) -> str:
    return sha256(ask.mark.encode()).hexdigest()[:16]
