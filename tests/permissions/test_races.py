"""Two at the same instant, on each database: one outcome, and both are told the truth."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.permissions.rig import HOUR, MINUTE, TRACE, Rig, closing

from support_policy.core.permission.job import Phase, State
from support_policy.errors import ConsentError

ROUNDS = 5


@pytest.fixture
def rig(each_url: str, tmp_path: Path) -> Iterator[Rig]:
    with closing(Rig(each_url, tmp_path / "keys")) as rig:
        yield rig


@pytest.fixture
def other(rig: Rig) -> Iterator[Rig]:
    """Another process of the same service, as near as one process can come to it."""
    with closing(Rig(rig.url, rig.keys.folder, desk=rig.desk, now=rig.now)) as other:
        yield other


def together(*acts: Callable[[], object]) -> list[str]:
    """Do all of it at once; what each was told, ``done`` or the reason of a refusal."""
    line = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> str:
        line.wait()
        try:
            act()
        except ConsentError as error:
            return error.reason
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def answering(rig: Rig, token: str, blocks: int | None) -> Callable[[], object]:
    seen = rig.page.shown(token).seen
    return lambda: rig.page.answer(token, blocks=blocks, name="Jeanne", seen=seen, trace=TRACE)


def test_a_story_that_grows_while_it_is_read_is_read_whole(rig: Rig, other: Rig) -> None:
    """Another process adds a record between the two looks that a reader takes."""
    ref = rig.opens()
    token = rig.asks(ref)
    grown: list[None] = []

    def grow(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT") and "evidence" in statement and not grown:
            grown.append(None)
            other.page.question(token, text="Why?", name="Jeanne", trace=TRACE)

    sa.event.listen(rig.store.database.engine, "after_cursor_execute", grow)
    try:
        kinds = rig.kinds(ref)
    finally:
        sa.event.remove(rig.store.database.engine, "after_cursor_execute", grow)

    assert grown
    assert kinds in (["requested"], ["requested", "questioned"])
    assert rig.kinds(ref) == ["requested", "questioned"]


def test_of_two_answers_at_once_one_stands_and_the_other_is_told(rig: Rig, other: Rig) -> None:
    for number in range(ROUNDS):
        ref = rig.opens(f"{number}")
        token = rig.asks(ref)
        told = together(answering(rig, token, 2), answering(other, token, None))
        request = rig.request(ref)

        assert sorted(told) == ["answered", "done"]
        assert request.state is (State.ACCEPTED if told[0] == "done" else State.DECLINED)
        assert rig.kinds(ref).count("accepted") + rig.kinds(ref).count("declined") == 1
        assert rig.page.shown(token).request.state is request.state


def test_a_click_that_is_sent_many_times_is_one_permission(rig: Rig, other: Rig) -> None:
    ref = rig.opens()
    token = rig.asks(ref)
    acts = [answering(each, token, 2) for each in (rig, other) * 4]

    assert sorted(together(*acts)) == [*["answered"] * 7, "done"]
    rig.settles()
    assert rig.told(ref).count("accepted") == 1


def test_an_answer_while_the_request_expires_is_one_or_the_other(rig: Rig, other: Rig) -> None:
    """One clock says it is over, the other one that there is a moment left."""
    for number in range(ROUNDS):
        ref = rig.opens(f"{number}")
        token = rig.asks(ref)
        rig.now += 72 * HOUR
        other.now = rig.now - MINUTE
        told = together(lambda ref=ref: rig.attends(ref), answering(other, token, 2))[1]
        rig.settles()
        state, kinds = rig.request(ref).state, rig.kinds(ref)

        assert (state, told) in {(State.ACCEPTED, "done"), (State.EXPIRED, "expired")}
        assert kinds.count("accepted") + kinds.count("expired") == 1
        assert [what for what in rig.told(ref) if what in {"accepted", "expired"}] == [state.value]


def test_a_page_and_a_mail_at_once_are_one_answer(rig: Rig, other: Rig) -> None:
    for number in range(ROUNDS):
        ref = rig.opens(f"{number}")
        token = rig.asks(ref)
        rig.writes(ref, "I decline")
        told = together(rig.settles, answering(other, token, 2))[1]
        rig.settles()
        state = rig.request(ref).state

        assert (state, told) in {(State.ACCEPTED, "done"), (State.DECLINED, "answered")}
        assert len([kind for kind in rig.kinds(ref) if kind in {"accepted", "declined"}]) == 1


def test_an_answer_while_the_request_is_replaced_never_permits_the_new_one(
    rig: Rig, other: Rig
) -> None:
    for number in range(ROUNDS):
        ref = rig.opens(f"{number}")
        token = rig.asks(ref, blocks=1)
        rig.presses_macro(ref, blocks=8)
        told = together(rig.settles, answering(other, token, 1))[1]
        rig.settles()
        states = {each.blocks: each.state for each in rig.requests(ref)}

        assert states[8] is State.REQUESTED
        assert (states[1], told) in {(State.ACCEPTED, "done"), (State.VOIDED, "closed")}


def test_a_withdrawal_while_work_starts_is_one_or_the_other(rig: Rig, other: Rig) -> None:
    for number in range(ROUNDS):
        ref = rig.opens(f"{number}")
        token = rig.asks(ref)
        rig.answers(token, 2)
        staff = rig.work_token(ref)
        told = together(
            lambda token=token: rig.takes_back(token),
            lambda staff=staff: other.work.start(staff, agent="Ana"),
        )

        # Who is shown that nothing is charged is asked again before anything is.
        assert sorted(told) in (["changed", "done"], ["closed", "done"], ["done", "done"])
        ended = {"done": {Phase.WITHDRAWN, Phase.COMPLETED}, "changed": {Phase.WORKING}}
        assert rig.phase(ref) in ended[told[0]]


def test_two_who_start_the_same_agent_start_one_sitting(rig: Rig, other: Rig) -> None:
    ref = rig.opens()
    staff = rig.permitted(ref)
    told = together(
        lambda: rig.work.start(staff, agent="Ana"), lambda: other.work.start(staff, agent="Ana")
    )

    assert sorted(told) == ["done", "running"]
    assert len(rig.job(ref).sessions) == 1


def test_two_who_end_the_work_end_it_once(rig: Rig, other: Rig) -> None:
    ref = rig.opens()
    staff = rig.permitted(ref)
    rig.worked(ref, MINUTE)
    told = together(
        lambda: rig.work.complete(staff, agent="Ana"),
        lambda: other.work.complete(staff, agent="Ben"),
    )

    assert sorted(told) == ["closed", "done"]
    assert rig.kinds(ref).count("completed") == 1


def test_two_attempts_at_one_ask_make_one_request(rig: Rig, other: Rig) -> None:
    """Only a lost lease could bring it about, and it is harmless then."""
    for number in range(ROUNDS):
        ref = rig.opens(f"{number}")
        rig.presses_macro(ref)
        (taken,) = rig.take()
        together(*(partial(each.attendance.work, taken) for each in (rig, other)))

        assert rig.kinds(ref) == ["requested"]


def test_requests_of_many_tickets_at_once_are_all_made(rig: Rig, other: Rig) -> None:
    refs = [rig.opens(f"{number}") for number in range(8)]
    for ref in refs:
        rig.presses_macro(ref)
    taken = rig.take()
    services = (rig, other) * 4
    together(
        *(partial(each.attendance.work, one) for each, one in zip(services, taken, strict=True))
    )

    assert all(rig.kinds(ref) == ["requested"] for ref in refs)
    assert len({rig.token(ref) for ref in refs}) == len(refs)
