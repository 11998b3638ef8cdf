"""Turns what an agent filled in into a request, with the texts as they will be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from support_policy.core.permission import acts
from support_policy.core.permission.acts import Asking
from support_policy.core.permission.fee import Rate, money
from support_policy.core.permission.job import Job, Request
from support_policy.core.permission.message import one_line
from support_policy.core.policy import Fee, Policy
from support_policy.core.reply_consent import answers
from support_policy.core.text_lint import plain, wrong_words
from support_policy.helpdesk import Ask, Conversation
from support_policy.permissions.outbox import total
from support_policy.permissions.permitters import Permitters, addressee
from support_policy.permissions.wording import Wording
from support_policy.texts import LANGUAGES

LONGEST_WORK = 300
"""Characters of the sentence that says what would be done."""

_MONEY_OR_ADDRESS = re.compile(
    r"[$€£]|\b(?:cad|cdn|usd|dollars?|https?:|www\.)|\w@\w", re.IGNORECASE
)

REASONS = ("outside", "correction")

PROBLEMS = (
    *("closed", "no_fee", "reason", "work", "words", "blocks", "not_entitled"),
    "already_asked",
)
"""Why an ask is no request; the last one is found only when it is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Makes requests; ``language_of`` tells a customer's language from what they wrote."""

    policy: Policy
    wording: Wording
    permitters: Permitters
    language_of: Callable[[Conversation], str]

    def problems(self, conversation: Conversation, ask: Ask) -> Iterator[str]:
        """Why an ask cannot be a request: what staff must mend, each by a short word."""
        if conversation.closed:
            yield "closed"
        if self.policy.fee is None:
            yield "no_fee"
            return
        if ask.reason not in REASONS:
            yield "reason"
        if not 0 < len(one_line(ask.work)) <= LONGEST_WORK:
            yield "work"
        elif _says_too_much(ask.work):
            yield "words"
        if not 1 <= (ask.blocks or 0) <= self.policy.fee.most_blocks:
            yield "blocks"
        if addressee(conversation, ask, self.permitters) is None:
            yield "not_entitled"

    def asking(
        self,
        conversation: Conversation,
        ask: Ask,
        job: Job | None,
        identifier: str,
        *,
        language: str,
        now: datetime,
    ) -> Asking:
        """The request under this id; only for an ask without problems."""
        fee, wanted = self.policy.fee, addressee(conversation, ask, self.permitters)
        if fee is None or wanted is None:
            raise ValueError("an ask with problems is no request")
        address, how = wanted
        more = acts.is_more(job, now)
        request = Request(
            id=identifier,
            ticket=conversation.ref,
            more=more,
            reason=ask.reason or "",
            blocks=ask.blocks or 0,
            rate=job.rate if job and more else _rate(fee),
            asked_at=now,
            deadline=now + timedelta(hours=fee.open_hours),
            language=language,
            version=self.policy.version,
            personal={
                "work": one_line(ask.work),
                "asked_by": ask.by,
                "addressee": address,
                "subject": one_line(conversation.subject),
                "number": conversation.number,
            },
        )
        most = total(job, request) if job and more else request.maximum
        return self._with_texts(request, most, entitled=how, mark=mark_of(ask))

    def _with_texts(self, request: Request, most: Decimal, *, entitled: str, mark: str) -> Asking:
        texts = {each: self.wording.kept_request(request, most, each) for each in LANGUAGES}
        return Asking(
            ticket=request.ticket,
            request=request.id,
            reason=request.reason,
            blocks=request.blocks,
            rate=request.rate,
            deadline=request.deadline,
            language=request.language,
            facts={
                "policy": self.policy.id,
                "policy_version": self.policy.version,
                "entitled": entitled,
                "mark": mark,
                "total_maximum": money(most),
                **{
                    f"text_{each}_sha256": sha256(text.encode()).hexdigest()
                    for each, text in texts.items()
                },
            },
            personal={
                **request.personal,
                **{f"text_{each}": text for each, text in texts.items()},
            },
        )


def _says_too_much(work: str) -> bool:
    """Whether the agent's sentence holds a price, an address, a promise or an answer.

    All of these are the request's own business: a customer must not take the agent's for ours.
    """
    if _MONEY_OR_ADDRESS.search(plain(work)):
        return True
    return any(any(wrong_words(work, language)) or any(answers(work)) for language in LANGUAGES)


def mark_of(ask: Ask) -> str:
    """What the record knows one asking by; the desk's own mark may say too much."""
    return sha256(ask.mark.encode()).hexdigest()[:16]


def _rate(fee: Fee) -> Rate:
    return Rate(amount=fee.amount, currency=fee.currency, block_minutes=fee.block_minutes)
