"""What doctor says of an account as the service uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import responses

from support_policy.errors import SecretError
from support_policy.helpdesk import Budget, Finding
from support_policy.helpdesks.http import new_session
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.health import examine_account
from support_policy.helpdesks.zendesk.ledger import FIELDS, Ledger
from support_policy.helpdesks.zendesk.tokens import RUN_SCOPES, ApiToken, Client, ClientToken, Token

ORIGIN = "https://mexxus.zendesk.com"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LIMIT = Budget(name="requests", most=150, seconds=60)
EXPORT = Budget(name="export", most=8, seconds=60)


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def well(web: responses.RequestsMock, **changes: object) -> None:
    """An account that is well, but for what a test changes."""
    given: dict[str, object] = {"scope": " ".join(RUN_SCOPES), "role": "admin", "limit": "200"}
    given |= {"apart": timedelta(0), "export": 200} | changes
    assert isinstance(given["apart"], timedelta)
    token = {"access_token": "one", "expires_in": 1800, "scope": given["scope"]}
    web.post(f"{ORIGIN}/oauth/tokens", json=token)
    headers = {"Date": format_datetime(NOW + given["apart"], usegmt=True)}
    headers["x-rate-limit"] = str(given["limit"])
    user = {"user": {"id": 5, "role": given["role"]}}
    web.get(f"{ORIGIN}/api/v2/users/me", json=user, headers=headers)
    status = given["export"]
    assert isinstance(status, int)
    export = f"{ORIGIN}/api/v2/incremental/tickets/cursor"
    web.get(export, status=status, json={"tickets": [], "end_of_stream": True})


def examined(
    *, api_token: bool = False, made: Sequence[str] = FIELDS, unreadable: bool = False
) -> dict[str, Finding]:
    session, notebook = new_session(), MemoryNotebook()
    client = Client(identifier="support_policy", secret="s3cret", scopes=RUN_SCOPES)
    token: Token = ClientToken(ORIGIN, client, session, clock=lambda: NOW)
    if api_token:
        token = ApiToken(email="a@b.example", token="t")
    api = Api(
        origin=ORIGIN,
        token=token,
        session=session,
        notebook=notebook,
        budgets=(LIMIT,),
        clock=lambda: NOW,
    )
    ledger = Ledger(notebook, "mexxus")
    for name in made:
        ledger.put("ticket_field", name, "7")

    def secrets() -> tuple[str, ...]:
        if unreadable:
            raise SecretError("zendesk-signing-secret cannot be read (PermissionError)")
        return ("secret",)

    found = examine_account(
        api,
        token=token,
        budgets=(LIMIT,),
        export=EXPORT,
        ledger=ledger,
        secrets=secrets,
        now=NOW,
    )
    return {finding.name: finding for finding in found}


def unwell(findings: dict[str, Finding]) -> dict[str, str]:
    assert all(finding.remedy for finding in findings.values() if not finding.ok)
    return {name: finding.detail for name, finding in findings.items() if not finding.ok}


def test_an_account_that_is_well_has_nothing_against_it(web: responses.RequestsMock) -> None:
    well(web)
    assert unwell(examined()) == {}


@pytest.mark.parametrize(
    ("changes", "name", "detail"),
    [
        ({"scope": "tickets:read users:read"}, "scopes", "missing: tickets:write"),
        ({"scope": ""}, "scopes", "missing: tickets:read tickets:write users:read"),
        ({"apart": timedelta(minutes=-3)}, "clock", "180 s from Zendesk's"),
        ({"limit": "150"}, "limits", "150 requests a minute of the account's 150"),
        ({"role": "end-user"}, "log-in", "as user 5, end-user"),
        ({"export": 403}, "export", "is refused"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_and_what_to_do(
    web: responses.RequestsMock, changes: dict[str, object], name: str, detail: str
) -> None:
    well(web, **changes)
    assert unwell(examined()) == {name: detail}


def test_scopes_that_zendesk_does_not_tell_are_not_missed(web: responses.RequestsMock) -> None:
    well(web, scope=None)
    assert unwell(examined()) == {}


def test_a_client_that_is_not_known_is_one_finding_and_no_error(
    web: responses.RequestsMock,
) -> None:
    web.post(f"{ORIGIN}/oauth/tokens", status=401, json={"error": "invalid_client"})
    assert list(unwell(examined())) == ["log-in"]


def test_an_api_token_says_how_long_it_will_be_good(web: responses.RequestsMock) -> None:
    well(web)
    found = unwell(examined(api_token=True))
    assert found == {
        "API token": "Zendesk stops accepting API tokens on 2027-04-30 (157 days from now)"
    }


def test_what_apply_did_not_make_is_named(web: responses.RequestsMock) -> None:
    well(web)
    found = unwell(examined(made=("class", "reason"), unreadable=True))
    assert found["ticket fields"] == "missing: expected_at, expected_on"
    assert "PermissionError" in found["secret file"]
