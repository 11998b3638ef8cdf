"""Signed claims (JWT): the one place that reads and writes them.

Every caller names the single algorithm of its path. To accept two on one path lets a public key be
used as a shared secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from jose import jwk, jwt
from jose.exceptions import ExpiredSignatureError, JOSEError

from support_policy.errors import SignatureError, StaleError

Algorithm = Literal["RS256", "HS256"]

LEEWAY = 10
"""Seconds by which two machines' clocks may differ."""

_LONGEST = 8192
# Tokens are a stranger's until the signature is checked: whatever they break in the parser says
# the same as a wrong signature. Deep nesting is a RecursionError.
_BROKEN = (JOSEError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def opened(
    token: str,
    *,
    key: Callable[[], str | bytes],
    algorithm: Algorithm,
    for_us: Callable[[str], bool],
    now: datetime,
) -> Mapping[str, Any]:
    """The claims of a token that is signed, in time, and for us.

    ``for_us`` judges the audience; only then is the ``key`` asked for. Raises SignatureError or
    StaleError, neither of which quotes the token, and what ``key`` raises.
    """
    if not token or len(token) > _LONGEST:
        raise SignatureError("there is no token of a usual size")
    try:
        audience = jwt.get_unverified_claims(token).get("aud")
        if not isinstance(audience, str) or not for_us(audience):
            raise SignatureError("the token is for somebody else")
        # python-jose lets a token without a claim pass unless the claim is required.
        claims: Mapping[str, Any] = jwt.decode(
            token,
            jwk.construct(key(), algorithm),
            algorithms=[algorithm],
            audience=audience,
            options={
                "require_aud": True,
                "require_exp": True,
                "require_iat": True,
                "verify_nbf": False,  # below: python-jose does not tell early from malformed
                "leeway": LEEWAY,
            },
        )
        _in_time(claims, now)
    except ExpiredSignatureError:
        raise StaleError("the token has expired") from None
    except _BROKEN:
        raise SignatureError("the token is not signed as it must be") from None
    return claims


def signed(claims: Mapping[str, object], *, key: bytes) -> str:
    """A token of ours, signed with a secret of ours (HS256)."""
    return str(jwt.encode(dict(claims), jwk.construct(key, "HS256"), algorithm="HS256"))


def _in_time(claims: Mapping[str, Any], now: datetime) -> None:
    """What python-jose does not ask: a token is not from the future, and ends by our own clock."""
    at = now.timestamp()
    if int(claims["exp"]) < at - LEEWAY:
        raise StaleError("the token has expired")
    if max(int(claims["iat"]), int(claims.get("nbf", 0))) > at + LEEWAY:
        raise StaleError("the token is not valid yet")
