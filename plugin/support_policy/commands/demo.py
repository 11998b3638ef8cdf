"""``support-policy demo``"""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("demo")
@click.option(
    "--desk",
    type=click.Choice(["django-helpdesk", "zendesk"]),
    default="django-helpdesk",
    show_default=True,
    help="Which help desk to start.",
)
@click.option(
    "--story",
    default="first_response",
    show_default=True,
    help="Which tickets to open, or `permission`.",
)
@click.option("--once", is_flag=True, help="Check every ticket and leave nothing behind.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to keep data."
)
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to leave the signed record (--story permission).",
)
def command(desk: str, story: str, folder: Path | None, export: Path | None, *, once: bool) -> None:
    """Start a help desk and the add-on on this machine, open tickets, show what was set."""
    try:
        from support_policy.demo.run import run
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f"the demo needs {error.name}: pip install 'support-policy[demo]'"
        ) from error
    sys.exit(run(desk=desk, once=once, folder=folder, story=story, export=export))
