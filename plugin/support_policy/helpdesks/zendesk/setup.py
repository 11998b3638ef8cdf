"""What an admin says of a Zendesk account in the settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from support_policy.core.document import Table
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.credentials import secret, web_address
from support_policy.errors import UnavailableError
from support_policy.helpdesk import App, Budget, Finding, Notebook, Setup
from support_policy.helpdesks.http import Session, new_session
from support_policy.helpdesks.zendesk.address import is_loopback, is_subdomain, origin
from support_policy.helpdesks.zendesk.api import PATIENCE, Api
from support_policy.helpdesks.zendesk.checkup import examine_installation
from support_policy.helpdesks.zendesk.client import EXPORT, EXPORT_PATIENCE, Zendesk
from support_policy.helpdesks.zendesk.codec import ZendeskCodec
from support_policy.helpdesks.zendesk.health import examine_account
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.helpdesks.zendesk.ledger import Ledger
from support_policy.helpdesks.zendesk.secret_file import SecretFile
from support_policy.helpdesks.zendesk.tokens import (
    RUN_SCOPES,
    SETUP_SCOPES,
    ApiToken,
    Client,
    ClientToken,
    Token,
)
from support_policy.system_clock import clock

_REQUESTS, _UPDATES = 150, 60  # of a small account's 200 and every account's 100 a minute
_ADMINS_PATIENCE = 120.0  # a person who runs a command rather waits than runs it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account in the settings, its secrets read."""

    name: str
    subdomain: str
    origin: str
    public_url: str
    run: Client | ApiToken = field(repr=False)
    setup: Client | None = field(repr=False)
    requests: Budget
    updates: Budget
    secret_file: SecretFile
    forms: tuple[str, ...]
    language: str

    def api(
        self, notebook: Notebook, login: Client | ApiToken, *, patience: float = PATIENCE
    ) -> tuple[Api, Token]:
        """The API under a log-in; nothing is asked yet."""
        session = new_session()
        token = self._token(login, session)
        return (
            Api(
                origin=self.origin,
                token=token,
                session=session,
                notebook=notebook,
                budgets=(self.requests,),
                clock=clock,
                patience=patience,
            ),
            token,
        )

    def _token(self, login: Client | ApiToken, session: Session) -> Token:
        if isinstance(login, ApiToken):
            return login
        return ClientToken(self.origin, login, session, clock=clock)

    def open(self, notebook: Notebook, *, codec: ZendeskCodec) -> Zendesk:
        """The account as the service uses it."""
        api, token = self.api(notebook, self.run)
        return Zendesk(
            name=self.name,
            codec=codec,
            api=api,
            export=self.api(notebook, self.run, patience=EXPORT_PATIENCE)[0],
            updates=self.updates,
            ledger=Ledger(notebook, self.subdomain),
            clock=clock,
            checks=partial(self._checks, api, token, notebook),
        )

    def installation(
        self,
        notebook: Notebook,
        policy: Policy,
        replies: Sequence[Reply],
        *,
        asks: bool = False,
    ) -> Installation:
        """The account for ``plan`` and ``apply``: under the set-up client, if there is one.

        ``asks`` says that customers are asked for permission for paid help.
        """
        login = self.setup or self.run
        return Installation(
            api=self.api(notebook, login, patience=_ADMINS_PATIENCE)[0],
            notebook=notebook,
            account=self.subdomain,
            desk=self.name,
            public_url=self.public_url,
            policy=policy,
            replies=replies,
            secret_file=self.secret_file,
            forms=self.forms,
            language=self.language,
            asks=asks,
        )

    def inspect(
        self,
        notebook: Notebook,
        policy: Policy,
        replies: Sequence[Reply],
        *,
        asks: bool = False,
    ) -> Iterator[Finding]:
        """What ``doctor`` shows of the installation."""
        if self.setup is None:
            what = "not looked at: that needs setup_client_id and setup_client_secret"
            yield Finding(name="installation", ok=True, detail=what)
            return
        installation = self.installation(notebook, policy, replies, asks=asks)
        yield from examine_installation(installation, desk=self.name)

    def app(self, number: str, installation: str | None) -> App:
        """The sidebar's app; its key is public, and ``apply`` asks for it."""
        secret = self.run.token if isinstance(self.run, ApiToken) else self.run.secret
        return App(
            account=self.subdomain,
            fetch_key=partial(self._fetch_key, f"app_key/{number}", number),
            public_key=partial(_noted_key, f"app_key/{number}"),
            client_secret=secret,
            installation=installation,
        )

    def _fetch_key(self, note: str, number: str, notebook: Notebook) -> None:
        api, _ = self.api(notebook, self.setup or self.run, patience=_ADMINS_PATIENCE)
        key = api.request("GET", f"apps/{number}/public_key.pem").text
        if "PUBLIC KEY" not in key:
            raise UnavailableError("Zendesk's answer is not the app's public key")
        notebook.remember(note, key)

    def _checks(
        self, api: Api, token: Token, notebook: Notebook, now: datetime
    ) -> Iterator[Finding]:
        return examine_account(
            api,
            token=token,
            budgets=(self.requests, self.updates),
            export=EXPORT,
            ledger=Ledger(notebook, self.subdomain),
            secrets=self.secret_file.secrets,
            now=now,
        )


def _noted_key(note: str, notebook: Notebook) -> str:
    key = notebook.recall(note)
    if key is None:
        raise UnavailableError("the app's public key is not known yet: run support-policy apply")
    return key


def configure(table: Table, *, name: str, departments: Mapping[str, str]) -> Setup:
    """Read this desk's settings; every mistake goes to the table's problems."""
    account = _account(table, name)
    for group in departments:
        if not (group.isascii() and group.isdigit()):
            table.problem("must be a group's number, as in its address", key=f"departments.{group}")
    codec = ZendeskCodec(
        desk=name,
        secrets=account.secret_file.secrets,
        departments=departments,
        programs=frozenset(_numbers(table, "app_users")),
        default_language=table.text("default_language", "en"),
    )
    return Setup(
        open=partial(account.open, codec=codec),
        account=account.subdomain,
        installer=account.installation,
        inspect=account.inspect,
        app=_app(table, account),
    )


def _account(table: Table, name: str) -> Account:
    subdomain = table.text("subdomain")
    usable = is_subdomain(subdomain)
    if subdomain and not usable:
        table.problem("is the part of the address before .zendesk.com", key="subdomain")
    requests = _limit(table, "requests_per_minute", _REQUESTS)
    updates = _limit(table, "updates_per_minute", _UPDATES)
    return Account(
        name=name,
        subdomain=subdomain,
        origin=_base_url(table) or (origin(subdomain) if usable else ""),
        public_url=_public_url(table),
        run=_run_login(table),
        setup=_setup_client(table),
        requests=Budget(name="requests", most=requests, seconds=60),
        updates=Budget(name="updates", most=updates, seconds=60),
        secret_file=_secret_file(table),
        forms=table.texts("forms"),
        language="fr" if table.values.get("language") == "fr" else "en",
    )


def _app(table: Table, account: Account) -> App | None:
    number, installation = (table.number(key, 0) for key in ("app_id", "app_installation_id"))
    return account.app(str(number), str(installation) if installation else None) if number else None


def _base_url(table: Table) -> str:
    """Where a stand-in answers, for tests and the demo; never another machine."""
    url = table.text("base_url", "")
    if url and not is_loopback(url):
        table.problem("is for tests: http to 127.0.0.1 or [::1], with a port", key="base_url")
        return ""
    return url


def _public_url(table: Table) -> str:
    url = web_address(table, "public_url")
    local = urlsplit(url).scheme == "http" and is_loopback(url)
    if url and not url.startswith("https://") and not local:
        table.problem("must be https: Zendesk calls it over the internet", key="public_url")
    return url


def _run_login(table: Table) -> Client | ApiToken:
    table.asked |= {"api_token", "api_token_email"}
    if "api_token" in table.values:
        return ApiToken(email=table.text("api_token_email"), token=secret(table, "api_token"))
    return Client(
        identifier=table.text("client_id"),
        secret=secret(table, "client_secret"),
        scopes=RUN_SCOPES,
    )


def _setup_client(table: Table) -> Client | None:
    table.asked |= {"setup_client_id", "setup_client_secret"}
    if not table.values.keys() & {"setup_client_id", "setup_client_secret"}:
        return None
    return Client(
        identifier=table.text("setup_client_id"),
        secret=secret(table, "setup_client_secret"),
        scopes=SETUP_SCOPES,
    )


def _secret_file(table: Table) -> SecretFile:
    """A file, because ``apply`` writes it; it need not be there before."""
    source, _, place = table.text("signing_secrets", "file/zendesk-signing-secret").partition("/")
    if source != "file" or not place:
        table.problem('must be "file/PATH": apply writes it', key="signing_secrets")
    return SecretFile(path=Path(table.file).parent / (place or "zendesk-signing-secret"))


def _limit(table: Table, key: str, default: int) -> int:
    most = table.number(key, default)
    if most < 2:
        table.problem("must be two or more", key=key)
    return max(most, 2)


def _numbers(table: Table, key: str) -> tuple[int, ...]:
    users = table.values.get(key, [])
    table.asked.add(key)
    if not isinstance(users, list) or any(type(user) is not int for user in users):
        table.problem("must be a list of user numbers such as [7]", key=key)
        return ()
    return tuple(users)
