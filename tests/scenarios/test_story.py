"""The demo's story is well formed, complete, and independent of the product's own rules."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from support_policy.demo import story as stories
from support_policy.demo.outcome import Outcome, is_decided, outcome
from support_policy.demo.story import CATEGORIES, Story, StoryError, StoryTicket

TORONTO = ZoneInfo("America/Toronto")
TAGS = frozenset(
    (
        "policy_high",
        "policy_medium",
        "policy_low",
        "policy_sales",
        "policy_accounts_billing",
        "policy_management",
        "third_party",
        "cms_wordpress",
        "cms_joomla",
        "cms_magento",
        "cms_drupal",
        "cms_prestashop",
        "advanced_support_candidate",
        "needs_review",
        "possible_server_fault",
        "abuse_review",
        "multi_issue",
        "prompt_injection",
        "lang_en",
        "lang_fr",
        "unregistered_sender",
        "reseller_end_customer",
        "set_by_staff",
        "fee_dispute",
        "channel_unofficial",
    )
)
STRANGERS = {
    "a.tremblay@chaletslac.example",
    "abuse@harbourbank.example",
    "jmorris1974@freemail.example",
}


@pytest.fixture(scope="module")
def story() -> Story:
    return stories.load("first_response")


def ticket(story: Story, key: str) -> StoryTicket:
    return next(each for each in story.tickets if each.key == key)


def shown(wanted: StoryTicket, **changes: object) -> Outcome:
    """What the desk's REST would say of a ticket that is as written by hand."""
    received = datetime(2026, 11, 23, 10, 0, 0, 250_000, tzinfo=TORONTO)
    due = wanted.expect.due(received)
    followups = [
        {"id": 2, "public": False, "date": "2026-11-23T10:00:01-05:00"},
        {"id": 1, "public": True, "date": received.isoformat()},
    ]
    data: dict[str, object] = {
        "id": 7,
        "priority": wanted.expect.desk_priority,
        "due_date": due.replace(microsecond=0).isoformat() if due else None,
        "custom_policy_class": wanted.expect.category or "held",
        "custom_policy_tags": " ".join(wanted.expect.tags),
        "custom_policy_reason": "because",
        "followup_set": followups,
    }
    return outcome(wanted, data | changes, took=0.4, desk_url="http://127.0.0.1:1")


def test_every_category_is_told_in_both_languages(story: Story) -> None:
    told = {(t.expect.category, t.language) for t in story.tickets if not t.expect.held}

    assert told == {(category, language) for category in CATEGORIES for language in ("en", "fr")}


def test_there_are_enough_tickets_about_half_in_each_language(story: Story) -> None:
    french = sum(1 for t in story.tickets if t.language == "fr")

    assert len(story.tickets) >= 36
    assert 0.4 <= french / len(story.tickets) <= 0.6


def test_every_way_into_the_desk_is_used(story: Story) -> None:
    assert {t.via for t in story.tickets} == {"public", "agent", "rest"}


def test_the_public_form_offers_only_its_one_queue(story: Story) -> None:
    assert {t.queue for t in story.tickets if t.via == "public"} == {"Support"}


def test_every_tag_is_one_of_the_vocabulary(story: Story) -> None:
    used = {tag for t in story.tickets for tag in t.expect.tags + t.expect.tags_absent}

    assert used <= TAGS


def test_priority_and_target_are_those_of_the_category(story: Story) -> None:
    by_class = {
        "high": (2, 3600, None),
        "medium": (3, 14400, None),
        "low": (4, 86400, None),
        "sales": (3, None, 1),
        "accounts_billing": (3, None, 5),
        "management": (3, None, 5),
    }
    chosen_by_staff = {"agent-chose-critical"}
    for t in story.tickets:
        if t.expect.held:
            continue
        priority, seconds, days = by_class[t.expect.category.partition(".")[0]]
        assert (t.expect.due_after_seconds, t.expect.due_business_days) == (seconds, days), t.key
        if t.key not in chosen_by_staff:
            assert t.expect.desk_priority == priority, t.key


def test_a_held_ticket_keeps_its_priority_and_gets_no_time(story: Story) -> None:
    held = [t for t in story.tickets if t.expect.held]

    assert len(held) == 2
    for t in held:
        assert t.expect.desk_priority == t.priority
        assert t.expect.due(datetime.now(TORONTO)) is None


def test_everybody_but_the_strangers_is_registered(story: Story) -> None:
    rows = list(csv.DictReader(io.StringIO(story.accounts)))
    registered = {row["address"] for row in rows}
    accounts = {row["account"] for row in rows}

    senders = {t.requester for t in story.tickets}
    unknown = {s for s in senders if not {s, "@" + s.partition("@")[2]} & registered}
    assert unknown == STRANGERS
    assert {row["reseller"] for row in rows} - {""} <= accounts


def test_the_long_ticket_is_about_twenty_kilobytes(story: Story) -> None:
    assert 20_000 <= len(ticket(story, "twenty-kilobytes-of-log").body.encode()) <= 22_000


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-23T10:00-05:00", 1, "2026-11-24T17:00-05:00"),
        ("2026-11-23T10:00-05:00", 5, "2026-11-30T17:00-05:00"),
        ("2026-11-27T16:00-05:00", 1, "2026-11-30T17:00-05:00"),
        ("2026-11-28T12:00-05:00", 5, "2026-12-04T17:00-05:00"),
        ("2026-12-24T16:30-05:00", 1, "2026-12-28T17:00-05:00"),
        ("2026-06-23T10:00-04:00", 1, "2026-06-25T17:00-04:00"),
        ("2026-04-02T10:00-04:00", 1, "2026-04-06T17:00-04:00"),
        ("2027-12-24T10:00-05:00", 1, "2027-12-28T17:00-05:00"),
        ("2027-12-31T10:00-05:00", 1, "2028-01-04T17:00-05:00"),
        ("2026-11-24T04:30+00:00", 1, "2026-11-24T17:00-05:00"),
    ],
)
def test_business_targets_end_at_closing(received: str, days: int, due: str) -> None:
    assert stories.closing(datetime.fromisoformat(received), days) == datetime.fromisoformat(due)


def test_beyond_its_table_of_holidays_the_story_refuses_to_guess() -> None:
    with pytest.raises(StoryError, match="2028-12-31"):
        stories.closing(datetime(2028, 12, 29, 10, tzinfo=TORONTO), 1)


def test_the_table_has_every_holiday_once_and_no_easter_monday() -> None:
    assert len(stories.HOLIDAYS) == 26
    assert date(2026, 4, 6) not in stories.HOLIDAYS, "Easter Monday is a business day"


def test_every_mistake_of_a_story_is_told_at_once() -> None:
    text = """
        title = "Wrong"
        [[ticket]]
        key = "a"
        via = "telephone"
        queue = "Support"
        from = "a@b.example"
        language = "de"
        priority = 9
        subject = "s"
        colour = "red"
        [ticket.expect]
        category = "medium.nothing"
        desk_priority = 0
        due = "none"
        due_after_seconds = 1
        tags = ["x"]
        tags_absent = ["x"]
    """
    with pytest.raises(StoryError) as caught:
        stories.parse("wrong", text, "")

    assert len(str(caught.value).splitlines()) == 9


def test_an_unknown_story_is_named_with_those_there_are() -> None:
    with pytest.raises(StoryError, match=r"no story 'nothing'; there are: first_response"):
        stories.load("nothing")


def test_tickets_as_written_by_hand_have_no_differences(story: Story) -> None:
    assert not [d for t in story.tickets for d in shown(t).differences]


def test_each_difference_from_what_was_written_is_told(story: Story) -> None:
    wanted = ticket(story, "no-mail-wordpress-only-in-signature")
    seen = shown(
        wanted,
        priority=2,
        due_date="2026-11-23T14:00:02-05:00",
        custom_policy_class="low.third_party_cms",
        custom_policy_tags="third_party lang_en",
        custom_policy_reason="",
        followup_set=[{"id": 1, "public": True, "date": "2026-11-23T10:00:00-05:00"}],
    )

    assert replace(seen, took=2.5).differences == (
        "class is low.third_party_cms, not medium.email_offline",
        "priority is 2, not 3",
        "due is 2026-11-23 14:00:02-05:00, not 2026-11-23 14:00:00-05:00",
        "tag policy_medium is missing",
        "tag third_party should not be there",
        "no reason is given",
        "0 private notes instead of one",
        "took 2.5 s, more than 2 s",
    )


def test_a_due_date_on_a_held_ticket_is_a_difference(story: Story) -> None:
    seen = shown(ticket(story, "stranger-cannot-open-mail"), due_date="2026-11-23T14:00:00-05:00")

    assert seen.differences == ("due is 2026-11-23 14:00:00-05:00, not empty",)


def test_a_ticket_is_decided_when_class_and_note_are_there() -> None:
    opening = {"id": 1, "public": True}
    note = {"id": 2, "public": False}

    assert not is_decided({"custom_policy_class": None, "followup_set": [opening]})
    assert not is_decided({"custom_policy_class": "sales", "followup_set": [opening]})
    assert not is_decided({"custom_policy_class": "", "followup_set": [opening, note]})
    assert is_decided({"custom_policy_class": "sales", "followup_set": [opening, note]})


def test_elapsed_targets_run_through_nights_and_changes_of_the_clock(story: Story) -> None:
    low = ticket(story, "name-servers").expect
    spring = datetime.fromisoformat("2027-03-13T12:00:00-05:00")

    assert low.due(spring) == datetime.fromisoformat("2027-03-14T13:00:00-04:00")
    local = low.due(spring.astimezone(TORONTO))
    assert local is not None
    assert local - spring == timedelta(hours=24)
