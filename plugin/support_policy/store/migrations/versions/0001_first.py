"""The first tables: deliveries, tickets, desks, decisions, clocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    _deliveries()
    _tickets_and_desks()
    _decisions()
    _clocks()


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("taken_at", _INSTANT),
        sa.Column("taken_by", sa.Text),
        sa.Column("cause", sa.Text),
        sa.Column("last_error", sa.Text),
        sa.Column("done_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("desk", "key", name="uq_deliveries_desk_key"),
    )
    op.create_index("ix_deliveries_state_next_at", "deliveries", ["state", "next_at"])


def _tickets_and_desks() -> None:
    op.create_table(
        "tickets",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("delivery_id", _ID),
        sa.Column("lease_until", _INSTANT),
        sa.Column("written", sa.Text, nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("desk", "ticket_id", name="pk_tickets"),
    )
    op.create_index("ix_tickets_delivery_id", "tickets", ["delivery_id"])
    op.create_table(
        "desks",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failed_at", _INSTANT, nullable=False),
        sa.Column("paused_until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("desk", name="pk_desks"),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="fk_decisions_delivery_id_deliveries"
        ),
        sa.UniqueConstraint("delivery_id", name="uq_decisions_delivery_id"),
    )
    op.create_index("ix_decisions_desk_ticket_id_id", "decisions", ["desk", "ticket_id", "id"])


def _clocks() -> None:
    op.create_table(
        "clocks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("tzdata", sa.Text, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_clocks"),
    )
    op.create_index("ix_clocks_desk_ticket_id", "clocks", ["desk", "ticket_id"])
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_clocks_open_due_at",
        "clocks",
        ["due_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
