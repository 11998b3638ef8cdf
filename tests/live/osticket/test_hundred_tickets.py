"""A hundred tickets in English and French, a third of them while the service is dead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.live.osticket.desk import Desk, Opened
from tests.live.osticket.hundred import Wanted, hundred
from tests.live.osticket.service import Service
from tests.live.osticket.ticket_page import Seen, moment


@dataclass(frozen=True, slots=True)
class Result:
    """A ticket in the end: its page and what the plugin reads."""

    wanted: Wanted
    opened: Opened
    seen: Seen
    read: dict[str, Any]


def opening(desk: Desk, wanted: Wanted) -> Opened:
    match wanted.way:
        case "web":
            return desk.by_web(wanted.request)
        case "api":
            return desk.by_api(wanted.request)
        case "agent":
            return desk.by_agent(wanted.request, priority=wanted.chosen)


@pytest.fixture(scope="module")
def results(installed: Desk, stopped: Service) -> list[Result]:
    service = stopped
    service.start()
    installed.configure(service.url, secrets=installed.secrets[:1])
    wanted = hundred()
    opened = [opening(installed, each) for each in wanted[:33]]
    service.kill()
    before = installed.waiting()
    opened += [opening(installed, each) for each in wanted[33:67]]
    assert installed.waiting() == before + 34, "each of them waits, and none is lost"
    service.start()
    opened += [opening(installed, each) for each in wanted[67:]]
    installed.drain()
    for each in opened:
        installed.decided(each)
    installed.programs.cron()  # once more: nothing may happen twice
    return [
        Result(each, ticket, installed.see(ticket), installed.routes.ticket(ticket.number))
        for each, ticket in zip(wanted, opened, strict=True)
    ]


def test_all_hundred_show_the_policys_class_and_priority(results: list[Result]) -> None:
    shown = [(r.wanted.written.key, r.seen["Policy class"], r.seen["Priority"]) for r in results]
    assert shown == [(r.wanted.written.key, r.wanted.category, r.wanted.priority) for r in results]


def test_all_hundred_show_the_sla_plan_of_their_target(results: list[Result]) -> None:
    shown = [(r.wanted.written.key, r.seen["SLA Plan"]) for r in results]
    assert shown == [(r.wanted.written.key, r.wanted.plan) for r in results]


def test_all_hundred_are_due_when_the_policy_says(results: list[Result]) -> None:
    wrong = []
    for result in results:
        received = datetime.fromisoformat(result.read["created_at"])
        due = result.wanted.written.expect.due(received)
        told = result.read["due_at"]
        if due and (told is None or abs((datetime.fromisoformat(told) - due).total_seconds()) > 1):
            wrong.append((result.wanted.written.key, told, due.astimezone(UTC)))
    assert wrong == []


def test_the_page_shows_the_due_date_on_the_agents_clock(desk: Desk, results: list[Result]) -> None:
    wrong = []
    for result in results:
        if not result.wanted.held:
            shown = moment(result.seen["Due Date"], desk.zone)
            told = datetime.fromisoformat(result.read["due_at"]).replace(second=0)
            if shown != told:
                wrong.append((result.wanted.written.key, shown, told))
    assert wrong == []


def test_all_hundred_carry_their_tags_and_none_of_the_others(results: list[Result]) -> None:
    wrong = []
    for result in results:
        shown = {tag.strip() for tag in result.seen["Policy tags"].split(",")}
        expect = result.wanted.written.expect
        if not set(expect.tags) <= shown or set(expect.tags_absent) & shown:
            wrong.append((result.wanted.written.key, result.wanted.way, shown))
    assert wrong == []


def test_each_of_them_has_one_note_and_one_event_of_ours(results: list[Result]) -> None:
    counted = {
        (r.wanted.written.key, r.opened.number, len(r.seen.notes), len(r.seen.ours))
        for r in results
        if (len(r.seen.notes), len(r.seen.ours)) != (1, 1)
    }
    assert counted == set()


def test_each_of_them_gives_its_reason_and_keeps_the_expected_time(results: list[Result]) -> None:
    for result in results:
        assert result.seen["Policy reason"], result.wanted.written.key
        assert bool(result.read["fields"].get("expected_at")) == (not result.wanted.held)


def test_the_policys_queue_shows_the_tickets_with_their_due_dates(
    desk: Desk, results: list[Result]
) -> None:
    queue = desk.agent.queues()["Support policy: by due date"]
    rows = dict(desk.agent.queue(queue))
    assert rows, "the queue comes up empty"
    shown = [result for result in results if result.opened.id in rows and not result.wanted.held]
    assert shown, "none of the hundred is on the queue's first page"
    for result in shown:
        assert "policy_" in rows[result.opened.id]
