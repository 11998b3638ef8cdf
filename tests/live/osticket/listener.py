"""A stand-in for the service that answers as badly as a test wants; its good answers are signed."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.live.osticket.routes import new_secret, signed, verifies

Message = dict[str, Any]


@dataclass(slots=True)
class Answer:
    """What is sent back; `secret` is another one than the plugin's for a wrong signature."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    event: str = ""
    signed: bool = True
    ago: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the plugin."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> Message:
        """The body."""
        found: Message = json.loads(self.body)
        return found


Behaviour = Callable[[Call], Answer]


def instant(at: datetime, *, timespec: str = "seconds") -> str:
    """An instant as it stands on the wire."""
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def decision(call: Call, **update: Any) -> Message:
    """A decision about the ticket of a call; `update` is what is to be written."""
    message = call.message
    return {
        "type": "ticket.decision",
        "event": message["event"],
        "ticket": {key: message["ticket"][key] for key in ("id", "number")},
        "decided_at": instant(datetime.now(UTC), timespec="microseconds"),
        "mode": "enforce",
        "passed_over": "",
        "update": update or None,
    }


def low(number: str) -> Message:
    """An update with everything in it, easy to tell on a page."""
    stamp = f"support-policy test/1/{number}"
    return {
        "priority": "low",
        "due_at": instant(datetime.now(UTC) + timedelta(hours=24)),
        "target": "low",
        "tags": ["policy_low"],
        "fields": {
            "class": "low.general_question",
            "expected_at": instant(datetime.now(UTC) + timedelta(hours=24)),
            "reason": "a question",
            "state": "decided",
        },
        "note": {"stamp": stamp, "text": f"A question: low.\n\n[{stamp}]"},
    }


def written(**changes: Any) -> Behaviour:
    """Decide every ticket as low; `changes` take the place of parts of the update."""

    def answer(call: Call) -> Answer:
        if call.message["type"] != "ticket.created":
            return pong(call)
        update = low(call.message["ticket"]["number"]) | changes
        return spelled(decision(call, **{k: v for k, v in update.items() if v is not None}))

    return answer


def changed(**parts: Any) -> Behaviour:
    """A decision of which some parts are wrong."""

    def answer(call: Call) -> Answer:
        return spelled(decision(call, **low(call.message["ticket"]["number"])) | parts)

    return answer


def pong(call: Call) -> Answer:
    """What a test call is answered, and a hint: that it was heard."""
    return spelled({"type": "pong", "event": call.message["event"]})


def spelled(message: Message, **how: Any) -> Answer:
    """A message as an answer."""
    return Answer(json.dumps(message).encode(), **how)


class Listener:
    """The stand-in, on a port of its own."""

    def __init__(self, *secrets: str, port: int = 0) -> None:
        self.secrets = secrets
        self.behave: Behaviour = written()
        self.hang = 0.0
        self.calls: list[Call] = []
        self.unproven: list[Call] = []
        self._came = threading.Condition()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener._take(self, Call(headers, body))

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/osticket"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def told(self, number: str) -> list[Call]:
        """The calls about a ticket."""
        return [
            each for each in self.calls if each.message.get("ticket", {}).get("number") == number
        ]

    def told_of(self, call: Call) -> list[Call]:
        """The calls about the ticket of a call, that one among them."""
        return self.told(call.message["ticket"]["number"])

    @staticmethod
    def no() -> Answer:
        """Not now."""
        return Answer(b"", status=503)

    def wait_for(self, number: str, *, times: int = 1, seconds: float = 10.0) -> list[Call]:
        """The calls about a ticket, once there are so many."""
        with self._came:
            enough = self._came.wait_for(lambda: len(self.told(number)) >= times, seconds)
        assert enough, f"#{number}: {len(self.told(number))} calls instead of {times}"
        return self.told(number)

    def _take(self, handler: BaseHTTPRequestHandler, call: Call) -> None:
        proven = any(verifies(call.body, call.headers, each) for each in self.secrets)
        with self._came:
            (self.calls if proven else self.unproven).append(call)
            self._came.notify_all()
        time.sleep(self.hang)
        answer = self.behave(call) if proven else Answer(b"{}", status=401)
        headers = {"Content-Type": "application/json", **self._proof(answer, call)}
        headers |= {**answer.headers, "Content-Length": str(len(answer.body))}
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it waited long enough
            handler.send_response(answer.status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(answer.body)

    def _proof(self, answer: Answer, call: Call) -> dict[str, str]:
        if not answer.signed:
            return {}
        secrets = [answer.secret] if answer.secret else self.secrets
        event = answer.event or call.headers["webhook-id"]
        return signed(answer.body, secrets, event=event, ago=answer.ago)


def wrong_signature(call: Call) -> Answer:
    """A good decision, signed with somebody else's secret."""
    answer = written()(call)
    answer.secret = new_secret()
    return answer


class BlackHole:
    """An address that lets nobody in: its queue of connections is full and nobody takes any."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(0)
        self._waiting = []
        address = self._socket.getsockname()
        for _ in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(address)
            self._waiting.append(each)
        self.url = f"http://127.0.0.1:{address[1]}/webhooks/osticket"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (*self._waiting, self._socket):
            each.close()
