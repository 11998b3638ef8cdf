"""The add-on's app as installed: its key pair, and the token of a signed iframe."""

from __future__ import annotations

import base64
import json
import uuid
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.people import User


class Installation:
    """One private app, once installed."""

    def __init__(self, subdomain: str, clock: Clock) -> None:
        self._host = f"{subdomain}.zendesk.com"
        self._clock = clock
        self.app_id: int | None = None
        self.installation_id: int | None = None

    def install(self, app_id: int, installation_id: int) -> None:
        """Install the app under these ids."""
        self.app_id = app_id
        self.installation_id = installation_id

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        # Made on first use: most tests need none, and it takes a moment.
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_key(self) -> str:
        """The public half as PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    def token(self, *, ticket_id: int, agent: User, lifetime: int, override: dict[str, Any]) -> str:
        """What Zendesk POSTs as `token`; a claim overridden with None is left out."""
        now = int(self._clock.exact().timestamp())
        claims: dict[str, Any] = {
            "iss": self._host,
            "aud": f"https://{self._host}/api/v2/apps/installations/{self.installation_id}.json",
            "sub": f"https://{self._host}/api/v2/users/{agent.id}.json",
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "jti": str(uuid.uuid4()),
            "context": {
                "product": "support",
                "location": "ticket_sidebar",
                "ticket_id": ticket_id,
            },
        }
        claims |= override
        kept = {name: value for name, value in claims.items() if value is not None}
        return self._signed({"alg": "RS256", "typ": "JWT"}, kept)

    def _signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        text = f"{_part(json.dumps(header).encode())}.{_part(json.dumps(claims).encode())}"
        mac = self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{_part(mac)}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
