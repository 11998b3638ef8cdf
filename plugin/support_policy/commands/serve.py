"""``support-policy serve``"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.logs import log_to_stderr
from support_policy.service import prepare
from support_policy.settings import load_settings


@click.command("serve")
@settings_option
@click.option("--listen", help="HOST:PORT instead of the settings' own.")
@click.option("--web-only", is_flag=True, help="Accept only; `support-policy work` does the work.")
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Web processes (with --web-only).",
)
def command(settings_file: Path, listen: str | None, *, web_only: bool, processes: int) -> None:
    """Answer webhooks and do the work, until told to stop."""
    from support_policy_webhooks.server import Server

    log_to_stderr()
    settings = load_settings(settings_file)
    if listen:
        settings = replace(settings, listen=listen)
    if processes > 1 and not web_only:
        raise click.UsageError("more than one process needs --web-only and `support-policy work`")
    if processes > 1 and settings.database.startswith("sqlite"):
        raise click.UsageError("more than one process needs PostgreSQL")
    prepare(settings)
    Server(settings, engine=not web_only, web_processes=processes).run()
