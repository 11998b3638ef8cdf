"""Every charge has its permission, or the export says which one has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.stories import AGENT, CUSTOMER, OTHER, REF, Told, asking, hours

from support_policy.core.permission import acts, work
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Phase
from support_policy.core.permission.record import GENESIS, read, signed, unsigned
from support_policy.evidence.charges import Book
from support_policy.evidence.verify import Report, verify


def told_by(*events: Event) -> tuple[Book, list[str]]:
    """What the book makes of events, whoever put them together."""
    records = [
        read(
            signed(
                unsigned(
                    replace(event, personal={}, brief={}), seq=seq, previous=GENESIS, salts={}
                ),
                "s",
            )
        )
        for seq, event in enumerate(events, start=1)
    ]
    book = Book()
    return book, [f"{fault.seq}: {fault.what}" for fault in book.audit(records)]


@pytest.fixture
def story(told: Told) -> list[Event]:
    told.capped_story()
    return list(told.ledger.history(REF))


def kinds(story: list[Event]) -> list[str]:
    return [event.kind.value for event in story]


def index(story: list[Event], kind: Kind) -> int:
    return kinds(story).index(kind.value)


def changed(story: list[Event], kind: Kind, **facts: object) -> list[Event]:
    """The story with other facts in the first event of a kind."""
    place = index(story, kind)
    other = replace(story[place], facts={**story[place].facts, **facts})  # type: ignore[dict-item]
    return [*story[:place], other, *story[place + 1 :]]


def moved(story: list[Event], kind: Kind, at_hours: float) -> list[Event]:
    place = index(story, kind)
    return [
        *story[:place],
        replace(story[place], at=hours(at_hours)),
        *story[place + 1 :],
    ]


def without(story: list[Event], kind: Kind) -> list[Event]:
    return [event for event in story if event.kind is not kind]


def before(story: list[Event], kind: Kind, other: Kind) -> list[Event]:
    """The story with an event of another kind, about the same request, put in before."""
    place = index(story, kind)
    return [*story[:place], replace(story[place], kind=other, facts={}), *story[place:]]


def twice(story: list[Event], kind: Kind) -> list[Event]:
    place = index(story, kind)
    return [*story[: place + 1], *story[place:]]


def test_the_stories_of_the_service_have_no_fault(told: Told) -> None:
    told.capped_story()
    told.second_story()
    both = [*told.ledger.history(REF), *told.ledger.history(OTHER)]
    book, faults = told_by(*both)
    assert faults == []
    assert (book.permissions, book.charges, book.unpermitted) == (2, 2, 0)


Change = Callable[[list[Event]], list[Event]]
A, C, B = Kind.ACCEPTED, Kind.COMPLETED, Kind.BILLED

WITHOUT_PERMISSION: dict[str, tuple[Change, str]] = {
    "never accepted": (lambda s: without(s, A), "it is a charge without permission"),
    "accepted late": (lambda s: moved(s, A, 73), "it came after the deadline"),
    "declined": (lambda s: before(s, A, Kind.DECLINED), "was declined before"),
    "expired": (lambda s: before(s, A, Kind.EXPIRED), "was expired before"),
    "voided": (lambda s: before(s, C, Kind.VOIDED), "its request was voided"),
    "withdrawn": (lambda s: before(s, C, Kind.WITHDRAWN), "its request was withdrawn"),
    "more than asked": (
        lambda s: changed(s, A, blocks=3, amount="255.00"),
        "another number of blocks",
    ),
    "no block": (lambda s: changed(s, A, blocks=0, amount="0.00"), "another number of blocks"),
    "another amount": (lambda s: changed(s, A, amount="84.99"), "not that of its blocks"),
    "another currency": (lambda s: changed(s, A, currency="USD"), "not that of its blocks"),
    "more blocks charged": (
        lambda s: changed(s, C, blocks=2, amount="170.00"),
        "more blocks than were permitted",
    ),
    "a wrong product": (lambda s: changed(s, C, amount="85.01"), "not that of its blocks"),
    "charged twice": (lambda s: twice(s, C), "its permission was charged before"),
    "a request made up": (lambda s: without(s, Kind.REQUESTED), "without permission"),
}


@pytest.mark.parametrize(("change", "what"), WITHOUT_PERMISSION.values(), ids=WITHOUT_PERMISSION)
def test_a_charge_without_its_permission_is_named(
    story: list[Event], change: Change, what: str
) -> None:
    book, faults = told_by(*change(story))
    assert any(what in fault for fault in faults), faults
    assert book.unpermitted >= 1


OTHERWISE_WRONG: dict[str, tuple[Change, str]] = {
    "accepted twice": (lambda s: twice(s, A), "was accepted before"),
    "asked twice": (lambda s: twice(s, Kind.REQUESTED), "a request that was made before"),
    "work before": (
        lambda s: [s[0], replace(s[3], at=hours(0.5)), *s[1:3], *s[4:]],
        "work began without a permission",
    ),
    "billed twice": (lambda s: twice(s, B), "was billed before"),
    "billed never charged": (lambda s: without(s, C), "it bills what was never charged"),
    "billed otherwise": (lambda s: changed(s, B, amount="170.00"), "not that of its charge"),
    "billed in euros": (lambda s: changed(s, B, currency="EUR"), "not that of its charge"),
    "billed though waived": (lambda s: before(s, B, Kind.WAIVED), "was waived before"),
    "never confirmed": (lambda s: without(s, Kind.CONFIRMED), "that fewer blocks will do"),
    "money without cents": (lambda s: changed(s, Kind.REQUESTED, rate="85"), "not spelled"),
    "work after a late yes": (
        lambda s: moved(s, A, 73),
        "work began without a permission",
    ),
    "work after it was taken back": (
        lambda s: before(s, Kind.STARTED, Kind.WITHDRAWN),
        "work began without a permission",
    ),
    "charged and never worked": (
        lambda s: changed(without(s, Kind.STARTED), C, seconds=0),
        "more time than was worked",
    ),
    "longer than worked": (lambda s: moved(s, Kind.STARTED, 3.2), "more time than was worked"),
}


@pytest.mark.parametrize(("change", "what"), OTHERWISE_WRONG.values(), ids=OTHERWISE_WRONG)
def test_what_should_not_be_on_record_is_named(
    story: list[Event], change: Change, what: str
) -> None:
    _, faults = told_by(*change(story))
    assert any(what in fault for fault in faults), faults


def test_an_acceptance_in_the_last_instant_and_after_an_extension_is_one(told: Told) -> None:
    told.asked("PH-AAAAAAAA", 1, hours(0))
    told.add(*acts.extend(told.job().latest, CUSTOMER, 72, now=hours(10)))
    told.add(*acts.accept(told.job().latest, 1, CUSTOMER, now=hours(81.999)))
    _, faults = told_by(*told.ledger.history(REF))
    assert faults == []
    too_late = moved(list(told.ledger.history(REF)), Kind.ACCEPTED, 82)
    assert told_by(*too_late)[1] == ["3: it came after the deadline"]


def test_more_time_that_came_too_late_gives_none(told: Told) -> None:
    told.asked("PH-AAAAAAAA", 1, hours(0))
    told.add(*acts.extend(told.job().latest, CUSTOMER, 72, now=hours(10)))
    told.add(*acts.accept(told.job().latest, 1, CUSTOMER, now=hours(80)))
    asked, extended, accepted = told.ledger.history(REF)
    assert told_by(asked, extended, accepted)[1] == []
    late = ["2: it came after the deadline", "3: it came after the deadline"]
    assert told_by(asked, replace(extended, at=hours(72)), accepted)[1] == late
    answered = "2: it gives more time to a request that had its answer"
    declined = replace(accepted, kind=Kind.DECLINED, at=hours(9), facts={})
    assert told_by(asked, declined, extended)[1] == [answered.replace("2:", "3:")]


def test_more_blocks_need_no_second_confirmation(told: Told) -> None:
    told.asked("PH-AAAAAAAA", 1, hours(0))
    told.add(*acts.accept(told.job().latest, 1, CUSTOMER, now=hours(1)))
    told.asked("PH-BBBBBBBB", 2, hours(2))
    told.add(*acts.accept(told.job().latest, 1, CUSTOMER, now=hours(3)))
    told.add(*work.start(told.job(), AGENT, now=hours(4)))
    assert told_by(*told.ledger.history(REF))[1] == []


def test_a_permission_of_one_ticket_is_none_of_another(told: Told) -> None:
    told.capped_story()
    elsewhere = [
        replace(event, ticket=OTHER) if event.kind is Kind.COMPLETED else event
        for event in told.ledger.history(REF)
    ]
    book, faults = told_by(*elsewhere)
    assert any("a charge without permission" in fault for fault in faults)
    assert book.unpermitted == 1


@given(
    blocks=st.integers(1, 4),
    fewer=st.integers(0, 3),
    sittings=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 90 * 60)), max_size=4),
)
def test_whatever_is_worked_the_service_charges_what_this_permits(
    blocks: int, fewer: int, sittings: list[tuple[int, int]]
) -> None:
    """Two computations that know nothing of each other agree."""
    events = [*acts.ask(None, asking("PH-AAAAAAAA", blocks, hours(0)), now=hours(0))]
    job = jobs(events)[0]
    events += acts.accept(job.latest, max(1, blocks - fewer), CUSTOMER, now=hours(1))
    if jobs(events)[0].phase(hours(1)) is Phase.TO_CONFIRM:
        events += work.confirm(jobs(events)[0], AGENT, now=hours(1))
    at = hours(2)
    for pause, seconds in sittings:
        at += timedelta(minutes=pause)
        if jobs(events)[0].phase(at) is not Phase.ACCEPTED:
            break
        events += work.start(jobs(events)[0], AGENT, now=at)
        at += timedelta(seconds=seconds)
        events += acts.passed(jobs(events)[0], now=at, warn=timedelta(minutes=10))
        if jobs(events)[0].running:
            events += work.stop(jobs(events)[0], AGENT, now=at)
    events += work.complete(jobs(events)[0], AGENT, now=at)
    book, faults = told_by(*events)
    assert faults == []
    assert book.unpermitted == 0


def report(told: Told, tmp_path: Path) -> Report:
    return verify(told.export(tmp_path / "export.zip"), told.keys.public())


def test_a_properly_signed_charge_without_permission_is_found_in_an_export(
    told: Told, tmp_path: Path
) -> None:
    told.capped_story()
    assert report(told, tmp_path).good
    completed = next(e for e in told.ledger.history(REF) if e.kind is Kind.COMPLETED)
    told.forge(replace(completed, request="PH-BBBBBBBB"))
    found = report(told, tmp_path)
    assert found.unpermitted == 1
    assert next(found.lines()).startswith("record 10 (ticket desk:7, completed, ")
    assert "it is a charge without permission" in next(found.lines())
