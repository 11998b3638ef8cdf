"""The straight line on a real store: from a kept delivery to written fields, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.small_policy import a_ticket, at, said, small_policy

from support_policy.accounts import AccountFile, Accounts, NoAccounts
from support_policy.core.facts import Facts
from support_policy.core.policy import Policy
from support_policy.core.ticket import (
    Author,
    Field,
    Priority,
    Requester,
    Standing,
    Ticket,
    TicketRef,
)
from support_policy.core.update import CLAMPED_TAG, Update
from support_policy.errors import (
    BusyError,
    ConflictError,
    GoneError,
    RateLimitedError,
    UnavailableError,
)
from support_policy.helpdesk import Delivery, Page
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk
from support_policy.pipeline import Desk, Pipeline
from support_policy.settings import Mode
from support_policy.store.deliveries import Taken
from support_policy.store.store import Store
from support_policy.sweep import Sweeper, backfill, begin, sweep

REF = TicketRef(desk="memory", id="1")
OPENED = at("2026-11-23T10:00:00")
DUE = at("2026-11-23T14:00:00")
VOCABULARY = {"site is down": "website.offline", "wordpress": "product.wordpress"}


class Words:
    """A reader of two phrases."""

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(VOCABULARY.values())

    def read(self, *, subject: str, body: str, language: str | None = None) -> Facts:
        text = f"{subject}\n{body}".lower()
        found = [fact for phrase, fact in VOCABULARY.items() if phrase in text]
        return said(*found, language="fr" if language == "fr" else "en")


@dataclass
class Crash:
    """Dies at its place the first time it comes by."""

    left: int = 1

    def __call__(self) -> None:
        if self.left:
            self.left -= 1
            raise KeyboardInterrupt


@dataclass
class Line:
    """One desk, one store, and a pipeline between them."""

    pipeline: Pipeline
    desk: MemoryDesk
    store: Store
    policy: Policy

    def accept(self, key: str = "opened:1", number: str = "1") -> Taken:
        delivery = Delivery(desk="memory", key=key, ticket_id=number, received_at=OPENED)
        self.store.accept(delivery)
        return self.take()

    def take(self) -> Taken:
        """What is due now, however long an earlier attempt has had it."""
        now = OPENED + timedelta(hours=1)
        [taken] = self.store.deliveries.take(5, slot="test", now=now, lease=timedelta(minutes=-59))
        return taken

    def work(self, key: str = "opened:1", number: str = "1") -> None:
        self.pipeline.work(self.accept(key, number))

    def with_pipeline(self, **changes: object) -> Line:
        return replace(self, pipeline=replace(self.pipeline, **changes))  # type: ignore[arg-type]

    def in_mode(self, mode: Mode) -> Line:
        desk = Desk(helpdesk=self.desk, mode=mode, language="en")
        return self.with_pipeline(desks={"memory": desk})

    @property
    def ticket(self) -> Ticket:
        return self.desk.tickets["1"]


def ticking() -> Iterator[datetime]:
    now = OPENED
    while True:
        now += timedelta(seconds=1)
        yield now.astimezone(UTC)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return small_policy(tmp_path_factory.mktemp("policy"))


@pytest.fixture
def line(tmp_path: Path, policy: Policy) -> Iterator[Line]:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    desk = MemoryDesk(name="memory", codec=MemoryCodec(desk="memory", tokens=("t",)))
    desk.tickets["1"] = a_ticket(ref=REF, received_at=OPENED)
    moments = ticking()
    now: Callable[[], datetime] = lambda: next(moments)  # noqa: E731
    pipeline = Pipeline(
        policy=policy,
        reader=Words(),
        accounts=NoAccounts(),
        desks={"memory": Desk(helpdesk=desk, mode=Mode.ENFORCE, language="en")},
        store=store,
        now=now,
    )
    yield Line(pipeline=pipeline, desk=desk, store=store, policy=policy)
    store.close()


# The straight line


def test_a_ticket_is_read_decided_written_and_recorded(line: Line) -> None:
    line.work()
    assert (line.ticket.priority, line.ticket.due_at) == (Priority.NORMAL, DUE)
    assert line.ticket.tags == ("policy_medium",)
    assert dict(line.ticket.fields)["class"] == "medium.website_offline"
    [note] = line.desk.notes["1"]
    assert "not guaranteed" in note
    record = line.store.decisions.newest(REF)
    assert record is not None
    assert record["decision"]["category"] == "medium.website_offline"
    assert record["decision"]["version"] == "1"
    assert line.store.backlog().counts == {"done": 1}
    assert dict(line.store.written(REF)) == {
        Field.PRIORITY: "normal",
        Field.DUE_AT: str(int(DUE.timestamp())),
    }


def test_one_ticket_is_one_write(line: Line) -> None:
    line.work()
    assert len(line.desk.writes) == 1


def test_the_note_is_in_the_language_agents_read(line: Line) -> None:
    french = Desk(helpdesk=line.desk, mode=Mode.ENFORCE, language="fr")
    line.with_pipeline(desks={"memory": french}).work()
    assert "non garanti" in line.desk.notes["1"][0]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\x00",
        "x" * 20_000,
        "😀" * 500,
        "<html><body>My site is down</body></html>",
        "Mon site est tombé, my site is down",
        "\ud800",
    ],
    ids=["empty", "nul", "20-kB", "emoji", "html", "mixed", "surrogate"],
)
def test_any_body_gets_a_decision(line: Line, body: str) -> None:
    line.desk.tickets["1"] = replace(line.ticket, body=body)
    line.work()
    assert line.ticket.priority in (Priority.LOW, Priority.NORMAL)
    assert line.store.backlog().counts == {"done": 1}


# Again


def test_the_same_event_again_writes_nothing(line: Line) -> None:
    line.work()
    before = line.ticket
    again = Delivery(desk="memory", key="opened:1", ticket_id="1", received_at=OPENED)
    assert line.store.accept(again) is False
    assert line.store.deliveries.take(5, slot="t", now=OPENED, lease=timedelta(hours=1)) == ()
    assert line.ticket == before
    assert len(line.desk.writes) == 1


def test_another_event_about_a_ticket_in_order_writes_nothing(line: Line) -> None:
    line.work()
    line.work(key="our-own-update:1")
    assert len(line.desk.writes) == 1
    assert len(line.desk.notes["1"]) == 1
    assert line.store.backlog().counts == {"done": 2}


def die_before_the_record(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt dies between its write and its record."""
    crash, record = Crash(), line.store.record

    def dying(*arguments: object, **named: object) -> bool:
        crash()
        return record(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(line.store, "record", dying)


def test_a_crash_after_the_write_and_before_the_record_leaves_one_note(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_before_the_record(line, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        line.work()
    assert line.store.decisions.newest(REF) is None
    line.pipeline.work(line.take())
    assert len(line.desk.writes) == 1
    assert len(line.desk.notes["1"]) == 1
    assert line.store.decisions.newest(REF) is not None
    assert dict(line.store.written(REF))[Field.PRIORITY] == "normal", "the value is ours"


def test_what_a_person_sets_between_our_write_and_our_record_stays_theirs(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_before_the_record(line, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        line.work()
    line.desk.tickets["1"] = replace(line.ticket, priority=Priority.URGENT)
    line.pipeline.work(line.take())
    assert line.ticket.priority is Priority.URGENT
    assert "set_by_staff" in line.ticket.tags


def test_an_attempt_that_was_overtaken_writes_nothing(line: Line) -> None:
    early = line.accept()
    late = line.take()
    line.pipeline.work(late)
    before = line.ticket
    line.desk.tickets["1"] = replace(before, priority=Priority.URGENT)
    with pytest.raises(BusyError):
        line.pipeline.work(early)
    assert line.ticket.priority is Priority.URGENT
    assert len(line.desk.notes["1"]) == 1


def test_a_ticket_closed_after_our_write_is_put_on_record_and_not_written(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_before_the_record(line, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        line.work()
    line.desk.tickets["1"] = replace(line.ticket, closed=True)
    line.pipeline.work(line.take())
    assert len(line.desk.writes) == 1
    assert line.store.decisions.newest(REF) is not None


def test_a_crash_in_the_middle_of_a_second_decision_leaves_its_values_ours(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.work()
    line.desk.tickets["1"] = replace(line.ticket, body="My WordPress is slow.")
    die_before_the_record(line, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        line.work(key="changed:1")
    line.pipeline.work(line.take())
    assert line.ticket.priority is Priority.LOW
    assert "set_by_staff" not in line.ticket.tags
    assert len(line.desk.notes["1"]) == 2, "one for each decision"


def test_a_crash_before_the_write_is_made_good(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = Crash()
    write = line.desk.write

    def dying(ticket: Ticket, update: object) -> tuple[str, ...]:
        crash()
        return write(ticket, update)  # type: ignore[arg-type]

    monkeypatch.setattr(MemoryDesk, "write", lambda _self, ticket, update: dying(ticket, update))
    with pytest.raises(KeyboardInterrupt):
        line.work()
    assert line.ticket.priority is None
    line.pipeline.work(line.take())
    assert line.ticket.priority is Priority.NORMAL
    assert len(line.desk.notes["1"]) == 1


def test_of_two_attempts_at_once_only_the_later_is_recorded(line: Line) -> None:
    early = line.accept()
    late = line.take()
    line.pipeline.work(late)
    record = line.store.decisions.newest(REF)
    with pytest.raises(BusyError):
        line.pipeline.work(early)
    assert line.store.decisions.newest(REF) == record
    assert len(line.desk.writes) == 1
    assert line.store.backlog().counts == {"done": 1}


# People


def test_what_staff_set_is_left(line: Line) -> None:
    line.desk.tickets["1"] = replace(
        line.ticket, priority=Priority.URGENT, set_by_staff=frozenset({Field.PRIORITY})
    )
    line.work()
    assert line.ticket.priority is Priority.URGENT
    assert line.ticket.due_at == DUE
    assert "set_by_staff" in line.ticket.tags
    assert "staff member" in line.desk.notes["1"][0]
    line.work(key="later:1")
    assert len(line.desk.writes) == 1


def test_what_somebody_changes_after_we_wrote_is_left_though_the_desk_cannot_tell_who(
    line: Line,
) -> None:
    line.work()
    line.desk.tickets["1"] = replace(line.ticket, priority=Priority.HIGH, due_at=None)
    line.work(key="later:1")
    assert (line.ticket.priority, line.ticket.due_at) == (Priority.HIGH, None)
    assert "set_by_staff" in line.ticket.tags


def test_a_value_that_was_left_to_people_stays_theirs_in_every_later_look(line: Line) -> None:
    line.work()
    line.desk.tickets["1"] = replace(line.ticket, priority=Priority.HIGH)
    for look in range(3):
        line.work(key=f"look:{look}")
        assert line.ticket.priority is Priority.HIGH
    assert len(line.desk.notes["1"]) == 2, "one note for the decision, one that it was left"


# Observing


def test_observing_writes_nothing_and_records_everything(line: Line) -> None:
    before = line.ticket
    line.in_mode(Mode.OBSERVE).work()
    assert line.ticket == before
    assert line.desk.writes == []
    assert line.desk.notes == {}
    record = line.store.decisions.newest(REF)
    assert record is not None
    assert record["update"]["priority"] == "normal", "what would have been written"
    assert line.store.backlog().counts == {"done": 1}


def test_what_was_only_observed_is_not_taken_for_written(line: Line) -> None:
    line.in_mode(Mode.OBSERVE).work()
    assert dict(line.store.written(REF)) == {}
    line.work(key="later:1")
    assert line.ticket.priority is Priority.NORMAL


# What cannot be worked


def test_a_closed_ticket_is_passed_over_and_left_as_it_is(line: Line) -> None:
    line.desk.tickets["1"] = replace(line.ticket, closed=True)
    line.work()
    assert line.desk.writes == []
    assert line.store.decisions.newest(REF) is None


def test_a_ticket_that_is_gone_is_gone(line: Line) -> None:
    with pytest.raises(GoneError):
        line.work(key="opened:2", number="2")
    assert line.desk.writes == []


def test_a_desk_that_this_process_does_not_know_is_left_to_one_that_does(line: Line) -> None:
    with pytest.raises(UnavailableError, match="settings"):
        line.with_pipeline(desks={}).work()


def test_a_ticket_from_before_the_policy_is_passed_over(line: Line) -> None:
    early = line.policy.effective_from - timedelta(seconds=1)
    line.desk.tickets["1"] = replace(line.ticket, received_at=early)
    line.work()
    assert line.desk.writes == []
    line.desk.tickets["1"] = replace(line.ticket, received_at=line.policy.effective_from)
    line.pipeline.work(line.take())
    assert line.ticket.priority is Priority.NORMAL


@pytest.mark.parametrize(
    "failing", [UnavailableError("down"), RateLimitedError("patience", after=7.0)]
)
def test_a_desk_that_is_down_loses_nothing(line: Line, failing: UnavailableError) -> None:
    line.desk.failing = failing
    with pytest.raises(type(failing)):
        line.work()
    assert line.store.decisions.newest(REF) is None
    line.desk.failing = None
    line.pipeline.work(line.take())
    assert line.ticket.priority is Priority.NORMAL


# Who asks


@pytest.mark.parametrize(
    ("text", "held"),
    [("jo@shop.example,shop,\n", False), ("al@shop.example,shop,\n", True)],
)
def test_the_list_of_accounts_decides_who_is_held(
    line: Line, tmp_path: Path, text: str, *, held: bool
) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("address,account,reseller\n" + text, encoding="utf-8")
    requester = Requester(address="jo@shop.example")
    line.desk.tickets["1"] = replace(line.ticket, requester=requester)
    line.with_pipeline(accounts=AccountFile(accounts)).work()
    assert ("unregistered_sender" in line.ticket.tags) is held
    assert (line.ticket.priority is None) is held


def test_a_list_that_is_down_holds_nobody(line: Line, tmp_path: Path) -> None:
    requester = Requester(address="jo@shop.example")
    line.desk.tickets["1"] = replace(line.ticket, requester=requester)
    line.with_pipeline(accounts=AccountFile(tmp_path / "none.csv")).work()
    assert line.ticket.priority is Priority.NORMAL


def test_a_colleague_who_opened_the_ticket_vouches_for_the_sender(line: Line) -> None:
    class Nobody:
        def standing(self, requester: Requester) -> Standing:
            del requester
            return Standing.UNREGISTERED

    accounts: Accounts = Nobody()
    line.desk.tickets["1"] = replace(line.ticket, opened_by=Author.STAFF)
    line.with_pipeline(accounts=accounts).work()
    assert line.ticket.priority is Priority.NORMAL


# Somebody was there between our reading and our writing


@dataclass(slots=True, kw_only=True)
class ContestedDesk(MemoryDesk):
    """A desk on which somebody changes the ticket just before our first writes."""

    contests: int = 1
    looks: int = 0

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        self.looks += 1
        return MemoryDesk.read(self, ref, hint=hint)

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        if self.contests:
            self.contests -= 1
            theirs = {"priority": Priority.URGENT, "set_by_staff": frozenset({Field.PRIORITY})}
            self.tickets[ticket.ref.id] = replace(self.tickets[ticket.ref.id], **theirs)
            raise ConflictError("changed since")
        return MemoryDesk.write(self, ticket, update)


def contested(line: Line, contests: int) -> tuple[Line, ContestedDesk]:
    desk = ContestedDesk(name="memory", codec=line.desk.codec, contests=contests)
    desk.tickets = line.desk.tickets
    enforced = Desk(helpdesk=desk, mode=Mode.ENFORCE, language="en")
    return line.with_pipeline(desks={"memory": enforced}), desk


def test_what_a_person_set_before_our_write_is_heard_and_kept(line: Line) -> None:
    line, desk = contested(line, 1)
    line.work()
    assert desk.tickets["1"].priority is Priority.URGENT
    assert "set_by_staff" in desk.tickets["1"].tags
    assert len(desk.writes) == 1
    record = line.store.decisions.newest(REF)
    assert record is not None
    assert record["update"]["kept"] == ["priority"]


def test_a_ticket_that_changes_again_and_again_is_looked_at_three_times_and_then_waits(
    line: Line,
) -> None:
    line, desk = contested(line, 9)
    with pytest.raises(ConflictError):
        line.work()
    assert desk.looks == 3
    assert desk.writes == []


# What the desk did not keep, and what was left out


def test_what_the_desk_did_not_keep_stands_in_the_record(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryDesk, "write", lambda *_: ("priority", "class"))
    line.work()
    [record] = line.store.decisions.recent(5)
    assert record["not_kept"] == ["priority", "class"]
    assert line.store.tally().not_kept == {"memory": 1}


@dataclass(slots=True, kw_only=True)
class BasicDesk(MemoryDesk):
    """A desk that has no such priority as is asked for, and shows its nearest."""

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        ticket = MemoryDesk.read(self, ref, hint=hint)
        return replace(ticket, clamped=ticket.priority is Priority.NORMAL, tells_who=True)

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        MemoryDesk.write(self, ticket, update)
        return ("priority",) if update.priority else ()


def test_a_priority_that_the_desk_lacks_is_recorded_and_tagged_at_once(line: Line) -> None:
    desk = BasicDesk(name="memory", codec=line.desk.codec, tickets=line.desk.tickets)
    line = line.with_pipeline(
        desks={"memory": Desk(helpdesk=desk, mode=Mode.ENFORCE, language="en")}
    )
    line.work()
    assert CLAMPED_TAG in desk.tickets["1"].tags
    assert len(desk.writes) == 2
    line.work("changed:1")
    assert len(desk.writes) == 2, "and the second look finds nothing to change"
    assert [each["not_kept"] for each in line.store.decisions.recent(5)] == [["priority"]] * 2


def test_the_tag_of_a_priority_that_is_lacking_survives_a_crash(line: Line) -> None:
    desk = BasicDesk(name="memory", codec=line.desk.codec, tickets=line.desk.tickets)
    line = line.with_pipeline(
        desks={"memory": Desk(helpdesk=desk, mode=Mode.ENFORCE, language="en")}
    )
    ticket = desk.read(REF)
    decision = line.pipeline.decide(ticket)
    update, _ = line.pipeline.changes(ticket, decision, line.pipeline.desks["memory"])
    desk.write(ticket, update)  # and dies
    line.work()
    assert CLAMPED_TAG in desk.tickets["1"].tags
    [record] = line.store.decisions.recent(5)
    assert record["not_kept"] == ["priority"]


def test_a_desk_without_private_notes_gets_none_and_the_rest_all_the_same(line: Line) -> None:
    quiet = Desk(helpdesk=line.desk, mode=Mode.ENFORCE, language="en", notes=False)
    line.with_pipeline(desks={"memory": quiet}).work()
    assert line.ticket.priority is Priority.NORMAL
    assert line.desk.notes == {}
    [written] = line.desk.writes
    assert written.note is None
    assert not quiet.helpdesk.read(REF).notes


def test_a_ticket_that_is_passed_over_says_why(line: Line) -> None:
    line.desk.tickets["1"] = replace(line.ticket, closed=True)
    assert line.pipeline.work(line.accept()) == "it is closed"


# What a record rests on


def test_two_equal_tickets_rest_on_equal_inputs_and_another_on_others(line: Line) -> None:
    one = line.pipeline.basis(line.ticket)
    assert one == line.pipeline.basis(replace(line.ticket))
    other = line.pipeline.basis(replace(line.ticket, body="other words"))
    assert other.inputs != one.inputs
    assert other.calendar == one.calendar
    assert one.tzdata


# The sweep


def test_a_sweep_finds_the_tickets_whose_webhook_never_came(line: Line) -> None:
    for number in ("2", "3"):
        ref = TicketRef(desk="memory", id=number)
        line.desk.tickets[number] = a_ticket(ref=ref, received_at=OPENED)
    line.work()
    assert sweep(line.desk, line.store, now=OPENED) == 2
    assert sweep(line.desk, line.store, now=OPENED) == 0, "and only once"
    found = line.store.deliveries.take(9, slot="s", now=OPENED, lease=timedelta(hours=1))
    assert sorted(taken.ref.id for taken in found) == ["2", "3"]
    assert {taken.delivery.origin for taken in found} == {"sweep"}


def test_a_webhook_that_comes_after_the_sweep_is_a_repeat(line: Line) -> None:
    assert sweep(line.desk, line.store, now=OPENED) == 1
    late = Delivery(desk="memory", key="opened:1", ticket_id="1", received_at=OPENED)
    assert line.store.accept(late) is False


def test_a_sweep_leaves_closed_tickets_and_looks_at_the_newest_only(line: Line) -> None:
    for number in range(2, 9):
        ref = TicketRef(desk="memory", id=str(number))
        line.desk.tickets[str(number)] = a_ticket(ref=ref, received_at=OPENED, closed=number == 8)
    assert sweep(line.desk, line.store, now=OPENED, newest=3) == 3
    found = line.store.deliveries.take(9, slot="s", now=OPENED, lease=timedelta(hours=1))
    assert sorted(taken.ref.id for taken in found) == ["5", "6", "7"]


def open_many(line: Line, numbers: range, opened: datetime) -> None:
    for number in numbers:
        ref = TicketRef(desk="memory", id=str(number))
        line.desk.tickets[str(number)] = a_ticket(ref=ref, received_at=opened)


def test_a_sweep_finds_all_that_was_lost_since_the_desk_was_first_heard_of(line: Line) -> None:
    line.accept()  # the desk is known from now on
    open_many(line, range(2, 602), OPENED + timedelta(minutes=1))
    assert sweep(line.desk, line.store, now=OPENED + timedelta(hours=1)) == 600


def test_a_first_sweep_leaves_the_past_of_a_desk_alone(line: Line) -> None:
    open_many(line, range(2, 602), OPENED - timedelta(days=1))
    line.accept("opened:601", "601")
    assert sweep(line.desk, line.store, now=OPENED) == 199
    assert sweep(line.desk, line.store, now=OPENED) == 0


def test_a_ticket_that_cannot_be_kept_does_not_hide_the_others_from_a_sweep(line: Line) -> None:
    odd = "x" * 600
    line.desk.tickets[odd] = a_ticket(ref=TicketRef(desk="memory", id=odd), received_at=OPENED)
    open_many(line, range(2, 4), OPENED)
    assert sweep(line.desk, line.store, now=OPENED) == 3


def test_a_sweep_of_a_desk_that_is_down_says_so(line: Line) -> None:
    line.desk.failing = UnavailableError("down")
    with pytest.raises(UnavailableError):
        sweep(line.desk, line.store, now=OPENED)


@dataclass(slots=True, kw_only=True)
class StreamDesk(MemoryDesk):
    """A desk that tells what happened since a cursor, two tickets a page."""

    asked: list[str | None] = field(default_factory=list)
    fails_after: int = 99
    streams: bool = True

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        numbers = sorted(self.tickets, key=int)
        start = int(cursor or 0)
        self.asked.append(cursor)
        for place in range(start, max(len(numbers), start + 1), 2):
            if place >= self.fails_after:
                raise BusyError("the limit", after=7)
            told = [self._told(number, now=now) for number in numbers[place : place + 2]]
            fresh = tuple(each for each in told if each.opened_at and each.opened_at >= since)
            yield Page(deliveries=fresh, cursor=str(min(place + 2, len(numbers))))


def streaming(line: Line, count: int) -> StreamDesk:
    desk = StreamDesk(name="memory", codec=line.desk.codec)
    for number in range(1, count + 1):
        ref = TicketRef(desk="memory", id=str(number))
        desk.tickets[str(number)] = a_ticket(ref=ref, received_at=OPENED)
    return desk


def test_a_sweep_of_a_stream_goes_on_where_the_last_one_ended(line: Line) -> None:
    desk = streaming(line, 5)
    assert sweep(desk, line.store, now=OPENED) == 5
    assert sweep(desk, line.store, now=OPENED) == 0
    assert desk.asked == [None, "5"]


def test_a_sweep_of_a_stream_that_is_cut_short_loses_nothing(line: Line) -> None:
    desk = streaming(line, 6)
    desk.fails_after = 4
    with pytest.raises(BusyError):
        sweep(desk, line.store, now=OPENED)
    assert line.store.backlog().owed == 4, "what came before is kept"
    desk.fails_after = 99
    assert sweep(desk, line.store, now=OPENED) == 2
    assert desk.asked == [None, "4"]


def test_a_sweep_of_a_stream_leaves_what_was_opened_before_the_desk_was_ours(line: Line) -> None:
    desk = streaming(line, 4)
    assert sweep(desk, line.store, now=OPENED + timedelta(days=1)) == 0


def test_a_back_fill_goes_on_where_it_was_cut_short_and_leaves_the_sweeps_alone(
    line: Line,
) -> None:
    desk, later = streaming(line, 6), OPENED + timedelta(days=1)
    assert sweep(desk, line.store, now=later) == 0
    desk.fails_after = 4
    with pytest.raises(BusyError):
        backfill(desk, line.store, since=OPENED, now=later, tell=lambda *_: None)
    desk.fails_after = 99
    assert sweep(desk, line.store, now=later) == 0
    assert backfill(desk, line.store, since=OPENED, now=later, tell=lambda *_: None) == 2
    assert desk.asked == [None, None, "6", "4"]
    origins = {origin for _, origin, _ in line.store.tally().deliveries}
    assert origins == {"backfill"}


def test_the_first_webhook_may_be_one_that_never_comes(line: Line) -> None:
    desk = streaming(line, 3)
    begin("memory", line.store, now=OPENED)
    heard = Delivery(
        desk="memory", key="opened:3", ticket_id="3", received_at=OPENED + timedelta(hours=1)
    )
    line.store.accept(heard)
    assert sweep(desk, line.store, now=OPENED + timedelta(hours=2)) == 2


def test_one_odd_answer_does_not_end_the_sweeps_of_a_running_service(
    line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("support_policy.sweep.EVERY", 0.01)
    went_on = threading.Event()

    class Odd(MemoryDesk):
        def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
            del since, cursor, now
            if self.writes:
                went_on.set()
            self.writes.append(Update(ticket=REF))
            raise ZeroDivisionError("a customer's words")

    odd = Odd(name="odd", codec=line.desk.codec)
    sweeper = Sweeper({"odd": odd}, line.store, now=lambda: OPENED)
    sweeper.start()
    try:
        assert went_on.wait(timeout=20)
    finally:
        sweeper.stop()
    assert "ZeroDivisionError" in caplog.text
    assert "a customer's words" not in caplog.text
