"""What a browser does with a page: finds its forms and links, and sends what a form holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse


@dataclass(kw_only=True)
class Form:
    """One form of a page: where it goes, and what it holds as it was sent to us."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)
    switches: bool = False

    def send(self, client: FlaskClient, **typed: str | None) -> Page:
        """Send it with this typed, and go where the answer leads; None leaves a field out."""
        data = {name: value for name, value in (self.fields | typed).items() if value is not None}
        return _arrived(client, client.open(self.action, method=self.method, data=data))

    def press(self, client: FlaskClient, **typed: str | None) -> Page:
        """Press its button, whose name and value go with it."""
        return self.send(client, **(self.buttons[0] | typed))


def read(text: str) -> str:
    """Words as one reads them: with whatever space, and however many, between them."""
    return " ".join(text.split())


def visit(client: FlaskClient, address: str, **values: Any) -> Page:
    """Open a page."""
    return _arrived(client, client.get(address, **values))


def _arrived(client: FlaskClient, answer: TestResponse) -> Page:
    """Where a redirect leads, as a browser follows it."""
    address = answer.request.path
    if answer.status_code != 303:
        return Page(address=address, answer=answer)
    return visit(client, urljoin(address, answer.headers["Location"]))


@dataclass(kw_only=True)
class Page:
    """An answer of ours, taken apart."""

    address: str
    answer: TestResponse

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        """What can be read."""
        body = self.tree.body
        return read(body.text()) if body else ""

    @property
    def heading(self) -> str:
        (found,) = self.tree.css("h1")
        return found.text().strip()

    @property
    def told(self) -> str:
        found = self.tree.css_first(".told p")
        return found.text().strip() if found else ""

    @property
    def wrong(self) -> list[str]:
        return [each.text().strip() for each in self.tree.css(".wrong li")]

    @property
    def rows(self) -> dict[str, str]:
        """The figures by their names."""
        names, values = (
            [each.text().strip() for each in self.tree.css(f"dl {tag}")] for tag in ("dt", "dd")
        )
        return dict(zip(names, values, strict=True))

    @property
    def forms(self) -> list[Form]:
        return [self._form(each) for each in self.tree.css("form")]

    def form(self, end: str) -> Form:
        """The form that goes to an address with this end; not that of the other language."""
        (found,) = (
            each
            for each in self.forms
            if urlsplit(each.action).path.endswith(end) and not each.switches
        )
        return found

    @property
    def links(self) -> list[str]:
        return [urljoin(self.address, each) for each in self._hrefs()]

    def _hrefs(self) -> Iterator[str]:
        for each in self.tree.css("a[href]"):
            if href := each.attributes.get("href"):
                yield href

    def _form(self, node: LexborNode) -> Form:
        form = Form(
            action=urljoin(self.address, node.attributes.get("action") or ""),
            method=(node.attributes.get("method") or "get").upper(),
            switches=bool(node.css("button.switch")),
        )
        for each in node.css("input, select, textarea"):
            name = each.attributes.get("name") or ""
            if each.attributes.get("type") in {"radio", "checkbox"}:
                if "checked" in each.attributes:
                    form.fields[name] = each.attributes.get("value") or "on"
            elif each.tag == "select":
                chosen = each.css_first("option[selected]") or each.css_first("option")
                form.fields[name] = (chosen.attributes.get("value") or "") if chosen else ""
            else:
                form.fields[name] = each.attributes.get("value") or ""
        for each in node.css("button"):
            name = each.attributes.get("name")
            form.buttons.append({name: each.attributes.get("value") or ""} if name else {})
        return form
