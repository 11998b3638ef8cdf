"""Text as folded words, each with its place, its sentence and its kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

_CHUNK = re.compile(r"\S+|\n+")
_PIECE = re.compile(r"[^\W_]+|[^\w\s]")
_TRIM = ".,;:!?…\"'’‘“”«»()[]{}<>*_~`|=-–—#\\/"
_STOP = frozenset(".!?;…")
_ELIDED = frozenset(
    ["l", "d", "n", "j", "qu", "c", "s", "m", "t", "jusqu", "lorsqu", "puisqu", "quoiqu"]
)
_SECOND_LEVEL = frozenset(["co", "com", "net", "org", "gov", "ac", "qc", "on", "bc"])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILE_ENDINGS = _words(
    """php html htm js css py pl cgi txt log zip gz tar pdf jpg png sql xml json conf ini asp aspx
    exe doc docx pst eml htaccess sock"""
)
_KNOWN_ENDINGS = _words("info shop site online host hosting store blog email example test")
_SERVICE_LABELS = _words("mail smtp imap pop pop3 mx webmail cpanel whm ftp ns1 ns2")
_SHORT_LINE = 60
_COUNT_DIGITS = 3
# Letters of other scripts that look like Latin ones: c, a, e, o, p, x, y, i, s, h, k ...
_LOOKALIKES = str.maketrans("асеорхуікһѕјԁɡαοενκρτυι", "aceopxyikhsjdgaoevkptui")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})

DOMAIN = "<domain>"
ADDRESS = "<address>"
HOST_NUMBER = "<ip>"
COUNT = "#"
NUMBER = "<number>"


@dataclass(slots=True, kw_only=True)
class Tokens:
    """The words of a text, in step: folded word, kind, start, end, and number of the sentence.

    ``clause`` counts the parts between commas as well, for scopes that end at a comma.
    """

    words: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)
    sentence: int = 0
    clause: int = 0

    def add(self, word: str, start: int, end: int, kind: str = "") -> None:
        """Append one word to the present sentence."""
        self.words.append(word)
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)
        self.sentences.append(self.sentence)
        self.clauses.append(self.clause)

    def end_sentence(self) -> None:
        """The next word begins a sentence; twice in a row is once."""
        if self.sentences and self.sentences[-1] == self.sentence:
            self.sentence += 1
            self.clause += 1

    def end_clause(self) -> None:
        """The next word begins a clause."""
        self.clause += 1


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """Lower case without accents; look-alikes of other scripts become Latin in a mixed word."""
    low = word.lower()
    if low.isascii():
        return low
    plain = low.translate(_LETTERS)
    if any("a" <= letter <= "z" for letter in plain):
        plain = plain.translate(_LOOKALIKES)
    parts = unicodedata.normalize("NFD", plain)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def tokenise(text: str) -> Tokens:
    """Split a cleaned text; time grows with its length only."""
    tokens = Tokens()
    line_start = 0
    for found in _CHUNK.finditer(text):
        chunk, start = found[0], found.start()
        if chunk[0] == "\n":
            if _ends_sentence(text, line_start, start, found.end()):
                tokens.end_sentence()
            line_start = found.end()
            continue
        _chunk(tokens, chunk, start)
    return tokens


def _ends_sentence(text: str, line_start: int, line_end: int, next_start: int) -> bool:
    """A line break ends a sentence unless the line was merely wrapped by a mail program."""
    wrapped = next_start - line_end == 1 and line_end - line_start >= _SHORT_LINE
    return not (wrapped and text[next_start : next_start + 1].islower())


def _chunk(tokens: Tokens, chunk: str, start: int) -> None:
    if chunk.isalpha():
        tokens.add(fold(chunk), start, start + len(chunk))
        return
    core = chunk.strip(_TRIM)
    lead = len(chunk) - len(chunk.lstrip(_TRIM))
    if lead and core and any(mark in ",;:(–—" for mark in chunk[:lead]):
        tokens.end_clause()
    if core.isalnum():
        tokens.add(fold(core), start + lead, start + lead + len(core), _number(core))
    elif core:
        _compound(tokens, core, start + lead)
    elif chunk in ("-", "–", "—", "|", "/"):
        tokens.end_clause()
    tail = chunk[lead + len(core) :] if core else chunk
    if any(mark in _STOP for mark in tail):
        tokens.end_sentence()
    elif tail and any(mark in ",:)–—" for mark in tail):
        tokens.end_clause()


def _number(word: str) -> str:
    """A count such as 12 or 140, or another number: a year, a port, a ticket's."""
    if not word.isdecimal():
        return ""
    return COUNT if len(word) <= _COUNT_DIGITS and int(word) > 1 else NUMBER


def _compound(tokens: Tokens, core: str, start: int) -> None:
    """A chunk with marks inside: an address, a host, a decimal, or several words."""
    end = start + len(core)
    if "@" in core and core.count("@") == 1 and "." in core and not core.endswith("@"):
        tokens.add(core.lower(), start, end, ADDRESS)
        return
    if "." in core:
        scheme, mark, rest = core.rpartition("://")
        host = rest.partition("/")[0].partition(":")[0].lower()
        kind = _host_kind(host)
        if kind:
            _host(tokens, core, host, kind, start, start + len(scheme) + len(mark))
            return
    _pieces(tokens, core, start)


def _host_kind(host: str) -> str:
    labels = host.split(".")
    if len(labels) < 2 or not all(labels):
        return ""
    if all(label.isdecimal() for label in labels):
        return HOST_NUMBER if len(labels) == 4 else "decimal"
    last = labels[-1]
    plausible = last.isalpha() and (2 <= len(last) <= 3 or last in _KNOWN_ENDINGS)
    if not plausible or last in _FILE_ENDINGS:
        return ""
    clean = all(part.replace("-", "").replace("_", "").isalnum() for part in labels)
    return DOMAIN if clean else ""


def _host(tokens: Tokens, core: str, host: str, kind: str, start: int, host_start: int) -> None:
    """A host's telling first label (webmail., ns1.), the host, and the words of its path."""
    labels = host.split(".")
    telling = len(labels) > 2 or labels[0] in _SERVICE_LABELS
    if kind == DOMAIN and telling and labels[0] != "www":
        tokens.add(fold(labels[0]), host_start, host_start + len(labels[0]))
    host_end = host_start + len(host)
    tokens.add(host, start, host_end, kind)
    path = core[host_end - start :]
    if path:
        _pieces(tokens, path, host_end)


def _pieces(tokens: Tokens, core: str, start: int) -> None:
    """Words inside a chunk; English contractions are joined, French elisions split."""
    previous_end, mark = -1, ""
    for found in _PIECE.finditer(core):
        piece, at = found[0], start + found.start()
        if not piece[0].isalnum():
            if piece in ",;()" or (piece in "!?" and mark == ""):
                tokens.end_clause()
            mark = piece if previous_end == at else ""
            continue
        word = fold(piece)
        joins = mark and at == previous_end + 1 and _joins(tokens.words[-1], mark, word)
        if joins:
            tokens.words[-1] += word
            tokens.ends[-1] = start + found.end()
        else:
            tokens.add(word, at, start + found.end(), _number(piece))
        previous_end, mark = start + found.end(), ""


def _joins(before: str, mark: str, word: str) -> bool:
    if mark in "'’`´‘":
        return before not in _ELIDED
    return mark == "-" and before == "e" and word.startswith("mail")


def registered_domain(host: str) -> str:
    """The part of a host that is bought: ``shop.bakery.example`` and ``bakery.example`` are one."""
    labels = host.split(".")
    keep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])
