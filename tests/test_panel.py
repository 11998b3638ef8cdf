"""What the sidebar shows of a record: rebuilt exactly, told in both languages, calm about time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.small_policy import TORONTO, a_ticket, at, changed, said, small_policy

from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.facts import Facts
from support_policy.core.policy import Policy
from support_policy.core.ticket import Channel, Field, Standing
from support_policy.core.update import Update
from support_policy.panel import OTHER, Panel, classes, decision_of, panel
from support_policy.store import record as records
from support_policy.texts import load_texts

RECEIVED = at("2026-11-23T10:00:00")  # a Monday
DOWN = said("website.offline", quote="my site is down")


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return small_policy(tmp_path)


def decided(policy: Policy, facts: Facts = DOWN, **changes: Any) -> Decision:
    standing = changes.pop("standing", Standing.UNKNOWN)
    ticket = a_ticket(received_at=RECEIVED, **changes)
    return decide(policy, ticket, facts, standing, RECEIVED)


def recorded(decision: Decision, kept: tuple[Field, ...] = (), **about: Any) -> dict[str, Any]:
    """A record as the store gives it back."""
    update = Update(ticket=decision.ticket, kept=kept)
    return {"id": 3, "mode": "enforce", **about, **records.load(records.dump(decision, update))}


def shown(
    policy: Policy,
    decision: Decision,
    *,
    language: str = "en",
    now: datetime = RECEIVED,
    **about: Any,
) -> Panel:
    return panel(recorded(decision, **about), policy, load_texts(language), now=now)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


# The decision itself


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"standing": Standing.UNREGISTERED},
        {"channel": Channel.PHONE},
        {"department": "level_2"},
        {"facts": said()},
        {"facts": said("website.offline", "product.wordpress", language="fr", quote="à l'envers")},
        {"facts": said("evidence.server_fault", "website.offline")},
        {"facts": said("sales.quote")},
    ],
)
def test_a_decision_comes_out_of_its_record_as_it_went_in(
    policy: Policy, changes: dict[str, Any]
) -> None:
    decision = decided(policy, **changes)
    assert decision_of(recorded(decision)) == decision


def test_a_record_with_more_in_it_than_we_know_can_be_read(policy: Policy) -> None:
    """A newer version of ours wrote it, and was rolled back."""
    record = recorded(decided(policy))
    record["decision"]["mood"] = "good"
    record["news"] = [1]
    assert decision_of(record) == decided(policy)


def test_what_is_no_record_is_refused_and_not_guessed(policy: Policy) -> None:
    record = recorded(decided(policy))
    record["decision"]["priority"] = "enormous"
    with pytest.raises(ValueError, match="enormous"):
        decision_of(record)


# What is told


def test_class_time_and_reasons_are_told_apart(policy: Policy) -> None:
    told = shown(policy, decided(policy))
    assert (told.decision, told.title, told.held) == (3, "Medium", False)
    assert told.expected == (
        "Medium: first response expected by Mon 23 Nov 2026, 14:00 EST (expected, not guaranteed)."
    )
    assert told.why == (
        (
            "Because of the words “my site is down”: clause A3, Medium priority"
            " (rule classification/website-offline)."
        ),
    )
    assert told.why_not == (
        "Not High, clause A2, High priority: nothing says that the server fails.",
    )
    assert told.footer == "Policy small, version 1."
    assert told.notices == ()


def test_a_french_agent_reads_french(policy: Policy) -> None:
    told = shown(policy, decided(policy), language="fr")
    assert (told.language, told.title) == ("fr", "Moyenne")
    assert told.expected == (
        "Moyenne : première réponse attendue d'ici le lun. 23 nov. 2026, 14 h 00 HNE"
        " (délai attendu, non garanti)."
    )
    assert "« my site is down »" in told.why[0]
    assert told.clocks[0].left == "Il reste 4 h 00 min"


def test_a_held_ticket_says_so_and_has_no_clock(policy: Policy) -> None:
    told = shown(policy, decided(policy, standing=Standing.UNREGISTERED))
    assert (told.held, told.title, told.clocks) == (True, "On hold", ())
    assert told.expected == "On hold for an agent: no priority and no expected time were set."
    assert any("not registered" in line for line in told.why)


def test_a_channel_that_is_best_effort_has_no_expected_time(policy: Policy) -> None:
    told = shown(policy, decided(policy, channel=Channel.PHONE))
    assert told.clocks == ()
    assert told.expected == "Medium: no expected time, since this channel is best effort."


def test_in_observe_mode_it_says_that_nothing_was_written(policy: Policy) -> None:
    told = shown(policy, decided(policy), mode="observe", not_kept=["priority"])
    assert told.notices == (
        "Observe mode: the policy would say this. Nothing of it was written to the ticket.",
    )


def test_what_the_desk_did_not_keep_and_what_staff_set_is_told(policy: Policy) -> None:
    told = shown(
        policy, decided(policy), kept=(Field.PRIORITY, Field.DUE_AT), not_kept=["priority", "tags"]
    )
    assert told.notices == (
        "The help desk did not keep what was set: priority and tags.",
        "Left as a staff member set it: priority and due date.",
    )


def test_a_class_that_the_policy_no_longer_has_is_told_without_made_up_reasons(
    policy: Policy, tmp_path: Path
) -> None:
    decision = decided(policy)
    renamed = small_policy(
        tmp_path / "newer",
        {
            **changed("support.toml", "[targets.medium]", "[targets.middle]"),
            **changed("classification.toml", '"medium.website_offline"', '"middle.website"'),
        },
    )
    told = shown(renamed, decision)
    assert told.title == "medium"
    assert told.expected.startswith("Decided by a version of the policy")
    assert (told.why, told.why_not) == ((), ())
    assert told.footer == "Policy small, version 1."


def test_a_person_can_say_any_class_of_the_policy_or_something_else(policy: Policy) -> None:
    assert classes(policy, load_texts("fr")) == (
        ("high", "Haute"),
        ("medium", "Moyenne"),
        ("low", "Basse"),
        ("sales", "Ventes"),
        (OTHER, "Autre chose"),
    )


def test_a_customers_words_are_told_as_they_are(policy: Policy) -> None:
    words = "<img src=x onerror=alert(1)>"
    told = shown(policy, decided(policy, said("website.offline", quote=words)))
    assert f"“{words}”" in told.why[0]


# What is left


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-23T10:00:00", "4 h 00 min left"),
        ("2026-11-23T10:00:01", "4 h 00 min left"),
        ("2026-11-23T10:01:00", "3 h 59 min left"),
        ("2026-11-23T13:00:00", "1 h 00 min left"),
        ("2026-11-23T13:00:01", "1 h 00 min left"),
        ("2026-11-23T13:59:59", "1 min left"),
        ("2026-11-23T14:00:00", "This moment has passed"),
        ("2026-12-01T00:00:00", "This moment has passed"),
    ],
)
def test_a_clock_that_never_stops_says_how_much_is_left(
    policy: Policy, now: str, left: str
) -> None:
    (clock,) = shown(policy, decided(policy), now=moment(now)).clocks
    assert (clock.title, clock.left) == ("Medium", left)
    assert clock.due == "Mon 23 Nov 2026, 14:00 EST"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-23T10:00:00", "Counted in business hours, which are running now"),
        (
            "2026-11-23T17:00:00",
            "Counted in business hours, which start again Tue 24 Nov 2026, 09:00 EST",
        ),
        ("2026-11-24T17:00:00", "This moment has passed"),
    ],
)
def test_a_clock_on_business_hours_says_whether_it_runs(
    policy: Policy, now: str, left: str
) -> None:
    """Sales: one business day, so until closing on Tuesday."""
    (clock,) = shown(policy, decided(policy, said("sales.quote")), now=moment(now)).clocks
    assert (clock.title, clock.due) == ("Sales", "Tue 24 Nov 2026, 17:00 EST")
    assert clock.left == left


def test_every_clock_that_runs_is_told(policy: Policy) -> None:
    decision = decided(policy, said("website.offline", language="fr"), department="level_2")
    told = shown(policy, decision, language="fr", now=RECEIVED + timedelta(hours=1))
    assert [clock.title for clock in told.clocks] == ["Moyenne", "Niveau 2", "Réponse en français"]
    assert "3 h 00 min" in told.clocks[0].left


def test_a_panel_can_be_sent_as_json(policy: Policy) -> None:
    sent = shown(policy, decided(policy)).as_dict()
    assert records.load(records.canonical(sent))["clocks"][0]["left"] == "4 h 00 min left"
