"""The file of an export: four members of a zip, read with distrust."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path

from support_policy.errors import SupportPolicyError
from support_policy.evidence.private_file import private_file

RECORDS = "records.jsonl"
PERSONAL = "personal.jsonl"
KEYS = "keys.json"
MANIFEST = "manifest.json"

MOST = {RECORDS: 1 << 28, PERSONAL: 1 << 28, KEYS: 1 << 20, MANIFEST: 1 << 20}
"""Bytes of the largest member of each name that is read; no bomb unpacks to more."""

_LARGEST = 1 << 29
# The same members make the same bytes, whenever they are packed.
_PACKED_AT = (1980, 1, 1, 0, 0, 0)
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, NotImplementedError)


class ArchiveError(SupportPolicyError):
    """A file is not an export, or holds what no export does; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What is in an export, byte for byte."""

    records: bytes
    personal: bytes
    keys: bytes
    manifest: bytes


def write(archive: Archive, path: Path) -> None:
    """Put an archive into a file for its owner alone. Raises UnwritableError."""
    with private_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in zip(MOST, fields(archive), strict=True):
            member = zipfile.ZipInfo(name, _PACKED_AT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            packed.writestr(member, getattr(archive, part.name))


def read(path: Path) -> Archive:
    """What is in a file. Raises ArchiveError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ArchiveError(f"{path.name} is larger than any export may be")
        with zipfile.ZipFile(path) as packed:
            _check_members([each.filename for each in packed.infolist()])
            records, personal, keys, manifest = (
                _member(packed, packed.getinfo(name)) for name in MOST
            )
    except OSError as error:
        raise ArchiveError(f"{path.name} cannot be read: {error.strerror}") from None
    except _BROKEN:
        raise ArchiveError(f"{path.name} is not a whole zip file") from None
    return Archive(records=records, personal=personal, keys=keys, manifest=manifest)


def _check_members(names: list[str]) -> None:
    for name in names:
        if name not in MOST:
            raise ArchiveError(f"the file holds {name[:80]!a}, which no export does")
        if names.count(name) > 1:
            raise ArchiveError(f"the file holds {name} twice")
    for name in MOST:
        if name not in names:
            raise ArchiveError(f"the file does not hold {name}: it is no export")


def _member(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    name = member.filename
    if member.flag_bits & _ENCRYPTED or member.compress_type not in _PLAIN:
        raise ArchiveError(f"{name} is packed in a way that no export is")
    with packed.open(member) as file:
        # What the zip says of its sizes is as much a stranger's word as the rest.
        content = file.read(MOST[name] + 1)
    if len(content) > MOST[name]:
        raise ArchiveError(f"{name} is larger than {MOST[name] >> 20} MiB, which is too large")
    return content
