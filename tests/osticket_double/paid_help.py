"""What the plugin tells of paid help, and what it does with what the service brings on."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.osticket_double.decisions import MisfitError
from tests.osticket_double.tickets import Entry, Ticket, spelled

ASK_TAG, OPEN_TAG = "ask_fee_permission", "fee_requested"
PAID_FIELDS = ("paid_reason", "paid_work", "paid_blocks", "paid_permitter", "paid_asked")
STAMP = re.compile(r"PH-[A-Z2-9]{8}/[a-z0-9-]{1,40}")
_KEYS = {
    "type": str,
    "event": str,
    "ticket": dict,
    "revision": str,
    "posts": list,
    "add_tags": list,
    "remove_tags": list,
    "wait": bool,
    "resume": bool,
    "clear_ask": bool,
}


@dataclass(slots=True, kw_only=True)
class Hint:
    """That permission was asked, or that a customer wrote, waiting to be told."""

    kind: str
    ticket: Ticket
    entry: int = 0
    event: str = field(default_factory=lambda: str(uuid.uuid4()))
    heard: bool = False


def conversation(ticket: Ticket, *, trusted: str) -> dict[str, Any]:
    """CONVERSATION of the contract; an entry's number is its place in the thread."""
    state: dict[str, Any] = {
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "status": "closed" if ticket.closed else "open",
        "requester": {
            "name": ticket.name,
            "address": ticket.address,
            "language": ticket.language,
            "verified": ticket.verified,
        },
        "tags": list(ticket.tags),
        "ask": ticket.ask if ASK_TAG in ticket.tags else None,
        "messages": [
            _message(number, each)
            for number, each in enumerate(ticket.thread, 1)
            if each.kind == "message" and each.by == "customer"
        ],
        "posted": _posted(ticket),
        "trusted_authserv": trusted,
    }
    digest = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
    return {**state, "revision": digest[:16]}


def posting(message: object, *, event: str, number: str) -> dict[str, Any]:
    """A posting that is what the contract says. Raises MisfitError."""
    if not isinstance(message, dict) or message.keys() != _KEYS.keys():
        raise MisfitError("not a posting")
    if any(type(message[name]) is not kind for name, kind in _KEYS.items()):
        raise MisfitError("a part of another kind")
    if (message["type"], message["event"]) != ("permission.posting", event):
        raise MisfitError("about another event")
    if message["ticket"] != {"number": number}:
        raise MisfitError("about another ticket")
    for post in message["posts"]:
        if post.keys() != {"stamp", "text", "public"} or type(post["public"]) is not bool:
            raise MisfitError("not a post")
        if not STAMP.fullmatch(post["stamp"]):
            raise MisfitError("not a stamp")
        if not post["text"].endswith(f"\n[{post['stamp']}]"):
            raise MisfitError("a text that does not end in its stamp")
    if not all(re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", tag) for tag in _tags(message)):
        raise MisfitError("a tag that osTicket's list cannot hold")
    return message


def post(ticket: Ticket, message: dict[str, Any], *, trusted: str) -> str:
    """Messages, then tags and state; 'changed' when the ticket is no longer as it was read."""
    if message["revision"] != conversation(ticket, trusted=trusted)["revision"]:
        return "changed"
    there = _posted(ticket)
    for each in sorted(message["posts"], key=lambda one: not one["public"]):
        if each["stamp"] not in there:
            kind: Any = "response" if each["public"] else "note"
            ticket.thread.append(Entry(kind=kind, text=each["text"], by="plugin"))
    if not ticket.closed:
        ticket.is_answered = (ticket.is_answered or message["wait"]) and not message["resume"]
    gone = {*message["remove_tags"], *([ASK_TAG] if message["clear_ask"] else [])}
    kept = [tag for tag in ticket.tags if tag not in gone]
    ticket.tags = [*kept, *(tag for tag in message["add_tags"] if tag not in kept)]
    if message["clear_ask"]:
        ticket.ask = None
    return ""


def _tags(message: dict[str, Any]) -> list[Any]:
    return [*message["add_tags"], *message["remove_tags"]]


def _posted(ticket: Ticket) -> list[str]:
    """Ours alone; before the last line stands what was written about."""
    last = (each.text.strip().rpartition("\n")[2] for each in ticket.thread if each.by == "plugin")
    return [line[1:-1] for line in last if line[:1] == "[" and STAMP.fullmatch(line[1:-1])]


def _message(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "id": number,
        "at": spelled(entry.at),
        "address": entry.address,
        "identity": entry.identity,
        "automatic": entry.automatic,
        "headers": [list(pair) for pair in entry.headers],
        "body": entry.text,
        "format": entry.format,
    }
