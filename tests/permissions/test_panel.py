"""What the agent beside the ticket is told of paid help, at each turn of it."""

from __future__ import annotations

import pytest
from tests.permissions.rig import HOUR, MINUTE, Rig

from support_policy.core.ticket import TicketRef
from support_policy.permissions.panel import Panel, panel
from support_policy.texts import load_texts


def told(rig: Rig, ref: TicketRef, language: str = "en") -> Panel:
    zone = rig.policy.schedule.time_zone
    texts = load_texts(language)
    return panel(rig.history(ref), texts, rig.links, zone=zone, now=rig.now)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_before_any_ask_there_is_nothing_to_open(rig: Rig, ref: TicketRef, language: str) -> None:
    found = told(rig, ref, language)
    assert found.lines == (load_texts(language).say("sidebar.fee_none"),)
    assert found.as_dict() == {"lines": list(found.lines), "address": ""}


def test_an_open_request_is_told_with_its_end_and_the_page_of_the_work(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref, blocks=2)
    found = told(rig, ref)
    assert found.lines[0] == "Permission was asked. No work may be counted yet."
    assert "2 blocks" in found.lines[1]
    assert found.address == rig.links.work_address(rig.request(ref).id)
    assert found.address not in repr(found)


def test_work_is_told_with_what_is_permitted_used_and_left(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=2)
    rig.work.start(staff, agent="Ana")
    rig.now += 75 * MINUTE
    lines = told(rig, ref).lines
    assert lines == (
        "Work is being counted.",
        "Permitted: 2 blocks, at most $170.00 CDN (CAD) plus taxes.",
        "Used: 1 h 15 min. Left: 45 min.",
    )
    rig.now += HOUR
    assert told(rig, ref).lines[0] == "Stop: the permitted time is used up."


def test_work_that_has_ended_says_what_came_of_it(rig: Rig, ref: TicketRef) -> None:
    staff = rig.permitted(ref, blocks=2)
    rig.worked(ref, 20 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    assert told(rig, ref).lines[0] == "The work has ended."
    rig.work.waive(staff, agent="Ana", reason="Notre faute.")
    assert told(rig, ref).lines[0] == "The fee was waived. Nothing is charged."
