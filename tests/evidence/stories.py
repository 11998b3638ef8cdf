"""A small ledger with stories as the service tells them, and exports of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from support_policy.core.permission import acts, work
from support_policy.core.permission.acts import Actor, Asking
from support_policy.core.permission.event import Event
from support_policy.core.permission.fee import Rate
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job
from support_policy.core.permission.record import Appending
from support_policy.core.ticket import TicketRef
from support_policy.evidence.export import export
from support_policy.seal import Keys
from support_policy.store.ledger import Ledger
from support_policy.store.store import Store

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
REF = TicketRef(desk="desk", id="7")
OTHER = TicketRef(desk="desk", id="8")
RATE = Rate(amount=Decimal("85.00"), currency="CAD", block_minutes=60)
CUSTOMER = Actor(
    channel="page",
    proof="link",
    name="Ève Roy",
    address="eve@example.com",
    brief={"ip": "203.0.113.7", "agent_string": "Browser/1"},
)
AGENT = Actor(channel="staff", proof="work_link", name="Sam")
TEXTS = {
    "en": "Ève, we would restore your site.\n\nAt most 2 blocks = $170.00 CDN (CAD).",
    "fr": "Nous rétablirions votre site.\n\nAu plus 2 blocs = 170,00 $ CA (CAD).",
}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


def asking(request: str, blocks: int, at: datetime, *, ticket: TicketRef = REF) -> Asking:
    return Asking(
        ticket=ticket,
        request=request,
        reason="outside",
        blocks=blocks,
        rate=RATE,
        deadline=at + timedelta(hours=72),
        language="fr",
        facts={
            "policy": "mexxus",
            "policy_version": "2013-06-27",
            "entitled": "verified",
            **{f"text_{language}_sha256": digest(text) for language, text in TEXTS.items()},
        },
        personal={
            "work": "restore the site",
            "asked_by": "Sam",
            "addressee": "eve@example.com",
            "subject": "Site <down> & out",
            "number": f"#{ticket.id}",
            **{f"text_{language}": text for language, text in TEXTS.items()},
        },
    )


@dataclass
class Told:
    """Tells stories to a ledger the way the service does."""

    store: Store
    ledger: Ledger
    keys: Keys

    @classmethod
    def new(cls, folder: Path) -> Told:
        store = Store.open(f"sqlite:///{folder / 'store.db'}")
        store.migrate()
        keys = Keys(folder / "keys")
        keys.make()  # as the service does before anything is signed
        return cls(store=store, ledger=store.ledger(keys.sign), keys=keys)

    def job(self, ticket: TicketRef = REF) -> Job:
        return jobs(self.ledger.history(ticket))[-1]

    def add(self, *events: Event) -> None:
        self.ledger.act(events[0].ticket, lambda _: Appending(events=events), now=events[-1].at)

    def asked(self, request: str, blocks: int, at: datetime, *, ticket: TicketRef = REF) -> None:
        found = jobs(self.ledger.history(ticket))
        job = found[-1] if found else None
        self.add(*acts.ask(job, asking(request, blocks, at, ticket=ticket), now=at))

    def capped_story(self) -> None:
        """Two blocks asked, one accepted, 75 minutes worked, more declined, billed: ticket 7."""
        self.asked("PH-AAAAAAAA", 2, NOW)
        self.add(*acts.accept(self.job().latest, 1, CUSTOMER, now=hours(1)))
        self.add(*work.confirm(self.job(), AGENT, now=hours(1.5)))
        self.add(*work.start(self.job(), AGENT, now=hours(2)))
        self.add(*acts.passed(self.job(), now=hours(3.25), warn=timedelta(minutes=10)))
        self.asked("PH-BBBBBBBB", 1, hours(3.5))
        self.add(*acts.decline(self.job().latest, CUSTOMER, now=hours(4)))
        self.add(*work.complete(self.job(), AGENT, now=hours(5)))
        job = self.job()
        self.add(*work.bill(job, job.requests[0], AGENT, "INV-1", now=hours(6)))

    def second_story(self) -> None:
        """Two blocks accepted, a second one used by more than one agent, waived: ticket 8."""
        self.asked("PH-CCCCCCCC", 1, hours(2.2), ticket=OTHER)
        self.add(*acts.accept(self.job(OTHER).latest, 1, CUSTOMER, now=hours(2.5)))
        self.add(*work.start(self.job(OTHER), AGENT, now=hours(3)))
        ended = work.waive(self.job(OTHER), AGENT, "our own fault", now=hours(3.5))
        self.add(*ended)

    def export(self, out: Path, **span: datetime) -> Path:
        export(self.ledger, self.keys, out, now=hours(24), **span)
        return out

    def forge(self, event: Event, **facts: object) -> None:
        """Put on record, properly signed, what the service itself would never do."""
        self.add(replace(event, facts={**event.facts, **facts}))  # type: ignore[dict-item]
