"""Zendesk's limits as windows that open with the first call and close by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.plan import Plan
from support_policy.demo.zendesk_double.refusals import RefusedError, too_many_requests

MINUTE = 60.0
UPDATES_PER_MINUTE = 100
UPDATES_PER_TICKET = 30
TEN_MINUTES = 600.0
EXPORTS_PER_MINUTE = 10


@dataclass(slots=True)
class Window:
    """So many calls in so many of Zendesk's seconds."""

    total: int
    seconds: float
    opened: float = float("-inf")
    used: int = 0

    def look(self, now: float) -> None:
        """Open anew when the time is over."""
        if now >= self.opened + self.seconds:
            self.opened = now
            self.used = 0

    def full(self, now: float) -> bool:
        """Whether no call is left."""
        self.look(now)
        return self.used >= self.total

    def left(self, now: float) -> float:
        """Seconds until it opens anew."""
        return max(0.0, self.opened + self.seconds - now)

    @property
    def remaining(self) -> int:
        """How many calls are left."""
        return max(0, self.total - self.used)


@dataclass(slots=True)
class Limits:
    """Every limit of one account."""

    clock: Clock
    plan: Plan
    account: Window = field(init=False)
    updates: Window = field(init=False)
    exports: Window = field(init=False)
    tickets: dict[tuple[int, int], Window] = field(default_factory=dict)
    storm_until: float = 0.0

    def __post_init__(self) -> None:
        self.account = Window(self.plan.requests_per_minute, MINUTE)
        self.updates = Window(UPDATES_PER_MINUTE, MINUTE)
        self.exports = Window(EXPORTS_PER_MINUTE, MINUTE)

    def call(self) -> dict[str, str]:
        """Count one API call; the headers that go with its answer."""
        refusal = self._take(self.account)
        headers = self._account_headers()
        if refusal is not None:
            refusal.headers |= headers
            raise refusal
        return headers

    def export(self) -> None:
        """Count one call of the incremental export."""
        refusal = self._take(self.exports)
        if refusal is not None:
            raise refusal

    def update(self, user: int, ticket: int) -> dict[str, str]:
        """Count one update of a ticket through the API; the headers that go with its answer."""
        own = self.tickets.setdefault((user, ticket), Window(UPDATES_PER_TICKET, TEN_MINUTES))
        refusal = self._take(own, self.updates)
        headers = {
            "zendesk-ratelimit-per-ticket-updates": self._described(own),
            "zendesk-rate-limit-tickets-update": self._described(self.updates),
        }
        if refusal is not None:
            refusal.headers |= headers
            raise refusal
        return headers

    def saved(self) -> None:
        """A save in the browser counts against the account's updates, and is let through."""
        self.updates.look(self.clock.elapsed())
        self.updates.used += 1

    def _take(self, *windows: Window) -> RefusedError | None:
        now = self.clock.elapsed()
        for window in windows:
            if window.full(now):
                return too_many_requests(self.clock.retry_after(window.left(now)))
        for window in windows:
            window.used += 1
        return None

    def _account_headers(self) -> dict[str, str]:
        window = self.account
        total, remaining = str(window.total), str(window.remaining)
        return {
            "x-rate-limit": total,
            "x-rate-limit-remaining": remaining,
            "ratelimit-limit": total,
            "ratelimit-remaining": remaining,
            "ratelimit-reset": str(self._resets(window)),
        }

    def _described(self, window: Window) -> str:
        return f"total={window.total}; remaining={window.remaining}; resets={self._resets(window)}"

    def _resets(self, window: Window) -> int:
        return self.clock.retry_after(window.left(self.clock.elapsed()))
