"""An agent in front of a live osTicket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from selectolax.lexbor import LexborHTMLParser
from tests.live.osticket.customer import TOPIC, Request
from tests.live.osticket.ticket_page import Seen, moment, read_ticket
from tests.live.osticket.web import SECONDS, Form, PageError, Visitor, words

STATUSES = {"open": "1", "resolved": "2", "closed": "3", "deleted": "5"}
OPEN_QUEUE = "scp/tickets.php?queue=1&p=1&sort=qs-6&dir=0"


class Staff(Visitor):
    """Somebody who logged in to the staff's pages."""

    def log_in(self, name: str, password: str) -> None:
        """Log in as staff do."""
        form = self.form("scp/login.php", "form#login")
        form.put("userid", name)
        form.put("passwd", password)
        page = self.page(self.send(form))
        if page.css_first("form#login"):
            raise PageError(f"no log-in for {name}: {words(page.body)[:300]}")

    def dialog(self, path: str, selector: str = "form") -> Form:
        """The form in a dialog, which is fetched from below ajax.php."""
        form = self.form(f"scp/ajax.php/{path}", selector)
        form.url = self.address(f"scp/ajax.php/{path}")
        return form

    def confirm(self, form: Form) -> str:
        """Send a dialog; 201 is how osTicket says that it was done."""
        answer = self.post(form.url, data=form.values)
        if answer.status_code != requests.codes.created:
            problem = words(LexborHTMLParser(answer.text).body)[:500]
            raise PageError(f"{form.url} answered {answer.status_code}: {problem}")
        return answer.text

    def save(self, form: Form) -> LexborHTMLParser:
        """Send a form of a page, which must take it."""
        page = self.page(self.send(form))
        for mark in ("#msg_error", "div.error-banner", ".error-banner"):
            if (problem := page.css_first(mark)) and words(problem):
                errors = [words(each) for each in page.css(".error") if words(each).strip(" *")]
                raise PageError(f"{form.url}: {words(problem)} {errors}")
        return page


class Agent(Staff):
    """What an agent does with tickets; tickets are named by their id, as in the address."""

    zone: tzinfo = UTC
    """That of the agent's own clock."""

    def open(
        self, request: Request, *, priority: str = "", source: str = "Email", department: str = ""
    ) -> int:
        """Open a ticket for somebody; the rest is what the form shows."""
        uid = self.user(request)
        form = self.form(f"scp/tickets.php?a=open&uid={uid}", "form.save")
        form.pick("source", source)
        form.pick("topicId", TOPIC)
        if department:
            form.pick("deptId", department)
        details = self.topic(form, "scp/ajax.php")
        if priority:
            details.pick(details.name("Priority Level"), priority)
        details.fill("Issue Summary", request.subject)
        form.values += details.values
        form.put(details.labels["message"], request.body.replace("\n", "<br>"))
        form.put("uid", str(uid))
        answer = self.send(form, allow_redirects=False)
        return _ticket(answer)

    def user(self, request: Request) -> int:
        """The user with this address, made when there is none."""
        path = f"scp/ajax.php/users/local?q={request.sender}"
        for each in self.session.get(self.address(path), timeout=SECONDS).json():
            if each["email"] == request.sender:
                return int(each["id"])
        form = self.dialog("users/lookup/form", "#new-user-form form")
        form.fill("Email Address", request.sender)
        form.fill("Full Name", request.name)
        answer = self.post(form.url, data=form.values)
        return int(answer.json()["id"])

    def register(self, request: Request, password: str) -> int:
        """Give a customer an account to log in with."""
        uid = self.user(request)
        form = self.dialog(f"users/{uid}/register")
        form.put("sendemail")
        form.put("passwd1", password)
        form.put("passwd2", password)
        form.put("pwreset-flag")
        self.confirm(form)
        return uid

    def ask_permission(self, ticket: int, **filled: str) -> str:
        """Ask permission for paid help, in the dialog of the More menu."""
        form = self.permission_form(ticket)
        for name, value in filled.items():
            form.put(name, value)
        return self.confirm(form)

    def permission_form(self, ticket: int) -> Form:
        """That dialog."""
        return self.dialog(f"support-policy/tickets/{ticket}/ask", "form#support-policy-ask")

    # Looking

    def page_of(self, ticket: int) -> LexborHTMLParser:
        """The ticket's page."""
        return self.get(f"scp/tickets.php?id={ticket}")

    def see(self, ticket: int) -> Seen:
        """What the ticket's page shows."""
        return read_ticket(self.page_of(ticket))

    def find(self, number: str) -> int:
        """The id of the ticket with this number."""
        page = self.get(f"scp/tickets.php?number={number}")
        form = page.css_first("form#reply input[name=id], form#note input[name=id]")
        if form is None:
            raise PageError(f"no ticket #{number}: {words(page.body)[:300]}")
        return int(form.attributes["value"] or "")

    def newest(self, subject: str) -> int:
        """The id of the newest open ticket with this subject."""
        for ticket, row in self.queue(OPEN_QUEUE):
            if subject[:20] in row and self.see(ticket).subject == subject:
                return ticket
        raise PageError(f"no open ticket {subject!r} on the first page of the queue")

    def queue(self, path: str) -> list[tuple[int, str]]:
        """The tickets of a queue's page, as ids and rows of text."""
        rows = self.get(path).css("form#tickets table.list tbody tr")
        boxes = [(row.css_first("input[name='tids[]']"), words(row)) for row in rows]
        return [(int(box.attributes["value"] or ""), text) for box, text in boxes if box]

    def queues(self) -> dict[str, str]:
        """The queues in the navigation, with their addresses."""
        links = self.get("scp/tickets.php").css("a[href*='queue=']")
        return {words(each): f"scp/tickets.php{_query(each.attributes['href'])}" for each in links}

    # Doing

    def reply(self, ticket: int, text: str, *, status: str = "") -> None:
        """Answer in public."""
        form = self._thread_form(ticket, "reply")
        form.put("response", text)
        if status:
            form.put("reply_status_id", STATUSES[status])
        self.save(form)

    def note(self, ticket: int, text: str) -> None:
        """Write an internal note."""
        form = self._thread_form(ticket, "note")
        form.put("note", text)
        self.save(form)

    def _thread_form(self, ticket: int, name: str) -> Form:
        form = self.form(f"scp/tickets.php?id={ticket}", f"form#{name}")
        lock = self.post(f"scp/ajax.php/lock/ticket/{ticket}").json()
        form.put("lockCode", str(lock.get("code", "")))
        return form

    def edit(self, ticket: int, **values: str) -> None:
        """Save the whole Edit form; values are named as in the form."""
        form = self.form(f"scp/tickets.php?id={ticket}&a=edit", "form.save")
        self._save_edit(form, {name: [value] for name, value in values.items()})

    def _save_edit(self, form: Form, values: Mapping[str, Sequence[str]]) -> None:
        for name, several in values.items():
            form.put(name, *several)
        if form["duedate"] and "duedate" not in values:
            form.put("duedate", browser_instant(moment(form["duedate"], self.zone)))
        if not form["topicId"]:  # a ticket of the API has none, and the form wants one
            form.pick("topicId", TOPIC)
        answer = self.send(form, allow_redirects=False)
        if not answer.is_redirect:
            page = LexborHTMLParser(answer.text)
            problems = {words(each) for each in page.css(".error, #msg_error")} - {"", "*"}
            raise PageError(f"the Edit form was refused: {sorted(problems)}")

    def set(self, ticket: int, field: str, value: str) -> None:
        """Change one value where it stands on the page; an option is named by its words."""
        form = self.dialog(f"tickets/{ticket}/field/{field}/edit", "form#inline_update")
        name = next(key for key, _ in form.values if key not in {"__CSRFToken__", "comments"})
        if name in form.options:
            form.pick(name, value)
        else:
            form.put(name, value)
        self.confirm(form)

    def add_option(self, ticket: int, label: str, option: str) -> None:
        """Choose one more of several options in the Edit form."""
        path = f"scp/tickets.php?id={ticket}&a=edit"
        form = self.form(path, "form.save")
        name = form.name(label)
        there = [value for key, value in form.values if key == name]
        self._save_edit(form, {name: [*there, form.options[name][option]]})

    def set_priority(self, ticket: int, priority: str) -> None:
        """Choose a priority."""
        self.set(ticket, self.see(ticket).links["Priority"], priority)

    def set_plan(self, ticket: int, plan: str) -> None:
        """Choose an SLA plan."""
        self.set(ticket, "sla", plan)

    def set_due(self, ticket: int, at: datetime) -> None:
        """Choose a due date, which a browser sends as an instant."""
        self.set(ticket, "duedate", browser_instant(at))

    def transfer(self, ticket: int, department: str) -> None:
        """Hand a ticket to another department."""
        form = self.dialog(f"tickets/{ticket}/transfer")
        name = next(name for name in form.options)
        form.pick(name, department)
        self.confirm(form)

    def put_status(self, ticket: int, status: str) -> None:
        """Close, reopen or delete."""
        self.see(ticket)  # for the token
        data = {"status_id": STATUSES[status], "comments": ""}
        answer = self.post(f"scp/ajax.php/tickets/{ticket}/status", data=data)
        if answer.status_code != requests.codes.created:
            raise PageError(f"{status}: {answer.status_code} {answer.text[:300]}")


def browser_instant(at: datetime) -> str:
    """An instant as osTicket's pages send it from a date field."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _query(address: str | None) -> str:
    return f"?{urlsplit(address or '').query}"


def _ticket(answer: requests.Response) -> int:
    query: dict[str, Any] = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    if "id" not in query:
        page = LexborHTMLParser(answer.text)
        problems = {words(each) for each in page.css(".error, #msg_error")} - {"", "*"}
        raise PageError(f"no ticket was opened: {answer.status_code} {sorted(problems)}")
    return int(query["id"][0])
