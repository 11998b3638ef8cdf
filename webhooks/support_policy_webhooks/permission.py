"""The page on which a customer answers a request for paid help.

To open it changes nothing: programs that look into mail open every link. An answer takes two
steps, and the second one something that only a person types.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from flask import Flask, Response, request

from support_policy.core.explain import Texts
from support_policy.errors import ConsentError, DeliveryError, UnknownLinkError
from support_policy.permissions import Permissions, Shown
from support_policy.store.database import StoreUnavailableError
from support_policy.store.outcome import place_of
from support_policy.texts import load_texts
from support_policy_webhooks.page import (
    asked_language,
    away,
    came_from_elsewhere,
    gone,
    moved,
    render,
    root,
    trace,
)
from support_policy_webhooks.permission_form import (
    Typed,
    wrong_choice,
    wrong_confirmation,
)
from support_policy_webhooks.permission_review import Review
from support_policy_webhooks.permission_view import View
from support_policy_webhooks.step_mark import Step, StepMark, StepMarks

logger = logging.getLogger(__name__)

AUDIENCE = "support-policy/permission"


def add_permission(app: Flask, permissions: Permissions) -> None:
    """Add the routes of the answer page."""
    path = "/permission/<token>"

    def at(path: str, methods: list[str], act: Callable[[Visit], Response]) -> None:
        def answer(token: str) -> Response:
            return _visited(permissions, token, act)

        app.add_url_rule(path, f"{methods[0]} {path}", answer, methods=methods)

    at(path, ["GET"], lambda visit: visit.page())
    at(path, ["POST"], _choose)
    at(f"{path}/confirm", ["POST"], _confirm)
    at(f"{path}/question", ["POST"], _confirm)
    at(f"{path}/extend", ["POST"], _extend)
    at(f"{path}/withdraw", ["POST"], _withdraw)


class _Halt(Exception):  # noqa: N818 - it is an answer, not an error
    """The answer that ends a visit here."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a browser to the page behind one link, with what was shown when it came."""

    permissions: Permissions
    token: str = field(repr=False)
    shown: Shown
    language: str

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
        """The marks that lead from step to step."""
        return StepMarks(token=self.token, audience=AUDIENCE)

    def view(self, shown: Shown | None = None) -> View:
        """What there is to say of the request."""
        shown = shown or self.shown
        policy = f"{root()}policy/{shown.request.version}?lang={self.language}"
        zone = self.permissions.policy.schedule.time_zone
        return View(shown=shown, language=self.language, zone=zone, policy=policy)

    def page(
        self,
        told: str = "",
        *,
        status: int = 200,
        shown: Shown | None = None,
        problems: Mapping[str, str] | None = None,
        typed: Typed | None = None,
    ) -> Response:
        """The page of the request; ``told`` is what became of a step that did not go."""
        shown = shown or self.shown
        mark = StepMark(step="page", seen=shown.seen)
        return render(
            "permission.html",
            self.language,
            here=self.here,
            status=status,
            told=told,
            problems=problems or {},
            typed=typed or Typed(),
            mark=self.marks.issue(mark, now=shown.now),
            **self.view(shown).page(),
        )

    def review(
        self,
        choice: str,
        blocks: int | None,
        *,
        problems: Mapping[str, str] | None = None,
        typed: Typed | None = None,
    ) -> Response:
        """The page on which a choice is looked over and confirmed."""
        mark = StepMark(step="review", seen=self.shown.seen, choice=choice, blocks=blocks)
        act = {"question": "question", "withdraw": "withdraw", "stop": "withdraw"}
        return render(
            "permission_review.html",
            self.language,
            here=self.here,
            status=422 if problems else 200,
            act=f"{self.here}/{act.get(choice, 'confirm')}",
            problems=problems or {},
            typed=typed or Typed(),
            mark=self.marks.issue(mark, now=self.shown.now),
            again=self._again(choice, blocks),
            again_at="/withdraw" if choice in {"withdraw", "stop"} else "",
            **Review(shown=self.shown, language=self.language, choice=choice, blocks=blocks).page(),
        )

    def mark(self, step: Step) -> StepMark:
        """The mark of the step before; halts when it is not ours, too old, or of another state."""
        try:
            mark = self.marks.read(request.form.get("mark", ""), step=step, now=self.shown.now)
        except DeliveryError:
            self.halt(self.texts.say("permission.told.old"), status=400)
        if mark.seen != self.shown.seen:
            self.halt(_refusal("changed", self.texts), status=409)
        return mark

    def halt(self, told: str, *, status: int) -> NoReturn:
        """End the visit with the page as it stands, and nothing done."""
        raise _Halt(self.page(told, status=status))

    def _again(self, choice: str, blocks: int | None) -> Mapping[str, str]:
        """What brings this step anew, in another language."""
        mark = self.marks.issue(StepMark(step="page", seen=self.shown.seen), now=self.shown.now)
        if choice != "accept":
            return {"mark": mark, "choice": choice}
        whole = blocks == self.shown.request.blocks
        fields = {"mark": mark, "choice": "all" if whole else "fewer"}
        return fields if whole else {**fields, "blocks": str(blocks)}


def _visited(permissions: Permissions, token: str, act: Callable[[Visit], Response]) -> Response:
    """Find what the link opens, and let the step be done on it."""
    try:
        shown = permissions.shown(token)
    except UnknownLinkError:
        return gone()
    except StoreUnavailableError:
        return away(asked_language())
    language = asked_language(shown.language)
    visit = Visit(permissions=permissions, token=token, shown=shown, language=language)
    try:
        if request.method == "POST" and came_from_elsewhere(permissions.links.public_url):
            visit.halt(visit.texts.say("permission.told.elsewhere"), status=403)
        return act(visit)
    except _Halt as halted:
        return halted.response


def _choose(visit: Visit) -> Response:
    """The first step: look over what was chosen. Nothing is kept of it."""
    visit.mark("page")
    typed = Typed.read(request.form)
    if typed.choice == "question":
        return visit.review("question", None)
    if not visit.view().is_open:
        visit.halt(
            _refusal("expired" if visit.shown.expired else "answered", visit.texts), status=409
        )
    if problems := wrong_choice(typed, visit.shown.request.blocks, visit.texts):
        return visit.page(status=422, problems=problems, typed=typed)
    if typed.choice == "decline":
        return visit.review("decline", None)
    return visit.review("accept", typed.accepted(visit.shown.request.blocks))


def _confirm(visit: Visit) -> Response:
    """The second step: what was looked over counts from now on."""
    mark, typed = visit.mark("review"), Typed.read(request.form)
    is_question = request.path.endswith("/question")
    if mark.choice not in ({"question"} if is_question else {"accept", "decline"}):
        visit.halt(visit.texts.say("permission.told.old"), status=400)
    if problems := wrong_confirmation(typed, mark.choice, visit.texts):
        return visit.review(mark.choice, mark.blocks, problems=problems, typed=typed)
    permissions, token = visit.permissions, visit.token

    def act() -> Shown:
        if is_question:
            return permissions.question(token, text=typed.text, name=typed.name, trace=trace())
        return permissions.answer(
            token, blocks=mark.blocks, name=typed.name, seen=mark.seen, trace=trace()
        )

    return _done(visit, act)


def _extend(visit: Visit) -> Response:
    """More time, with one press of its button: a form that is sent without it asks for none."""
    visit.mark("page")
    if "more_time" not in request.form:
        visit.halt(visit.texts.say("permission.told.press"), status=422)
    return _done(visit, lambda: visit.permissions.extend(visit.token, trace=trace()))


def _withdraw(visit: Visit) -> Response:
    """Take the permission back, or have the work stopped: look it over, then confirm it."""
    undoing = visit.view().undoing
    if not visit.shown.may_withdraw:
        visit.halt(_refusal("closed", visit.texts), status=409)
    if "name" not in request.form:
        visit.mark("page")
        return visit.review(undoing, None)
    mark, typed = visit.mark("review"), Typed.read(request.form)
    if mark.choice != undoing:
        visit.halt(visit.texts.say("permission.told.old"), status=400)
    if problems := wrong_confirmation(typed, mark.choice, visit.texts):
        return visit.review(undoing, None, problems=problems, typed=typed)
    return _done(
        visit,
        lambda: visit.permissions.withdraw(visit.token, name=typed.name, trace=trace()),
    )


def _done(visit: Visit, act: Callable[[], Shown]) -> Response:
    """Do it, and show what is on record: only that says whether it was done."""
    try:
        act()
    except ConsentError as error:
        return _as_it_stands(visit, lambda: _refusal(error.reason, visit.texts), status=409)
    except Exception as error:  # noqa: BLE001 - whatever broke, the customer must know what holds
        logger.error("an answer to a request broke: %s", place_of(error))  # noqa: TRY400
        return _as_it_stands(
            visit, lambda: visit.texts.say("permission.told.not_recorded"), status=503
        )
    return moved(visit.here, visit.language)


def _as_it_stands(visit: Visit, told: Callable[[], str], *, status: int) -> Response:
    """Read the record again before anything is said; who cannot read it says so."""
    try:
        now = visit.permissions.shown(visit.token)
    except Exception as error:  # noqa: BLE001 - it is a second failure: there is nothing to add
        logger.error("a request cannot be read again: %s", place_of(error))  # noqa: TRY400
        return _unsure(visit)
    if status == 409:
        return visit.page(told(), status=status, shown=now)
    if now.request != visit.shown.request or now.job != visit.shown.job:
        return moved(visit.here, visit.language)
    # A second question leaves no trace on the request: nothing tells whether it was recorded.
    if request.path.endswith("/question") and visit.shown.request.question:
        return _unsure(visit)
    return visit.page(told(), status=status, shown=now)


def _unsure(visit: Visit) -> Response:
    return render("permission_unsure.html", visit.language, here=visit.here, status=503)


def _refusal(reason: str, texts: Texts) -> str:
    """Why something was not done, in a sentence."""
    return texts.word(f"permission.told.{reason}", "") or texts.say("permission.told.refused")
