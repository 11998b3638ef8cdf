"""A caller of the double's API, and somebody who receives its webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import requests

from support_policy.demo.zendesk_double import ZendeskDouble

BODY = '{"ticket_id":"{{ticket.id}}","at":"{{ticket.updated_at_with_timestamp}}"}'
ON_CREATE = [{"field": "update_type", "operator": "is", "value": "Create"}]


class Api:
    """Calls the double as an OAuth client does."""

    def __init__(self, double: ZendeskDouble, scope: str = "", client: Any = None) -> None:
        self.double = double
        self.session = requests.Session()
        self.session.trust_env = False
        self.client = client or double.clients.setup
        self.scope = scope or " ".join(self.client.scopes)
        self.token = self.fetch()

    def fetch(self, **more: Any) -> str:
        return str(self.grant(**more).json()["access_token"])

    def grant(self, **more: Any) -> requests.Response:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.client.identifier,
            "client_secret": self.client.secret,
            "scope": self.scope,
            **more,
        }
        return self.session.post(f"{self.double.url}/oauth/tokens", json=asked, timeout=5)

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.session.request(
            method,
            f"{self.double.url}/api/v2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=5,
        )

    def get(self, path: str) -> requests.Response:
        return self.call("GET", path)

    def put_ticket(self, number: int, **values: Any) -> requests.Response:
        return self.call("PUT", f"tickets/{number}", {"ticket": values})

    def made(self, path: str, one: str, **values: Any) -> Any:
        answer = self.call("POST", path, {one: values})
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()[one]

    def webhook(self, endpoint: str, **more: Any) -> str:
        values = {
            "name": "Support Policy",
            "status": "active",
            "endpoint": endpoint,
            "http_method": "POST",
            "request_format": "json",
            "subscriptions": ["conditional_ticket_events"],
            **more,
        }
        return str(self.made("webhooks", "webhook", **values)["id"])

    def trigger(self, *actions: tuple[str, Any], title: str = "Ours", **more: Any) -> Any:
        values = {
            "title": title,
            "conditions": {"all": more.pop("all", ON_CREATE), "any": more.pop("any", [])},
            "actions": [{"field": field, "value": value} for field, value in actions],
            **more,
        }
        return self.made("triggers", "trigger", **values)


@dataclass(frozen=True)
class Got:
    """One webhook as it came in."""

    headers: dict[str, str]
    body: bytes


class Receiver:
    """An endpoint on loopback that keeps what it gets and answers what `answer` says."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answer: Callable[[int], tuple[int, dict[str, str]]] = lambda _: (200, {})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(receiver: Self) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's self
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(Got(dict(self.headers), body))
                status, headers = receiver.answer(len(receiver.got))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
