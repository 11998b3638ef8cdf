"""The record of permissions, and the second line that deliveries are worked in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    topic = sa.Column("topic", sa.Text, nullable=False, server_default="ticket")
    op.add_column("deliveries", topic)
    _evidence()
    _permission()


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_evidence"),
    )
    op.create_index("ix_evidence_desk_ticket_id_seq", "evidence", ["desk", "ticket_id", "seq"])
    head = op.create_table(
        "evidence_head",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_head"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    op.create_table(
        "evidence_personal",
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("until", _INSTANT),
        sa.PrimaryKeyConstraint("seq", "name", name="pk_evidence_personal"),
        sa.ForeignKeyConstraint(
            ["seq"], ["evidence.seq"], name="fk_evidence_personal_seq_evidence"
        ),
    )
    op.create_index("ix_evidence_personal_until", "evidence_personal", ["until"])


def _permission() -> None:
    op.create_table(
        "permission_links",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_permission_links"),
    )
    op.create_table(
        "permission_tickets",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("next_at", _INSTANT),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("desk", "ticket_id", name="pk_permission_tickets"),
    )
    op.create_index("ix_permission_tickets_next_at", "permission_tickets", ["next_at"])
    op.create_table(
        "permission_judged",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("desk", "ticket_id", "message", name="pk_permission_judged"),
    )
