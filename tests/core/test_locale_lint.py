"""What is refused in the texts of the answer page, and that ours pass."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from support_policy.core.locale_lint import lint_locales
from support_policy.core.policy import Fee
from support_policy.texts import LANGUAGES, load_texts

FEE = Fee(clause="R39", amount=Decimal("85.00"), currency="CAD", block_minutes=60)


def told(english: str, french: str, key: str = "permission.a") -> str:
    locales = {"en": {key: english}, "fr": {key: french}}
    return "\n".join(str(problem) for problem in lint_locales(locales, fee=FEE))


@pytest.mark.parametrize(
    ("english", "french", "what"),
    [
        ("We will reply within one hour.", "Merci.", "locales/en.toml: permission.a"),
        ("Thanks.", "Nous vous répondrons dans l'heure.", "locales/fr.toml: permission.a"),
        ("Thanks.", "Réponse garantie.", "is a promise"),
        ("Act now.", "Merci.", "presses"),
        ("This was your mistake.", "Merci.", "blames"),
        ("Please PAY NOW.", "Merci.", "raises its voice"),
        ("A block is $85.00 CDN (CAD).", "Un bloc.", "names an amount"),
        ("A block.", "Un bloc coûte 85 $.", "names an amount"),
        ("A block costs 85 each.", "Un bloc.", "names an amount"),
        ("For {blocks}.", "Pour cela.", "fr.toml: permission.a: lacks {blocks}"),
        ("For that.", "Pour {blocks}.", "en.toml: permission.a: lacks {blocks}"),
        ("One.\n\nTwo.", "Un. Deux.", "has 1 paragraphs where the other language has 2"),
        ("Yes", "Refuser le travail", '"Yes" is only a yes'),
        ("Decline the work", "J’accepte", '"J\'accepte" is only a yes'),
        ("Thanks:\nI agree", "Merci :\nvous", '"I agree" is only a yes'),
        ("ACCEPT 7Q4K", "Merci.", "is only a yes"),
        ("Thanks.", " ", "fr.toml: permission.a: is missing"),
    ],
)
def test_a_text_that_a_customer_must_not_be_shown_is_told(
    english: str, french: str, what: str
) -> None:
    assert what in told(english, french)
    assert what.replace("permission.a", "fee.a") in told(english, french, "fee.a")


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Accept all {blocks}: {maximum}", "Accepter les {blocks}\u00a0: {maximum}"),
        (
            "I may decide this and accept to pay the fee as billed.",
            "Je peux en décider et j'accepte de payer les frais tels que facturés.",
        ),
        ("I decline", "Je refuse"),
        ("Confirm", "Confirmer"),
        ("Accepted", "Accepté"),
    ],
)
def test_the_words_of_a_choice_are_fine(english: str, french: str) -> None:
    assert told(english, french) == ""


def test_texts_for_staff_are_looked_at_elsewhere() -> None:
    assert told("Yes", "Oui", "paid_help.a") == ""


def test_the_shipped_texts_for_customers_pass() -> None:
    locales = {language: load_texts(language).messages for language in LANGUAGES}
    assert any(key.startswith("fee.") for key in locales["en"])
    assert list(lint_locales(locales, fee=FEE)) == []


PAID_HELP = ("permission.", "fee.", "paid_help.", "packet.", "panel.fee", "sidebar.fee")


def test_french_punctuation_of_paid_help_stays_with_its_word() -> None:
    """As in the replies: a no-break space before a colon and inside « », none before ; ? and !."""
    wrong = re.compile(r"(?<!https)(?<!\u00a0):(?!//)| [:;?!»%$]|\u00a0[;?!]|« ")
    french = load_texts("fr").messages
    assert {
        key: text
        for key, text in french.items()
        if key.startswith(PAID_HELP) and (wrong.search(text) or "’" in text)
    } == {}


def test_french_has_one_word_for_a_fee_that_is_waived() -> None:
    french = load_texts("fr").messages
    waived = [key for key in french if key.endswith(".waived")]
    assert len(waived) > 4
    assert not [text for text in french.values() if re.search(r"renonc|abandonn", text)]
    said = {key: french[key] for key in waived if key != "permission.state.waived"}
    assert {key for key, text in said.items() if "annulé" not in text} == set()
