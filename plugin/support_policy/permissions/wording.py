"""The words that go to a ticket about paid help: customers read both languages, staff theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from support_policy.core.permission.event import Event
from support_policy.core.permission.job import Job, Request
from support_policy.core.permission.message import (
    amount_text,
    bilingual,
    blocks_text,
    deadline_text,
    fill,
    reason_text,
    used_text,
)
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.core.reply_sent import Sent
from support_policy.permissions.links import Links
from support_policy.texts import LANGUAGES, load_texts

Values = dict[str, str]

LINK_LEFT_OUT = "[…]"
"""Stands in kept texts where the link and the code stood, which open the answer to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Makes messages from the policy's replies; ``replies`` by their names."""

    policy: Policy
    replies: Mapping[str, Reply]
    links: Links = field(repr=False)

    def request(self, request: Request, total: Decimal) -> str:
        """The request as it is posted, in both languages, with the ``total`` of all the work."""
        return self._both(_request_reply(request), request, self._request_values(request, total))

    def kept_request(self, request: Request, total: Decimal, language: str) -> str:
        """The request in one language, as it is kept: without what opens the answer."""
        values = self._request_values(request, total)[language]
        secret = {"answer_address": LINK_LEFT_OUT, "code": LINK_LEFT_OUT}
        return fill(self.replies[_request_reply(request)], language, values | secret)

    def news(self, reply: Sent, request: Request, event: Event, job: Job, *, total: Decimal) -> str:
        """Any other message to the customer about a request."""
        values = {
            language: self._values(request, total, language)
            | self._of_event(request, event, job, language)
            for language in LANGUAGES
        }
        return self._both(reply, request, values)

    def note(self, key: str, language: str, **values: str) -> str:
        """A note for staff."""
        return load_texts(language).say(f"paid_help.note.{key}", **values)

    def when(self, at: datetime, language: str) -> str:
        """An instant in the company's zone."""
        return deadline_text(at, self.policy.schedule.time_zone, language)

    def _both(self, reply: Sent, request: Request, values: Mapping[str, Values]) -> str:
        return bilingual(self.replies[reply], values, request.language)

    def _request_values(self, request: Request, total: Decimal) -> dict[str, Values]:
        return {language: self._values(request, total, language) for language in LANGUAGES}

    def _values(self, request: Request, total: Decimal, language: str) -> Values:
        told, rate = request.personal, request.rate
        return {
            "answer_address": self.links.answer_address(request.id),
            "blocks": blocks_text(request.blocks, language),
            "code": self.links.code(request.id),
            "deadline": self.when(request.deadline, language),
            "maximum": amount_text(request.maximum, rate.currency, language),
            "minutes": str(rate.block_minutes),
            "policy_address": self.links.policy_address(request.version),
            "policy_version": request.version,
            "price": amount_text(rate.amount, rate.currency, language),
            "reason": reason_text(request.reason, load_texts(language)),
            "subject": told.get("subject", ""),
            "ticket": told.get("number", request.ticket.id),
            "total_maximum": amount_text(total, rate.currency, language),
            "work": told.get("work", ""),
        }

    def _of_event(self, request: Request, event: Event, job: Job, language: str) -> Values:
        """What a receipt or a summary tells besides."""
        rate = request.rate
        told = event.personal
        values = {
            "accepted_at": self.when(event.at, language),
            "accepted_by": told.get("name") or told.get("address") or "",
        }
        if blocks := event.number("blocks"):
            values["blocks"] = blocks_text(blocks, language)
            values["maximum"] = amount_text(rate.price(blocks), rate.currency, language)
        charged = [each.charged_blocks or 0 for each in job.requests]
        price = sum(
            (each.rate.price(each.charged_blocks or 0) for each in job.requests), Decimal(0)
        )
        used = timedelta(seconds=event.number("seconds"))
        return values | {
            "used_time": used_text(used, language),
            "charged_blocks": blocks_text(sum(charged), language),
            "amount": amount_text(price, rate.currency, language),
        }


def _request_reply(request: Request) -> Sent:
    return Sent.MORE if request.more else Sent.REQUEST
