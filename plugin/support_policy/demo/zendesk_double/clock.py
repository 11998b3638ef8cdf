"""The account's time: its dates (which may be skewed) and its rate windows (which may run fast)."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from support_policy.demo.zendesk_double.faults import Faults


class Clock:
    """Dates run at real speed; `elapsed` runs `speed` times faster.

    `ahead` is how far somebody has moved the account's time: unlike a skewed clock, time that is
    moved has passed, for rate windows as well.
    """

    def __init__(self, faults: Faults, speed: float) -> None:
        self._faults = faults
        self.speed = speed
        self.ahead = timedelta(0)

    def move(self, much: timedelta) -> None:
        """Let time pass at once; it never goes back."""
        if much < timedelta(0):
            raise ValueError("time does not go back")
        self.ahead += much

    def exact(self) -> datetime:
        """Now, as this account sees it."""
        return datetime.now(UTC) + self.ahead + timedelta(seconds=self._faults.clock_skew)

    def now(self) -> datetime:
        """Now to the second: Zendesk's own dates are no finer."""
        return self.exact().replace(microsecond=0)

    def stamp(self) -> str:
        """Now in the form of a REST date."""
        return iso(self.now())

    def nanoseconds(self) -> str:
        """Now in the form of an event's date."""
        return self.exact().strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"

    def header(self) -> str:
        """Now in the form of the `Date` header."""
        return format_datetime(self.now(), usegmt=True)

    def elapsed(self) -> float:
        """Seconds of Zendesk's rate windows since some fixed moment."""
        return time.monotonic() * self.speed + self.ahead.total_seconds()

    def real(self, seconds: float) -> float:
        """How long that many of Zendesk's seconds really take here."""
        return seconds / self.speed

    def retry_after(self, seconds: float) -> int:
        """The whole real seconds to wait, never less than one."""
        return max(1, math.ceil(self.real(seconds)))


def iso(moment: datetime) -> str:
    """A REST date."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_iso(text: object) -> datetime | None:
    """The moment of an ISO 8601 text, to the second; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
