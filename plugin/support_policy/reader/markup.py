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
    r"\s*<(?:!--|(?:!doctype|html|head|body|meta|div|p|br|span|tr|td|b|i|u|font|a|img"
    r"|ul|ol|li|h[1-6]|hr|strong|em|blockquote|pre|center|o:p|\?xml)(?=[\s/>]))",
    re.IGNORECASE,
)
# People write about these ("<title> is missing"): one counts only with its closing tag.
_PAIRED = re.compile(r"\s*<(title|script|style|section|article|table)(?=[\s/>])", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-z/!?][^<>]*>?", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_UNREAD = re.compile(
    r"<(/?)(script|style|title|template|noscript|svg|object)(?=[\s/>])|(<!)--|-->", re.IGNORECASE
)
_GONE = "script, style, head, title, template, noscript, svg, object"
_QUOTED = "blockquote, .gmail_quote, .yahoo_quoted, .moz-cite-prefix, #divRplyFwdMsg, #appendonsend"
_MAX_TAGS = 5_000
_MAX_NOTES = 5
_MAX_NOTE = 500
_BLOCKS = 3  # block tags that make a text markup
_LEAST_SEEN = 2  # one letter in so many must be seen, or a tag swallowed the message


def looks_like_html(text: str) -> bool:
    """Whether the whole text is markup; a plain text that quotes a tag or two is not."""
    if _TAG.match(text) and ">" in text:
        return True
    paired = _PAIRED.match(text)
    if paired and re.search(rf"</{paired[1]}\s*>", text, re.IGNORECASE):
        return True
    return sum(1 for _ in islice(_BLOCK.finditer(text), _BLOCKS)) == _BLOCKS


def text_of(html: str) -> str:
    """The visible text; quoted replies are left out unless nothing else is there.

    Where a tag that is never closed hides more than half of the letters, the text comes back
    as it is.
    """
    raw = html
    if html.count("<") > _MAX_TAGS:
        html = _cut_at_tag(html)
    tree = LexborHTMLParser(_BREAK.sub(r"\n<\1", html.replace("\n", " ")))
    for node in tree.css(_GONE):
        node.decompose()
    visible = _visible(tree)
    if _letters(visible) * _LEAST_SEEN < _letters(_outside_markup(html)):
        return raw
    everything = visible + _hidden(html)
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


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _outside_markup(html: str) -> str:
    """What stands outside tags, comments and closed elements that nobody sees.

    An element never closed counts as words: its tag was more likely meant as a word.
    """
    parts: list[str] = []
    within = ""
    at = 0  # what lies before is sorted
    for edge in _UNREAD.finditer(html):
        name = (edge[2] or "--").lower()
        opens = bool(edge[3]) or (edge[2] is not None and not edge[1])
        if not within and opens:
            parts.append(html[at : edge.start()])
            within, at = name, edge.start()
        elif within == name and not opens:
            within, at = "", edge.end()
    parts.append(html[at:])
    return _ENTITY.sub("", _ANY_TAG.sub("", "".join(parts)))


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
