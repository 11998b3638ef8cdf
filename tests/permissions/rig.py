"""Everything around paid help on one machine: a help desk in memory, a real store, real keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import count
from pathlib import Path

from support_policy.core.load import load
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Phase, Request
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply, load_replies
from support_policy.core.ticket import Requester, Ticket, TicketRef
from support_policy.errors import HelpDeskError
from support_policy.helpdesk import Ask, Conversation, Message, Posting
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk
from support_policy.permissions import Shown, Trace
from support_policy.permissions.attend import AskingDesk
from support_policy.permissions.links import Links
from support_policy.permissions.paid_help import put_together
from support_policy.permissions.permitters import ContactFile, NoContacts
from support_policy.permissions.timers import look, wake
from support_policy.seal import Keys
from support_policy.store.deliveries import Taken
from support_policy.store.outcome import Outcome
from support_policy.store.store import Store

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
JEANNE = "jeanne@example.com"
WORK = "Déplacer la boîte « info » vers le nouveau serveur."
PUBLIC_URL = "https://paid.example.ca"
TRACE = Trace(address="203.0.113.7", agent="Mozilla/5.0")
MOST_ROUNDS = 50


@cache
def packaged() -> tuple[Policy, Mapping[str, Reply]]:
    folder = files("support_policy") / "policies" / "mexxus"
    return load(folder), {reply.name: reply for reply in load_replies(folder)}


class Desk(MemoryDesk):
    """A desk whose posting can fail alone: before it is done, or after, when the answer is lost."""

    before_post: Exception | None = None
    after_post: Exception | None = None
    postings = 0

    def post(self, conversation: Conversation, posting: Posting) -> None:
        self.postings += 1
        if self.before_post:
            raise self.before_post
        super().post(conversation, posting)
        if self.after_post:
            raise self.after_post


class Rig:
    """One service; with the ``url``, ``keys`` and ``desk`` of another it is that one restarted."""

    def __init__(
        self,
        url: str,
        keys: Path,
        *,
        contacts: Path | None = None,
        observed: bool = False,
        desk: Desk | None = None,
        now: datetime = NOW,
    ) -> None:
        self.now = now
        self.url = url
        self.desk = desk or Desk(name="desk", codec=MemoryCodec(desk="desk", tokens=("t",)))
        self.store = Store.open(url, synchronous="NORMAL")
        self.store.migrate()
        self.keys = Keys(folder=keys)
        self.marks = count(1)
        policy, replies = packaged()
        self.policy = policy
        permitters = ContactFile(contacts) if contacts else NoContacts()
        self.links = Links(secret=self.keys.link_secret(), public_url=PUBLIC_URL)
        self.ledger = self.store.ledger(self.keys.sign)
        paid_help = put_together(
            policy=policy,
            replies=replies.values(),
            links=self.links,
            ledger=self.ledger,
            permitters=permitters,
            desks={"desk": AskingDesk(helpdesk=self.desk, language="en", observed=observed)},
            language_of=_language_of,
            public_keys=self.keys.public,
            now=lambda: self.now,
        )
        self.attendance = paid_help.attendance
        self.page = paid_help.permissions
        self.work = paid_help.work

    def restarted(self) -> Rig:
        self.store.close()
        return Rig(self.url, self.keys.folder, desk=self.desk, now=self.now)

    # What people do at the desk

    def opens(
        self, number: str = "7", *, address: str | None = JEANNE, language: str = "fr",
        verified: bool | None = True, subject: str = "Boîte pleine",
    ) -> TicketRef:  # fmt: skip
        ref = TicketRef(desk="desk", id=number)
        self.desk.tickets[number] = Ticket(
            ref=ref,
            subject=subject,
            body="Ma boîte est pleine.",
            received_at=self.now,
            requester=Requester(address=address, language=language),
        )
        if verified is not None:
            self.desk.verified[number] = verified
        return ref

    def presses_macro(
        self, ref: TicketRef, *, blocks: int | None = 2, work: str = WORK,
        reason: str | None = "outside", permitter: str | None = None, mark: str | None = None,
    ) -> Ask:  # fmt: skip
        """Put the ask on the ticket, and have the desk call."""
        mark = mark or f"mark-{next(self.marks)}"
        ask = Ask(
            mark=mark, by="Ana Agent", reason=reason, work=work, blocks=blocks, permitter=permitter
        )
        self.desk.asks[ref.id] = ask
        ticket = self.desk.tickets[ref.id]
        tags = tuple(dict.fromkeys((*ticket.tags, "ask_fee_permission")))
        self.desk.tickets[ref.id] = replace(ticket, tags=tags)
        self.webhook(ref, asked=mark)
        return ask

    def asks(self, ref: TicketRef, *, blocks: int | None = 2, work: str = WORK) -> str:
        """Have permission asked, and the request posted; the token in its link."""
        self.presses_macro(ref, blocks=blocks, work=work)
        self.settles()
        return self.token(ref)

    def writes(
        self, ref: TicketRef, text: str, *, address: str | None = JEANNE,
        dmarc: bool | None = True, at: datetime | None = None, automatic: bool = False,
        headers: Mapping[str, str] | None = None, content_type: str = "text/plain",
    ) -> str:  # fmt: skip
        """Put a customer's message on the ticket, and have the desk call; the message's id."""
        messages = self.desk.messages.setdefault(ref.id, [])
        message = Message(
            id=f"m{len(messages) + 1}",
            at=at or self.now,
            address=address,
            text=text,
            content_type=content_type,
            headers=headers or {},
            dmarc=dmarc,
            automatic=automatic,
        )
        messages.append(message)
        self.webhook(ref, message=message.id)
        return message.id

    def mails(self, ref: TicketRef, text: str, **rest: object) -> None:
        self.writes(ref, text, **rest)  # type: ignore[arg-type]
        self.settles()

    def closes(self, ref: TicketRef) -> None:
        self.desk.tickets[ref.id] = replace(self.desk.tickets[ref.id], closed=True)

    # What the service does

    def webhook(self, ref: TicketRef, **told: str) -> bool:
        """Have the desk call; whether the call was a new one."""
        body = json.dumps({"ticket_id": ref.id, **told}).encode()
        return self.store.accept(
            self.desk.codec.open(headers={}, body=body, token="t", now=self.now)
        )

    def take(self) -> tuple[Taken, ...]:
        return self.store.deliveries.take(10, slot="a", now=self.now, lease=timedelta(minutes=1))

    def settles(self) -> list[str]:
        """Work on whatever is due until nothing is; why nothing was done, where nothing was."""
        told: list[str] = []
        for _ in range(MOST_ROUNDS):
            taken = self.take()
            if not taken:
                return told
            for each in taken:
                told.append(self.attendance.work(each))
                done = Outcome(ending="done")
                self.store.deliveries.settle(each.id, each.attempt, done, now=self.now)
        raise AssertionError("the work makes new work without end")

    def tries(self) -> bool:
        """Work on whatever is due, once; whether the desk let it be done."""
        for each in self.take():
            try:
                self.attendance.work(each)
            except HelpDeskError:
                busy = Outcome(ending="busy", after=1)
                self.store.deliveries.settle(each.id, each.attempt, busy, now=self.now)
                return False
            done = Outcome(ending="done")
            self.store.deliveries.settle(each.id, each.attempt, done, now=self.now)
        return True

    def passes(self, time: timedelta) -> None:
        """Let time pass, and have done what it brings."""
        self.now += time
        self.wakes()

    def wakes(self) -> int:
        woken = wake(self.ledger, self.store, ["desk"], now=self.now)
        self.settles()
        return woken

    def looks(self) -> int:
        found = look(self.ledger, self.store, ("desk",), now=self.now)
        self.settles()
        return found

    def attends(self, ref: TicketRef) -> str:
        """Work on the ticket as if the desk had called."""
        self.webhook(ref, message=f"again-{next(self.marks)}")
        return "; ".join(filter(None, self.settles()))

    # What people see

    def public(self, ref: TicketRef) -> list[str]:
        return [post.text for post in self.desk.posts.get(ref.id, ()) if post.public]

    def notes(self, ref: TicketRef) -> list[str]:
        return [post.text for post in self.desk.posts.get(ref.id, ()) if not post.public]

    def told(self, ref: TicketRef) -> list[str]:
        """What the posts are about, without the ids of requests."""
        return [post.stamp.partition("/")[2] for post in self.desk.posts.get(ref.id, ())]

    def tags(self, ref: TicketRef) -> set[str]:
        return set(self.desk.tickets[ref.id].tags)

    def token(self, ref: TicketRef) -> str:
        """The newest link that the customer was given."""
        found = re.findall(rf"{PUBLIC_URL}/permission/([\w-]+)", "\n".join(self.public(ref)))
        return found[-1]

    def code(self, ref: TicketRef) -> str:
        """The newest code that the customer was given."""
        return re.findall(r"\bcode ([A-Z2-9]{6})\b", "\n".join(self.public(ref)))[-1]

    def work_token(self, ref: TicketRef) -> str:
        """The newest link that staff were given."""
        found = re.findall(rf"{PUBLIC_URL}/paid-help/([\w-]+)", "\n".join(self.notes(ref)))
        return found[-1]

    # What is on record

    def history(self, ref: TicketRef) -> tuple[Event, ...]:
        return self.ledger.history(ref)

    def kinds(self, ref: TicketRef) -> list[str]:
        """What happened, apart from what was posted."""
        return [event.kind.value for event in self.history(ref) if event.kind is not Kind.POSTED]

    def job(self, ref: TicketRef) -> Job:
        return jobs(self.history(ref))[-1]

    def request(self, ref: TicketRef) -> Request:
        return self.job(ref).latest

    def requests(self, ref: TicketRef) -> list[Request]:
        return [each for job in jobs(self.history(ref)) for each in job.requests]

    def phase(self, ref: TicketRef) -> Phase:
        return self.job(ref).phase(self.now)

    # Whole stories

    def takes_back(self, token: str) -> Shown:
        seen = self.page.shown(token).seen
        return self.page.withdraw(token, name="Jeanne Roy", seen=seen, trace=TRACE)

    def answers(self, token: str, blocks: int | None, *, name: str = "Jeanne Roy") -> Shown:
        """Answer on the page as it is shown now."""
        seen = self.page.shown(token).seen
        shown = self.page.answer(token, blocks=blocks, name=name, seen=seen, trace=TRACE)
        self.settles()
        return shown

    def permitted(self, ref: TicketRef, blocks: int = 2, *, work: str = WORK) -> str:
        """Have permission asked and given; the token of the work."""
        self.answers(self.asks(ref, blocks=blocks, work=work), blocks)
        return self.work_token(ref)

    def worked(self, ref: TicketRef, time: timedelta, *, agent: str = "Ana") -> str:
        """Have an agent work so long; the token of the work."""
        token = self.work_token(ref)
        self.work.start(token, agent=agent)
        self.now += time
        self.work.stop(token, agent=agent)
        self.settles()
        return token


def _language_of(conversation: Conversation) -> str:
    return conversation.requester.language or "en"


@contextmanager
def closing(rig: Rig) -> Iterator[Rig]:
    try:
        yield rig
    finally:
        rig.store.close()
