"""What a mail server wrote of a mail's sender: Authentication-Results (RFC 8601); pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import parseaddr

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)("|$)')
_ATOM = re.compile(r"[\w.@-]+")
_METHOD = re.compile(r"\s*dmarc\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_FROM = re.compile(r"(?:^|\s)header\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_UNKNOWN = frozenset({"none", "temperror", "permerror"})


def sender_of(headers: Sequence[tuple[str, str]]) -> str | None:
    """The one address that a mail says it comes from; None when it names none or several."""
    said = [value for name, value in headers if name == "From"]
    if len(said) != 1:
        return None
    address = parseaddr(said[0])[1]
    return address if address.count("@") == 1 and not re.search(r"[\s,]", address) else None


def passed_dmarc(headers: Sequence[tuple[str, str]], *, trusted: str) -> bool | None:
    """Whether the server that calls itself ``trusted`` says that the mail passed DMARC.

    ``headers`` are in the mail's order: of several, the topmost was written last, and only that
    server could. None when it says nothing of it. Passing for a domain that is not that of the
    sender is not passing.
    """
    sender = sender_of(headers)
    written = (value for name, value in headers if name == "Authentication-Results")
    results = next((found for each in written if (found := _results(each, trusted))), None)
    if not results:
        return None
    if sender is None:
        return False
    verdicts = {verdict for verdict, _ in results}
    if verdicts <= _UNKNOWN:
        return None
    domain = sender.rpartition("@")[2].casefold()
    return all(verdict == "pass" and of == domain for verdict, of in results)


def _results(header: str, trusted: str) -> list[tuple[str, str]]:
    """Verdict and domain of each DMARC result, when the header is the trusted server's."""
    found = []
    # A quote within a comment is none to the standard, and is one to some who write them: a pass
    # has to be one either way.
    for quotes_in_comments in (False, True):
        server, *parts = _bare(header, quotes_in_comments=quotes_in_comments).split(";")
        named = server.split()
        if not named or named[0].casefold() != trusted.casefold():
            return []
        found += list(_dmarc(parts)) or [("none", "")]
    return found


def _bare(header: str, *, quotes_in_comments: bool) -> str:
    """Without comments and quotes, which hold what senders wrote: no mark in them counts."""
    kept, depth, at = [], 0, 0
    while at < len(header):
        letter = header[at]
        quoted = _QUOTED.match(header, at) if quotes_in_comments or not depth else None
        if quoted:
            word = quoted[1] if _ATOM.fullmatch(quoted[1]) and quoted[2] else "_"
            kept += [] if depth else [word]
            at = quoted.end()
            continue
        if depth and letter == "\\":
            at += 1  # the next one is a letter and no parenthesis
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(letter)
        at += 1
    return "".join(kept)


def _dmarc(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if found := _METHOD.match(part):
            domain = _FROM.search(part)
            yield found[1].lower(), domain[1].casefold().rstrip(".") if domain else ""
