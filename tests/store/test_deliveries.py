"""Who may work on what, and what becomes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from tests.store.examples import LEASE, NOW, delivery, take, take_one

from support_policy.errors import MalformedError
from support_policy.store.deliveries import Taken
from support_policy.store.outcome import MOST_ERRORS, Outcome, Verdict
from support_policy.store.store import Store
from support_policy.store.tables import deliveries

DONE = Outcome(ending="done")
DOWN = Outcome(ending="unavailable", detail="no answer")
GONE = Outcome(ending="gone")
SECOND = timedelta(seconds=1)


def settle(
    store: Store, outcome: Outcome, *, now: datetime, taken_at: datetime | None = None
) -> Verdict:
    """Take the one delivery that is due, and end the attempt."""
    taken = take_one(store, now=taken_at or now)
    result = store.deliveries.settle(taken.id, taken.attempt, outcome, now=now)
    assert result
    return result


def test_what_was_accepted_is_due_at_once_and_in_order(store: Store) -> None:
    for key in ("a", "b", "c"):
        store.accept(delivery(key))
    assert [taken.delivery.key for taken in take(store, limit=2)] == ["a", "b"]
    assert [taken.delivery.key for taken in take(store, limit=2)] == ["c"]


def test_what_was_accepted_is_due_also_when_the_clock_has_gone_back_since(store: Store) -> None:
    store.accept(delivery())
    assert take(store, now=NOW - timedelta(hours=2))


def test_a_desk_that_failed_under_a_wrong_clock_does_not_rest_for_years(store: Store) -> None:
    store.accept(delivery())
    future = NOW + timedelta(days=4000)
    settle(store, DOWN, now=future)
    store.accept(delivery("2"))
    assert take(store, now=NOW)


def test_what_is_taken_is_not_taken_again_before_its_lease_ends(store: Store) -> None:
    store.accept(delivery())
    assert take_one(store).attempt == 1
    assert take(store, now=NOW + LEASE - SECOND) == []
    assert take_one(store, now=NOW + LEASE).attempt == 2


def test_a_renewed_lease_lasts_longer(store: Store) -> None:
    store.accept(delivery())
    taken = take_one(store)
    store.deliveries.renew([(taken.id, taken.attempt)], now=NOW + 30 * SECOND, lease=LEASE)
    assert take(store, now=NOW + LEASE) == []
    assert take_one(store, now=NOW + 30 * SECOND + LEASE).attempt == 2


def test_a_stale_attempt_renews_and_settles_nothing(store: Store) -> None:
    store.accept(delivery())
    stale = take_one(store)
    later = NOW + LEASE
    current = take_one(store, now=later)
    store.deliveries.renew([(stale.id, stale.attempt)], now=later + LEASE, lease=LEASE)
    assert store.deliveries.settle(stale.id, stale.attempt, DONE, now=later) is None
    assert store.deliveries.current(stale.id, stale.attempt) is None
    assert store.deliveries.current(current.id, current.attempt) == current
    assert take_one(store, now=later + LEASE).attempt == 3


def test_two_deliveries_of_one_ticket_are_never_worked_at_once(store: Store) -> None:
    store.accept(delivery("1", ticket="t"))
    store.accept(delivery("2", ticket="t"))
    store.accept(delivery("3", ticket="other"))
    first, other = take(store)
    assert {first.delivery.key, other.delivery.key} == {"1", "3"}
    assert take(store, now=NOW + LEASE - SECOND) == []
    one = first if first.delivery.key == "1" else other
    store.deliveries.settle(one.id, one.attempt, DONE, now=NOW)
    assert take_one(store).delivery.key == "2"


def test_eight_processes_at_once_take_each_ticket_once(store: Store) -> None:
    for number in range(60):
        store.accept(delivery(str(number), ticket=str(number % 20)))

    def take_some(slot: int) -> list[str]:
        mine = [take(store, limit=3, slot=str(slot)) for _ in range(8)]
        return [taken.delivery.ticket_id for batch in mine for taken in batch]

    with ThreadPoolExecutor(8) as pool:
        taken = [ticket for tickets in pool.map(take_some, range(8)) for ticket in tickets]
    assert len(taken) == len(set(taken))
    rest = [each.delivery.ticket_id for each in take(store, limit=60)]
    assert sorted(taken + rest) == sorted(str(number) for number in range(20))


def test_a_slot_finds_what_it_had_in_hand_after_a_restart(store: Store) -> None:
    for key in ("a", "b"):
        store.accept(delivery(key))
    mine = take(store, limit=1, slot="a")
    take(store, limit=1, slot="b")
    assert list(store.deliveries.held("a")) == mine


def test_a_desk_that_is_down_makes_its_delivery_wait_longer_each_time(store: Store) -> None:
    store.accept(delivery())
    now = NOW
    waits = []
    for _ in range(14):
        now = settle(store, DOWN, now=now, taken_at=now).next_at
        waits.append(now)
        now += timedelta(hours=1)
    gaps = [
        wait - (before + timedelta(hours=1)) for wait, before in zip(waits[1:], waits, strict=False)
    ]
    assert timedelta(seconds=0.75) <= waits[0] - NOW <= SECOND
    assert gaps[:8] == sorted(gaps[:8])
    assert timedelta(minutes=11) <= gaps[-1] <= timedelta(minutes=15)
    (trouble,) = store.troubles()
    assert (trouble.state, trouble.attempts, trouble.detail) == ("waiting", 14, "no answer")


def test_a_desk_that_asks_for_patience_gets_it(store: Store) -> None:
    store.accept(delivery("1"))
    store.accept(delivery("2"))
    taken, other = take(store)
    asked = Outcome(ending="unavailable", after=90.0)
    result = store.deliveries.settle(taken.id, taken.attempt, asked, now=NOW)
    store.deliveries.settle(other.id, other.attempt, DONE, now=NOW)
    assert result
    assert result.next_at == NOW + timedelta(seconds=90)
    store.accept(delivery("3"))
    assert take(store, now=NOW + timedelta(seconds=89)) == []
    assert len(take(store, now=NOW + timedelta(seconds=90))) == 1


def test_while_a_desk_is_down_one_delivery_at_a_time_asks_it(store: Store) -> None:
    for number in range(20):
        store.accept(delivery(str(number)))
    now = NOW
    for taken in take(store, limit=4):
        store.deliveries.settle(taken.id, taken.attempt, DOWN, now=now)
    asked = 0
    for second in range(600):
        now = NOW + second * SECOND
        for taken in take(store, now=now):
            asked += 1
            store.deliveries.settle(taken.id, taken.attempt, DOWN, now=now)
    # 1 + 2 + 4 + … seconds, then about once a minute; not twenty at a time.
    assert 10 <= asked <= 20
    (pause,) = store.backlog().pauses
    assert pause.desk == "desk"
    assert pause.until <= now + timedelta(minutes=1)


def test_attempts_that_were_under_way_together_count_as_one_failure(store: Store) -> None:
    for number in range(4):
        store.accept(delivery(str(number)))
    for taken in take(store):
        store.deliveries.settle(taken.id, taken.attempt, DOWN, now=NOW + SECOND)
    (pause,) = store.backlog().pauses
    assert pause.failures == 1


def test_a_desk_that_answers_again_is_asked_by_all(store: Store) -> None:
    for number in range(6):
        store.accept(delivery(str(number)))
    (first,) = take(store, limit=1)
    store.deliveries.settle(first.id, first.attempt, DOWN, now=NOW)
    later = NOW + 5 * SECOND
    (probe,) = take(store, now=later)
    assert take(store, now=later) == []
    store.deliveries.settle(probe.id, probe.attempt, DONE, now=later)
    assert store.backlog().pauses == ()
    assert len(take(store, now=later)) == 5


def test_an_answer_from_before_the_failure_does_not_end_the_pause(store: Store) -> None:
    store.accept(delivery("1"))
    store.accept(delivery("2"))
    failing, slow = take(store)
    store.deliveries.settle(failing.id, failing.attempt, DOWN, now=NOW + SECOND)
    store.deliveries.settle(slow.id, slow.attempt, DONE, now=NOW + SECOND)
    assert len(store.backlog().pauses) == 1


def test_a_probe_that_never_ends_does_not_close_the_desk_for_good(store: Store) -> None:
    for number in range(3):
        store.accept(delivery(str(number)))
    (first,) = take(store, limit=1)
    store.deliveries.settle(first.id, first.attempt, DOWN, now=NOW)
    assert len(take(store, now=NOW + 5 * SECOND)) == 1
    assert len(take(store, now=NOW + 14 * SECOND)) == 0
    assert len(take(store, now=NOW + 15 * SECOND)) == 1


def test_another_desk_is_not_held_up(store: Store) -> None:
    store.accept(delivery("1", desk="down"))
    settle(store, DOWN, now=NOW)
    store.accept(delivery("2", desk="down"))
    store.accept(delivery("3", desk="well"))
    assert take_one(store).delivery.desk == "well"


def test_a_ticket_that_is_gone_is_looked_for_once_more_after_a_minute(store: Store) -> None:
    store.accept(delivery())
    assert settle(store, GONE, now=NOW).state == "waiting"
    assert take(store, now=NOW + timedelta(seconds=59)) == []
    assert settle(store, GONE, now=NOW + timedelta(seconds=60)).state == "gone"
    assert take(store, now=NOW + timedelta(days=365)) == []
    assert store.backlog().counts == {"gone": 1}


def test_a_ticket_that_was_only_late_is_worked(store: Store) -> None:
    store.accept(delivery())
    settle(store, GONE, now=NOW)
    assert settle(store, DONE, now=NOW + timedelta(seconds=60)).state == "done"


def test_what_the_desk_refused_is_shown_and_not_tried_again(store: Store) -> None:
    store.accept(delivery())
    refused = Outcome(ending="refused", detail="403: the token may not write")
    assert settle(store, refused, now=NOW).state == "refused"
    assert take(store, now=NOW + timedelta(days=365)) == []
    (trouble,) = store.troubles()
    assert trouble.detail == "403: the token may not write"


def test_a_delivery_that_breaks_us_is_given_up_after_some_tries(store: Store) -> None:
    store.accept(delivery())
    now, states = NOW, []
    for _ in range(MOST_ERRORS):
        states.append(settle(store, Outcome(ending="error", detail="KeyError"), now=now).state)
        now += timedelta(hours=1)
    assert states == ["waiting"] * (MOST_ERRORS - 1) + ["failed"]
    assert take(store, now=now) == []


def test_a_delivery_whose_every_process_died_is_given_up(store: Store) -> None:
    store.accept(delivery())
    now = NOW
    for _ in range(MOST_ERRORS):
        take_one(store, now=now)
        now += LEASE
    assert take(store, now=now) == []
    assert store.backlog().counts == {"failed": 1}


def test_a_delivery_whose_every_process_died_ends_like_any_other_and_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.accept(delivery("1", ticket="t"))
    store.accept(delivery("2", ticket="t"))
    now = NOW
    for _ in range(MOST_ERRORS):
        assert take_one(store, now=now).delivery.key == "1"
        with store.database.writing() as connection:  # the other one is to wait its turn
            other = sa.update(deliveries).where(deliveries.c.key == "2")
            connection.execute(other.values(next_at=now + 2 * LEASE))
        now += LEASE
    assert take(store, now=now) == []
    with store.database.reading() as connection:
        row = connection.execute(sa.select(deliveries).where(deliveries.c.key == "1")).one()
    assert (row.state, row.errors, row.done_at, row.cause) == ("failed", MOST_ERRORS, now, "error")
    assert row.last_error == "every process that worked on it died"
    (line,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert line.getMessage().startswith(f"delivery {row.id} is given up: failed: every process")
    assert take_one(store, now=now + LEASE).delivery.key == "2", "its ticket is free"


@pytest.mark.parametrize("ending", ["refused", "gone"])
def test_what_was_given_up_can_be_tried_again(store: Store, ending: str) -> None:
    store.accept(delivery())
    outcome = Outcome(ending="refused" if ending == "refused" else "gone")
    now = NOW
    while settle(store, outcome, now=now).state == "waiting":
        now += timedelta(minutes=1)
    assert store.deliveries.retry(["refused", "gone", "failed"], now=now) == 1
    assert settle(store, DONE, now=now).state == "done"
    assert store.deliveries.retry(["refused", "gone", "failed", "done"], now=now) == 0


def test_the_backlog_says_what_waits_and_since_when(store: Store) -> None:
    assert store.backlog().oldest is None
    for key in ("a", "b", "c"):
        store.accept(delivery(key))
    (taken,) = take(store, limit=1)
    store.deliveries.settle(taken.id, taken.attempt, DONE, now=NOW)
    backlog = store.backlog()
    assert (backlog.counts, backlog.owed) == ({"accepted": 2, "done": 1}, 2)
    assert (backlog.oldest, backlog.newest) == (NOW, NOW)


def test_a_slot_is_held_by_one_at_a_time(store: Store, url: str) -> None:
    other = Store.open(url)
    mine, theirs = store.slot("a"), other.slot("a")
    assert mine.hold()
    assert mine.hold()
    assert not theirs.hold()
    mine.release()
    assert theirs.hold()
    theirs.release()
    other.close()


# Claimed by whoever waits for the end


def claim(store: Store, key: str = "1", *, now: datetime = NOW) -> Taken | None:
    return store.deliveries.claim(delivery(key, ticket="t"), now=now, lease=LEASE)


def test_a_claimed_delivery_is_kept_and_in_hand_at_once(store: Store) -> None:
    taken = claim(store)
    assert taken
    assert taken.attempt == 1
    assert store.deliveries.current(taken.id, 1) is not None
    assert take(store) == []


def test_of_eight_that_claim_one_event_at_once_one_has_it(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        claimed = [each for each in pool.map(lambda _: claim(store), range(8)) if each]
    assert len(claimed) == 1


def test_a_ticket_that_is_worked_cannot_be_claimed_by_another_event_of_it(store: Store) -> None:
    store.accept(delivery("other", ticket="t"))
    take_one(store)
    assert claim(store) is None
    assert claim(store, now=NOW + LEASE)


def test_what_waits_for_another_try_can_be_claimed_before_its_time(store: Store) -> None:
    first = claim(store)
    assert first
    store.deliveries.settle(first.id, 1, DOWN, now=NOW)
    second = claim(store)
    assert second
    assert (second.id, second.attempt) == (first.id, 2)


def test_an_event_that_is_sent_again_after_its_end_is_a_new_delivery(store: Store) -> None:
    ids = set()
    for _ in range(3):
        taken = claim(store)
        assert taken
        store.deliveries.settle(taken.id, taken.attempt, DONE, now=NOW)
        ids.add(taken.id)
    assert len(ids) == 3
    assert claim(store, now=NOW + SECOND)


def test_what_was_given_up_is_taken_up_when_its_event_is_sent_again(store: Store) -> None:
    first = claim(store)
    assert first
    refused = Outcome(ending="refused")
    store.deliveries.settle(first.id, first.attempt, refused, now=NOW)
    again = claim(store)
    assert again
    assert (again.id, again.attempt) == (first.id, 2)
    store.deliveries.settle(again.id, again.attempt, DONE, now=NOW)
    assert store.troubles() == ()


def test_an_event_that_comes_after_the_sweep_found_its_ticket_is_no_lost_one(store: Store) -> None:
    store.accept(replace(delivery("1", ticket="t"), origin="sweep"))
    assert store.tally().deliveries
    claim(store)
    assert {origin for _, origin, _ in store.tally().deliveries} == {"webhook"}


def test_an_answer_says_nothing_of_whether_the_desk_can_be_called(store: Store) -> None:
    store.accept(delivery("other"))
    settle(store, DOWN, now=NOW)
    taken = claim(store)
    assert taken
    store.deliveries.settle(taken.id, taken.attempt, DONE, now=NOW)
    store.accept(delivery("third"))
    assert take(store) == [], "the desk still rests"


def test_a_claim_whose_process_died_is_due_when_its_lease_ends(store: Store) -> None:
    claim(store)
    assert take(store, now=NOW + LEASE - SECOND) == []
    assert take_one(store, now=NOW + LEASE).attempt == 2


def test_an_unfit_event_is_not_claimed(store: Store) -> None:
    with pytest.raises(MalformedError):
        claim(store, "\0")
    assert store.backlog().owed == 0
