"""Zendesk's limits, kept by all processes together; and storms of 429, which all obey."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import HIGH, LEASE, Rig, Rigs, second_process

from support_policy.engine import Engine
from support_policy.errors import BusyError, RateLimitedError
from support_policy.helpdesks.http import Response
from support_policy.service import Service
from support_policy.store.deliveries import Taken

account, rig, rigs = zendesk_rig.account, zendesk_rig.shared, zendesk_rig.rigs


def refused(rig: Rig, since: int = 0) -> int:
    return sum(1 for each in rig.double.requests[since:] if each.status == 429)


def waited(service: Service, taken: Taken) -> float:
    """The seconds for which an attempt must wait, though the desk refused nothing."""
    try:
        service.pipeline.work(taken)
    except BusyError as error:
        return error.after
    return 0.0


def test_one_refusal_silences_every_process_until_its_time_is_over(rig: Rig) -> None:
    """The second process asks nothing until what the first was told is over."""
    with second_process(rig) as other:
        numbers = [rig.open(), rig.open()]
        rig.arrive()
        first, second = rig.store.deliveries.take(2, slot="a", now=rig.now(), lease=LEASE)
        rig.double.storm(0.9)  # Retry-After: 1
        before = len(rig.double.requests)
        with pytest.raises(RateLimitedError):
            rig.service.pipeline.work(first)
        assert refused(rig, before) == 1
        began = time.monotonic()
        other.pipeline.work(second)
        assert time.monotonic() - began >= 0.8
        assert refused(rig, before) == 1
        assert rig.double.writes(numbers[1]) == 1


def test_no_retry_after_silences_us_for_more_than_a_quarter_of_an_hour(rig: Rig) -> None:
    rig.open()
    rig.arrive()
    (taken,) = rig.store.deliveries.take(2, slot="a", now=rig.now(), lease=LEASE)
    rig.double.storm(86_400)
    with pytest.raises(RateLimitedError):
        rig.service.pipeline.work(taken)
    wait = rig.store.notebook("zendesk").spend((), now=rig.now())
    assert 800 < wait <= 900
    rig.double.storm(0)


def test_a_long_retry_after_makes_work_wait_and_asks_nothing(rig: Rig) -> None:
    with second_process(rig) as other:
        for _ in range(2):
            rig.open()
        rig.arrive()
        first, second = rig.store.deliveries.take(2, slot="a", now=rig.now(), lease=LEASE)
        rig.double.storm(30)
        with pytest.raises(RateLimitedError) as told:
            rig.service.pipeline.work(first)
        assert 29 <= told.value.after <= 31
        before = len(rig.double.requests)
        with pytest.raises(BusyError) as waits:
            other.pipeline.work(second)
        assert waits.value.after > 25
        assert len(rig.double.requests) == before
        rig.double.storm(0)


def test_a_refusal_by_the_tokens_own_address_is_obeyed_too(rig: Rig) -> None:
    with second_process(rig) as first, second_process(rig) as other:
        for _ in range(2):
            rig.open()
        rig.arrive()
        one, two = rig.store.deliveries.take(2, slot="a", now=rig.now(), lease=LEASE)
        session = first.helpdesks["zendesk"]._api._token._session  # type: ignore[attr-defined]
        session.request = _too_many
        with pytest.raises(RateLimitedError):
            first.pipeline.work(one)
        before = len(rig.double.requests)
        with pytest.raises(BusyError):
            other.pipeline.work(two)
        assert len(rig.double.requests) == before


def _too_many(*_: object, **__: object) -> Response:
    answer = Response()
    answer.status_code, answer.headers["Retry-After"] = 429, "30"
    return answer


def test_a_storm_over_two_processes_loses_nothing(rig: Rig) -> None:
    """Many tickets, two processes of four threads: refusals are no more than were under way."""
    with second_process(rig) as other, ThreadPoolExecutor(8) as pool:
        numbers = [rig.open() for _ in range(24)]
        rig.arrive()
        before = len(rig.double.requests)
        rig.double.storm(1.5)

        def turn(service: Service) -> None:
            for taken in service.store.deliveries.take(1, slot="x", now=rig.now(), lease=LEASE):
                rig.attempt(taken)

        for _ in range(6):
            list(pool.map(turn, [rig.service, other] * 8))
            rig.later(minutes=2)
        rig.work()
        assert refused(rig, before) <= 16
        assert rig.states() == {"done": 24}, rig.trouble()
        assert [rig.double.writes(number) for number in numbers] == [1] * 24


def test_the_engine_goes_through_a_storm_by_itself(rig: Rig) -> None:
    engine = Engine(rig.store, rig.service.pipeline.work)
    engine.start()
    try:
        before = len(rig.double.requests)
        first = [rig.open() for _ in range(3)]
        rig.arrive()
        rig.double.storm(1.0)
        numbers = first + [rig.open() for _ in range(5)]
        rig.arrive()
        deadline = time.monotonic() + 20
        while rig.states() != {"done": 8} and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        engine.stop(timeout=10)
    assert rig.states() == {"done": 8}, rig.trouble()
    assert [rig.double.writes(number) for number in numbers] == [1] * 8
    assert refused(rig, before) <= 8, "no more than were under way"


def test_updates_are_kept_below_their_limit_by_all_processes(rigs: Rigs) -> None:
    """5 a minute: one at once, the next after 15 seconds, whoever asks."""
    rig = rigs()
    rig.configure(updates=5)
    with second_process(rig) as other:
        numbers = [rig.open() for _ in range(4)]
        rig.arrive()
        waits: list[float] = []
        for taken in rig.store.deliveries.take(4, slot="a", now=rig.now(), lease=LEASE):
            service = other if taken.id % 2 else rig.service
            waits.append(waited(service, taken))
    assert sum(rig.double.writes(number) for number in numbers) == 1
    assert [wait > 5 for wait in waits] == [False, True, True, True]
    assert refused(rig) == 0
    rig.freed()
    rig.configure()
    rig.later(minutes=5)
    rig.work()
    assert rig.states() == {"done": 4}, rig.trouble()
    assert sum(rig.double.writes(number) for number in numbers) == 4


def test_a_limit_that_bites_holds_up_no_other_desk_and_is_told(rigs: Rigs) -> None:
    rig = rigs()
    rig.configure(updates=5)
    rig.open()
    rig.open()
    rig.treat()
    assert rig.states() == {"done": 1, "waiting": 1}
    assert "limit" in rig.trouble()
    assert not rig.store.backlog().pauses, "the desk is well: it only has limits"


def test_requests_are_kept_below_their_limit_by_all_processes(rigs: Rigs) -> None:
    """20 a minute: four at once, then one in 3.75 seconds; a minute is never waited for here."""
    rig = rigs()
    rig.freed()
    rig.configure(requests=20)
    before = len(rig.double.requests)
    began = time.monotonic()
    with second_process(rig) as other:
        for _ in range(3):
            rig.open()
        rig.arrive()
        for taken in rig.store.deliveries.take(3, slot="a", now=rig.now(), lease=LEASE):
            service = other if taken.id % 2 else rig.service
            service.helpdesks["zendesk"]._api._patience = 0.0  # type: ignore[attr-defined]
            waited(service, taken)
    made = [each for each in rig.double.requests[before:] if each.path.startswith("/api/")]
    assert len(made) <= 4 + (time.monotonic() - began) / 3.75


def test_one_ticket_is_not_written_more_than_28_times_in_ten_minutes(rig: Rig) -> None:
    """Zendesk lets each of its users write to a ticket 30 times; people have theirs apart."""
    before = len(rig.double.requests)
    number = rig.treated()
    for _ in range(32):
        tags = rig.double.account.tickets.get(number).values
        tags["tags"] = [tag for tag in tags["tags"] if tag != "policy_high"]
        rig.look_again(number)
    assert len(rig.puts(number)) <= 28
    assert refused(rig, before) == 0
    assert rig.states()["waiting"] >= 1
    assert rig.priority(rig.treated(HIGH)) == "high"
    for _ in range(30):
        rig.freed()
        rig.later(minutes=30)
        rig.work()
    assert set(rig.states()) == {"done"}
    assert "policy_high" in rig.tags(number)
