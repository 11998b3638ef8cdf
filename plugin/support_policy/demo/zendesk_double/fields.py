"""Ticket fields: the system's, and the custom ones with what each type takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.records import Ids, Json, Shelf
from support_policy.demo.zendesk_double.refusals import blank, invalid

CUSTOM_TYPES: Final = (
    "text",
    "textarea",
    "checkbox",
    "date",
    "integer",
    "decimal",
    "regexp",
    "partialcreditcard",
    "multiselect",
    "tagger",
    "lookup",
)
PRIORITIES: Final = ("low", "normal", "high", "urgent")
STATUSES: Final = ("new", "open", "pending", "hold", "solved", "closed")
TYPES: Final = ("problem", "incident", "question", "task")
BASIC: Final = 1
_CLAMPED: Final = {"low": "normal", "urgent": "high"}
_SYSTEM: Final = (
    ("subject", "Subject", ()),
    ("description", "Description", ()),
    ("status", "Status", ("open", "pending", "solved")),
    ("tickettype", "Type", ("question", "incident", "problem", "task")),
    ("priority", "Priority", PRIORITIES),
    ("group", "Group", ()),
    ("assignee", "Assignee", ()),
)
_WRITABLE: Final = {
    "title",
    "title_in_portal",
    "description",
    "agent_description",
    "active",
    "position",
    "required",
    "required_in_portal",
    "visible_in_portal",
    "editable_in_portal",
    "collapsed_for_agents",
    "tag",
    "regexp_for_validation",
    "custom_field_options",
    "sub_type_id",
}


class Fields:
    """The fields of one account."""

    def __init__(self, ids: Ids, clock: Clock) -> None:
        self._ids = ids
        self._shelf = Shelf(clock, ids.number)
        for kind, title, options in _SYSTEM:
            record = self._new({"type": kind, "title": title}, removable=False)
            if options:
                record["system_field_options"] = [
                    {"name": each.capitalize(), "value": each} for each in options
                ]
            if kind in {"priority", "status"}:
                record["sub_type_id"] = 0

    def all(self) -> list[Json]:
        """Every field, the system's first."""
        return list(self._shelf)

    def get(self, identifier: object) -> Json:
        """The field of that id."""
        return self._shelf.get(identifier)

    def create(self, body: Json) -> Json:
        """A new custom field."""
        if not body.get("title"):
            raise blank("title")
        if body.get("type") not in CUSTOM_TYPES:
            raise invalid("type", f"Type: {body.get('type')} is not a valid field type")
        if body["type"] in {"tagger", "multiselect"} and not body.get("custom_field_options"):
            raise blank("custom_field_options")
        return self._new(body, removable=True)

    def update(self, identifier: object, body: Json) -> Json:
        """Change a field; its type is fixed, and asking for another is passed over."""
        if "title" in body and not body["title"]:
            raise blank("title")
        wanted = {name: value for name, value in body.items() if name in _WRITABLE}
        wanted |= self._options(wanted)
        if "title" in wanted:
            wanted["raw_title"] = wanted["title"]
        return self._shelf.change(identifier, wanted)

    def delete(self, identifier: object) -> None:
        """Remove a custom field; the system's stay."""
        if not self.get(identifier)["removable"]:
            raise invalid("base", "System fields cannot be deleted", "CannotDelete")
        self._shelf.remove(identifier)

    def _new(self, body: Json, *, removable: bool) -> Json:
        values: Json = {
            "type": body["type"],
            "title": body["title"],
            "raw_title": body["title"],
            "description": "",
            "agent_description": None,
            "position": len(self._shelf) + 1,
            "active": True,
            "required": False,
            "collapsed_for_agents": False,
            "regexp_for_validation": None,
            "title_in_portal": body.get("title_in_portal") or body["title"],
            "visible_in_portal": False,
            "editable_in_portal": False,
            "required_in_portal": False,
            "tag": None,
            "removable": removable,
        }
        values |= {name: value for name, value in body.items() if name in _WRITABLE}
        values |= self._options(values)
        return self._shelf.add(values)

    def _options(self, values: Json) -> Json:
        if not values.get("custom_field_options"):
            return {}
        options = [
            {"id": self._ids.number(), "raw_name": each.get("name"), "default": False, **each}
            for each in values["custom_field_options"]
        ]
        if any(not each.get("name") or not each.get("value") for each in options):
            raise blank("custom_field_options")
        return {"custom_field_options": options}

    def system(self, kind: str) -> Json:
        """The system field of that type."""
        return next(field for field in self._shelf if field["type"] == kind)

    @property
    def priority_is_basic(self) -> bool:
        """Whether the account knows only normal and high."""
        return bool(self.system("priority")["sub_type_id"] == BASIC)

    def make_priority_basic(self) -> None:
        """Leave only normal and high to the account."""
        options = [{"name": each.capitalize(), "value": each} for each in ("normal", "high")]
        changes: Json = {"sub_type_id": BASIC, "system_field_options": options}
        self._shelf.change(self.system("priority")["id"], changes)

    def clamped(self, priority: str | None) -> str | None:
        """What becomes of a priority, without a word, where the field is basic."""
        if priority is None or not self.priority_is_basic:
            return priority
        return _CLAMPED.get(priority, priority)

    def custom(self) -> list[Json]:
        """The active custom fields: those that tickets show."""
        return [field for field in self._shelf if field["removable"] and field["active"]]

    def find(self, identifier: object) -> Json | None:
        """The active custom field of that id; None for what a ticket's update passes over."""
        if identifier not in self._shelf:
            return None
        field = self._shelf.get(identifier)
        return field if field["removable"] and field["active"] else None


def taken(field: Json, value: Any) -> Any:
    """What a field keeps of a value; refused when its type does not take it."""
    if value is None or value == "":
        return False if field["type"] == "checkbox" else None
    fits = _FITS.get(field["type"])
    if fits is not None and not fits(field, value):
        raise invalid("base", f"{field['title']}: {value} is not valid")
    if field["type"] == "checkbox":
        return str(value).lower() in {"true", "1"}
    return value


def tags_of(field: Json, value: Any) -> frozenset[str]:
    """The tags that a field's value puts on its ticket."""
    if field["type"] == "tagger":
        return frozenset([value] if value else [])
    if field["type"] == "multiselect":
        return frozenset(value or [])
    if field["type"] == "checkbox" and field["tag"]:
        return frozenset([field["tag"]] if value else [])
    return frozenset()


def _is_day(_: Json, value: Any) -> bool:
    # The whole form: fromisoformat() alone would take 20261122 and weeks as well.
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_option(field: Json, value: Any) -> bool:
    options = {each["value"] for each in field["custom_field_options"]}
    return set(value if isinstance(value, list) else [value]) <= options


def _matches(field: Json, value: Any) -> bool:
    return re.search(field["regexp_for_validation"] or "", str(value)) is not None


_FITS: Final[dict[str, Callable[[Json, Any], bool]]] = {
    "date": _is_day,
    "tagger": _is_option,
    "multiselect": _is_option,
    "regexp": _matches,
    "integer": lambda _, value: re.fullmatch(r"-?\d+", str(value)) is not None,
    "decimal": lambda _, value: re.fullmatch(r"-?\d+(\.\d+)?", str(value)) is not None,
    "text": lambda _, value: isinstance(value, str | int | float),
    "textarea": lambda _, value: isinstance(value, str | int | float),
}
