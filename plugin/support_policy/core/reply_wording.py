"""How a table says what a reply must not say; the tables stand beside it, one for a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

PROMISE = 'Say "expected", or exactly "not guaranteed" / « non garanti ».'
CALM = "Say what happens, and leave the person the time to think."
NEUTRAL = "Say what is to be corrected, not whose doing it was."
SAME_FOR_ALL = "Say what to do, in words that are the same whoever reads them."
SECRET = "Leave it out: a ticket is no place for passwords or cards."  # noqa: S105 - a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words that a reply must not have.

    They are looked for in one sentence at a time: with one space between words and straight
    apostrophes. ``beside`` is cut out before looking, since it resembles them and is fine.
    ``unless`` makes them fine when it stands in the same clause; ``breaks`` is where one ends.
    """

    pattern: re.Pattern[str]
    what: str
    instead: str
    beside: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    breaks: re.Pattern[str] | None = None

    def find(self, sentence: str) -> str:
        """The words found, or nothing."""
        # The whole as well: the words of a promise may be scattered over clauses.
        clauses = self.breaks.split(sentence) if self.breaks else ()
        return next((found for part in (sentence, *clauses) if (found := self._find(part))), "")

    def _find(self, part: str) -> str:
        if self.unless and self.unless.search(part):
            return ""
        found = self.pattern.search(self.beside.sub(" ", part) if self.beside else part)
        return found[0] if found else ""


def wording(
    pattern: str,
    what: str,
    instead: str,
    *,
    beside: str = "",
    unless: str = "",
    breaks: str = "",
) -> Wording:
    """One line of a table; capitals make no difference."""
    return Wording(
        pattern=re.compile(pattern, re.IGNORECASE),
        what=what,
        instead=instead,
        beside=re.compile(beside, re.IGNORECASE) if beside else None,
        unless=re.compile(unless, re.IGNORECASE) if unless else None,
        breaks=re.compile(breaks, re.IGNORECASE) if breaks else None,
    )


def one_of(*lists: str) -> str:
    """A pattern for any of the words of comma-separated lists."""
    return f"(?:{'|'.join(word for words in lists for word in words.split(', '))})"


# One root in both languages, and words that slip from one into the other.
IN_BOTH = (
    wording(
        r"\bgu?arant\w*",
        "is a promise",
        PROMISE,
        beside=r"\b(?:not guaranteed|non garantie?s?)\b",
    ),
    wording(
        r"\bSLAs?\b|\bservice[- ]level agreements?|\b(?:entente|convention)s? de niveau de service",
        "is a contract, which an expected time is not",
        'Say "expected time" / « temps prévu ».',
    ),
    wording(
        rf"\b{one_of('urgent, urgente?s?, urgently, urgency, urgence')}\b",
        "presses the reader",
        CALM,
    ),
    wording(r"!\s*!", "presses the reader", CALM),
)
