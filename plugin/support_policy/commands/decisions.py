"""``support-policy decisions``"""

from __future__ import annotations

import json
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.settings import load_settings
from support_policy.store.store import Store

PIPE_WIDTH = 240
"""Characters of a line when nobody's window limits it."""


@click.command("decisions")
@settings_option
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Decisions to show, newest first.",
)
@click.option("--ticket", help="Only this ticket, as DESK:NUMBER.")
@click.option("--json", "as_json", is_flag=True, help="Whole records, a JSON line each.")
def command(settings_file: Path, limit: int, ticket: str | None, *, as_json: bool) -> None:
    """Show what was decided, also while only observing: what would have been written, and why."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    store = Store.open(load_settings(settings_file).database)
    try:
        found = store.decisions.recent(limit, ticket=ticket)
    finally:
        store.close()
    if as_json:
        for each in found:
            click.echo(json.dumps(each, ensure_ascii=False))
        return
    titles = ("Ticket", "Decided at", "Mode", "Class", "Priority", "Expected by", "Rule", "Tags")
    table = Table(*titles)
    for each in found:
        decision = each["decision"]
        name = decision["ticket"]
        clocks = sorted(clock["due_at"] for clock in decision["clocks"])
        cells = (
            f"{name['desk']}:{name['id']}",
            decision["decided_at"][:19],
            each["mode"],
            "held" if decision["held"] else decision["category"],
            decision["priority"] or "",
            clocks[0] if clocks else "",
            decision["because"][0]["rule"],
            " ".join(decision["tags"]),
        )
        table.add_row(*map(escape, cells))
    if not found:
        click.echo("nothing was decided yet")
        return
    console = Console()
    # In a pipe there is no width to fit: whole values, so that they can be searched.
    (console if console.is_terminal else Console(width=PIPE_WIDTH)).print(table)
