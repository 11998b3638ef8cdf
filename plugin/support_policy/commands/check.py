"""``support-policy check``"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from support_policy.check import Report, check
from support_policy.commands.options import named_policy


@click.command("check")
@click.argument("policy_dir", default="mexxus")
@click.option("--quiet", is_flag=True, help="Problems only, no warnings.")
def command(policy_dir: str, *, quiet: bool) -> None:
    """Prove a policy folder: every clause carried out, every rule tested, no promise made.

    POLICY_DIR is a folder, or the name of a packaged policy. Exit code 2 when there are problems;
    warnings do not fail.
    """
    report = check(named_policy(policy_dir), now=datetime.now(UTC))
    for problem in report.problems:
        click.secho(f"problem  {problem}", fg="red")
    if not quiet:
        for warning in report.warnings:
            click.secho(f"warning  {warning}", fg="yellow")
    click.echo(_summary(report))
    sys.exit(2 if report.problems else 0)


def _summary(report: Report) -> str:
    counts = f"{len(report.problems)} problems, {len(report.warnings)} warnings"
    if report.policy is None:
        return counts
    policy = report.policy
    return (
        f"{policy.id} {policy.version}: {len(policy.clauses)} clauses, {len(policy.rules)} rules, "
        f"{len(report.results)} tests; {counts}"
    )
