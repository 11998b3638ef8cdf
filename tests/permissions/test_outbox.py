"""What the ticket is told stays true: of the price, of what may be charged, and of what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.permissions.rig import TRACE, Rig

from support_policy.core.ticket import TicketRef
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
