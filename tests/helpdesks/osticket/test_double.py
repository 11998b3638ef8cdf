"""The double keeps to the plugin's contract: what is shown on it must be true of the plugin."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from tests.osticket_double import API_KEY, OLDER_SECRET, SECRET, OsTicketDouble
from tests.osticket_double.outbox import Row
from tests.osticket_double.signing import of_request, sign


@pytest.fixture(scope="module")
def double() -> Iterator[OsTicketDouble]:
    with OsTicketDouble() as double:
        yield double


def ask(
    double: OsTicketDouble,
    path: str,
    *,
    method: str = "GET",
    signed: tuple[str, str] | None = None,
    message: dict[str, Any] | None = None,
    key: str | None = API_KEY,
    secret: str = SECRET,
    age: int = 0,
) -> requests.Response:
    """A request; ``signed`` is the method and path that are proved, where they are others."""
    event = message["event"] if message else str(uuid.uuid4())
    body = json.dumps(message).encode() if message is not None else b""
    proved = of_request(*(signed or (method, path)), body)
    headers = sign((secret,), event, int(time.time()) - age, proved)
    if key is not None:
        headers["X-API-Key"] = key
    url = f"{double.url}/api{path}"
    response = requests.request(method, url, data=body, headers=headers, timeout=10)
    response.close()
    return response


def decided(number: str, *, at: str = "2026-11-24T18:00:00.000000Z", **update: Any) -> Any:
    return {
        "type": "ticket.decision",
        "event": str(uuid.uuid4()),
        "ticket": {"number": number},
        "decided_at": at,
        "mode": "enforce",
        "passed_over": "",
        "update": update or None,
    }


def post(double: OsTicketDouble, number: str, **how: Any) -> Any:
    path = f"/support-policy/tickets/{number}.json"
    answer = ask(double, path, method="POST", message=decided(number, **how))
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "how",
    [
        {"key": None},
        {"key": "wrong"},
        {"secret": OLDER_SECRET},
        {"age": 301},
        {"age": -302},
        {"signed": ("POST", "/support-policy/status.json")},
        {"signed": ("GET", "/support-policy/tickets.json")},
        {"signed": ("GET", "/api/support-policy/status.json")},
    ],
)
def test_a_stranger_is_401(double: OsTicketDouble, how: dict[str, Any]) -> None:
    answer = ask(double, "/support-policy/status.json", **how)
    assert answer.status_code == 401
    assert SECRET[6:] not in answer.text


def test_a_method_in_the_query_is_the_one_that_is_proved(double: OsTicketDouble) -> None:
    """osTicket lets ``?_method=`` of a GET choose the handler."""
    path = "/support-policy/ping.json"
    plain = ("GET", path)
    assert ask(double, f"{path}?_method=POST", signed=plain).status_code == 401
    assert ask(double, f"{path}?_method=POST").status_code == 401
    honest = ("POST", f"{path}?_method=POST")
    assert ask(double, f"{path}?_method=POST", signed=honest).status_code == 200


def test_what_no_route_knows_is_400(double: OsTicketDouble) -> None:
    assert ask(double, "/support-policy/other.json").status_code == 400
    assert ask(double, "/support-policy/status.json", method="PUT").status_code == 400


def test_a_decision_is_applied_once(double: OsTicketDouble) -> None:
    number = double.helpdesk.open("Help", "My site is down.")
    update = {
        "priority": "low",
        "due_at": "2031-03-05T14:07:09Z",
        "target": "low",
        "tags": ["policy_low"],
        "fields": {"class": "low.general"},
        "note": {"stamp": "support-policy a/1/b", "text": "Why. [support-policy a/1/b]"},
    }
    first = post(double, number, **update)
    assert first["changes"] == ["plan", "due_at", "priority", "tags", "fields", "note"]
    assert first["ticket"]["notes"] == ["support-policy a/1/b"]
    assert first["ticket"]["due_at"] == "2031-03-05T14:07:09Z"
    second = post(double, number, **update)
    assert (second["changes"], second["not_kept"], second["ignored"]) == ([], [], "")
    assert second["ticket"] == first["ticket"]


def test_an_older_decision_is_ignored(double: OsTicketDouble) -> None:
    number = double.helpdesk.open("Help", "My site is down.")
    post(double, number, at="2026-11-24T18:00:00.000002Z", priority="low")
    late = post(double, number, at="2026-11-24T18:00:00.000001Z", priority="high")
    assert (late["ignored"], late["changes"]) == ("older", [])
    assert late["ticket"]["priority"] == "low"


@pytest.mark.parametrize("act", ["agent_notes", "auto_reply", "nothing"])
def test_only_what_the_state_shows_makes_another_revision(double: OsTicketDouble, act: str) -> None:
    number = double.helpdesk.open("Help", "My site is down.")
    before = double.helpdesk.wire(double.ticket(number))["revision"]
    if act != "nothing":
        getattr(double.helpdesk, act)(number, "words")
    assert double.helpdesk.wire(double.ticket(number))["revision"] == before
    double.helpdesk.agent_sets(number, priority="high")
    assert double.helpdesk.wire(double.ticket(number))["revision"] != before


@pytest.mark.parametrize(
    "change",
    [
        {"type": "ticket.created"},
        {"decided_at": "yesterday"},
        {"ticket": {"id": 1, "number": "000000"}},
        {"update": []},
        {"update": {"colour": "red"}},
        {"update": {"due_at": "2026-11-24T18:00:00+00:00"}},
        {"update": {"note": {"stamp": "support-policy a", "text": "without it"}}},
        {"mode": "dream"},
        {"more": 1},
    ],
)
def test_a_malformed_decision_is_400_and_changes_nothing(
    double: OsTicketDouble, change: dict[str, Any]
) -> None:
    number = double.helpdesk.open("Help", "My site is down.")
    before = double.helpdesk.wire(double.ticket(number))
    path = f"/support-policy/tickets/{number}.json"
    answer = ask(double, path, method="POST", message=decided(number) | change)
    assert answer.status_code == 400
    assert double.helpdesk.wire(double.ticket(number)) == before


@pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?limit=x", "?before=x"])
def test_a_page_that_cannot_be_is_400(double: OsTicketDouble, query: str) -> None:
    assert ask(double, f"/support-policy/tickets.json{query}").status_code == 400


def test_a_row_waits_twice_as_long_each_time_and_an_hour_at_most(double: OsTicketDouble) -> None:
    now = double.helpdesk.now()
    row = Row(event="e", number="1", created_at=now, next_at=now)
    waits = []
    for _ in range(9):
        row.failed("HTTP 503", now)
        waits.append((row.next_at - now).total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
