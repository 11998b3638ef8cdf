"""The add-on is not always there: nothing a customer wrote may be lost, or answered twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from tests.scenarios.questions import (
    ACCOUNTS,
    decided,
    private_notes,
    question,
    wait_until_decided,
    wait_until_ready,
)

from support_policy.demo.addon import AddOn
from support_policy.demo.customer import Customer
from support_policy.demo.desk import Desk, free_port

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def addon(tmp_path: Path) -> Iterator[AddOn]:
    addon = AddOn(tmp_path / "add-on", port=free_port(0), token="a-token-for-this-test")
    yield addon
    addon.stop()


@pytest.fixture
def desk(tmp_path: Path, addon: AddOn) -> Iterator[Desk]:
    with Desk(tmp_path / "desk", webhook_urls=(addon.webhook_url,)) as desk:
        yield desk


def test_tickets_opened_while_the_add_on_was_stopped_are_found_by_a_sweep(
    desk: Desk, addon: AddOn
) -> None:
    settings = addon.configure(desk, ACCOUNTS)
    with Customer(desk) as customer:
        numbers = [customer.open("public", question(n)) for n in range(3)]
    assert not any(decided(desk, number) for number in numbers)
    addon.start(settings)
    swept = subprocess.run(
        [sys.executable, "-m", "support_policy.cli", "sweep", "--settings", str(settings)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert swept.returncode == 0, swept.stderr
    assert "3 tickets without a webhook" in swept.stdout
    wait_until_decided(desk, numbers)
    assert [private_notes(desk, number) for number in numbers] == [1, 1, 1]
    assert "custom_policy_class" in desk.ticket(numbers[0])


def test_a_worker_killed_in_the_middle_loses_nothing_and_writes_nothing_twice(
    desk: Desk, addon: AddOn
) -> None:
    addon.start(addon.configure(desk, ACCOUNTS))
    numbers = []
    with Customer(desk) as customer:
        for n in range(9):
            numbers.append(customer.open("public", question(n)))
            if n in (3, 6):
                os.kill(worker_of(addon), signal.SIGKILL)
                wait_until_ready(addon)
    sweep_missing(addon)
    wait_until_decided(desk, numbers)
    assert {number: private_notes(desk, number) for number in numbers} == dict.fromkeys(numbers, 1)


def test_a_help_desk_that_is_down_gets_its_decisions_when_it_is_back(
    desk: Desk, addon: AddOn
) -> None:
    settings = addon.configure(desk, ACCOUNTS)
    with Customer(desk) as customer:
        number = customer.open("public", question(1))
    payload = {"ticket": desk.ticket(number), "queue_slug": "support"}
    desk.halt()
    addon.start(settings)
    answer = requests.post(addon.webhook_url, json=payload, timeout=10)
    assert answer.status_code == 202
    waiting = subprocess.run(
        [sys.executable, "-m", "support_policy.cli", "deliveries", "--settings", str(settings)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "owed" in requests.get(f"{addon.url}/readyz", timeout=10).text
    assert waiting.returncode == 0, waiting.stderr
    desk.start()
    wait_until_decided(desk, [number], seconds=60)
    assert private_notes(desk, number) == 1


def worker_of(addon: AddOn) -> int:
    """The gunicorn worker's process, the only child of the server that the test started."""
    children = Path(f"/proc/{addon.pid}/task/{addon.pid}/children").read_text().split()
    return int(children[-1])


def sweep_missing(addon: AddOn) -> None:
    """A webhook sent while the worker was replaced is lost to the desk; the sweep finds it."""
    settings = addon.folder / "support-policy.toml"
    subprocess.run(
        [sys.executable, "-m", "support_policy.cli", "sweep", "--settings", str(settings)],
        check=True,
        capture_output=True,
        timeout=60,
    )
