"""What in a text could pass for the reader's answer, once it is quoted in a mail.

Mail programs break lines where they like and do not always mark what they quote. So it is not
enough that no line of ours is an answer: no run of words may be the exact form of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from support_policy.core.text_lint import plain

_YES = re.compile(r"yes|oui|ok|okay|accepte?|agree|approu?ve|accord")
_AS_GOOD_AS_YES = re.compile(
    r"accepts|accepted|acceptée?|agreed|approved|approuvée?|confirm(?:e|ed|é|ée)?"
)
_WHO = re.compile(r"i|we|je|j|nous|d|the|le")
_BESIDE = re.compile(r"up|to|all|of|jusqu|à|les|tous|blocks?|blocs?|.*\d.*|\{\w+\}")
_WITH_CODE = re.compile(
    r"\W*(?i:(?:i |j')?(?:accepte?|agree|approve|yes|oui|ok|decline|refuse)) [A-Z0-9-]{4,12}\W*"
)
_CLOSING = r"[.,;!]{0,3}(?!\S)"
_FORM = re.compile(
    rf"(?<!\S)(?:(?:i accept|j' ?accepte|i decline|je refuse){_CLOSING}"
    rf"|(?:accepte?|decline|refuse) \{{code\}}{_CLOSING})"
)


def answers(text: str) -> Iterator[tuple[int, str, str]]:
    """What a quoting mail could pass off as an answer: the line, the words, what is wrong."""
    for number, line in enumerate(plain(text).splitlines(), start=1):
        if says_yes(line) or _is_yes_to_something(line):
            yield number, line.strip(), "alone on a line reads as an answer when it is quoted"
        elif found := _FORM.search(_letters(line)):
            yield number, found[0], "reads as an answer when a mail program breaks the line there"


def says_yes(line: str) -> bool:
    """Whether the line is nothing but a yes, or an answer with a code."""
    words = _words(line)
    said = any(_YES.fullmatch(word) for word in words)
    only = all(_YES.fullmatch(word) or _WHO.fullmatch(word) for word in words)
    return (said and only) or bool(_WITH_CODE.fullmatch(line))


def _is_yes_to_something(line: str) -> bool:
    """Whether the line is as good as a yes, with no more than a number or a place beside it."""
    words = _words(line)
    yes, beside = (_YES, _AS_GOOD_AS_YES), (_WHO, _BESIDE)
    said = any(kind.fullmatch(word) for word in words for kind in yes)
    return said and all(any(kind.fullmatch(word) for kind in yes + beside) for word in words)


def _words(line: str) -> list[str]:
    return re.findall(r"\{\w+\}|\w+", line.casefold())


def _letters(line: str) -> str:
    """Small letters without accents, which a reader of answers forgives, one space between."""
    bare = unicodedata.normalize("NFD", line.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())
