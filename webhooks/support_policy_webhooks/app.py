"""The HTTP edge: what help desks call, and what a load balancer asks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from support_policy.errors import BusyError, DeliveryError, MalformedError
from support_policy.helpdesk import Answered, Codec, Delivery, Replier
from support_policy.permissions import Permissions, Work
from support_policy.store.backlog import Tally
from support_policy.store.database import StoreUnavailableError
from support_policy.store.outcome import place_of
from support_policy_webhooks.error_page import error_page, for_people
from support_policy_webhooks.keys import add_keys
from support_policy_webhooks.metrics import add_metrics
from support_policy_webhooks.page import add_headers
from support_policy_webhooks.paid_help import add_paid_help
from support_policy_webhooks.permission import add_permission
from support_policy_webhooks.policy_page import add_policy
from support_policy_webhooks.sidebar import Sidebar, add_sidebars

logger = logging.getLogger(__name__)


class NotReadyError(Exception):
    """The service answers but does not do its work; the message says why."""


def create_app(
    *,
    codecs: Mapping[str, Codec],
    accept: Callable[[Delivery], bool],
    ready: Callable[[], Mapping[str, object]],
    now: Callable[[], datetime],
    max_body: int,
    answer: Callable[[Delivery], Answered] | None = None,
    sidebars: Mapping[str, Sidebar] | None = None,
    tally: Callable[[], Tally] | None = None,
    permissions: Permissions | None = None,
    work: Work | None = None,
    policy_texts: Mapping[str, str] | None = None,
) -> Flask:
    """The WSGI application.

    ``accept`` keeps a delivery durably before it returns; ``answer`` decides on the ticket of one
    as well, for desks that wait for the decision. ``ready`` says how the service is; it
    raises NotReadyError or StoreUnavailableError when it is not well. ``sidebars`` are those of
    the Zendesk desks, ``tally`` the numbers for monitoring. ``permissions`` take the answers of
    customers who are asked for permission, ``work`` is the staff's side of it, ``policy_texts``
    are the written policy in each language.
    """
    app = Flask("support_policy_webhooks", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = max_body  # judged by its header, before a byte is read
    _add_webhooks(app, codecs, accept, answer, now)
    _add_health(app, ready)
    add_sidebars(app, sidebars or {}, now)
    if tally is not None:
        add_metrics(app, tally)
    _add_pages(app, permissions, work, policy_texts or {})
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _our_mistake)
    app.after_request(_never_stored)
    return app


def _add_pages(
    app: Flask,
    permissions: Permissions | None,
    work: Work | None,
    policy_texts: Mapping[str, str],
) -> None:
    """The pages about paid help, where permission for it is asked."""
    add_headers(app)
    if permissions is None:
        return
    add_permission(app, permissions)
    add_keys(app, permissions.public_keys)
    if work is not None:
        add_paid_help(app, work, permissions.policy.schedule.time_zone)
    if policy_texts:
        add_policy(app, permissions.policy.version, policy_texts)


def _add_webhooks(
    app: Flask,
    codecs: Mapping[str, Codec],
    accept: Callable[[Delivery], bool],
    answer: Callable[[Delivery], Answered] | None,
    now: Callable[[], datetime],
) -> None:
    @app.post("/webhooks/<desk>")
    @app.post("/webhooks/<desk>/<token>")
    def receive(desk: str, token: str | None = None) -> Response | tuple[dict[str, object], int]:
        """Receive, open, keep: answered only when the delivery is on disk.

        The answer has no body, which would be a second packet. Its status is the desk's own way of
        being told: kept, kept before, or to send it again. A desk that carries its tickets to us is
        answered with the decision.
        """
        codec = codecs.get(desk)
        if codec is None:
            return {"error": "there is no such help desk"}, 404
        body = _body()
        try:
            delivery = codec.open(headers=_Headers(), body=body, token=token, now=now())
            if codec.answers.reply is not None:
                return _decided(delivery, accept, answer, codec.answers.reply, now)
            new = delivery is not None and accept(delivery)
        except DeliveryError as error:
            status = 400 if isinstance(error, MalformedError) else 401
            logger.warning("refused a delivery for %s: %s", desk, error)
            return {"error": str(error)}, status
        except BusyError as error:
            return {"error": str(error)}, codec.answers.again
        except StoreUnavailableError as error:
            # Without the traceback: its causes hold the parameters of statements.
            logger.error("could not keep a delivery for %s: %s", desk, error)  # noqa: TRY400
            return {"error": "the delivery could not be kept; send it again"}, codec.answers.again
        except Exception as error:  # noqa: BLE001 - some desks never repeat what was a 500
            logger.error("a delivery for %s broke: %s", desk, place_of(error))  # noqa: TRY400
            return {"error": "internal server error"}, codec.answers.again
        return Response(status=codec.answers.new if new else codec.answers.known)


def _decided(
    delivery: Delivery | None,
    accept: Callable[[Delivery], bool],
    answer: Callable[[Delivery], Answered] | None,
    reply: Replier,
    now: Callable[[], datetime],
) -> Response:
    """The answer that tells the decision; to an event that asks for none, that it was heard."""
    if delivery is not None and delivery.topic == "permission":
        accept(delivery)
        delivery = None
    if delivery is not None and answer is None:
        raise RuntimeError("nobody here decides while a help desk waits")
    answered = answer(delivery) if answer and delivery else None
    body, headers = reply(answered, headers=_Headers(), now=now())
    return Response(body, headers=dict(headers), mimetype="application/json")


class _Headers(Mapping[str, str]):
    """The request's headers by their names in lower case; only those asked for are looked up."""

    def __getitem__(self, name: str) -> str:
        return request.headers[name]

    def __iter__(self) -> Iterator[str]:
        return (name.lower() for name, _ in request.headers)

    def __len__(self) -> int:
        return len(request.headers)


def _body() -> bytes:
    stream = request.stream
    body = stream.read()
    if not request.environ.get("CONTENT_LENGTH"):
        stream.read(1)  # a chunked body is cut at the limit; to read on is a 413
    return body


def _add_health(app: Flask, ready: Callable[[], Mapping[str, object]]) -> None:
    @app.get("/healthz")
    def alive() -> dict[str, object]:
        """The process answers."""
        return {"ok": True}

    @app.get("/readyz")
    def is_ready() -> tuple[dict[str, object], int]:
        """The store answers, and how much work waits in it."""
        try:
            return {"ok": True, **ready()}, 200
        except NotReadyError as error:
            return {"ok": False, "error": str(error)}, 503
        except StoreUnavailableError:
            return {"ok": False, "error": "the store does not answer"}, 503


def _http_error(error: HTTPException) -> Response | tuple[dict[str, object], int]:
    """Errors of HTTP itself: pages where people come, elsewhere JSON.

    JSON never quotes the address, which may hold a token; a page links to itself alone.
    """
    if for_people():
        return error_page(error.code or 500)
    return {"error": error.name.lower()}, error.code or 500


def _our_mistake(error: Exception) -> Response | tuple[dict[str, object], int]:
    """What nobody foresaw, logged by place: Flask would log the address, which may hold a token."""
    logger.error("a request broke: %s", place_of(error))
    if for_people():
        return error_page(500)
    return {"error": "internal server error"}, 500


def _never_stored(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
