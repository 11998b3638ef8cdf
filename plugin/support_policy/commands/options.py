"""Options that several commands share."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import click

from support_policy.settings import PACKAGED, policy_folder

settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("support-policy.toml"),
    show_default=True,
    help="The settings file.",
)

language_option = click.option(
    "--in",
    "language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="The language to answer in.",
)

policy_option = click.option(
    "--policy",
    "policy_name",
    default=PACKAGED[0],
    show_default=True,
    help="A policy folder, or the name of a packaged policy.",
)


def named_policy(name: str) -> Traversable:
    """The folder a person means by a policy's name or path."""
    folder = policy_folder(name, Path.cwd())
    if not folder.is_dir():
        raise click.UsageError(f"{name} is not a policy folder")
    return folder
