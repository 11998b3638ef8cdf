"""What no text for people may say, in either language, whoever sends it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from support_policy.core.reply_wording import Wording
from support_policy.core.reply_wording_en import ENGLISH
from support_policy.core.reply_wording_fr import FRENCH

WORDINGS: Mapping[str, tuple[Wording, ...]] = {"en": ENGLISH, "fr": FRENCH}

_END = re.compile(r"(?<=[.!?…])\s+|\n\s*\n|\n(?=\s*[-*•])")
# DNS and SMTP have no vowel, HTTPS and IMAP are short: a raised voice is long, or two such words.
_LOUD = r"(?=\w*[AEIOUYÀ-Ý])[A-ZÀ-Ý]"
_SHOUT = re.compile(rf"\b(?:{_LOUD}{{6,}}|{_LOUD}{{3,}}(?:[ '-]{_LOUD}{{3,}})+)\b")


def wrong_words(text: str, language: str) -> Iterator[tuple[int, str, str]]:
    """What a text for people must not say: the line, what is wrong, and what to say instead."""
    for line, sentence in sentences(text):
        found = {  # by what is wrong: several ways to see the same promise are one promise
            each.what: (words.strip(), each.instead)
            for each in reversed(WORDINGS[language])
            if (words := each.find(sentence))
        }
        for what, (words, instead) in sorted(found.items()):
            yield line, f'"{words}" {what}', instead


def shouting(text: str) -> Iterator[tuple[int, str]]:
    """Words in capitals that raise their voice, with the line of their sentence."""
    for line, sentence in sentences(text):
        if found := _SHOUT.search(sentence):
            yield line, found[0]


def sentences(words: str) -> Iterator[tuple[int, str]]:
    """Each sentence on one line, with the line where it begins."""
    text, start = plain(words), 0
    for end, after in [*(end.span() for end in _END.finditer(text)), (len(text), len(text))]:
        sentence = " ".join(text[start:end].split())
        if sentence:
            yield text.count("\n", 0, start) + 1, sentence
        start = after


def plain(text: str) -> str:
    """The text without what no eye sees: kinds of spaces and apostrophes, joined accents."""
    shown = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFKC", shown).replace("’", "'").replace("ʼ", "'")
