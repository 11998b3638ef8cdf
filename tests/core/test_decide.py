"""Policy, ticket and facts in; one decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small_policy import ADJUSTMENTS, CLASSIFICATION, a_ticket, at, said, small_policy

from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.facts import Fact, Facts, Language
from support_policy.core.policy import Policy, Stage
from support_policy.core.target import Kind
from support_policy.core.ticket import Channel, Priority, Standing, Ticket

NOW = at("2026-11-23T10:00:30")
NOTHING = Facts(language="en", subject="", body="")


def decided(
    policy: Policy,
    *names: str,
    standing: Standing = Standing.REGISTERED,
    language: Language = "en",
    **ticket: object,
) -> Decision:
    facts = said(*names, language=language)
    return decide(policy, a_ticket(**ticket), facts, standing, NOW)


# Classification


def test_the_first_rule_that_applies_wins(policy: Policy) -> None:
    decision = decided(policy, "product.wordpress", "website.offline")
    assert decision.category == "low.third_party"
    assert decision.because[0].rule == "classification/third-party"


def test_the_order_of_the_rules_is_the_precedence_not_the_order_of_the_words(
    policy: Policy,
) -> None:
    one = decided(policy, "website.offline", "evidence.server_fault")
    other = decided(policy, "evidence.server_fault", "website.offline")
    assert one.category == other.category == "high.server"


def test_a_ticket_that_matches_nothing_falls_to_the_last_rule(policy: Policy) -> None:
    decision = decided(policy)
    assert decision.category == "low.general"
    assert decision.tags == ("policy_low", "needs_review")
    assert decision.because[0].words == ()


@pytest.mark.parametrize(
    ("names", "priority", "due"),
    [
        (("evidence.many_customers",), Priority.HIGH, "2026-11-23T11:00:00"),
        (("website.offline",), Priority.NORMAL, "2026-11-23T14:00:00"),
        (("product.joomla",), Priority.LOW, "2026-11-24T10:00:00"),
        (("sales.quote",), Priority.NORMAL, "2026-11-24T17:00:00"),
    ],
)
def test_the_category_names_the_priority_and_the_expected_time(
    policy: Policy, names: tuple[str, ...], priority: Priority, due: str
) -> None:
    decision = decided(policy, *names)
    assert (decision.priority, decision.due_at) == (priority, at(due))


def test_the_chosen_rule_is_told_with_its_clause_and_the_customers_words(policy: Policy) -> None:
    [chosen] = decided(policy, "website.offline").because
    assert (chosen.stage, chosen.clause) == (Stage.CLASSIFICATION, "A3")
    assert [(fact.name, fact.quote) for fact in chosen.words] == [
        ("website.offline", "words of website.offline")
    ]


def test_tags_are_in_order_and_never_twice(tmp_path: Path) -> None:
    again = ADJUSTMENTS.replace('tags = ["lang_fr"]', 'tags = ["lang_fr", "third_party"]')
    policy = small_policy(tmp_path, {"adjustments.toml": again})
    decision = decided(policy, "product.joomla", language="fr", department="level_2")
    assert decision.tags == ("policy_low", "third_party", "with_level_2", "lang_fr")


def test_the_decision_says_whose_what_and_when(policy: Policy) -> None:
    ticket = a_ticket()
    decision = decide(policy, ticket, NOTHING, Standing.REGISTERED, NOW)
    assert decision.ticket == ticket.ref
    assert (decision.policy, decision.version) == ("small", "1")
    assert (decision.received_at, decision.decided_at) == (ticket.received_at, NOW)


# Eligibility


def test_a_held_ticket_has_no_priority_no_clock_and_no_tag_of_its_class(policy: Policy) -> None:
    decision = decided(policy, "product.joomla", standing=Standing.UNREGISTERED)
    assert decision.held
    assert decision.priority is None
    assert (decision.clocks, decision.due_at) == ((), None)
    assert decision.tags == ("unregistered_sender",)
    assert decision.category == "low.third_party", "agents still see what it is about"


def test_a_held_ticket_starts_no_second_clock_either(policy: Policy) -> None:
    decision = decided(
        policy,
        "website.offline",
        standing=Standing.UNREGISTERED,
        language="fr",
        department="level_2",
    )
    assert decision.clocks == ()


def test_the_first_eligibility_rule_decides_so_that_exceptions_come_first(policy: Policy) -> None:
    decision = decided(policy, "abuse.report", "website.offline", standing=Standing.UNREGISTERED)
    assert not decision.held
    assert decision.priority is Priority.NORMAL
    assert "abuse_review" in decision.tags
    assert "unregistered_sender" not in decision.tags


def test_eligibility_may_look_at_the_category(policy: Policy) -> None:
    assert not decided(policy, "sales.quote", standing=Standing.UNREGISTERED).held


@pytest.mark.parametrize("standing", [Standing.UNKNOWN, Standing.UNAVAILABLE, Standing.REGISTERED])
def test_nobody_is_held_because_a_list_is_missing_or_down(
    policy: Policy, standing: Standing
) -> None:
    assert not decided(policy, "website.offline", standing=standing).held


# Near misses


def test_a_rule_for_a_sooner_answer_that_matched_in_part_is_told(policy: Policy) -> None:
    [near] = decided(policy, "website.offline").missed
    assert (near.rule, near.category, near.clause) == (
        "classification/server-fault",
        "high.server",
        "A2",
    )
    assert near.lacking == ("evidence.server_fault",)
    assert [fact.name for fact in near.words] == ["website.offline"]


def test_words_that_spoke_against_a_sooner_answer_are_told(policy: Policy) -> None:
    decision = decided(policy, "evidence.many_customers", "website.one_only", "website.offline")
    many = next(near for near in decision.missed if near.category == "high.many")
    assert [fact.name for fact in many.against] == ["website.one_only"]
    assert decision.category == "medium.website_offline"


def test_a_rule_for_a_later_or_equal_answer_is_never_told_as_missed(tmp_path: Path) -> None:
    later = """\
[[classification]]
name = "slow"
clause = "A4"
category = "low.slow"
all = ["website.offline", "never.found"]

[[classification]]
name = "equal"
clause = "A3"
category = "medium.equal"
all = ["website.offline", "never.found"]

"""
    policy = small_policy(tmp_path, {"classification.toml": later + CLASSIFICATION})
    categories = {near.category for near in decided(policy, "website.offline").missed}
    assert categories == {"high.server"}


def test_a_category_is_told_as_missed_once(tmp_path: Path) -> None:
    twice = CLASSIFICATION.replace('category = "high.many"', 'category = "high.server"')
    policy = small_policy(tmp_path, {"classification.toml": twice})
    decision = decided(policy, "website.offline", "evidence.many_customers", "website.one_only")
    assert [near.rule for near in decision.missed] == ["classification/server-fault"]


def test_the_highest_class_misses_nothing(policy: Policy) -> None:
    decision = decided(policy, "evidence.server_fault", "website.offline")
    assert decision.missed == ()


# Clocks


def test_a_level_runs_a_clock_of_its_own_and_the_earliest_is_shown(policy: Policy) -> None:
    decision = decided(policy, department="level_2")  # low: 24 hours; level 2: 4 business hours
    assert {clock.target: clock.due_at for clock in decision.clocks} == {
        "low": at("2026-11-24T10:00:00"),
        "level_2": at("2026-11-23T14:00:00"),
    }
    assert decision.due_at == at("2026-11-23T14:00:00")
    assert decision.priority is Priority.LOW, "a second clock never changes the priority"


def test_a_french_answer_has_a_second_clock_on_business_hours(policy: Policy) -> None:
    received = at("2026-11-27T16:00:00")  # a Friday
    decision = decided(policy, "website.offline", language="fr", received_at=received)
    assert {clock.target: (clock.kind, clock.due_at) for clock in decision.clocks} == {
        "medium": (Kind.ELAPSED, at("2026-11-27T20:00:00")),
        "french_response": (Kind.BUSINESS, at("2026-11-30T12:00:00")),
    }
    assert decision.due_at == at("2026-11-27T20:00:00"), "language never delays the first clock"


def test_without_a_target_there_is_a_priority_and_no_expected_time(policy: Policy) -> None:
    decision = decided(policy, "website.offline", channel=Channel.PHONE)
    assert not decision.held
    assert decision.priority is Priority.NORMAL
    assert (decision.clocks, decision.due_at) == ((), None)


def test_without_a_target_a_level_still_runs_its_clock(policy: Policy) -> None:
    decision = decided(policy, channel=Channel.PHONE, department="level_2")
    assert [clock.target for clock in decision.clocks] == ["level_2"]


def test_where_the_class_has_no_expected_time_its_french_clock_has_none_either(
    policy: Policy,
) -> None:
    decision = decided(policy, channel=Channel.PHONE, department="level_2", language="fr")
    assert [clock.target for clock in decision.clocks] == ["level_2"]


@pytest.mark.parametrize(
    ("received", "applies"),
    [
        ("2026-11-23T08:59:59", True),
        ("2026-11-23T09:00:00", False),
        ("2026-11-23T16:59:59", False),
        ("2026-11-23T17:00:00", True),
        ("2026-12-25T10:00:00", True),
    ],
)
def test_business_hours_are_those_of_the_receipt_not_of_the_decision(
    policy: Policy, received: str, *, applies: bool
) -> None:
    decision = decided(policy, received_at=at(received))
    assert ("after_hours" in decision.tags) is applies


def test_a_high_ticket_in_the_night_the_clocks_go_back_is_due_one_real_hour_later(
    policy: Policy,
) -> None:
    received = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # the first 01:30
    decision = decided(policy, "evidence.many_customers", received_at=received)
    assert decision.due_at is not None
    assert decision.due_at.timestamp() == (received + timedelta(hours=1)).timestamp()


# The version in force


def test_a_ticket_is_judged_from_the_second_the_policy_takes_effect(policy: Policy) -> None:
    start = policy.effective_from
    for received in (start, start + timedelta(seconds=1)):
        ticket = a_ticket(received_at=received.astimezone(UTC))
        assert decide(policy, ticket, NOTHING, Standing.REGISTERED, NOW).version == "1"
    early = a_ticket(received_at=(start - timedelta(seconds=1)).astimezone(UTC))
    with pytest.raises(ValueError, match="before policy small took effect"):
        decide(policy, early, NOTHING, Standing.REGISTERED, NOW)


# Laws

NAMES = (
    "website.offline",
    "website.one_only",
    "evidence.server_fault",
    "evidence.many_customers",
    "product.wordpress",
    "product.joomla",
    "sales.quote",
    "abuse.report",
    "a.fact.no.rule.knows",
)
facts = st.builds(
    lambda found, language, body: Facts(
        language=language, subject="", body=body, found=tuple(found)
    ),
    st.lists(
        st.builds(
            Fact,
            name=st.sampled_from(NAMES) | st.text(max_size=20),
            field=st.sampled_from(("subject", "body")),
            quote=st.text(max_size=80),
            start=st.integers(0, 100),
            end=st.integers(0, 100),
        ),
        max_size=8,
    ),
    st.sampled_from(get_args(Language)),
    st.text(max_size=40),
)
tickets = st.builds(
    a_ticket,
    subject=st.text(max_size=20),
    body=st.text(max_size=40),
    received_at=st.datetimes(
        min_value=datetime(2026, 1, 2),  # noqa: DTZ001 - strategies take naive bounds
        max_value=datetime(2036, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    channel=st.sampled_from(Channel),
    department=st.none() | st.sampled_from(("level_2", "sales", "nobody")),
    priority=st.none() | st.sampled_from(Priority),
    closed=st.booleans(),
)
standings = st.sampled_from(Standing)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ticket=tickets, words=facts, standing=standings)
def test_any_ticket_gets_a_decision_and_never_the_priority_of_people(
    policy: Policy, ticket: Ticket, words: Facts, standing: Standing
) -> None:
    decision = decide(policy, ticket, words, standing, NOW)
    assert decision.priority is not Priority.URGENT
    assert len(set(decision.tags)) == len(decision.tags)
    assert decision.because[0].stage is Stage.CLASSIFICATION
    if decision.held:
        assert (decision.priority, decision.clocks) == (None, ())
    else:
        assert decision.priority is not None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ticket=tickets, words=facts, standing=standings)
def test_the_same_inputs_give_the_same_decision(
    policy: Policy, ticket: Ticket, words: Facts, standing: Standing
) -> None:
    one = decide(policy, ticket, words, standing, NOW)
    assert one == decide(policy, ticket, words, standing, NOW)
    later = decide(policy, ticket, words, standing, NOW + timedelta(days=3))
    assert later == replace(one, decided_at=later.decided_at), "waiting changes nothing"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ticket=tickets, words=facts, standing=standings)
def test_an_elapsed_time_is_exact_to_the_second(
    policy: Policy, ticket: Ticket, words: Facts, standing: Standing
) -> None:
    hours = {"high": 1, "medium": 4, "low": 24}
    decision = decide(policy, ticket, words, standing, NOW)
    for clock in decision.clocks:
        if clock.kind is Kind.ELAPSED:
            expected = int(ticket.received_at.timestamp()) + hours[clock.target] * 3600
            assert int(clock.due_at.timestamp()) == expected
        else:
            assert clock.due_at.timestamp() >= int(ticket.received_at.timestamp())
    if decision.clocks:
        assert decision.due_at is not None
        earliest = min(clock.due_at.timestamp() for clock in decision.clocks)
        assert decision.due_at.timestamp() == earliest


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ticket=tickets, words=facts, standing=standings)
def test_a_near_miss_would_always_have_meant_a_sooner_answer(
    policy: Policy, ticket: Ticket, words: Facts, standing: Standing
) -> None:
    rank = {target.name: place for place, target in enumerate(policy.targets)}
    decision = decide(policy, ticket, words, standing, NOW)
    for near in decision.missed:
        assert rank[near.category.partition(".")[0]] < rank[decision.target]
        assert near.lacking or near.against
        # Without words of its own only the likeliest rule of the soonest class is named.
        assert near.words or rank[near.category.partition(".")[0]] == 0
