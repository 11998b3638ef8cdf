"""What an admin says of an osTicket in the settings, and how it is said wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.helpdesks.osticket.place import OsTicketPlace
from tests.osticket_double import API_KEY, OLDER_SECRET, SECRET, OsTicketDouble

from support_policy.core.document import Table
from support_policy.errors import Problem
from support_policy.helpdesk import Setup
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.osticket.client import OsTicket
from support_policy.helpdesks.osticket.setup import configure

FILES = {
    "key": API_KEY,
    "secret": SECRET,
    "older": OLDER_SECRET,
    "short": "whsec_QUJD",
    "bare": "x",
}


def configured(folder: Path, **changes: Any) -> tuple[Setup, list[Problem]]:
    for name, text in FILES.items():
        (folder / name).write_text(text + "\n")
    values = {
        "url": "https://desk.example.com/support/",
        "api_key": "file/key",
        "secrets": ["file/secret", "file/older"],
    } | changes
    problems: list[Problem] = []
    table = Table(
        file=str(folder / "settings.toml"),
        where="desks.osticket",
        values={key: value for key, value in values.items() if value is not None},
        problems=problems,
    )
    setup = configure(table, name="osticket", departments={})
    table.close()
    return setup, problems


def test_the_settings_of_a_manual_are_well(tmp_path: Path) -> None:
    setup, problems = configured(tmp_path)
    assert problems == []
    assert setup.account == "desk.example.com/support"
    assert isinstance(setup.open(MemoryNotebook()), OsTicket)


def test_without_a_key_osticket_is_never_called(tmp_path: Path) -> None:
    setup, problems = configured(tmp_path, api_key=None)
    assert problems == []
    assert all(each.ok for each in setup.open(MemoryNotebook()).examine(now=None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"url": None}, "url"),
        ({"url": "desk.example.com"}, "url"),
        ({"url": "ftp://desk.example.com"}, "url"),
        ({"url": "https://ada:pass1@desk.example.com"}, "url"),
        ({"api_key": API_KEY}, "api_key"),
        ({"api_key": "file/missing"}, "api_key"),
        ({"secrets": None}, "secrets"),
        ({"secrets": []}, "secrets"),
        ({"secrets": [SECRET]}, "secrets"),
        ({"secrets": ["file/missing"]}, "secrets"),
        ({"secrets": ["file/secret", "file/short"]}, "secrets"),
        ({"secrets": ["file/bare"]}, "secrets"),
        ({"password": "x"}, "password"),
    ],
)
def test_a_mistake_is_one_problem_at_its_place_that_quotes_no_secret(
    tmp_path: Path, changes: dict[str, Any], key: str
) -> None:
    _, problems = configured(tmp_path, **changes)
    assert len(problems) == 1
    assert key in str(problems[0])
    for secret in (API_KEY, SECRET[6:], "QUJD", "pass1"):
        assert secret not in str(problems[0])


def test_two_addresses_of_one_osticket_are_one_account(tmp_path: Path) -> None:
    accounts = {
        configured(tmp_path, url=url)[0].account
        for url in ("https://Desk.example.com/support", "https://desk.example.com/support/")
    }
    assert len(accounts) == 1


def test_what_the_settings_say_is_what_reaches_osticket(tmp_path: Path) -> None:
    with OsTicketDouble(secrets=(OLDER_SECRET,)) as double:
        setup, problems = configured(tmp_path, url=double.url + "/")
        desk = setup.open(MemoryNotebook())
        assert problems == []
        assert isinstance(desk, OsTicket)
        place = OsTicketPlace(double=double, desk=desk)
        ref = place.open_ticket()
        assert desk.read(ref).ref == ref
