"""HTML mail as plain text."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

_BLOCK = re.compile(r"<(?:br|/p|/div|/td|/li|/span|/table)[\s/>]", re.IGNORECASE)
_BREAK = re.compile(
    r"<(/p|/div|/tr|/li|/h[1-6]|/blockquote|/table|br|hr|li|p|div|tr)(?=[\s/>])", re.IGNORECASE
)
_TAG = re.compile(
    r"\s*<(?:!--|(?:!doctype|html|head|body|meta|style|title|div|p|br|span|table|tr|td|b|i|u|font|a|img"
    r"|ul|ol|li|h[1-6]|hr|strong|em|blockquote|pre|center|o:p|\?xml|script|section|article)\b)",
    re.IGNORECASE,
)
_GONE = "script, style, head, title, template, noscript, svg, object"
_QUOTED = "blockquote, .gmail_quote, .yahoo_quoted, .moz-cite-prefix, #divRplyFwdMsg, #appendonsend"
_MAX_TAGS = 5_000
_MAX_NOTES = 5
_MAX_NOTE = 500
_BLOCKS = 3  # block tags that make a text markup


def looks_like_html(text: str) -> bool:
    """Whether the whole text is markup; a plain text that quotes a tag or two is not."""
    if _TAG.match(text) and ">" in text:
        return True
    return sum(1 for _ in islice(_BLOCK.finditer(text), _BLOCKS)) == _BLOCKS


def text_of(html: str) -> str:
    """The visible text; quoted replies are left out unless nothing else is there."""
    if html.count("<") > _MAX_TAGS:
        html = _cut_at_tag(html)
    tree = LexborHTMLParser(_BREAK.sub(r"\n<\1", html.replace("\n", " ")))
    for node in tree.css(_GONE):
        node.decompose()
    everything = _visible(tree) + _hidden(html)
    quoted = tree.css(_QUOTED)
    if not quoted or "orwarded message" in everything or "essage transf" in everything:
        return everything
    for node in quoted:
        node.decompose()
    own = _visible(tree)
    return own + _hidden(html) if own else everything


def _visible(tree: LexborHTMLParser) -> str:
    body = tree.body
    return body.text(separator="").strip() if body else ""


def _hidden(html: str) -> str:
    """Notes hidden in comments, each on its own line: an instruction there must not go unseen.

    Mail programs' own conditional comments are left out.
    """
    notes: list[str] = []
    at = html.find("<!--")
    while at >= 0 and len(notes) < _MAX_NOTES:
        end = html.find("-->", at)
        note = html[at + 4 : end].strip() if end > 0 else ""
        if note and len(note) <= _MAX_NOTE and not note.startswith(("[if", "[endif", "<")):
            notes.append(f"\n\n{note}")
        at = html.find("<!--", end) if end > 0 else -1
    return "".join(notes)


def _cut_at_tag(html: str) -> str:
    """The part up to the last tag that is read: nesting without end is not followed."""
    at = -1
    for _ in range(_MAX_TAGS):
        at = html.find("<", at + 1)
    return html[:at]
