"""Whether what stands below an exact answer leaves it as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from support_policy.core.permission.disclaimer import is_disclaimer
from support_policy.core.permission.harmless_wording import (
    ADDRESSED,
    EXCUSE,
    GO_AHEAD,
    GREETING,
    GROUPS,
    POLITE,
    POLITE_REFUSAL,
)
from support_policy.core.permission.plain_words import has_alarm, plain, words_of
from support_policy.core.permission.signature import (
    is_contact,
    is_device,
    is_firm,
    is_known_name,
    is_likely_name,
    is_title,
)

_LONGEST_LINE = 1_000
_MOST_LINES = 200
# Characters that turn the order of what is shown.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RULE = re.compile(r"[-_=*~ ]+|\[cid:[\w.-]{1,60}@[\w.-]{1,40}\]")  # or a picture
_COLUMNS = re.compile(r"\s*[|•·]\s*")
_PARTS = re.compile(
    r"\s*[,;!]\s*|(?<![A-Z])(?<!Dr)(?<!Mr)(?<!Ms)\.(?:\s+|$)|\s+[-–—/]\s+|:\s*$|:\s+"
)
_AND = re.compile(r" (?:and|et) ")
_LEAD = " \t\u00a0-–—~*_"
_INITIAL = re.compile(r"(?:^|\W)[A-Z]\.$")
_MOST_FIRMS = 2


class _Place(Enum):
    """Where in the closing lines we are."""

    ANSWER = 1  # directly below the answer, where a word may be an outcry as well as a name
    CLOSING = 2  # below a formula
    SIGNATURE = 3


@dataclass(slots=True, kw_only=True)
class _Below:
    """What has been read below the answer, and what may still come."""

    sender: frozenset[str]
    accepts: bool
    place: _Place = _Place.ANSWER
    named: bool = False
    guessed: bool = False  # the name is one that nothing bears out: nobody writes on after it
    firms: int = _MOST_FIRMS


def first_objection(lines: Sequence[str], sender: frozenset[str], *, accepts: bool) -> str:
    """Why the lines below an answer make it a question, or nothing when none of them does.

    ``sender`` holds the words of the sender's name and address.
    """
    if sum(bool(line.strip()) for line in lines) > _MOST_LINES:
        return "more_words"
    below = _Below(sender=sender, accepts=accepts)
    at = 0
    while at < len(lines):
        width = _harmless(lines, at, below)
        if not width:
            return _kind(lines[at])
        at += width
    return ""


def signature_objection(lines: Sequence[str], sender: frozenset[str], *, accepts: bool) -> str:
    """Why the lines below a signature's mark make an answer a question: seldom.

    They are read as other lines when they do not begin as a signature does, because two hyphens
    are as well typed between two thoughts; and what stands apart from it may be a postscript.
    """
    below = _Below(sender=sender, accepts=accepts, place=_Place.CLOSING)
    first = next((line for line in lines if line.strip()), "")
    if first and not (_harmless([first], 0, below) and below.place is _Place.SIGNATURE):
        return first_objection(lines, sender, accepts=accepts)
    paragraphs = [plain(" ".join(each)) for each in _paragraphs(lines)]
    apart = (each for each in paragraphs[1:] if not is_disclaimer(each))
    return "reservation" if any(has_alarm(each) for each in apart) else ""


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return found


def _harmless(lines: Sequence[str], at: int, below: _Below) -> int:
    """How many lines from here are harmless; 0 when this one is not."""
    line = lines[at]
    if _TURNING.search(line) or "?" in plain(line):
        return 0
    if len(line) <= _LONGEST_LINE:
        if not line.strip() or _RULE.fullmatch(line.strip()):
            return 1
        if is_device(line) or EXCUSE.fullmatch(plain(line).strip(" .!")):
            below.place = _Place.SIGNATURE
            return 1
        if _is_closing(line, below):
            return 1
    width = next((end for end, each in enumerate(lines[at:]) if not each.strip()), len(lines) - at)
    paragraph = " ".join(lines[at : at + width])
    if not _TURNING.search(paragraph) and is_disclaimer(plain(paragraph)):
        return width
    return 0


def _is_closing(line: str, below: _Below) -> bool:
    """Courtesy or part of a signature, in every column and part of the line."""
    columns = [each for each in _COLUMNS.split(line.strip(_LEAD)) if each]
    return bool(words_of(plain(line))) and all(_is_column(each, below) for each in columns)


def _is_column(column: str, below: _Below) -> bool:
    if is_contact(column):
        below.place = _Place.SIGNATURE
        return True
    parts = [each.strip(_LEAD) for each in _PARTS.split(column)]
    return all(_is_part(each, column, below) for each in parts if each)


def _is_part(part: str, column: str, below: _Below) -> bool:
    words = plain(part).strip(" .")
    if is_known_name(part, below.sender) and not POLITE.fullmatch(words):
        below.named, below.place = True, _Place.SIGNATURE
        return True
    if not below.guessed and _is_courtesy(words, below):
        return True
    return _is_signed(part, column, below)


def _is_courtesy(words: str, below: _Below) -> bool:
    formulas = (POLITE, GO_AHEAD) if below.accepts else (POLITE, POLITE_REFUSAL)
    if all(any(each.fullmatch(part) for each in formulas) for part in _AND.split(words)):
        below.place = _Place.CLOSING
        return True
    return bool(GREETING.fullmatch(words)) or _is_addressed(words)


def _is_signed(part: str, column: str, below: _Below) -> bool:
    """Part of a signature, in the order in which signatures are written."""
    if is_contact(part):
        below.place = _Place.SIGNATURE
        return True
    if below.place is not _Place.ANSWER and is_title(part):
        below.place = _Place.SIGNATURE
        return True
    if below.place is _Place.CLOSING and not below.named and _is_guessed(part, column):
        below.named = below.guessed = True
        below.place = _Place.SIGNATURE
        return True
    if below.place is not _Place.ANSWER and below.firms and is_firm(part):
        below.firms -= 1
        below.place = _Place.SIGNATURE
        return True
    return False


def _is_guessed(part: str, column: str) -> bool:
    """A likely name, with no mark behind it that ends a sentence."""
    behind = column.partition(part)[2].strip()
    ends = part[-1].isalpha() or bool(_INITIAL.search(part))
    apart = not behind or (behind[0] in ",-–—/" and len(behind) > 1)
    return ends and apart and is_likely_name(part)


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
