"""What ``doctor`` looks at of an account as the service itself uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from support_policy.errors import ForbiddenError, HelpDeskError, SecretError
from support_policy.helpdesk import Budget, Finding
from support_policy.helpdesks.http import Response
from support_policy.helpdesks.zendesk.api import Api, date_of
from support_policy.helpdesks.zendesk.ledger import FIELDS, Ledger
from support_policy.helpdesks.zendesk.tokens import (
    API_TOKENS_END,
    RUN_SCOPES,
    ApiToken,
    ClientToken,
    Token,
)

_SKEW = timedelta(minutes=2)  # webhooks pass for five


def examine_account(
    api: Api,
    *,
    token: Token,
    budgets: Sequence[Budget],
    export: Budget,
    ledger: Ledger,
    secrets: Callable[[], Sequence[str]],
    now: datetime,
) -> Iterator[Finding]:
    """Log-in, rights, clock and limits; a help desk that is down is a finding, no error."""
    yield _kind_of(token, now)
    try:
        response = api.request("GET", "users/me")
    except HelpDeskError as error:
        remedy = (
            f"Check subdomain, client_id and client_secret; the scopes are {' '.join(RUN_SCOPES)}."
        )
        yield Finding(name="log-in", ok=False, detail=str(error), remedy=remedy)
        return
    yield from (_clock(response, now), _limit(response, budgets))
    yield from (_role(response), _scopes(token))
    yield _rights(api, export, now)
    known = ledger.ids("ticket_field")
    yield _made("ticket fields", sorted(set(FIELDS) - known.keys()))
    try:
        yield _made("secret file", [] if secrets() else ["the signing secret"])
    except SecretError as error:
        remedy = "Run apply and the service as one user, who owns the file."
        yield Finding(name="secret file", ok=False, detail=str(error), remedy=remedy)


def _kind_of(token: Token, now: datetime) -> Finding:
    if not isinstance(token, ApiToken):
        return Finding(name="OAuth", ok=True, detail="client credentials")
    return Finding(
        name="API token",
        ok=False,
        detail=f"Zendesk stops accepting API tokens on {API_TOKENS_END}"
        f" ({(API_TOKENS_END - now.date()).days} days from now)",
        remedy="Make a confidential OAuth client and set client_id and client_secret.",
    )


def _role(response: Response) -> Finding:
    try:
        user = response.json().get("user") or {}
    except (ValueError, AttributeError):
        user = {}
    role = user.get("role")
    return Finding(
        name="log-in",
        ok=role in ("agent", "admin"),
        detail=f"as user {user.get('id')}, {role}",
        remedy=""
        if role in ("agent", "admin")
        else "Make the OAuth client as an agent or admin; a client acts as who made it.",
    )


def _scopes(token: Token) -> Finding:
    """Whether the token has what it was asked to have."""
    if not isinstance(token, ClientToken):
        return Finding(name="scopes", ok=True, detail="an API token has all of its owner's rights")
    asked, granted = set(token.client.scopes), token.granted
    missing = sorted(asked - granted) if granted is not None else []
    return Finding(
        name="scopes",
        ok=not missing,
        detail=f"missing: {' '.join(missing)}" if missing else " ".join(sorted(asked)),
        remedy="Allow them on the OAuth client." if missing else "",
    )


def _clock(response: Response, now: datetime) -> Finding:
    theirs = date_of(response)
    if theirs is None:
        return Finding(name="clock", ok=True, detail="Zendesk tells no time")
    apart = abs(now - theirs)
    well = apart <= _SKEW
    return Finding(
        name="clock",
        ok=well,
        detail=f"{apart.total_seconds():.0f} s from Zendesk's",
        remedy="" if well else "Set this machine's clock: webhooks are turned away at 5 minutes.",
    )


def _limit(response: Response, budgets: Sequence[Budget]) -> Finding:
    """Whether we ask for less than all that the account allows to everybody."""
    text = response.headers.get("x-rate-limit", "")
    ours = next((budget.most for budget in budgets if budget.name == "requests"), 0)
    well = not text.isdigit() or ours < int(text)
    return Finding(
        name="limits",
        ok=well,
        detail=f"{ours} requests a minute of the account's {text or 'untold number'}",
        remedy="" if well else "Lower requests_per_minute: others use the account as well.",
    )


def _rights(api: Api, export: Budget, now: datetime) -> Finding:
    """The sweep needs the export, which Zendesk gives to admins only."""
    start = str(int((now - timedelta(minutes=2)).timestamp()))
    try:
        api.get("incremental/tickets/cursor", budgets=(export,), start_time=start)
    except ForbiddenError:
        remedy = "The client's owner must be an admin; otherwise lost webhooks are not found."
        return Finding(name="export", ok=False, detail="is refused", remedy=remedy)
    except HelpDeskError as error:
        return Finding(name="export", ok=False, detail=str(error), remedy="Try again.")
    return Finding(name="export", ok=True, detail="may be read")


def _made(name: str, missing: Sequence[str]) -> Finding:
    return Finding(
        name=name,
        ok=not missing,
        detail=f"missing: {', '.join(missing)}" if missing else "known",
        remedy="`support-policy apply` makes it." if missing else "",
    )
