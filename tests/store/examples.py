"""Deliveries, decisions and updates to keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from support_policy.core.decision import Because, ClockRun, Decision
from support_policy.core.facts import Fact
from support_policy.core.policy import Stage
from support_policy.core.target import Kind
from support_policy.core.ticket import Field, Priority, TicketRef
from support_policy.core.update import Update
from support_policy.helpdesk import Delivery
from support_policy.store.decisions import Basis
from support_policy.store.deliveries import Taken
from support_policy.store.store import Store

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
LEASE = timedelta(seconds=60)
BASIS = Basis(inputs="inputs", calendar="calendar", tzdata="2026a")
MONTREAL = ZoneInfo("America/Toronto")


def delivery(key: str = "1", ticket: str | None = None, desk: str = "desk") -> Delivery:
    return Delivery(desk=desk, key=key, ticket_id=ticket or key, received_at=NOW)


def take(store: Store, *, now: datetime = NOW, limit: int = 10, slot: str = "a") -> list[Taken]:
    return list(store.deliveries.take(limit, slot=slot, now=now, lease=LEASE))


def take_one(store: Store, *, now: datetime = NOW) -> Taken:
    (taken,) = take(store, now=now)
    return taken


def decision(
    ref: TicketRef,
    *,
    priority: Priority | None = Priority.HIGH,
    due_at: datetime | None = NOW + timedelta(hours=2),
) -> Decision:
    words = Fact(name="website.offline", field="body", quote="site est tombé", start=3, end=17)
    clock = due_at and ClockRun(
        target="high", clause="R06", kind=Kind.ELAPSED, due_at=due_at.astimezone(MONTREAL)
    )
    return Decision(
        ticket=ref,
        policy="mexxus",
        version="v1",
        decided_at=NOW + timedelta(seconds=1),
        received_at=NOW,
        category="high.outage",
        language="fr",
        held=False,
        priority=priority,
        clocks=(clock,) if clock else (),
        tags=("outage",),
        because=(Because(rule="outage", stage=Stage.CLASSIFICATION, clause="R06", words=(words,)),),
        missed=(),
    )


def update(ref: TicketRef, *, kept: tuple[Field, ...] = ()) -> Update:
    return Update(ticket=ref, tags=("outage",), kept=kept)
