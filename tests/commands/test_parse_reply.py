"""``support-policy parse-reply``, as a script uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from support_policy.cli import group

COMMAND = [sys.executable, "-m", "support_policy.cli", "parse-reply", "--code", "7Q4K"]
QUESTION = {"verdict": "question", "blocks": None}
UNREADABLE = {"id": None, **QUESTION}


def run(stdin: bytes, folder: Path, asked: int = 2) -> tuple[list[dict[str, object]], str]:
    done = subprocess.run(
        [*COMMAND, "--asked", str(asked)],
        input=stdin,
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.stderr.decode()


def answers(*replies: object) -> list[dict[str, object]]:
    lines = "".join(json.dumps(reply) + "\n" for reply in replies)
    done = CliRunner().invoke(group, ["parse-reply", "--code", "7Q4K", "--asked", "2"], input=lines)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def reply(text: object, headers: object = None, **more: object) -> dict[str, object]:
    return {"id": "a", "text": text, "content_type": "text/plain", "headers": headers, **more}


def test_each_line_has_its_answer_in_the_same_order_from_any_folder(tmp_path: Path) -> None:
    lines = [
        {"id": "b", "text": "I accept", "content_type": "text/plain", "headers": {}},
        {"id": "a", "text": "<p>J'accepte un bloc</p>", "content_type": "text/html"},
        {"id": 7, "text": "REFUSE 7q4k", "content_type": "text/plain"},
        {"text": "I accept 3 blocks", "content_type": "text/plain"},
        {"id": "é\u2028", "text": "I accept", "headers": {"Auto-Submitted": "auto-replied"}},
    ]
    rows, told = run("".join(f"{json.dumps(line)}\n" for line in lines).encode(), tmp_path)
    assert rows == [
        {"id": "b", "verdict": "accept", "blocks": 2},
        {"id": "a", "verdict": "accept", "blocks": 1},
        {"id": 7, "verdict": "decline", "blocks": None},
        UNREADABLE,
        {"id": "é\u2028", "verdict": "ignored", "blocks": None},
    ]
    assert told == ""


def test_no_line_stops_it_and_only_json_is_written(tmp_path: Path) -> None:
    odd = (
        b"not json",
        b"[]",
        b"[" * 100_000,
        b'{"id": "x"',
        b'{"id": NaN, "text": "\\ud800I accept"}',
        b'{"id": 1e999, "text": "\xe9 I accept"}',
        b'{"id": "\\udfff", "text": "<p>\\ud800", "content_type": "text/html"}',
        b"\xff\xfe",
        b"9" * 5_000,
        b"",
        b'{"id": "last", "text": "I accept"}',
    )
    rows, told = run(b"\n".join(odd), tmp_path)
    assert [row["id"] for row in rows] == [*[None] * 6, "\udfff", None, None, "last"]
    assert all(row == {"id": row["id"], **QUESTION} for row in rows[:-1])
    assert rows[-1]["verdict"] == "accept"
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        f"line {number}" for number in (1, 2, 3, 4, 8, 9)
    ]


def test_an_answer_comes_before_the_next_line_is_asked_for(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--asked", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "I accept"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"AUTO-SUBMITTED": ["no", "auto-replied"]},
        [["Subject", "x"], ["Auto-Submitted", "auto-replied"]],
        [["Auto-Submitted", ["auto-replied"]], ["Auto-Submitted", "no"]],
        [{"name": "Auto-Submitted", "value": "auto-replied"}],
        [{"Auto-Submitted": "auto-replied"}],
        ["Subject: x", "Auto-Submitted: auto-replied"],
        "Subject: x\r\n y\r\nAuto-Submitted:\r\n auto-replied\r\n",
    ],
)
def test_headers_say_the_same_in_whatever_shape_they_come(headers: object) -> None:
    assert [row["verdict"] for row in answers(reply("I accept", headers))] == ["ignored"]


@pytest.mark.parametrize("headers", [None, {}, [], "", {"Subject": None}, {"X-Number": 3}])
def test_headers_that_say_nothing_are_none(headers: object) -> None:
    assert answers(reply("I accept", headers))[0]["verdict"] == "accept"
    assert answers({"text": "I accept"})[0]["verdict"] == "accept"


@pytest.mark.parametrize(
    "headers",
    [3, True, [3], [["Auto-Submitted"]], ["no colon"], {"Auto-Submitted": {"x": 1}}, [[1, 2]]],
)
def test_headers_that_cannot_be_read_make_it_a_question(headers: object) -> None:
    assert answers(reply("I accept", headers)) == [{"id": "a", **QUESTION}]


@pytest.mark.parametrize("text", [None, 3, ["I accept"], {"text": "I accept"}, True])
def test_a_text_that_is_none_is_a_question(text: object) -> None:
    assert answers(reply(text)) == [{"id": "a", **QUESTION}]


def test_a_kind_of_content_that_is_no_word_is_a_question() -> None:
    assert answers({"id": "a", "text": "I accept", "content_type": 3})[0]["verdict"] == "question"


def test_a_line_cannot_bring_its_own_code_or_number_of_blocks() -> None:
    rows = answers(
        reply("ACCEPT 9999", code="9999"), reply("I accept 9 blocks", asked=9), reply("I accept")
    )
    assert [row["verdict"] for row in rows] == ["question", "question", "accept"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--code", "7Q4K"],
        ["--asked", "2"],
        ["--code", "", "--asked", "2"],
        ["--code", " - ", "--asked", "2"],
        ["--code", "é7Q4", "--asked", "2"],
        ["--code", "A" * 65, "--asked", "2"],
        ["--code", "7Q4K", "--asked", "0"],
        ["--code", "7Q4K", "--asked", "-1"],
        ["--code", "7Q4K", "--asked", "two"],
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(group, ["parse-reply", *arguments], input="").exit_code == 2
