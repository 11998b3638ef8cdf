"""The text of a request as a page shows it: every word as it was sent, set to be read."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LABEL = re.compile(r"(?P<label>[^:.\n]{2,80}:)(?=\s)")
_AMOUNT = re.compile(
    r"\$\d[\d,]*\.\d\d(?: [A-Z]{2,3})?(?: \([A-Z]{3}\))?"
    r"|\d[\d\u00a0\u202f]*,\d\d[ \u00a0]\$(?:[ \u00a0][A-Z]{2,3})?(?: \([A-Z]{3}\))?"
)


def paragraphs(text: str, *, version: str, policy: str) -> tuple[Markup, ...]:
    """The paragraphs with what each is about set apart, amounts in bold, and the policy linked.

    ``policy`` is where the policy of this ``version`` stands, relative to the page. No other
    address becomes a link: a sentence that somebody typed leads nowhere.
    """
    address = re.compile(rf"https?://[^\s<>]+/policy/{re.escape(version)}(?![\w.-])")
    return tuple(
        _paragraph(each.strip(), address, policy) for each in text.split("\n\n") if each.strip()
    )


def _paragraph(text: str, address: re.Pattern[str], policy: str) -> Markup:
    label = _LABEL.match(text)
    start = label.end() if label else 0
    lead = Markup('<strong class="label">{}</strong>').format(text[:start]) if label else Markup()
    return lead + _linked(text[start:], address, policy)


def _linked(text: str, address: re.Pattern[str], policy: str) -> Markup:
    found = address.search(text)
    if not found:
        return _bold(text)
    link = Markup('<a href="{}">{}</a>').format(policy, found[0])
    return _bold(text[: found.start()]) + link + _bold(text[found.end() :])


def _bold(text: str) -> Markup:
    parts, start = Markup(), 0
    for found in _AMOUNT.finditer(text):
        parts += escape(text[start : found.start()])
        parts += Markup("<strong>{}</strong>").format(found[0])
        start = found.end()
    return parts + escape(text[start:])
