"""Judges an answer of the service, and says what it asks for.

Stricter than the plugin, which passes over what a newer service may say: here the service says
nothing but what the contract names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
_TAG = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_STAMP = re.compile(r"support-policy [^\[\]\r\n<>&]{1,180}")
_UPDATE = {
    "priority": str,
    "due_at": str,
    "target": str,
    "department": str,
    "tags": list,
    "fields": dict,
    "note": dict,
}
_KEYS = {"type", "event", "ticket", "decided_at", "mode", "passed_over", "update"}


class MisfitError(Exception):
    """An answer that is not what the contract says, or that answers something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the service decided about one ticket."""

    event: str
    ticket: int | None
    number: str
    decided_at: datetime
    mode: str
    passed_over: str
    update: dict[str, Any] | None
    revision: str | None = None


def decision(message: object) -> Decision:
    """Read a decision. Raises MisfitError for anything that the contract does not name."""
    body = _object(message, "the answer")
    revision = body.pop("revision", None)
    if set(body) != _KEYS or body["type"] != "ticket.decision":
        raise MisfitError(f"not a decision: {sorted(set(body) ^ _KEYS)}")
    ticket = _object(body["ticket"], "ticket")
    # Who asks the plugin for a ticket by its number need not know osTicket's own id.
    if set(ticket) - {"id"} != {"number"} or type(ticket.get("id", 0)) is not int:
        raise MisfitError("no ticket is named")
    if body["mode"] not in {"enforce", "observe"}:
        raise MisfitError("no such mode")
    return Decision(
        event=_text(body["event"], "event"),
        ticket=ticket.get("id"),
        number=_text(ticket["number"], "number"),
        decided_at=instant(body["decided_at"], _MICROSECONDS),
        mode=body["mode"],
        passed_over=_text(body["passed_over"], "passed_over"),
        update=_update(body["update"]),
        revision=None if revision is None else _text(revision, "revision"),
    )


def instant(text: object, form: re.Pattern[str] = _SECONDS) -> datetime:
    """An instant in UTC. Raises MisfitError."""
    if not isinstance(text, str) or not form.fullmatch(text):
        raise MisfitError(f"not an instant: {text!r}")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MisfitError(f"not an instant: {text!r}") from error


def _update(value: object) -> dict[str, Any] | None:
    if value is None:
        return None
    update = _object(value, "update")
    for name, inner in update.items():
        if type(inner) is not _UPDATE.get(name):
            raise MisfitError(f"update.{name}")
    if "due_at" in update:
        update["due_at"] = instant(update["due_at"])
    for tag in update.get("tags", ()):
        if not _TAG.fullmatch(_text(tag, "a tag")):
            raise MisfitError("a tag that osTicket's list cannot hold")
    for name, inner in update.get("fields", {}).items():
        if name not in {"class", "expected_at", "reason", "state"}:
            raise MisfitError(f"no such field: {name}")
        _text(inner, name)
    if "note" in update:
        _note(update["note"])
    return update


def _note(note: dict[str, Any]) -> None:
    if set(note) != {"stamp", "text"}:
        raise MisfitError("not a note")
    if not _STAMP.fullmatch(_text(note["stamp"], "stamp")):
        raise MisfitError("a stamp that is none")
    if f"[{_text(note['stamp'], 'stamp')}]" not in _text(note["text"], "text"):
        raise MisfitError("the note does not hold its stamp")


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MisfitError(f"{name} is no object")
    return dict(value)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise MisfitError(f"{name} is no text")
    return value
