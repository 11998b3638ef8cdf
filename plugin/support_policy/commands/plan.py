"""``support-policy plan``"""

from __future__ import annotations

from pathlib import Path

import click

from support_policy.commands.desk_setup import desk_option, opened, show
from support_policy.commands.options import settings_option


@click.command("plan")
@settings_option
@desk_option
@click.option("--adopt", is_flag=True, help="Take over what is named like ours.")
def command(settings_file: Path, desk_name: str | None, *, adopt: bool) -> None:
    """Show what `apply` would make and change in a help desk; nothing is changed by looking."""
    with opened(settings_file, desk_name) as (_, installation, _store):
        plan = installation.plan(adopt=adopt)
        show(plan)
        if not plan:
            click.echo("Nothing to do.")
