"""The tables that the migrations make."""

from __future__ import annotations

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from support_policy.store.store import Store
from support_policy.store.tables import metadata


def test_a_new_database_is_not_current_until_it_is_migrated(url: str) -> None:
    store = Store.open(url)
    assert not store.schema_is_current()
    store.migrate()
    assert store.schema_is_current()
    store.close()


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.migrate()
    assert store.schema_is_current()


def test_the_migrations_make_exactly_the_tables_the_code_uses(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_processes_that_migrate_at_once_do_not_disturb_each_other(url: str) -> None:
    script = f"from support_policy.store.store import Store; Store.open({url!r}).migrate()"
    running = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    store = Store.open(url)
    assert store.schema_is_current()
    store.close()
