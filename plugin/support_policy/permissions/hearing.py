"""Judges what customers write on a ticket: a strict answer from the one who was asked, or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from support_policy.accounts import normal_address
from support_policy.core.permission import acts
from support_policy.core.permission.acts import Actor
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.job import Request
from support_policy.core.permission.reading import Answer, Verdict, read_answer
from support_policy.errors import ConsentError
from support_policy.helpdesk import Message
from support_policy.permissions.links import Links
from support_policy.permissions.permitters import Permitters, still_entitled
from support_policy.permissions.recording import entitled_by, questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Turns a message into what goes on record."""

    links: Links
    permitters: Permitters

    def judge(
        self,
        history: Sequence[Event],
        request: Request,
        message: Message,
        *,
        shown: bool,
        now: datetime,
    ) -> tuple[Event, ...]:
        """An acceptance or a refusal only when nothing speaks against it; a question otherwise.

        ``shown`` says that the request stood on the ticket when the message was read. Nothing for
        what nobody wrote by hand.
        """
        answer = self._read(request, message)
        if message.automatic or answer.verdict is Verdict.IGNORED:
            return ()
        why = self._doubt(history, request, message, answer)
        # Who writes the code has read this request; a plain line may have crossed it on its way.
        if not why and not answer.by_code:
            why = _crossed(history, request, message, shown=shown)
        actor = Actor(
            channel="mail",
            proof="code" if answer.by_code else "dmarc",
            address=message.address or "",
            message=message.id,
        )
        if not why:
            # What was written in time counts, also when it is read late.
            written = min(now, max(message.at, request.asked_at))
            try:
                return _answered(request, answer, actor, written)
            except ConsentError as error:
                why = "late" if error.reason == "expired" else error.reason
        return _asked(history, request, actor, why, now)

    def late(
        self, history: Iterable[Event], request: Request, message: Message, *, now: datetime
    ) -> tuple[Event, ...]:
        """What came after a request had expired: staff hear of an answer, and of nothing else."""
        answer = self._read(request, message)
        if message.automatic or answer.verdict is not Verdict.ACCEPT:
            return ()
        actor = Actor(channel="mail", proof="", address=message.address or "", message=message.id)
        return _asked(history, request, actor, "late", now)

    def _read(self, request: Request, message: Message) -> Answer:
        return read_answer(
            text=message.text,
            content_type=message.content_type,
            headers=message.headers,
            code=self.links.code(request.id),
            asked=request.blocks,
        )

    def _doubt(
        self, history: Iterable[Event], request: Request, message: Message, answer: Answer
    ) -> str:
        """Why a message is no answer; empty when it is one."""
        wanted = request.personal.get("addressee", "")
        if answer.verdict is Verdict.QUESTION:
            return answer.why
        if not wanted or normal_address(message.address or "") != normal_address(wanted):
            return "another_sender"
        if message.dmarc is False or (not answer.by_code and message.dmarc is not True):
            return "unproven"
        if not still_entitled(wanted, entitled_by(history, request), self.permitters):
            return "not_entitled"
        return ""


def _crossed(history: Sequence[Event], request: Request, message: Message, *, shown: bool) -> str:
    """Why a line without the code may mean another request, or none; empty when it cannot."""
    if not shown or message.at < _shown_at(history, request):
        return "early"
    asked = {event.request for event in history if event.kind is Kind.REQUESTED}
    return "which_request" if len(asked) > 1 else ""


def _shown_at(history: Iterable[Event], request: Request) -> datetime:
    """Since when the request stands on the ticket, as far as that is on record."""
    return next(
        (
            event.at
            for event in history
            if event.kind is Kind.POSTED
            and (event.request, event.text("message")) == (request.id, "request")
        ),
        request.asked_at,
    )


def _asked(
    history: Iterable[Event], request: Request, actor: Actor, why: str, now: datetime
) -> tuple[Event, ...]:
    """A question for a person; a flood of them is on the ticket, and need not fill the record."""
    if len(questions(history, request)) >= acts.MOST_QUESTIONS:
        return ()
    asked = acts.question(request, replace(actor, proof=""), "", now=now)
    return tuple(replace(each, facts={**each.facts, "why": why}) for each in asked)


def _answered(request: Request, answer: Answer, actor: Actor, now: datetime) -> tuple[Event, ...]:
    if answer.verdict is Verdict.DECLINE:
        return acts.decline(request, actor, now=now)
    return acts.accept(request, answer.blocks or request.blocks, actor, now=now)
