"""A decision and its update as canonical JSON: same content, same text; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from support_policy.core.decision import Decision
from support_policy.core.update import Update


def dump(decision: Decision, update: Update) -> str:
    """The whole decision and update: sorted keys, instants in ISO 8601 with their offset."""
    return canonical({"decision": decision, "update": update})


def load(text: str) -> dict[str, Any]:
    """A record as plain dictionaries: keys ``decision`` and ``update``."""
    record: dict[str, Any] = json.loads(text)
    return record


def canonical(value: object) -> str:
    """Any of this package's values as JSON text that is equal for equal values."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def digest(value: object) -> str:
    """A short name for a value's content: the first half of its SHA-256."""
    return sha256(canonical(value).encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=repr)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in a record")
