"""One attempt at calling a webhook: headers, signature, answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import requests

from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.webhooks import credentials, signature

CONTENT_TYPES: Final = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "form_encoded": "application/x-www-form-urlencoded; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes, and what signs it."""

    webhook: Json
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an attempt; `status` is None when nothing came back."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    error: str | None = None
    timed_out: bool = False
    sent_headers: dict[str, str] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether it was delivered."""
        return self.status is not None and self.status < 300

    @property
    def retry_after(self) -> float:
        """The seconds that the endpoint asked for; without end when it asked for none."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.isdecimal() else float("inf")


def attempt(
    target: Target,
    body: bytes,
    *,
    clock: Clock,
    account_id: int,
    invocation_id: str,
    timeout: float,
) -> Answer:
    """Call once; the signature and its timestamp are of this moment."""
    webhook = target.webhook
    headers = _headers(target, body, clock.stamp())
    headers |= {
        "X-Zendesk-Account-Id": str(account_id),
        "X-Zendesk-Webhook-Invocation-Id": invocation_id,
    }
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy of this machine must not see loopback calls
            answer = session.request(
                webhook["http_method"],
                webhook["endpoint"],
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            )
    except requests.Timeout:
        return Answer(error="timeout", timed_out=True, sent_headers=headers)
    except requests.RequestException as wrong:
        return Answer(error=type(wrong).__name__, sent_headers=headers)
    return Answer(
        status=answer.status_code,
        headers={name.lower(): value for name, value in answer.headers.items()},
        text=answer.text,
        sent_headers=headers,
    )


def _headers(target: Target, body: bytes, timestamp: str) -> dict[str, str]:
    webhook = target.webhook
    own = {str(name): str(value) for name, value in (webhook.get("custom_headers") or {}).items()}
    return {
        "User-Agent": "Zendesk Webhook",
        "Content-Type": CONTENT_TYPES[webhook["request_format"]],
        **own,
        **credentials(webhook),
        "X-Zendesk-Webhook-Id": str(webhook.get("id", "")),
        "X-Zendesk-Webhook-Signature": signature(target.secret, timestamp, body),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }
