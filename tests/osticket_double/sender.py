"""Sends the plugin's webhooks, judges what is answered, and applies it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
from tests.osticket_double.applying import Applied
from tests.osticket_double.decisions import Decision, MisfitError, decision
from tests.osticket_double.helpdesk import VERSION, HelpDesk
from tests.osticket_double.outbox import Row
from tests.osticket_double.paid_help import Hint
from tests.osticket_double.signing import UnprovenError, sign, verify
from tests.osticket_double.tickets import Ticket

LARGEST = 256 * 1024
STATUSES = {200, 201, 204}
AT_A_TIME = 20


class NotDeliveredError(Exception):
    """The event stays in the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A webhook as it goes out."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of sending one event once."""

    delivered: bool
    error: str = ""
    applied: Applied = field(default_factory=Applied)
    answer: dict[str, Any] = field(default_factory=dict)


def _nothing(_: str) -> None:
    """Nobody interferes."""


@dataclass(slots=True, kw_only=True)
class Sender:
    """The plugin's way out. ``before_apply`` is called between an answer and its applying."""

    helpdesk: HelpDesk
    secrets: tuple[str, ...]
    url: str = ""
    patience: tuple[float, float] = (0.5, 20.0)
    before_apply: Callable[[str], None] = _nothing
    drift: float = 0.0
    """Seconds by which this machine's clock is wrong."""
    answers: list[requests.Response] = field(default_factory=list)
    _cron: threading.Lock = field(default_factory=threading.Lock)

    def signed(self, identifier: str, body: bytes) -> dict[str, str]:
        """The headers of a webhook."""
        at = int(time.time() + self.drift)
        headers = sign(self.secrets, identifier, at, body)
        return {"content-type": "application/json", **headers}

    def webhook(self, ticket: Ticket) -> Request:
        """The ticket's event, with the ticket as it is now."""
        body = self._body("ticket.created", ticket.event, ticket=self.helpdesk.wire(ticket))
        return Request(headers=self.signed(ticket.event, body), body=body)

    def hint(self, hint: Hint) -> Request:
        """What the service is told of paid help: that, and no word of it."""
        more = {"entry": hint.entry} if hint.entry else {}
        ticket = {"id": hint.ticket.id, "number": hint.ticket.number}
        body = self._body(hint.kind, hint.event, ticket=ticket, **more)
        return Request(headers=self.signed(hint.event, body), body=body)

    def send_hint(self, hint: Hint) -> bool:
        """Tell the service; whether it heard. What is not heard waits."""
        try:
            answer = self._exchange(hint.event, self.hint(hint).body)
        except NotDeliveredError:
            return False
        hint.heard = answer == {"type": "pong", "event": hint.event}
        return hint.heard

    def send(self, number: str) -> Turn:
        """Try to deliver a ticket's event now, whether it waits or is over."""
        row = self.helpdesk.outbox.of(number)
        ticket = self.helpdesk.tickets.get(number)
        if ticket is None:
            row.delivered(self.helpdesk.now())
            return Turn(delivered=True, error="the ticket is gone")
        try:
            turn = self._turn(ticket)
        except NotDeliveredError as error:
            row.failed(str(error), self.helpdesk.now())
            return Turn(delivered=False, error=str(error))
        row.delivered(self.helpdesk.now())
        return turn

    def drain(self) -> list[Turn] | None:
        """One run of cron; None while another is at it."""
        if not self._cron.acquire(blocking=False):
            return None
        try:
            self.helpdesk.cron_at = self.helpdesk.now()
            for hint in [each for each in self.helpdesk.hints if not each.heard][:AT_A_TIME]:
                self.send_hint(hint)
            due: list[Row] = self.helpdesk.outbox.due(self.helpdesk.now(), AT_A_TIME)
            return [self.send(row.number) for row in due]
        finally:
            self._cron.release()

    def ping(self) -> dict[str, Any]:
        """Ask the service whether it is there."""
        event = str(uuid.uuid4())
        started = time.monotonic()
        try:
            answer = self._exchange(event, self._body("ping", event))
        except NotDeliveredError as error:
            return {"ok": False, "error": str(error)}
        if answer != {"type": "pong", "event": event}:
            return {"ok": False, "error": "not a pong"}
        return {"ok": True, "ms": round((time.monotonic() - started) * 1000)}

    def _turn(self, ticket: Ticket) -> Turn:
        answer = self._exchange(ticket.event, self.webhook(ticket).body)
        decided = decided_about(answer, event=ticket.event, ticket=ticket.id, number=ticket.number)
        self.before_apply(ticket.number)
        applied = self.helpdesk.apply(ticket, decided)
        return Turn(delivered=True, applied=applied, answer=answer)

    def _body(self, kind: str, event: str, **more: object) -> bytes:
        message = {
            "type": kind,
            "event": event,
            "plugin": VERSION,
            "helpdesk": "v1.18.1",
            "mode": self.helpdesk.admin.mode,
            **more,
        }
        return json.dumps(message, ensure_ascii=False).encode()

    def _exchange(self, event: str, body: bytes) -> Any:
        """Send a body, and give the answer if it is the service's own."""
        with requests.Session() as session:
            session.trust_env = False
            try:
                response = session.post(
                    self.url,
                    data=body,
                    headers=self.signed(event, body),
                    timeout=self.patience,
                    allow_redirects=False,
                    stream=True,
                )
                content = response.raw.read(LARGEST + 1, decode_content=True)
                response.close()
            except (requests.RequestException, OSError) as error:
                raise NotDeliveredError(type(error).__name__) from error
        self.answers.append(response)
        if len(content) > LARGEST:
            raise NotDeliveredError("too large an answer")
        now = time.time() + self.drift
        return believed(
            response.status_code,
            response.headers,
            content,
            event=event,
            secrets=self.secrets,
            now=now,
        )


def believed(
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    *,
    event: str,
    secrets: Sequence[str],
    now: float,
) -> Any:
    """The JSON of an answer that the service gave to this event. Raises NotDeliveredError."""
    if status not in STATUSES:
        raise NotDeliveredError(f"HTTP {status}")
    low = {name.lower(): value for name, value in headers.items()}
    if low.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotDeliveredError("not JSON")
    try:
        signed = verify(secrets, low, content, now=now)
        answer = json.loads(content)
    except (UnprovenError, ValueError) as error:
        raise NotDeliveredError(f"an answer that is not the service's: {error}") from error
    if signed != event:
        raise NotDeliveredError("signed for another event")
    return answer


def decided_about(answer: object, *, event: str, ticket: int, number: str) -> Decision:
    """The decision in an answer, which is about this ticket. Raises NotDeliveredError."""
    try:
        found = decision(answer)
    except MisfitError as error:
        raise NotDeliveredError(str(error)) from error
    if found.event != event:
        raise NotDeliveredError("an answer to another event")
    if (found.ticket, found.number) != (ticket, number):
        raise NotDeliveredError("an answer about another ticket")
    return found
