"""The real service, as an admin runs it: `support-policy serve` with a settings file."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import requests

from support_policy.demo.desk import child_environment, free_port

DESK = "osticket"
SETTINGS = """\
[service]
policy = "mexxus"
database = "sqlite:///support-policy.db"
listen = "127.0.0.1:{port}"
{accounts}

[desks.{desk}]
kind = "osticket"
mode = "{mode}"
language = "{language}"
allow_unconfirmed = true
url = "{url}"
api_key = "file/api-key"
secrets = [{secrets}]
departments = {{ {departments} }}
"""


class Service:
    """One service; it can be killed, and started again on the same port and database."""

    def __init__(self, folder: Path, *, desk_url: str, key: str, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/webhooks/{DESK}"
        self._desk_url = desk_url
        self._key = key
        self._process: subprocess.Popen[bytes] | None = None

    def configure(
        self,
        secrets: Sequence[str],
        *,
        mode: str = "enforce",
        language: str = "en",
        accounts: str = "",
        departments: str = "",
        key: str = "",
    ) -> None:
        """Write the settings; they hold from the next start."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for index, secret in enumerate(secrets):
            self._file(f"secret-{index}", secret)
        self._file("api-key", key or self._key)
        if accounts:
            self._file("accounts.csv", accounts)
        text = SETTINGS.format(
            port=self.port,
            desk=DESK,
            mode=mode,
            language=language,
            url=self._desk_url,
            secrets=", ".join(f'"file/secret-{index}"' for index in range(len(secrets))),
            accounts='accounts = "accounts.csv"' if accounts else "",
            departments=departments,
        )
        self._file("support-policy.toml", text)

    def _file(self, name: str, text: str) -> None:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; it answers when this returns."""
        if self._process is None:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command("serve"),
                    cwd=self.folder,
                    env=child_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        self._wait()

    def kill(self) -> None:
        """Let it die at once, with all its processes, as a machine does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # its own group: see start_new_session
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it gently."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command of the product, as an admin runs it."""
        return subprocess.run(
            self._command(*words),
            cwd=self.folder,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the service's database holds."""
        with contextlib.closing(sqlite3.connect(self.folder / "support-policy.db")) as database:
            return list(database.execute(query, values))

    @property
    def log(self) -> Path:
        """What it said."""
        return self.folder / "support-policy.log"

    def _command(self, name: str, *options: str) -> list[str]:
        settings = str(self.folder / "support-policy.toml")
        return [sys.executable, "-m", "support_policy.cli", name, "--settings", settings, *options]

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + 60
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < end and self._process.poll() is None:
                with contextlib.suppress(requests.RequestException):
                    address = f"http://127.0.0.1:{self.port}/readyz"
                    if session.get(address, timeout=2).status_code == requests.codes.ok:
                        return
                time.sleep(0.05)
        raise AssertionError(self.log.read_text(encoding="utf-8")[-3000:])
