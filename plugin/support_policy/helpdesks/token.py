"""Webhooks that prove their origin by a secret in the address."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from typing import Any

from support_policy.errors import MalformedError, SignatureError


def check_token(token: str | None, accepted: Sequence[str]) -> None:
    """Compare in constant time with every accepted token; SignatureError when none is it."""
    given = (token or "").encode(errors="backslashreplace")  # an address may hold anything
    matches = [hmac.compare_digest(given, each.encode()) for each in accepted]
    if not any(matches):
        raise SignatureError("the address does not carry this desk's token")


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; MalformedError says what is wrong without quoting it."""
    try:
        value = json.loads(body.decode("utf-8-sig"))  # bytes alone may be UTF-16 to json
    except (ValueError, RecursionError):
        raise MalformedError("the body is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise MalformedError("the body is not a JSON object")
    return value
