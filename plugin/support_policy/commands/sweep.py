"""``support-policy sweep``"""

from __future__ import annotations

from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.service import clock, open_service, prepare
from support_policy.settings import load_settings
from support_policy.sweep import NEWEST, sweep


@click.command("sweep")
@settings_option
@click.option("--newest", default=NEWEST, show_default=True, help="Tickets to look at, per desk.")
def command(settings_file: Path, newest: int) -> None:
    """Accept the newest open tickets whose webhook never came; `serve` does this every minute."""
    settings = load_settings(settings_file)
    prepare(settings)
    service = open_service(settings)
    try:
        for name, desk in service.helpdesks.items():
            found = sweep(desk, service.store, now=clock(), newest=newest)
            click.echo(f"{name}: {found} tickets without a webhook")
    finally:
        service.store.close()
