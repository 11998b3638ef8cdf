"""An osTicket with the plugin, as far as the service can tell, on a port of its own."""

from __future__ import annotations

import threading
from typing import Any, Self

from tests.osticket_double.api import Api
from tests.osticket_double.helpdesk import Admin, HelpDesk
from tests.osticket_double.sender import Sender
from tests.osticket_double.signing import secret_of
from tests.osticket_double.tickets import Ticket
from werkzeug.serving import WSGIRequestHandler, make_server

API_KEY = "0123456789ABCDEF0123456789ABCDEF"
SECRET = secret_of(bytes(range(32)))
OLDER_SECRET = secret_of(bytes(range(100, 124)))


class _Quiet(WSGIRequestHandler):
    # Headers and body are two writes; by Nagle's rule the second waits for an acknowledgement.
    disable_nagle_algorithm = True

    def log(self, *_: Any) -> None:
        """Say nothing on the terminal."""


class OsTicketDouble:
    """The help desk, the plugin's way out and its way in."""

    def __init__(self, *, secrets: tuple[str, ...] = (SECRET,)) -> None:
        self.helpdesk = HelpDesk()
        self.sender = Sender(helpdesk=self.helpdesk, secrets=secrets)
        self.api = Api(self.helpdesk, self.sender, api_key=API_KEY)
        self._server = make_server(
            "127.0.0.1", 0, self.api.app, threaded=True, request_handler=_Quiet
        )
        self._server.daemon_threads = False  # type: ignore[attr-defined] # closing waits for them
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.005,), name="osticket-double"
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}{self.api.base}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def admin(self) -> Admin:
        """What an admin may change."""
        return self.helpdesk.admin

    def ticket(self, number: str) -> Ticket:
        """A ticket as it is."""
        return self.helpdesk.tickets[number]
