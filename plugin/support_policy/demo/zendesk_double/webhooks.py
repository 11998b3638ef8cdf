"""Webhooks: what is kept of one, who may be called, and how a call is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, Final
from urllib.parse import urlsplit

from support_policy.demo.zendesk_double.records import Ids, Json, Shelf
from support_policy.demo.zendesk_double.refusals import blank, invalid

# What a test of a webhook that does not exist yet is signed with.
TEST_SECRET: Final = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - in their manual
BY_TRIGGERS: Final = "conditional_ticket_events"
EVENT: Final = "zen:event-type:"
EVENTS: Final = tuple(
    f"{EVENT}ticket.{name}"
    for name in (
        "created",
        "status_changed",
        "priority_changed",
        "requester_changed",
        "organization_changed",
        "brand_changed",
        "tags_changed",
        "comment_added",
        "soft_deleted",
    )
)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_FORMATS: Final = ("json", "xml", "form_encoded")
_STATUSES: Final = ("active", "inactive")
_AUTHENTICATION: Final = {
    "basic_auth": ("username", "password"),
    "bearer_token": ("token",),
    "api_key": ("name", "value"),
}
_SECRET_PARTS: Final = ("password", "token", "value")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What Zendesk puts in X-Zendesk-Webhook-Signature."""
    # The secret's own bytes are the key, though they look like base64.
    mac = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


class Webhooks:
    """The webhooks of one account."""

    def __init__(self, ids: Ids, shelf: Shelf) -> None:
        self._ids = ids
        self.shelf = shelf
        self._secrets: dict[str, str] = {}

    def create(self, body: Json, author: int) -> Json:
        """A new webhook with a secret of its own."""
        values = {
            "status": "active",
            "http_method": "POST",
            "request_format": "json",
            "subscriptions": [BY_TRIGGERS],
            "description": None,
            **body,
            "created_by": str(author),
            "updated_by": str(author),
        }
        self.check(values)
        made = self.shelf.add(values)
        self.reset_secret(made["id"])
        return made

    def change(self, identifier: str, body: Json, author: int, *, whole: bool) -> None:
        """Replace a webhook, or only the values that are named."""
        before = self.shelf.get(identifier)
        values = {**({} if whole else before), **body}
        values.setdefault("subscriptions", before["subscriptions"])
        if set(values["subscriptions"]) != set(before["subscriptions"]):
            both = {self._kind(values["subscriptions"]), self._kind(before["subscriptions"])}
            if len(both) > 1:
                raise invalid("subscriptions", "Subscriptions: the kind cannot be changed")
        self.check(values)
        self.shelf.change(identifier, {**values, "updated_by": str(author)})

    def remove(self, identifier: str) -> None:
        """Forget a webhook and its secret."""
        self.shelf.remove(identifier)
        self._secrets.pop(identifier, None)

    def secret(self, identifier: str) -> str:
        """What calls of this webhook are signed with."""
        self.shelf.get(identifier)
        return self._secrets[identifier]

    def reset_secret(self, identifier: str) -> str:
        """A new secret; the old one signs nothing from now on."""
        self.shelf.get(identifier)
        self._secrets[identifier] = base64.b64encode(self._ids.secret(32)).decode()
        return self._secrets[identifier]

    def of_triggers(self, identifier: object) -> bool:
        """Whether triggers may call it."""
        return self._kind(self.shelf.get(identifier)["subscriptions"]) == BY_TRIGGERS

    def listening(self, event: str) -> list[Json]:
        """Active webhooks that are subscribed to an event."""
        wanted = EVENT + event
        return [
            each
            for each in self.shelf
            if each["status"] == "active" and wanted in each["subscriptions"]
        ]

    @staticmethod
    def _kind(subscriptions: list[str]) -> str:
        return BY_TRIGGERS if subscriptions == [BY_TRIGGERS] else EVENT

    def check(self, body: Json) -> None:
        """Refuse what could not be called."""
        for name in ("name", "endpoint"):
            if not body.get(name):
                raise blank(name)
        if urlsplit(str(body["endpoint"])).scheme not in {"http", "https"}:
            raise invalid("endpoint", "Endpoint: must be an http or https address")
        allowed = {
            "http_method": _METHODS,
            "request_format": _FORMATS,
            "status": _STATUSES,
        }
        for name, values in allowed.items():
            if body.get(name) not in values:
                raise invalid(name, f"{name}: {body.get(name)} is not one of {', '.join(values)}")
        self._check_subscriptions(body)
        check_authentication(body.get("authentication"))

    def _check_subscriptions(self, body: Json) -> None:
        wanted = body.get("subscriptions")
        if not isinstance(wanted, list) or not wanted:
            raise blank("subscriptions")
        if wanted == [BY_TRIGGERS]:
            return
        if BY_TRIGGERS in wanted:
            raise invalid("subscriptions", "Subscriptions: triggers and events exclude each other")
        unknown = [each for each in wanted if each not in EVENTS]
        if unknown:
            raise invalid("subscriptions", f"Subscriptions: {unknown[0]} is unknown")
        if (body["http_method"], body["request_format"]) != ("POST", "json"):
            raise invalid("http_method", "Events are only sent with POST, as JSON")


def check_authentication(wanted: Any) -> None:
    """Refuse credentials whose kind or parts are wrong."""
    if wanted is None:
        return
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    if kind not in _AUTHENTICATION:
        raise invalid("authentication", f"Authentication: type {kind} is unknown")
    data = wanted.get("data") or {}
    if any(not data.get(name) for name in _AUTHENTICATION[kind]):
        raise invalid("authentication", f"Authentication: {kind} lacks a part")


def credentials(webhook: Json) -> dict[str, str]:
    """The header that a webhook's credentials make."""
    wanted = webhook.get("authentication")
    if not wanted:
        return {}
    data = wanted["data"]
    if wanted["type"] == "bearer_token":
        return {"Authorization": f"Bearer {data['token']}"}
    if wanted["type"] == "api_key":
        return {str(data["name"]): str(data["value"])}
    pair = f"{data['username']}:{data['password']}".encode()
    return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def shown(webhook: Json) -> Json:
    """As REST shows it: no secret comes back."""
    record = dict(webhook)
    if record.get("authentication"):
        wanted = dict(record["authentication"])
        data = {k: v for k, v in wanted.get("data", {}).items() if k not in _SECRET_PARTS}
        record["authentication"] = {**wanted, "data": data}
    return record
