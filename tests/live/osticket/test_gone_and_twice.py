"""What was deleted meanwhile, and what happens at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from tests.live.osticket.customer import Programs, Request
from tests.live.osticket.desk import WRITES_DEPARTMENT, Desk, Opened
from tests.live.osticket.hundred import PLANS
from tests.live.osticket.listener import Listener, written
from tests.live.osticket.service import Service

from support_policy.demo.desk import free_port

QUESTION = Request(subject="How do I add a mailbox?", body="Where do I add a mailbox, please?")
BACK_OFF = 31.0  # what failed once is due again after half a minute


def undelivered(desk: Desk, count: int) -> list[Opened]:
    """Tickets that came while nobody listened."""
    desk.configure(f"http://127.0.0.1:{free_port()}/webhooks/osticket")
    opened = [desk.by_api(QUESTION) for _ in range(count)]
    assert desk.waiting() == count
    return opened


@pytest.fixture
def moving(desk: Desk, listener: Listener) -> Iterator[None]:
    """The admin lets the policy move tickets between departments."""
    for on in (True, False):
        form = desk.admin.instance()
        form.tick(WRITES_DEPARTMENT, on=on)
        desk.admin.save(form)
        if on:
            yield


def test_a_deleted_ticket_leaves_no_row_behind(desk: Desk, listener: Listener) -> None:
    first, second = undelivered(desk, 2)
    desk.agent.put_status(first.id, "deleted")
    desk.configure(listener.url)
    desk.drain()
    assert listener.told(first.number) == []
    assert desk.decided(second)["priority"] == "low"
    assert desk.routes.call("GET", f"tickets/{first.number}.json").status_code == 404


def test_without_its_sla_plan_everything_else_is_written(desk: Desk, listener: Listener) -> None:
    desk.admin.delete_plan(desk.admin.plans()[PLANS["low"]])
    assert desk.routes.status()["plans"]["low"] is False
    opened = desk.by_api(QUESTION)
    told = desk.decided(opened)
    assert (told["priority"], told["tags"]) == ("low", ["policy_low"])
    assert told["fields"]["expected_at"]
    assert 'The SLA plan for "low"' in "\n".join(desk.admin.log())
    desk.configure(listener.url)  # saving the form makes what is missing
    assert desk.routes.status()["plans"]["low"] is True
    again = desk.by_api(QUESTION)
    desk.decided(again)
    assert desk.see(again)["SLA Plan"] == PLANS["low"]


def test_a_ticket_keeps_its_expected_time_when_its_plan_is_deleted(
    desk: Desk, listener: Listener
) -> None:
    opened = desk.by_api(QUESTION)
    expected = desk.decided(opened)["fields"]["expected_at"]
    desk.admin.delete_plan(desk.admin.plans()[PLANS["low"]])
    desk.programs.cron()
    desk.agent.edit(opened.id, slaId="0")
    told = desk.routes.ticket(opened.number)
    assert told["fields"]["expected_at"] == expected
    desk.configure(listener.url)


@pytest.mark.usefixtures("moving")
def test_the_policys_department_is_the_tickets(desk: Desk, listener: Listener) -> None:
    listener.behave = written(department="Sales")
    opened = desk.by_api(QUESTION)
    assert desk.decided(opened)["department"] == "Sales"
    assert desk.see(opened)["Department"] == "Sales"
    assert desk.see(opened)["SLA Plan"] == PLANS["low"], "a transfer chooses no plan of its own"


@pytest.mark.usefixtures("moving")
def test_without_its_department_everything_else_is_written(desk: Desk, listener: Listener) -> None:
    desk.admin.delete_department(desk.admin.add_department("Level 2"))
    listener.behave = written(department="Level 2")
    opened = desk.by_api(QUESTION)
    told = desk.decided(opened)
    assert (told["priority"], told["tags"]) == ("low", ["policy_low"])
    assert told["department"] == desk.routes.ticket(opened.number)["department"] != "Level 2"
    assert 'no department "Level 2"' in "\n".join(desk.admin.log())


def test_a_department_is_left_unless_the_admin_allows_it(desk: Desk, listener: Listener) -> None:
    listener.behave = written(department="Sales")
    opened = desk.by_api(QUESTION)
    assert desk.decided(opened)["department"] != "Sales"


def test_two_crons_at_once_send_each_event_once(desk: Desk, listener: Listener) -> None:
    opened = undelivered(desk, 12)
    desk.configure(listener.url)
    listener.hang = 0.2
    time.sleep(BACK_OFF)
    crons = [threading.Thread(target=Programs(desk.url, desk.key).cron) for _ in range(3)]
    for each in crons:
        each.start()
    for each in crons:
        each.join()
    desk.drain()
    assert {each.number: len(listener.told(each.number)) for each in opened} == {
        each.number: 1 for each in opened
    }
    for each in opened:
        seen = desk.see(each)
        assert (len(seen.notes), len(seen.ours)) == (1, 1)


def test_a_repeated_event_keeps_its_id(desk: Desk, listener: Listener) -> None:
    good = listener.behave
    listener.behave = lambda call: good(call) if len(listener.told_of(call)) > 1 else listener.no()
    opened = desk.by_api(QUESTION)
    desk.drain()
    first, second = listener.told(opened.number)
    assert first.message["event"] == second.message["event"] == first.headers["webhook-id"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    desk.decided(opened)


def test_rows_of_a_disabled_plugin_are_sent_when_it_is_enabled(
    desk: Desk, listener: Listener
) -> None:
    opened = undelivered(desk, 3)
    desk.configure(listener.url)
    desk.admin.disable()
    time.sleep(BACK_OFF)
    desk.programs.cron()
    unseen = desk.by_api(QUESTION)
    assert listener.calls == [], "a disabled plugin sends nothing"
    desk.admin.enable()
    desk.drain()
    for each in opened:
        assert desk.decided(each)["priority"] == "low"
        assert len(listener.told(each.number)) == 1
        assert len(desk.see(each).notes) == 1
    listed = [each["number"] for each in desk.routes.undecided()["tickets"]]
    assert unseen.number in listed, "what came meanwhile is the sweep's to find"


def test_a_ticket_that_was_closed_meanwhile_is_left_as_it_is(desk: Desk, service: Service) -> None:
    [opened] = undelivered(desk, 1)
    desk.agent.put_status(opened.id, "closed")
    desk.configure(service.url)
    desk.drain()
    seen = desk.see(opened)
    assert (seen["Status"], seen["Priority"], seen["SLA Plan"]) == (
        "Closed",
        "Normal",
        "Default SLA",
    )
    assert (seen.notes, seen.ours) == ((), ())


def test_cron_does_not_send_what_is_being_sent(desk: Desk, listener: Listener) -> None:
    listener.hang = 1.0
    opened = desk.by_api(QUESTION)
    listener.wait_for(opened.number)
    desk.programs.cron()
    desk.decided(opened)
    desk.drain()
    assert len(listener.told(opened.number)) == 1
    assert len(desk.see(opened).notes) == 1
