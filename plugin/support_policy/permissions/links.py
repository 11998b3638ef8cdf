"""The secret addresses and codes of requests: worked out anew each time, and nowhere kept."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What nobody mistakes for something else when it is read out or typed."""

_CODE = 6
_ID = 8


def new_request() -> str:
    """An id for a request; it says nothing and may be shown."""
    return "PH-" + "".join(secrets.choice(ALPHABET) for _ in range(_ID))


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Tokens of 256 bits, made from a secret of 32 bytes and the id of what they open.

    They are the same on every attempt, so that a message that has to be sent again says the same.
    """

    secret: bytes = field(repr=False)
    public_url: str

    def customer_token(self, request: str) -> str:
        """Opens the page on which the customer answers one request."""
        return self._token("customer", request)

    def work_token(self, job: str) -> str:
        """Opens the page of the work on one job, for staff."""
        return self._token("work", job)

    def answer_address(self, request: str) -> str:
        """The page on which the customer answers."""
        return f"{self.public_url}/permission/{self.customer_token(request)}"

    def work_address(self, job: str) -> str:
        """The page of the work, for staff."""
        return f"{self.public_url}/paid-help/{self.work_token(job)}"

    def policy_address(self, version: str) -> str:
        """The policy in force."""
        return f"{self.public_url}/policy/{version}"

    def code(self, request: str) -> str:
        """What a customer writes into a mail to prove that they read this request."""
        digest = self._digest("code", request)
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:_CODE])

    def mark(self, text: str) -> str:
        """An id for a request that was never made, so that it is told of once."""
        digest = self._digest("mark", text)
        return "PH-" + "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:_ID])

    def _token(self, purpose: str, name: str) -> str:
        return base64.urlsafe_b64encode(self._digest(purpose, name)).rstrip(b"=").decode()

    def _digest(self, purpose: str, name: str) -> bytes:
        return hmac.digest(self.secret, f"support-policy {purpose} v1\0{name}".encode(), "sha256")
