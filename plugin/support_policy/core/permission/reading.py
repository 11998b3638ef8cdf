"""A customer's e-mail answer to a permission request, read so that nothing counts by mistake.

Only an exact line counts, and only when everything else the customer wrote is known to be harmless.
A permission that is missed costs a person a glance; one that was never given costs the customer
money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from support_policy.core.permission.automatic import (
    is_automatic,
    is_failed,
    is_forwarded,
    is_reserved,
    sender_words,
)
from support_policy.core.permission.harmless_words import first_objection, signature_objection
from support_policy.core.permission.own_words import OwnWords, own_words
from support_policy.core.permission.plain_words import plain
from support_policy.core.permission.strict_forms import Form, strict_form

_READ_TYPES = ("", "text/plain", "text/html", "application/xhtml+xml")
_NOTICE = (
    "this is an automatic", "this is an automated", "this is an auto", "automatic reply",
    "automated response", "ceci est une reponse automatique", "ceci est un message automatique",
    "reponse automatique", "message automatique",
)  # fmt: skip


class Verdict(StrEnum):
    """What an answer is taken for; a question goes to a person."""

    ACCEPT = "accept"
    DECLINE = "decline"
    QUESTION = "question"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was read, and why.

    ``blocks`` is set when ``verdict`` is ACCEPT, ``by_code`` when the request's code proved who
    answered; ``why`` is a short key for the record.
    """

    verdict: Verdict
    blocks: int | None = None
    why: str
    by_code: bool = False


def read_answer(
    *, text: str, content_type: str, headers: Mapping[str, str], code: str, asked: int
) -> Answer:
    """Read an answer to a request for ``asked`` blocks whose one-time code is ``code``.

    ``text`` is decoded; whatever is in it, there is an answer and never an exception.
    """
    if is_automatic(headers, content_type):
        return Answer(verdict=Verdict.IGNORED, why="automatic")
    if why := _unusable(headers, content_type):
        return _question(why)
    own = own_words(text, content_type)
    lines = own.lines
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return _question(own.doubt or "no_own_words")
    if plain(lines[first][:200]).startswith(_NOTICE):
        return Answer(verdict=Verdict.IGNORED, why="automatic")
    form = strict_form(lines[first], code=code)
    if isinstance(form, str):
        return _question(form)
    objection = own.doubt or _objection(own, first + 1, sender_words(headers), accepts=form.accepts)
    return _question(objection) if objection else _answer(form, asked)


def _objection(own: OwnWords, start: int, sender: frozenset[str], *, accepts: bool) -> str:
    """Why what stands below the answer makes it a question."""
    below = first_objection(own.lines[start:], sender, accepts=accepts)
    return below or signature_objection(own.signature, sender, accepts=accepts)


def _unusable(headers: Mapping[str, str], content_type: str) -> str:
    """Why nothing in the mail can count, whatever it says."""
    kind = content_type.partition(";")[0].strip().lower()
    reasons = {
        "not_genuine": is_failed(headers),
        "forwarded": is_forwarded(headers),
        "reservation": is_reserved(headers),
        "unread_type": kind not in _READ_TYPES and not kind.startswith("multipart/"),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _answer(form: Form, asked: int) -> Answer:
    if not form.accepts:
        return Answer(verdict=Verdict.DECLINE, why="strict_form", by_code=form.by_code)
    blocks = asked if form.blocks is None else form.blocks
    if blocks > asked or blocks < 1:
        return _question("too_many_blocks")
    return Answer(verdict=Verdict.ACCEPT, blocks=blocks, why="strict_form", by_code=form.by_code)


def _question(why: str) -> Answer:
    return Answer(verdict=Verdict.QUESTION, why=why)
