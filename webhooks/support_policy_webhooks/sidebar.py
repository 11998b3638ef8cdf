"""The sidebar in Zendesk: its page, what the page asks for, and what agents send back.

Zendesk's token opens the page, and a short session of ours, which the page holds, does the rest.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, Response, abort, jsonify, make_response, render_template, request

from support_policy.core.explain import Texts
from support_policy.core.policy import Policy
from support_policy.core.ticket import TicketRef
from support_policy.errors import DeliveryError, HelpDeskError
from support_policy.helpdesks.zendesk.address import origin
from support_policy.helpdesks.zendesk.app_token import AppTokens
from support_policy.panel import classes, panel
from support_policy.permissions.panel import Panel
from support_policy.sidebar_session import SidebarSessions, session_key
from support_policy.store.database import StoreUnavailableError
from support_policy.store.objections import Objection, ObjectionRefusedError
from support_policy.store.store import Store
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks.static_files import static_files, static_version

logger = logging.getLogger(__name__)

FRAMEWORK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
"""Zendesk asks that its framework be loaded from there, and from nowhere else."""

WORDS = (
    *("page", "loading", "loaded", "undecided", "undecided_more", "unreachable", "retry"),
    *("expired", "outside", "class", "clocks", "expected_by", "why", "why_not", "wrong"),
    *("wrong_more", "should_be", "choose", "comment", "comment_more", "send", "cancel"),
    *("sending", "sent", "choose_first", "not_sent", "refused", "fee", "fee_none"),
    "fee_page",
)
"""The words of the page itself."""

LONGEST_COMMENT = 500

_CLICK = re.compile(r"[0-9A-Za-z-]{8,64}")

Answer = Response | tuple[dict[str, object], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidebar:
    """The sidebar of one Zendesk desk.

    ``public_key`` gives the app's key as PEM and may raise HelpDeskError. ``installation`` is the
    one that is accepted; None accepts all of the account's that our app's key has signed for.
    ``paid_help`` tells where it stands on a ticket, where permission can be asked at all.
    """

    desk: str
    subdomain: str
    public_key: Callable[[], str]
    client_secret: str = field(repr=False)
    policy: Policy
    store: Store
    installation: str | None = None
    paid_help: Callable[[TicketRef, Texts, datetime], Panel] | None = None

    @property
    def tokens(self) -> AppTokens:
        """Reads Zendesk's tokens."""
        return AppTokens(
            subdomain=self.subdomain, public_key=self.public_key, installation=self.installation
        )

    @property
    def sessions(self) -> SidebarSessions:
        """Issues and reads ours."""
        key = session_key(self.client_secret)
        return SidebarSessions(desk=self.desk, key=key, installation=self.installation)


def add_sidebars(app: Flask, sidebars: Mapping[str, Sidebar], now: Callable[[], datetime]) -> None:
    """Add the routes of the sidebars, by the names of their desks."""
    _add_page(app, sidebars, now)
    _add_tickets(app, sidebars, now)
    _add_static(app)
    app.after_request(_never_guessed)


def _add_page(app: Flask, sidebars: Mapping[str, Sidebar], now: Callable[[], datetime]) -> None:
    @app.post("/zendesk/<desk>/sidebar")
    def open_sidebar(desk: str) -> Answer:
        """The page, for the installation that Zendesk's token proves."""
        sidebar = _of(sidebars, desk)
        try:
            at = now()
            installation = sidebar.tokens.installation_of(request.form.get("token", ""), now=at)
        except DeliveryError as error:
            return _turned_away(desk, error)
        except HelpDeskError as error:
            logger.warning("cannot judge a token for %s: %s", desk, error)
            return {"error": "Zendesk cannot be asked just now; reload the ticket"}, 503
        except StoreUnavailableError:  # the key is remembered there
            return {"error": "the store does not answer"}, 503
        return _page(sidebar, sidebar.sessions.issue(installation, now=at))


def _add_tickets(app: Flask, sidebars: Mapping[str, Sidebar], now: Callable[[], datetime]) -> None:
    path = "/zendesk/<desk>/sidebar/tickets/<ticket_id>"

    @app.get(path)
    def show(desk: str, ticket_id: str) -> Answer:
        """What the policy says of a ticket, as far as it has been decided."""
        sidebar, at = _of(sidebars, desk), now()
        try:
            _check_session(sidebar, at)
            return jsonify(_shown(sidebar, ticket_id, at))
        except DeliveryError as error:
            return _turned_away(desk, error)
        except StoreUnavailableError:
            return {"error": "the store does not answer"}, 503

    @app.post(f"{path}/objections")
    def object_to(desk: str, ticket_id: str) -> Answer:
        """Keep what an agent found wrong; 201 when it is new, 200 when it was kept before."""
        sidebar, at = _of(sidebars, desk), now()
        try:
            _check_session(sidebar, at)
            new = sidebar.store.objections.add(_objection(sidebar, ticket_id, at))
        except DeliveryError as error:
            return _turned_away(desk, error)
        except (ValueError, RecursionError):
            return {"error": "this is not an objection"}, 400
        except ObjectionRefusedError as error:
            return {"error": str(error)}, 409
        except StoreUnavailableError:
            return {"error": "the store does not answer"}, 503
        return {"kept": True}, 201 if new else 200


def _add_static(app: Flask) -> None:
    @app.get("/static/sidebar/<version>/<path:name>")
    def static_file(version: str, name: str) -> Response:
        """A file of the page; the same for everybody, and for ever under its version."""
        if name not in static_files():
            abort(404)
        content, kind = static_files()[name]
        response = Response(content, content_type=kind)
        # During an upgrade a page of one version may ask a process of the other: it is answered
        # with what there is, and must not keep that.
        if version == static_version():
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _of(sidebars: Mapping[str, Sidebar], desk: str) -> Sidebar:
    return sidebars.get(desk) or abort(404)


def _never_guessed(response: Response) -> Response:
    """A browser takes these answers for what they say they are."""
    if request.path.startswith(("/zendesk/", "/static/")):
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _turned_away(desk: str, error: DeliveryError) -> Answer:
    """Why exactly is for the log: whoever tries tokens learns nothing."""
    logger.warning("refused the sidebar of %s: %s", desk, error)
    return {"error": "this is for Zendesk's sidebar alone; reload the ticket"}, 401


def _check_session(sidebar: Sidebar, at: datetime) -> None:
    given = request.authorization
    token = given.token if given and given.type == "bearer" else None
    sidebar.sessions.check(token or "", now=at)


def _shown(sidebar: Sidebar, ticket_id: str, at: datetime) -> dict[str, object]:
    """The panel; a ticket that is unknown and one that is undecided look alike."""
    ref = _ref(sidebar, ticket_id)
    texts = _texts(request.args.get("locale", ""))
    paid = sidebar.paid_help(ref, texts, at).as_dict() if sidebar.paid_help else None
    record = sidebar.store.decisions.newest(ref)
    if record is None:
        return {"decided": False, "paid_help": paid}
    told = panel(record, sidebar.policy, texts, now=at).as_dict()
    return {"decided": True, "paid_help": paid, **told}


def _ref(sidebar: Sidebar, ticket_id: str) -> TicketRef:
    """Zendesk's ids are numbers; anything else names no ticket."""
    usual = ticket_id.isascii() and ticket_id.isdigit()
    return TicketRef(desk=sidebar.desk, id=ticket_id if usual else "")


def _texts(locale: str) -> Texts:
    language = locale.partition("-")[0].lower()
    return load_texts(language if language in LANGUAGES else "en")


def _objection(sidebar: Sidebar, ticket_id: str, at: datetime) -> Objection:
    """What the page sent; ValueError when it is nothing that our page sends."""
    sent = _sent()
    decision, click = sent.get("decision"), sent.get("click")
    said, comment = sent.get("class"), sent.get("comment", "")
    known = {name for name, _ in classes(sidebar.policy, load_texts("en"))}
    if not isinstance(decision, int) or not 0 < decision < 2**63:
        raise ValueError("names no decision")
    if not isinstance(click, str) or not _CLICK.fullmatch(click):
        raise ValueError("names no click")
    if not isinstance(said, str) or said not in known:
        raise ValueError("says no class of the policy's")
    if not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
        raise ValueError("says too much")
    return Objection(
        ticket=_ref(sidebar, ticket_id),
        decision_id=decision,
        click=click,
        said_class=said,
        comment="".join(c for c in comment if c.isprintable() or c == "\n").strip(),
        at=at,
    )


def _sent() -> dict[str, object]:
    sent = json.loads(request.get_data())
    return sent if isinstance(sent, dict) else {}


def _page(sidebar: Sidebar, session: str) -> Response:
    words = {each: _words(load_texts(each)) for each in LANGUAGES}
    language = request.accept_languages.best_match(LANGUAGES) or "en"
    page = render_template(
        "sidebar.html",
        language=language,
        words=words,
        session=session,
        framework=FRAMEWORK,
        # Relative, so that the service may stand below a path of somebody's proxy.
        static=f"../../static/sidebar/{static_version()}",
        longest=LONGEST_COMMENT,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _policy_of_content(sidebar)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _words(texts: Texts) -> dict[str, str]:
    return {word: texts.say(f"sidebar.{word}") for word in WORDS}


def _policy_of_content(sidebar: Sidebar) -> str:
    """Nothing runs but our file and Zendesk's framework; nobody but the account frames the page."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {FRAMEWORK}",
            "style-src 'self'",
            "img-src 'self' data:",  # the marks of Garden's form fields
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {origin(sidebar.subdomain)}",
        )
    )
