"""``support-policy evaluate``"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

import click

from support_policy.commands.evaluation import Run, changed, measured
from support_policy.commands.evaluation_figures import figures
from support_policy.commands.evaluation_text import sentences
from support_policy.commands.json_lines import written
from support_policy.commands.options import named_policy, policy_option
from support_policy.commands.step_bar import step_bar
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.labelled import LabelledTicket, decided, read_labelled
from support_policy.reader import load_reader


@click.command("evaluate")
@policy_option
@click.option(
    "--against", help="Another policy to compare with: a folder, or the name of a packaged policy."
)
@click.option(
    "--misses",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Tickets to list, at most, of the worst misses and of those that changed.",
)
@click.option("--confusion", is_flag=True, help="All of what was decided beside what was expected.")
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@click.argument("labelled", type=click.File("r", encoding="utf-8-sig", errors="replace"))
def command(
    policy_name: str,
    against: str | None,
    misses: int,
    labelled: TextIO,
    *,
    confusion: bool,
    as_json: bool,
) -> None:
    """Measure a policy on tickets that people labelled, such as an export of a help desk.

    Each line of LABELLED is a JSON object with id, subject, body, category and perhaps acceptable,
    channel and language. Eligibility is never applied. Needs no settings, and writes nothing.
    """
    names = [policy_name] if against is None else [policy_name, against]
    folders = [named_policy(name) for name in names]
    policies = [load(folder) for folder in folders]
    readers = [load_reader(folder) for folder in folders]
    tickets, skipped = _read(labelled, policies[0])
    runs: list[Run] = []
    with step_bar(len(names) * len(tickets)) as step:
        for name, policy, reader in zip(names, policies, readers, strict=True):
            found = []
            for ticket in tickets:
                step(policy.id)
                found.append(decided(ticket, policy, reader))
            runs.append(measured(name, policy, found, beside=runs[0] if runs else None))
    this, other = runs[0], runs[1] if len(runs) > 1 else None
    differences = changed(this, other) if other else None
    if as_json:
        click.echo(written(figures(this, other, differences, misses=misses, skipped=skipped)))
        return
    for line in sentences(this, other, differences, misses=misses, matrix=confusion):
        click.echo(line)


def _read(file: TextIO, policy: Policy) -> tuple[Sequence[LabelledTicket], int]:
    """The tickets, and how many lines were left out; ends the command when none could be read."""
    labelled = read_labelled(file, policy, file=getattr(file, "name", "standard input"))
    for problem in labelled.problems:
        click.echo(str(problem), err=True)
    if labelled.skipped or not labelled.tickets:
        read = len(labelled.tickets)
        click.echo(f"tickets read: {read}; lines left out: {labelled.skipped}", err=True)
    if not labelled.tickets:
        sys.exit(1)
    return labelled.tickets, labelled.skipped
