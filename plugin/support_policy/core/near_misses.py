"""Why not something sooner? The rules that were passed over on the way to a class."""

from __future__ import annotations

import re
from collections.abc import Iterable

from support_policy.core.decision import Missed
from support_policy.core.match import Match
from support_policy.core.policy import Policy, Rule

SHOWN = 2
"""How many a decision keeps: what an agent can read at a glance."""


def near_misses(
    policy: Policy, passed_over: Iterable[tuple[Rule, Match]], category: str, facts: Iterable[str]
) -> tuple[Missed, ...]:
    """Rules of sooner classes that matched in part: the nearest first, one for each category.

    When none of them belongs to the soonest class, its likeliest rule is named as well, since
    that is what agents ask first. ``facts`` are the names of what was found.
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
    if not any(_target(miss.category) == soonest for miss in kept):
        about = (_words([category]), _words(facts))
        kept = [*_likeliest(policy, sooner, soonest, about), *kept][:SHOWN]
    return tuple(kept)


def _likeliest(
    policy: Policy,
    sooner: list[tuple[Rule, Match]],
    soonest: str,
    about: tuple[frozenset[str], frozenset[str]],
) -> tuple[Missed, ...]:
    """The rule of the soonest class that speaks of the same thing as the ticket.

    What it speaks of is in the words of its category; among equals the policy's first clause.
    """
    order = {clause.id: place for place, clause in enumerate(policy.clauses)}

    def likeness(each: tuple[Rule, Match]) -> tuple[int, int, int]:
        words = _words([each[0].category or ""])
        return len(words & about[0]), len(words & about[1]), -order[each[0].clause]

    candidates = [
        (rule, found)
        for rule, found in sooner
        if _target(rule.category or "") == soonest and found.lacking
    ]
    return tuple(_missed(*each) for each in sorted(candidates, key=likeness)[-1:])


def _rank(policy: Policy, category: str) -> int:
    return policy.targets.index(policy.target_of(category))


def _target(category: str) -> str:
    return category.partition(".")[0]


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in re.split(r"[._]", name))


def _missed(rule: Rule, found: Match) -> Missed:
    return Missed(
        rule=rule.address,
        clause=rule.clause,
        category=rule.category or "",
        words=found.words,
        lacking=found.lacking,
        against=found.against,
    )
