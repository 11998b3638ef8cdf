"""What the ledger keeps, in what order, and what it does when something breaks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from tests.postgresql import running_server
from tests.store.examples import NOW, delivery, take, take_one
from tests.store.signing import seal

from support_policy.core.permission import record
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Phase
from support_policy.core.permission.record import GENESIS, Appending
from support_policy.core.ticket import TicketRef
from support_policy.store.chain import BRIEFLY
from support_policy.store.database import StoreUnavailableError
from support_policy.store.ledger import EraseRefusedError, Ledger
from support_policy.store.store import Store
from support_policy.store.tables import evidence_personal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REF = TicketRef(desk="desk", id="7")
OTHER = TicketRef(desk="desk", id="8")
REQUESTED = Event(
    kind=Kind.REQUESTED,
    at=NOW,
    ticket=REF,
    request="PH-AAAAAAAA",
    facts={
        "reason": "outside",
        "blocks": 2,
        "rate": "85.00",
        "currency": "CAD",
        "block_minutes": 60,
        "deadline": (NOW + timedelta(hours=72)).isoformat(),
        "language": "fr",
        "policy_version": "2013-06-27",
        "more": False,
    },
    personal={"work": "Réparer le thème \N{SNOWMAN}\0\ud800", "addressee": "eve@example.com"},
    brief={"address": "203.0.113.7"},
)
ACCEPTED = replace(
    REQUESTED,
    kind=Kind.ACCEPTED,
    at=NOW + timedelta(hours=1),
    facts={"blocks": 1},
    personal={"name": "Ève Roy"},
    brief={},
)


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return store.ledger(seal)


def adding(*events: Event, **rest: object) -> Callable[[tuple[Event, ...]], Appending]:
    return lambda _: Appending(events=events, **rest)  # type: ignore[arg-type]


def chain(ledger: Ledger) -> list[record.Record]:
    """Every record there is, after it was seen that they are one chain."""
    last, digest = ledger.head()
    found = [record.read(line) for line in ledger.lines(1, last)]
    assert [each.seq for each in found] == list(range(1, last + 1))
    before = [GENESIS, *(each.digest for each in found)]
    assert [each.previous for each in found] == before[:-1]
    assert before[-1] == digest
    return found


def test_what_is_added_comes_back_as_it_was(ledger: Ledger) -> None:
    assert ledger.act(REF, adding(REQUESTED), now=NOW) == (REQUESTED,)
    assert ledger.act(REF, adding(ACCEPTED), now=NOW) == (ACCEPTED,)
    assert ledger.history(REF) == (REQUESTED, ACCEPTED)
    assert ledger.history(OTHER) == ()


def test_a_decision_sees_what_happened_before(ledger: Ledger) -> None:
    seen: list[tuple[Event, ...]] = []

    def decide(history: tuple[Event, ...]) -> Appending:
        seen.append(history)
        return Appending(events=(REQUESTED,) if not history else ())

    ledger.act(REF, decide, now=NOW)
    ledger.act(REF, decide, now=NOW)
    assert seen == [(), (REQUESTED,)]
    assert ledger.history(REF) == (REQUESTED,)


def test_records_of_all_tickets_are_one_signed_chain(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED), now=NOW)
    ledger.act(OTHER, adding(replace(REQUESTED, ticket=OTHER)), now=NOW)
    ledger.act(REF, adding(ACCEPTED, replace(ACCEPTED, kind=Kind.POSTED)), now=NOW)
    found = chain(ledger)
    assert [str(each.event.ticket) for each in found] == ["desk:7", "desk:8", "desk:7", "desk:7"]
    assert all(each.signature == seal(each.payload) for each in found)


def test_a_record_holds_no_personal_value_but_what_proves_it(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED), now=NOW)
    (line,) = ledger.lines(1, 1)
    assert not any(word in line for word in ("eve@", "203.0", "Réparer", "R\\u00e9parer"))
    kept = {each.name: each for each in ledger.kept(1, 1)}
    assert {name: record.salted(each.salt, each.value) for name, each in kept.items()} == dict(
        record.read(line).digests
    )
    assert {name for name, each in kept.items() if each.brief} == {"address"}


def test_equal_values_have_unequal_digests(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED, REQUESTED), now=NOW)
    first, second = chain(ledger)
    assert set(first.digests.values()).isdisjoint(second.digests.values())


def test_a_decision_that_raises_leaves_everything_as_it_was(ledger: Ledger, store: Store) -> None:
    ledger.act(REF, adding(REQUESTED, silent=True, open=True), now=NOW)
    before = (ledger.head(), ledger.history(REF), ledger.open_tickets("desk"))

    def decide(_: tuple[Event, ...]) -> Appending:
        raise LookupError("changed")

    with pytest.raises(LookupError, match="changed"):
        ledger.act(REF, decide, now=NOW)
    assert (ledger.head(), ledger.history(REF), ledger.open_tickets("desk")) == before
    assert store.backlog().counts == {}
    ledger.act(REF, adding(ACCEPTED), now=NOW)
    assert len(chain(ledger)) == 2


def test_a_signature_that_cannot_be_made_leaves_everything_as_it_was(store: Store) -> None:
    made: list[bytes] = []

    def breaking(payload: bytes) -> str:
        made.append(payload)
        if len(made) == 2:
            raise OSError("the key is gone")
        return seal(payload)

    with pytest.raises(OSError, match="gone"):
        store.ledger(breaking).act(REF, adding(REQUESTED, ACCEPTED), now=NOW)
    assert len(made) == 2
    assert store.ledger(seal).head() == (0, GENESIS)
    assert store.ledger(seal).history(REF) == ()
    assert store.backlog().counts == {}


def test_an_event_of_another_ticket_is_not_added(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="another ticket"):
        ledger.act(OTHER, adding(REQUESTED), now=NOW)
    assert ledger.head() == (0, GENESIS)


def test_the_news_is_kept_with_the_record_as_a_delivery(ledger: Ledger, store: Store) -> None:
    woken: list[None] = []
    store.listen(lambda: woken.append(None))
    ledger.act(REF, adding(REQUESTED, ACCEPTED), now=NOW)
    taken = take_one(store)
    assert taken.ref == REF
    assert (taken.delivery.topic, taken.delivery.key) == ("permission", "acted:2")
    assert woken == [None]


@pytest.mark.parametrize("appending", [Appending(), Appending(events=(REQUESTED,), silent=True)])
def test_nothing_new_or_silence_brings_no_delivery(
    ledger: Ledger, store: Store, appending: Appending
) -> None:
    ledger.act(REF, lambda _: appending, now=NOW)
    assert take(store) == []


def test_a_delivery_keeps_its_topic(store: Store) -> None:
    store.accept(replace(delivery("asked:1"), topic="permission"))
    store.accept(delivery("opened:2"))
    assert {each.delivery.key: each.delivery.topic for each in take(store)} == {
        "asked:1": "permission",
        "opened:2": "ticket",
    }


def test_a_link_is_found_by_its_digest_and_its_kind(ledger: Ledger) -> None:
    token = sha256(b"token").hexdigest()
    links = (("customer", token, "PH-AAAAAAAA"),)
    ledger.act(REF, adding(REQUESTED, links=links), now=NOW)
    assert ledger.find(token, "customer") == (REF, "PH-AAAAAAAA")
    assert ledger.find(token, "staff") is None
    assert ledger.find(sha256(b"other").hexdigest(), "customer") is None


def test_a_ticket_is_due_from_the_time_that_was_last_written(ledger: Ledger) -> None:
    later = NOW + timedelta(hours=2)
    ledger.act(REF, adding(REQUESTED, next_at=later, open=True), now=NOW)
    ledger.act(OTHER, adding(next_at=NOW, judged=("m",)), now=NOW)
    assert ledger.due(later - timedelta(seconds=1)) == ((OTHER, NOW),)
    assert ledger.due(later) == ((OTHER, NOW), (REF, later))
    assert ledger.due(later, limit=1) == ((OTHER, NOW),)
    assert ledger.open_tickets("desk") == (REF,)
    ledger.act(REF, adding(), now=NOW)
    assert ledger.due(later) == ((OTHER, NOW), (REF, later))
    ledger.act(REF, adding(ACCEPTED), now=NOW)
    assert ledger.due(later) == ((OTHER, NOW),)
    assert ledger.open_tickets("desk") == ()


def test_what_stays_due_does_not_stand_in_the_way_of_the_rest(ledger: Ledger) -> None:
    """Nothing comes of some looks: of a desk that is gone, of a ticket that was deleted."""
    refs = [TicketRef(desk=desk, id=str(n)) for desk in ("desk", "gone") for n in range(4)]
    for number, ref in enumerate(refs):
        at = NOW + timedelta(microseconds=number % 2)
        ledger.act(ref, adding(judged=("m",), next_at=at, open=True), now=NOW)
    later, pages, after = NOW + timedelta(hours=1), [], None
    for count in (3, 3, 2):
        pages.append(ledger.due(later, after=after, limit=3))
        after = pages[-1][-1]
        assert len(pages[-1]) == count

    assert ledger.due(later, after=after, limit=3) == ()
    assert [due for page in pages for due in page] == list(ledger.due(later))
    mine = ledger.due(later, desks=("desk",), limit=4)
    assert [ref.desk for ref, _ in mine] == ["desk"] * 4
    assert ledger.due(later, desks=("desk",), after=mine[-1]) == ()
    assert ledger.due(later, desks=()) == ()


def test_a_message_is_judged_once_and_for_its_ticket_alone(ledger: Ledger) -> None:
    ledger.act(REF, adding(judged=("m1", "m2")), now=NOW)
    ledger.act(REF, adding(judged=("m2", "m3")), now=NOW)
    assert ledger.judged(REF) == {"m1", "m2", "m3"}
    assert ledger.judged(OTHER) == frozenset()


def test_brief_values_are_forgotten_when_their_time_is_over(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED), now=NOW)
    assert ledger.forget(NOW + BRIEFLY - timedelta(seconds=1)) == 0
    assert ledger.forget(NOW + BRIEFLY) == 1
    assert ledger.history(REF) == (replace(REQUESTED, brief={}),)


def test_erasing_leaves_the_chain_and_the_story(ledger: Ledger, store: Store) -> None:
    ledger.act(REF, adding(REQUESTED, ACCEPTED, next_at=NOW, silent=True), now=NOW)
    other = replace(REQUESTED, ticket=OTHER)
    ledger.act(OTHER, adding(other, silent=True), now=NOW)
    assert ledger.erase(REF, now=NOW) == 4
    assert ledger.erase(REF, now=NOW) == 0
    *_, erased = chain(ledger)
    assert erased.event.kind is Kind.ERASED
    assert erased.event.facts == {"values": "1: address, addressee, work; 2: name"}
    assert [event.personal for event in ledger.history(REF)] == [{}, {}, {}]
    assert ledger.history(OTHER) == (other,)
    (job,) = jobs(ledger.history(REF))
    assert (job.phase(NOW), job.permitted_blocks) == (Phase.TO_CONFIRM, 1)
    assert ledger.due(NOW) == ((REF, NOW),)
    assert take(store) == []
    with store.database.reading() as connection:
        salts = connection.scalars(sa.select(evidence_personal.c.seq)).all()
    assert set(salts) == {3}


def on_disk(folder: Path) -> bytes:
    """Every byte of the database and its journals."""
    return b"".join(each.read_bytes() for each in folder.glob("store.db*"))


@pytest.mark.parametrize("how", ["erased", "forgotten"])
def test_what_is_deleted_is_in_no_file_while_the_store_is_in_use(tmp_path: Path, how: str) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    ledger = store.ledger(seal)
    long = replace(REQUESTED, personal={"work": "Zebra" * 3000, "name": "Nadia Tremblay"})
    ledger.act(REF, adding(long), now=NOW)
    words = [b"203.0.113.7"] if how == "forgotten" else [b"203.0.113.7", b"Nadia", b"Zebra"]
    assert all(word in on_disk(tmp_path) for word in words)
    if how == "erased":
        ledger.erase(REF, now=NOW)
    else:
        ledger.forget(NOW + BRIEFLY)

    assert [word for word in words if word in on_disk(tmp_path)] == []
    store.close()


def test_erasing_does_not_wait_for_whoever_goes_on_reading(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    ledger = store.ledger(seal)
    ledger.act(REF, adding(REQUESTED), now=NOW)
    with store.database.engine.connect() as reader:
        assert reader.scalar(sa.select(sa.func.count()).select_from(evidence_personal)) == 3
        began = monotonic()
        assert ledger.erase(REF, now=NOW) == 3
        assert monotonic() - began < 5
    assert ledger.history(REF)[0].personal == {}
    store.close()


def test_a_ledger_is_empty_until_the_first_record(ledger: Ledger) -> None:
    assert ledger.is_empty
    ledger.act(REF, adding(judged=("m",)), now=NOW)
    assert ledger.is_empty
    ledger.act(REF, adding(REQUESTED), now=NOW)
    assert not ledger.is_empty


def test_a_request_that_waits_for_its_answer_is_not_erased(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED, open=True), now=NOW)
    with pytest.raises(EraseRefusedError, match="waits for its answer"):
        ledger.erase(REF, now=NOW)
    assert ledger.history(REF) == (REQUESTED,)


def test_the_tickets_that_name_an_address_are_found(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED), now=NOW)
    within = replace(REQUESTED, ticket=OTHER, personal={"text": "Écrit à <Eve@Example.com>."})
    ledger.act(OTHER, adding(within), now=NOW)
    assert ledger.naming("EVE@example.com ") == (REF, OTHER)
    assert ledger.naming("ve@example.com") == ()
    assert ledger.naming("eve@example.co") == ()
    assert ledger.naming("eve@example.com.au") == ()


def test_a_span_begins_where_the_story_of_its_tickets_begins(ledger: Ledger) -> None:
    hours = [timedelta(hours=number) for number in range(5)]
    for at, ref in zip(hours, (OTHER, REF, OTHER, REF, OTHER), strict=True):
        ledger.act(ref, adding(replace(REQUESTED, ticket=ref, at=NOW + at)), now=NOW)
    assert ledger.span(None, None) == (1, 5)
    assert ledger.span(NOW + hours[3], NOW + hours[4]) == (1, 4)  # 3 stands between, 1 begins it
    assert ledger.span(NOW + hours[1], NOW + hours[2]) == (2, 2)
    assert ledger.span(NOW + hours[4], None) == (1, 5)
    assert ledger.span(None, NOW + hours[2]) == (1, 2)
    assert ledger.span(NOW + timedelta(days=1), None) == (1, 0)


def test_two_processes_that_add_at_once_make_one_chain(ledger: Ledger, url: str) -> None:
    count = 15
    command = [sys.executable, HERE / "appending.py", url]
    running = [
        subprocess.Popen(
            [*command, name, ticket, str(count)], env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        for name, ticket in (("a", "7"), ("b", "7"), ("c", "8"))
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    found = chain(ledger)
    assert len(found) == 6 * count
    # Each decided on what was there, the other's included: nobody saw the same history twice.
    seen = [each.event.facts["seen"] for each in found if each.event.ticket == REF]
    assert seen == sorted([*range(0, 4 * count, 2)] * 2)


def test_threads_that_answer_at_once_are_one_answer(ledger: Ledger) -> None:
    ledger.act(REF, adding(REQUESTED), now=NOW)
    together, added = threading.Barrier(8), []

    def answer() -> None:
        together.wait()
        added.extend(
            ledger.act(
                REF,
                lambda history: Appending(events=(ACCEPTED,) if len(history) == 1 else ()),
                now=NOW,
            )
        )

    threads = [threading.Thread(target=answer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert added == [ACCEPTED]
    assert len(chain(ledger)) == 2


def test_a_database_that_is_lost_while_adding_keeps_all_or_nothing() -> None:
    with running_server() as server:
        url = server.new_database()
        store = Store.open(url)
        store.migrate()
        ledger = store.ledger(seal)
        ledger.act(REF, adding(REQUESTED), now=NOW)

        def cut(payload: bytes) -> str:
            other = Store.open(url)
            with other.database.reading() as connection:
                mine = sa.func.pg_backend_pid()
                pids = sa.text(
                    "select pid from pg_stat_activity where datname = current_database()"
                )
                for pid in connection.scalars(pids).all():
                    if pid != connection.scalar(sa.select(mine)):
                        connection.execute(sa.select(sa.func.pg_terminate_backend(pid)))
            other.close()
            return seal(payload)

        with pytest.raises(StoreUnavailableError):
            store.ledger(cut).act(REF, adding(ACCEPTED), now=NOW)
        assert ledger.history(REF) == (REQUESTED,)
        ledger.act(REF, adding(ACCEPTED), now=NOW)
        assert len(chain(ledger)) == 2
        store.close()
