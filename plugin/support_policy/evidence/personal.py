"""Whether the personal values in an export are those that its records were made with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from support_policy.core.permission.record import Record, canonical, salted
from support_policy.evidence.fault import Fault, about

_SALT = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One line of ``personal.jsonl``; ``salt`` is in hex."""

    seq: int
    name: str
    salt: str
    text: str


def faults(content: bytes, records: Sequence[Record]) -> Iterator[Fault]:
    """Every value that its record does not have, or has another digest of.

    That values are missing is no fault: they may have been erased.
    """
    of = {(each.seq, name): each for each in records for name in each.digests}
    *whole, rest = content.split(b"\n")
    for number, raw in enumerate([*whole, rest] if rest else whole, start=1):
        value = _read(raw)
        if value is None:
            yield Fault(what=f"personal.jsonl, line {number}: it is not a value as it must be")
            continue
        found = of.pop((value.seq, value.name), None)
        if found is None:
            what = f"it has no value that is called {ascii(value.name)[:80]}, or had it before"
            yield Fault(seq=value.seq, what=what)
        elif not _is_of(value, found):
            what = f"its value {value.name!a} is not the one it was made with"
            yield Fault(seq=value.seq, about=about(found.line.encode("ascii")), what=what)


def _is_of(value: Value, found: Record) -> bool:
    if found.digests[value.name] != salted(value.salt, value.text):
        return False
    # Of the texts that were shown the record tells the plain digest, too.
    told = found.event.text(f"{value.name}_sha256")
    return told in {"", sha256(value.text.encode("utf-8", "surrogatepass")).hexdigest()}


def _read(raw: bytes) -> Value | None:
    """A line; None when it is not spelled as it must be."""
    try:
        parts = json.loads(raw)
        value = Value(
            seq=parts["record"], name=parts["name"], salt=parts["salt"], text=parts["value"]
        )
        whole = len(parts) == len(Value.__slots__) and canonical(parts) == raw
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = all(isinstance(each, str) for each in (value.name, value.salt, value.text))
    number = isinstance(value.seq, int) and not isinstance(value.seq, bool)
    return value if whole and texts and number and _SALT.fullmatch(value.salt) else None
