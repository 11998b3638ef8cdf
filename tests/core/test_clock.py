"""What is owed on a ticket, as replies, messages, pauses, moves and changes come in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from support_policy.core.clock import (
    Clock,
    LateReceipt,
    PauseReason,
    Response,
    Segment,
    Target,
    alerts,
    closed,
    customer_wrote,
    due,
    not_covered,
    paused,
    priority_changed,
    received,
    recomputed,
    resumed,
    staff_replied,
    time_left,
    transferred,
)
from support_policy.core.schedule import Schedule, around_the_clock, tzdata_version
from support_policy.core.target import Kind, percent_spent, remaining, warn_at

OFFICE_WEEK = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = Schedule(time_zone="America/Toronto", hours=OFFICE_WEEK)
HIGH, MEDIUM, LOW = (Target.elapsed(hours=hours) for hours in (1, 4, 24))
LEVEL_2 = Target.business(hours=4)
HOUR = 3600


def nov(day: int, clock: str) -> datetime:
    """A wall time in November 2026; the 23rd is a Monday."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{clock}-05:00")


def only(clock: Clock, response: Response) -> Segment:
    (segment,) = (segment for segment in clock.segments if segment.response is response)
    return segment


def answered_ticket(target: Target = MEDIUM) -> Clock:
    """Received on Monday at 10:00 and answered at 10:30."""
    clock = received(target, nov(23, "10:00"), OFFICE, level="support")
    return staff_replied(clock, nov(23, "10:30"), OFFICE)


def waiting_ticket(target: Target = MEDIUM) -> Clock:
    """Answered, and the customer wrote again on Monday at 11:00."""
    return customer_wrote(answered_ticket(target), nov(23, "11:00"), OFFICE)


# First response


def test_a_reply_at_the_due_time_is_in_time_and_one_second_later_is_not() -> None:
    clock = received(HIGH, nov(23, "10:00"), OFFICE)
    in_time = staff_replied(clock, nov(23, "11:00"), OFFICE).segments[0]
    late = staff_replied(clock, nov(23, "11:00:01"), OFFICE).segments[0]
    assert in_time.met
    assert in_time.breached_at(nov(30, "10:00")) is None
    assert not late.met
    assert late.breached_at(nov(30, "10:00")) == nov(23, "11:00")


def test_a_fraction_of_a_second_after_the_due_time_is_in_time() -> None:
    clock = received(HIGH, nov(23, "10:00:00.9"), OFFICE)
    assert clock.due == nov(23, "11:00")
    assert staff_replied(clock, nov(23, "11:00:00.999"), OFFICE).segments[0].met


def test_between_closing_and_opening_100_percent_is_spent_and_a_breach_is_seen_by_instants() -> (
    None
):
    target, start = Target.business(hours=8), nov(23, "09:00")
    (segment,) = received(target, start, OFFICE).segments
    assert percent_spent(target, start, nov(24, "08:59"), OFFICE) == 100
    assert segment.breached_at(nov(23, "17:00")) is None
    assert segment.breached_at(nov(23, "17:00:01")) == nov(23, "17:00")


@pytest.mark.parametrize("reply", [{"public": False}, {"human": False}])
def test_notes_and_automatic_replies_answer_nothing(reply: dict[str, bool]) -> None:
    clock = received(HIGH, nov(23, "10:00"), OFFICE)
    assert staff_replied(clock, nov(23, "10:10"), OFFICE, **reply) == clock


def test_once_met_it_stays_met() -> None:
    clock = staff_replied(answered_ticket(), nov(25, "10:00"), OFFICE)
    clock = priority_changed(clock, nov(25, "11:00"), HIGH, OFFICE)
    assert only(clock, Response.FIRST_RESPONSE).answered == nov(23, "10:30")
    assert only(clock, Response.FIRST_RESPONSE).met


def test_when_nothing_is_owed_no_due_time_is_shown() -> None:
    assert answered_ticket().due is None
    assert answered_ticket().owed == ()


def test_closing_a_ticket_is_no_answer_to_it() -> None:
    clock = received(MEDIUM, nov(23, "10:00"), OFFICE)
    assert closed(clock, nov(23, "11:00"), OFFICE).due == nov(23, "14:00")


def test_replies_in_a_repeated_hour_are_compared_as_instants() -> None:
    toronto = ZoneInfo("America/Toronto")
    start = datetime(2026, 11, 1, 0, 30, tzinfo=toronto)
    clock = received(HIGH, start, OFFICE)
    early_on_the_wall = datetime(2026, 11, 1, 1, 10, tzinfo=toronto, fold=1)
    assert not staff_replied(clock, early_on_the_wall, OFFICE).segments[0].met
    assert staff_replied(clock, early_on_the_wall.replace(fold=0), OFFICE).segments[0].met


def test_a_reply_in_the_second_of_two_hours_answers_a_message_in_the_first() -> None:
    toronto = ZoneInfo("America/Toronto")
    clock = received(HIGH, datetime(2026, 11, 1, 1, 50, tzinfo=toronto), OFFICE)
    reply = datetime(2026, 11, 1, 1, 10, tzinfo=toronto, fold=1)
    assert staff_replied(clock, reply, OFFICE).segments[0].met


# Next response


def test_the_next_response_counts_from_the_oldest_message_without_an_answer() -> None:
    clock = customer_wrote(waiting_ticket(), nov(23, "13:00"), OFFICE)
    assert only(clock, Response.NEXT_RESPONSE).start == nov(23, "11:00")
    assert clock.due == nov(23, "15:00")


def test_messages_before_the_first_response_start_no_second_clock() -> None:
    clock = received(MEDIUM, nov(23, "10:00"), OFFICE)
    assert customer_wrote(clock, nov(23, "11:00"), OFFICE) == clock


def test_a_message_after_the_answer_starts_anew() -> None:
    clock = staff_replied(waiting_ticket(), nov(23, "12:00"), OFFICE)
    clock = customer_wrote(clock, nov(23, "13:00"), OFFICE)
    assert clock.due == nov(23, "17:00")


def test_closing_ends_the_next_response_and_reopening_starts_one() -> None:
    clock = closed(waiting_ticket(), nov(23, "12:00"), OFFICE)
    assert clock.due is None
    assert customer_wrote(clock, nov(25, "10:00"), OFFICE).due == nov(25, "14:00")


def test_a_next_response_that_was_late_when_the_ticket_was_closed_stays_late() -> None:
    clock = closed(waiting_ticket(), nov(23, "16:00"), OFFICE)
    late = only(clock, Response.NEXT_RESPONSE)
    assert late.breached_at(nov(30, "10:00")) == nov(23, "15:00")


def test_a_reply_from_before_the_message_does_not_answer_it() -> None:
    clock = staff_replied(waiting_ticket(), nov(23, "10:59"), OFFICE)
    assert only(clock, Response.NEXT_RESPONSE).running


# Pauses


def test_a_first_response_is_never_paused() -> None:
    clock = received(MEDIUM, nov(23, "10:00"), OFFICE, french=True)
    clock = transferred(clock, nov(23, "10:10"), "level_2", LEVEL_2, OFFICE)
    assert paused(clock, nov(23, "10:30"), PauseReason.AWAITING_FEE_APPROVAL, OFFICE) == clock


def test_while_paused_there_is_no_due_time_only_time_left() -> None:
    clock = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    assert clock.due is None
    waiting = only(clock, Response.NEXT_RESPONSE)
    assert time_left(waiting, nov(26, "12:00"), OFFICE) == 3 * HOUR
    assert waiting.breached_at(nov(26, "12:00")) is None
    assert alerts(clock, OFFICE) == []


def test_after_a_pause_what_was_left_runs_on() -> None:
    clock = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_FEE_APPROVAL, OFFICE)
    clock = resumed(clock, nov(24, "09:00"), OFFICE)
    assert clock.due == nov(24, "12:00")
    assert [change.rule for change in clock.record][-2:] == ["awaiting_fee_approval", "resumed"]


def test_a_second_pause_in_a_pause_changes_nothing() -> None:
    once = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    assert paused(once, nov(23, "13:00"), PauseReason.AWAITING_CUSTOMER, OFFICE) == once


def test_waiting_for_a_third_party_pauses_only_where_it_is_allowed() -> None:
    clock, reason = waiting_ticket(), PauseReason.AWAITING_THIRD_PARTY
    assert paused(clock, nov(23, "12:00"), reason, OFFICE) == clock
    assert paused(clock, nov(23, "12:00"), reason, OFFICE, pausing=[reason]).due is None


def test_the_customer_s_message_ends_the_wait_for_the_customer_and_no_other() -> None:
    for reason, ends in (
        (PauseReason.AWAITING_CUSTOMER, True),
        (PauseReason.AWAITING_FEE_APPROVAL, False),
    ):
        clock = paused(waiting_ticket(), nov(23, "12:00"), reason, OFFICE)
        clock = customer_wrote(clock, nov(23, "14:00"), OFFICE)
        assert clock.due == (nov(23, "17:00") if ends else None)


def test_a_reply_during_a_pause_is_in_time_however_long_the_pause() -> None:
    clock = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    clock = staff_replied(clock, nov(25, "12:00"), OFFICE)
    assert only(clock, Response.NEXT_RESPONSE).met


def test_a_ticket_closed_during_a_pause_was_not_late() -> None:
    clock = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    clock = closed(clock, nov(25, "12:00"), OFFICE)
    assert only(clock, Response.NEXT_RESPONSE).breached_at(nov(26, "12:00")) is None


def test_a_changed_priority_asks_for_nothing_during_a_pause() -> None:
    clock = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    clock = priority_changed(clock, nov(23, "12:30"), HIGH, OFFICE)
    assert clock.due is None
    assert only(clock, Response.NEXT_RESPONSE).act_by is None


def test_a_pause_does_not_hide_a_breach_before_it() -> None:
    clock = paused(waiting_ticket(), nov(23, "16:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    for later in (clock, resumed(clock, nov(25, "10:00"), OFFICE)):
        late = only(later, Response.NEXT_RESPONSE)
        assert late.breached_at(nov(26, "10:00")) == nov(23, "15:00")


def test_a_paused_day_target_ends_at_a_closing() -> None:
    target = Target.business_days(5)
    pauses = [(nov(24, "10:30"), nov(24, "15:00"))]
    answer = due(target, nov(23, "10:00"), OFFICE, pauses)
    assert answer == datetime.fromisoformat("2026-12-01T17:00-05:00")


def test_pauses_of_a_real_time_target_count_day_and_night() -> None:
    pauses = [(nov(23, "20:00"), nov(24, "08:00")), (nov(24, "07:00"), nov(24, "09:00"))]
    assert due(LOW, nov(23, "10:00"), OFFICE, pauses) == nov(24, "23:00")


# Change of priority


def test_a_change_of_priority_keeps_start_and_pauses() -> None:
    clock = paused(waiting_ticket(), nov(23, "12:00"), PauseReason.AWAITING_CUSTOMER, OFFICE)
    clock = resumed(clock, nov(23, "14:00"), OFFICE)
    clock = priority_changed(clock, nov(23, "14:00"), Target.business(hours=5), OFFICE)
    assert only(clock, Response.NEXT_RESPONSE).start == nov(23, "11:00")
    assert clock.due == nov(24, "10:00")


def test_the_record_says_when_from_what_to_what_and_why() -> None:
    clock = received(LOW, nov(23, "10:00"), OFFICE, level="support")
    clock = priority_changed(clock, nov(23, "20:00"), HIGH, OFFICE, rule="adjustments/outage")
    first, last = clock.record
    assert (first.at, first.old, first.new, first.rule) == (
        nov(23, "10:00"),
        None,
        nov(24, "10:00"),
        "received",
    )
    assert (last.at, last.old, last.new, last.rule) == (
        nov(23, "20:00"),
        nov(24, "10:00"),
        nov(23, "11:00"),
        "adjustments/outage",
    )
    assert (last.calendar, last.tzdata) == (OFFICE.digest, tzdata_version())


def test_the_work_list_goes_by_the_old_due_time_where_that_comes_first() -> None:
    clock = received(MEDIUM, nov(23, "10:00"), OFFICE)
    clock = priority_changed(clock, nov(23, "13:30"), HIGH, OFFICE)
    assert clock.segments[0].act_by == nov(23, "14:00")


def test_the_work_list_goes_by_the_new_target_where_the_old_due_time_is_past() -> None:
    clock = received(HIGH, nov(23, "10:00"), OFFICE)
    clock = priority_changed(clock, nov(23, "12:00"), MEDIUM, OFFICE)
    assert clock.due == nov(23, "14:00")
    assert clock.segments[0].act_by == nov(23, "16:00")


def test_a_change_to_the_same_target_changes_nothing() -> None:
    clock = received(LOW, nov(23, "10:00"), OFFICE)
    assert priority_changed(clock, nov(23, "12:00"), LOW, OFFICE) == clock


def test_next_responses_follow_the_changed_priority() -> None:
    clock = priority_changed(answered_ticket(), nov(23, "10:45"), HIGH, OFFICE)
    assert customer_wrote(clock, nov(23, "11:00"), OFFICE).due == nov(23, "12:00")


# Moves


def test_a_move_never_lengthens_an_unanswered_first_response() -> None:
    clock = received(MEDIUM, nov(23, "10:00"), OFFICE, level="support")
    clock = transferred(clock, nov(23, "11:00"), "level_2", LEVEL_2, OFFICE)
    assert {segment.due for segment in clock.owed} == {nov(23, "14:00"), nov(23, "15:00")}
    assert clock.due == nov(23, "14:00")


def test_the_first_response_keeps_its_own_result_after_a_move() -> None:
    clock = transferred(answered_ticket(), nov(23, "16:00"), "level_2", LEVEL_2, OFFICE)
    clock = staff_replied(clock, nov(25, "10:00"), OFFICE)
    assert only(clock, Response.FIRST_RESPONSE).met
    assert only(clock, Response.LEVEL_RESPONSE).breached_at(nov(26, "10:00")) == nov(24, "12:00")


def test_coming_back_to_a_level_resumes_its_segment() -> None:
    clock = transferred(answered_ticket(), nov(23, "16:00"), "level_2", LEVEL_2, OFFICE)
    clock = transferred(clock, nov(23, "16:30"), "billing", Target.business_days(5), OFFICE)
    assert clock.due == datetime.fromisoformat("2026-11-30T17:00-05:00")
    back = transferred(clock, nov(24, "10:00"), "level_2", LEVEL_2, OFFICE)
    assert back.due == nov(24, "12:00")
    assert len(back.segments) == len(clock.segments)


def test_coming_back_to_a_level_that_answered_owes_nothing() -> None:
    clock = transferred(answered_ticket(), nov(23, "16:00"), "level_2", LEVEL_2, OFFICE)
    clock = staff_replied(clock, nov(23, "16:30"), OFFICE)
    clock = transferred(clock, nov(24, "09:00"), "support", MEDIUM, OFFICE)
    assert clock.due is None
    assert transferred(clock, nov(24, "10:00"), "level_2", LEVEL_2, OFFICE).due is None


def test_after_a_move_next_responses_follow_the_new_level() -> None:
    clock = transferred(answered_ticket(), nov(23, "11:00"), "level_2", LEVEL_2, OFFICE)
    clock = staff_replied(clock, nov(23, "12:00"), OFFICE)
    clock = customer_wrote(clock, nov(23, "16:00"), OFFICE)
    assert clock.due == nov(24, "12:00")


def test_a_priority_can_change_while_another_level_has_the_ticket() -> None:
    clock = received(LOW, nov(23, "10:00"), OFFICE, level="support")
    clock = transferred(clock, nov(23, "10:30"), "level_2", LEVEL_2, OFFICE)
    clock = priority_changed(clock, nov(23, "10:40"), HIGH, OFFICE, level="support")
    assert clock.due == nov(23, "11:00")
    assert clock.target == LEVEL_2


def test_a_move_may_keep_the_start_by_a_setting() -> None:
    clock = received(LOW, nov(23, "10:00"), OFFICE, level="support")
    clock = transferred(clock, nov(23, "11:00"), "level_2", LEVEL_2, OFFICE, restart=False)
    assert clock.due == nov(23, "14:00")
    assert [segment.level for segment in clock.segments] == ["level_2"]


# French, and what is not covered


def test_french_adds_a_clock_on_business_hours_and_leaves_the_first_alone() -> None:
    clock = received(HIGH, nov(20, "20:00"), OFFICE, french=True)
    assert only(clock, Response.FIRST_RESPONSE).due == nov(20, "21:00")
    assert only(clock, Response.FR_RESPONSE).due == nov(23, "10:00")
    assert clock.due == nov(20, "21:00")


def test_an_english_reply_satisfies_the_first_clock_and_a_french_one_both() -> None:
    clock = received(HIGH, nov(20, "20:00"), OFFICE, french=True)
    english = staff_replied(clock, nov(20, "20:30"), OFFICE, language="en")
    assert only(english, Response.FIRST_RESPONSE).met
    assert english.due == nov(23, "10:00")
    assert staff_replied(clock, nov(20, "20:30"), OFFICE, language="fr").due is None


def test_a_changed_priority_moves_the_french_clock_on_business_hours() -> None:
    clock = received(HIGH, nov(20, "20:00"), OFFICE, french=True)
    clock = priority_changed(clock, nov(20, "20:05"), MEDIUM, OFFICE)
    assert only(clock, Response.FR_RESPONSE).due == nov(23, "13:00")


def test_day_targets_are_the_same_in_french() -> None:
    assert Target.business_days(5).on_business_hours() == Target.business_days(5)
    assert LOW.on_business_hours() == Target.business(hours=24)


def test_a_ticket_that_is_not_covered_has_no_clock_but_a_reason() -> None:
    clock = not_covered("unregistered_sender")
    clock = customer_wrote(clock, nov(23, "10:00"), OFFICE)
    assert (clock.due, clock.segments, clock.not_covered) == (None, (), "unregistered_sender")


def test_a_third_party_ticket_is_timed_and_flagged() -> None:
    clock = received(LOW, nov(23, "10:00"), OFFICE, not_covered="third_party")
    assert (clock.due, clock.not_covered) == (nov(24, "10:00"), "third_party")


# Late receipt, warnings, percent


@pytest.mark.parametrize(
    ("start", "same_day", "next_opening"),
    [
        (nov(23, "10:00"), nov(24, "17:00"), nov(24, "17:00")),
        (nov(23, "06:00"), nov(24, "17:00"), nov(24, "17:00")),
        (nov(20, "20:00"), nov(23, "17:00"), nov(24, "17:00")),
        (nov(21, "12:00"), nov(23, "17:00"), nov(24, "17:00")),
    ],
)
def test_mail_after_hours_may_count_as_received_at_the_next_opening(
    start: datetime, same_day: datetime, next_opening: datetime
) -> None:
    late = Target.business_days(1, late_receipt=LateReceipt.NEXT_OPENING)
    assert due(Target.business_days(1), start, OFFICE) == same_day
    assert due(late, start, OFFICE) == next_opening


def test_a_warning_is_never_in_closed_time() -> None:
    assert warn_at(LEVEL_2, nov(20, "16:00"), OFFICE) == nov(23, "11:00")
    assert warn_at(LEVEL_2, nov(20, "16:00"), OFFICE, percent=20) == nov(20, "16:48")


def test_a_warning_in_real_time_may_come_at_night() -> None:
    assert warn_at(LOW, nov(23, "10:00"), OFFICE) == nov(24, "04:00")


def test_a_part_of_a_second_is_rounded_up() -> None:
    target = Target(kind=Kind.ELAPSED, amount=10)
    assert warn_at(target, nov(23, "10:00"), OFFICE) == nov(23, "10:00:08")


def test_the_same_warning_is_equal_to_itself_and_a_moved_one_is_another() -> None:
    clock = received(LOW, nov(23, "10:00"), OFFICE)
    again = customer_wrote(clock, nov(23, "11:00"), OFFICE)
    moved = priority_changed(clock, nov(23, "11:00"), MEDIUM, OFFICE)
    assert set(alerts(clock, OFFICE)) == set(alerts(again, OFFICE))
    assert not set(alerts(clock, OFFICE)) & set(alerts(moved, OFFICE))


def test_warnings_of_all_thresholds_come_in_order() -> None:
    clock = received(MEDIUM, nov(23, "10:00"), OFFICE)
    found = alerts(clock, OFFICE, percents=(90, 50, 75))
    assert [(alert.percent, alert.at) for alert in found] == [
        (50, nov(23, "12:00")),
        (75, nov(23, "13:00")),
        (90, nov(23, "13:36")),
    ]


def test_percent_is_100_only_when_all_is_spent_and_more_only_after() -> None:
    start = nov(23, "10:00")
    percents = {
        clock: percent_spent(LEVEL_2, start, nov(23, clock), OFFICE)
        for clock in ("10:00", "12:00", "13:59:59", "14:00", "14:00:01", "16:00")
    }
    assert list(percents.values()) == [0, 50, 99, 100, 101, 150]


def test_percent_of_a_day_target_counts_its_business_time() -> None:
    target, start = Target.business_days(5), nov(20, "20:00")
    assert percent_spent(target, start, nov(25, "13:00"), OFFICE) == 50
    assert percent_spent(target, start, nov(27, "17:00"), OFFICE) == 100


def test_nothing_remains_once_the_time_is_over() -> None:
    assert remaining(LEVEL_2, nov(23, "10:00"), nov(23, "12:00"), OFFICE) == 2 * HOUR
    assert remaining(LEVEL_2, nov(23, "10:00"), nov(24, "12:00"), OFFICE) == 0


# Calendars, arguments


def test_a_changed_calendar_moves_nothing_before_it_is_recomputed() -> None:
    clock = received(LEVEL_2, nov(23, "15:00"), OFFICE)
    edited = Schedule(time_zone="America/Toronto", hours=OFFICE_WEEK, holidays={date(2026, 11, 24)})
    assert customer_wrote(clock, nov(23, "16:00"), edited).due == nov(24, "11:00")
    moved = recomputed(clock, nov(23, "16:00"), edited)
    assert moved.due == nov(25, "11:00")
    (change,) = moved.record[len(clock.record) :]
    assert (change.old, change.new, change.rule) == (
        nov(24, "11:00"),
        nov(25, "11:00"),
        "recomputed",
    )
    assert change.calendar == edited.digest != OFFICE.digest


def test_recomputing_by_the_same_calendar_changes_nothing() -> None:
    clock = received(HIGH, nov(23, "10:00"), OFFICE)
    assert recomputed(clock, nov(23, "15:00"), OFFICE) == clock


def test_real_time_needs_no_calendar() -> None:
    never = Schedule(time_zone="America/Toronto", hours={})
    assert due(HIGH, nov(23, "20:00"), never) == nov(23, "21:00")
    assert HIGH.calendar(never) is around_the_clock("America/Toronto")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_target_of_no_time_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        Target.business_days(amount)


def test_naive_instants_are_refused() -> None:
    naive = nov(23, "12:00").replace(tzinfo=None)
    clock = waiting_ticket()
    with pytest.raises(ValueError, match="at must be"):
        staff_replied(clock, naive, OFFICE)
    with pytest.raises(ValueError, match="at must be"):
        received(HIGH, naive, OFFICE)
    with pytest.raises(ValueError, match="now must be"):
        only(clock, Response.NEXT_RESPONSE).breached_at(naive)


def test_a_pause_cannot_end_before_it_starts() -> None:
    start = nov(23, "12:00")
    clock = paused(waiting_ticket(), start, PauseReason.AWAITING_CUSTOMER, OFFICE)
    with pytest.raises(ValueError, match="ends before it starts"):
        resumed(clock, start - timedelta(seconds=1), OFFICE)
