"""OAuth clients, their tokens, and what a scope reaches."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from dataclasses import dataclass, field
from typing import Final

from support_policy.demo.zendesk_double.people import People, User, whole
from support_policy.demo.zendesk_double.records import Ids, Json
from support_policy.demo.zendesk_double.refusals import (
    RefusedError,
    bad_token,
    not_authenticated,
    out_of_scope,
)

DEFAULT_LIFE: Final = 1800
LONGEST_LIFE: Final = 172_800
# Only these have a scope of their own; everything else needs the global `read` or `write`.
OWN_SCOPES: Final = {
    "tickets": "tickets",
    "incremental": "tickets",
    "users": "users",
    "organizations": "organizations",
    "webhooks": "webhooks",
    "triggers": "triggers",
    "trigger_categories": "triggers",
    "apps": "apps",
}


@dataclass(slots=True, kw_only=True)
class Client:
    """A confidential OAuth client; its tokens act as `user`."""

    identifier: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...]
    user: User
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Clients:
    """The two clients that an account starts with."""

    setup: Client
    run: Client


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what the credentials reach; `scopes` is None for a legacy API token."""

    user: User
    scopes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class _Token:
    client: Client
    scopes: tuple[str, ...]
    dies: float


class OAuth:
    """Gives out tokens and knows whose they are."""

    def __init__(self, ids: Ids, people: People) -> None:
        self._ids = ids
        self._people = people
        self._clients: dict[str, Client] = {}
        self._tokens: dict[str, _Token] = {}
        self.legacy: tuple[str, str] | None = None

    def add(self, client: Client) -> Client:
        """Let a client in."""
        self._clients[client.identifier] = client
        return client

    def client(self, identifier: str) -> Client:
        """The client of that identifier."""
        return self._clients[identifier]

    def revoke_tokens(self) -> None:
        """Every token is dead from now on; new ones may be fetched."""
        self._tokens.clear()

    def grant(self, asked: Json, default_life: int | None) -> Json:
        """Answer `POST /oauth/tokens`."""
        if asked.get("grant_type") != "client_credentials":
            raise _refused(400, "unsupported_grant_type", "The grant type is not supported.")
        client = self._proven(asked)
        scopes = tuple(str(asked.get("scope") or "").split()) or client.scopes
        if not all(covered(scope, client.scopes) for scope in scopes):
            raise _refused(400, "invalid_scope", "The requested scope is invalid or unknown.")
        life = whole(asked.get("expires_in", default_life or DEFAULT_LIFE))
        if life is None or not 0 < life <= LONGEST_LIFE:
            raise _refused(400, "invalid_request", "expires_in is out of range.")
        token = self._ids.secret(32).hex()
        self._tokens[token] = _Token(client, scopes, time.monotonic() + life)
        return {
            "access_token": token,
            "token_type": "bearer",
            "scope": " ".join(scopes),
            "expires_in": life,
        }

    def _proven(self, asked: Json) -> Client:
        client = self._clients.get(str(asked.get("client_id")))
        secret = str(asked.get("client_secret") or "")
        known = client is not None and client.enabled
        if client is None or not known or not _same(client.secret, secret):
            raise _refused(401, "invalid_client", "Client authentication failed.")
        return client

    def caller(self, header: str | None) -> Caller:
        """Whose credentials an Authorization header holds; refused when nobody's."""
        kind, _, value = (header or "").partition(" ")
        if kind.lower() == "bearer":
            token = self._tokens.get(value.strip())
            alive = token is not None and time.monotonic() < token.dies
            if token is None or not alive or not token.client.enabled:
                raise bad_token()
            return Caller(token.client.user, token.scopes)
        if kind.lower() == "basic":
            return self._legacy_caller(value)
        raise not_authenticated()

    def _legacy_caller(self, value: str) -> Caller:
        try:
            text = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise not_authenticated() from None
        name, _, token = text.partition(":")
        email, _, kind = name.rpartition("/")
        user = self._people.by_email(email)
        known = self.legacy is not None and email == self.legacy[0] and kind == "token"
        if self.legacy is None or not known or user is None or not _same(self.legacy[1], token):
            raise not_authenticated()
        return Caller(user, None)


def check_scope(caller: Caller, path: str, method: str) -> None:
    """Refuse what the caller's scopes do not reach; `path` is below `/api/v2/`."""
    if caller.scopes is None:
        return
    verb = "read" if method in {"GET", "HEAD"} else "write"
    parts = path.strip("/").split("/")
    # A macro's preview is a macro, though its path begins with the ticket.
    resource = "macros" if "macros" in parts else parts[0]
    own = OWN_SCOPES.get(resource)
    needed = f"{own}:{verb}" if own else verb
    if not covered(needed, caller.scopes):
        raise out_of_scope(needed)


def covered(scope: str, allowed: tuple[str, ...]) -> bool:
    """Whether one of the allowed scopes is as wide as this one."""
    resource, _, verb = scope.partition(":")
    if scope in allowed:
        return True
    if verb:
        return resource in allowed or verb in allowed
    if resource in {"read", "write", "impersonate"}:
        return False
    # A bare resource means both.
    return {"read", "write"} <= set(allowed) or {f"{resource}:read", f"{resource}:write"} <= set(
        allowed
    )


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _refused(status: int, error: str, description: str) -> RefusedError:
    return RefusedError(status, {"error": error, "error_description": description})
