"""One Zendesk account: everything it holds, behind one lock."""

from __future__ import annotations

import threading
from typing import Any, Final

from support_policy.demo.zendesk_double.attempt import Target
from support_policy.demo.zendesk_double.audits import Scribe
from support_policy.demo.zendesk_double.changes import Changes
from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.conditions import Vocabulary
from support_policy.demo.zendesk_double.envelopes import Envelopes
from support_policy.demo.zendesk_double.faults import Faults
from support_policy.demo.zendesk_double.fields import Fields
from support_policy.demo.zendesk_double.installation import Installation
from support_policy.demo.zendesk_double.limits import Limits
from support_policy.demo.zendesk_double.oauth import Client, Clients, OAuth
from support_policy.demo.zendesk_double.people import LOCALES, People
from support_policy.demo.zendesk_double.placeholders import Placeholders
from support_policy.demo.zendesk_double.plan import Plan
from support_policy.demo.zendesk_double.records import Ids, Json, Shelf
from support_policy.demo.zendesk_double.refusals import RefusedError
from support_policy.demo.zendesk_double.sender import Sender
from support_policy.demo.zendesk_double.ticketing import Ticketing
from support_policy.demo.zendesk_double.triggers import TriggerRun, Triggers
from support_policy.demo.zendesk_double.webhooks import Webhooks

ACCOUNT_ID: Final = 22_129_848
RUN_SCOPES: Final = ("tickets:read", "tickets:write", "users:read", "organizations:read")


class Account:
    """The state of one account; whoever reads or changes it holds `lock`."""

    def __init__(
        self, *, plan: Plan, speed: float, seed: int, subdomain: str, webhook_timeout: float
    ) -> None:
        self.lock = threading.RLock()
        self.plan = plan
        self.subdomain = subdomain
        self.url = f"https://{subdomain}.zendesk.com"
        self.faults = Faults()
        self.clock = Clock(self.faults, speed)
        self.ids = Ids(seed, self.clock)
        self.limits = Limits(self.clock, plan)
        self.people = People(self.ids, self.clock)
        self.fields = Fields(self.ids, self.clock)
        self._make_shelves()
        self.sender = Sender(
            self.ids,
            self.clock,
            self.faults,
            seed=seed,
            timeout=webhook_timeout,
            account_id=ACCOUNT_ID,
        )
        self.sender.target = self.target
        self.oauth = OAuth(self.ids, self.people)
        self.installation = Installation(subdomain, self.clock)
        self._wire_tickets()
        self._settle_in()

    def _make_shelves(self) -> None:
        numbered = self.shelf
        self.forms = numbered()
        self.macros = numbered()
        self.views = numbered()
        self.items = numbered()
        self.sla_policies = numbered()
        self.schedules = numbered()
        self.webhooks = Webhooks(self.ids, Shelf(self.clock, self.ids.ulid))
        self.triggers = Triggers(self.ids, self.clock)

    def shelf(self) -> Shelf:
        """An empty shelf whose records have numbers for ids."""
        return Shelf(self.clock, self.ids.number)

    def _wire_tickets(self) -> None:
        self.scribe = Scribe(self.ids)
        self.placeholders = Placeholders(self.people, self.forms)
        self.changes = Changes(self.people, self.fields, self.forms, self.scribe)
        self.run = TriggerRun(
            self.triggers,
            Vocabulary(self.people, self.fields, self.forms, self.plan),
            self.changes,
            self.scribe,
            fields=self.fields,
            webhooks=self.webhooks,
            placeholders=self.placeholders,
        )
        self.tickets = Ticketing(
            self.clock,
            self.scribe,
            self.changes,
            self.run,
            webhooks=self.webhooks,
            envelopes=Envelopes(self.ids, self.clock, ACCOUNT_ID),
            sender=self.sender,
        )
        self.tickets.defaults = self._defaults

    def _settle_in(self) -> None:
        """What every account has from its first day."""
        people, name = self.people, self.subdomain
        mail = f"{name}.example"
        self.admin = people.add(f"admin@{mail}", "Ada Admin", "admin")
        self.agent = people.add(f"agent@{mail}", "Alex Agent", "agent")
        self.colleague = people.add(f"colleague@{mail}", "Camille Colleague", "agent")
        # An admin, since Zendesk opens the incremental export to admins only.
        self.service_user = people.add(f"support-policy@{mail}", "Support Policy", "admin")
        people.groups.add({"name": "Support", "description": "", "default": True, "deleted": False})
        people.brands.add(self.brand(name.capitalize(), default=True))
        self.forms.add(self.form("Default Ticket Form", default=True))
        first = {"name": "Initial Category", "position": 0}
        self.triggers.categories.add(first)
        self.oauth.legacy = (self.admin.email, self.ids.secret(20).hex())
        self.clients = Clients(
            setup=self._client("support_policy_setup", ("read", "write")),
            run=self._client("support_policy", RUN_SCOPES),
        )

    def _client(self, identifier: str, scopes: tuple[str, ...]) -> Client:
        secret = self.ids.secret(32).hex()
        user = self.service_user
        made = Client(identifier=identifier, secret=secret, scopes=scopes, user=user)
        return self.oauth.add(made)

    def brand(self, name: str, *, default: bool = False) -> Json:
        """What a new brand holds."""
        subdomain = self.subdomain if default else f"{self.subdomain}-{name.lower()}"
        return {
            "name": name,
            "subdomain": subdomain,
            "brand_url": f"https://{subdomain}.zendesk.com",
            "active": True,
            "default": default,
            "has_help_center": True,
            "is_deleted": False,
        }

    def form(self, name: str, *, default: bool = False) -> Json:
        """What a new ticket form holds."""
        system = [field["id"] for field in self.fields.all() if not field["removable"]]
        return {
            "name": name,
            "raw_name": name,
            "display_name": name,
            "raw_display_name": name,
            "active": True,
            "default": default,
            "end_user_visible": True,
            "in_all_brands": True,
            "restricted_brand_ids": [],
            "position": len(self.forms),
            "ticket_field_ids": system,
            "agent_conditions": [],
            "end_user_conditions": [],
        }

    def _defaults(self) -> dict[str, Any]:
        brand = next(each for each in self.people.brands if each["default"])
        form = next((each["id"] for each in self.forms if each["default"]), None)
        return {
            "brand_id": brand["id"],
            "ticket_form_id": form if self.plan.has_forms else None,
        }

    def target(self, identifier: str) -> Target | None:
        """Where a webhook goes now; None when it is gone or switched off."""
        with self.lock:
            try:
                webhook = self.webhooks.shelf.get(identifier)
            except RefusedError:
                return None
            if webhook["status"] != "active":
                return None
            return Target(dict(webhook), self.webhooks.secret(identifier))

    def locales(self) -> list[Json]:
        """The languages that are switched on."""
        stamp = "2009-07-20T22:55:29Z"
        return [
            {
                "id": number,
                "locale": locale,
                "name": name,
                "url": f"{self.url}/api/v2/locales/{locale}.json",
                "created_at": stamp,
                "updated_at": stamp,
            }
            for number, locale, name in LOCALES
        ]
