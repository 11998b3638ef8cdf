"""What the service finds out for itself: tickets it was never told of, and what is not well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import Desk
from tests.live.osticket.hundred import PLANS
from tests.live.osticket.service import DESK, Service

from support_policy.demo.desk import free_port

QUESTION = Request(
    subject="How do I add a mailbox?",
    body="Where do I add a mailbox, please?",
    sender="office@whitlockprint.example",
)
CANADIAN = "24/7"
AMERICAN = "U.S. Holidays"


@pytest.fixture
def well(desk: Desk, service: Service) -> Iterator[Service]:
    """Everything is as doctor wants it, before and after."""
    chosen = desk.admin.default_schedule()
    desk.admin.system(schedule_id=CANADIAN)
    desk.drain()
    yield service
    desk.admin.system(schedule_id=chosen)


def doctor(service: Service) -> tuple[int, str]:
    """The exit status, and all that doctor says on one line."""
    done = service.run("doctor", "--desk", DESK)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_tickets_that_came_while_the_plugin_was_disabled_are_found_and_decided(
    desk: Desk, service: Service
) -> None:
    desk.admin.disable()
    opened = [desk.by_api(QUESTION) for _ in range(3)]
    desk.admin.enable()
    swept = service.run("sweep", "--desk", DESK)
    assert swept.returncode == 0, swept.stderr
    for each in opened:
        assert desk.decided(each, seconds=60)["priority"] == "low"
        seen = desk.see(each)
        assert (seen["Priority"], seen["SLA Plan"]) == ("Low", PLANS["low"])
        assert (len(seen.notes), len(seen.ours)) == (1, 1)
    again = service.run("sweep", "--desk", DESK)
    assert "0 tickets" in again.stdout


def test_doctor_has_nothing_to_say_against_a_desk_that_is_well(desk: Desk, well: Service) -> None:
    status, said = doctor(well)
    assert status == 0, said


def test_doctor_finds_the_schedule_of_another_country(desk: Desk, well: Service) -> None:
    desk.admin.system(schedule_id=AMERICAN)
    status, said = doctor(well)
    assert status != 0
    assert "United States" in said


def test_doctor_finds_that_the_service_is_not_reached(desk: Desk, well: Service) -> None:
    desk.configure(f"http://127.0.0.1:{free_port()}/webhooks/osticket")
    status, said = doctor(well)
    assert status != 0
    assert "the service is not reached" in said


def test_doctor_finds_a_wrong_api_key(desk: Desk, well: Service, accounts: str) -> None:
    well.configure(desk.secrets, accounts=accounts, key="0" * 32)
    status, said = doctor(well)
    well.configure(desk.secrets, accounts=accounts)
    assert status != 0
    assert "api_key" in said
    assert "0" * 32 not in said


def test_doctor_finds_a_disabled_plugin(desk: Desk, well: Service) -> None:
    desk.admin.disable()
    status, said = doctor(well)
    desk.admin.enable()
    assert status != 0
    assert "enabled" in said


def test_doctor_finds_a_plan_that_was_deleted(desk: Desk, well: Service) -> None:
    desk.admin.delete_plan(desk.admin.plans()[PLANS["sales"]])
    status, said = doctor(well)
    desk.configure(well.url)
    assert status != 0
    assert "sales" in said


def test_doctor_tells_no_secret(desk: Desk, well: Service) -> None:
    _, said = doctor(well)
    for secret in (*desk.secrets, desk.key):
        assert secret not in said
