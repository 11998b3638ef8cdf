"""What `doctor` looks at of an installation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from support_policy.errors import HelpDeskError
from support_policy.helpdesk import Finding
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.helpdesks.zendesk.kinds import FORM, KINDS, SECRET
from support_policy.helpdesks.zendesk.plan import BASIC, Action, Change, Plan
from support_policy.helpdesks.zendesk.triggers import WEBHOOK

PING = {"event": "ping"}
"""The body of a test call: it asks for nothing."""


def examine_installation(installation: Installation, *, desk: str) -> Iterator[Finding]:
    """Whether what ``apply`` made is there and as it was made, and whether its webhook comes here.

    ``desk`` is the desk's name in the settings. A help desk that is down is a finding, no error.
    """
    try:
        plan = installation.plan()
        yield from _plan(plan, f"`support-policy apply --desk {desk}` makes and mends it.")
        if webhook := installation.known[WEBHOOK.kind].get(WEBHOOK.name):
            yield _round_trip(installation.api, webhook, plan)
    except HelpDeskError as error:
        yield Finding(
            name="installation",
            ok=False,
            detail=str(error),
            remedy="The set-up client needs the scopes read and write, and an admin's rights.",
        )


def _plan(plan: Plan, remedy: str) -> Iterator[Finding]:
    made = [change for change in plan.changes if change.kind in KINDS]
    wrong = [change for change in made if change.action is not Action.KEEP]
    detail = f"{len(made) - len(wrong)} of {len(made)} are there and as they were made"
    yield _finding("installation", not wrong, detail, remedy)
    for change in wrong:  # when nothing is made yet, one line says it
        if len(wrong) < len(made) or change.action is Action.CLASH:
            yield _finding(_name(change), False, _what(change), remedy)  # noqa: FBT003 - not well
    yield _on_forms(plan, remedy)
    secret = next(change for change in plan.changes if change.kind == SECRET)
    kept = secret.action is Action.KEEP
    yield _finding(
        "signing secret", kept, "the file's newest is the account's" if kept else "differs", remedy
    )
    for mention in plan.fee_mentions:
        yield Finding(
            name=f"macro {mention.title!r}",
            ok=False,
            detail=f"number {mention.id} mentions the fee: {mention.words!r}",
            remedy="Take the price out of it, or deactivate it: nothing records what it asks for.",
        )
    yield Finding(
        name="priority field",
        ok=not plan.basic_priority,
        detail=BASIC if plan.basic_priority else "has Low and Urgent",
        remedy="In Admin Center, give the field Priority all four values."
        if plan.basic_priority
        else "",
    )


def _on_forms(plan: Plan, remedy: str) -> Finding:
    name = "fields on forms"
    if plan.unknown_forms:
        detail = f"there is no active ticket form {', '.join(map(repr, plan.unknown_forms))}"
        return _finding(name, False, detail, "Correct `forms` in the settings.")  # noqa: FBT003
    forms = [change for change in plan.changes if change.kind == FORM]
    bare = [change.title for change in forms if change.action is not Action.KEEP]
    if not plan.has_forms:
        return _finding(name, True, "on every ticket", remedy)  # noqa: FBT003 - no forms at all
    if not forms:
        why = "no ticket form is active"
        return _finding(name, False, why, "Activate a ticket form.")  # noqa: FBT003 - not well
    detail = f"not on {', '.join(bare)}" if bare else f"on {len(forms)} ticket forms"
    return _finding(name, not bare, detail, remedy)


def _round_trip(api: Api, webhook: str, plan: Plan) -> Finding:
    """Let Zendesk call us: the address, the way to it and the secret must all be right."""
    endpoint = _endpoint(plan)
    request = {
        "endpoint": endpoint,
        "http_method": "POST",
        "request_format": "json",
        "payload": json.dumps(PING),
    }
    answer = api.send("POST", "webhooks/test", {"request": request}, webhook_id=webhook)
    found = answer.get("response")
    status = found.get("status_code") if isinstance(found, Mapping) else None
    return Finding(
        name="webhook",
        ok=status == 200,
        detail=f"Zendesk called {endpoint} and was answered {status or 'nothing'}",
        remedy=""
        if status == 200
        else "`support-policy serve` must run behind this address; 401 means another secret.",
    )


def _endpoint(plan: Plan) -> str:
    resources = (change.resource for change in plan.changes if change.kind == WEBHOOK.kind)
    return next(str(each.body["endpoint"]) for each in resources if each is not None)


def _finding(name: str, ok: bool, detail: str, remedy: str) -> Finding:  # noqa: FBT001 - as in Finding
    return Finding(name=name, ok=ok, detail=detail, remedy="" if ok else remedy)


def _name(change: Change) -> str:
    return f"{KINDS[change.kind].noun} {change.title!r}"


def _what(change: Change) -> str:
    if change.action is Action.CHANGE:
        return "; ".join(map(str, change.differences))
    return {
        Action.CREATE: "is not there",
        Action.ADOPT: "is there, left by a run that was cut short",
        Action.CLASH: "is there, and not known to be ours: rename it, or apply with --adopt",
        Action.DELETE: "is there, and the policy does not ask for it any more",
    }.get(change.action, "")
