"""A service for paid help; where several act at once, on each database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.permissions.rig import Rig, closing
from tests.postgresql import Server, running_server

from support_policy.core.ticket import TicketRef
from support_policy.store.store import Store


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and nothing in them: copying it is quicker than making it."""
    file = tmp_path_factory.mktemp("store") / "store.db"
    store = Store.open(f"sqlite:///{file}")
    store.migrate()
    store.close()
    return file


@pytest.fixture
def url(tmp_path: Path, migrated: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated, tmp_path / 'store.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def each_url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return str(request.getfixturevalue("url"))
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def rig(url: str, tmp_path: Path) -> Iterator[Rig]:
    with closing(Rig(url, tmp_path / "keys")) as rig:
        yield rig


@pytest.fixture
def ref(rig: Rig) -> TicketRef:
    """The ticket of a French customer whom the desk knows."""
    return rig.opens()
