"""A made-up desk on which permission is asked: a real store, the real service, a clock to move."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from tests.small_policy import a_ticket

from support_policy.core.load import load
from support_policy.core.permission.event import Event
from support_policy.core.permission.job import Request, jobs
from support_policy.core.policy import Policy
from support_policy.core.reply import load_replies
from support_policy.core.ticket import Requester, TicketRef
from support_policy.helpdesk import Ask, Delivery
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk
from support_policy.permissions import Attendance, Permissions, Work
from support_policy.permissions.attend import AskingDesk
from support_policy.permissions.links import Links
from support_policy.permissions.permitters import NoContacts
from support_policy.permissions.wording import Wording
from support_policy.seal import Keys
from support_policy.settings import policy_folder
from support_policy.store.deliveries import Taken
from support_policy.store.ledger import Ledger
from support_policy.store.store import Store
from support_policy_webhooks import create_app
from support_policy_webhooks.policy_page import policy_texts

PUBLIC = "https://support.example.com"
SUBJECT = "My shop shows a white page"
WORK = "Find out why your shop's plugin fails, and put it right."


@dataclass(kw_only=True)
class PaidHelpDesk:
    """One ticket and its requests; ``now`` is the service's clock."""

    store: Store
    policy: Policy
    links: Links
    ledger: Ledger
    attendance: Attendance
    desk: MemoryDesk
    keys: Keys
    texts: Mapping[str, str]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    language: str = "en"
    asks: int = 0

    @property
    def ref(self) -> TicketRef:
        """The ticket."""
        return TicketRef(desk="memory", id="7")

    @property
    def permissions(self) -> Permissions:
        """The customers' side."""
        return Permissions(
            policy=self.policy,
            links=self.links,
            ledger=self.ledger,
            permitters=NoContacts(),
            now=lambda: self.now,
            public_keys=self.keys.public,
        )

    @property
    def work(self) -> Work:
        """The staff's side."""
        return Work(links=self.links, ledger=self.ledger, now=lambda: self.now)

    def app(self, permissions: Permissions | None = None, work: Work | None = None) -> Flask:
        """The edge, with what takes the answers."""
        return create_app(
            codecs={},
            accept=lambda _: True,
            ready=dict,
            now=lambda: self.now,
            max_body=100_000,
            permissions=permissions or self.permissions,
            work=work or self.work,
            policy_texts=self.texts,
        )

    def ask(self, blocks: int = 2, *, work: str = WORK) -> Request:
        """An agent asks for permission, and the service sends the request."""
        self.asks += 1
        self.desk.asks["7"] = Ask(
            mark=f"mark-{self.asks}", by="Ana", reason="outside", work=work, blocks=blocks
        )
        self.attend()
        return self.request

    def attend(self) -> None:
        """The service looks at the ticket: it sends what waits, and lets time pass."""
        self.attendance.work(
            Taken(
                id=1,
                attempt=1,
                delivery=Delivery(
                    desk="memory",
                    key="asked:7:1",
                    ticket_id="7",
                    received_at=self.now,
                    topic="permission",
                ),
            )
        )

    def later(self, **spans: float) -> None:
        """Let time pass."""
        self.now += timedelta(**spans)

    @property
    def history(self) -> tuple[Event, ...]:
        """Everything on record."""
        return self.ledger.history(self.ref)

    @property
    def kinds(self) -> list[str]:
        """What is on record of people and of time, without our own messages."""
        return [str(event.kind) for event in self.history if event.kind != "posted"]

    @property
    def request(self) -> Request:
        """The newest request as it stands."""
        return jobs(self.history)[-1].latest

    @property
    def page(self) -> str:
        """Where the customer answers the newest request."""
        return f"/permission/{self.links.customer_token(self.request.id)}"

    @property
    def work_page(self) -> str:
        """The page of the work, for staff."""
        return f"/paid-help/{self.links.work_token(jobs(self.history)[-1].id)}"


@contextmanager
def new_desk(folder: Path) -> Iterator[PaidHelpDesk]:
    """A desk under the packaged policy, with a ticket and nothing asked yet."""
    source = policy_folder("mexxus", folder)
    policy = load(source)
    store = Store.open(f"sqlite:///{folder}/store.db")
    store.migrate()
    keys = Keys(folder / "keys")
    links = Links(secret=keys.link_secret(), public_url=PUBLIC)
    ledger = store.ledger(keys.sign)
    desk = MemoryDesk(name="memory", codec=MemoryCodec(desk="memory", tokens=("token",)))
    desk.tickets["7"] = a_ticket(
        ref=TicketRef(desk="memory", id="7"),
        subject=SUBJECT,
        requester=Requester(address="jo@example.com"),
    )
    desk.verified["7"] = True
    holder: list[PaidHelpDesk] = []
    clock: Callable[[], datetime] = lambda: holder[0].now  # noqa: E731 - it is made before the desk
    replies = {reply.name: reply for reply in load_replies(source)}
    attendance = Attendance(
        policy=policy,
        wording=Wording(policy=policy, replies=replies, links=links),
        links=links,
        ledger=ledger,
        permitters=NoContacts(),
        desks={"memory": AskingDesk(helpdesk=desk, language="en", observed=False)},
        language_of=lambda _: holder[0].language,
        now=clock,
    )
    holder.append(
        PaidHelpDesk(
            store=store,
            policy=policy,
            links=links,
            ledger=ledger,
            attendance=attendance,
            desk=desk,
            keys=keys,
            texts=policy_texts(source),
        )
    )
    try:
        yield holder[0]
    finally:
        store.close()
