"""The incremental export."""

from __future__ import annotations

import time

from tests.zendesk_double.desk import Api

from support_policy.demo.zendesk_double import ZendeskDouble


def opened(double: ZendeskDouble, how_many: int) -> list[int]:
    customer = double.end_user("jo@c.example")
    return [double.open_ticket(requester=customer, subject="s", body="b") for _ in range(how_many)]


def test_pages_follow_each_other_to_the_end(double: ZendeskDouble, api: Api) -> None:
    numbers = opened(double, 5)
    first = api.get("incremental/tickets/cursor?start_time=0&per_page=3").json()
    assert not first["end_of_stream"]
    second = api.get(first["after_url"].split("/api/v2/")[1]).json()
    assert second["end_of_stream"]
    seen = [ticket["id"] for page in (first, second) for ticket in page["tickets"]]
    assert seen == numbers


def test_a_kept_cursor_finds_what_changed_since(double: ZendeskDouble, api: Api) -> None:
    first, second, third = opened(double, 3)
    path = "incremental/tickets/cursor"
    cursor = api.get(f"{path}?start_time=0").json()["after_cursor"]
    empty = api.get(f"{path}?cursor={cursor}").json()
    assert (empty["tickets"], empty["end_of_stream"]) == ([], True)
    double.update_ticket(second, by=double.agent, priority="high")
    double.delete_ticket(first)
    found = api.get(f"{path}?cursor={empty['after_cursor']}").json()["tickets"]
    assert [(each["id"], each["status"]) for each in found] == [
        (second, "new"),
        (first, "deleted"),
    ]
    assert abs(found[0]["generated_timestamp"] - time.time()) < 60
    assert third not in {each["id"] for each in found}


def test_a_start_of_this_moment_is_too_recent(api: Api) -> None:
    path = "incremental/tickets/cursor"
    assert api.get(f"{path}?start_time={int(time.time()) + 5}").status_code == 400
    assert api.get(path).status_code == 400
    assert api.get(f"{path}?cursor=nonsense").status_code == 400
