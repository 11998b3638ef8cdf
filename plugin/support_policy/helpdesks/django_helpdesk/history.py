"""A ticket's follow-ups in django-helpdesk's JSON: whose they are, and which are ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

# Each on a line of its own: words of a customer in a text of ours never are.
NOTE_STAMP = re.compile(r"^\[support-policy (\S+)\]\s*$", re.MULTILINE)
POST_STAMP = re.compile(r"^\[(PH-[A-Z2-9]{8}/[a-z0-9-]{1,40})\]\s*$", re.MULTILINE)
ASK_STAMP = re.compile(r"^\[paid-help asked\]\s*\Z", re.MULTILINE)
"""What ``support_policy_desk.py`` writes when an agent asks for permission for paid help."""

BY_WEB = ("Ticket Opened Via Web", "Billet ouvert via le Web")
BY_EMAIL = ("E-Mail Received from", "E-mail reçu de")
_REOPENED_BY_EMAIL = "Ticket Re-Opened by E-Mail Received from"


def follow_ups(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The follow-ups of a ticket, the oldest first; odd parts left out."""
    found = data.get("followup_set")
    each = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return sorted(each, key=number)


def opening_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first follow-up, which django-helpdesk writes when a ticket is opened.

    An agent may ask for paid help in the form that opens the ticket: that is written before it.
    """
    return next((one for one in follow_ups(data) if not (_is_note(one) or is_ask(one))), {})


def number(follow_up: Mapping[str, Any]) -> int:
    """Its number; 0 where there is none."""
    found = follow_up.get("id")
    return found if isinstance(found, int) else 0


def comment(follow_up: Mapping[str, Any]) -> str:
    """Its text."""
    return str(follow_up.get("comment") or "")


def by_somebody_known(follow_up: Mapping[str, Any]) -> bool:
    """Whether a log-in stands beside it: after the opening, that is staff or a program.

    django-helpdesk writes the user only of those it takes for staff; a customer's mail has none.
    """
    return follow_up.get("user") is not None


def by_email(follow_up: Mapping[str, Any]) -> bool:
    """Whether it came in by mail; a mail without a Message-ID is known by its title."""
    title = str(follow_up.get("title") or "")
    return bool(follow_up.get("message_id")) or title.startswith((*BY_EMAIL, _REOPENED_BY_EMAIL))


def opened_by_customer(opening: Mapping[str, Any]) -> bool:
    """Whether a ticket's first follow-up is by the requester, with a log-in or without.

    Titles are in the language of whoever opened the ticket; one we cannot read, by somebody with
    a log-in, is taken for a colleague's: better a choice too many kept than one lost.
    """
    title = str(opening.get("title") or "")
    return not by_somebody_known(opening) or title.startswith((*BY_WEB, *BY_EMAIL))


def is_ours(follow_up: Mapping[str, Any]) -> bool:
    """Whether the service wrote it, as its stamp says; a customer may quote one."""
    posted = by_somebody_known(follow_up) and POST_STAMP.search(comment(follow_up))
    return bool(posted) or _is_note(follow_up)


def is_ask(follow_up: Mapping[str, Any]) -> bool:
    """Whether it is the record of an agent's asking: private, so that no customer can write one."""
    return not follow_up.get("public") and bool(ASK_STAMP.search(comment(follow_up)))


def private_comments(data: Mapping[str, Any]) -> list[str]:
    """The texts that customers do not see."""
    return [comment(one) for one in follow_ups(data) if not one.get("public")]


def instant(text: object) -> datetime:
    """An instant of the API, which carries its offset as long as the desk keeps USE_TZ on."""
    return datetime.fromisoformat(str(text))


def moment(text: object) -> datetime | None:
    """An instant where there may be none, or something else."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _is_note(follow_up: Mapping[str, Any]) -> bool:
    return bool(NOTE_STAMP.search(comment(follow_up)))
