"""The shipped policy, for what is made of it in an account."""

from __future__ import annotations

from importlib.resources import files

import pytest

from support_policy.core.load import load
from support_policy.core.policy import Policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load(files("support_policy").joinpath("policies", "mexxus"))
