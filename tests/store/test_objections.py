"""What is kept of agents who found a decision wrong."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from tests.store.examples import BASIS, NOW, decision, delivery, take_one, update

from support_policy.core.ticket import TicketRef
from support_policy.store.objections import MOST, Objection, ObjectionRefusedError
from support_policy.store.store import Store

REF = TicketRef(desk="desk", id="t")


def decided(store: Store, ref: TicketRef = REF) -> int:
    """Record a decision; its id."""
    store.accept(delivery(f"opened:{ref.id}", ticket=ref.id, desk=ref.desk))
    taken = take_one(store)
    recorded = store.record(
        taken, decision(ref), update(ref), mode="enforce", stamp="s", basis=BASIS, now=NOW
    )
    assert recorded
    newest = store.decisions.newest(ref)
    assert newest is not None
    return int(newest["id"])


def objection(decision_id: int, click: str = "first-click") -> Objection:
    return Objection(
        ticket=REF,
        decision_id=decision_id,
        click=click,
        said_class="low",
        comment="c'est WordPress",
        at=NOW,
    )


def test_an_objection_comes_back_as_it_was_said(store: Store) -> None:
    said = objection(decided(store))
    assert store.objections.add(said)
    assert store.objections.recent(10) == (said,)


def test_the_same_click_is_one_objection(store: Store) -> None:
    said = objection(decided(store))
    assert store.objections.add(said)
    assert not store.objections.add(replace(said, comment="once more"))
    assert store.objections.recent(10) == (said,)


def test_another_click_is_another_objection_and_the_newest_comes_first(store: Store) -> None:
    first = objection(decided(store))
    second = replace(first, click="second-click", said_class="high")
    assert store.objections.add(first)
    assert store.objections.add(second)
    assert store.objections.recent(10) == (second, first)
    assert store.objections.recent(1) == (second,)


def test_clicks_that_come_at_once_are_one_objection(store: Store) -> None:
    said = objection(decided(store))
    kept: list[bool] = []
    threads = [
        threading.Thread(target=lambda: kept.append(store.objections.add(said))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * 7 + [True]
    assert store.objections.recent(10) == (said,)


@pytest.mark.parametrize(
    "ticket", [TicketRef(desk="desk", id="u"), TicketRef(desk="other", id="t")]
)
def test_a_decision_of_another_ticket_cannot_be_objected_to(
    store: Store, ticket: TicketRef
) -> None:
    said = replace(objection(decided(store)), ticket=ticket)
    with pytest.raises(ObjectionRefusedError):
        store.objections.add(said)
    assert store.objections.recent(10) == ()


def test_a_decision_that_never_was_cannot_be_objected_to(store: Store) -> None:
    with pytest.raises(ObjectionRefusedError):
        store.objections.add(objection(decided(store) + 1))


def test_one_decision_takes_so_many_objections_and_no_more(store: Store) -> None:
    number = decided(store)
    for count in range(MOST):
        assert store.objections.add(objection(number, click=f"click-{count}"))
    with pytest.raises(ObjectionRefusedError):
        store.objections.add(objection(number, click="one more"))
    assert not store.objections.add(objection(number, click="click-0"))
    assert len(store.objections.recent(100)) == MOST
