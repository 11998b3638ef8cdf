"""osTicket over the routes that our plugin adds to its API."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import (
    BusyError,
    ConflictError,
    GoneError,
    MalformedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Conversation, Delivery, Finding, Page, Posting
from support_policy.helpdesks.http import Session, answer, call
from support_policy.helpdesks.osticket import conversation as told
from support_policy.helpdesks.osticket.codec import OsTicketCodec, decision
from support_policy.helpdesks.osticket.health import examine_plugin, only_answers
from support_policy.helpdesks.osticket.signature import sign
from support_policy.helpdesks.osticket.wire import spell

PAGE = 100
ROUTES = "/support-policy"

logger = logging.getLogger(__name__)

_SOON = 5.0
_PATIENCE = 600.0  # the plugin itself sends again, at most an hour apart


def _path(ref: TicketRef, part: str = "") -> str:
    """The route of a ticket; an admin may have put anything around its number's digits."""
    if "/" in ref.id:
        # Web servers pass on no address with such a number; the plugin's own calls need none.
        raise RefusedError("a ticket whose number has a slash cannot be asked for")
    return f"/tickets/{quote(ref.id, safe='')}{part}.json"


class OsTicket:
    """One osTicket, spoken to through our plugin.

    Without an ``api_key`` nobody may call it: then tickets are decided only in the answers to the
    plugin's own calls, which is enough for everything but the sweep.
    """

    streams = False

    def __init__(
        self,
        *,
        name: str,
        url: str,
        api_key: str | None,
        codec: OsTicketCodec,
        session: Session,
        clock: Callable[[], datetime],
    ) -> None:
        self.name = name
        self.codec = codec
        self._api = f"{url}/api"
        self._may_call = api_key is not None
        self._session = session
        self._clock = clock
        if api_key is not None:
            session.headers["X-API-Key"] = api_key

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now."""
        del hint
        if not self._may_call:
            # What a process that died left behind: the plugin had no answer and asks again, which
            # takes it up whatever became of it.
            raise GoneError("without an api_key only the plugin can send this ticket again")
        return self._ticket(self.ask("GET", _path(ref)), ref)

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """One request; the plugin refuses it when the ticket was changed since it was read."""
        event = f"msg_{uuid.uuid4().hex}"
        said = decision(
            event=event,
            ticket={"number": ticket.ref.id},
            at=self._clock(),
            writes=True,
            update=update,
            departments=self.codec.departments,
        )
        said["revision"] = ticket.revision
        kept = self.ask("POST", _path(ticket.ref), message=said, event=event)
        match kept.get("ignored"):
            case "changed" | "older":
                raise ConflictError("the ticket was changed since it was read")
            case "observing":
                logger.warning("%s: the plugin only observes: nothing was written", ticket.ref)
                return ("everything",)
        lost = kept.get("not_kept")
        return tuple(str(each) for each in lost) if isinstance(lost, list) else ()

    def conversation(self, ref: TicketRef) -> Conversation:
        """The ticket's conversation as it is now."""
        if not self._may_call:
            raise RefusedError("permission for paid help needs an api_key for this desk")
        found = self.ask("GET", _path(ref, "/conversation")).get("conversation")
        try:
            conversation = told.conversation(found, desk=ref.desk)
        except MalformedError as error:
            what = f"the plugin's conversation is unreadable: {error}"
            raise BusyError(what, after=_PATIENCE) from None
        if conversation.ref != ref:
            raise UnavailableError("the plugin's answer is about another ticket")
        return conversation

    def post(self, conversation: Conversation, posting: Posting) -> None:
        """One request; the plugin refuses it when the ticket was changed since it was read."""
        left = tuple(each for each in posting.posts if each.stamp not in conversation.posted)
        posting = replace(posting, posts=left)
        if not posting:
            return
        ref, event = conversation.ref, f"msg_{uuid.uuid4().hex}"
        said = told.posting(posting, event=event, number=ref.id, revision=conversation.revision)
        done = self.ask("POST", _path(ref, "/conversation"), message=said, event=event)
        match done.get("ignored"):
            case "":
                return
            case "observing":
                raise RefusedError("the plugin does not write about paid help: see its form")
            case "busy":
                raise BusyError("somebody else posts on this ticket", after=_SOON)
            case _:
                raise ConflictError("the ticket was changed since it was read")

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        """The open tickets that no decision was applied to, the newest first."""
        del since, cursor
        path: str | None = f"/tickets.json?limit={PAGE}" if self._may_call else None
        oldest = math.inf
        while path:
            found = self.ask("GET", path)
            tickets, after = found.get("tickets"), found.get("next")
            if not isinstance(tickets, list):
                raise UnavailableError("the plugin's answer is not a list of tickets")
            yield Page(deliveries=tuple(self._told(tickets, now=now)))
            path = None
            if isinstance(after, int) and after < oldest:  # a page that leads back ends the sweep
                path, oldest = f"/tickets.json?before={after}&limit={PAGE}", after

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """The plugin and osTicket around it, and a call there and back."""
        return examine_plugin(self.ask, now=now) if self._may_call else only_answers()

    def ask(
        self,
        method: str,
        path: str,
        *,
        message: Mapping[str, Any] | None = None,
        event: str | None = None,
    ) -> dict[str, Any]:
        """One signed request to a route of the plugin; the object it answers.

        Raises like ``read``; UnavailableError when something else than our plugin answers, for an
        admin can put it back.
        """
        body = b"" if message is None else spell(message)
        signed = f"{method} {ROUTES}{path}\n".encode() + body
        event = event or f"msg_{uuid.uuid4().hex}"
        headers = sign(signed, self.codec.keys, event=event, now=self._clock())
        response = call(
            self._session,
            method,
            f"{self._api}{ROUTES}{path}",
            passing=(400, 404),
            data=body or None,
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            found = answer(response)
        except UnavailableError:
            found = None
        if not isinstance(found, dict):
            raise UnavailableError("our plugin does not answer: is it installed and enabled?")
        if response.status_code == 404:
            raise GoneError("the help desk has no such ticket")
        if response.status_code == 400:
            raise RefusedError("the plugin cannot read our request")
        return found

    def _ticket(self, found: Mapping[str, Any], ref: TicketRef) -> Ticket:
        data = found.get("ticket")
        if not isinstance(data, dict) or not data:
            raise UnavailableError("the plugin's answer has no ticket")
        try:
            ticket = self.codec.ticket(data)
        except MalformedError as error:
            # The desk's other tickets are not to wait for this one.
            what = f"the plugin's ticket is unreadable: {error}"
            raise BusyError(what, after=_PATIENCE) from None
        if ticket.ref != ref:
            raise UnavailableError("the plugin's answer is about another ticket")
        return ticket

    def _told(self, tickets: list[Any], *, now: datetime) -> Iterator[Delivery]:
        for each in tickets:
            try:
                yield self.codec.delivery(each, now=now, origin="sweep")
            except MalformedError:  # one odd ticket must not hide the others
                continue
