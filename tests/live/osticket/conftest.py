"""Runs against a live osTicket that environment variables name; collected only when they do.

    SUPPORT_POLICY_OSTICKET_URL       its address
    SUPPORT_POLICY_OSTICKET_API_KEY   an API key for this machine: may open tickets and run cron
    SUPPORT_POLICY_OSTICKET_ADMIN     an admin who is an agent too
    SUPPORT_POLICY_OSTICKET_PASSWORD  and the password
    SUPPORT_POLICY_OSTICKET_FILES     its web root, where the plugin's folder is copied to
    SUPPORT_POLICY_OSTICKET_MAIL      where its mails end, a file each; without it, none is read

A fresh osTicket whose e-mail addresses are not looked up: the tests open hundreds of tickets,
change its settings and delete the plugin.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live.osticket.customer import CLIENT, CLIENT_PASSWORD, Customer
from tests.live.osticket.desk import Desk, missing
from tests.live.osticket.listener import Listener
from tests.live.osticket.service import Service
from tests.live.osticket.web import PageError

from support_policy.demo import story

collect_ignore_glob = ["test_*.py"] if missing() else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lacking := missing():
        terminalreporter.write_line(f"live osTicket: not run, {', '.join(lacking)} not set")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One osTicket: one process works with it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("osticket"))


@pytest.fixture(scope="session")
def installed() -> Desk:
    """The help desk with the plugin in it."""
    desk = Desk.from_environment()
    desk.install()
    return desk


@pytest.fixture(scope="session")
def accounts() -> str:
    return story.load("first_response").accounts


@pytest.fixture(scope="session")
def stopped(
    installed: Desk, accounts: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The real service, enforcing; it is not running."""
    folder = tmp_path_factory.mktemp("service")
    service = Service(folder, desk_url=installed.url, key=installed.key)
    service.configure(installed.secrets, accounts=accounts)
    yield service
    service.stop()


@pytest.fixture
def service(installed: Desk, stopped: Service) -> Service:
    """The real service, running, and the plugin pointed at it."""
    stopped.start()
    installed.configure(stopped.url, secrets=installed.secrets[:1])
    return stopped


@pytest.fixture
def listener(installed: Desk, stopped: Service) -> Iterator[Listener]:
    """A stand-in for it, and the plugin pointed at that."""
    stopped.stop()  # its sweep would decide what the stand-in does not
    secrets = installed.secrets[:1]
    with Listener(*secrets) as listener:
        installed.configure(listener.url, secrets=secrets)
        yield listener


@pytest.fixture
def desk(installed: Desk) -> Desk:
    """The help desk."""
    return installed


@pytest.fixture(scope="session")
def client(installed: Desk) -> Customer:
    """A customer with an account, logged in."""
    customer = Customer(installed.url)
    with contextlib.suppress(PageError):  # an earlier run did
        installed.agent.register(CLIENT, CLIENT_PASSWORD)
    customer.log_in(CLIENT.sender, CLIENT_PASSWORD)
    return customer
