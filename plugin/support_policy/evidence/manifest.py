"""The signed list of what is in an export."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from support_policy.core.permission.record import canonical
from support_policy.evidence.archive import KEYS, PERSONAL, RECORDS

FORMAT = 1
_DIGEST = re.compile("[0-9a-f]{64}")


class ManifestError(ValueError):
    """A manifest is not spelled as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an export holds.

    ``first`` and ``last`` are numbers of records, 1 and 0 when there is none; ``before`` is the
    digest of the record before the first one, ``head`` that of the last one. ``files`` are the
    SHA-256 of the other members by their names, in hex.
    """

    product: str
    made_at: str
    first: int
    last: int
    before: str
    head: str
    personal: int
    files: Mapping[str, str]

    @property
    def payload(self) -> bytes:
        """The bytes that the signature is over."""
        return canonical(self._parts())

    def spelled(self, signature: str) -> bytes:
        """The whole member."""
        return canonical({**self._parts(), "signature": signature}) + b"\n"

    def _parts(self) -> dict[str, object]:
        return {
            "before": self.before,
            "files": dict(self.files),
            "first": self.first,
            "format": FORMAT,
            "head": self.head,
            "last": self.last,
            "made_at": self.made_at,
            "personal": self.personal,
            "product": self.product,
            "records": self.last - self.first + 1,
        }


def digests(*, records: bytes, personal: bytes, keys: bytes) -> dict[str, str]:
    """The SHA-256 of each member, in hex."""
    members = {RECORDS: records, PERSONAL: personal, KEYS: keys}
    return {name: sha256(content).hexdigest() for name, content in members.items()}


def read(content: bytes) -> tuple[Manifest, str]:
    """A manifest and its signature. Raises ManifestError."""
    try:
        parts = json.loads(content)
        manifest, signature = _manifest(parts), _text(parts["signature"])
        spelled = manifest.spelled(signature)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ManifestError("manifest.json is not a manifest of this format") from None
    if spelled != content:
        raise ManifestError("manifest.json is not spelled canonically")
    return manifest, signature


def _manifest(parts: Mapping[str, Any]) -> Manifest:
    files = {name: _digest(parts["files"][name]) for name in (RECORDS, PERSONAL, KEYS)}
    return Manifest(
        product=_text(parts["product"]),
        made_at=_text(parts["made_at"]),
        first=_number(parts["first"]),
        last=_number(parts["last"]),
        before=_digest(parts["before"]),
        head=_digest(parts["head"]),
        personal=_number(parts["personal"]),
        files=files,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _digest(value: object) -> str:
    if not _DIGEST.fullmatch(_text(value)):
        raise ValueError("no digest")
    return _text(value)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("no number")
    return value
