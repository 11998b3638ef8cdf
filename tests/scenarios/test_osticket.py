"""osTicket's stories, from its promises: decided in one round trip, and right in the end."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Response
from tests.osticket_double import API_KEY, OLDER_SECRET, SECRET
from tests.osticket_double.sender import Turn
from tests.scenarios.osticket_rig import CUSTOMER, HIGH, LOW, MEDIUM, OPENED, Rig

from support_policy.errors import UnavailableError

Rigs = Callable[..., Rig]

IN_AN_HOUR = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
IN_FOUR_HOURS = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
LOW_TAGS = {"policy_low", "third_party", "cms_wordpress", "advanced_support_candidate"}
A_DAY_LATER = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class KilledError(Exception):
    """The process is gone."""


@pytest.fixture
def rigs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Rigs]:
    """Makes rigs of this test alone; what they logged and kept is judged in the end."""
    for name in ("support_policy", "support_policy_webhooks"):
        caplog.set_level(logging.DEBUG, logger=name)
    made: list[Rig] = []
    with ExitStack() as stack:

        def make(**how: Any) -> Rig:
            folder = tmp_path / str(len(made))
            folder.mkdir()
            made.append(stack.enter_context(Rig(folder, **how)))
            return made[-1]

        yield make
        for rig in made:
            seen = caplog.text + rig.stored()
            said = (API_KEY, SECRET[6:], OLDER_SECRET[6:], CUSTOMER, HIGH[1][:45], LOW[1][:45])
            assert [each for each in said if each in seen] == []


@pytest.fixture
def rig(rigs: Rigs) -> Rig:
    return rigs()


# One round trip


@pytest.mark.parametrize(
    ("text", "priority", "due", "plan", "tags"),
    [
        (HIGH, "high", IN_AN_HOUR, "high", {"policy_high"}),
        (MEDIUM, "normal", IN_FOUR_HOURS, "medium", {"policy_medium"}),
        (LOW, "low", A_DAY_LATER, "low", LOW_TAGS),
    ],
)
def test_a_created_ticket_is_decided_and_applied_in_one_round_trip(
    rig: Rig, text: Sequence[str], priority: str, due: datetime, plan: str, tags: set[str]
) -> None:
    number = rig.open(text)
    turn = rig.send(number)
    ticket = rig.ticket(number)
    assert turn.delivered
    assert (ticket.priority, ticket.est_duedate, ticket.plan) == (priority, due, plan)
    assert ticket.duedate is None, "which is the people's"
    assert set(ticket.tags) == tags | {"lang_en", "channel_official"}
    assert datetime.fromisoformat(ticket.fields["expected_at"]) == due
    assert ticket.fields["class"].startswith(plan)
    assert len(ticket.notes) == 1
    assert len(ticket.events) == 1, "one line in the ticket's history"
    assert rig.states() == {"done": 1}
    assert rig.decided() == 1
    assert not rig.double.api.seen, "nobody had to call osTicket"


def test_where_nobody_may_call_osticket_a_ticket_is_decided_all_the_same(rigs: Rigs) -> None:
    rig = rigs(api_key=False)
    number = rig.treated()
    assert rig.ticket(number).est_duedate == IN_AN_HOUR
    assert rig.sweep() == 0


def test_the_answer_is_of_the_same_event_and_signed(rig: Rig) -> None:
    number = rig.open()
    request = rig.double.sender.webhook(rig.ticket(number))
    answer = requests.post(
        rig.double.sender.url, data=request.body, headers=request.headers, timeout=10
    )
    answer.close()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["webhook-id"] == rig.ticket(number).event
    assert answer.json()["event"] == rig.ticket(number).event
    assert answer.json()["ticket"] == {"id": rig.ticket(number).id, "number": number}


def test_a_body_as_long_as_it_can_be_is_decided(rig: Rig) -> None:
    """The plugin cuts at 60 000 letters, of four bytes each at most."""
    number = rig.treated(("Site down", "Our web site is down. " + "\U0001f600" * 90_000))
    assert rig.ticket(number).plan == "medium"


def test_markup_is_decided_by_its_words(rig: Rig) -> None:
    marked = f"<p>{LOW[1].replace('WordPress', '<b>WordPress</b>')}</p>"
    number = rig.treated((LOW[0], marked), format="html")
    assert rig.ticket(number).priority == "low"


@pytest.mark.parametrize("source", ["phone", "email", "api", "other", ""])
def test_what_a_guest_forged_on_the_form_changes_nothing(rig: Rig, source: str) -> None:
    """An anonymous request may bring priority, plan and source: none of them is believed.

    A source that osTicket's database does not know is kept as none at all.
    """
    number = rig.treated(
        LOW,
        identity="guest",
        source=source,
        priority="emergency",
        plan="VIP",
        est_duedate=OPENED + timedelta(minutes=5),
    )
    ticket = rig.ticket(number)
    assert (ticket.priority, ticket.due_shown, ticket.plan) == ("low", A_DAY_LATER, "low")
    assert "channel_unofficial" not in ticket.tags


def test_a_ticket_in_french_is_expected_by_the_earlier_of_its_clocks(rig: Rig) -> None:
    french = ("Site en panne", "Bonjour, notre site larch.example est en panne depuis ce matin.")
    number = rig.treated(french, language="fr")
    ticket = rig.ticket(number)
    assert ticket.due_shown == IN_FOUR_HOURS
    assert "lang_fr" in ticket.tags


def test_what_an_agent_chose_when_they_opened_the_ticket_stays(rig: Rig) -> None:
    number = rig.treated(LOW, by="agent", source="phone", priority="emergency")
    ticket = rig.ticket(number)
    assert ticket.priority == "emergency"
    assert "set_by_staff" in ticket.tags


# Sent again


def test_a_resend_after_an_answer_that_was_lost_gets_the_decision_again(rig: Rig) -> None:
    number = rig.open()
    rig.after_decision = lambda: (_ for _ in ()).throw(KilledError)
    assert rig.send(number).error == "HTTP 503"
    assert rig.ticket(number).tags == []
    rig.after_decision = lambda: None
    turn = rig.send(number)
    assert turn.delivered
    assert rig.ticket(number).est_duedate == IN_AN_HOUR
    assert len(rig.ticket(number).notes) == 1


def test_a_resend_of_what_was_applied_changes_nothing(rig: Rig) -> None:
    number = rig.treated()
    before = rig.state(number)
    for _ in range(3):
        turn = rig.send(number)
        assert turn.delivered
        assert turn.answer["update"] is None
    assert rig.state(number) == before


def test_a_plugin_killed_between_the_answer_and_its_applying_loses_nothing(rig: Rig) -> None:
    number = rig.open()

    def die(_: str) -> None:
        raise KilledError

    rig.double.sender.before_apply = die
    with pytest.raises(KilledError):
        rig.send(number)
    assert rig.ticket(number).tags == []
    assert [row.number for row in rig.double.helpdesk.outbox.waiting] == [number]
    rig.double.sender.before_apply = lambda _: None
    [turn] = rig.double.sender.drain() or []
    assert turn.delivered
    assert rig.ticket(number).est_duedate == IN_AN_HOUR
    assert len(rig.ticket(number).notes) == 1


def test_two_sends_at_once_are_one_decision_on_the_ticket(rig: Rig) -> None:
    number = rig.open()
    together = threading.Barrier(2)
    turns: list[Turn] = []

    def send() -> None:
        together.wait(10)
        turns.append(rig.send(number))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(turn.delivered for turn in turns)
    assert {turn.error for turn in turns} <= {"", "HTTP 503"}
    ticket = rig.ticket(number)
    assert (ticket.priority, ticket.est_duedate) == ("high", IN_AN_HOUR)
    assert (len(ticket.notes), len(ticket.events)) == (1, 1)
    assert len(ticket.tags) == len(set(ticket.tags))


def test_two_crons_at_once_are_one(rig: Rig) -> None:
    rig.open()
    meanwhile: list[object] = []
    rig.double.sender.before_apply = lambda _: meanwhile.append(rig.double.sender.drain())
    assert [turn.delivered for turn in rig.double.sender.drain() or []] == [True]
    assert meanwhile == [None]


def test_the_answers_about_a_ticket_are_in_order(rig: Rig) -> None:
    """The answer that arrives late, after a later one was applied, is the older one."""
    number = rig.open()
    late: list[Turn] = []

    def overtake(_: str) -> None:
        rig.double.sender.before_apply = lambda _: None
        rig.later(seconds=1)
        late.append(rig.send(number))

    rig.double.sender.before_apply = overtake
    turn = rig.send(number)
    assert (late[0].applied.ignored, turn.applied.ignored) == ("", "older")
    assert len(rig.ticket(number).notes) == 1


def test_a_resent_event_leaves_what_an_agent_changed_since(rig: Rig) -> None:
    number = rig.treated()
    rig.double.helpdesk.agent_sets(number, priority="emergency")
    turn = rig.send(number)
    assert "priority" not in turn.answer["update"]
    assert rig.ticket(number).priority == "emergency"
    assert "set_by_staff" in rig.ticket(number).tags
    before = rig.state(number)
    rig.send(number)
    assert rig.state(number) == before


def test_a_date_that_an_agent_set_since_stays_too(rig: Rig) -> None:
    number = rig.treated()
    theirs = OPENED + timedelta(days=3)
    rig.double.helpdesk.agent_sets(number, duedate=theirs)
    turn = rig.send(number)
    assert "due_at" not in turn.answer["update"]
    assert rig.ticket(number).due_shown == theirs


def test_what_an_agent_changes_while_the_service_thinks_is_left(rig: Rig) -> None:
    number = rig.open()

    def act(_: str) -> None:
        rig.double.helpdesk.agent_sets(number, priority="emergency")

    rig.double.sender.before_apply = act
    turn = rig.send(number)
    assert turn.applied.not_kept == ["priority"]
    assert rig.ticket(number).priority == "emergency"
    rig.double.sender.before_apply = lambda _: None
    rig.send(number)
    assert rig.ticket(number).priority == "emergency"


# Answered


def test_a_ticket_answered_before_it_was_told_of_owes_nothing(rig: Rig) -> None:
    number = rig.open()
    rig.double.helpdesk.agent_replies(number, "We are looking.")
    assert rig.send(number).delivered
    ticket = rig.ticket(number)
    assert ticket.due_shown is None
    assert datetime.fromisoformat(ticket.fields["expected_at"]) == IN_AN_HOUR, "the record stays"


def test_an_answer_does_not_bring_the_due_date_back(rig: Rig) -> None:
    number = rig.treated()
    rig.double.helpdesk.agent_replies(number, "We are looking.")
    before = rig.state(number)
    assert rig.send(number).answer["update"] is None
    assert rig.state(number) == before
    assert rig.ticket(number).due_shown is None


# Closed and deleted


def test_a_ticket_closed_before_it_was_told_of_is_passed_over(rig: Rig) -> None:
    number = rig.open()
    rig.double.helpdesk.agent_closes(number)
    before = rig.state(number)
    turn = rig.send(number)
    assert turn.delivered
    assert (turn.answer["passed_over"], turn.answer["update"]) == ("it is closed", None)
    assert rig.state(number) == before
    assert rig.decided() == 0


def test_a_ticket_closed_before_the_sweeps_decision_is_left(rig: Rig) -> None:
    number = rig.open()
    rig.sweep()
    rig.before_write(lambda: rig.double.helpdesk.agent_closes(number))
    rig.work()
    assert rig.ticket(number).tags == []
    assert rig.ticket(number).notes == []
    assert rig.states() == {"done": 1}


def test_a_deleted_ticket_is_nobodys_trouble(rig: Rig) -> None:
    gone, told = rig.open(), rig.open()
    rig.sweep()
    for number in (gone, told):
        rig.double.helpdesk.agent_deletes(number)
    assert rig.send(told).delivered, "the plugin has nothing to tell"
    for _ in range(3):
        rig.work()
        rig.later(minutes=5)
    assert rig.states() == {"gone": 2}


# Stopped


def test_what_was_not_sent_while_the_service_was_stopped_is_decided_later(rig: Rig) -> None:
    rig.stop()
    numbers = [rig.open(text) for text in (HIGH, MEDIUM, LOW)]
    assert [turn.delivered for turn in rig.double.sender.drain() or []] == [False] * 3
    assert len(rig.double.helpdesk.outbox.waiting) == 3
    rig.listen()
    assert rig.double.sender.drain() == [], "each waits half a minute first"
    rig.later(seconds=31)
    assert [turn.delivered for turn in rig.double.sender.drain() or []] == [True] * 3
    due = [rig.ticket(number).est_duedate for number in numbers]
    assert due == [IN_AN_HOUR, IN_FOUR_HOURS, A_DAY_LATER], "from when they were opened"


def test_a_storm_of_tickets_with_the_service_gone_in_its_midst_ends_right(rig: Rig) -> None:
    numbers = [rig.open(text) for text in (HIGH, MEDIUM, LOW) * 8]
    waiting, halfway = list(numbers), threading.Event()

    def send() -> None:
        while True:
            try:
                number = waiting.pop()
            except IndexError:
                return
            if len(waiting) < len(numbers) // 2:
                halfway.set()
            rig.send(number)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert halfway.wait(20)
    rig.stop()
    for thread in threads:
        thread.join()
    rig.listen()
    for _ in range(10):
        rig.later(minutes=61)
        rig.double.sender.drain()
    assert rig.double.helpdesk.outbox.waiting == []
    due = [rig.ticket(number).est_duedate for number in numbers]
    assert due == [IN_AN_HOUR, IN_FOUR_HOURS, A_DAY_LATER] * 8
    assert {len(rig.ticket(number).notes) for number in numbers} == {1}
    assert {len(rig.ticket(number).events) for number in numbers} == {1}
    assert set(rig.states()) == {"done"}


def test_a_store_that_cannot_be_written_keeps_the_event_in_the_outbox(rig: Rig) -> None:
    number = rig.open()
    rig.rows("ALTER TABLE deliveries RENAME TO hidden")
    assert rig.send(number).error == "HTTP 503"
    rig.rows("ALTER TABLE hidden RENAME TO deliveries")
    assert rig.send(number).delivered


def test_a_service_killed_at_its_work_decides_when_it_is_asked_again(rig: Rig) -> None:
    """What it had in hand stays there for half a minute, which is how long osTicket waits."""
    number = rig.open()
    store = rig.store
    claimed = store.deliveries.claim(
        delivery_of(rig, number), now=rig.now(), lease=timedelta(seconds=30)
    )
    assert claimed
    assert rig.send(number).error == "HTTP 503"
    rig.later(seconds=31)
    assert rig.send(number).delivered
    assert rig.ticket(number).est_duedate == IN_AN_HOUR
    assert rig.states() == {"done": 1}


def delivery_of(rig: Rig, number: str) -> Any:
    request = rig.double.sender.webhook(rig.ticket(number))
    return rig.desk.codec.open(
        headers=request.headers, body=request.body, token=None, now=datetime.now(UTC)
    )


@pytest.mark.parametrize("api_key", [True, False])
def test_a_resend_that_broke_us_once_leaves_nothing_owed(rigs: Rigs, api_key: bool) -> None:
    rig = rigs(api_key=api_key)
    number = rig.treated()
    read, breaks = rig.service.pipeline.reader, Broken()
    object.__setattr__(rig.service.pipeline, "reader", breaks)
    assert not rig.send(number).delivered
    object.__setattr__(rig.service.pipeline, "reader", read)
    assert rig.send(number).delivered
    for _ in range(4):
        rig.later(minutes=30)
        rig.work()
    assert set(rig.states()) == {"done"}, "an admin would look for a ticket that is well"


class Broken:
    """A reader that breaks."""

    def read(self, **_: Any) -> Any:
        raise ZeroDivisionError


def test_an_osticket_that_cannot_be_called_just_now_is_answered_all_the_same(rig: Rig) -> None:
    """A firewall, a key of another machine: what the plugin asks itself needs none of it."""
    lost = rig.open()
    rig.sweep()
    rig.double.api.fault = lambda: Response(status=500)
    with pytest.raises(UnavailableError):
        rig.sweep()
    rig.work()
    assert rig.states() == {"waiting": 1}
    assert rig.ticket(rig.treated(LOW)).plan == "low"
    assert rig.send(lost).delivered, "and the event itself saves what the sweep could not write"
    assert rig.ticket(lost).plan == "high"
    assert rig.states() == {"done": 2}


# Observing


def test_a_service_that_observes_decides_and_changes_nothing(rigs: Rigs) -> None:
    rig = rigs(mode="observe")
    number = rig.open()
    before = rig.state(number)
    turn = rig.send(number)
    assert turn.delivered
    assert (turn.answer["mode"], turn.answer["update"]) == ("observe", None)
    assert rig.state(number) == before
    assert rig.decided() == 1


def test_a_plugin_that_observes_changes_nothing_whatever_it_is_told(rig: Rig) -> None:
    rig.double.admin.mode = "observe"
    number = rig.open()
    before = rig.state(number)
    turn = rig.send(number)
    assert turn.delivered
    assert turn.applied.ignored == "observing"
    assert rig.state(number) == before
    rig.sweep()
    rig.work()
    assert rig.state(number) == before
    assert rig.decided() >= 1


def test_an_admin_who_lets_only_some_be_written_is_heeded(rig: Rig) -> None:
    rig.double.admin.writes = {"tags", "fields"}
    ticket = rig.ticket(rig.treated())
    assert "policy_high" in ticket.tags
    assert (ticket.priority, ticket.due_shown, ticket.plan) == ("normal", None, None)
    assert ticket.notes == []


# The sweep


def test_the_sweep_finds_the_tickets_that_were_never_told(rig: Rig) -> None:
    told, lost = rig.treated(), [rig.open(text) for text in (HIGH, LOW)]
    rig.double.helpdesk.outbox.rows.clear()
    assert rig.sweep() == 2
    rig.work()
    assert [rig.ticket(number).est_duedate for number in lost] == [IN_AN_HOUR, A_DAY_LATER]
    assert rig.states() == {"done": 3}
    assert rig.sweep() == 0
    assert len(rig.ticket(told).events) == 1


def test_what_the_sweep_decided_is_not_decided_twice_by_the_event(rig: Rig) -> None:
    number = rig.open()
    rig.sweep()
    rig.work()
    before = rig.state(number)
    turn = rig.send(number)
    assert turn.delivered
    assert turn.answer["update"] is None
    assert rig.state(number) == before


def test_an_event_that_comes_while_the_sweep_works_on_its_ticket_waits(rig: Rig) -> None:
    number = rig.open()
    rig.sweep()
    turns: list[Turn] = []
    rig.before_write(lambda: turns.append(rig.send(number)))
    rig.work()
    assert [turn.error for turn in turns] == ["HTTP 503"]
    assert rig.ticket(number).est_duedate == IN_AN_HOUR
    assert rig.send(number).delivered
    assert len(rig.ticket(number).notes) == 1


def test_what_a_person_changes_while_the_sweep_thinks_is_read_again(rig: Rig) -> None:
    number = rig.open()
    rig.sweep()
    rig.before_write(lambda: rig.double.helpdesk.agent_sets(number, priority="low"))
    rig.work()
    ticket = rig.ticket(number)
    assert ticket.priority == "low"
    assert ticket.est_duedate == IN_AN_HOUR
    assert rig.states() == {"done": 1}


def test_automatic_mail_is_never_told_and_never_swept(rig: Rig) -> None:
    number = rig.open(automatic=True, identity="email", source="email")
    assert rig.double.helpdesk.outbox.rows == []
    assert rig.sweep() == 0
    assert rig.ticket(number).tags == []


# Strangers and garbage


def test_a_stranger_is_turned_away_and_nothing_is_kept(rig: Rig) -> None:
    rig.double.sender.secrets = (OLDER_SECRET,)
    assert rig.send(rig.open()).error == "HTTP 401"
    assert rig.states() == {}


@pytest.mark.parametrize("drift", [-400.0, 400.0])
def test_a_clock_that_is_far_off_is_turned_away_until_it_is_set(rig: Rig, drift: float) -> None:
    number = rig.open()
    rig.double.sender.drift = drift
    assert rig.send(number).error == "HTTP 401"
    rig.double.sender.drift = 0.0
    assert rig.send(number).delivered


def test_secrets_are_rotated_without_losing_a_ticket(rigs: Rigs) -> None:
    """The service learns the new one first, then the plugin; then each forgets the old one."""
    rig = rigs(secrets=(OLDER_SECRET,))
    steps: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        ((OLDER_SECRET,), (OLDER_SECRET,)),
        ((SECRET, OLDER_SECRET), (OLDER_SECRET,)),
        ((SECRET, OLDER_SECRET), (SECRET, OLDER_SECRET)),
        ((SECRET,), (SECRET, OLDER_SECRET)),
        ((SECRET,), (SECRET,)),
    ]
    for ours, theirs in steps:
        rig.configure(secrets=ours)
        rig.double.sender.secrets = theirs
        number = rig.open()
        assert rig.send(number).delivered, (len(ours), len(theirs))
        swept = rig.open(LOW)
        rig.sweep()
        rig.work()
        assert rig.ticket(swept).plan == "low"


def test_a_ticket_that_cannot_be_read_is_400_and_not_kept(rig: Rig) -> None:
    number = rig.open()
    body = json.loads(rig.double.sender.webhook(rig.ticket(number)).body)
    for broken in ({}, {**body["ticket"], "created_at": "soon"}, {**body["ticket"], "id": "12"}):
        raw = json.dumps({**body, "ticket": broken}).encode()
        answer = requests.post(
            rig.double.sender.url,
            data=raw,
            headers=rig.double.sender.signed(body["event"], raw),
            timeout=10,
        )
        answer.close()
        assert answer.status_code == 400
    assert rig.states() == {}


# Doctor


def test_doctor_finds_a_well_osticket_well_in_both_directions(rig: Rig) -> None:
    rig.treated()
    found = rig.doctor()
    assert {"to the plugin", "from the plugin", "outbox", "cron"} <= set(found)
    assert [each for each in found.values() if not each.ok] == []


def test_doctor_says_that_the_plugin_does_not_reach_a_service_that_is_stopped(rig: Rig) -> None:
    rig.stop()
    wrong = [name for name, each in rig.doctor().items() if not each.ok]
    assert wrong == ["from the plugin"]


def test_doctor_says_how_long_tickets_wait_to_be_sent(rig: Rig) -> None:
    rig.open()
    rig.double.helpdesk.ahead -= timedelta(hours=2)
    rig.double.helpdesk.outbox.rows[0].created_at -= timedelta(hours=2)
    rig.double.helpdesk.ahead += timedelta(hours=2)
    finding = rig.doctor()["outbox"]
    assert not finding.ok
    assert finding.remedy


def test_doctor_does_not_break_on_an_osticket_that_is_gone(rig: Rig) -> None:
    rig.double.api.fault = lambda: (_ for _ in ()).throw(UnavailableError())
    wrong = {name: each for name, each in rig.doctor().items() if not each.ok}
    assert list(wrong) == ["to the plugin"]
    assert wrong["to the plugin"].remedy


def test_a_service_started_anew_goes_on_where_it_was(rig: Rig) -> None:
    number = rig.treated()
    rig.configure()
    before = rig.state(number)
    assert rig.send(number).answer["update"] is None
    assert rig.state(number) == before
