"""Settings become a running service: the one place where the parts are put together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from support_policy.accounts import AccountFile, Accounts, NoAccounts
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.errors import Problem, SettingsError
from support_policy.helpdesk import HelpDesk
from support_policy.pipeline import Desk, Pipeline
from support_policy.reader import load_reader
from support_policy.settings import Mode, Settings
from support_policy.store.store import Store

logger = logging.getLogger(__name__)


def clock() -> datetime:
    """Now, in UTC: the only place where the service asks for the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A store and a pipeline, ready to be served."""

    settings: Settings
    store: Store
    pipeline: Pipeline

    @property
    def helpdesks(self) -> Mapping[str, HelpDesk]:
        """The help desks by their names in the settings."""
        return {name: desk.helpdesk for name, desk in self.pipeline.desks.items()}


def prepare(settings: Settings) -> None:
    """What must hold before any process serves: a policy that loads, and a store that is current.

    Raises PolicyError, SettingsError and StoreUnavailableError.
    """
    from support_policy import engine  # a second to import, and nothing else here needs it

    refuse_unconfirmed(load(settings.policy), settings)
    store = Store.open(settings.database)
    try:
        store.migrate()
        engine.migrate(store)
    finally:
        store.close()


def open_service(settings: Settings, *, now: Callable[[], datetime] = clock) -> Service:
    """Load the policy, open the store, connect the desks; ``prepare`` must have run before.

    Raises PolicyError; a desk that is down is not an error, its work waits.
    """
    policy = load(settings.policy)
    store = Store.open(settings.database)
    desks = {
        desk.name: Desk(helpdesk=desk.open(), mode=desk.mode, language=desk.language)
        for desk in settings.desks
    }
    pipeline = Pipeline(
        policy=policy,
        reader=load_reader(settings.policy),
        accounts=accounts(settings),
        desks=desks,
        store=store,
        now=now,
    )
    return Service(settings=settings, store=store, pipeline=pipeline)


def accounts(settings: Settings) -> Accounts:
    """The list of accounts that the settings name, if any."""
    return AccountFile(settings.accounts) if settings.accounts else NoAccounts()


def refuse_unconfirmed(policy: Policy, settings: Settings) -> None:
    """Nobody's tickets are changed by hours that the company never confirmed.

    Raises SettingsError for each desk that would be.
    """
    open_readings = {reading.id for reading in policy.readings if not reading.confirmed}
    hours = [
        reading.id
        for reading in policy.readings
        if reading.id in open_readings and "business_hours" in reading.rules
    ]
    bold = [
        desk.name
        for desk in settings.desks
        if desk.mode is Mode.ENFORCE and not desk.allow_unconfirmed
    ]
    if hours and bold:
        raise SettingsError(
            tuple(
                Problem(
                    str(settings.file),
                    f"desks.{name}.mode",
                    f"cannot enforce: business hours are unconfirmed (reading {', '.join(hours)}).",
                    "Confirm the reading in readings.toml, or observe.",
                )
                for name in bold
            )
        )
