"""Every condition of a rule, held against a case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.small_policy import said

from support_policy.core.facts import Fact, Facts
from support_policy.core.match import Case, match
from support_policy.core.policy import Conditions
from support_policy.core.ticket import Channel, Standing

CASE = Case(
    facts=said("website.offline", "product.wordpress", language="fr"),
    channel=Channel.EMAIL,
    department="level_2",
    standing=Standing.REGISTERED,
    business_hours=True,
    category="medium.website_offline",
)


def test_a_rule_without_conditions_applies_to_everything() -> None:
    found = match(Conditions(), Case(facts=Facts(language="unknown", subject="", body="")))
    assert found
    assert (found.words, found.stated, found.lacking, found.against) == ((), (), (), ())


def test_all_of_several_facts_must_be_there() -> None:
    assert match(Conditions(all_of=("website.offline", "product.wordpress")), CASE)
    found = match(Conditions(all_of=("website.offline", "website.error")), CASE)
    assert not found
    assert found.lacking == ("website.error",)


def test_one_of_several_facts_is_enough() -> None:
    found = match(Conditions(any_of=("website.error", "website.offline")), CASE)
    assert found
    assert [fact.name for fact in found.words] == ["website.offline"]


def test_when_none_of_several_is_there_all_are_named_as_alternatives() -> None:
    found = match(Conditions(any_of=("website.error", "email.down")), CASE)
    assert not found
    assert found.lacking == ("website.error|email.down",)


def test_a_forbidden_fact_speaks_against_a_rule_with_its_words() -> None:
    found = match(Conditions(any_of=("website.offline",), none_of=("product.wordpress",)), CASE)
    assert not found
    assert found.lacking == ()
    assert [fact.quote for fact in found.against] == ["words of product.wordpress"]


def test_a_forbidden_fact_that_is_not_there_is_no_hindrance() -> None:
    assert match(Conditions(none_of=("product.joomla",)), CASE)


def test_a_fact_said_again_is_kept_again_three_times_at_most_first_words_first() -> None:
    said = ["down", "hors ligne", "offline", "en panne"]
    words = [
        Fact(name="website.offline", field="body", quote=quote, start=at, end=at + len(quote))
        for at, quote in zip(range(0, 80, 20), said, strict=True)
    ]
    case = replace(CASE, facts=replace(CASE.facts, found=tuple(words)))
    found = match(Conditions(any_of=("website.offline",)), case)
    assert [fact.quote for fact in found.words] == said[:3]


def test_a_fact_asked_for_twice_is_quoted_once() -> None:
    when = Conditions(all_of=("website.offline",), any_of=("website.offline",))
    assert len(match(when, CASE).words) == 1


@pytest.mark.parametrize(
    ("when", "holds", "told"),
    [
        (Conditions(channel=(Channel.EMAIL, Channel.WEB)), True, "channel=email"),
        (Conditions(channel=(Channel.PHONE,)), False, "channel=email"),
        (Conditions(department=("level_2",)), True, "department=level_2"),
        (Conditions(department=("sales",)), False, "department=level_2"),
        (Conditions(language=("fr",)), True, "language=fr"),
        (Conditions(language=("en",)), False, "language=fr"),
        (Conditions(standing=(Standing.REGISTERED,)), True, "standing=registered"),
        (Conditions(standing=(Standing.UNREGISTERED,)), False, "standing=registered"),
        (Conditions(business_hours=True), True, "business_hours=true"),
        (Conditions(business_hours=False), False, "business_hours=true"),
        (Conditions(category=("medium.website_offline",)), True, "category=medium.website_offline"),
        (Conditions(category=("sales",)), False, "category=medium.website_offline"),
        (Conditions(category_not=("sales",)), True, "category=medium.website_offline"),
        (
            Conditions(category_not=("medium.website_offline",)),
            False,
            "category=medium.website_offline",
        ),
    ],
)
def test_a_circumstance_holds_or_is_told_as_lacking(
    when: Conditions, *, holds: bool, told: str
) -> None:
    found = match(when, CASE)
    assert bool(found) is holds
    assert (found.stated if holds else found.lacking) == (told,)


def test_every_condition_must_hold() -> None:
    when = Conditions(
        any_of=("website.offline",),
        channel=(Channel.EMAIL,),
        language=("fr",),
        business_hours=True,
    )
    assert match(when, CASE)
    for change in (
        {"channel": Channel.WEB},
        {"business_hours": False},
        {"facts": said("website.offline", language="en")},
        {"facts": said("website.error", language="fr")},
    ):
        assert not match(when, replace(CASE, **change))


def test_a_rule_matches_in_part_only_when_the_customers_words_speak_for_it() -> None:
    words_only = match(Conditions(all_of=("website.offline", "website.error")), CASE)
    assert words_only.in_part
    circumstance_only = match(Conditions(channel=(Channel.EMAIL,), all_of=("website.error",)), CASE)
    assert not circumstance_only.in_part
    whole = match(Conditions(all_of=("website.offline",)), CASE)
    assert whole
    assert not whole.in_part


@pytest.mark.parametrize(
    ("asked", "known", "holds"),
    [
        (None, None, True),
        (None, False, True),
        (True, True, True),
        (True, False, False),
        (False, False, True),
        (False, True, False),
        (True, None, False),
        (False, None, False),
    ],
)
def test_whether_the_sender_was_logged_in_is_asked_only_where_the_desk_can_tell(
    asked: bool | None, known: bool | None, holds: bool
) -> None:
    found = match(Conditions(logged_in=asked), Case(facts=said(), logged_in=known))
    assert bool(found) is holds
