"""A service that answers anything but a good decision: nothing is applied, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import Desk, Opened, until
from tests.live.osticket.listener import (
    Answer,
    Behaviour,
    BlackHole,
    Call,
    Listener,
    changed,
    decision,
    instant,
    low,
    spelled,
    written,
    wrong_signature,
)
from tests.live.osticket.service import Service
from tests.live.osticket.ticket_page import Seen

from support_policy.demo.desk import free_port

QUESTION = Request(subject="How do I add a mailbox?", body="Where do I add a mailbox, please?")


def good(call: Call, **how: Any) -> Answer:
    return replace(written()(call), **how)


def huge(call: Call) -> Answer:
    return spelled({**decision(call, **low("1")), "padding": "x" * 300_000})


def another_ticket(call: Call) -> Answer:
    other = {"id": call.message["ticket"]["id"] - 1, "number": "000001"}
    return changed(ticket=other)(call)


ANSWERS: dict[str, Behaviour] = {
    "garbage": lambda _: Answer(b"<html>Welcome to nginx!</html>"),
    "nothing": lambda _: Answer(b""),
    "a list": lambda _: Answer(b"[]"),
    "half": lambda call: Answer(good(call).body[:-20]),
    "created without a decision": lambda _: Answer(b"", status=201),
    "no content": lambda _: Answer(b"", status=204),
    "500": lambda call: good(call, status=500),
    "503": lambda call: good(call, status=503),
    "401": lambda call: good(call, status=401),
    "409": lambda call: good(call, status=409),
    "another ticket": another_ticket,
    "another event": changed(event="00000000-0000-4000-8000-000000000000"),
    "signed for another event": lambda call: good(call, event="another"),
    "signed ten minutes ago": lambda call: good(call, ago=600),
    "signed in ten minutes": lambda call: good(call, ago=-600),
    "a wrong signature": wrong_signature,
    "no signature": lambda call: good(call, signed=False),
    "300 kB": huge,
    "another type": changed(type="ticket.opinion"),
    "no moment": changed(decided_at="yesterday"),
    "a wrong update": changed(update="low"),
}
ELSEWHERE = ("redirect", "hanging", "refused", "black hole")
CASES = [*ANSWERS, *ELSEWHERE]

# What the log says of each. It says each kind once an hour, and names the first ticket of it.
SAID = {
    **dict.fromkeys(("500", "503", "401", "409"), "its status is {name}"),
    **dict.fromkeys(("garbage", "nothing", "half"), "it is not JSON"),
    **dict.fromkeys(("created without a decision", "no content"), "it is not JSON"),
    **dict.fromkeys(("signed ten minutes ago", "signed in ten minutes"), "signed too long ago"),
    **dict.fromkeys(("a wrong signature", "no signature"), "none of the secrets"),
    **dict.fromkeys(("hanging", "refused", "black hole"), "it cannot be reached"),
    **dict.fromkeys(("a list", "another type"), "it is no decision"),
    "another ticket": "it is about another ticket",
    "another event": "it is about another event",
    "signed for another event": "it is signed for another event",
    "300 kB": "its answer is too large",
    "no moment": "it does not say when it was decided",
    "a wrong update": "what it writes is not an object",
    "redirect": "its status is 307",
}


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket right after the bad answer, and once the service was well again."""

    opened: Opened
    before: dict[str, Any]
    page_before: Seen
    log: str
    after: dict[str, Any]
    page_after: Seen
    calls_after: int


@pytest.fixture(scope="module")
def stories(installed: Desk, stopped: Service) -> Iterator[dict[str, Story]]:
    """All bad answers one after the other, then one recovery for all."""
    stopped.stop()
    secrets = installed.secrets[:1]
    with Listener(*secrets) as listener, Listener(*secrets) as other, BlackHole() as hole:
        installed.configure(listener.url, secrets=secrets)
        installed.drain()
        opened = {name: answered(installed, listener, ANSWERS[name]) for name in ANSWERS}
        moved = Answer(b"", status=307, headers={"Location": other.url})
        opened["redirect"] = answered(installed, listener, lambda _: moved)
        opened["hanging"] = hung(installed, listener)
        for name, url in (
            ("refused", f"http://127.0.0.1:{free_port()}/webhooks/osticket"),
            ("black hole", hole.url),
        ):
            installed.configure(url, secrets=secrets)
            opened[name] = installed.by_api(QUESTION)
            installed.programs.cron()
        assert other.calls == [], "a redirect is not followed"
        before = {name: installed.routes.ticket(it.number) for name, it in opened.items()}
        pages = {name: installed.see(it) for name, it in opened.items()}
        until(lambda: installed.waiting() == len(CASES), "every row is kept")
        log = "\n".join(installed.admin.log())
        listener.behave, listener.hang, listener.calls = written(), 0.0, []
        installed.configure(listener.url, secrets=secrets)
        installed.drain()
        yield {
            name: Story(
                it,
                before[name],
                pages[name],
                log,
                installed.decided(it),
                installed.see(it),
                len(listener.told(it.number)),
            )
            for name, it in opened.items()
        }


def answered(desk: Desk, listener: Listener, behave: Behaviour) -> Opened:
    listener.behave = behave
    opened = desk.by_api(QUESTION)
    listener.wait_for(opened.number)
    return opened


def hung(desk: Desk, listener: Listener) -> Opened:
    listener.behave, listener.hang = written(), 3.0
    opened = desk.by_api(QUESTION)
    listener.wait_for(opened.number)
    return opened


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_a_bad_answer_is_applied(stories: dict[str, Story], name: str) -> None:
    story = stories[name]
    assert story.before["decided_at"] is None
    assert (story.before["priority"], story.before["tags"]) == ("normal", [])
    assert story.page_before["SLA Plan"] == "Default SLA"
    assert (story.page_before.notes, story.page_before.ours) == ((), ())


@pytest.mark.parametrize("name", CASES)
def test_a_bad_answer_leaves_a_line_in_the_log(stories: dict[str, Story], name: str) -> None:
    said = SAID[name].format(name=name)
    lines = [line for line in stories[name].log.splitlines() if said in line]
    assert lines, said
    for line in lines:
        assert re.search(r"ticket #\d{6}: ", line)
        assert "support-policy doctor" in line, "and what to do"


@pytest.mark.parametrize("name", CASES)
def test_the_ticket_is_decided_once_the_service_is_well(
    stories: dict[str, Story], name: str
) -> None:
    story = stories[name]
    assert story.after["priority"] == "low"
    assert story.page_after["Priority"] == "Low"
    assert len(story.page_after.notes) == 1
    assert len(story.page_after.ours) == 1
    assert story.calls_after == 1


def test_no_secret_and_no_word_of_a_customer_stands_in_the_log(
    stories: dict[str, Story], desk: Desk
) -> None:
    log = next(iter(stories.values())).log
    for hidden in (*desk.secrets, desk.key, "add a mailbox", "Welcome to nginx"):
        assert hidden not in log


def test_an_older_decision_is_delivered_and_changes_nothing(desk: Desk, listener: Listener) -> None:
    listener.behave = lambda _: Answer(b"", status=503)
    opened = desk.by_api(QUESTION)
    [call] = listener.wait_for(opened.number)
    newer = decision(call, priority="high")
    newer["event"] = "11111111-1111-4111-8111-111111111111"
    assert "priority" in desk.routes.decide(opened.number, newer)["changes"]
    past = instant(datetime.now(UTC) - timedelta(minutes=1), timespec="microseconds")
    listener.behave = lambda call: spelled(decision(call, **low("1")) | {"decided_at": past})
    desk.drain()
    seen = desk.see(opened)
    assert seen["Priority"] == "High"
    assert seen.notes == ()


def test_an_answer_of_90_kb_is_taken(desk: Desk, listener: Listener) -> None:
    listener.behave = lambda call: spelled(
        {**decision(call, **low(call.message["ticket"]["number"])), "padding": "x" * 90_000}
    )
    opened = desk.by_api(QUESTION)
    assert desk.decided(opened)["priority"] == "low"


def test_a_body_of_90_kb_is_decided_and_sent_cut(desk: Desk, listener: Listener) -> None:
    opened = desk.by_api(replace(QUESTION, body="Line of a log file, é.\n" * 4_000))
    [call] = listener.wait_for(opened.number)
    assert 10_000 < len(call.message["ticket"]["body"]) <= 60_000
    assert desk.decided(opened)["priority"] == "low"
