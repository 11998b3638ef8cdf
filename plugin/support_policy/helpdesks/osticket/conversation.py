"""A ticket's conversation about paid help, as our plugin tells it, and what we bring on; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import Any

from support_policy.core.ticket import Requester, TicketRef
from support_policy.errors import MalformedError
from support_policy.helpdesk import Ask, Conversation, Message, Posting
from support_policy.helpdesks.osticket.authentication import passed_dmarc, sender_of
from support_policy.helpdesks.osticket.wire import Fields

_STATUSES = {"open": False, "closed": True}
_REASONS = ("outside", "correction")
_CONTENT = {"html": "text/html", "text": "text/plain"}

Headers = Sequence[tuple[str, str]]


def conversation(data: object, *, desk: str) -> Conversation:
    """A conversation as the plugin gives it; MalformedError names what is wrong with it."""
    fields = Fields.of(data)
    requester = Fields.of(fields.values.get("requester"))
    trusted = fields.text("trusted_authserv", null=True)
    language = requester.text("language", null=True)
    return Conversation(
        ref=TicketRef(desk=desk, id=fields.text("number")),
        number=fields.text("number"),
        subject=fields.text("subject", empty=True),
        requester=Requester(
            address=requester.text("address", null=True) or None,
            language=language.replace("-", "_").partition("_")[0].lower() or None,
        ),
        requester_name=requester.text("name", null=True),
        verified=_truth(requester.values.get("verified")),
        closed=fields.one_of("status", _STATUSES),
        ask=_ask(fields.values.get("ask")),
        messages=tuple(_message(each, trusted) for each in _list(fields.values.get("messages"))),
        posted=frozenset(fields.texts("posted")),
        tags=fields.texts("tags"),
        revision=fields.text("revision"),
    )


def posting(posting: Posting, *, event: str, number: str, revision: str) -> dict[str, Any]:
    """A posting in the plugin's words; each text ends in its stamp, by which it is known again."""
    return {
        "type": "permission.posting",
        "event": event,
        "ticket": {"number": number},
        "revision": revision,
        "posts": [
            {"stamp": post.stamp, "text": f"{post.text}\n\n[{post.stamp}]", "public": post.public}
            for post in posting.posts
        ],
        "add_tags": list(posting.add_tags),
        "remove_tags": list(posting.remove_tags),
        "wait": posting.wait,
        "resume": posting.resume,
        "clear_ask": posting.clear_ask,
    }


def _ask(data: object) -> Ask | None:
    if data is None:
        return None
    fields = Fields.of(data)
    reason, blocks = fields.text("reason", null=True), fields.text("blocks", null=True)
    return Ask(
        mark=fields.text("mark"),
        by=fields.text("by", empty=True),
        reason=reason if reason in _REASONS else None,
        work=fields.text("work", null=True),
        # Agents may change the fields by hand.
        blocks=int(blocks) if blocks.isascii() and blocks.isdigit() and len(blocks) < 4 else None,
        permitter=fields.text("permitter", null=True) or None,
    )


def _message(data: object, trusted: str) -> Message:
    fields = Fields.of(data)
    headers = _headers(fields.values.get("headers"))
    body, kind = fields.text("body", empty=True), fields.text("format")
    address = fields.text("address", null=True) or None
    if kind not in _CONTENT:
        raise MalformedError("a message's format is unknown")
    return Message(
        id=str(fields.number("id")),
        at=fields.instant("at"),
        # osTicket finds the writer of a mail by a token in it as well, whoever sent it.
        address=sender_of(headers) if headers else address,
        text=body,
        content_type=_CONTENT[kind],
        headers=_shown(headers),
        dmarc=_proven(fields.text("identity", null=True), headers, trusted),
        automatic=fields.values.get("automatic") is True,
    )


def _proven(identity: str, headers: Headers, trusted: str) -> bool | None:
    """Logged in for real is proof; who came by a ticket's link only has the link."""
    if headers:
        return passed_dmarc(headers, trusted=trusted)
    return True if identity == "client" else None


def _headers(data: object) -> list[tuple[str, str]]:
    found = []
    for each in _list(data):
        if not (
            isinstance(each, list) and len(each) == 2 and all(isinstance(t, str) for t in each)
        ):
            raise MalformedError("a message's headers are not pairs of texts")
        found.append((each[0], each[1]))
    return found


def _shown(headers: Headers) -> Mapping[str, str]:
    """The topmost of each name; the sender stands in the message itself."""
    shown: dict[str, str] = {}
    for name, value in headers:
        if name != "From":
            shown.setdefault(name, _decoded(value) if name == "Subject" else value)
    return shown


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError):  # words in no known alphabet
        return value


def _list(data: object) -> list[Any]:
    if not isinstance(data, list):
        raise MalformedError("the conversation has no list where one must be")
    return data


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
