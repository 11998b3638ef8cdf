"""What `plan`, `apply` and `remove` share: which desk, and how it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from support_policy.core.load import load
from support_policy.core.reply import load_replies
from support_policy.installation import Installation, Plan
from support_policy.service import claim
from support_policy.settings import DeskSettings, Settings, load_settings
from support_policy.store.store import Store

desk_option = click.option(
    "--desk", "desk_name", help="The help desk. Needed where several can be set up from here."
)

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@contextmanager
def opened(
    settings_file: Path, desk_name: str | None
) -> Iterator[tuple[DeskSettings, Installation, Store]]:
    """The desk that is meant, its installation, and the store.

    Nobody else plans or applies meanwhile: two at once would make everything twice. Raises
    SettingsError, PolicyError, StoreUnavailableError and click.UsageError.
    """
    settings = load_settings(settings_file)
    desk = _meant(settings, desk_name)
    policy, replies = load(settings.policy), load_replies(settings.policy)
    store = Store.open(settings.database)
    alone = store.slot(desk.name, kind="setup")
    try:
        store.migrate()
        claim(settings, desk, store)
        if not alone.hold():
            raise click.UsageError(f"somebody else is setting up {desk.name} just now")
        assert desk.setup.installer is not None  # noqa: S101 - _meant saw to it
        notebook, asks = store.notebook(desk.name), settings.permission is not None
        yield desk, desk.setup.installer(notebook, policy, replies, asks=asks), store
    finally:
        alone.release()
        store.close()


def show(plan: Plan) -> None:
    """Print a plan."""
    for line in plan.lines():
        click.echo(line)


def agreed(question: str, *, yes: bool) -> bool:
    """Whether a person wants it; nothing is done unasked without ``--yes``."""
    return yes or click.confirm(question, default=False)


def _meant(settings: Settings, name: str | None) -> DeskSettings:
    able = {desk.name: desk for desk in settings.desks if desk.setup.installer is not None}
    if name is not None and settings.desk(name) is None:
        raise click.UsageError(f"there is no help desk {name!r} in the settings")
    if name is not None and name not in able:
        raise click.UsageError(f"{name} is not set up from here: doctor says what it needs")
    if name is None and len(able) != 1:
        names = ", ".join(able)
        raise click.UsageError(
            f"say which help desk: --desk {names}" if able else "no help desk is set up from here"
        )
    return able[name or next(iter(able))]
