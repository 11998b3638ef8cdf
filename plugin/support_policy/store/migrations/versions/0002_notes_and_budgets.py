"""What adapters keep between runs, budgets of requests, and what a desk did not keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "notes",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("desk", "name", name="pk_notes"),
    )
    op.create_table(
        "budgets",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("full_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("desk", "name", name="pk_budgets"),
    )
    op.create_index("ix_budgets_full_at", "budgets", ["full_at"])
    op.add_column("decisions", sa.Column("not_kept", sa.Text))
    counted = ["desk", "origin", "state", "received_at"]
    op.create_index("ix_deliveries_desk_origin_state_received_at", "deliveries", counted)
