"""The whole product against the double of Zendesk, in this process: real HTTP both ways.

The double's webhooks arrive at the real edge; what was kept is worked when a test says so, by the
real pipeline, and settled as the engine settles it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import pytest
import requests
from tests.zendesk_wire.wire import openapi_violations, violations
from werkzeug.serving import WSGIRequestHandler, make_server

from support_policy.core.load import load
from support_policy.core.reply import load_replies
from support_policy.demo.zendesk_double import Plan, Recorded, ZendeskDouble
from support_policy.demo.zendesk_double.webhooks import signature
from support_policy.doctor import examine
from support_policy.helpdesk import Delivery, Finding
from support_policy.installation import Installation
from support_policy.reader import load_reader
from support_policy.service import Service, open_service
from support_policy.settings import Settings, load_settings
from support_policy.store.deliveries import Taken
from support_policy.store.outcome import Outcome, outcome_of
from support_policy.store.store import Store
from support_policy.sweep import backfill, begin, sweep
from support_policy_webhooks.app import create_app

DESK = "zendesk"
CUSTOMER = "dana@whitlockprint.example"
LEASE = timedelta(seconds=60)
TITLES = {
    "Support Policy: expected first response": "expected_at",
    "Support Policy: expected on": "expected_on",
    "Support Policy: class": "class",
    "Support Policy: reason": "reason",
}
HIGH = (
    "All nine of our domains gone since 6:40",
    "Every site we host stopped answering: nine domains. The machine does not answer ping.",
)
LOW = ("Contact form", "Our WordPress plugin shows an error when we press the button.")

SETTINGS = """\
[service]
policy = "mexxus"
database = "sqlite:///support-policy.db"
{service}

[desks.zendesk]
kind = "zendesk"
mode = "{mode}"
allow_unconfirmed = true
subdomain = "{subdomain}"
base_url = "{url}"
public_url = "{public_url}"
{login}
setup_client_id = "{setup}"
setup_client_secret = "file/zendesk-setup-secret"
requests_per_minute = {requests}
updates_per_minute = {updates}
{desk}
"""
CLIENT = 'client_id = "support_policy"\nclient_secret = "file/zendesk-client-secret"'


# What is read of a policy never changes: once a run is enough.
_load, _reader, _replies = cache(load), cache(load_reader), cache(load_replies)

Rigs = Callable[..., "Rig"]


class Rig:
    """One account, one add-on, and the wire between them."""

    def __init__(
        self, folder: Path, *, plan: Plan = Plan.ENTERPRISE, speed: float = 600.0, **how: Any
    ) -> None:
        """`how` is as in ``configure``."""
        self.folder = folder
        self.double = ZendeskDouble(plan, speed=speed)
        self.ahead = timedelta(0)
        self.accept: Callable[..., bool] | None = None
        self.answers: list[tuple[str, int]] = []
        self.said: set[str] = set()
        self.judged = 0
        self._looks = 0
        self._how = how
        self._service: Service | None = None
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_Quiet
        )
        self._server.daemon_threads = False  # type: ignore[attr-defined] # closing waits for them
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._app: Any = None

    def __enter__(self) -> Self:
        self.double.start()
        self._thread.start()
        self.configure(**self._how)
        return self

    def __exit__(self, *_: object) -> None:
        self.double.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Let the store go, as a process does when it ends."""
        if self._service is not None:
            self._service.store.close()
        self._service = None

    def configure(
        self,
        *,
        mode: str = "enforce",
        login: str = CLIENT,
        updates: int = 100_000,
        requests: int = 100_000,
        desk: str = "",
        service: str = "",
    ) -> None:
        """Write the settings, and start with them."""
        clients = self.double.clients
        self._file("zendesk-client-secret", clients.run.secret)
        self._file("zendesk-setup-secret", clients.setup.secret)
        self._file("zendesk-api-token", self.double.api_token[1])
        text = SETTINGS.format(
            mode=mode,
            subdomain=self.double.subdomain,
            url=self.double.url,
            public_url=self.url,
            login=login,
            setup=clients.setup.identifier,
            updates=updates,
            requests=requests,
            desk=desk,
            service=service,
        )
        self.start(load_settings(self._file("support-policy.toml", text)))

    def start(self, settings: Settings) -> None:
        """Open the service as a process does when it starts."""
        self.close()
        self.settings = settings
        store = Store.open(settings.database)
        store.migrate()
        store.close()
        self._service = process(settings, now=self.now)
        self.desk._sleep = self._settle
        self._app = create_app(
            codecs={name: desk.codec for name, desk in self.service.helpdesks.items()},
            accept=self._accept,
            ready=dict,
            now=lambda: datetime.now(UTC),
            max_body=settings.max_body,
            tally=self.store.tally,
        )

    def _accept(self, delivery: Delivery) -> bool:
        return (self.accept or self.store.accept)(delivery)

    def restart(self) -> None:
        """End the process and start another."""
        self.start(self.settings)

    @property
    def service(self) -> Service:
        assert self._service is not None
        return self._service

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def desk(self) -> Any:
        """The Zendesk adapter that the pipeline uses."""
        return self.service.helpdesks[DESK]

    def now(self) -> datetime:
        """The pipeline's time, which a test may move."""
        return datetime.now(UTC) + self.ahead

    def later(self, **much: float) -> None:
        """Let time pass for the queue."""
        self.ahead += timedelta(**much)

    def installation(self) -> Installation:
        """What plan, apply and remove use."""
        settings = self.settings.desk(DESK)
        assert settings is not None
        assert settings.setup.installer is not None
        policy, replies = _load(self.settings.policy), _replies(self.settings.policy)
        return settings.setup.installer(self.store.notebook(DESK), policy, replies)

    def apply(self) -> list[str]:
        """Carry the plan out, as the command does; the lines it told."""
        begin(DESK, self.store, now=self.now())
        lines: list[str] = []
        installation = self.installation()
        installation.apply(installation.plan(), lines.append)
        return lines

    def plan(self) -> tuple[str, ...]:
        """What plan prints."""
        return self.installation().plan().lines()

    def doctor(self) -> dict[str, Finding]:
        """The findings by name, without the desk's own."""
        found = examine(self.settings)
        return {each.name.removeprefix(f"{DESK}: "): each for each in found}

    def open(self, text: Sequence[str] = HIGH, *, sender: str = CUSTOMER, **values: Any) -> int:
        """A customer opens a ticket."""
        requester = self.double.end_user(sender)
        subject, body = text
        self.said |= {it for it in (sender, subject, body[:40]) if len(it.strip()) > 3}
        return self.double.open_ticket(requester=requester, subject=subject, body=body, **values)

    def arrive(self) -> None:
        """Wait until every webhook has come to its end."""
        assert self.double.settle(20)
        self._settle()

    def _settle(self, _seconds: float = 0.0) -> None:
        """Let the second of every ticket's last change be over, without waiting for it."""
        account, young = self.double.account, timedelta(minutes=1)
        with account.lock:
            for ticket in account.tickets.all():
                if account.clock.now() - ticket.updated_at < young:
                    ticket.updated_at -= timedelta(hours=1)

    def work(self, *, rounds: int = 12) -> None:
        """Work off what is due, as the engine does, without its threads."""
        for _ in range(rounds):
            taken = self.store.deliveries.take(16, slot="main", now=self.now(), lease=LEASE)
            if not taken:
                return
            for each in taken:
                self.attempt(each)

    def attempt(self, taken: Taken) -> None:
        """One attempt and its end."""
        try:
            reason = self.service.pipeline.work(taken)
        except Exception as error:  # noqa: BLE001 - as in the engine
            outcome = outcome_of(error)
        else:
            outcome = Outcome(ending="passed" if reason else "done", detail=reason)
        self.store.deliveries.settle(taken.id, taken.attempt, outcome, now=self.now())

    def treat(self) -> None:
        """What was sent arrives and is worked."""
        self.arrive()
        self.work()

    def treated(self, text: Sequence[str] = HIGH, **values: Any) -> int:
        """A ticket that was opened and treated."""
        number = self.open(text, **values)
        self.treat()
        return number

    def look_again(self, number: int) -> None:
        """Have a ticket decided once more, as after a change of hands that changed nothing."""
        self._looks += 1
        body = f'{{"event": "ticket.changed", "ticket_id": "{number}", "look": "{self._looks}"}}'
        assert self.post(body.encode()).status_code == 200
        self.work()

    def sweep(self, **how: Any) -> int:
        """One sweep; how many tickets it found."""
        return sweep(self.desk, self.store, now=self.now(), **how)

    def backfill(self, since: datetime, tell: Callable[[int, int], None] = lambda *_: None) -> int:
        """What `sweep --since` does; how many tickets it found."""
        return backfill(self.desk, self.store, since=since, now=self.now(), tell=tell)

    def states(self) -> dict[str, int]:
        """How many deliveries are in which state."""
        return {state: count for state, count in self.store.backlog().counts.items() if count}

    def trouble(self, *, passed_over: bool = False) -> str:
        """Why the newest delivery waits, was given up or was passed over."""
        found = self.store.troubles(passed_over=passed_over)
        return found[0].detail if found else ""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(self.folder / "support-policy.db")) as connection, connection:
            return list(connection.execute(query))

    @property
    def fields(self) -> dict[str, int]:
        """Our ticket fields by their neutral names."""
        found = self.double.account.fields.all()
        return {TITLES[row["title"]]: row["id"] for row in found if row["title"] in TITLES}

    def priority(self, number: int) -> str | None:
        """The priority that a ticket shows."""
        value: str | None = self.double.ticket(number)["priority"]
        return value

    def tags(self, number: int) -> set[str]:
        """The tags on a ticket."""
        return set(self.double.ticket(number)["tags"])

    def own(self, number: int) -> dict[str, Any]:
        """What our fields say on a ticket."""
        ticket = self.double.ticket(number)
        there = {row["id"]: row["value"] for row in ticket["custom_fields"]}
        return {name: there.get(field) for name, field in self.fields.items()}

    def notes(self, number: int) -> list[dict[str, Any]]:
        """The private notes on a ticket."""
        return [each for each in self.double.comments(number) if not each["public"]]

    def puts(self, number: int) -> list[Recorded]:
        """The requests that wrote to a ticket."""
        path = f"/api/v2/tickets/{number}"
        found = self.double.requests
        return [each for each in found if each.method != "GET" and each.path.startswith(path)]

    def writes(self) -> list[Recorded]:
        """Every request that changed something, the tokens' apart."""
        found = [each for each in self.double.requests if each.method != "GET"]
        return [each for each in found if each.path.startswith("/api/")]

    def post(self, body: bytes, **how: Any) -> requests.Response:
        """A webhook by hand; `how` is as in ``headers``, or `headers` itself."""
        headers = how["headers"] if "headers" in how else self.headers(body, **how)
        address = f"{self.url}/webhooks/{DESK}"
        answer = requests.post(address, data=body, headers=headers, timeout=10)
        answer.close()
        return answer

    def headers(self, body: bytes, *, secret: str = "", at: datetime | None = None) -> Any:
        """What proves that Zendesk sent it."""
        stamp = (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        key = secret or self.double.account.webhooks.secret(self.webhook)
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Zendesk-Webhook-Signature": signature(key, stamp, body),
            "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        }

    @property
    def webhook(self) -> str:
        """The id of our webhook."""
        return str(next(iter(self.double.account.webhooks.shelf))["id"])

    def metric(self, name: str) -> float:
        """The sum of a number on /metrics."""
        answer = requests.get(f"{self.url}/metrics", timeout=10)
        answer.close()
        lines = (line.rpartition(" ") for line in answer.text.splitlines())
        return sum(float(value) for label, _, value in lines if label.startswith(f"{name}{{"))

    def secrets(self) -> set[str]:
        """Everything that must stand in no log and in no database."""
        clients = self.double.clients
        used = {each.headers.get("Authorization", "").partition(" ")[2] for each in self._asked()}
        signing = set(self.double.account.webhooks._secrets.values())
        return {clients.run.secret, clients.setup.secret, self.double.api_token[1], *used, *signing}

    def undocumented(self) -> list[str]:
        """What Zendesk's documents do not allow of the requests that were made."""
        fresh = self._asked()[self.judged :]
        self.judged += len(fresh)
        return [
            wrong
            for each in fresh
            for judged in (violations, openapi_violations)
            for wrong in judged(each.method, each.path, each.query, each.headers, each.body)
        ]

    def leaked(self, text: str, more: Iterable[str] = ()) -> list[str]:
        """Which secrets (and other words) stand in a text."""
        return [each for each in (*self.secrets(), *more) if each and each in text]

    def forget(self) -> None:
        """Empty the store of work, and the desk's limits and rests; what was set up stays known."""
        for table in ("deliveries", "clocks", "decisions", "tickets", "desks", "budgets"):
            self.rows(f"DELETE FROM {table}")  # noqa: S608 - our own words
        self.rows("DELETE FROM notes WHERE name LIKE 'sweep/%' OR name LIKE 'backfill/%'")

    def freed(self) -> None:
        """Let the stretches of all limits be over."""
        self.rows("DELETE FROM budgets")

    def before_write(self, act: Callable[[int], object]) -> None:
        """Let something happen to a ticket between the next reading and its writing."""
        desk = self.desk
        write = desk.write

        def first(ticket: Any, update: Any) -> Any:
            desk.write = write
            act(int(ticket.ref.id))
            return write(ticket, update)

        desk.write = first

    def delete_field(self, name: str) -> None:
        """An admin deletes one of our ticket fields, which takes it off all forms."""
        number, account = self.fields[name], self.double.account
        with account.lock:
            account.fields.delete(number)
            for form in account.forms:
                form["ticket_field_ids"] = [it for it in form["ticket_field_ids"] if it != number]

    def stored(self) -> str:
        """The bytes of the database, as text."""
        files = self.folder.glob("support-policy.db*")
        return "".join(file.read_bytes().decode("latin-1") for file in files)

    def _asked(self) -> list[Recorded]:
        return list(self.double.requests)

    def _serve(self, environ: Any, respond: Any) -> Any:
        return self._app(environ, respond)

    def _file(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        return file


@pytest.fixture
def rigs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Rigs]:
    """Makes rigs of this test alone, as they are told to be; all of them are judged in the end."""
    _listen(caplog)
    made: list[Rig] = []
    with ExitStack() as stack:

        def make(*, apply: bool = True, **how: Any) -> Rig:
            folder = tmp_path / str(len(made))
            folder.mkdir()
            rig = stack.enter_context(Rig(folder, **how))
            if apply:
                rig.apply()
            made.append(rig)
            return rig

        yield make
        for rig in made:
            _judge(rig, caplog)


@pytest.fixture
def rig(rigs: Rigs) -> Rig:
    """An account of this test alone, set up and enforced."""
    return rigs()


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One account for the tests of a file that are about tickets only."""
    with Rig(tmp_path_factory.mktemp("account")) as rig:
        rig.apply()
        yield rig


@pytest.fixture
def shared(account: Rig, caplog: pytest.LogCaptureFixture) -> Iterator[Rig]:
    """That account with a store that has heard of nothing; its set-up must be left as it is."""
    _listen(caplog)
    account.ahead, account.accept = timedelta(0), None
    account.forget()
    account.double.account.tickets._tickets.clear()
    account.double.sent.clear()
    yield account
    account.double.faults.calm()
    _judge(account, caplog)


def process(settings: Settings, *, now: Callable[[], datetime]) -> Service:
    """The service as a process opens it, but for its reading of the policy."""
    with (
        patch("support_policy.service.load", _load),
        patch("support_policy.service.load_reader", _reader),
    ):
        return open_service(settings, now=now)


@contextmanager
def second_process(rig: Rig) -> Iterator[Service]:
    """Another process of the same settings, which shares the store and nothing else."""
    service = process(load_settings(rig.settings.file), now=rig.now)
    service.helpdesks[DESK]._sleep = rig._settle  # type: ignore[attr-defined]
    try:
        yield service
    finally:
        service.store.close()


def _listen(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("support_policy", "support_policy_webhooks"):
        caplog.set_level(logging.DEBUG, logger=name)


def _judge(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """What holds after every scenario: documented requests, clean logs, a clean database."""
    assert rig.undocumented() == []
    lines = "\n".join(
        record.getMessage() + str(record.exc_info or "")
        for record in caplog.get_records("call")
        if record.name.startswith("support_policy")
    )
    assert rig.leaked(lines, rig.said) == []
    assert rig.leaked(rig.stored(), {CUSTOMER}) == []


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing: only the product's lines are judged."""


logging.getLogger("werkzeug").setLevel(logging.ERROR)
