"""A TOML table read with care: every mistake is kept, none stops the reading."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from support_policy.errors import Problem

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True, kw_only=True)
class Table:
    """One table of a TOML file.

    What is asked for is remembered, so that ``close`` can name the keys nobody asked for, with the
    key that was probably meant. Problems go to a list that all tables of a load share.
    """

    file: str
    where: str
    values: dict[str, Any]
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def problem(self, what: str, suggestion: str = "", *, key: str = "") -> None:
        """Note a mistake in this table."""
        where = f"{self.where}.{key}" if self.where and key else self.where or key
        self.problems.append(Problem(self.file, where, what, suggestion))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; missing or empty without a default is a problem."""
        value = self._get(key, str, "a text", default)
        if value == "" and default is None:
            self.problem("must not be empty", key=key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number; missing without a default is a problem."""
        value = self._get(key, int, "a whole number", default)
        return value if isinstance(value, int) else 0

    def flag(self, key: str, *, default: bool | None = False) -> bool | None:
        """True or false."""
        value = self._get(key, bool, "true or false", default)
        return value if isinstance(value, bool) else default

    def day(self, key: str) -> date:
        """A date."""
        value = self._get(key, date, "a date such as 2026-11-23", None)
        if isinstance(value, datetime):
            self.problem("must be a date without a time", key=key)
        return value if isinstance(value, date) else date.min

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; missing is empty."""
        value = self._get(key, list, "a list of texts", [])
        if not isinstance(value, list):
            return ()
        if any(not isinstance(item, str) for item in value):
            self.problem("every item must be a text in quotes", key=key)
        return tuple(item for item in value if isinstance(item, str))

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """A list of words from a closed set; missing is empty."""
        return tuple(
            found
            for word in self.texts(key)
            if (found := self._choice(key, word, kind)) is not None
        )

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice | None:
        """One word from a closed set."""
        word = self.text(key, default.value if default else None)
        return self._choice(key, word, kind) if word else default

    def bilingual(self, key: str) -> tuple[tuple[str, str], ...]:
        """A text in English and in French: ``key = { en = "…", fr = "…" }``."""
        inner = self.table(key)
        pair = tuple((language, inner.text(language)) for language in ("en", "fr"))
        inner.close()
        return pair

    def table(self, key: str, *, required: bool = True) -> Table:
        """A table inside this one; missing is a problem unless it is not required."""
        value = self._get(key, dict, "a table", None if required else {})
        where = f"{self.where}.{key}" if self.where else key
        inner = value if isinstance(value, dict) else {}
        return Table(file=self.file, where=where, values=inner, problems=self.problems)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables (``[[key]]``), each addressed by its name or id when it has one."""
        value = self._get(key, list, f"tables written [[{key}]]", [])
        rows = value if isinstance(value, list) else []
        if any(not isinstance(row, dict) for row in rows):
            self.problem(f"must be tables written [[{key}]]", key=key)
        return tuple(
            Table(
                file=self.file,
                where=f"{key}[{row.get('name') or row.get('id') or number}]",
                values=row,
                problems=self.problems,
            )
            for number, row in enumerate(rows, start=1)
            if isinstance(row, dict)
        )

    def named_tables(self) -> tuple[tuple[str, Table], ...]:
        """Every table inside this one, by name."""
        return tuple((key, self.table(key)) for key in self.values)

    def close(self) -> None:
        """Name every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                self.problem("unknown key", suggest(key, self.asked), key=key)

    def _get(self, key: str, kind: type, wanted: str, default: Any) -> Any:
        self.asked.add(key)
        if key not in self.values:
            if default is None:
                self.problem(f"is missing; it must be {wanted}", key=key)
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problem(f"must be {wanted}", key=key)
            return default
        return value

    def _choice(self, key: str, word: str, kind: type[Choice]) -> Choice | None:
        try:
            return kind(word)
        except ValueError:
            known = [choice.value for choice in kind]
            self.problem(
                f"{word!r} is not one of {', '.join(known)}.", suggest(word, known), key=key
            )
            return None


def parse(text: str, *, file: str, problems: list[Problem]) -> Table:
    """A whole TOML file as a table; a syntax error is one problem and an empty table."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(file, "", f"is not valid TOML: {error}."))
        values = {}
    return Table(file=file, where="", values=values, problems=problems)


def suggest(word: str, known: Iterable[str]) -> str:
    """A "did you mean" for a misspelt word, or nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
