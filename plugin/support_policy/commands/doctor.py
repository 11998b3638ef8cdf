"""``support-policy doctor``"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.doctor import examine
from support_policy.settings import load_settings


@click.command("doctor")
@settings_option
@click.option("--desk", help="Only this help desk.")
def command(settings_file: Path, desk: str | None) -> None:
    """Look at everything the service needs: policy, store, desks; exit code 1 if unwell."""
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    settings = load_settings(settings_file)
    if desk and settings.desk(desk) is None:
        raise click.UsageError(f"there is no help desk {desk!r} in the settings")
    well = True
    for finding in examine(settings, only=desk):
        well = well and finding.ok
        mark = "[green]ok[/]  " if finding.ok else "[red]bad[/] "
        remedy = f"\n      {escape(finding.remedy)}" if finding.remedy else ""
        console.print(f"{mark} {escape(finding.name)}: {escape(finding.detail)}{remedy}")
    sys.exit(0 if well else 1)
