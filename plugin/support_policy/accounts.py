"""The company's list of accounts: who is a registered sender, and who is a reseller's customer."""

from __future__ import annotations

import csv
from collections.abc import Iterable
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


class AccountFile:
    """A CSV file with the columns address, account, reseller; read again when it changes.

    ``reseller`` names the reseller's account when the address belongs to its end customer. Accounts
    that are named as somebody's reseller are resellers themselves.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: int | None = None
        self._known: dict[str, Account] = {}
        self._resellers: frozenset[str] = frozenset()

    def standing(self, requester: Requester) -> Standing:
        """What the list says of an address; case and ``+tags`` do not matter."""
        if not (requester.address or "").strip():
            return Standing.UNKNOWN
        try:
            self._refresh()
        except (OSError, ValueError, csv.Error):
            return Standing.UNAVAILABLE
        account = self._find(requester.address or "")
        if account is None:
            return Standing.UNREGISTERED
        if account.reseller:
            return Standing.RESELLER_CUSTOMER
        return Standing.RESELLER if account.account in self._resellers else Standing.REGISTERED

    def _refresh(self) -> None:
        changed_at = self._path.stat().st_mtime_ns
        if changed_at == self._read_at:
            return
        with self._path.open(encoding="utf-8-sig", newline="") as lines:
            accounts = read_accounts(lines)
        self._known = {each.address: each for each in accounts if each.address.strip("@")}
        self._resellers = frozenset(each.reseller for each in accounts if each.reseller)
        self._read_at = changed_at

    def _find(self, address: str) -> Account | None:
        plain = normal_address(address)
        _, at, domain = plain.rpartition("@")
        return self._known.get(plain) or self._known.get(at + domain)


def read_accounts(lines: Iterable[str]) -> tuple[Account, ...]:
    """The accounts in a CSV text; ValueError names what is wrong with it."""
    rows = csv.DictReader(lines)
    missing = set(COLUMNS) - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"the list of accounts has no column {', '.join(sorted(missing))}")
    return tuple(
        Account(
            normal_address(row["address"] or ""),
            (row["account"] or "").strip(),
            (row["reseller"] or "").strip(),
        )
        for row in rows
    )


def normal_address(address: str) -> str:
    """One spelling of an address: lower case, without the part after a plus, domain in IDNA."""
    local, at, domain = address.strip().casefold().rpartition("@")
    with suppress(UnicodeError):  # not a domain name: it will simply not be found
        domain = domain.encode("idna").decode()
    return f"{local.partition('+')[0]}{at}{domain}"
