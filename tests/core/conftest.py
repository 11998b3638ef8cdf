"""The small policy, loaded once for a test process."""

from __future__ import annotations

import pytest
from tests.small_policy import small_policy

from support_policy.core.policy import Policy


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return small_policy(tmp_path_factory.mktemp("policy"))
