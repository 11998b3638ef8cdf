"""Amounts, blocks and rows of figures of a request, as its pages write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from support_policy.core.explain import Texts
from support_policy.core.permission.job import Request
from support_policy.core.permission.message import amount_text, blocks_text, one_line
from support_policy.texts import load_texts

Row = tuple[str, str | Markup]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one request in one language."""

    request: Request
    language: str

    @property
    def texts(self) -> Texts:
        """The sentences of this language."""
        return load_texts(self.language)

    def most(self, blocks: int) -> dict[str, str]:
        """So many blocks, and what they may come to, for a sentence with these places."""
        return {"blocks": blocks_text(blocks, self.language), "maximum": self._price_of(blocks)}

    def amount(self, blocks: int) -> dict[str, str]:
        """So many blocks, and what they come to, for a sentence with these places."""
        return {"blocks": blocks_text(blocks, self.language), "amount": self._price_of(blocks)}

    def subject(self) -> Iterator[Row]:
        """Which ticket and which work it is about."""
        told, say = self.request.personal, self.texts.say
        number = one_line(told.get("number", self.request.ticket.id))
        words = one_line(told.get("subject", ""))
        named = [number, say("quote", words=words)] if words else [number]
        yield say("permission.ticket"), ", ".join(named)
        yield say("permission.work"), one_line(told.get("work", ""))

    def price(self) -> Row:
        """What a block costs."""
        rate, say = self.request.rate, self.texts.say
        price = say(
            "permission.price_of",
            price=amount_text(rate.amount, rate.currency, self.language),
            minutes=str(rate.block_minutes),
        )
        return say("permission.price"), price

    def _price_of(self, blocks: int) -> str:
        rate = self.request.rate
        return amount_text(rate.price(blocks), rate.currency, self.language)
