"""Decides on a ticket while its help desk waits, for a desk that carries its tickets to us."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import BusyError, MalformedError
from support_policy.helpdesk import Answered, Codec, Delivery, Finding, Page
from support_policy.pipeline import Desk, Pipeline
from support_policy.settings import Mode
from support_policy.store.deliveries import Taken
from support_policy.store.outcome import Outcome, outcome_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""After that long a request that never came to its end is worked by the engine."""


@dataclass(slots=True, kw_only=True)
class Carried:
    """A help desk as far as its event shows it: one ticket, and the one update that is answered."""

    name: str
    codec: Codec
    ticket: Ticket
    update: Update | None = None
    streams: bool = False

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it came."""
        del ref, hint
        return self.ticket

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """Keep the update for the answer; what the desk makes of it, it shows when it next asks."""
        del ticket
        self.update = update
        return ()

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        """Nothing but this ticket is known."""
        del since, cursor, now
        yield from ()

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """There is nothing to look at."""
        del now
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Works a delivery with the ticket that came in it, within the request that brought it."""

    pipeline: Pipeline

    def answer(self, delivery: Delivery) -> Answered:
        """Keep the delivery, work it, record it: what its desk is to do.

        An event that is sent again is worked again, on the ticket as it is then: what was done
        since is not done twice. Raises BusyError while the ticket is in other hands,
        MalformedError for an event without its ticket, and StoreUnavailableError; the desk sends
        again what it had no answer to.
        """
        if delivery.ticket is None:
            raise MalformedError("the event has no ticket")
        store, now = self.pipeline.store, self.pipeline.now
        taken = store.deliveries.claim(delivery, now=now(), lease=LEASE)
        if taken is None:
            raise BusyError("somebody else works on this ticket", after=1.0)
        desk = self.pipeline.desks[delivery.desk]
        mode = Mode.OBSERVE if delivery.observed else desk.mode
        carried = Carried(name=delivery.desk, codec=desk.helpdesk.codec, ticket=delivery.ticket)
        reason = self._work(taken, replace(desk, helpdesk=carried, mode=mode))
        return Answered(
            delivery=delivery,
            at=now(),
            writes=mode is Mode.ENFORCE,
            update=carried.update,
            passed_over=reason,
        )

    def _work(self, taken: Taken, desk: Desk) -> str:
        desks = {**self.pipeline.desks, taken.ref.desk: desk}
        pipeline = replace(self.pipeline, desks=desks)
        settle = self.pipeline.store.deliveries.settle
        try:
            reason = pipeline.work(taken)
        except Exception as error:
            # The delivery waits like any other that broke us; the desk hears that it must wait.
            settle(taken.id, taken.attempt, outcome_of(error), now=self.pipeline.now())
            raise
        if reason:
            passed = Outcome(ending="passed", detail=reason)
            settle(taken.id, taken.attempt, passed, now=self.pipeline.now())
        return reason
