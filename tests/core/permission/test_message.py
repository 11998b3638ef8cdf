"""What customers are sent: every place filled once, both languages, money and time unmistakable."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_policy.core.permission.message import (
    amount_text,
    bilingual,
    blocks_text,
    deadline_text,
    fill,
    one_line,
    reason_text,
    used_text,
)
from support_policy.core.reply import Reply
from support_policy.texts import LANGUAGES, load_texts

REPLY = Reply(
    name="a",
    clauses=(),
    titles=(),
    bodies=(
        ("en", "About “{subject}”: {work}\n\nUp to {maximum}, {maximum}."),
        ("fr", "Au sujet de « {subject} » : {work}\n\nJusqu'à {maximum}, {maximum}."),
    ),
    needs_answer=True,
)
VALUES = {"subject": "Site", "work": "Move it.", "maximum": "$170.00 CDN (CAD)"}
AT = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)


# ---------------------------------------------------------------------------- filling


def test_every_place_is_filled_as_often_as_it_stands_there() -> None:
    assert fill(REPLY, "en", VALUES) == (
        "About “Site”: Move it.\n\nUp to $170.00 CDN (CAD), $170.00 CDN (CAD)."
    )


def test_what_stands_in_a_value_is_never_a_place() -> None:
    values = VALUES | {"subject": "{work} {maximum} {code}", "work": "{subject} {0} {{x}} %s"}
    assert fill(REPLY, "en", values).startswith(
        "About “{work} {maximum} {code}”: {subject} {0} {{x}} %s\n"
    )


@given(st.text(), st.text())
def test_values_stay_what_they_are_whatever_is_in_them(subject: str, work: str) -> None:
    filled = fill(REPLY, "en", VALUES | {"subject": subject, "work": work})
    assert filled.splitlines()[0] == f"About “{one_line(subject)}”: {one_line(work)}"
    assert len(filled.split("\n")) == 3, "no value makes a line of its own"


@given(st.text(alphabet=st.characters()))
def test_a_value_is_one_line_without_what_no_eye_sees(value: str) -> None:
    line = one_line(value)
    kinds = {unicodedata.category(each) for each in line if each not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    assert line.encode("utf-8").decode("utf-8") == line


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  two\r\n\r\nlines\t and\u2028more ", "two lines and more"),
        ("I accept\n\nplease", "I accept please"),
        ("pay \u202e00.58$\u202c now", "pay 00.58$ now"),
        ("\u2066\u200f\u061cx\u2069\ufeff\u200b", "x"),
        ("nul\x00 bell\x07 esc\x1b[31m", "nul bell esc [31m"),
        ("85,00\u00a0$\u00a0CA (CAD)", "85,00\u00a0$\u00a0CA (CAD)"),
        ("{braces} <b>&amp;", "{braces} <b>&amp;"),
        ("half \ud83d of a pair", "half of a pair"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
    ],
)
def test_values_lose_breaks_and_hidden_marks_and_keep_the_rest(value: str, line: str) -> None:
    assert one_line(value) == line


@pytest.mark.parametrize("missing", VALUES)
def test_a_value_that_is_missing_is_a_lookup_error(missing: str) -> None:
    with pytest.raises(LookupError):
        fill(REPLY, "en", {name: value for name, value in VALUES.items() if name != missing})


def test_a_language_that_is_missing_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        fill(REPLY, "de", VALUES)
    with pytest.raises(LookupError):
        bilingual(REPLY, {"en": VALUES}, "en")


def test_more_values_than_places_are_fine() -> None:
    assert fill(REPLY, "en", VALUES | {"code": "7Q4KWA"}) == fill(REPLY, "en", VALUES)


# ------------------------------------------------------------------------ both languages


@pytest.mark.parametrize(
    ("first", "order", "above"),
    [
        ("fr", ("fr", "en"), "English version below"),
        ("en", ("en", "fr"), "Version française ci-dessous"),
        ("other", ("en", "fr"), "Version française ci-dessous"),
        ("", ("en", "fr"), "Version française ci-dessous"),
    ],
)
def test_both_languages_are_there_and_the_customers_comes_first(
    first: str, order: tuple[str, str], above: str
) -> None:
    values = {
        "en": VALUES | {"maximum": "$170.00 CDN (CAD)"},
        "fr": VALUES | {"maximum": "170,00\u00a0$\u00a0CA (CAD)"},
    }
    text = bilingual(REPLY, values, first)
    bodies = [fill(REPLY, language, values[language]) for language in order]
    assert text.startswith(f"—— {above} ——\n\n{bodies[0]}\n\n——")
    assert text.endswith(f" ——\n\n{bodies[1]}")
    assert text.count("——") == 4


# -------------------------------------------------------------------------------- values


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_reasons_are_said_and_no_third(language: str) -> None:
    texts = load_texts(language)
    outside, correction = (reason_text(each, texts) for each in ("outside", "correction"))
    assert "standard" in outside
    assert outside != correction
    assert ("your side" if language == "en" else "votre côté") in correction
    with pytest.raises(LookupError):
        reason_text("because", texts)


@pytest.mark.parametrize(
    ("blocks", "english", "french"),
    [(0, "0 blocks", "0 bloc"), (1, "1 block", "1 bloc"), (2, "2 blocks", "2 blocs")],
)
def test_blocks_are_counted_as_each_language_counts(blocks: int, english: str, french: str) -> None:
    assert (blocks_text(blocks, "en"), blocks_text(blocks, "fr")) == (english, french)


def test_an_amount_names_its_currency() -> None:
    assert amount_text(Decimal(170), "CAD", "en") == "$170.00 CDN (CAD)"
    assert amount_text(Decimal(170), "CAD", "fr") == "170,00\u00a0$\u00a0CA (CAD)"


@pytest.mark.parametrize(
    ("at", "english", "french"),
    [
        (AT, "Mon 23 Nov 2026, 14:05 (EST)", "lun. 23 nov. 2026, 14 h 05 (HNE)"),
        (
            datetime(2026, 7, 6, 3, 59, tzinfo=UTC),
            "Sun 5 Jul 2026, 23:59 (EDT)",
            "dim. 5 juill. 2026, 23 h 59 (HAE)",
        ),
    ],
)
def test_a_deadline_has_its_day_its_time_and_its_zone(
    at: datetime, english: str, french: str
) -> None:
    assert deadline_text(at, "America/Toronto", "en") == english
    assert deadline_text(at, "America/Toronto", "fr") == french


def test_a_deadline_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline_text(AT.replace(tzinfo=None), "America/Toronto", "en")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 min"),
        (-5, "0 min"),
        (1, "1 min"),
        (59 * 60 + 1, "1 h"),
        (3600, "1 h"),
        (3601, "1 h 1 min"),
        (75 * 60, "1 h 15 min"),
        (8 * 3600, "8 h"),
        (30 * 3600 + 60, "30 h 1 min"),
    ],
)
def test_a_time_worked_is_said_in_begun_minutes(seconds: int, text: str) -> None:
    for language in LANGUAGES:
        assert used_text(timedelta(seconds=seconds), language) == text


def test_a_time_in_a_language_that_there_is_not_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        used_text(timedelta(0), "de")
