"""A desk that waits is told the decision in the answer, and asks again what it had no answer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.small_policy import a_ticket, at, said, small_policy

from support_policy.accounts import NoAccounts
from support_policy.answering import LEASE, Answering
from support_policy.core.facts import Facts
from support_policy.core.ticket import Field, Priority, Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import BusyError, MalformedError
from support_policy.helpdesk import Answered, Delivery
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk
from support_policy.pipeline import Desk, Pipeline
from support_policy.settings import Mode
from support_policy.store.store import Store

REF = TicketRef(desk="memory", id="1")
OPENED = at("2026-11-23T10:00:00")
DUE = at("2026-11-23T14:00:00")
SITE_DOWN = replace(a_ticket(received_at=OPENED), ref=REF, body="My site is down", tells_who=True)


class OneFact:
    """A reader that finds one fact, or breaks."""

    broken = False

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset({"website.offline"})

    def read(self, *, subject: str, body: str, language: str | None = None) -> Facts:
        del subject, body, language
        if self.broken:
            raise ZeroDivisionError
        return said("website.offline")


@dataclass
class Line:
    """A desk that waits, and what it is told."""

    answering: Answering
    store: Store
    reader: OneFact

    def send(self, ticket: Ticket = SITE_DOWN) -> Answered:
        delivery = Delivery(
            desk="memory", key="opened:1", ticket_id="1", received_at=OPENED, ticket=ticket
        )
        return self.answering.answer(delivery)

    def in_mode(self, mode: Mode) -> Line:
        pipeline = self.answering.pipeline
        desks = {name: replace(desk, mode=mode) for name, desk in pipeline.desks.items()}
        return replace(self, answering=Answering(pipeline=replace(pipeline, desks=desks)))

    @property
    def states(self) -> list[str]:
        query = "SELECT state FROM deliveries ORDER BY id"
        with self.store.database.reading() as connection:
            return list(connection.exec_driver_sql(query).scalars())

    @property
    def decided(self) -> int:
        return len(self.store.decisions.recent(100))


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    store = Store.open(f"sqlite:///{tmp_path / 'kept.db'}", synchronous="NORMAL")
    store.migrate()
    desk = MemoryDesk(name="memory", codec=MemoryCodec(desk="memory", tokens=("x",)))
    reader = OneFact()
    pipeline = Pipeline(
        policy=small_policy(tmp_path / "policy"),
        reader=reader,
        accounts=NoAccounts(),
        desks={"memory": Desk(helpdesk=desk, mode=Mode.ENFORCE, language="en")},
        store=store,
        now=lambda: OPENED,
    )
    yield Line(Answering(pipeline=pipeline), store, reader)
    store.close()


def applied(ticket: Ticket, update: Update | None) -> Ticket:
    """The ticket as its desk leaves it once it did as it was told."""
    assert update is not None
    assert update.note is not None
    return replace(
        ticket,
        priority=update.priority or ticket.priority,
        due_at=update.due_at or ticket.due_at,
        tags=(*ticket.tags, *update.tags),
        fields=update.fields,
        notes=frozenset({update.note.stamp}),
    )


def test_the_decision_is_in_the_answer_and_on_record(line: Line) -> None:
    answered = line.send()
    assert answered.writes
    assert answered.update is not None
    assert answered.update.priority is Priority.NORMAL
    assert (answered.update.due_at, answered.update.target) == (DUE, "medium")
    assert line.states == ["done"]
    assert line.decided == 1


def test_a_desk_that_did_as_it_was_told_is_told_nothing_more(line: Line) -> None:
    ticket = applied(SITE_DOWN, line.send().update)
    assert line.send(ticket).update is None


def test_a_desk_that_never_heard_the_answer_is_told_again(line: Line) -> None:
    first, second = line.send(), line.send()
    assert second.update == first.update
    assert line.states == ["done", "done"]
    assert line.decided == 2


def test_what_a_person_set_meanwhile_is_left(line: Line) -> None:
    line.send()
    theirs = replace(SITE_DOWN, priority=Priority.URGENT, set_by_staff=frozenset({Field.PRIORITY}))
    update = line.send(theirs).update
    assert update is not None
    assert update.priority is None
    assert update.kept == (Field.PRIORITY,)


def test_in_observe_mode_the_decision_is_recorded_and_not_told(line: Line) -> None:
    answered = line.in_mode(Mode.OBSERVE).send()
    assert (answered.writes, answered.update) == (False, None)
    assert line.decided == 1


def test_a_desk_that_observes_is_recorded_as_observing_whatever_the_settings_say(
    line: Line,
) -> None:
    delivery = Delivery(
        desk="memory",
        key="opened:1",
        ticket_id="1",
        received_at=OPENED,
        ticket=SITE_DOWN,
        observed=True,
    )
    answered = line.answering.answer(delivery)
    assert (answered.writes, answered.update) == (False, None)
    assert line.store.decisions.recent(1)[0]["mode"] == "observe"
    assert not line.store.written(REF)


def test_an_answer_that_was_overtaken_is_none(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that hung for longer than its lease: whoever took over does the work."""
    monkeypatch.setattr(line.store.deliveries, "current", lambda *_: None)
    with pytest.raises(BusyError):
        line.send()
    assert line.decided == 0


def test_a_ticket_that_is_passed_over_is_answered_with_the_reason(line: Line) -> None:
    answered = line.send(replace(SITE_DOWN, closed=True))
    assert (answered.passed_over, answered.update) == ("it is closed", None)
    assert line.states == ["done"]


def test_a_ticket_in_other_hands_is_busy(line: Line) -> None:
    line.store.accept(Delivery(desk="memory", key="other", ticket_id="1", received_at=OPENED))
    line.store.deliveries.take(1, slot="main", now=OPENED, lease=LEASE)
    with pytest.raises(BusyError):
        line.send()
    assert line.decided == 0


def test_an_event_without_its_ticket_is_malformed_and_not_kept(line: Line) -> None:
    delivery = Delivery(desk="memory", key="opened:1", ticket_id="1", received_at=OPENED)
    with pytest.raises(MalformedError):
        line.answering.answer(delivery)
    assert line.states == []


def test_what_broke_us_waits_and_is_worked_when_it_is_sent_again(line: Line) -> None:
    line.reader.broken = True
    with pytest.raises(ZeroDivisionError):
        line.send()
    assert line.states == ["waiting"]
    line.reader.broken = False
    assert line.send().update
    assert line.states == ["done"]


def test_what_a_web_process_left_when_it_died_is_due_after_its_lease(line: Line) -> None:
    delivery = Delivery(desk="memory", key="opened:1", ticket_id="1", received_at=OPENED)
    assert line.store.deliveries.claim(delivery, now=OPENED, lease=LEASE)
    assert not line.store.deliveries.take(1, slot="main", now=OPENED, lease=LEASE)
    later = OPENED + LEASE + timedelta(seconds=1)
    (taken,) = line.store.deliveries.take(1, slot="main", now=later, lease=LEASE)
    assert taken.delivery.key == "opened:1"
