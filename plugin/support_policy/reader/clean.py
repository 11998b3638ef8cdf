"""A message reduced to what its writer wrote for this ticket."""

from __future__ import annotations

import re
import unicodedata

from support_policy.reader.markup import looks_like_html, text_of

MAX_BODY = 8_000
"""Characters of a writer's own words that are read; nobody describes a fault beyond this."""
MAX_SUBJECT = 1_000
_MAX_RAW = 200_000
_MAX_TEXT = 24_000

_UNSEEN = {
    **dict.fromkeys([*range(0x09), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys([0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0xFEFF, 0xFFFD]),
    **dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]),
    **dict.fromkeys([*range(0xD800, 0xE000), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080)]),
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_SPACES = re.compile(r"[^\S\n]+")
_FORWARD = re.compile(
    r"^\W*(?:begin forwarded message|forwarded message|forwarded by|message transf[ée]r[ée]|"
    r"d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée]))\b",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|tr|i)\s*:", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\W{2,}(?:original message|message d['’]origine|message original)\W", re.IGNORECASE
)
_DELIMITERS = ("reply above this line", "dessus de cette ligne")
_HEADER = re.compile(
    r"^\W{0,4}(?:from|sent|to|cc|date|subject|de|envoy[ée]|[àa]|objet|reply-to|r[ée]pondre [àa])"
    r"\s?\*?\s?:",
    re.IGNORECASE,
)
_HEADER_FIRST = re.compile(r"^\W{0,4}(?:from|de)\s?\*?\s?:", re.IGNORECASE)
_WROTE = re.compile(r"(?:\bwrote|\ba [ée]crit)\s?:\W*$", re.IGNORECASE)
_WROTE_START = re.compile(r"^\W{0,4}(?:on|le)\s", re.IGNORECASE)
_DEVICE = re.compile(
    r"^\W{0,3}(?:sent (?:from|via|with|using) |get outlook for "
    r"|envoy[ée]e? (?:de|depuis|[àa] partir de|avec) (?:mon|ma|l|out|my|yahoo|proton|un)"
    r"|t[ée]l[ée]charge[rz] outlook|obtenez outlook)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W{0,3}(?:(?:kind|best|warm|with kind|with best|many) (?:regards|wishes)|regards|best"
    r"|sincerely|yours (?:truly|sincerely|faithfully)|yours|cheers"
    r"|thanks(?: again| so much| in advance)?|thank you|many thanks|thx"
    r"|bien [àa] vous|(?:bien |tr[èe]s )?cordialement|salutations(?: distingu[ée]es)?"
    r"|sinc[èe]res salutations|merci(?: d['’]avance| beaucoup)?"
    r"|bonne (?:journ[ée]e|soir[ée]e|r[ée]ception)|respectueusement|[àa] bient[ôo]t)\W{0,3}$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^\W{0,6}(?:this (?:e-?mail|message|communication)[^\n]{0,80}(?:confid|privil|intended)"
    r"|confidentiality (?:notice|note)|(?:the )?information (?:contained )?in this (?:e-?mail|mess)"
    r"|if you (?:are not|have received)[^\n]{0,60}(?:recipient|in error)"
    r"|ce (?:message|courriel|mail|courrier)[^\n]{0,80}(?:confidentiel|destin[ée]|usage exclusif)"
    r"|avis de confidentialit[ée]|please consider the environment|before printing"
    r"|pensez [àa] l['’]environnement|avant d['’]imprimer|virus-free\b|disclaimer\b"
    r"|avertissement ?:)",
    re.IGNORECASE,
)
_SUBJECT_LINE = re.compile(r"^\W{0,4}(?:subject|objet)", re.IGNORECASE)
_CONTACT_LINES = 12
_CONTACT_WORDS = 12
_HEADERS_NEEDED = 3


def clean(subject: str, body: str) -> tuple[str, str]:
    """The subject on one line, and the body without markup, quotes, signature and boilerplate.

    When nothing would be left of a body (a message that is only a quote), the quoted text is kept.
    """
    title = _normal(subject[:MAX_SUBJECT]).replace("\n", " ").strip()[:MAX_SUBJECT]
    raw = body[:_MAX_RAW]
    text = _normal(text_of(raw) if looks_like_html(raw) else raw)[:_MAX_TEXT]
    lines = text.split("\n")
    own = _own_lines(lines, forwards=bool(_FORWARD_SUBJECT.match(title)))
    kept = _tidy(own) or _tidy([line.lstrip("> \t") for line in lines])
    return title, kept[:MAX_BODY]


def _normal(text: str) -> str:
    """One form for each character, nothing unseen, one blank where several stood."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)[: 2 * _MAX_TEXT]
    return _SPACES.sub(" ", text if text.isascii() else unicodedata.normalize("NFKC", text))


def _tidy(lines: list[str]) -> str:
    out: list[str] = []
    for line in lines:
        bare = line.strip()
        if bare or (out and out[-1]):
            out.append(bare)
    return "\n".join(out).strip()


def _own_lines(lines: list[str], *, forwards: bool) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _FORWARD.match(line):
            forwards = True  # what follows is what the ticket is about
            at += 1
            continue
        if not forwards and _cuts(lines, at):
            break
        width = _attribution(lines, at)
        if width:
            if not _quote_follows(lines, at + width):
                break
            at += width
            continue
        step = _skipped(lines, at, forwards=forwards)
        if not step:
            out.append(line)
        at += step or 1
    return _unsigned(out)


def _cuts(lines: list[str], at: int) -> bool:
    """The rest is an earlier message."""
    line = lines[at]
    return bool(_ORIGINAL.match(line) or _is_delimiter(line)) or (
        bool(_HEADER_FIRST.match(line)) and _headers(lines, at) >= _HEADERS_NEEDED
    )


def _is_delimiter(line: str) -> bool:
    low = line[:300].lower()
    return any(words in low for words in _DELIMITERS)


def _headers(lines: list[str], at: int) -> int:
    return sum(bool(_HEADER.match(line)) for line in lines[at : at + 7])


def _attribution(lines: list[str], at: int) -> int:
    """How many lines an "On ... wrote:" takes here, 0 when there is none; it may be wrapped."""
    if not _WROTE_START.match(lines[at]):
        return 0
    if _WROTE.search(lines[at][-80:]):
        return 1
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return 2 if len(lines[at]) < 120 and _WROTE.search(following[-80:]) else 0


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return following.lstrip().startswith(">")


def _skipped(lines: list[str], at: int, *, forwards: bool) -> int:
    """How many lines from here are not the writer's own; 0 when this one is."""
    line = lines[at]
    bare = line.lstrip()
    if bare.startswith((">", "|>")) and not forwards:
        return 1
    if forwards and _HEADER.match(line) and _headers(lines, max(0, at - 3)) > 1:
        return 0 if _SUBJECT_LINE.match(line) else 1
    if _DEVICE.match(line) or _is_delimiter(line):
        return 1
    if _DISCLAIMER.match(line):
        end = at
        while end < len(lines) and lines[end].strip():
            end += 1
        return end - at
    return 0


def _unsigned(lines: list[str]) -> list[str]:
    """The lines before a signature."""
    for at, line in enumerate(lines):
        if line.rstrip() in ("--", "—", "___", "__") and at:
            return lines[:at]
    for at in range(max(1, len(lines) - _CONTACT_LINES), len(lines)):
        if _CLOSING.match(lines[at]) and all(map(_is_contact, lines[at + 1 :])):
            return lines[: at + 1]
    return lines


def _is_contact(line: str) -> bool:
    """Names, titles, numbers and addresses, as they stand under a closing."""
    words = line.split()
    return (
        len(words) <= _CONTACT_WORDS
        and "?" not in line
        and not line.lower().startswith(("ps", "p.s"))
    )
