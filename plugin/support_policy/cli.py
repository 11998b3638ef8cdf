"""The command line: ``support-policy``."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from support_policy import __version__
from support_policy.errors import PolicyError, SettingsError, SupportPolicyError

COMMANDS = {
    "init": "Write settings and a policy folder to start from.",
    "check": "Prove a policy folder, and list what is open.",
    "explain": "Say what the policy says of a ticket, and why.",
    "classify": "Classify tickets, JSON lines in and out.",
    "evaluate": "Measure a policy on tickets that people labelled.",
    "learn": "Teach a policy's model your own labelled tickets, if that makes it better.",
    "parse-reply": "Read customers' answers to a permission request, JSON lines in and out.",
    "plan": "Show what would be made and changed in a help desk.",
    "apply": "Make and change it.",
    "remove": "Delete from a help desk what apply made there.",
    "serve": "Answer webhooks and do the work.",
    "work": "Do the work only; many of these share a PostgreSQL.",
    "sweep": "Find tickets whose webhook never came.",
    "deliveries": "Show the work that waits, failed or was refused.",
    "decisions": "Show what was decided, and why.",
    "permissions": "Show requests for paid help, and the work on them.",
    "billing": "Show and hand over what is ready to bill.",
    "objections": "Show what agents found wrong.",
    "audit": "Export, show or erase the record of permissions.",
    "verify": "Prove an export of it, offline.",
    "doctor": "Look at everything the service needs.",
    "demo": "Serve a real help desk on this machine.",
}


class _LazyGroup(click.Group):
    """Imports a command only when it is called: ``classify`` should not wait for a web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"support_policy.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)  # noqa: S101 - a module of ours, for the type checker
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="support-policy")
def group() -> None:
    """Makes an existing help desk live by a written support policy."""


def main() -> None:
    """Run the command line; mistakes of the admin end with exit code 2 and no traceback."""
    try:
        group()
    except (PolicyError, SettingsError) as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    except SupportPolicyError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
