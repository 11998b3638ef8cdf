"""What every help desk must offer; one folder under ``helpdesks`` implements it for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update

Origin = Literal["webhook", "sweep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event a help desk told us of: a hint to read the ticket, never the truth itself.

    ``key`` is the same for the same event however often it is delivered. ``hint`` is a small JSON
    text of what only the event shows (the values at creation); it holds no customer's words.
    ``opened_at`` is when the ticket was opened, where the event tells it; it is not kept.
    """

    desk: str
    key: str
    ticket_id: str
    received_at: datetime
    origin: Origin = "webhook"
    hint: str = "{}"
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of ``doctor``: what was looked at, whether it is well, and what to do if not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


class Codec(Protocol):
    """Reads what a help desk sends; pure."""

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery:
        """The delivery in a request, after its proof of origin was checked.

        The names of ``headers`` are in lower case; ``token`` is the last part of the address.
        Raises SignatureError, StaleError or MalformedError; nothing of such a request is kept.
        """


class HelpDesk(Protocol):
    """One help desk, as the pipeline uses it."""

    @property
    def name(self) -> str:
        """The desk's name in the settings."""

    @property
    def codec(self) -> Codec:
        """How this desk's webhooks are read."""

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now.

        Raises GoneError, UnavailableError (RateLimitedError) or RefusedError.
        """

    def write(self, ticket: Ticket, update: Update) -> None:
        """Apply an update to the ticket as it was read; harmless when repeated after a re-read.

        Raises like ``read``.
        """

    def newest(self, *, now: datetime, limit: int) -> Iterator[Delivery]:
        """A delivery for each of the newest open tickets, as its webhook would have made it.

        They come newest first and are asked of the desk in pages, as far as they are taken. A
        ticket that no delivery can be made of is left out.
        """

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """What ``doctor`` shows of this desk."""
