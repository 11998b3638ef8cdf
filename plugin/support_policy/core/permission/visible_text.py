"""What a reader of an HTML mail sees, in lines; what is quoted in it is a line with ``>``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from support_policy.core.permission.mail_style import Look, look_of, odd_names
from support_policy.core.permission.plain_words import has_alarm, plain

MAX_TAGS = 10_000
"""Tags of a mail that are read; nesting without end is not followed."""
DOUBT = "\ufffc"
"""Stands where something is struck out or kept from the eye: no line with it is exact."""
ORIGINAL = "-----Original Message-----"

_UNREAD = {"head", "style", "script", "title", "template", "noscript", "svg", "math", "object"}
_UNREAD |= {"iframe", "audio", "video", "canvas", "select", "textarea", "input", "button", "map"}
_STRUCK = {"s", "del", "strike", "bdo", "marquee"}
_BLOCKS = {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt"}
_BLOCKS |= {"fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
_BLOCKS |= {"hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
_BLOCKS |= {"caption", "details", "summary", "tbody", "thead", "tfoot", "legend", "menu"}
_CONTAINERS = {"yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "mail_quote"}
_CONTAINERS |= {"mail-editor-reference-message-container", "ms-outlook-mobile-reference-message"}
_CONTAINERS |= {"mail_android_quote", "spark_quote", "gmail_extra", "moz-forward-container"}
_SEPARATORS = {"divrplyfwdmsg", "appendonsend", "outlookmessageheader", "stopspelling"}
_LONGEST_FACE = 8
_BLANK = " \t\r\n\f"


@dataclass(slots=True, kw_only=True)
class _Page:
    """The lines as they are put together."""

    odd: frozenset[str]
    parts: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What holds for everything inside an element."""

    look: Look
    quote: bool = False
    marked: bool = False  # by a mail program, so that it is sure whose words they are
    preformatted: bool = False


def visible_text(html: str) -> tuple[str, str]:
    """The lines that are seen, and the quotes in which nothing says whose words they are."""
    tree = LexborHTMLParser(_encodable(html))
    styles = "\n".join(node.text(deep=True) for node in tree.css("style"))
    page = _Page(odd=odd_names(styles))
    todo: list[tuple[LexborNode | str, _Place]] = []
    if tree.body is not None:
        todo.append((tree.body, _Place(look=Look())))
    while todo:  # not by recursion: a mail may nest deeper than Python may call
        node, place = todo.pop()
        if isinstance(node, str):
            page.parts.append(node)
        else:
            _read(page, node, place, todo)
    return "".join(page.parts), "".join(page.quoted)


def _encodable(html: str) -> str:
    """The mail without halves of characters, and without our own mark."""
    return html.encode("utf-8", "replace").decode("utf-8").replace(DOUBT, "\ufffd")


def _read(
    page: _Page, node: LexborNode, place: _Place, todo: list[tuple[LexborNode | str, _Place]]
) -> None:
    tag = (node.tag or "").lower()
    if tag == "-text":
        _write(page, node.text_content or "", place)
    elif tag == "br":
        page.parts.append("\n")
    elif tag == "img":
        page.parts.append("" if place.quote else _alternative(node.attributes.get("alt") or ""))
    elif not (tag.startswith(("-", "_", "!")) or tag in _UNREAD):
        names = _names(node)
        if names & _SEPARATORS:
            page.parts.append(f"\n{ORIGINAL}\n")
        inner = _inside(page, node, tag, names, place)
        block = tag in _BLOCKS
        page.parts.append("\n" if block else "")
        if inner.quote and not place.quote:
            unsure = not (inner.marked or _is_bordered(node)) and node.text(deep=True).strip()
            page.parts.append(f"\n> {DOUBT if unsure else ''}\n")
        if block:
            todo.append(("\n", place))
        todo.extend((child, inner) for child in reversed(_children(node)))


def _inside(page: _Page, node: LexborNode, tag: str, names: set[str], place: _Place) -> _Place:
    attributes = node.attributes
    look = look_of(attributes, place.look)
    if tag in _STRUCK or page.odd & {tag, *names}:
        look = look.doubtful()
    marked = place.marked or _is_marked(node, tag, names)
    return _Place(
        look=look,
        quote=place.quote or marked or tag == "blockquote",
        marked=marked,
        preformatted=place.preformatted or tag == "pre",
    )


def _is_marked(node: LexborNode, tag: str, names: set[str]) -> bool:
    """Whether a mail program says of an element that it holds an earlier mail."""
    if tag == "blockquote":
        return "gmail_quote" in names or node.attributes.get("type") == "cite"
    # An answer between the lines stands inside Gmail's div and outside its blockquotes.
    whole = "gmail_quote" in names and not node.css("blockquote, .gmail_attr")
    return bool(names & _CONTAINERS) or (whole and "orwarded message" not in node.text(deep=True))


def _is_bordered(node: LexborNode) -> bool:
    """Whether a blockquote has a line at its side; people indent their own words without one."""
    style = "".join((node.attributes.get("style") or "").lower().split())
    return re.search(r"border-left(?:-width|-style)?:(?!none|0)", style) is not None


def _names(node: LexborNode) -> set[str]:
    """The classes and the id, without the prefix that Outlook puts before those of others."""
    words = (
        f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower().split()
    )
    return {word.removeprefix("x_") for word in words}


def _children(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    child = node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _write(page: _Page, text: str, place: _Place) -> None:
    shown = text if place.preformatted else _on_one_line(text)
    if place.marked:
        return
    if place.quote:
        page.quoted.append(f"{shown}\n")
    elif place.look.doubt or place.look.hidden:
        page.parts.append(DOUBT if text.strip() else "")
    else:
        page.parts.append(shown)


def _alternative(text: str) -> str:
    """What a picture's own words count for: a face is shown as it is, a condition is a doubt."""
    if len(text) <= _LONGEST_FACE and not text.isascii():
        return text
    return DOUBT if has_alarm(plain(text[:1_000])) else ""


def _on_one_line(text: str) -> str:
    """White space as a browser shows it."""
    lead = " " if text[:1] in _BLANK and text else ""
    tail = " " if text[-1:] in _BLANK and text else ""
    words = text.translate(dict.fromkeys(map(ord, _BLANK), " ")).split(" ")
    inner = " ".join(word for word in words if word)
    return f"{lead}{inner}{tail}" if inner else lead
