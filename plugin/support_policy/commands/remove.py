"""``support-policy remove``"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from support_policy.commands.desk_setup import agreed, desk_option, opened, show, yes_option
from support_policy.commands.options import settings_option


@click.command("remove")
@settings_option
@desk_option
@click.option(
    "--keep-fields",
    is_flag=True,
    help="Leave the ticket fields, and so their values on tickets.",
)
@yes_option
def command(settings_file: Path, desk_name: str | None, *, keep_fields: bool, yes: bool) -> None:
    """Delete from a help desk what `apply` made there; no ticket is touched."""
    with opened(settings_file, desk_name) as (desk, installation, _):
        plan = installation.removal(keep_fields=keep_fields)
        show(plan)
        if not plan:
            click.echo("Nothing to do.")
            return
        if not keep_fields:
            click.echo("With a ticket field, its values go from all tickets.")
        if not agreed(f"Delete this from {desk.name}?", yes=yes):
            click.echo("Nothing was changed.")
            sys.exit(1)
        installation.apply(plan, click.echo)
        click.echo("Done.")
