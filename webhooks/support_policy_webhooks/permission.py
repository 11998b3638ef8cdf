"""The page on which a customer answers a request for paid help.

To open it changes nothing: programs that look into mail open every link. An answer takes two
steps, and the second one something that only a person types.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, request

from support_policy.core.explain import Texts
from support_policy.core.permission.job import State
from support_policy.errors import ConsentError, UnknownLinkError
from support_policy.permissions import Permissions, Shown
from support_policy.store.outcome import place_of
from support_policy_webhooks.error_page import away, gone
from support_policy_webhooks.page import asked_language, came_from_elsewhere, moved, render, trace
from support_policy_webhooks.permission_form import (
    UNDOING,
    Typed,
    wrong_choice,
    wrong_confirmation,
)
from support_policy_webhooks.permission_visit import Halt, Visit

logger = logging.getLogger(__name__)


def add_permission(app: Flask, permissions: Permissions) -> None:
    """Add the routes of the answer page."""
    path = "/permission/<token>"

    def at(path: str, methods: list[str], act: Callable[[Visit], Response]) -> None:
        def answer(token: str) -> Response:
            return _visited(permissions, token, act)

        name = f"{methods[0]} {path}"
        app.add_url_rule(path, name, answer, methods=methods, strict_slashes=False)

    at(path, ["GET"], lambda visit: visit.page())
    at(path, ["POST"], _choose)
    at(f"{path}/confirm", ["POST"], _confirm)
    at(f"{path}/question", ["POST"], _question)
    at(f"{path}/extend", ["POST"], _extend)
    at(f"{path}/withdraw", ["POST"], _withdraw)


def _visited(permissions: Permissions, token: str, act: Callable[[Visit], Response]) -> Response:
    """Find what the link opens, and let the step be done on it."""
    try:
        shown = permissions.shown(token)
    except UnknownLinkError:
        return gone()
    except Exception as error:  # noqa: BLE001 - a person looks at this page, not a program
        logger.error("the record of a request does not answer: %s", place_of(error))  # noqa: TRY400
        return away(asked_language())
    language = asked_language(shown.language)
    visit = Visit(permissions=permissions, token=token, shown=shown, language=language)
    try:
        if request.method == "POST" and came_from_elsewhere(permissions.links.public_url):
            visit.halt(visit.texts.say("permission.told.elsewhere"), status=403)
        return act(visit)
    except Halt as halted:
        return halted.response


def _choose(visit: Visit) -> Response:
    """The first step: look over what was chosen. Nothing is kept of it."""
    typed = Typed.read(request.form)
    if typed.choice != "question":
        _must_be_open(visit)
    visit.mark("page")
    if typed.choice == "question":
        return visit.review("question", None)
    if problems := wrong_choice(typed, visit.shown.request.blocks, visit.texts):
        return visit.page(status=422, problems=problems, typed=typed)
    if typed.choice == "decline":
        return visit.review("decline", None)
    return visit.review("accept", typed.accepted(visit.shown.request.blocks))


def _confirm(visit: Visit) -> Response:
    """The second step: the answer that was looked over counts from now on."""
    _must_be_open(visit)
    mark, typed = visit.mark("review", "accept", "decline"), Typed.read(request.form)
    if problems := wrong_confirmation(typed, mark.choice, visit.texts):
        return visit.review(mark.choice, mark.blocks, problems=problems, typed=typed)
    return _done(
        visit,
        lambda: visit.permissions.answer(
            visit.token, blocks=mark.blocks, name=typed.name, seen=mark.seen, trace=trace()
        ),
    )


def _question(visit: Visit) -> Response:
    """Send a question, at any time: it answers nothing."""
    mark, typed = visit.mark("review", "question"), Typed.read(request.form)
    if problems := wrong_confirmation(typed, mark.choice, visit.texts):
        return visit.review("question", None, problems=problems, typed=typed)
    return _done(
        visit,
        lambda: visit.permissions.question(
            visit.token, text=typed.text, name=typed.name, trace=trace()
        ),
    )


def _extend(visit: Visit) -> Response:
    """More time, with one press of its button: a form that is sent without it asks for none."""
    _must_be_open(visit)
    visit.mark("page")
    if "more_time" not in request.form:
        visit.halt(visit.texts.say("permission.told.press"), status=422)
    return _done(visit, lambda: visit.permissions.extend(visit.token, trace=trace()))


def _must_be_open(visit: Visit) -> None:
    """Whoever comes too late, with whatever form, is told what stands."""
    shown = visit.shown
    if visit.view().is_open:
        return
    answered = shown.request.state in {State.ACCEPTED, State.DECLINED, State.WITHDRAWN}
    reason = "expired" if shown.expired else "answered" if answered else "closed"
    visit.halt(refusal(reason, visit.texts), status=409)


def _withdraw(visit: Visit) -> Response:
    """Take the permission back, or have the work stopped: look it over, then confirm it."""
    undoing = visit.view().undoing
    if not visit.shown.may_withdraw:
        visit.halt(refusal("closed", visit.texts), status=409)
    if "name" not in request.form:
        visit.mark("page")
        return visit.review(undoing, None)
    mark, typed = visit.mark("review", *UNDOING), Typed.read(request.form)
    if mark.choice != undoing:  # time alone begins a block, and what was read is no longer so
        visit.halt(refusal("changed", visit.texts), status=409)
    if problems := wrong_confirmation(typed, mark.choice, visit.texts):
        return visit.review(undoing, None, problems=problems, typed=typed)
    return _done(
        visit,
        lambda: visit.permissions.withdraw(
            visit.token, name=typed.name, seen=mark.seen, trace=trace()
        ),
    )


def _done(visit: Visit, act: Callable[[], Shown]) -> Response:
    """Do it, and show what is on record: only that says whether it was done."""
    try:
        act()
    except ConsentError as error:
        return _refused(visit, error.reason)
    except Exception as error:  # noqa: BLE001 - whatever broke, the customer must know what holds
        logger.error("an answer to a request broke: %s", place_of(error))  # noqa: TRY400
        return _failed(visit)
    return moved(visit.here, visit.language)


def _refused(visit: Visit, reason: str) -> Response:
    """Why it was not done, beside what stands on record now."""
    now = _read_again(visit)
    if now is None:
        return _unsure(visit)
    return visit.page(refusal(reason, visit.texts), status=409, shown=now)


def _failed(visit: Visit) -> Response:
    """It may have failed before it was recorded or after: the record is read, then that is said."""
    now = _read_again(visit)
    if now is None:
        return _unsure(visit)
    if now.request != visit.shown.request or now.job != visit.shown.job:
        return moved(visit.here, visit.language)
    # A second question leaves no trace on the request: nothing tells whether it was recorded.
    if request.path.endswith("/question") and visit.shown.request.question:
        return _unsure(visit)
    return visit.page(visit.texts.say("permission.told.not_recorded"), status=503, shown=now)


def _read_again(visit: Visit) -> Shown | None:
    try:
        return visit.permissions.shown(visit.token)
    except Exception as error:  # noqa: BLE001 - a second failure adds nothing to the first
        logger.error("a request cannot be read again: %s", place_of(error))  # noqa: TRY400
        return None


def _unsure(visit: Visit) -> Response:
    return render("permission_unsure.html", visit.language, {}, here=visit.here, status=503)


def refusal(reason: str, texts: Texts) -> str:
    """Why something was not done, in a sentence."""
    return texts.word(f"permission.told.{reason}", "") or texts.say("permission.told.refused")
