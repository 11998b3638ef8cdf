"""Fills in forms of web pages as a person does: by what is on the page, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

import requests

SECONDS: Final = 30.0


class FormError(RuntimeError):
    """The page has no such form, or did not take it."""


@dataclass(slots=True)
class Form:
    """One form: where it goes, what it sends by itself, and the fields that are there to fill."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """The forms of a page, and its text."""

    def __init__(self, url: str, source: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form and what is in it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self.url, given.get("action", ""))))
        elif tag in {"input", "select", "textarea", "button"} and self.forms and "name" in given:
            form = self.forms[-1]
            form.names.add(given["name"])
            if given.get("type") == "hidden" or (tag == "button"):
                form.values[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        self.text.append(data)

    def form(self, *names: str) -> Form:
        """The form that has all of these fields; FormError when there is none."""
        for form in self.forms:
            if form.names >= set(names):
                return form
        said = " ".join(" ".join(self.text).split())[:500]
        raise FormError(f"the page has no form with {', '.join(names)}: {said}")


class Visitor:
    """Somebody with a browser that runs no scripts."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False

    def open(self, url: str) -> Page:
        """Open a page; FormError when there is none."""
        return self._page(self._session.get(url, timeout=SECONDS))

    def send(self, form: Form, **filled: str) -> Page:
        """Fill in a form and send it; the page that comes back."""
        data = form.values | filled
        return self._page(self._session.post(form.action, data=data, timeout=SECONDS))

    def _page(self, answer: requests.Response) -> Page:
        if not answer.ok:
            raise FormError(f"the page answered {answer.status_code}: {answer.text[:500]}")
        return Page(answer.url, answer.text)
