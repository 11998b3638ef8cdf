"""A help desk for the story of a permission: what its people do, and what stands on its tickets."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import requests

from support_policy.demo.addon import AddOn
from support_policy.demo.customer import CSRF, Customer, Request, log_in
from support_policy.demo.desk import Desk
from support_policy.demo.moved_clock import move
from support_policy.demo.story import ZONE
from support_policy.demo.zendesk_double import Plan, ZendeskDouble
from support_policy.demo.zendesk_run import SETTINGS as ZENDESK_SETTINGS
from support_policy.demo.zendesk_run import SPEED

REQUESTER: Final = "nadia@boulangerietremblay.example"
SUBJECT: Final = "Mes courriels du comptoir n'arrivent plus"
BODY: Final = (
    "Bonjour,\n\nDepuis que j'ai changé de logiciel de caisse, les courriels de commande "
    "n'arrivent plus au comptoir. Pouvez-vous régler le logiciel pour moi?\n\n"
    "Merci,\nNadia Tremblay"
)
CONTACTS: Final = f"address\n{REQUESTER}\n"
ACCOUNTS: Final = f"address,account,reseller\n{REQUESTER},boulangerie-tremblay,\n"
PERMISSION: Final = """
[permission]
public_url = "{url}"
keys = "permission-keys"
contacts = "contacts.csv"
"""
SECONDS: Final = 30.0
MACRO: Final = "Support Policy::Ask permission for paid help"
_INITIAL: Final = re.compile(r'<input type="hidden" name="(initial-[^"]+)"(?: value="([^"]*)")?')
_SECRET: Final = re.compile(r'name="secret_key" value="([^"]*)"')


class Scene(Protocol):
    """One help desk and the add-on beside it."""

    @property
    def addon(self) -> AddOn:
        """The add-on."""

    def start(self) -> Path:
        """Start both; the add-on's settings."""

    def open_ticket(self) -> int:
        """The customer opens the story's ticket; its number."""

    def ask(self, ticket: int, *, work: str, blocks: int) -> None:
        """An agent asks for permission as the desk's agents do."""

    def public(self, ticket: int) -> list[str]:
        """What our messages say to the customer, the oldest first."""

    def private(self, ticket: int) -> list[str]:
        """What our notes say to staff."""

    def tags(self, ticket: int) -> set[str]:
        """The ticket's tags."""

    def move_clock(self, by: timedelta) -> None:
        """Let so much time pass, for the add-on and, where it must agree, for the desk."""

    def stop(self) -> None:
        """End both."""


class DjangoScene:
    """A real django-helpdesk."""

    def __init__(self, folder: Path, *, addon_port: int, desk_port: int, token: str) -> None:
        self.addon = AddOn(folder / "add-on", port=addon_port, token=token)
        urls = (self.addon.webhook_url,)
        self.desk = Desk(
            folder / "help-desk", port=desk_port, webhook_urls=urls, followup_webhook_urls=urls
        )

    def start(self) -> Path:
        """Start the desk, then the add-on."""
        self.desk.prepare()
        self.desk.start()
        settings = self.addon.configure(self.desk, ACCOUNTS, more=_permission(self.addon))
        (self.addon.folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
        self.addon.start(settings, moved=True)
        return settings

    def open_ticket(self) -> int:
        """By the public form."""
        with Customer(self.desk) as customer:
            return customer.by_public_form(
                Request(
                    queue="Support",
                    requester=REQUESTER,
                    language="fr",
                    subject=SUBJECT,
                    body=BODY,
                    priority=3,
                )
            )

    def ask(self, ticket: int, *, work: str, blocks: int) -> None:
        """On the ticket's edit page, by the fields of ours."""
        with log_in(self.desk, self.desk.agent) as session:
            url = f"{self.desk.url}/tickets/{ticket}/edit/"
            page = session.get(url, timeout=SECONDS).text
            form = self._shown(page, ticket) | {
                "custom_policy_fee_reason": _reason(page),
                "custom_policy_fee_work": work,
                "custom_policy_fee_blocks": str(blocks),
                "custom_policy_fee_ask": "on",
            }
            answer = session.post(url, data=form, allow_redirects=False, timeout=SECONDS)
        if answer.status_code != requests.codes.found:
            raise RuntimeError(f"the edit page answered {answer.status_code}: {answer.text[:500]}")

    def public(self, ticket: int) -> list[str]:
        """Our public follow-ups."""
        return self._said(ticket, public=True)

    def private(self, ticket: int) -> list[str]:
        """Our private ones."""
        return self._said(ticket, public=False)

    def tags(self, ticket: int) -> set[str]:
        """The field of ours that holds tags."""
        return set((self.desk.ticket(ticket)["custom_policy_tags"] or "").split())

    def move_clock(self, by: timedelta) -> None:
        """The desk's own time plays no part in it."""
        move(self.addon.folder, by)

    def stop(self) -> None:
        """End both."""
        self.addon.stop()
        self.desk.stop()

    def _said(self, ticket: int, *, public: bool) -> list[str]:
        ours = self.desk.users[self.desk.service.name]
        notes = self.desk.ticket(ticket)["followup_set"]
        mine = [each for each in notes if each["user"] == ours and each["public"] is public]
        return [each["comment"] or "" for each in sorted(mine, key=lambda each: each["id"])]

    def _shown(self, page: str, ticket: int) -> dict[str, str]:
        """What the page would send as it stands; a box that is not ticked sends nothing."""
        now = self.desk.ticket(ticket)
        form = {name: now[name] or "" for name in ("title", "submitter_email", "description")}
        form |= {"queue": str(now["queue"]), "priority": str(now["priority"]), "due_date": ""}
        if now["due_date"]:
            due = datetime.fromisoformat(now["due_date"]).astimezone(ZONE)
            form["due_date"] = due.strftime("%Y-%m-%d %H:%M:%S")
        for name, pattern in (("csrfmiddlewaretoken", CSRF), ("secret_key", _SECRET)):
            if found := pattern.search(page):
                form[name] = found[1]
        form |= {name: html.unescape(value) for name, value in _INITIAL.findall(page)}
        custom = {name: value for name, value in now.items() if name.startswith("custom_")}
        return form | {name: str(value) for name, value in custom.items() if value}


class ZendeskScene:
    """Our double of Zendesk."""

    def __init__(self, folder: Path, *, addon_port: int) -> None:
        self.addon = AddOn(folder / "add-on", port=addon_port)
        self.double = ZendeskDouble(plan=Plan.ENTERPRISE, speed=SPEED, seed=7)
        self._moved = timedelta(0)
        self._fields: dict[str, int] = {}

    def start(self) -> Path:
        """Start the double, set it up as an admin does, start the add-on."""
        self.double.start()
        clients = self.double.clients
        settings = ZENDESK_SETTINGS.format(
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
        whole = settings + _permission(self.addon)
        path = self.addon.write(whole, accounts=ACCOUNTS, secrets=secrets)
        (self.addon.folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
        self.addon.call("apply", "--yes", settings=path)
        email, token = self.double.api_token
        answer = requests.get(
            f"{self.double.url}/api/v2/ticket_fields",
            auth=(f"{email}/token", token),
            timeout=SECONDS,
        )
        for row in answer.json()["ticket_fields"]:
            name = str(row["agent_description"] or "").partition(":")[0]
            self._fields[name.removeprefix("policy_")] = row["id"]
        self.addon.start(path, moved=True)
        return path

    def open_ticket(self) -> int:
        """By the portal."""
        customer = self.double.end_user(REQUESTER, name="Nadia Tremblay", locale="fr-ca")
        return self.double.open_ticket(requester=customer, subject=SUBJECT, body=BODY)

    def ask(self, ticket: int, *, work: str, blocks: int) -> None:
        """By the macro, with its fields filled in."""
        filled = {"ask_reason": "policy_fee_outside", "ask_work": work, "ask_blocks": blocks}
        fields = [{"id": self._fields[name], "value": value} for name, value in filled.items()]
        self.double.apply_macro(ticket, MACRO, by=self.double.agent, custom_fields=fields)

    def public(self, ticket: int) -> list[str]:
        """Our public comments."""
        return self._said(ticket, public=True)

    def private(self, ticket: int) -> list[str]:
        """Our private ones."""
        return self._said(ticket, public=False)

    def tags(self, ticket: int) -> set[str]:
        """The ticket's tags."""
        return set(self.double.ticket(ticket)["tags"])

    def move_clock(self, by: timedelta) -> None:
        """Both: a signature of another hour would be refused."""
        self.double.move_clock(by - self._moved)
        self._moved = by
        move(self.addon.folder, by)

    def stop(self) -> None:
        """End both."""
        self.addon.stop()
        self.double.stop()

    def _said(self, ticket: int, *, public: bool) -> list[str]:
        ours = self.double.service_user.id
        return [
            each["plain_body"]
            for each in self.double.comments(ticket)
            if each["author_id"] == ours and each["public"] is public
        ]


def _permission(addon: AddOn) -> str:
    return PERMISSION.format(url=addon.url)


def _reason(page: str) -> str:
    """The choice of the edit page that stands for work outside standard support."""
    found = re.search(r'<option value="(outside[^"]*)"', html.unescape(page))
    return found[1] if found else ""
