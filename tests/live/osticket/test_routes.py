"""The plugin's own routes: who may call them, and what they answer."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import Desk, Opened
from tests.live.osticket.listener import Listener, instant, low
from tests.live.osticket.routes import Routes, new_secret

QUESTION = Request(subject="How do I add a mailbox?", body="Where do I add a mailbox, please?")


@pytest.fixture
def opened(desk: Desk, listener: Listener) -> Opened:
    """A decided ticket."""
    opened = desk.by_api(QUESTION)
    desk.decided(opened)
    return opened


def said(opened: Opened, **parts: Any) -> dict[str, Any]:
    """A decision by the service's own hand."""
    return {
        "type": "ticket.decision",
        "event": str(uuid.uuid4()),
        "ticket": {"id": opened.id, "number": opened.number},
        "decided_at": instant(datetime.now(UTC), timespec="microseconds"),
        "mode": "enforce",
        "passed_over": "",
        "update": {"priority": "high"},
    } | parts


def get(opened: Opened) -> str:
    return f"tickets/{opened.number}.json"


def test_a_signed_request_is_answered(desk: Desk, opened: Opened) -> None:
    assert desk.routes.call("GET", get(opened)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unsigned_request_is_turned_away(desk: Desk, opened: Opened, method: str) -> None:
    message = said(opened) if method == "POST" else None
    stranger = Routes(url=desk.url, key=desk.key, secrets=())
    answer = stranger.call(method, get(opened), message)
    assert answer.status_code == 401
    assert desk.routes.ticket(opened.number)["priority"] == "low"


def test_a_signature_without_the_api_key_is_turned_away(desk: Desk, opened: Opened) -> None:
    stranger = Routes(url=desk.url, key="0" * 32, secrets=desk.secrets)
    assert stranger.call("GET", get(opened)).status_code == 401
    assert desk.routes.call("GET", get(opened), headers={"X-API-Key": ""}).status_code == 401


def test_another_secret_is_turned_away(desk: Desk, opened: Opened) -> None:
    stranger = Routes(url=desk.url, key=desk.key, secrets=(new_secret(),))
    assert stranger.call("GET", get(opened)).status_code == 401


@pytest.mark.parametrize("ago", [600, -600])
def test_a_clock_ten_minutes_off_is_turned_away(desk: Desk, opened: Opened, ago: float) -> None:
    assert desk.routes.call("GET", get(opened), ago=ago).status_code == 401
    assert desk.routes.call("GET", get(opened), ago=ago / 3).status_code == 200


def test_a_signature_holds_for_one_path_one_query_and_one_body(desk: Desk, opened: Opened) -> None:
    call = desk.routes.call
    assert call("GET", "tickets.json?limit=1", sent="GET tickets.json?limit=2").status_code == 401
    assert call("GET", "tickets.json", sent=f"GET {get(opened)}").status_code == 401
    assert call("GET", get(opened), sent=f"GET {get(opened)}?x=1").status_code == 401
    assert call("GET", get(opened), sent=f"POST {get(opened)}").status_code == 401


def test_a_method_in_the_query_does_not_turn_one_request_into_another(
    desk: Desk, opened: Opened
) -> None:
    path = f"{get(opened)}?_method=POST"
    assert desk.routes.call("GET", get(opened), sent=f"GET {path}").status_code == 401
    assert desk.routes.call("GET", path, sent=f"GET {path}").status_code == 401
    assert desk.routes.ticket(opened.number)["priority"] == "low"


@pytest.mark.parametrize("start", ["A&B", "A+B", "É"])
def test_a_number_is_found_whatever_it_is_made_of(
    desk: Desk, listener: Listener, start: str
) -> None:
    path, name = "scp/settings.php?t=tickets", "ticket_number_format"
    form = desk.admin.form(path, "form.save, form[action*=settings]")
    before = form[name]
    form.put("max_open_tickets", "0")  # a new osTicket has none here, and takes no form without
    form.put(name, f"{start}######")
    desk.admin.save(form)
    try:
        opened = desk.by_web(replace(QUESTION, subject=f"Numbered {start} {uuid.uuid4()}"))
    finally:
        form.put(name, before)
        desk.admin.save(form)
    [call] = [each for each in listener.calls if each.message["ticket"]["id"] == opened.id]
    number = call.message["ticket"]["number"]
    assert number.startswith(start)
    answer = desk.routes.call("GET", f"tickets/{quote(number, safe='')}.json")
    assert answer.status_code == 200
    assert answer.json()["ticket"]["number"] == number


def test_an_unknown_ticket_is_not_found(desk: Desk, opened: Opened) -> None:
    assert desk.routes.call("GET", "tickets/000000.json").status_code == 404
    gone = Opened("000000", 0)
    assert desk.routes.call("POST", get(gone), said(gone)).status_code == 404


@pytest.mark.parametrize(
    "parts",
    [
        {"type": "ticket.opinion"},
        {"decided_at": "now"},
        {"decided_at": None},
        {"update": "low"},
        {"update": {"due_at": "tomorrow"}},
        {"ticket": {"id": 1, "number": "000001"}},
        {"ticket": None},
    ],
    ids=str,
)
def test_a_decision_that_cannot_be_read_is_malformed(
    desk: Desk, opened: Opened, parts: dict[str, Any]
) -> None:
    message = said(opened, **parts)
    answer = desk.routes.call("POST", get(opened), message, event=message["event"])
    assert answer.status_code == 400, answer.text
    assert desk.routes.ticket(opened.number)["priority"] == "low"


def test_a_decision_whose_event_is_not_the_signed_one_is_refused(
    desk: Desk, opened: Opened
) -> None:
    answer = desk.routes.call("POST", get(opened), said(opened), event="another")
    assert answer.status_code in {400, 401}
    assert desk.routes.ticket(opened.number)["priority"] == "low"


def test_the_same_decision_again_changes_nothing(desk: Desk, opened: Opened) -> None:
    update = low(f"again-{opened.number}") | {"priority": "high", "tags": ["vip"]}
    message = said(opened, update=update)
    first = desk.routes.decide(opened.number, message)
    assert {"priority", "tags", "note"} <= set(first["changes"])
    before = desk.see(opened)
    again = desk.routes.decide(opened.number, message)
    later = desk.routes.decide(opened.number, said(opened, update=update))
    assert (again["changes"], later["changes"]) == ([], [])
    assert desk.see(opened) == before


def test_an_older_decision_is_told_and_left(desk: Desk, opened: Opened) -> None:
    past = instant(datetime.now(UTC) - timedelta(hours=1), timespec="microseconds")
    answer = desk.routes.decide(opened.number, said(opened, decided_at=past))
    assert (answer["ignored"], answer["changes"]) == ("older", [])
    assert answer["ticket"]["priority"] == "low"


def test_a_decision_on_a_state_that_is_no_more_is_told_and_left(desk: Desk, opened: Opened) -> None:
    revision = desk.routes.ticket(opened.number)["revision"]
    assert desk.routes.ticket(opened.number)["revision"] == revision
    desk.agent.set_priority(opened.id, "Normal")
    answer = desk.routes.decide(opened.number, said(opened, revision=revision))
    assert (answer["ignored"], answer["changes"]) == ("changed", [])
    assert answer["ticket"]["priority"] == "normal"


def test_nothing_is_written_while_the_plugin_observes(
    desk: Desk, opened: Opened, listener: Listener
) -> None:
    desk.configure(listener.url, mode="Observe")
    answer = desk.routes.decide(opened.number, said(opened))
    assert (answer["ignored"], answer["changes"]) == ("observing", [])
    assert desk.see(opened)["Priority"] == "Low"


def test_undecided_tickets_come_newest_first_and_in_pages(desk: Desk, listener: Listener) -> None:
    desk.configure(listener.url, mode="Observe")
    opened = [desk.by_api(QUESTION) for _ in range(3)]
    for each in opened:
        listener.wait_for(each.number)
    first = desk.routes.undecided(limit=2)
    assert [each["number"] for each in first["tickets"]] == [opened[2].number, opened[1].number]
    second = desk.routes.undecided(limit=2, before=first["next"])
    assert second["tickets"][0]["number"] == opened[0].number
    desk.agent.put_status(opened[2].id, "closed")
    assert desk.routes.undecided(limit=1)["tickets"][0]["number"] == opened[1].number
    for limit in ("0", "201", "x", "-1"):
        assert desk.routes.call("GET", f"tickets.json?limit={limit}").status_code == 400


def test_a_ping_goes_there_and_back(desk: Desk, listener: Listener) -> None:
    assert desk.routes.ping()["ok"] is True
    listener.hang = 3.0
    answer = desk.routes.ping()
    assert answer["ok"] is False
    assert answer["error"]


def test_no_route_tells_a_secret(desk: Desk, opened: Opened) -> None:
    calls = [("GET", "status.json"), ("GET", get(opened)), ("GET", "tickets.json")]
    for method, path in calls:
        text = desk.routes.call(method, path).text
        for secret in (*desk.secrets, desk.key, desk.secrets[0].removeprefix("whsec_")):
            assert secret not in text
