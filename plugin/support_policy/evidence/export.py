"""Writes a part of the ledger into a file that proves itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from support_policy import __version__
from support_policy.core.permission.record import GENESIS, canonical, chained, instant
from support_policy.errors import SupportPolicyError
from support_policy.evidence.archive import Archive, write
from support_policy.evidence.manifest import Manifest, digests
from support_policy.seal import Keys
from support_policy.store.ledger import Ledger


class ExportError(SupportPolicyError):
    """The ledger itself is not whole; an export of it would prove nothing."""


def export(
    ledger: Ledger,
    keys: Keys,
    out: Path,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    now: datetime,
) -> Manifest:
    """Write the records from ``since`` to before ``until``; what is in the file.

    It begins where the story of each ticket in that time begins, so that every charge in it has
    its permission beside it. Raises ExportError.
    """
    first, last = ledger.span(since, until)
    lines = tuple(ledger.lines(first, last))
    before = chained(next(ledger.lines(first - 1, first - 1))) if first > 1 else GENESIS
    if len(lines) != last - first + 1:
        raise ExportError("records are missing from the database")
    records = "".join(f"{line}\n" for line in lines).encode("ascii")
    kept = tuple(ledger.kept(first, last))
    personal = b"".join(
        canonical({"name": each.name, "record": each.seq, "salt": each.salt, "value": each.value})
        + b"\n"
        for each in kept
    )
    public = canonical(keys.public()) + b"\n"
    manifest = Manifest(
        product=f"support-policy {__version__}",
        made_at=instant(now),
        first=first,
        last=last,
        before=before,
        head=chained(lines[-1]) if lines else before,
        personal=len(kept),
        files=digests(records=records, personal=personal, keys=public),
    )
    spelled = manifest.spelled(keys.sign(manifest.payload))
    write(Archive(records=records, personal=personal, keys=public, manifest=spelled), out)
    return manifest
