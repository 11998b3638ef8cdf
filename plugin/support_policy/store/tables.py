"""The tables; every instant in them is UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored as UTC and given back aware on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a datetime without a zone: nobody could tell later what it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry a time zone")
        at = value.astimezone(UTC)
        # SQLite keeps text; without the zone all of it has one width and sorts as time.
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(
        self,
        value: Any | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        """Put the zone back."""
        if value is None:
            return None
        at: datetime = value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column declared INTEGER.
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# What was accepted, and how far its work is. ``next_at`` is when somebody should look at the row
# again: for a working delivery it is the end of its lease. ``attempts`` is also the fencing number.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False, server_default="ticket"),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("errors", sa.Integer, nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("taken_at", Instant),
    sa.Column("taken_by", sa.Text),
    sa.Column("cause", sa.Text),
    sa.Column("last_error", sa.Text),
    sa.Column("done_at", Instant),
    sa.UniqueConstraint("desk", "key"),
    sa.Index(None, "state", "next_at"),
    sa.Index(None, "desk", "origin", "state", "received_at"),
)

# One row a ticket: which delivery of it is being worked, and what was last written to it.
tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("delivery_id", _Id),
    sa.Column("lease_until", Instant),
    sa.Column("written", sa.Text, nullable=False, server_default="{}"),
    sa.Index(None, "delivery_id"),
)

# One row a desk that has failed us: when it may be asked again.
desks = sa.Table(
    "desks",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failed_at", Instant, nullable=False),
    sa.Column("paused_until", Instant, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("delivery_id", _Id, sa.ForeignKey("deliveries.id"), nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("inputs", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    # Names of values, apart by spaces, that the desk took and did not keep as asked.
    sa.Column("not_kept", sa.Text),
    # The last fence: whatever goes wrong above, a delivery is recorded once.
    sa.UniqueConstraint("delivery_id"),
    sa.Index(None, "desk", "ticket_id", "id"),
)

# What the adapter of a desk remembers: ids of what it made there, where a sweep goes on.
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

# When each budget of requests is whole again; one that is whole has no row.
budgets = sa.Table(
    "budgets",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("full_at", Instant, nullable=False),
    sa.Index(None, "full_at"),
)

clocks = sa.Table(
    "clocks",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("clause", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("calendar", sa.Text, nullable=False),
    sa.Column("tzdata", sa.Text, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index(None, "desk", "ticket_id"),
)
sa.Index(
    "ix_clocks_open_due_at",
    clocks.c.due_at,
    sqlite_where=clocks.c.ended_at.is_(None),
    postgresql_where=clocks.c.ended_at.is_(None),
)

# What agents said of a decision that they found wrong; rows are only ever added. ``click`` names
# one press of the button, so that a repeated request is one objection.
objections = sa.Table(
    "objections",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("decision_id", _Id, sa.ForeignKey("decisions.id"), nullable=False),
    sa.Column("click", sa.Text, nullable=False),
    sa.Column("said_class", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("decision_id", "click"),
)

# The record of permissions, a line each; rows are only ever added, and numbered without gaps.
evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Index(None, "desk", "ticket_id", "seq"),
)

# One row: the number and the digest of the last line. Whoever adds a line locks it.
evidence_head = sa.Table(
    "evidence_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# What a line holds only the salted digest of, as JSON text; it may be deleted, the line never.
# ``until`` is when it is, whoever asks for it or not.
evidence_personal = sa.Table(
    "evidence_personal",
    metadata,
    sa.Column("seq", sa.BigInteger, sa.ForeignKey("evidence.seq"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("until", Instant),
    sa.Index(None, "until"),
)

# The links that were sent out, by the digest of their token: the token itself is kept nowhere.
permission_links = sa.Table(
    "permission_links",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
)

# The tickets with a permission: when somebody should look again, and whether it goes on.
permission_tickets = sa.Table(
    "permission_tickets",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("next_at", Instant),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Index(None, "next_at"),
)

# The messages that were read for an answer, so that none of them is read twice.
permission_judged = sa.Table(
    "permission_judged",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("message", sa.Text, primary_key=True),
)
