"""One account, one log-in: tokens, limits, pages, and failures by who must act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import responses
from responses import matchers

from support_policy.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    LoginError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Budget
from support_policy.helpdesks.http import new_session
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk.address import is_loopback, is_subdomain, origin
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.tokens import ApiToken, Client, ClientToken, Token

ORIGIN = "https://mexxus.zendesk.com"
ROOT = f"{ORIGIN}/api/v2"
TOKENS = f"{ORIGIN}/oauth/tokens"
SECRET = "the-clients-secret"
CLIENT = Client(identifier="support_policy", secret=SECRET, scopes=("tickets:read", "users:read"))
START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LIMIT = Budget(name="requests", most=100, seconds=60)


class Clock:
    """A clock that is set by hand; sleeping moves it."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock: Clock) -> Callable[..., Api]:
    def made(
        token: Token | None = None,
        budgets: tuple[Budget, ...] = (LIMIT,),
        notebook: MemoryNotebook | None = None,
    ) -> Api:
        session = new_session()
        return Api(
            origin=ORIGIN,
            token=token or ClientToken(ORIGIN, CLIENT, session, clock=clock),
            session=session,
            notebook=notebook or MemoryNotebook(),
            budgets=budgets,
            clock=clock,
            sleep=clock.sleep,
        )

    return made


def granted(web: responses.RequestsMock, *tokens: str, expires_in: object = 1800) -> None:
    for token in tokens:
        answer = {"access_token": token, "token_type": "bearer", "expires_in": expires_in}
        web.post(TOKENS, json=answer)


def used(web: responses.RequestsMock) -> list[str]:
    """The Authorization of every request to the API."""
    return [
        str(call.request.headers["Authorization"])
        for call in web.calls
        if str(call.request.url).startswith(ROOT)
    ]


# Where we call


@pytest.mark.parametrize("text", ["mexxus", "a", "a-b-9", "x" * 63])
def test_one_label_is_a_subdomain(text: str) -> None:
    assert is_subdomain(text)
    assert origin(text) == f"https://{text}.zendesk.com"


@pytest.mark.parametrize(
    "text",
    ["", "a.b", "evil.example/", "a@b", "A", "-a", "a-", "a_b", "x" * 64, "a\n", "é", "a:80", "a#"],
)
def test_nothing_else_can_lead_to_another_host(text: str) -> None:
    assert not is_subdomain(text)
    with pytest.raises(ValueError, match="label"):
        origin(text)


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://127.9.9.9:1", True),
        ("https://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://10.0.0.1:8000", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://127.0.0.1:8000/path", False),
        ("http://user@127.0.0.1:8000", False),
        ("http://127.0.0.1:99999", False),
        ("", False),
    ],
)
def test_a_base_url_for_tests_stays_on_this_machine(url: str, is_ours: bool) -> None:
    assert is_loopback(url) is is_ours


def test_a_redirect_is_not_followed(web: responses.RequestsMock, make: Callable[..., Api]) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/tickets/7", status=302, headers={"Location": "https://evil.example/"})
    web.get("https://evil.example/", body="{}")
    with pytest.raises(RefusedError):
        make().get("tickets/7")
    assert not any("evil" in str(call.request.url) for call in web.calls)


def test_the_address_of_a_next_page_is_not_followed_only_its_query(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    granted(web, "one")
    first = {
        "audits": [{"id": 1}],
        "meta": {"has_more": True},
        "links": {"next": "https://evil.example/api/v2/x?page%5Bsize%5D=100&page%5Bafter%5D=abc"},
    }
    asked = [{"page[size]": "100"}, {"page[size]": "100", "page[after]": "abc"}]
    for query, answer in zip(
        asked,
        [first, {"audits": [{"id": 2}], "meta": {"has_more": False}, "links": {}}],
        strict=True,
    ):
        web.get(
            f"{ROOT}/tickets/7/audits", json=answer, match=[matchers.query_param_matcher(query)]
        )
    assert [row["id"] for row in make().rows("tickets/7/audits", "audits")] == [1, 2]


# Tokens


def test_a_token_is_asked_for_with_the_scopes_and_used_until_shortly_before_its_end(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    granted(web, "one", "two")
    web.get(f"{ROOT}/users/me", json={})
    api = make()
    api.get("users/me")
    asked = json.loads(web.calls[0].request.body or "")
    assert asked == {
        "grant_type": "client_credentials",
        "client_id": "support_policy",
        "client_secret": SECRET,
        "scope": "tickets:read users:read",
    }
    clock.now += timedelta(minutes=26)
    api.get("users/me")
    clock.now += timedelta(minutes=2)
    api.get("users/me")
    assert used(web) == ["Bearer one", "Bearer one", "Bearer two"]


@pytest.mark.parametrize("expires_in", [None, "soon", -5, 0, 1e12, float("inf")])
def test_an_odd_lifetime_does_not_lead_to_a_token_for_each_request(
    web: responses.RequestsMock, make: Callable[..., Api], expires_in: object
) -> None:
    granted(web, "one", "two", expires_in=expires_in)
    web.get(f"{ROOT}/users/me", json={})
    api = make()
    for _ in range(3):
        api.get("users/me")
    assert used(web) == ["Bearer one"] * 3


def test_a_token_that_was_revoked_is_replaced_and_the_request_made_again(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    granted(web, "one", "two")
    web.get(f"{ROOT}/users/me", status=401, json={"error": "invalid_token"})
    web.get(f"{ROOT}/users/me", json={"user": {"id": 1}})
    assert make().get("users/me") == {"user": {"id": 1}}
    assert used(web) == ["Bearer one", "Bearer two"]


def test_a_client_that_stays_refused_is_tried_once_more_and_not_for_ever(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    granted(web, "one", "two")
    web.get(f"{ROOT}/users/me", status=401)
    with pytest.raises(LoginError):
        make().get("users/me")
    assert len(used(web)) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_client_that_gets_no_token_makes_the_work_wait_and_names_the_client_only(
    web: responses.RequestsMock, make: Callable[..., Api], status: int
) -> None:
    web.post(TOKENS, status=status, json={"error": "invalid_scope", "error_description": SECRET})
    with pytest.raises(UnavailableError) as caught:
        make().get("users/me")
    assert SECRET not in str(caught.value)
    assert "support_policy" in str(caught.value) or status == 403


@pytest.mark.parametrize("body", ["[]", "{}", '{"access_token": ""}', '{"access_token": 7}', "<p>"])
def test_an_answer_without_a_token_is_unavailable(
    web: responses.RequestsMock, make: Callable[..., Api], body: str
) -> None:
    web.post(TOKENS, body=body)
    with pytest.raises(UnavailableError):
        make().get("users/me")


def test_the_old_token_goes_as_basic_and_is_not_renewed(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    web.get(f"{ROOT}/users/me", status=401)
    with pytest.raises(LoginError):
        make(ApiToken(email="a@b.example", token="t0ken")).get("users/me")
    # Worked out with another tool: printf 'a@b.example/token:t0ken' | base64
    assert used(web) == ["Basic YUBiLmV4YW1wbGUvdG9rZW46dDBrZW4="]


def test_no_log_in_shows_its_secret(clock: Clock) -> None:
    token = ClientToken(ORIGIN, CLIENT, new_session(), clock=clock)
    for printed in (repr(CLIENT), repr(token), repr(ApiToken(email="a", token=SECRET))):
        assert SECRET not in printed


def test_a_netrc_of_this_machine_does_not_replace_our_log_in(
    web: responses.RequestsMock,
    make: Callable[..., Api],
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:  # noqa: PTH123 - a path as text is what the variable holds
        file.write("machine mexxus.zendesk.com login somebody password else\n")
    monkeypatch.setenv("NETRC", netrc)
    granted(web, "one")
    web.get(f"{ROOT}/users/me", json={})
    make().get("users/me")
    assert used(web) == ["Bearer one"]


# Limits


def test_a_short_wait_for_the_limit_is_waited_here(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/users/me", json={})
    api = make(budgets=(Budget(name="requests", most=5, seconds=8),))
    for _ in range(3):
        api.get("users/me")
    assert clock.slept == [pytest.approx(2.0)] * 2


def test_a_long_wait_for_the_limit_sends_the_work_back_to_its_queue(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/users/me", json={})
    api = make(budgets=(Budget(name="requests", most=5, seconds=600),))
    api.get("users/me")
    with pytest.raises(BusyError) as caught:
        api.get("users/me")
    assert caught.value.after == pytest.approx(150)
    assert clock.slept == []
    assert len(used(web)) == 1, "nothing was asked that the limit forbids"


def test_a_retry_after_keeps_everybody_who_shares_the_notebook_quiet(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    granted(web, "one", "two")
    web.get(f"{ROOT}/users/me", status=429, headers={"Retry-After": "37"})
    notebook = MemoryNotebook()
    one, other = make(notebook=notebook), make(notebook=notebook)
    with pytest.raises(RateLimitedError) as caught:
        one.get("users/me")
    assert caught.value.after == 37
    clock.now += timedelta(seconds=30)
    with pytest.raises(BusyError) as waiting:
        other.get("users/me")
    assert waiting.value.after == pytest.approx(7)
    assert len(used(web)) == 1
    clock.now += timedelta(seconds=7)
    web.upsert(responses.GET, f"{ROOT}/users/me", json={"user": {}})
    assert other.get("users/me") == {"user": {}}


def test_a_token_that_must_be_fetched_waits_for_the_rest_to_end(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    notebook = MemoryNotebook()
    notebook.rest(60, now=clock.now)
    with pytest.raises(BusyError):
        make(notebook=notebook).get("users/me")
    assert len(web.calls) == 0


def test_the_token_endpoints_own_retry_after_is_obeyed_by_all(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    web.post(TOKENS, status=429, headers={"Retry-After": "41"})
    notebook = MemoryNotebook()
    with pytest.raises(RateLimitedError):
        make(notebook=notebook).get("users/me")
    assert notebook.spend((), now=clock.now) == 41.0


def test_a_service_that_is_away_for_a_while_says_for_how_long(
    web: responses.RequestsMock, make: Callable[..., Api], clock: Clock
) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/users/me", status=503, headers={"Retry-After": "12"})
    notebook = MemoryNotebook()
    with pytest.raises(RateLimitedError) as caught:
        make(notebook=notebook).get("users/me")
    assert caught.value.after == 12
    assert notebook.spend((), now=clock.now) == 12.0


# Failures


def test_a_conflict_is_told_apart(web: responses.RequestsMock, make: Callable[..., Api]) -> None:
    granted(web, "one")
    web.put(f"{ROOT}/tickets/7", status=409, json={"error": "UpdateConflict"})
    with pytest.raises(ConflictError):
        make().send("PUT", "tickets/7", {"ticket": {}})


def test_what_the_plan_or_the_rights_do_not_allow_is_told_apart(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/slas/policies", status=403, json={"error": "Forbidden"})
    with pytest.raises(ForbiddenError):
        make().get("slas/policies")


def test_an_answer_without_a_body_is_an_empty_object(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    granted(web, "one")
    web.delete(f"{ROOT}/webhooks/1", status=204)
    assert make().send("DELETE", "webhooks/1") == {}


@pytest.mark.parametrize("body", ["[]", "null", "<html>", ""])
def test_an_answer_that_is_no_object_is_unavailable(
    web: responses.RequestsMock, make: Callable[..., Api], body: str
) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/users/me", body=body)
    with pytest.raises(UnavailableError):
        make().get("users/me")


@pytest.mark.parametrize("rows", [None, {}, "x"])
def test_a_list_without_its_rows_is_unavailable(
    web: responses.RequestsMock, make: Callable[..., Api], rows: object
) -> None:
    granted(web, "one")
    web.get(f"{ROOT}/macros", json={"macros": rows})
    with pytest.raises(UnavailableError):
        list(make().rows("macros", "macros"))


def test_a_list_that_names_itself_as_its_next_page_ends(
    web: responses.RequestsMock, make: Callable[..., Api]
) -> None:
    granted(web, "one")
    again = f"{ROOT}/macros?page%5Bsize%5D=100"
    web.get(
        f"{ROOT}/macros",
        json={"macros": [{"id": 1}], "meta": {"has_more": True}, "links": {"next": again}},
    )
    assert len(list(make().rows("macros", "macros"))) == 1
