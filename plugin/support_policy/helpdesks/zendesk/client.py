"""Zendesk over its REST API."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import (
    ConflictError,
    GoneError,
    HelpDeskError,
    MalformedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Budget, Delivery, Finding, Notebook, Page
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.codec import CLOSED, Found, ZendeskCodec, moment, tracked
from support_policy.helpdesks.zendesk.history import read_history
from support_policy.helpdesks.zendesk.install import CLAMPS_LOW
from support_policy.helpdesks.zendesk.ledger import Ledger
from support_policy.helpdesks.zendesk.put import CLAMPED_TAG, is_clamped, not_kept, put, unmade

logger = logging.getLogger(__name__)

EXPORT = Budget(name="export", most=8, seconds=60)
"""The incremental export allows 10 requests a minute, whoever asks."""

_EXPORT_LAG = timedelta(seconds=61)  # a start that is younger is refused
_ROLES_KEPT = timedelta(minutes=10)
_AT_ONCE = 100  # users of one request


class Zendesk:
    """One Zendesk account, spoken to as the run-time client.

    ``checks`` look at what needs the set-up client's rights, where there is one.
    """

    def __init__(
        self,
        *,
        name: str,
        codec: ZendeskCodec,
        api: Api,
        updates: Budget,
        notebook: Notebook,
        ledger: Ledger,
        clock: Callable[[], datetime],
        checks: Callable[[datetime], Iterator[Finding]],
    ) -> None:
        self.name = name
        self.codec = codec
        self._api = api
        self._updates = updates
        self._notebook = notebook
        self._ledger = ledger
        self._people = People(api, clock)
        self._checks = checks

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now, with what its audits tell of who set what."""
        del hint  # everything is told by the ticket itself
        answer = self._api.get(f"tickets/{ref.id}", include="users")
        ticket = answer.get("ticket")
        if not isinstance(ticket, dict) or str(ticket.get("id")) != ref.id:
            raise UnavailableError("Zendesk's answer holds no ticket")
        audits = tuple(self._api.rows(f"tickets/{ref.id}/audits", "audits"))
        fields = self._ledger.ids("ticket_field")
        asked = {_number(ticket.get("requester_id"))}
        asked |= read_history(audits, tracked(fields)).authors
        people = self._people.of(asked, told=answer.get("users"))
        return self.codec.ticket(Found(ticket=ticket, audits=audits, people=people, fields=fields))

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """One PUT, refused by Zendesk when the ticket was changed since it was read."""
        fields = self._ledger.ids("ticket_field")
        clamps = self._notebook.recall(CLAMPS_LOW) == "1"
        body = put(ticket, update, fields, clamps=clamps)
        if not body:
            return ()
        answer = self._put(ticket.ref, body)
        lost = not_kept(body, answer, fields) + unmade(update, fields)
        if is_clamped(body, answer) and CLAMPED_TAG not in body["ticket"].get("tags", ()):
            self._tell_clamped(ticket.ref, answer["ticket"])
        if lost:
            logger.error("%s: Zendesk did not keep as asked: %s", ticket.ref, ", ".join(lost))
        return lost

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        """Page after page of the incremental export, from the cursor to the end of the stream."""
        start = {"start_time": str(int(min(since, now - _EXPORT_LAG).timestamp()))}
        query = {"cursor": cursor} if cursor else start
        while True:
            try:
                found = self._export(query)
            except (GoneError, RefusedError):
                if query is start:
                    raise
                logger.warning("%s: the export does not know our cursor: from the start", self.name)
                query = start
                continue
            after = found.get("after_cursor")
            yield Page(
                deliveries=tuple(self._told(found, since=since, now=now)),
                cursor=after if isinstance(after, str) else None,
            )
            if found.get("end_of_stream") is not False or not isinstance(after, str):
                return
            query = {"cursor": after}

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """Log-in, rights, clock, limits, and with the set-up client all that was installed."""
        yield from self._checks(now)

    def _put(self, ref: TicketRef, body: Mapping[str, Any]) -> dict[str, Any]:
        # Zendesk allows 30 updates of a ticket in ten minutes; people need theirs.
        own = Budget(name=f"ticket/{ref.id}", most=15, seconds=600)
        try:
            return self._api.send("PUT", f"tickets/{ref.id}", body, budgets=(self._updates, own))
        except RefusedError:
            status = self._api.get(f"tickets/{ref.id}").get("ticket", {}).get("status")
            if status == "closed":
                raise ConflictError("the ticket was closed since it was read") from None
            raise

    def _tell_clamped(self, ref: TicketRef, kept: Mapping[str, Any]) -> None:
        """Say it on this ticket by a request of its own; from now on one is enough."""
        self._notebook.remember(CLAMPS_LOW, "1")
        logger.error("%s: the account's priority field has no Low: it kept Normal", self.name)
        tags = {"tags": [CLAMPED_TAG], "safe_update": "true"}
        stamp = {"updated_stamp": str(kept.get("updated_at"))}
        self._api.send("PUT", f"tickets/{ref.id}/tags", {**tags, **stamp}, budgets=(self._updates,))

    def _export(self, query: Mapping[str, str]) -> dict[str, Any]:
        path = "incremental/tickets/cursor"
        found = self._api.get(path, budgets=(EXPORT,), **query)
        if not isinstance(found.get("tickets"), list):
            raise UnavailableError("Zendesk's answer holds no tickets")
        return found

    def _told(
        self, found: Mapping[str, Any], *, since: datetime, now: datetime
    ) -> Iterator[Delivery]:
        """The export tells of every change; only openings since then are our business."""
        for ticket in found["tickets"]:
            try:
                opened_at = moment(ticket["created_at"])
                number = str(int(ticket["id"]))
            except (HelpDeskError, MalformedError, KeyError, TypeError, ValueError):
                logger.warning("%s: a ticket is left out of the sweep: it is odd", self.name)
                continue
            # Zendesk's moments are whole seconds.
            if opened_at >= since.replace(microsecond=0) and ticket.get("status") not in CLOSED:
                yield self.codec.opened(number, now=now, origin="sweep", opened_at=opened_at)


class People:
    """Users by id, remembered for a while: who is staff seldom changes; threads share it."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[int, Mapping[str, Any]] = {}
        self._forget_at = clock() + _ROLES_KEPT

    def of(self, numbers: set[int], *, told: object = None) -> dict[int, Mapping[str, Any]]:
        """These people; who does not exist any more is left out. ``told`` is a sideloaded list."""
        fresh = _by_number(told)
        with self._lock:
            if self._clock() >= self._forget_at:
                self._known, self._forget_at = {}, self._clock() + _ROLES_KEPT
            self._known |= fresh
            missing = sorted(numbers - self._known.keys() - {0})
        for start in range(0, len(missing), _AT_ONCE):
            ids = ",".join(map(str, missing[start : start + _AT_ONCE]))
            found = _by_number(self._api.get("users/show_many", ids=ids).get("users"))
            with self._lock:
                self._known |= found
        with self._lock:
            return {number: self._known[number] for number in numbers if number in self._known}


def _by_number(users: object) -> dict[int, Mapping[str, Any]]:
    rows: Sequence[Any] = users if isinstance(users, list) else ()
    return {row["id"]: row for row in rows if isinstance(row, dict) and _number(row.get("id"))}


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
