"""The double's own address, which no Zendesk has: it moves the account's time."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.calling import whole_body
from support_policy.demo.zendesk_double.refusals import bad_parameter


def time_api(account: Account) -> Blueprint:
    """`POST /double/clock` with `{"seconds": 4500}`; it needs no log-in, being on loopback only."""
    api = Blueprint("double", __name__, url_prefix="/double")

    @api.get("/clock")
    def show() -> ResponseReturnValue:
        return _told(account)

    @api.post("/clock")
    def move() -> ResponseReturnValue:
        seconds = whole_body().get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise bad_parameter("seconds must be a number of seconds to come")
        account.clock.move(timedelta(seconds=seconds))
        return _told(account)

    return api


def _told(account: Account) -> ResponseReturnValue:
    clock = account.clock
    return {"now": clock.stamp(), "ahead": clock.ahead.total_seconds()}
