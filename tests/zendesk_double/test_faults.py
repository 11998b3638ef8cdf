"""Faults of the API, and stopping in the midst of them."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest
import requests
from tests.zendesk_double.desk import Api

from support_policy.demo.zendesk_double import ZendeskDouble


def test_a_broken_call_answers_a_page_and_does_nothing(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    double.faults.broken = 1
    double.faults.broken_status = 502
    answer = api.put_ticket(number, priority="high")
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert double.ticket(number)["priority"] is None
    assert api.put_ticket(number, priority="high").status_code == 200


def test_a_reset_connection_does_nothing(double: ZendeskDouble, api: Api, number: int) -> None:
    double.faults.reset = 1
    with pytest.raises(requests.ConnectionError):
        api.put_ticket(number, priority="high")
    assert double.ticket(number)["priority"] is None
    assert double.requests[-1].status == 0


def test_a_lost_answer_leaves_the_write_done(double: ZendeskDouble, api: Api, number: int) -> None:
    double.faults.lose_write_answers = 1
    assert api.get(f"tickets/{number}").status_code == 200
    with pytest.raises(requests.ConnectionError):
        api.put_ticket(number, priority="high")
    assert double.ticket(number)["priority"] == "high"
    assert double.writes(number) == 1


def test_a_hanging_call_ends_in_the_callers_timeout(double: ZendeskDouble, api: Api) -> None:
    double.faults.hang = 1
    with pytest.raises(requests.Timeout):
        requests.get(f"{double.url}/api/v2/users/me", timeout=0.1)
    assert api.get("users/me").status_code == 200


def test_a_safe_update_meets_somebody_elses_change(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    def theirs(ticket: int) -> None:
        double.update_ticket(ticket, by=double.colleague, priority="urgent")

    double.faults.conflict_next = 1
    double.faults.concurrent_change = theirs
    read = api.get(f"tickets/{number}").json()["ticket"]["updated_at"]
    safe = {"safe_update": True, "updated_stamp": read}
    assert api.put_ticket(number, priority="low", **safe).status_code == 409
    assert double.ticket(number)["priority"] == "urgent"
    again = double.ticket(number)["updated_at"]
    answer = api.put_ticket(number, priority="low", safe_update=True, updated_stamp=again)
    assert answer.status_code == 200


def test_calming_down_ends_every_fault(double: ZendeskDouble, api: Api) -> None:
    double.faults.broken = 5
    double.faults.slow = 60.0
    double.faults.calm()
    assert api.get("users/me").status_code == 200


def test_everything_that_came_is_recorded(double: ZendeskDouble, api: Api, number: int) -> None:
    api.get(f"tickets/{number}?include=users")
    api.put_ticket(number, priority="high")
    token, read, written = double.requests
    assert (token.method, token.path, token.status) == ("POST", "/oauth/tokens", 200)
    assert (read.query, read.body) == ({"include": "users"}, None)
    assert written.body == b'{"ticket": {"priority": "high"}}'
    assert written.headers["Authorization"] == f"Bearer {api.token}"


def test_stopping_leaves_no_thread_and_no_call_hanging() -> None:
    before = set(threading.enumerate())
    ended: list[float] = []

    def call(url: str) -> None:
        with contextlib.suppress(requests.RequestException):
            requests.get(f"{url}/api/v2/users/me", timeout=20)
        ended.append(time.monotonic())

    with ZendeskDouble() as double:
        double.faults.hang = 1
        caller = threading.Thread(target=call, args=(double.url,))
        caller.start()
        deadline = time.monotonic() + 5
        while not double.requests:
            assert time.monotonic() < deadline
    caller.join(5)
    assert ended
    assert set(threading.enumerate()) == before


def test_a_stopped_double_starts_again_with_what_it_had() -> None:
    double = ZendeskDouble()
    with double:
        number = double.open_ticket(
            requester=double.end_user("jo@c.example"), subject="s", body="b"
        )
    with double:
        assert Api(double).get(f"tickets/{number}").status_code == 200
    with pytest.raises(RuntimeError):
        _ = double.url
