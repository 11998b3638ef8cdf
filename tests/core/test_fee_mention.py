"""A text that speaks of the fee is known in any spelling; numbers that only resemble it are not."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from support_policy.core.fee_mention import fee_words, mentions_fee
from support_policy.core.policy import Fee

FEE = Fee(clause="R39", amount=Decimal("85.00"), currency="CAD", block_minutes=60)
ODD = Fee(clause="R39", amount=Decimal("1250.50"), currency="EUR", block_minutes=60)

AMOUNTS = [
    "It is $85.",
    "85$",
    "85 $",
    "85-$",
    "85,00 $",
    "85,00\u00a0$",
    "85,00\u202f$ CA",
    "85.00",
    "85,00",
    "CAD 85",
    "85 CAD",
    "85 cdn",
    "CDN 85.00",
    "CA$85.00",
    "C$85",
    "$85.00 CDN (CAD)",
    "($85)",
    "from$85",
    "$85, plus taxes",
    "$85-$170",
    "$ 85/h",
    "85/h",
    "85 an hour",
    "85 per block",
    "85 par bloc",
    "85 de l’heure",
    "85 dollars",
    "85 Canadian dollars",
    "<b>$</b>85",
    "$<b>85</b>",
    "85&nbsp;$",
    "<td>1</td><td>85&#36;</td>",
    "\uff0485",
]
NAMES = [
    "This needs Advanced Support.",
    "advanced-support",
    "ADVANCED   SUPPORT FEE",
    "<p>Advanced<br>Support</p>",
    "<b>A</b>dvanced Support",
    "advan\u200bced support",
    "our support fee",
    "soutien avancé",
    "soutien\navance\u0301",
    "SOUTIEN AVANCÉ",
    "soutien technique avancé",
    "support avancé",
    "assistance avancée",
    "frais de soutien",
    "frais d’assistance",
    "frais de support",
]
DECOYS = [
    "$850",
    "$8.50",
    "$185",
    "185",
    "185 $",
    "port 85",
    "ports 85 and 443",
    "85",
    "R85",
    "#85",
    "85 blocks",
    "85 files",
    "85 hours",
    "85 %",
    "85.00 %",
    "85.00 MB",
    "85,00 Go",
    "$85,000",
    "$85.50",
    "85,50 $",
    "1,085 $",
    "1\u00a0085,00\u00a0$",
    "$1,085.00",
    "$0.85",
    "v2.85.00",
    "10.85.00.1",
    "85.001",
    "185.00",
    "We advanced. Support is here.",
    "advanced supporters",
    "advanced settings",
    "standard support",
    "soutien standard",
    "sans frais",
    "frais de livraison",
    "a shipping fee",
    "avancez vers le soutien",
    "",
]


@pytest.mark.parametrize("text", AMOUNTS)
def test_the_amount_is_known_in_any_spelling(text: str) -> None:
    assert mentions_fee(text, FEE)
    assert mentions_fee(f"<p>Bonjour,</p> {text} <p>Merci.</p>", FEE)


@pytest.mark.parametrize("text", NAMES)
def test_the_fee_is_known_by_its_name_in_both_languages(text: str) -> None:
    assert mentions_fee(text, FEE)


@pytest.mark.parametrize("text", DECOYS)
def test_what_only_resembles_the_fee_is_no_mention(text: str) -> None:
    assert not mentions_fee(text, FEE)
    assert not mentions_fee(f"Hello, {text} and so on", FEE)


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("€1,250.50", True),
        ("1 250,50 €", True),
        ("1\u202f250,50\u00a0€", True),
        ("EUR 1250.50", True),
        ("1250.50", True),
        ("€1250", False),
        ("€11,250.50", False),
        ("$85", False),
    ],
)
def test_the_amount_and_currency_are_those_of_the_policy(text: str, mentions: bool) -> None:
    assert mentions_fee(text, ODD) is mentions


def test_the_words_that_mention_the_fee_can_be_shown() -> None:
    assert fee_words("Hello, this is <b>Advanced</b> Support.", FEE) == "advanced support"
    assert fee_words("Cela coûte 85,00\u00a0$.", FEE) == "85,00 $"
    assert fee_words("Nothing of it.", FEE) == ""


@pytest.mark.parametrize("words", ["<", "$", "85 ", "8", "support ", "&", "frais de ", "85<b>"])
def test_a_huge_text_is_read_in_no_time(words: str) -> None:
    began = time.process_time()
    mentions_fee(words * 300_000, FEE)
    assert time.process_time() - began < 3
