"""Standard Webhooks as the plugin signs and judges them, written anew: no line of the product's."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

WINDOW = 300
MOST = 10  # signatures of one message
NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")


class UnprovenError(Exception):
    """A request or an answer that nobody who knows a secret has signed just now."""


def secret_of(key: bytes) -> str:
    """A key as admins see it."""
    return "whsec_" + base64.b64encode(key).decode()


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


def _mac(secret: str, identifier: str, stamp: str, payload: bytes) -> str:
    message = b".".join((identifier.encode(), stamp.encode(), payload))
    digest = hmac.new(_key(secret), message, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def sign(secrets: Sequence[str], identifier: str, at: int, payload: bytes) -> dict[str, str]:
    """The three headers, with one signature for each secret."""
    proofs = " ".join(_mac(secret, identifier, str(at), payload) for secret in secrets)
    return dict(zip(NAMES, (identifier, str(at), proofs), strict=True))


def verify(
    secrets: Sequence[str], headers: Mapping[str, str], payload: bytes, *, now: float
) -> str:
    """The id that was signed. Raises UnprovenError."""
    low = {name.lower(): value for name, value in headers.items()}
    identifier, stamp, proofs = (low.get(name, "") for name in NAMES)
    if not identifier or not (stamp.isascii() and stamp.isdigit()):
        raise UnprovenError("no signature")
    if abs(now - int(stamp)) > WINDOW:
        raise UnprovenError("stale signature")
    good = [_mac(secret, identifier, stamp, payload) for secret in secrets]
    given = proofs.split(" ")[:MOST]
    if not any(hmac.compare_digest(one.encode(), two.encode()) for one in given for two in good):
        raise UnprovenError("wrong signature")
    return identifier


def of_request(method: str, path: str, body: bytes) -> bytes:
    """What a request to the plugin's own routes signs; the path begins after ``/api``."""
    return f"{method} {path}\n".encode() + body
