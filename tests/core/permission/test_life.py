"""Whatever people and the clock do, in whatever order: no charge without permission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.core.permission.life_model import (
    ACCEPTED,
    MOST_EXTENSIONS,
    OPEN,
    Asked,
    Model,
    Piece,
)

from support_policy.core.permission import acts, work
from support_policy.core.permission.acts import LEAST_EXTENSION, Actor, Asking
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.fee import Rate
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Request
from support_policy.core.permission.record import canonical
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
REF = TicketRef(desk="desk", id="7")
WARN = timedelta(minutes=10)
OPEN_HOURS = 72
PAGE = Actor(channel="page", proof="link", name="Jeanne Roy")
STEPS = st.sampled_from(
    [timedelta(seconds=seconds) for seconds in (1, 59, 601, 1500, 3000, 3600, 3660)]
) | st.sampled_from([timedelta(hours=hours) for hours in (5, 36, 72)])
BACK = st.sampled_from([timedelta(seconds=seconds) for seconds in (1, 300, 3600, 90_000)])
# The newest most of the time, and sometimes one of long ago.
WHICH = st.sampled_from([-1, -1, -1, -1, -2, 0])
AGENTS = st.sampled_from(["Ana", "Ben", "Cléo"])
ENDED = {"declined", "expired", "voided", "withdrawn"}


def staff(name: str = "Ana") -> Actor:
    return Actor(channel="staff", proof="work_link", name=name)


class Life(RuleBasedStateMachine):
    """One ticket; each rule tries something, and the model says whether it may be done."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.events: tuple[Event, ...] = ()
        self.model = Model()
        self.went_back = False
        self.blurred = False  # the clock went back while somebody worked
        self.ended: dict[str, str] = {}
        self.numbers = count(1)
        self.found: tuple[Job, ...] = ()

    # What people try

    @rule(
        reason=st.sampled_from(["outside", "correction"]),
        blocks=st.integers(1, 3),
        words=st.sampled_from(["Move the mailbox.", "Find the slow query."]),
        price=st.sampled_from(["85.00", "90.55"]),
    )
    def ask(self, reason: str, blocks: int, words: str, price: str) -> None:
        last = self.model.last
        more = last is not None and last.goes_on
        assert acts.is_more(self.job, self.now) is more
        earlier = last.open if last else None
        rate = last.rate if last and more else Decimal(price)
        says = (reason, blocks, words)
        deadline = self.now + timedelta(hours=OPEN_HOURS)
        asking = Asking(
            ticket=REF,
            request=f"PH-{next(self.numbers)}",
            reason=reason,
            blocks=blocks,
            rate=Rate(amount=rate, currency="CAD", block_minutes=60),
            deadline=deadline,
            language="fr",
            facts={"policy_version": "v1"},
            personal={"work": words, "addressee": "jeanne@example.com"},
        )
        may = earlier is None or earlier.says != says
        if self.tries(may, lambda: acts.ask(self.job, asking, now=self.now)):
            asked = Asked(id=asking.request, blocks=blocks, says=says, deadline=deadline)
            if last and more:
                last.requests.append(asked)
            else:
                self.model.pieces.append(Piece(rate=rate, requests=[asked]))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH, blocks=st.sampled_from([1, 1, 2, 2, 3, 0, 4, -1]))
    def accept(self, which: int, blocks: int) -> None:
        request, _, asked = self.request(which)
        may = asked.may_be_answered(self.now) and 1 <= blocks <= asked.blocks
        self.tries(may, lambda: acts.accept(request, blocks, PAGE, now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def accept_all(self, which: int) -> None:
        self.accept(which, self.request(which)[0].blocks)

    @precondition(lambda self: self.model.pieces and not self.model.pieces[-1].running)
    @rule(which=WHICH, late=STEPS, accepts=st.booleans())
    def a_mail_is_read_late(self, which: int, late: timedelta, accepts: bool) -> None:
        """A mail counts from when it was written, which is never before it was asked for."""
        request, _, asked = self.request(which)
        at = max(self.now - late, request.asked_at)
        mail = Actor(channel="mail", proof="dmarc", address="jeanne@example.com", message="m1")
        may = asked.may_be_answered(at)
        if accepts:
            self.tries(may, lambda: acts.accept(request, request.blocks, mail, now=at))
        else:
            self.tries(may, lambda: acts.decline(request, mail, now=at))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def decline(self, which: int) -> None:
        request, _, asked = self.request(which)
        may = asked.may_be_answered(self.now)
        self.tries(may, lambda: acts.decline(request, PAGE, now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def question(self, which: int) -> None:
        request, _, _ = self.request(which)
        self.tries(True, lambda: acts.question(request, PAGE, "Why?", now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH, hours=st.sampled_from([1, OPEN_HOURS]))
    def extend(self, which: int, hours: int) -> None:
        request, _, asked = self.request(which)
        before = asked.deadline
        later = self.now + timedelta(hours=hours)
        longer = later - before >= LEAST_EXTENSION
        spent = longer and asked.extensions >= MOST_EXTENSIONS
        may = asked.may_be_answered(self.now) and not spent
        if self.tries(may, lambda: acts.extend(request, PAGE, hours, now=self.now)):
            assert asked.deadline == (later if longer else before)

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def void(self, which: int) -> None:
        request, _, asked = self.request(which)
        self.tries(
            asked.state == OPEN, lambda: acts.void(request, staff(), "taken_back", now=self.now)
        )

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        request, piece, asked = self.request(which)
        job = self.of(piece)
        may: bool | None = asked.state == ACCEPTED and piece.goes_on
        if may and piece.running:
            may = None  # it depends on whose block is being used
        if may and piece.spread()[asked.id]:
            may = None if self.went_back else False
        self.tries(may, lambda: acts.withdraw(job, request, PAGE, now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule()
    def confirm(self) -> None:
        piece, job = self.piece(-1)
        may = piece.goes_on and not piece.confirmed
        self.tries(may, lambda: work.confirm(job, staff(), now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH, agent=AGENTS)
    def start(self, which: int, agent: str) -> None:
        piece, job = self.piece(which)
        may: bool | None = piece.goes_on and piece.confirmed and agent not in piece.running.values()
        if may and piece.at_cap:
            may = None if self.went_back and not piece.stopped_at_cap else False
        self.tries(may, lambda: work.start(job, staff(agent), now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH, agent=AGENTS)
    def stop(self, which: int, agent: str) -> None:
        piece, job = self.piece(which)
        self.tries(
            agent in piece.running.values(), lambda: work.stop(job, staff(agent), now=self.now)
        )

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def complete(self, which: int) -> None:
        piece, job = self.piece(which)
        due = piece.spread()
        if self.tries(piece.goes_on, lambda: work.complete(job, staff(), now=self.now)):
            charged = {each.id: each.charged for each in piece.permissions}
            assert self.went_back or charged == due
            assert piece.open is None

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def bill(self, which: int) -> None:
        request, piece, asked = self.request(which)
        job = self.of(piece)
        free = not (piece.waived or piece.disputed or asked.billed)
        may = piece.completed and asked.charged > 0 and free
        self.tries(may, lambda: work.bill(job, request, staff(), "INV-1", now=self.now))

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH, reason=st.sampled_from(["Our own fault.", "Our own fault.", " \t"]))
    def waive(self, which: int, reason: str) -> None:
        piece, job = self.piece(which)
        may = (piece.goes_on or piece.completed) and not piece.waived and bool(reason.strip())
        if self.tries(may, lambda: work.waive(job, staff(), reason, now=self.now)):
            assert piece.completed

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def dispute(self, which: int) -> None:
        piece, job = self.piece(which)
        may = piece.completed and not piece.disputed
        self.tries(may, lambda: work.dispute(job, staff(), "I never agreed.", now=self.now))

    # Whole stories, so that what comes after them is tried as well

    @rule(blocks=st.integers(1, 3), fewer=st.integers(0, 1), agents=st.sets(AGENTS, max_size=2))
    def work_is_permitted_and_begun(self, blocks: int, fewer: int, agents: set[str]) -> None:
        self.ask("outside", blocks, f"As agreed, {next(self.numbers)}.", "85.00")
        self.accept(-1, max(1, blocks - fewer))
        self.confirm()
        for agent in sorted(agents):
            self.start(-1, agent)

    @precondition(lambda self: self.model.pieces)
    @rule(step=STEPS, bills=st.booleans())
    def work_goes_on_to_its_end(self, step: timedelta, bills: bool) -> None:
        self.start(-1, "Ana")
        self.wait(step)
        self.time_is_noticed()
        self.complete(-1)
        if bills:
            self.bill(-1)

    @rule(step=STEPS, late=STEPS)
    def more_is_permitted_by_a_mail_that_was_written_at_work(
        self, step: timedelta, late: timedelta
    ) -> None:
        self.ask("correction", 1, f"The rest, {next(self.numbers)}.", "85.00")
        self.start(-1, "Ben")
        self.wait(step)
        for agent in tuple(self.model.pieces[-1].running.values()):
            self.stop(-1, agent)
        self.a_mail_is_read_late(-1, late, accepts=True)

    @precondition(lambda self: self.model.pieces)
    @rule(which=WHICH)
    def a_permission_is_taken_back_between_sittings(self, which: int) -> None:
        for agent in tuple(self.model.pieces[-1].running.values()):
            self.stop(-1, agent)
        self.withdraw(which)

    # What time does

    @rule(step=STEPS)
    def time_passes(self, step: timedelta) -> None:
        self.wait(step)

    @rule(step=BACK)
    def the_clock_goes_back(self, step: timedelta) -> None:
        self.now -= step
        self.went_back = True
        self.blurred |= any(piece.running for piece in self.model.pieces)

    @precondition(lambda self: self.next_at is not None and self.next_at > self.now)
    @rule(early=st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(seconds=1)]))
    def the_next_instant_comes(self, early: timedelta) -> None:
        at = self.next_at
        assert at is not None
        if at - early > self.now:
            self.wait(at - early - self.now)

    @precondition(lambda self: self.model.pieces)
    @rule()
    def time_is_noticed(self) -> None:
        job = self.job
        assert job is not None
        self.add(acts.passed(job, now=self.now, warn=WARN))
        assert not acts.passed(self.found[-1], now=self.now, warn=WARN), "it says the same again"
        at = self.next_at
        assert at is None or at >= self.now
        if at is not None and not self.went_back:
            later = at + timedelta(milliseconds=1)
            assert acts.passed(self.found[-1], now=later, warn=WARN), "nothing to say at next_at"
            sooner = at - timedelta(milliseconds=1)
            if sooner > self.now:
                assert not acts.passed(self.found[-1], now=sooner, warn=WARN), "next_at is too late"

    # What always holds

    @invariant()
    def the_product_and_the_model_agree(self) -> None:
        found = self.found
        assert [each.id for each in found] == [p.requests[0].id for p in self.model.pieces]
        for job, piece in zip(found, self.model.pieces, strict=True):
            told = [
                (each.id, each.state.value, each.accepted_blocks, each.deadline, each.billed)
                for each in job.requests
            ]
            assert told == [
                (each.id, each.state, each.permitted, each.deadline, each.billed)
                for each in piece.requests
            ]
            assert (job.completed, job.disputed) == (piece.completed, piece.disputed)
            assert any(each.waived for each in job.requests) is piece.waived
            assert [each.agent for each in job.running] == list(piece.running.values())
            if not self.went_back:
                assert job.phase(self.now).value == piece.phase

    @invariant()
    def time_counts_only_while_it_is_permitted(self) -> None:
        for job, piece in zip(self.found, self.model.pieces, strict=True):
            used = job.used(self.now)
            assert self.blurred or used <= piece.counted, (
                "time counts that was worked without permission"
            )
            assert self.went_back or used == piece.counted
            for later in (timedelta(0), timedelta(days=9)):
                assert timedelta(0) <= job.used(self.now + later) <= job.cap
                assert job.left(self.now + later) >= timedelta(0)

    @invariant()
    def every_charge_rests_on_its_permission(self) -> None:
        for number, event in enumerate(self.events):
            if event.kind in {Kind.COMPLETED, Kind.BILLED} and event.number("blocks"):
                before = [each for each in self.events[:number] if each.request == event.request]
                _must_be_permitted(event, before)

    @invariant()
    def the_sum_of_charges_is_within_the_sum_of_permissions(self) -> None:
        for piece in self.model.pieces:
            ids = {each.id for each in piece.requests}
            charged = _sum(self.events, Kind.COMPLETED, ids)
            assert charged <= piece.rate * sum(each.permitted for each in piece.permissions)
            assert _sum(self.events, Kind.BILLED, ids) <= charged

    @invariant()
    def at_most_one_request_is_open(self) -> None:
        assert sum(each.is_open for job in self.found for each in job.requests) <= 1

    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        for job in self.found:
            for each in job.requests:
                known = self.ended.get(each.id)
                assert known in (None, each.state.value)
                if each.state.value in ENDED:
                    self.ended[each.id] = each.state.value

    @invariant()
    def nothing_is_billed_twice_or_after_it_was_waived(self) -> None:
        settled: set[str] = set()
        for event in self.events:
            if event.kind is Kind.BILLED:
                assert event.request not in settled
            if event.kind in {Kind.BILLED, Kind.WAIVED}:
                settled.add(event.request)

    @invariant()
    def the_state_is_that_of_the_events_however_they_come(self) -> None:
        whole = self.found
        half = len(self.events) // 2
        jobs(self.events[:half])  # a look in between leaves no trace
        parts = (self.events[:half], self.events[half:])
        assert jobs(chain.from_iterable(parts)) == jobs(list(self.events)) == whole

    # How it is done

    def wait(self, step: timedelta) -> None:
        self.now += step
        self.model.pass_time(step)

    @property
    def job(self) -> Job | None:
        return self.found[-1] if self.found else None

    @property
    def next_at(self) -> datetime | None:
        return acts.next_at(self.job, now=self.now, warn=WARN) if self.job else None

    def piece(self, which: int) -> tuple[Piece, Job]:
        piece = self.model.pieces[max(which, -len(self.model.pieces))]
        return piece, self.of(piece)

    def of(self, piece: Piece) -> Job:
        return next(each for each in self.found if each.id == piece.requests[0].id)

    def request(self, which: int) -> tuple[Request, Piece, Asked]:
        known = self.model.requests
        piece, asked = known[max(which, -len(known))]
        return next(each for each in self.of(piece).requests if each.id == asked.id), piece, asked

    def tries(self, may: bool | None, act: Callable[[], tuple[Event, ...]]) -> bool:
        """Do it; whether it was done, which must be what the model says (None: either)."""
        events: tuple[Event, ...] | None = None
        reason = ""
        try:
            events = act()
        except ConsentError as error:
            reason = error.reason
        if events is None:
            assert not may, f"refused: {reason}"
            return False
        assert may is not False, f"let through: {[each.kind.value for each in events]}"
        self.add(events)
        return True

    def add(self, events: Iterable[Event]) -> None:
        for event in events:
            assert event.ticket == REF
            canonical(dict(event.facts))
            if event.kind is Kind.STARTED:
                piece, _ = next(each for each in self.model.requests if each[1].id == event.request)
                assert piece.permissions
                assert piece.confirmed
                assert not piece.stopped_at_cap
            self.model.hear(event)
            self.events += (event,)
        self.found = jobs(self.events)


def _must_be_permitted(charge: Event, before: list[Event]) -> None:
    """A request, then an acceptance in time, nothing that undid it, and no more than it allowed."""
    story = [each.kind for each in before]
    assert story[0] is Kind.REQUESTED
    accepted = before[story.index(Kind.ACCEPTED)]
    assert story.count(Kind.ACCEPTED) == 1
    assert not {Kind.DECLINED, Kind.EXPIRED, Kind.VOIDED, Kind.WITHDRAWN} & set(story)
    deadlines = [
        datetime.fromisoformat(each.text("deadline"))
        for each in before[: story.index(Kind.ACCEPTED)]
        if each.kind in {Kind.REQUESTED, Kind.EXTENDED}
    ]
    assert accepted.at < deadlines[-1]
    assert charge.number("blocks") <= accepted.number("blocks") <= before[0].number("blocks")
    price = Decimal(before[0].text("rate")) * charge.number("blocks")
    assert charge.text("amount") == f"{price:.2f}"
    assert charge.text("currency") == before[0].text("currency")


def _sum(events: tuple[Event, ...], kind: Kind, ids: set[str]) -> Decimal:
    found = (each for each in events if each.kind is kind and each.request in ids)
    return sum((Decimal(each.text("amount")) for each in found), Decimal(0))


class PunctualLife(Life):
    """The same, where everything that time brings is noticed at its very instant."""

    def wait(self, step: timedelta) -> None:
        end = self.now + step
        self.notice()
        while (at := self.next_at) is not None and at < end:
            super().wait(max(at - self.now, timedelta(microseconds=1)))
            self.notice()
        super().wait(max(end - self.now, timedelta(0)))
        self.notice()

    def notice(self) -> None:
        if self.job:
            self.add(acts.passed(self.job, now=self.now, warn=WARN))


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestPunctualLife = PunctualLife.TestCase
TestPunctualLife.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
