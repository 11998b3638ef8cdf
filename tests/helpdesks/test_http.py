"""What every help desk's HTTP client makes of an answer, and of none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
import requests
import responses
from tests.small_policy import a_ticket

from support_policy.core.ticket import Priority, TicketRef
from support_policy.core.update import Explanation, Update
from support_policy.errors import (
    ForbiddenError,
    GoneError,
    HelpDeskError,
    LoginError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from support_policy.helpdesk import Delivery
from support_policy.helpdesks.django_helpdesk.client import DjangoHelpdesk
from support_policy.helpdesks.django_helpdesk.codec import DjangoHelpdeskCodec
from support_policy.helpdesks.http import TIMEOUT, answer, call

DESK = "https://desk.example.com"
URL = f"{DESK}/api/tickets/7/"
PASSWORD = "hunter2-and-more"
TOKEN = "kQ3-a-secret-in-the-path"
BODY = "the customer's own words"
REF = TicketRef(desk="helpdesk", id="7")


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        yield web


@pytest.fixture
def desk() -> DjangoHelpdesk:
    return DjangoHelpdesk(
        name="helpdesk",
        url=DESK,
        username="support-policy",
        password=PASSWORD,
        codec=DjangoHelpdeskCodec(desk="helpdesk", tokens=(TOKEN,)),
    )


def get() -> requests.Response:
    with requests.Session() as session:
        session.auth = ("support-policy", PASSWORD)
        return call(session, "GET", URL, params={"secret": TOKEN})


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, RefusedError),
        (302, RefusedError),
        (307, RefusedError),
        (308, RefusedError),
        (304, RefusedError),
        (400, RefusedError),
        (401, LoginError),
        (403, ForbiddenError),
        (404, GoneError),
        (405, RefusedError),
        (408, UnavailableError),
        (409, RefusedError),
        (410, GoneError),
        (413, RefusedError),
        (422, RefusedError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (502, UnavailableError),
        (503, UnavailableError),
        (504, UnavailableError),
        (599, UnavailableError),
    ],
)
def test_every_failure_says_who_must_act(
    web: responses.RequestsMock, status: int, error: type[HelpDeskError]
) -> None:
    body = "" if status == 304 else BODY
    web.get(URL, status=status, body=body, headers={"Location": f"{DESK}/elsewhere?t={TOKEN}"})
    with pytest.raises(HelpDeskError) as caught:
        get()
    assert type(caught.value) is error
    for secret in (PASSWORD, TOKEN, BODY):
        assert secret not in str(caught.value)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_success_is_given_back(web: responses.RequestsMock, status: int) -> None:
    web.get(URL, status=status, body="" if status == 204 else "{}")
    assert get().status_code == status


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectTimeout(f"{PASSWORD} {TOKEN}"),
        requests.ReadTimeout(f"{PASSWORD} {TOKEN}"),
        requests.ConnectionError(f"{PASSWORD} {TOKEN}"),
        requests.exceptions.SSLError(f"{PASSWORD} {TOKEN}"),
        requests.exceptions.ChunkedEncodingError(f"{PASSWORD} {TOKEN}"),
        requests.exceptions.ContentDecodingError(f"{PASSWORD} {TOKEN}"),
        requests.exceptions.InvalidURL(f"{PASSWORD} {TOKEN}"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_no_answer_is_unavailable_and_hides_the_addresses(
    web: responses.RequestsMock, failure: Exception
) -> None:
    web.get(URL, body=failure)
    with pytest.raises(UnavailableError) as caught:
        get()
    assert PASSWORD not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__, "a traceback must not tell either"


def test_a_request_always_has_a_time_limit(
    web: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.get(URL, body="{}")
    get()
    assert web.calls[0].request.req_kwargs["timeout"] == TIMEOUT
    assert all(0 < seconds <= 30 for seconds in TIMEOUT)


def test_a_redirect_is_not_followed_so_that_the_log_in_goes_nowhere_else(
    web: responses.RequestsMock,
) -> None:
    web.get(URL, status=302, headers={"Location": "https://evil.example/"})
    web.get("https://evil.example/", body="{}")
    with pytest.raises(RefusedError):
        get()
    assert [request.request.url.partition("?")[0] for request in web.calls] == [URL]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), (None, 30.0), ("", 30.0), ("soon", 30.0), ("-5", 30.0), ("²", 30.0)],
)
def test_patience_is_asked_in_seconds(
    web: responses.RequestsMock, header: str | None, seconds: float
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    web.get(URL, status=429, headers=headers)
    with pytest.raises(RateLimitedError) as caught:
        get()
    assert caught.value.after == seconds


def test_patience_beyond_every_calendar_is_cut_to_a_day(web: responses.RequestsMock) -> None:
    web.get(URL, status=429, headers={"Retry-After": "9" * 400})
    with pytest.raises(RateLimitedError) as caught:
        get()
    assert caught.value.after == 86_400


@pytest.mark.parametrize("body", ["", "<html>proxy</html>", '{"cut": ', b"\xff\xfe\x00"])
def test_an_answer_that_is_not_json_is_unavailable(
    web: responses.RequestsMock, body: str | bytes
) -> None:
    web.get(URL, body=body)
    with pytest.raises(UnavailableError) as caught:
        answer(get())
    assert "proxy" not in str(caught.value)


# The client of django-helpdesk


@pytest.mark.parametrize(
    "body", ["[]", "null", "7", '"text"', "{}", '{"detail": "x"}', '{"id": 7, "followup_set": []}']
)
def test_json_that_is_no_ticket_is_unavailable(
    web: responses.RequestsMock, desk: DjangoHelpdesk, body: str
) -> None:
    web.get(URL, body=body)
    with pytest.raises(UnavailableError):
        desk.read(REF)


@pytest.mark.parametrize("body", ["[]", "{}", "null", '{"count": "x", "results": 1}'])
def test_json_that_is_no_list_of_tickets_is_unavailable(
    web: responses.RequestsMock, desk: DjangoHelpdesk, body: str
) -> None:
    web.get(f"{DESK}/api/tickets/", body=body)
    with pytest.raises(UnavailableError):
        newest(desk)


def test_a_value_that_the_desk_did_not_keep_does_not_count_as_written(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    web.patch(URL, json={"id": 7, "priority": 3})
    with pytest.raises(UnavailableError):
        desk.write(a_ticket(ref=REF), Update(ticket=REF, priority=Priority.HIGH))


def test_one_request_writes_the_values_and_one_the_note(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    web.patch(URL, json={"id": 7, "priority": 2, "custom_policy_tags": "vip policy_high"})
    web.post(f"{DESK}/api/followups/", status=201, json={})
    note = Explanation(stamp="small/1/abc", reason="r", note="n")
    update = Update(ticket=REF, priority=Priority.HIGH, tags=("policy_high",), note=note)
    desk.write(a_ticket(ref=REF, tags=("vip",)), update)
    assert [(call.request.method, call.request.url) for call in web.calls] == [
        ("PATCH", URL),
        ("POST", f"{DESK}/api/followups/"),
    ]


def test_nothing_is_sent_for_an_update_without_a_difference(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    desk.write(a_ticket(ref=REF), Update(ticket=REF))
    assert len(web.calls) == 0


def test_a_note_is_not_written_when_the_values_were_refused(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    web.patch(URL, status=400, json={"priority": ["no"]})
    note = Explanation(stamp="small/1/abc", reason="r", note="n")
    with pytest.raises(RefusedError):
        desk.write(a_ticket(ref=REF), Update(ticket=REF, priority=Priority.HIGH, note=note))
    assert len(web.calls) == 1


def newest(desk: DjangoHelpdesk, *, pages: int = 1) -> list[Delivery]:
    now = datetime.now(UTC)
    found = desk.opened(since=now, cursor=None, now=now)
    return [delivery for page in islice(found, pages) for delivery in page.deliveries]


def listed(numbers: range) -> dict[str, Any]:
    opening = {"id": 1, "date": "2026-11-23T10:00:00-05:00"}
    return {
        "count": 250,
        "results": [{"id": number, "followup_set": [opening]} for number in numbers],
    }


def test_the_newest_tickets_are_on_the_last_pages(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    def page(number: int, size: int, numbers: range) -> None:
        query = {"page": str(number), "page_size": str(size), "status": "1,2"}
        web.get(
            f"{DESK}/api/tickets/",
            json=listed(numbers),
            match=[responses.matchers.query_param_matcher(query)],
        )

    page(1, 1, range(1, 2))
    page(3, 100, range(201, 251))
    page(2, 100, range(101, 201))
    found = newest(desk, pages=2)
    assert [each.ticket_id for each in found] == [str(n) for n in range(250, 100, -1)]


def test_an_empty_desk_has_no_newest_ticket(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    web.get(f"{DESK}/api/tickets/", json={"count": 0, "results": []})
    assert newest(desk) == []


def test_missing_fields_are_found_and_told_what_to_do(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    described = {"actions": {"POST": {"title": {}, "custom_policy_class": {}}}}
    web.options(f"{DESK}/api/tickets/", json=described)
    findings = {finding.name: finding for finding in desk.examine(now=datetime.now(UTC))}
    assert findings["field policy_class"].ok
    assert not findings["field policy_state"].ok
    assert "migrate" in findings["field policy_state"].remedy


def test_the_password_is_in_no_failure_of_the_client(
    web: responses.RequestsMock, desk: DjangoHelpdesk
) -> None:
    for status in (302, 401, 404, 429, 500):
        web.upsert(responses.GET, URL, status=status, body=PASSWORD)
        with pytest.raises(HelpDeskError) as caught:
            desk.read(REF)
        assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(desk)
