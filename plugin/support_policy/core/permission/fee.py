"""The arithmetic of the fee: whole blocks, and money with two places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What a block cost when permission was asked; a later price changes nothing of it."""

    amount: Decimal
    currency: str
    block_minutes: int

    @property
    def block(self) -> timedelta:
        """How long a block is."""
        return timedelta(minutes=self.block_minutes)

    def blocks(self, used: timedelta) -> int:
        """The whole blocks that were begun; no time is no block (R39)."""
        return -(-max(used, timedelta(0)) // self.block)

    def price(self, blocks: int) -> Decimal:
        """What so many blocks cost, taxes apart."""
        return (self.amount * blocks).quantize(Decimal("0.01"))


def money(amount: Decimal) -> str:
    """An amount as the record spells it: ``85.00``."""
    return f"{amount:.2f}"
