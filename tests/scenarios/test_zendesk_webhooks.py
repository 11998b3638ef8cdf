"""What reaches the edge from Zendesk, and from those who are not Zendesk."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import requests
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import DESK, HIGH, LOW, Rig, Rigs

account, rig, rigs = zendesk_rig.account, zendesk_rig.shared, zendesk_rig.rigs

OPENED = b'{"event": "ticket.opened", "ticket_id": "%d"}'


def kept(rig: Rig) -> int:
    return int(rig.rows("SELECT count(*) FROM deliveries")[0][0])


def test_a_stranger_is_turned_away_and_nothing_is_kept(rig: Rig) -> None:
    before, body = kept(rig), OPENED % 7
    good = rig.headers(body)
    signature, timestamp = (
        "X-Zendesk-Webhook-Signature",
        "X-Zendesk-Webhook-Signature-Timestamp",
    )
    forged = [
        {},
        {name: value for name, value in good.items() if name != signature},
        {name: value for name, value in good.items() if name != timestamp},
        {**good, signature: ""},
        {**good, signature: "AAAA" + good[signature][4:]},
        {**good, signature: good[signature].lower()},
        {**good, timestamp: "2020-01-01T00:00:00Z"},
        {**good, timestamp: "now"},
        rig.headers(body, secret="another account's"),
        rig.headers(b"another body"),
    ]
    answers = [rig.post(body, headers=headers) for headers in forged]
    assert [answer.status_code for answer in answers] == [401] * len(forged)
    assert not any("secret" in answer.text and "dGhp" in answer.text for answer in answers)
    assert kept(rig) == before


def test_the_secret_of_zendesks_manual_opens_nothing(rig: Rig) -> None:
    body = OPENED % 7
    manual = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
    assert rig.post(body, secret=manual).status_code == 401


def test_a_body_that_was_cut_or_changed_on_its_way_is_not_believed(rig: Rig) -> None:
    before, body = kept(rig), OPENED % 7
    headers = rig.headers(body)
    for other in (body[:-9], body[:1], b"", body + b" ", body.replace(b"7", b"8")):
        assert rig.post(other, headers=headers).status_code == 401
    assert kept(rig) == before


@pytest.mark.parametrize("minutes", [-60, -6, 6, 60])
def test_a_stale_or_future_request_is_not_believed(rig: Rig, minutes: int) -> None:
    before, body = kept(rig), OPENED % 7
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert rig.post(body, at=at).status_code == 401
    assert kept(rig) == before


def test_a_replay_is_kept_once_and_written_once(rig: Rig) -> None:
    number = rig.treated()
    (sent,) = (each for each in rig.double.sent if each.ticket_id == number)
    before = kept(rig)
    for _ in range(3):
        assert rig.post(sent.body, headers=sent.headers).status_code == 200
    rig.work()
    assert kept(rig) == before
    assert len(rig.puts(number)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe{}",
        b'{"event": "ticket.opened", "ticket_id": "\xe9"}',
        '{"event": "ticket.opened", "ticket_id": "7"}'.encode("utf-16"),
        b'{"event": "ticket.opened", "ticket_id": "7"',
        b"null",
        b"[]",
        b'"ticket.opened"',
        b"7",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"event": "ticket.opened", "ticket_id": ' + b"9" * 5000 + b"}",
        b"{}",
        b'{"ticket_id": "7"}',
        b'{"event": null, "ticket_id": "7"}',
        b'{"event": ["ticket.opened"], "ticket_id": "7"}',
        b'{"event": "ticket.exploded", "ticket_id": "7"}',
    ],
)
def test_what_cannot_be_read_is_400_and_not_kept(rig: Rig, body: bytes) -> None:
    before = kept(rig)
    answer = rig.post(body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]
    assert kept(rig) == before


@pytest.mark.parametrize(
    "number",
    [
        "null",
        "true",
        "[7]",
        '{"id": 7}',
        "7.5",
        "-7",
        "0",
        "NaN",
        "Infinity",
        '""',
        '"seven"',
        '"-7"',
        '"7 "',
        '"7\\u0000"',
        '"7/../8"',
        '"7?x=1"',
        '"\\u0667"',
        '"\\ud800"',
        '"000"',
        '"' + "9" * 400 + '"',
    ],
)
def test_a_number_that_is_no_tickets_is_400_and_not_kept(rig: Rig, number: str) -> None:
    before = kept(rig)
    for event in ("ticket.opened", "ticket.changed"):
        body = f'{{"event": "{event}", "ticket_id": {number}}}'
        answer = rig.post(body.encode())
        assert answer.status_code == 400, answer.text
    envelope = f'{{"type": "zen:event-type:ticket.created", "detail": {{"id": {number}}}}}'
    assert rig.post(envelope.encode()).status_code == 400
    assert kept(rig) == before


def test_a_number_with_noughts_before_it_does_not_stop_the_desk(rig: Rig) -> None:
    number = rig.treated()
    body = b'{"event": "ticket.opened", "ticket_id": "0%d"}' % number
    assert rig.post(body).status_code in {200, 400}
    rig.work()
    assert not rig.store.backlog().pauses, rig.trouble()
    assert rig.treated() == number + 1
    assert rig.states() == {"done": 2}
    assert len(rig.puts(number)) == 1


def test_a_body_that_is_too_large_is_413_and_not_kept(rig: Rig) -> None:
    before = kept(rig)
    body = b'{"event": "ticket.opened", "ticket_id": "7", "x": "%s"}' % (b"x" * 262_144)
    assert rig.post(body).status_code == 413
    assert kept(rig) == before


def test_other_addresses_and_methods_tell_nothing(rig: Rig) -> None:
    body = OPENED % 7
    headers = rig.headers(body)
    elsewhere = requests.post(f"{rig.url}/webhooks/acme", data=body, headers=headers, timeout=9)
    looked = requests.get(f"{rig.url}/webhooks/{DESK}", timeout=9)
    assert (elsewhere.status_code, looked.status_code) == (404, 405)
    assert "acme" not in elsewhere.text


def test_an_event_that_asks_for_nothing_is_answered_and_not_kept(rig: Rig) -> None:
    before = kept(rig)
    for body in (b'{"event": "ping"}', b'{"type": "zen:event-type:ticket.tags_changed"}'):
        assert rig.post(body).status_code == 200
    assert kept(rig) == before


def test_a_store_that_is_down_is_409_and_zendesks_next_try_is_kept(rig: Rig) -> None:
    tries: list[int] = []

    def accept(delivery: object) -> bool:
        down = len(tries) < 2
        tries.append(1)
        swap(rig, away=down)
        try:
            return rig.store.accept(delivery)  # type: ignore[arg-type]
        finally:
            if down:
                swap(rig, away=False)

    rig.accept = accept
    number = rig.treated()
    assert [each.status for each in rig.double.sent] == [409, 409, 200]
    assert len({each.invocation_id for each in rig.double.sent}) == 1
    assert rig.states() == {"done": 1}
    assert rig.own(number)["class"]


def swap(rig: Rig, *, away: bool) -> None:
    """Take the table of deliveries away, or put it back: a store that cannot keep anything."""
    names = ("deliveries", "deliveries_away") if away else ("deliveries_away", "deliveries")
    path = rig.folder / "support-policy.db"
    with closing(sqlite3.connect(path)) as database, database:
        there = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", names[:1]).fetchone()
        if there:
            database.execute("PRAGMA legacy_alter_table = ON")
            database.execute(f"ALTER TABLE {names[0]} RENAME TO {names[1]}")


def test_a_store_that_is_down_for_good_is_told_as_such(rig: Rig) -> None:
    swap(rig, away=True)
    rig.open()
    rig.arrive()
    assert {each.status for each in rig.double.sent} == {409}
    assert requests.get(f"{rig.url}/metrics", timeout=9).status_code == 503
    swap(rig, away=False)
    assert rig.states() == {}


def test_doubled_delayed_and_reordered_webhooks_change_no_ticket_twice(rig: Rig) -> None:
    faults = rig.double.faults
    faults.duplicate, faults.delay, faults.reorder = 1.0, (0.0, 0.2), 0.5
    numbers = [rig.open((HIGH, LOW)[place % 2]) for place in range(12)]
    other = rig.double.end_user("someone@northpier.example")
    for number in numbers[:6]:
        rig.double.update_ticket(number, by=rig.double.agent, requester=other)
    rig.treat()
    assert {each.status for each in rig.double.sent} == {200}
    assert len(rig.double.sent) == 36
    assert rig.states() == {"done": 18}
    for place, number in enumerate(numbers):
        assert rig.double.ticket(number)["priority"] == ("high", "low")[place % 2]
        assert len(rig.notes(number)) == 1
        assert len(rig.puts(number)) == 1


def test_a_change_that_overtakes_the_opening_loses_nothing(rig: Rig) -> None:
    rig.double.faults.drop = 1.0
    number = rig.open()
    other = rig.double.end_user("else@northpier.example")
    rig.double.update_ticket(number, by=rig.double.agent, requester=other)
    opening, change = (each.body for each in rig.double.sent)
    for body in (change, opening, change):
        assert rig.post(body).status_code == 200
        rig.work()
    assert rig.states() == {"done": 2}
    assert rig.double.ticket(number)["priority"] == "high"
    assert len(rig.puts(number)) == 1


def test_our_own_write_calls_no_webhook(rig: Rig) -> None:
    rig.treated()
    rig.arrive()
    assert [each.event for each in rig.double.sent] == ["conditional_ticket_events"]


def test_event_webhooks_serve_as_well_as_triggers(rigs: Rigs) -> None:
    rig = rigs()
    account = rig.double.account
    with account.lock:
        for trigger in account.triggers.shelf:
            trigger["active"] = False
        webhook = dict(account.webhooks.shelf.get(rig.webhook))
        webhook["subscriptions"] = [
            f"zen:event-type:ticket.{kind}"
            for kind in ("created", "requester_changed", "tags_changed", "priority_changed")
        ]
        webhook["name"] = "Events"
        secret = account.webhooks.secret(account.webhooks.create(webhook, 1)["id"])
    file = rig.folder / "zendesk-signing-secret"
    file.write_text(f"{file.read_text()}{secret}\n")
    number = rig.treated()
    other = rig.double.end_user("someone@northpier.example")
    rig.double.update_ticket(number, by=rig.double.agent, requester=other)
    rig.treat()
    assert {each.status for each in rig.double.sent} == {200}
    assert rig.states() == {"done": 2}
    assert rig.double.ticket(number)["priority"] == "high"
    assert len(rig.puts(number)) == 1


def test_an_opening_told_by_trigger_and_event_is_one_delivery(rig: Rig) -> None:
    number = rig.treated()
    before = kept(rig)
    body = {"type": "zen:event-type:ticket.created", "detail": {"id": str(number)}, "id": "x"}
    assert rig.post(json.dumps(body).encode()).status_code == 200
    assert kept(rig) == before


def test_a_reset_secret_is_fetched_by_apply_and_the_old_one_stays_good(rigs: Rigs) -> None:
    rig = rigs()
    old = rig.double.account.webhooks.secret(rig.webhook)
    new = rig.double.reset_webhook_secret(rig.webhook)
    number = rig.open()
    rig.arrive()
    assert [each.status for each in rig.double.sent] == [401]
    doctor = rig.doctor()
    assert (doctor["signing secret"].ok, doctor["webhook"].ok) == (False, False)
    told = "\n".join(rig.apply())
    file = rig.folder / "zendesk-signing-secret"
    assert new not in told
    assert old not in told
    assert file.read_text().split() == [new, old]
    assert file.stat().st_mode & 0o077 == 0
    for secret in (old, new):  # without a restart
        assert rig.post(OPENED % number, secret=secret).status_code == 200
    assert rig.states() == {"accepted": 1}


def test_two_resets_later_the_oldest_secret_opens_nothing(rigs: Rigs) -> None:
    rig = rigs()
    oldest = rig.double.account.webhooks.secret(rig.webhook)
    for _ in range(2):
        rig.double.reset_webhook_secret(rig.webhook)
        rig.apply()
    assert rig.post(OPENED % 7, secret=oldest).status_code == 401


def test_before_apply_nobody_is_believed(rigs: Rigs) -> None:
    rig = rigs(apply=False)
    answer = rig.post(OPENED % 7, secret="anything")
    assert answer.status_code == 401
    assert rig.states() == {}
