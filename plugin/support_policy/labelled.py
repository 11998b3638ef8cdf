"""Tickets that people labelled, a JSON line each, and what a policy decides of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from support_policy.core.classification import classified
from support_policy.core.document import suggest
from support_policy.core.facts import Fact, Reader
from support_policy.core.policy import Policy
from support_policy.core.scores import LANGUAGES, Judged, Label, priority_of
from support_policy.core.ticket import Channel, Priority
from support_policy.errors import Problem

REVIEW = "needs_review"
"""The tag by which a policy asks a person to look at a ticket."""

_LONGEST_WORD = 60
_URGENT = frozenset((Priority.HIGH, Priority.URGENT))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTicket:
    """One ticket of a labelled file.

    ``id`` is as the file has it, or the line's number where nothing of it can be seen.
    ``language`` is the requester's own setting.
    """

    id: str | int
    subject: str
    body: str
    channel: Channel
    language: str | None
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What could be read of a labelled file, and what is wrong with the other lines."""

    tickets: tuple[LabelledTicket, ...]
    problems: tuple[Problem, ...]
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a policy decides of a labelled ticket, the words that decided, and the rule."""

    id: str | int
    judged: Judged
    words: tuple[Fact, ...]
    rule: str


def categories_of(policy: Policy) -> tuple[str, ...]:
    """Every category that a policy can decide, the classes in the policy's own order."""
    order = [target.name for target in policy.targets]
    found = dict.fromkeys(rule.category for rule in policy.classification if rule.category)
    return tuple(sorted(found, key=lambda category: order.index(priority_of(category))))


def urgent_classes(policy: Policy) -> tuple[str, ...]:
    """The classes that must not be missed, in the policy's own order."""
    return tuple(target.name for target in policy.targets if target.priority in _URGENT)


def read_labelled(lines: Iterable[str], policy: Policy, *, file: str) -> Labelled:
    """Read a labelled file; a line that is wrong is left out, with everything wrong about it."""
    categories = categories_of(policy)
    tickets: list[LabelledTicket] = []
    problems: list[Problem] = []
    skipped = 0
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        line = _Line(file=file, number=number)
        ticket = _ticket(line, text, categories)
        if ticket is None or line.problems:
            skipped += 1
            problems += line.problems
        else:
            tickets.append(ticket)
    return Labelled(tickets=tuple(tickets), problems=tuple(problems), skipped=skipped)


def decided(ticket: LabelledTicket, policy: Policy, reader: Reader) -> Decided:
    """Decide a ticket by its words alone, whoever sent it."""
    facts = reader.read(subject=ticket.subject, body=ticket.body, language=ticket.language)
    answer = classified(policy, facts, channel=ticket.channel)
    return Decided(
        id=ticket.id,
        judged=Judged(
            label=ticket.label,
            category=answer.category,
            language=str(answer.flags["language"]),
            review=REVIEW in answer.tags,
        ),
        words=answer.words,
        rule=answer.rule,
    )


@dataclass(slots=True, kw_only=True)
class _Line:
    """A line that is being read, and what is wrong with it."""

    file: str
    number: int
    problems: list[Problem] = field(default_factory=list)

    def problem(self, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, f"line {self.number}", what, hint))

    def text(self, values: Mapping[str, Any], key: str) -> str:
        value = values.get(key)
        if value is not None and not isinstance(value, str):
            self.problem(f"{key} must be a text")
        return value if isinstance(value, str) else ""


def _ticket(line: _Line, text: str, categories: tuple[str, ...]) -> LabelledTicket | None:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        line.problem("is not a JSON object")
        return None
    if values.get("subject") is None and values.get("body") is None:
        line.problem("has neither subject nor body")
    channel = line.text(values, "channel")
    label = _label(line, values, categories)
    ticket = {key: line.text(values, key) for key in ("subject", "body")}
    language = line.text(values, "language") or None
    if label is None:
        return None
    return LabelledTicket(
        id=_id(line, values.get("id")),
        **ticket,
        channel=Channel(channel) if channel in set(Channel) else Channel.OTHER,
        language=language,
        label=label,
    )


def printable(name: str | int) -> str:
    """What can be seen of an id, on one line: it is whatever the file says."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(name)).split())


def _id(line: _Line, given: object) -> str | int:
    if isinstance(given, str | int) and not isinstance(given, bool) and printable(given):
        return given
    return f"line {line.number}"


def _label(line: _Line, values: Mapping[str, Any], categories: tuple[str, ...]) -> Label | None:
    given = values.get("labels")
    nested = isinstance(given, dict)  # else they stand beside the subject; exports call tags labels
    labels: Mapping[str, Any] = given if isinstance(given, dict) else values
    word = line.text(labels, "category").strip()
    if not word:
        if labels.get("category") in (None, ""):
            line.problem("has no label: category is missing")
        return None
    meant = _meant(line, word, categories)
    acceptable = _acceptable(line, labels, categories)
    return Label(
        priority=priority_of(word),
        category=word if word in categories else None,
        acceptable=frozenset((*meant, *acceptable)),
        language=_language(line, labels) if nested else None,
    )


def _language(line: _Line, labels: Mapping[str, Any]) -> str | None:
    """The language that people said the words are in; ``FR-CA`` is French."""
    word = line.text(labels, "language").strip()
    language = word.lower().partition("-")[0]
    if word and language not in LANGUAGES:
        line.problem(f"{_shown(word)} is no language of a label", f"Known: {', '.join(LANGUAGES)}.")
    return language or None


def _acceptable(line: _Line, labels: Mapping[str, Any], categories: tuple[str, ...]) -> list[str]:
    words = labels.get("acceptable")
    words = [] if words is None else words
    if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
        line.problem("acceptable must be a list of categories")
        return []
    return [each for word in words for each in _meant(line, word.strip(), categories)]


def _meant(line: _Line, word: str, categories: tuple[str, ...]) -> tuple[str, ...]:
    """The categories that a word stands for: itself, or all those of a priority."""
    if word in categories:
        return (word,)
    found = tuple(category for category in categories if priority_of(category) == word)
    if not found:
        priorities = tuple(dict.fromkeys(map(priority_of, categories)))
        known = tuple(dict.fromkeys((*categories, *priorities)))
        hint = f"{suggest(word, known)} Known: {', '.join(known)}.".strip()
        line.problem(f"the policy knows no category {_shown(word)}", hint)
    return found


def _shown(word: str) -> str:
    return repr(word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…")
