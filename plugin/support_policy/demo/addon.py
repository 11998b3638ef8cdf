"""The add-on as the demo runs it: its settings in a folder, its server as a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from support_policy.demo.desk import Desk, DeskError, child_environment, end, wait_until_it_answers

SETTINGS: Final = """\
[service]
policy = "mexxus"
database = "sqlite:///support-policy.db"
listen = "{listen}"
accounts = "accounts.csv"

[desks.helpdesk]
kind = "django-helpdesk"
mode = "enforce"
allow_unconfirmed = true # the demo only: nobody has confirmed its readings
url = "{url}"
username = "{username}"
password = "file/helpdesk-password"
webhook_tokens = ["file/webhook-token"]
app_users = [{program}] # the client area's account is a program, not a person
"""


class AddOn:
    """`support-policy serve` for one desk, on a port of 127.0.0.1; and its other commands."""

    def __init__(self, folder: Path, *, port: int, token: str = "") -> None:
        """`token` is the secret part of the path that the desk's webhook calls, if it needs one."""
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self._listen = f"127.0.0.1:{port}"
        self._token = token
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def webhook_url(self) -> str:
        """What the desk calls for every new ticket; holds the secret."""
        return f"{self.url}/webhooks/helpdesk/{self._token}"

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
        """What it wrote on its standard output and error."""
        return self.folder / "support-policy.log"

    def configure(self, desk: Desk, accounts: str, *, more: str = "") -> Path:
        """Write what a django-helpdesk needs, and `more` settings; return the settings' path."""
        settings = SETTINGS.format(
            listen=self._listen,
            url=desk.url,
            username=desk.service.name,
            program=desk.users[desk.client_area.name],
        )
        settings += more
        secrets = {"helpdesk-password": desk.service.password, "webhook-token": self._token}
        return self.write(settings, accounts=accounts, secrets=secrets)

    def write(self, settings: str, *, accounts: str, secrets: Mapping[str, str]) -> Path:
        """Write settings, registered senders, and secrets by their files; the settings' path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "support-policy.toml"
        path.write_text(settings, encoding="utf-8")
        (self.folder / "accounts.csv").write_text(accounts, encoding="utf-8")
        for name, secret in secrets.items():
            file = self.folder / name
            file.touch(mode=0o600)
            file.write_text(secret, encoding="utf-8")
        return path

    def call(self, *words: str, settings: Path, depth: int = 1) -> str:
        """Run a command of the add-on as an admin does; what it printed.

        The command's own name has `depth` words. DeskError when it failed.
        """
        done = subprocess.run(
            [
                *(sys.executable, "-m", "support_policy.cli"),
                *(*words[:depth], "--settings", str(settings), *words[depth:]),
            ],
            env=child_environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = f"{done.stdout}\n{done.stderr}".strip()
            raise DeskError(
                f"support-policy {words[0]} ended with {done.returncode}:\n{said[-2000:]}"
            )
        return done.stdout

    def start(self, settings: Path, *, moved: bool = False) -> None:
        """Run it and return when it answers; with a clock that can be moved if `moved`."""
        serve = ["support_policy.cli", "serve", "--settings"]
        module, *words = ["support_policy.demo.moved_clock"] if moved else serve
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *words, str(settings)],
                env=child_environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_until_it_answers(f"{self.url}/readyz", self._process, self.log)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End its process, gently first; harmless when it does not run."""
        if self._process:
            end(self._process)
            self._process = None
