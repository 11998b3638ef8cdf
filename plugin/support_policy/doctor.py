"""Looks at everything the service needs, and says what to do about what is not well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support_policy.check import check
from support_policy.core.load import load
from support_policy.core.reply import load_replies
from support_policy.core.ticket import Requester, Standing
from support_policy.errors import PolicyError, Problem, SupportPolicyError
from support_policy.helpdesk import Finding, Notebook
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.permissions.permitters import ContactFile
from support_policy.seal import KEYS_FILE, Keys
from support_policy.service import accounts, unfit
from support_policy.settings import DeskSettings, Mode, Settings
from support_policy.store.database import StoreUnavailableError
from support_policy.store.store import Store
from support_policy.system_clock import clock

LATE = timedelta(minutes=5)
"""Work that has waited this long is worth a person's look."""


def examine(settings: Settings, *, only: str | None = None) -> Iterator[Finding]:
    """Every finding, policy first; ``only`` names one help desk."""
    yield from _policy(settings)
    yield from _accounts(settings)
    yield from _store(settings)
    yield from _permission(settings)
    for desk in settings.desks:
        if only in (None, desk.name):
            with _notebook(settings, desk.name) as notebook:
                for finding in _desk(desk, notebook, settings):
                    yield replace(finding, name=f"{desk.name}: {finding.name}")


def _desk(desk: DeskSettings, notebook: Notebook, settings: Settings) -> Iterator[Finding]:
    acts = "enforces" if desk.mode is Mode.ENFORCE else "observes, writes nothing"
    yield Finding(name="mode", ok=True, detail=acts)
    yield from desk.setup.open(notebook).examine(now=clock())
    if desk.setup.inspect is not None:
        with suppress(PolicyError):  # what is wrong with it, the first finding says
            policy, replies = load(settings.policy), load_replies(settings.policy)
            asks = settings.permission is not None
            yield from desk.setup.inspect(notebook, policy, replies, asks=asks)


@contextmanager
def _notebook(settings: Settings, desk: str) -> Iterator[Notebook]:
    """The desk's own notes, where there is a store to hold them."""
    with ExitStack() as stack:
        kept: Notebook = MemoryNotebook()
        with suppress(StoreUnavailableError):
            if not _not_made(settings):
                store = Store.open(settings.database)
                stack.callback(store.close)
                kept = store.notebook(desk) if store.schema_is_current() else kept
        yield kept


def _policy(settings: Settings) -> Iterator[Finding]:
    report = check(settings.policy, now=clock())
    yield Finding(
        name="policy",
        ok=not report.problems,
        detail=f"{len(report.problems)} problems, {len(report.warnings)} warnings",
        remedy="Run `support-policy check` on it." if report.problems else "",
    )
    if report.policy is not None and not report.problems:
        yield from map(_refused, unfit(report.policy, settings))


def _refused(problem: Problem) -> Finding:
    return Finding(name=problem.where, ok=False, detail=problem.what, remedy=problem.suggestion)


def _accounts(settings: Settings) -> Iterator[Finding]:
    if settings.accounts is None:
        yield Finding(name="accounts", ok=True, detail="no list: nobody is held for being unknown")
        return
    standing = accounts(settings).standing(Requester(address="doctor@invalid"))
    well = standing is not Standing.UNAVAILABLE
    yield Finding(
        name="accounts",
        ok=well,
        detail="the list is read" if well else "the list cannot be read",
        remedy=""
        if well
        else "It must be a CSV file with the columns address, account, reseller and at least one "
        "account, and its last line must have an end.",
    )


def _permission(settings: Settings) -> Iterator[Finding]:
    """Whether customers can be asked for permission for paid help, and who may give it."""
    given, asked = settings.permission, _has_asked(settings)
    if given is None:
        remedy = "Put [permission] back: without it every link that went out is dead."
        detail = "not set up, but customers were asked" if asked else "not set up: nobody is asked"
        yield Finding(name="paid help", ok=not asked, detail=detail, remedy=remedy if asked else "")
        return
    yield _keys(given.keys, asked=asked)
    if given.contacts is None:
        detail = "no list: only the help desk or an agent can vouch for who permits"
        yield Finding(name="paid help: contacts", ok=True, detail=detail)
        return
    known = ContactFile(given.contacts).entitled("doctor@invalid") is not None
    yield Finding(
        name="paid help: contacts",
        ok=known,
        detail="the list is read" if known else "the list cannot be read",
        remedy="" if known else "It must be a CSV file with the column address, each line ended.",
    )


def _keys(folder: Path, *, asked: bool) -> Finding:
    """Whether the keys are those that everything was signed with, as far as can be seen here."""
    name = "paid help: keys"
    if not asked and not (folder / KEYS_FILE).exists():
        return Finding(name=name, ok=True, detail="not made yet: the first `serve` makes them")
    try:
        keys = Keys(folder, may_make=False)
        keys.public()
        keys.link_secret()
    except SupportPolicyError as error:
        remedy = "Put the folder back from a back-up: with other keys every link is dead."
        return Finding(name=name, ok=False, detail=str(error), remedy=remedy)
    return Finding(name=name, ok=True, detail="the keys are there")


def _has_asked(settings: Settings) -> bool:
    """Whether anything about permission is on record."""
    if _not_made(settings):
        return False
    with suppress(StoreUnavailableError):
        store = Store.open(settings.database)
        try:
            return store.schema_is_current() and not store.ledger(lambda _: "").is_empty
        finally:
            store.close()
    return False


def _store(settings: Settings) -> Iterator[Finding]:
    if _not_made(settings):
        yield Finding(name="store", ok=True, detail="not made yet: the first `serve` makes it")
        return
    try:
        store = Store.open(settings.database)
        try:
            current = store.schema_is_current()
            backlog = store.backlog() if current else None
        finally:
            store.close()
    except StoreUnavailableError as error:
        yield Finding(name="store", ok=False, detail=str(error), remedy="Check service.database.")
        return
    yield Finding(
        name="store",
        ok=current,
        detail="its tables are current" if current else "its tables are not there or not current",
        remedy="" if current else "`support-policy serve` brings them up to date.",
    )
    if backlog is None:
        return
    late = backlog.oldest is not None and clock() - backlog.oldest > LATE
    yield Finding(
        name="work",
        ok=not late,
        detail=f"{backlog.owed} deliveries owed"
        + (f", the oldest since {backlog.oldest:%Y-%m-%d %H:%M %Z}" if backlog.oldest else ""),
        remedy="`support-policy deliveries` shows why they wait." if late else "",
    )


def _not_made(settings: Settings) -> bool:
    """Whether the store is a SQLite file that nothing has made yet; to look must not make it."""
    path = Path(settings.database.removeprefix("sqlite:///"))
    return settings.database.startswith("sqlite") and not path.exists()
