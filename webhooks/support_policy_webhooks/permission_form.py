"""What a customer's forms send, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from support_policy.core.explain import Texts
from support_policy.permissions.answers import LONGEST_NAME, LONGEST_QUESTION

Choice = Literal["all", "fewer", "decline", "question"]

CHOICES: tuple[Choice, ...] = ("all", "fewer", "decline", "question")

UNDOING = frozenset({"withdraw", "stop"})
"""What a person may choose who has changed their mind."""

TICKED = "yes"

_NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody chose and typed; everything is empty where nothing was sent."""

    choice: str = ""
    blocks: str = ""
    name: str = ""
    text: str = ""
    sure: bool = False

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Typed:
        """What a form holds, as it is shown again when something is wrong with it."""
        return cls(
            choice=form.get("choice", ""),
            blocks=form.get("blocks", ""),
            name=form.get("name", "")[:LONGEST_NAME].strip(),
            text=form.get("text", "").replace("\r\n", "\n").strip(),
            sure=form.get("sure") == TICKED,
        )

    def accepted(self, asked: int) -> int | None:
        """How many blocks the choice accepts; None when it accepts none, or says no right number.

        Who chose fewer has chosen fewer: as many as asked is not among the numbers to choose from.
        """
        if self.choice == "all":
            return asked
        if self.choice != "fewer" or not _NUMBER.fullmatch(self.blocks):
            return None
        number = int(self.blocks)
        return number if 1 <= number < asked else None


def wrong_choice(typed: Typed, asked: int, texts: Texts) -> dict[str, str]:
    """What is wrong with the first step, by the field."""
    if typed.choice not in CHOICES or (typed.choice == "fewer" and asked < 2):
        return {"choice": texts.say("permission.wrong.choice")}
    if typed.choice == "fewer" and typed.accepted(asked) is None:
        return {"blocks": texts.say("permission.wrong.blocks")}
    return {}


def wrong_confirmation(typed: Typed, choice: str, texts: Texts) -> dict[str, str]:
    """What is wrong with the second step, by the field, in the order of the page."""
    problems = {}
    if choice == "question" and not typed.text:
        problems["text"] = texts.say("permission.wrong.text")
    if choice == "question" and len(typed.text) > LONGEST_QUESTION:
        problems["text"] = texts.say("permission.wrong.long", most=str(LONGEST_QUESTION))
    if not any(each.isalpha() for each in typed.name):
        problems["name"] = texts.say("permission.wrong.name")
    if (choice == "accept" or choice in UNDOING) and not typed.sure:
        problems["sure"] = texts.say("permission.wrong.sure")
    return problems
