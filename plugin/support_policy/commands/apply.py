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
@yes_option
def command(settings_file: Path, desk_name: str | None, *, yes: bool) -> None:
    """Make a help desk have what the policy needs, after showing it; twice is the same as once."""
    with opened(settings_file, desk_name) as (name, installation, store):
        plan = installation.plan()
        show(plan)
        if plan and not agreed(f"Do this in {name}?", yes=yes):
            click.echo("Nothing was changed.")
            sys.exit(1)
        begin(name, store, now=clock())  # tickets from now on are ours, heard of or not
        installation.apply(plan, click.echo)
        click.echo("Done." if plan else "Nothing to do.")
        click.echo("Next:")
        for line in installation.advice():
            click.echo(f"  {line}")
