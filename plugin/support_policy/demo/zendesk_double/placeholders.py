"""Placeholders in what triggers and comments say: plain text, so that words can break JSON."""

from __future__ import annotations

import re
from typing import Final

from support_policy.demo.zendesk_double.clock import iso
from support_policy.demo.zendesk_double.people import People
from support_policy.demo.zendesk_double.records import Shelf
from support_policy.demo.zendesk_double.tickets import Ticket

_PLACE: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_LIQUID: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class Placeholders:
    """Fills a text with what it says about a ticket."""

    def __init__(self, people: People, forms: Shelf) -> None:
        self._people = people
        self._forms = forms

    def fill(self, text: str, ticket: Ticket) -> str:
        """The text with every place filled; places that nobody knows are empty."""
        words = self._words(ticket)
        return _PLACE.sub(lambda place: words.get(place[1], ""), text)

    def in_comment(self, text: str, ticket: Ticket) -> str:
        """A comment of the API, whose places are filled or, where nobody knows them, left out."""
        return _LIQUID.sub("", self.fill(text, ticket))

    def _words(self, ticket: Ticket) -> dict[str, str]:
        values = ticket.values
        requester = self._people.find(values["requester_id"])
        form = values["ticket_form_id"]
        return {
            "ticket.id": str(ticket.id),
            "ticket.title": str(values["subject"] or ""),
            "ticket.description": ticket.description,
            "ticket.created_at_with_timestamp": iso(ticket.created_at),
            "ticket.updated_at_with_timestamp": iso(ticket.updated_at),
            "ticket.requester.id": _digits(values["requester_id"]),
            "ticket.requester.name": requester.name if requester else "",
            "ticket.organization.id": _digits(values["organization_id"]),
            "ticket.brand.id": _digits(values["brand_id"]),
            "ticket.group.id": _digits(values["group_id"]),
            "ticket.ticket_form": str(self._forms.get(form)["name"]) if form else "",
            "ticket.status": str(values["status"]).capitalize(),
            "ticket.priority": str(values["priority"] or "").capitalize(),
            "ticket.tags": " ".join(ticket.tags),
            "ticket.via": ticket.channel,
        }


def _digits(value: int | None) -> str:
    return "" if value is None else str(value)
