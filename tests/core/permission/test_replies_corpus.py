"""The replies written to try the reading: no permission that nobody gave, few missed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support_policy.core.permission.reading import Answer, Verdict, read_answer

DATA = Path(__file__).parent.parent / "data"
FIRST, MORE = "permission_replies.jsonl", "permission_replies_more.jsonl"
# How many of each are read at least: a floor below which no change may let them fall.
FLOORS = {
    FIRST: {Verdict.ACCEPT: 62, Verdict.DECLINE: 25, Verdict.IGNORED: 36},
    MORE: {Verdict.ACCEPT: 35, Verdict.DECLINE: 9},
}
Reply = Mapping[str, Any]


@cache
def replies(file: str) -> tuple[Reply, ...]:
    lines = (DATA / file).read_text(encoding="utf-8").split("\n")
    return tuple(json.loads(line) for line in lines if line)


def answer(reply: Reply) -> Answer:
    return read_answer(
        text=reply["text"],
        content_type=reply["content_type"],
        headers=reply["headers"],
        code=reply["code"],
        asked=reply["asked"],
    )


EVERY = [pytest.param(each, id=each["id"]) for file in FLOORS for each in replies(file)]


@pytest.mark.parametrize("reply", EVERY)
def test_no_answer_is_made_of_what_a_careful_person_would_ask_about(reply: Reply) -> None:
    found = answer(reply)
    if found.verdict is not Verdict.QUESTION:
        assert (found.verdict, found.blocks) == (reply["verdict"], reply["blocks"])


@pytest.mark.parametrize("file", FLOORS)
def test_what_is_plain_is_read(file: str) -> None:
    read = [each["verdict"] for each in replies(file) if answer(each).verdict == each["verdict"]]
    assert not {each: floor for each, floor in FLOORS[file].items() if read.count(each) < floor}


@pytest.mark.parametrize("file", FLOORS)
def test_the_replies_are_all_there_and_lean_to_questions(file: str) -> None:
    labels = [each["verdict"] for each in replies(file)]
    assert len({each["id"] for each in replies(file)}) == len(labels) > 200
    assert labels.count(Verdict.QUESTION) > len(labels) / 2
