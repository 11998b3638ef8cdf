"""Zendesk's own SLA policies and schedule, as far as they can say what the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from support_policy.core.opening_hours import OpeningHours
from support_policy.core.policy import Policy, PolicyTarget
from support_policy.core.target import Kind
from support_policy.core.ticket import Priority
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.resource import Resource

SCHEDULE = "Support Policy"
"""The name of our schedule; those of its holidays begin with it."""

_MINUTES_OF_DAY = 1440
_PRIORITIES = (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT)
# What a priority field without Low and Urgent makes of them.
_BASIC = {Priority.LOW: Priority.NORMAL, Priority.URGENT: Priority.HIGH}
# Zendesk names zones as Rails does; a zone that is not here is written by its IANA name.
_ZONES = {
    "America/Anchorage": "Alaska",
    "America/Chicago": "Central Time (US & Canada)",
    "America/Denver": "Mountain Time (US & Canada)",
    "America/Detroit": "Eastern Time (US & Canada)",
    "America/Edmonton": "Mountain Time (US & Canada)",
    "America/Halifax": "Atlantic Time (Canada)",
    "America/Los_Angeles": "Pacific Time (US & Canada)",
    "America/Moncton": "Atlantic Time (Canada)",
    "America/Montreal": "Eastern Time (US & Canada)",
    "America/New_York": "Eastern Time (US & Canada)",
    "America/Phoenix": "Arizona",
    "America/Regina": "Saskatchewan",
    "America/St_Johns": "Newfoundland",
    "America/Toronto": "Eastern Time (US & Canada)",
    "America/Vancouver": "Pacific Time (US & Canada)",
    "America/Winnipeg": "Central Time (US & Canada)",
    "Etc/UTC": "UTC",
    "Europe/London": "London",
    "Europe/Paris": "Paris",
    "Pacific/Honolulu": "Hawaii",
}

Line = Resource | str
"""A thing to make, or a sentence that says what is left out and why."""


def schedule(policy: Policy, account: Account, *, today: date) -> Iterator[Line]:
    """The business hours and the holidays of this year and the next."""
    if not account.has("schedule"):
        yield "schedule: the account's plan has none"
        return
    hours = policy.schedule.hours
    years = range(today.year, today.year + 2)
    special = [day for day, spans in hours.special.items() if spans and day.year in years]
    if special:
        yield f"special hours of {len(special)} dates: a Zendesk schedule knows whole holidays only"
    yield Resource(
        kind="schedule",
        name="business_hours",
        title=SCHEDULE,
        body={
            "name": SCHEDULE,
            "time_zone": _ZONES.get(hours.time_zone, hours.time_zone),
            "intervals": _intervals(hours),
            "holidays": [_holiday(day) for day in _closed(hours, years)],
        },
    )


def sla_policies(policy: Policy, account: Account) -> Iterator[Line]:
    """One SLA policy for each target that Zendesk can count."""
    if not account.has("sla_policy"):
        yield "SLA policies: the account's plan has none"
        return
    if not account.tags_in_slas:
        yield "SLA policies: this account's may not ask for tags"
        return
    classes = {rule.category.partition(".")[0] for rule in policy.classification if rule.category}
    for target in policy.targets:
        title = dict(target.title).get("en", target.name)
        if why := _inexpressible(target, account, classes=classes):
            yield f"SLA policy {title}: {why}"
        else:
            yield _sla_policy(target, f"Support Policy: {title}", account)


def _inexpressible(target: PolicyTarget, account: Account, *, classes: set[str]) -> str:
    """Why Zendesk cannot count a target; empty when it can."""
    if target.target.kind is Kind.BUSINESS_DAYS:
        return "Zendesk counts hours, and this is expected in business days"
    if not target.tags:
        return "it has no tag to be told by"
    if target.name not in classes:
        # Zendesk applies the first policy that matches; this one would replace the class's own.
        return "it runs beside the first response, and a Zendesk ticket has one SLA policy"
    if target.target.kind is Kind.BUSINESS and not account.has("schedule"):
        return "it is counted in business hours, and the account's plan has no schedule"
    return ""


def _sla_policy(target: PolicyTarget, title: str, account: Account) -> Resource:
    business = target.target.kind is Kind.BUSINESS
    minutes = -(-target.target.amount // 60)
    metrics: list[dict[str, Any]] = [
        {
            "metric": "first_reply_time",
            "priority": priority.value,
            "target": minutes,
            "business_hours": business,
        }
        for priority in _priorities(None if business else target.priority, account)
    ]
    tag = target.tags[0]
    return Resource(
        kind="sla_policy",
        name=target.name,
        title=title,
        body={
            "title": title,
            "description": f"Clause {target.clause}. The time is expected, not guaranteed.",
            "filter": {
                "all": [{"field": "current_tags", "operator": "includes", "value": tag}],
                "any": [],
            },
            "policy_metrics": metrics,
        },
    )


def _priorities(asked: Priority | None, account: Account) -> tuple[Priority, ...]:
    """Those that tickets of a target can have in this account."""
    wanted = _PRIORITIES if asked is None else (asked,)
    if not account.basic_priority:
        return wanted
    return tuple(dict.fromkeys(_BASIC.get(each, each) for each in wanted))


def _intervals(hours: OpeningHours) -> list[dict[str, int]]:
    """Minutes since Sunday; our own week begins on Monday."""
    spans = [
        ((day + 1) % 7 * _MINUTES_OF_DAY, opens, closes)
        for day, of_day in enumerate(hours.week)
        for opens, closes in of_day
    ]
    return [
        {"start_time": day + opens // 60, "end_time": day + closes // 60}
        for day, opens, closes in sorted(spans)
    ]


def _closed(hours: OpeningHours, years: range) -> list[date]:
    """The dates that are closed though their weekday may be open."""
    special = {day for day, spans in hours.special.items() if not spans}
    closed = special | (hours.holidays - hours.special.keys())
    return sorted(day for day in closed if day.year in years)


def _holiday(day: date) -> dict[str, str]:
    text = day.isoformat()
    return {"name": f"{SCHEDULE} {text}", "start_date": text, "end_date": text}
