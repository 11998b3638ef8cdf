"""Permission for paid help in django-helpdesk's JSON, in and out; pure.

An agent fills in fields of ours on the ticket's edit page. ``support_policy_desk.py`` keeps a
private follow-up of each time the last of them is ticked: it tells who asked, and one asking from
the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from support_policy.core.ticket import Requester, TicketRef
from support_policy.errors import RefusedError
from support_policy.helpdesk import Ask, Conversation, Message, Post, Posting
from support_policy.helpdesks.django_helpdesk.history import (
    POST_STAMP,
    by_email,
    by_somebody_known,
    comment,
    follow_ups,
    instant,
    is_ask,
    number,
    opened_by_customer,
    opening_of,
)

ASK_FIELDS = ("fee_reason", "fee_work", "fee_blocks", "fee_permitter", "fee_ask")
REASONS = ("outside", "correction")
HEARD_TAGS = frozenset({"fee_requested", "fee_expired"})
"""On tickets with one of them, what customers write may be an answer, if only a late one."""

TAGS_LIMIT = 1000
"""Characters that the field of tags holds."""

_UNKNOWN_AGENT = "help desk staff"
_BY = re.compile(r"^Asked by / Demandé par : (.+?)\s*$", re.MULTILINE)
_STAMP_LIKE = re.compile(r"^(\s*)\[(.*)\](\s*)$")
_ADDRESS_AT_END = re.compile(r"(?:^|\s)([^\s@]+@[^\s@]+)\s*$")
# What the desk itself writes in public, under nobody's name: a robot's act, and a link's. A mail
# scanner follows links.
_ESCALATED = "Ticket Escalated"
_CLOSED_BY_LINK = (
    "Submitter accepted resolution and closed ticket",
    "L'émetteur a accepté la solution et fermé le ticket.",
)
_MARK_UP = str.maketrans({"{": "(", "}": ")", "<": "‹", ">": "›"})


def conversation(data: Mapping[str, Any], ref: TicketRef, *, closed: bool) -> Conversation:
    """A ticket of the REST API as far as permission for paid help goes.

    The API tells neither the requester's name nor whether an address is theirs.
    """
    return Conversation(
        ref=ref,
        number=ref.id,
        subject=str(data.get("title") or ""),
        requester=Requester(address=data.get("submitter_email") or None),
        closed=closed,
        ask=_ask(data),
        messages=tuple(_message(one, data) for one in _by_customers(data)),
        posted=frozenset(_posted(data)),
        tags=_tags(data),
    )


def told(data: Mapping[str, Any], *, ticket: int, follow_up: int | None = None) -> str | None:
    """The key of what a ticket asks of us; None when it asks for nothing.

    ``follow_up`` is the one that the desk tells of; without it, the newest counts.
    """
    entry = _entry(data, follow_up)
    if entry and not HEARD_TAGS.isdisjoint(_tags(data)) and entry is not opening_of(data):
        return f"message:{ticket}:{number(entry)}"
    return f"asked:{ticket}:{ask.mark}" if (ask := _ask(data)) else None


def written(post: Post) -> str:
    """A follow-up's comment with its stamp.

    The desk renders it as a Django template and shows it as plain text to the customer, as HTML in
    a mail, and to agents as ``support_policy_desk.py`` lets it: as plain text too. So what would
    be markup gets other brackets, but nothing is escaped, and a link stays as it is. Lines end as
    in a browser's form, which is what the desk makes line breaks of in its mails.
    """
    text = post.text.translate(_MARK_UP)
    text = re.sub(r"&(?=#?\w+;)", "& ", text)
    text = re.sub(r"#(?=\d)", "# ", text)
    # Line by line: there are more ends of lines than a regular expression knows.
    lines = [_STAMP_LIKE.sub(r"\1(\2)\3", line) for line in text.rstrip().splitlines()]
    return "\r\n".join((*lines, "", f"[{post.stamp}]"))


def unmailed(data: Mapping[str, Any], post: Post) -> list[int]:
    """The numbers of the follow-ups that hold this post and whose mailing the desk did not end."""
    return [
        number(one)
        for one in follow_ups(data)
        if by_somebody_known(one)
        and post.stamp in POST_STAMP.findall(comment(one))
        and one.get("email_recipients") is None
    ]


def changes(data: Mapping[str, Any], posting: Posting) -> dict[str, Any]:
    """The body of the PATCH of a ticket as it is now: its tags, and the ask taken away.

    Raises RefusedError where the tags do not fit: a state of ours must not be lost.
    """
    body: dict[str, Any] = {}
    there = _tags(data)
    kept = tuple(tag for tag in there if tag not in posting.remove_tags)
    wanted = (*kept, *(tag for tag in posting.add_tags if tag not in kept))
    if wanted != there:
        body["custom_policy_tags"] = " ".join(wanted)
        if len(body["custom_policy_tags"]) > TAGS_LIMIT:
            raise RefusedError("the ticket's field of tags is full")
    if posting.clear_ask and data.get("custom_policy_fee_ask"):
        body["custom_policy_fee_ask"] = False
    return body


def _ask(data: Mapping[str, Any]) -> Ask | None:
    asked = [one for one in follow_ups(data) if is_ask(one)]
    if data.get("custom_policy_fee_ask") is not True or not asked:
        return None
    by = _BY.search(comment(asked[-1]))
    reason = str(data.get("custom_policy_fee_reason") or "").partition(" ")[0]
    blocks = data.get("custom_policy_fee_blocks")
    return Ask(
        mark=str(number(asked[-1])),
        by=by[1] if by else _UNKNOWN_AGENT,
        reason=reason if reason in REASONS else None,
        work=str(data.get("custom_policy_fee_work") or ""),
        blocks=blocks if type(blocks) is int else None,
        permitter=str(data.get("custom_policy_fee_permitter") or "").strip() or None,
    )


def _entry(data: Mapping[str, Any], wanted: int | None) -> Mapping[str, Any] | None:
    """The customer's message with this number, or the newest."""
    found = [one for one in reversed(_by_customers(data)) if wanted in (None, number(one))]
    return found[0] if found else None


def _by_customers(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What somebody else than staff, a program or the desk itself wrote in public."""
    first = opening_of(data)
    return [
        one
        for one in follow_ups(data)
        if one.get("public")
        and (opened_by_customer(one) if one is first else not by_somebody_known(one))
        and (by_email(one) or not _by_the_desk(one))
    ]


def _by_the_desk(follow_up: Mapping[str, Any]) -> bool:
    return follow_up.get("title") == _ESCALATED or comment(follow_up) in _CLOSED_BY_LINK


def _message(follow_up: Mapping[str, Any], data: Mapping[str, Any]) -> Message:
    """A customer's message; the desk keeps a mail's sender in the title, and no headers of it."""
    address = data.get("submitter_email") or None  # whoever else writes needs the ticket's key
    headers = {}
    if by_email(follow_up):
        sender = _ADDRESS_AT_END.search(str(follow_up.get("title") or ""))
        address = sender[1] if sender else None
        if message_id := follow_up.get("message_id"):
            headers["Message-ID"] = str(message_id)
    return Message(
        id=str(number(follow_up)),
        at=instant(follow_up.get("date")),
        address=address,
        text=comment(follow_up),
        headers=headers,
    )


def _posted(data: Mapping[str, Any]) -> list[str]:
    """The stamps in what staff and programs wrote; the opening may hold a customer's words."""
    first = opening_of(data)
    written_by_us = [one for one in follow_ups(data) if by_somebody_known(one) and one is not first]
    return [stamp for one in written_by_us for stamp in POST_STAMP.findall(comment(one))]


def _tags(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(data.get("custom_policy_tags") or "").split())
