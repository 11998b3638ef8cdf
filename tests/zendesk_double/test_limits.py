"""Limits and their headers."""

from __future__ import annotations

import re
import time

from tests.zendesk_double.desk import Api

from support_policy.demo.zendesk_double import Plan, ZendeskDouble


def test_every_answer_counts_down_the_accounts_limit() -> None:
    with ZendeskDouble(speed=1.0) as double:
        api = Api(double)
        seen = [api.get("users/me").headers["x-rate-limit-remaining"] for _ in range(2)]
        headers = api.get("users/me").headers
    assert seen == ["399", "398"]
    assert headers["x-rate-limit"] == headers["ratelimit-limit"] == "400"
    assert headers["ratelimit-remaining"] == "397"
    assert 50 < int(headers["ratelimit-reset"]) <= 60


def test_the_account_refuses_what_is_over_its_plan() -> None:
    with ZendeskDouble(Plan.TEAM, speed=1.0) as double:
        double.account.limits.account.total = 2  # as if 198 calls had been made
        api = Api(double)
        statuses = [api.get("users/me").status_code for _ in range(3)]
        refused = api.get("users/me")
    assert statuses == [200, 200, 429]
    assert 50 < int(refused.headers["Retry-After"]) <= 60


def test_plans_allow_what_they_are_said_to() -> None:
    assert [plan.requests_per_minute for plan in Plan] == [200, 400, 400, 700]


def test_a_ticket_takes_thirty_updates_of_one_user_in_ten_minutes() -> None:
    with ZendeskDouble(speed=1.0) as double:
        api = Api(double)
        customer = double.end_user("jo@c.example")
        first, second = (
            double.open_ticket(requester=customer, subject="s", body="b") for _ in range(2)
        )
        answers = [api.put_ticket(first, subject=str(each)) for each in range(31)]
        elsewhere = api.put_ticket(second, subject="x")
    assert [each.status_code for each in answers] == [200] * 30 + [429]
    header = "zendesk-ratelimit-per-ticket-updates"
    assert re.fullmatch(r"total=30; remaining=29; resets=(59\d|600)", answers[0].headers[header])
    assert 500 < int(answers[-1].headers["Retry-After"]) <= 600
    # The account's own limit is far from used up: an endpoint's limit comes first.
    assert int(answers[-1].headers["x-rate-limit-remaining"]) > 300
    assert elsewhere.status_code == 200
    assert "total=100; remaining=69" in elsewhere.headers["zendesk-rate-limit-tickets-update"]


def test_agents_saves_use_up_the_accounts_updates() -> None:
    with ZendeskDouble(speed=1.0) as double:
        api = Api(double)
        number = double.open_ticket(
            requester=double.end_user("jo@c.example"), subject="s", body="b"
        )
        for each in range(100):
            double.update_ticket(number, by=double.agent, tags=[f"t{each}"])
        assert api.put_ticket(number, priority="high").status_code == 429


def test_the_export_takes_ten_calls_a_minute() -> None:
    with ZendeskDouble(speed=1.0) as double:
        api = Api(double)
        path = "incremental/tickets/cursor?start_time=0"
        assert [api.get(path).status_code for _ in range(11)] == [200] * 10 + [429]


def test_windows_open_again_as_fast_as_the_speed_says() -> None:
    with ZendeskDouble(speed=600.0) as double:  # a minute in a tenth of a second
        api = Api(double)
        double.account.limits.account.total = 1
        deadline = time.monotonic() + 5
        statuses = [api.get("users/me").status_code]
        while statuses[-1] != 429 or statuses.count(200) < 2:
            statuses.append(api.get("users/me").status_code)
            assert time.monotonic() < deadline
    assert {200, 429} == set(statuses)


def test_a_storm_refuses_every_call_and_says_for_how_long(double: ZendeskDouble, api: Api) -> None:
    double.storm(30.0)
    answer = api.get("users/me")
    assert answer.status_code == 429
    assert 28 <= int(answer.headers["Retry-After"]) <= 30
    double.storm(0.0)
    assert api.get("users/me").status_code == 200
