"""The plugin's routes, signed as docs/osticket.md says; written without the product's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets as randomness
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from tests.live.osticket.web import SECONDS


def new_secret() -> str:
    """A secret as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(randomness.token_bytes(32)).decode()


def signed(
    payload: bytes, secrets: Sequence[str], *, event: str = "", ago: float = 0.0
) -> dict[str, str]:
    """The three headers; `ago` is how many seconds ago the sender's clock says it is."""
    event = event or str(uuid.uuid4())
    stamp = str(int(time.time() - ago))
    text = f"{event}.{stamp}.".encode() + payload
    made = [
        base64.b64encode(
            hmac.new(base64.b64decode(each.removeprefix("whsec_")), text, hashlib.sha256).digest()
        ).decode()
        for each in secrets
    ]
    return {
        "webhook-id": event,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in made),
    }


def verifies(payload: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Whether one of the signatures was made with the secret."""
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + payload
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return made in headers["webhook-signature"].split(" ")


@dataclass(slots=True, kw_only=True)
class Routes:
    """Whoever calls the plugin with an API key and a secret."""

    url: str
    key: str
    secrets: Sequence[str]

    def status(self) -> dict[str, Any]:
        """The facts that doctor looks at."""
        return self.answered("GET", "status.json")

    def ticket(self, number: str) -> dict[str, Any]:
        """A ticket as the plugin reads it."""
        found: dict[str, Any] = self.answered("GET", f"tickets/{number}.json")["ticket"]
        return found

    def undecided(self, *, before: int | None = None, limit: int = 200) -> dict[str, Any]:
        """A page of open tickets that no decision was applied to."""
        query = f"limit={limit}" + (f"&before={before}" if before else "")
        return self.answered("GET", f"tickets.json?{query}")

    def ping(self) -> dict[str, Any]:
        """Have the plugin call the service."""
        return self.answered("POST", "ping.json", {})

    def decide(self, number: str, decision: Mapping[str, Any]) -> dict[str, Any]:
        """Send a decision about a ticket."""
        return self.answered(
            "POST", f"tickets/{number}.json", decision, event=str(decision["event"])
        )

    def answered(
        self, method: str, path: str, message: Mapping[str, Any] | None = None, *, event: str = ""
    ) -> dict[str, Any]:
        """The object that a request is answered."""
        answer = self.call(method, path, message, event=event)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def call(
        self,
        method: str,
        path: str,
        message: Mapping[str, Any] | None = None,
        *,
        event: str = "",
        ago: float = 0.0,
        sent: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """A request; it is signed as `method path`, and `sent` is what is asked instead."""
        body = json.dumps(message).encode() if message is not None else b""
        payload = f"{method} /support-policy/{path}\n".encode() + body
        wanted, _, address = (sent or f"{method} {path}").partition(" ")
        proof = signed(payload, self.secrets, event=event, ago=ago) if self.secrets else {}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                wanted,
                f"{self.url}/api/support-policy/{address}",
                data=body or None,
                headers={
                    "X-API-Key": self.key,
                    "Content-Type": "application/json",
                    **proof,
                    **(headers or {}),
                },
                timeout=SECONDS,
            )
