"""Why not something sooner? The rules that were passed over on the way to a class."""

from __future__ import annotations

import re
from collections.abc import Iterable

from support_policy.core.decision import Missed
from support_policy.core.match import Match
from support_policy.core.policy import Policy, Rule
from support_policy.core.target import Kind

SHOWN = 3
"""How many a decision keeps: what an agent can read at a glance."""


def near_misses(
    policy: Policy, passed_over: Iterable[tuple[Rule, Match]], category: str
) -> tuple[Missed, ...]:
    """Rules of sooner classes that matched in part: the nearest first, one for each category.

    When none of them belongs to the soonest class, its likeliest rule is named as well, since
    that is what agents ask first.
    """
    sooner = [
        (rule, found)
        for rule, found in passed_over
        if rule.category and _rank(policy, rule.category) < _rank(policy, category)
    ]
    in_part = [_missed(rule, found) for rule, found in sooner if found.in_part]
    nearest: dict[str, Missed] = {}
    for miss in sorted(in_part, key=lambda miss: len(miss.lacking) + len(miss.against)):
        nearest.setdefault(miss.category, miss)
    kept = list(nearest.values())[:SHOWN]
    soonest = policy.targets[0].name
    day_and_night = policy.target_of(category).target.kind is Kind.ELAPSED
    if day_and_night and not any(miss.category.partition(".")[0] == soonest for miss in kept):
        kept = [*_likeliest(sooner, soonest, category), *kept][:SHOWN]
    return tuple(kept)


def _rank(policy: Policy, category: str) -> int:
    return policy.targets.index(policy.target_of(category))


def _likeliest(sooner: list[tuple[Rule, Match]], soonest: str, category: str) -> tuple[Missed, ...]:
    """The rule of the soonest class that speaks of the same thing, by the words of its category."""
    words = set(re.split(r"[._]", category))
    candidates = [
        (rule, found)
        for rule, found in sooner
        if (rule.category or "").partition(".")[0] == soonest and found.lacking
    ]
    if not candidates:
        return ()
    best = max(
        candidates, key=lambda each: len(words & set(re.split(r"[._]", each[0].category or "")))
    )
    return (_missed(*best),)


def _missed(rule: Rule, found: Match) -> Missed:
    return Missed(
        rule=rule.address,
        clause=rule.clause,
        category=rule.category or "",
        words=found.words,
        lacking=found.lacking,
        against=found.against,
    )
