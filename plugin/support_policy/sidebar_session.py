"""Our own short tokens for the sidebar's page: third-party cookies do not reach it.

They stand for an installation of the app, as the token they are given for does, and never for an
agent: whatever costs money must ask the help desk who the agent is.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from support_policy.claims import opened, signed
from support_policy.errors import SignatureError

LIFE = timedelta(minutes=15)

_ISSUER = "support-policy"
_AUDIENCE = "support-policy/sidebar"
_PURPOSE = b"support-policy sidebar session v1"


def session_key(client_secret: str) -> bytes:
    """The signing key, made from the desk's OAuth client secret: no further secret to keep."""
    return hmac.digest(client_secret.encode(), _PURPOSE, "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class SidebarSessions:
    """The sessions of one desk (HS256); ``installation`` as AppTokens has it."""

    desk: str
    key: bytes = field(repr=False)
    installation: str | None = None

    def issue(self, installation: str, *, now: datetime) -> str:
        """A token for the page that this installation of the app has opened."""
        return signed(
            {
                "iss": _ISSUER,
                "aud": _AUDIENCE,
                "desk": self.desk,
                "installation": installation,
                "iat": int(now.timestamp()),
                "exp": int((now + LIFE).timestamp()),
            },
            key=self.key,
        )

    def check(self, token: str, *, now: datetime) -> str:
        """The installation whose page shows this token; raises SignatureError or StaleError."""
        claims = opened(
            token,
            key=lambda: self.key,
            algorithm="HS256",
            for_us=lambda audience: audience == _AUDIENCE,
            now=now,
        )
        installation = claims.get("installation")
        if claims.get("iss") != _ISSUER or not isinstance(installation, str):
            raise SignatureError("the session is not ours")
        # Two desks may share a client, and with it the key.
        if claims.get("desk") != self.desk or self.installation not in (None, installation):
            raise SignatureError("the session is another desk's")
        return installation
