"""Text addressed to a machine to steer it is told from wishes to people and talk of bots."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from support_policy.reader import load_reader

INSTRUCTION = "injection.instruction"
PACKAGED = load_reader(files("support_policy") / "policies" / "mexxus")
CORPUS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "injections.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
ADDRESSED = [each for each in CORPUS if each["injection"]]
PLAIN = [each for each in CORPUS if not each["injection"]]

Sample = dict[str, Any]


def name_of(sample: Sample) -> str:
    text = f"{sample['subject']} {sample['body']}"
    return f"{sample['language']}-{text.strip()[:20]}-{text[-30:]}".replace("\n", " ")


def left_out(sample: Sample) -> str:
    """The sentences that hold an instruction, as the reader leaves them out."""
    message = PACKAGED.understand(sample["subject"], sample["body"])
    tokens = message.tokens
    told = {tokens.sentences[hit.first] for hit in message.found.get(INSTRUCTION, ())}
    places = [at for at, sentence in enumerate(tokens.sentences) if sentence in told]
    return " ".join(tokens.words[at] for at in places)


@pytest.mark.parametrize("sample", ADDRESSED, ids=name_of)
def test_an_instruction_to_a_machine_is_known(sample: Sample) -> None:
    assert left_out(sample)


@pytest.mark.parametrize("sample", PLAIN, ids=name_of)
def test_a_wish_to_people_or_talk_of_a_bot_is_no_instruction(sample: Sample) -> None:
    assert not left_out(sample)


@pytest.mark.parametrize("sample", [s for s in ADDRESSED if "customer" in s], ids=name_of)
def test_what_the_customer_says_beside_it_stays_heard(sample: Sample) -> None:
    own = PACKAGED.understand("", sample["customer"]).tokens.words
    assert " ".join(own) not in left_out(sample)


def test_every_language_has_enough_of_either() -> None:
    for language in ("en", "fr"):
        assert sum(each["language"] == language for each in ADDRESSED) >= 40
        assert sum(each["language"] == language for each in PLAIN) >= 20
