"""django-helpdesk over its REST API."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import requests

from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.errors import HelpDeskError, MalformedError, RefusedError, UnavailableError
from support_policy.helpdesk import Conversation, Delivery, Finding, Page, Post, Posting
from support_policy.helpdesks.django_helpdesk.codec import (
    OPEN_STATUSES,
    OWN_FIELDS,
    DjangoHelpdeskCodec,
    note,
    patch,
)
from support_policy.helpdesks.django_helpdesk.paid_help import (
    ASK_FIELDS,
    changes,
    conversation,
    unmailed,
    written,
)
from support_policy.helpdesks.http import answer, call

logger = logging.getLogger(__name__)

PAGE = 100


class DjangoHelpdesk:
    """One django-helpdesk, spoken to as a staff user of its own."""

    streams = False

    def __init__(
        self, *, name: str, url: str, username: str, password: str, codec: DjangoHelpdeskCodec
    ) -> None:
        self.name = name
        self.codec = codec
        self._api = f"{url}/api"
        self._session = requests.Session()
        self._session.auth = (username, password)

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now."""
        return self.codec.ticket(self._ticket(ref), hint=hint)

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """One PATCH for the fields, then the private note, which has no place in a PATCH."""
        if body := patch(ticket, update):
            kept = self._object("PATCH", f"tickets/{ticket.ref.id}/", json=body)
            _must_be_kept(body, kept)
        if update.note:
            comment = {"ticket": int(ticket.ref.id), "public": False, "comment": note(update.note)}
            self._call("POST", "followups/", json=comment)
        return ()

    def conversation(self, ref: TicketRef) -> Conversation:
        """The ticket's conversation as it is now."""
        data = self._ticket(ref)
        return conversation(data, ref, closed=data.get("status") not in OPEN_STATUSES)

    def post(self, conversation: Conversation, posting: Posting) -> None:
        """The messages one by one, public ones first, then one PATCH for tags and ask.

        The desk has no status for a ticket that waits for its customer. It mails a public message
        to the requester, within the request that posts it.
        """
        ref = conversation.ref
        if posting.posts:
            posted = self.conversation(ref).posted
            for post in sorted(posting.posts, key=lambda each: not each.public):
                if post.stamp not in posted:
                    self._post(ref, post)
        # Read again: the tags are one text, and others may have written theirs meanwhile.
        if posting and (body := changes(self._ticket(ref), posting)):
            kept = self._object("PATCH", f"tickets/{ref.id}/", json=body)
            _must_be_kept(body, kept)

    def _post(self, ref: TicketRef, post: Post) -> None:
        comment = {"ticket": int(ref.id), "public": post.public, "comment": written(post)}
        answered = self._call("POST", "followups/", json=comment, passing=(500,))
        if answered.status_code == requests.codes.server_error:
            self._take_back(ref, post)
            raise UnavailableError("the help desk did not get through with a message")
        kept = answer(answered)
        if not isinstance(kept, dict) or "user" not in kept:
            raise UnavailableError("the help desk's answer is not what its API gives")
        if kept["user"] is None:
            # Our own words would come back as a customer's: stop, and let somebody mend it.
            raise RefusedError("the help desk does not take our log-in for staff's")
        if post.public and not kept.get("email_recipients"):
            logger.warning("%s: ticket %s: a message was mailed to nobody", self.name, ref.id)

    def _take_back(self, ref: TicketRef, post: Post) -> None:
        """Delete a message that the desk kept and failed to mail: posted again, it is mailed.

        It fails so when its mail server is down.
        """
        for number in unmailed(self._ticket(ref), post):
            self._call("DELETE", f"followups/{number}/")

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        """The newest open tickets, and what they ask of us about paid help.

        The API lists the oldest first, so its last pages are read.
        """
        del since, cursor
        for page in range(-(-self._page(1, size=1)["count"] // PAGE), 0, -1):
            tickets = reversed(self._page(page, size=PAGE)["results"])
            told = (each for ticket in tickets for each in self._told(ticket, now=now))
            yield Page(deliveries=tuple(told))

    def _told(self, ticket: Mapping[str, Any], *, now: datetime) -> Iterator[Delivery]:
        try:
            yield self.codec.delivery(ticket, now=now, origin="sweep")
            if asked := self.codec.permission(ticket, now=now, origin="sweep"):
                yield asked
        except MalformedError as error:  # one odd ticket must not hide the others
            logger.warning("%s: a ticket is left out of the sweep: %s", self.name, error)

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """Whether the log-in works, and whether the fields that are written exist."""
        del now
        try:
            described = self._object("OPTIONS", "tickets/")
        except HelpDeskError as error:
            yield Finding(
                name="help desk's API",
                ok=False,
                detail=str(error),
                remedy="Check url, username and password; the user must be staff.",
            )
            return
        yield Finding(name="help desk's API", ok=True, detail="reached and logged in")
        offered = described.get("actions", {}).get("POST", {})
        for name in (*OWN_FIELDS, "tags", *ASK_FIELDS):
            there = f"custom_policy_{name}" in offered
            yield Finding(
                name=f"field policy_{name}",
                ok=there,
                detail="is there" if there else "is missing",
                remedy=""
                if there
                else "Add support_policy_desk to INSTALLED_APPS and run migrate.",
            )

    def _ticket(self, ref: TicketRef) -> dict[str, Any]:
        holding = ("id", "title", "followup_set")
        return self._object("GET", f"tickets/{ref.id}/", holding=holding)

    def _page(self, page: int, *, size: int) -> dict[str, Any]:
        statuses = ",".join(str(status) for status in OPEN_STATUSES)
        query = {"status": statuses, "page": str(page), "page_size": str(size)}
        found = self._object("GET", "tickets/", params=query, holding=("count", "results"))
        if type(found["count"]) is not int or not isinstance(found["results"], list):
            raise UnavailableError("the help desk's answer is not a list of tickets")
        return found

    def _object(
        self, method: str, path: str, *, holding: tuple[str, ...] = (), **arguments: Any
    ) -> dict[str, Any]:
        """A JSON object; a proxy in between may answer 200 with something else."""
        found = answer(self._call(method, path, **arguments))
        if not isinstance(found, dict) or not found.keys() >= set(holding):
            raise UnavailableError("the help desk's answer is not what its API gives")
        return found

    def _call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return call(self._session, method, f"{self._api}/{path}", **arguments)


def _must_be_kept(asked: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    """A desk that answers 200 and keeps something else must not count as written."""
    for key, value in asked.items():
        present = kept.get(key)
        if key == "due_date":
            same = present is not None and datetime.fromisoformat(
                present
            ) == datetime.fromisoformat(value)
        else:
            same = present == value
        if not same:
            raise UnavailableError(f"the help desk did not keep {key}")
