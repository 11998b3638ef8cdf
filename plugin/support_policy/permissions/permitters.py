"""Who may permit that something is charged: a port, until a registry of accounts can tell."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from support_policy.accounts import normal_address
from support_policy.helpdesk import Ask, Conversation

COLUMNS = ("address",)


class Permitters(Protocol):
    """Whatever knows who may permit."""

    def entitled(self, address: str) -> bool | None:
        """Whether this address may permit; None when nobody can tell now."""


class NoContacts:
    """No list is given: only the help desk or an agent can vouch for somebody."""

    def entitled(self, address: str) -> bool | None:
        """Nobody is on no list."""
        del address
        return False


class ContactFile:
    """A CSV file with a column ``address``; read anew each time, for it is asked seldom."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entitled(self, address: str) -> bool | None:
        """Whether the address is in the file; case and ``+tags`` do not matter."""
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as lines:
                return normal_address(address) in read_contacts(lines)
        except (OSError, ValueError, csv.Error):
            return None


def read_contacts(lines: Iterable[str]) -> frozenset[str]:
    """The addresses in a CSV text; ValueError when there is no such column, or half a line."""
    text = tuple(lines)
    rows = csv.DictReader(text)
    if "address" not in (rows.fieldnames or ()):
        raise ValueError("the list of contacts has no column address")
    if not text[-1].endswith(("\n", "\r")):
        raise ValueError("the list of contacts ends within a line")
    return frozenset(
        normal_address(row["address"]) for row in rows if (row["address"] or "").strip("@ ")
    )


def addressee(
    conversation: Conversation, ask: Ask, permitters: Permitters
) -> tuple[str, str] | None:
    """Who is asked, and how we know that they may permit; None when nobody vouches for them.

    It is always the requester: to them the request is written. ``contact`` (on the list),
    ``named`` (the agent wrote their address into the ask), or ``verified`` (by the help desk).
    """
    address = (conversation.requester.address or "").strip()
    if not address or not _may_be(ask.permitter, address):
        return None
    listed = permitters.entitled(address)
    if listed:
        return address, "contact"
    if listed is None:
        return None  # nobody can tell now: the agent asks again
    if ask.permitter:
        return address, "named"
    return (address, "verified") if conversation.verified else None


def _may_be(named: str | None, address: str) -> bool:
    """Whether the one whom the agent named, if anybody, is this one."""
    return not named or normal_address(named) == normal_address(address)


def still_entitled(address: str, how: str, permitters: Permitters) -> bool:
    """Whether somebody who was asked as a contact is one still; not knowing is no."""
    return how != "contact" or permitters.entitled(address) is True
