"""Whatever breaks, wherever: the next attempt finds where things are, and nothing is said twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.permissions.rig import HOUR, MINUTE, TRACE, Rig, closing
from tests.postgresql import running_server

from support_policy.core.permission.job import Phase, State
from support_policy.core.ticket import TicketRef
from support_policy.errors import RefusedError, UnavailableError
from support_policy.helpdesk import Delivery
from support_policy.store.database import StoreUnavailableError
from support_policy.store.ledger import Ledger
from support_policy.store.outcome import Outcome
from support_policy.store.store import Store
from support_policy.store.tables import evidence, permission_links, permission_tickets

TABLES = (evidence, permission_links, permission_tickets)


class CrashError(Exception):
    """The process dies here."""


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row that permissions and their deliveries have."""
    with store.database.reading() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in TABLES
        }
    return found | {"deliveries": [tuple(store.backlog().counts.items())]}


def once(rig: Rig, ref: TicketRef) -> None:
    """Nothing stands on the ticket twice, and the desk was told all of it."""
    stamps = Counter(post.stamp for post in rig.desk.posts[ref.id])
    assert set(stamps.values()) == {1}
    texts = Counter(rig.public(ref))
    assert set(texts.values()) == {1}


def test_a_desk_that_is_down_when_the_request_is_posted_gets_it_once_later(
    rig: Rig, ref: TicketRef
) -> None:
    rig.presses_macro(ref)
    rig.desk.before_post = UnavailableError("down")
    for _ in range(3):
        assert not rig.tries()
        rig.now += MINUTE
    assert rig.kinds(ref) == ["requested"], "on record, and nothing said"
    assert rig.public(ref) == []
    assert "ask_fee_permission" in rig.tags(ref)
    rig.desk.before_post = None
    rig.settles()

    assert rig.kinds(ref) == ["requested"]
    assert rig.told(ref).count("request") == 1
    assert rig.tags(ref) == {"fee_requested"}
    assert rig.page.shown(rig.token(ref)).may_answer
    once(rig, ref)


def test_a_desk_that_took_the_request_and_could_not_say_so_has_it_once(
    rig: Rig, ref: TicketRef
) -> None:
    rig.presses_macro(ref)
    rig.desk.after_post = UnavailableError("the answer was lost")
    assert not rig.tries()
    token = rig.token(ref)
    rig.desk.after_post = None
    rig.now += MINUTE
    rig.settles()

    assert rig.token(ref) == token
    assert rig.told(ref).count("request") == 1
    assert "request" in rig.request(ref).posted, "it is on record that the customer has it"
    once(rig, ref)


def test_the_request_that_is_sent_later_says_the_same(rig: Rig, ref: TicketRef) -> None:
    """Above all the deadline that is on record, and not one counted anew."""
    rig.presses_macro(ref)
    rig.desk.before_post = UnavailableError("down")
    assert not rig.tries()
    kept = rig.history(ref)[0].personal["text_en"]
    rig.now += 5 * HOUR
    rig.desk.before_post = None
    rig.settles()

    (text,) = rig.public(ref)
    assert all(line.partition("[…]")[0] in text for line in kept.splitlines())


def test_a_desk_that_cannot_be_read_loses_no_ask(rig: Rig, ref: TicketRef) -> None:
    rig.presses_macro(ref)
    rig.desk.failing = UnavailableError("down")
    assert not rig.tries()
    rig.now += MINUTE
    rig.desk.failing = None
    rig.settles()

    assert rig.told(ref).count("request") == 1


def test_a_refusal_that_could_not_be_posted_is_posted_once_later(rig: Rig, ref: TicketRef) -> None:
    rig.presses_macro(ref, blocks=None)
    rig.desk.before_post = UnavailableError("down")
    assert not rig.tries()
    rig.desk.before_post = None
    rig.now += MINUTE
    rig.settles()

    assert rig.told(ref) == ["not-sent"]
    assert rig.public(ref) == []


def test_an_answer_while_the_desk_is_down_stands_and_is_told_later(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    rig.desk.failing = UnavailableError("down")
    seen = rig.page.shown(token).seen
    shown = rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)
    assert shown.request.state is State.ACCEPTED
    assert not rig.tries()
    rig.desk.failing = None
    rig.now += MINUTE
    rig.settles()

    assert rig.told(ref)[-2:] == ["accepted", "accepted-note"]
    assert rig.tags(ref) == {"fee_accepted"}
    once(rig, ref)


def test_a_ticket_that_the_desk_will_not_have_changed_has_its_permission_still(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    rig.desk.before_post = RefusedError("no")
    seen = rig.page.shown(token).seen
    rig.page.answer(token, blocks=1, name="Jeanne", seen=seen, trace=TRACE)
    assert not rig.tries()

    assert rig.page.shown(token).request.accepted_blocks == 1


def crashing(act: Callable[..., object], at: int) -> tuple[Callable[..., object], list[int]]:
    """The same act, after or before which the process dies the ``at``-th time it is done."""
    done: list[int] = []

    def dying(*given: object, **named: object) -> object:
        done.append(1)
        if len(done) == at:
            raise CrashError
        result = act(*given, **named)
        if len(done) == -at:
            raise CrashError
        return result

    return dying, done


STEPS = [("act", 1), ("act", -1), ("act", 2), ("act", -2), ("act", 3), ("act", -3)]
STEPS += [("post", 1), ("post", -1), ("conversation", 1), ("conversation", -1)]


@pytest.mark.parametrize(("step", "at"), STEPS)
@pytest.mark.parametrize("story", ["asks", "accepts by mail", "asks again", "reminds", "expires"])
def test_a_crash_after_any_step_leads_to_the_same_end(
    rig: Rig, ref: TicketRef, monkeypatch: pytest.MonkeyPatch, story: str, step: str, at: int
) -> None:
    if story == "asks":
        rig.presses_macro(ref)
    else:
        rig.asks(ref)
    if story == "accepts by mail":
        rig.writes(ref, "I accept")
    if story == "asks again":
        rig.presses_macro(ref, blocks=3)
    if story in {"reminds", "expires"}:
        rig.now += (36 if story == "reminds" else 72) * HOUR
        rig.webhook(ref, message="time")
    owner = Ledger if step == "act" else type(rig.desk)
    whole = getattr(owner, step)
    dying, _ = crashing(whole, at)

    def bound(self: object, *given: object, **named: object) -> object:
        return dying(self, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, bound)
        try:
            rig.settles()
        except CrashError:
            crashed = True
        else:
            crashed = False
    rig.now += 2 * MINUTE  # the lease of who died runs out
    rig.settles()
    expected = {
        "asks": (["requested"], {"fee_requested"}, 1),
        "accepts by mail": (["requested", "accepted"], {"fee_accepted"}, 2),
        "asks again": (["requested", "voided", "requested"], {"fee_requested"}, 2),
        "reminds": (["requested", "reminded"], {"fee_requested"}, 2),
        "expires": (["requested", "expired"], {"fee_expired"}, 2),
    }[story]

    assert (rig.kinds(ref), rig.tags(ref), len(rig.public(ref))) == expected
    assert rig.desk.asks == {}
    once(rig, ref)
    assert crashed or abs(at) > 1, "the crash never came: this proves nothing"


def test_the_steps_that_are_crashed_at_are_all_there_are(
    rig: Rig, ref: TicketRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.presses_macro(ref)
    whole = Ledger.act
    dying, done = crashing(whole, 99)

    def counted(self: Ledger, *given: object, **named: object) -> object:
        return dying(self, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "act", counted)
        rig.settles()

    assert len(done) <= max(at for step, at in STEPS if step == "act")


@pytest.mark.parametrize("answer", ["nobody", "page", "mail", "question"])
def test_where_nothing_is_new_the_desk_is_asked_for_nothing(
    rig: Rig, ref: TicketRef, answer: str
) -> None:
    """Or our own message would call us, and we would answer it for ever."""
    token = rig.asks(ref)
    if answer == "page":
        rig.answers(token, 1)
    if answer in {"mail", "question"}:
        rig.mails(ref, "I accept" if answer == "mail" else "Why?")
    before = rig.desk.postings
    for _ in range(3):
        rig.attends(ref)
        rig.now += 11 * MINUTE
        rig.looks()

    assert rig.desk.postings == before


def test_a_call_that_comes_again_makes_no_second_request(rig: Rig, ref: TicketRef) -> None:
    ask = rig.presses_macro(ref)
    rig.settles()
    assert not rig.webhook(ref, asked=ask.mark)
    for taken in rig.take():
        raise AssertionError(f"there is nothing to do: {taken}")


def test_the_same_delivery_worked_twice_makes_no_second_request(rig: Rig, ref: TicketRef) -> None:
    """A process that seemed dead and was not."""
    ask = rig.presses_macro(ref)
    (taken,) = rig.take()
    rig.attendance.work(taken)
    rig.desk.asks[ref.id] = ask
    rig.attendance.work(taken)

    assert rig.kinds(ref) == ["requested"]
    once(rig, ref)


def test_a_call_that_was_lost_after_the_record_is_made_good_by_looking(
    rig: Rig, ref: TicketRef
) -> None:
    """The request is on record, the delivery was given up, and the desk never had the request."""
    rig.presses_macro(ref)
    rig.desk.before_post = UnavailableError("down")
    (taken,) = rig.take()
    with pytest.raises(UnavailableError):
        rig.attendance.work(taken)
    given_up = Outcome(ending="refused")
    rig.store.deliveries.settle(taken.id, taken.attempt, given_up, now=rig.now)
    rig.desk.before_post = None
    rig.now += 10 * MINUTE
    rig.looks()

    assert rig.told(ref).count("request") == 1


def test_a_delivery_of_a_desk_that_is_not_in_the_settings_waits(rig: Rig, ref: TicketRef) -> None:
    rig.store.accept(
        Delivery(desk="gone", key="k", ticket_id="7", received_at=rig.now, topic="permission")
    )
    assert not rig.tries()


@pytest.fixture
def each_rig(each_url: str, tmp_path: Path) -> Iterator[Rig]:
    with closing(Rig(each_url, tmp_path / "keys")) as rig:
        yield rig


@pytest.mark.parametrize("broken", ["_keep", "_follow_up"])
def test_an_answer_that_breaks_midway_leaves_nothing_half_done(
    each_rig: Rig, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    rig = each_rig
    ref = rig.opens()
    token = rig.asks(ref)
    before, seen = everything(rig.store), rig.page.shown(token).seen

    def breaks(*_: object, **__: object) -> None:
        raise CrashError

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, broken, breaks)
        with pytest.raises(CrashError):
            rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)
    assert everything(rig.store) == before
    assert rig.page.shown(token).may_answer
    rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)
    rig.settles()

    assert rig.kinds(ref) == ["requested", "accepted"]


def test_an_answer_that_cannot_be_signed_is_none(
    rig: Rig, ref: TicketRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = rig.asks(ref)
    before, seen = everything(rig.store), rig.page.shown(token).seen

    def breaks(*_: object) -> str:
        raise CrashError

    with monkeypatch.context() as patched:
        patched.setattr(type(rig.keys), "sign", breaks)
        patched.setattr(rig.ledger, "_seal", breaks)
        with pytest.raises(CrashError):
            rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)

    assert everything(rig.store) == before
    assert rig.page.shown(token).may_answer


def test_a_database_that_is_gone_takes_no_answer_and_says_so(tmp_path: Path) -> None:
    with running_server() as server:
        rig = Rig(server.new_database(), tmp_path / "keys")
        ref = rig.opens()
        token = rig.asks(ref)
        seen = rig.page.shown(token).seen
    with pytest.raises(StoreUnavailableError):
        rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)
    with pytest.raises(StoreUnavailableError):
        rig.page.shown(token)
    rig.store.close()


def test_a_connection_that_is_cut_within_an_answer_leaves_nothing_half_done(
    tmp_path: Path, postgresql: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.new_database()  # type: ignore[attr-defined]
    with closing(Rig(url, tmp_path / "keys")) as rig:
        ref = rig.opens()
        token = rig.asks(ref)
        before, seen = everything(rig.store), rig.page.shown(token).seen
        whole = Ledger._follow_up

        def cut(self: Ledger, connection: sa.Connection, *rest: object) -> None:
            whole(self, connection, *rest)  # type: ignore[arg-type]
            pid = connection.scalar(sa.select(sa.func.pg_backend_pid()))
            with rig.store.database.engine.begin() as other:
                other.execute(sa.select(sa.func.pg_terminate_backend(pid)))

        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "_follow_up", cut)
            with pytest.raises(StoreUnavailableError):
                rig.page.answer(token, blocks=2, name="Jeanne", seen=seen, trace=TRACE)
        assert everything(rig.store) == before
        rig.answers(token, 2)

        assert rig.phase(ref) is Phase.ACCEPTED
        assert rig.kinds(ref) == ["requested", "accepted"]
