"""Customers of a live osTicket: guests and logged-in clients at the web form, programs, e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import requests
from selectolax.lexbor import LexborHTMLParser
from tests.live.osticket.web import SECONDS, Form, PageError, Visitor, words

TOPIC = "General Inquiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks."""

    subject: str
    body: str
    sender: str = "dana@whitlockprint.example"
    name: str = "Dana Whitlock"
    language: str = "en"


CLIENT = Request(
    subject="How do I add a mailbox?",
    body="Where do I add a mailbox, please?",
    sender="client@whitlockprint.example",
    name="Clio Client",
)
"""Somebody who gets an account in the tests."""

CLIENT_PASSWORD = "Client-Secret.123"


class Customer(Visitor):
    """Somebody in front of the customers' pages."""

    def log_in(self, name: str, password: str) -> None:
        """Log in with the account that the desk made."""
        form = self.form("login.php", "#clientLogin")
        form.put("luser", name)
        form.put("lpasswd", password)
        page = self.page(self.send(form))
        if page.css_first("#clientLogin"):
            raise PageError(f"no log-in for {name}: {words(page.body)[:300]}")

    def written(self, request: Request, forged: Mapping[str, str] | None = None) -> Form:
        """The form, filled in; `forged` are inputs that the page does not offer."""
        form = self.form("open.php", "#ticketForm")
        form.pick("topicId", TOPIC)
        if "Email Address" in form.labels:
            form.fill("Email Address", request.sender)
            form.fill("Full Name", request.name)
        details = self.topic(form, "ajax.php")
        details.fill("Issue Summary", request.subject)
        form.values += details.values
        form.put(details.labels["message"], request.body.replace("\n", "<br>"))
        for name, value in (forged or {}).items():
            form.put(name, value)
        return form

    def submit(self, form: Form) -> requests.Response:
        """Send the form as a browser does."""
        # As a browser: multipart, whatever the fields hold.
        parts = [(name, (None, value)) for name, value in form.values]
        answer = self.post(form.url, files=parts, allow_redirects=False)
        if answer.is_redirect:  # a logged-in client is shown the ticket
            return answer
        page = LexborHTMLParser(answer.text)
        if answer.status_code != requests.codes.ok or page.css_first("#ticketForm"):
            raise PageError(f"not taken ({answer.status_code}): {words(page.body)[:500]}")
        return answer

    def reply(self, ticket: int, text: str) -> None:
        """A client writes once more about a ticket, which opens it again."""
        path = f"tickets.php?id={ticket}"
        page = self.get(path)
        form = self.read_form(page, path, "form#reply")
        form.put(page.css("form#reply textarea")[0].attributes["name"] or "", text)
        self.page(self.send(form))


class Programs:
    """What speaks to osTicket's own API: a program that opens tickets, the mail gate, cron."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-API-Key"] = key

    def open(self, request: Request, **more: Any) -> str:
        """Open a ticket; its number."""
        body = {
            "name": request.name,
            "email": request.sender,
            "subject": request.subject,
            "message": request.body,
            **more,
        }
        return self._created(self._post("tickets.json", json=body))

    def mail(self, request: Request, **headers: str) -> str:
        """Hand in an e-mail; the number of the ticket that it opened."""
        message = EmailMessage()
        message["From"] = f"{request.name} <{request.sender}>"
        message["To"] = "Support <support@example.org>"
        message["Subject"] = request.subject
        message["Message-ID"] = make_msgid(domain="mail.example")  # the same mail makes no ticket
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(request.body)
        return self._created(self._post("tickets.email", data=bytes(message)))

    def cron(self) -> None:
        """Let osTicket do what it does every few minutes."""
        answer = self._post("tasks/cron")
        if answer.status_code != requests.codes.ok:
            raise PageError(f"cron answered {answer.status_code}: {answer.text[:300]}")

    def _post(self, path: str, **how: Any) -> requests.Response:
        return self.session.post(f"{self.url}/api/{path}", timeout=SECONDS, **how)

    @staticmethod
    def _created(answer: requests.Response) -> str:
        if answer.status_code != requests.codes.created:
            raise PageError(f"the API answered {answer.status_code}: {answer.text[:500]}")
        return answer.text.strip()
