"""The page of a paid job, for staff: it starts and stops the time, and ends the work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, request

from support_policy.core.explain import Texts
from support_policy.core.permission.event import Kind
from support_policy.errors import ConsentError, DeliveryError, UnknownLinkError
from support_policy.permissions import Work, WorkShown
from support_policy.permissions.answers import LONGEST_NAME
from support_policy.permissions.work import LONGEST_REASON
from support_policy.store.outcome import place_of
from support_policy.texts import load_texts
from support_policy_webhooks.error_page import away, gone
from support_policy_webhooks.page import asked_language, came_from_elsewhere, render
from support_policy_webhooks.paid_help_view import SURE, WHY, WorkView
from support_policy_webhooks.permission_form import TICKED
from support_policy_webhooks.step_mark import LIFE, StepMark, StepMarks

logger = logging.getLogger(__name__)

AUDIENCE = "support-policy/paid-help"

NOTES = frozenset({Kind.POSTED, Kind.REMINDED, Kind.WARNED})
"""What the service notes by itself, and what changes nothing of what staff were shown."""


def add_paid_help(app: Flask, work: Work, zone: str) -> None:
    """Add the routes of the page of the work; ``zone`` is the company's."""
    path = "/paid-help/<token>"

    @app.get(path, strict_slashes=False)
    def show_work(token: str) -> Response:
        """Where the job stands; changes nothing."""
        return _visited(work, zone, token, lambda visit: visit.page())

    @app.post(f"{path}/<act>", strict_slashes=False)
    def act_on_work(token: str, act: str) -> Response:
        """Do one of the things that the page offers."""
        return _visited(work, zone, token, lambda visit: _act(visit, act))


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a form of the page sent."""

    act: str = ""
    agent: str = ""
    reason: str = ""
    sure: bool = False

    @classmethod
    def read(cls, act: str, form: Mapping[str, str]) -> Typed:
        """The fields, blanks around them left out."""
        return cls(
            act=act,
            agent=form.get("agent", "")[:LONGEST_NAME].strip(),
            reason=form.get("reason", "")[:LONGEST_REASON].strip(),
            sure=form.get("sure") == TICKED,
        )

    def wrong(self, texts: Texts) -> dict[str, str]:
        """What is wrong, by the field."""
        problems = {}
        if not any(each.isalpha() for each in self.agent):
            problems["agent"] = texts.say("paid_help.wrong.agent")
        if self.act in WHY and not self.reason:
            problems["reason"] = texts.say("paid_help.wrong.reason")
        if self.act in SURE and not self.sure:
            problems["sure"] = texts.say("paid_help.wrong.sure")
        return {f"{self.act}-{name}": words for name, words in problems.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a browser to the page behind one link."""

    work: Work
    token: str = field(repr=False)
    shown: WorkShown
    language: str
    zone: str

    @property
    def here(self) -> str:
        """The page itself, relative to the address that was asked for."""
        return "../" * (request.path.count("/") - 2) + self.token

    @property
    def texts(self) -> Texts:
        """The sentences of this language."""
        return load_texts(self.language)

    @property
    def marks(self) -> StepMarks:
        """The marks that the forms carry."""
        return StepMarks(token=self.token, audience=AUDIENCE)

    def page(
        self,
        told: str = "",
        *,
        status: int = 200,
        shown: WorkShown | None = None,
        problems: Mapping[str, str] | None = None,
        typed: Typed | None = None,
    ) -> Response:
        """The page; ``told`` is what became of the last thing that was tried."""
        shown = shown or self.shown
        mark = StepMark(step="page", seen=seen(shown))
        values = {
            "told": told,
            "problems": problems or {},
            "typed": typed or Typed(),
            "longest": (LONGEST_NAME, LONGEST_REASON),
            "mark": self.marks.issue(mark, now=shown.now),
            **WorkView(shown=shown, language=self.language, zone=self.zone).page(),
        }
        return render("paid_help.html", self.language, values, here=self.here, status=status)


def seen(shown: WorkShown) -> str:
    """Names what had happened when the page was shown: a form that is sent twice acts once."""
    return f"{sum(event.kind not in NOTES for event in shown.log)}"


def _visited(work: Work, zone: str, token: str, act: Callable[[Visit], Response]) -> Response:
    """Find what the link opens, and let the act be done on it."""
    language = asked_language()
    try:
        shown = work.shown(token)
    except UnknownLinkError:
        return gone()
    except Exception as error:  # noqa: BLE001 - a person looks at this page, not a program
        logger.error("the record of paid work does not answer: %s", place_of(error))  # noqa: TRY400
        return away(language)
    return act(Visit(work=work, token=token, shown=shown, language=language, zone=zone))


def _act(visit: Visit, act: str) -> Response:
    """Judge the form, then do it.

    Stopping is never too late: the clock would run on, and to stop twice does no harm.
    """
    say, typed, stops = visit.texts.say, Typed.read(act, request.form), act == "stop"
    if came_from_elsewhere(visit.work.links.public_url):
        return visit.page(say("paid_help.told.old"), status=403)
    try:
        text, life = request.form.get("mark", ""), None if stops else LIFE
        mark = visit.marks.read(text, step="page", now=visit.shown.now, life=life)
    except DeliveryError:
        return visit.page(say("paid_help.told.old"), status=400, typed=typed)
    if mark.seen != seen(visit.shown) and not stops:
        return visit.page(say("paid_help.told.changed"), status=409, typed=typed)
    view = WorkView(shown=visit.shown, language=visit.language, zone=visit.zone)
    if act not in view.acts and not stops:
        return visit.page(say("paid_help.told.refused"), status=409, typed=typed)
    if problems := typed.wrong(visit.texts):
        return visit.page(status=422, problems=problems, typed=typed)
    return _done(visit, typed)


def _done(visit: Visit, typed: Typed) -> Response:
    """Do it, and show what is on record."""
    try:
        shown = _deed(visit, typed)()
    except ConsentError as error:
        told = visit.texts.word(f"paid_help.told.{error.reason}", "")
        return _as_it_stands(visit, typed, told or visit.texts.say("paid_help.told.refused"), 409)
    except Exception as error:  # noqa: BLE001 - whatever broke, staff must know what holds
        logger.error("an act on paid work broke: %s", place_of(error))  # noqa: TRY400
        return _as_it_stands(visit, typed, visit.texts.say("paid_help.told.not_recorded"), 503)
    done = Typed(agent=typed.agent)
    return visit.page(visit.texts.say("paid_help.told.done"), shown=shown, typed=done)


def _deed(visit: Visit, typed: Typed) -> Callable[[], WorkShown]:
    work, token, agent, reason = visit.work, visit.token, typed.agent, typed.reason
    return {
        "start": lambda: work.start(token, agent=agent),
        "stop": lambda: work.stop(token, agent=agent),
        "confirm": lambda: work.confirm(token, agent=agent),
        "complete": lambda: work.complete(token, agent=agent),
        "waive": lambda: work.waive(token, agent=agent, reason=reason),
        "void": lambda: work.void(token, agent=agent),
        "dispute": lambda: work.dispute(token, agent=agent, reason=reason),
        "settle": lambda: work.settle(token, agent=agent, reason=reason),
    }[typed.act]


def _as_it_stands(visit: Visit, typed: Typed, told: str, status: int) -> Response:
    """Read the record again before anything is said; when it cannot be read, say that."""
    try:
        now = visit.work.shown(visit.token)
    except Exception as error:  # noqa: BLE001 - it is a second failure: there is nothing to add
        logger.error("paid work cannot be read again: %s", place_of(error))  # noqa: TRY400
        return render("paid_help_unsure.html", visit.language, {}, here=visit.here, status=503)
    if status == 503 and seen(now) != seen(visit.shown):
        told = visit.texts.say("paid_help.told.changed_since")
    return visit.page(told, status=status, shown=now, typed=typed)
