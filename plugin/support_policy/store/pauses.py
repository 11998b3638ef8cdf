"""Help desks that have failed us: all their deliveries wait, and one at a time asks again."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from support_policy.store.database import Database
from support_policy.store.outcome import LONGEST_PAUSE, back_off
from support_policy.store.tables import desks

# How long one attempt has to find out before another one may try.
_PROBE = timedelta(seconds=10)
# No help desk is believed that asks for more patience than this.
_LONGEST = timedelta(days=1)


def may_be_asked(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a desk's rest is over; one that ends after any rest we give came of a wrong clock."""
    until = desks.c.paused_until
    return sa.or_(until <= now, until > now + _LONGEST)


def probe(connection: sa.Connection, desk: str, now: datetime) -> bool:
    """Whether the caller may ask this desk again; nobody else may for a moment."""
    claim = sa.update(desks).where(desks.c.desk == desk, may_be_asked(now))
    return connection.execute(claim.values(paused_until=now + _PROBE)).rowcount == 1


def pause(
    connection: sa.Connection,
    database: Database,
    desk: str,
    *,
    taken_at: datetime,
    after: float,
    now: datetime,
) -> None:
    """Let the desk rest, longer each time it fails again.

    Attempts that were under way when it failed the last time say nothing new, and count once.
    """
    new = {"desk": desk, "failures": 0, "failed_at": taken_at, "paused_until": now}
    insert = database.insert(desks).values(new).on_conflict_do_nothing()
    connection.execute(insert)
    row = connection.execute(sa.select(desks).where(desks.c.desk == desk).with_for_update()).one()
    again = row.failures == 0 or taken_at > row.failed_at
    failures = row.failures + 1 if again else row.failures
    rest = max(back_off(failures, desk, LONGEST_PAUSE), timedelta(seconds=after))
    # The row still carries the probe's own short claim, which a new failure replaces.
    until = now + rest if again else max(row.paused_until, now + timedelta(seconds=after))
    connection.execute(
        sa.update(desks)
        .where(desks.c.desk == desk)
        .values(failures=failures, failed_at=now, paused_until=until)
    )


def resume(connection: sa.Connection, desk: str, *, taken_at: datetime) -> None:
    """The desk answered an attempt that began after its last failure: it is well again."""
    connection.execute(sa.delete(desks).where(desks.c.desk == desk, desks.c.failed_at < taken_at))
