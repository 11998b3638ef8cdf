"""The record that proves a permission: one canonical line for each event, chained and signed; pure.

The format is documented in ``docs/evidence.md``; a change of it needs a new ``FORMAT``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from support_policy.core.permission.event import Event, Kind, Plain
from support_policy.core.ticket import TicketRef

FORMAT = 1
GENESIS = "0" * 64
"""What the first record names as the digest of the one before it."""

_KEYS = frozenset(
    {"at", "facts", "format", "kind", "personal", "previous", "request", "seq", "signature"}
    | {"ticket"}
)
_DIGEST = re.compile("[0-9a-f]{64}")


class RecordError(ValueError):
    """A line is not a record as this format spells it; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appending:
    """What is to be added to the record of one ticket; an empty one changes nothing.

    ``links`` are (kind, SHA-256 of the token in hex, request) and ``judged`` the ids of messages
    that need no second look. ``next_at`` is when somebody should look at the ticket again and
    ``open`` whether a request or a piece of work goes on; both are written whenever anything is.
    ``silent`` leaves out the delivery that brings the news to the help desk.
    """

    events: tuple[Event, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    judged: tuple[str, ...] = ()
    next_at: datetime | None = None
    open: bool = False
    silent: bool = False

    def __bool__(self) -> bool:
        return self != Appending()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line, read back.

    ``digests`` are those of its personal values by name; ``event`` has none of the values.
    """

    seq: int
    event: Event
    digests: Mapping[str, str]
    previous: str
    signature: str
    line: str

    @property
    def payload(self) -> bytes:
        """The bytes that the signature is over."""
        return canonical(
            {name: part for name, part in json.loads(self.line).items() if name != "signature"}
        )

    @property
    def digest(self) -> str:
        """What the next record calls this one."""
        return chained(self.line)


def canonical(value: object) -> bytes:
    """The one spelling of a value: keys sorted by code point, ASCII, no blanks, no floats."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def chained(line: str) -> str:
    """The SHA-256 of a whole line, its signature included and its line end not, in hex."""
    return sha256(line.encode("ascii")).hexdigest()


def salted(salt: str, value: str) -> str:
    """The digest that stands for a personal value: SHA-256 of the salt's bytes and its spelling.

    ``salt`` is in hex. The spelling is the value as a JSON string in ASCII, quotes included.
    """
    return sha256(bytes.fromhex(salt) + canonical(value)).hexdigest()


def instant(at: datetime) -> str:
    """An instant as the record spells it: UTC, microseconds, ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def unsigned(event: Event, *, seq: int, previous: str, salts: Mapping[str, str]) -> dict[str, Any]:
    """The parts of an event's record, all but the signature; ``salts`` has one for each value."""
    values = personal_values(event)
    return {
        "at": instant(event.at),
        "facts": _plain(event.facts),
        "format": FORMAT,
        "kind": event.kind.value,
        "personal": {name: salted(salts[name], value) for name, value in values.items()},
        "previous": previous,
        "request": event.request,
        "seq": seq,
        "ticket": {"desk": event.ticket.desk, "id": event.ticket.id},
    }


def signed(parts: Mapping[str, Any], signature: str) -> str:
    """The whole line."""
    return canonical({**parts, "signature": signature}).decode("ascii")


def personal_values(event: Event) -> dict[str, str]:
    """All values of an event that are kept apart, the brief ones too."""
    if both := set(event.personal) & set(event.brief):
        raise ValueError(f"both personal and brief: {', '.join(sorted(both))}")
    return {**event.personal, **event.brief}


def read(line: str) -> Record:
    """A line read back. Raises RecordError unless it is spelled exactly as it must be."""
    parts = _parsed(line)
    if not isinstance(parts, dict) or set(parts) != _KEYS:
        raise RecordError("it does not have the parts of a record")
    if parts["format"] is True or parts["format"] != FORMAT:
        raise RecordError("its format is unknown")
    if not _is_spelled(parts, line):
        raise RecordError("it is not spelled canonically")
    digests, previous = _texts(parts["personal"]), _text(parts["previous"])
    if not all(map(_DIGEST.fullmatch, (previous, *digests.values()))):
        raise RecordError("a digest in it is none")
    return Record(
        seq=_number(parts["seq"]),
        event=_event(parts),
        digests=digests,
        previous=previous,
        signature=_text(parts["signature"]),
        line=line,
    )


def _parsed(line: str) -> Any:
    try:
        return json.loads(line, parse_float=_no_float, parse_constant=_no_float)
    except RecordError:
        raise
    except (ValueError, RecursionError):
        raise RecordError("it is not JSON") from None


def _is_spelled(parts: object, line: str) -> bool:
    try:
        return canonical(parts) == line.encode("utf-8", "surrogatepass")
    except RecursionError:  # what can just be read may be too deep to be written
        return False


def _no_float(text: str) -> float:
    raise RecordError(f"{text[:20]} is no number of a record")


def _event(parts: Mapping[str, Any]) -> Event:
    ticket = _texts(parts["ticket"])
    if set(ticket) != {"desk", "id"}:
        raise RecordError("its ticket is none")
    try:
        kind = Kind(parts["kind"])
    except ValueError:
        raise RecordError("its kind is unknown") from None
    return Event(
        kind=kind,
        at=_instant(parts["at"]),
        ticket=TicketRef(desk=ticket["desk"], id=ticket["id"]),
        request=_text(parts["request"]),
        facts=_facts(parts["facts"]),
    )


def _instant(value: object) -> datetime:
    text = _text(value)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RecordError("its time is none") from None
    if at.tzinfo is None or instant(at) != text:
        raise RecordError("its time is not spelled canonically")
    return at.astimezone(UTC)


def _facts(value: object) -> dict[str, Plain]:
    if not isinstance(value, dict):
        raise RecordError("its facts are none")
    try:
        return _plain(value)
    except TypeError:
        raise RecordError("one of its facts is neither text nor number") from None


def _plain(facts: Mapping[str, Plain]) -> dict[str, Plain]:
    for name, value in facts.items():
        if not isinstance(value, str | int | None):
            raise TypeError(f"{name}: {type(value).__name__} has no place in a record")
    return dict(facts)


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise RecordError("a part of it is of the wrong kind")
    return {name: _text(item) for name, item in value.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RecordError("a part of it is of the wrong kind")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RecordError("its number is none")
    return value
