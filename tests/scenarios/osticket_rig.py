"""The whole product against the double of osTicket, in this process: real HTTP both ways.

The double's events arrive at the real edge, which decides while the double waits. What the sweep
found is worked when a test says so, by the real pipeline, and settled as the engine settles it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from tests.osticket_double import API_KEY, SECRET, OsTicketDouble
from tests.osticket_double.sender import Turn
from tests.osticket_double.tickets import Ticket
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from support_policy.answering import Answering
from support_policy.core.load import load
from support_policy.doctor import examine
from support_policy.helpdesk import Answered, Delivery, Finding
from support_policy.reader import load_reader
from support_policy.service import Service, open_service
from support_policy.settings import Settings, load_settings
from support_policy.store.outcome import Outcome, outcome_of
from support_policy.store.store import Store
from support_policy.sweep import sweep
from support_policy_webhooks.app import create_app

DESK = "osticket"
LEASE = timedelta(seconds=60)
CUSTOMER = "dana@whitlockprint.example"
OPENED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in Toronto."""

HIGH = (
    "All nine of our domains gone since 6:40",
    "Every site we host stopped answering: nine domains. The machine does not answer ping.",
)
MEDIUM = ("Site down", "Our web site larch.example is down.")
LOW = ("Contact form", "Our WordPress plugin shows an error when we press the button.")

SETTINGS = """\
[service]
policy = "mexxus"
database = "sqlite:///support-policy.db"
{service}

[desks.osticket]
kind = "osticket"
mode = "{mode}"
allow_unconfirmed = true
url = "{url}"
{api_key}
secrets = [{secrets}]
{desk}
"""

# What is read of a policy never changes: once a run is enough.
_load, _reader = cache(load), cache(load_reader)


class _Quiet(WSGIRequestHandler):
    disable_nagle_algorithm = True

    def log(self, *_: Any) -> None:
        """Say nothing on the terminal."""


class Rig:
    """One osTicket, one add-on, and the wire between them."""

    def __init__(self, folder: Path, **how: Any) -> None:
        """`how` is as in ``configure``."""
        self.folder = folder
        self.double = OsTicketDouble()
        self.ahead = timedelta(0)
        self.after_decision: Callable[[], None] = lambda: None
        """What happens between a decision on record and its answer."""
        self._how = how
        self._service: Service | None = None
        self._server: BaseWSGIServer | None = None
        self._thread = threading.Thread()
        self._port = 0
        self._app: Any = None

    def __enter__(self) -> Self:
        self.double.__enter__()
        self.configure(**self._how)
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.double.__exit__()
        if self._service is not None:
            self._service.store.close()

    def configure(
        self,
        *,
        mode: str = "enforce",
        api_key: bool = True,
        secrets: Sequence[str] = (SECRET,),
        service: str = "",
        desk: str = "",
    ) -> None:
        """Write the settings, and start with them."""
        self._file("api-key", API_KEY)
        names = [f"secret-{place}" for place, _ in enumerate(secrets)]
        for name, secret in zip(names, secrets, strict=True):
            self._file(name, secret)
        text = SETTINGS.format(
            mode=mode,
            url=self.double.url,
            api_key='api_key = "file/api-key"' if api_key else "",
            secrets=", ".join(f'"file/{name}"' for name in names),
            service=service,
            desk=desk,
        )
        self.start(load_settings(self._file("support-policy.toml", text)))

    def start(self, settings: Settings) -> None:
        """Open the service as a process does when it starts."""
        if self._service is not None:
            self._service.store.close()
        self.settings = settings
        store = Store.open(self.settings.database)
        store.migrate()
        store.close()
        with (
            patch("support_policy.service.load", _load),
            patch("support_policy.service.load_reader", _reader),
        ):
            self._service = open_service(self.settings, now=self.now)
        self._app = create_app(
            codecs={name: desk.codec for name, desk in self.service.helpdesks.items()},
            accept=self.store.accept,
            ready=dict,
            now=lambda: datetime.now(UTC),
            max_body=self.settings.max_body,
            answer=self._answer,
            tally=self.store.tally,
        )

    def listen(self) -> None:
        """Begin to answer, at the same address as before."""
        self._server = make_server(
            "127.0.0.1", self._port, self._serve, threaded=True, request_handler=_Quiet
        )
        self._server.daemon_threads = False  # type: ignore[attr-defined] # closing waits for them
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,))
        self._thread.start()
        self.double.sender.url = f"http://127.0.0.1:{self._port}/webhooks/{DESK}"

    def stop(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = None

    @property
    def service(self) -> Service:
        assert self._service is not None
        return self._service

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def desk(self) -> Any:
        """The adapter that the pipeline uses."""
        return self.service.helpdesks[DESK]

    def now(self) -> datetime:
        """The pipeline's time, which a test may move."""
        return datetime.now(UTC) + self.ahead

    def later(self, **much: float) -> None:
        """Let time pass for both sides' queues."""
        self.ahead += timedelta(**much)
        self.double.helpdesk.ahead += timedelta(**much)

    def open(self, text: Sequence[str] = HIGH, **values: Any) -> str:
        """A customer opens a ticket, of which nothing is told yet."""
        known = {"address": CUSTOMER, "created_at": OPENED, "identity": "client"}
        return self.double.helpdesk.open(*text, **{**known, **values})

    def send(self, number: str) -> Turn:
        """The plugin tells of a ticket, and does what it is answered."""
        return self.double.sender.send(number)

    def treated(self, text: Sequence[str] = HIGH, **values: Any) -> str:
        """A ticket that was opened, told of and decided."""
        number = self.open(text, **values)
        turn = self.send(number)
        assert turn.delivered, turn.error
        return number

    def ticket(self, number: str) -> Ticket:
        """The ticket as osTicket holds it."""
        return self.double.ticket(number)

    def state(self, number: str) -> dict[str, Any]:
        """All that can be seen of a ticket, its history too; not when it was last decided."""
        ticket = self.ticket(number)
        told = self.double.helpdesk.wire(ticket)
        del told["decided_at"], told["revision"]
        return told | {"thread": list(ticket.thread), "events": list(ticket.events)}

    def sweep(self) -> int:
        """One sweep; how many tickets it found."""
        return sweep(self.desk, self.store, now=self.now())

    def work(self, *, rounds: int = 12) -> None:
        """Work off what is due, as the engine does, without its threads."""
        for _ in range(rounds):
            taken = self.store.deliveries.take(16, slot="main", now=self.now(), lease=LEASE)
            if not taken:
                return
            for each in taken:
                try:
                    reason = self.service.pipeline.work(each)
                except Exception as error:  # noqa: BLE001 - as in the engine
                    outcome = outcome_of(error)
                else:
                    outcome = Outcome(ending="passed" if reason else "done", detail=reason)
                self.store.deliveries.settle(each.id, each.attempt, outcome, now=self.now())

    def before_write(self, act: Callable[[], object]) -> None:
        """Let something happen to a ticket between the next reading and its writing."""
        desk = self.desk
        write = desk.write

        def first(ticket: Any, update: Any) -> Any:
            desk.write = write
            act()
            return write(ticket, update)

        desk.write = first

    def states(self) -> dict[str, int]:
        """How many deliveries are in which state."""
        return {state: count for state, count in self.store.backlog().counts.items() if count}

    def decided(self) -> int:
        """How many decisions are on record."""
        return len(self.store.decisions.recent(1000))

    def doctor(self) -> dict[str, Finding]:
        """The findings by name, without the desk's own."""
        found = examine(self.settings)
        return {each.name.removeprefix(f"{DESK}: "): each for each in found}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(self.folder / "support-policy.db")) as connection, connection:
            return list(connection.execute(query))

    def stored(self) -> str:
        """The bytes of the database, as text."""
        files = self.folder.glob("support-policy.db*")
        return "".join(file.read_bytes().decode("latin-1") for file in files)

    def _answer(self, delivery: Delivery) -> Answered:
        answered = Answering(pipeline=self.service.pipeline).answer(delivery)
        self.after_decision()
        return answered

    def _serve(self, environ: Any, respond: Any) -> Any:
        return self._app(environ, respond)

    def _file(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        return file
