"""A made-up desk on which permission is asked: a real store, the real service, a clock to move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from tests.small_policy import a_ticket

from support_policy.core.load import load
from support_policy.core.permission.event import Event
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Request
from support_policy.core.policy import Policy
from support_policy.core.reply import load_replies
from support_policy.core.ticket import Requester, TicketRef
from support_policy.helpdesk import Ask, Delivery
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk
from support_policy.permissions import Permissions, Work
from support_policy.permissions.attend import AskingDesk
from support_policy.permissions.links import Links
from support_policy.permissions.paid_help import PaidHelp, put_together
from support_policy.permissions.permitters import NoContacts
from support_policy.seal import Keys
from support_policy.settings import policy_folder
from support_policy.store.deliveries import Taken
from support_policy.store.ledger import Ledger
from support_policy.store.store import Store
from support_policy_webhooks import create_app
from support_policy_webhooks.server import policy_texts

PUBLIC = "https://support.example.com"
SUBJECT = "My shop shows a white page"
WORK = "Find out why your shop's plugin fails, and put it right."


@dataclass(kw_only=True)
class PaidHelpDesk:
    """One ticket and its requests; ``now`` is the service's clock."""

    store: Store
    policy: Policy
    paid_help: PaidHelp
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
        return self.paid_help.permissions

    @property
    def work(self) -> Work:
        """The staff's side."""
        return self.paid_help.work

    @property
    def links(self) -> Links:
        """The addresses of the pages."""
        return self.work.links

    @property
    def ledger(self) -> Ledger:
        """The record."""
        return self.paid_help.ledger

    @property
    def desk(self) -> MemoryDesk:
        """The help desk."""
        desk = self.paid_help.attendance.desks["memory"].helpdesk
        assert isinstance(desk, MemoryDesk)
        return desk

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
        self.paid_help.attendance.work(
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
    holder: list[PaidHelpDesk] = []
    paid_help = put_together(
        policy=policy,
        replies=load_replies(source),
        links=Links(secret=keys.link_secret(), public_url=PUBLIC),
        ledger=store.ledger(keys.sign),
        permitters=NoContacts(),
        desks={"memory": AskingDesk(helpdesk=memory_desk(), language="en", observed=False)},
        language_of=lambda _: holder[0].language,
        public_keys=keys.public,
        now=lambda: holder[0].now,
    )
    texts = policy_texts(source)
    holder.append(PaidHelpDesk(store=store, policy=policy, paid_help=paid_help, texts=texts))
    try:
        yield holder[0]
    finally:
        store.close()


def memory_desk() -> MemoryDesk:
    """A help desk in memory with one ticket, whose requester it vouches for."""
    desk = MemoryDesk(name="memory", codec=MemoryCodec(desk="memory", tokens=("token",)))
    desk.tickets["7"] = a_ticket(
        ref=TicketRef(desk="memory", id="7"),
        subject=SUBJECT,
        requester=Requester(address="jo@example.com"),
    )
    desk.verified["7"] = True
    return desk
