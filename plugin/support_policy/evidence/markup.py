"""The few pieces of HTML that a packet is made of; every text that goes in is escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff;
  max-width: 48rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 2px solid #111; }
h3 { font-size: 1.05rem; margin-bottom: .25rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid #767676; padding: .3rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
.terms th { width: 34%; }
.digests td:last-child { overflow-wrap: anywhere; font-family: ui-monospace, monospace;
  font-size: .85em; }
.terms td { overflow-wrap: anywhere; }
@media screen and (max-width: 45rem) { th, td { overflow-wrap: anywhere; } }
thead th { background: #f0f0f0; }
blockquote { margin: .5rem 0 1rem; padding: .5rem 1rem; border-left: 4px solid #767676;
  white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3, caption { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  @page { margin: 18mm; }
}
"""
"""Plain and dark enough to be read on paper; nothing is fetched from anywhere."""

_KEPT = {"\n", "\u200c", "\u200d"}


def page(*, title: str, language: str, parts: Iterable[str]) -> str:
    """A whole document."""
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{words(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def words(text: str) -> str:
    """A text, escaped, and without what no eye sees: marks of direction turn amounts around."""
    seen = (each for each in text if each in _KEPT or unicodedata.category(each)[0] != "C")
    return escape("".join(seen))


def heading(level: int, text: str) -> str:
    """A heading."""
    return f"<h{level}>{words(text)}</h{level}>"


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<p>{words(text)}</p>"


def quotation(text: str, language: str) -> str:
    """A text as it was shown to somebody, in its own language."""
    return f'<blockquote lang="{language}">{words(text)}</blockquote>'


def code(text: str) -> str:
    """Lines to type."""
    return f"<pre><code>{words(text)}</code></pre>"


def terms(caption: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A table of names and what they are."""
    rows = "\n".join(_row(pair) for pair in pairs)
    return (
        f'<table class="terms">\n<caption>{words(caption)}</caption>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, digests: bool = False
) -> str:
    """A table with a head over each column; the first cell of a row names it.

    ``digests`` stand in the last column.
    """
    head = "".join(f'<th scope="col">{words(each)}</th>' for each in heads)
    body = "\n".join(_row(row) for row in rows)
    opened = '<table class="digests">' if digests else "<table>"
    return (
        f"{opened}\n<caption>{words(caption)}</caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    rest = "".join(f"<td><bdi>{words(each)}</bdi></td>" for each in others)
    return f'<tr><th scope="row">{words(first)}</th>{rest}</tr>'
