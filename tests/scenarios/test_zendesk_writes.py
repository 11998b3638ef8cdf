"""One write a decision, however the wire or the process breaks; nothing when nothing differs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import HIGH, LOW, Rig, Rigs, second_process

from support_policy.errors import SettingsError
from support_policy.service import open_service
from support_policy.settings import load_settings

account, rig, rigs = zendesk_rig.account, zendesk_rig.shared, zendesk_rig.rigs


def test_when_nothing_differs_nothing_is_sent(rig: Rig) -> None:
    for text in (HIGH, LOW):
        number = rig.treated(text)
        before = rig.double.audits(number)
        for _ in range(3):
            rig.look_again(number)
        assert len(rig.puts(number)) == 1
        assert rig.double.audits(number) == before


def test_a_restart_makes_no_difference_to_a_ticket(rig: Rig) -> None:
    number = rig.treated()
    rig.restart()
    rig.look_again(number)
    assert len(rig.puts(number)) == 1


def test_a_new_store_makes_no_difference_to_a_ticket(rig: Rig) -> None:
    """After a restore from an old back-up the ticket itself says what was done."""
    number = rig.treated(LOW)
    rig.forget()
    rig.look_again(number)
    assert len(rig.puts(number)) == 1
    rig.double.update_ticket(number, by=rig.double.agent, priority="urgent")
    rig.forget()
    rig.look_again(number)
    assert rig.priority(number) == "urgent"


def test_a_lost_answer_is_not_written_twice(rig: Rig) -> None:
    rig.double.faults.lose_write_answers = 1
    number = rig.treated()
    assert rig.states() == {"waiting": 1}
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"done": 1}
    assert len(rig.puts(number)) == 1
    assert len(rig.notes(number)) == 1
    assert rig.priority(number) == "high"


def test_an_agent_after_a_lost_answer_is_heard(rig: Rig) -> None:
    rig.double.faults.lose_write_answers = 1
    number = rig.treated(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, priority="urgent")
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"done": 1}
    assert rig.priority(number) == "urgent"


@pytest.mark.parametrize("fault", ["broken", "reset"])
def test_an_account_that_breaks_at_any_request_gets_one_write(rig: Rig, fault: str) -> None:
    """Every request of the work fails once, each at its own ticket."""
    for failing in range(4):
        number = rig.open()
        rig.arrive()
        request, count = rig.desk._api.request, [0]

        def once(
            *arguments: Any, do: Any = request, at: int = failing, count: Any = count, **more: Any
        ) -> Any:
            count[0] += 1
            if count[0] == at + 1:
                setattr(rig.double.faults, fault, 1)
            return do(*arguments, **more)

        rig.desk._api.request = once
        rig.work()
        rig.desk._api.request = request
        rig.double.faults.calm()
        for _ in range(3):
            rig.later(minutes=2)
            rig.work()
        assert rig.states() == {"done": failing + 1}, rig.trouble()
        assert len(rig.notes(number)) == 1
        assert rig.double.writes(number) == 1


def test_a_process_that_dies_after_its_write_leaves_nothing_to_do(rig: Rig) -> None:
    number = rig.open()
    rig.arrive()
    (taken,) = rig.store.deliveries.take(9, slot="main", now=rig.now(), lease=zendesk_rig.LEASE)
    rig.store.record = _dies  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        rig.service.pipeline.work(taken)
    rig.restart()
    rig.work()
    assert rig.states() == {"working": 1}
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"done": 1}
    assert len(rig.puts(number)) == 1
    assert len(rig.rows("SELECT 1 FROM decisions")) == 1


def _dies(*_: object, **__: object) -> bool:
    raise SystemExit


def test_a_ticket_that_changes_all_the_time_is_left_after_three_looks(rig: Rig) -> None:
    rig.double.faults.conflict_next = 3
    number = rig.treated()
    assert [each.status for each in rig.puts(number)] == [409, 409, 409]
    assert rig.states() == {"waiting": 1}
    assert "changed since it was read" in rig.trouble()
    other = rig.treated()
    assert rig.priority(other) == "high"  # the desk itself is well
    rig.later(minutes=2)
    rig.freed()
    rig.work()
    assert rig.states() == {"done": 2}
    assert len(rig.puts(number)) == 4
    assert len(rig.notes(number)) == 1


def test_a_ticket_that_never_rests_is_given_up_and_shown(rig: Rig) -> None:
    rig.double.faults.conflict_next = 1000
    number = rig.treated()
    for _ in range(20):
        rig.later(minutes=30)
        rig.freed()
        rig.work()
    assert rig.states() == {"failed": 1}
    assert len(rig.puts(number)) == 3 * 8
    assert "changed since it was read" in rig.trouble()


def test_two_conflicts_are_settled_in_one_attempt(rig: Rig) -> None:
    rig.double.faults.conflict_next = 2
    number = rig.treated()
    assert [each.status for each in rig.puts(number)] == [409, 409, 200]


def test_each_look_reads_the_ticket_anew(rig: Rig) -> None:
    double = rig.double
    double.faults.conflict_next = 1
    known = double.end_user("other@northpier.example")
    number = rig.open(LOW)
    double.faults.concurrent_change = lambda it: double.update_ticket(
        it, by=double.agent, requester=known, tags=["x"]
    )
    rig.treat()
    stamps = [json.loads(each.body or b"")["ticket"]["updated_stamp"] for each in rig.puts(number)]
    reads = [each for each in double.requests if each.path == f"/api/v2/tickets/{number}"]
    assert len(stamps) == 2
    assert len([each for each in reads if each.method == "GET"]) >= 2


def test_a_ticket_deleted_before_we_read_it_is_gone(rig: Rig) -> None:
    number = rig.open()
    rig.double.delete_ticket(number)
    rig.treat()
    assert rig.states() == {"waiting": 1}
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"gone": 1}
    assert rig.puts(number) == []


def test_a_ticket_deleted_before_we_write_it_is_gone(rig: Rig) -> None:
    number = rig.open()
    rig.arrive()
    rig.before_write(rig.double.delete_ticket)
    rig.work()
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"gone": 1}
    assert rig.treated()
    assert rig.states() == {"gone": 1, "done": 1}
    assert len(rig.puts(number)) == 1


def test_a_ticket_closed_before_we_read_it_is_left_and_recorded(rig: Rig) -> None:
    number = rig.open()
    rig.double.update_ticket(number, by=rig.double.agent, status="closed")
    rig.treat()
    assert rig.states() == {"done": 1}
    assert "closed" in rig.trouble(passed_over=True)
    assert rig.puts(number) == []


def test_a_ticket_closed_before_we_write_it_is_left_and_recorded(rig: Rig) -> None:
    number = rig.open()
    rig.arrive()
    agent = rig.double.agent
    rig.before_write(lambda it: rig.double.update_ticket(it, by=agent, status="closed"))
    rig.work()
    assert rig.states() == {"done": 1}, rig.trouble()
    assert "closed" in rig.trouble(passed_over=True)
    assert rig.notes(number) == []
    assert rig.priority(number) is None


def test_a_ticket_closed_after_we_wrote_it_is_left(rig: Rig) -> None:
    number = rig.treated()
    rig.double.update_ticket(number, by=rig.double.agent, status="closed")
    rig.look_again(number)
    assert len(rig.puts(number)) == 1


def test_observing_reads_and_decides_and_writes_nothing(rigs: Rigs) -> None:
    rig = rigs(mode="observe")
    since = len(rig.writes())
    numbers = [rig.treated(), rig.treated(LOW)]
    rig.look_again(numbers[0])
    assert len(rig.writes()) == since
    assert [rig.double.writes(number) for number in numbers] == [0, 0]
    assert rig.states() == {"done": 3}
    found = rig.rows("SELECT record, mode FROM decisions ORDER BY id")
    classes = [json.loads(row[0])["decision"]["category"].partition(".")[0] for row in found]
    assert classes == ["high", "low", "high"]
    assert {row[1] for row in found} == {"observe"}


def test_tickets_decided_while_observing_are_left_when_enforcing_begins(rigs: Rigs) -> None:
    rig = rigs(mode="observe")
    old = rig.treated()
    rig.configure(mode="enforce")
    rig.sweep()
    new = rig.treated()
    assert rig.double.writes(old) == 0
    assert rig.double.writes(new) == 1


def test_without_the_private_note_all_else_is_written(rigs: Rigs) -> None:
    rig = rigs(desk="private_note = false")
    number = rig.treated()
    assert rig.notes(number) == []
    assert rig.own(number)["reason"]
    rig.look_again(number)
    assert len(rig.puts(number)) == 1


def test_notes_are_in_the_agents_language(rigs: Rigs) -> None:
    rig = rigs(desk='language = "fr"')
    number = rig.treated()
    assert "première réponse" in rig.notes(number)[0]["body"].lower()


def test_two_processes_at_one_ticket_write_once(rig: Rig) -> None:
    with second_process(rig) as other:
        number = rig.open()
        rig.arrive()
        rig.look_again(number)
        for service in (rig.service, other):
            taken = service.store.deliveries.take(
                9, slot="two", now=rig.now(), lease=zendesk_rig.LEASE
            )
            for each in taken:
                service.pipeline.work(each)
        assert len(rig.puts(number)) == 1


def test_another_account_under_the_same_name_is_refused(rigs: Rigs) -> None:
    """Its tickets would be taken for those that are known."""
    rig = rigs()
    rig.treated()
    file = rig.settings.file
    file.write_text(file.read_text().replace('subdomain = "mexxus"', 'subdomain = "other"'))
    with pytest.raises(SettingsError) as told:
        open_service(load_settings(file))
    assert "mexxus" in str(told.value)


def test_a_legacy_token_serves_until_its_day(rigs: Rigs) -> None:
    rig = rigs()
    email = rig.double.api_token[0]
    rig.configure(login=f'api_token = "file/zendesk-api-token"\napi_token_email = "{email}"')
    number = rig.treated()
    assert rig.priority(number) == "high"
    finding = rig.doctor()["API token"]
    assert not finding.ok
    assert "2027-04-30" in finding.detail
