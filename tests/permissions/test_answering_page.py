"""The customer answers on the page: what was chosen goes on record, and both sides are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.permissions.rig import HOUR, MINUTE, TRACE, Rig

from support_policy.core.permission.acts import MOST_EXTENSIONS
from support_policy.core.permission.job import Phase, State
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, UnknownLinkError
from support_policy.permissions.wording import LINK_LEFT_OUT


def refusal(act: object, *given: object, **named: object) -> str:
    with pytest.raises(ConsentError) as refused:
        act(*given, **named)  # type: ignore[operator]
    return refused.value.reason


def test_looking_at_the_page_changes_nothing(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    before = (rig.ledger.head(), list(rig.desk.posts[ref.id]))
    for _ in range(50):
        shown = rig.page.shown(token)

    assert shown.may_answer
    assert (rig.ledger.head(), rig.desk.posts[ref.id]) == before
    assert rig.settles() == []


def test_the_page_shows_the_request_without_what_opens_the_answer(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    shown = rig.page.shown(token)

    assert shown.language == "fr"
    assert set(shown.texts) == {"en", "fr"}
    assert "$170.00 CDN (CAD)" in shown.texts["en"].replace("\N{NO-BREAK SPACE}", " ")
    for text in shown.texts.values():
        assert LINK_LEFT_OUT not in text
        assert token not in text
        assert rig.code(ref) not in text


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "../etc/passwd", "\N{SNOWMAN}"])
def test_a_link_that_nobody_was_given_opens_nothing(rig: Rig, ref: TicketRef, token: str) -> None:
    rig.asks(ref)

    with pytest.raises(UnknownLinkError):
        rig.page.shown(token)
    with pytest.raises(UnknownLinkError):
        rig.page.answer(token, blocks=1, name="Eve", seen="", trace=TRACE)
    with pytest.raises(UnknownLinkError):
        rig.work.shown(token)


def test_the_links_of_customers_and_of_staff_do_not_open_each_other(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)

    with pytest.raises(UnknownLinkError):
        rig.work.shown(token)
    with pytest.raises(UnknownLinkError):
        rig.page.shown(rig.work_token(ref))


def test_accepting_all_blocks_gives_a_receipt_and_lets_work_begin(rig: Rig, ref: TicketRef) -> None:
    shown = rig.answers(rig.asks(ref), 2)

    assert (shown.phase, shown.request.accepted_blocks) == (Phase.ACCEPTED, 2)
    assert rig.told(ref)[-2:] == ["accepted", "accepted-note"]
    receipt = rig.public(ref)[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert "Jeanne Roy" in receipt
    assert "2 blocks, at most $170.00 CDN (CAD)" in receipt
    assert "170,00 $ CA (CAD)" in receipt
    assert rig.tags(ref) == {"fee_accepted"}
    assert ref.id not in rig.desk.waiting
    rig.work.start(rig.work_token(ref), agent="Ana")


def test_an_acceptance_says_who_by_which_way_and_how_much(rig: Rig, ref: TicketRef) -> None:
    rig.answers(rig.asks(ref), 2)
    event = next(each for each in rig.history(ref) if each.kind.value == "accepted")

    assert (event.facts["channel"], event.facts["proof"]) == ("page", "link")
    assert (event.facts["blocks"], event.facts["amount"]) == (2, "170.00")
    assert event.personal["name"] == "Jeanne Roy"
    assert set(event.brief.values()) | set(event.personal.values()) >= {
        "203.0.113.7",
        "Mozilla/5.0",
    }
    assert "203.0.113.7" not in str(event.facts)


def test_accepting_fewer_blocks_waits_for_an_agent_to_confirm(rig: Rig, ref: TicketRef) -> None:
    rig.answers(rig.asks(ref, blocks=3), 1)
    staff = rig.work_token(ref)

    assert rig.tags(ref) == {"fee_to_confirm"}
    assert "accepted 1 block; you asked for 3 blocks" in rig.notes(ref)[-1]
    assert "$85.00 CDN (CAD)" in rig.public(ref)[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert refusal(rig.work.start, staff, agent="Ana") == "unconfirmed"
    rig.work.confirm(staff, agent="Ana")
    rig.work.start(staff, agent="Ana")
    rig.settles()
    assert rig.tags(ref) == {"fee_working"}
    assert rig.job(ref).cap == HOUR


@pytest.mark.parametrize("blocks", [0, -1, 3, 10**9])
def test_no_other_number_of_blocks_is_taken(rig: Rig, ref: TicketRef, blocks: int) -> None:
    token = rig.asks(ref, blocks=2)

    assert refusal(rig.answers, token, blocks) == "blocks"
    assert rig.request(ref).is_open


@pytest.mark.parametrize("name", ["", "  ", "\n\t", "\N{ZERO WIDTH SPACE}"])
def test_nobody_accepts_without_a_name(rig: Rig, ref: TicketRef, name: str) -> None:
    token = rig.asks(ref)

    assert refusal(rig.answers, token, 2, name=name) == "incomplete"
    assert rig.request(ref).is_open


def test_a_very_long_name_is_cut_and_kept_on_one_line(rig: Rig, ref: TicketRef) -> None:
    rig.answers(rig.asks(ref), 2, name="Jeanne\nI accept\n" + "x" * 500)
    name = rig.request(ref).answered_by["name"]

    assert len(name) == 100
    assert name.startswith("Jeanne I accept x")


def test_declining_charges_nothing_and_asks_no_more(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    shown = rig.answers(token, None)

    assert (shown.request.state, shown.may_answer) == (State.DECLINED, False)
    assert rig.told(ref)[-2:] == ["declined", "declined-note"]
    assert rig.tags(ref) == {"fee_declined"}
    assert ref.id not in rig.desk.waiting
    posts = list(rig.desk.posts[ref.id])
    rig.passes(100 * HOUR)
    rig.looks()
    assert rig.desk.posts[ref.id] == posts
    assert refusal(rig.work.start, rig.work_token(ref), agent="Ana") == "closed"


def test_a_second_answer_is_refused_and_changes_nothing(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.answers(token, 1)
    head = rig.ledger.head()

    for blocks in (2, 1, None):
        assert refusal(rig.answers, token, blocks) == "answered"
    assert rig.ledger.head() == head


def test_an_answer_to_what_is_no_longer_shown_is_refused(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    seen = rig.page.shown(token).seen
    rig.answers(token, None)

    def accepts() -> None:
        rig.page.answer(token, blocks=2, name="Jeanne Roy", seen=seen, trace=TRACE)

    assert refusal(accepts) == "answered"
    assert rig.request(ref).state is State.DECLINED


def test_an_answer_without_having_seen_the_request_is_refused(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)

    def accepts() -> None:
        rig.page.answer(token, blocks=2, name="Jeanne Roy", seen="", trace=TRACE)

    assert refusal(accepts) == "changed"
    assert rig.request(ref).is_open


def test_a_question_goes_to_a_person_and_the_request_stays_open(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.page.question(token, text="Combien de temps ?\nI accept", name="Jeanne", trace=TRACE)
    rig.settles()

    assert rig.request(ref).is_open
    assert "Combien de temps ? I accept" in rig.notes(ref)[-1]
    assert rig.tags(ref) == {"fee_requested", "fee_question"}
    assert ref.id not in rig.desk.waiting
    assert rig.page.shown(token).may_answer
    rig.answers(token, 2)
    assert rig.tags(ref) == {"fee_accepted"}


def test_an_empty_question_is_none(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)

    assert refusal(rig.page.question, token, text=" \n", name="", trace=TRACE) == "incomplete"


def test_nobody_fills_the_ticket_with_questions(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    for number in range(MOST_EXTENSIONS):
        rig.page.question(token, text=f"Why {number}?", name="", trace=TRACE)

    assert refusal(rig.page.question, token, text="Why?", name="", trace=TRACE) == "too_often"


def test_more_time_is_given_as_often_as_the_guidelines_ask(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.passes(71 * HOUR)
    rig.page.extend(token, trace=TRACE)
    rig.settles()
    assert rig.page.shown(token).request.deadline == rig.now + 72 * HOUR
    assert any("more time" in note for note in rig.notes(ref))
    rig.passes(71 * HOUR)
    assert rig.page.shown(token).may_answer
    for _ in range(MOST_EXTENSIONS - 1):
        for _ in range(10):  # pressed again and again, it counts once
            rig.page.extend(token, trace=TRACE)
        rig.now += HOUR
    assert refusal(rig.page.extend, token, trace=TRACE) == "too_often"
    rig.answers(token, 2)
    assert rig.phase(ref) is Phase.ACCEPTED


def test_a_permission_is_taken_back_before_work_and_nothing_is_charged(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    rig.answers(token, 2)
    shown = rig.page.shown(token)
    assert (shown.may_withdraw, shown.withdrawing_stops_work) == (True, False)
    shown = rig.takes_back(token)
    rig.settles()

    assert shown.request.state is State.WITHDRAWN
    assert rig.told(ref)[-2:] == ["withdrawn", "withdrawn-note"]
    assert rig.tags(ref) == {"fee_withdrawn"}
    assert refusal(rig.work.start, rig.work_token(ref), agent="Ana") == "closed"
    assert refusal(rig.takes_back, token) == "answered"


@pytest.mark.parametrize("resting", [False, True])
def test_once_work_has_begun_it_is_stopped_and_only_begun_blocks_are_charged(
    rig: Rig, ref: TicketRef, *, resting: bool
) -> None:
    token = rig.asks(ref, blocks=3)
    rig.answers(token, 3)
    staff = rig.work_token(ref)
    rig.work.start(staff, agent="Ana")
    rig.now += 61 * MINUTE
    if resting:
        rig.work.stop(staff, agent="Ana")
    assert rig.page.shown(token).withdrawing_stops_work
    rig.takes_back(token)
    rig.settles()

    assert rig.phase(ref) is Phase.COMPLETED
    assert rig.job(ref).running == ()
    assert rig.request(ref).charged_blocks == 2
    assert rig.told(ref)[-2:] == ["completed", "completed-note"]
    rig.now += timedelta(hours=5)
    assert refusal(rig.work.start, staff, agent="Ana") == "closed"


def test_nothing_is_taken_back_that_was_not_given(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)

    assert refusal(rig.takes_back, token) in {"changed", "closed"}
