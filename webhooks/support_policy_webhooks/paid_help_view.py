"""What the page of a paid job tells staff: where it stands, its figures, its log, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from support_policy.core.explain import Texts
from support_policy.core.permission.event import Event
from support_policy.core.permission.job import Phase
from support_policy.core.permission.message import (
    amount_text,
    blocks_text,
    deadline_text,
    one_line,
    used_text,
)
from support_policy.permissions import WorkShown
from support_policy.texts import load_texts

Act = Literal["start", "stop", "confirm", "complete", "waive", "void", "dispute", "settle"]

ACTS: dict[Phase, tuple[Act, ...]] = {
    Phase.TO_CONFIRM: ("confirm", "waive"),
    Phase.ACCEPTED: ("start", "complete", "waive"),
    Phase.WORKING: ("stop", "start", "complete", "waive"),
    Phase.CAPPED: ("complete", "waive"),
    Phase.COMPLETED: ("dispute", "waive"),
    Phase.BILLED: ("dispute", "waive"),
    Phase.DISPUTED: ("waive", "settle"),
}
"""What can be done in each phase; in the others nothing, but to take an open request back."""

SURE = frozenset({"complete", "waive", "void", "dispute", "settle"})
"""What is not undone: it needs a tick."""

WHY = frozenset({"waive", "dispute", "settle"})
"""What needs a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkView:
    """One job in one language; ``zone`` is the company's."""

    shown: WorkShown
    language: str
    zone: str

    @property
    def texts(self) -> Texts:
        """The sentences of this language."""
        return load_texts(self.language)

    @property
    def phase(self) -> Phase:
        """Where the job stands."""
        return self.shown.phase

    @property
    def acts(self) -> tuple[Act, ...]:
        """What can be done now."""
        acts = ACTS.get(self.phase, ())
        return (*acts, "void") if self.shown.job.open_request else acts

    def page(self) -> dict[str, object]:
        """What the page shows."""
        say, job = self.texts.say, self.shown.job
        number = one_line(job.latest.personal.get("number", self.shown.ticket.id))
        return {
            "heading": say("paid_help.title", ticket=number),
            "state": tuple(self._state()),
            "figures": tuple(self._figures()),
            "acts": tuple(map(self._act, self.acts)),
            "asks_more": self.phase in {Phase.WORKING, Phase.CAPPED, Phase.ACCEPTED},
            "events": tuple(map(self._event, self.shown.log)),
        }

    def _state(self) -> Iterator[str]:
        say, shown = self.texts.say, self.shown
        yield say(f"paid_help.phase.{self.phase}")
        if shown.nearly_used_up and self.phase in {Phase.WORKING, Phase.ACCEPTED}:
            yield say("paid_help.few_left", left=used_text(shown.left, self.language))
        request = shown.job.open_request
        if request and request.more and shown.job.accepted:
            yield say("paid_help.open_more", deadline=self._when(request.deadline))

    def _figures(self) -> Iterator[tuple[str, str]]:
        say, job, shown = self.texts.say, self.shown.job, self.shown
        if request := job.open_request:
            yield say("paid_help.asked"), self._most(request.blocks)
        if not job.accepted:
            return
        yield say("paid_help.permitted"), self._most(job.permitted_blocks)
        yield say("paid_help.used"), used_text(shown.used, self.language)
        if job.completed:
            yield say("paid_help.charged"), self._charged()
            return
        yield say("paid_help.left"), used_text(shown.left, self.language)
        yield say("paid_help.begun"), self._amount(job.rate.blocks(shown.used))
        yield say("paid_help.now"), ", ".join(one_line(each.agent) for each in job.running)

    def _charged(self) -> str:
        blocks = sum(each.charged_blocks or 0 for each in self.shown.job.requests)
        if self.phase is Phase.WAIVED or not blocks:
            return self.texts.say("paid_help.nothing")
        return self._amount(blocks)

    def _act(self, act: Act) -> dict[str, object]:
        say, job = self.texts.say, self.shown.job
        begun = job.rate.blocks(self.shown.used)
        words: dict[Act, tuple[str, str, str]] = {
            "start": (say("paid_help.start"), say("paid_help.start_more"), ""),
            "stop": (say("paid_help.stop"), say("paid_help.stop_more"), ""),
            "confirm": (say("paid_help.confirm"), say("paid_help.confirm_more"), ""),
            "complete": (
                say("paid_help.complete"),
                say("paid_help.complete_more", **self._priced(begun)),
                say("paid_help.complete_sure"),
            ),
            "waive": (
                say("paid_help.waive"),
                say("paid_help.waive_more"),
                say("paid_help.waive_sure"),
            ),
            "void": (say("paid_help.void"), say("paid_help.void_more"), say("paid_help.void_sure")),
            "settle": (
                say("paid_help.settle"),
                say("paid_help.settle_more"),
                say("paid_help.settle_sure"),
            ),
            "dispute": (
                say("paid_help.dispute"),
                say("paid_help.dispute_more"),
                say("paid_help.dispute_sure"),
            ),
        }
        title, more, sure = words[act]
        return {"name": act, "title": title, "more": more, "sure": sure, "why": act in WHY}

    def _event(self, event: Event) -> dict[str, str]:
        blocks, told = event.number("blocks"), event.personal
        return {
            "at": event.at.isoformat(),
            "when": self._when(event.at),
            "what": self.texts.say(f"paid_help.event.{event.kind}"),
            "blocks": blocks_text(blocks, self.language) if blocks else "",
            "who": _first(told, "agent", "name", "asked_by"),
            "why": _first(told, "why", "question", "work"),
            "request": event.request,
        }

    def _when(self, at: datetime) -> str:
        return deadline_text(at, self.zone, self.language)

    def _priced(self, blocks: int) -> dict[str, str]:
        rate = self.shown.job.rate
        amount = amount_text(rate.price(blocks), rate.currency, self.language)
        return {"blocks": blocks_text(blocks, self.language), "amount": amount}

    def _amount(self, blocks: int) -> str:
        return self.texts.say("paid_help.charged_of", **self._priced(blocks))

    def _most(self, blocks: int) -> str:
        told = self._priced(blocks)
        return self.texts.say("paid_help.blocks_of", blocks=told["blocks"], maximum=told["amount"])


def _first(told: Mapping[str, str], *names: str) -> str:
    """The first of these that says something."""
    return next((words for name in names if (words := one_line(told.get(name, "")))), "")
