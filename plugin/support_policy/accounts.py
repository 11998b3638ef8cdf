"""The company's list of accounts: who is a registered sender, and who is a reseller's customer."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from support_policy.core.ticket import Requester, Standing

COLUMNS = ("address", "account", "reseller")


class Accounts(Protocol):
    """Whatever knows the company's accounts."""

    def standing(self, requester: Requester) -> Standing:
        """What is known of a requester; never raises: a list that is down says UNAVAILABLE."""


class NoAccounts:
    """No list is configured: nobody is refused."""

    def standing(self, requester: Requester) -> Standing:
        """Nothing is known of anybody."""
        del requester
        return Standing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the list: an address, or ``@domain`` for all of its addresses."""

    address: str
    account: str
    reseller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """The list as it was read once; threads see the whole of one reading, never parts of two."""

    read_at: int
    known: Mapping[str, Account]
    resellers: frozenset[str]

    def find(self, address: str) -> Account | None:
        plain = normal_address(address)
        _, at, domain = plain.rpartition("@")
        return self.known.get(plain) or self.known.get(at + domain)


class AccountFile:
    """A CSV file with the columns address, account, reseller; read again when it changes.

    ``reseller`` names the reseller's account when the address belongs to its end customer. Accounts
    that are named as somebody's reseller are resellers themselves.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: _Listed | None = None

    def standing(self, requester: Requester) -> Standing:
        """What the list says of an address; case and ``+tags`` do not matter."""
        if not (requester.address or "").strip():
            return Standing.UNKNOWN
        try:
            listed = self._listed()
        except (OSError, ValueError, csv.Error):
            return Standing.UNAVAILABLE
        account = listed.find(requester.address or "")
        if account is None:
            return Standing.UNREGISTERED
        if account.reseller:
            return Standing.RESELLER_CUSTOMER
        return Standing.RESELLER if account.account in listed.resellers else Standing.REGISTERED

    def _listed(self) -> _Listed:
        last, changed_at = self._last, self._path.stat().st_mtime_ns
        if last is not None and last.read_at == changed_at:
            return last
        with self._path.open(encoding="utf-8-sig", newline="") as lines:
            accounts = read_accounts(lines)
        listed = self._last = _Listed(
            read_at=changed_at,
            known={each.address: each for each in accounts if each.address.strip("@")},
            resellers=frozenset(each.reseller for each in accounts if each.reseller),
        )
        return listed


def read_accounts(lines: Iterable[str]) -> tuple[Account, ...]:
    """The accounts in a CSV text; ValueError names what is wrong with it.

    A list without a row, or whose last line has no end, is one that is still being written: taken
    at its word it would make strangers of customers.
    """
    text = tuple(lines)
    rows = csv.DictReader(text)
    missing = set(COLUMNS) - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"the list of accounts has no column {', '.join(sorted(missing))}")
    if not text[-1].endswith(("\n", "\r")):
        raise ValueError("the list of accounts ends within a line")
    accounts = tuple(
        Account(
            normal_address(row["address"] or ""),
            (row["account"] or "").strip(),
            (row["reseller"] or "").strip(),
        )
        for row in rows
    )
    if not accounts:
        raise ValueError("the list of accounts names nobody")
    return accounts


def normal_address(address: str) -> str:
    """One spelling of an address: lower case, without the part after a plus, domain in IDNA."""
    local, at, domain = address.strip().casefold().rpartition("@")
    with suppress(UnicodeError):  # not a domain name: it will simply not be found
        domain = domain.encode("idna").decode()
    return f"{local.partition('+')[0]}{at}{domain}"
