"""A help desk in memory: the shortest true one, for tests and for trying a policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from support_policy.core.document import Table
from support_policy.core.ticket import Ticket, TicketRef
from support_policy.core.update import Update
from support_policy.credentials import secrets
from support_policy.errors import GoneError, HelpDeskError, MalformedError
from support_policy.helpdesk import (
    LONGEST_REST,
    PLAIN_ANSWERS,
    Answers,
    Ask,
    Budget,
    Conversation,
    Delivery,
    Finding,
    Message,
    Page,
    Post,
    Posting,
    Setup,
    turn,
)
from support_policy.helpdesks.token import check_token, parse_object

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryCodec:
    """Webhooks of the form ``{"ticket_id": "7"}`` with a token in the address.

    With ``"asked": MARK`` or ``"message": ID`` they tell of permission asked, or of an answer.
    """

    desk: str
    tokens: tuple[str, ...] = field(repr=False)
    answers: Answers = PLAIN_ANSWERS

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery:
        """The delivery in a webhook."""
        del headers
        check_token(token, self.tokens)
        payload = parse_object(body)
        number = payload.get("ticket_id")
        if not isinstance(number, str) or not number:
            raise MalformedError("the body has no ticket_id")
        for kind in ("asked", "message"):
            if told := payload.get(kind):
                return replace(
                    self.delivery(number, now=now),
                    key=f"{kind}:{number}:{told}",
                    topic="permission",
                )
        return self.delivery(number, now=now)

    def delivery(self, number: str, *, now: datetime) -> Delivery:
        """The delivery of a ticket's opening."""
        return Delivery(desk=self.desk, key=f"opened:{number}", ticket_id=number, received_at=now)


@dataclass(slots=True, kw_only=True)
class MemoryDesk:
    """Tickets in a dictionary; ``failing`` is raised instead of answering while it is set."""

    name: str
    codec: MemoryCodec
    tickets: dict[str, Ticket] = field(default_factory=dict)
    writes: list[Update] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    verified: dict[str, bool] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    failing: HelpDeskError | None = None
    streams: bool = False

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now."""
        json.loads(hint)
        self._answer()
        try:
            return self.tickets[ref.id]
        except KeyError:
            raise GoneError("the help desk has no such ticket") from None

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """Apply an update; all of it is kept."""
        now = self.read(ticket.ref)
        fields = {**dict(now.fields), **dict(update.fields)}
        stamps = {update.note.stamp} if update.note else set()
        if update.note:
            self.notes.setdefault(ticket.ref.id, []).append(update.note.note)
        self.tickets[ticket.ref.id] = replace(
            now,
            priority=update.priority or now.priority,
            due_at=update.due_at or now.due_at,
            tags=(*now.tags, *update.tags),
            fields=tuple(fields.items()),
            notes=now.notes | stamps,
        )
        self.writes.append(update)
        return ()

    def conversation(self, ref: TicketRef) -> Conversation:
        """The ticket's conversation as it is now."""
        ticket = self.read(ref)
        return Conversation(
            ref=ref,
            number=ref.id,
            subject=ticket.subject,
            requester=ticket.requester,
            verified=self.verified.get(ref.id),
            closed=ticket.closed,
            ask=self.asks.get(ref.id),
            messages=tuple(self.messages.get(ref.id, ())),
            posted=frozenset(post.stamp for post in self.posts.get(ref.id, ())),
            tags=ticket.tags,
        )

    def post(self, conversation: Conversation, posting: Posting) -> None:
        """Bring a posting onto the ticket."""
        number = conversation.ref.id
        now = self.conversation(conversation.ref)
        posts = self.posts.setdefault(number, [])
        posts += [post for post in posting.posts if post.stamp not in now.posted]
        kept = tuple(tag for tag in now.tags if tag not in posting.remove_tags)
        new = tuple(tag for tag in posting.add_tags if tag not in kept)
        self.tickets[number] = replace(self.tickets[number], tags=(*kept, *new))
        if posting.wait:
            self.waiting.add(number)
        if posting.resume:
            self.waiting.discard(number)
        if posting.clear_ask:
            self.asks.pop(number, None)

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        """The open tickets, the newest first."""
        del since, cursor
        self._answer()
        numbers = [number for number, ticket in self.tickets.items() if not ticket.closed]
        newest = list(reversed(numbers))
        for start in range(0, len(newest), PAGE):
            page = newest[start : start + PAGE]
            yield Page(deliveries=tuple(self._told(number, now=now) for number in page))

    def _told(self, number: str, *, now: datetime) -> Delivery:
        opened_at = self.tickets[number].received_at
        delivery = self.codec.delivery(number, now=now)
        return replace(delivery, origin="sweep", opened_at=opened_at)

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """Nothing can be wrong with a dictionary, unless it was told to fail."""
        del now
        detail = str(self.failing) if self.failing else f"{len(self.tickets)} tickets in memory"
        yield Finding(name="help desk", ok=self.failing is None, detail=detail)

    def _answer(self) -> None:
        if self.failing:
            raise self.failing


def configure(table: Table, *, name: str, departments: Mapping[str, str]) -> Setup:
    """Read this desk's settings."""
    del departments  # a ticket in memory already carries the policy's department
    codec = MemoryCodec(desk=name, tokens=secrets(table, "webhook_tokens"))
    return Setup(open=lambda _notebook: MemoryDesk(name=name, codec=codec))


class MemoryNotebook:
    """A notebook that ends with its process: for tests, and for ``doctor`` without a store."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._full_at: dict[str, datetime] = {}
        self._rest_until: datetime | None = None

    def recall(self, name: str) -> str | None:
        """What was last remembered under this name."""
        return self._texts.get(name)

    def remember(self, name: str, text: str | None) -> None:
        """Keep a text; None forgets it."""
        if text is None:
            self._texts.pop(name, None)
        else:
            self._texts[name] = text

    def spend(self, budgets: Sequence[Budget], *, now: datetime, patience: float = 0.0) -> float:
        """Take one request out of every budget; the seconds to wait before it may be made."""
        wait, after = turn(budgets, self._full_at, rest_until=self._rest_until, now=now)
        if wait <= patience:
            self._full_at |= after
        return wait

    def rest(self, seconds: float, *, now: datetime) -> None:
        """Let nobody ask for so long."""
        until = now + min(timedelta(seconds=seconds), LONGEST_REST)
        known = self._rest_until or now
        self._rest_until = known if until <= known <= now + LONGEST_REST else until
