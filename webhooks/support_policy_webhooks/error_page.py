"""What a person is told when a page cannot be shown, or what they sent cannot be taken."""

from __future__ import annotations

from flask import Response, request

from support_policy.texts import load_texts
from support_policy_webhooks.page import asked_language, other_language, page_address, render

PAGES = ("/permission/", "/paid-help/", "/policy/")
"""Where people come, and not programs; staff and customers are told the same."""

NOWHERE = 404


def for_people() -> bool:
    """Whether this address is one that people open."""
    return request.path.startswith(PAGES)


def error_page(status: int) -> Response:
    """An error of HTTP, or of ours, in both languages: nothing is known of who reads it."""
    language = asked_language()
    heading, more = _told(status, language)
    other_heading, other_more = _told(status, other_language(language))
    values = {
        "heading": heading,
        "more": more,
        "other_heading": other_heading,
        "other_more": other_more,
    }
    # A link that opens nothing leads nowhere, however it is written.
    here = page_address() if status != NOWHERE else ""
    return render("permission_error.html", language, values, here=here, status=status)


def gone() -> Response:
    """The one answer to every link that opens nothing, whatever is wrong with it."""
    return error_page(NOWHERE)


def away(language: str) -> Response:
    """The store does not answer, and nothing was tried."""
    return render("permission_away.html", language, {}, here=page_address(), status=503)


def _told(status: int, language: str) -> tuple[str, str]:
    """What has happened, and what to do, in one language."""
    say = load_texts(language).say
    if status == NOWHERE:
        return say("permission.gone"), say("permission.gone_more")
    if status == 405:
        return say("permission.no_page"), say("permission.no_page_more")
    if status < 500:
        return say("permission.not_taken"), say("permission.not_taken_more")
    return say("permission.broken"), say("permission.broken_more")
