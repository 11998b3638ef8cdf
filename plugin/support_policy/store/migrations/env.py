"""What Alembic runs; ``support_policy.store.migration`` hands it a connection."""

from __future__ import annotations

from alembic import context

from support_policy.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
