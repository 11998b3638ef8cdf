"""Packs the osTicket plugin into dist/: a zip to unpack into include/plugins/, and a .phar.

The zip is the same byte for byte every time. The .phar needs PHP (``tools/system-packages`` tells
how to get it); PHP writes the time of packing into it. Run it with any Python of 3.11 or newer:
``python tools/package_osticket.py``.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "plugin" / "osticket" / "support_policy"
NAME = "support-policy-osticket"

# What the package is made of. Nothing else gets in: a stray file would be served by a web server.
PACKED = (
    "LICENSE",
    "plugin.php",
    "support_policy.php",
    "config.php",
    "data/setup.json",
    "i18n/*/LC_MESSAGES/*.mo.php",
    "lib/SupportPolicy/*.php",
)
# The earliest moment that a zip can tell.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3
_BUILD = """
$archive = new Phar($argv[1]);
$archive->buildFromDirectory($argv[2]);
$archive->setStub('<?php __HALT_COMPILER();');
$archive->setSignatureAlgorithm(Phar::SHA1);
"""


def packed(plugin: Path = PLUGIN) -> dict[str, Path]:
    """Names in the package, inside its folder, and where they come from."""
    found = (file for pattern in PACKED for file in plugin.glob(pattern))
    return {file.relative_to(plugin).as_posix(): file for file in sorted(found)}


def version(plugin: Path = PLUGIN) -> str:
    """The version that osTicket shows."""
    text = (plugin / "plugin.php").read_text(encoding="utf-8")
    found = re.search(r"'version' => '([\d.]+)'", text)
    if not found:
        raise ValueError("plugin.php names no version")
    return found[1]


def package_zip(target: Path, *, plugin: Path = PLUGIN) -> Path:
    """Write ``support-policy-osticket-VERSION.zip``; older ones there are removed."""
    file = _place(target, "zip", plugin)
    with zipfile.ZipFile(file, "w") as archive:
        for name, source in packed(plugin).items():
            entry = zipfile.ZipInfo(f"support_policy/{name}", _MOMENT)
            entry.compress_type = zipfile.ZIP_STORED  # other versions of zlib pack otherwise
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            archive.writestr(entry, source.read_bytes())
    return file


def package_phar(target: Path, *, plugin: Path = PLUGIN) -> Path:
    """Write ``support-policy-osticket-VERSION.phar``; older ones there are removed."""
    file = _place(target, "phar", plugin)
    with tempfile.TemporaryDirectory() as folder:
        for name, source in packed(plugin).items():
            copy = Path(folder) / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        subprocess.run(
            ["php", "-d", "phar.readonly=0", "-r", _BUILD, "--", str(file), folder], check=True
        )
    return file


def _place(target: Path, ending: str, plugin: Path) -> Path:
    target.mkdir(parents=True, exist_ok=True)
    for older in target.glob(f"{NAME}-*.{ending}"):
        older.unlink()
    return target / f"{NAME}-{version(plugin)}.{ending}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Pack the osTicket plugin.")
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="the folder (dist)")
    target = parser.parse_args().to
    sys.stdout.write(f"{package_zip(target)}\n")
    if not shutil.which("php"):
        sys.stderr.write(
            "There is no php here: the .phar was not made. See tools/system-packages.\n"
        )
        return 1
    sys.stdout.write(f"{package_phar(target)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
