"""``permissions``, ``billing`` and ``doctor``, as an admin and a clerk type them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.permissions.rig import MINUTE, Rig

from support_policy.cli import group

SETTINGS = """[service]
database = "sqlite:///store.db"
[permission]
public_url = "https://policy.example.com"
keys = "keys"
{more}
[desks.desk]
kind = "memory"
webhook_tokens = ["file/token"]
"""


@dataclass(slots=True)
class Clerk:
    """Somebody at a terminal, and the tickets that the commands find."""

    folder: Path
    rig: Rig
    more: str = ""

    def types(self, *words: str) -> Result:
        file = self.folder / "support-policy.toml"
        file.write_text(SETTINGS.format(more=self.more), encoding="utf-8")
        depth = 2 if words[0] == "billing" else 1
        line = [*words[:depth], "--settings", str(file), *words[depth:]]
        return CliRunner().invoke(group, line, env={"COLUMNS": "300"})

    def works(self, minutes: int, *, blocks: int = 3, number: str = "7") -> str:
        """A request that was accepted and worked; its id."""
        ref = self.rig.opens(number)
        staff = self.rig.permitted(ref, blocks=blocks)
        self.rig.worked(ref, minutes * MINUTE)
        self.rig.work.complete(staff, agent="Ana")
        return self.rig.request(ref).id


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Clerk]:
    (tmp_path / "token").write_text("a made-up token", encoding="utf-8")
    rig = Rig(f"sqlite:///{tmp_path}/store.db", tmp_path / "keys")
    try:
        yield Clerk(tmp_path, rig)
    finally:
        rig.store.close()


def test_without_paid_help_the_commands_say_what_is_missing(clerk: Clerk) -> None:
    file = clerk.folder / "support-policy.toml"
    whole = SETTINGS.format(more="").partition("[permission]")
    file.write_text(whole[0] + whole[2].partition('keys = "keys"')[2], encoding="utf-8")
    for words in (["permissions"], ["billing", "ready"]):
        done = CliRunner().invoke(group, [*words, "--settings", str(file)])
        assert done.exit_code != 0
        assert "[permission]" in str(done.exception)


def test_what_waits_and_goes_on_is_shown_and_its_page_only_when_asked_for(clerk: Clerk) -> None:
    waiting = clerk.rig.opens("1")
    clerk.rig.asks(waiting, blocks=2)
    clerk.works(61, number="2")
    shown = clerk.types("permissions").output
    assert "desk:1" in shown
    assert "desk:2" not in shown
    assert "https://" not in shown
    everything = clerk.types("permissions", "--all", "--links").output.replace("\n", "")
    assert "completed" in everything
    assert "https://policy.example.com/paid-help/" in everything


def test_a_charge_is_shown_exported_and_billed_once(clerk: Clerk) -> None:
    request = clerk.works(61)
    assert "170.00 CAD" in clerk.types("billing", "ready").output
    (row,) = csv.DictReader(io.StringIO(clerk.types("billing", "export").output))
    assert (row["request"], row["amount"], row["standing"]) == (request, "170.00", "ready")
    done = clerk.types("billing", "billed", request, "--reference", "INV-1")
    assert (done.exit_code, "INV-1" in done.output) == (0, True)
    again = clerk.types("billing", "billed", request, "--reference", "INV-2")
    assert (again.exit_code, "billed" in again.output) == (1, True)
    assert "nothing is ready" in clerk.types("billing", "ready").output
    assert "INV-1" in clerk.types("billing", "export", "--all").output
    assert clerk.types("billing", "exceptions").output == "no exceptions\n"


def test_a_charge_that_is_not_there_cannot_be_billed(clerk: Clerk) -> None:
    done = clerk.types("billing", "billed", "PH-NOWHERE2", "--reference", "INV-1")
    assert done.exit_code == 1
    assert "no charge" in done.output


def test_work_that_nobody_ended_is_an_exception(clerk: Clerk) -> None:
    clerk.rig.now -= timedelta(days=3000)
    ref = clerk.rig.opens()
    clerk.rig.permitted(ref)
    clerk.rig.worked(ref, 20 * MINUTE)
    done = clerk.types("billing", "exceptions")
    assert done.exit_code == 1
    assert "forgotten" in done.output


@dataclass(slots=True)
class Heard:
    """What a billing system got, and what it answers."""

    answer: Callable[[dict[str, object]], tuple[int, bytes]]
    url: str = ""
    bodies: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@pytest.fixture
def billing_system() -> Iterator[Heard]:
    heard = Heard(lambda body: (200, json.dumps({"reference": f"B-{body['number']}"}).encode()))

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.bodies.append(body)
            heard.keys.append(self.headers["Idempotency-Key"])
            heard.tokens.append(self.headers["Authorization"])
            status, answer = heard.answer(body)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        heard.url = f"http://127.0.0.1:{server.server_port}/items"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield heard
        server.shutdown()
        thread.join()


@pytest.fixture
def pushing(clerk: Clerk, billing_system: Heard) -> Clerk:
    (clerk.folder / "push").write_text("a-made-up-token", encoding="utf-8")
    more = f'push_url = "{billing_system.url}"\npush_token = ["file/push"]'
    return replace(clerk, more=more)


def test_each_charge_is_pushed_once_and_noted_as_billed(
    pushing: Clerk, billing_system: Heard
) -> None:
    requests = [pushing.works(61, number="1"), pushing.works(20, number="2")]
    done = pushing.types("billing", "push")
    assert done.exit_code == 0, done.output
    assert sorted(billing_system.keys) == sorted(requests)
    assert set(billing_system.tokens) == {"Bearer a-made-up-token"}
    assert {body["amount"] for body in billing_system.bodies} == {"170.00", "85.00"}
    assert "nothing is ready" in pushing.types("billing", "push").output
    assert len(billing_system.keys) == 2
    assert "B-1" in pushing.types("billing", "export", "--all").output


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_what_the_billing_system_did_not_take_stays_ready(
    pushing: Clerk, billing_system: Heard, status: int
) -> None:
    request = pushing.works(61)
    billing_system.answer = lambda _: (status, b"no")
    done = pushing.types("billing", "push")
    assert done.exit_code != 0
    assert request in pushing.types("billing", "export").output
    billing_system.answer = lambda _: (200, b"<html>Please log in.</html>")
    done = pushing.types("billing", "push")
    assert (done.exit_code, "no answer of a billing system" in done.output) == (1, True)
    billing_system.answer = lambda _: (204, b"")
    assert pushing.types("billing", "push").exit_code == 0
    assert billing_system.keys == [request] * 3
    (row,) = csv.DictReader(io.StringIO(pushing.types("billing", "export", "--all").output))
    assert row["reference"] == request


def test_doctor_tells_of_paid_help(clerk: Clerk) -> None:
    assert "not made yet" in clerk.types("doctor").output
    clerk.works(1)
    assert "the keys are there" in clerk.types("doctor").output
    broken = replace(clerk, more='contacts = "contacts.csv"')
    assert "the list cannot be read" in broken.types("doctor").output
    (clerk.folder / "contacts.csv").write_text("address\njo@example.com\n", encoding="utf-8")
    assert "the list is read" in broken.types("doctor").output
    (clerk.folder / "keys/signing-keys.json").write_bytes(b"{}")
    done = clerk.types("doctor")
    assert done.exit_code == 1
    assert "damaged" in done.output
    shutil.rmtree(clerk.folder / "keys")
    done = clerk.types("doctor")
    assert done.exit_code == 1
    assert "missing" in done.output
    refused = clerk.types("billing", "ready")
    assert "missing" in str(refused.exception), "no other keys are made in their place"
    assert not (clerk.folder / "keys").exists()
