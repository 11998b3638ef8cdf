"""What people do in the browser, the portal and by mail, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.audits import Comment
from support_policy.demo.zendesk_double.audits import comment as written
from support_policy.demo.zendesk_double.macros import effects, in_language
from support_policy.demo.zendesk_double.people import Organization, User
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.ticketing import Act
from support_policy.demo.zendesk_double.tickets import shown
from support_policy.demo.zendesk_double.written import comment_events

Link = User | Organization | Mapping[str, Any] | int | None
"""A user, organization, group, brand or form: itself or its id."""


class Acts:
    """The people of one account and their tickets."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.admin = account.admin
        self.agent = account.agent
        self.colleague = account.colleague
        self.service_user = account.service_user

    def end_user(
        self,
        email: str,
        *,
        locale: str = "en-CA",
        organization: Organization | str | None = None,
        name: str | None = None,
    ) -> User:
        """The customer with that address, made when there is none."""
        with self.account.lock:
            people = self.account.people
            user = people.by_email(email)
            if user is None:
                called = name or email.partition("@")[0].replace(".", " ").title()
                user = people.add(email, called, "end-user", locale=locale)
            if isinstance(organization, str):
                organization = self.organization(organization)
            if organization is not None and organization.id not in user.organizations:
                user.organizations.append(organization.id)
            return user

    def organization(self, name: str, **more: Any) -> Organization:
        """The organization of that name, made (with `tags`, `fields`…) when there is none."""
        with self.account.lock:
            people = self.account.people
            found = [each for each in people.organizations() if each.name == name]
            return found[0] if found else people.add_organization(name, **more)

    def add_group(self, name: str) -> Json:
        """One more group of agents."""
        with self.account.lock:
            values = {"name": name, "description": "", "default": False, "deleted": False}
            return self.account.people.groups.add(values)

    def add_brand(self, name: str) -> Json:
        """One more brand."""
        with self.account.lock:
            return self.account.people.brands.add(self.account.brand(name))

    def add_form(self, name: str) -> Json:
        """One more ticket form."""
        with self.account.lock:
            return self.account.forms.add(self.account.form(name))

    def open_ticket(
        self,
        *,
        requester: User,
        subject: str,
        body: str,
        by: User | None = None,
        channel: str = "web",
        **values: Any,
    ) -> int:
        """Open a ticket; `by` is an agent who opens it for the requester. Its number."""
        with self.account.lock:
            author = by or requester
            names = {"requester": requester, "subject": subject, "submitter": author}
            values = {name: value for name, value in values.items() if value is not None}
            act = Act(
                actor=author,
                channel=channel,
                wanted=self._wanted({**names, **values}),
                comment=written(body, author, public=True),
            )
            return self.account.tickets.open(act).id

    def update_ticket(
        self,
        ticket_id: int,
        *,
        by: User,
        comment: str | None = None,
        public: bool = True,
        via: str = "web",
        **values: Any,
    ) -> None:
        """Save a ticket as a person does; only what is named changes."""
        with self.account.lock:
            ticket = self.account.tickets.get(ticket_id)
            act = Act(
                actor=by,
                channel=via,
                wanted=self._wanted(values),
                comment=_said(comment, by, public),
            )
            self.account.tickets.update(ticket, act)
            self.account.limits.saved()

    def reply(
        self, ticket_id: int, *, by: User, text: str, via: str = "web", flags: Sequence[int] = ()
    ) -> None:
        """A customer answers, in the portal or by mail; `flags` is what Zendesk doubts of it."""
        with self.account.lock:
            act = Act(
                actor=by,
                channel=via,
                wanted={},
                comment=written(text, by, public=True),
                marks=_flagged(flags),
            )
            self.account.tickets.update(self.account.tickets.get(ticket_id), act)
            self.account.limits.saved()

    def apply_macro(self, ticket_id: int, title: str, *, by: User, **values: Any) -> None:
        """An agent picks a macro by its title, changes `values` before saving, and saves.

        `custom_fields` are filled in besides those of the macro, and win over them.
        """
        with self.account.lock:
            ticket = self.account.tickets.get(ticket_id)
            macro = next(each for each in self.account.macros if each["title"] == title)
            after = effects(self.account, macro, list(ticket.tags))
            said = after.pop("comment", {})
            after = {name.removesuffix("_id"): value for name, value in after.items()}
            own = values.pop("custom_fields", [])
            fields = {str(each["id"]): each for each in (*after.pop("custom_fields", []), *own)}
            wanted = {**after, **values, "custom_fields": list(fields.values())}
            text = said.get("body", "")
            self.update_ticket(
                ticket_id,
                by=by,
                comment=in_language(self.account, text, by) if text else None,
                public=said.get("public", True),
                **wanted,
            )

    def delete_ticket(self, ticket_id: int, *, by: User | None = None) -> None:
        """Delete a ticket."""
        with self.account.lock:
            ticket = self.account.tickets.get(ticket_id)
            self.account.tickets.delete(ticket, by or self.agent)

    def ticket(self, ticket_id: int) -> Json:
        """A ticket as REST shows it."""
        with self.account.lock:
            ticket = self.account.tickets.get(ticket_id)
            return shown(ticket, self.account.fields, self.account.url)

    def audits(self, ticket_id: int) -> list[Json]:
        """A ticket's audits, oldest first."""
        with self.account.lock:
            return list(self.account.tickets.kept(ticket_id).audits)

    def comments(self, ticket_id: int) -> list[Json]:
        """A ticket's comments as REST shows them, each with its author as a user."""
        with self.account.lock:
            events = comment_events(self.account.tickets.kept(ticket_id))
            people = self.account.people
            return [{**each, "author": people.user(each["author_id"])} for each in events]

    def writes(self, ticket_id: int) -> int:
        """How many writes through the API a ticket has taken, whether they changed it or not."""
        with self.account.lock:
            return self.account.tickets.kept(ticket_id).writes

    def _wanted(self, values: dict[str, Any]) -> dict[str, Any]:
        asked: Json = {}
        for name, value in values.items():
            if name in _LINKS:
                asked[_LINKS[name]] = _identifier(value)
            elif name in _VALUES:
                asked[name] = list(value) if name == "tags" else value
            else:
                raise TypeError(f"a ticket has no {name}")
        return self.account.changes.judged(asked)


_LINKS: Final = {
    "requester": "requester_id",
    "submitter": "submitter_id",
    "assignee": "assignee_id",
    "group": "group_id",
    "organization": "organization_id",
    "brand": "brand_id",
    "form": "ticket_form_id",
}
_VALUES: Final = {"subject", "priority", "status", "type", "tags", "custom_fields", "external_id"}


def _flagged(flags: Sequence[int]) -> Json:
    if not flags:
        return {}
    options = {str(flag): {"trusted": False} for flag in flags}
    return {"flags": list(flags), "flags_options": options, "trusted": False}


def _identifier(value: Link) -> int | None:
    if value is None or isinstance(value, int):
        return value
    return int(value["id"]) if isinstance(value, Mapping) else value.id


def _said(text: str | None, author: User, public: bool) -> Comment | None:  # noqa: FBT001 - a pass-through
    return None if text is None else written(text, author, public=public)
