"""The Flask app: every route, and what happens before and after each."""

from __future__ import annotations

import functools
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.api_export import export_api
from support_policy.demo.zendesk_double.api_fields import fields_api, forms_api
from support_policy.demo.zendesk_double.api_hours import hours_apis
from support_policy.demo.zendesk_double.api_oauth import oauth_api
from support_policy.demo.zendesk_double.api_people import teams_api, users_api
from support_policy.demo.zendesk_double.api_rules import rules_apis
from support_policy.demo.zendesk_double.api_texts import texts_apis
from support_policy.demo.zendesk_double.api_tickets import tags_api, tickets_api
from support_policy.demo.zendesk_double.api_time import time_api
from support_policy.demo.zendesk_double.api_webhooks import deliveries_api, webhooks_api
from support_policy.demo.zendesk_double.oauth import check_scope
from support_policy.demo.zendesk_double.recorded import Recorded
from support_policy.demo.zendesk_double.refusals import (
    RefusedError,
    not_on_this_plan,
    too_many_requests,
)

API: Final = "/api/v2/"
WRITES: Final = {"POST", "PUT", "PATCH", "DELETE"}
# These call out, perhaps to somebody who calls back in: they must not hold the account's lock.
_UNLOCKED: Final = {"deliveries.test"}
_BROKEN: Final = "<!DOCTYPE html><html><head><title>Zendesk</title></head><body>Sorry</body></html>"


def make_app(account: Account, requests: list[Recorded], closing: threading.Event) -> Flask:
    """The app of one account; it notes every request, and hangs until `closing` at the longest."""
    app = Flask("zendesk_double", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    for blueprint in (
        time_api(account),
        deliveries_api(account),
        webhooks_api(account),
        oauth_api(account),
        users_api(account),
        teams_api(account),
        export_api(account),
        tickets_api(account),
        tags_api(account),
        *rules_apis(account),
        fields_api(account),
        forms_api(account),
        *texts_apis(account),
        *hours_apis(account),
    ):
        app.register_blueprint(blueprint)
    for name, view in app.view_functions.items():
        if name not in _UNLOCKED:
            app.view_functions[name] = _locked(account, view)
    front = Front(account, requests, closing)
    app.before_request(front.before)
    app.after_request(front.after)
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(HTTPException, _unknown)
    return app


class Front:
    """Faults, credentials and limits, before any view has its turn."""

    def __init__(
        self, account: Account, requests: list[Recorded], closing: threading.Event
    ) -> None:
        self._account = account
        self._requests = requests
        self._closing = closing

    def before(self) -> ResponseReturnValue | None:
        """Note the request, then let it through or answer in the view's place."""
        g.headers, g.cut = {}, False
        g.recorded = self._record()
        faults = self._account.faults
        if faults.spend("reset"):
            g.cut = True
            return Response()
        if not request.path.startswith(API):
            return None
        if faults.spend("hang"):
            self._closing.wait(faults.hang_seconds)
        if faults.slow:
            self._closing.wait(faults.slow)
        if faults.spend("broken"):
            return Response(_BROKEN, status=faults.broken_status, mimetype="text/html")
        with self._account.lock:
            self._admit()
        return None

    def _record(self) -> Recorded:
        recorded = Recorded(
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers=dict(request.headers),
            body=request.get_data() or None,
        )
        with self._account.lock:
            self._requests.append(recorded)
        return recorded

    def _admit(self) -> None:
        account = self._account
        left = account.limits.storm_until - time.monotonic()
        if left > 0:
            raise too_many_requests(account.clock.retry_after(left * account.clock.speed))
        g.caller = account.oauth.caller(request.headers.get("Authorization"))
        g.headers |= account.limits.call()
        if not g.caller.user.staff:
            raise not_on_this_plan()
        check_scope(g.caller, request.path.removeprefix(API), request.method)

    def after(self, response: Response) -> Response:
        """Put the limits on the answer; then send it, or cut the connection."""
        for name, value in g.headers.items():
            response.headers.setdefault(name, value)
        written = request.method in WRITES and request.path.startswith(API)
        if written and response.status_code < 300:
            g.cut = g.cut or self._account.faults.spend("lose_write_answers")
        if g.cut:
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        else:
            g.recorded.status = response.status_code
        return response


def _locked(account: Account, view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def locked(**arguments: Any) -> Any:
        with account.lock:
            return view(**arguments)

    return locked


def _refused(refused: RefusedError) -> ResponseReturnValue:
    return jsonify(refused.body), refused.status, refused.headers


def _unknown(wrong: HTTPException) -> ResponseReturnValue:
    if wrong.code == 404:
        return jsonify({"error": "InvalidEndpoint", "description": "Not found"}), 404
    return jsonify({"error": wrong.name, "description": str(wrong.description)}), wrong.code or 500
