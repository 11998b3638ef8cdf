"""Macros of others that mention the fee are found, in both languages and any spelling."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.helpdesks.zendesk.test_blueprint import EVERYTHING, WHOLE

from support_policy.core.policy import Fee
from support_policy.helpdesks.zendesk.fee_mentions import FeeMention, fee_mentions

FEE = Fee(clause="R38", amount=Decimal("85.00"), currency="CAD", block_minutes=60)


def found(
    *values: object,
    fee: Fee | None = FEE,
    contents: tuple[dict[str, Any], ...] = (),
    ours: str = "",
    **more: Any,
) -> tuple[FeeMention, ...]:
    actions = [{"field": "comment_value", "value": each} for each in values]
    macro = {"id": 7, "title": "Migrations", "actions": actions, "active": True, **more}
    rows = {**EVERYTHING, "macro": (macro,), "dynamic_content": contents}
    return fee_mentions(replace(WHOLE, rows=rows), {"macro": {"ask": ours}}, fee)


@pytest.mark.parametrize(
    "text",
    [
        "It is $85.",
        "It is $85 an hour.",
        "It is $ 85.00.",
        "It is 85$.",
        "It is 85 dollars.",
        "It is 85.00 CAD.",
        "It is CDN 85.",
        "It is CA$85.00 (CAD).",
        "Ce sera 85 $.",
        "Ce sera 85,00\u00a0$ CA (CAD).",
        "Ce sera 85\u202f$.",
        "This is Advanced Support.",
        "This is ADVANCED\nsupport? No: advanced-support.",
        "Il y a des frais.",
        "C'est du soutien avancé.",
        "C’est du support avancé.",
        "A block costs 85.",
        ["channel:all", "It is $85."],
        "<p>It is <b>$85</b></p>",
    ],
)
def test_a_macro_that_mentions_the_fee_is_named(text: object) -> None:
    (mention,) = found(text)
    assert (mention.id, mention.title) == ("7", "Migrations")
    assert mention.words
    assert "macro 'Migrations' (7) mentions the fee" in str(mention)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for writing to us.",
        "It is $185.",
        "It is $85.50.",
        "It is $1.85.",
        "Room 85 is open.",
        "It took 85 minutes.",
        "Voici une boisson fraîche.",
        "We support you in advanced matters.",
        "",
    ],
)
def test_other_numbers_and_words_are_none_of_it(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize("field", ["comment_value_html", "comment_value"])
def test_html_and_plain_comments_are_both_read(field: str) -> None:
    assert found(actions=[{"field": field, "value": "Frais : voir ci-dessous."}])


def test_what_sets_tags_only_says_nothing() -> None:
    assert found(actions=[{"field": "current_tags", "value": "frais"}]) == ()


def test_the_title_is_read_as_well() -> None:
    assert found("Hello", title="Frais de soutien")


def test_what_stands_in_dynamic_content_is_read_in_every_language() -> None:
    item = {
        "id": 3,
        "name": "Paid help",
        "placeholder": "{{dc.paid_help}}",
        "variants": [{"content": "Hello"}, {"content": "Ce sera 85 $."}],
    }
    assert found("{{dc.paid_help}}", contents=(item,))
    assert found("{{ dc.paid_help }}", contents=({**item, "placeholder": None},))
    assert found("{{dc.other}}", contents=(item,)) == ()


def test_ours_and_inactive_ones_are_left_out() -> None:
    assert found("It is $85.", ours="7") == ()
    assert found("It is $85.", active=False) == ()


@pytest.mark.parametrize("text", ["$1,250.50", "1 250,50 $", "CAD 1250.50"])
def test_a_larger_fee_is_found_with_and_without_its_thousands(text: str) -> None:
    assert found(text, fee=replace(FEE, amount=Decimal("1250.50")))
    assert found(text) == ()


def test_without_a_fee_the_words_still_count() -> None:
    assert found("This is advanced support.", fee=None)
    assert found("It is $85.", fee=None) == ()
