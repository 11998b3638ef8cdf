"""Where a thing in an account differs from what it should be, past Zendesk's ways of writing it.

The same value may come back as a number or as text, null or left out, in another order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from support_policy.helpdesks.zendesk.resource import Ref, Row

# Their value is a set of words.
_TAGS = {"current_tags", "set_tags", "remove_tags"}
# Zendesk adds the channel a macro's text is for.
_EVERY_CHANNEL = "channel:all"
_WIDTH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One attribute, as it is and as it should be."""

    attribute: str
    old: Any
    new: Any

    def __str__(self) -> str:
        old, new = shown(self.old), shown(self.new)
        if old == new or len(old) > _WIDTH or len(new) > _WIDTH:
            old, new = _around(old, new)
        return f"{self.attribute}: {old} -> {new}"


def differences(desired: Row, actual: Row) -> tuple[Difference, ...]:
    """The attributes that differ; what the account does not tell at all cannot be compared."""
    return tuple(
        Difference(attribute=name, old=_project(actual[name], value), new=value)
        for name, value in desired.items()
        if name in actual and not same(value, actual[name])
    )


def same(desired: Any, actual: Any) -> bool:
    """Whether two values mean the same to Zendesk."""
    return bool(_canonical(desired) == _canonical(_project(actual, desired)))


def shown(value: Any) -> str:
    """A value on one line, without anything that a terminal would obey."""
    plain = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _said(value)
    return "".join(each if each.isprintable() else _stand_in(each) for each in plain)


def _stand_in(character: str) -> str:
    """French has spaces that do not break, and they are not what is kept out."""
    return " " if character in "\u00a0\u202f" else "?"


def brief(value: Any) -> str:
    """The beginning of a value, as much as fits a line."""
    text = shown(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _said(value: Any) -> str:
    """A value in few marks; a condition or an action as a sentence."""
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, Mapping):
        if "field" in value:
            words = (value.get(name) for name in ("field", "operator", "value"))
            return " ".join(_said(each) for each in words if each is not None)
        return ", ".join(f"{name} {_said(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return f"[{'; '.join(map(_said, value))}]"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text[1:-1].replace('\\"', '"') if isinstance(value, str) else text


def _around(old: str, new: str) -> tuple[str, str]:
    """The part of two long texts in which they differ."""
    pairs = zip(old, new, strict=False)
    same_until = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
    start = max(0, same_until - 20)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int) -> str:
    end = start + _WIDTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _project(actual: Any, like: Any) -> Any:
    """Only those parts of a value that its counterpart has an opinion of."""
    if isinstance(like, Mapping) and isinstance(actual, Mapping):
        return {key: _project(actual.get(key), part) for key, part in like.items()}
    if isinstance(like, list | tuple) and isinstance(actual, list | tuple):
        parts = [each for each in like if isinstance(each, Mapping)]
        if parts:
            keys = sorted({key for each in parts for key in each})
            return [
                {key: each.get(key) for key in keys} if isinstance(each, Mapping) else each
                for each in actual
            ]
    return actual


def _canonical(value: Any) -> Any:
    """One form for all the ways in which a value may be written; None for nothing at all."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, str):
        return _text(value) or None
    if isinstance(value, Mapping):
        pairs = ((key, _canonical(each)) for key, each in _spoken(value).items())
        return tuple(sorted(pair for pair in pairs if pair[1] is not None)) or None
    if isinstance(value, list | tuple):
        return _series([_canonical(each) for each in value], ordered=not _holds_rows(value))
    return value


def _series(items: list[Any], *, ordered: bool) -> Any:
    """Rows have no order that matters; a list of one plain value may come back as the value."""
    if not ordered:
        return tuple(sorted(items, key=repr)) or None
    return items[0] if len(items) == 1 else tuple(items) or None


def _holds_rows(value: list[Any] | tuple[Any, ...]) -> bool:
    return any(isinstance(each, Mapping) for each in value)


def _spoken(part: Row) -> Row:
    """A condition or an action, without the ways in which Zendesk writes its value."""
    field, value = part.get("field"), part.get("value")
    if field in _TAGS:
        words = value.split() if isinstance(value, str) else map(str, value or ())
        return {**part, "value": " ".join(sorted(set(words)))}
    if field == "comment_value" and isinstance(value, list) and value[:1] == [_EVERY_CHANNEL]:
        return {**part, "value": value[-1]}
    return part


def _text(text: str) -> str:
    """A text without its line ends' fashion; JSON in it without its layout."""
    plain = text.replace("\r\n", "\n").strip()
    if plain.startswith("{") and not plain.startswith("{{"):
        try:
            return json.dumps(json.loads(plain), sort_keys=True)
        except ValueError:
            return plain
    return plain
