"""A service for paid help; where several act at once, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.permissions.rig import Rig, closing
from tests.postgresql import Server, running_server

from support_policy.core.ticket import TicketRef


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def each_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
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
