"""A decision in sentences: both languages, hostile words, a stamp that names the outcome."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small_policy import CLASSIFICATION, a_ticket, at, said, small_policy

from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.explain import (
    QUOTE_LENGTH,
    Texts,
    due_steps,
    explain,
    instant,
    quoted,
    sentences,
    stamp,
)
from support_policy.core.facts import Fact, Language
from support_policy.core.policy import Policy
from support_policy.core.ticket import Channel, Field, Standing
from support_policy.texts import LANGUAGES, load_texts

NOW = at("2026-11-23T10:00:30")
ENGLISH, FRENCH = load_texts("en"), load_texts("fr")
BOTH = [pytest.param(ENGLISH, id="en"), pytest.param(FRENCH, id="fr")]
PROMISE = re.compile(r"guarant|garant", re.IGNORECASE)
ALLOWED = re.compile(r"not guaranteed|non garantie?s?", re.IGNORECASE)


def decided(
    policy: Policy,
    *names: str,
    quote: str = "",
    language: Language = "en",
    standing: Standing = Standing.REGISTERED,
    **ticket: object,
) -> Decision:
    facts = said(*names, language=language, quote=quote)
    return decide(policy, a_ticket(**ticket), facts, standing, NOW)


# What a person reads


def test_english_says_what_why_and_why_not_sooner(policy: Policy) -> None:
    note = explain(decided(policy, "website.offline"), policy, ENGLISH).note
    assert "Medium" in note
    assert "expected" in note
    assert "not guaranteed" in note
    assert "“words of website.offline”" in note
    assert "A3" in note
    assert "classification/website-offline" in note
    assert "Not High" in note
    assert "that the server fails" in note, "the fact that was lacking, by its title"


def test_french_says_the_same_in_french(policy: Policy) -> None:
    note = explain(decided(policy, "website.offline"), policy, FRENCH).note
    assert "Moyenne" in note
    assert "non garanti" in note
    assert "« words of website.offline »" in note
    assert "Priorité moyenne" in note
    assert "Pas Haute" in note
    assert "que le serveur flanche" in note
    assert not re.search(r"\b(the|because|expected|not|policy|rule)\b", note.casefold())


def test_the_expected_moment_is_told_on_the_companys_clock(policy: Policy) -> None:
    moment = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    assert "14:00" in instant(moment, policy, ENGLISH)
    assert "14 h 00" in instant(moment, policy, FRENCH)
    for texts in (ENGLISH, FRENCH):
        told = instant(moment, policy, texts)
        assert "23" in told
        assert "2026" in told
        assert unicodedata.is_normalized("NFC", told)
    first, second = (
        instant(datetime(2026, 11, 1, hour, 30, tzinfo=UTC), policy, ENGLISH) for hour in (5, 6)
    )
    assert first != second, "the hour that occurs twice is told apart"


@pytest.mark.parametrize("texts", BOTH)
def test_the_reason_is_one_line_and_the_note_begins_with_it(policy: Policy, texts: Texts) -> None:
    explanation = explain(decided(policy, "website.offline"), policy, texts)
    assert "\n" not in explanation.reason
    assert explanation.note.replace("\n", " ").startswith(explanation.reason)


@pytest.mark.parametrize("texts", BOTH)
def test_a_ticket_that_matched_nothing_quotes_nothing(policy: Policy, texts: Texts) -> None:
    note = explain(decided(policy), policy, texts).note
    assert "“" not in note
    assert "«" not in note


@pytest.mark.parametrize(
    ("texts", "words"),
    [(ENGLISH, "address is not registered"), (FRENCH, "n'est pas enregistrée")],
)
def test_a_held_ticket_says_who_asked_and_promises_no_time(
    policy: Policy, texts: Texts, words: str
) -> None:
    decision = decided(policy, "website.offline", standing=Standing.UNREGISTERED)
    note = explain(decision, policy, texts).note
    assert words in note
    assert "unregistered_sender" in note
    assert not re.search(r"\d", note.partition("\n")[0]), "no moment"


@pytest.mark.parametrize(
    ("texts", "priority", "due"),
    [(ENGLISH, "priority", "due date"), (FRENCH, "priorité", "échéance")],
)
def test_what_a_person_set_is_named(policy: Policy, texts: Texts, priority: str, due: str) -> None:
    kept = (Field.PRIORITY, Field.DUE_AT)
    with_kept = explain(decided(policy), policy, texts, kept=kept).note
    without = explain(decided(policy), policy, texts).note
    [line] = [line for line in with_kept.splitlines() if line not in without.splitlines()]
    assert priority in line
    assert due in line


@pytest.mark.parametrize("texts", BOTH)
def test_the_policy_and_its_version_stand_under_every_note(policy: Policy, texts: Texts) -> None:
    last = explain(decided(policy), policy, texts).note.splitlines()[-1]
    assert "small" in last
    assert "1" in last


@pytest.mark.parametrize("texts", BOTH)
def test_a_usual_note_is_short_enough_to_be_read(policy: Policy, texts: Texts) -> None:
    decision = decided(policy, "website.offline", language="fr", department="level_2")
    assert len(explain(decision, policy, texts).note.splitlines()) <= 6


# How the time was counted


def test_business_hours_are_told_day_by_day(policy: Policy) -> None:
    decision = decided(policy, department="level_2", received_at=at("2026-11-27T16:00:00"))
    for texts in (ENGLISH, FRENCH):
        told = "\n".join(due_steps(decision, policy, texts))
        assert "1 h 00 min" in told, "Friday"
        assert "3 h 00 min" in told, "Monday"


@pytest.mark.parametrize("texts", BOTH)
def test_every_clock_is_told_with_its_two_moments(policy: Policy, texts: Texts) -> None:
    decision = decided(policy, "sales.quote", language="fr", department="level_2")
    told = "\n".join(due_steps(decision, policy, texts))
    for clock in decision.clocks:
        assert instant(clock.due_at, policy, texts) in told
    assert instant(decision.received_at, policy, texts) in told


def test_a_held_ticket_has_no_time_to_explain(policy: Policy) -> None:
    held = decided(policy, standing=Standing.UNREGISTERED)
    assert due_steps(held, policy, ENGLISH) == ()


# Never a promise, whatever was decided


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(
        st.sampled_from(
            (
                "website.offline",
                "evidence.server_fault",
                "evidence.many_customers",
                "website.one_only",
                "product.joomla",
                "sales.quote",
                "abuse.report",
            )
        ),
        unique=True,
    ),
    standing=st.sampled_from(Standing),
    language=st.sampled_from(get_args(Language)),
    channel=st.sampled_from(Channel),
    department=st.none() | st.just("level_2"),
    kept=st.lists(st.sampled_from(Field), unique=True).map(tuple),
)
def test_no_sentence_ever_promises_a_time(
    policy: Policy,
    names: list[str],
    standing: Standing,
    language: Language,
    channel: Channel,
    department: str | None,
    kept: tuple[Field, ...],
) -> None:
    decision = decided(
        policy,
        *names,
        standing=standing,
        language=language,
        channel=channel,
        department=department,
    )
    for texts in (ENGLISH, FRENCH):
        explanation = explain(decision, policy, texts, kept=kept)
        steps = due_steps(decision, policy, texts)
        for line in (*explanation.note.splitlines(), explanation.reason, *steps):
            assert not PROMISE.search(ALLOWED.sub("", line)), line
            assert "{" not in line, "every place is filled"
        if decision.due_at:
            assert ALLOWED.search(explanation.reason)


@pytest.mark.parametrize("texts", BOTH)
def test_no_shipped_sentence_promises_a_time(texts: Texts) -> None:
    for message in texts.messages.values():
        assert not PROMISE.search(ALLOWED.sub("", message)), message


def test_both_languages_have_the_same_keys_and_places() -> None:
    assert set(LANGUAGES) == {"en", "fr"}
    english, french = (
        {
            key: sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for key, text in texts.messages.items()
        }
        for texts in (ENGLISH, FRENCH)
    )
    assert english == french


# Hostile words

HOSTILE = [
    "a\nb\r\nc\u2028d\u2029e",
    "\x00\x07\x1b[31mred\x1b[0m\x7f\x85",
    "right\u202eto left\u2066 and \u200bhidden\ufeff",
    "x" * 10_000,
    ("word " * 2000).strip(),
    "{due} {0} {texts.messages} %s %(x)s",
    "\ud800 lone",
    "<script>alert(1)</script>",
    "\n\n\n",
    "",
]


@pytest.mark.parametrize("texts", BOTH)
@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:20])
def test_hostile_words_stay_one_short_line_of_printable_characters(
    policy: Policy, texts: Texts, words: str
) -> None:
    decision = decided(policy, "website.offline", quote=words)
    plain = explain(decided(policy, "website.offline", quote="plain"), policy, texts)
    hostile = explain(decision, policy, texts)
    assert len(hostile.note.splitlines()) == len(plain.note.splitlines())
    assert len(hostile.note) <= len(plain.note) + QUOTE_LENGTH
    hostile.note.encode("utf-8")
    assert all(c.isprintable() or c in "\n\u00a0\u202f" for c in hostile.note)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.text(alphabet=st.characters(), max_size=300))
def test_no_word_of_a_customer_can_break_a_sentence(policy: Policy, words: str) -> None:
    decision = decided(policy, "website.offline", quote=words)
    for texts in (ENGLISH, FRENCH):
        lines = sentences(decision, policy, texts)
        assert all(len(line.splitlines()) == 1 for line in lines)
        explain(decision, policy, texts).note.encode("utf-8")


def test_at_most_three_quotations_stand_in_a_sentence() -> None:
    found = said("a", "b", "c", "d").found
    assert quoted(found, ENGLISH).count("“") == 3


def test_the_same_words_are_quoted_once() -> None:
    assert quoted(said("a", "b", quote="down").found, ENGLISH) == "“down”"


def test_of_words_that_overlap_the_longer_are_quoted() -> None:
    whole = Fact(name="a", field="body", quote="site is down", start=3, end=15)
    part = Fact(name="b", field="body", quote="down", start=11, end=15)
    title = Fact(name="b", field="subject", quote="down", start=11, end=15)
    assert quoted((part, whole), ENGLISH) == "“site is down”"
    assert quoted((whole, part, title), ENGLISH) == "“site is down” and “down”"


READS = """\
[[classification]]
name = "read"
clause = "A2"
category = "high.server"
all = ["reads_as.high.server"]
any = ["reads_as.high.server", "evidence.server_fault"]

"""


def test_words_that_speak_for_a_class_are_told_when_the_whole_reads_otherwise(
    tmp_path: Path,
) -> None:
    policy = small_policy(tmp_path, {"classification.toml": READS + CLASSIFICATION})
    decision = decided(policy, "evidence.server_fault", quote="server is dead")
    note = "\n".join(sentences(decision, policy, ENGLISH))
    assert "Not High" in note
    assert "the words “server is dead” speak for it, but the message as a whole reads" in note


def test_what_would_have_spoken_for_a_class_is_named_rather_than_the_whole(tmp_path: Path) -> None:
    policy = small_policy(tmp_path, {"classification.toml": READS + CLASSIFICATION})
    note = "\n".join(sentences(decided(policy), policy, ENGLISH))
    assert "nothing says" in note
    assert "reads as" not in note


def test_words_that_are_quoted_whole_are_not_marked_as_cut() -> None:
    exact = "x" * QUOTE_LENGTH
    assert quoted(said("a", quote=exact).found, ENGLISH) == f"“{exact}”"
    cut = quoted(said("a", quote=exact + "y").found, ENGLISH)
    assert cut.endswith("…”")
    assert len(cut) == QUOTE_LENGTH + 2


# The stamp


def test_the_same_outcome_has_the_same_stamp(policy: Policy) -> None:
    one = decided(policy, "website.offline")
    assert stamp(one) == stamp(replace(one, decided_at=at("2027-01-01T00:00:00")))
    assert stamp(one) == stamp(decided(policy, "website.offline", quote="other words"))
    assert explain(one, policy, ENGLISH).stamp == explain(one, policy, FRENCH).stamp
    assert explain(one, policy, ENGLISH).stamp == stamp(one)


def test_a_stamp_is_one_word_that_names_policy_and_version(policy: Policy) -> None:
    name = stamp(decided(policy, "website.offline"))
    assert re.fullmatch(r"small/1/[0-9a-f]{10}", name)


@pytest.mark.parametrize(
    "change",
    [
        {"category": "medium.email_bounce"},
        {"priority": None},
        {"tags": ("policy_medium", "needs_review")},
        {"held": True, "clocks": (), "priority": None},
        {"clocks": ()},
        {"version": "2"},
        {"policy": "other"},
    ],
    ids="-".join,
)
def test_another_outcome_has_another_stamp(policy: Policy, change: dict[str, object]) -> None:
    one = decided(policy, "website.offline")
    assert stamp(one) != stamp(replace(one, **change))  # type: ignore[arg-type]


def test_another_expected_time_or_another_field_kept_has_another_stamp(policy: Policy) -> None:
    one = decided(policy, "website.offline")
    later = decided(policy, "website.offline", received_at=at("2026-11-23T10:00:01"))
    assert len({stamp(one), stamp(later), stamp(one, (Field.PRIORITY,))}) == 3


def test_the_order_of_the_kept_fields_does_not_matter(policy: Policy) -> None:
    one = decided(policy, "website.offline")
    forth = explain(one, policy, ENGLISH, kept=(Field.PRIORITY, Field.DUE_AT))
    back = explain(one, policy, ENGLISH, kept=(Field.DUE_AT, Field.PRIORITY))
    assert forth == back
