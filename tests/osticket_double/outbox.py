"""The events of tickets that wait to be delivered, and when each is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Row:
    """One event; delivered only when its decision was applied."""

    event: str
    number: str
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    delivered_at: datetime | None = None
    last_error: str = ""

    def failed(self, error: str, now: datetime) -> None:
        """Wait twice as long as the last time."""
        wait = FIRST_WAIT * 2 ** min(self.attempts, 20)
        self.attempts += 1
        self.last_error = error
        self.next_at = now + min(wait, LONGEST_WAIT)

    def delivered(self, now: datetime) -> None:
        """It is over."""
        self.attempts += 1
        self.last_error = ""
        self.delivered_at = now


@dataclass(slots=True)
class Outbox:
    """All of them, oldest first."""

    rows: list[Row] = field(default_factory=list)

    def add(self, event: str, number: str, now: datetime) -> None:
        """Keep a new event."""
        self.rows.append(Row(event=event, number=number, created_at=now, next_at=now))

    def of(self, number: str) -> Row:
        """The row of a ticket."""
        return next(row for row in self.rows if row.number == number)

    @property
    def waiting(self) -> list[Row]:
        """What was not delivered."""
        return [row for row in self.rows if row.delivered_at is None]

    def due(self, now: datetime, most: int) -> list[Row]:
        """What is to be tried now."""
        return [row for row in self.waiting if row.next_at <= now][:most]
