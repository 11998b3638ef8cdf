"""The objects of the plugin's JSON, and how ours are spelled; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from support_policy.errors import MalformedError


def spell(message: Mapping[str, Any]) -> bytes:
    """A message as the bytes that are signed and sent."""
    # Half a character that a customer's mail left behind is none to PHP.
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def utc(at: datetime, *, timespec: str = "seconds") -> str:
    """An instant as it stands on the wire."""
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of the plugin's; what is not as it must be is named, and never quoted."""

    values: Mapping[str, Any]

    @classmethod
    def of(cls, data: object) -> Fields:
        """The object that this is; MalformedError when it is none."""
        if isinstance(data, Sequence) and not data and not isinstance(data, str):
            return cls({})  # an empty object, as PHP spells it
        if not isinstance(data, dict):
            raise MalformedError("the ticket is not an object, or has none where one must be")
        return cls(data)

    def text(self, name: str, *, empty: bool = False, null: bool = False) -> str:
        """A text, which may be empty or missing only where that is said."""
        value = self.values.get(name)
        if value is None and null:
            return ""
        if not isinstance(value, str) or (not value and not empty and not null):
            raise MalformedError(f"the ticket's {name} is not a text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise MalformedError(f"the ticket's {name} are not a list of texts")
        return tuple(value)

    def number(self, name: str) -> int:
        """A number from 1."""
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise MalformedError(f"the ticket's {name} is not a number")
        return value

    def instant(self, name: str) -> datetime:
        """An instant, in UTC."""
        value = self.values.get(name)
        try:
            at = datetime.fromisoformat(value) if isinstance(value, str) else None
            if at is not None and at.tzinfo is not None:
                return at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise MalformedError(f"the ticket's {name} is not a moment")

    def one_of(self, name: str, known: Mapping[str, bool]) -> bool:
        """What one of these words means."""
        value = self.values.get(name)
        if not isinstance(value, str) or value not in known:
            raise MalformedError(f"the ticket's {name} is not one of {', '.join(known)}")
        return known[value]
