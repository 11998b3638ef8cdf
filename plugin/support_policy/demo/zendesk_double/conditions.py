"""Conditions of triggers: which exist, and whether they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from support_policy.demo.zendesk_double.audits import Draft
from support_policy.demo.zendesk_double.fields import PRIORITIES, STATUSES, TYPES, Fields
from support_policy.demo.zendesk_double.people import People
from support_policy.demo.zendesk_double.plan import Plan
from support_policy.demo.zendesk_double.records import Json, Shelf
from support_policy.demo.zendesk_double.refusals import invalid

IS: Final = ("is", "is_not")
CHANGES: Final = (
    "changed",
    "value",
    "value_previous",
    "not_changed",
    "not_value",
    "not_value_previous",
)
ORDER: Final = ("less_than", "greater_than")
TAGS: Final = ("includes", "not_includes")
VALUELESS: Final = {"changed", "not_changed", "present", "not_present"}
_RANKS: Final = {"priority": ("", *PRIORITIES), "status": STATUSES}


class Vocabulary:
    """Every condition that this account's triggers may use."""

    def __init__(self, people: People, fields: Fields, forms: Shelf, plan: Plan) -> None:
        self._people = people
        self._fields = fields
        self._forms = forms
        self._plan = plan

    def subjects(self) -> dict[str, tuple[str, tuple[str, ...], list[str] | None]]:
        """Title, operators and values (None: any) of each."""
        people = self._people
        pick = (*IS, *CHANGES)
        found: dict[str, tuple[str, tuple[str, ...], list[str] | None]] = {
            "update_type": ("Ticket", ("is",), ["Create", "Change"]),
            "status": ("Status", (*IS, *ORDER, *CHANGES), list(STATUSES)),
            "priority": ("Priority", (*IS, *ORDER, *CHANGES), ["", *PRIORITIES]),
            "type": ("Type", pick, ["", *TYPES]),
            "brand_id": ("Brand", pick, _ids(people.brands)),
            "group_id": ("Group", pick, ["", *_ids(people.groups)]),
            "assignee_id": ("Assignee", pick, None),
            "requester_id": ("Requester", pick, None),
            "organization_id": ("Organization", pick, None),
            "current_tags": ("Tags", TAGS, None),
            "role": ("Current user", IS, ["end_user", "agent", "admin"]),
            "comment_is_public": ("Comment", ("is",), ["true", "false", "not_relevant"]),
        }
        if self._plan.has_forms:
            found["ticket_form_id"] = ("Form", pick, _ids(self._forms))
        for field in self._fields.custom():
            operators = (*pick, "present", "not_present")
            found[f"custom_fields_{field['id']}"] = (field["title"], operators, None)
        return found

    def check(self, conditions: Any) -> None:
        """Refuse conditions that this account does not have."""
        if not isinstance(conditions, dict) or not (conditions.get("all") or conditions.get("any")):
            raise invalid("conditions", "Conditions: at least one is required", "BlankValue")
        subjects = self.subjects()
        for each in [*(conditions.get("all") or []), *(conditions.get("any") or [])]:
            subject, operator = each.get("field"), each.get("operator")
            if subject not in subjects:
                raise invalid("base", f"Condition '{subject}' is invalid", "InvalidConditionField")
            _, operators, values = subjects[subject]
            if operator not in operators:
                words = f"Operator '{operator}' is invalid for condition '{subject}'"
                raise invalid("base", words, "InvalidOperator")
            value = str(each.get("value") or "")
            if values is not None and operator not in VALUELESS and value not in values:
                raise invalid("base", f"Value '{value}' is invalid for condition '{subject}'")

    def definitions(self) -> list[Json]:
        """As `/triggers/definitions` lists them."""
        return [
            {
                "title": title,
                "subject": subject,
                "type": "list",
                "group": "ticket",
                "nullable": values is None or "" in values,
                "repeatable": subject == "current_tags",
                "operators": [
                    {"value": each, "title": _spoken(each), "terminal": each in VALUELESS}
                    for each in operators
                ],
                "values": [
                    {"value": each, "title": each.capitalize() or "-", "enabled": True}
                    for each in values or []
                ],
            }
            for subject, (title, operators, values) in self.subjects().items()
        ]


def hold(conditions: Json, draft: Draft) -> bool:
    """Whether all of `all` and, where there is any, one of `any` is true of a draft."""
    needed = conditions.get("all") or []
    enough = conditions.get("any") or []
    return all(holds(each, draft) for each in needed) and (
        not enough or any(holds(each, draft) for each in enough)
    )


def holds(condition: Json, draft: Draft) -> bool:
    """Whether one condition is true of a draft."""
    subject, operator = str(condition["field"]), str(condition["operator"])
    value = _plain(condition.get("value"))
    if value == "current_user":
        value = str(draft.actor.id)
    if subject in _SPECIAL:
        return _SPECIAL[subject](operator, value, draft)
    name = subject.removeprefix("custom_fields_")
    now, before = _plain(draft.ticket.values.get(name)), _plain(draft.before.get(name))
    if operator in ORDER:
        ranks = _RANKS[subject]
        apart = ranks.index(now) - ranks.index(value)
        return apart < 0 if operator == "less_than" else apart > 0
    return _OPERATORS[operator](now, before, value)


def _update_type(_: str, value: str, draft: Draft) -> bool:
    return draft.created == (value == "Create")


def _current_tags(operator: str, value: str, draft: Draft) -> bool:
    found = bool(set(value.lower().split()) & set(draft.ticket.tags))
    return found == (operator == "includes")


def _role(operator: str, value: str, draft: Draft) -> bool:
    roles = {"admin": {"admin", "agent"}, "agent": {"agent"}}.get(draft.actor.role, {"end_user"})
    return (value in roles) == (operator == "is")


def _comment_is_public(_: str, value: str, draft: Draft) -> bool:
    if draft.comment is None:
        return False
    return value == "not_relevant" or draft.comment.public == (value == "true")


_SPECIAL: Final[dict[str, Callable[[str, str, Draft], bool]]] = {
    "update_type": _update_type,
    "current_tags": _current_tags,
    "role": _role,
    "comment_is_public": _comment_is_public,
}
_OPERATORS: Final[dict[str, Callable[[str, str, str], bool]]] = {
    "is": lambda now, _, value: now == value,
    "is_not": lambda now, _, value: now != value,
    "changed": lambda now, before, _: now != before,
    "not_changed": lambda now, before, _: now == before,
    "value": lambda now, before, value: now != before and now == value,
    "not_value": lambda now, before, value: not (now != before and now == value),
    "value_previous": lambda now, before, value: now != before and before == value,
    "not_value_previous": lambda now, before, value: not (now != before and before == value),
    "present": lambda now, _before, _value: now != "",
    "not_present": lambda now, _before, _value: now == "",
}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _ids(shelf: Shelf) -> list[str]:
    return [str(record["id"]) for record in shelf]


def _spoken(operator: str) -> str:
    return operator.replace("_", " ").capitalize()
