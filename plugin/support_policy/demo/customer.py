"""Opens tickets on django-helpdesk over HTTP, as people and their programs do."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

import requests

from support_policy.demo.desk import Desk, Person

SECONDS: Final = 30.0
CSRF: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
OPTION: Final = re.compile(r'<option value="(\d+)"[^>]*>\s*([^<]*?)\s*</option>')
NO_FILE: Final = {"attachment": ("", b"", "application/octet-stream")}


class CustomerError(RuntimeError):
    """The help desk did not take a ticket that it should take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks; `priority` is the number chosen in the form (1 critical to 5)."""

    queue: str
    requester: str
    language: str
    subject: str
    body: str
    priority: int


class Customer:
    """Everybody who opens tickets on one desk; the agent logs in once, as people do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._agent: requests.Session | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._agent:
            self._agent.close()

    def open(self, via: str, request: Request) -> int:
        """Open a ticket `via` the public form, the agent's form or REST; return its number."""
        ways = {"public": self.by_public_form, "agent": self.by_agent_form, "rest": self.by_rest}
        return ways[via](request)

    def by_public_form(self, request: Request) -> int:
        """Fill in the public web form without a log-in."""
        page = self.send_public_form(request)
        return _number(parse_qs(urlsplit(page).query).get("ticket", [""])[0].rpartition("-")[2])

    def send_public_form(self, request: Request) -> str:
        """Like `by_public_form`; return the page the customer is sent to.

        It is /view/?ticket=support-7&email=...&key=...
        """
        with browser(request.language) as session:
            return _send_form(session, f"{self._desk.url}/tickets/submit/", _form(request))

    def by_agent_form(self, request: Request) -> int:
        """Fill in the staff's form, logged in as the desk's agent."""
        if self._agent is None:
            self._agent = log_in(self._desk, self._desk.agent)
        form = _form(request) | {"assigned_to": ""}
        place = _send_form(self._agent, f"{self._desk.url}/tickets/submit/", form)
        return _number(urlsplit(place).path.strip("/").rpartition("/")[2])

    def by_rest(self, request: Request) -> int:
        """Post JSON as a client area's program does, under its own account."""
        program = self._desk.client_area
        with browser(request.language) as session:
            answer = session.post(
                f"{self._desk.url}/api/tickets/",
                json={
                    "queue": self._desk.queues[request.queue],
                    "title": request.subject,
                    "description": request.body,
                    "submitter_email": request.requester,
                    "priority": request.priority,
                    "status": 1,
                },
                auth=(program.name, program.password),
                timeout=SECONDS,
            )
        if answer.status_code != requests.codes.created:
            raise CustomerError(f"REST answered {answer.status_code}: {answer.text[:500]}")
        return int(answer.json()["id"])


def log_in(desk: Desk, person: Person) -> requests.Session:
    """Log in by the desk's own page and return the session."""
    session = browser("en")
    page = session.get(f"{desk.url}/login/", timeout=SECONDS)
    answer = session.post(
        f"{desk.url}/login/",
        data={
            "csrfmiddlewaretoken": _token(page.text),
            "username": person.name,
            "password": person.password,
            "next": "",
        },
        allow_redirects=False,
        timeout=SECONDS,
    )
    if answer.status_code != requests.codes.found:
        raise CustomerError(f"{person.name} was not let in: {answer.status_code}")
    return session


def browser(language: str) -> requests.Session:
    """Make a session that asks for pages in this language."""
    session = requests.Session()
    session.trust_env = False
    other = "en" if language == "fr" else "fr"
    session.headers["Accept-Language"] = f"{language}-CA,{language};q=0.9,{other};q=0.3"
    return session


def _form(request: Request) -> dict[str, str]:
    return {
        "queue": request.queue,
        "title": request.subject,
        "body": request.body.replace("\n", "\r\n"),  # as a browser sends a text area
        "priority": str(request.priority),
        "due_date": "",
        "submitter_email": request.requester,
    }


def _send_form(session: requests.Session, url: str, form: dict[str, str]) -> str:
    """Get the page, post the form with its token, and return where it sends the browser."""
    page = session.get(url, timeout=SECONDS)
    queues = {html.unescape(name): value for value, name in OPTION.findall(page.text)}
    if form["queue"] not in queues:
        raise CustomerError(f"the form at {url} offers no queue {form['queue']!r}")
    answer = session.post(
        url,
        data=form | {"queue": queues[form["queue"]], "csrfmiddlewaretoken": _token(page.text)},
        files=NO_FILE,
        allow_redirects=False,
        timeout=SECONDS,
    )
    if answer.status_code != requests.codes.found:
        complaint = " ".join(re.findall(r"text-danger[^>]*>\s*([^<]+?)\s*<", answer.text))
        raise CustomerError(f"the form at {url} answered {answer.status_code}: {complaint}")
    return answer.headers["Location"]


def _token(page: str) -> str:
    found = CSRF.search(page)
    if not found:
        raise CustomerError("the page has no form token")
    return found.group(1)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise CustomerError(f"no ticket number in the answer: {text!r}")
    return int(text)
