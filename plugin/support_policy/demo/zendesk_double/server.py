"""The HTTP server: a thread on 127.0.0.1 that leaves neither thread nor socket behind."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any, Final

from flask import Flask
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler, make_server

from support_policy.demo.zendesk_double.clock import Clock

HOST: Final = "127.0.0.1"


class _Open:
    """The connections of one server, so that stopping can end those that still wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._closing = False

    def add(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.add(connection)
            if self._closing:
                _shut(connection)

    def remove(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.discard(connection)

    def close(self) -> None:
        with self._lock:
            self._closing = True
            for connection in self._sockets:
                _shut(connection)


class Server:
    """One app on one port."""

    def __init__(self, app: Flask, clock: Clock, port: int) -> None:
        self._open = _Open()
        handler = _handler(self._open, clock)
        self._server: BaseWSGIServer = make_server(
            HOST, port, app, threaded=True, request_handler=handler
        )
        if isinstance(self._server, ThreadedWSGIServer):
            # So that closing waits for the threads of its requests.
            self._server.daemon_threads = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.005,), name="zendesk-double"
        )
        self.url = f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Cut every connection, and wait until all threads are gone."""
        self._server.shutdown()
        self._open.close()
        self._server.server_close()
        self._thread.join()


def _handler(opened: _Open, clock: Clock) -> type[WSGIRequestHandler]:
    class Handler(WSGIRequestHandler):
        # Headers and body are two writes; by Nagle's rule the second waits for an acknowledgement.
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            opened.add(self.connection)

        def finish(self) -> None:
            super().finish()
            opened.remove(self.connection)

        def log(self, *_: Any) -> None:
            """Say nothing on the terminal."""

        def date_time_string(self, timestamp: float | None = None) -> str:
            return clock.header() if timestamp is None else super().date_time_string(timestamp)

        def version_string(self) -> str:
            return "Zendesk double"

    return Handler


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
