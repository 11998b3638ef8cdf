"""``support-policy billing``"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.core.permission.acts import Actor
from support_policy.errors import ConsentError, SupportPolicyError
from support_policy.evidence.private_file import private_file
from support_policy.permissions.billing import Charge, as_csv, charges, exceptions
from support_policy.permissions.paid_help import PaidHelp
from support_policy.permissions.push import Handed, push
from support_policy.service import open_service, prepare
from support_policy.settings import Settings, load_settings
from support_policy.system_clock import clock

BY_SHELL = Actor(channel="staff", proof="shell", name="billing")


@click.group("billing")
def command() -> None:
    """Show and hand over what is ready to bill: never more than was permitted."""


@command.command("ready")
@settings_option
@click.option("--all", "everything", is_flag=True, help="Also what is billed, waived or disputed.")
def ready(settings_file: Path, *, everything: bool) -> None:
    """Show the charges that no bill has yet."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    with _paid_help(settings_file) as (_, paid_help):
        found = tuple(_charges(paid_help, everything=everything))
    table = Table("Request", "Ticket", "Blocks", "Amount", "Permitted", "Accepted by", "State")
    for each in found:
        cells = (
            *(each.request, str(each.ticket), str(each.blocks)),
            f"{each.amount:.2f} {each.currency}",
            f"{each.permitted_amount:.2f} {each.currency}",
            *(each.accepted_by, each.standing),
        )
        table.add_row(*map(escape, cells))
    Console().print(table if found else "nothing is ready to bill")


@command.command("export")
@settings_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the terminal."
)
@click.option("--all", "everything", is_flag=True, help="Also what is billed, waived or disputed.")
def export(settings_file: Path, out: Path | None, *, everything: bool) -> None:
    """Write the charges as CSV; nothing counts as billed by that."""
    with _paid_help(settings_file) as (_, paid_help):
        text = as_csv(_charges(paid_help, everything=everything))
    if out:
        with private_file(out) as file:
            file.write(text.encode("utf-8-sig"))
    else:
        click.echo(text, nl=False)


@command.command("billed")
@settings_option
@click.argument("request")
@click.option("--reference", required=True, help="The bill, or its line, on which it stands.")
def billed(settings_file: Path, request: str, reference: str) -> None:
    """Note that a charge stands on a bill; a second time is refused."""
    with _paid_help(settings_file) as (_, paid_help):
        charge = _find(paid_help, request)
        try:
            paid_help.work.bill(charge.ticket, request, by=BY_SHELL, reference=reference)
        except ConsentError as error:
            raise click.ClickException(f"{request}: {error.reason}") from None
    click.echo(f"{request}: {charge.amount:.2f} {charge.currency} is billed as {reference}")


@command.command("push")
@settings_option
def push_all(settings_file: Path) -> None:
    """Hand the charges to the billing system in the settings (push_url), each once."""
    with _paid_help(settings_file) as (settings, paid_help):
        given = settings.permission
        if given is None or given.push_url is None:
            raise click.UsageError("the settings have no push_url under [permission]")
        count = unwell = 0
        for each in push(paid_help.work, url=given.push_url, token=given.push_token, by=BY_SHELL):
            count += 1
            unwell += not each.well
            click.echo(_told(each), err=not each.well)
        if not count:
            click.echo("nothing is ready to bill")
    if unwell:
        sys.exit(1)


@command.command("exceptions")
@settings_option
def show_exceptions(settings_file: Path) -> None:
    """Show what must not be; exit code 1 unless there is nothing."""
    with _paid_help(settings_file) as (_, paid_help):
        found = [
            each
            for ref in paid_help.ledger.tickets()
            for each in exceptions(paid_help.ledger.history(ref), now=clock())
        ]
    for each in found:
        bill = f" ({each.reference})" if each.reference else ""
        click.echo(f"{each.request} {each.ticket}: {each.problem}{bill}")
    if found:
        sys.exit(1)
    click.echo("no exceptions")


@contextmanager
def _paid_help(settings_file: Path) -> Iterator[tuple[Settings, PaidHelp]]:
    settings = load_settings(settings_file)
    prepare(settings)
    service = open_service(settings)
    try:
        if service.paid_help is None:
            raise SupportPolicyError("the settings have no [permission]: put it back, or add it")
        yield settings, service.paid_help
    finally:
        service.store.close()


def _charges(paid_help: PaidHelp, *, everything: bool) -> Iterator[Charge]:
    for ref in paid_help.ledger.tickets():
        for charge in charges(paid_help.ledger.history(ref)):
            if everything or charge.standing == "ready":
                yield charge


def _find(paid_help: PaidHelp, request: str) -> Charge:
    for charge in _charges(paid_help, everything=True):
        if charge.request == request:
            return charge
    raise click.ClickException(f"there is no charge of a request {request}")


def _told(handed: Handed) -> str:
    """What became of a charge, and what is to be done where that is left to a person."""
    charge = handed.charge
    if handed.refused:
        return f"{charge.request}: not handed over: {handed.refused}"
    done = f"{charge.request}: {charge.amount:.2f} {charge.currency} as {handed.reference}"
    match handed.unnoted:
        case None:
            return done
        case ConsentError(reason="billed"):
            what = "it was billed meanwhile: see that it stands on one bill alone"
        case ConsentError(reason=reason):
            what = f"it was {reason} meanwhile: credit it"
        case error:
            what = f"this could not be noted ({error}): push again, the key is the same"
    return f"{done}: handed over, but {what}"
