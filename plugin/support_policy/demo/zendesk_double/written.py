"""Comments: as requests bring them, and as REST lists them."""

from __future__ import annotations

from typing import Any

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.audits import Comment, comment
from support_policy.demo.zendesk_double.people import User
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import invalid
from support_policy.demo.zendesk_double.tickets import Ticket


def written_comment(
    account: Account, asked: Any, caller: User, *, public: bool, ticket: Ticket | None = None
) -> Comment | None:
    """The comment of a request, if it has one; `public` unless the request says otherwise.

    On a ticket that is there already, Zendesk fills in placeholders.
    """
    if asked is None:
        return None
    if not isinstance(asked, dict):
        asked = {"body": str(asked)}
    text, markup = asked.get("body"), asked.get("html_body")
    if ticket is not None:
        fill = account.placeholders.in_comment
        text, markup = (each and fill(str(each), ticket) for each in (text, markup))
    if not text and not markup:
        raise invalid("comment", "Comment: cannot be blank", "BlankValue")
    author = account.people.user(asked["author_id"]) if asked.get("author_id") else caller
    shown = asked.get("public", public) not in {False, "false"}
    return comment(str(text or ""), author, public=shown, markup=markup)


def comment_events(ticket: Ticket) -> list[Json]:
    """Every comment, oldest first."""
    return [
        {
            **{name: value for name, value in event.items() if name != "via"},
            "audit_id": audit["id"],
            "created_at": audit["created_at"],
            "via": audit["via"],
            "metadata": audit["metadata"],
        }
        for audit in ticket.audits
        for event in audit["events"]
        if event["type"] == "Comment"
    ]
