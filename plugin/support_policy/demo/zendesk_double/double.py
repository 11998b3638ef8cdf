"""The double itself: start it, act as people do, and look at what came of it."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.acts import Acts
from support_policy.demo.zendesk_double.app import make_app
from support_policy.demo.zendesk_double.faults import Faults
from support_policy.demo.zendesk_double.oauth import Client, Clients
from support_policy.demo.zendesk_double.people import User
from support_policy.demo.zendesk_double.plan import Plan
from support_policy.demo.zendesk_double.recorded import Recorded
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.sender import Sent
from support_policy.demo.zendesk_double.server import Server

APP_ID = 900_123
INSTALLATION_ID = 900_456


class ZendeskDouble(Acts):
    """A stand-in for one Zendesk account, over HTTP on 127.0.0.1."""

    def __init__(
        self,
        plan: Plan = Plan.PROFESSIONAL,
        *,
        speed: float = 60.0,
        seed: int = 7,
        subdomain: str = "mexxus",
        webhook_timeout: float = 12.0,
        port: int = 0,
    ) -> None:
        """`speed` makes rate windows and retry waits that many times shorter than Zendesk's."""
        account = Account(
            plan=plan,
            speed=speed,
            seed=seed,
            subdomain=subdomain,
            webhook_timeout=webhook_timeout,
        )
        super().__init__(account)
        account.faults.storm = self.storm
        account.faults.revoke_tokens = self.revoke_tokens
        account.faults.disable_client = self.disable_client
        account.faults.priority_basic = self.priority_basic
        self.requests: list[Recorded] = []
        self._port = port
        self._closing = threading.Event()
        self._server: Server | None = None

    def start(self) -> None:
        """Listen, and begin to send webhooks."""
        if self._server is not None:
            raise RuntimeError("the double runs already")
        self._closing.clear()
        app = make_app(self.account, self.requests, self._closing)
        self._server = Server(app, self.account.clock, self._port)
        self._server.start()
        self.account.sender.start()

    def stop(self) -> None:
        """Stop both; hanging calls end, webhooks that wait are dropped."""
        if self._server is None:
            return
        self._closing.set()
        self._server.stop()
        self._server = None
        self.account.sender.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("the double does not run")
        return self._server.url

    @property
    def subdomain(self) -> str:
        """The account's name."""
        return self.account.subdomain

    @property
    def clients(self) -> Clients:
        """The two OAuth clients that it starts with; both act as the service user."""
        return self.account.clients

    @property
    def api_token(self) -> tuple[str, str]:
        """A legacy e-mail address and token, of the admin."""
        legacy = self.account.oauth.legacy
        if legacy is None:
            raise RuntimeError("the account has no API token")
        return legacy

    @property
    def faults(self) -> Faults:
        """The knobs of what goes wrong."""
        return self.account.faults

    @property
    def sent(self) -> list[Sent]:
        """Every attempt at a webhook, and every invocation that was dropped."""
        return self.account.sender.sent

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until no webhook is pending; whether that came to be."""
        return self.account.sender.settle(timeout)

    def move_clock(self, much: timedelta) -> None:
        """Let time pass at once for this account; its webhooks are signed by that time."""
        with self.account.lock:
            self.account.clock.move(much)

    def storm(self, seconds: float) -> None:
        """Answer 429 to every API call for that many real seconds."""
        self.account.limits.storm_until = time.monotonic() + seconds

    def revoke_tokens(self) -> None:
        """Every access token is dead; new ones may be fetched."""
        with self.account.lock:
            self.account.oauth.revoke_tokens()

    def disable_client(self, identifier: str, *, enabled: bool = False) -> None:
        """Switch a client off (or on again): no new tokens, and its old ones are dead."""
        with self.account.lock:
            self.account.oauth.client(identifier).enabled = enabled

    def add_client(
        self, identifier: str, secret: str, scopes: tuple[str, ...], user: User | None = None
    ) -> Client:
        """One more OAuth client, acting as the service user unless told otherwise."""
        made = Client(
            identifier=identifier,
            secret=secret,
            scopes=tuple(scopes),
            user=user or self.service_user,
        )
        return self.account.oauth.add(made)

    def priority_basic(self) -> None:
        """Leave only normal and high to the account; other priorities are clamped in silence."""
        with self.account.lock:
            self.account.fields.make_priority_basic()

    def reset_webhook_secret(self, webhook_id: str) -> str:
        """Somebody resets a webhook's secret; the new one."""
        with self.account.lock:
            return self.account.webhooks.reset_secret(webhook_id)

    def install_app(self, app_id: int = APP_ID, installation_id: int = INSTALLATION_ID) -> None:
        """Install the add-on's app."""
        self.account.installation.install(app_id, installation_id)

    @property
    def app_public_key(self) -> str:
        """What the app's tokens are verified with, as PEM."""
        return self.account.installation.public_key

    def sidebar_token(
        self, *, ticket_id: int, agent: User, lifetime: int = 60, **claims_override: Any
    ) -> str:
        """The token that Zendesk POSTs to a signed iframe; None leaves a claim out."""
        override: Json = claims_override
        return self.account.installation.token(
            ticket_id=ticket_id, agent=agent, lifetime=lifetime, override=override
        )
