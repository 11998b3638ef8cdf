"""The small policy for the help desks' tests."""

from __future__ import annotations

import pytest
from tests.small_policy import ADJUSTMENTS, small_policy

from support_policy.core.policy import Policy


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    # Real tickets are received now: without its last rule the policy does not ask for the hour.
    rules = ADJUSTMENTS.rpartition("[[adjustments]]")[0]
    return small_policy(tmp_path_factory.mktemp("policy"), {"adjustments.toml": rules})
