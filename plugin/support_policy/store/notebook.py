"""What the adapter of a help desk keeps between runs, and its budgets of requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from support_policy.helpdesk import LONGEST_REST, Budget, turn
from support_policy.store.database import Database
from support_policy.store.tables import budgets as budget_table
from support_policy.store.tables import notes

# The name of a rest among the budgets: no budget of an adapter's may be called that.
_REST = ""


class DeskNotebook:
    """The notes and budgets of one desk; every process that shares the database shares them."""

    def __init__(self, database: Database, desk: str) -> None:
        self._database = database
        self._desk = desk

    def recall(self, name: str) -> str | None:
        """What was last remembered under this name."""
        query = sa.select(notes.c.text).where(notes.c.desk == self._desk, notes.c.name == name)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def remember(self, name: str, text: str | None) -> None:
        """Keep a short text that is no secret; None forgets it."""
        with self._database.writing() as connection:
            if text is None:
                mine = sa.and_(notes.c.desk == self._desk, notes.c.name == name)
                connection.execute(sa.delete(notes).where(mine))
                return
            insert = self._database.insert(notes).values(desk=self._desk, name=name, text=text)
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["desk", "name"], set_={"text": insert.excluded.text}
                )
            )

    def spend(self, budgets: Sequence[Budget], *, now: datetime, patience: float = 0.0) -> float:
        """Take one request out of every budget; the seconds to wait before it may be made."""
        names = sorted(budget.name for budget in budgets)  # rows are locked in one order
        with self._database.writing() as connection:
            full_at = self._full_at(connection, (_REST, *names), now)
            wait, after = turn(budgets, full_at, rest_until=full_at[_REST], now=now)
            if wait <= patience:
                for name, at in after.items():
                    self._put(connection, name, at)
        return wait

    def rest(self, seconds: float, *, now: datetime) -> None:
        """Let nobody ask the desk for anything for so long."""
        until = now + min(timedelta(seconds=seconds), LONGEST_REST)
        with self._database.writing() as connection:
            known = self._full_at(connection, (_REST,), now)[_REST]
            if not until <= known <= now + LONGEST_REST:
                self._put(connection, _REST, until)

    def _full_at(
        self, connection: sa.Connection, names: Sequence[str], now: datetime
    ) -> dict[str, datetime]:
        """The rows of these names, locked; made when they are not there.

        Two processes must meet at a row: what both find missing, both would spend.
        """
        self._sweep_out(connection, now)
        rows = [{"desk": self._desk, "name": name, "full_at": now} for name in names]
        insert = self._database.insert(budget_table).on_conflict_do_nothing()
        connection.execute(insert, rows)
        query = sa.select(budget_table).where(self._mine, budget_table.c.name.in_(names))
        locked = query.order_by(budget_table.c.name).with_for_update()
        found = {row.name: row.full_at for row in connection.execute(locked)}
        return {name: found.get(name, now) for name in names}

    def _sweep_out(self, connection: sa.Connection, now: datetime) -> None:
        """Delete what is whole again; others may be at the same, and nobody waits for anybody."""
        old = budget_table.c.full_at < now - timedelta(minutes=1)
        names = sa.select(budget_table.c.name).where(self._mine, old)
        free = names.with_for_update(skip_locked=True)
        connection.execute(sa.delete(budget_table).where(self._mine, budget_table.c.name.in_(free)))

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return budget_table.c.desk == self._desk

    def _put(self, connection: sa.Connection, name: str, at: datetime) -> None:
        mine = sa.and_(self._mine, budget_table.c.name == name)
        connection.execute(sa.update(budget_table).where(mine).values(full_at=at))
