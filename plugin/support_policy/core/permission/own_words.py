"""What of an answer its writer wrote now: without quotes, separators and earlier mails."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from support_policy.core.permission.plain_words import plain
from support_policy.core.permission.second_thoughts import IN_A_QUOTE, IN_A_SIGNATURE
from support_policy.core.permission.visible_text import DOUBT, MAX_TAGS, ORIGINAL, visible_text

MAX_TEXT = 500_000
"""Characters of an answer that are read. More is not cut: what is cut away may be a condition."""

_MOST_OWN = 1_000  # lines, empty ones too; an answer that counts has a few
_ENDS = re.compile(r"\r\n|\r|\n")
_PREFIX = r"[^a-z0-9]{0,40}"
_FORWARD = re.compile(
    rf"{_PREFIX}(?:begin forwarded message|forwarded message|forwarded by|message transfere"
    r"|debut du message (?:reexpedie|transfere)|message reexpedie|courriel transfere)\b"
)
_ORIGINAL = re.compile(
    r"[^a-z0-9]{2,40}(?:original (?:message|appointment)|message d'origine|message original"
    r"|message initial|reply message|mail original|courriel original)[^a-z0-9]{2,40}"
)
_DELIMITERS = ("reply above this line", "au-dessus de cette ligne", "au dessus de cette ligne")
_FIRST_HEADER = re.compile(r"\W{0,4}(?:from|de|expediteur)\s?\*?\s?:")
_HEADER = re.compile(
    r"\W{0,4}(?:sent|date|to|cc|subject|envoye(?: le)?|a|objet|destinataire|sujet|importance"
    r"|reply-to|repondre a)\s?\*?\s?:"
)
_SUBJECT = re.compile(r"\W{0,4}(?:subject|objet|sujet)\b")
_HEADERS_NEEDED = 2
_HEADER_LINES = 8
_BEGINS_WROTE = re.compile(r"\W{0,6}(?:on|le|en date du)\s")
_WROTE = re.compile(r"\b(?:wrote|a ecrit)\s?(?::\W{0,6}|-[ -]{1,20})$")
_GMAIL_OLD = re.compile(r"\d{4}-\d\d-\d\d \d\d?[:h]\d\d\b.{0,160}<[^<>]{0,99}@[^<>]{0,99}>\s?:")
_ADDRESS = re.compile(r"<[^<>]{1,200}>|\S{1,99}@\S{1,99}")
_WHEN = re.compile(r"\b(?:19|20)\d\d\b|\d ?[:h] ?\d\d|\d\d?/\d\d?/\d\d|@")
_NO_ATTRIBUTION = re.compile(
    r"[$?]|\b(?:but|if|only|unless|not|i|my|decline|accept|mais|si|seulement|je|pas|refuse)\b"
)
_LONGEST_ATTRIBUTION = 400
_ATTRIBUTION_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """The writer's own lines; ``doubt`` says why they may not be the whole of it.

    ``signature`` holds what stands below a signature's mark.
    """

    lines: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    doubt: str = ""


def own_words(text: str, content_type: str) -> OwnWords:
    """The new text of an answer, as far as its marks tell it from what it answers."""
    if len(text) > MAX_TEXT:
        return OwnWords(doubt="too_long")
    loose = ""
    if _is_html(text, content_type):
        if text.count("<") > MAX_TAGS:
            return OwnWords(doubt="too_long")
        text, loose = visible_text(text)
    parts = _split(_ENDS.split(text.removeprefix("\ufeff")))
    if parts is None:
        return OwnWords(doubt="forwarded")
    doubt = _is_doubtful(parts, loose.split("\n"))
    return OwnWords(
        lines=tuple(parts.own),
        signature=tuple(parts.signature),
        doubt="second_thought" if doubt else "",
    )


def _is_html(text: str, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return "<" in text or "&" in text
    return kind != "text/plain" and text.lstrip()[:1] == "<"


@dataclass(slots=True, kw_only=True)
class _Parts:
    """The own lines, those below a signature's mark, and those of quotes without marks."""

    own: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def _split(lines: list[str]) -> _Parts | None:
    """A mail's parts; None when it is passed on."""
    parts = _Parts()
    told = False
    here = parts.own
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.lstrip(" \t").startswith(">"):
            here = parts.own  # whoever answers below a quote has more to say than a signature
            parts.own.extend((line,) if DOUBT in line and not told else ())
            parts.loose.extend(() if told else (line,))
            at += 1
            continue
        words = plain(line[:_LONGEST_ATTRIBUTION])
        if _FORWARD.match(words):
            return None
        width = _attribution(lines, at, words) if words else 0
        if _cuts(lines, at, words) or (width and not _quote_follows(lines, at + width)):
            parts.loose.extend(lines[at + (width or 1) :])
            return parts
        told = told or width > 0
        mark = words == "--"
        here = parts.own if width else parts.signature if mark else here
        here.extend(() if width or mark else (line,))
        at += width or 1
        if len(parts.own) + len(parts.signature) > _MOST_OWN:
            parts.own.append(DOUBT)  # what is left unread may be a condition
            return parts
    return parts


def _cuts(lines: list[str], at: int, words: str) -> bool:
    """Whether the rest is an earlier mail."""
    if words == ORIGINAL.lower() or _ORIGINAL.fullmatch(words):
        return True
    if any(each in words for each in _DELIMITERS) and words.startswith(("#", "-", "—", "–", "_")):
        return True
    if not _FIRST_HEADER.match(words):
        return False
    following = [plain(line[:200]) for line in lines[at + 1 : at + _HEADER_LINES]]
    headers = [line for line in following if _HEADER.match(line)]
    # Whoever writes "From: my bank" for fun gives no subject and no time.
    genuine = any(_SUBJECT.match(line) or _WHEN.search(line) for line in headers)
    return genuine and len(headers) >= _HEADERS_NEEDED


def _attribution(lines: list[str], at: int, words: str) -> int:
    """How many lines an "On … wrote:" takes here, 0 when there is none; it may be wrapped."""
    if _GMAIL_OLD.fullmatch(words):
        return 1
    if not (_BEGINS_WROTE.match(words) or "@" in words or _WROTE.search(words)):
        return 0
    for width in range(1, _ATTRIBUTION_LINES + 1):
        part = lines[at : at + width]
        if len(part) < width or not part[-1].strip() or part[-1].lstrip().startswith(">"):
            return 0
        whole = plain(" ".join(part)[: _LONGEST_ATTRIBUTION + 1])
        if len(whole) > _LONGEST_ATTRIBUTION:
            return 0
        if _WROTE.search(whole):
            return width if _tells_who_wrote(whole) else 0
    return 0


def _tells_who_wrote(whole: str) -> bool:
    """Somebody's own sentence may end with "wrote:" too, and has no date or address."""
    named = bool(_BEGINS_WROTE.match(whole)) or "@" in whole
    told = bool(_WHEN.search(whole))
    return named and told and not _NO_ATTRIBUTION.search(_ADDRESS.sub(" ", whole))


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 6] if line.strip()), None)
    return following is not None and following.lstrip().startswith(">")


def _is_doubtful(parts: _Parts, quoted: list[str]) -> bool:
    """Whether the answer may be taken back or bound where it is not looked for."""
    return any(IN_A_QUOTE.search(plain(line)) for line in [*parts.loose, *quoted]) or any(
        IN_A_QUOTE.search(words) or IN_A_SIGNATURE.search(words)
        for words in map(plain, parts.signature)
    )
