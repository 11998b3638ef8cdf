"""Webhooks that never come: found by the export, page by page, and counted."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import DESK, Rig, Rigs, second_process

from support_policy import sweep as sweeping
from support_policy.demo.zendesk_double import api_export
from support_policy.errors import BusyError, UnavailableError
from support_policy.helpdesk import Budget
from support_policy.helpdesks.zendesk import client
from support_policy.sweep import Sweeper, begin, sweep

account, rig, rigs = zendesk_rig.account, zendesk_rig.shared, zendesk_rig.rigs

EXPORT = "/api/v2/incremental/tickets/cursor"


@pytest.fixture
def quick(account: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three tickets, and no waiting between them."""
    monkeypatch.setattr(account.double.account.limits.exports, "total", 100_000)
    monkeypatch.setattr(api_export, "DEFAULT_PAGE", 3)
    monkeypatch.setattr(client, "EXPORT", Budget(name="export", most=100_000, seconds=60))


def exports(rig: Rig, since: int = 0) -> list[dict[str, str]]:
    return [each.query for each in rig.double.requests[since:] if each.path == EXPORT]


def lost(rig: Rig, count: int) -> list[int]:
    """Tickets whose webhook never comes."""
    rig.double.faults.drop = 1.0
    numbers = [rig.open() for _ in range(count)]
    rig.arrive()
    rig.double.faults.drop = 0.0
    return numbers


def begun(rig: Rig) -> None:
    """The service begins, and a minute of the account's passes: no younger start is let through."""
    begin(DESK, rig.store, now=rig.now())
    time.sleep(rig.double.account.clock.real(61))


def test_lost_webhooks_are_found_worked_and_counted(rig: Rig, quick: None) -> None:
    begun(rig)
    told = [rig.open() for _ in range(2)]
    rig.arrive()
    numbers = lost(rig, 4)
    assert rig.sweep() == 4
    rig.work()
    assert rig.states() == {"done": 6}
    assert [rig.double.writes(number) for number in (*told, *numbers)] == [1] * 6
    assert rig.metric("support_policy_lost_webhooks") == 4
    assert rig.sweep() == 0
    assert rig.metric("support_policy_lost_webhooks") == 4
    assert rig.metric("support_policy_deliveries") == 6


def test_the_very_first_webhook_may_be_the_lost_one(rig: Rig, quick: None) -> None:
    """The service began; nothing ever came."""
    begun(rig)
    (number,) = lost(rig, 1)
    rig.later(minutes=5)
    assert rig.sweep() == 1
    rig.work()
    assert rig.priority(number) == "high"


def test_what_was_opened_before_us_is_left_alone(rig: Rig, quick: None) -> None:
    (old,) = lost(rig, 1)
    aged(rig, old, days=3)
    begun(rig)
    assert rig.sweep() == 0
    rig.work()
    assert rig.double.writes(old) == 0


def aged(rig: Rig, number: int, *, days: float) -> None:
    """Make a ticket be opened, and last changed, so many days ago."""
    ticket = rig.double.account.tickets.get(number)
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    ticket.created_at = ticket.updated_at = then
    ticket.generated = int(then.timestamp())


def test_a_back_fill_treats_what_was_opened_since(rig: Rig, quick: None) -> None:
    begun(rig)
    numbers = lost(rig, 8)
    for place, number in enumerate(numbers):
        aged(rig, number, days=10 - place)
    since = datetime.now(UTC) - timedelta(days=6.5)
    assert rig.sweep() == 0
    assert rig.backfill(since) == 4
    rig.work()
    assert [rig.double.writes(number) for number in numbers] == [0] * 4 + [1] * 4
    assert rig.backfill(since) == 0
    assert rig.sweep() == 0
    assert rig.metric("support_policy_lost_webhooks") == 0
    assert rig.metric("support_policy_deliveries") == 4


def test_the_next_sweep_goes_on_where_the_last_one_ended(rig: Rig, quick: None) -> None:
    begun(rig)
    lost(rig, 7)
    before = len(rig.double.requests)
    assert rig.sweep() == 7
    first = exports(rig, before)
    assert "start_time" in first[0]
    assert all("cursor" in each for each in first[1:])
    before = len(rig.double.requests)
    lost(rig, 1)
    assert rig.sweep() == 1
    assert all("cursor" in each for each in exports(rig, before))


@pytest.mark.parametrize("fault", ["reset", "broken"])
def test_a_sweep_that_is_cut_short_goes_on_and_loses_nothing(
    rig: Rig, quick: None, fault: str
) -> None:
    begun(rig)
    numbers = lost(rig, 10)
    pages: list[int] = []

    def tell(_seen: int, _found: int) -> None:
        pages.append(1)
        if len(pages) == 2:
            setattr(rig.double.faults, fault, 1)

    with pytest.raises(UnavailableError):
        rig.sweep(tell=tell)
    found = rig.store.backlog().owed
    assert 0 < found < 10, "what was read before is on disk"
    rig.restart()
    before = len(rig.double.requests)
    assert rig.sweep() == 10 - found
    assert "cursor" in exports(rig, before)[0], "it does not begin anew"
    rig.work()
    rig.work()
    assert {rig.double.writes(number) for number in numbers} == {1}


def test_a_sweep_whose_process_dies_goes_on_where_it_stopped(rig: Rig, quick: None) -> None:
    begun(rig)
    numbers = lost(rig, 10)

    def dies(seen: int, _found: int) -> None:
        if seen >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rig.sweep(tell=dies)
    rig.restart()
    rig.sweep()
    rig.work()
    rig.work()
    assert {rig.double.writes(number) for number in numbers} == {1}


def test_an_interrupted_back_fill_goes_on_with_its_own_moment(rig: Rig, quick: None) -> None:
    begun(rig)
    numbers = lost(rig, 9)
    for number in numbers:
        aged(rig, number, days=5)

    def dies(seen: int, _found: int) -> None:
        if seen >= 6:
            raise KeyboardInterrupt

    since = datetime.now(UTC) - timedelta(days=6)
    with pytest.raises(KeyboardInterrupt):
        rig.backfill(since, dies)
    rig.restart()
    before = len(rig.double.requests)
    rig.backfill(since)
    assert "cursor" in exports(rig, before)[0]
    rig.work()
    assert {rig.double.writes(number) for number in numbers} == {1}


def test_a_webhook_that_comes_after_the_sweep_changes_nothing(rig: Rig, quick: None) -> None:
    begun(rig)
    (number,) = lost(rig, 1)
    (late,) = (each for each in rig.double.sent if each.ticket_id == number)
    assert rig.sweep() == 1
    rig.work()
    assert rig.post(late.body).status_code == 200
    rig.work()
    assert rig.states() == {"done": 1}
    assert len(rig.puts(number)) == 1


def test_closed_and_deleted_tickets_are_not_swept(rig: Rig, quick: None) -> None:
    begun(rig)
    closed, deleted, open_ = lost(rig, 3)
    rig.double.update_ticket(closed, by=rig.double.agent, status="closed")
    rig.double.delete_ticket(deleted)
    assert rig.sweep() == 1
    rig.work()
    assert [rig.double.writes(it) for it in (closed, deleted, open_)] == [0, 0, 1]


def test_a_cursor_that_the_account_forgot_begins_anew(rig: Rig, quick: None) -> None:
    begun(rig)
    first = lost(rig, 4)
    rig.sweep()
    rig.rows("UPDATE notes SET text = 'bm9uc2Vuc2U=' WHERE name = 'sweep/cursor'")
    second = lost(rig, 2)
    assert rig.sweep() == 2
    rig.work()
    assert {rig.double.writes(number) for number in (*first, *second)} == {1}


def test_two_sweeps_at_once_find_each_ticket_once(rig: Rig, quick: None) -> None:
    begun(rig)
    numbers = lost(rig, 12)
    found: list[int] = []
    with second_process(rig) as other:
        desks = ((rig.desk, rig.store), (other.helpdesks[DESK], other.store))
        threads = [
            threading.Thread(target=lambda d=d, s=s: found.append(sweep(d, s, now=rig.now())))
            for d, s in desks
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(found) == 12
    assert rig.metric("support_policy_lost_webhooks") == 12
    rig.work()
    assert {rig.double.writes(number) for number in numbers} == {1}


def test_an_admins_rights_lost_are_told_by_doctor(rigs: Rigs) -> None:
    rig = rigs()
    rig.double.service_user.role = "agent"
    finding = rig.doctor()["export"]
    assert not finding.ok
    assert "admin" in finding.remedy
    number = rig.treated()
    assert rig.priority(number) == "high"
    rig.double.service_user.role = "admin"


def test_pages_are_asked_for_inside_the_exports_limit(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten a minute are allowed; all processes together ask for fewer, and then wait."""
    monkeypatch.setattr(api_export, "DEFAULT_PAGE", 1)
    begun(rig)
    lost(rig, 12)
    before = len(rig.double.requests)
    waits: list[float] = []
    with second_process(rig) as other:
        for desk, store in ((rig.desk, rig.store), (other.helpdesks[DESK], other.store)):
            desk._export_api._sleep = waits.append  # type: ignore[attr-defined]
            with pytest.raises(BusyError) as told:
                sweep(desk, store, now=rig.now())
            waits.append(told.value.after)
    rig.restart()
    slept = sum(wait for wait in waits[:-1])
    assert len(exports(rig, before)) <= 8
    assert slept > 5, "the first are at once, the rest in their turn"


def test_the_service_sweeps_by_itself(
    rig: Rig, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "EVERY", 0.05)
    sweeper = Sweeper(rig.service.helpdesks, rig.store, now=rig.now)
    sweeper.start()
    try:
        numbers = lost(rig, 3)
        deadline = time.monotonic() + 10
        while rig.store.backlog().owed < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        sweeper.stop()
    rig.work()
    assert [rig.priority(number) for number in numbers] == ["high"] * 3
    assert rig.metric("support_policy_lost_webhooks") == 3


@pytest.fixture
def observer(rigs: Rigs) -> Rig:
    return rigs(mode="observe")


def test_a_sweep_while_observing_writes_nothing(observer: Rig, quick: None) -> None:
    begun(observer)
    numbers = lost(observer, 2)
    assert observer.sweep() == 2
    observer.work()
    assert observer.states() == {"done": 2}
    assert [observer.double.writes(number) for number in numbers] == [0, 0]
