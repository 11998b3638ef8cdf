"""What is wrong with a reply: what it promises, presses, prices wrongly, or leaves out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from support_policy.core.document import suggest
from support_policy.core.policy import Fee
from support_policy.core.reply import PLACES, Reply, has_loose_brace, places_of
from support_policy.core.reply_points import misplaced, missing
from support_policy.core.reply_price import misspelled, names_fee, unpriced
from support_policy.core.reply_wording import CALM, Wording
from support_policy.core.reply_wording_en import ENGLISH
from support_policy.core.reply_wording_fr import FRENCH
from support_policy.errors import Problem

WORDINGS: Mapping[str, tuple[Wording, ...]] = {"en": ENGLISH, "fr": FRENCH}

_END = re.compile(r"(?<=[.!?…])\s+|\n\s*\n|\n(?=\s*[-*•])")
# DNS and SMTP have no vowel, HTTPS and IMAP are short: a raised voice is long, or two such words.
_LOUD = r"(?=\w*[AEIOUYÀ-Ý])[A-ZÀ-Ý]"
_SHOUT = re.compile(rf"\b(?:{_LOUD}{{6,}}|{_LOUD}{{3,}}(?:[ '-]{_LOUD}{{3,}})+)\b")
_YES = re.compile(r"yes|oui|ok|okay|accept(?:s|ed|e|é|ée)?|agreed?|approved|approuvé|accord")
_BESIDE_YES = re.compile(
    r"i|we|je|j|nous|d|up|to|the|all|of|jusqu|à|les|tous|blocks?|blocs?|.*\d.*|\{\w+\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A title or body in one language, while it is looked at."""

    reply: Reply
    language: str
    key: str
    words: str

    def problem(self, what: str, suggestion: str, line: int = 0) -> Problem:
        where = f"{self.key}.{self.language}" + (f", line {line}" if line else "")
        return Problem(self.reply.file, where, what, suggestion)

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each sentence on one line, with the line where it begins."""
        return _sentences(self.words)


def lint(reply: Reply, *, fee: Fee | None, clauses: Collection[str]) -> Iterator[Problem]:
    """Everything that must be mended before anybody is sent this reply.

    ``clauses`` are those of the policy, ``fee`` is its fee if it has one.
    """
    for clause in reply.clauses:
        if clause not in clauses:
            hint = suggest(clause, clauses)
            yield Problem(reply.file, "clauses", f"policy.md has no clause {clause}.", hint)
    texts = list(_texts(reply))
    yield from _languages(reply)
    yield from _places(reply)
    for text in texts:
        yield from _wording(text)
        yield from _shouting(text)
        yield from _amounts(text, fee)
        yield from _acceptance(text)
        yield from _points(text, fee)


def wrong_words(text: str, language: str) -> Iterator[tuple[int, str, str]]:
    """What a text for people must not say: the line, what is wrong, and what to say instead."""
    for line, sentence in _sentences(text):
        found = {  # by what is wrong: several ways to see the same promise are one promise
            each.what: (words.strip(), each.instead)
            for each in reversed(WORDINGS[language])
            if (words := each.find(sentence))
        }
        for what, (words, instead) in sorted(found.items()):
            yield line, f'"{words}" {what}', instead


def _sentences(words: str) -> Iterator[tuple[int, str]]:
    """Each sentence on one line, with the line where it begins."""
    text, start = _plain(words), 0
    for end, after in [*(end.span() for end in _END.finditer(text)), (len(text), len(text))]:
        sentence = " ".join(text[start:end].split())
        if sentence:
            yield text.count("\n", 0, start) + 1, sentence
        start = after


def _texts(reply: Reply) -> Iterator[_Text]:
    for key, pairs in (("title", reply.titles), ("body", reply.bodies)):
        for language, words in pairs:
            if language in WORDINGS:
                yield _Text(reply=reply, language=language, key=key, words=words)


def _plain(text: str) -> str:
    """The text without what no eye sees: kinds of spaces and apostrophes, joined accents."""
    shown = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFKC", shown).replace("’", "'").replace("ʼ", "'")


def _languages(reply: Reply) -> Iterator[Problem]:
    for key, pairs in (("title", dict(reply.titles)), ("body", dict(reply.bodies))):
        for language in WORDINGS:
            if not pairs.get(language, "").strip():
                yield Problem(
                    reply.file,
                    f"{key}.{language}",
                    "is missing",
                    "Every reply is written in English and in French.",
                )
    bodies = dict(reply.bodies)
    if bodies.get("en") and bodies.get("en") == bodies.get("fr"):
        yield Problem(
            reply.file, "body.fr", "is the English text", "Write it as a French speaker would."
        )


def _places(reply: Reply) -> Iterator[Problem]:
    for text in _texts(reply):
        found = places_of(text.words)
        for name in sorted(found - PLACES):
            hint = suggest(name, PLACES) or f"There are {', '.join(sorted(PLACES))}."
            yield text.problem(f"has the place {{{name}}}, which nothing fills", hint)
        if has_loose_brace(text.words):
            yield text.problem("has a brace by itself", "Write a place as {ticket}.")
        if found and (text.key == "title" or reply.private or not reply.needs_answer):
            named = ", ".join(f"{{{name}}}" for name in sorted(found))
            yield text.problem(
                f"has {named}, but is sent as it stands",
                "Say it without, or set needs_answer = true if only the service sends it.",
            )
    by_language = {language: places_of(body) for language, body in reply.bodies}
    for name in sorted(by_language.get("en", frozenset()) ^ by_language.get("fr", frozenset())):
        lacks = "fr" if name in by_language.get("en", frozenset()) else "en"
        what = f"lacks {{{name}}}, which the other language has"
        yield Problem(reply.file, f"body.{lacks}", what, "Tell both readers the same.")


def _wording(text: _Text) -> Iterator[Problem]:
    for line, what, instead in wrong_words(text.words, text.language):
        yield text.problem(what, instead, line)


def _shouting(text: _Text) -> Iterator[Problem]:
    for line, sentence in text.sentences():
        if found := _SHOUT.search(sentence):
            yield text.problem(f'"{found[0]}" raises its voice', CALM, line)


def _acceptance(text: _Text) -> Iterator[Problem]:
    """Somebody who quotes this text in a mail must not seem to say yes by it."""
    if text.key != "body":
        return
    for number, line in enumerate(_plain(text.words).splitlines(), start=1):
        words = re.findall(r"\{\w+\}|\w+", line.casefold())
        said = [word for word in words if _YES.fullmatch(word)]
        if said and all(_YES.fullmatch(word) or _BESIDE_YES.fullmatch(word) for word in words):
            what = f'"{line.strip()}" alone on a line reads as an answer when it is quoted'
            yield text.problem(what, "Make it part of a sentence.", number)


def _amounts(text: _Text, fee: Fee | None) -> Iterator[Problem]:
    for line, sentence in text.sentences():
        for what, suggestion in misspelled(sentence, text.language, fee):
            yield text.problem(what, suggestion, line)
        if not text.reply.may_name_fee and names_fee(sentence, text.language, fee):
            yield text.problem(
                "names the fee, but is neither a request nor a receipt of the service",
                "Leave the price to the request that the service sends.",
                line,
            )


def _points(text: _Text, fee: Fee | None) -> Iterator[Problem]:
    """A customer who is asked to pay has read everything that this depends on."""
    if not text.reply.asks or text.key != "body":
        return
    said = tuple(sentence for _, sentence in text.sentences())
    lacking = (missing(said, text.language), misplaced(said, text.language))
    for what, suggestion in (*chain(*lacking), *unpriced(said, text.language, fee)):
        yield text.problem(what, suggestion)
