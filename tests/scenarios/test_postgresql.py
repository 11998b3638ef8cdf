"""The whole product on PostgreSQL: web processes that accept, workers that work, a real desk."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.postgresql import running_server
from tests.scenarios.questions import (
    ACCOUNTS,
    private_notes,
    question,
    wait_until_decided,
    wait_until_ready,
)

from support_policy.demo.addon import AddOn
from support_policy.demo.customer import Customer
from support_policy.demo.desk import Desk, child_environment, end, free_port

pytestmark = pytest.mark.xdist_group("demo")

TICKETS = 12


class Fleet:
    """`serve --web-only` and `work` processes on one settings file."""

    def __init__(self, settings: Path, log: Path) -> None:
        self._settings = settings
        self._log = log.open("ab")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "support_policy.cli", *arguments, "--settings", self._settings],
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()

    def stop(self) -> None:
        for process in self._processes.values():
            end(process)
        self._log.close()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with running_server() as server:
        yield server.new_database()


@pytest.fixture
def desk_and_fleet(tmp_path: Path, database: str) -> Iterator[tuple[Desk, AddOn, Fleet]]:
    addon = AddOn(tmp_path / "add-on", port=free_port(0), token="a-token-for-this-test")
    with Desk(tmp_path / "desk", webhook_urls=(addon.webhook_url,)) as desk:
        settings = addon.configure(desk, ACCOUNTS)
        text = settings.read_text(encoding="utf-8")
        line = f'database = "{database}"'
        settings.write_text(re.sub(r'database = ".*"', lambda _: line, text), encoding="utf-8")
        fleet = Fleet(settings, tmp_path / "fleet.log")
        try:
            yield desk, addon, fleet
        finally:
            fleet.stop()


def test_two_workers_share_the_work_and_one_killed_loses_and_repeats_nothing(
    desk_and_fleet: tuple[Desk, AddOn, Fleet],
) -> None:
    desk, addon, fleet = desk_and_fleet
    fleet.start("web", "serve", "--web-only", "--processes", "2")
    fleet.start("one", "work", "--slot", "one", "--no-sweep")
    fleet.start("two", "work", "--slot", "two", "--no-sweep")
    wait_until_ready(addon)
    with Customer(desk) as customer:
        numbers = []
        for n in range(TICKETS):
            numbers.append(customer.open("public", question(n)))
            if n == TICKETS // 2:
                fleet.kill("one")
    fleet.start("one", "work", "--slot", "one", "--no-sweep")
    wait_until_decided(desk, numbers)
    assert {n: private_notes(desk, n) for n in numbers} == dict.fromkeys(numbers, 1)
    assert {desk.ticket(n)["priority"] for n in numbers} == {4}
