"""Where paid help on a ticket stands, in a few lines for the agent beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from support_policy.core.explain import Texts
from support_policy.core.permission.event import Event
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import LIVE, Job
from support_policy.core.permission.message import (
    amount_text,
    blocks_text,
    deadline_text,
    used_text,
)
from support_policy.permissions.links import Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Sentences in the agent's language, and the page of the work; no address before any ask."""

    lines: tuple[str, ...]
    address: str = field(default="", repr=False)

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"lines": list(self.lines), "address": self.address}


def panel(
    history: Iterable[Event], texts: Texts, links: Links, *, zone: str, now: datetime
) -> Panel:
    """What is told of the last piece of work on a ticket."""
    found = jobs(history)
    if not found:
        return Panel(lines=(texts.say("sidebar.fee_none"),))
    job = found[-1]
    return Panel(lines=tuple(_lines(job, texts, zone, now)), address=links.work_address(job.id))


def _lines(job: Job, texts: Texts, zone: str, now: datetime) -> Iterable[str]:
    language, phase = texts.language, job.phase(now)
    yield texts.say(f"panel.fee_phase.{phase}")
    if (request := job.open_request) is not None:
        yield texts.say(
            "panel.fee_open",
            blocks=blocks_text(request.blocks, language),
            deadline=deadline_text(request.deadline, zone, language),
        )
    if job.accepted:
        most = job.rate.price(job.permitted_blocks)
        yield texts.say(
            "panel.fee_permitted",
            blocks=blocks_text(job.permitted_blocks, language),
            amount=amount_text(most, job.rate.currency, language),
        )
    if phase in LIVE:
        yield texts.say(
            "panel.fee_used",
            used=used_text(job.used(now), language),
            left=used_text(job.left(now), language),
        )
