"""Brings the tables to what this version needs."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from support_policy.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"
# Any number that nobody else uses: two processes must not migrate at once.
_LOCK = 7_355_190_201


def migrate(database: Database) -> None:
    """Run the migrations that are missing, all or none."""
    config = _config()
    # One transaction: on SQLite it locks the file, on PostgreSQL the lock below does.
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether every migration of this version has run."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() == wanted


def _config() -> Config:
    config = Config()
    # Alembic reads its options through ConfigParser, to which a percent sign means something.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
