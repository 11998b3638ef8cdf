"""What is asked of a ticket, judged and then put on it, with what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from support_policy.demo.zendesk_double.audits import Draft, Scribe
from support_policy.demo.zendesk_double.clock import iso, read_iso
from support_policy.demo.zendesk_double.fields import (
    PRIORITIES,
    STATUSES,
    TYPES,
    Fields,
    tags_of,
    taken,
)
from support_policy.demo.zendesk_double.people import People, User, whole
from support_policy.demo.zendesk_double.records import Json, Shelf
from support_policy.demo.zendesk_double.refusals import RefusedError, invalid
from support_policy.demo.zendesk_double.tickets import Ticket, tidy_tags

_ENUMS: Final = {"status": STATUSES, "priority": PRIORITIES, "type": TYPES}


class Changes:
    """Turns a request's ticket into values, and values into events."""

    def __init__(self, people: People, fields: Fields, forms: Shelf, scribe: Scribe) -> None:
        self._people = people
        self._fields = fields
        self._scribe = scribe
        self._known: dict[str, Callable[[int], object]] = {
            "requester_id": people.user,
            "submitter_id": people.user,
            "assignee_id": self._staff,
            "organization_id": people.organization,
            "group_id": people.groups.get,
            "brand_id": people.brands.get,
            "ticket_form_id": forms.get,
        }

    def judged(self, asked: Json) -> dict[str, Any]:
        """The values that a request's ticket asks for; refused when one cannot be."""
        wanted: dict[str, Any] = {}
        for name, allowed in _ENUMS.items():
            if name in asked:
                wanted[name] = _one_of(name, asked[name], allowed)
        for name, known in self._known.items():
            if name in asked:
                wanted[name] = _reference(name, asked[name], known)
        if "subject" in asked:
            wanted["subject"] = str(asked["subject"] or "")
        if "external_id" in asked:
            wanted["external_id"] = asked["external_id"]
        if "tags" in asked:
            wanted["tags"] = _tag_list(asked["tags"])
        if "due_at" in asked:
            moment = read_iso(asked["due_at"])
            wanted["due_at"] = iso(moment) if moment else None
        return wanted | self._custom(asked.get("custom_fields") or asked.get("fields"))

    def _custom(self, asked: Any) -> dict[str, Any]:
        if isinstance(asked, dict):
            asked = [{"id": name, "value": value} for name, value in asked.items()]
        wanted = {}
        for each in asked or []:
            field = self._fields.find(each.get("id"))
            # Zendesk passes over ids that it does not know, and says nothing.
            if field is not None:
                wanted[str(field["id"])] = taken(field, each.get("value"))
        return wanted

    def _staff(self, identifier: int) -> User:
        user = self._people.user(identifier)
        if not user.staff:
            raise invalid("assignee_id", "Assignee: is not an agent")
        return user

    def check_organization(self, ticket: Ticket, wanted: dict[str, Any]) -> None:
        """Refuse an organization that the requester does not belong to."""
        organization = wanted.get("organization_id")
        requester = self._people.find(wanted.get("requester_id", ticket.values["requester_id"]))
        if organization and requester and organization not in requester.organizations:
            raise invalid("organization_id", "Organization: is not the requester's")

    def put(self, draft: Draft, wanted: dict[str, Any], rule: Json | None = None) -> bool:
        """Put values on the ticket, each with its event; whether anything changed."""
        values = self._with_consequences(draft.ticket, wanted)
        done = [self._scribe.put(draft, name, value, rule) for name, value in values.items()]
        return any(done)

    def _with_consequences(self, ticket: Ticket, wanted: dict[str, Any]) -> dict[str, Any]:
        values = dict(wanted)
        if "priority" in values:
            values["priority"] = self._fields.clamped(values["priority"])
        if "requester_id" in values and "organization_id" not in values:
            requester = self._people.find(values["requester_id"])
            if values["requester_id"] != ticket.values.get("requester_id"):
                values["organization_id"] = requester.organization_id if requester else None
        if values.get("assignee_id") and ticket.values["status"] == "new":
            values.setdefault("status", "open")
        if "tags" in values:
            values |= self._tagged_values(ticket, values)
        tags = self._field_tags(ticket, values)
        if tags is not None:
            values["tags"] = tags
        return values

    def _tagged_values(self, ticket: Ticket, values: dict[str, Any]) -> dict[str, Any]:
        """Values of drop-down fields: they and their tags follow each other, and the tag wins."""
        found: dict[str, Any] = {}
        for field in self._fields.custom():
            name = str(field["id"])
            if field["type"] != "tagger" or values.get(name):
                continue
            there = [
                each["value"]
                for each in field["custom_field_options"]
                if each["value"] in values["tags"]
            ]
            now = ticket.values.get(name)
            if there and now not in there:
                found[name] = there[0]
            elif there and name in values:
                found[name] = now
            elif now and not there:
                found[name] = None
        return found

    def _field_tags(self, ticket: Ticket, values: dict[str, Any]) -> list[str] | None:
        before = set(values.get("tags", ticket.values["tags"]))
        after = set(before)
        for field in self._fields.custom():
            name = str(field["id"])
            if name in values:
                after -= tags_of(field, ticket.values.get(name))
                after |= tags_of(field, values[name])
        return None if after == before else tidy_tags(after)


def _one_of(name: str, value: Any, allowed: tuple[str, ...]) -> str | None:
    if value in (None, "") and name != "status":
        return None
    if value not in allowed:
        title = name.capitalize()
        raise invalid(name, f"{title}: {value} is not one of {', '.join(allowed)}")
    return str(value)


def _reference(name: str, value: Any, known: Callable[[int], object]) -> int | None:
    if value in (None, ""):
        if name in {"requester_id", "brand_id"}:
            raise invalid(name, f"{name}: cannot be blank", "BlankValue")
        return None
    number = whole(value)
    try:
        if number is None:
            raise invalid(name, f"{name}: {value} is not an id")
        known(number)
    except RefusedError as refused:
        if refused.status != 404:
            raise
        raise invalid(name, f"{name}: {value} is unknown") from None
    return number


def _tag_list(value: Any) -> list[str]:
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if value is not None and not isinstance(value, list):
        raise invalid("tags", "Tags: must be a list")
    return tidy_tags(value or [])
