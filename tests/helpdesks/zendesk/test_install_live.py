"""Setting an account up over HTTP, against the double of Zendesk."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from tests.helpdesks.zendesk.installed import URL, silence
from tests.zendesk_wire.wire import violations

from support_policy.core.policy import Policy
from support_policy.core.reply import load_replies
from support_policy.demo.zendesk_double import Plan, ZendeskDouble
from support_policy.errors import UnavailableError
from support_policy.helpdesks.http import Response, Session, new_session
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.checkup import examine_installation
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.helpdesks.zendesk.secret_file import SecretFile
from support_policy.helpdesks.zendesk.tokens import Client, ClientToken

REPLIES = load_replies(files("support_policy").joinpath("policies", "mexxus"))
STRIDE = 6  # every request in turn is cut in test_install, in memory


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Mortal:
    """A session whose request of this number meets a fault of the double's."""

    session: Session
    double: ZendeskDouble
    dies_at: int = 0
    fault: str = "reset"
    count: int = 0

    def request(self, *arguments: Any, **more: Any) -> Response:
        self.count += 1
        if self.count == self.dies_at:
            setattr(self.double.faults, self.fault, 1)
        return self.session.request(*arguments, **more)


@dataclass(slots=True)
class Setting:
    """One account and the folder and notebook of one add-on."""

    double: ZendeskDouble
    folder: Path
    policy: Policy
    notebook: MemoryNotebook

    def installation(
        self, *, dies_at: int = 0, fault: str = "reset", url: str = URL, language: str = "en"
    ) -> Installation:
        """As the settings would make it; each has a log-in of its own."""
        setup = self.double.clients.setup
        client = Client(identifier=setup.identifier, secret=setup.secret, scopes=("read", "write"))
        mortal = Mortal(new_session(), self.double, dies_at, fault)
        session = cast("Session", mortal)
        api = Api(
            origin=self.double.url,
            token=ClientToken(self.double.url, client, session, clock=now),
            session=session,
            notebook=self.notebook,
            budgets=(),
            clock=now,
        )
        return Installation(
            api=api,
            notebook=self.notebook,
            account=self.double.subdomain,
            desk="desk",
            public_url=url,
            policy=self.policy,
            replies=REPLIES,
            secret_file=SecretFile(path=self.folder / "secret"),
            language=language,
        )

    def apply(self, **how: Any) -> Installation:
        installation = self.installation(**how)
        installation.apply(installation.plan(), silence)
        return installation

    def state(self) -> dict[str, list[Any]]:
        """What is there, whatever its ids."""
        account = self.double.account
        fields = {field["id"]: field["title"] for field in account.fields.all()}
        shelves = {
            "categories": account.triggers.categories,
            "triggers": account.triggers.shelf,
            "webhooks": account.webhooks.shelf,
            "items": account.items,
            "macros": account.macros,
            "views": account.views,
            "schedules": account.schedules,
            "slas": account.sla_policies,
        }
        found = {
            name: sorted(each.get("title") or each["name"] for each in shelf)
            for name, shelf in shelves.items()
        }
        for schedule in account.schedules:
            found["hours"] = sorted(map(str, schedule["intervals"]))
            found["holidays"] = sorted(each["name"] for each in schedule["holidays"])
        forms = [[fields[each] for each in form["ticket_field_ids"]] for form in account.forms]
        return {**found, "fields": sorted(fields.values()), "forms": forms}


@pytest.fixture(params=list(Plan), ids=lambda plan: plan.name.lower())
def setting(request: pytest.FixtureRequest, tmp_path: Path, policy: Policy) -> Iterator[Setting]:
    with ZendeskDouble(request.param, speed=6000) as double:
        yield Setting(double, tmp_path, policy, MemoryNotebook())


def test_applied_once_there_is_nothing_left_to_plan_and_removed_nothing_left_of_it(
    setting: Setting,
) -> None:
    before = setting.state()
    applied = setting.apply()
    assert not applied.plan()
    first = setting.state()
    setting.apply()
    assert setting.state() == first
    again = setting.installation()
    again.apply(again.removal(), silence)
    assert setting.state() == before
    assert not again.removal()


def test_only_documented_requests_are_sent_and_no_ticket_is_asked_for(setting: Setting) -> None:
    applied = setting.apply()
    applied.apply(applied.removal(), silence)
    assert setting.double.requests
    for each in setting.double.requests:
        assert "/tickets" not in each.path
        assert violations(each.method, each.path, each.query, each.headers, each.body) == []


def test_the_secret_in_the_file_is_the_one_that_signs(setting: Setting) -> None:
    applied = setting.apply()
    webhook = applied.known["webhook"]["tickets"]
    secret = setting.double.account.webhooks.secret(webhook)
    assert applied.secret_file.secrets() == (secret,)
    fresh = setting.double.reset_webhook_secret(webhook)
    (step,) = applied.plan().steps
    assert step.kind == "signing_secret"
    setting.apply()
    assert applied.secret_file.secrets() == (fresh, secret)


def test_a_basic_priority_field_is_a_warning(setting: Setting) -> None:
    setting.double.faults.priority_basic()
    applied = setting.apply()
    assert "Low and Urgent are missing: Low will be kept as Normal" in applied.plan().warnings


def test_drift_of_every_kind_is_shown_and_mended(setting: Setting) -> None:
    applied = setting.apply()
    whole, account = setting.state(), setting.double.account
    for shelf in (account.triggers.shelf, account.views, account.macros):
        for each in shelf:
            each["active"] = False
    for each in (*account.items, *account.schedules):
        each["name"] = "Renamed"
    for each in account.sla_policies:
        each["policy_metrics"] = []
    changed = applied.plan()
    assert changed.steps
    assert {str(step.action) for step in changed.steps} == {"change"}
    applied.apply(changed, silence)
    assert not applied.plan()
    assert setting.state() == whole


def test_an_account_becomes_french_and_english_again_without_anything_made_twice(
    setting: Setting,
) -> None:
    setting.apply()
    english = setting.state()
    french = setting.apply(language="fr")
    assert not french.plan()
    assert "Politique de soutien : motif" in setting.state()["fields"]
    assert not setting.apply().plan()
    assert setting.state() == english


@pytest.mark.parametrize("fault", ["reset", "broken", "lose_write_answers"])
def test_a_run_that_dies_goes_on_to_the_same_end(
    fault: str, tmp_path: Path, policy: Policy
) -> None:
    with ZendeskDouble(Plan.PROFESSIONAL, speed=6000) as double:
        setting = Setting(double, tmp_path, policy, MemoryNotebook())
        setting.apply()
        whole, requests = setting.state(), len(double.requests)
        for number in range(1, requests, STRIDE):
            installation = setting.installation()
            installation.apply(installation.removal(), silence)
            died = True
            try:
                setting.apply(dies_at=number, fault=fault)
                died = False
            except UnavailableError:
                again = setting.apply()
                assert not again.plan()
            assert setting.state() == whole, f"request {number}"
            assert died or fault == "lose_write_answers"
            double.faults.calm()


class Endpoint(BaseHTTPRequestHandler):
    """Where a webhook goes; answers with the status of its server."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.calls, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "well"), [(200, True), (401, False)])
def test_doctor_lets_zendesk_call_us_and_looks_at_the_answer(
    status: int, setting: Setting, endpoint: Any, *, well: bool
) -> None:
    endpoint.status = status
    installation = setting.installation(url=f"http://127.0.0.1:{endpoint.server_port}")
    installation.apply(installation.plan(), silence)
    found = {each.name: each.ok for each in examine_installation(installation, desk="desk")}
    assert found.pop("webhook") is well
    assert all(found.values())
    ((path, headers, body),) = endpoint.calls
    assert (path, json.loads(body)) == ("/webhooks/desk", {"event": "ping"})
    assert "X-Zendesk-Webhook-Signature" in headers
