"""What a view asks of the request it answers: who calls, and what the body holds."""

from __future__ import annotations

from typing import Any, cast

from flask import g, request

from support_policy.demo.zendesk_double.oauth import Caller
from support_policy.demo.zendesk_double.people import User
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import (
    RefusedError,
    malformed,
    not_on_this_plan,
)


def caller() -> User:
    """Who the credentials act as."""
    return cast("Caller", g.caller).user


def admin() -> User:
    """The caller, who must be an admin."""
    user = caller()
    if user.role != "admin":
        raise not_on_this_plan()
    return user


def whole_body() -> Json:
    """The request's JSON object."""
    found: Any = request.get_json(force=True, silent=True)
    if not isinstance(found, dict):
        message = "Server could not parse JSON"
        raise RefusedError(422, {"error": "Unprocessable Entity", "message": message})
    return found


def body(name: str) -> Json:
    """The object under the one outer property that Zendesk's bodies have."""
    found = whole_body().get(name)
    if not isinstance(found, dict):
        raise malformed(name)
    return found
