"""What an adapter keeps between runs, and budgets that all processes share."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.examples import NOW

from support_policy.helpdesk import Budget
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.store.store import Store

MINUTE = Budget(name="requests", most=10, seconds=60)
TICKET = Budget(name="ticket/7", most=2, seconds=600)


def test_a_note_is_kept_changed_and_forgotten(store: Store) -> None:
    notebook = store.notebook("desk")
    assert notebook.recall("cursor") is None
    notebook.remember("cursor", "abc")
    notebook.remember("cursor", "é\n😀")
    assert store.notebook("desk").recall("cursor") == "é\n😀"
    notebook.remember("cursor", None)
    assert notebook.recall("cursor") is None


def test_desks_do_not_share_notes_or_budgets(store: Store) -> None:
    one, other = store.notebook("one"), store.notebook("other")
    one.remember("cursor", "abc")
    assert other.recall("cursor") is None
    one.rest(60, now=NOW)
    assert other.spend((MINUTE,), now=NOW) == 0.0
    assert one.spend((MINUTE,), now=NOW) == 60.0


def test_a_fifth_of_a_budget_may_be_taken_at_once_and_the_rest_comes_back(store: Store) -> None:
    notebook = store.notebook("desk")
    assert [notebook.spend((MINUTE,), now=NOW) for _ in range(2)] == [0.0] * 2
    assert notebook.spend((MINUTE,), now=NOW) == 7.5
    later = NOW + timedelta(seconds=7.5)
    assert notebook.spend((MINUTE,), now=later) == 0.0
    assert notebook.spend((MINUTE,), now=later) == 7.5


def test_who_is_patient_has_a_turn_and_nobody_comes_before_it(store: Store) -> None:
    notebook = store.notebook("desk")
    turns = [notebook.spend((MINUTE,), now=NOW, patience=20) for _ in range(5)]
    assert turns == [0.0, 0.0, 7.5, 15.0, 22.5]
    assert notebook.spend((MINUTE,), now=NOW, patience=22) == 22.5, "too long, and nothing is taken"
    assert notebook.spend((MINUTE,), now=NOW, patience=23) == 22.5
    assert notebook.spend((MINUTE,), now=NOW) == 30.0


def test_turns_begin_when_the_rest_is_over(store: Store) -> None:
    notebook = store.notebook("desk")
    notebook.rest(4, now=NOW)
    assert [notebook.spend((MINUTE,), now=NOW, patience=20) for _ in range(3)] == [4.0, 4.0, 11.5]


def test_when_one_budget_is_spent_nothing_is_taken_from_the_others(store: Store) -> None:
    notebook = store.notebook("desk")
    assert notebook.spend((MINUTE, TICKET), now=NOW) == 0.0
    for _ in range(20):
        assert notebook.spend((MINUTE, TICKET), now=NOW) == 600.0
    assert notebook.spend((MINUTE,), now=NOW) == 0.0


def test_a_rest_holds_for_everything_and_the_longer_of_two_wins(store: Store) -> None:
    notebook = store.notebook("desk")
    notebook.rest(30, now=NOW)
    notebook.rest(5, now=NOW)
    assert notebook.spend((), now=NOW) == 30.0
    assert store.notebook("desk").spend((MINUTE,), now=NOW + timedelta(seconds=29)) == 1.0
    assert notebook.spend((MINUTE,), now=NOW + timedelta(seconds=30)) == 0.0


@pytest.mark.parametrize("ahead", [timedelta(hours=6), timedelta(days=400)])
def test_what_a_wrong_clock_made_does_not_last(store: Store, ahead: timedelta) -> None:
    notebook = store.notebook("desk")
    notebook.rest(60, now=NOW + ahead)
    for _ in range(9):
        notebook.spend((MINUTE, TICKET), now=NOW + ahead + timedelta(minutes=2), patience=900)
    assert notebook.spend((MINUTE, TICKET), now=NOW) == 0.0
    notebook.rest(60, now=NOW)
    assert notebook.spend((MINUTE,), now=NOW) == 60.0


def test_no_desk_makes_us_rest_for_longer_than_a_quarter_of_an_hour(store: Store) -> None:
    notebook = store.notebook("desk")
    notebook.rest(86_400, now=NOW)
    assert notebook.spend((), now=NOW) == 900.0


def test_budgets_that_are_whole_again_leave_no_rows(store: Store) -> None:
    notebook = store.notebook("desk")
    for number in range(30):
        notebook.spend((Budget(name=f"ticket/{number}", most=9, seconds=60),), now=NOW)
    later = NOW + timedelta(hours=1)
    notebook.spend((MINUTE,), now=later)
    with store.database.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM budgets ORDER BY name").scalars()
        assert list(names) == ["", "requests"]


def test_threads_and_stores_that_spend_at_once_never_spend_more_than_all(
    url: str, store: Store
) -> None:
    others = [Store.open(url) for _ in range(3)]
    taken: list[float] = []

    def spend(each: Store) -> None:
        notebook = each.notebook("desk")
        taken.extend(notebook.spend((MINUTE, TICKET_OF_ALL), now=NOW) for _ in range(10))

    threads = [threading.Thread(target=spend, args=(each,)) for each in (store, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert len(taken) == 40
    assert taken.count(0.0) == 2


TICKET_OF_ALL = Budget(name="a ticket", most=100, seconds=600)


@given(
    most=st.integers(1, 40),
    seconds=st.integers(1, 600),
    steps=st.lists(st.floats(0, 60, allow_nan=False), min_size=1, max_size=120),
)
def test_no_stretch_of_time_ever_sees_more_than_the_whole_budget(
    most: int, seconds: int, steps: list[float]
) -> None:
    budget = Budget(name="any", most=most, seconds=seconds)
    notebook, now, taken = MemoryNotebook(), NOW, list[datetime]()
    for step in steps:
        now += timedelta(seconds=step)
        wait = notebook.spend((budget,), now=now, patience=10)
        if wait <= 10:
            taken.append(now + timedelta(seconds=wait))
    stretch = timedelta(seconds=seconds - 0.001)  # microseconds are rounded
    for at in taken:
        assert sum(at <= other < at + stretch for other in taken) <= most


@given(most=st.integers(1, 40), seconds=st.integers(1, 600))
def test_who_waits_as_long_as_told_is_served(most: int, seconds: int) -> None:
    budget = Budget(name="any", most=most, seconds=seconds)
    notebook, now = MemoryNotebook(), NOW
    for _ in range(3 * most):
        if wait := notebook.spend((budget,), now=now):
            now += timedelta(seconds=wait) + timedelta(microseconds=1)
            assert notebook.spend((budget,), now=now) == 0.0
