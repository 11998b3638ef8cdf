"""What is wrong with the texts of paid help that customers read outside of replies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support_policy.core.policy import Fee
from support_policy.core.reply_consent import says_yes
from support_policy.core.reply_price import names_amount
from support_policy.core.reply_step import out_of_step
from support_policy.core.reply_wording import CALM
from support_policy.core.text_lint import WORDINGS, plain, sentences, shouting, wrong_words
from support_policy.errors import Problem

CUSTOMERS = ("permission.", "fee.")
"""How the keys of these texts begin."""

Messages = Mapping[str, Mapping[str, str]]


def lint_locales(locales: Messages, *, fee: Fee | None) -> Iterator[Problem]:
    """Everything that must be mended in the texts for customers; ``locales`` by language."""
    keys = {key: None for texts in locales.values() for key in texts}
    for key in keys:
        if key.startswith(CUSTOMERS):
            yield from _one(key, {each: texts.get(key, "") for each, texts in locales.items()}, fee)


def _one(key: str, texts: Mapping[str, str], fee: Fee | None) -> Iterator[Problem]:
    for language, text in texts.items():
        if not text.strip():
            yield _problem(language, key, "is missing", "Say it in every language.")
    for language, what in out_of_step(texts):
        yield _problem(language, key, what, "Tell both readers the same.")
    for language in WORDINGS:
        for what, suggestion in _wrong(texts.get(language, ""), language, fee):
            yield _problem(language, key, what, suggestion)


def _wrong(text: str, language: str, fee: Fee | None) -> Iterator[tuple[str, str]]:
    for _, what, instead in wrong_words(text, language):
        yield what, instead
    for _, words in shouting(text):
        yield f'"{words}" raises its voice', CALM
    for _, sentence in sentences(text):
        if names_amount(sentence, language, fee):
            yield "names an amount", "Write a {place}: what things cost, the policy says."
    for line in plain(text).splitlines():
        if says_yes(line):
            yield f'"{line.strip()}" is only a yes', "Say what is agreed to."


def _problem(language: str, key: str, what: str, suggestion: str) -> Problem:
    return Problem(f"locales/{language}.toml", key, what, suggestion)
