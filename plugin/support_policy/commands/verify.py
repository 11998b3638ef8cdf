"""``support-policy verify``"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from support_policy.evidence.verify import verify
from support_policy.seal import SealError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("file", type=_FILE)
@click.option(
    "--keys",
    "keys_file",
    type=_FILE,
    help="The signer's public keys (JWKS), from the signer and not from the export.",
)
def command(file: Path, keys_file: Path | None) -> None:
    """Prove an export of the record of permissions, offline: exit code 0 when all is well."""
    try:
        report = verify(file, _keys(keys_file) if keys_file else None)
    except SealError as error:
        raise click.UsageError(f"--keys: {error}") from None
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.good else 1)


def _keys(file: Path) -> object:
    try:
        found: object = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise click.UsageError("--keys: the file is not JSON") from None
    if not isinstance(found, dict):
        raise click.UsageError("--keys: the file is not a JWK set")
    return found
