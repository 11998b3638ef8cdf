"""What a request's own page says: where it stands, its figures, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from support_policy.core.explain import Texts
from support_policy.core.permission.acts import MOST_EXTENSIONS
from support_policy.core.permission.job import Phase, State
from support_policy.core.permission.message import deadline_text, one_line, used_text
from support_policy.permissions import Shown
from support_policy.texts import load_texts
from support_policy_webhooks.permission_figures import Figures, Row
from support_policy_webhooks.request_text import paragraphs

OPEN = "open"
ENDED = frozenset({Phase.COMPLETED, Phase.BILLED, Phase.WAIVED, Phase.DISPUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One request in one language; ``zone`` is the company's, ``policy`` the policy's address."""

    shown: Shown
    language: str
    zone: str
    policy: str

    @property
    def texts(self) -> Texts:
        """The sentences of this language."""
        return load_texts(self.language)

    @property
    def figures(self) -> Figures:
        """The request's figures in this language."""
        return Figures(request=self.shown.request, language=self.language)

    @property
    def is_open(self) -> bool:
        """Whether it can be answered here: who agrees must be able to read what to."""
        return self.shown.may_answer and all(self.shown.texts.values())

    @property
    def standing(self) -> str:
        """Where the request stands: ``open``, or the last word of a text that says it."""
        if self.shown.may_answer:
            return OPEN
        if self.shown.expired:
            return Phase.EXPIRED.value
        if self.shown.request.waived:  # that settles a dispute, too
            return Phase.WAIVED.value
        accepted = self.shown.request.state is State.ACCEPTED
        return self.shown.phase.value if accepted else self.shown.request.state.value

    @property
    def undoing(self) -> str:
        """What taking the permission back would be now: ``withdraw``, or to ``stop`` the work."""
        return "stop" if self.shown.withdrawing_stops_work else "withdraw"

    # The page of the request

    def page(self) -> dict[str, object]:
        """What the request's own page shows."""
        shown = self.shown
        text = shown.texts.get(self.language, "")
        return {
            "heading": self._heading(),
            "state": tuple(self._state()),
            "receipt": tuple(self._receipt()),
            "paragraphs": paragraphs(text, version=shown.request.version, policy=self.policy),
            "open": self.is_open,
            "addressee": masked(shown.request.personal.get("addressee", "")),
            "expired": shown.expired,
            "choices": tuple(self._choices()),
            "fewer": tuple(self._fewer()),
            "may_extend": shown.request.extensions < MOST_EXTENSIONS,
            "withdrawing": self._withdrawing() if shown.may_withdraw else None,
        }

    def _heading(self) -> str:
        if self.standing == OPEN:
            return self.texts.say("permission.page")
        return self.texts.say(f"permission.state.{self.standing}")

    def _state(self) -> Iterator[str]:
        request = self.shown.request
        if self.standing == OPEN:
            deadline = deadline_text(request.deadline, self.zone, self.language)
            yield self.texts.say("permission.open", deadline=deadline)
            if request.extensions:
                yield self.texts.say("permission.extended")
            yield self.texts.say("permission.silence")
        elif self.standing == Phase.ACCEPTED and not self.shown.job.sessions:
            yield self.texts.say("permission.of.not_started")
        else:
            yield self.texts.say(f"permission.of.{self.standing}")
        if request.question and self.is_open:
            yield self.texts.say("permission.questioned")
        elif request.question:
            yield self.texts.say("permission.questioned_after")

    def _choices(self) -> Iterator[tuple[str, str]]:
        say, request = self.texts.say, self.shown.request
        yield "all", say("permission.all", **self.figures.most(request.blocks))
        if request.blocks > 1:
            yield "fewer", say("permission.fewer")
        yield "decline", say("permission.decline")
        yield "question", say("permission.ask")

    def _fewer(self) -> Iterator[tuple[str, str]]:
        for number in range(1, self.shown.request.blocks):
            yield str(number), self.texts.say("permission.fewer_of", **self.figures.most(number))

    def _withdrawing(self) -> Mapping[str, str]:
        say = self.texts.say
        if self.undoing == "stop":
            return {
                "more": say("permission.mind_stop"),
                "button": say("permission.mind_stop_button"),
            }
        return {
            "more": say("permission.mind_withdraw"),
            "button": say("permission.mind_withdraw_button"),
        }

    # Rows of figures

    def _receipt(self) -> Iterator[Row]:
        """What stands: never who answered, for others may hold the link as well."""
        request, say = self.shown.request, self.texts.say
        if self.standing == OPEN:
            return
        yield from self.figures.subject()
        if request.state is State.ACCEPTED:
            accepted = say("permission.accepted_of", **self.figures.most(request.accepted_blocks))
            yield say("permission.accepted"), accepted
            yield self.figures.price()
        if request.answered_at:
            at = deadline_text(request.answered_at, self.zone, self.language)
            yield say("permission.recorded"), at
        if request.state is State.ACCEPTED:
            yield from self._worked()
        version = say("permission.version", version=request.version)
        link = Markup('<a href="{}">{}</a>').format(self.policy, version)
        yield say("permission.policy"), link

    def _worked(self) -> Iterator[Row]:
        """The time is the whole work's, the charge this permission's."""
        job, say, request = self.shown.job, self.texts.say, self.shown.request
        if job.sessions:
            used, cap = (used_text(t, self.language) for t in (job.used(self.shown.now), job.cap))
            yield say("permission.used"), say("permission.used_of", used=used, cap=cap)
        if self.shown.phase not in ENDED:
            return
        blocks = 0 if request.waived else request.charged_blocks or 0
        charged = (
            say("permission.charged_of", **self.figures.amount(blocks))
            if blocks
            else say("permission.charged_none")
        )
        yield say("permission.charged"), charged


def masked(address: str) -> str:
    """An address that its owner knows again, and that nobody else can write to."""
    person, at, domain = one_line(address).rpartition("@")
    return f"{person[:1]}…{at}{domain}" if person else ""
