"""What is wrong with a reply: what it promises, presses, prices wrongly, or leaves out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from support_policy.core.document import suggest
from support_policy.core.policy import Fee
from support_policy.core.reply import PLACES, Reply, has_loose_brace, places_of
from support_policy.core.reply_consent import answers
from support_policy.core.reply_points import misplaced, missing
from support_policy.core.reply_price import misspelled, names_amount, names_fee, names_length
from support_policy.core.reply_step import out_of_step
from support_policy.core.reply_wording import CALM
from support_policy.core.text_lint import WORDINGS, sentences, shouting, wrong_words
from support_policy.errors import Problem

ASK_TAG = "ask_fee_permission"
"""Makes the service compose and send a request for permission."""
_AS_ASKED = (
    "Write {price} and {minutes}: what was asked keeps its price when that of the policy changes."
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
        return sentences(self.words)


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
    for language, what in out_of_step(dict(reply.bodies)):
        yield Problem(reply.file, f"body.{language}", what, "Tell both readers the same.")
    for text in texts:
        yield from _wording(text)
        yield from _shouting(text)
        yield from _amounts(text, fee)
        yield from _acceptance(text)
        yield from _points(text, fee)


def _texts(reply: Reply) -> Iterator[_Text]:
    for key, pairs in (("title", reply.titles), ("body", reply.bodies)):
        for language, words in pairs:
            if language in WORDINGS:
                yield _Text(reply=reply, language=language, key=key, words=words)


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


def _wording(text: _Text) -> Iterator[Problem]:
    for line, what, instead in wrong_words(text.words, text.language):
        yield text.problem(what, instead, line)


def _shouting(text: _Text) -> Iterator[Problem]:
    for line, words in shouting(text.words):
        yield text.problem(f'"{words}" raises its voice', CALM, line)


def _acceptance(text: _Text) -> Iterator[Problem]:
    """Somebody who quotes this text in a mail must not seem to answer by it."""
    if text.key == "body":
        for line, words, what in answers(text.words):
            instead = "Make it part of a sentence, or put an example in brackets."
            yield text.problem(f'"{words}" {what}', instead, line)


def _amounts(text: _Text, fee: Fee | None) -> Iterator[Problem]:
    for line, sentence in text.sentences():
        for what, suggestion in misspelled(sentence, text.language, fee):
            yield text.problem(what, suggestion, line)
        if ASK_TAG in text.reply.tags and names_amount(sentence, text.language, fee):
            yield text.problem(
                "has a price, and is what makes the service send one",
                "Leave it out: the service writes the price, and keeps what it wrote.",
                line,
            )
        elif names_fee(sentence, text.language, fee):
            yield text.problem(*_price_of(text.reply), line)
        elif text.reply.may_name_fee and names_length(sentence):
            yield text.problem("has the minutes of a block in figures", _AS_ASKED, line)


def _price_of(reply: Reply) -> tuple[str, str]:
    """What is wrong with a price in this reply, and what to do."""
    if reply.may_name_fee:
        return "has the price in figures", _AS_ASKED
    return (
        "names the fee, but is neither a request nor a receipt of the service",
        "Leave the price to the request that the service sends.",
    )


def _points(text: _Text, fee: Fee | None) -> Iterator[Problem]:
    """A customer who is asked to pay has read everything that this depends on."""
    if not text.reply.may_name_fee or text.key != "body":
        return
    said, asks = tuple(sentence for _, sentence in text.sentences()), text.reply.asks
    for what, suggestion in missing(said, text.language, asks=asks):
        yield text.problem(what, suggestion)
    if asks:
        for what, suggestion in misplaced(said, text.language):
            yield text.problem(what, suggestion)
        if not fee:
            yield text.problem(
                "asks for a fee, and the policy has none", "Add [fee] to support.toml."
            )
