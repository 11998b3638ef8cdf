"""Policy and ticket in, decision out; pure, so that it can be replayed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from support_policy.core.decision import Because, ClockRun, Decision, Missed
from support_policy.core.facts import Facts
from support_policy.core.match import Case, Match, match
from support_policy.core.near_misses import near_misses
from support_policy.core.policy import Policy, PolicyTarget, Rule
from support_policy.core.target import due
from support_policy.core.ticket import Standing, Ticket


def decide(
    policy: Policy, ticket: Ticket, facts: Facts, standing: Standing, now: datetime
) -> Decision:
    """Apply a policy to a ticket.

    Raises ValueError when the ticket was received before the policy took effect.
    """
    if ticket.received_at < policy.effective_from:
        raise ValueError(f"{ticket.ref} was received before policy {policy.id} took effect")
    case = Case(
        facts=facts,
        channel=ticket.channel,
        department=ticket.department,
        standing=standing,
        business_hours=policy.schedule.is_open(ticket.received_at),
        logged_in=ticket.logged_in,
    )
    chosen, missed = classify(policy, case)
    case = replace(case, category=chosen.category)
    gate = next(iter(_applying(policy.eligibility, case)), None)
    held = gate is not None and gate[0].hold
    adjustments = list(_applying(policy.adjustments, case))
    effects = ([gate] if gate else []) + adjustments
    target = policy.target_of(_category(chosen))
    clocks = () if held else _clocks(policy, target, [rule for rule, _ in effects], ticket)
    return Decision(
        ticket=ticket.ref,
        policy=policy.id,
        version=policy.version,
        decided_at=now,
        received_at=ticket.received_at,
        category=_category(chosen),
        language=facts.language,
        held=held,
        priority=None if held else target.priority,
        department=None if held else target.department,
        clocks=clocks,
        tags=_tags(chosen, target, effects, held=held),
        because=(chosen, *(_because(rule, found) for rule, found in effects)),
        missed=missed,
    )


def classify(policy: Policy, case: Case) -> tuple[Because, tuple[Missed, ...]]:
    """The first classification rule that applies, and the higher ones that nearly did."""
    passed_over: list[tuple[Rule, Match]] = []
    for rule in policy.classification:
        found = match(rule.when, case)
        if found:
            chosen = _because(rule, found)
            return chosen, near_misses(policy, passed_over, _category(chosen), case.facts.names)
        passed_over.append((rule, found))
    raise ValueError(f"policy {policy.id} has no classification rule that always matches")


def adjust(policy: Policy, case: Case) -> tuple[Because, ...]:
    """Every adjustment that applies, in order."""
    return tuple(_because(rule, found) for rule, found in _applying(policy.adjustments, case))


def _applying(rules: tuple[Rule, ...], case: Case) -> list[tuple[Rule, Match]]:
    return [(rule, found) for rule in rules if (found := match(rule.when, case))]


def _because(rule: Rule, found: Match) -> Because:
    return Because(
        rule=rule.address,
        stage=rule.stage,
        clause=rule.clause,
        category=rule.category,
        words=found.words,
        conditions=found.stated,
        tags=rule.tags,
    )


def _clocks(
    policy: Policy, target: PolicyTarget, rules: list[Rule], ticket: Ticket
) -> tuple[ClockRun, ...]:
    dropped = any(rule.no_target for rule in rules)
    owed = [] if dropped else [(target.name, target.clause, target.target)]
    owed += [
        (more.name, more.clause, more.target)
        for rule in rules
        for more in map(policy.target, rule.clocks)
    ]
    owed += [
        (rule.business_clock, rule.clause, target.target.on_business_hours())
        for rule in rules
        if rule.business_clock and not dropped  # it runs the class's own time
    ]
    return tuple(
        ClockRun(
            target=name,
            clause=clause,
            kind=wanted.kind,
            due_at=due(wanted, ticket.received_at, policy.schedule),
        )
        for name, clause, wanted in owed
    )


def _tags(
    chosen: Because, target: PolicyTarget, effects: list[tuple[Rule, Match]], *, held: bool
) -> tuple[str, ...]:
    """In order and without repeats; a held ticket does not carry its class's tag."""
    tags = [] if held else [*target.tags, *chosen.tags]
    tags += [tag for rule, _ in effects for tag in rule.tags]
    return tuple(dict.fromkeys(tags))


def _category(chosen: Because) -> str:
    if chosen.category is None:
        raise ValueError(f"rule {chosen.rule} names no category")
    return chosen.category
