"""What the customer's page shows and does; only the record is ever believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from support_policy.core.permission import acts, work
from support_policy.core.permission.acts import Actor
from support_policy.core.permission.event import Event
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import LIVE, Job, Phase, Request, State
from support_policy.core.permission.record import Appending
from support_policy.core.policy import Policy
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, UnknownLinkError
from support_policy.permissions.links import Links, token_hash
from support_policy.permissions.permitters import Permitters, still_entitled
from support_policy.permissions.recording import appending, entitled_by, passed, questions
from support_policy.permissions.typed import typed
from support_policy.permissions.wording import LINK_LEFT_OUT
from support_policy.store.ledger import Ledger
from support_policy.texts import LANGUAGES

LONGEST_NAME = 100
LONGEST_QUESTION = 1000
LONGEST_TRACE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """From where a request came: kept apart, and soon deleted."""

    address: str = ""
    agent: str = ""

    @property
    def brief(self) -> dict[str, str]:
        """As the record takes it."""
        told = {"ip": self.address, "agent_string": self.agent}
        return {name: value[:LONGEST_TRACE] for name, value in told.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One request as its page shows it.

    ``texts`` hold the whole request in each language, without what opens the answer. ``seen`` is a
    mark of the state that is shown: an act that was begun on another state is refused.
    """

    request: Request
    job: Job
    phase: Phase
    texts: Mapping[str, str]
    now: datetime
    seen: str

    @property
    def language(self) -> str:
        """The customer's own."""
        return self.request.language

    @property
    def may_answer(self) -> bool:
        """Whether the request waits for its answer, and there is time left."""
        return self.request.is_open and self.now < self.request.deadline

    @property
    def expired(self) -> bool:
        """Whether its time is over without an answer."""
        late = self.request.is_open and self.now >= self.request.deadline
        return late or self.request.state is State.EXPIRED

    @property
    def may_withdraw(self) -> bool:
        """Whether the permission can be taken back, or the work be stopped."""
        return self.request.state is State.ACCEPTED and self.phase in LIVE

    @property
    def withdrawing_stops_work(self) -> bool:
        """Whether blocks are begun already, which stay to be paid."""
        return self.job.begun(self.request, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The customers' side; ``now`` is the only clock."""

    policy: Policy
    links: Links = field(repr=False)
    ledger: Ledger
    permitters: Permitters
    now: Callable[[], datetime]
    public_keys: Callable[[], Mapping[str, object]]

    def shown(self, token: str) -> Shown:
        """What the page shows; raises UnknownLinkError. Nothing is changed by it."""
        ref, identifier = self._find(token)
        return self._shown(self.ledger.history(ref), identifier)

    def answer(
        self, token: str, *, blocks: int | None, name: str, seen: str, trace: Trace
    ) -> Shown:
        """Accept so many blocks, or decline with None; raises ConsentError."""
        who = _name(name)

        def act(history: tuple[Event, ...], shown: Shown, by: Actor) -> tuple[Event, ...]:
            if seen != shown.seen:
                raise ConsentError(_standing(shown))
            if blocks is None:
                return acts.decline(shown.request, by, now=shown.now)
            accepted = acts.accept(shown.request, blocks, by, now=shown.now)
            how = entitled_by(history, shown.request)
            wanted = shown.request.personal.get("addressee", "")
            if not still_entitled(wanted, how, self.permitters):
                raise ConsentError("not_entitled")
            return accepted

        return self._act(token, who, trace, act)

    def question(self, token: str, *, text: str, name: str, trace: Trace) -> Shown:
        """Have a person answer first; also after the time is over, to be asked anew."""
        words = typed(text, LONGEST_QUESTION)

        def act(history: tuple[Event, ...], shown: Shown, by: Actor) -> tuple[Event, ...]:
            if not words:
                raise ConsentError("incomplete")
            asked = questions(history, shown.request)
            if words in [event.personal.get("question") for event in asked]:
                return ()  # the same form, sent twice
            if len(asked) >= acts.MOST_QUESTIONS:
                raise ConsentError("too_often")
            return acts.question(shown.request, by, words, now=shown.now)

        return self._act(token, typed(name, LONGEST_NAME), trace, act)

    def extend(self, token: str, *, trace: Trace) -> Shown:
        """As much time again, from now."""
        hours = self.policy.fee.open_hours if self.policy.fee else 0
        return self._act(
            token,
            "",
            trace,
            lambda _, shown, by: acts.extend(shown.request, by, hours, now=shown.now),
        )

    def withdraw(self, token: str, *, name: str, seen: str, trace: Trace) -> Shown:
        """Take the permission back; once blocks are begun, stop the work, and pay for those."""
        who = _name(name)

        def act(_: tuple[Event, ...], shown: Shown, by: Actor) -> tuple[Event, ...]:
            if not shown.may_withdraw:
                raise ConsentError(_standing(shown))
            if seen != shown.seen:
                raise ConsentError("changed")
            if shown.withdrawing_stops_work:
                return work.complete(shown.job, by, now=shown.now)
            return acts.withdraw(shown.job, shown.request, by, now=shown.now)

        return self._act(token, who, trace, act)

    def _act(
        self,
        token: str,
        name: str,
        trace: Trace,
        act: Callable[[tuple[Event, ...], Shown, Actor], tuple[Event, ...]],
    ) -> Shown:
        ref, identifier = self._find(token)
        by = Actor(channel="page", proof="link", name=name, brief=trace.brief)

        def decide(history: tuple[Event, ...]) -> Appending:
            came = passed(history, identifier, now=self.now())
            history = (*history, *came)  # time comes first: what it ended, nobody can act on
            try:
                events = act(history, self._shown(history, identifier), by)
            except ConsentError as error:
                refused.append(error)  # what time has brought stays on record all the same
                events = ()
            whole = (*came, *events)
            return appending((*history, *events), whole, links=self.links, now=self.now())

        refused: list[ConsentError] = []
        self.ledger.act(ref, decide, now=self.now())
        if refused:
            raise refused[0]
        return self._shown(self.ledger.history(ref), identifier)

    def _find(self, token: str) -> tuple[TicketRef, str]:
        found = self.ledger.find(token_hash(token), "customer")
        if found is None:
            raise UnknownLinkError
        return found

    def _shown(self, history: tuple[Event, ...], identifier: str) -> Shown:
        now = self.now()
        for job in jobs(history):
            for request in job.requests:
                if request.id == identifier:
                    return Shown(
                        request=request,
                        job=job,
                        phase=job.phase(now),
                        texts={each: _readable(request, each) for each in LANGUAGES},
                        now=now,
                        seen=_seen(request, job, now),
                    )
        raise UnknownLinkError


def _readable(request: Request, language: str) -> str:
    """The text as it was posted, without the paragraphs on how to answer: one does so here."""
    paragraphs = request.personal.get(f"text_{language}", "").split("\n\n")
    while paragraphs and LINK_LEFT_OUT in paragraphs[-1]:  # they are the last ones
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _seen(request: Request, job: Job, now: datetime) -> str:
    begun = request.state is State.ACCEPTED and job.begun(request, now)
    state = (request.id, request.state, request.accepted_blocks, begun)
    parts = (*state, job.completed, len(job.sessions))
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def _standing(shown: Shown) -> str:
    """Why an act on another state cannot be done."""
    if shown.expired:
        return "expired"
    if shown.request.state is State.VOIDED:
        return "closed"
    return "changed" if shown.request.is_open else "answered"


def _name(name: str) -> str:
    words = typed(name, LONGEST_NAME)
    if not words:
        raise ConsentError("incomplete")
    return words
