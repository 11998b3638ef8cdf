"""How a table says what a reply must not say; the tables stand beside it, one for a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

PROMISE = 'Say "expected", or exactly "not guaranteed" / « non garanti ».'
CALM = "Say what happens, and leave the person the time to think."
NEUTRAL = "Say what is to be corrected, not whose doing it was."
SECRET = "Leave it out: a ticket is no place for passwords or cards."  # noqa: S105 - a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words that a reply must not have.

    They are looked for in one sentence at a time: with one space between words and straight
    apostrophes. ``beside`` is cut out before looking, since it resembles them and is fine.
    ``unless`` makes them fine when it stands in the same sentence.
    """

    pattern: re.Pattern[str]
    what: str
    instead: str
    beside: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def find(self, sentence: str) -> str:
        """The words found, or nothing."""
        left = self.beside.sub(" ", sentence) if self.beside else sentence
        found = self.pattern.search(left)
        return found[0] if found and not (self.unless and self.unless.search(sentence)) else ""


def wording(
    pattern: str, what: str, instead: str, *, beside: str = "", unless: str = ""
) -> Wording:
    """One line of a table; capitals make no difference."""
    return Wording(
        pattern=re.compile(pattern, re.IGNORECASE),
        what=what,
        instead=instead,
        beside=re.compile(beside, re.IGNORECASE) if beside else None,
        unless=re.compile(unless, re.IGNORECASE) if unless else None,
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
