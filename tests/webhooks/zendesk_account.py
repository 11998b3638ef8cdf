"""A made-up Zendesk account: its key, its tokens, a decided ticket, and our edge around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from jose import jwt
from tests.small_policy import a_ticket, said

from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.facts import Facts
from support_policy.core.policy import Policy
from support_policy.core.ticket import Field, Standing, TicketRef
from support_policy.core.update import Update
from support_policy.helpdesk import Delivery
from support_policy.store.decisions import Basis, Mode
from support_policy.store.store import Store
from support_policy_webhooks import create_app
from support_policy_webhooks.sidebar import Sidebar

SUBDOMAIN = "example"
AUDIENCE = f"https://{SUBDOMAIN}.zendesk.com/api/v2/apps/installations/42.json"
CLIENT_SECRET = "client-secret-of-the-desk"
OPENED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """A key pair as PEM."""

    private: str
    public: str


@cache
def pair(name: str) -> Pair:
    """The pair of this name; made once in a run."""
    del name
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Pair(private.decode(), public.decode())


def claims(now: datetime, **changes: Any) -> dict[str, Any]:
    """What Zendesk says in a token; a change to None leaves a claim out."""
    usual = {
        "iss": f"{SUBDOMAIN}.zendesk.com",
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "jti": "one",
        "sub": "agent",
        "qsh": "hash",
        "context": {"product": "support", "location": "ticket_sidebar"},
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def token(now: datetime, *, key: str = "app", **changes: Any) -> str:
    """A token as Zendesk signs it."""
    return str(jwt.encode(claims(now, **changes), pair(key).private, algorithm="RS256"))


@dataclass(kw_only=True)
class Account:
    """One desk with its sidebar, on a store; ``now`` is the service's clock."""

    store: Store
    policy: Policy
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    desk: str = "zendesk"
    public_key: Callable[[], str] = lambda: pair("app").public
    others: Mapping[str, Sidebar] = field(default_factory=dict)

    def sidebar(self, **changes: Any) -> Sidebar:
        usual = Sidebar(
            desk=self.desk,
            subdomain=SUBDOMAIN,
            public_key=self.public_key,
            client_secret=CLIENT_SECRET,
            policy=self.policy,
            store=self.store,
        )
        return replace(usual, **changes)

    def app(self, **changes: Any) -> Flask:
        return create_app(
            codecs={},
            accept=lambda _: True,
            ready=dict,
            now=lambda: self.now,
            max_body=100_000,
            sidebars={self.desk: self.sidebar(**changes), **self.others},
        )

    def decide(
        self,
        number: str = "7",
        facts: Facts | None = None,
        *,
        mode: Mode = "enforce",
        kept: tuple[Field, ...] = (),
        not_kept: tuple[str, ...] = (),
        standing: Standing = Standing.UNKNOWN,
        received_at: datetime | None = None,
    ) -> Decision:
        """Record a decision on a ticket: by default, a site that is down."""
        ticket = a_ticket(
            ref=TicketRef(desk=self.desk, id=number), received_at=received_at or self.now
        )
        facts = facts or said(
            "website.offline", "reads_as.medium.website_offline", quote="my site is down"
        )
        decision = decide(self.policy, ticket, facts, standing, self.now)
        key = f"opened:{number}:{len(self.store.decisions.recent(100))}"
        self.store.accept(Delivery(desk=self.desk, key=key, ticket_id=number, received_at=self.now))
        (taken,) = self.store.deliveries.take(
            1, slot="a", now=self.now, lease=timedelta(seconds=60)
        )
        assert self.store.record(
            taken,
            decision,
            Update(ticket=ticket.ref, kept=kept),
            mode=mode,
            stamp="stamp",
            basis=Basis(inputs="i", calendar="c", tzdata="t"),
            now=self.now,
            not_kept=not_kept,
        )
        return decision
