"""How the failures of an osTicket, its plugin and what stands before them are told apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses
from flask import Response
from tests.helpdesks.osticket.place import NAME, OsTicketPlace, desk_for
from tests.helpdesks.osticket.test_codec import TICKET, WRONG
from tests.osticket_double import API_KEY, OLDER_SECRET, SECRET, OsTicketDouble
from tests.osticket_double.signing import secret_of

from support_policy.core.ticket import Priority, Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    GoneError,
    HelpDeskError,
    LoginError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Finding
from support_policy.helpdesks.http import new_session
from support_policy.helpdesks.osticket.client import OsTicket
from support_policy.helpdesks.osticket.codec import OsTicketCodec
from support_policy.helpdesks.osticket.signature import key_of

URL = "https://desk.example.com/support"
ROUTES = f"{URL}/api/support-policy"
REF = TicketRef(desk=NAME, id="123456")
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
PAGE = "<html><body>osTicket :: Offline</body></html>"


def the_desk(api_key: str | None = API_KEY) -> OsTicket:
    key = key_of(SECRET)
    assert key is not None
    return OsTicket(
        name=NAME,
        url=URL,
        api_key=api_key,
        codec=OsTicketCodec(desk=NAME, keys=(key,)),
        session=new_session(),
        clock=lambda: NOW,
    )


@pytest.fixture
def desk() -> OsTicket:
    return the_desk()


def a_ticket(desk: OsTicket) -> Ticket:
    return desk.codec.ticket(dict(TICKET))


def asks(desk: OsTicket) -> dict[str, Callable[[], object]]:
    """Everything that the pipeline and the sweep ask of a desk."""
    ticket = a_ticket(desk)
    update = Update(ticket=REF, priority=Priority.LOW)
    return {
        "read": lambda: desk.read(REF),
        "write": lambda: desk.write(ticket, update),
        "opened": lambda: list(desk.opened(since=NOW, cursor=None, now=NOW)),
    }


def answering(rule: responses.RequestsMock, **how: Any) -> None:
    """Whatever is asked, this is the answer."""
    rule.add(responses.GET, f"{ROUTES}/tickets/123456.json", **how)
    rule.add(responses.POST, f"{ROUTES}/tickets/123456.json", **how)
    rule.add(responses.GET, f"{ROUTES}/tickets.json", **how)
    rule.assert_all_requests_are_fired = False


@pytest.mark.parametrize("what", ["read", "write", "opened"])
@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"body": requests.ConnectionError()}, UnavailableError),
        ({"body": requests.ConnectTimeout()}, UnavailableError),
        ({"body": requests.ReadTimeout()}, UnavailableError),
        ({"body": requests.exceptions.ChunkedEncodingError()}, UnavailableError),
        ({"status": 401, "json": {"error": "stale"}}, LoginError),
        ({"status": 403, "body": PAGE}, ForbiddenError),
        ({"status": 400, "json": {"error": "malformed"}}, RefusedError),
        ({"status": 400, "body": "URL not supported"}, UnavailableError),
        ({"status": 404, "body": PAGE}, UnavailableError),
        ({"status": 404, "json": ["gone"]}, UnavailableError),
        ({"status": 408}, UnavailableError),
        ({"status": 418}, RefusedError),
        ({"status": 429, "headers": {"Retry-After": "7"}}, RateLimitedError),
        ({"status": 500, "json": {"error": "x"}}, UnavailableError),
        ({"status": 502, "body": PAGE}, UnavailableError),
        ({"status": 503, "body": PAGE}, UnavailableError),
        ({"status": 503, "headers": {"Retry-After": "7"}}, RateLimitedError),
        ({"status": 200, "body": PAGE}, UnavailableError),
        ({"status": 200, "body": ""}, UnavailableError),
        ({"status": 200, "body": b"\xff\xfe"}, UnavailableError),
        ({"status": 200, "body": b"[" * 100_000}, UnavailableError),
        ({"status": 200, "body": b'{"a": ' + b"9" * 5000 + b"}"}, UnavailableError),
        ({"status": 200, "json": []}, UnavailableError),
        ({"status": 200, "json": None}, UnavailableError),
        ({"status": 200, "json": "ok"}, UnavailableError),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_failure_is_named_by_who_must_act(
    desk: OsTicket, what: str, how: dict[str, Any], error: type[HelpDeskError]
) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, **how)
        with pytest.raises(error) as caught:
            asks(desk)[what]()
    assert not (error is UnavailableError and isinstance(caught.value, LoginError))
    for secret in (API_KEY, SECRET, SECRET[6:]):
        assert secret not in str(caught.value)
    assert "Offline" not in str(caught.value)


@pytest.mark.parametrize("what", ["read", "write"])
def test_a_ticket_that_the_plugin_does_not_know_is_gone(desk: OsTicket, what: str) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, status=404, json={"error": "unknown ticket"})
        with pytest.raises(GoneError):
            asks(desk)[what]()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed_with_our_key(desk: OsTicket, status: int) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, status=status, headers={"Location": "https://evil.example/"})
        with pytest.raises(HelpDeskError):
            desk.read(REF)
        assert len(rule.calls) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG.items() for value in values],
    ids=lambda value: ascii(value)[:25],
)
def test_a_ticket_that_cannot_be_read_waits_and_holds_up_no_other(
    desk: OsTicket, name: str, value: object
) -> None:
    """Not a refusal: whoever mends the plugin finds the ticket still waiting."""
    with responses.RequestsMock() as rule:
        answering(rule, json={"ticket": {**TICKET, name: value}})
        with pytest.raises(BusyError):
            desk.read(REF)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"ticket": None},
        {"ticket": []},
        {"ticket": {}},
        {"ticket": "123456"},
        {"ticket": {**TICKET, "number": "654321"}},
        {"tickets": [TICKET]},
    ],
)
def test_an_answer_about_something_else_is_not_believed(desk: OsTicket, told: object) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, json=told)
        with pytest.raises(UnavailableError):
            desk.read(REF)


@pytest.mark.parametrize(
    ("kept", "lost"),
    [
        ({"not_kept": []}, ()),
        ({"not_kept": ["priority", "due_at"]}, ("priority", "due_at")),
        ({"not_kept": None}, ()),
        ({}, ()),
    ],
)
def test_what_the_plugin_did_not_keep_is_told(
    desk: OsTicket, kept: dict[str, Any], lost: tuple[str, ...]
) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, json={"ticket": TICKET, "changes": [], "ignored": "", **kept})
        assert desk.write(a_ticket(desk), Update(ticket=REF, tags=("a",))) == lost


@pytest.mark.parametrize("ignored", ["changed", "older"])
def test_a_decision_that_came_too_late_is_made_anew(desk: OsTicket, ignored: str) -> None:
    with responses.RequestsMock() as rule:
        told = {"ticket": TICKET, "changes": [], "not_kept": [], "ignored": ignored}
        answering(rule, json=told)
        with pytest.raises(ConflictError):
            desk.write(a_ticket(desk), Update(ticket=REF, tags=("a",)))


# The sweep


def listed(*tickets: object, after: object = None) -> dict[str, object]:
    return {"tickets": list(tickets), "next": after}


ROW = {"id": 12, "number": "123456", "created_at": "2026-11-24T17:59:58Z"}


@pytest.mark.parametrize("told", [{}, {"tickets": None}, {"tickets": {}}, {"tickets": "12"}])
def test_a_list_that_is_none_is_an_unwell_plugin(desk: OsTicket, told: object) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, json=told)
        with pytest.raises(UnavailableError):
            asks(desk)["opened"]()


@pytest.mark.parametrize(
    "odd",
    [None, 7, [], {}, {**ROW, "id": "12"}, {**ROW, "number": 7}, {**ROW, "created_at": "soon"}],
)
def test_one_odd_ticket_does_not_hide_the_others(desk: OsTicket, odd: object) -> None:
    with responses.RequestsMock() as rule:
        answering(rule, json=listed(odd, ROW))
        [page] = desk.opened(since=NOW, cursor=None, now=NOW)
    assert [each.key for each in page.deliveries] == ["opened:12"]
    assert page.deliveries[0].ticket is None


@pytest.mark.parametrize("after", [12, 13])
def test_pages_that_lead_nowhere_come_to_an_end(desk: OsTicket, after: int) -> None:
    """A plugin that names the same place again and again must not hold up the sweep for ever."""
    with responses.RequestsMock() as rule:
        answering(rule, json=listed(ROW, after=after))
        pages = desk.opened(since=NOW, cursor=None, now=NOW)
        most = 5
        for _ in range(most):
            if next(pages, None) is None:
                break
        else:
            pytest.fail(f"it asked {most} times for one page")


# Without a key


def test_where_nobody_may_call_nothing_is_asked() -> None:
    desk = the_desk(api_key=None)
    with responses.RequestsMock():
        assert asks(desk)["opened"]() == []
        with pytest.raises(GoneError):
            desk.read(REF)
        with pytest.raises(HelpDeskError):
            asks(desk)["write"]()
        findings = list(desk.examine(now=NOW))
    assert findings
    assert all(each.ok for each in findings)


# Against the double


@pytest.fixture(scope="module")
def double() -> Iterator[OsTicketDouble]:
    with OsTicketDouble(secrets=(SECRET, OLDER_SECRET)) as double:
        yield double


@pytest.fixture
def place(double: OsTicketDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[OsTicketPlace]:
    monkeypatch.setattr(double.api, "_ping", lambda: (200, {"ok": True, "ms": 3}))
    yield OsTicketPlace(double=double, desk=desk_for(double))
    double.admin.facts.clear()
    double.admin.mode = "enforce"
    double.api.fault = lambda: None
    double.sender.drift = 0.0
    double.sender.secrets = (SECRET, OLDER_SECRET)


@pytest.mark.parametrize("key", ["", "wrong", API_KEY.lower(), API_KEY + "0"])
def test_a_key_that_osticket_does_not_know_is_a_log_in_that_fails(
    place: OsTicketPlace, key: str
) -> None:
    ref = place.open_ticket()
    with pytest.raises(LoginError):
        desk_for(place.double, api_key=key).read(ref)


def test_a_secret_that_the_plugin_does_not_know_is_a_log_in_that_fails(
    place: OsTicketPlace,
) -> None:
    ref = place.open_ticket()
    place.double.sender.secrets = (secret_of(b"another secret, of another"),)
    with pytest.raises(LoginError):
        place.desk.read(ref)


def test_the_route_takes_either_secret_while_they_are_rotated(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    for theirs in ((SECRET,), (OLDER_SECRET,)):
        place.double.sender.secrets = theirs
        assert place.desk.read(ref).ref == ref


@pytest.mark.parametrize("drift", [-600.0, 600.0])
def test_clocks_far_apart_are_a_log_in_that_fails_and_doctor_names_them(
    place: OsTicketPlace, drift: float
) -> None:
    ref = place.open_ticket()
    place.double.sender.drift = drift
    with pytest.raises(LoginError):
        place.desk.read(ref)
    [finding] = found(place, ok=False)
    assert "clock" in finding.remedy


def test_a_body_of_60_000_letters_comes_whole_and_a_longer_one_is_cut(
    place: OsTicketPlace,
) -> None:
    ref = place.open_ticket(body="é" * 90_000)
    assert place.desk.read(ref).body == "é" * 60_000


def found(place: OsTicketPlace, *, ok: bool) -> list[Finding]:
    return [each for each in place.desk.examine(now=datetime.now(UTC)) if each.ok is ok]


def ago(**much: float) -> str:
    return (datetime.now(UTC) - timedelta(**much)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (lambda: {"plugin": "0.0.9"}, "version"),
        (lambda: {"now": ago(minutes=4)}, "clocks"),
        (lambda: {"cron": {"last_at": None, "last_auto": None}}, "cron"),
        (lambda: {"cron": {"last_at": ago(hours=3), "last_auto": True}}, "cron"),
        (
            lambda: {
                "outbox": {
                    "waiting": 3,
                    "oldest": ago(hours=2),
                    "last_error": "HTTP 503",
                    "last_delivered_at": None,
                }
            },
            "outbox",
        ),
        (
            lambda: {
                "schedule": {
                    "id": 1,
                    "name": "Monday - Friday 8am - 5pm with U.S. Holidays",
                    "us_holidays": True,
                }
            },
            "default schedule",
        ),
        (lambda: {"columns": {"class": True, "tags": False}}, "columns"),
        (lambda: {"fields": {"class": False}}, "fields"),
        (lambda: {"plans": {"high": True, "low": False}}, "plans"),
        (lambda: {"priorities": ["low", "high", "emergency"]}, "priorities"),
        (lambda: {"queue": False}, "queue"),
    ],
)
def test_what_is_wrong_is_one_finding_that_says_what_to_do(
    place: OsTicketPlace, facts: Callable[[], dict[str, Any]], name: str
) -> None:
    place.double.admin.facts |= facts()
    [finding] = found(place, ok=False)
    assert name in finding.name
    assert finding.detail
    assert finding.remedy


def test_a_service_that_the_plugin_does_not_reach_is_a_finding(
    place: OsTicketPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        place.double.api, "_ping", lambda: (200, {"ok": False, "error": "HTTP 401"})
    )
    [finding] = found(place, ok=False)
    assert "HTTP 401" in finding.detail
    assert finding.remedy


@pytest.mark.parametrize(
    "status",
    [
        {},
        {"plugin": None, "cron": [], "outbox": "x", "fields": [], "plans": None, "now": 7},
        {"schedule": None, "time_zones": [], "priorities": "low", "columns": 1},
        {"plugin": "\x1b[31m" * 100, "helpdesk": ["v1"], "cron": {"last_at": "9" * 400}},
    ],
)
def test_facts_of_another_kind_are_findings_and_never_break_doctor(
    place: OsTicketPlace, status: dict[str, Any]
) -> None:
    body = json.dumps(status)

    def answer() -> Response:
        return Response(body, mimetype="application/json")

    place.double.api.fault = answer
    findings = list(place.desk.examine(now=datetime.now(UTC)))
    assert not all(each.ok for each in findings)
    assert "\x1b" not in "".join(each.detail + each.remedy for each in findings)


def test_a_desk_without_the_plugin_says_so(place: OsTicketPlace) -> None:
    place.double.api.fault = lambda: Response("URL not supported", status=400)
    [finding] = list(place.desk.examine(now=datetime.now(UTC)))
    assert not finding.ok
    assert "plugin" in finding.detail
    assert "enabled" in finding.remedy
