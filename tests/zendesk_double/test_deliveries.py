"""Deliveries: events, repeats, and what gets lost on the way."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest
from tests.zendesk_double.desk import BODY, Api, Receiver

from support_policy.demo.zendesk_double import ZendeskDouble


def ready(api: Api, receiver: Receiver) -> str:
    webhook = api.webhook(receiver.url)
    api.trigger(("notification_webhook", [webhook, BODY]))
    return webhook


def opened(double: ZendeskDouble, how_many: int = 1) -> list[int]:
    customer = double.end_user("jo@c.example")
    numbers = [
        double.open_ticket(requester=customer, subject="s", body="b") for _ in range(how_many)
    ]
    assert double.settle(10)
    return numbers


@pytest.mark.parametrize(
    ("status", "headers", "attempts"),
    [
        (200, {}, 1),
        (500, {}, 1),
        (403, {}, 1),
        (409, {}, 4),
        (503, {}, 1),
        (503, {"Retry-After": "120"}, 1),
    ],
)
def test_only_some_answers_are_tried_again(
    double: ZendeskDouble,
    api: Api,
    receiver: Receiver,
    status: int,
    headers: dict[str, str],
    attempts: int,
) -> None:
    receiver.answer = lambda _: (status, headers)
    ready(api, receiver)
    opened(double)
    assert len(receiver.got) == attempts
    assert [sent.attempt for sent in double.sent] == list(range(1, attempts + 1))


def test_a_short_retry_after_is_kept_to(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    receiver.answer = lambda turn: (503, {"Retry-After": "10"}) if turn == 1 else (200, {})
    webhook = ready(api, receiver)
    opened(double)
    assert [sent.status for sent in double.sent] == [503, 200]
    (invocation,) = api.get(f"webhooks/{webhook}/invocations").json()["invocations"]
    assert invocation["status"] == "success"
    path = f"webhooks/{webhook}/invocations/{invocation['id']}/attempts"
    attempts = api.get(path).json()["attempts"]
    assert [each["response"]["status_code"] for each in attempts] == [503, 200]


def test_a_timeout_is_tried_five_times_more(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    answered = Event()

    def late(_: int) -> tuple[int, dict[str, str]]:
        answered.wait(5)
        return 200, {}

    double.account.sender.timeout = 0.05
    receiver.answer = late
    ready(api, receiver)
    opened(double)
    answered.set()
    assert [sent.error for sent in double.sent] == ["timeout"] * 6


def test_dropped_invocations_never_arrive_and_nobody_says_so(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    double.faults.drop = 0.5
    webhook = ready(api, receiver)
    numbers = opened(double, 40)
    dropped = {sent.ticket_id for sent in double.sent if sent.dropped}
    arrived = {int(json.loads(got.body)["ticket_id"]) for got in receiver.got}
    assert dropped | arrived == set(numbers)
    assert not dropped & arrived
    assert 8 < len(dropped) < 32
    listed = api.get(f"webhooks/{webhook}/invocations").json()["invocations"]
    assert len(listed) == len(arrived)


def test_the_same_seed_drops_the_same_tickets() -> None:
    lost = []
    for _ in range(2):
        with ZendeskDouble(seed=3, webhook_timeout=0.3) as double:
            double.faults.drop = 0.5
            api = Api(double)
            webhook = api.webhook("http://127.0.0.1:9/")
            api.trigger(("notification_webhook", [webhook, BODY]))
            opened(double, 8)
            lost.append([sent.ticket_id for sent in double.sent if sent.dropped])
    assert lost[0] == lost[1] != []


def test_duplicates_come_twice_with_one_invocation(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    double.faults.duplicate = 1.0
    ready(api, receiver)
    opened(double)
    first, second = receiver.got
    name = "X-Zendesk-Webhook-Invocation-Id"
    assert first.headers[name] == second.headers[name]
    assert first.body == second.body
    assert sorted(sent.duplicate for sent in double.sent) == [False, True]


def test_delays_are_waited_for(double: ZendeskDouble, api: Api, receiver: Receiver) -> None:
    double.faults.delay = (0.1, 0.2)
    ready(api, receiver)
    double.open_ticket(requester=double.end_user("jo@c.example"), subject="s", body="b")
    assert not double.settle(0.01)
    assert double.settle(5)
    assert len(receiver.got) == 1


def test_reordered_invocations_arrive_out_of_order(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    double.faults.reorder = 0.5
    ready(api, receiver)
    numbers = opened(double, 12)
    arrived = [int(json.loads(got.body)["ticket_id"]) for got in receiver.got]
    assert sorted(arrived) == numbers
    assert arrived != numbers


def events(receiver: Receiver) -> list[Any]:
    return [json.loads(got.body) for got in receiver.got]


def test_an_event_is_written_with_its_traps(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    api.webhook(receiver.url, subscriptions=["zen:event-type:ticket.created"])
    customer = double.end_user("jo@c.example")
    number = double.open_ticket(
        requester=customer, subject="s", body="b", priority="low", channel="email"
    )
    assert double.settle(5)
    (event,) = events(receiver)
    assert receiver.got[0].body.startswith(b'{\n  "')
    assert event["type"] == "zen:event-type:ticket.created"
    assert event["subject"] == f"zen:ticket:{number}"
    detail = event["detail"]
    assert (detail["id"], detail["requester_id"]) == (str(number), str(customer.id))
    assert (detail["priority"], detail["status"], detail["type"]) == ("LOW", "NEW", None)
    assert (detail["tags"], detail["organization_id"]) == (None, None)
    assert detail["via"] == {"channel": "mail"}
    assert "custom_fields" not in detail
    assert len(event["time"]) == len("2025-01-08T10:12:07.672717030Z")


def test_a_change_is_told_to_those_who_listen_for_it(
    double: ZendeskDouble, api: Api, receiver: Receiver, number: int
) -> None:
    wanted = ["priority_changed", "tags_changed", "comment_added", "soft_deleted"]
    kinds = [f"zen:event-type:ticket.{each}" for each in wanted]
    api.webhook(receiver.url, subscriptions=kinds)
    api.put_ticket(number, priority="high", tags=["a"], status="open", comment={"body": "c"})
    double.delete_ticket(number)
    assert double.settle(5)
    assert sorted(event["type"] for event in events(receiver)) == sorted(kinds)
    ours = str(double.service_user.id)
    (changed,) = [each for each in events(receiver) if "priority_changed" in each["type"]]
    assert changed["detail"]["actor_id"] == ours
    assert (changed["event"]["current"], changed["event"]["previous"]) == ("HIGH", None)
    assert changed["event"]["meta"]["sequence"]["position"] == 2  # after the status


def test_triggers_and_events_exclude_each_other(api: Api) -> None:
    webhook = {
        "name": "x",
        "endpoint": "https://h.example/",
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": ["conditional_ticket_events", "zen:event-type:ticket.created"],
    }
    assert api.call("POST", "webhooks", {"webhook": webhook}).status_code == 422


def test_a_failing_endpoint_is_left_alone_for_a_moment(receiver: Receiver) -> None:
    receiver.answer = lambda turn: (500, {}) if turn <= 10 else (200, {})
    with ZendeskDouble(speed=5.0) as double:  # five seconds of peace take one
        api = Api(double)
        webhook = ready(api, receiver)
        opened(double, 10)
        double.open_ticket(requester=double.end_user("jo@c.example"), subject="s", body="b")
        listed = api.get(f"webhooks/{webhook}/invocations").json()["invocations"]
        assert listed[0]["status"] in {"pending", "circuit broken"}
        assert len(receiver.got) == 10
        assert double.settle(5)
        assert double.sent[-1].status == 200
