"""A Zendesk account in memory: as much of its API as setting it up needs, with its odd ways."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from support_policy.errors import (
    ForbiddenError,
    GoneError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesks.zendesk.kinds import KINDS

FULL = frozenset(KINDS) | {"ticket_form"}
TEAM = FULL - {"dynamic_content", "schedule", "sla_policy", "ticket_form"}
PATHS = {kind.path: kind.name for kind in KINDS.values()} | {"ticket_forms": "ticket_form"}
KEYS = {kind.name: (kind.one, kind.many) for kind in KINDS.values()} | {
    "ticket_form": ("ticket_form", "ticket_forms")
}
THEIRS: dict[str, tuple[dict[str, Any], ...]] = {
    "ticket_field": (
        {"title": "Priority", "type": "priority", "sub_type_id": 0},
        {"title": "Support Policy: class", "type": "tagger"},
    ),
    "trigger_category": ({"name": "Notifications"},),
    "webhook": ({"name": "Support Policy (desk)", "endpoint": "https://other.example"},),
    "trigger": ({"title": "Notify", "conditions": {"all": [], "any": []}, "actions": []},),
    "macro": ({"title": "Close", "actions": []},),
    "view": ({"title": "Mine", "conditions": {"all": []}, "execution": {}},),
    "schedule": (),
    "sla_policy": ({"title": "Gold", "filter": {"all": []}, "policy_metrics": []},),
    "ticket_form": (
        {"name": "Default", "active": True, "ticket_field_ids": [1, 2]},
        {"name": "Sales", "active": True, "ticket_field_ids": [2]},
        {"name": "Old", "active": False, "ticket_field_ids": [2]},
    ),
}


@dataclass(slots=True)
class FakeAccount:
    """Speaks as ``Api`` does.

    ``dies_at`` is the number of the request that fails; its effect is ``kept`` or not.
    """

    plan: frozenset[str] = FULL
    locales: tuple[str, ...] = ("en-US", "fr", "fr-CA")
    secret: str = "first-secret"
    things: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    holidays: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    sent: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    dies_at: int = 0
    kept: bool = False
    answered: int = 200
    called: list[Any] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(101))

    def __post_init__(self) -> None:
        for kind, rows in THEIRS.items():
            self.things[kind] = {}
            for row in rows if kind in self.plan else ():
                self._put(kind, dict(row))
        self.things.setdefault("dynamic_content", {})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._request("GET", path, None, query)

    def send(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        return self._request(method, path, body, query)

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        yield self.get(path, **query)

    def rows(self, path: str, key: str, **query: str) -> Iterator[dict[str, Any]]:
        for page in self.pages(path, **query):
            yield from page[key]

    def titles(self, kind: str) -> list[str]:
        """What the things of a kind are called."""
        name = KINDS[kind].title
        return sorted(row[name] for row in self.things[kind].values())

    def find(self, kind: str, title: str) -> dict[str, Any]:
        """The only thing with this title."""
        name = KINDS[kind].title if kind in KINDS else "name"
        (found,) = (row for row in self.things[kind].values() if row[name] == title)
        return found

    def _request(self, method: str, path: str, body: Any, query: Mapping[str, str]) -> Any:
        self.log.append((method, path))
        self.sent.append((method, path, dict(query), copy.deepcopy(body)))
        dies = self.dies_at == len(self.log)
        if dies and not self.kept:
            raise UnavailableError("down")
        sent = json.loads(json.dumps(body)) if body is not None else None
        answer = copy.deepcopy(self._answer(method, path, sent, query))
        if dies:
            raise UnavailableError("the answer was lost")
        return answer

    def _answer(self, method: str, path: str, body: Any, query: Mapping[str, str]) -> Any:
        if path == "locales":
            numbered = enumerate(self.locales, start=1)
            return {"locales": [{"id": number, "locale": each} for number, each in numbered]}
        if path == "slas/policies/definitions":
            return {"definitions": {"all": [{"value": "current_tags"}], "any": []}}
        if path == "webhooks/test":
            self.called.append((query["webhook_id"], body))
            return {"response": {"status_code": self.answered, "payload": ""}}
        if path.endswith("/signing_secret"):
            self._known("webhook", path.split("/")[1])
            return {"signing_secret": {"secret": self.secret, "algorithm": "SHA256"}}
        for place, kind in PATHS.items():
            if path == place or path.startswith(f"{place}/"):
                rest = path.removeprefix(place).strip("/").split("/")
                return self._of_kind(kind, method, [each for each in rest if each], body)
        raise GoneError(path)

    def _of_kind(self, kind: str, method: str, rest: list[str], body: Any) -> Any:
        if kind not in self.plan:
            raise ForbiddenError("403")
        if len(rest) > 1:
            return self._below(kind, method, rest, body)
        one, many = KEYS[kind]
        if not rest and method == "GET":
            return {many: list(self.things[kind].values())}
        if method == "POST":
            return {one: self._create(kind, body[one])}
        row = self._known(kind, rest[0])
        if method == "DELETE":
            self._delete(kind, rest[0])
            return {}
        if method != "GET":
            expected = KINDS[kind].update if kind in KINDS else "PUT"
            assert method == expected, f"{method} {kind}"
            self._change(kind, row, body[one])
            if kind == "webhook":
                return {}
        return {one: row}

    def _create(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        if kind in self.refused:
            raise RefusedError("422")
        if kind == "schedule":
            assert set(body) == {"name", "time_zone"}
            body["intervals"] = []
        if kind == "dynamic_content":
            assert [each["default"] for each in body["variants"]].count(True) == 1
            body["variants"] = [{**each, "id": next(self.numbers)} for each in body["variants"]]
        return self._put(kind, self._told(kind, body))

    def _change(self, kind: str, row: dict[str, Any], body: dict[str, Any]) -> None:
        if kind == "dynamic_content":
            assert set(body) == {"name"}
        if kind == "ticket_field":
            assert "type" not in body
        row.update(self._told(kind, body))

    def _told(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """How Zendesk tells what was written."""
        if kind == "trigger":
            (action,) = body["actions"]
            self._known("webhook", action["value"][0])
            if "category_id" in body:
                self._known("trigger_category", body["category_id"])
        if kind == "view":
            output = body.pop("output")
            conditions = {"all": body.pop("all"), "any": body.pop("any")}
            names = {"description": "subject"}
            columns = [
                {"id": names.get(each, int(each) if each.isdigit() else each), "title": each}
                for each in output["columns"]
            ]
            shown = {"columns": columns, "sort_by": output["sort_by"], "sort_order": "asc"}
            return {**body, "conditions": conditions, "execution": shown}
        return body

    def _put(self, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        number = next(self.numbers)
        text = {"webhook": f"01HANAHB6668W9BWXPJX{number:06}", "trigger_category": str(number)}
        row["id"] = text.get(kind, number)
        self.things[kind][str(row["id"])] = row
        return row

    def _delete(self, kind: str, identifier: str) -> None:
        triggers = self.things["trigger"].values()
        named = {each.get("category_id") for each in triggers} | {
            action["value"][0] for each in triggers for action in each["actions"]
        }
        if identifier in named:
            raise RefusedError("422: in use")
        del self.things[kind][identifier]

    def _known(self, kind: str, identifier: str) -> dict[str, Any]:
        try:
            return self.things[kind][identifier]
        except KeyError:
            raise GoneError(f"404 {kind} {identifier}") from None

    def _below(self, kind: str, method: str, rest: list[str], body: Any) -> Any:
        row = self._known(kind, rest[0])
        if rest[1] == "workweek":
            row["intervals"] = body["workweek"]["intervals"]
            return {"workweek": body["workweek"]}
        if rest[1] == "holidays":
            return self._rows(self.holidays.setdefault(rest[0], {}), method, rest, body, "holiday")
        if rest[1] == "variants":
            rows = {str(each["id"]): each for each in row["variants"]}
            answer = self._rows(rows, method, rest, body, "variant")
            row["variants"] = list(rows.values())
            return answer
        raise GoneError("/".join(rest))

    def _rows(
        self, rows: dict[str, dict[str, Any]], method: str, rest: list[str], body: Any, key: str
    ) -> Any:
        if method == "GET":
            return {f"{key}s": list(rows.values())}
        if method == "POST":
            number = next(self.numbers)
            rows[str(number)] = {**body[key], "id": number}
        elif method == "PUT":
            rows[rest[2]].update(body[key])
        else:
            del rows[rest[2]]
        return {}
