"""The kinds of things that we make in an account, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from support_policy.helpdesks.zendesk.api import Method
from support_policy.helpdesks.zendesk.resource import Row
from support_policy.texts import LANGUAGES, load_texts

SCHEDULES = tuple(load_texts(each).say("zendesk.schedule") for each in LANGUAGES)
"""What our schedule is called, and its holidays before their day, in each language."""


def _as_told(row: Row, body: Row) -> Row:
    del body
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the API names one kind of thing, and what is odd about it.

    ``one`` and ``many`` are the keys around one thing and around a list; ``identity`` are the
    attributes that make a thing ours by its looks; ``as_written`` turns a row into the form of the
    body it is compared with, without what others added. A plan may lack an ``optional`` kind.
    """

    name: str
    noun: str
    path: str
    one: str
    many: str
    title: str = "title"
    identity: tuple[str, ...] = ("title",)
    update: Method = "PUT"
    paged: bool = True
    optional: bool = False
    as_written: Callable[[Row, Row], Row] = _as_told


def _view(row: Row, body: Row) -> Row:
    """A view is told in other words than it is written in."""
    del body
    conditions, shown = row.get("conditions") or {}, row.get("execution") or {}
    sort = shown.get("sort") or {}
    columns = [_column(each.get("id")) for each in shown.get("columns") or ()]
    return {
        **row,
        "all": conditions.get("all"),
        "any": conditions.get("any"),
        "output": {
            "columns": columns,
            "sort_by": _column(shown.get("sort_by") or sort.get("id")),
            "sort_order": shown.get("sort_order") or sort.get("order"),
        },
    }


def _column(name: Any) -> Any:
    """The subject is written as ``description``; a field of ours may come with a prefix."""
    text = str(name).removeprefix("custom_fields_")
    return None if name is None else {"subject": "description"}.get(text, text)


def _content(row: Row, body: Row) -> Row:
    """Others may add languages to our dynamic content."""
    ours = {str(each["locale_id"]) for each in body["variants"]}
    variants = row.get("variants") or ()
    return {**row, "variants": [each for each in variants if str(each.get("locale_id")) in ours]}


def _schedule(row: Row, body: Row) -> Row:
    """Others may add holidays to our schedule."""
    return {**row, "holidays": [each for each in row.get("holidays") or () if is_ours(each, body)]}


def is_ours(holiday: Row, schedule: Row) -> bool:
    """Whether we made a holiday, in the years that a schedule's body speaks of.

    Its name tells, which has the day of ours in it: somebody may have moved the holiday itself.
    """
    years = {each["start_date"][:4] for each in schedule["holidays"]}
    title, _, day = str(holiday.get("name", "")).rpartition(" ")
    return title in SCHEDULES and day[:4] in years


# Things come before those that name them; they are deleted in the opposite order.
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="ticket_field",
            noun="ticket field",
            path="ticket_fields",
            one="ticket_field",
            many="ticket_fields",
            identity=("title", "type"),
        ),
        Kind(
            name="trigger_category",
            noun="trigger category",
            path="trigger_categories",
            one="trigger_category",
            many="trigger_categories",
            title="name",
            identity=("name",),
            update="PATCH",
            optional=True,
        ),
        Kind(
            name="webhook",
            noun="webhook",
            path="webhooks",
            one="webhook",
            many="webhooks",
            title="name",
            identity=("name", "endpoint"),  # names need not be unique
            update="PATCH",
        ),
        Kind(
            name="trigger",
            noun="trigger",
            path="triggers",
            one="trigger",
            many="triggers",
        ),
        Kind(
            name="dynamic_content",
            noun="dynamic content",
            path="dynamic_content/items",
            one="item",
            many="items",
            title="name",
            identity=("name",),
            optional=True,
            as_written=_content,
        ),
        Kind(name="macro", noun="macro", path="macros", one="macro", many="macros"),
        Kind(name="view", noun="view", path="views", one="view", many="views", as_written=_view),
        Kind(
            name="schedule",
            noun="schedule",
            path="business_hours/schedules",
            one="schedule",
            many="schedules",
            title="name",
            identity=("name",),
            paged=False,
            optional=True,
            as_written=_schedule,
        ),
        Kind(
            name="sla_policy",
            noun="SLA policy",
            path="slas/policies",
            one="sla_policy",
            many="sla_policies",
            paged=False,
            optional=True,
        ),
    )
}

FORM = "ticket_form"
"""Not ours: our fields are put on it, and taken off again."""

SECRET = "signing_secret"  # noqa: S105 - the kind of thing, no secret
"""The webhook's, kept in a file on our side."""
