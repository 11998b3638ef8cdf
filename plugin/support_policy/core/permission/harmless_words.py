"""Whether what stands below an exact answer leaves it as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from support_policy.core.permission.disclaimer import is_disclaimer
from support_policy.core.permission.harmless_wording import (
    ADDRESSED,
    GO_AHEAD,
    GREETING,
    GROUPS,
    POLITE,
)
from support_policy.core.permission.plain_words import has_alarm, plain, words_of
from support_policy.core.permission.signature import (
    is_contact,
    is_device,
    is_known_name,
    is_title,
    is_titled_line,
)

_LONGEST_LINE = 1_000
_MOST_LINES = 200
# Characters that turn the order of what is shown.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RULE = re.compile(r"[-_=*~ ]+")
_COLUMNS = re.compile(r"\s*[|•·]\s*")
_PARTS = re.compile(
    r"\s*[,;!]\s*|(?<![A-Z])(?<!Dr)(?<!Mr)(?<!Ms)\.(?:\s+|$)|\s+[-–—/]\s+|:\s*$|:\s+"
)
_AND = re.compile(r" (?:and|et) ")
_LEAD = " \t\u00a0-–—~*_"
_MOST_UNKNOWN = 2


@dataclass(slots=True, kw_only=True)
class _Below:
    """Where in the closing lines we are, and how many words nothing bears out may still come."""

    sender: frozenset[str]
    signed: bool = False
    unknown: int = _MOST_UNKNOWN


def first_objection(lines: Sequence[str], sender: frozenset[str]) -> str:
    """Why the lines below an answer make it a question, or nothing when none of them does.

    ``sender`` holds the words of the sender's name and address.
    """
    if sum(bool(line.strip()) for line in lines) > _MOST_LINES:
        return "more_words"
    below = _Below(sender=sender)
    at = 0
    while at < len(lines):
        width = _harmless(lines, at, below)
        if not width:
            return _kind(lines[at])
        at += width
    return ""


def _harmless(lines: Sequence[str], at: int, below: _Below) -> int:
    """How many lines from here are harmless; 0 when this one is not."""
    line = lines[at]
    if _TURNING.search(line) or "?" in plain(line):
        return 0
    if len(line) <= _LONGEST_LINE:
        if not line.strip() or _is_rule(line, below):
            return 1
        if is_device(line) or _is_closing(line, below):
            return 1
    width = next((end for end, each in enumerate(lines[at:]) if not each.strip()), len(lines) - at)
    paragraph = " ".join(lines[at : at + width])
    if not _TURNING.search(paragraph) and is_disclaimer(plain(paragraph)):
        return width
    return 0


def _is_rule(line: str, below: _Below) -> bool:
    if not _RULE.fullmatch(line.strip()):
        return False
    if line.strip() == "--":
        below.signed = True
    return True


def _is_closing(line: str, below: _Below) -> bool:
    """Courtesy or part of a signature, in every column and part of the line."""
    columns = [each for each in _COLUMNS.split(line.strip(_LEAD)) if each]
    return bool(words_of(plain(line))) and all(_is_column(each, below) for each in columns)


def _is_column(column: str, below: _Below) -> bool:
    if _is_contact(column, below):
        return True
    parts = [each.strip(_LEAD) for each in _PARTS.split(column)]
    return all(_is_part(each, below) for each in parts if each)


def _is_contact(text: str, below: _Below) -> bool:
    found = is_contact(text)
    below.signed = below.signed or found
    return found


def _is_part(part: str, below: _Below) -> bool:
    words = plain(part).strip(" .")
    if all(POLITE.fullmatch(each) for each in _AND.split(words)):
        below.signed = True
        return True
    if GO_AHEAD.fullmatch(words) or GREETING.fullmatch(words) or _is_addressed(words):
        return True
    if is_known_name(part, below.sender):
        below.signed = True
        return True
    if _is_contact(part, below):
        return True
    return below.signed and _is_signed(part, below)


def _is_signed(part: str, below: _Below) -> bool:
    """Part of a signature, once one has begun."""
    if is_title(part):
        return True
    if below.unknown and is_titled_line(part):
        below.unknown -= 1
        return True
    return False


def _is_addressed(words: str) -> bool:
    found = ADDRESSED.fullmatch(words)
    if not found:
        return False
    names = found[found.re.groups]
    return all(each in GROUPS or is_known_name(each, frozenset()) for each in names.split())


def _kind(line: str) -> str:
    words = plain(line)
    if "?" in words:
        return "question"
    return "reservation" if has_alarm(words) else "more_words"
