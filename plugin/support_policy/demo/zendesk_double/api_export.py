"""The incremental export of tickets, by cursor."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.calling import admin
from support_policy.demo.zendesk_double.people import whole
from support_policy.demo.zendesk_double.refusals import bad_parameter
from support_policy.demo.zendesk_double.tickets import Ticket, shown

DEFAULT_PAGE: Final = 1000
LEAST_AGE: Final = 60.0


def export_api(account: Account) -> Blueprint:
    """Routes below `/api/v2/incremental`."""
    api = Blueprint("export", __name__, url_prefix="/api/v2/incremental")

    @api.get("/tickets/cursor")
    def tickets() -> ResponseReturnValue:
        admin()
        account.limits.export()
        size = whole(request.args.get("per_page", DEFAULT_PAGE))
        if size is None or not 0 < size <= DEFAULT_PAGE:
            raise bad_parameter("per_page is not valid")
        waiting = _waiting(account)
        found = waiting[:size]
        cursor = _closed(found[-1].turn) if found else _closed(_position(account))
        return {
            "tickets": [shown(ticket, account.fields, account.url) for ticket in found],
            "after_url": f"{request.base_url}?cursor={cursor}",
            "after_cursor": cursor,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": len(found) == len(waiting),
        }

    return api


def _waiting(account: Account) -> list[Ticket]:
    """What the caller has not seen yet."""
    if "cursor" in request.args:
        position = _opened(request.args["cursor"])
        return [ticket for ticket in account.tickets.exported() if ticket.turn > position]
    start = whole(request.args.get("start_time"))
    if start is None:
        raise bad_parameter("start_time is required")
    # Zendesk wants it a minute old; the minute runs as fast as the rate windows.
    if start > account.clock.exact().timestamp() - account.clock.real(LEAST_AGE):
        raise bad_parameter("start_time is too recent, must be older than a minute")
    return [ticket for ticket in account.tickets.exported() if ticket.generated >= start]


def _position(account: Account) -> int:
    if "cursor" in request.args:
        return _opened(request.args["cursor"])
    return max((ticket.turn for ticket in account.tickets.exported()), default=0)


def _closed(turn: int) -> str:
    return base64.urlsafe_b64encode(f"t|{turn}".encode()).decode()


def _opened(cursor: str) -> int:
    try:
        kind, _, digits = base64.urlsafe_b64decode(cursor).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise bad_parameter("cursor is not valid") from None
    if kind != "t" or not digits.isdecimal():
        raise bad_parameter("cursor is not valid")
    return int(digits)
