"""One thing that should be in an account, and how such things name each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
"""A thing as Zendesk tells it."""

Ids = Mapping[str, Mapping[str, str]]
"""The ids of our things, by kind and by our name for each."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of another thing of ours, which may not be made yet; ``before`` stands before it."""

    kind: str
    name: str
    before: str = ""

    def __str__(self) -> str:
        return "(known after apply)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A thing that should be there.

    ``body`` is kept as it is here. ``once`` is sent when the thing is made and not looked at again:
    what Zendesk moves by itself, or never lets anybody change.
    """

    kind: str
    name: str
    title: str
    body: Row
    once: Row = field(default_factory=dict)


def resolve(value: Any, ids: Ids) -> Any:
    """A value with every reference replaced whose thing is made."""
    if isinstance(value, Ref):
        known = ids.get(value.kind, {}).get(value.name)
        return value if known is None else f"{value.before}{known}"
    if isinstance(value, Mapping):
        return {key: resolve(each, ids) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(each, ids) for each in value]
    return value


def unresolved(value: Any) -> tuple[Ref, ...]:
    """The references that are left in a value."""
    if isinstance(value, Ref):
        return (value,)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return tuple(ref for each in value for ref in unresolved(each))
    return ()
