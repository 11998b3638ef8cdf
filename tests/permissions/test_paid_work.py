"""Work within a permission: counted, warned of, stopped at the cap, summed up, or given away."""

from __future__ import annotations

import pytest
from tests.permissions.rig import HOUR, MINUTE, Rig

from support_policy.core.permission.job import Phase
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError
from support_policy.permissions.billing import charges

REST = "Vérifier le reste."


def refusal(act: object, *given: object, **named: object) -> str:
    with pytest.raises(ConsentError) as refused:
        act(*given, **named)  # type: ignore[operator]
    return refused.value.reason


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_no_time_is_counted_before_the_customer_accepts(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    staff = rig.work_token(ref)

    assert refusal(rig.work.start, staff, agent="Ana") == "closed"
    assert refusal(rig.work.complete, staff, agent="Ana") == "closed"


@pytest.mark.parametrize("agent", ["", " \n", "\N{ZERO WIDTH SPACE}"])
def test_nobody_works_without_a_name(rig: Rig, ref: TicketRef, agent: str) -> None:
    staff = rig.permitted(ref)

    assert refusal(rig.work.start, staff, agent=agent) == "incomplete"


def test_the_page_tells_how_much_is_used_and_left(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.work.start(staff, agent="Ana")
    rig.now += 20 * MINUTE
    shown = rig.work.shown(staff)

    assert (shown.used, shown.left, shown.phase) == (20 * MINUTE, 40 * MINUTE, Phase.WORKING)
    assert not shown.nearly_used_up
    rig.now += 30 * MINUTE
    assert rig.work.shown(staff).nearly_used_up


def test_staff_are_warned_ten_minutes_before_the_cap_and_once(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    rig.passes(49 * MINUTE)
    assert "warned-note" not in rig.told(ref)
    public = rig.public(ref)
    rig.passes(MINUTE)
    rig.passes(MINUTE)

    assert rig.told(ref).count("warned-note") == 1
    assert "10 minutes" in rig.notes(ref)[-1]
    assert rig.public(ref) == public, "the customer is not bothered"


def test_at_the_cap_both_agents_are_stopped_and_no_more_is_counted(
    rig: Rig, ref: TicketRef
) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.work.start(staff, agent="Ana")
    rig.work.start(staff, agent="Ben")
    rig.settles()
    rig.passes(25 * MINUTE)
    assert "warned-note" in rig.told(ref)
    rig.passes(5 * MINUTE)

    assert rig.phase(ref) is Phase.CAPPED
    assert "STOP" in rig.notes(ref)[-1]
    assert rig.tags(ref) == {"fee_capped"}
    assert rig.job(ref).running == ()
    rig.passes(5 * HOUR)
    assert rig.job(ref).used(rig.now) == HOUR
    assert refusal(rig.work.start, staff, agent="Ana") == "capped"
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    assert rig.request(ref).charged_blocks == 1


def test_more_blocks_have_a_request_and_a_receipt_of_their_own_and_the_caps_add_up(
    rig: Rig, ref: TicketRef
) -> None:
    first = rig.asks(ref, blocks=1)
    rig.answers(first, 1)
    staff = rig.work_token(ref)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    rig.passes(HOUR)
    second = rig.asks(ref, blocks=2, work=REST)
    text = plain(rig.public(ref)[-1])
    assert second != first
    assert "$170.00 CDN (CAD)" in text
    assert "$255.00 CDN (CAD)" in text, "what it could come to with what was accepted before"
    assert rig.tags(ref) == {"fee_capped", "fee_requested"}
    rig.answers(second, 2)

    assert rig.told(ref).count("accepted") == 2
    assert rig.job(ref).cap == 3 * HOUR
    assert rig.work.shown(staff).left == 2 * HOUR
    rig.worked(ref, 90 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    assert [each.charged_blocks for each in rig.job(ref).requests] == [1, 2]
    assert rig.told(ref).count("completed") == 1, "one summary for the whole work"
    assert "$255.00 CDN (CAD)" in plain(rig.public(ref)[-1])


def test_more_blocks_that_are_declined_leave_what_was_permitted(rig: Rig, ref: TicketRef) -> None:
    """The story of the demo: 75 minutes of work, stopped at 60, more declined, one block billed."""
    staff = rig.permitted(ref, blocks=1)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    rig.passes(60 * MINUTE)
    rig.passes(15 * MINUTE)
    rig.answers(rig.asks(ref, blocks=1, work=REST), None)
    assert rig.phase(ref) is Phase.CAPPED
    assert rig.tags(ref) == {"fee_capped"}
    rig.work.complete(staff, agent="Ana")
    rig.settles()

    assert [each.charged_blocks for each in rig.job(ref).requests] == [1, None]
    assert "$85.00 CDN (CAD)" in plain(rig.public(ref)[-1])


def test_work_after_the_cap_that_nobody_noticed_is_not_charged_to_later_blocks(
    rig: Rig, ref: TicketRef
) -> None:
    """The service was away as the cap came; the agent stopped an hour too late."""
    staff = rig.permitted(ref, blocks=1)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    rig.now += 2 * HOUR
    rig.wakes()
    rig.answers(rig.asks(ref, blocks=2, work=REST), 2)
    rig.work.complete(staff, agent="Ana")
    rig.settles()

    assert [each.charged_blocks for each in rig.job(ref).requests] == [1, 0]


def test_an_agent_who_stops_too_late_is_told_so_and_only_the_cap_counts(
    rig: Rig, ref: TicketRef
) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    rig.now += 2 * HOUR
    with pytest.raises(ConsentError):
        rig.work.stop(staff, agent="Ana")
    rig.wakes()

    assert rig.phase(ref) is Phase.CAPPED
    assert rig.job(ref).used(rig.now) == HOUR


def test_ending_the_work_tells_the_customer_what_it_comes_to(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=3)
    rig.worked(ref, 61 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    summary = plain(rig.public(ref)[-1])

    assert rig.told(ref)[-2:] == ["completed", "completed-note"]
    assert "1 h 1 min" in summary
    assert "2 blocks = $170.00 CDN (CAD)" in summary
    assert "2 blocs, soit 170,00 $ CA (CAD)" in summary
    assert rig.tags(ref) == {"fee_completed"}
    assert refusal(rig.work.complete, staff, agent="Ana") == "closed"


def test_ending_work_that_never_began_charges_nothing(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref)
    rig.work.complete(staff, agent="Ana")
    rig.settles()

    assert rig.request(ref).charged_blocks == 0
    assert "there is nothing to be charged" in plain(rig.public(ref)[-1])


@pytest.mark.parametrize("ended", [False, True])
def test_giving_the_fee_away_needs_a_reason_and_is_told(
    rig: Rig, ref: TicketRef, *, ended: bool
) -> None:
    staff = rig.permitted(ref)
    rig.worked(ref, 20 * MINUTE)
    if ended:
        rig.work.complete(staff, agent="Ana")
        rig.settles()
    assert refusal(rig.work.waive, staff, agent="Ana", reason=" ") == "incomplete"
    rig.work.waive(staff, agent="Ana", reason="La cause était chez nous.")
    rig.settles()

    assert rig.phase(ref) is Phase.WAIVED
    assert rig.told(ref).count("waived") == 1
    assert rig.told(ref).count("completed") == (1 if ended else 0)
    assert rig.tags(ref) == {"fee_waived"}
    assert "La cause était chez nous." not in "".join(rig.public(ref))


def test_a_dispute_is_noted(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref)
    rig.worked(ref, 20 * MINUTE)
    assert refusal(rig.work.dispute, staff, agent="Ana", reason="Too early.") == "closed"
    rig.work.complete(staff, agent="Ana")
    rig.work.dispute(staff, agent="Ana", reason="They say they never agreed.")
    rig.settles()

    assert rig.tags(ref) == {"fee_disputed"}


def test_staff_take_an_open_request_back(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.work.void(rig.work_token(ref), agent="Ana")
    rig.settles()

    assert rig.tags(ref) == {"fee_voided"}
    assert not rig.page.shown(token).may_answer
    with pytest.raises(ConsentError):
        rig.answers(token, 2)
    rig.mails(ref, "I accept")
    assert not rig.job(ref).permitted_blocks


def test_a_dispute_that_is_decided_lets_the_charge_be_billed(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.worked(ref, 50 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    assert refusal(rig.work.settle, staff, agent="Ana", reason="Too early.") == "closed"
    rig.work.dispute(staff, agent="Ana", reason="They say they never agreed.")
    assert refusal(rig.work.settle, staff, agent="Lea", reason=" ") == "incomplete"
    rig.work.settle(staff, agent="Lea", reason="The receipt is clear.")
    rig.settles()

    assert rig.tags(ref) == {"fee_completed"}
    assert rig.phase(ref) is Phase.COMPLETED
    (charge,) = charges(rig.history(ref))
    assert charge.standing == "ready"


def test_a_second_piece_of_work_leaves_the_first_as_it_is(rig: Rig, ref: TicketRef) -> None:
    first = rig.permitted(ref, blocks=1)
    rig.worked(ref, 50 * MINUTE)
    rig.work.complete(first, agent="Ana")
    rig.settles()
    second = rig.permitted(ref, blocks=1, work=REST)
    assert second != first
    rig.work.dispute(first, agent="Ana", reason="They never agreed.")

    assert rig.work.shown(first).phase is Phase.DISPUTED
    assert rig.work.shown(second).phase is Phase.ACCEPTED


def test_what_is_told_of_earlier_work_is_told_once(rig: Rig, ref: TicketRef) -> None:
    first = rig.permitted(ref, blocks=1)
    rig.worked(ref, 50 * MINUTE)
    rig.asks(ref, blocks=1, work=REST)
    rig.work.complete(first, agent="Ana")
    rig.asks(ref, blocks=1, work="Autre chose.")
    for _ in range(3):
        rig.attends(ref)
    stamps = [post.stamp for post in rig.desk.posts[ref.id]]

    assert len(stamps) == len(set(stamps))
    assert rig.told(ref).count("completed") == 1


def test_the_customer_takes_back_more_blocks_before_they_are_begun(
    rig: Rig, ref: TicketRef
) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.worked(ref, 30 * MINUTE)
    more = rig.asks(ref, blocks=2, work=REST)
    rig.answers(more, 2)
    assert not rig.page.shown(more).withdrawing_stops_work
    rig.takes_back(more)
    rig.settles()

    assert rig.job(ref).cap == HOUR
    assert rig.work.shown(staff).left == 30 * MINUTE
    rig.work.complete(staff, agent="Ana")
    assert rig.job(ref).requests[0].charged_blocks == 1


def test_the_first_permission_is_not_taken_back_whole_once_its_block_is_begun(
    rig: Rig, ref: TicketRef
) -> None:
    """Though there is room in the second: what was worked before it would be charged to it."""
    first = rig.asks(ref, blocks=1)
    rig.answers(first, 1)
    rig.worked(ref, 30 * MINUTE)
    rig.answers(rig.asks(ref, blocks=1, work=REST), 1)

    assert rig.page.shown(first).withdrawing_stops_work
