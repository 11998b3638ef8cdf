"""``support-policy deliveries``"""

from __future__ import annotations

from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.settings import load_settings
from support_policy.store.store import Store
from support_policy.system_clock import clock


@click.command("deliveries")
@settings_option
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Lines to show.",
)
@click.option("--retry", is_flag=True, help="Make what was given up due once more.")
@click.option("--passed-over", is_flag=True, help="Tickets that were left as they are, and why.")
def command(settings_file: Path, limit: int, *, retry: bool, passed_over: bool) -> None:
    """Show how much work is in which state, and each delivery that did not go well."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    store = Store.open(load_settings(settings_file).database)
    try:
        if retry:
            again = store.deliveries.retry(("gone", "refused", "failed"), now=clock())
            click.echo(f"{again} deliveries are due again")
        backlog, troubles = store.backlog(), store.troubles(passed_over=passed_over, limit=limit)
    finally:
        store.close()
    counts = ", ".join(f"{count} {state}" for state, count in sorted(backlog.counts.items()))
    console = Console()
    console.print(counts or "nothing was accepted yet")
    for pause in backlog.pauses:
        console.print(
            f"{escape(pause.desk)} failed {pause.failures} times; asked again {pause.until:%c %Z}"
        )
    table = Table("Desk", "Ticket", "State", "Attempts", "Again at", "Why")
    for row in troubles:
        at = f"{row.next_at:%Y-%m-%d %H:%M:%S %Z}" if row.state == "waiting" else ""
        cells = (row.desk, row.ticket_id, row.state, str(row.attempts), at, row.detail)
        table.add_row(*map(escape, cells))
    if troubles:
        console.print(table)
