"""How things are made, changed and deleted in an account, each kind in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from support_policy.errors import GoneError, UnavailableError
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.kinds import KINDS, is_ours
from support_policy.helpdesks.zendesk.resource import Row

# Business hours and holidays have places of their own below a schedule (developer.zendesk.com,
# "Schedules"); the shapes were not tried against a real account.
_WORKWEEK = "business_hours/schedules/{}/workweek"
_HOLIDAYS = "business_hours/schedules/{}/holidays"
_VARIANTS = "dynamic_content/items/{}/variants"


class Writer:
    """Writes to one account; raises HelpDeskError."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def create(self, kind: str, whole: Row, made: Callable[[str], None]) -> None:
        """Make a thing; ``made`` gets its id before anything else is done with it."""
        known = KINDS[kind]
        parts = {"schedule": ("intervals", "holidays")}.get(kind, ())
        body = {name: value for name, value in whole.items() if name not in parts}
        if kind == "dynamic_content":
            body["variants"] = [
                {**each, "default": _same_id(each["locale_id"], body["default_locale_id"])}
                for each in body["variants"]
            ]
        identifier = _id(self._api.send("POST", known.path, {known.one: body}), known.one)
        made(identifier)
        if kind == "schedule":
            self._fill_schedule(identifier, whole)

    def change(self, kind: str, identifier: str, body: Row) -> None:
        """Make a thing be as it should be."""
        known = KINDS[kind]
        place = f"{known.path}/{identifier}"
        if kind == "dynamic_content":  # everything but the name is changed in its variants
            self._api.send("PUT", place, {known.one: {"name": body["name"]}})
            self._fill_content(identifier, body)
        elif kind == "schedule":
            plain = {name: body[name] for name in ("name", "time_zone")}
            self._api.send("PUT", place, {known.one: plain})
            self._fill_schedule(identifier, body)
        else:
            self._api.send(known.update, place, {known.one: body})

    def delete(self, kind: str, identifier: str) -> None:
        """Delete a thing; that it is gone already is well."""
        with suppress(GoneError):
            self._api.send("DELETE", f"{KINDS[kind].path}/{identifier}")

    def put_fields(self, form: str, *, on: list[str], off: list[str]) -> None:
        """Put ticket fields on a form, at its end, or take them off; all else stays as it is."""
        place = f"ticket_forms/{form}"
        now = _part(self._api.get(place), "ticket_form").get("ticket_field_ids") or []
        kept = [each for each in now if str(each) not in off]
        wanted = [*kept, *(int(each) for each in on if each not in map(str, kept))]
        if wanted != now:
            self._api.send("PUT", place, {"ticket_form": {"ticket_field_ids": wanted}})

    def _fill_content(self, item: str, body: Row) -> None:
        place = _VARIANTS.format(item)
        there = {str(each.get("locale_id")): each for each in self._api.rows(place, "variants")}
        for variant in body["variants"]:
            known = there.get(str(variant["locale_id"]))
            if known is None:
                self._api.send("POST", place, {"variant": {**variant, "default": False}})
            elif known.get("content") != variant["content"] or not known.get("active"):
                self._api.send(
                    "PUT", f"{place}/{known['id']}", {"variant": _text_of(variant, known)}
                )

    def _fill_schedule(self, schedule: str, body: Row) -> None:
        week = {"workweek": {"intervals": body["intervals"]}}
        self._api.send("PUT", _WORKWEEK.format(schedule), week)
        place = _HOLIDAYS.format(schedule)
        wanted = {_dates(each): each for each in body["holidays"]}
        for each in self._api.get(place).get("holidays") or ():
            if wanted.pop(_dates(each), None) is None and is_ours(each, body):
                self._api.send("DELETE", f"{place}/{each['id']}")
        for each in wanted.values():
            self._api.send("POST", place, {"holiday": each})


def _dates(holiday: Row) -> tuple[Any, ...]:
    """What makes a holiday the same one: somebody may have moved it."""
    return tuple(holiday.get(name) for name in ("name", "start_date", "end_date"))


def _same_id(one: Any, other: Any) -> bool:
    """Zendesk tells ids as numbers or as text."""
    return str(one) == str(other)


def _text_of(variant: Row, known: Row) -> Row:
    """A variant's change; Zendesk does not let the default one be switched."""
    if known.get("default"):
        return {"content": variant["content"]}
    return {"content": variant["content"], "active": True}


def _id(answer: Row, key: str) -> str:
    identifier = _part(answer, key).get("id")
    if identifier is None:
        raise UnavailableError(f"Zendesk's answer holds no id of the {key} it made")
    return str(identifier)


def _part(answer: Row, key: str) -> Row:
    found = answer.get(key)
    if not isinstance(found, Mapping):
        raise UnavailableError(f"Zendesk's answer holds no {key}")
    return found
