"""The Zendesk demo: set up by plan and apply, 200 tickets through faults, mended, and removed.

No Zendesk account can be had for a demo. A double of our own stands in for it, over real HTTP on
this machine; its rate windows run faster than Zendesk's, and the demo says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import requests
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from support_policy.demo import story as stories
from support_policy.demo.addon import AddOn
from support_policy.demo.desk import DeskError, free_port
from support_policy.demo.signals import finish_stopping
from support_policy.demo.texts import text
from support_policy.demo.zendesk_double import Plan, ZendeskDouble
from support_policy.demo.zendesk_ticket import Opened, cycled, differences, open_ticket

ADD_ON_PORT: Final = 8080
TICKETS: Final = 200
LOST: Final = 0.1
DOUBLED: Final = 0.1
SPEED: Final = 60.0
STORM_AT: Final = 0.4
STORM_SECONDS: Final = 3.0
PATIENCE: Final = 120.0
SECONDS: Final = 10.0
TITLES: Final = {
    "Support Policy: expected first response": "expected_at",
    "Support Policy: expected on": "expected_on",
    "Support Policy: class": "class",
    "Support Policy: reason": "reason",
}

SETTINGS: Final = """\
[service]
policy = "mexxus"
database = "sqlite:///support-policy.db"
listen = "{listen}"
accounts = "accounts.csv"

[desks.zendesk]
kind = "zendesk"
mode = "enforce"
allow_unconfirmed = true # the demo only: nobody has confirmed its readings
subdomain = "{subdomain}"
base_url = "{url}" # the demo only: a double on this machine
public_url = "http://{listen}"
client_id = "{run}"
client_secret = "file/zendesk-client-secret"
setup_client_id = "{setup}"
setup_client_secret = "file/zendesk-setup-secret"
signing_secrets = "file/zendesk-signing-secret"
app_users = [{program}] # the client area's account is a program, not a person
requests_per_minute = 690 # nobody else uses the account
updates_per_minute = 290
"""


class Stage:
    """The double, the add-on beside it, and what is shown of both."""

    def __init__(self, console: Console, folder: Path, *, once: bool) -> None:
        self.console = console
        self.double = ZendeskDouble(plan=Plan.ENTERPRISE, speed=SPEED, seed=7)
        self.addon = AddOn(folder / "add-on", port=free_port(0 if once else ADD_ON_PORT))
        self.settings = Path()

    def configure(self, accounts: str) -> None:
        """Write the add-on's settings for the double, which runs by now."""
        clients = self.double.clients
        settings = SETTINGS.format(
            listen=self.addon.url.removeprefix("http://"),
            subdomain=self.double.subdomain,
            url=self.double.url,
            run=clients.run.identifier,
            setup=clients.setup.identifier,
            program=self.double.service_user.id,
        )
        secrets = {
            "zendesk-client-secret": clients.run.secret,
            "zendesk-setup-secret": clients.setup.secret,
        }
        self.settings = self.addon.write(settings, accounts=accounts, secrets=secrets)

    def announce(self, line: str) -> None:
        """A line of our own."""
        self.console.print(f"[bold]{escape(line)}[/]")

    def call(self, *words: str, last: int | None = None) -> str:
        """Run a command of the add-on and show it with what it printed, or its last lines."""
        printed = self.addon.call(*words, settings=self.settings)
        self.console.print(f"[cyan]$ support-policy {' '.join(words)}[/]")
        lines = printed.rstrip().splitlines()
        for line in lines[-last:] if last else lines:
            self.console.print(f"  {escape(line)}")
        return printed

    def rest(self, method: str, path: str, body: object = None) -> Any:
        """What an admin of the account does or sees by its API."""
        email, token = self.double.api_token
        answer = requests.request(
            method,
            f"{self.double.url}/api/v2/{path}",
            json=body,
            auth=(f"{email}/token", token),
            timeout=SECONDS,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else {}


def run_zendesk(
    console: Console, stack: ExitStack, folder: Path, story: stories.Story, *, once: bool
) -> int:
    """0 when all came out as it must, 1 when not."""
    stage = Stage(console, folder, once=once)
    stack.enter_context(stage.double)
    stack.callback(stage.addon.stop)
    stack.callback(finish_stopping)
    stage.configure(story.accounts)
    stage.announce(text("zendesk.double", speed=f"{SPEED:.0f}"))
    set_up(stage)
    stage.addon.start(stage.settings)
    stage.call("doctor", "--desk", "zendesk")
    tickets = tell(stage, story)
    wrong = verdict(stage, tickets)
    if not once:
        wait(stage)
    return 1 if wrong + mended(stage) + removed(stage, tickets) else 0


def set_up(stage: Stage) -> None:
    """Show what would be made, make it, and find nothing left to do."""
    stage.call("plan", last=6)
    stage.call("apply", "--yes", last=3)
    stage.call("plan")


def tell(stage: Stage, story: stories.Story) -> tuple[Opened, ...]:
    """Open every ticket while webhooks are lost and doubled, through a storm of 429."""
    double = stage.double
    double.faults.drop, double.faults.duplicate = LOST, DOUBLED
    stage.announce(
        text("zendesk.opening", count=TICKETS, lost=f"{LOST:.0%}", doubled=f"{DOUBLED:.0%}")
    )
    tickets = track(
        tuple(cycled(story.tickets, TICKETS)),
        description=text("opening"),
        console=stage.console,
        transient=True,
        disable=not stage.console.is_terminal,
    )
    opened = []
    for place, ticket in enumerate(tickets):
        if place == int(TICKETS * STORM_AT):
            double.storm(STORM_SECONDS)
            stage.announce(text("zendesk.storm", seconds=f"{STORM_SECONDS:.0f}"))
        opened.append(open_ticket(double, ticket))
        time.sleep(0.02)
    double.settle(30)
    dropped = sum(1 for sent in double.sent if sent.dropped)
    refused = sum(1 for each in double.requests if each.status == 429)
    stage.announce(text("zendesk.faults", dropped=dropped, refused=refused))
    return tuple(opened)


def verdict(stage: Stage, tickets: Sequence[Opened]) -> int:
    """Wait until all are written, look for lost webhooks, and compare; how many are wrong."""
    stage.call("sweep")
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE and any(
        not stage.double.writes(each.number) for each in tickets
    ):
        time.sleep(0.2)
    time.sleep(1.0)  # a second write would come now
    fields = _fields(stage)
    wrong = 0
    for each in tickets:
        for difference in differences(each, stage.double, fields):
            wrong += 1
            stage.console.print(f"[red]  {each.number} {each.wanted.key}: {escape(difference)}[/]")
    lost = _metric(stage, "support_policy_lost_webhooks")
    right = text("zendesk.right", count=len(tickets), lost=lost)
    stage.announce(text("zendesk.wrong", count=len(tickets), lost=lost) if wrong else right)
    return wrong


def mended(stage: Stage) -> int:
    """Let an admin change things by hand: plan shows it, and only apply mends it."""
    stage.announce(text("zendesk.drift"))
    trigger = _ours(stage, "triggers")[0]
    macro = _ours(stage, "views")[0]
    stage.rest("PUT", f"triggers/{trigger['id']}", {"trigger": {"active": False}})
    stage.rest("DELETE", f"views/{macro['id']}")
    shown = stage.call("plan")
    still = stage.rest("GET", f"triggers/{trigger['id']}")["trigger"]["active"]
    stage.call("apply", "--yes", last=3)
    whole = stage.rest("GET", f"triggers/{trigger['id']}")["trigger"]["active"]
    after = stage.call("plan")
    return int(still or not whole or shown == after or len(_ours(stage, "views")) == 0)


def removed(stage: Stage, tickets: Sequence[Opened]) -> int:
    """Undo all of it; the tickets stay as they are."""
    before = [_kept(stage, each) for each in tickets]
    stage.addon.stop()
    stage.call("remove", "--yes", last=3)
    kinds = ("triggers", "trigger_categories", "webhooks", "macros", "views", "ticket_fields")
    left = [row for kind in kinds for row in _ours(stage, kind)]
    touched = before != [_kept(stage, each) for each in tickets]
    stage.announce(
        text("zendesk.left", count=len(left)) if left or touched else text("zendesk.removed")
    )
    return len(left) + int(touched)


def wait(stage: Stage) -> None:
    """Stay until Ctrl-C."""
    stage.announce(text("zendesk.stay", desk=stage.double.url, addon=stage.addon.url))
    try:
        while stage.addon.running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        stage.announce(text("stopping"))
        return
    words = stage.addon.log.read_text(errors="replace")[-2000:]
    raise DeskError(text("died", name=text("addon")) + "\n" + words)


def _fields(stage: Stage) -> dict[str, int]:
    rows = stage.rest("GET", "ticket_fields")["ticket_fields"]
    return {TITLES[row["title"]]: row["id"] for row in rows if row["title"] in TITLES}


def _ours(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """The things of a kind whose name says that they are ours."""
    rows = stage.rest("GET", kind)[kind]
    named = ((str(row.get("title") or row.get("name")), row) for row in rows)
    return [row for name, row in named if name.startswith("Support Policy")]


def _kept(stage: Stage, opened: Opened) -> tuple[object, ...]:
    ticket = stage.double.ticket(opened.number)
    return (ticket["priority"], ticket["status"], sorted(ticket["tags"]), ticket["updated_at"])


def _metric(stage: Stage, name: str) -> int:
    page = requests.get(f"{stage.addon.url}/metrics", timeout=SECONDS).text
    lines = (line.rpartition(" ") for line in page.splitlines() if line.startswith(f"{name}{{"))
    return int(sum(float(value) for _, _, value in lines))
