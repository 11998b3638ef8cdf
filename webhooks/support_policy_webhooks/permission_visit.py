"""One request of a browser to the page behind a customer's link, and the pages that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from flask import Response, request

from support_policy.core.explain import Texts
from support_policy.errors import DeliveryError
from support_policy.permissions import Permissions, Shown
from support_policy.texts import load_texts
from support_policy_webhooks.page import render, root
from support_policy_webhooks.permission_form import UNDOING, Typed
from support_policy_webhooks.permission_review import Review
from support_policy_webhooks.permission_view import View
from support_policy_webhooks.step_mark import Step, StepMark, StepMarks

AUDIENCE = "support-policy/permission"


class Halt(Exception):  # noqa: N818 - it is an answer, not an error
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
        values = {
            "told": told,
            "problems": problems or {},
            "typed": typed or Typed(),
            "mark": self.marks.issue(mark, now=shown.now),
            **self.view(shown).page(),
        }
        return render("permission.html", self.language, values, here=self.here, status=status)

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
        review = Review(shown=self.shown, language=self.language, choice=choice, blocks=blocks)
        undoes = choice in UNDOING
        act = "withdraw" if undoes else "question" if choice == "question" else "confirm"
        values = {
            "act": f"{self.here}/{act}",
            "problems": problems or {},
            "typed": typed or Typed(),
            "mark": self.marks.issue(mark, now=self.shown.now),
            "again": self._again(choice, blocks),
            "again_at": "/withdraw" if undoes else "",
            **review.page(),
        }
        status = 422 if problems else 200
        return render(
            "permission_review.html", self.language, values, here=self.here, status=status
        )

    def mark(self, step: Step, *choices: str) -> StepMark:
        """The mark of the step before, for one of these choices.

        Halts when it is not ours, too old, of another choice, or when things have changed since.
        """
        old = self.texts.say("permission.told.old")
        try:
            mark = self.marks.read(request.form.get("mark", ""), step=step, now=self.shown.now)
        except DeliveryError:
            self.halt(old, status=400)
        if mark.seen != self.shown.seen:
            self.halt(self.texts.say("permission.told.changed"), status=409)
        if choices and mark.choice not in choices:
            self.halt(old, status=400)
        return mark

    def halt(self, told: str, *, status: int) -> NoReturn:
        """End the visit with the page as it stands, and nothing done."""
        raise Halt(self.page(told, status=status))

    def _again(self, choice: str, blocks: int | None) -> Mapping[str, str]:
        """What brings this step anew, in another language."""
        mark = self.marks.issue(StepMark(step="page", seen=self.shown.seen), now=self.shown.now)
        if choice != "accept":
            return {"mark": mark, "choice": choice}
        whole = blocks == self.shown.request.blocks
        fields = {"mark": mark, "choice": "all" if whole else "fewer"}
        return fields if whole else {**fields, "blocks": str(blocks)}
