"""No text that we send can come back, quoted and broken up as it may be, and pass for an answer."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.guards.tree import PLUGIN

from support_policy.core.permission.message import (
    amount_text,
    bilingual,
    blocks_text,
    deadline_text,
    fill,
    reason_text,
    used_text,
)
from support_policy.core.permission.reading import Verdict, read_answer
from support_policy.core.permission.strict_forms import strict_form
from support_policy.core.reply import PLACES, Reply, load_replies
from support_policy.texts import LANGUAGES, load_texts

AT = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
CODES = ("7Q4KWA", "ABCDEF", "234567")
ASKED = 3
SENT = [
    pytest.param(reply, id=reply.name)
    for reply in load_replies(PLUGIN / "policies" / "mexxus")
    if not reply.private
]
NO_ANSWER = {Verdict.QUESTION, Verdict.IGNORED}
LONGEST_FORM = 4  # words of "I accept 2 blocks"


def values(language: str, code: str) -> dict[str, str]:
    filled = {
        "accepted_at": deadline_text(AT, "America/Toronto", language),
        "accepted_by": "Marie Tremblay",
        "amount": amount_text(Decimal(170), "CAD", language),
        "answer_address": "https://support.example/permission/" + "Ab3-" * 10,
        "blocks": blocks_text(ASKED, language),
        "charged_blocks": blocks_text(2, language),
        "code": code,
        "deadline": deadline_text(AT, "America/Toronto", language),
        "maximum": amount_text(Decimal(255), "CAD", language),
        "minutes": "60",
        "policy_address": "https://support.example/policy/1",
        "policy_version": "1",
        "price": amount_text(Decimal(85), "CAD", language),
        "reason": reason_text("correction", load_texts(language)),
        "subject": "My site / Mon site",
        "ticket": "4711",
        "total_maximum": amount_text(Decimal(425), "CAD", language),
        "used_time": used_text(timedelta(minutes=75), language),
        "work": "move the site to another server.",
    }
    assert set(filled) == PLACES
    return filled


def verdict(text: str, code: str) -> Verdict:
    for kind in ("text/plain", "text/html"):
        body = text.replace("\n", "<br>\n") if kind == "text/html" else text
        found = read_answer(text=body, content_type=kind, headers={}, code=code, asked=ASKED)
        if found.verdict not in NO_ANSWER:
            return found.verdict
    return Verdict.QUESTION


def parts(text: str) -> Iterator[str]:
    """Each line alone, and all that is left from each line on, quoted and not."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        yield line
        yield f"> {line}"
        yield "\n".join(lines[number:])
        yield "\n".join(f"> {each}" for each in lines[number:])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reply", SENT)
def test_no_line_of_a_text_is_an_answer_when_it_comes_back(
    reply: Reply, language: str, code: str
) -> None:
    text = fill(reply, language, values(language, code))
    assert [part for part in parts(text) if verdict(part, code) not in NO_ANSWER] == []


@pytest.mark.parametrize("reply", SENT)
def test_a_whole_message_that_comes_back_is_no_answer(reply: Reply) -> None:
    both: Mapping[str, Mapping[str, str]] = {each: values(each, CODES[0]) for each in LANGUAGES}
    text = bilingual(reply, both, "fr")
    assert [part for part in parts(text) if verdict(part, CODES[0]) not in NO_ANSWER] == []


@pytest.mark.parametrize("width", [20, 30, 40, 60, 72, 80])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reply", SENT)
def test_lines_broken_by_a_mail_program_are_no_answer(
    reply: Reply, language: str, width: int
) -> None:
    text = fill(reply, language, values(language, CODES[0])).replace("\u00a0", " ")
    lines = [line for each in text.splitlines() for line in textwrap.wrap(each, width) or [""]]
    assert [line for line in lines if verdict(line, CODES[0]) not in NO_ANSWER] == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reply", SENT)
def test_no_run_of_words_is_an_exact_form_wherever_a_line_is_broken(
    reply: Reply, language: str, code: str
) -> None:
    words = fill(reply, language, values(language, code)).split()
    runs = {
        " ".join(words[start : start + length])
        for start in range(len(words))
        for length in range(1, LONGEST_FORM + 1)
    }
    assert [run for run in runs if not isinstance(strict_form(run, code=code), str)] == []


@pytest.mark.parametrize("line", ["I accept 2 blocks", f"ACCEPT {CODES[0]}", "Je refuse"])
def test_these_tests_would_find_an_answer(line: str) -> None:
    assert verdict(line, CODES[0]) not in NO_ANSWER
    assert not isinstance(strict_form(line, code=CODES[0]), str)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_answer_page_says_yes_by_mail(language: str) -> None:
    said = {
        key: text
        for key, text in load_texts(language).messages.items()
        if key.startswith(("permission.", "fee."))
        for part in parts(text)
        if verdict(part, CODES[0]) is Verdict.ACCEPT
    }
    assert said == {}
