"""Zendesk over its REST API."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import (
    BusyError,
    ConflictError,
    GoneError,
    HelpDeskError,
    MalformedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Budget, Conversation, Delivery, Finding, Page, Posting
from support_policy.helpdesks.zendesk.api import Api, as_object, date_of
from support_policy.helpdesks.zendesk.codec import CLOSED, Found, ZendeskCodec, moment, tracked
from support_policy.helpdesks.zendesk.conversation import people_in, read_conversation
from support_policy.helpdesks.zendesk.history import read_history
from support_policy.helpdesks.zendesk.ledger import Ledger
from support_policy.helpdesks.zendesk.people import People
from support_policy.helpdesks.zendesk.posting import left, put_post
from support_policy.helpdesks.zendesk.put import not_kept, put, unmade

logger = logging.getLogger(__name__)

EXPORT = Budget(name="export", most=8, seconds=60)
"""The incremental export allows 10 requests a minute, whoever asks."""

EXPORT_PATIENCE = 15.0
"""Seconds that a sweep waits for the export's turn; it holds up nothing else."""

SETTLING = timedelta(seconds=2)
"""After that long no more change of the same second can come, by whichever clock."""

_LOOKS = 3
_NO_EVIDENCE = timedelta(minutes=1)  # a change so far ahead of the answer says nothing
_EXPORT_LAG = timedelta(seconds=61)  # a start that is younger is refused


class Zendesk:
    """One Zendesk account, spoken to as the run-time client.

    ``export`` is the same log-in with the patience that the export's narrow limit needs;
    ``checks`` is what ``doctor`` looks at.
    """

    streams = True

    def __init__(
        self,
        *,
        name: str,
        codec: ZendeskCodec,
        api: Api,
        export: Api,
        updates: Budget,
        ledger: Ledger,
        clock: Callable[[], datetime],
        checks: Callable[[datetime], Iterator[Finding]],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self.codec = codec
        self._api = api
        self._export_api = export
        self._updates = updates
        self._clock = clock
        self._ledger = ledger
        self._people = People(api, clock)
        self._checks = checks
        self._sleep = sleep

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now, with what its audits tell of who set what."""
        answer = self._settled(ref, hint)
        ticket = _ticket_in(answer, ref)
        audits = tuple(self._api.rows(f"tickets/{ref.id}/audits", "audits"))
        fields = self._ledger.ids("ticket_field")
        asked = {_number(ticket.get("requester_id"))}
        asked |= read_history(audits, tracked(fields)).authors
        people = self._people.of(asked, told=answer.get("users"))
        return self.codec.ticket(Found(ticket=ticket, audits=audits, people=people, fields=fields))

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """One PUT, refused by Zendesk when the ticket was changed since it was read."""
        fields = self._ledger.ids("ticket_field")
        body = put(ticket, update, fields)
        if not body:
            return ()
        return not_kept(body, self._put(ticket.ref, body), fields) + unmade(update, fields)

    def conversation(self, ref: TicketRef) -> Conversation:
        """The ticket with its comments, and the audits that say who wrote and who asked."""
        answer = self._settled(ref, "{}")
        ticket = _ticket_in(answer, ref)
        comments = tuple(self._api.rows(f"tickets/{ref.id}/comments", "comments"))
        audits = tuple(self._api.rows(f"tickets/{ref.id}/audits", "audits"))
        people = self._people.of(people_in(ticket, comments, audits), told=answer.get("users"))
        fields = self._ledger.ids("ticket_field")
        found = Found(ticket=ticket, audits=audits, people=people, fields=fields)
        return read_conversation(found, comments, self.codec)

    def post(self, conversation: Conversation, posting: Posting) -> None:
        """One PUT for each message; the last one carries tags, status and fields as well.

        Each is refused by Zendesk when anything but our own write happened since the reading.
        """
        if not posting:
            return
        ref, fields = conversation.ref, self._ledger.ids("ticket_field")
        messages = left(posting, conversation.posted)
        ticket = self._unchanged(ref, _ticket_in(self._show(ref), ref), conversation.revision)
        while True:
            rest = messages[1:]
            body = put_post(
                ticket, next(iter(messages), None), Posting() if rest else posting, fields
            )
            written = _ticket_in(self._put(ref, body), ref) if body else ticket
            if not rest:
                return
            messages = rest
            stamp = str(written.get("updated_at") or "")
            ticket = self._unchanged(ref, _ticket_in(self._settled(ref, "{}"), ref), stamp)

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
            ended = found.get("end_of_stream") is not False
            if ended or not isinstance(after, str) or after == query.get("cursor"):
                return
            query = {"cursor": after}

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """Log-in, rights, clock, limits, and with the set-up client all that was installed."""
        yield from self._checks(now)

    def _settled(self, ref: TicketRef, hint: str) -> dict[str, Any]:
        """The ticket once the second of its last change is over.

        Zendesk's moments are whole seconds: a change in the second that was read looks like none,
        and would be overwritten. Whoever tells of a ticket tells of it in that second.
        """
        seen = json.loads(hint).get("seen_at")
        if seen is not None:
            self._wait(SETTLING - (self._clock() - datetime.fromisoformat(seen)))
        for _ in range(_LOOKS):
            response = self._api.request("GET", f"tickets/{ref.id}", query={"include": "users"})
            found = as_object(response)
            ticket = found.get("ticket")
            changed = ticket.get("updated_at") if isinstance(ticket, dict) else None
            now = date_of(response)
            left = SETTLING - (now - moment(changed)) if now and changed else timedelta(0)
            if left <= timedelta(0) or left > _NO_EVIDENCE:
                return found
            self._wait(min(left, SETTLING))
        raise BusyError("the ticket is being changed all the time", after=2.0)

    def _show(self, ref: TicketRef) -> dict[str, Any]:
        return self._api.get(f"tickets/{ref.id}")

    def _unchanged(self, ref: TicketRef, ticket: dict[str, Any], revision: str) -> dict[str, Any]:
        """The ticket, when it is still what was decided about; ConflictError otherwise."""
        if str(ticket.get("updated_at") or "") != revision:
            raise ConflictError("the ticket was changed since it was read")
        if ticket.get("status") in CLOSED:
            raise RefusedError(f"ticket {ref.id} is closed: nothing can be written on it")
        return ticket

    def _wait(self, left: timedelta) -> None:
        if timedelta(0) < left <= SETTLING:  # more is a matter of clocks that are apart
            self._sleep(left.total_seconds())

    def _put(self, ref: TicketRef, body: Mapping[str, Any]) -> dict[str, Any]:
        # Zendesk allows each of its users 30 updates of a ticket in ten minutes.
        own = Budget(name=f"ticket/{ref.id}", most=28, seconds=600, burst=16)
        try:
            return self._api.send("PUT", f"tickets/{ref.id}", body, budgets=(self._updates, own))
        except RefusedError:
            if self._is_closed(ref):
                raise ConflictError("the ticket was closed since it was read") from None
            raise

    def _is_closed(self, ref: TicketRef) -> bool:
        """Whether that is why a write was refused; what cannot be asked now is no reason."""
        with suppress(HelpDeskError):
            ticket = self._show(ref).get("ticket")
            return isinstance(ticket, dict) and ticket.get("status") in CLOSED
        return False

    def _export(self, query: Mapping[str, str]) -> dict[str, Any]:
        path = "incremental/tickets/cursor"
        found = self._export_api.get(path, budgets=(EXPORT,), **query)
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


def _ticket_in(answer: Mapping[str, Any], ref: TicketRef) -> dict[str, Any]:
    ticket = answer.get("ticket")
    if not isinstance(ticket, dict) or str(ticket.get("id")) != ref.id:
        raise UnavailableError("Zendesk's answer holds no ticket")
    return ticket


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
