"""Where a piece of work stands, told from what happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from support_policy.core.permission import acts, work
from support_policy.core.permission.acts import MOST_EXTENSIONS, Actor, Asking
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.fee import Rate
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Phase, Request, State
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REF = TicketRef(desk="desk", id="7")
RATE = Rate(amount=Decimal("85.00"), currency="CAD", block_minutes=60)
CUSTOMER = Actor(channel="page", proof="link", name="Jeanne Roy")
ANA = Actor(channel="staff", proof="work_link", name="Ana")
BEN = Actor(channel="staff", proof="work_link", name="Ben")


class Ticket:
    """The events of one ticket, as they come."""

    def __init__(self) -> None:
        self.events: tuple[Event, ...] = ()
        self.now = NOW

    @property
    def jobs(self) -> tuple[Job, ...]:
        return jobs(self.events)

    @property
    def job(self) -> Job:
        return self.jobs[-1]

    @property
    def request(self) -> Request:
        return self.job.latest

    @property
    def phase(self) -> Phase:
        return self.job.phase(self.now)

    def add(self, events: Iterable[Event]) -> tuple[Event, ...]:
        new = tuple(events)
        self.events += new
        return new

    def asks(self, blocks: int = 2, *, of: Rate = RATE, doing: str = "Move it.") -> Request:
        asking = Asking(
            ticket=REF,
            request=f"PH-{len(self.events)}",
            reason="outside",
            blocks=blocks,
            rate=of,
            deadline=self.now + 72 * HOUR,
            language="fr",
            facts={"policy_version": "v1", "mark": "m"},
            personal={"work": doing},
        )
        self.add(acts.ask(self.jobs[-1] if self.jobs else None, asking, now=self.now))
        return self.request

    def accepts(self, blocks: int) -> Request:
        self.add(acts.accept(self.request, blocks, CUSTOMER, now=self.now))
        return self.request

    def permitted(self, blocks: int) -> Request:
        self.asks(blocks, doing=f"Step {len(self.events)}.")
        return self.accepts(blocks)

    def starts(self, agent: Actor = ANA) -> None:
        self.add(work.start(self.job, agent, now=self.now))

    def stops(self, agent: Actor = ANA) -> None:
        self.add(work.stop(self.job, agent, now=self.now))

    def works(self, time: timedelta) -> None:
        self.starts()
        self.now += time
        self.stops()

    def completes(self) -> None:
        self.add(work.complete(self.job, ANA, now=self.now))

    def notices(self) -> list[Kind]:
        return [
            event.kind for event in self.add(acts.passed(self.job, now=self.now, warn=10 * MINUTE))
        ]


@pytest.fixture
def ticket() -> Ticket:
    return Ticket()


def refusal(act: object, *given: object, **named: object) -> str:
    with pytest.raises(ConsentError) as refused:
        act(*given, **named)  # type: ignore[operator]
    return refused.value.reason


def test_nothing_that_happened_is_no_job() -> None:
    assert jobs(()) == ()


def test_a_request_waits_with_what_it_asked_for(ticket: Ticket) -> None:
    request = ticket.asks(2)

    assert (ticket.phase, request.state, request.blocks) == (Phase.REQUESTED, State.REQUESTED, 2)
    assert (request.maximum, request.deadline) == (Decimal("170.00"), NOW + 72 * HOUR)
    assert (ticket.job.permitted_blocks, ticket.job.cap) == (0, timedelta(0))


def test_what_a_request_would_cost_is_on_record_as_money(ticket: Ticket) -> None:
    ticket.asks(2)
    facts = ticket.events[0].facts

    assert (facts["rate"], facts["maximum"], facts["currency"]) == ("85.00", "170.00", "CAD")


def test_all_blocks_accepted_need_no_confirming(ticket: Ticket) -> None:
    ticket.permitted(2)

    assert (ticket.phase, ticket.job.cap) == (Phase.ACCEPTED, 2 * HOUR)


def test_fewer_blocks_are_permitted_and_wait_until_an_agent_confirms(ticket: Ticket) -> None:
    ticket.asks(2)
    ticket.accepts(1)

    assert (ticket.phase, ticket.job.cap) == (Phase.TO_CONFIRM, HOUR)
    assert refusal(work.start, ticket.job, ANA, now=ticket.now) == "unconfirmed"
    ticket.add(work.confirm(ticket.job, ANA, now=ticket.now))
    ticket.starts()
    assert ticket.phase is Phase.WORKING


@pytest.mark.parametrize("blocks", [-1, 0, 3])
def test_no_more_than_was_asked_and_no_less_than_one_block_is_accepted(
    ticket: Ticket, blocks: int
) -> None:
    assert refusal(acts.accept, ticket.asks(2), blocks, CUSTOMER, now=NOW) == "blocks"


def test_an_answer_before_the_deadline_counts_and_one_at_it_does_not(ticket: Ticket) -> None:
    request = ticket.asks(1)
    last = request.deadline - timedelta(microseconds=1)

    assert acts.accept(request, 1, CUSTOMER, now=last)
    assert acts.decline(request, CUSTOMER, now=last)
    for late in (request.deadline, request.deadline + HOUR):
        assert refusal(acts.accept, request, 1, CUSTOMER, now=late) == "expired"
        assert refusal(acts.decline, request, CUSTOMER, now=late) == "expired"
        assert refusal(acts.extend, request, CUSTOMER, 72, now=late) == "expired"


def test_a_second_answer_is_refused(ticket: Ticket) -> None:
    request = ticket.permitted(1)

    assert refusal(acts.accept, request, 1, CUSTOMER, now=NOW) == "answered"
    assert refusal(acts.decline, request, CUSTOMER, now=NOW) == "answered"


def test_the_same_request_is_not_made_twice_and_another_one_takes_its_place(ticket: Ticket) -> None:
    first = ticket.asks(2)
    with pytest.raises(ConsentError) as refused:
        ticket.asks(2)
    assert refused.value.reason == "already_asked"
    second = ticket.asks(3)

    states = {each.id: each.state for job in ticket.jobs for each in job.requests}
    assert states == {first.id: State.VOIDED, second.id: State.REQUESTED}


def test_putting_off_the_deadline_never_brings_it_nearer(ticket: Ticket) -> None:
    request = ticket.asks(1)
    ticket.add(acts.extend(request, CUSTOMER, 1, now=NOW))
    assert ticket.request.deadline == request.deadline
    ticket.now += 50 * HOUR
    ticket.add(acts.extend(ticket.request, CUSTOMER, 72, now=ticket.now))
    assert ticket.request.deadline == NOW + 122 * HOUR


def test_the_deadline_is_put_off_ten_times_and_no_more(ticket: Ticket) -> None:
    ticket.asks(1)
    for _ in range(MOST_EXTENSIONS):
        ticket.now += HOUR
        ticket.add(acts.extend(ticket.request, CUSTOMER, 72, now=ticket.now))
        assert acts.extend(ticket.request, CUSTOMER, 72, now=ticket.now) == (), "pressed twice"

    ticket.now += HOUR
    assert refusal(acts.extend, ticket.request, CUSTOMER, 72, now=ticket.now) == "too_often"


def test_a_question_leaves_the_request_open_for_its_answer(ticket: Ticket) -> None:
    request = ticket.asks(1)
    (event,) = ticket.add(acts.question(request, CUSTOMER, "How long?", now=NOW))

    assert event.personal["question"] == "How long?"
    assert "How long?" not in event.facts.values()
    assert (ticket.request.question, ticket.phase) == (True, Phase.REQUESTED)
    ticket.accepts(1)
    assert ticket.request.question is False


def test_one_reminder_comes_at_half_time_and_then_the_end(ticket: Ticket) -> None:
    ticket.asks(1)
    heard: list[tuple[timedelta, list[Kind]]] = []
    for hours in range(80):
        ticket.now = NOW + hours * HOUR
        if kinds := ticket.notices():
            heard.append((ticket.now - NOW, kinds))

    assert heard == [(36 * HOUR, [Kind.REMINDED]), (72 * HOUR, [Kind.EXPIRED])]
    assert ticket.phase is Phase.EXPIRED


def test_a_reminder_that_nobody_sent_in_time_is_not_sent_after_the_end(ticket: Ticket) -> None:
    ticket.asks(1)
    ticket.now += 100 * HOUR

    assert ticket.notices() == [Kind.EXPIRED]


def test_a_clock_that_goes_back_does_not_open_what_has_expired(ticket: Ticket) -> None:
    ticket.asks(1)
    ticket.now += 72 * HOUR
    ticket.notices()

    assert refusal(acts.accept, ticket.request, 1, CUSTOMER, now=NOW) == "expired"


@pytest.mark.parametrize("answer", ["asked", "declined", "expired", "voided", "withdrawn"])
def test_without_permission_no_work_is_begun_or_ended(ticket: Ticket, answer: str) -> None:
    request = ticket.asks(1)
    if answer == "declined":
        ticket.add(acts.decline(request, CUSTOMER, now=NOW))
    if answer == "expired":
        ticket.now += 72 * HOUR
        ticket.notices()
    if answer == "voided":
        ticket.add(acts.void(request, ANA, "taken_back", now=NOW))
    if answer == "withdrawn":
        request = ticket.accepts(1)
        ticket.add(acts.withdraw(ticket.job, request, CUSTOMER, now=NOW))

    for act in (work.start, work.complete, work.confirm):
        assert refusal(act, ticket.job, ANA, now=ticket.now) == "closed"
    assert refusal(work.waive, ticket.job, ANA, "Ours.", now=ticket.now) == "closed"
    assert refusal(work.bill, ticket.job, ticket.request, ANA, "1", now=ticket.now) == "unfinished"


def test_the_time_of_two_agents_counts_together(ticket: Ticket) -> None:
    ticket.permitted(2)
    ticket.starts(ANA)
    ticket.now += 10 * MINUTE
    ticket.starts(BEN)
    ticket.now += 20 * MINUTE

    assert ticket.job.used(ticket.now) == 50 * MINUTE
    assert ticket.job.left(ticket.now) == 70 * MINUTE
    assert ticket.job.reaches(timedelta(0), ticket.now) == ticket.now + 35 * MINUTE


def test_one_agent_sits_once_at_a_time(ticket: Ticket) -> None:
    ticket.permitted(1)
    ticket.starts(ANA)

    assert refusal(work.start, ticket.job, ANA, now=ticket.now) == "running"
    assert refusal(work.stop, ticket.job, BEN, now=ticket.now) == "resting"


def test_a_warning_comes_before_the_cap_and_at_the_cap_everybody_is_stopped(ticket: Ticket) -> None:
    ticket.permitted(1)
    ticket.starts(ANA)
    ticket.starts(BEN)
    ticket.now = NOW + 25 * MINUTE
    assert acts.next_at(ticket.job, now=NOW, warn=10 * MINUTE) == ticket.now
    assert ticket.notices() == [Kind.WARNED]
    ticket.now = NOW + 30 * MINUTE
    assert ticket.notices() == [Kind.CAPPED]

    assert (ticket.phase, ticket.job.running) == (Phase.CAPPED, ())
    assert ticket.job.used(ticket.now + HOUR) == HOUR
    assert refusal(work.start, ticket.job, ANA, now=ticket.now) == "capped"


def test_a_clock_that_went_back_at_work_takes_nothing_away_from_other_work(ticket: Ticket) -> None:
    ticket.permitted(1)
    ticket.works(30 * MINUTE)
    ticket.starts()
    ticket.now -= 2 * HOUR
    ticket.stops()

    assert ticket.job.used(ticket.now) == 30 * MINUTE


def test_the_cap_is_the_cap_where_the_time_cannot_be_shared_evenly(ticket: Ticket) -> None:
    ticket.permitted(1)
    for number in range(7):
        ticket.starts(Actor(channel="staff", proof="work_link", name=f"Agent {number}"))
    at = ticket.job.reaches(timedelta(0), ticket.now)
    assert at is not None
    ticket.now = at

    assert Kind.CAPPED in ticket.notices()
    assert ticket.phase is Phase.CAPPED
    assert refusal(work.start, ticket.job, ANA, now=ticket.now) == "capped"


def test_more_blocks_add_up_and_let_the_work_go_on(ticket: Ticket) -> None:
    first = ticket.permitted(1)
    ticket.starts()
    ticket.now += HOUR
    ticket.notices()
    second = ticket.permitted(2)

    assert len(ticket.jobs) == 1
    assert second.more
    assert (ticket.job.cap, ticket.phase) == (3 * HOUR, Phase.ACCEPTED)
    ticket.works(90 * MINUTE)
    ticket.completes()
    assert [each.charged_blocks for each in ticket.job.requests] == [1, 2]
    assert first.id != second.id


def test_time_after_the_cap_is_never_paid_for_by_a_later_permission(ticket: Ticket) -> None:
    """Nobody noticed the cap in time: what was worked after it stays unpaid."""
    ticket.permitted(1)
    ticket.starts()
    ticket.now += 2 * HOUR
    ticket.notices()
    ticket.permitted(1)

    assert ticket.job.used(ticket.now) == HOUR
    assert ticket.phase is Phase.ACCEPTED
    ticket.completes()
    assert [each.charged_blocks for each in ticket.job.requests] == [1, 0]


def test_time_after_the_cap_is_not_paid_for_where_the_answer_comes_before_the_notice(
    ticket: Ticket,
) -> None:
    ticket.permitted(1)
    ticket.starts()
    ticket.asks(1, doing="The rest.")
    ticket.now += 2 * HOUR
    ticket.accepts(1)

    assert ticket.job.used(ticket.now) == HOUR


def test_time_after_the_cap_is_not_paid_for_where_the_stop_comes_before_the_notice(
    ticket: Ticket,
) -> None:
    ticket.permitted(1)
    ticket.works(2 * HOUR)
    ticket.permitted(1)

    assert ticket.job.used(ticket.now) == HOUR


def test_time_is_counted_once_where_the_mail_that_permits_more_was_written_during_the_work(
    ticket: Ticket,
) -> None:
    ticket.permitted(1)
    ticket.asks(1, doing="The rest.")
    ticket.works(30 * MINUTE)
    mail = Actor(channel="mail", proof="dmarc", address="jeanne@example.com")
    ticket.add(acts.accept(ticket.request, 1, mail, now=ticket.now - 15 * MINUTE))

    assert ticket.job.used(ticket.now) == 30 * MINUTE


@pytest.mark.parametrize("back", [MINUTE, 3 * HOUR])
def test_work_counts_whole_though_the_clock_went_back_after_the_permission(
    ticket: Ticket, back: timedelta
) -> None:
    ticket.permitted(1)
    ticket.now -= back
    ticket.works(30 * MINUTE)

    assert ticket.job.used(ticket.now) == 30 * MINUTE
    assert refusal(acts.withdraw, ticket.job, ticket.request, CUSTOMER, now=ticket.now) == "started"


def test_a_later_price_changes_nothing_of_a_permission(ticket: Ticket) -> None:
    ticket.permitted(1)
    ticket.works(HOUR)
    ticket.completes()
    dear = replace(RATE, amount=Decimal("99.00"))
    ticket.asks(1, of=dear)

    old, new = ticket.jobs
    assert (old.requests[0].maximum, new.requests[0].maximum) == (
        Decimal("85.00"),
        Decimal("99.00"),
    )


def test_nothing_worked_is_nothing_charged(ticket: Ticket) -> None:
    ticket.permitted(2)
    ticket.completes()

    assert ticket.events[-1].facts["amount"] == "0.00"
    assert ticket.phase is Phase.COMPLETED
    assert refusal(work.bill, ticket.job, ticket.request, ANA, "1", now=NOW) == "nothing_charged"


@pytest.mark.parametrize(("minutes", "amount"), [(1, "85.00"), (60, "85.00"), (61, "170.00")])
def test_the_charge_is_for_whole_blocks(ticket: Ticket, minutes: int, amount: str) -> None:
    ticket.permitted(3)
    ticket.works(minutes * MINUTE)
    ticket.completes()

    assert ticket.events[-1].facts["amount"] == amount


def test_ending_the_work_stops_everybody_and_takes_back_what_is_still_asked(ticket: Ticket) -> None:
    ticket.permitted(1)
    ticket.starts(ANA)
    ticket.starts(BEN)
    ticket.asks(1, doing="More.")
    ticket.now += 10 * MINUTE
    ticket.completes()

    assert ticket.job.running == ()
    assert ticket.request.state is State.VOIDED
    assert ticket.job.requests[0].charged_blocks == 1
    assert refusal(work.complete, ticket.job, ANA, now=ticket.now) == "closed"


def test_a_charge_is_billed_once_and_only_when_the_work_has_ended(ticket: Ticket) -> None:
    request = ticket.permitted(1)
    ticket.works(HOUR)
    assert refusal(work.bill, ticket.job, request, ANA, "1", now=ticket.now) == "unfinished"
    ticket.completes()
    ticket.add(work.bill(ticket.job, ticket.request, ANA, "INV-1", now=ticket.now))

    assert ticket.phase is Phase.BILLED
    assert refusal(work.bill, ticket.job, ticket.request, ANA, "2", now=ticket.now) == "billed"


@pytest.mark.parametrize("finished", [False, True])
def test_what_was_waived_is_never_billed(ticket: Ticket, *, finished: bool) -> None:
    ticket.permitted(1)
    ticket.works(HOUR)
    if finished:
        ticket.completes()
    ticket.add(work.waive(ticket.job, ANA, "Our own fault.", now=ticket.now))

    assert ticket.phase is Phase.WAIVED
    assert "Our own fault." not in str([event.facts for event in ticket.events])
    assert refusal(work.bill, ticket.job, ticket.request, ANA, "1", now=ticket.now) == "waived"
    assert refusal(work.waive, ticket.job, ANA, "Again.", now=ticket.now) == "waived"


def test_nothing_is_waived_without_a_reason(ticket: Ticket) -> None:
    ticket.permitted(1)

    assert refusal(work.waive, ticket.job, ANA, " \n", now=NOW) == "incomplete"


def test_what_is_disputed_is_not_billed_and_may_be_waived(ticket: Ticket) -> None:
    ticket.permitted(1)
    ticket.works(HOUR)
    ticket.completes()
    ticket.add(work.dispute(ticket.job, ANA, "They say they never agreed.", now=ticket.now))

    assert ticket.phase is Phase.DISPUTED
    assert refusal(work.bill, ticket.job, ticket.request, ANA, "1", now=ticket.now) == "disputed"
    ticket.add(work.waive(ticket.job, ANA, "A courtesy.", now=ticket.now))
    assert ticket.request.waived


def test_a_permission_is_taken_back_before_work_and_not_after_it_began(ticket: Ticket) -> None:
    request = ticket.permitted(1)
    assert acts.withdraw(ticket.job, request, CUSTOMER, now=NOW)
    ticket.starts()
    assert refusal(acts.withdraw, ticket.job, request, CUSTOMER, now=NOW) == "started"
    ticket.now += MINUTE
    ticket.stops()
    assert refusal(acts.withdraw, ticket.job, request, CUSTOMER, now=ticket.now) == "started"


def test_of_two_permissions_the_one_whose_blocks_are_untouched_is_taken_back(
    ticket: Ticket,
) -> None:
    ticket.permitted(1)
    ticket.works(20 * MINUTE)
    second = ticket.permitted(1)
    ticket.add(acts.withdraw(ticket.job, second, CUSTOMER, now=ticket.now))

    assert (ticket.job.cap, ticket.phase) == (HOUR, Phase.ACCEPTED)


def test_a_permission_whose_block_was_begun_stays_though_another_has_room(ticket: Ticket) -> None:
    """Otherwise work done before the second permission would be charged to it."""
    first = ticket.permitted(1)
    ticket.works(20 * MINUTE)
    ticket.permitted(1)

    assert refusal(acts.withdraw, ticket.job, first, CUSTOMER, now=ticket.now) == "started"


def test_a_message_of_ours_is_noted_once(ticket: Ticket) -> None:
    request = ticket.asks(1)
    ticket.add(acts.posted(request, "request", now=NOW))

    assert ticket.request.posted == {"request"}
    assert acts.posted(ticket.request, "request", now=NOW) == ()


class TestAnEarlierJob:
    """A new request on the same ticket leaves the job before it what it is."""

    @pytest.fixture
    def ticket(self) -> Ticket:
        ticket = Ticket()
        ticket.permitted(1)
        ticket.works(HOUR)
        ticket.completes()
        ticket.permitted(2)
        return ticket

    def old(self, ticket: Ticket) -> tuple[Job, Request]:
        job = ticket.jobs[0]
        return job, job.requests[0]

    def test_the_new_request_begins_another_job(self, ticket: Ticket) -> None:
        assert [job.phase(ticket.now) for job in ticket.jobs] == [Phase.COMPLETED, Phase.ACCEPTED]

    def test_it_is_billed_once(self, ticket: Ticket) -> None:
        ticket.add(work.bill(*self.old(ticket), ANA, "INV-1", now=ticket.now))

        assert [job.phase(ticket.now) for job in ticket.jobs] == [Phase.BILLED, Phase.ACCEPTED]
        assert refusal(work.bill, *self.old(ticket), ANA, "INV-2", now=ticket.now) == "billed"

    def test_it_is_not_billed_once_it_was_waived(self, ticket: Ticket) -> None:
        ticket.add(work.waive(self.old(ticket)[0], ANA, "Our own fault.", now=ticket.now))

        assert [job.phase(ticket.now) for job in ticket.jobs] == [Phase.WAIVED, Phase.ACCEPTED]
        assert refusal(work.bill, *self.old(ticket), ANA, "INV-1", now=ticket.now) == "waived"

    def test_its_dispute_is_not_the_new_ones(self, ticket: Ticket) -> None:
        ticket.add(work.dispute(self.old(ticket)[0], ANA, "Never agreed.", now=ticket.now))

        assert [job.phase(ticket.now) for job in ticket.jobs] == [Phase.DISPUTED, Phase.ACCEPTED]

    def test_what_was_posted_about_it_is_known_again(self, ticket: Ticket) -> None:
        ticket.add(acts.posted(self.old(ticket)[1], "completed", now=ticket.now))

        assert self.old(ticket)[1].posted == {"completed"}


def test_a_story_whose_people_were_erased_comes_to_the_same(ticket: Ticket) -> None:
    ticket.asks(2)
    ticket.accepts(1)
    ticket.add(work.confirm(ticket.job, ANA, now=ticket.now))
    ticket.starts(ANA)
    ticket.starts(BEN)
    ticket.now += 10 * MINUTE
    ticket.stops(ANA)
    bare = tuple(replace(each, personal={}, brief={}) for each in ticket.events)
    (known,), (erased,) = ticket.jobs, jobs(bare)

    for at in (ticket.now, ticket.now + HOUR):
        assert (erased.phase(at), erased.used(at)) == (known.phase(at), known.used(at))
    ended = [event.facts for event in work.complete(erased, ANA, now=ticket.now)]
    assert ended == [event.facts for event in work.complete(known, ANA, now=ticket.now)]


def test_an_instant_without_a_zone_is_no_event() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Event(kind=Kind.POSTED, at=datetime(2026, 3, 2), ticket=REF, request="PH-1")  # noqa: DTZ001
