"""What is recorded of a decision."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from tests.store.examples import BASIS, LEASE, NOW, decision, delivery, take_one, update

from support_policy.core.ticket import Field, Priority, TicketRef
from support_policy.store.outcome import Outcome
from support_policy.store.store import Store
from support_policy.store.tables import clocks, decisions

REF = TicketRef(desk="desk", id="t")
STALE = NOW + LEASE


def record(store: Store, key: str, **changes: object) -> None:
    store.accept(delivery(key, ticket="t"))
    taken = take_one(store)
    kept = changes.pop("kept", ())
    mode = changes.pop("mode", "enforce")
    assert store.record(
        taken,
        decision(REF, **changes),  # type: ignore[arg-type]
        update(REF, kept=kept),  # type: ignore[arg-type]
        mode=mode,  # type: ignore[arg-type]
        stamp="stamp",
        basis=BASIS,
        now=NOW,
    )


def rows(store: Store, table: sa.Table) -> list[sa.Row[tuple[object, ...]]]:
    with store.database.reading() as connection:
        return list(connection.execute(sa.select(table).order_by(table.c.id)))


def test_decision_clocks_and_the_end_of_the_delivery_are_recorded_together(store: Store) -> None:
    record(store, "1")
    (row,) = rows(store, decisions)
    assert (row.policy, row.version, row.mode, row.inputs) == ("mexxus", "v1", "enforce", "inputs")
    (clock,) = rows(store, clocks)
    assert (clock.target, clock.due_at, clock.ended_at) == ("high", NOW + 2 * HOUR, None)
    assert (clock.calendar, clock.tzdata) == ("calendar", "2026a")
    assert store.backlog().counts == {"done": 1}


HOUR = timedelta(hours=1)


def test_a_stale_attempt_records_nothing(store: Store) -> None:
    store.accept(delivery("1", ticket="t"))
    stale = take_one(store)
    current = take_one(store, now=STALE)

    def recorded(taken: object) -> bool:
        return store.record(
            taken,  # type: ignore[arg-type]
            decision(REF),
            update(REF),
            mode="enforce",
            stamp="stamp",
            basis=BASIS,
            now=STALE,
        )

    assert not recorded(stale)
    assert rows(store, decisions) == rows(store, clocks) == []
    assert store.written(REF) == {}
    assert store.backlog().counts == {"working": 1}
    assert recorded(current)
    assert not recorded(current)
    assert len(rows(store, decisions)) == 1


def test_what_is_recorded_frees_the_ticket(store: Store) -> None:
    record(store, "1")
    store.accept(delivery("2", ticket="t"))
    assert take_one(store).delivery.key == "2"


def test_settling_after_recording_changes_nothing(store: Store) -> None:
    store.accept(delivery("1", ticket="t"))
    taken = take_one(store)
    store.record(taken, decision(REF), update(REF), mode="observe", stamp="s", basis=BASIS, now=NOW)
    late = Outcome(ending="unavailable")
    assert store.deliveries.settle(taken.id, taken.attempt, late, now=NOW) is None
    assert store.backlog().counts == {"done": 1}


def test_the_record_holds_the_whole_decision_and_update(store: Store) -> None:
    record(store, "1")
    kept = store.decisions.newest(REF)
    assert kept
    assert kept["decision"]["because"][0]["words"][0]["quote"] == "site est tombé"
    assert kept["decision"]["clocks"][0]["due_at"] == "2026-03-02T11:30:00-05:00"
    assert kept["update"]["tags"] == ["outage"]
    assert store.decisions.newest(TicketRef(desk="desk", id="other")) is None


def test_what_we_wrote_is_remembered_in_the_spelling_of_the_desk_fields(store: Store) -> None:
    record(store, "1")
    due = str(int((NOW + 2 * HOUR).timestamp()))
    assert store.written(REF) == {Field.PRIORITY: "high", Field.DUE_AT: due}


def test_observing_writes_nothing_and_so_remembers_nothing(store: Store) -> None:
    record(store, "1", mode="observe")
    assert store.written(REF) == {}
    assert len(rows(store, clocks)) == 1


def test_a_field_that_a_person_set_keeps_what_we_wrote_before(store: Store) -> None:
    record(store, "1")
    record(store, "2", priority=Priority.LOW, due_at=NOW + 8 * HOUR, kept=(Field.PRIORITY,))
    due = str(int((NOW + 8 * HOUR).timestamp()))
    assert store.written(REF) == {Field.PRIORITY: "high", Field.DUE_AT: due}


def test_a_decision_without_a_priority_forgets_nothing(store: Store) -> None:
    record(store, "1")
    before = store.written(REF)
    record(store, "2", priority=None, due_at=None)
    assert store.written(REF) == before


def test_the_same_decision_again_leaves_its_clock_running(store: Store) -> None:
    record(store, "1")
    record(store, "2")
    (clock,) = rows(store, clocks)
    assert clock.ended_at is None


def test_another_due_time_ends_the_clock_before_it(store: Store) -> None:
    record(store, "1")
    record(store, "2", due_at=NOW + 3 * HOUR)
    first, second = rows(store, clocks)
    assert (first.due_at, first.ended_at) == (NOW + 2 * HOUR, NOW + timedelta(seconds=1))
    assert (second.due_at, second.ended_at) == (NOW + 3 * HOUR, None)


def test_a_decision_that_owes_nothing_ends_every_clock(store: Store) -> None:
    record(store, "1")
    record(store, "2", due_at=None)
    assert [clock.ended_at is None for clock in rows(store, clocks)] == [False]
