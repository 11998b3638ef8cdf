"""One browser for all tests, and for each a store, a server and an agent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.agent_workspace import Workspace, new_account, running_browser, serving
from tests.webhooks.zendesk_account import Account


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong
    with running_browser() as browser:
        yield browser


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with new_account(tmp_path) as account:
        yield account


@pytest.fixture
def workspace(browser: Browser, account: Account) -> Iterator[Workspace]:
    with serving(account) as address:
        context = browser.new_context(viewport={"width": 400, "height": 1300})
        context.set_default_timeout(15_000)
        yield Workspace(context=context, account=account, address=address)
        context.close()
