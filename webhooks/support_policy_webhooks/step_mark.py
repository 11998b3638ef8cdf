"""The mark that leads from one step of a form to the next: proof that a page of ours came before.

It is signed with a key made from the page's own secret link, so nobody can make one who cannot
open the page, and the mark of one link is worth nothing on another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from support_policy.claims import opened, signed
from support_policy.errors import SignatureError, StaleError

LIFE = timedelta(minutes=60)
"""How long a page may lie open before its forms count no more."""

_AT_ALL = timedelta(days=36500)  # a claim that every token of ours must carry

Step = Literal["page", "review"]

_PURPOSE = b"support-policy step mark v1\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMark:
    """Which step was shown, what had been chosen by then, and of which state (``seen``)."""

    step: Step
    seen: str
    choice: str = ""
    blocks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMarks:
    """The marks of one link; ``audience`` keeps those of customers and of staff apart."""

    token: str = field(repr=False)
    audience: str

    def issue(self, mark: StepMark, *, now: datetime) -> str:
        """The mark as a form carries it."""
        return signed(
            {
                "aud": self.audience,
                "step": mark.step,
                "seen": mark.seen,
                "choice": mark.choice,
                "blocks": mark.blocks,
                "iat": int(now.timestamp()),
                "exp": int((now + _AT_ALL).timestamp()),
            },
            key=self._key,
        )

    def read(
        self, text: str, *, step: Step, now: datetime, life: timedelta | None = LIFE
    ) -> StepMark:
        """The mark that a form sent back; raises SignatureError or StaleError.

        With None for its ``life`` it may be of any age.
        """
        claims = opened(
            text,
            key=lambda: self._key,
            algorithm="HS256",
            for_us=lambda audience: audience == self.audience,
            now=now,
        )
        if claims.get("step") != step:
            raise SignatureError("the mark is of another step")
        if life is not None and now.timestamp() > claims["iat"] + life.total_seconds():
            raise StaleError("the page was open for too long")
        return StepMark(
            step=step, seen=claims["seen"], choice=claims["choice"], blocks=claims["blocks"]
        )

    @property
    def _key(self) -> bytes:
        return sha256(_PURPOSE + self.audience.encode() + b"\0" + self.token.encode()).digest()
