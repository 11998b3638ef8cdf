"""A ledger with stories in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.evidence.stories import Told


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    told = Told.new(tmp_path)
    yield told
    told.store.close()
