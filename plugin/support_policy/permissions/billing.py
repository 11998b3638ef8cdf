"""What is ready to bill, each charge with its one permission, and what is not as it must be."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.fee import money
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import LIVE, Job, Request
from support_policy.core.ticket import TicketRef

Standing = Literal["ready", "billed", "waived", "disputed"]

COLUMNS = (
    *("request", "desk", "ticket", "number", "standing", "blocks", "rate", "amount", "currency"),
    *("permitted_blocks", "permitted_amount", "accepted_at", "accepted_by", "proof", "seconds"),
    *("completed_at", "description", "reference"),
)

_FORMULA = ("=", "+", "-", "@")
_FORGOTTEN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line for a bill: what one permission came to, taxes apart.

    ``amount`` never exceeds ``permitted_amount``; ``seconds`` is the time of the whole job.
    """

    request: str
    ticket: TicketRef
    number: str
    standing: Standing
    blocks: int
    rate: Decimal
    amount: Decimal
    currency: str
    permitted_blocks: int
    permitted_amount: Decimal
    accepted_at: datetime
    accepted_by: str
    proof: str
    seconds: int
    completed_at: datetime
    description: str
    reference: str = ""

    def as_dict(self) -> dict[str, str | int]:
        """Plain values by the names of COLUMNS: money as ``85.00``, instants in ISO 8601."""
        return {
            "request": self.request,
            "desk": self.ticket.desk,
            "ticket": self.ticket.id,
            "number": self.number,
            "standing": self.standing,
            "blocks": self.blocks,
            "rate": money(self.rate),
            "amount": money(self.amount),
            "currency": self.currency,
            "permitted_blocks": self.permitted_blocks,
            "permitted_amount": money(self.permitted_amount),
            "accepted_at": self.accepted_at.isoformat(),
            "accepted_by": self.accepted_by,
            "proof": self.proof,
            "seconds": self.seconds,
            "completed_at": self.completed_at.isoformat(),
            "description": self.description,
            "reference": self.reference,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptional:
    """Something that must not be: the list of these is to be empty.

    ``problem`` is ``no_permission``, ``over_cap``, ``wrong_amount``, ``twice``,
    ``before_permission``, ``too_late``, ``waived`` for what was billed though it was waived,
    ``to_credit`` for what was waived once it stood on a bill, or ``forgotten`` for work that rests
    for a week and was never ended. ``reference`` is the bill of what is to be credited.
    """

    request: str
    ticket: TicketRef
    problem: str
    reference: str = ""


def charges(history: Iterable[Event]) -> Iterator[Charge]:
    """The charges of one ticket, the oldest first; what came to nothing is none."""
    events = tuple(history)
    for job in jobs(events):
        for request in job.requests:
            if request.charged_blocks:
                yield _charge(job, request, events)


def exceptions(history: Iterable[Event], *, now: datetime) -> Iterator[Exceptional]:
    """What is wrong with the charges of one ticket, told from the bare events."""
    events = tuple(history)
    billed: dict[str, Event] = {}
    for number, event in enumerate(events):
        if event.kind is Kind.WAIVED and (bill := billed.get(event.request)):
            yield _exceptional(event, "to_credit", reference=bill.text("reference"))
        if event.kind not in {Kind.COMPLETED, Kind.BILLED} or not event.number("blocks"):
            continue
        for problem in _problems(event, events[:number], billed):
            yield _exceptional(event, problem)
        if event.kind is Kind.BILLED:
            billed[event.request] = event
    for job in jobs(events):
        if job.phase(now) in LIVE and job.sessions and not job.running:
            last = max(each.stopped_at or now for each in job.sessions)
            if now - last > _FORGOTTEN:
                yield Exceptional(request=job.id, ticket=job.latest.ticket, problem="forgotten")


def as_csv(found: Iterable[Charge]) -> str:
    """The charges as CSV; no cell is taken for a formula by a spreadsheet."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    for charge in found:
        rows.writerow({name: _cell(value) for name, value in charge.as_dict().items()})
    return text.getvalue()


def _cell(value: str | int) -> str | int:
    """A text that a spreadsheet takes for a formula gets an apostrophe, which it does not show."""
    if not isinstance(value, str):
        return value
    seen = unicodedata.normalize("NFKC", value).lstrip()
    return f"'{value}" if seen.startswith(_FORMULA) else value


def _charge(job: Job, request: Request, events: tuple[Event, ...]) -> Charge:
    mine = {event.kind: event for event in events if event.request == request.id}
    accepted, completed = mine[Kind.ACCEPTED], mine[Kind.COMPLETED]
    billed = mine.get(Kind.BILLED)
    blocks = request.charged_blocks or 0
    return Charge(
        request=request.id,
        ticket=request.ticket,
        number=request.personal.get("number", request.ticket.id),
        standing=_standing(job, request),
        blocks=blocks,
        rate=request.rate.amount,
        amount=request.rate.price(blocks),
        currency=request.rate.currency,
        permitted_blocks=request.accepted_blocks,
        permitted_amount=request.rate.price(request.accepted_blocks),
        accepted_at=accepted.at,
        accepted_by=accepted.personal.get("name") or accepted.personal.get("address") or "",
        proof=accepted.text("proof"),
        seconds=completed.number("seconds"),
        completed_at=completed.at,
        description=request.personal.get("work", ""),
        reference=billed.text("reference") if billed else "",
    )


def _standing(job: Job, request: Request) -> Standing:
    if request.waived:
        return "waived"
    if request.billed:
        return "billed"
    return "disputed" if job.disputed else "ready"


def _exceptional(event: Event, problem: str, *, reference: str = "") -> Exceptional:
    return Exceptional(
        request=event.request, ticket=event.ticket, problem=problem, reference=reference
    )


def _problems(event: Event, before: tuple[Event, ...], billed: Container[str]) -> Iterator[str]:
    mine = {each.kind: each for each in before if each.request == event.request}
    asked, accepted = mine.get(Kind.REQUESTED), mine.get(Kind.ACCEPTED)
    ended = {Kind.DECLINED, Kind.WITHDRAWN, Kind.EXPIRED, Kind.VOIDED}
    if asked is None or accepted is None or mine.keys() & ended:
        yield "no_permission"
        return
    deadline = mine.get(Kind.EXTENDED, asked).text("deadline")
    if accepted.at >= datetime.fromisoformat(deadline):
        yield "too_late"
    if event.number("blocks") > accepted.number("blocks"):
        yield "over_cap"
    if Decimal(event.text("amount")) != Decimal(asked.text("rate")) * event.number("blocks"):
        yield "wrong_amount"
    if event.kind is Kind.BILLED and event.request in billed:
        yield "twice"
    if event.kind is Kind.BILLED and Kind.WAIVED in mine:
        yield "waived"
    started = [each.at for each in before if each.kind is Kind.STARTED]
    if started and min(started) < _first_permission(before):
        yield "before_permission"


def _first_permission(events: tuple[Event, ...]) -> datetime:
    return min(each.at for each in events if each.kind is Kind.ACCEPTED)
