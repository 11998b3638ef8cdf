"""What time brings: one reminder, the end, and nothing that a clock or a lost call can spoil."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.permissions.rig import HOUR, MINUTE, TRACE, Rig

from support_policy.core.permission.job import Phase, State
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError
from support_policy.permissions.timers import look
from support_policy.store.outcome import Outcome

LOST = Outcome(ending="done")


def test_one_reminder_comes_at_half_time(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.passes(36 * HOUR - MINUTE)
    assert "reminded" not in rig.told(ref)
    rig.passes(MINUTE)
    assert rig.told(ref).count("reminded") == 1
    assert rig.token(ref) in rig.public(ref)[-1]
    for _ in range(3):
        rig.passes(HOUR)
        rig.attends(ref)

    assert rig.told(ref).count("reminded") == 1


def test_a_reminder_asks_for_nothing_that_could_be_sent_back_as_a_yes(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref)
    rig.passes(36 * HOUR)
    rig.mails(ref, rig.public(ref)[-1])

    assert rig.request(ref).state is State.REQUESTED


def test_silence_is_no_permission(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.passes(36 * HOUR)
    rig.passes(36 * HOUR)

    assert rig.phase(ref) is Phase.EXPIRED
    assert rig.told(ref)[-2:] == ["expired", "expired-note"]
    assert rig.tags(ref) == {"fee_expired"}
    assert ref.id not in rig.desk.waiting
    assert rig.page.shown(token).expired
    with pytest.raises(ConsentError) as refused:
        rig.work.start(rig.work_token(ref), agent="Ana")
    assert refused.value.reason == "closed"


def test_nobody_is_reminded_or_asked_again_after_the_end(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.passes(80 * HOUR)
    told = rig.told(ref)
    for _ in range(5):
        rig.passes(30 * HOUR)
        rig.looks()
        rig.attends(ref)

    assert rig.told(ref) == told
    assert "reminded" not in told
    assert rig.ledger.due(rig.now) == ()


@pytest.mark.parametrize("blocks", [2, None])
def test_an_answer_on_the_page_after_the_end_is_refused(
    rig: Rig, ref: TicketRef, blocks: int | None
) -> None:
    token = rig.asks(ref)
    seen = rig.page.shown(token).seen
    rig.now += 72 * HOUR
    with pytest.raises(ConsentError) as refused:
        rig.page.answer(token, blocks=blocks, name="Jeanne", seen=seen, trace=TRACE)

    assert refused.value.reason == "expired"
    assert not rig.job(ref).permitted_blocks


def test_after_the_end_the_customer_may_still_ask_for_a_fresh_request(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    rig.passes(72 * HOUR)
    rig.page.question(token, text="Est-il trop tard ?", name="Jeanne", trace=TRACE)
    rig.settles()
    assert any("Est-il trop tard ?" in note for note in rig.notes(ref))
    assert rig.request(ref).state is State.EXPIRED
    fresh = rig.asks(ref)

    assert fresh != token
    rig.answers(fresh, 2)
    assert rig.phase(ref) is Phase.ACCEPTED


def test_a_page_that_was_shown_in_time_does_not_make_a_late_answer_good(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    rig.now += 72 * HOUR - timedelta(microseconds=1)
    seen = rig.page.shown(token).seen
    assert rig.page.shown(token).may_answer
    rig.now += timedelta(microseconds=1)

    with pytest.raises(ConsentError):
        rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)


def test_the_clock_going_back_between_question_and_answer_loses_nothing(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    rig.now -= 2 * HOUR
    rig.wakes()
    rig.answers(token, 2)

    assert rig.phase(ref) is Phase.ACCEPTED
    assert rig.told(ref)[-2:] == ["accepted", "accepted-note"]
    assert rig.told(ref).count("request") == 1


def test_a_mail_read_by_a_clock_that_went_back_counts(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    written = rig.now + MINUTE
    rig.now -= 2 * HOUR
    rig.mails(ref, "I accept", at=written)

    assert rig.phase(ref) is Phase.ACCEPTED


def test_a_clock_that_goes_back_opens_nothing_that_has_ended(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.passes(72 * HOUR)
    rig.now -= 60 * HOUR

    assert not rig.page.shown(token).may_answer
    with pytest.raises(ConsentError):
        rig.answers(token, 2)
    rig.mails(ref, "I accept")
    assert rig.request(ref).state is State.EXPIRED


def test_an_answer_whose_call_was_lost_is_found_by_looking(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.writes(ref, "I accept")
    for taken in rig.take():  # the call never came to us
        rig.store.deliveries.settle(taken.id, taken.attempt, LOST, now=rig.now)
    assert rig.request(ref).is_open
    rig.now += 10 * MINUTE

    assert rig.looks() == 1
    assert rig.phase(ref) is Phase.ACCEPTED
    assert rig.looks() == 0, "once in so many minutes"


def test_a_ticket_on_which_nothing_waits_is_not_looked_at(rig: Rig, ref: TicketRef) -> None:
    rig.answers(rig.asks(ref), None)
    other = rig.opens("8")
    rig.now += HOUR

    assert rig.looks() == 0
    assert rig.history(other) == ()


def test_what_is_due_is_woken_once(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.now += 36 * HOUR

    assert rig.wakes() == 1
    assert rig.wakes() == 0


def test_addresses_and_agent_strings_are_forgotten_and_the_permission_stays(
    rig: Rig, ref: TicketRef
) -> None:
    rig.answers(rig.asks(ref), 2)
    assert "203.0.113.7" in str([event.brief for event in rig.history(ref)])
    rig.now += timedelta(days=400)
    rig.ledger.forget(rig.now)

    assert "203.0.113.7" not in str([(event.brief, event.personal) for event in rig.history(ref)])
    assert rig.request(ref).answered_by["name"] == "Jeanne Roy"
    assert rig.phase(ref) is Phase.ACCEPTED


def test_a_look_at_a_waiting_request_is_no_lost_webhook(rig: Rig, ref: TicketRef) -> None:
    """Or monitoring would cry wolf every ten minutes."""
    rig.asks(ref)
    before = rig.store.tally()
    assert look(rig.ledger, rig.store, ["desk"], now=rig.now) == 1
    after = rig.store.tally()

    assert after.deliveries == before.deliveries
    assert after.paid_help == {"desk": 1}
