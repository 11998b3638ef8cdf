"""What is wrong with an export, and with which record of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KIND = re.compile(rb'"format":[0-9]+,"kind":"([a-z_]{1,40})"')
_AT = re.compile(rb'^\{"at":"([0-9TZ:.-]{1,40})"')
_TICKET = re.compile(rb'"ticket":\{"desk":"([^"\\]{1,80})","id":"([^"\\]{1,80})"\}\}$')


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; ``seq`` and ``about`` say with which record, if with one."""

    what: str
    seq: int | None = None
    about: str = ""

    def __str__(self) -> str:
        if self.seq is None:
            return self.what
        name = f"record {self.seq} ({self.about})" if self.about else f"record {self.seq}"
        return f"{name}: {self.what}"


def about(line: bytes) -> str:
    """What a line says that it is of, as far as it can be read: ticket, kind, time."""
    said = []
    if ticket := _TICKET.search(line):
        said.append(f"ticket {_shown(ticket[1])}:{_shown(ticket[2])}")
    said += [_shown(found[1]) for found in (_KIND.search(line), _AT.search(line)) if found]
    return ", ".join(said)


def _shown(text: bytes) -> str:
    """Words of a stranger's file, fit for a terminal."""
    return "".join(each if each.isprintable() else "?" for each in text.decode("ascii", "replace"))
