"""Zendesk's REST API: one request at a time, inside its limits, its answers as objects."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from support_policy.errors import (
    BusyError,
    ConflictError,
    LoginError,
    RateLimitedError,
    UnavailableError,
)
from support_policy.helpdesk import Budget, Notebook
from support_policy.helpdesks.http import Response, Session, answer, call
from support_policy.helpdesks.zendesk.tokens import Token

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

PAGE = 100
"""Rows of a page; Zendesk gives no more."""

PATIENCE = 5.0
"""Seconds that a request of the service waits for its turn.

Work that went back into its queue would ask again for what it has asked already.
"""

_CONFLICT = 409


class Api:
    """One account, spoken to under one log-in.

    ``budgets`` are taken from by every request, those given with a request by it alone;
    ``patience`` is the number of seconds that a request may wait for them.
    """

    def __init__(
        self,
        *,
        origin: str,
        token: Token,
        session: Session,
        notebook: Notebook,
        budgets: Sequence[Budget],
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._patience = patience
        self._root = f"{origin}/api/v2"
        self._token = token
        self._session = session
        self._notebook = notebook
        self._budgets = tuple(budgets)
        self._clock = clock
        self._sleep = sleep

    def get(self, path: str, *, budgets: Sequence[Budget] = (), **query: str) -> dict[str, Any]:
        """The object at a path such as ``tickets/7``; raises HelpDeskError."""
        return as_object(self.request("GET", path, query=query, budgets=budgets))

    def send(
        self,
        method: Method,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        budgets: Sequence[Budget] = (),
        **query: str,
    ) -> dict[str, Any]:
        """Change something; the answer's object, empty when it has none.

        Raises HelpDeskError: ConflictError for 409.
        """
        response = self.request(method, path, body=body, query=query, budgets=budgets)
        return as_object(response) if response.content else {}

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """The answers of a list, page after page, each whole (rows and what is sideloaded)."""
        asked = {"page[size]": str(PAGE), **query}
        while True:
            found = as_object(self.request("GET", path, query=asked))
            yield found
            after = _next(found)
            if not after or after == asked:
                return
            asked = {**asked, **after}

    def rows(self, path: str, key: str, **query: str) -> Iterator[dict[str, Any]]:
        """Every row of a list."""
        for page in self.pages(path, **query):
            rows = page.get(key)
            if not isinstance(rows, list):
                raise UnavailableError(f"Zendesk's answer holds no {key}")
            yield from (row for row in rows if isinstance(row, dict))

    def request(
        self,
        method: Method,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        budgets: Sequence[Budget] = (),
    ) -> Response:
        """One request, and one more with a new token when the old one is refused."""
        arguments: dict[str, Any] = {"params": dict(query or {})}
        if body is not None:
            arguments["json"] = body
        used: list[str] = []
        try:
            return self._once(method, path, used, budgets, arguments)
        except LoginError:
            if not used or not self._token.renew(used[-1]):
                raise
        return self._once(method, path, used, budgets, arguments)

    def _once(
        self,
        method: Method,
        path: str,
        used: list[str],
        budgets: Sequence[Budget],
        arguments: Mapping[str, Any],
    ) -> Response:
        """In our turn, with a token that may have to be fetched first; ``used`` notes which."""
        self._spend(budgets)
        try:
            authorization = self._token.authorization()
            used.append(authorization)
            headers = {"Authorization": authorization, "Accept": "application/json"}
            response = call(
                self._session,
                method,
                f"{self._root}/{path}",
                headers=headers,
                passing=(_CONFLICT,),
                **arguments,
            )
        except RateLimitedError as error:
            self._notebook.rest(error.after, now=self._clock())
            raise
        if response.status_code == _CONFLICT:
            raise ConflictError("the ticket was changed since it was read")
        return response

    def _spend(self, own: Sequence[Budget]) -> None:
        """Wait for our turn where that is soon; otherwise say how long the work must wait."""
        budgets = (*self._budgets, *own)
        wait = self._notebook.spend(budgets, now=self._clock(), patience=self._patience)
        if 0.0 < wait <= self._patience:
            self._sleep(wait)
            # Zendesk may have asked for patience meanwhile.
            wait = self._notebook.spend((), now=self._clock())
        if wait:
            limits = ", ".join(sorted(budget.name for budget in budgets))
            raise BusyError(f"a limit of requests is used up ({limits})", after=wait)


def as_object(response: Response) -> dict[str, Any]:
    """The object in an answer; UnavailableError, for a proxy may answer 200 with anything."""
    found = answer(response)
    if not isinstance(found, dict):
        raise UnavailableError("Zendesk's answer is not an object")
    return found


def date_of(response: Response) -> datetime | None:
    """Zendesk's own time of an answer; HTTP's dates are in UTC, however they say it."""
    try:
        at = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _next(found: Mapping[str, Any]) -> dict[str, str]:
    """The query of the next page. Its address is not followed: only our own is ever called."""
    meta, links = found.get("meta"), found.get("links")
    if isinstance(meta, dict) and isinstance(links, dict):
        following = links.get("next") if meta.get("has_more") else None
    else:
        following = found.get("next_page")
    return dict(parse_qsl(urlsplit(following).query)) if isinstance(following, str) else {}
