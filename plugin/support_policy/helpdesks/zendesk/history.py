"""Who did what on a ticket, read from its audits; pure.

Every change of a Zendesk ticket is an audit with its author. Ours carry what we told in their
metadata (``audit.metadata.custom``), which no person can write in the agents' pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support_policy.core.ticket import Author, Field

METADATA = "support_policy"
"""The key of our own words in an audit's metadata."""

STAFF = frozenset({"agent", "admin"})
"""The roles of those who work for the company."""

_BY_PROGRAMS = frozenset({"api", "web_service"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One value that somebody gave to a field; the first audit of a ticket is its opening."""

    field: Field
    author: int
    ours: bool
    by_rule: bool
    by_program: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A ticket's audits, as far as they concern us.

    ``told`` is what our newest write said of itself; ``notes`` the stamps of our private notes.
    ``last`` is the newest act on each field, ``since`` the fields that somebody else has changed
    since that write.
    """

    opened_by: int
    by_program: bool
    told: Mapping[str, str]
    notes: frozenset[str]
    last: Mapping[Field, Act]
    since: frozenset[Field]

    @property
    def authors(self) -> frozenset[int]:
        """The people whose roles must be known."""
        acts = {act.author for act in self.last.values() if not act.ours and not act.by_rule}
        return frozenset(acts | {self.opened_by}) - {0}

    def author(self, roles: Mapping[int, str], programs: Collection[int]) -> Author:
        """Who opened the ticket. A program opens it for the person it names, whoever it runs as."""
        if self.opened_by in programs or self.by_program:
            return Author.APP
        return Author.STAFF if roles.get(self.opened_by) in STAFF else Author.REQUESTER

    def set_by_staff(self, roles: Mapping[int, str], programs: Collection[int]) -> frozenset[Field]:
        """The fields whose present value is a staff member's own.

        Staff who work through a program of theirs count; what a program said when it opened the
        ticket, and what triggers did before we wrote, does not. What was changed since we wrote is
        left, whoever it was: we do not argue. What we left to a person once stays theirs, though
        they may not be staff any more.
        """
        by_staff = {
            field
            for field, act in self.last.items()
            if not (act.ours or act.by_rule or act.by_program)
            and act.author not in programs
            and roles.get(act.author) in STAFF
        }
        return frozenset(by_staff | (self.since if self.told else set()) | self._left)

    @property
    def _left(self) -> set[Field]:
        """The fields that our newest stamp says were left to people (``stamp+priority``)."""
        stamp = self.told.get("state", "").partition(" ")[0]
        return {field for field in Field if field in stamp.split("+")[1:]}


def read_history(audits: Iterable[Mapping[str, Any]], fields: Mapping[str, Field]) -> History:
    """Make sense of audits in whatever order they come; ``fields`` by their names in audits."""
    in_order = sorted(audits, key=lambda audit: number_of(audit.get("id")))
    told: Mapping[str, str] = {}
    notes: set[str] = set()
    last: dict[Field, Act] = {}
    since: set[Field] = set()
    for place, audit in enumerate(in_order):
        ours = _told(audit)
        if ours is not None:
            told, since = ours, set()
            notes |= {ours["note"]} if "note" in ours and _comments(audit) else set()
        for act in _acts(audit, fields, opening=place == 0, ours=ours is not None):
            last[act.field] = act
            since |= set() if act.ours else {act.field}
    opening = in_order[0] if in_order else {}
    return History(
        opened_by=number_of(opening.get("author_id")),
        by_program=channel_of(opening) in _BY_PROGRAMS,
        told=told,
        notes=frozenset(notes),
        last=last,
        since=frozenset(since),
    )


def _acts(
    audit: Mapping[str, Any], fields: Mapping[str, Field], *, opening: bool, ours: bool
) -> Iterator[Act]:
    for event in events_of(audit):
        field = fields.get(str(event.get("field_name")))
        if event.get("type") not in ("Create", "Change") or field is None:
            continue
        if opening and event.get("value") in (None, ""):
            continue  # nobody chose anything
        by_rule = "rule" in (channel_of(event), channel_of(audit))
        by_program = opening and channel_of(audit) in _BY_PROGRAMS
        yield Act(
            field=field,
            author=number_of(audit.get("author_id")),
            ours=ours and not by_rule,
            by_rule=by_rule,
            by_program=by_program,
        )


def _told(audit: Mapping[str, Any]) -> Mapping[str, str] | None:
    metadata = audit.get("metadata")
    custom = metadata.get("custom") if isinstance(metadata, Mapping) else None
    ours = custom.get(METADATA) if isinstance(custom, Mapping) else None
    if not isinstance(ours, Mapping):
        return None
    return {name: text for name, text in ours.items() if isinstance(text, str)}


def _comments(audit: Mapping[str, Any]) -> bool:
    return any(event.get("type") == "Comment" for event in events_of(audit))


def events_of(audit: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What happened in an audit, one thing after the other."""
    events = audit.get("events")
    rows: list[Any] = events if isinstance(events, list) else []
    return [each for each in rows if isinstance(each, Mapping)]


def channel_of(thing: Mapping[str, Any]) -> str:
    """The way on which something came in; empty where Zendesk does not tell."""
    via = thing.get("via")
    return str(via.get("channel")) if isinstance(via, Mapping) else ""


def number_of(value: object) -> int:
    """An id, or 0 where there is none."""
    return value if isinstance(value, int) else 0
