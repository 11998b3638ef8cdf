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
    """A charge that was handed over, and what became of it.

    The billing system took it under its ``reference``, or refused it, for the reason ``refused``.
    ``unnoted`` is why it does not count as billed here although it was taken: somebody decided
    otherwise while it was under way, or the record cannot be written. A person has to look at that.
    """

    charge: Charge
    reference: str = ""
    refused: str = ""
    unnoted: SupportPolicyError | None = None

    @property
    def well(self) -> bool:
        """Whether it was taken and noted."""
        return not self.refused and self.unnoted is None


def push(work: Work, *, url: str, token: str, by: Actor) -> Iterator[Handed]:
    """Send each charge that is ready, and note it as billed.

    The request id goes as ``Idempotency-Key``: a charge whose answer was lost is sent again, and a
    billing system that heard it must answer as it did. Raises UnavailableError when it cannot be
    reached; what was handed over before that stays so.
    """
    with requests.Session() as session:
        session.auth = _Bearer(token)
        for charge in _ready(work):
            try:
                reference = _reference(session, charge, url)
            except _RefusedError as error:
                yield Handed(charge=charge, refused=str(error))
                continue
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


class _RefusedError(Exception):
    """The billing system did not take this charge; the message says what it answered."""


def _reference(session: requests.Session, charge: Charge, url: str) -> str:
    """The reference in ``{"reference": "…"}``; without one, the request id itself.

    An answer that is not empty and no JSON object is not a billing system's: a log-in page in
    between answers 200 as well.
    """
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
        raise _RefusedError(f"the billing system answered {answer.status_code}")
    if not answer.content:
        return charge.request
    try:
        told = answer.json()
    except ValueError:
        told = None
    reference = told.get("reference", charge.request) if isinstance(told, dict) else None
    if not isinstance(reference, str) or not reference:
        raise _RefusedError("this is no answer of a billing system")
    return reference[:200]
