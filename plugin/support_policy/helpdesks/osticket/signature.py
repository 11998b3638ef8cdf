"""How we and our plugin in osTicket sign what we tell each other: Standard Webhooks; pure.

``v1,`` and base64(HMAC-SHA256(key, id.timestamp.payload)); a secret is ``whsec_`` and the key in
base64 (standardwebhooks.com, "Signature scheme"). Whoever sends signs with all of its secrets and
whoever receives accepts any of them, so that a secret can be rotated on either side first.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from support_policy.errors import SignatureError, StaleError

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

WINDOW = timedelta(minutes=5)
"""How far a request's timestamp may be from now, either way."""

SHORTEST, LONGEST = 24, 64
"""Bytes of a key."""

_PREFIX = "whsec_"
_MOST_SIGNATURES = 10


def key_of(secret: str) -> bytes | None:
    """The key that a secret spells; None when it is not one."""
    if not secret.startswith(_PREFIX):
        return None
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        return None
    return key if SHORTEST <= len(key) <= LONGEST else None


def spelled(key: bytes) -> str:
    """The secret of a key."""
    return _PREFIX + b64encode(key).decode()


def sign(payload: bytes, keys: Sequence[bytes], *, event: str, now: datetime) -> dict[str, str]:
    """The three headers of a message that is sent now."""
    timestamp = str(int(now.timestamp()))
    signatures = " ".join(_signature(payload, key, event, timestamp) for key in keys)
    return {ID: event, TIMESTAMP: timestamp, SIGNATURE: signatures}


def check(
    payload: bytes, headers: Mapping[str, str], keys: Sequence[bytes], *, now: datetime
) -> None:
    """Raise SignatureError unless one of the keys signed it, StaleError when not just now."""
    event, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    given = headers.get(SIGNATURE, "").split(" ")[:_MOST_SIGNATURES]
    if not event or not timestamp or not any(given):
        raise SignatureError("the request is not signed")
    presented = [each.encode(errors="backslashreplace") for each in given]
    matches = [
        hmac.compare_digest(each, _signature(payload, key, event, timestamp).encode())
        for key in keys
        for each in presented
    ]
    if not any(matches):
        raise SignatureError("the signature is not made with this desk's secret")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("9999999999")):
        raise StaleError("the request's timestamp is not a moment")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise StaleError("the request was signed too long ago, or in the future")


def _signature(payload: bytes, key: bytes, event: str, timestamp: str) -> str:
    signed = f"{event}.{timestamp}.".encode(errors="backslashreplace") + payload
    return "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()
