"""How we prove to Zendesk who we are.

OAuth client credentials (a confidential client; developer.zendesk.com, "OAuth migration"): a token
of half an hour to two days, with no refresh token, so that a new one is simply fetched. API tokens
could be made until 2026-10-27 and stop on 2027-04-30.
"""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from support_policy.errors import GoneError, LoginError, RefusedError, UnavailableError
from support_policy.helpdesks.http import Session, answer, call

API_TOKENS_END = date(2027, 4, 30)
"""The day on which Zendesk stops accepting API tokens."""

# Renewed this long before its end, but never later than at nine tenths of its life.
_MARGIN = timedelta(minutes=1)
_SHORTEST_LIFE = 60.0
_LONGEST_LIFE = 172_800.0


RUN_SCOPES = ("tickets:read", "tickets:write", "users:read")
"""What the service needs day and night."""

SETUP_SCOPES = ("read", "write")
"""What ``plan`` and ``apply`` need: fields, macros, views and SLAs have no scopes of their own."""


class Token(Protocol):
    """What goes into the Authorization header."""

    def authorization(self) -> str:
        """The header's value; raises UnavailableError."""

    def renew(self, refused: str) -> bool:
        """Drop the value that was refused; whether another one can be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """The old way, for accounts that still have a token."""

    email: str
    token: str = field(repr=False)

    def authorization(self) -> str:
        """Basic, as ``email/token:TOKEN``."""
        return f"Basic {b64encode(f'{self.email}/token:{self.token}'.encode()).decode()}"

    def renew(self, refused: str) -> bool:
        """There is only the one."""
        del refused
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A confidential OAuth client and the scopes that are asked for."""

    identifier: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...]


class ClientToken:
    """Tokens of one OAuth client, fetched when needed; threads share it.

    ``granted`` are the scopes of the newest token; None before, and where Zendesk does not tell.
    """

    def __init__(
        self, origin: str, client: Client, session: Session, *, clock: Callable[[], datetime]
    ) -> None:
        self.client = client
        self.granted: frozenset[str] | None = None
        self._url = f"{origin}/oauth/tokens"
        self._session = session
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._renew_at: datetime | None = None

    def authorization(self) -> str:
        """Bearer, with a token that is good for a while yet."""
        with self._lock:
            if self._renew_at is None or self._clock() >= self._renew_at:
                self._fetch()
            return self._value

    def renew(self, refused: str) -> bool:
        """Another one is fetched next, unless a thread that was quicker already has."""
        with self._lock:
            if self._value == refused:
                self._renew_at = None
        return True

    def _fetch(self) -> None:
        asked = self._clock()
        body = {
            "grant_type": "client_credentials",
            "client_id": self.client.identifier,
            "client_secret": self.client.secret,
            "scope": " ".join(self.client.scopes),
        }
        try:
            found = answer(call(self._session, "POST", self._url, json=body))
        except LoginError:
            raise LoginError(
                f"Zendesk does not know the OAuth client {self.client.identifier}"
                " with this secret (401)"
            ) from None
        except (GoneError, RefusedError):
            # Not a refusal of the work itself: an admin mends it, and the work has waited.
            raise UnavailableError(
                f"Zendesk gives the OAuth client {self.client.identifier} no token: it must be"
                f" confidential and allow the scopes {body['scope']}"
            ) from None
        self._keep(found, asked)

    def _keep(self, found: object, asked: datetime) -> None:
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(found, dict) or not isinstance(token, str) or not token:
            raise UnavailableError("Zendesk's answer holds no token")
        life = found.get("expires_in")
        known = float(life) if isinstance(life, int | float) else 1800.0
        seconds = min(max(known, _SHORTEST_LIFE), _LONGEST_LIFE)
        whole = timedelta(seconds=seconds)
        scope = found.get("scope")
        self.granted = frozenset(scope.split()) if isinstance(scope, str) else None
        self._value = f"Bearer {token}"
        self._renew_at = asked + min(max(whole - _MARGIN, whole * 0.5), whole * 0.9)
