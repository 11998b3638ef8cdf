"""What happened to a request for permission, one fact at a time; nothing is ever taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from support_policy.core.ticket import TicketRef


class Kind(StrEnum):
    """Everything that can happen to a request."""

    REQUESTED = "requested"
    POSTED = "posted"
    EXTENDED = "extended"
    REMINDED = "reminded"
    QUESTIONED = "questioned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    STARTED = "started"
    STOPPED = "stopped"
    WARNED = "warned"
    CAPPED = "capped"
    COMPLETED = "completed"
    BILLED = "billed"
    WAIVED = "waived"
    DISPUTED = "disputed"
    SETTLED = "settled"
    ERASED = "erased"


Plain = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, as it goes into the record.

    ``request`` is the request it is about. ``facts`` are what nobody can be known by: numbers,
    instants in ISO 8601 with their offset, money as a decimal string of two places, digests.
    ``personal`` is what a person can be known by, and ``brief`` that of it which is soon deleted
    (addresses, agent strings): in the record there is only a salted digest of each.
    """

    kind: Kind
    at: datetime
    ticket: TicketRef
    request: str
    facts: Mapping[str, Plain] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)
    brief: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("at must carry a time zone")

    def text(self, name: str) -> str:
        """A fact that is text; empty when it is not there."""
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A fact that is a number; 0 when it is not there."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0
