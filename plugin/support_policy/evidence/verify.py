"""Proves an export, or says what is wrong with it: offline, with nothing but the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from support_policy.evidence import archive, lines, manifest, personal
from support_policy.evidence.archive import Archive, ArchiveError
from support_policy.evidence.charges import Book
from support_policy.evidence.fault import Fault
from support_policy.evidence.lines import Line
from support_policy.evidence.manifest import Manifest, ManifestError
from support_policy.seal import PublicKeys, SealError


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an export came to.

    ``trusted`` says that the signatures were checked against keys that came from elsewhere, and not
    only against those in the file itself.
    """

    records: int = 0
    first: int = 1
    permissions: int = 0
    charges: int = 0
    unpermitted: int = 0
    trusted: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        yield from map(str, self.faults)
        if not self.good:
            yield f"not good: {_some(len(self.faults), 'fault')}"
            return
        counted = ", ".join(
            (
                _some(self.permissions, "permission"),
                _some(self.charges, "charge"),
                f"{_some(self.unpermitted, 'charge')} without permission",
            )
        )
        yield f"{_some(self.records, 'record')}, chain intact, signatures good; {counted}"
        if self.first > 1:
            yield f"a part of a longer chain, from record {self.first} on"
        if not self.trusted:
            yield "consistent, signer not checked"


def verify(path: Path, trusted: object | None = None) -> Report:
    """The report on an export; ``trusted`` is a JWK set that came from elsewhere.

    Raises SealError when that set is none.
    """
    keys = None if trusted is None else PublicKeys.of(trusted)
    try:
        found = archive.read(path)
        return examine(found, keys or _own_keys(found), trusted=keys is not None)
    except (ArchiveError, SealError) as error:
        return Report(faults=(Fault(what=str(error)),), trusted=keys is not None)


def examine(found: Archive, keys: PublicKeys, *, trusted: bool) -> Report:
    """The report on what is in an export, its signatures checked against these keys."""
    told, faults = _manifest(found, keys)
    read = lines.split(found.records, keys)
    broken = list(lines.faults(read, told))
    good = [each.record for each in read if each.good and each.record]
    book = Book()
    if not broken:
        # What a broken chain seems to tell would only hide what is wrong with it.
        broken += [*personal.faults(found.personal, good), *book.audit(good)]
    return Report(
        records=len(read),
        first=told.first if told else 1,
        permissions=book.permissions,
        charges=book.charges,
        unpermitted=book.unpermitted,
        trusted=trusted,
        faults=(*broken, *faults, *_counted(told, read, found.personal)),
    )


def _own_keys(found: Archive) -> PublicKeys:
    try:
        return PublicKeys.of(json.loads(found.keys))
    except (ValueError, RecursionError):
        raise SealError("keys.json is not JSON") from None


def _manifest(found: Archive, keys: PublicKeys) -> tuple[Manifest | None, list[Fault]]:
    try:
        told, signature = manifest.read(found.manifest)
    except ManifestError as error:
        return None, [Fault(what=str(error))]
    faults = []
    try:
        keys.check(told.payload, signature)
    except SealError as error:
        faults.append(Fault(what=f"manifest.json: {error}"))
    there = manifest.digests(records=found.records, personal=found.personal, keys=found.keys)
    faults += [
        Fault(what=f"{name} is not the one that the manifest names")
        for name, digest in there.items()
        if digest != told.files[name]
    ]
    return told, faults


def _counted(told: Manifest | None, read: Sequence[Line], values: bytes) -> Iterator[Fault]:
    if told is None:
        return
    if len(read) != told.last - told.first + 1:
        yield Fault(what=f"{_some(len(read), 'record')} are there, and not as many as are named")
    if values.count(b"\n") != told.personal:
        yield Fault(what="there are not as many personal values as are named")


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
