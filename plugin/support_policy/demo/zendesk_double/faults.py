"""What goes wrong, and how often: knobs that a test or the demo turns while the double runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Counted = Literal["broken", "reset", "hang", "lose_write_answers", "conflict_next"]


_ACTS = {"storm", "revoke_tokens", "disable_client", "priority_basic"}


def _not_running(*_: object) -> None:
    raise RuntimeError("these faults belong to no account")


@dataclass(slots=True)
class Faults:
    """Shares run from 0 to 1, counts are used up, acts are called; at rest nothing goes wrong."""

    drop: float = 0.0
    """Share of webhook invocations that are never sent."""
    duplicate: float = 0.0
    """Share of webhook invocations that are sent twice."""
    delay: tuple[float, float] = (0.0, 0.0)
    """Seconds (real ones) that every invocation waits: from, to."""
    reorder: bool | float = False
    """Share of invocations that are held back, so that later ones overtake them."""
    slow: float = 0.0
    """Seconds (real ones) before each API answer."""
    hang: int = 0
    """The next calls that get no answer for `hang_seconds`."""
    hang_seconds: float = 30.0
    broken: int = 0
    """The next API calls that answer an HTML error page and do nothing."""
    broken_status: int = 500
    reset: int = 0
    """The next connections that are closed without an answer; nothing is done."""
    lose_write_answers: int = 0
    """The next writes that are done, and whose answer never arrives."""
    conflict_next: int = 0
    """The next safe updates that meet a change made at the same moment."""
    concurrent_change: Callable[[int], None] | None = None
    """Makes that change, given the ticket's id; without it only `updated_at` becomes newer."""
    clock_skew: float = 0.0
    """Seconds by which the account's clock is ahead: `Date` header, timestamps, signatures."""
    token_life: int | None = None
    """Seconds that new access tokens live when the client asks for no other life."""
    storm: Callable[[float], None] = _not_running
    """Answer 429 to every API call for that many real seconds."""
    revoke_tokens: Callable[[], None] = _not_running
    """Kill every access token."""
    disable_client: Callable[[str], None] = _not_running
    """Switch the OAuth client of that identifier off."""
    priority_basic: Callable[[], None] = _not_running
    """Leave only normal and high to the account."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def spend(self, name: Counted) -> bool:
        """Use up one of a counted knob; false when none is left."""
        with self._lock:
            left: int = getattr(self, name)
            if left > 0:
                setattr(self, name, left - 1)
            return left > 0

    def calm(self) -> None:
        """Put every knob back to rest."""
        fresh = Faults()
        for name in self.__dataclass_fields__:
            if not name.startswith("_") and name not in _ACTS:
                setattr(self, name, getattr(fresh, name))
