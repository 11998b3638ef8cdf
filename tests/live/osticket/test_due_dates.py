"""Due dates without harm: what is owed, what was answered, and what people chose."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.live.osticket.customer import Customer, Request
from tests.live.osticket.desk import Desk, Opened
from tests.live.osticket.hundred import PLANS
from tests.live.osticket.listener import Answer, Listener, instant, low, written
from tests.live.osticket.ticket_page import moment

QUESTION = Request(subject="How do I add a mailbox?", body="Where do I add a mailbox, please?")
SOON = timedelta(seconds=3)
LONG = timedelta(hours=30)


def due(desk: Desk, listener: Listener, within: timedelta, *, by: str = "api") -> Opened:
    """A ticket that was decided; its first answer is expected so soon."""
    at = datetime.now(UTC) + within
    listener.behave = written(due_at=instant(at))
    opened = desk.by_agent(QUESTION) if by == "agent" else desk.by_api(QUESTION)
    told = desk.decided(opened)["due_at"]
    assert told == instant(at)
    return opened


def pass_by(desk: Desk, opened: Opened) -> None:
    """Wait until the expected time is over, and let osTicket look for overdue tickets."""
    at = datetime.fromisoformat(desk.routes.ticket(opened.number)["due_at"])
    time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()) + 1.2)
    desk.programs.cron()


def shown(desk: Desk, opened: Opened) -> str:
    return desk.see(opened)["Due Date"]


def test_an_unanswered_ticket_becomes_overdue(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, SOON)
    pass_by(desk, opened)
    assert desk.see(opened).overdue


@pytest.mark.parametrize("by", ["api", "agent"])
def test_the_edit_form_saves_a_ticket_whose_expected_time_has_passed(
    desk: Desk, listener: Listener, by: str
) -> None:
    opened = due(desk, listener, SOON, by=by)
    before = shown(desk, opened)
    pass_by(desk, opened)
    desk.agent.edit(opened.id)
    desk.agent.edit(opened.id, source="Phone")
    seen = desk.see(opened)
    assert (seen["Due Date"], seen["SLA Plan"]) == (before, PLANS["low"])
    assert seen["Source"].startswith("Phone")
    assert desk.routes.ticket(opened.number)["set_by_staff"] == []


def test_a_ticket_answered_in_time_is_never_marked_overdue(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, SOON)
    desk.agent.reply(opened.id, "In your panel, under E-mail.")
    told = desk.routes.ticket(opened.number)
    pass_by(desk, opened)
    assert not desk.see(opened).overdue
    assert told["fields"]["expected_at"], "the record is kept"
    assert desk.routes.ticket(opened.number)["due_at"] == told["due_at"]


@pytest.mark.parametrize(
    "act", ["edit", "change in place", "reopen", "transfer", "plan", "message"]
)
def test_a_ticket_answered_in_time_stays_so_whatever_is_done_to_it(
    desk: Desk, listener: Listener, act: str
) -> None:
    opened = due(desk, listener, SOON)
    desk.agent.reply(opened.id, "In your panel, under E-mail.")
    pass_by(desk, opened)
    match act:
        case "edit":
            desk.agent.edit(opened.id)
        case "in place":
            desk.agent.set_priority(opened.id, "High")
        case "reopen":
            desk.agent.put_status(opened.id, "closed")
            desk.agent.put_status(opened.id, "open")
        case "transfer":
            desk.agent.transfer(opened.id, "Sales")
        case "plan":
            desk.agent.set_plan(opened.id, PLANS["high"])
        case "note":
            desk.agent.note(opened.id, "Called them as well.")
    time.sleep(1.2)
    desk.programs.cron()
    assert not desk.see(opened).overdue


def test_an_answer_after_the_expected_time_takes_the_mark_away(
    desk: Desk, listener: Listener
) -> None:
    opened = due(desk, listener, SOON)
    pass_by(desk, opened)
    desk.agent.reply(opened.id, "Sorry for the wait: in your panel, under E-mail.")
    desk.programs.cron()
    assert not desk.see(opened).overdue


def test_a_decision_that_comes_after_the_answer_makes_nothing_overdue(
    desk: Desk, listener: Listener
) -> None:
    listener.behave = listener.no
    opened = desk.by_api(QUESTION)
    listener.wait_for(opened.number)
    desk.agent.reply(opened.id, "In your panel, under E-mail.")
    listener.behave = written(due_at=instant(datetime.now(UTC) + SOON))
    desk.drain()
    told = desk.decided(opened)
    desk.programs.cron()
    seen = desk.see(opened)
    assert (seen.overdue, seen["Due Date"]) == (False, "")
    assert told["fields"]["expected_at"], "the record is kept"
    assert (seen["Priority"], len(seen.notes)) == ("Low", 1)


@pytest.mark.parametrize("answered", [True, False])
def test_a_customer_who_writes_again_opens_no_new_clock(
    desk: Desk, listener: Listener, client: Customer, *, answered: bool
) -> None:
    listener.behave = written(due_at=instant(datetime.now(UTC) + LONG))
    opened = desk.by_client(client, replace(QUESTION, subject=f"Again {answered}"))
    desk.decided(opened)
    before = shown(desk, opened)
    if answered:
        desk.agent.reply(opened.id, "In your panel, under E-mail.")
    desk.agent.put_status(opened.id, "resolved")
    client.reply(opened.id, "It does not work.")
    desk.programs.cron()
    seen = desk.see(opened)
    assert (seen["Status"], seen.overdue) == ("Open", False)
    assert seen["Due Date"] == ("" if answered else before)


def test_an_internal_note_is_no_answer(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, SOON)
    desk.agent.note(opened.id, "Who knows this?")
    pass_by(desk, opened)
    assert desk.see(opened).overdue


@pytest.mark.parametrize("act", ["edit", "transfer", "reopen", "note", "priority", "source"])
def test_the_expected_time_stays_while_an_answer_is_owed(
    desk: Desk, listener: Listener, act: str
) -> None:
    opened = due(desk, listener, LONG)
    before = shown(desk, opened)
    match act:
        case "edit":
            desk.agent.edit(opened.id)
        case "transfer":
            desk.agent.transfer(opened.id, "Sales")
        case "reopen":
            desk.agent.put_status(opened.id, "closed")
            desk.agent.put_status(opened.id, "open")
        case "note":
            desk.agent.note(opened.id, "Who knows this?")
        case "priority":
            desk.agent.set_priority(opened.id, "High")
        case "source":
            desk.agent.edit(opened.id, source="Phone")
    desk.programs.cron()
    assert shown(desk, opened) == before
    assert desk.see(opened)["SLA Plan"] == PLANS["low"]


# What people chose


def later(desk: Desk, opened: Opened) -> dict[str, object]:
    """A later decision that wants everything another way; what the plugin says of it."""
    ticket = {"ticket": {"id": opened.id, "number": opened.number}, "event": f"later-{opened.id}"}
    update = low("later") | {
        "priority": "high",
        "due_at": instant(datetime.now(UTC) + timedelta(hours=1)),
        "target": "high",
    }
    said = {
        "type": "ticket.decision",
        "decided_at": instant(datetime.now(UTC), timespec="microseconds"),
        "mode": "enforce",
        "passed_over": "",
        "update": update,
    }
    return desk.routes.decide(opened.number, said | ticket)


def test_a_later_decision_moves_what_nobody_chose(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, LONG)
    kept = later(desk, opened)
    assert {"priority", "due_at"} <= set(kept["changes"])  # type: ignore[call-overload]
    seen = desk.see(opened)
    assert (seen["Priority"], seen["SLA Plan"]) == ("High", PLANS["high"])


def test_an_agents_priority_survives_a_later_decision(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, LONG)
    desk.agent.set_priority(opened.id, "Emergency")
    assert desk.routes.ticket(opened.number)["set_by_staff"] == ["priority"]
    later(desk, opened)
    assert desk.see(opened)["Priority"] == "Emergency"


def test_an_agents_due_date_survives_a_later_decision(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, LONG)
    chosen = datetime.now(UTC).replace(microsecond=0, second=0) + timedelta(days=9)
    desk.agent.set_due(opened.id, chosen)
    told = desk.routes.ticket(opened.number)
    assert (told["set_by_staff"], told["due_at"]) == (["due_at"], instant(chosen))
    before = shown(desk, opened)
    later(desk, opened)
    assert shown(desk, opened) == before
    assert desk.routes.ticket(opened.number)["due_at"] == instant(chosen)


def test_a_due_date_that_an_agent_takes_away_again_gives_ours_its_place(
    desk: Desk, listener: Listener
) -> None:
    opened = due(desk, listener, LONG)
    before = shown(desk, opened)
    desk.agent.set_due(opened.id, datetime.now(UTC) + timedelta(days=9))
    assert shown(desk, opened) != before
    desk.agent.edit(opened.id, duedate="")
    assert shown(desk, opened) == before


def test_an_agents_sla_plan_survives_a_later_decision(desk: Desk, listener: Listener) -> None:
    opened = due(desk, listener, LONG)
    desk.agent.set_plan(opened.id, "Default SLA")
    before = shown(desk, opened)
    later(desk, opened)
    seen = desk.see(opened)
    assert (seen["SLA Plan"], seen["Due Date"]) == ("Default SLA", before)


def test_what_an_agent_set_before_the_decision_came_is_left(desk: Desk, listener: Listener) -> None:
    """The service was away when the ticket came; an agent was faster."""
    listener.behave = lambda _: Answer(b"", status=503)
    opened = desk.by_api(QUESTION)
    listener.wait_for(opened.number)
    desk.agent.set_priority(opened.id, "Emergency")
    chosen = datetime.now(UTC).replace(microsecond=0, second=0) + timedelta(days=9)
    desk.agent.set_due(opened.id, chosen)
    listener.behave = written()
    desk.drain()
    told = desk.decided(opened)
    assert (told["priority"], told["due_at"]) == ("emergency", instant(chosen))
    assert desk.see(opened)["Policy class"], "everything else is written"


def test_a_time_in_the_database_zone_is_the_same_instant_on_the_page(
    desk: Desk, listener: Listener
) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    listener.behave = written(due_at=instant(at))
    opened = desk.by_api(QUESTION)
    assert desk.decided(opened)["due_at"] == instant(at)
    assert moment(shown(desk, opened), desk.zone) == at.replace(second=0)
