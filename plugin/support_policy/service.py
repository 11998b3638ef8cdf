"""Settings become a running service: the one place where the parts are put together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from support_policy.accounts import AccountFile, Accounts, NoAccounts
from support_policy.core.document import suggest
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.core.reply import load_replies
from support_policy.errors import Problem, SettingsError
from support_policy.helpdesk import Conversation, HelpDesk
from support_policy.permissions.attend import AskingDesk
from support_policy.permissions.links import Links
from support_policy.permissions.paid_help import PaidHelp, put_together
from support_policy.permissions.permitters import ContactFile, NoContacts
from support_policy.pipeline import Desk, Pipeline
from support_policy.reader import load_reader
from support_policy.seal import Keys
from support_policy.settings import DeskSettings, Mode, PermissionSettings, Settings
from support_policy.store.deliveries import Taken
from support_policy.store.store import Store
from support_policy.system_clock import clock

logger = logging.getLogger(__name__)

_ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A store and a pipeline, ready to be served; ``paid_help`` where it is set up."""

    settings: Settings
    store: Store
    pipeline: Pipeline
    helpdesks: Mapping[str, HelpDesk]
    paid_help: PaidHelp | None = None

    def work(self, taken: Taken) -> str:
        """Work a delivery by the line that its topic belongs to; why, when nothing was done."""
        if taken.delivery.topic == "ticket":
            return self.pipeline.work(taken)
        if self.paid_help is None:
            logger.warning("%s: permission for paid help is not set up here", taken.ref)
            return "permission for paid help is not set up"
        return self.paid_help.attendance.work(taken)

    def attempts_each(self, workers: int) -> int:
        """How many attempts of one desk may run at once: with several, one is left to the others.

        A desk whose limits make every attempt wait would hold up those that have none.
        """
        return workers if len(self.pipeline.desks) < 2 else max(1, workers - 1)


def prepare(settings: Settings) -> None:
    """What must hold before any process serves: a policy that loads, and a store that is current.

    Raises PolicyError, SettingsError and StoreUnavailableError.
    """
    from support_policy import engine  # a second to import, and nothing else here needs it

    if problems := unfit(load(settings.policy), settings):
        raise SettingsError(problems)
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
    for desk in settings.desks:
        claim(settings, desk, store)
    helpdesks = {desk.name: desk.setup.open(store.notebook(desk.name)) for desk in settings.desks}
    desks = {
        desk.name: Desk(
            helpdesk=helpdesks[desk.name],
            mode=desk.mode,
            language=desk.language,
            notes=desk.private_note,
        )
        for desk in settings.desks
    }
    pipeline = Pipeline(
        policy=policy,
        reader=load_reader(settings.policy, policy),
        accounts=accounts(settings),
        desks=desks,
        store=store,
        now=now,
    )
    paid_help = None
    if settings.permission:
        paid_help = _paid_help(settings.permission, settings, pipeline, helpdesks)
    return Service(
        settings=settings,
        store=store,
        pipeline=pipeline,
        helpdesks=helpdesks,
        paid_help=paid_help,
    )


def _paid_help(
    given: PermissionSettings,
    settings: Settings,
    pipeline: Pipeline,
    helpdesks: Mapping[str, HelpDesk],
) -> PaidHelp:
    """Put together what asks for permission and takes the answers; SettingsError for its keys."""
    keys = Keys(given.keys, may_make=False)
    ledger = pipeline.store.ledger(keys.sign)
    if ledger.is_empty:
        keys.make()  # later on, new ones would be others than those that signed

    def language_of(conversation: Conversation) -> str:
        words = conversation.messages[0].text if conversation.messages else ""
        own = conversation.requester.language
        read = pipeline.reader.read(subject=conversation.subject, body=words, language=own)
        return "fr" if read.language == "fr" else "en"

    return put_together(
        policy=pipeline.policy,
        replies=load_replies(settings.policy),
        links=Links(secret=keys.link_secret(), public_url=given.public_url),
        ledger=ledger,
        permitters=ContactFile(given.contacts) if given.contacts else NoContacts(),
        desks={
            desk.name: AskingDesk(
                helpdesk=helpdesks[desk.name],
                language=desk.language,
                observed=desk.mode is Mode.OBSERVE,
            )
            for desk in settings.desks
        },
        language_of=language_of,
        public_keys=keys.public,
        now=pipeline.now,
    )


def claim(settings: Settings, desk: DeskSettings, store: Store) -> None:
    """Let a desk's name in the store stand for one account: the one it was heard of from.

    Everything is kept under the desk's name: another account's tickets with the same numbers would
    be taken for those that are known. A name of which nothing was heard yet may still be put right.
    Raises SettingsError.
    """
    notebook = store.notebook(desk.name)
    account, known = desk.setup.account, notebook.recall(_ACCOUNT)
    heard = store.first_delivery(desk.name) is not None
    if account and (known is None or not heard or not desk.setup.lasting):
        notebook.remember(_ACCOUNT, account)
    elif known not in (None, account):
        what = f"this desk is {known} in the store, and {account} here."
        suggestion = "Give another account a desk name of its own."
        raise SettingsError((Problem(str(settings.file), f"desks.{desk.name}", what, suggestion),))


def accounts(settings: Settings) -> Accounts:
    """The list of accounts that the settings name, if any."""
    return AccountFile(settings.accounts) if settings.accounts else NoAccounts()


def unfit(policy: Policy, settings: Settings) -> tuple[Problem, ...]:
    """What in the settings does not go with the policy."""
    return (
        *_unknown_departments(policy, settings),
        *_unnamed_departments(policy, settings),
        *_unconfirmed(policy, settings),
    )


def _unknown_departments(policy: Policy, settings: Settings) -> Iterator[Problem]:
    """A department that no rule asks for would be passed over in silence."""
    known = {name for rule in policy.rules for name in rule.when.department}
    known |= {target.department for target in policy.targets if target.department}
    for desk in settings.desks:
        for queue, name in desk.departments.items():
            if name not in known:
                yield Problem(
                    str(settings.file),
                    f"desks.{desk.name}.departments.{queue}",
                    f"nothing in the policy names the department {name!r}.",
                    suggest(name, known) or f"It knows {', '.join(sorted(known)) or 'none'}.",
                )


def _unnamed_departments(policy: Policy, settings: Settings) -> Iterator[Problem]:
    """A department without a name at the desk would be passed over in silence as well."""
    wanted = {target.department for target in policy.targets if target.department}
    for desk in settings.desks:
        for name in sorted(wanted - set(desk.departments.values())) if desk.setup.moves else ():
            yield Problem(
                str(settings.file),
                f"desks.{desk.name}.departments",
                f"says nothing of {name!r}, where the policy moves tickets.",
                "Name the department of the desk that it is.",
            )


def _unconfirmed(policy: Policy, settings: Settings) -> Iterator[Problem]:
    """Nobody's tickets are changed by hours that the company never confirmed."""
    hours = [
        reading.id
        for reading in policy.readings
        if not reading.confirmed and "business_hours" in reading.rules
    ]
    for desk in settings.desks:
        if hours and desk.mode is Mode.ENFORCE and not desk.allow_unconfirmed:
            yield Problem(
                str(settings.file),
                f"desks.{desk.name}.mode",
                f"cannot enforce: business hours are unconfirmed (reading {', '.join(hours)}).",
                "Confirm the reading in readings.toml, or observe.",
            )
