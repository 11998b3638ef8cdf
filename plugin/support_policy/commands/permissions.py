"""``support-policy permissions``"""

from __future__ import annotations

from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import LIVE, Phase
from support_policy.errors import SupportPolicyError
from support_policy.service import open_service, prepare
from support_policy.settings import load_settings
from support_policy.system_clock import clock

GOING_ON = LIVE | {Phase.REQUESTED}


@click.command("permissions")
@settings_option
@click.option("--all", "everything", is_flag=True, help="Also what has come to its end.")
@click.option("--links", is_flag=True, help="With the page of the work, which is for staff alone.")
def command(settings_file: Path, *, everything: bool, links: bool) -> None:
    """Show the requests that wait for an answer, and the paid work that goes on."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    settings = load_settings(settings_file)
    prepare(settings)
    service = open_service(settings)
    table = Table("Ticket", "Request", "State", "Open until", "Permitted", "Used")
    if links:
        table.add_column("Page of the work", overflow="fold")
    try:
        paid_help = service.paid_help
        if paid_help is None:
            raise SupportPolicyError("permission for paid help is not set up: add [permission]")
        now = clock()
        for ref in paid_help.ledger.tickets():
            for job in jobs(paid_help.ledger.history(ref)):
                if not everything and job.phase(now) not in GOING_ON:
                    continue
                waiting = job.open_request
                cells = [
                    str(ref),
                    job.latest.id,
                    job.phase(now).value,
                    f"{waiting.deadline:%Y-%m-%d %H:%M %Z}" if waiting else "",
                    f"{job.permitted_blocks} × {job.rate.amount:.2f} {job.rate.currency}",
                    str(job.used(now)).partition(".")[0],
                ]
                cells += [paid_help.work.links.work_address(job.id)] if links else []
                table.add_row(*map(escape, cells))
    finally:
        service.store.close()
    Console().print(table if table.row_count else "no request waits, and no paid work goes on")
