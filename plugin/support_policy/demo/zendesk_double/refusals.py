"""The answers that are no: status, body and headers as Zendesk words them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RefusedError(Exception):
    """A request that gets an error for an answer."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def not_found() -> RefusedError:
    """No such record."""
    return RefusedError(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(field: str, description: str, error: str = "InvalidValue") -> RefusedError:
    """A record that fails its validation."""
    details = {field: [{"description": description, "error": error}]}
    body = {
        "error": "RecordInvalid",
        "description": "Record validation errors",
        "details": details,
    }
    return RefusedError(422, body)


def blank(field: str) -> RefusedError:
    """A required value is missing."""
    return invalid(field, f"{field.capitalize()}: cannot be blank", "BlankValue")


def bad_category(code: str, title: str, status: int = 400) -> RefusedError:
    """Trigger categories word their errors in a way of their own."""
    return RefusedError(status, {"errors": [{"code": code, "title": title}]})


def no_category() -> RefusedError:
    """No such trigger category."""
    title = "Category can’t be found. Check the ID and try again."
    return bad_category("TriggerCategoryNotFound", title, 404)


def malformed(attribute: str) -> RefusedError:
    """The body lacks its one outer property, or that is no object."""
    message = f"You passed an invalid value for the {attribute} attribute. must be an object"
    return RefusedError(400, {"error": {"title": "Invalid attribute", "message": message}})


def bad_parameter(description: str, **more: Any) -> RefusedError:
    """A query parameter that Zendesk does not take."""
    return RefusedError(400, {"error": "InvalidValue", "description": description, **more})


def conflict() -> RefusedError:
    """A safe update whose ticket changed in between."""
    description = (
        "Safe Update prevented the update due to outdated ticket data. "
        "Please fetch the latest ticket data and try again."
    )
    return RefusedError(409, {"error": "UpdateConflict", "description": description})


def not_on_this_plan() -> RefusedError:
    """The resource belongs to a larger plan, or to another role."""
    message = (
        "You do not have access to this page. "
        "Please contact the account owner of this help desk for further help."
    )
    return RefusedError(403, {"error": {"title": "Forbidden", "message": message}})


def out_of_scope(needed: str) -> RefusedError:
    """The token's scopes do not reach this resource."""
    description = f"The token lacks the scope {needed}"
    return RefusedError(403, {"error": "Forbidden", "description": description})


def bad_token() -> RefusedError:
    """The bearer token is unknown, expired or revoked."""
    description = (
        "The access token provided is expired, revoked, malformed or invalid for other reasons."
    )
    body = {"error": "invalid_token", "error_description": description}
    return RefusedError(401, body, {"WWW-Authenticate": 'Bearer realm="Zendesk"'})


def not_authenticated() -> RefusedError:
    """No credentials, or wrong ones."""
    return RefusedError(401, {"error": "Couldn't authenticate you"})


def too_many_requests(seconds: int) -> RefusedError:
    """A limit is used up; try again after that many seconds."""
    body = {
        "error": "APIRateLimitExceeded",
        "description": "Number of allowed API requests per minute exceeded",
    }
    return RefusedError(429, body, {"Retry-After": str(seconds)})
