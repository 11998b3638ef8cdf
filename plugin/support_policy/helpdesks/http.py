"""What every help desk's HTTP client shares: time limits, and failures by who must act."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import requests
from requests import Response, Session

from support_policy.errors import (
    ForbiddenError,
    GoneError,
    LoginError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)

__all__ = ["LONGEST_WAIT", "TIMEOUT", "Response", "Session", "answer", "call", "new_session"]

TIMEOUT = (3.05, 10.0)
"""Seconds to connect and to wait for an answer."""

LONGEST_WAIT = 86_400.0
"""Seconds of patience that a help desk may ask for at most."""


def new_session() -> Session:
    """A session whose Authorization header is ours: a ``.netrc`` would replace it."""
    session = Session()
    session.auth = _as_it_is
    return session


def call(
    session: Session,
    method: str,
    url: str,
    *,
    passing: Collection[int] = (),
    **arguments: Any,
) -> Response:
    """One request; never follows a redirect.

    Statuses in ``passing`` are given back like those of success, for who knows what they mean.

    Raises UnavailableError when the desk cannot be reached, is broken or refuses our log-in (an
    admin can mend that, and nothing is lost by waiting), RateLimitedError, GoneError for 404 and
    410, RefusedError for any other 3xx or 4xx. No message carries a body or a secret.
    """
    try:
        response = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **arguments)
    except requests.RequestException as error:
        raise UnavailableError(
            f"the help desk cannot be reached ({type(error).__name__})"
        ) from None
    status = response.status_code
    if status in passing:
        return response
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        after = _seconds(response.headers.get("Retry-After"))
        raise RateLimitedError("the help desk asks for patience", after=after)
    if status == 401:
        raise LoginError("the help desk refuses our log-in (401)")
    if status == 403:
        raise ForbiddenError("the help desk refuses our log-in this (403)")
    if status in (404, 410):
        raise GoneError(f"the help desk has no such thing ({status})")
    if status >= 500 or status == 408:
        raise UnavailableError(f"the help desk is not well ({status})")
    if status >= 300:
        raise RefusedError(f"the help desk refuses the request ({status})")
    return response


def answer(response: Response) -> Any:
    """The JSON of an answer; UnavailableError when it is something else (a proxy's page)."""
    try:
        return response.json()
    except (ValueError, RecursionError):  # numbers and nesting that no help desk sends, too
        raise UnavailableError("the help desk's answer is not JSON") from None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _seconds(text: str | None) -> float:
    return min(float(text), LONGEST_WAIT) if text and text.isascii() and text.isdigit() else 30.0
