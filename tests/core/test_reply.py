"""Replies are loaded whole, or every mistake in them is reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_policy.core.reply import Reply, load_replies
from support_policy.errors import PolicyError, Problem

WHOLE = """\
clauses = ["A1", "A2"]
tags = ["declined"]
needs_answer = true
title.en = "Decline"
title.fr = "Décliner"
body.en = \"\"\"

Ticket {ticket}.

It is not possible.
\"\"\"
body.fr = \"\"\"
Billet {ticket} : ce n'est pas possible.
\"\"\"
"""
SHORT = """\
clauses = ["A1"]
title = { en = "Note", fr = "Note" }
body = { en = "Seen.", fr = "Vu." }
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    (folder / "replies").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "replies" / name).write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path, text: str, name: str = "decline.toml") -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        load_replies(write(folder, {name: text}))
    return caught.value.problems


def test_everything_that_is_written_is_in_the_reply(tmp_path: Path) -> None:
    [reply] = load_replies(write(tmp_path, {"decline.toml": WHOLE}))
    assert reply == Reply(
        name="decline",
        clauses=("A1", "A2"),
        titles=(("en", "Decline"), ("fr", "Décliner")),
        bodies=(
            ("en", "Ticket {ticket}.\n\nIt is not possible."),
            ("fr", "Billet {ticket} : ce n'est pas possible."),
        ),
        tags=("declined",),
        private=False,
        needs_answer=True,
    )
    assert reply.title("fr") == "Décliner"
    assert reply.body("en").startswith("Ticket")
    assert reply.file == "replies/decline.toml"


def test_a_reply_is_public_and_static_unless_it_says_otherwise(tmp_path: Path) -> None:
    [reply] = load_replies(write(tmp_path, {"note.toml": SHORT}))
    assert (reply.tags, reply.private, reply.needs_answer) == ((), False, False)
    [note] = load_replies(write(tmp_path, {"note.toml": SHORT + "private = true\n"}))
    assert note.private


def test_replies_come_sorted_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path, {"b.toml": SHORT, "a.toml": SHORT, "a_b.toml": SHORT})
    assert [reply.name for reply in load_replies(folder)] == ["a", "a_b", "b"]


def test_a_folder_without_replies_has_none(tmp_path: Path) -> None:
    assert load_replies(tmp_path) == ()
    assert load_replies(write(tmp_path, {})) == ()


def test_what_an_editor_leaves_behind_hidden_is_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.toml": SHORT, ".a.toml.swp": "?", ".hidden": "?"})
    assert [reply.name for reply in load_replies(folder)] == ["a"]


def test_a_reply_in_a_language_that_it_lacks_is_a_lookup_error(tmp_path: Path) -> None:
    [reply] = load_replies(write(tmp_path, {"note.toml": SHORT}))
    with pytest.raises(LookupError):
        reply.body("de")
    with pytest.raises(LookupError):
        reply.title("de")


def test_places_are_those_of_all_languages() -> None:
    bodies = (("en", "{ticket} and {work} and {ticket}"), ("fr", "{sujet} {} {a b}"))
    reply = Reply(name="a", clauses=(), titles=(), bodies=bodies)
    assert reply.places == {"ticket", "work", "sujet", "", "a b"}


@pytest.mark.parametrize(
    ("body", "private", "needs_answer", "asks"),
    [
        ("For {maximum}.", False, True, True),
        ("Write {code}.", False, True, True),
        ("The request, and your answer: {answer_address}.", False, True, False),
        ("It is open until {deadline}: {answer_address}.", False, True, False),
        ("{charged_blocks} of {maximum}, {used_time}.", False, True, False),
        ("It came to {amount}.", False, True, False),
        ("It has expired.", False, True, False),
        ("Ticket {ticket} has expired.", False, True, False),
        ("Accepted on {accepted_at}.", False, True, False),
        ("The service asks.", True, True, False),
        ("Paid help is possible.", False, False, False),
    ],
)
def test_a_text_asks_unless_it_is_a_receipt_a_note_news_or_static(
    body: str, private: bool, needs_answer: bool, asks: bool
) -> None:
    reply = Reply(
        name="a",
        clauses=(),
        titles=(),
        bodies=(("en", body), ("fr", body)),
        private=private,
        needs_answer=needs_answer,
    )
    assert reply.asks is asks


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('clauses = ["A1"]\n', "", "clauses", "is missing"),
        ('clauses = ["A1"]', "clauses = []", "clauses", "is missing"),
        ('clauses = ["A1"]', 'clause = ["A1"]', "clause", "Did you mean 'clauses'?"),
        (', fr = "Note"', "", "title.fr", "is missing"),
        (', fr = "Vu."', ', fr = ""', "body.fr", "empty"),
        (', fr = "Vu."', ', fr = "Vu.", de = "Ja."', "body.de", "unknown key"),
        ("body = ", "private = 1\nbody = ", "private", "true or false"),
        ("body = ", 'tags = "a"\nbody = ', "tags", "a list of texts"),
        ("title = ", "title = = ", "", "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_place(
    tmp_path: Path, old: str, new: str, where: str, words: str
) -> None:
    assert old in SHORT
    problems = problems_of(tmp_path, SHORT.replace(old, new))
    assert {problem.file for problem in problems} == {"replies/decline.toml"}
    assert any(problem.where == where and words in str(problem) for problem in problems), problems


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.toml": "x = 1", "c.toml": SHORT})
    problems = problems_of(tmp_path, "y = 1", "b.toml")
    assert {problem.file for problem in problems} == {"replies/a.toml", "replies/b.toml"}


@pytest.mark.parametrize("name", ["notes.md", "a.tml", "A.toml", "1.toml", "a b.toml", "a.toml~"])
def test_a_file_that_would_not_be_read_is_told(tmp_path: Path, name: str) -> None:
    [problem] = problems_of(tmp_path, SHORT, name)
    assert problem.file == f"replies/{name}"
    assert "is not read" in problem.what


def test_a_reply_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (write(tmp_path, {}) / "replies" / "a.toml").write_bytes(b'title.en = "\xe9"')
    with pytest.raises(PolicyError, match="cannot be read"):
        load_replies(tmp_path)
