"""Hands what is ready to bill to a billing system, one charge a request, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import requests

from support_policy.core.permission.acts import Actor
from support_policy.errors import SupportPolicyError, UnavailableError
from support_policy.permissions.billing import Charge, charges
from support_policy.permissions.work import Work

SECONDS = 15.0
"""How long a billing system may take to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A charge that the billing system took, under its ``reference``.

    ``unnoted`` is why it does not count as billed here all the same: somebody decided otherwise
    while it was under way, or the record cannot be written. A person has to look at that one.
    """

    charge: Charge
    reference: str
    unnoted: SupportPolicyError | None = None


def push(work: Work, *, url: str, token: str, by: Actor) -> Iterator[Handed]:
    """Send each charge that is ready, and note it as billed.

    The request id goes as ``Idempotency-Key``: a charge whose answer was lost is sent again, and a
    billing system that heard it must answer as it did. Raises UnavailableError at the first that
    was not taken; those before it are.
    """
    with requests.Session() as session:
        session.auth = _Bearer(token)
        for charge in _ready(work):
            reference = _reference(session, charge, url)
            unnoted = None
            try:
                work.bill(charge.ticket, charge.request, by=by, reference=reference)
            except SupportPolicyError as error:
                unnoted = error
            yield Handed(charge=charge, reference=reference, unnoted=unnoted)


def _ready(work: Work) -> Iterator[Charge]:
    """The charges that are ready at the moment when they are asked for."""
    for ref in work.ledger.tickets():
        for request in [each.request for each in charges(work.ledger.history(ref))]:
            # Each answer may take long, and a charge be waived or disputed meanwhile.
            for charge in charges(work.ledger.history(ref)):
                if charge.request == request and charge.standing == "ready":
                    yield charge


class _Bearer(requests.auth.AuthBase):
    """The token, as the session's own log-in: a ``.netrc`` would replace a mere header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


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
        what = f"{charge.request}: the billing system: {type(error).__name__}"
        raise UnavailableError(what) from None
    if not answer.ok or answer.is_redirect:
        raise UnavailableError(
            f"{charge.request}: the billing system answered {answer.status_code}"
        )
    try:
        told = answer.json()
    except ValueError:
        told = None
    reference = told.get("reference") if isinstance(told, dict) else None
    return reference[:200] if isinstance(reference, str) and reference else charge.request
