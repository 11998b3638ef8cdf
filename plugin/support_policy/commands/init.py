"""``support-policy init``"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from support_policy.starter import COMMANDS, DESKS, NEXT, Answers, write

ZONE, HOURS, HOLIDAYS = "America/Toronto", "mon-fri 09:00-17:00", "CA-QC"


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--time-zone", help=f"An IANA zone, such as {ZONE}.")
@click.option("--hours", multiple=True, help=f'Business hours, such as "{HOURS}"; may be repeated.')
@click.option(
    "--holidays", help=f"Country and region of the holidays, such as {HOLIDAYS}, or none."
)
@click.option("--desk", type=click.Choice(list(DESKS)), help="Your help desk.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing; what is not given takes the shipped default."
)
def command(
    folder: Path,
    time_zone: str | None,
    hours: tuple[str, ...],
    holidays: str | None,
    desk: str | None,
    *,
    yes: bool,
) -> None:
    """Write settings and a policy folder into FOLDER, to start from.

    Asks only what nobody can know for a company: its time zone, its business hours, whose public
    holidays it keeps, and which help desk it has.
    """
    given = bool(time_zone and hours and holidays is not None)
    if not yes:
        time_zone = time_zone or click.prompt("Time zone", default=ZONE)
        hours = hours or (click.prompt("Business hours", default=HOURS),)
        if holidays is None:
            holidays = click.prompt("Public holidays of (or none)", default=HOLIDAYS)
        desk = desk or click.prompt(
            "Help desk", type=click.Choice(list(DESKS)), default=next(iter(DESKS))
        )
    regions = HOLIDAYS if holidays is None else holidays.strip()
    answers = Answers(
        time_zone=time_zone or ZONE,
        hours=hours or (HOURS,),
        holidays="" if regions.casefold() == "none" else regions,
        desk=desk or next(iter(DESKS)),
        confirmed=given or not yes,
    )
    _tell(folder, answers, write(folder, answers, today=datetime.now(UTC).date()))


def _tell(folder: Path, answers: Answers, written: Iterable[Path]) -> None:
    """What was written, and what to do next."""
    for path in written:
        click.echo(f"wrote {path}")
    if not answers.confirmed:
        click.echo(
            "The business hours are the shipped default: confirm reading C7 before enforcing."
        )
    click.echo(f"Next: {NEXT[answers.desk].format(folder=folder)} Then")
    click.echo(f"  support-policy check {folder / 'policy'}")
    for name in COMMANDS[answers.desk]:
        click.echo(f"  support-policy {name} --settings {folder / 'support-policy.toml'}")
