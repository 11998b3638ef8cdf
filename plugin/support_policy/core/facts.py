"""What a reader found in a customer's words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Language = Literal["en", "fr", "other", "unknown"]
TextField = Literal["subject", "body"]

READS_AS = "reads_as."
"""Begins the name of a fact about the message as a whole: the category that it reads as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing the customer said, with the words that say so.

    ``name`` is dotted (``website.offline``, ``evidence.server_fault``, ``product.wordpress``).
    ``start`` and ``end`` count characters in the cleaned text of ``field``.
    """

    name: str
    field: TextField
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything found in one ticket.

    ``language`` is the language of the customer's own words; ``unknown`` when there are too few.
    ``subject`` and ``body`` are the cleaned texts that the facts' spans point into.
    """

    language: Language
    subject: str
    body: str
    found: tuple[Fact, ...] = ()
    _by_name: Mapping[str, tuple[Fact, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every rule asks for names: sort the facts once, not once a rule.
        index: dict[str, tuple[Fact, ...]] = {}
        for fact in self.found:
            index[fact.name] = (*index.get(fact.name, ()), fact)
        object.__setattr__(self, "_by_name", index)

    @property
    def names(self) -> Collection[str]:
        """The names of all facts found."""
        return self._by_name.keys()

    def named(self, name: str) -> tuple[Fact, ...]:
        """Every fact of this name, in the order of the text."""
        return self._by_name.get(name, ())


class Reader(Protocol):
    """Turns a customer's words into facts; pure and never raises on any text."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """The names of every fact this reader can find."""

    def read(self, *, subject: str, body: str, language: str | None = None) -> Facts:
        """The facts in one message; ``language`` is the requester's own setting, which wins."""
