"""The sidebar's edge: whose token opens it, what it tells, and what it never lets out."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jose import jwt
from tests.small_policy import said, small_policy
from tests.webhooks.zendesk_account import (
    AUDIENCE,
    CLIENT_SECRET,
    SUBDOMAIN,
    Account,
    claims,
    pair,
    token,
)
from werkzeug.test import TestResponse

from support_policy.core.explain import Texts
from support_policy.core.ticket import Field, Standing, TicketRef
from support_policy.errors import UnavailableError
from support_policy.permissions.panel import Panel
from support_policy.sidebar_session import LIFE, SidebarSessions, session_key
from support_policy.store.database import StoreUnavailableError
from support_policy.store.store import Store
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks.sidebar import WORDS
from support_policy_webhooks.static_files import static_files, static_version

PAGE = "/zendesk/zendesk/sidebar"
TICKET = f"{PAGE}/tickets/7"
REFUSAL = {"error": "this is for Zendesk's sidebar alone; reload the ticket"}


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    yield Account(store=store, policy=small_policy(tmp_path / "policy"))
    store.close()


@pytest.fixture
def client(account: Account) -> FlaskClient:
    return account.app().test_client()


def opened(client: FlaskClient, given: str, path: str = PAGE, **values: Any) -> TestResponse:
    return client.post(f"{path}?origin=x&app_guid=y", data={"token": given}, **values)


def session(client: FlaskClient, account: Account) -> str:
    """What the page holds, taken out of it as its script does."""
    page = opened(client, token(account.now))
    assert page.status_code == 200
    found = re.search(r'data-session="([^"]+)"', page.text)
    assert found
    return found[1]


def bearer(given: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {given}"}


def unsigned(payload: dict[str, Any], header: dict[str, str]) -> str:
    parts = (json.dumps(each).encode() for each in (header, payload))
    return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)


# Who may open it


def test_a_token_of_the_account_opens_the_page(client: FlaskClient, account: Account) -> None:
    page = opened(client, token(account.now))
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": f"https://{SUBDOMAIN}.zendesk.com"},
        {"context": None},
        {"context": {}},
        {"nbf": None, "jti": None, "sub": None, "qsh": None},
    ],
)
def test_what_zendesk_may_spell_otherwise_or_leave_out_is_no_obstacle(
    client: FlaskClient, account: Account, changes: dict[str, Any]
) -> None:
    assert opened(client, token(account.now, **changes)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"iss": None},
        {"aud": "https://example.zendesk.com/api/v2/apps/installations/42"},
        {"aud": "https://example.zendesk.com/api/v2/apps/installations/x.json"},
        {"aud": AUDIENCE + "/more"},
        {"aud": AUDIENCE + "\n"},
        {"aud": AUDIENCE.replace("https", "http")},
        {"aud": AUDIENCE.replace("example.zendesk", "exampleXzendesk")},
        {"aud": AUDIENCE.replace("example", "other")},
        {"aud": [AUDIENCE]},
        {"aud": "support-policy/sidebar"},
        {"iss": "other.zendesk.com"},
        {"iss": "example.zendesk.com.evil.example"},
        {"iss": ["example.zendesk.com"]},
        {"context": {"product": "sell", "location": "ticket_sidebar"}},
        {"context": {"product": "support", "location": "nav_bar"}},
        {"context": "ticket_sidebar"},
        {"iat": "soon"},
        {"exp": [1]},
        {"nbf": {}},
    ],
)
def test_a_token_that_says_anything_else_is_401(
    client: FlaskClient, account: Account, changes: dict[str, Any]
) -> None:
    answer = opened(client, token(account.now, **changes))
    assert (answer.status_code, answer.json) == (401, REFUSAL)


@pytest.mark.parametrize(
    ("iat", "nbf", "exp"), [(-600, -600, -60), (60, 0, 600), (0, 60, 600), (-60, 0, -11)]
)
def test_a_token_that_is_too_old_or_too_new_is_401(
    client: FlaskClient, account: Account, iat: int, nbf: int, exp: int
) -> None:
    at = int(account.now.timestamp())
    answer = opened(client, token(account.now, iat=at + iat, nbf=at + nbf, exp=at + exp))
    assert (answer.status_code, answer.json) == (401, REFUSAL)


def test_clocks_that_differ_by_a_few_seconds_do_not_matter(
    client: FlaskClient, account: Account
) -> None:
    at = int(account.now.timestamp())
    assert (
        opened(client, token(account.now, iat=at + 5, nbf=at + 5, exp=at + 60)).status_code == 200
    )
    assert opened(client, token(account.now, exp=at - 5)).status_code == 200


def test_a_token_of_another_key_is_401(client: FlaskClient, account: Account) -> None:
    assert opened(client, token(account.now, key="stranger's")).status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS256", "RS512", "ES256"])
def test_a_token_that_names_another_algorithm_is_401(
    client: FlaskClient, account: Account, algorithm: str
) -> None:
    body = unsigned(claims(account.now), {"alg": algorithm, "typ": "JWT"})
    signature = token(account.now).rpartition(".")[2]
    for given in (f"{body}.", f"{body}.{signature}", body):
        assert opened(client, given).status_code == 401


def test_the_public_key_is_no_shared_secret(client: FlaskClient, account: Account) -> None:
    """python-jose will not sign like this; an attacker does it by hand."""
    body = unsigned(claims(account.now), {"alg": "HS256", "typ": "JWT"})
    for key in (pair("app").public.encode(), pair("app").public.strip().encode()):
        made = base64.urlsafe_b64encode(hmac.digest(key, body.encode(), "sha256"))
        answer = opened(client, f"{body}.{made.rstrip(b'=').decode()}")
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "a.b.c",
        "..",
        "é.è.ê",
        "\0",
        "A" * 9000,
        f"e30.{base64.urlsafe_b64encode(b'[' * 4000).decode()}.x",
        f"e30.{base64.urlsafe_b64encode(b'[]').decode()}.x",
    ],
)
def test_what_is_no_token_at_all_is_401(client: FlaskClient, given: str) -> None:
    answer = opened(client, given)
    assert (answer.status_code, answer.json) == (401, REFUSAL)


def test_no_token_is_401_and_one_in_the_address_is_none(
    client: FlaskClient, account: Account
) -> None:
    assert client.post(PAGE).status_code == 401
    assert client.post(f"{PAGE}?token={token(account.now)}").status_code == 401
    assert client.post(PAGE, json={"token": token(account.now)}).status_code == 401
    assert client.post(PAGE, headers=bearer(token(account.now))).status_code == 401


def test_an_installation_that_is_set_is_the_only_one(account: Account) -> None:
    given = token(account.now)
    assert opened(account.app(installation="42").test_client(), given).status_code == 200
    assert opened(account.app(installation="43").test_client(), given).status_code == 401


def test_a_desk_without_a_sidebar_is_404(client: FlaskClient, account: Account) -> None:
    assert opened(client, token(account.now), "/zendesk/other/sidebar").status_code == 404
    answer = client.get("/zendesk/other/sidebar/tickets/7", headers=bearer("x"))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "failing",
    [UnavailableError("example.zendesk.com does not answer"), StoreUnavailableError("disk full")],
)
def test_while_zendesks_key_cannot_be_had_the_page_is_503(
    account: Account, failing: Exception
) -> None:
    def away() -> str:
        raise failing

    client = account.app(public_key=away).test_client()
    assert opened(client, token(account.now)).status_code == 503


def test_zendesks_key_is_not_asked_for_by_a_token_that_is_for_somebody_else(
    account: Account,
) -> None:
    asked: list[str] = []

    def key() -> str:
        asked.append("asked")
        return pair("app").public

    client = account.app(public_key=key).test_client()
    for given in ("", "x", token(account.now, aud="https://other.example")):
        assert opened(client, given).status_code == 401
    assert asked == []


# What the page may do


def test_the_page_runs_nothing_but_our_file_and_zendesks_framework(
    client: FlaskClient, account: Account
) -> None:
    page = opened(client, token(account.now))
    policy = dict(
        each.split(" ", 1) for each in page.headers["Content-Security-Policy"].split("; ")
    )
    framework = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' {framework}",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "https://example.zendesk.com",
    }
    assert re.findall(r'<script src="([^"]+)"', page.text)[0] == framework
    assert page.text.count("<script") == 2
    assert not re.search(r"\son\w+=|javascript:|style=", page.text)


def test_the_page_is_kept_by_nobody_and_tells_nobody_its_address(
    client: FlaskClient, account: Account
) -> None:
    headers = opened(client, token(account.now)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "language"), [("fr-CA,fr;q=0.9", "fr"), ("en", "en"), ("de", "en"), ("", "en")]
)
def test_the_page_begins_in_the_browsers_language(
    client: FlaskClient, account: Account, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    page = opened(client, token(account.now), headers=headers)
    assert f'<html lang="{language}">' in page.text
    assert load_texts(language).say("sidebar.loading") in page.text


def test_every_word_of_the_page_is_one_that_it_is_given() -> None:
    package = Path(__file__).parents[2] / "webhooks/support_policy_webhooks"
    template = (package / "templates/sidebar.html").read_text(encoding="utf-8")
    script = (package / "static/sidebar.js").read_text(encoding="utf-8")
    used = set(re.findall(r'data-word="(\w+)"', template))
    used |= set(re.findall(r'(?:say|tell)\("(\w+)"', script))
    used |= set(re.findall(r'(?:more|401|409): "(\w+)"', script))
    used |= set(re.findall(r'(?:return|\|\|) "(\w+)"', script))
    assert used == set(WORDS)
    keys = {key.removeprefix("sidebar.") for key in load_texts("en").messages if "sidebar." in key}
    assert keys == set(WORDS)


def test_every_static_file_that_the_page_names_is_there_and_may_be_kept(
    client: FlaskClient, account: Account
) -> None:
    page = opened(client, token(account.now)).text
    named = re.findall(r'(?:href|src)="\.\./\.\.(/static/[^"]+)"', page)
    assert len(named) == 7
    for path in named:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["nothing.css", "../app.py", "%2e%2e/app.py", "garden/README.md", "garden", "sidebar.html"],
)
def test_nothing_else_is_served_as_a_file(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/sidebar/{static_version()}/{name}").status_code == 404


def test_a_file_of_another_version_is_given_and_not_kept(client: FlaskClient) -> None:
    """Two versions of the service answer while one replaces the other."""
    answer = client.get("/static/sidebar/older/sidebar.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.data == static_files()["sidebar.css"][0]


# What it tells


def shown(client: FlaskClient, account: Account, path: str = TICKET) -> dict[str, Any]:
    answer = client.get(path, headers=bearer(session(client, account)))
    assert answer.status_code == 200
    assert isinstance(answer.json, dict)
    return answer.json


def test_a_decided_ticket_is_told_with_its_reasons(client: FlaskClient, account: Account) -> None:
    account.decide()
    told = shown(client, account)
    assert told["decided"]
    assert told["title"] == "Medium"
    assert "expected, not guaranteed" in told["expected"]
    assert any("“my site is down”" in line for line in told["why"])
    assert told["clocks"][0]["left"] == "4 h 00 min left"


@pytest.mark.parametrize(
    ("locale", "title"),
    [("fr", "Moyenne"), ("fr-CA", "Moyenne"), ("FR-fr", "Moyenne"), ("en-US", "Medium")]
    + [(each, "Medium") for each in ("", "de", "french", "../fr", "%00")],
)
def test_the_panel_speaks_the_agents_language_or_english(
    client: FlaskClient, account: Account, locale: str, title: str
) -> None:
    account.decide()
    assert shown(client, account, f"{TICKET}?locale={locale}")["title"] == title


@pytest.mark.parametrize("number", ["8", "07", "x", "%00", "7%20", "٧", "9" * 400, "zendesk:7"])
def test_an_unknown_ticket_looks_like_one_that_is_undecided(
    client: FlaskClient, account: Account, number: str
) -> None:
    account.decide()
    nothing = {"decided": False, "paid_help": None}
    assert shown(client, account, f"{PAGE}/tickets/{number}") == nothing


def test_another_desks_ticket_of_the_same_number_is_not_told(
    client: FlaskClient, account: Account
) -> None:
    replace(account, desk="other").decide()
    assert shown(client, account) == {"decided": False, "paid_help": None}


def test_what_was_held_observed_kept_or_lost_is_told(client: FlaskClient, account: Account) -> None:
    account.decide(standing=Standing.UNREGISTERED)
    held = shown(client, account)
    assert (held["held"], held["title"], held["clocks"]) == (True, "On hold", [])
    account.decide(mode="observe")
    assert shown(client, account)["notices"][0].startswith("Observe mode")
    account.decide(kept=(Field.PRIORITY,), not_kept=("due_at",))
    assert shown(client, account)["notices"] == [
        "The help desk did not keep what was set: due date.",
        "Left as a staff member set it: priority.",
    ]


def test_hostile_words_stay_words(client: FlaskClient, account: Account) -> None:
    words = '</script><img src=x onerror="alert(1)">'
    account.decide(facts=said("website.offline", quote=words))
    answer = client.get(TICKET, headers=bearer(session(client, account)))
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert words in answer.json["why"][0]  # type: ignore[index]


# Sessions


@pytest.mark.parametrize("path", [TICKET, f"{TICKET}/objections"])
def test_without_our_session_everything_is_401(
    client: FlaskClient, account: Account, path: str
) -> None:
    good = session(client, account)
    wrong = [
        {},
        bearer(""),
        bearer("x"),
        bearer(token(account.now)),
        bearer(good + "x"),
        bearer(good[:-1]),
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"Authorization": "Basic " + base64.b64encode(f"agent:{good}".encode()).decode()},
        {"Cookie": f"session={good}"},
    ]
    for headers in wrong:
        answer = client.open(path, method="GET" if path == TICKET else "POST", headers=headers)
        assert (answer.status_code, answer.json) == (401, REFUSAL)


def test_a_session_opens_no_page(client: FlaskClient, account: Account) -> None:
    assert opened(client, session(client, account)).status_code == 401


def test_a_session_ends_after_a_quarter_of_an_hour(client: FlaskClient, account: Account) -> None:
    account.decide()
    good = session(client, account)
    start = account.now
    account.now = start + LIFE - timedelta(seconds=1)
    assert client.get(TICKET, headers=bearer(good)).status_code == 200
    account.now = start + LIFE + timedelta(seconds=11)
    assert client.get(TICKET, headers=bearer(good)).status_code == 401


def test_a_session_of_the_past_is_refused_by_the_machines_clock_too(
    client: FlaskClient, account: Account
) -> None:
    old = account.now - timedelta(minutes=20)
    given = sessions().issue("42", now=old)
    account.now = old
    assert client.get(TICKET, headers=bearer(given)).status_code == 401


def sessions(**changes: Any) -> SidebarSessions:
    usual = SidebarSessions(desk="zendesk", key=session_key(CLIENT_SECRET))
    return replace(usual, **changes)


@pytest.mark.parametrize(
    "stranger",
    [
        sessions(desk="other"),
        sessions(key=session_key("another secret")),
        sessions(key=CLIENT_SECRET.encode()),
        sessions(key=b""),
    ],
    ids=["another desk's", "another secret's", "the secret itself", "no key"],
)
def test_a_session_that_is_not_this_desks_is_401(
    client: FlaskClient, account: Account, stranger: SidebarSessions
) -> None:
    given = stranger.issue("42", now=account.now)
    assert client.get(TICKET, headers=bearer(given)).status_code == 401


@pytest.mark.parametrize("left_out", ["iss", "aud", "exp", "iat", "desk", "installation"])
def test_a_session_that_says_less_than_it_must_is_401(
    client: FlaskClient, account: Account, left_out: str
) -> None:
    key = session_key(CLIENT_SECRET)
    whole = dict(jwt.get_unverified_claims(sessions().issue("42", now=account.now)))
    assert set(whole) == {"iss", "aud", "exp", "iat", "desk", "installation"}
    del whole[left_out]
    given = jwt.encode(whole, key, algorithm="HS256")
    assert client.get(TICKET, headers=bearer(given)).status_code == 401


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_session_of_another_algorithm_is_401(
    client: FlaskClient, account: Account, algorithm: str
) -> None:
    whole = dict(jwt.get_unverified_claims(sessions().issue("42", now=account.now)))
    given = jwt.encode(whole, session_key(CLIENT_SECRET), algorithm=algorithm)
    assert client.get(TICKET, headers=bearer(given)).status_code == 401


def test_a_session_ends_with_its_installation(account: Account) -> None:
    given = sessions().issue("42", now=account.now)
    for number, status in (("42", 200), ("43", 401)):
        client = account.app(installation=number).test_client()
        assert client.get(TICKET, headers=bearer(given)).status_code == status


# [Wrong?]


def objection(account: Account, **changes: Any) -> dict[str, Any]:
    found = account.store.decisions.recent(1)
    usual = {
        "decision": found[0]["id"] if found else 1,
        "click": "0c5a31f4-one-click",
        "class": "high",
        "comment": "Two sites of theirs are down.",
    }
    return usual | changes


def objected(client: FlaskClient, account: Account, **changes: Any) -> TestResponse:
    return client.post(
        f"{TICKET}/objections",
        json=objection(account, **changes),
        headers=bearer(session(client, account)),
    )


def test_an_objection_is_kept_once_for_each_click(client: FlaskClient, account: Account) -> None:
    account.decide()
    answers = [objected(client, account).status_code for _ in range(2)]
    answers.append(objected(client, account, click="0c5a31f4-another").status_code)
    assert answers == [201, 200, 201]
    newest, _ = account.store.objections.recent(5)
    assert (newest.ticket.id, newest.said_class, newest.at) == ("7", "high", account.now)
    assert newest.comment == "Two sites of theirs are down."


def test_an_objection_changes_nothing_that_was_decided(
    client: FlaskClient, account: Account
) -> None:
    account.decide()
    before = shown(client, account)
    objected(client, account, **{"class": "other", "comment": ""})
    assert shown(client, account) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"class": "urgent"},
        {"class": ""},
        {"class": ["high"]},
        {"class": None},
        {"comment": "x" * 501},
        {"comment": 7},
        {"comment": None},
        {"click": ""},
        {"click": "x" * 65},
        {"click": "éééééééééé"},
        {"click": None},
        {"decision": None},
        {"decision": "1"},
        {"decision": 0},
        {"decision": -1},
        {"decision": 2**63},
    ],
)
def test_what_our_page_would_not_send_is_400(
    client: FlaskClient, account: Account, changes: dict[str, Any]
) -> None:
    account.decide()
    assert objected(client, account, **changes).status_code == 400
    assert account.store.objections.recent(5) == ()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 90_000, b"7"])
def test_a_body_that_cannot_be_read_is_400(
    client: FlaskClient, account: Account, body: bytes
) -> None:
    account.decide()
    headers = bearer(session(client, account))
    assert client.post(f"{TICKET}/objections", data=body, headers=headers).status_code == 400


def test_an_objection_to_another_tickets_decision_is_409(
    client: FlaskClient, account: Account
) -> None:
    account.decide("7")
    account.decide("8")
    assert objected(client, account).status_code == 409  # the newest is of ticket 8
    assert account.store.objections.recent(5) == ()


def test_control_characters_of_a_comment_are_not_kept(
    client: FlaskClient, account: Account
) -> None:
    account.decide()
    assert objected(client, account, comment="  a\0b\x1b[2Jc\nd ").status_code == 201
    assert account.store.objections.recent(1)[0].comment == "ab[2Jc\nd"


def test_reading_keeps_no_objection(client: FlaskClient, account: Account) -> None:
    account.decide()
    headers = bearer(session(client, account))
    assert client.get(f"{TICKET}/objections", headers=headers).status_code == 405


# When we fail, and what never gets out


def test_a_store_that_does_not_answer_is_503(
    client: FlaskClient, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreUnavailableError("disk full")

    account.decide()
    headers = bearer(session(client, account))
    monkeypatch.setattr(account.store.decisions, "newest", broken)
    monkeypatch.setattr(account.store.objections, "add", broken)
    assert client.get(TICKET, headers=headers).status_code == 503
    answer = client.post(f"{TICKET}/objections", json=objection(account), headers=headers)
    assert answer.status_code == 503


def test_no_token_and_no_secret_stands_in_a_log_or_in_an_answer(
    client: FlaskClient, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    expired = token(account.now, exp=int(account.now.timestamp()) - 60)
    stranger = token(account.now, key="stranger's")
    caplog.set_level(logging.DEBUG)
    good = session(client, account)
    answers = [
        opened(client, expired),
        opened(client, stranger),
        client.get(TICKET, headers=bearer(good + "x")),
        client.get(f"{PAGE}/tickets/8", headers=bearer(good)),
    ]
    secrets = (expired, stranger, good, CLIENT_SECRET, session_key(CLIENT_SECRET).hex())
    for text in (caplog.text, *(each.text + str(each.headers) for each in answers)):
        assert not [each for each in secrets if each in text]
    assert CLIENT_SECRET not in repr(account.sidebar())
    assert repr(session_key(CLIENT_SECRET)) not in repr(account.sidebar().sessions)


def test_a_refusal_is_logged_with_its_reason(
    client: FlaskClient, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    opened(client, token(account.now, exp=int(account.now.timestamp()) - 60))
    assert "refused the sidebar of zendesk: the token has expired" in caplog.text


def test_the_session_names_no_agent(client: FlaskClient, account: Account) -> None:
    said_in_it = jwt.get_unverified_claims(session(client, account))
    assert "agent" not in json.dumps(said_in_it)
    assert said_in_it["exp"] - said_in_it["iat"] == 15 * 60


def test_every_language_has_every_word_of_the_page() -> None:
    for language in LANGUAGES:
        assert all(load_texts(language).say(f"sidebar.{word}") for word in WORDS)


def test_the_clock_of_the_service_is_the_only_one_that_is_shown(
    client: FlaskClient, account: Account
) -> None:
    account.decide(received_at=datetime.now(UTC) - timedelta(hours=5))
    assert shown(client, account)["clocks"][0]["left"] == "This moment has passed"


@pytest.mark.parametrize("decided", [False, True])
def test_where_paid_help_stands_is_told_in_the_agents_language(
    account: Account, *, decided: bool
) -> None:
    def told(ref: TicketRef, texts: Texts, now: datetime) -> Panel:
        assert now == account.now
        return Panel(lines=(f"{ref} {texts.language}",), address="https://x.example/w")

    if decided:
        account.decide()
    client = account.app(paid_help=told).test_client()
    found = shown(client, account, f"{PAGE}/tickets/7?locale=fr-ca")
    assert found["decided"] is decided
    assert found["paid_help"] == {"lines": ["zendesk:7 fr"], "address": "https://x.example/w"}
