"""What became of a story's ticket on the desk, compared with what was written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from support_policy.demo.story import ZONE, Expect, StoryTicket

ALLOWED_SECONDS: Final = 2.0  # from the answer to the customer until everything is written
HELD: Final = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One ticket as the desk shows it; `took` counts seconds from the answer to its opener."""

    wanted: StoryTicket
    number: int
    took: float
    category: str
    priority: int
    received: datetime
    due: datetime | None
    tags: tuple[str, ...]
    reason: str
    notes: int
    page: str

    @property
    def differences(self) -> tuple[str, ...]:
        """What is not as written by hand, each in a sentence."""
        return tuple(_differences(self, self.wanted.expect))


def is_decided(ticket: Mapping[str, Any]) -> bool:
    """Whether the desk's ticket shows the class and the private note."""
    return bool(ticket["custom_policy_class"]) and _private_notes(ticket) > 0


def outcome(
    wanted: StoryTicket, ticket: Mapping[str, Any], *, took: float, desk_url: str
) -> Outcome:
    """Read what the desk's REST says of a ticket."""
    opening = min(ticket["followup_set"], key=lambda followup: int(followup["id"]))
    due = ticket["due_date"]
    return Outcome(
        wanted=wanted,
        number=ticket["id"],
        took=took,
        category=ticket["custom_policy_class"] or "",
        priority=ticket["priority"],
        # The desk tells no other instant of receipt than that of its first follow-up.
        received=datetime.fromisoformat(opening["date"]),
        due=datetime.fromisoformat(due) if due else None,
        tags=tuple((ticket["custom_policy_tags"] or "").split()),
        reason=ticket["custom_policy_reason"] or "",
        notes=_private_notes(ticket),
        page=f"{desk_url}/tickets/{ticket['id']}/",
    )


def _private_notes(ticket: Mapping[str, Any]) -> int:
    return sum(1 for followup in ticket["followup_set"] if not followup["public"])


def _differences(seen: Outcome, expect: Expect) -> Iterator[str]:
    category = HELD if expect.held else expect.category
    if seen.category != category:
        yield f"class is {seen.category or 'not set'}, not {category}"
    if seen.priority != expect.desk_priority:
        yield f"priority is {seen.priority}, not {expect.desk_priority}"
    due = expect.due(seen.received)
    if not same_second(seen.due, due):
        yield f"due is {local(seen.due) or 'not set'}, not {local(due) or 'empty'}"
    yield from (f"tag {tag} is missing" for tag in expect.tags if tag not in seen.tags)
    yield from (f"tag {tag} should not be there" for tag in expect.tags_absent if tag in seen.tags)
    if not seen.reason:
        yield "no reason is given"
    if seen.notes != 1:
        yield f"{seen.notes} private notes instead of one"
    if seen.took > ALLOWED_SECONDS:
        yield f"took {seen.took:.1f} s, more than {ALLOWED_SECONDS:.0f} s"


def local(instant: datetime | None) -> str:
    """An instant on the company's wall clock; nothing for none."""
    return str(instant.astimezone(ZONE).replace(microsecond=0)) if instant else ""


def same_second(one: datetime | None, other: datetime | None) -> bool:
    """Whether two instants are the same to the second, or none is there."""
    # The desk's REST gives fractions of a second; a target is met or missed by whole seconds.
    if one is None or other is None:
        return one is other
    return abs((one - other).total_seconds()) < 1
