"""The one file an administrator copies into django-helpdesk, tried on a real one over HTTP."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from support_policy.demo.customer import Customer, Request, browser, log_in
from support_policy.demo.desk import Desk, free_port, listen_on

pytestmark = pytest.mark.xdist_group("django-helpdesk")

SECRET = "kQ3-a-secret-in-the-path"
TEXTS = {
    "custom_policy_class",
    "custom_policy_expected_at",
    "custom_policy_tags",
    "custom_policy_reason",
    "custom_policy_state",
}
ASK = {
    "custom_policy_fee_reason",
    "custom_policy_fee_work",
    "custom_policy_fee_blocks",
    "custom_policy_fee_permitter",
    "custom_policy_fee_ask",
}
FIELDS = TEXTS | ASK
ASKED = Request(
    queue="Support",
    requester="luc@poteriedesrives.example",
    language="fr",
    subject="Été, noël et 😀",
    body="Bonjour,\nmon site ne répond plus.",
    priority=4,
)


class Place:
    """Where the desk's webhook goes: nobody, somebody who hangs, or somebody who listens."""

    def __init__(self) -> None:
        self.port = free_port()
        # The first address never answers: what follows it must be called all the same.
        self.urls = (
            f"http://127.0.0.1:{free_port()}/nobody/{SECRET}",
            f"http://127.0.0.1:{self.port}/webhooks/helpdesk/{SECRET}",
        )

    @contextmanager
    def hangs(self) -> Iterator[None]:
        # The kernel accepts the connection; nobody ever reads or answers.
        with listen_on(self.port):
            yield

    @contextmanager
    def listens(self, status: int = 202) -> Iterator[list[dict[str, Any]]]:
        received: list[dict[str, Any]] = []

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received.append({"path": self.path, "headers": headers, "body": json.loads(body)})
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        with ThreadingHTTPServer(("127.0.0.1", self.port), Receiver) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield received
            finally:
                server.shutdown()
                thread.join()


@pytest.fixture(scope="session")
def place() -> Place:
    return Place()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, place: Place) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with Desk(folder, webhook_urls=place.urls, followup_webhook_urls=place.urls) as desk:
        yield desk


@pytest.fixture
def customer(desk: Desk) -> Iterator[Customer]:
    with Customer(desk) as customer:
        yield customer


def write(desk: Desk, number: int, **fields: object) -> None:
    with browser("en") as session:
        answer = session.patch(
            f"{desk.url}/api/tickets/{number}/",
            json=fields,
            auth=(desk.service.name, desk.service.password),
            timeout=30,
        )
    assert answer.status_code == 200, answer.text


def labels(desk: Desk) -> dict[str, str]:
    database = sqlite3.connect(desk.folder / "desk.sqlite3")
    try:
        return dict(database.execute("select name, label from helpdesk_customfield"))
    finally:
        database.close()


def migrate_again(desk: Desk) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=desk.environment(),
        cwd=desk.folder,
        check=True,
    )


@pytest.mark.parametrize("via", ["public", "agent", "rest"])
def test_a_ticket_is_taken_while_the_add_on_is_stopped(
    desk: Desk, customer: Customer, via: str
) -> None:
    ticket = desk.ticket(customer.open(via, ASKED))

    assert ticket["title"] == ASKED.subject
    assert ticket["submitter_email"] == ASKED.requester
    assert ticket["priority"] == ASKED.priority
    log = desk.log.read_text(encoding="utf-8")
    assert log.count("not delivered: ConnectionError") >= 2, "each address is tried and told of"


def test_a_ticket_is_taken_within_the_time_out_while_the_add_on_hangs(
    desk: Desk, customer: Customer, place: Place
) -> None:
    with place.hangs():
        started = time.monotonic()
        number = customer.open("public", ASKED)
        seconds = time.monotonic() - started

    assert desk.ticket(number)["title"] == ASKED.subject
    assert 2.5 < seconds < 8, "it waited for the time-out of three seconds, once"
    assert "not delivered: ReadTimeout" in desk.log.read_text(encoding="utf-8")


def test_a_private_note_is_taken_while_the_add_on_is_stopped(
    desk: Desk, customer: Customer
) -> None:
    number = customer.open("public", ASKED)
    with browser("en") as session:
        answer = session.post(
            f"{desk.url}/api/followups/",
            json={"ticket": number, "comment": "seen", "public": False},
            auth=(desk.service.name, desk.service.password),
            timeout=30,
        )

    assert answer.status_code == 201, answer.text
    assert [f["comment"] for f in desk.ticket(number)["followup_set"]][1:] == ["seen"]


def test_the_secret_in_the_path_is_never_logged(
    desk: Desk, customer: Customer, place: Place
) -> None:
    customer.open("public", ASKED)
    with place.listens(status=401):
        customer.open("public", ASKED)

    log = desk.log.read_text(encoding="utf-8")
    assert f"webhook to 127.0.0.1:{place.port} answered 401" in log
    assert SECRET not in log


def test_the_webhook_brings_the_whole_ticket_although_an_earlier_address_is_dead(
    desk: Desk, customer: Customer, place: Place
) -> None:
    with place.listens() as received:
        number = customer.open("public", ASKED)

    [hook] = received
    ticket = hook["body"]["ticket"]
    assert hook["path"] == f"/webhooks/helpdesk/{SECRET}"
    assert hook["headers"]["content-type"] == "application/json"
    assert set(hook["body"]) == {"ticket", "queue_slug"}
    assert hook["body"]["queue_slug"] == "support"
    assert ticket["id"] == number
    assert ticket["title"] == ASKED.subject
    assert ticket["description"] == ASKED.body.replace("\n", "\r\n")
    assert ticket["submitter_email"] == ASKED.requester
    assert ticket["priority"] == ASKED.priority
    assert set(ticket) == FIELDS | {
        "id",
        "queue",
        "title",
        "description",
        "resolution",
        "submitter_email",
        "assigned_to",
        "status",
        "on_hold",
        "priority",
        "due_date",
        "merged_to",
        "followup_set",
    }
    [opening] = ticket["followup_set"]
    assert opening["user"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+-0[45]:00", opening["date"])


def test_a_follow_up_is_told_with_its_number(desk: Desk, customer: Customer, place: Place) -> None:
    number = customer.open("public", ASKED)
    with place.listens() as received, browser("en") as session:
        answer = session.post(
            f"{desk.url}/api/followups/",
            json={"ticket": number, "comment": "a note", "public": False},
            auth=(desk.service.name, desk.service.password),
            timeout=30,
        )

    [hook] = received
    assert set(hook["body"]) == {"ticket", "queue_slug", "followup_id"}
    assert hook["body"]["followup_id"] == answer.json()["id"]


def test_the_fields_exist_and_take_what_is_written(desk: Desk, customer: Customer) -> None:
    number = customer.open("public", ASKED)
    assert {key for key in desk.ticket(number) if key.startswith("custom_")} == FIELDS

    written = dict.fromkeys(TEXTS, "é" * 100) | {"custom_policy_reason": "mot " * 4000 + "."}
    write(desk, number, **written)

    ticket = desk.ticket(number)
    assert {name: ticket[name] for name in TEXTS} == written
    assert {ticket[name] for name in ASK} == {None}


def test_a_program_can_empty_the_fields_again(desk: Desk, customer: Customer) -> None:
    number = customer.open("public", ASKED)
    filled: dict[str, object] = dict.fromkeys(TEXTS, "x") | {
        "custom_policy_fee_work": "x",
        "custom_policy_fee_blocks": 2,
        "custom_policy_fee_permitter": "boss@shop.example",
    }
    write(desk, number, **filled)
    write(desk, number, **dict.fromkeys(filled, None))

    ticket = desk.ticket(number)
    assert {ticket[name] for name in filled} == {None}


def test_customers_never_see_the_fields_and_agents_do(desk: Desk, customer: Customer) -> None:
    page = customer.send_public_form(ASKED)
    number = int(re.search(r"support-(\d+)", page).group(1))  # type: ignore[union-attr]
    written = {name: f"hidden-{name}" for name in TEXTS | {"custom_policy_fee_work"}}
    write(desk, number, **written, custom_policy_fee_permitter="hidden-boss@mexxus.example")

    with browser("fr") as public, log_in(desk, desk.colleague) as staff:
        shown = public.get(f"{desk.url}{page}", timeout=30)
        form = public.get(f"{desk.url}/tickets/submit/", timeout=30)
        agents = staff.get(f"{desk.url}/tickets/{number}/", timeout=30)

    assert shown.status_code == form.status_code == agents.status_code == 200
    assert ASKED.subject in shown.text, "this is the customer's page of the ticket"
    assert "hidden-" not in shown.text
    assert "Policy" not in shown.text
    assert "Paid help" not in shown.text + form.text
    assert "policy_" not in form.text
    assert all(value in agents.text for value in written.values())


def test_an_agents_reply_from_a_page_opened_before_leaves_the_fields(
    desk: Desk, customer: Customer
) -> None:
    number = customer.open("public", ASKED)
    with log_in(desk, desk.colleague) as staff:
        page = staff.get(f"{desk.url}/tickets/{number}/", timeout=30).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        write(desk, number, custom_policy_class="medium.website_offline")
        answer = reply(desk, staff, number, token.group(1))  # type: ignore[union-attr]

    assert answer.status_code == 302, answer.text
    ticket = desk.ticket(number)
    assert ticket["followup_set"][-1]["comment"] == "We are looking."
    assert ticket["custom_policy_class"] == "medium.website_offline"


def reply(desk: Desk, staff: requests.Session, number: int, token: str) -> requests.Response:
    form = {
        "csrfmiddlewaretoken": token,
        "comment": "We are looking.",
        "public": "1",
        "title": ASKED.subject,
        "queue": str(desk.queues["Support"]),
        "priority": str(ASKED.priority),
        "submitter_email": ASKED.requester,
        "new_status": "1",
        "owner": "-1",
    }
    url = f"{desk.url}/tickets/{number}/update/"
    return staff.post(url, data=form, allow_redirects=False, timeout=30)


def test_migrating_again_adds_nothing_and_keeps_an_administrators_own_label(desk: Desk) -> None:
    database = sqlite3.connect(desk.folder / "desk.sqlite3")
    with database:
        database.execute(
            "update helpdesk_customfield set label = 'Ours' where name = 'policy_state'"
        )
        database.execute("delete from helpdesk_customfield where name = 'policy_expected_at'")
    database.close()

    migrate_again(desk)

    assert labels(desk) == {
        "policy_class": "Policy class",
        "policy_expected_at": "Expected first reply",
        "policy_tags": "Policy tags",
        "policy_reason": "Policy reason",
        "policy_state": "Ours",
        "policy_fee_reason": "Paid help: why / pourquoi",
        "policy_fee_work": "Paid help: work / travail",
        "policy_fee_blocks": "Paid help: blocks / blocs",
        "policy_fee_permitter": "Paid help: who / qui",
        "policy_fee_ask": "Paid help: ask / demander",
    }
    assert all(len(label) <= 30 for label in labels(desk).values()), "as the desk's column holds"


def asked_on(desk: Desk, number: int) -> bool:
    """Tick the box on the edit page; whether the desk kept it with a record of who asked."""
    now = desk.ticket(number)
    with log_in(desk, desk.colleague) as staff:
        url = f"{desk.url}/tickets/{number}/edit/"
        page = staff.get(url, timeout=30).text
        form = dict(re.findall(r'name="(csrfmiddlewaretoken|secret_key)" value="([^"]*)"', page))
        form |= {name: str(now[name]) for name in ("title", "queue", "submitter_email", "priority")}
        form |= {"description": now["description"], "custom_policy_fee_ask": "on"}
        answer = staff.post(url, data=form, allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    after = desk.ticket(number)
    return after["custom_policy_fee_ask"] is True and after["followup_set"][-1]["comment"].endswith(
        "[paid-help asked]"
    )


def test_an_ask_is_kept_while_the_add_on_is_stopped(desk: Desk, customer: Customer) -> None:
    assert asked_on(desk, customer.open("public", ASKED))


def test_an_ask_is_kept_within_the_time_out_while_the_add_on_hangs(
    desk: Desk, customer: Customer, place: Place
) -> None:
    number = customer.open("public", ASKED)
    with place.hangs():
        started = time.monotonic()
        kept = asked_on(desk, number)
        seconds = time.monotonic() - started
    assert kept
    assert 2.5 < seconds < 8, "it waited for the time-out of three seconds, once"


def test_an_ask_is_told_as_any_follow_up_is(desk: Desk, customer: Customer, place: Place) -> None:
    number = customer.open("public", ASKED)
    with place.listens() as received:
        asked_on(desk, number)

    [hook] = received
    assert set(hook["body"]) == {"ticket", "queue_slug", "followup_id"}
    assert hook["body"]["ticket"]["custom_policy_fee_ask"] is True
    last = desk.ticket(number)["followup_set"][-1]
    assert (hook["body"]["followup_id"], last["public"]) == (last["id"], False)


def test_the_file_needs_nothing_but_django_requests_and_the_help_desk(desk: Desk) -> None:
    copied = (desk.folder / "support_policy_desk.py").read_text(encoding="utf-8")
    imports = set(re.findall(r"^\s*(?:from|import) (\w+)", copied, flags=re.MULTILINE))

    assert imports - set(sys.stdlib_module_names) == {"django", "requests", "helpdesk"}


def test_passwords_and_tokens_stay_out_of_the_desks_log(desk: Desk, customer: Customer) -> None:
    customer.open("rest", ASKED)
    text = Path(desk.log).read_text(encoding="utf-8")

    assert not [person.name for person in desk.people if person.password in text]
