"""The admin's settings: one TOML file, secrets kept outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from urllib.parse import urlsplit

from support_policy.core.document import Table, parse
from support_policy.credentials import secrets, web_address
from support_policy.errors import Problem, SettingsError
from support_policy.helpdesk import Setup
from support_policy.helpdesks import configure

PACKAGED = ("mexxus",)
_DESK_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SQLITE = re.compile(r"sqlite:///[^?]+")
_POSTGRESQL = re.compile(
    r"postgres(?:ql(?:\+psycopg)?)?://(?:[^:/]*(?::[^@]*)?@)?"  # who asks; passwords hold anything
    r"(?:\[[^/?]+\]|[^/:?]+)?(?::(?P<port>[0-9]{1,5}))?(?:/[^?]*)?(?:\?.*)?"
)
MAX_BODY = 262_144
"""Bytes of the largest webhook body that is read; help desks send far less."""


class Mode(StrEnum):
    """What the add-on may do to a desk."""

    OBSERVE = "observe"
    ENFORCE = "enforce"


class NoteLanguage(StrEnum):
    """The language agents read."""

    EN = "en"
    FR = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """One help desk.

    ``departments`` maps the desk's names of queues or groups to the policy's departments.
    ``private_note`` allows the note for staff on each ticket.
    """

    name: str
    kind: str
    mode: Mode
    language: NoteLanguage
    departments: Mapping[str, str]
    allow_unconfirmed: bool
    private_note: bool
    setup: Setup = field(repr=False)  # it holds the desk's secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionSettings:
    """What asking permission for paid help needs.

    ``public_url`` is where customers reach this service, without a slash at its end. ``keys`` is
    the folder of the signing keys. ``contacts`` names the persons who may permit, where the help
    desk itself cannot vouch for a requester. ``push_url`` takes what is ready to bill.
    """

    public_url: str
    keys: Path
    contacts: Path | None = None
    push_url: str | None = None
    push_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an admin decides, checked; without ``permission`` nobody is asked for any."""

    file: Path
    policy: Traversable
    database: str
    listen: str
    max_body: int
    accounts: Path | None
    desks: tuple[DeskSettings, ...]
    permission: PermissionSettings | None = None

    def desk(self, name: str) -> DeskSettings | None:
        """The desk of this name, if there is one."""
        return next((desk for desk in self.desks if desk.name == name), None)


def load_settings(file: Path) -> Settings:
    """Read a settings file.

    Raises SettingsError with every problem, missing secrets included.
    """
    problems: list[Problem] = []
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError((Problem(file.name, "", f"cannot be read: {error}."),)) from None
    document = parse(text, file=str(file), problems=problems)
    service = document.table("service")
    policy = policy_folder(service.text("policy", "mexxus"), file.parent)
    if not policy.is_dir():
        service.problem("is not a policy folder", key="policy")
    accounts = service.text("accounts", "")
    desks = tuple(_desk(name, table) for name, table in _desks(document))
    settings = Settings(
        file=file,
        policy=policy,
        database=_database(service, file.parent),
        listen=_listen(service),
        max_body=_max_body(service),
        accounts=file.parent / accounts if accounts else None,
        desks=desks,
        permission=_permission(document, file.parent),
    )
    problems += _twice(file, desks)
    service.close()
    document.close()
    if problems:
        raise SettingsError(tuple(problems))
    return settings


def _twice(file: Path, desks: tuple[DeskSettings, ...]) -> Iterator[Problem]:
    """Two desks that are one account would each use up the whole of its limits."""
    first: dict[tuple[str, str], str] = {}
    for desk in desks:
        account = (desk.kind, desk.setup.account)
        if desk.setup.account and first.setdefault(account, desk.name) != desk.name:
            what = f"is the same account as desks.{first[account]}."
            yield Problem(str(file), f"desks.{desk.name}", what, "One account is one desk.")


def policy_folder(name: str, base: Path) -> Traversable:
    """A policy folder: the name of a packaged policy, or a path relative to the settings file."""
    if name in PACKAGED:
        return files("support_policy").joinpath("policies", name)
    return base / name


def database_url(url: str, base: Path) -> str:
    """The database's URL, a relative SQLite path resolved beside the settings file."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/"):
        return prefix + str((base / url.removeprefix(prefix)).resolve())
    return url


def _database(table: Table, base: Path) -> str:
    url = table.text("database", "sqlite:///support-policy.db")
    if not _is_database(url):  # not quoted: it may hold a password
        table.problem(
            "must be sqlite:///FILE or postgresql://USER@HOST:PORT/NAME, the port a number",
            key="database",
        )
        return ""
    return database_url(url, base)


def _is_database(url: str) -> bool:
    """Whether the store can make sense of a URL, which it reads in the same way."""
    if not url.isprintable():
        return False
    found = _POSTGRESQL.fullmatch(url)
    if found is None:
        return _SQLITE.fullmatch(url) is not None
    return int(found["port"] or 0) < 65_536


def _listen(table: Table) -> str:
    place = table.text("listen", "127.0.0.1:8080")
    host, _, port = place.rpartition(":")
    numbered = bool(host) and port.isascii() and port.isdigit() and int(port) < 65_536
    if not numbered and not place.startswith(("unix:", "fd://")):
        table.problem(f"{place!r} is not a place such as 127.0.0.1:8080", key="listen")
    return place


def _max_body(table: Table) -> int:
    size = table.number("max_body", MAX_BODY)
    if size < 1:
        table.problem("must be one or more", key="max_body")
    return size


def _permission(document: Table, base: Path) -> PermissionSettings | None:
    if "permission" not in document.values:
        return None
    table = document.table("permission")
    contacts, push_url = table.text("contacts", ""), table.text("push_url", "")
    tokens = secrets(table, "push_token") if "push_token" in table.values else ("",)
    public_url = web_address(table, "public_url")
    _must_be_safe(table, "public_url", public_url, "it opens a customer's answer")
    _must_be_safe(table, "push_url", push_url, "the token and customers' names go there")
    if set("?#") & set(public_url):
        table.problem("must end with its path: links are made from it", key="public_url")
    settings = PermissionSettings(
        public_url=public_url,
        keys=base / table.text("keys", "permission-keys"),
        contacts=base / contacts if contacts else None,
        push_url=web_address(table, "push_url") if push_url else None,
        push_token=tokens[0] if tokens else "",
    )
    table.close()
    return settings


def _must_be_safe(table: Table, key: str, address: str, why: str) -> None:
    """Nobody on the way may read it, but on this machine itself there is no way."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return  # that it is no address was told already
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        table.problem(f"must be https: {why}", key=key)


def _desks(document: Table) -> tuple[tuple[str, Table], ...]:
    table = document.table("desks")
    if "desks" in document.values and not table.values:
        document.problem("names no help desk", key="desks")
    return table.named_tables()


def _desk(name: str, table: Table) -> DeskSettings:
    if not _DESK_NAME.fullmatch(name):  # it is part of the webhooks' address
        table.problem("a help desk's name may only have letters, digits, dashes and underscores")
    kind = table.text("kind")
    inner = table.table("departments", required=False)
    departments = {key: inner.text(key) for key in inner.values}
    desk = DeskSettings(
        name=name,
        kind=kind,
        mode=table.choice("mode", Mode, Mode.OBSERVE) or Mode.OBSERVE,
        language=table.choice("language", NoteLanguage, NoteLanguage.EN) or NoteLanguage.EN,
        departments=departments,
        allow_unconfirmed=bool(table.flag("allow_unconfirmed")),
        private_note=bool(table.flag("private_note", default=True)),
        setup=configure(kind, table, name=name, departments=departments),
    )
    table.close()
    return desk
