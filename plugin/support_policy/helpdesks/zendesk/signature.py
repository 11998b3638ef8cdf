"""How Zendesk signs its webhooks; pure.

base64(HMAC-SHA256(secret, timestamp + raw body)), both times as they came, made anew for each
attempt (developer.zendesk.com, "Verifying webhook authenticity"). The secret's own letters are the
key: it only looks like base64.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from support_policy.errors import SignatureError, StaleError

SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"

WINDOW = timedelta(minutes=5)
"""How far a request's timestamp may be from now, either way."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body that is sent at this moment."""
    signed = timestamp.encode(errors="backslashreplace") + body
    return b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def check(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: datetime
) -> None:
    """Raise SignatureError unless one of the secrets signed it, StaleError when not just now."""
    given, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    if not given or not timestamp:
        raise SignatureError("the request is not signed")
    if not secrets:
        raise SignatureError("no signing secret is known here yet: run support-policy apply")
    presented = given.encode(errors="backslashreplace")
    matches = [
        hmac.compare_digest(presented, sign(secret, timestamp, body).encode()) for secret in secrets
    ]
    if not any(matches):
        raise SignatureError("the signature is not this account's")
    if abs(now - _moment(timestamp)) > WINDOW:
        raise StaleError("the request was signed too long ago, or in the future")


def _moment(timestamp: str) -> datetime:
    try:
        at = datetime.fromisoformat(timestamp)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise StaleError("the request's timestamp is not a moment")
    return at
