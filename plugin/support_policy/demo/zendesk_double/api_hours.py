"""SLA policies and business hours."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.api_records import Resource, records_api
from support_policy.demo.zendesk_double.calling import admin, body
from support_policy.demo.zendesk_double.fields import PRIORITIES
from support_policy.demo.zendesk_double.pages import page
from support_policy.demo.zendesk_double.records import Json, Shelf
from support_policy.demo.zendesk_double.refusals import blank, invalid, not_on_this_plan

DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
METRICS: Final = (
    "first_reply_time",
    "next_reply_time",
    "requester_wait_time",
    "agent_work_time",
    "periodic_update_time",
    "pausable_update_time",
    "total_resolution_time",
)
_FILTERS: Final = {
    "brand_id": ("is", "is_not"),
    "type": ("is", "is_not"),
    "group_id": ("is", "is_not"),
    "organization_id": ("is", "is_not"),
    "requester_id": ("is", "is_not"),
    "ticket_form_id": ("is", "is_not"),
    "current_tags": ("includes", "not_includes"),
}


def hours_apis(account: Account) -> list[Blueprint]:
    """SLA policies with their definitions, schedules with weeks and holidays."""
    policies = Resource(
        path="slas/policies",
        one="sla_policy",
        many="sla_policies",
        shelf=account.sla_policies,
        check=lambda body, before: _policy(account, body, before),
        available=lambda: account.plan.has_slas,
    )
    schedules = Resource(
        path="business_hours/schedules",
        one="schedule",
        many="schedules",
        shelf=account.schedules,
        check=lambda body, before: _schedule(account, body, before),
        shown=_shown,
        available=lambda: account.plan.schedules > 0,
    )
    plain = [records_api(each) for each in (policies, schedules)]
    return [_definitions_api(account), *plain, _week_api(account), _holidays_api(account)]


def _definitions_api(account: Account) -> Blueprint:
    api = Blueprint("sla_definitions", __name__, url_prefix="/api/v2/slas/policies")

    @api.get("/definitions")
    def definitions() -> ResponseReturnValue:
        if not account.plan.has_slas:
            raise not_on_this_plan()
        listed = [
            {
                "value": name,
                "title": name.replace("_", " ").capitalize(),
                "group": "ticket",
                "target": None,
                "operators": [{"value": each, "title": each} for each in operators],
                "values": {"type": "list", "list": []},
            }
            for name, operators in _FILTERS.items()
        ]
        return {"definitions": {"all": listed, "any": listed}}

    return api


def _policy(account: Account, body: Json, before: Json | None) -> Json:
    values = {**(before or {}), **body}
    if not values.get("title"):
        raise blank("title")
    chosen = values.get("filter")
    if not isinstance(chosen, dict):
        raise blank("filter")
    for each in [*(chosen.get("all") or []), *(chosen.get("any") or [])]:
        if each.get("operator") not in _FILTERS.get(str(each.get("field")), ()):
            raise invalid("filter", f"Filter: {each.get('field')} {each.get('operator')}")
    for metric in values.get("policy_metrics") or []:
        _check_metric(metric)
    return {
        "title": values["title"],
        "description": values.get("description"),
        "position": values.get("position", len(account.sla_policies) + 1),
        "filter": {"all": chosen.get("all") or [], "any": chosen.get("any") or []},
        "policy_metrics": values.get("policy_metrics") or [],
    }


def _check_metric(metric: Json) -> None:
    if metric.get("priority") not in PRIORITIES or metric.get("metric") not in METRICS:
        words = f"Policy metrics: {metric.get('priority')} {metric.get('metric')} is unknown"
        raise invalid("policy_metrics", words)
    target = metric.get("target")
    if not isinstance(target, int) or target <= 0:
        raise invalid("policy_metrics", "Policy metrics: target must be whole minutes")


def _schedule(account: Account, body: Json, before: Json | None) -> Json:
    if before is None and len(account.schedules) >= account.plan.schedules:
        raise invalid("base", "Your plan has no room for another schedule", "LimitExceeded")
    values = {**(before or {}), **body}
    for name in ("name", "time_zone"):
        if not values.get(name):
            raise blank(name)
    monday_to_friday = [
        {"start_time": day * DAY + 540, "end_time": day * DAY + 1020} for day in range(1, 6)
    ]
    return {
        "name": values["name"],
        "time_zone": values["time_zone"],
        "intervals": (before or {}).get("intervals", monday_to_friday),
        "holidays": (before or {}).get("holidays", account.shelf()),
    }


def _shown(schedule: Json) -> Json:
    return {name: value for name, value in schedule.items() if name != "holidays"}


def _week_api(account: Account) -> Blueprint:
    prefix = "/api/v2/business_hours/schedules/<int:schedule>/workweek"
    api = Blueprint("workweek", __name__, url_prefix=prefix)

    @api.put("")
    def update(schedule: int) -> ResponseReturnValue:
        admin()
        if not account.plan.schedules:
            raise not_on_this_plan()
        account.schedules.get(schedule)
        intervals = body("workweek").get("intervals")
        _check_intervals(intervals)
        account.schedules.change(schedule, {"intervals": intervals})
        return {"workweek": {"intervals": intervals}}

    return api


def _check_intervals(intervals: Any) -> None:
    if not isinstance(intervals, list) or not intervals:
        raise blank("intervals")
    last = 0
    for each in sorted(intervals, key=lambda each: int(each["start_time"])):
        start, end = int(each["start_time"]), int(each["end_time"])
        # Minutes since Sunday 00:00; an interval stays within its day.
        fits = 0 <= start < end <= WEEK and (end - 1) // DAY == start // DAY
        if not fits or start < last:
            raise invalid("intervals", f"Intervals: {start} to {end} is not valid")
        last = end


def _holidays_api(account: Account) -> Blueprint:
    prefix = "/api/v2/business_hours/schedules/<int:schedule>/holidays"
    api = Blueprint("holidays", __name__, url_prefix=prefix)

    def holidays(schedule: int) -> Shelf:
        if not account.plan.schedules:
            raise not_on_this_plan()
        found: Shelf = account.schedules.get(schedule)["holidays"]
        return found

    @api.get("")
    def list_all(schedule: int) -> ResponseReturnValue:
        return page("holidays", list(holidays(schedule)))

    @api.get("/<int:number>")
    def show(schedule: int, number: int) -> ResponseReturnValue:
        return {"holiday": holidays(schedule).get(number)}

    @api.post("")
    def create(schedule: int) -> ResponseReturnValue:
        admin()
        return {"holiday": holidays(schedule).add(_holiday(body("holiday")))}, 201

    @api.put("/<int:number>")
    def update(schedule: int, number: int) -> ResponseReturnValue:
        admin()
        before = holidays(schedule).get(number)
        wanted = _holiday({**before, **body("holiday")})
        return {"holiday": holidays(schedule).change(number, wanted)}

    @api.delete("/<int:number>")
    def delete(schedule: int, number: int) -> ResponseReturnValue:
        admin()
        holidays(schedule).remove(number)
        return "", 204

    return api


def _holiday(body: Json) -> Json:
    if not body.get("name"):
        raise blank("name")
    start, end = str(body.get("start_date")), str(body.get("end_date"))
    try:
        fits = date.fromisoformat(start) <= date.fromisoformat(end)
    except ValueError:
        fits = False
    if not fits:
        raise invalid("start_date", f"Holiday: {start} to {end} is not valid")
    return {"name": body["name"], "start_date": start, "end_date": end}
