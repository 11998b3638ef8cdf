"""What the ticket is told stays true: of the price, of what may be charged, and of what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.permissions.rig import TRACE, Rig, packaged

from support_policy.core.reply_sent import Sent
from support_policy.core.ticket import Requester, TicketRef
from support_policy.errors import UnavailableError
from support_policy.permissions.outbox import total

REST = "Vérifier les boîtes déplacées."


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def newest(rig: Rig, ref: TicketRef) -> str:
    return plain(rig.public(ref)[-1])


def becomes_dearer(rig: Rig) -> None:
    """Have a policy in force whose blocks are shorter and cost more."""
    fee = rig.policy.fee
    assert fee is not None
    dearer = replace(
        rig.policy, version="next", fee=replace(fee, amount=Decimal("95.00"), block_minutes=30)
    )
    attendance = rig.attendance
    wording = replace(attendance.wording, policy=dearer)
    asker = replace(attendance.asker, policy=dearer, wording=wording)
    rig.attendance = replace(attendance, asker=asker, wording=wording)


# ------------------------------------------------------------- the price of what was asked


def test_a_receipt_has_the_price_that_was_asked_whatever_the_policy_says_by_then(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref, blocks=1)
    becomes_dearer(rig)
    rig.answers(token, 1)

    receipt = newest(rig, ref)
    assert "Price: $85.00 CDN (CAD) for each block of 60 minutes" in receipt
    assert "Prix : 85,00 $ CA (CAD) par bloc de 60 minutes" in receipt
    assert "95" not in receipt.replace(token, "")


def test_more_blocks_and_the_summary_keep_the_price_of_the_work(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=1)
    becomes_dearer(rig)
    rig.worked(ref, timedelta(minutes=30))
    rig.asks(ref, blocks=1, work=REST)
    assert "$85.00 CDN (CAD), in Canadian dollars, for each block of 60 min" in newest(rig, ref)
    rig.work.complete(staff, agent="Ana")
    rig.settles()

    summary = next(plain(text) for text in rig.public(ref) if "has ended" in text)
    assert "Price: $85.00 CDN (CAD) for each block of 60 minutes" in summary
    assert "Time counted: 30 min" in summary


def test_a_new_request_has_the_price_of_the_policy_in_force(rig: Rig, ref: TicketRef) -> None:
    becomes_dearer(rig)
    rig.asks(ref, blocks=1)

    assert "$95.00 CDN (CAD), in Canadian dollars, for each block of 30 min" in newest(rig, ref)
    assert "30 minutes comptent pour 1 bloc" in newest(rig, ref)


# ---------------------------------------------------------------- what is permitted in all


def test_the_receipt_for_more_blocks_tells_what_both_permissions_come_to(
    rig: Rig, ref: TicketRef
) -> None:
    staff = rig.permitted(ref, blocks=1)
    assert "Until the work starts, you can change your mind" in newest(rig, ref)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    rig.answers(rig.asks(ref, blocks=3, work=REST), 2)

    receipt = newest(rig, ref)
    assert "Accepted now: 2 blocks, at most $170.00 CDN (CAD), plus" in receipt
    assert "Accepted in all for this work: at most $255.00 CDN (CAD), plus" in receipt
    assert "Accepté en tout pour ce travail : au plus 255,00 $ CA (CAD), taxes" in receipt
    assert "Until one of these new blocks is begun" in receipt
    assert "Until the work starts" not in receipt, "it has"


def test_the_total_of_a_receipt_leaves_out_what_was_permitted_after_it(
    rig: Rig, ref: TicketRef
) -> None:
    """A desk that was away is told late."""
    rig.permitted(ref, blocks=1)
    for blocks in (1, 2):
        rig.permitted(ref, blocks=blocks, work=f"{REST} {blocks}")
    rig.answers(rig.asks(ref, blocks=4, work="Autre chose."), None)
    job = rig.job(ref)

    totals = [total(job, request) for request in job.requests]
    assert totals[:3] == [Decimal(85), Decimal(170), Decimal(340)]
    assert totals[3] == Decimal(680), "what it would have come to"


# -------------------------------------------------------------------- a question, and when


def test_a_question_about_an_open_request_says_until_when_it_is_open(
    rig: Rig, ref: TicketRef
) -> None:
    rig.page.question(rig.asks(ref), text="Pourquoi?", name="Jeanne", trace=TRACE)
    rig.settles()

    assert "stays open until" in rig.notes(ref)[-1]


@pytest.mark.parametrize("blocks", [None, 2])
def test_a_question_after_the_answer_does_not_say_that_the_request_is_open(
    rig: Rig, ref: TicketRef, blocks: int | None
) -> None:
    token = rig.asks(ref)
    rig.answers(token, blocks)
    rig.page.question(token, text="Et ensuite?", name="Jeanne", trace=TRACE)
    rig.settles()

    note = rig.notes(ref)[-1]
    assert "no longer open" in note
    assert "open until" not in note
    assert "Et ensuite?" in note


# ------------------------------------------------------------ a request that is taken back


def withdrawn_by_staff(rig: Rig, ref: TicketRef) -> None:
    rig.work.void(rig.work_token(ref), agent="Ana")
    rig.settles()


def test_the_customer_is_told_that_staff_took_the_request_back(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    withdrawn_by_staff(rig, ref)

    told = newest(rig, ref)
    assert "We have taken back the request for paid help" in told
    assert "Nous avons retiré la demande d'aide payante" in told
    assert "nothing is charged for it" in told
    assert rig.told(ref)[-2:] == ["voided", "voided-note"]


def test_a_request_that_another_replaces_needs_no_message(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref, blocks=2)
    rig.asks(ref, blocks=3)

    assert "voided" not in rig.told(ref)
    assert len(rig.public(ref)) == 2


def test_a_request_that_ends_with_the_work_needs_no_message(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.asks(ref, blocks=1, work=REST)
    rig.work.complete(staff, agent="Ana")
    rig.settles()

    assert "voided" not in rig.told(ref)
    assert any("The work ended while" in note for note in rig.notes(ref))


def test_who_never_saw_the_request_is_not_told_that_it_was_taken_back(
    rig: Rig, ref: TicketRef
) -> None:
    rig.presses_macro(ref)
    rig.desk.before_post = UnavailableError("down")
    assert not rig.tries()
    request = rig.request(ref)
    rig.work.void(rig.links.work_address(request.id).rpartition("/")[2], agent="Ana")
    rig.desk.before_post = None
    rig.now += timedelta(hours=1)
    rig.settles()

    assert rig.public(ref) == []
    assert "Staff took the request back" in rig.notes(ref)[-1]


def voided(rig: Rig, ref: TicketRef, why: str) -> None:
    rig.asks(ref)
    match why:
        case "taken_back":
            withdrawn_by_staff(rig, ref)
        case "replaced":
            rig.asks(ref, blocks=3)
        case "addressee_gone":
            ticket = rig.desk.tickets[ref.id]
            other = Requester(address="new@example.com")
            rig.desk.tickets[ref.id] = replace(ticket, requester=other)
            rig.attends(ref)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("taken_back", "Staff took the request back"),
        ("replaced", "A newer request took the place"),
        ("addressee_gone", "has another requester now"),
    ],
)
def test_the_note_says_why_a_request_is_void(
    rig: Rig, ref: TicketRef, why: str, words: str
) -> None:
    voided(rig, ref, why)
    assert [note for note in rig.notes(ref) if words in note]


# -------------------------------------------------------------------- the end of the work


@pytest.mark.parametrize("by_customer", [False, True])
def test_staff_are_told_once_that_the_work_has_ended_and_of_all_its_blocks(
    rig: Rig, ref: TicketRef, *, by_customer: bool
) -> None:
    first = rig.asks(ref, blocks=1)
    rig.answers(first, 1)
    rig.permitted(ref, blocks=1, work=REST)
    rig.worked(ref, timedelta(minutes=75))
    if by_customer:
        rig.takes_back(first)
    else:
        rig.work.complete(rig.work_token(ref), agent="Ana")
    rig.settles()

    [note] = [note for note in rig.notes(ref) if "To be billed" in note]
    assert "To be billed in all: 2 blocks." in note
    assert note.startswith("STOP: the customer had the work stopped") is by_customer
    assert rig.told(ref).count("completed") == 1


def test_the_end_of_work_that_was_never_begun_names_no_charge(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.work.complete(staff, agent="Ana")
    rig.settles()

    told = newest(rig, ref)
    assert "there is nothing to be charged" in told
    assert "il n'y a rien à facturer" in told
    assert "tax" not in told


# ---------------------------------------------------------------------- more blocks, refused


def test_more_blocks_that_are_taken_back_leave_the_work_as_it_is(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=2)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    more = rig.asks(ref, blocks=1, work=REST)
    rig.answers(more, 1)
    rig.takes_back(more)
    rig.settles()

    told, note = newest(rig, ref), rig.notes(ref)[-1]
    assert f"It was for this work: {REST}" in told
    assert "None of its blocks was begun." in told
    assert "before the work" not in told, "it has begun"
    assert "another permission for this ticket, it stays as it is" in told
    assert "the permission for 1 block, of which nothing was begun" in note
    assert "before work began" not in note


@pytest.mark.parametrize(("blocks", "words"), [(1, "1 block, open"), (2, "2 blocks, open")])
def test_a_note_spells_the_number_of_blocks(
    rig: Rig, ref: TicketRef, blocks: int, words: str
) -> None:
    rig.asks(ref, blocks=blocks)
    assert words in rig.notes(ref)[-1]


# --------------------------------------------------------------------- replies, by their names


def test_what_only_the_service_may_send_is_sent_by_it() -> None:
    _, replies = packaged()
    theirs = {each.name for each in replies.values() if each.needs_answer and not each.private}
    assert theirs == set(Sent)
