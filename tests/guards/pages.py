"""Markdown pages: their sections, tables, code blocks and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^ *```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^ *```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(?P<depth>#{1,6}) (?P<title>.+?) *$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_FIRST_CELL = re.compile(r"^\| *(?P<cell>[^|]+?) *\|", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One Markdown file."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> Page:
        return cls(path=path, text=path.read_text(encoding="utf-8"))

    @property
    def prose(self) -> str:
        """The text without its code blocks, in which a # or a link means something else."""
        return _FENCE.sub("", self.text)

    def blocks(self, kind: str) -> list[str]:
        """The code blocks of one language."""
        return [each["text"] for each in _FENCE.finditer(self.text) if each["kind"] == kind]

    def section(self, title: str) -> str:
        """What stands under a heading, sub-headings included; empty when there is none."""
        blank = _FENCE.sub(lambda each: re.sub(r"[^\n]", " ", each[0]), self.text)
        headings = list(_HEADING.finditer(blank))
        for number, heading in enumerate(headings):
            if heading["title"] == title:
                depth = len(heading["depth"])
                after = (each for each in headings[number + 1 :] if len(each["depth"]) <= depth)
                end = next((each.start() for each in after), len(self.text))
                return self.text[heading.end() : end]
        return ""

    def anchors(self) -> set[str]:
        """The fragments that a link may name."""
        return {slug(each["title"]) for each in _HEADING.finditer(self.prose)}

    def links(self) -> Iterator[str]:
        """The targets of links and images."""
        yield from (each["target"] for each in _LINK.finditer(self.prose))


def slug(title: str) -> str:
    """A heading's fragment, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def keys(section: str) -> set[str]:
    """The names in code in the first cells of a section's tables."""
    cells = (each["cell"] for each in _FIRST_CELL.finditer(section))
    return {key for cell in cells for key in re.findall(r"`(\w+)", cell)}
