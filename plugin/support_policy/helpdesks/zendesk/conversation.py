"""A ticket's conversation as far as permission for paid help goes, read from what Zendesk keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from support_policy.core.ticket import TicketRef
from support_policy.helpdesk import Ask, Conversation, Message
from support_policy.helpdesks.zendesk.codec import CLOSED, Found, ZendeskCodec, moment
from support_policy.helpdesks.zendesk.fields import ASK_TAG, REASONS
from support_policy.helpdesks.zendesk.history import STAFF, channel_of, events_of, number_of
from support_policy.helpdesks.zendesk.posting import METADATA

AUTOMATIC = 4
"""Zendesk's flag of a comment that was generated automatically (developer.zendesk.com, "Ticket
Comments", "Comment flags")."""

_STAMP = re.compile(r"\[(PH-[A-Z2-9]{8}/[a-z0-9-]{1,40})\]")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|blockquote)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comment:
    """A comment, the audit it came with, and who is behind both."""

    row: Row
    audit: Row
    author: int
    person: Row

    @property
    def metadata(self) -> Iterator[Row]:
        """What Zendesk says of it; the list of comments and the audit both may."""
        for place in (self.row, self.audit):
            found = place.get("metadata")
            if isinstance(found, Mapping):
                yield found

    @property
    def flags(self) -> frozenset[int]:
        """Why Zendesk warns agents of it."""
        return frozenset(flag for each in self.metadata for flag in each.get("flags") or ())

    @property
    def channel(self) -> str:
        """The way on which it came in."""
        return channel_of(self.row) or channel_of(self.audit)


def people_in(ticket: Row, comments: Sequence[Row], audits: Sequence[Row]) -> set[int]:
    """The ids of everybody who must be known to read a conversation."""
    numbers = {number_of(each.get("author_id")) for each in (*comments, *audits)}
    return {number for number in numbers | {number_of(ticket.get("requester_id"))} if number > 0}


def read_conversation(found: Found, comments: Sequence[Row], codec: ZendeskCodec) -> Conversation:
    """The conversation of a ticket; UnavailableError for an odd answer."""
    ticket = found.ticket
    ref = TicketRef(desk=codec.desk, id=str(ticket.get("id")))
    requester = found.people.get(number_of(ticket.get("requester_id")), {})
    verified = requester.get("verified")
    told = list(_with_audits(found, comments))
    return Conversation(
        ref=ref,
        number=ref.id,
        subject=str(ticket.get("subject") or ticket.get("raw_subject") or ""),
        requester=codec.requester(found),
        requester_name=str(requester.get("name") or ""),
        verified=verified if isinstance(verified, bool) else None,
        closed=ticket.get("status") in CLOSED,
        ask=_ask(found, codec),
        messages=tuple(
            _message(each, opening=place == 0)
            for place, each in enumerate(told)
            if _is_customers(each, found, codec)
        ),
        posted=frozenset(_posted(told, found, codec)),
        tags=tuple(str(tag) for tag in ticket.get("tags") or ()),
        revision=str(ticket.get("updated_at") or ""),
    )


def _with_audits(found: Found, comments: Sequence[Row]) -> Iterator[_Comment]:
    """The comments from the oldest, each with its audit."""
    audits = {number_of(audit.get("id")): audit for audit in found.audits}
    for row in sorted(comments, key=lambda row: number_of(row.get("id"))):
        author = number_of(row.get("author_id"))
        yield _Comment(
            row=row,
            audit=audits.get(number_of(row.get("audit_id")), {}),
            author=author,
            person=found.people.get(author, {}),
        )


def _is_ours(number: int, found: Found, codec: ZendeskCodec) -> bool:
    """Whether somebody is staff or a program."""
    person = found.people.get(number, {})
    return number in codec.programs or person.get("role") in STAFF


def _is_customers(comment: _Comment, found: Found, codec: ZendeskCodec) -> bool:
    """Whether a customer wrote it, and not somebody in a customer's name.

    An agent may write as a customer, and Zendesk flags nothing then; who did it is in the audit.
    A call that was taken on the telephone is a comment as well, and nobody's own words.
    """
    writers = {comment.author, number_of(comment.audit.get("author_id"))}
    return (
        comment.author > 0  # below are Zendesk's own programs
        and comment.row.get("public") is True
        and comment.row.get("type", "Comment") == "Comment"
        and not any(_is_ours(number, found, codec) for number in writers)
    )


def _message(comment: _Comment, *, opening: bool) -> Message:
    """A customer's message.

    Its HTML is the least sanitized form that Zendesk has of it. In plain text, what is quoted can
    no longer be told from the customer's own words.
    """
    markup = comment.row.get("html_body")
    plain = comment.row.get("plain_body") or comment.row.get("body") or ""
    return Message(
        id=str(comment.row.get("id")),
        at=moment(comment.row.get("created_at")),
        address=str(comment.person.get("email") or "") or None,
        text=str(markup or plain),
        content_type="text/html" if markup else "text/plain",
        headers=_headers(comment),
        dmarc=_vouched(comment, opening=opening),
        automatic=AUTOMATIC in comment.flags,
    )


def _headers(comment: _Comment) -> dict[str, str]:
    """The little of a mail's head that Zendesk hands on."""
    via = comment.row.get("via") or comment.audit.get("via")
    source = via.get("source") if isinstance(via, Mapping) else None
    sender = source.get("from") if isinstance(source, Mapping) else None
    systems = [each.get("system") for each in comment.metadata]
    known = [each for each in systems if isinstance(each, Mapping)]
    found = {
        "From": sender.get("address") if isinstance(sender, Mapping) else None,
        "Message-ID": next((each["message_id"] for each in known if "message_id" in each), None),
    }
    return {name: value for name, value in found.items() if isinstance(value, str) and value}


def _vouched(comment: _Comment, *, opening: bool) -> bool | None:
    """Whether Zendesk says that its author wrote it; None where it does not say.

    It flags what it doubts: mail that its sender may not have sent, an author who was not part of
    the conversation or had not logged in. Of mail it does not say that DMARC passed. In the help
    center nobody can add to a ticket without logging in; a ticket can be opened without.
    """
    for each in comment.metadata:
        if each.get("trusted") is False or each.get("suspension_type_id") is not None:
            return False
    if comment.flags:
        return False
    via = comment.row.get("via") or comment.audit.get("via")
    source = via.get("source") if isinstance(via, Mapping) else None
    widget = source.get("rel") if isinstance(source, Mapping) else None
    own = number_of(comment.audit.get("author_id")) == comment.author and bool(comment.person)
    return True if comment.channel == "web" and own and not (opening or widget) else None


def _ask(found: Found, codec: ZendeskCodec) -> Ask | None:
    """What an agent filled in, while the tag is there that the agent put on.

    Zendesk can tag tickets by words in them, and then nobody asked.
    """
    audit = _tagged(found.audits) if ASK_TAG in (found.ticket.get("tags") or ()) else None
    if audit is None:
        return None
    author = number_of(audit.get("author_id"))
    if not _is_ours(author, found, codec):
        return None
    rows = {str(each.get("id")): each for each in found.ticket.get("custom_fields") or ()}
    values = {name: rows.get(number, {}).get("value") for name, number in found.fields.items()}
    return Ask(
        mark=str(audit.get("id")),
        by=str(found.people.get(author, {}).get("name") or ""),
        reason=REASONS.get(str(values.get("ask_reason"))),
        work=str(values.get("ask_work") or "").strip(),
        blocks=_whole(values.get("ask_blocks")),
        permitter=str(values.get("ask_permitter") or "").strip() or None,
    )


def _tagged(audits: Sequence[Row]) -> Row | None:
    """The audit in which the tag was put on last."""
    last, there = None, False
    for audit in sorted(audits, key=lambda audit: number_of(audit.get("id"))):
        for event in events_of(audit):
            if event.get("field_name") != "tags" or event.get("type") not in ("Create", "Change"):
                continue
            before, there = there, ASK_TAG in _words(event.get("value"))
            if there and not before:
                last = audit
    return last


def _words(tags: object) -> Sequence[str]:
    """Tags, which audits tell as a list or as words with spaces between them."""
    if isinstance(tags, str):
        return tags.split()
    return [str(tag) for tag in tags] if isinstance(tags, list) else []


def _whole(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def _posted(told: Sequence[_Comment], found: Found, codec: ZendeskCodec) -> Iterator[str]:
    """The stamps of our messages: from our audits' metadata, and from what staff wrote.

    Ours end with their stamp. One that stands further up was quoted, maybe from a customer.
    """
    for audit in found.audits:
        ours = (audit.get("metadata") or {}).get("custom") or {}
        stamp = (ours.get(METADATA) or {}).get("stamp") if isinstance(ours, Mapping) else None
        author = found.people.get(number_of(audit.get("author_id")), {})
        if isinstance(stamp, str) and author.get("role") != "end-user":
            yield stamp
    for comment in told:
        if _is_ours(comment.author, found, codec) and (stamp := _stamp_of(comment.row)):
            yield stamp


def _stamp_of(row: Row) -> str | None:
    """The stamp in the last line of a comment."""
    markup = str(row.get("html_body") or "")
    text = unescape(_TAG.sub("", _BREAK.sub("\n", markup))) or str(row.get("body") or "")
    last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
    stamp = _STAMP.fullmatch(last)
    return stamp[1] if stamp else None
