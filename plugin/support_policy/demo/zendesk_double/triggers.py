"""Triggers: rules that run after every create and update, API writes included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from support_policy.demo.zendesk_double.audits import Draft, Scribe
from support_policy.demo.zendesk_double.changes import Changes
from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.conditions import Vocabulary, hold
from support_policy.demo.zendesk_double.fields import PRIORITIES, STATUSES, TYPES, Fields, taken
from support_policy.demo.zendesk_double.people import whole
from support_policy.demo.zendesk_double.placeholders import Placeholders
from support_policy.demo.zendesk_double.records import Ids, Json, Shelf
from support_policy.demo.zendesk_double.refusals import blank, invalid, no_category
from support_policy.demo.zendesk_double.tickets import Ticket, tidy_tags
from support_policy.demo.zendesk_double.webhooks import Webhooks

WEBHOOK: Final = "notification_webhook"
_LISTS: Final = {"status": STATUSES[1:], "priority": PRIORITIES, "type": TYPES}
_PLAIN: Final = ("group_id", "assignee_id", "set_tags", "current_tags", "remove_tags")


@dataclass(frozen=True, slots=True)
class Call:
    """A webhook that a trigger calls, with the body that it makes."""

    webhook_id: str
    body: str


class Triggers:
    """The triggers of one account and their categories."""

    def __init__(self, ids: Ids, clock: Clock) -> None:
        self.shelf = Shelf(clock, ids.number)
        self.categories = Shelf(clock, ids.text, no_category)

    def ordered(self) -> list[Json]:
        """Active triggers in the order in which they run."""
        places = {record["id"]: record["position"] for record in self.categories}

        def place(trigger: Json) -> tuple[int, int, int]:
            return places.get(trigger["category_id"], 0), trigger["position"], trigger["id"]

        return sorted((each for each in self.shelf if each["active"]), key=place)


class TriggerRun:
    """Runs an account's triggers on a draft, and judges new ones."""

    def __init__(
        self,
        triggers: Triggers,
        vocabulary: Vocabulary,
        changes: Changes,
        scribe: Scribe,
        *,
        fields: Fields,
        webhooks: Webhooks,
        placeholders: Placeholders,
    ) -> None:
        self._triggers = triggers
        self._vocabulary = vocabulary
        self._changes = changes
        self._scribe = scribe
        self._fields = fields
        self._webhooks = webhooks
        self._placeholders = placeholders

    def run(self, draft: Draft) -> list[Call]:
        """Fire what holds, each trigger once, from the top again after each change."""
        calls: list[Call] = []
        fired: set[int] = set()
        again = True
        while again:
            again = False
            for trigger in self._triggers.ordered():
                if trigger["id"] in fired or not hold(trigger["conditions"], draft):
                    continue
                fired.add(trigger["id"])
                if self._fire(trigger, draft, calls):
                    again = True
                    break
        return calls

    def _fire(self, trigger: Json, draft: Draft, calls: list[Call]) -> bool:
        rule = {"id": trigger["id"], "title": trigger["title"]}
        changed = False
        for action in trigger["actions"]:
            if action["field"] == WEBHOOK:
                identifier, text = str(action["value"][0]), str(action["value"][1])
                body = self._placeholders.fill(text, draft.ticket)
                calls.append(Call(identifier, body))
                self._scribe.notify(draft, identifier, body, rule)
            else:
                wanted = self._wanted(action, draft.ticket)
                changed = self._changes.put(draft, wanted, rule) or changed
        return changed

    def _wanted(self, action: Json, ticket: Ticket) -> dict[str, Any]:
        name, value = str(action["field"]), action["value"]
        tags = set(ticket.tags)
        words = set(tidy_tags([value])) if name in _TAG_ACTIONS else set()
        if name in _TAG_ACTIONS:
            return {"tags": sorted(_TAG_ACTIONS[name](tags, words))}
        if name.startswith("custom_fields_"):
            field = self._fields.find(name.removeprefix("custom_fields_"))
            return {} if field is None else {str(field["id"]): taken(field, value)}
        if name in {"group_id", "assignee_id"}:
            return {name: whole(value)}
        return {name: value or None}

    def check(self, body: Json) -> None:
        """Refuse a trigger that this account cannot run."""
        if not body.get("title"):
            raise blank("title")
        self._vocabulary.check(body.get("conditions"))
        actions = body.get("actions")
        if not isinstance(actions, list) or not actions:
            raise blank("actions")
        for action in actions:
            self._check_action(str(action.get("field")), action.get("value"))
        if body.get("category_id") and body["category_id"] not in self._triggers.categories:
            raise invalid("category_id", "Category: is unknown")

    def _check_action(self, name: str, value: Any) -> None:
        if name == WEBHOOK:
            self._check_call(value)
        elif name in _LISTS:
            if value not in _LISTS[name]:
                raise invalid("base", f"Value '{value}' is invalid for action '{name}'")
        elif name.startswith("custom_fields_"):
            if self._fields.find(name.removeprefix("custom_fields_")) is None:
                raise invalid("base", f"Action '{name}' is invalid", "InvalidActionField")
        elif name not in _PLAIN:
            raise invalid("base", f"Action '{name}' is invalid", "InvalidActionField")

    def _check_call(self, value: Any) -> None:
        if not isinstance(value, list) or len(value) != 2:
            raise invalid("base", "Action notification_webhook needs a webhook and a body")
        if value[0] not in self._webhooks.shelf:
            raise invalid("base", f"Webhook '{value[0]}' is unknown", "InvalidActionValue")
        if not self._webhooks.of_triggers(value[0]):
            words = f"Webhook '{value[0]}' is subscribed to events"
            raise invalid("base", words, "InvalidActionValue")

    def definitions(self) -> Json:
        """Everything that this account's triggers may use."""
        conditions = self._vocabulary.definitions()
        custom = [f"custom_fields_{field['id']}" for field in self._fields.custom()]
        actions = [*_LISTS, *_PLAIN, *custom, WEBHOOK]
        described = [
            {
                "title": name.replace("_", " ").capitalize(),
                "subject": name,
                "type": "list" if name in _LISTS else "text",
                "group": "notification" if name == WEBHOOK else "ticket",
                "nullable": name not in _LISTS,
                "repeatable": name == WEBHOOK,
                "values": [{"value": v, "title": v, "enabled": True} for v in self._values(name)],
            }
            for name in actions
        ]
        return {
            "conditions_all": conditions,
            "conditions_any": conditions,
            "actions": described,
        }

    def _values(self, name: str) -> list[str]:
        if name == WEBHOOK:
            return [str(each["id"]) for each in self._webhooks.shelf]
        return list(_LISTS.get(name, ()))


_TAG_ACTIONS: Final[dict[str, Callable[[set[str], set[str]], set[str]]]] = {
    "set_tags": lambda _, words: words,
    "current_tags": lambda tags, words: tags | words,
    "remove_tags": lambda tags, words: tags - words,
}
