"""``support-policy apply``"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from support_policy.commands.desk_setup import agreed, desk_option, opened, show, yes_option
from support_policy.commands.options import settings_option
from support_policy.sweep import begin
from support_policy.system_clock import clock


@click.command("apply")
@settings_option
@desk_option
@click.option("--adopt", is_flag=True, help="Take over what is named like ours.")
@yes_option
def command(settings_file: Path, desk_name: str | None, *, adopt: bool, yes: bool) -> None:
    """Make a help desk have what the policy needs, after showing it; twice is the same as once."""
    with opened(settings_file, desk_name) as (desk, installation, store):
        plan = installation.plan(adopt=adopt)
        show(plan)
        plan.check()
        if plan and not agreed(f"Do this in {desk.name}?", yes=yes):
            click.echo("Nothing was changed.")
            sys.exit(1)
        begin(desk.name, store, now=clock())  # tickets from now on are ours, heard of or not
        installation.apply(plan, click.echo)
        if desk.setup.app is not None:
            desk.setup.app.fetch_key(store.notebook(desk.name))
            click.echo("The sidebar's public key is known.")
        click.echo("Done." if plan else "Nothing to do.")
        click.echo("Next:")
        for line in installation.advice():
            click.echo(f"  {line}")
