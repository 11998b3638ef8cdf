"""A TOML table read with care: every mistake is kept, with its place and a suggestion."""

from __future__ import annotations

from datetime import date

import pytest

from support_policy.core.document import Table, parse, suggest
from support_policy.core.ticket import Priority
from support_policy.errors import Problem


def read(text: str) -> tuple[Table, list[Problem]]:
    problems: list[Problem] = []
    return parse(text, file="a.toml", problems=problems), problems


def test_values_of_the_right_kind_are_no_problem() -> None:
    table, problems = read(
        'name = "n"\nsize = 3\non = true\nday = 2026-11-23\nlist = ["a", "b"]\nlevel = "high"\n'
        'title = { en = "E", fr = "F" }\n[[row]]\nname = "r"\n'
    )
    assert table.text("name") == "n"
    assert table.number("size") == 3
    assert table.flag("on") is True
    assert table.day("day") == date(2026, 11, 23)
    assert table.texts("list") == ("a", "b")
    assert table.choice("level", Priority) is Priority.HIGH
    assert table.bilingual("title") == (("en", "E"), ("fr", "F"))
    [row] = table.tables("row")
    assert row.text("name") == "r"
    table.close()
    row.close()
    assert problems == []


def test_a_syntax_error_is_one_problem_and_an_empty_table() -> None:
    table, problems = read("a = = 1")
    assert table.values == {}
    [problem] = problems
    assert problem.file == "a.toml"
    assert "line 1" in problem.what


@pytest.mark.parametrize(
    ("ask", "wanted"),
    [
        ("text", "a text"),
        ("number", "a whole number"),
        ("day", "a date"),
        ("table", "a table"),
        ("choice", "a text"),
    ],
)
def test_a_missing_value_says_what_it_must_be(ask: str, wanted: str) -> None:
    table, problems = read("")
    if ask == "choice":
        table.choice("key", Priority)
    else:
        getattr(table, ask)("key")
    [problem] = problems
    assert problem.where == "key"
    assert "missing" in problem.what
    assert wanted in problem.what


def test_a_text_that_must_be_there_must_not_be_empty() -> None:
    table, problems = read('name = ""')
    table.text("name", "")
    assert problems == []
    table.text("name")
    assert [problem.where for problem in problems] == ["name"]


@pytest.mark.parametrize(
    ("written", "ask"),
    [
        ("1", "text"),
        ("true", "text"),
        ('"1"', "number"),
        ("1.5", "number"),
        ("true", "number"),
        ("1", "flag"),
        ('"yes"', "flag"),
        ('"2026-11-23"', "day"),
        ("2026-11-23T10:00:00", "day"),
        ('"a"', "texts"),
        ("[1]", "texts"),
        ('["a", 2]', "texts"),
        ("1", "table"),
        ('"a"', "tables"),
        ("[1]", "tables"),
        ('["a"]', "tables"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_problem_at_its_key(written: str, ask: str) -> None:
    table, problems = read(f"key = {written}")
    getattr(table, ask)("key")
    assert [problem.where.partition("[")[0] for problem in problems] == ["key"]


def test_an_unknown_word_is_answered_with_the_known_ones_and_a_suggestion() -> None:
    table, problems = read('level = "hihg"')
    assert table.choice("level", Priority) is None
    [problem] = problems
    assert "'hihg'" in problem.what
    for known in Priority:
        assert known.value in problem.what
    assert problem.suggestion == "Did you mean 'high'?"


def test_keys_that_nobody_asked_for_are_named_with_the_one_that_was_meant() -> None:
    table, problems = read('catgory = "x"\nzzz = 1')
    table.text("category", "")
    table.close()
    by_key = {problem.where: problem for problem in problems}
    assert set(by_key) == {"catgory", "zzz"}
    assert by_key["catgory"].suggestion == "Did you mean 'category'?"
    assert by_key["zzz"].suggestion == ""


def test_problems_come_in_the_order_of_the_file() -> None:
    table, problems = read("\n".join(f"key_{number} = 1" for number in range(30)))
    table.close()
    assert [problem.where for problem in problems] == [f"key_{number}" for number in range(30)]


def test_a_problem_in_an_inner_table_has_the_whole_address() -> None:
    table, problems = read('[outer.inner]\nname = 1\n[[row]]\nname = "r"\nsize = "x"\n')
    table.table("outer").table("inner").text("name")
    [row] = table.tables("row")
    row.number("size")
    assert [problem.where for problem in problems] == ["outer.inner.name", "row[r].size"]


def test_a_row_without_a_name_is_addressed_by_its_number() -> None:
    table, problems = read("[[row]]\nname = 'a'\n[[row]]\nx = 1")
    for row in table.tables("row"):
        row.asked.add("name")
        row.close()
    assert [problem.where for problem in problems] == ["row[2].x"]


def test_one_language_that_is_missing_is_named() -> None:
    table, problems = read('title = { en = "E" }')
    table.bilingual("title")
    assert [problem.where for problem in problems] == ["title.fr"]


def test_a_printed_problem_has_file_place_mistake_and_hint() -> None:
    assert str(Problem("a.toml", "rules[x].tags", "is wrong.", "Mend it.")) == (
        "a.toml: rules[x].tags: is wrong. Mend it."
    )
    assert str(Problem("a.toml", "", "is missing")) == "a.toml: is missing."


def test_nothing_is_suggested_for_a_word_that_resembles_none() -> None:
    assert suggest("zzz", ["alpha", "beta"]) == ""
