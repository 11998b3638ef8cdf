"""What the page of the work shows staff and does for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from support_policy.core.permission import acts, work
from support_policy.core.permission.acts import Actor
from support_policy.core.permission.event import Event
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Phase
from support_policy.core.permission.record import Appending
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, UnknownLinkError
from support_policy.permissions.answers import LONGEST_NAME
from support_policy.permissions.links import Links, token_hash
from support_policy.permissions.recording import WARNING, appending, passed
from support_policy.permissions.typed import typed
from support_policy.store.ledger import Ledger

LONGEST_REASON = 300

Act = Callable[[Job, Actor], tuple[Event, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkShown:
    """One job as its page shows it; ``log`` are its events, the oldest first."""

    ticket: TicketRef
    job: Job
    phase: Phase
    now: datetime
    log: tuple[Event, ...]

    @property
    def used(self) -> timedelta:
        """The time that counts so far."""
        return self.job.used(self.now)

    @property
    def left(self) -> timedelta:
        """The permitted time that is left."""
        return self.job.left(self.now)

    @property
    def nearly_used_up(self) -> bool:
        """Whether staff should stop soon, or ask for more."""
        return bool(self.job.accepted) and self.left <= WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The staff's side; ``now`` is the only clock.

    Whoever holds the link is staff: it stands in private notes alone. The name is as it was typed.
    """

    links: Links = field(repr=False)
    ledger: Ledger
    now: Callable[[], datetime]
    proof: str = "work_link"

    def shown(self, token: str) -> WorkShown:
        """What the page shows; raises UnknownLinkError."""
        ref, identifier = self._find(token)
        return self.of(ref, identifier)

    def of(self, ref: TicketRef, identifier: str) -> WorkShown:
        """The job of this id on a ticket; raises UnknownLinkError."""
        history, now = self.ledger.history(ref), self.now()
        job = _job(history, identifier)
        ids = {each.id for each in job.requests}
        return WorkShown(
            ticket=ref,
            job=job,
            phase=job.phase(now),
            now=now,
            log=tuple(event for event in history if event.request in ids),
        )

    def confirm(self, token: str, *, agent: str) -> WorkShown:
        """The work makes sense with fewer blocks, too. All of these raise ConsentError."""
        return self._act(token, agent, lambda job, by: work.confirm(job, by, now=self.now()))

    def start(self, token: str, *, agent: str) -> WorkShown:
        """Begin to count this agent's time."""
        return self._act(token, agent, lambda job, by: work.start(job, by, now=self.now()))

    def stop(self, token: str, *, agent: str) -> WorkShown:
        """Stop counting it."""
        return self._act(token, agent, lambda job, by: work.stop(job, by, now=self.now()))

    def complete(self, token: str, *, agent: str) -> WorkShown:
        """End the work; what is charged is worked out now."""
        return self._act(token, agent, lambda job, by: work.complete(job, by, now=self.now()))

    def waive(self, token: str, *, agent: str, reason: str) -> WorkShown:
        """Charge nothing after all."""
        why = typed(reason, LONGEST_REASON)
        return self._act(token, agent, lambda job, by: work.waive(job, by, why, now=self.now()))

    def dispute(self, token: str, *, agent: str, reason: str) -> WorkShown:
        """Note that the customer contests the fee."""
        why = typed(reason, LONGEST_REASON)
        return self._act(token, agent, lambda job, by: work.dispute(job, by, why, now=self.now()))

    def settle(self, token: str, *, agent: str, reason: str) -> WorkShown:
        """Decide that a contested fee stands."""
        why = typed(reason, LONGEST_REASON)
        return self._act(token, agent, lambda job, by: work.settle(job, by, why, now=self.now()))

    def void(self, token: str, *, agent: str) -> WorkShown:
        """Take the open request back."""

        def act(job: Job, by: Actor) -> tuple[Event, ...]:
            if (request := job.open_request) is None:
                raise ConsentError("answered")
            return acts.void(request, by, "taken_back", now=self.now())

        return self._act(token, agent, act)

    def bill(self, ref: TicketRef, identifier: str, *, by: Actor, reference: str) -> None:
        """Say that a request's charge stands on a bill."""

        def decide(history: tuple[Event, ...]) -> Appending:
            job = _job(history, identifier)
            request = next(each for each in job.requests if each.id == identifier)
            events = work.bill(job, request, by, reference, now=self.now())
            return self._appending(history, events)

        self.ledger.act(ref, decide, now=self.now())

    def _act(self, token: str, agent: str, act: Act) -> WorkShown:
        ref, identifier = self._find(token)
        name = typed(agent, LONGEST_NAME)
        if not name:
            raise ConsentError("incomplete")
        by = Actor(channel="staff", proof=self.proof, name=name)

        def decide(history: tuple[Event, ...]) -> Appending:
            came = passed(history, identifier, now=self.now())
            # Time comes first: what it ended, nobody can act on any more.
            job = _job((*history, *came), identifier)
            try:
                events = act(job, by)
            except ConsentError as error:
                refused.append(error)  # what time has brought stays on record all the same
                events = ()
            return self._appending(history, (*came, *events))

        refused: list[ConsentError] = []
        self.ledger.act(ref, decide, now=self.now())
        if refused:
            raise refused[0]
        return self.of(ref, identifier)

    def _appending(self, history: tuple[Event, ...], events: tuple[Event, ...]) -> Appending:
        return appending((*history, *events), events, links=self.links, now=self.now())

    def _find(self, token: str) -> tuple[TicketRef, str]:
        found = self.ledger.find(token_hash(token), "staff")
        if found is None:
            raise UnknownLinkError
        return found


def _job(history: tuple[Event, ...], identifier: str) -> Job:
    for job in jobs(history):
        if any(each.id == identifier for each in job.requests):
            return job
    raise UnknownLinkError
