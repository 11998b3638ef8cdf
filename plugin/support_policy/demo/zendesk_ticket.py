"""A story's ticket on the Zendesk double: opened, and compared with what was written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from support_policy.demo.outcome import HELD, local, same_second
from support_policy.demo.story import StoryTicket
from support_policy.demo.zendesk_double import ZendeskDouble

PRIORITIES: Final = {1: "urgent", 2: "high", 3: "normal", 4: "low", 5: "low"}
"""A story's numbers in Zendesk's words, which has nothing below low."""

DEFAULT: Final = 3  # what a form says that nobody touched: Zendesk has no priority then


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ticket of the story, and its number on the desk."""

    wanted: StoryTicket
    number: int


def cycled(tickets: Sequence[StoryTicket], count: int) -> Iterator[StoryTicket]:
    """So many tickets of a story, which is told again from its beginning when it ends."""
    for place in range(count):
        yield tickets[place % len(tickets)]


def open_ticket(double: ZendeskDouble, ticket: StoryTicket) -> Opened:
    """Open it as its people do: the customer, an agent for the customer, or a program."""
    by = {"public": None, "agent": double.agent, "rest": double.service_user}[ticket.via]
    number = double.open_ticket(
        requester=double.end_user(ticket.requester),
        subject=ticket.subject,
        body=ticket.body,
        by=by,
        priority=None if ticket.priority == DEFAULT else PRIORITIES[ticket.priority],
        channel="api" if ticket.via == "rest" else "web",
    )
    return Opened(wanted=ticket, number=number)


def differences(
    opened: Opened, double: ZendeskDouble, fields: Mapping[str, int]
) -> tuple[str, ...]:
    """What is not as written by hand, each in a sentence; ``fields`` are ours by their titles."""
    ticket = double.ticket(opened.number)
    found = [*_values(opened.wanted, ticket, fields), *_tags(opened.wanted, ticket)]
    if (writes := double.writes(opened.number)) != 1:
        found.append(f"written {writes} times instead of once")
    notes = sum(not comment["public"] for comment in double.comments(opened.number))
    if notes != 1:
        found.append(f"{notes} private notes instead of one")
    return tuple(found)


def _values(
    wanted: StoryTicket, ticket: Mapping[str, Any], fields: Mapping[str, int]
) -> Iterator[str]:
    expect = wanted.expect
    own = {row["id"]: row["value"] for row in ticket["custom_fields"]}
    values = {title: own.get(number) or "" for title, number in fields.items()}
    category = HELD if expect.held else expect.category
    if values["class"] != category:
        yield f"class is {values['class'] or 'not set'}, not {category}"
    untouched = expect.held and wanted.priority == DEFAULT
    priority = None if untouched else PRIORITIES[expect.desk_priority]
    if ticket["priority"] != priority:
        yield f"priority is {ticket['priority']}, not {priority}"
    due = expect.due(datetime.fromisoformat(ticket["created_at"]))
    seen = datetime.fromisoformat(values["expected_at"]) if values["expected_at"] else None
    if not same_second(seen, due):
        yield f"due is {local(seen) or 'not set'}, not {local(due) or 'empty'}"
    if values["expected_on"] != local(due)[:10]:
        yield f"due on {values['expected_on'] or 'no day'}, not {local(due)[:10] or 'none'}"
    if not values["reason"]:
        yield "no reason is given"


def _tags(wanted: StoryTicket, ticket: Mapping[str, Any]) -> Iterator[str]:
    tags = set(ticket["tags"])
    yield from (f"tag {tag} is missing" for tag in wanted.expect.tags if tag not in tags)
    yield from (
        f"tag {tag} should not be there" for tag in wanted.expect.tags_absent if tag in tags
    )
