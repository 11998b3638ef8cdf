"""Hands what is ready to bill to a billing system, one charge a request, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import requests

from support_policy.errors import UnavailableError
from support_policy.permissions.billing import Charge

SECONDS = 15.0
"""How long a billing system may take to answer."""


def push(found: Iterable[Charge], *, url: str, token: str) -> Iterator[tuple[Charge, str]]:
    """Send each charge; the charge, and the reference that the billing system gave it.

    The request id goes as ``Idempotency-Key``: a charge whose answer was lost is sent again, and a
    billing system that heard it must answer as it did. Raises UnavailableError at the first that
    was not taken; those before it are.
    """
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        for charge in found:
            yield charge, _reference(session, charge, url)


def _reference(session: requests.Session, charge: Charge, url: str) -> str:
    """The reference in ``{"reference": "…"}``; without one, the request id itself."""
    try:
        answer = session.post(
            url,
            json=charge.as_dict(),
            headers={"Idempotency-Key": charge.request},
            timeout=SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise UnavailableError(f"the billing system: {type(error).__name__}") from None
    if not answer.ok or answer.is_redirect:
        raise UnavailableError(f"the billing system answered {answer.status_code}")
    try:
        told = answer.json()
    except ValueError:
        told = None
    reference = told.get("reference") if isinstance(told, dict) else None
    return reference[:200] if isinstance(reference, str) and reference else charge.request
