"""What an account has, as far as we have to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from support_policy.errors import ForbiddenError, GoneError
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.kinds import KINDS, Kind
from support_policy.helpdesks.zendesk.resource import Ids, Row

_BASIC = 1  # the priority field's sub-type that has neither Low nor Urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as it was read.

    ``rows`` has no entry for a kind that its plan lacks; ``forms`` are its active ticket forms,
    None where it has none. ``locales`` are its languages and their ids.
    """

    rows: Mapping[str, tuple[Row, ...]]
    forms: tuple[Row, ...] | None = None
    locales: tuple[tuple[str, int], ...] = ()
    other_schedules: tuple[Row, ...] = ()
    basic_priority: bool = False
    tags_in_slas: bool = True
    secret: str = field(default="", repr=False)

    def has(self, kind: str) -> bool:
        """Whether the account's plan has such things."""
        return kind in self.rows

    def row(self, kind: str, identifier: str) -> Row | None:
        """The thing with this id, as Zendesk tells it."""
        found = (row for row in self.rows.get(kind, ()) if str(row.get("id")) == identifier)
        return next(found, None)


def read_account(api: Api, known: Ids, *, schedules: Iterable[str]) -> Account:
    """Read an account; ``schedules`` are the names of our schedule. Raises HelpDeskError."""
    rows = {}
    for kind in KINDS.values():
        if (found := _listed(api, kind)) is not None:
            rows[kind.name] = tuple(found)
    ours = {*schedules, *known.get("schedule", {}).values()}
    found_schedules = rows.get("schedule", ())
    others = tuple(
        row for row in found_schedules if not ours & {row.get("name"), str(row.get("id"))}
    )
    if "schedule" in rows:
        rows["schedule"] = tuple(
            row if row in others else _with_holidays(api, row) for row in found_schedules
        )
    return Account(
        rows=rows,
        forms=_active(read_forms(api)),
        other_schedules=others,
        locales=_locales(api) if "dynamic_content" in rows else (),
        basic_priority=any(map(_is_basic, rows["ticket_field"])),
        tags_in_slas="sla_policy" in rows and _tags_in_slas(api),
        secret=_secret(api, known, rows["webhook"]),
    )


def read_forms(api: Api) -> tuple[Row, ...] | None:
    """All ticket forms; None where the plan has none, and every field is on every ticket."""
    try:
        return tuple(_rows(api, "ticket_forms", "ticket_forms", paged=False))
    except (GoneError, ForbiddenError):
        return None


def signing_secret(api: Api, webhook: str) -> str:
    """The secret with which Zendesk signs a webhook's requests."""
    answer = api.get(f"webhooks/{webhook}/signing_secret")
    found = answer.get("signing_secret")
    secret = found.get("secret") if isinstance(found, Mapping) else None
    return secret if isinstance(secret, str) else ""


def _listed(api: Api, kind: Kind) -> list[Row] | None:
    """Everything of a kind; None where the plan lacks it."""
    try:
        return list(_rows(api, kind.path, kind.many, paged=kind.paged))
    except (GoneError, ForbiddenError):
        if not kind.optional:
            raise
        return None


def _rows(api: Api, path: str, key: str, *, paged: bool) -> Iterable[Row]:
    if paged:
        return api.rows(path, key)
    found = api.get(path).get(key)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _active(forms: tuple[Row, ...] | None) -> tuple[Row, ...] | None:
    return None if forms is None else tuple(form for form in forms if form.get("active"))


def _locales(api: Api) -> tuple[tuple[str, int], ...]:
    found = _rows(api, "locales", "locales", paged=False)
    return tuple((str(each.get("locale", "")).lower(), each["id"]) for each in found)


def _is_basic(row: Row) -> bool:
    return row.get("type") == "priority" and row.get("sub_type_id") == _BASIC


def _tags_in_slas(api: Api) -> bool:
    """Whether an SLA policy of this account may ask for tags."""
    found: Any = api.get("slas/policies/definitions").get("definitions")
    legal = found.get("all") if isinstance(found, Mapping) else None
    return not legal or any(each.get("value") == "current_tags" for each in legal)


def _with_holidays(api: Api, row: Row) -> Row:
    path = f"business_hours/schedules/{row['id']}/holidays"
    return {**row, "holidays": list(_rows(api, path, "holidays", paged=False))}


def _secret(api: Api, known: Ids, webhooks: tuple[Row, ...]) -> str:
    """The signing secret of our webhook, when there is one already."""
    ours = set(known.get("webhook", {}).values())
    found = next((str(row["id"]) for row in webhooks if str(row.get("id")) in ours), None)
    return "" if found is None else signing_secret(api, found)
