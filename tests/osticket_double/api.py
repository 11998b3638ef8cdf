"""The routes that the plugin adds below ``/api``, with osTicket's own habits around them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from tests.osticket_double.decisions import MisfitError, decision
from tests.osticket_double.helpdesk import HelpDesk
from tests.osticket_double.paid_help import posting
from tests.osticket_double.sender import Sender
from tests.osticket_double.signing import UnprovenError, of_request, verify
from tests.osticket_double.tickets import spelled

KNOWN_CODES = {200, 201, 204, 205, 400, 401, 403, 404, 405, 416, 418, 422}
ROUTES = (
    ("GET", re.compile(r"/support-policy/tickets/([^/]+)/conversation\.json"), "_conversation"),
    ("POST", re.compile(r"/support-policy/tickets/([^/]+)/conversation\.json"), "_post"),
    ("GET", re.compile(r"/support-policy/tickets/(.+)\.json"), "_one"),
    ("POST", re.compile(r"/support-policy/tickets/(.+)\.json"), "_decide"),
    ("GET", re.compile(r"/support-policy/tickets\.json"), "_undecided"),
    ("GET", re.compile(r"/support-policy/status\.json"), "_status"),
    ("POST", re.compile(r"/support-policy/ping\.json"), "_ping"),
)

_TAKE_A_BODY = {"_decide", "_post"}
Answer = tuple[int, dict[str, Any]]


class Api:
    """The dispatcher: which method and route, whose key, whose signature, and only then what."""

    def __init__(
        self, helpdesk: HelpDesk, sender: Sender, *, api_key: str, base: str = "/helpdesk"
    ) -> None:
        self.helpdesk = helpdesk
        self.sender = sender
        self.api_key = api_key
        self.base = base
        self.fault: Callable[[], Response | None] = lambda: None
        """What breaks before the plugin is reached."""
        self.seen: list[tuple[str, str]] = []
        self.app = Flask("osticket_double", static_folder=None)
        methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
        self.app.add_url_rule("/<path:_>", view_func=self._serve, methods=methods)

    def _serve(self, _: str) -> Response:
        if (broken := self.fault()) is not None:
            return broken
        code, answer = self._dispatch()
        if code not in KNOWN_CODES:
            code = 500
        return Response(json.dumps(answer), status=code, mimetype="application/json")

    def _dispatch(self) -> Answer:
        """osTicket believes ``?_method=``, so the method it acts by is the one that is proved."""
        method = request.args.get("_method", request.method).upper()
        raw = str(request.environ["REQUEST_URI"])
        path, begins = request.path.removeprefix(f"{self.base}/api"), f"{self.base}/api/"
        self.seen.append((method, raw))
        if not raw.startswith(begins):
            return 404, {"error": "no such page"}
        for wanted, route, name in ROUTES:
            if (found := route.fullmatch(path)) and wanted == method:
                return self._judged(
                    method, raw.removeprefix(f"{self.base}/api"), name, *found.groups()
                )
        return 400, {"error": "URL not supported"}

    def _judged(self, method: str, path: str, name: str, *values: str) -> Answer:
        if request.headers.get("X-API-Key") != self.api_key:
            return 401, {"error": "Valid API key required"}
        body = request.get_data()
        proved = of_request(method, path, body)
        try:
            now = time.time() + self.sender.drift
            signed = verify(self.sender.secrets, dict(request.headers), proved, now=now)
        except UnprovenError as error:
            return 401, {"error": str(error)}
        handler: Callable[..., Answer] = getattr(self, name)
        return handler(
            *values, **({"signed": signed, "body": body} if name in _TAKE_A_BODY else {})
        )

    def _one(self, number: str) -> Answer:
        ticket = self.helpdesk.tickets.get(number)
        if ticket is None:
            return 404, {"error": "unknown ticket"}
        return 200, {"ticket": self.helpdesk.wire(ticket)}

    def _decide(self, number: str, *, signed: str, body: bytes) -> Answer:
        ticket = self.helpdesk.tickets.get(number)
        if ticket is None:
            return 404, {"error": "unknown ticket"}
        try:
            decided = decision(json.loads(body))
        except (MisfitError, ValueError) as error:
            return 400, {"error": str(error)}
        if decided.event != signed or decided.number != number:
            return 400, {"error": "about another event or ticket"}
        if decided.ticket not in {None, ticket.id}:
            return 400, {"error": "about another event or ticket"}
        done = self.helpdesk.apply(ticket, decided)
        return 200, {
            "ticket": self.helpdesk.wire(ticket),
            "changes": done.changes,
            "not_kept": done.not_kept,
            "ignored": done.ignored,
        }

    def _conversation(self, number: str) -> Answer:
        ticket = self.helpdesk.tickets.get(number)
        if ticket is None:
            return 404, {"error": "unknown ticket"}
        return 200, {"conversation": self.helpdesk.conversation(ticket)}

    def _post(self, number: str, *, signed: str, body: bytes) -> Answer:
        ticket = self.helpdesk.tickets.get(number)
        if ticket is None:
            return 404, {"error": "unknown ticket"}
        try:
            message = posting(json.loads(body), event=signed, number=number)
        except (MisfitError, ValueError) as error:
            return 400, {"error": str(error)}
        return 200, {"ignored": self.helpdesk.post(ticket, message)}

    def _undecided(self) -> Answer:
        before, limit = request.args.get("before"), request.args.get("limit", "200")
        if not re.fullmatch(r"\d{1,9}", limit) or not 1 <= int(limit) <= 200:
            return 400, {"error": "limit"}
        if before is not None and not re.fullmatch(r"\d{1,18}", before):
            return 400, {"error": "before"}
        page, after = self.helpdesk.undecided(int(before) if before else None, int(limit))
        rows = [
            {"id": each.id, "number": each.number, "created_at": spelled(each.created_at)}
            for each in page
        ]
        return 200, {"tickets": rows, "next": after}

    def _status(self) -> Answer:
        service = self.sender.url.partition("//")[2].partition("/")[0]
        return 200, self.helpdesk.status(service, spelled)

    def _ping(self) -> Answer:
        return 200, self.sender.ping()
