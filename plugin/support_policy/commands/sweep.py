"""``support-policy sweep``"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from support_policy.commands.options import settings_option
from support_policy.errors import BusyError, RateLimitedError
from support_policy.helpdesk import HelpDesk
from support_policy.service import open_service, prepare
from support_policy.settings import load_settings
from support_policy.store.store import Store
from support_policy.sweep import NEWEST, backfill, sweep
from support_policy.system_clock import clock


@click.command("sweep")
@settings_option
@click.option("--newest", default=NEWEST, show_default=True, help="Tickets to look at, per desk.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="What was opened since then (UTC), on desks that can tell.",
)
@click.option("--desk", "only", help="Only this help desk.")
def command(settings_file: Path, newest: int, since: datetime | None, only: str | None) -> None:
    """Accept the open tickets whose webhook never came; `serve` does this every minute."""
    settings = load_settings(settings_file)
    if only is not None and settings.desk(only) is None:
        raise click.UsageError(f"there is no help desk {only!r} in the settings")
    prepare(settings)
    service = open_service(settings)
    start = since.replace(tzinfo=UTC) if since else None
    unable = [
        name
        for name, desk in service.helpdesks.items()
        if start and only in (None, name) and not desk.streams
    ]
    if unable:
        service.store.close()
        raise click.UsageError(f"{', '.join(unable)}: cannot tell since when; use --newest")
    try:
        for name, desk in service.helpdesks.items():
            if only in (None, name):
                found = _watched(desk, service.store, newest=newest, since=start)
                click.echo(f"{name}: {found} tickets without a webhook")
    finally:
        service.store.close()


def _watched(desk: HelpDesk, store: Store, *, newest: int, since: datetime | None) -> int:
    """Sweep with a line of progress on a terminal; how many were found."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        transient=True,
        disable=not sys.stdout.isatty(),
    ) as bar:
        line = bar.add_task(desk.name)
        found = before = 0

        def tell(seen: int, more: int) -> None:
            nonlocal found
            found = before + more
            bar.update(line, description=f"{desk.name}: {seen} tickets seen, {found} found")

        while True:
            try:
                if since is not None:
                    backfill(desk, store, since=since, now=clock(), tell=tell)
                else:
                    sweep(desk, store, now=clock(), newest=newest, tell=tell)
            except (BusyError, RateLimitedError) as error:
                # The desk's limit: what was kept is kept, and the next round goes on from there.
                before = found
                time.sleep(max(error.after, 1.0))
            else:
                return found
