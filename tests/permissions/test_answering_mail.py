"""The customer answers by mail: a strict answer that is proven counts, all else is for a person."""

from __future__ import annotations

import pytest
from tests.permissions.rig import HOUR, MINUTE, Rig

from support_policy.core.permission.acts import MOST_QUESTIONS
from support_policy.core.permission.job import Phase, State
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, UnavailableError

MALLORY = "mallory@example.net"


def outcome(rig: Rig, ref: TicketRef) -> tuple[State, int, bool]:
    """The state, the blocks that were accepted, and whether a person is to look."""
    request = rig.request(ref)
    return request.state, request.accepted_blocks, request.question


ACCEPTED_ALL = (State.ACCEPTED, 2, False)
A_QUESTION = (State.REQUESTED, 0, True)
NOTHING = (State.REQUESTED, 0, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I accept", ACCEPTED_ALL),
        ("J'accepte", ACCEPTED_ALL),
        ("I accept 1 block", (State.ACCEPTED, 1, False)),
        ("J\N{RIGHT SINGLE QUOTATION MARK}accepte deux blocs.", ACCEPTED_ALL),
        ("I accept 3 blocks", A_QUESTION),
        ("I decline", (State.DECLINED, 0, False)),
        ("Je refuse", (State.DECLINED, 0, False)),
        ("ok", A_QUESTION),
        ("merci", A_QUESTION),
        ("Yes", A_QUESTION),
        ("I accept, but only if under $100", A_QUESTION),
        ("I accept\n\nbut only if it is under $100", A_QUESTION),
        ("Great, so you charge for your own faults now. I accept", A_QUESTION),
        ("> I accept", A_QUESTION),
        ("", A_QUESTION),
    ],
)
def test_a_mail_that_the_desk_vouches_for_is_taken_at_its_exact_word(
    rig: Rig, ref: TicketRef, text: str, expected: tuple[State, int, bool]
) -> None:
    rig.asks(ref, blocks=2)
    rig.mails(ref, text, dmarc=True)

    assert outcome(rig, ref) == expected


@pytest.mark.parametrize("dmarc", [None, False])
@pytest.mark.parametrize("text", ["I accept", "I accept 1 block", "J'accepte"])
def test_a_mail_that_nobody_vouches_for_is_a_question(
    rig: Rig, ref: TicketRef, text: str, *, dmarc: bool | None
) -> None:
    rig.asks(ref)
    rig.mails(ref, text, dmarc=dmarc)

    assert outcome(rig, ref) == A_QUESTION


@pytest.mark.parametrize("dmarc", [None, True])
@pytest.mark.parametrize(("verb", "state"), [("ACCEPT", "accepted"), ("REFUSE", "declined")])
def test_the_code_of_the_request_proves_the_mail(
    rig: Rig, ref: TicketRef, verb: str, state: str, *, dmarc: bool | None
) -> None:
    rig.asks(ref)
    rig.mails(ref, f"{verb} {rig.code(ref)}", dmarc=dmarc)

    assert rig.request(ref).state.value == state
    answered = next(each for each in rig.history(ref) if each.kind.value == state)
    assert (answered.facts["channel"], answered.facts["proof"]) == ("mail", "code")


@pytest.mark.parametrize(
    "failed",
    [
        {"dmarc": False},
        {"dmarc": None, "headers": {"Authentication-Results": "mx.example.ca; dmarc=fail"}},
    ],
)
def test_a_mail_with_the_code_whose_check_failed_is_no_permission(
    rig: Rig, ref: TicketRef, failed: dict[str, object]
) -> None:
    """The desk says outright that the mail is not from whom it says."""
    rig.asks(ref)
    rig.mails(ref, f"ACCEPT {rig.code(ref)}", **failed)

    assert outcome(rig, ref) == A_QUESTION


def test_the_code_of_another_request_proves_nothing(rig: Rig, ref: TicketRef) -> None:
    other = rig.opens("8")
    rig.asks(other)
    rig.asks(ref)
    assert rig.code(other) != rig.code(ref)
    rig.mails(ref, f"ACCEPT {rig.code(other)}", dmarc=None)

    assert outcome(rig, ref) == A_QUESTION
    assert rig.request(other).is_open


def test_the_code_of_a_request_that_was_replaced_proves_nothing(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref, blocks=1)
    old = rig.code(ref)
    rig.asks(ref, blocks=8)
    rig.mails(ref, f"ACCEPT {old}", dmarc=None)

    assert outcome(rig, ref) == A_QUESTION


@pytest.mark.parametrize("text", ["I accept", "ACCEPT {code}", "I decline"])
@pytest.mark.parametrize("address", [MALLORY, "", None, "jeanne@example.com.evil.example"])
def test_nobody_answers_from_another_address(
    rig: Rig, ref: TicketRef, text: str, address: str | None
) -> None:
    rig.asks(ref)
    rig.mails(ref, text.format(code=rig.code(ref)), address=address, dmarc=True)

    assert outcome(rig, ref) == A_QUESTION


def test_case_and_tags_of_the_address_do_not_matter(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, "I accept", address="Jeanne+Support@EXAMPLE.com")

    assert outcome(rig, ref) == ACCEPTED_ALL


def test_a_plain_line_never_answers_the_second_request_of_a_ticket(
    rig: Rig, ref: TicketRef
) -> None:
    """It may have been written to the first one, and been on its way for long."""
    rig.asks(ref, blocks=1)
    rig.asks(ref, blocks=8)
    rig.now += MINUTE
    rig.mails(ref, "I accept")
    assert outcome(rig, ref) == A_QUESTION
    rig.mails(ref, f"ACCEPT {rig.code(ref)}")
    assert outcome(rig, ref)[0] is State.ACCEPTED


def test_mail_in_time_counts_though_the_page_was_used_too_late(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    rig.passes(71 * HOUR)
    rig.writes(ref, "I accept")
    rig.now += 2 * HOUR
    with pytest.raises(ConsentError):
        rig.answers(token, None)
    rig.settles()

    assert outcome(rig, ref)[0] is State.ACCEPTED


@pytest.mark.parametrize(
    "marked",
    [
        {"automatic": True},
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"Subject": "Réponse automatique : absente"}},
    ],
)
def test_automatic_mail_is_passed_over(rig: Rig, ref: TicketRef, marked: dict[str, object]) -> None:
    rig.asks(ref)
    rig.mails(ref, "I accept", **marked)

    assert outcome(rig, ref) == NOTHING
    assert rig.kinds(ref) == ["requested"]


def test_what_is_quoted_is_not_what_the_customer_says(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, "On Mon, 2 Mar 2026, Support wrote:\n> I accept\n> ACCEPT CODE\n")
    assert outcome(rig, ref)[0] is State.REQUESTED
    rig.mails(
        ref, "<p>Can you call me?</p><blockquote>I accept</blockquote>", content_type="text/html"
    )
    assert outcome(rig, ref) == A_QUESTION


def test_an_html_mail_is_read_as_it_is_seen(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, "<div>J&rsquo;accepte 1 bloc</div>", content_type="text/html; charset=utf-8")

    assert outcome(rig, ref) == (State.ACCEPTED, 1, False)


def test_what_was_written_before_the_request_never_answers_it(rig: Rig, ref: TicketRef) -> None:
    rig.writes(ref, "I accept")
    rig.asks(ref)
    rig.attends(ref)

    assert outcome(rig, ref) == NOTHING


def test_what_was_written_before_another_request_never_answers_that_one(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref, blocks=1)
    rig.mails(ref, "Only if it is quick")
    rig.presses_macro(ref, blocks=8)
    rig.writes(ref, "I accept")  # the customer has not seen the new request
    rig.settles()
    states = {each.blocks: each.state for each in rig.requests(ref)}

    assert states[8] is not State.ACCEPTED


def test_what_was_written_before_a_request_never_answers_it_though_it_arrives_later(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref)
    rig.now += MINUTE
    rig.mails(ref, "I accept", at=rig.now - 5 * MINUTE)

    assert outcome(rig, ref) == A_QUESTION


def test_what_was_written_before_a_request_was_posted_never_answers_it(
    rig: Rig, ref: TicketRef
) -> None:
    """One block was asked for; eight are on record, but the desk did not take the message yet."""
    rig.asks(ref, blocks=1)
    rig.presses_macro(ref, blocks=8)
    rig.desk.before_post = UnavailableError("down")
    assert not rig.tries()
    assert rig.request(ref).blocks == 8
    rig.now += MINUTE
    rig.writes(ref, "I accept")
    rig.now += MINUTE
    rig.desk.before_post = None
    rig.settles()

    assert rig.request(ref).state is State.REQUESTED
    assert rig.job(ref).permitted_blocks == 0
    assert "$680.00" in rig.public(ref)[-1]


def test_a_mail_that_was_held_up_never_answers_what_was_posted_after_it(
    rig: Rig, ref: TicketRef
) -> None:
    """Written after the request was recorded, before it was posted, and seen after that."""
    rig.presses_macro(ref)
    rig.desk.before_post = UnavailableError("down")
    assert not rig.tries()
    rig.now += 10 * MINUTE
    rig.desk.before_post = None
    rig.settles()
    rig.now += MINUTE
    rig.mails(ref, "I accept", at=rig.now - 6 * MINUTE)

    assert rig.request(ref).state is State.REQUESTED


def test_a_mail_whose_request_the_desk_took_and_could_not_say_so_is_not_lost(
    rig: Rig, ref: TicketRef
) -> None:
    rig.presses_macro(ref)
    rig.desk.after_post = UnavailableError("the answer was lost")
    assert not rig.tries()
    rig.desk.after_post = None
    rig.now += MINUTE
    rig.writes(ref, "I accept")
    rig.now += MINUTE
    rig.settles()

    assert outcome(rig, ref) in (ACCEPTED_ALL, A_QUESTION)


def test_a_message_is_judged_once(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    message = rig.writes(ref, "How long would it take?")
    rig.settles()
    kinds, notes = rig.kinds(ref), rig.notes(ref)
    assert not rig.webhook(ref, message=message)
    rig.attends(ref)
    rig.attends(ref)

    assert (rig.kinds(ref), rig.notes(ref)) == (kinds, notes)
    assert kinds == ["requested", "questioned"]


def test_a_question_may_be_followed_by_an_answer(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, "Will it break my site?")
    assert rig.tags(ref) == {"fee_requested", "fee_question"}
    rig.mails(ref, "I accept")

    assert rig.tags(ref) == {"fee_accepted"}
    assert rig.told(ref)[-2:] == ["accepted", "accepted-note"]


def test_of_two_mails_that_come_together_the_first_is_the_answer(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.writes(ref, "I decline")
    rig.now += MINUTE
    rig.writes(ref, "I accept")
    rig.settles()

    assert rig.request(ref).state is State.DECLINED
    assert rig.kinds(ref) == ["requested", "declined"]


def test_a_mail_that_was_written_in_time_counts_though_it_is_read_late(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref)
    rig.now += 73 * HOUR
    rig.mails(ref, "I accept", at=rig.now - 2 * HOUR)

    assert rig.phase(ref) is Phase.ACCEPTED


def test_a_mail_that_was_written_too_late_is_no_permission(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.now += 72 * HOUR
    rig.mails(ref, "I accept")

    assert rig.request(ref).state is State.EXPIRED
    assert "questioned" in rig.kinds(ref)
    assert any("fresh request" in note for note in rig.notes(ref))


def test_a_yes_after_the_request_has_expired_is_told_to_staff(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.passes(72 * HOUR)
    assert rig.request(ref).state is State.EXPIRED
    rig.mails(ref, "I accept")

    assert rig.request(ref).state is State.EXPIRED
    assert any("fresh request" in note for note in rig.notes(ref))


def test_a_mail_from_the_future_counts_from_when_it_is_read(rig: Rig, ref: TicketRef) -> None:
    """The desk's clock may be ahead of ours."""
    rig.asks(ref)
    rig.mails(ref, "I accept", at=rig.now + 100 * HOUR)

    assert rig.phase(ref) is Phase.ACCEPTED
    assert rig.request(ref).answered_at == rig.now


def test_the_words_of_a_mail_are_not_copied_into_the_record(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, "My secret is hunter2, is that a problem?")

    assert "hunter2" not in str([(e.facts, e.personal, e.brief) for e in rig.history(ref)])


def test_a_flood_of_mail_fills_neither_the_record_nor_the_ticket_and_hides_no_answer(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref)
    for number in range(MOST_QUESTIONS + 5):
        rig.writes(ref, f"Number {number}: why?")
    rig.settles()
    rig.attends(ref)

    assert rig.kinds(ref).count("questioned") == MOST_QUESTIONS
    assert sum("NOT an acceptance" in note for note in rig.notes(ref)) == MOST_QUESTIONS
    rig.mails(ref, f"ACCEPT {rig.code(ref)}")
    assert outcome(rig, ref)[0] is State.ACCEPTED
