"""The few exact lines by which a customer may answer a permission request by e-mail."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ENGLISH: tuple[str, ...] = ("one", "two", "three", "four", "five", "six")
ENGLISH += ("seven", "eight", "nine", "ten", "eleven", "twelve")
FRENCH: tuple[str, ...] = ("un", "deux", "trois", "quatre", "cinq", "six")
FRENCH += ("sept", "huit", "neuf", "dix", "onze", "douze")

_LONGEST = 200
_BLANKS = " \t\u00a0\u202f"
_APOSTROPHES = "’‘ʼ′´`"
_LETTERS = "àâäáéèêëîïíôöóûüùúç"
_ACCENTS = "\u0300\u0301\u0302\u0308\u0327"
# Every character a form may be written with. Letters that only look like ours (Cyrillic,
# full-width, the Kelvin sign) and characters nobody sees are not among them.
_KNOWN = frozenset(map(chr, range(0x20, 0x7F))).union(
    _BLANKS, _APOSTROPHES, _LETTERS, _LETTERS.upper(), _ACCENTS
)
_PLAIN = str.maketrans(
    dict.fromkeys(_ACCENTS) | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_BLANKS, " ")
)
# One mark that ends a sentence. Three dots trail off and a question mark asks: neither is forgiven.
_CLOSING = re.compile(r" ?(?:[.,;]|!{1,3})$")
_NUMBER = r"(?P<number>[1-9][0-9]{0,3}|[a-z]+)"
_ACCEPT = (
    (re.compile(rf"i accept(?: {_NUMBER} blocks?)?"), ENGLISH),
    (re.compile(rf"j' ?accepte(?: {_NUMBER} blocs?)?"), FRENCH),
)
_DECLINE = frozenset({"i decline", "je refuse"})
_WITH_CODE = re.compile(r"(?P<verb>accepte?|decline|refuse) (?P<code>[a-z0-9 _-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What an exact line says; ``blocks`` is None when it names no number."""

    accepts: bool
    blocks: int | None = None
    by_code: bool = False


def strict_form(line: str, *, code: str) -> Form | str:
    """The answer a line gives, or the reason why it gives none."""
    words = _plain(line)
    if words is None:
        return "no_strict_form"
    if words in _DECLINE:
        return Form(accepts=False)
    for pattern, numerals in _ACCEPT:
        if found := pattern.fullmatch(words):
            return _accepted(found["number"], numerals)
    if found := _WITH_CODE.fullmatch(words):
        wanted = _letters(code.lower())
        if wanted and _letters(found["code"]) == wanted:
            return Form(accepts=found["verb"].startswith("accept"), by_code=True)
        return "wrong_code"
    return "no_strict_form"


def _plain(line: str) -> str | None:
    """The line in small letters without accents and closing mark; None when it is written oddly."""
    line = line.strip(_BLANKS)
    if len(line) > _LONGEST or not _KNOWN.issuperset(line):
        return None
    bare = unicodedata.normalize("NFD", line).translate(_PLAIN)
    return _CLOSING.sub("", " ".join(bare.split()).lower()) if bare.isascii() else None


def _accepted(number: str | None, numerals: tuple[str, ...]) -> Form | str:
    if number is None:
        return Form(accepts=True)
    if number.isdigit():
        return Form(accepts=True, blocks=int(number))
    if number in numerals:
        return Form(accepts=True, blocks=numerals.index(number) + 1)
    return "no_strict_form"


def _letters(code: str) -> str:
    """A code as it is compared: people group its characters as they like."""
    return "".join(code.split()).replace("-", "")
