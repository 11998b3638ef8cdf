"""What agents said of decisions that they found wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "objections",
        sa.Column("id", _ID, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("decision_id", _ID, nullable=False),
        sa.Column("click", sa.Text, nullable=False),
        sa.Column("said_class", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name="fk_objections_decision_id_decisions"
        ),
        sa.UniqueConstraint("decision_id", "click", name="uq_objections_decision_id_click"),
    )
