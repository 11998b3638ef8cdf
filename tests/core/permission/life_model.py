"""What may happen to paid work, told a second time and in another way than the product does.

The product folds events; this keeps plain variables and counts time as it goes by. It knows a
record only by what the events in it say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from support_policy.core.permission.event import Event, Kind

OPEN, ACCEPTED = "requested", "accepted"
BLOCK = timedelta(minutes=60)
NOTHING = timedelta(0)
MOST_EXTENSIONS = 10


@dataclass(kw_only=True)
class Asked:
    """One request."""

    id: str
    blocks: int
    says: tuple[str, int, str]
    deadline: datetime
    state: str = OPEN
    permitted: int = 0
    extensions: int = 0
    charged: int = 0
    billed: bool = False

    def may_be_answered(self, now: datetime) -> bool:
        return self.state == OPEN and now < self.deadline


@dataclass(kw_only=True)
class Piece:
    """One piece of work; ``counted`` is the time that was worked while it was permitted."""

    rate: Decimal
    requests: list[Asked]
    running: dict[int, str] = field(default_factory=dict)
    sittings: int = 0
    counted: timedelta = NOTHING
    confirmed: bool = False
    stopped_at_cap: bool = False
    completed: bool = False
    disputed: bool = False
    waived: bool = False

    @property
    def permissions(self) -> list[Asked]:
        return [each for each in self.requests if each.state == ACCEPTED]

    @property
    def open(self) -> Asked | None:
        return next((each for each in self.requests if each.state == OPEN), None)

    @property
    def cap(self) -> timedelta:
        return BLOCK * sum(each.permitted for each in self.permissions)

    @property
    def begun(self) -> int:
        return -(-self.counted // BLOCK)

    @property
    def goes_on(self) -> bool:
        return bool(self.permissions) and not (self.completed or self.waived or self.disputed)

    @property
    def at_cap(self) -> bool:
        return self.stopped_at_cap or self.counted >= self.cap

    @property
    def phase(self) -> str:
        charged = [each for each in self.requests if each.charged]
        if self.disputed or self.waived:
            return "waived" if self.waived else "disputed"
        if self.completed:
            return "billed" if charged and all(each.billed for each in charged) else "completed"
        if not self.permissions:
            states = [each.state for each in self.requests]
            taken_back = states[-1] != OPEN and "withdrawn" in states
            return "withdrawn" if taken_back else states[-1]
        if not self.confirmed:
            return "to_confirm"
        if self.at_cap:
            return "capped"
        return "working" if self.running else "accepted"

    def pass_time(self, step: timedelta) -> None:
        self.counted = min(self.cap, self.counted + step * len(self.running))

    def spread(self) -> dict[str, int]:
        """The blocks that were begun, by the permission they fall to, in the order of giving."""
        left, found = self.begun, {}
        for each in self.permissions:
            found[each.id] = min(left, each.permitted)
            left -= found[each.id]
        return found


@dataclass(kw_only=True)
class Model:
    """Everything on one ticket."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def last(self) -> Piece | None:
        return self.pieces[-1] if self.pieces else None

    @property
    def requests(self) -> list[tuple[Piece, Asked]]:
        return [(piece, each) for piece in self.pieces for each in piece.requests]

    def pass_time(self, step: timedelta) -> None:
        for piece in self.pieces:
            piece.pass_time(step)

    def hear(self, event: Event) -> None:
        """What the record says happened, taken at its word."""
        for piece, asked in self.requests:
            if asked.id == event.request:
                _happened(piece, asked, event)


def _happened(piece: Piece, asked: Asked, event: Event) -> None:
    match event.kind:
        case Kind.ACCEPTED:
            if not piece.permissions:
                piece.confirmed = event.facts["blocks"] == asked.blocks
            piece.stopped_at_cap = False
        case Kind.CONFIRMED:
            piece.confirmed = True
        case Kind.WAIVED:
            piece.waived = True
        case Kind.DISPUTED:
            piece.disputed = True
        case Kind.STARTED | Kind.STOPPED | Kind.CAPPED | Kind.COMPLETED:
            _worked(piece, event)
    _asked(asked, event)


def _worked(piece: Piece, event: Event) -> None:
    match event.kind:
        case Kind.STARTED:
            assert event.number("session") == piece.sittings
            piece.running[piece.sittings] = event.personal["agent"]
            piece.sittings += 1
        case Kind.STOPPED:
            del piece.running[event.number("session")]
        case Kind.CAPPED:
            piece.running.clear()
            piece.stopped_at_cap = True
        case Kind.COMPLETED:
            piece.running.clear()
            piece.completed = True


def _asked(asked: Asked, event: Event) -> None:
    match event.kind:
        case Kind.ACCEPTED:
            asked.state, asked.permitted = ACCEPTED, event.number("blocks")
        case Kind.DECLINED | Kind.EXPIRED | Kind.VOIDED | Kind.WITHDRAWN:
            asked.state = event.kind.value
        case Kind.EXTENDED:
            asked.deadline = datetime.fromisoformat(event.text("deadline"))
            asked.extensions += 1
        case Kind.COMPLETED:
            asked.charged = event.number("blocks")
        case Kind.BILLED:
            asked.billed = True
