from __future__ import annotations

import pytest

from support_policy.reader.language import own_language, tell_language
from support_policy.reader.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My site is down since this morning", "en"),
        ("cant log in to my account", "en"),
        ("Invoice for October please", "en"),
        ("Mon site est hors ligne depuis ce matin", "fr"),
        ("jarrive plus a me connecter a mon espace client", "fr"),
        ("Allo, mes courriels ne rentrent plus", "fr"),
        ("mot de passe oublié", "fr"),
        ("boite mail pleine", "fr"),
        ("Meine Webseite funktioniert seit gestern nicht mehr", "other"),
        ("Mi página no funciona desde ayer, gracias", "other"),
        ("сайт не работает со вчерашнего дня", "other"),
        ("网站 无法 打开 请 帮忙", "other"),
    ],
)
def test_short_texts_are_told(text: str, language: str) -> None:
    assert tell_language(tokenise(text)) == language


@pytest.mark.parametrize(
    "text", ["", "ok", "cPanel 2083", "help me", "123 456 789 000", "🙂 🙂 🙂 🙂"]
)
def test_too_few_words_are_unknown(text: str) -> None:
    assert tell_language(tokenise(text)) == "unknown"


def test_a_pasted_english_log_does_not_outvote_a_french_customer() -> None:
    log = (
        "this is the mail system at host mx and your message could not be delivered to one or more "
    )
    text = (
        "Bonjour,\n\nVoici l'erreur que je reçois depuis hier.\n\n"
        + log * 5
        + "\n\nMerci de votre aide"
    )
    assert tell_language(tokenise(text)) == "fr"


def test_lost_accents_change_nothing() -> None:
    with_accents = "Le délai est dépassé, le site n'est plus affiché à l'écran"
    assert tell_language(tokenise(with_accents)) == "fr"
    assert (
        tell_language(tokenise("Le delai est depasse, le site nest plus affiche a lecran")) == "fr"
    )


@pytest.mark.parametrize(
    ("setting", "language"),
    [
        ("en", "en"),
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("en_US", "en"),
        ("EN", "en"),
        ("de", "other"),
        ("", None),
        (None, None),
        ("français", None),
        ("*", None),
    ],
)
def test_the_requesters_setting_is_understood(setting: str | None, language: str | None) -> None:
    assert own_language(setting) == language
