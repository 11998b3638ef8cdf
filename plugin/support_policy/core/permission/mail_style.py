"""What the style of an element in a mail does to its words: hidden, struck out, moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_LONGEST = 2_000
_LONGEST_SHEET = 100_000
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all"
    r"|opacity:0(?:\.0\d*)?(?=[;!]|$)"
    r"|(?:max-)?(?:height|width):0(?:px|pt|em|%)?(?=[;!]|$))"
)
_ODD = re.compile(
    r"line-through|bidi-override|direction:rtl|position:(?:absolute|fixed)|text-indent:-"
    r"|(?:^|;)(?:transform:(?!none)|clip(?:-path)?:|color:transparent|margin(?:-left|-top)?:-\d{3})"
)
_SIZE = re.compile(r"(?:^|;)font(?:-size)?:(?:[a-z ]*)(?P<n>\d*\.?\d+)(?P<unit>px|pt|em|rem|%|)")
_SMALLEST = {"px": 4.0, "pt": 3.0, "em": 0.3, "rem": 0.3, "%": 30.0, "": 0.1}
_COLOR = re.compile(r"(?:^|;)color:(?P<value>[^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:(?P<value>[^;!]+)")
_WRITES = re.compile(r"(?:^|;)content:[\"'][^\"']*\w")  # words of a style sheet's own
_NAME = re.compile(r"[\w-]+")
_MARKED = re.compile(r"[.#]([\w-]+)")
_NAMED = {"white": 255, "snow": 250, "ivory": 250, "ghostwhite": 248, "whitesmoke": 245}
_NAMED |= {"floralwhite": 245, "azure": 240, "mintcream": 245, "black": 0}
_PALE = 225


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How words inside an element are shown; a page begins with black on white."""

    hidden: bool = False
    doubt: bool = False
    ink: int = 0
    paper: int = 255

    def doubtful(self) -> Look:
        """The same, struck out or moved, so that nobody can say how it is read."""
        return replace(self, doubt=True)


def look_of(attributes: Mapping[str, str | None], around: Look) -> Look:
    """How an element's words are shown inside what stands around it."""
    style = _squeezed(attributes.get("style") or "")
    if not (style or attributes.keys() & {"color", "bgcolor", "hidden", "size"}):
        return around
    ink = _lightness(_value(_COLOR, style) or (attributes.get("color") or ""), around.ink)
    paper = _lightness(
        _value(_BACKGROUND, style) or (attributes.get("bgcolor") or ""), around.paper
    )
    return Look(
        hidden=around.hidden
        or "hidden" in attributes
        or bool(_HIDING.search(style))
        or _is_tiny(style)
        or (ink >= _PALE and paper >= _PALE)
        or (ink == paper and (ink, paper) != (around.ink, around.paper)),
        doubt=around.doubt or bool(_ODD.search(style)),
        ink=ink,
        paper=paper,
    )


def odd_names(styles: str) -> frozenset[str]:
    """The tags, classes and ids whose words a style sheet hides, strikes out or adds to."""
    names: set[str] = set()
    for rule in styles[:_LONGEST_SHEET].split("}"):
        before, _, body = rule.rpartition("{")
        squeezed = _squeezed(body)
        hides = _HIDING.search(squeezed) or "line-through" in squeezed or _is_tiny(squeezed)
        if hides or _WRITES.search(squeezed):
            for selector in before.rpartition("{")[2].split(","):
                names |= _subject(selector)
    return frozenset(names)


def _subject(selector: str) -> set[str]:
    """What a selector is about: its last part's classes and ids, or else the tag."""
    last = re.split(r"[\s>+~]", selector.strip())[-1].lower()
    return set(_MARKED.findall(last)) or set(_NAME.findall(last)[:1])


def _squeezed(style: str) -> str:
    return "".join(style[:_LONGEST].lower().split())


def _value(pattern: re.Pattern[str], style: str) -> str:
    found = pattern.search(style)
    return found["value"] if found else ""


def _is_tiny(style: str) -> bool:
    found = _SIZE.search(style)
    return found is not None and float(found["n"]) < _SMALLEST[found["unit"]]


def _lightness(color: str, otherwise: int) -> int:
    """The darkest of a colour's three parts, 0 to 255; what is not known stays as it was."""
    color = color.strip().lower()
    if color in _NAMED:
        return _NAMED[color]
    digits = color.removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", digits):
        wide = digits if len(digits) == 6 else "".join(2 * each for each in digits)
        return min(int(wide[at : at + 2], 16) for at in (0, 2, 4))
    if found := re.fullmatch(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,([\d.]{1,9}))?\)", color):
        return min(int(part) for part in found.groups()[:3])
    return otherwise
