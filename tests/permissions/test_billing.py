"""What billing is handed: each charge with the one permission it rests on, and nothing else."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.permissions.rig import HOUR, JEANNE, MINUTE, NOW, Rig

from support_policy.core.permission.acts import Actor
from support_policy.core.permission.event import Event, Kind
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError
from support_policy.permissions.billing import (
    COLUMNS,
    Charge,
    as_csv,
    charges,
    exceptions,
)

CLERK = Actor(channel="staff", proof="shell", name="Cléo")


def completed(rig: Rig, ref: TicketRef, time: timedelta = 61 * MINUTE, blocks: int = 3) -> str:
    """Permitted, worked and ended; the token of the work."""
    staff = rig.permitted(ref, blocks=blocks)
    rig.worked(ref, time)
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    return staff


def the_charge(rig: Rig, ref: TicketRef) -> Charge:
    (charge,) = charges(rig.history(ref))
    return charge


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def problems(rig: Rig, ref: TicketRef) -> list[str]:
    return [each.problem for each in exceptions(rig.history(ref), now=rig.now)]


def test_a_charge_tells_what_it_rests_on(rig: Rig, ref: TicketRef) -> None:
    completed(rig, ref)
    charge = the_charge(rig, ref)

    assert charge.request == rig.request(ref).id
    assert (charge.ticket, charge.number, charge.standing) == (ref, "7", "ready")
    assert (charge.blocks, charge.amount) == (2, Decimal("170.00"))
    assert (charge.permitted_blocks, charge.permitted_amount) == (3, Decimal("255.00"))
    assert (charge.rate, charge.currency) == (Decimal("85.00"), "CAD")
    assert (charge.accepted_by, charge.proof) == ("Jeanne Roy", "link")
    assert (charge.accepted_at, charge.completed_at) == (NOW, NOW + 61 * MINUTE)
    assert charge.seconds == 61 * 60
    assert (charge.description, charge.reference) == (rig.request(ref).personal["work"], "")


def test_a_charge_permitted_by_mail_names_the_address(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, f"ACCEPT {rig.code(ref)}", dmarc=None)
    staff = rig.work_token(ref)
    rig.worked(ref, MINUTE)
    rig.work.complete(staff, agent="Ana")
    charge = the_charge(rig, ref)

    assert (charge.accepted_by, charge.proof) == (JEANNE, "code")


@pytest.mark.parametrize("until", ["asked", "permitted", "worked", "declined", "nothing worked"])
def test_nothing_is_charged_before_permitted_work_has_ended(
    rig: Rig, ref: TicketRef, until: str
) -> None:
    token = rig.asks(ref)
    if until == "declined":
        rig.answers(token, None)
    elif until != "asked":
        rig.answers(token, 2)
    if until == "worked":
        rig.worked(ref, MINUTE)
    if until == "nothing worked":
        rig.work.complete(rig.work_token(ref), agent="Ana")

    assert tuple(charges(rig.history(ref))) == ()
    assert problems(rig, ref) == []


def test_each_charge_has_one_permission_and_each_permission_one_charge(
    rig: Rig, ref: TicketRef
) -> None:
    staff = rig.permitted(ref, blocks=1)
    rig.worked(ref, 59 * MINUTE)
    rig.permitted(ref, blocks=2, work="Le reste.")
    rig.worked(ref, 62 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    found = tuple(charges(rig.history(ref)))

    assert [each.request for each in found] == [each.id for each in rig.job(ref).requests]
    assert [(each.blocks, each.permitted_blocks) for each in found] == [(1, 1), (2, 2)]
    assert sum((each.amount for each in found), Decimal(0)) == Decimal("255.00")
    assert problems(rig, ref) == []


def test_a_charge_is_billed_once(rig: Rig, ref: TicketRef) -> None:
    completed(rig, ref)
    request = rig.request(ref).id
    rig.work.bill(ref, request, by=CLERK, reference="INV-1")
    charge = the_charge(rig, ref)

    assert (charge.standing, charge.reference) == ("billed", "INV-1")
    with pytest.raises(ConsentError) as refused:
        rig.work.bill(ref, request, by=CLERK, reference="INV-2")
    assert refused.value.reason == "billed"
    assert the_charge(rig, ref).reference == "INV-1"
    assert problems(rig, ref) == []


def test_a_charge_is_billed_once_though_the_ticket_has_new_work(rig: Rig, ref: TicketRef) -> None:
    completed(rig, ref)
    request = rig.request(ref).id
    rig.asks(ref, work="Autre chose.")
    rig.work.bill(ref, request, by=CLERK, reference="INV-1")

    assert the_charge(rig, ref).standing == "billed"
    with pytest.raises(ConsentError):
        rig.work.bill(ref, request, by=CLERK, reference="INV-2")
    assert problems(rig, ref) == []


@pytest.mark.parametrize("new_work", [False, True])
def test_what_is_waived_is_not_billed(rig: Rig, ref: TicketRef, *, new_work: bool) -> None:
    staff = completed(rig, ref)
    request = rig.request(ref).id
    if new_work:
        rig.asks(ref, work="Autre chose.")
    rig.work.waive(staff, agent="Ana", reason="Notre faute.")

    assert the_charge(rig, ref).standing == "waived"
    with pytest.raises(ConsentError) as refused:
        rig.work.bill(ref, request, by=CLERK, reference="INV-1")
    assert refused.value.reason == "waived"


def test_what_is_disputed_waits(rig: Rig, ref: TicketRef) -> None:
    staff = completed(rig, ref)
    rig.work.dispute(staff, agent="Ana", reason="They never agreed.")

    assert the_charge(rig, ref).standing == "disputed"
    with pytest.raises(ConsentError):
        rig.work.bill(ref, rig.request(ref).id, by=CLERK, reference="INV-1")


def test_the_csv_has_plain_numbers_and_a_row_for_each_charge(rig: Rig, ref: TicketRef) -> None:
    completed(rig, ref)
    text = as_csv(charges(rig.history(ref)))
    (row,) = rows(text)

    assert tuple(row) == COLUMNS
    assert (row["amount"], row["rate"], row["permitted_amount"]) == ("170.00", "85.00", "255.00")
    assert (row["blocks"], row["seconds"], row["ticket"]) == ("2", "3660", "7")
    assert datetime.fromisoformat(row["accepted_at"]) == NOW
    assert text.count("\r\n") == 2


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK(A1,"x")',
        "+1+1",
        "-1-1",
        "@SUM(A1)",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
    ],
)
def test_no_cell_is_a_formula_to_a_spreadsheet(rig: Rig, ref: TicketRef, cell: str) -> None:
    rig.presses_macro(ref, work=cell)
    rig.settles()
    rig.answers(rig.token(ref), 2, name=cell)
    rig.worked(ref, MINUTE)
    rig.work.complete(rig.work_token(ref), agent="Ana")
    rig.work.bill(ref, rig.request(ref).id, by=CLERK, reference=cell)
    (row,) = rows(as_csv(charges(rig.history(ref))))

    for name in ("accepted_by", "description", "reference"):
        assert row[name][0] not in "=+-@\t\r\N{FULLWIDTH EQUALS SIGN}", name
        assert cell.strip() in row[name]


@pytest.mark.parametrize("name", ["O\r\n=1+1", 'Jean "le grand" Roy', "Roy; Jeanne, née Côté"])
def test_a_cell_stays_one_cell(rig: Rig, ref: TicketRef, name: str) -> None:
    completed(rig, ref)
    charge = replace(the_charge(rig, ref), accepted_by=name)
    (row,) = rows(as_csv([charge]))

    assert row["accepted_by"] == name


class TestExceptions:
    """Told from the bare events, whatever the rest of the product thinks of them."""

    @pytest.fixture
    def story(self, rig: Rig, ref: TicketRef) -> tuple[Event, ...]:
        completed(rig, ref)
        rig.work.bill(ref, rig.request(ref).id, by=CLERK, reference="INV-1")
        return tuple(each for each in rig.history(ref) if each.kind is not Kind.POSTED)

    def found(self, story: tuple[Event, ...]) -> set[str]:
        return {each.problem for each in exceptions(story, now=NOW + 2 * HOUR)}

    def changed(
        self, story: tuple[Event, ...], kind: Kind, **facts: str | int
    ) -> tuple[Event, ...]:
        return tuple(
            replace(each, facts={**each.facts, **facts}) if each.kind is kind else each
            for each in story
        )

    def test_a_story_as_it_must_be_has_none(self, story: tuple[Event, ...]) -> None:
        assert self.found(story) == set()

    @pytest.mark.parametrize("missing", [Kind.ACCEPTED, Kind.REQUESTED])
    def test_a_charge_without_permission(self, story: tuple[Event, ...], missing: Kind) -> None:
        rest = tuple(each for each in story if each.kind is not missing)

        assert "no_permission" in self.found(rest)

    @pytest.mark.parametrize("kind", [Kind.DECLINED, Kind.WITHDRAWN, Kind.EXPIRED, Kind.VOIDED])
    def test_a_charge_on_a_request_that_came_to_nothing(
        self, story: tuple[Event, ...], kind: Kind
    ) -> None:
        """Instead of the acceptance, or after it."""
        for answer in range(2):
            at = next(n for n, each in enumerate(story) if each.kind is Kind.ACCEPTED)
            end = replace(story[at], kind=kind, facts={})
            bent = (*story[: at + answer], end, *story[at + 1 :])

            assert "no_permission" in self.found(bent), answer

    def test_a_permission_that_came_after_its_deadline(self, story: tuple[Event, ...]) -> None:
        late = self.changed(story, Kind.REQUESTED, deadline=(NOW - HOUR).isoformat())

        assert self.found(late)

    def test_more_than_was_permitted(self, story: tuple[Event, ...]) -> None:
        assert "over_cap" in self.found(
            self.changed(story, Kind.COMPLETED, blocks=4, amount="340.00")
        )
        assert "over_cap" in self.found(self.changed(story, Kind.BILLED, blocks=4, amount="340.00"))

    @pytest.mark.parametrize("kind", [Kind.COMPLETED, Kind.BILLED])
    def test_a_wrong_amount(self, story: tuple[Event, ...], kind: Kind) -> None:
        assert self.found(self.changed(story, kind, amount="170.01")) == {"wrong_amount"}

    def test_a_charge_billed_twice(self, story: tuple[Event, ...]) -> None:
        assert self.found((*story, story[-1])) == {"twice"}

    def test_work_before_permission(self, story: tuple[Event, ...]) -> None:
        early = tuple(
            replace(each, at=NOW - HOUR) if each.kind is Kind.STARTED else each for each in story
        )

        assert "before_permission" in self.found(early)

    def test_a_charge_billed_after_it_was_waived(self, story: tuple[Event, ...]) -> None:
        waived = replace(story[-1], kind=Kind.WAIVED, facts={})

        assert self.found((*story[:-1], waived, story[-1])) == {"waived"}


def test_what_is_waived_once_it_stands_on_a_bill_is_to_be_credited(
    rig: Rig, ref: TicketRef
) -> None:
    staff = completed(rig, ref)
    rig.work.bill(ref, rig.request(ref).id, by=CLERK, reference="INV-9")
    rig.work.waive(staff, agent="Ana", reason="Notre faute.")
    (found,) = exceptions(rig.history(ref), now=rig.now)

    assert (found.problem, found.reference) == ("to_credit", "INV-9")
    assert found.request == rig.request(ref).id


def test_what_is_waived_and_on_no_bill_needs_no_credit(rig: Rig, ref: TicketRef) -> None:
    rig.work.waive(completed(rig, ref), agent="Ana", reason="Notre faute.")

    assert problems(rig, ref) == []


def test_work_that_everybody_forgot_is_an_exception(rig: Rig, ref: TicketRef) -> None:
    rig.permitted(ref)
    rig.worked(ref, MINUTE)
    rig.now += timedelta(days=6)
    assert problems(rig, ref) == []
    rig.now += timedelta(days=2)

    assert problems(rig, ref) == ["forgotten"]
