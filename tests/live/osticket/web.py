"""A browser without a screen: pages, and their forms filled in as a person finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests
from selectolax.lexbor import LexborHTMLParser, LexborNode

SECONDS = 30.0
TOKEN = "__CSRFToken__"
SPACE = re.compile(r"\s+")


class PageError(AssertionError):
    """A page is not what the people in front of it expect."""


def words(node: LexborNode | None) -> str:
    """The text of a piece of a page on one line."""
    return SPACE.sub(" ", node.text(deep=True, separator=" ")).strip() if node else ""


@dataclass(slots=True)
class Form:
    """One form of a page: what a browser would send, and which name stands under which label."""

    url: str
    values: list[tuple[str, str]]
    labels: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    boxes: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, node: LexborNode, url: str) -> Form:
        """Read the controls below a node."""
        values: list[tuple[str, str]] = []
        options: dict[str, dict[str, str]] = {}
        for each in node.css("input, select, textarea"):
            name = each.attributes.get("name")
            if not name or "disabled" in each.attributes:
                continue
            if each.tag == "select":
                options[name] = {words(it): _value(it) for it in each.css("option")}
                values += [(name, value) for value in _chosen(each)]
            elif each.tag == "textarea":
                values.append((name, each.text()))
            elif _sent(each):
                values.append((name, _value(each)))
        action = node.attributes.get("action") or url
        boxes = {
            _value(each): (each.attributes["name"] or "", _value(each))
            for each in node.css("input[type=checkbox][name]")
        }
        return cls(urljoin(url, action), values, _labels(node), options, boxes)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.values)

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.values if key == name), "")

    def put(self, name: str, *values: str) -> None:
        """Give a control its value, or several for a multiple choice; none leaves it out."""
        self.values = [pair for pair in self.values if pair[0] != name]
        self.values += [(name, value) for value in values]

    def fill(self, label: str, *values: str) -> None:
        """Give the control under a label its value."""
        self.put(self.name(label), *values)

    def tick(self, value: str, *, on: bool = True) -> None:
        """Tick the box with this value, or not; the boxes of a form share one name."""
        if value not in self.boxes:
            raise PageError(f"no box {value!r}, only {sorted(self.boxes)}")
        pair = self.boxes[value]
        self.values = [each for each in self.values if each != pair] + ([pair] if on else [])

    def pick(self, name: str, option: str) -> None:
        """Choose an option by what a person reads."""
        found = [value for text, value in self.options[name].items() if option in text]
        if not found:
            raise PageError(f"{name} has no option {option!r}: {sorted(self.options[name])}")
        self.put(name, found[0])

    def name(self, label: str) -> str:
        """The name under a label."""
        if label not in self.labels:
            raise PageError(f"no label {label!r}, only {sorted(self.labels)}")
        return self.labels[label]


def _value(node: LexborNode) -> str:
    if "value" in node.attributes:
        return node.attributes["value"] or ""
    return words(node) if node.tag == "option" else "on"


def _chosen(select: LexborNode) -> list[str]:
    every = select.css("option")
    chosen = [_value(each) for each in every if "selected" in each.attributes]
    if "multiple" in select.attributes:
        return chosen
    return chosen[-1:] or [_value(each) for each in every[:1]]


def _sent(node: LexborNode) -> bool:
    kind = (node.attributes.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return "checked" in node.attributes
    return kind not in {"submit", "reset", "button", "file", "image"}


def _labels(node: LexborNode) -> dict[str, str]:
    """Labels as osTicket writes them: around the control, or before it in the same row."""
    found: dict[str, str] = {}
    for row in node.css("label, tr, .form-field, .field"):
        control = row.css_first("input[name]:not([type=hidden]), select[name], textarea[name]")
        if control is None:
            continue
        text = re.split(r"[*:]|\s{2,}", _own(row))[0].strip()
        if text:
            found.setdefault(text, control.attributes["name"] or "")
    return found


def _own(row: LexborNode) -> str:
    """The text of a row that stands before its control."""
    copy = LexborHTMLParser(f"<table>{row.html}</table>" if row.tag == "tr" else row.html or "")
    for each in copy.css("select, textarea, script, .error"):
        each.decompose()
    return words(copy.body)


class Visitor:
    """Somebody with a browser; cookies stay from page to page."""

    def __init__(self, url: str, *, language: str = "en") -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = language
        self.token = ""

    def get(self, path: str, **how: Any) -> LexborHTMLParser:
        """Open a page."""
        answer = self.session.get(self.address(path), timeout=SECONDS, **how)
        return self.page(answer)

    def page(self, answer: requests.Response) -> LexborHTMLParser:
        """A page that came, and the token for what is sent from it."""
        if answer.status_code != requests.codes.ok:
            raise PageError(f"{answer.url} answered {answer.status_code}: {answer.text[:500]}")
        page = LexborHTMLParser(answer.text)
        if meta := page.css_first("meta[name=csrf_token]"):
            self.token = meta.attributes.get("content") or ""
        elif hidden := page.css_first(f"input[name={TOKEN}]"):
            self.token = hidden.attributes.get("value") or ""
        return page

    def form(self, path: str, selector: str = "form") -> Form:
        """A form of a page."""
        return self.read_form(self.get(path), path, selector)

    def read_form(self, page: LexborHTMLParser, path: str, selector: str) -> Form:
        """A form of a page that is open."""
        node = page.css_first(selector)
        if node is None:
            raise PageError(f"{path} has no {selector}: {words(page.body)[:300]}")
        return Form.read(node, self.address(path))

    def topic(self, form: Form, ajax: str) -> Form:
        """The controls that a form fetches once its help topic is chosen.

        The message, which stands under no label, is called so.
        """
        # Without a referrer osTicket answers 403.
        headers = {"Referer": form.url, "X-Requested-With": "XMLHttpRequest"}
        address = self.address(f"{ajax}/form/help-topic/{form['topicId']}")
        answer = self.session.get(address, headers=headers, timeout=SECONDS)
        page = LexborHTMLParser(f"<table>{answer.json()['html']}</table>")
        found = Form.read(page.body, form.url)
        message = page.css("textarea")[0].attributes["name"] or ""
        found.labels = {**found.labels, "message": message}
        return found

    def send(self, form: Form, **how: Any) -> requests.Response:
        """Send a form, with the token of the last page."""
        if self.token:
            form.put(TOKEN, self.token)
        return self.post(form.url, data=form.values, **how)

    def post(self, path: str, **how: Any) -> requests.Response:
        """Send something; the answer's status is the caller's to judge."""
        headers = {"X-CSRFToken": self.token, **how.pop("headers", {})}
        return self.session.post(self.address(path), headers=headers, timeout=SECONDS, **how)

    def address(self, path: str) -> str:
        """A path of this help desk as a whole address."""
        return path if path.startswith("http") else f"{self.url}/{path}"
