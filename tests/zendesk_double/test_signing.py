"""Signatures against Zendesk's documents."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tests.zendesk_double.desk import BODY, Api, Receiver

from support_policy.demo.zendesk_double import ZendeskDouble
from support_policy.demo.zendesk_double.webhooks import TEST_SECRET, signature

DOCUMENTED_SECRET = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA="
DOCUMENTED_OLD_SIGNATURE = "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw="
MOMENT = "2021-07-25T10:00:00Z"
SAID = b'{"say": "hello"}'


def openssl(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def test_the_static_test_secret_signs_moment_then_body() -> None:
    # printf '%s' '2021-07-25T10:00:00Z{"say": "hello"}' | openssl dgst -sha256 -hmac SECRET -binary
    expected = "gf3v0LzLRHPUnIdhbvwRDVEvzSb07/QN0GYjSNlkBT0="
    assert TEST_SECRET == "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
    assert signature(TEST_SECRET, MOMENT, SAID) == expected


def test_the_old_order_of_body_then_moment_is_not_what_is_signed() -> None:
    """The vector of 2021 has body and moment the other way round, and the secret's own bytes."""
    assert openssl(DOCUMENTED_SECRET.encode(), SAID + MOMENT.encode()) == DOCUMENTED_OLD_SIGNATURE
    assert signature(DOCUMENTED_SECRET, MOMENT, SAID) != DOCUMENTED_OLD_SIGNATURE


def test_a_delivery_is_signed_over_its_raw_bytes(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    webhook = api.webhook(receiver.url)
    api.trigger(("notification_webhook", [webhook, BODY]))
    secret = api.get(f"webhooks/{webhook}/signing_secret").json()["signing_secret"]["secret"]
    double.open_ticket(requester=double.end_user("jo@c.example"), subject="a", body="b")
    assert double.settle(5)
    (got,) = receiver.got
    moment = got.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    expected = openssl(secret.encode(), moment.encode() + got.body)
    assert got.headers["X-Zendesk-Webhook-Signature"] == expected
    assert got.headers["X-Zendesk-Webhook-Id"] == webhook
    assert got.headers["User-Agent"] == "Zendesk Webhook"


def test_a_reset_secret_signs_the_next_delivery(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    webhook = api.webhook(receiver.url)
    path = f"webhooks/{webhook}/signing_secret"
    old = api.get(path).json()["signing_secret"]
    reset = api.call("POST", path)
    assert reset.status_code == 201
    assert reset.json()["signing_secret"] != old
    assert api.get(path).json() == reset.json()
    assert double.reset_webhook_secret(webhook) != reset.json()["signing_secret"]["secret"]


def test_the_test_call_of_a_webhook_not_yet_made_uses_the_static_secret(
    api: Api, receiver: Receiver
) -> None:
    answer = api.call("POST", "webhooks/test", {"request": {"endpoint": receiver.url}})
    assert answer.json()["response"]["status_code"] == 200
    (got,) = receiver.got
    moment = got.headers["X-Zendesk-Webhook-Signature-Timestamp"].encode()
    expected = openssl(TEST_SECRET.encode(), moment + got.body)
    assert got.headers["X-Zendesk-Webhook-Signature"] == expected


def test_the_test_call_of_a_webhook_uses_its_own_secret_and_credentials(
    api: Api, receiver: Receiver
) -> None:
    login = {"type": "bearer_token", "data": {"token": "sesame"}, "add_position": "header"}
    webhook = api.webhook(receiver.url, authentication=login)
    secret = api.get(f"webhooks/{webhook}/signing_secret").json()["signing_secret"]["secret"]
    asked = {"request": {"payload": '{"a": 1}'}}
    answer = api.call("POST", f"webhooks/test?webhook_id={webhook}", asked)
    assert answer.status_code == 200
    (got,) = receiver.got
    assert got.body == b'{"a": 1}'
    assert got.headers["Authorization"] == "Bearer sesame"
    moment = got.headers["X-Zendesk-Webhook-Signature-Timestamp"].encode()
    expected = openssl(secret.encode(), moment + got.body)
    assert got.headers["X-Zendesk-Webhook-Signature"] == expected


def test_no_answer_of_the_api_echoes_a_secret(api: Api) -> None:
    login = {"type": "basic_auth", "data": {"username": "u", "password": "sesame"}}
    webhook = api.webhook("https://h.example/", authentication=login)
    shown = api.get(f"webhooks/{webhook}")
    assert shown.json()["webhook"]["authentication"]["data"] == {"username": "u"}
    assert "sesame" not in shown.text + api.get("webhooks").text


def test_the_signatures_moment_follows_a_skewed_clock(
    double: ZendeskDouble, api: Api, receiver: Receiver
) -> None:
    double.faults.clock_skew = -7200.0
    answer = api.call("POST", "webhooks/test", {"request": {"endpoint": receiver.url}})
    moment = datetime.fromisoformat(
        receiver.got[0].headers["X-Zendesk-Webhook-Signature-Timestamp"]
    )
    behind = datetime.now(UTC) - moment
    assert timedelta(seconds=7199) < behind < timedelta(seconds=7230)
    assert abs(parsedate_to_datetime(answer.headers["Date"]) - moment) < timedelta(seconds=30)
