"""A fresh django-helpdesk in a folder, run as its own process on 127.0.0.1."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import requests

import support_policy
from support_policy.demo.desk_project.prepare import QUEUES

PROJECT: Final = "support_policy.demo.desk_project"
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0


class DeskError(RuntimeError):
    """The demo's help desk could not be made or started; the message holds its log's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone with a log-in on the help desk."""

    name: str
    email: str
    superuser: bool = False
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)


class Desk:
    """One help desk: `prepare` it, `start` it, `stop` it (or use it as a context manager)."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        webhook_urls: tuple[str, ...] = (),
        followup_webhook_urls: tuple[str, ...] = (),
        mail_folder: Path | None = None,
    ) -> None:
        """Take `port` at once (0: any free one), so that nobody else does before the start.

        What the desk mails is kept in `mail_folder`; without one it goes nowhere.
        """
        self.folder = folder
        self.webhook_urls = webhook_urls
        self.followup_webhook_urls = followup_webhook_urls
        self.mail_folder = mail_folder
        self.agent = Person(name="agent", email="agent@mexxus.example", superuser=True)
        self.colleague = Person(name="colleague", email="colleague@mexxus.example")
        self.service = Person(name="support-policy", email="support-policy@mexxus.example")
        self.client_area = Person(name="client-area", email="client-area@mexxus.example")
        self.people = (self.agent, self.colleague, self.service, self.client_area)
        # A fresh desk numbers its users and queues in the order it makes them.
        self.users = {person.name: number for number, person in enumerate(self.people, start=1)}
        self.queues = {title: number for number, (title, _, _) in enumerate(QUEUES, start=1)}
        self._secret_key = secrets.token_urlsafe(48)
        self._process: subprocess.Popen[bytes] | None = None
        self._listener = listen_on(port)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process that was started; None before and after."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        """What the help desk wrote on its standard output and error."""
        return self.folder / "desk.log"

    def prepare(self) -> None:
        """Make the database, its people and queues (about three seconds)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # As an administrator does: the one file, beside the settings.
        here = Path(support_policy.__file__).parent
        shutil.copy(here / "helpdesks/django_helpdesk/support_policy_desk.py", self.folder)
        people = [
            {"name": p.name, "email": p.email, "superuser": p.superuser, "password": p.password}
            for p in self.people
        ]
        done = subprocess.run(
            [sys.executable, "-m", f"{PROJECT}.prepare"],
            input=json.dumps({"people": people}).encode(),
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise DeskError(f"the help desk was not made:\n{_end(done.stderr)}")

    def start(self) -> None:
        """Run the help desk and return when it answers."""
        number = self._listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "-c", f"python:{PROJECT}.gunicorn_conf"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-b", f"fd://{number}", f"{PROJECT}.wsgi:application"],
                env=self.environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(number,),
                # Ctrl-C in a terminal reaches only us; we stop it by its handle.
                start_new_session=True,
            )
        try:
            wait_until_it_answers(f"{self.url}/login/", self._process, self.log)
        except BaseException:
            self.stop()
            raise

    def halt(self) -> None:
        """End the help desk's process but keep its port, as a desk that hangs does."""
        if self._process:
            end(self._process)
            self._process = None

    def stop(self) -> None:
        """End the help desk's process, gently first; harmless when it does not run."""
        self.halt()
        self._listener.close()

    def ticket(self, number: int) -> dict[str, Any]:
        """Read one ticket over REST, as the service account."""
        with _plain_session() as session:
            answer = session.get(
                f"{self.url}/api/tickets/{number}/",
                auth=(self.service.name, self.service.password),
                timeout=30,
            )
        answer.raise_for_status()
        ticket: dict[str, Any] = answer.json()
        return ticket

    def environment(self) -> dict[str, str]:
        """What the desk's own processes find in their environment."""
        root = str(Path(support_policy.__file__).parents[1])
        return child_environment() | {
            "PYTHONPATH": os.pathsep.join((str(self.folder), root)),
            "DJANGO_SETTINGS_MODULE": f"{PROJECT}.settings",
            "DESK_FOLDER": str(self.folder),
            "DESK_SECRET_KEY": self._secret_key,
            "DESK_WEBHOOK_URLS": " ".join(self.webhook_urls),
            "DESK_FOLLOWUP_WEBHOOK_URLS": " ".join(self.followup_webhook_urls),
            "DESK_MAIL_FOLDER": str(self.mail_folder or ""),
        }


def child_environment() -> dict[str, str]:
    """Our environment without what would bend a child: gunicorn's arguments, proxies."""
    dropped = {"GUNICORN_CMD_ARGS", "WEB_CONCURRENCY"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def listen_on(port: int) -> socket.socket:
    """Bind and listen on a port of 127.0.0.1 (0: any free one)."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener


def free_port(preferred: int = 0) -> int:
    """Return the preferred port when nobody has it, else any free one."""
    for candidate in (preferred, 0):
        try:
            with listen_on(candidate) as listener:
                port: int = listener.getsockname()[1]
                return port
        except OSError:
            continue
    raise DeskError("no free port on 127.0.0.1")


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `url` answers 200; DeskError when the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    with _plain_session() as session:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if session.get(url, timeout=2).status_code == requests.codes.ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
    raise DeskError(f"{url} does not answer:\n{_end(log.read_bytes())}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process by its handle: ask, wait, then insist."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def _plain_session() -> requests.Session:
    # No proxy and no ~/.netrc between us and our own machine.
    session = requests.Session()
    session.trust_env = False
    return session


def _end(output: bytes, characters: int = 2000) -> str:
    return output.decode(errors="replace")[-characters:]
