"""The store: everything that is kept, behind one URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from support_policy.core.decision import Decision
from support_policy.core.ticket import Field, TicketRef
from support_policy.core.update import Update
from support_policy.helpdesk import Delivery
from support_policy.store import backlog, migration
from support_policy.store.backlog import Backlog, Tally, Trouble
from support_policy.store.database import Database, Synchronous
from support_policy.store.decisions import Basis, Decisions, Mode
from support_policy.store.deliveries import Deliveries, Taken
from support_policy.store.intake import Intake
from support_policy.store.ledger import Ledger
from support_policy.store.notebook import DeskNotebook
from support_policy.store.objections import Objections
from support_policy.store.slots import Slot


class Store:
    """What is kept, in SQLite or PostgreSQL; threads may share it, forked processes may not.

    Every method raises StoreUnavailableError when the database cannot do it now.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.intake = Intake(database)
        self.deliveries = Deliveries(database)
        self.decisions = Decisions(database)
        self.objections = Objections(database)

    @classmethod
    def open(cls, url: str, *, synchronous: Synchronous = "FULL") -> Store:
        """The store behind a database URL (``sqlite:///file``, ``postgresql://…``)."""
        return cls(Database(url, synchronous=synchronous))

    def close(self) -> None:
        """Keep what is already waiting to be kept, then let the database go."""
        self.intake.close()
        self.database.close()

    def migrate(self) -> None:
        """Bring the tables to what this version needs; harmless when they are."""
        migration.migrate(self.database)

    def schema_is_current(self) -> bool:
        """Whether the tables are what this version needs."""
        return migration.is_current(self.database)

    def accept(self, delivery: Delivery) -> bool:
        """Keep a delivery; on disk when this returns. False when it was kept before."""
        return self.intake.accept(delivery)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever this process has accepted something new."""
        self.intake.listen(listener)

    @property
    def crowded(self) -> bool:
        """Whether deliveries are streaming in just now."""
        return self.intake.crowded

    def first_delivery(self, desk: str) -> datetime | None:
        """When the first delivery of a desk was received; None while there is none."""
        return backlog.first_delivery(self.database, desk)

    def known(self, desk: str, keys: Sequence[str]) -> frozenset[str]:
        """Which of these events of a desk were accepted before."""
        return backlog.known(self.database, desk, keys)

    def record(
        self,
        taken: Taken,
        decision: Decision,
        update: Update,
        *,
        mode: Mode,
        stamp: str,
        basis: Basis,
        now: datetime,
        not_kept: tuple[str, ...] = (),
    ) -> bool:
        """Record decision, clocks and the end of the delivery; False when the attempt is stale."""
        return self.decisions.record(
            taken,
            decision,
            update,
            mode=mode,
            stamp=stamp,
            basis=basis,
            now=now,
            not_kept=not_kept,
        )

    def written(self, ref: TicketRef) -> Mapping[Field, str]:
        """What we last wrote to each field of the ticket."""
        return self.decisions.written(ref)

    def backlog(self) -> Backlog:
        """What is waiting now."""
        return backlog.backlog(self.database)

    def tally(self) -> Tally:
        """Numbers for monitoring."""
        return backlog.tally(self.database)

    def troubles(self, *, passed_over: bool = False, limit: int = 50) -> tuple[Trouble, ...]:
        """The newest deliveries that wait for another try or were given up, or were passed over."""
        return backlog.troubles(self.database, passed_over=passed_over, limit=limit)

    def ledger(self, seal: Callable[[bytes], str]) -> Ledger:
        """The record of permissions; ``seal`` signs what is added to it."""
        return Ledger(self.database, seal, announce=self.intake.announce)

    def notebook(self, desk: str) -> DeskNotebook:
        """What the adapter of this desk keeps."""
        return DeskNotebook(self.database, desk)

    def slot(self, name: str, *, kind: str = "engine") -> Slot:
        """The slot of this kind and name, not yet held."""
        return Slot(self.database, name, kind=kind)
