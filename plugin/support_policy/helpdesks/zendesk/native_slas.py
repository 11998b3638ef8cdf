"""Zendesk's own SLA policies and schedule, as far as they can say what the policy says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from support_policy.core.explain import Texts
from support_policy.core.opening_hours import Span
from support_policy.core.policy import Policy, PolicyTarget
from support_policy.core.schedule import Schedule
from support_policy.core.target import Kind
from support_policy.core.ticket import Priority
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.drift import same, shown
from support_policy.helpdesks.zendesk.resource import Resource

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

Spans = tuple[Span, ...]
"""The open stretches of a day, in minutes."""

Line = Resource | str
"""A thing to make, or a sentence that says what is left out and why."""


def native_slas(policy: Policy, account: Account, texts: Texts, *, today: date) -> tuple[Line, ...]:
    """The SLA policies, and the schedule when one of them counts in it."""
    hours, no_hours = _hours(policy, account, texts, today=today)
    policies = tuple(_sla_policies(policy, account, texts, no_hours=no_hours))
    if any(isinstance(line, Resource) for line in hours) and not any(map(_in_hours, policies)):
        hours = ["schedule: no SLA policy counts in business hours"]
    return (*hours, *policies)


def _in_hours(line: Line) -> bool:
    metrics = line.body["policy_metrics"] if isinstance(line, Resource) else ()
    return any(each["business_hours"] for each in metrics)


def _hours(
    policy: Policy, account: Account, texts: Texts, *, today: date
) -> tuple[list[Line], str]:
    """The business hours, and why SLA policies cannot count in them; empty when they can.

    An account that has a schedule already counts by that one: ours would be of no effect.
    """
    if not account.has("schedule"):
        return ["schedule: the account's plan has none"], "the account's plan has no schedule"
    days = _days(policy.schedule, today.year)
    week = _week(days)
    ours = _schedule(policy, days, week, texts.say("zendesk.schedule"))
    theirs = account.other_schedules
    if theirs and len(theirs) == len(account.rows["schedule"]):
        name = shown(theirs[0].get("name"))
        if all(same(ours.body[part], theirs[0].get(part)) for part in ("time_zone", "intervals")):
            return [f"schedule: the account's own {name} has the same hours"], ""
        why = f"the account's own schedule {name} has other hours"
        return [f"schedule: {why}"], why
    lines: list[Line] = [ours]
    special = [day for day, spans in days.items() if spans and spans != week[day.weekday()]]
    if special:
        what = "a Zendesk schedule knows whole holidays only"
        lines.append(f"special hours of {len(special)} dates: {what}")
    return lines, ""


def _schedule(
    policy: Policy, days: Mapping[date, Spans], week: Sequence[Spans], title: str
) -> Resource:
    zone = policy.schedule.time_zone
    return Resource(
        kind="schedule",
        name="business_hours",
        title=title,
        body={
            "name": title,
            "time_zone": _ZONES.get(zone, zone),
            "intervals": _intervals(week),
            "holidays": [
                _holiday(title, day)
                for day, spans in days.items()
                if week[day.weekday()] and not spans
            ],
        },
    )


def _sla_policies(
    policy: Policy, account: Account, texts: Texts, *, no_hours: str
) -> Iterator[Line]:
    """One SLA policy for each target that Zendesk can count.

    ``no_hours`` is why it cannot count in business hours.
    """
    if not account.has("sla_policy"):
        yield "SLA policies: the account's plan has none"
        return
    if not account.tags_in_slas:
        yield "SLA policies: this account's may not ask for tags"
        return
    classes = {rule.category.partition(".")[0] for rule in policy.classification if rule.category}
    for target in policy.targets:
        titles = dict(target.title)
        if why := _inexpressible(target, classes=classes, no_hours=no_hours):
            yield f"SLA policy {titles.get('en', target.name)}: {why}"
        else:
            name = titles.get(texts.language, target.name)
            words = {
                "title": texts.say("zendesk.sla_policy", target=name),
                "description": texts.say("zendesk.sla_policy.more", clause=target.clause),
            }
            yield _sla_policy(target, words, account)


def _inexpressible(target: PolicyTarget, *, classes: set[str], no_hours: str) -> str:
    """Why Zendesk cannot count a target; empty when it can."""
    if target.target.kind is Kind.BUSINESS_DAYS:
        return "Zendesk counts hours, and this is expected in business days"
    if not target.tags:
        return "it has no tag to be told by"
    if target.name not in classes:
        # Zendesk applies the first policy that matches; this one would replace the class's own.
        return "it runs beside the first response, and a Zendesk ticket has one SLA policy"
    if target.target.kind is Kind.BUSINESS and no_hours:
        return f"it is counted in business hours, and {no_hours}"
    return ""


def _sla_policy(target: PolicyTarget, words: dict[str, str], account: Account) -> Resource:
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
        title=words["title"],
        body={
            **words,
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


def _days(schedule: Schedule, year: int) -> dict[date, Spans]:
    """The open spans of every date of a year and the next, in minutes of the day."""
    zone = ZoneInfo(schedule.time_zone)
    first, after = datetime(year, 1, 1, tzinfo=zone), datetime(year + 2, 1, 1, tzinfo=zone)
    days: dict[date, Spans] = {}
    for step in schedule.steps(first, after):
        spans = days.setdefault(step.date, ())
        if step.opens and step.closes:
            midnight = step.closes.date() > step.date
            closes = _MINUTES_OF_DAY if midnight else _minute(step.closes)
            days[step.date] = (*spans, (_minute(step.opens), closes))
    return days


def _week(days: Mapping[date, Spans]) -> tuple[Spans, ...]:
    """What most dates of each weekday have, Monday first."""
    seen: list[Counter[Spans]] = [Counter() for _ in range(7)]
    for day, spans in days.items():
        seen[day.weekday()][spans] += 1
    return tuple(each.most_common(1)[0][0] for each in seen)


def _intervals(week: Sequence[Sequence[Span]]) -> list[dict[str, int]]:
    """Minutes since Sunday; our own week begins on Monday."""
    spans = [
        ((day + 1) % 7 * _MINUTES_OF_DAY, opens, closes)
        for day, of_day in enumerate(week)
        for opens, closes in of_day
    ]
    return [
        {"start_time": day + opens, "end_time": day + closes}
        for day, opens, closes in sorted(spans)
    ]


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _holiday(title: str, day: date) -> dict[str, str]:
    text = day.isoformat()
    return {"name": f"{title} {text}", "start_date": text, "end_date": text}
