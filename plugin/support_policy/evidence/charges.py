"""Whether every charge has its permission, told from the records alone.

This is a second opinion, written without regard to ``core.permission.job`` and importing nothing of
it: what the service took for permitted is here worked out once more in another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.record import Record
from support_policy.core.ticket import TicketRef
from support_policy.evidence.fault import Fault, about

_AMOUNT = re.compile(r"[0-9]+\.[0-9]{2}")
_ENDS = {Kind.DECLINED, Kind.EXPIRED, Kind.VOIDED, Kind.WITHDRAWN}
_CENT = Decimal("0.01")


@dataclass(slots=True)
class Story:
    """What the records have told of one request so far."""

    asked: Event | None = None
    deadline: datetime | None = None
    accepted: Event | None = None
    ended: Kind | None = None
    sound: bool = True
    charge: Event | None = None
    billed: bool = False
    waived: bool = False

    @property
    def permitted(self) -> bool:
        """Whether permission was given for it, and stands."""
        return self.accepted is not None and self.sound and self.ended is None

    def price(self, blocks: int) -> Decimal:
        """What so many blocks cost at the rate that was asked."""
        rate = _amount(self.asked, "rate") if self.asked else None
        return ((rate or Decimal(0)) * blocks).quantize(_CENT)


@dataclass(slots=True)
class Work:
    """The requests of one piece of work, and the sittings that were timed on it.

    ``unsettled`` says that fewer blocks than asked were accepted and nobody has confirmed yet that
    the work makes sense with those.
    """

    requests: list[str] = field(default_factory=list)
    unsettled: bool = False
    running: dict[int, datetime] = field(default_factory=dict)
    worked: timedelta = timedelta(0)
    charged: int = 0

    def stop(self, at: datetime, session: int | None = None) -> None:
        """End one sitting, or all that go on."""
        for number in [session] if session is not None else list(self.running):
            if (started := self.running.pop(number, None)) is not None:
                self.worked += max(timedelta(0), at - started)


@dataclass(slots=True)
class Book:
    """All requests that the records tell of; ``unpermitted`` counts charges without permission."""

    stories: dict[tuple[TicketRef, str], Story] = field(default_factory=dict)
    works: dict[TicketRef, Work] = field(default_factory=dict)
    permissions: int = 0
    charges: int = 0
    unpermitted: int = 0

    def audit(self, records: Iterable[Record]) -> Iterator[Fault]:
        """Go through the records in their order; what should not be among them."""
        for each in records:
            for what in self._told(each.event):
                yield Fault(seq=each.seq, about=about(each.line.encode("ascii")), what=what)

    def _told(self, event: Event) -> Iterator[str]:
        story = self.stories.setdefault((event.ticket, event.request), Story())
        match event.kind:
            case Kind.REQUESTED:
                yield from self._requested(event, story)
            case Kind.EXTENDED:
                yield from _extended(event, story)
            case Kind.ACCEPTED:
                yield from self._accepted(event, story)
            case Kind.CONFIRMED | Kind.STARTED | Kind.STOPPED | Kind.CAPPED:
                yield from self._worked(event)
            case Kind.COMPLETED:
                yield from self._completed(event, story)
            case Kind.BILLED:
                yield from _against_bill(event, story)
                story.billed = True
            case Kind.WAIVED:
                story.waived = True
        if event.kind in _ENDS:
            story.ended = story.ended or event.kind
        if event.kind is Kind.WITHDRAWN:
            self._work(event).stop(event.at)

    def _requested(self, event: Event, story: Story) -> Iterator[str]:
        if story.asked is not None:
            yield "it makes a request that was made before"
            return
        if _amount(event, "rate") is None or event.number("block_minutes") < 1:
            yield "its rate is not spelled as money"
        story.asked, story.deadline = event, _instant(event.text("deadline"))
        if not event.facts.get("more") or event.ticket not in self.works:
            self.works[event.ticket] = Work()
        self._work(event).requests.append(event.request)

    def _accepted(self, event: Event, story: Story) -> Iterator[str]:
        self.permissions += 1
        wrong = list(_against_acceptance(event, story))
        if story.asked is not None and not self._permitted(event):
            fewer = event.number("blocks") < story.asked.number("blocks")
            self._work(event).unsettled = fewer
        story.sound = not wrong
        story.accepted = story.accepted or event
        yield from wrong

    def _permitted(self, event: Event) -> bool:
        """Whether any permission stands for the work that an event is about."""
        requests = self._work(event).requests
        return any(self.stories[event.ticket, each].permitted for each in requests)

    def _worked(self, event: Event) -> Iterator[str]:
        work = self._work(event)
        match event.kind:
            case Kind.CONFIRMED:
                work.unsettled = False
            case Kind.STARTED:
                if not self._permitted(event):
                    yield "work began without a permission"
                if work.unsettled:
                    yield "work began before anybody confirmed that fewer blocks will do"
                work.running[event.number("session")] = event.at
            case Kind.STOPPED:
                work.stop(event.at, event.number("session"))
            case _:
                work.stop(event.at)

    def _completed(self, event: Event, story: Story) -> Iterator[str]:
        work, blocks = self._work(event), event.number("blocks")
        work.stop(event.at)
        work.charged += blocks
        self.charges += blocks > 0
        wrong = list(_against_charge(event, story))
        self.unpermitted += bool(wrong)
        yield from wrong
        if story.asked is not None:
            begun = -(-work.worked // _block(story.asked))
            if work.charged > begun or timedelta(seconds=event.number("seconds")) > work.worked:
                yield "it charges more time than was worked"
        story.charge = story.charge or event

    def _work(self, event: Event) -> Work:
        return self.works.setdefault(event.ticket, Work())


def _extended(event: Event, story: Story) -> Iterator[str]:
    """What is wrong with more time; it gives some only where nothing is."""
    if why := _too_late(event, story):
        yield why
    elif story.accepted is not None or story.ended is not None:
        yield "it gives more time to a request that had its answer"
    else:
        story.deadline = _instant(event.text("deadline"))


def _too_late(event: Event, story: Story) -> str:
    """The last instant is the one before the deadline."""
    if story.deadline is None or event.at >= story.deadline:
        return "it came after the deadline"
    return ""


def _against_acceptance(event: Event, story: Story) -> Iterator[str]:
    asked, blocks = story.asked, event.number("blocks")
    if asked is None:
        yield "it accepts a request that was never made"
        return
    if story.accepted is not None:
        yield "its request was accepted before"
    if story.ended is not None:
        yield f"its request was {story.ended} before"
    if why := _too_late(event, story):
        yield why
    if not 1 <= blocks <= asked.number("blocks"):
        yield "it accepts another number of blocks than was asked"
    if _amount(event, "amount") != story.price(blocks) or _differ(event, asked):
        yield "its amount is not that of its blocks"


def _against_charge(event: Event, story: Story) -> Iterator[str]:
    accepted, blocks = story.accepted, event.number("blocks")
    if accepted is None or story.asked is None:
        yield "it is a charge without permission"
        return
    if story.charge is not None:
        yield "its permission was charged before"
    if story.ended is not None:
        yield f"it is a charge without permission: its request was {story.ended}"
    if not story.sound:
        yield "it is a charge without permission: the acceptance is none"
    if not 0 <= blocks <= accepted.number("blocks"):
        yield "it charges more blocks than were permitted"
    if _amount(event, "amount") != story.price(blocks) or _differ(event, story.asked):
        yield "its amount is not that of its blocks"


def _against_bill(event: Event, story: Story) -> Iterator[str]:
    charge = story.charge
    if charge is None or not charge.number("blocks"):
        yield "it bills what was never charged"
        return
    if story.billed:
        yield "its charge was billed before"
    if story.waived:
        yield "its charge was waived before"
    if _amount(event, "amount") != _amount(charge, "amount") or _differ(event, charge):
        yield "its amount is not that of its charge"


def _block(asked: Event) -> timedelta:
    return timedelta(minutes=max(1, asked.number("block_minutes")))


def _differ(one: Event, other: Event) -> bool:
    return one.text("currency") != other.text("currency")


def _amount(event: Event, name: str) -> Decimal | None:
    text = event.text(name)
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
