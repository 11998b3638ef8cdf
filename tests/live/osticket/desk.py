"""One live osTicket with everybody around it, and our plugin in it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tests.guards.tree import ROOT
from tests.live.osticket.admin import Admin
from tests.live.osticket.agent import Agent
from tests.live.osticket.customer import Customer, Programs, Request
from tests.live.osticket.routes import Routes, new_secret
from tests.live.osticket.ticket_page import Seen

PREFIX = "SUPPORT_POLICY_OSTICKET_"
NEEDED = ("URL", "API_KEY", "ADMIN", "PASSWORD", "FILES")
SOURCE = ROOT / "plugin" / "osticket" / "support_policy"

# The plugin's form: what stands over its fields, and the names of its boxes.
URL, SECRET, PREVIOUS = "Address of the service", "Secret", "Previous secret"
MODE, TICKETS = "Mode", "Tickets"
PRIVATE, FORGET = "allow_private", "forget_previous"
WRITES_DEPARTMENT, REMOVE = "write_department", "remove_everything"

T = TypeVar("T")


def missing() -> list[str]:
    """The variables that are not set; the tests run when there is none."""
    return [PREFIX + name for name in NEEDED if not os.environ.get(PREFIX + name)]


def until(found: Callable[[], T | None], what: str, *, seconds: float = 15.0) -> T:
    """What is found, as soon as it is."""
    end = time.monotonic() + seconds
    while True:
        value = found()
        if value:
            return value
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)


@dataclass(slots=True)
class Opened:
    """A ticket: its number for customers and routes, its id for the staff's pages."""

    number: str
    id: int
    took: float = 0.0


@dataclass(kw_only=True)
class Desk:
    """The help desk; `secrets` are those that the plugin was last given."""

    url: str
    key: str
    login: tuple[str, str]
    files: Path
    secrets: Sequence[str] = field(default_factory=lambda: (new_secret(),))

    @classmethod
    def from_environment(cls) -> Desk:
        """The one that the variables name."""
        value = {name: os.environ[PREFIX + name] for name in NEEDED}
        return cls(
            url=value["URL"].rstrip("/"),
            key=value["API_KEY"],
            login=(value["ADMIN"], value["PASSWORD"]),
            files=Path(value["FILES"]),
        )

    # People

    @cached_property
    def admin(self) -> Admin:
        """The admin, in the control panel."""
        admin = Admin(self.url)
        admin.log_in(*self.login)
        return admin

    @cached_property
    def agent(self) -> Agent:
        """The same person as an agent, in another browser."""
        agent = Agent(self.url)
        agent.log_in(*self.login)
        agent.zone = self.zone
        return agent

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the pages."""
        page = self.admin.get("scp/settings.php?t=system")
        chosen = page.css_first("select[name=default_timezone] option[selected]")
        return ZoneInfo((chosen.attributes["value"] if chosen else None) or "UTC")

    @cached_property
    def programs(self) -> Programs:
        """Those who have the API key."""
        return Programs(self.url, self.key)

    @property
    def routes(self) -> Routes:
        """Whoever has key and secrets."""
        return Routes(url=self.url, key=self.key, secrets=self.secrets)

    # Tickets

    def by_web(self, request: Request, *, forged: Mapping[str, str] | None = None) -> Opened:
        """A guest fills in the form."""
        guest = Customer(self.url, language=request.language)
        return self._web(guest, request, forged)

    def by_client(self, client: Customer, request: Request) -> Opened:
        """A client who is logged in fills in the form."""
        return self._web(client, request, None)

    def _web(
        self, customer: Customer, request: Request, forged: Mapping[str, str] | None
    ) -> Opened:
        form = customer.written(request, forged)
        begin = time.monotonic()
        customer.submit(form)
        took = time.monotonic() - begin
        ticket = self.agent.newest(request.subject)
        return Opened(self.agent.see(ticket).number, ticket, took)

    def by_api(self, request: Request, **more: Any) -> Opened:
        """A program opens it."""
        begin = time.monotonic()
        number = self.programs.open(request, **more)
        took = time.monotonic() - begin
        return Opened(number, self.agent.find(number), took)

    def by_agent(self, request: Request, **chosen: str) -> Opened:
        """An agent opens it for somebody who wrote to them, or who called."""
        ticket = self.agent.open(request, **chosen)
        return Opened(self.agent.see(ticket).number, ticket)

    def by_mail(self, request: Request, **headers: str) -> Opened:
        """It comes as an e-mail."""
        number = self.programs.mail(request, **headers)
        return Opened(number, self.agent.find(number))

    def see(self, ticket: Opened) -> Seen:
        """Its page, as an agent sees it."""
        return self.agent.see(ticket.id)

    def decided(self, ticket: Opened, *, seconds: float = 15.0) -> dict[str, Any]:
        """The ticket as the plugin reads it, once a decision was applied.

        Cron helps after a moment: for a while after nobody answered, only cron sends.
        """
        alone = time.monotonic() + 3.0

        def look() -> dict[str, Any] | None:
            found = self.routes.ticket(ticket.number)
            if not found["decided_at"] and time.monotonic() > alone:
                self.programs.cron()
            return found if found["decided_at"] else None

        return until(look, f"a decision on #{ticket.number}", seconds=seconds)

    def waiting(self) -> int:
        """How many events wait to be sent."""
        return int(self.routes.status()["outbox"]["waiting"])

    def drain(self, *, seconds: float = 150.0) -> None:
        """Run cron until nothing waits: what failed once is due again after half a minute."""

        def run() -> bool:
            self.programs.cron()
            return self.waiting() == 0

        until(run, "an empty outbox", seconds=seconds)

    # The plugin

    def copy_plugin(self) -> None:
        """Put the plugin's folder where osTicket looks for it, as an admin does."""
        target = self.files / "include" / "plugins" / "support_policy"
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(SOURCE, target)

    def install(self) -> None:
        """Install it unless it is."""
        self.copy_plugin()
        if self.admin.plugin() is None:
            self.admin.install()

    def configure(
        self,
        url: str,
        *,
        mode: str = "Enforce",
        tickets: str = "All new tickets",
        secrets: Sequence[str] | None = None,
    ) -> None:
        """Fill in the instance's form, and enable what is not enabled."""
        form = self.admin.instance()
        form.put("name", "Support Policy")
        form.put("isactive", "1")
        form.fill(URL, url)
        form.tick(PRIVATE)
        form.pick(form.name(MODE), mode)
        form.pick(form.name(TICKETS), tickets)
        self.secrets = secrets or self.secrets
        form.fill(SECRET, self.secrets[0])
        if len(self.secrets) > 1:
            form.fill(PREVIOUS, self.secrets[1])
        self.admin.save(form)
        if not self.admin.plugin_is_enabled():
            self.admin.enable()
