"""Every route proves who calls it, or says here why anybody may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from tests.guards.pages import Page
from tests.guards.tree import DOCS
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from support_policy.core.document import Table
from support_policy.core.load import load
from support_policy.errors import Problem, SignatureError
from support_policy.helpdesk import PLAIN_ANSWERS, Answered, Answers, Codec, Delivery
from support_policy.helpdesks import KINDS, configure
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.osticket.codec import OsTicketCodec
from support_policy.helpdesks.osticket.signature import sign as sign_standard
from support_policy.helpdesks.osticket.signature import spelled
from support_policy.helpdesks.zendesk.codec import ZendeskCodec
from support_policy.helpdesks.zendesk.signature import sign
from support_policy.permissions import Permissions, Work
from support_policy.permissions.links import Links
from support_policy.permissions.permitters import NoContacts
from support_policy.settings import policy_folder
from support_policy.store.backlog import Tally
from support_policy_webhooks import create_app
from support_policy_webhooks.server import policy_texts
from support_policy_webhooks.sidebar import Sidebar

PUBLIC = {
    "/healthz": "a load balancer asks whether the process lives; says nothing about anybody",
    "/readyz": "a load balancer asks whether work may come; a number and a moment, no ticket",
    "/metrics": "a monitoring system asks how many; no ticket and no customer",
    "/static/sidebar/<version>/<path:name>": "style and script, the same for everybody",
    "/policy/<asked>": "the written policy, which customers must be able to read",
    "/.well-known/jwks.json": "public keys, with which anybody can check the record",
}
LINKS = ("/permission/", "/paid-help/")
"""Below these, the address is the proof: a stranger's opens nothing."""
SOURCE = policy_folder("mexxus", Path())
POLICY = load(SOURCE)
EXAMPLES = {
    "/static/sidebar/<version>/<path:name>": "/static/sidebar/any/sidebar.css",
    "/policy/<asked>": f"/policy/{POLICY.version}",
}
READING = {"GET", "HEAD", "OPTIONS"}
BODIES = {
    "django-helpdesk": b'{"ticket": {"id": 7, "followup_set": []}, "queue_slug": "support"}',
    "memory": b'{"ticket_id": "7"}',
    "osticket": b"""{
        "type": "ticket.created", "event": "one", "ticket": {
            "id": 7, "number": "7", "created_at": "2026-11-23T14:59:00Z", "status": "open",
            "subject": "", "body": "", "format": "text", "source": "web", "opened_by": "requester",
            "identity": "guest", "requester": {}, "priority": null, "set_by_staff": [], "tags": [],
            "department": "", "fields": [], "notes": [], "revision": ""
        }
    }""",
    "zendesk": b'{"event": "ticket.opened", "ticket_id": "7"}',
}
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Nobodys:
    """A ledger that knows no link, and in which nothing else may be looked at."""

    def find(self, *_: object) -> None:
        return None


NOBODYS: Any = Nobodys()
LINK = Links(secret=b"a made-up secret of 32 characters", public_url="https://policy.example.com")


@dataclass(slots=True, kw_only=True)
class Watched:
    """An edge whose codec trusts everybody or nobody, and that remembers what was kept."""

    trusting: bool = True
    opened: int = 0
    answers: Answers = PLAIN_ANSWERS
    kept: list[Delivery] = field(default_factory=list)

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery:
        del headers, body, token
        self.opened += 1
        if not self.trusting:
            raise SignatureError("nobody is trusted here")
        return Delivery(desk="desk", key="opened:1", ticket_id="1", received_at=now)

    def accept(self, delivery: Delivery) -> bool:
        self.kept.append(delivery)
        return True

    def answer(self, delivery: Delivery) -> Answered:
        self.kept.append(delivery)
        return Answered(delivery=delivery, at=NOW, writes=False)

    def app(self, codec: Codec | None = None) -> Flask:
        return create_app(
            codecs={"desk": codec or self},
            accept=self.accept,
            ready=lambda: {"owed": 0},
            now=lambda: NOW,
            max_body=1000,
            answer=self.answer,
            sidebars={"desk": self.sidebar()},
            tally=lambda: Tally(deliveries={}, not_kept={}, newest={}, paid_help={}),
            permissions=self.permissions(),
            work=Work(links=LINK, ledger=NOBODYS, now=lambda: NOW),
            policy_texts=policy_texts(SOURCE),
        )

    def permissions(self) -> Permissions:
        """Nobody was ever given a link to these."""
        return Permissions(
            policy=POLICY,
            links=LINK,
            ledger=NOBODYS,
            permitters=NoContacts(),
            now=lambda: NOW,
            public_keys=lambda: {"keys": []},
        )

    def sidebar(self) -> Sidebar:
        """One that has nothing to tell: a stranger must be turned away before it is asked."""
        nothing: Any = None
        return Sidebar(
            desk="desk",
            subdomain="example",
            public_key=lambda: "no key at all",
            client_secret="a made-up secret",
            policy=nothing,
            store=nothing,
        )


def rules() -> list[Rule]:
    return list(Watched(trusting=False).app().url_map.iter_rules())


def address(rule: Rule) -> str:
    """An address that the rule answers."""
    if rule.rule in EXAMPLES:
        return EXAMPLES[rule.rule]
    parts: dict[str, Any] = dict.fromkeys(rule.arguments, "desk")
    _, path = rule.build(parts, append_unknown=False) or ("", "")
    return path


ROUTES = [pytest.param(rule, id=rule.rule) for rule in rules()]


@pytest.mark.parametrize("rule", ROUTES)
def test_every_route_is_public_for_a_reason_or_turns_strangers_away(rule: Rule) -> None:
    watched = Watched(trusting=False)
    client = watched.app().test_client()
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
        answer = client.open(address(rule), method=method, data=b"{}")
        if rule.rule in PUBLIC:
            assert answer.status_code == 200
            assert method in READING
        elif rule.rule.startswith(LINKS):
            assert answer.status_code == 404
        else:
            assert answer.status_code == 401
            assert watched.opened == (1 if rule.rule.startswith("/webhooks/") else 0)
    assert watched.kept == []


@pytest.mark.parametrize("rule", ROUTES)
def test_reading_changes_nothing(rule: Rule) -> None:
    watched = Watched(trusting=True)
    client = watched.app().test_client()
    for method in READING:
        client.open(address(rule), method=method)
    assert watched.kept == []


def test_the_guard_would_see_a_delivery_being_kept() -> None:
    watched = Watched(trusting=True)
    watched.app().test_client().post("/webhooks/desk/secret", data=b"{}")
    assert len(watched.kept) == 1


def test_no_public_route_is_listed_that_is_gone() -> None:
    assert set(PUBLIC) <= {rule.rule for rule in rules()}


@pytest.mark.parametrize("rule", ROUTES)
def test_every_route_is_documented(rule: Rule) -> None:
    text = Page.read(DOCS / "http.md").text
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
        assert f"`{method} {rule.rule}`" in text


def test_every_refusal_is_documented() -> None:
    table = Page.read(DOCS / "http.md").section("Answers to a webhook")
    for status in (200, 202, 400, 401, 404, 405, 409, 413, 503):
        assert f"| `{status}` |" in table


@pytest.mark.parametrize(
    ("path", "method", "size", "status"),
    [
        ("/webhooks/nobody/secret", "POST", 2, 404),
        ("/webhooks/desk/secret", "GET", 0, 405),
        ("/webhooks/desk/secret", "POST", 1001, 413),
        ("/nothing", "GET", 0, 404),
    ],
)
def test_what_http_itself_refuses_is_json_without_the_address(
    path: str, method: str, size: int, status: int
) -> None:
    watched = Watched(trusting=True)
    answer = watched.app().test_client().open(path, method=method, data=b"x" * size)
    assert answer.status_code == status
    assert list(answer.get_json()) == ["error"]
    assert "secret" not in answer.text
    assert watched.kept == []


# ------------------------------------------------------------ the help desks themselves


TOKENS = {"webhook_tokens": ["env/FIRST", "env/SECOND"]}
SETTINGS: dict[str, dict[str, Any]] = {
    "django-helpdesk": {
        **TOKENS,
        "url": "http://127.0.0.1:8000",
        "username": "support-policy",
        "password": "env/FIRST",
    },
    "memory": TOKENS,
    "osticket": {"url": "http://127.0.0.1:8000", "secrets": ["env/FIRST", "env/SECOND"]},
    "zendesk": {
        "subdomain": "example",
        "public_url": "https://policy.example.com",
        "client_id": "support_policy",
        "client_secret": "env/FIRST",
        "signing_secrets": "file/secrets",
    },
}


@pytest.fixture
def codec(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Codec:
    """The codec of a real kind of help desk that accepts two secrets."""
    for name in ("first", "second"):
        secret = f"{name}-secret"
        spelling = spelled(key(secret)) if kind == "osticket" else secret
        monkeypatch.setenv(name.upper(), spelling)
    (tmp_path / "secrets").write_text("second-secret\nfirst-secret\n")
    problems: list[Problem] = []
    table = Table(
        file=str(tmp_path / "settings.toml"),
        where="desks.desk",
        values=SETTINGS[kind],
        problems=problems,
    )
    setup = configure(kind, table, name="desk", departments={})
    table.close()
    assert problems == []
    return setup.open(MemoryNotebook()).codec


def key(secret: str) -> bytes:
    """The key of a secret where it must have a certain length."""
    return secret.encode().ljust(24, b".")


def send(codec: Codec, watched: Watched, *, secret: str, body: bytes) -> TestResponse:
    """A request with the proof of origin that the desk's kind asks for."""
    client = watched.app(codec).test_client()
    if isinstance(codec, OsTicketCodec):
        signed = sign_standard(body, [key(secret)], event="one", now=NOW)
        return client.post("/webhooks/desk", data=body, headers=signed)
    if not isinstance(codec, ZendeskCodec):
        return client.post(f"/webhooks/desk/{secret}", data=body)
    moment = NOW.isoformat()
    headers = {
        "X-Zendesk-Webhook-Signature": sign(secret, moment, body),
        "X-Zendesk-Webhook-Signature-Timestamp": moment,
    }
    return client.post("/webhooks/desk", data=body, headers=headers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("secret", ["", "wrong", "first", "first-secret2"])
def test_a_wrong_secret_is_turned_away_by_every_help_desk(codec: Codec, secret: str) -> None:
    watched = Watched()
    answer = send(codec, watched, secret=secret, body=b"not even JSON")
    assert answer.status_code in (401, 404)
    assert watched.kept == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_without_proof_is_turned_away_by_every_help_desk(codec: Codec) -> None:
    watched = Watched()
    answer = watched.app(codec).test_client().post("/webhooks/desk", data=b"not even JSON")
    assert answer.status_code == 401
    assert watched.kept == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_two_secrets_is_accepted_by_every_help_desk(codec: Codec, kind: str) -> None:
    watched = Watched()
    for secret in ("first-secret", "second-secret"):
        answer = send(codec, watched, secret=secret, body=BODIES[kind])
        assert answer.status_code == codec.answers.new
    assert [delivery.ticket_id for delivery in watched.kept] == ["7", "7"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_event_has_the_same_key_on_every_help_desk(codec: Codec, kind: str) -> None:
    watched = Watched()
    for _ in range(2):
        send(codec, watched, secret="first-secret", body=BODIES[kind])
    first, second = watched.kept
    assert first.key == second.key


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"\0", b"[" * 900])
def test_a_body_that_cannot_be_read_is_refused_by_every_help_desk(
    codec: Codec, body: bytes
) -> None:
    watched = Watched()
    answer = send(codec, watched, secret="first-secret", body=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert watched.kept == []
