"""``support-policy objections``"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.settings import load_settings
from support_policy.store.store import Store


@click.command("objections")
@settings_option
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Objections to show, newest first.",
)
@click.option("--json", "as_json", is_flag=True, help="Whole records, a JSON line each.")
def command(settings_file: Path, limit: int, *, as_json: bool) -> None:
    """Show what agents found wrong: where they and the policy disagree again and again."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    store = Store.open(load_settings(settings_file).database)
    try:
        found = store.objections.recent(limit)
    finally:
        store.close()
    if as_json:
        for each in found:
            click.echo(json.dumps(asdict(each), ensure_ascii=False, default=str))
        return
    table = Table("Ticket", "At", "Decision", "Should be", "Comment")
    for each in found:
        at = f"{each.at:%Y-%m-%d %H:%M}"
        cells = (str(each.ticket), at, str(each.decision_id), each.said_class, each.comment)
        table.add_row(*map(escape, cells))
    Console().print(table if found else "nobody has objected yet")
