"""Packs the Zendesk app into dist/: what the list below names, byte for byte the same every time.

It only reads files, so any Python of 3.11 or newer runs it: ``python tools/package_zendesk.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Names in the package, and where they come from. Nothing else gets in: a stray file in a package
# that every agent's browser may load would be a leak.
PACKED = {
    "manifest.json": "manifest.json",
    "assets/LICENSE.txt": "LICENSE",
    "assets/logo-small.png": "plugin/zendesk/assets/logo-small.png",
    "assets/logo.png": "plugin/zendesk/assets/logo.png",
    "translations/en.json": "plugin/zendesk/translations/en.json",
    "translations/fr.json": "plugin/zendesk/translations/fr.json",
}
# The earliest moment that a zip can tell.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


def package(target: Path, *, root: Path = ROOT) -> Path:
    """Write ``support-policy-zendesk-VERSION.zip``; older ones there are removed."""
    version = json.loads((root / "manifest.json").read_text(encoding="utf-8"))["version"]
    target.mkdir(parents=True, exist_ok=True)
    for older in target.glob("support-policy-zendesk-*.zip"):
        older.unlink()
    file = target / f"support-policy-zendesk-{version}.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, source in sorted(PACKED.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_STORED  # other versions of zlib pack otherwise
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            archive.writestr(entry, (root / source).read_bytes())
    return file


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Pack the Zendesk app.")
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="the folder (dist)")
    file = package(parser.parse_args().to)
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
