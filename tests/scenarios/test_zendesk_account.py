"""What an account lacks, loses or changes under our hands: plan, fields, macros, log-in."""

from __future__ import annotations

import json
import logging

import pytest
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import HIGH, LOW, Rig, Rigs

from support_policy.demo.zendesk_double import Plan

rig, rigs = zendesk_rig.rig, zendesk_rig.rigs

RUN = "support_policy"


def test_a_deleted_field_is_told_and_all_else_is_written(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.delete_field("class")
    number = rig.treated()
    assert rig.states() == {"done": 1}
    assert rig.priority(number) == "high"
    assert rig.own(number)["expected_at"]
    assert "policy_high" in rig.tags(number)
    assert "did not keep" in caplog.text
    assert ": class" in caplog.text
    assert rig.metric("support_policy_not_kept") == 1
    for _ in range(3):
        rig.look_again(number)
    assert len(rig.puts(number)) == 1


def test_a_deleted_field_shows_in_plan_and_doctor_and_apply_mends_it(rig: Rig) -> None:
    rig.delete_field("class")
    assert any("Support Policy: class" in line for line in rig.plan())
    assert not rig.doctor()["installation"].ok
    rig.apply()
    number = rig.treated()
    assert rig.own(number)["class"]
    assert rig.metric("support_policy_not_kept") == 0


def test_one_apply_after_a_deleted_field_is_enough(rig: Rig) -> None:
    rig.delete_field("class")
    rig.apply()
    assert [str(step) for step in rig.installation().plan().steps] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("gone", ["expected_at", "expected_on", "class", "reason"])
def test_a_field_that_is_switched_off_starts_no_endless_writing(rig: Rig, gone: str) -> None:
    rig.double.account.fields.update(rig.fields[gone], {"active": False})
    number = rig.treated(LOW)
    for _ in range(3):
        rig.look_again(number)
    assert len(rig.puts(number)) == 1
    assert rig.priority(number) == "low"
    assert len(rig.installation().plan().steps) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("gone", ["expected_at", "expected_on", "class", "reason"])
def test_a_field_that_is_switched_on_again_is_filled_at_the_next_decision(
    rig: Rig, gone: str
) -> None:
    rig.double.account.fields.update(rig.fields[gone], {"active": False})
    number = rig.treated(LOW)
    rig.apply()
    rig.look_again(number)
    assert rig.own(number)[gone]


def test_what_the_account_did_not_keep_is_blamed_on_nobody(rig: Rig) -> None:
    rig.double.account.fields.update(rig.fields["expected_at"], {"active": False})
    number = rig.treated(LOW)
    rig.apply()
    rig.look_again(number)
    assert "set_by_staff" not in rig.tags(number)
    assert not any("staff" in note["body"] for note in rig.notes(number))


def test_a_field_that_vanishes_after_the_write_starts_no_endless_writing(rig: Rig) -> None:
    number = rig.treated(LOW)
    for name in list(rig.fields):
        rig.delete_field(name)
    for _ in range(3):
        rig.look_again(number)
    assert len(rig.puts(number)) == 1
    assert rig.double.audits(number)[-1]["author_id"] == rig.double.service_user.id


def test_an_unset_account_gets_priority_and_tags_all_the_same(rigs: Rigs) -> None:
    """The service runs though nobody ran apply: the sweep finds the ticket."""
    rig = rigs(apply=False)
    rig.sweep()
    rig.freed()
    number = rig.open()
    assert rig.sweep() == 1
    rig.work()
    assert rig.priority(number) == "high"
    assert rig.metric("support_policy_not_kept") == 1
    rig.freed()
    assert not rig.doctor()["ticket fields"].ok


def test_a_deleted_macro_shows_in_plan_and_apply_mends_it(rig: Rig) -> None:
    macros = rig.double.account.macros
    lost = next(iter(macros))
    count = len(macros)
    macros.remove(lost["id"])
    lines = [line for line in rig.plan() if lost["title"] in line]
    assert lines
    assert lines[0].lstrip().startswith("+")
    finding = rig.doctor()["installation"]
    assert not finding.ok
    assert "apply" in finding.remedy
    number = rig.treated()
    assert rig.priority(number) == "high"
    assert len(macros) == count - 1, "only apply mends"
    rig.apply()
    assert len(macros) == count
    assert not rig.installation().plan()


def test_a_deleted_webhook_is_made_anew_and_its_new_secret_is_fetched(rig: Rig) -> None:
    old = rig.webhook
    rig.double.account.webhooks.remove(old)
    lost = rig.open()
    rig.arrive()
    rig.apply()
    assert rig.webhook != old
    found = rig.treated()
    assert rig.priority(found) == "high"
    rig.sweep()
    rig.work()
    assert rig.priority(lost) == "high"


def test_one_apply_after_a_deleted_webhook_is_enough(rig: Rig) -> None:
    rig.double.account.webhooks.remove(rig.webhook)
    rig.apply()
    assert [str(step) for step in rig.installation().plan().steps] == []  # type: ignore[attr-defined]


def test_a_revoked_token_is_fetched_anew_in_the_middle(rig: Rig) -> None:
    number = rig.open()
    rig.arrive()
    rig.before_write(lambda _: rig.double.revoke_tokens())
    rig.work()
    assert rig.states() == {"done": 1}
    assert [each.status for each in rig.puts(number)] == [401, 200]
    rig.double.revoke_tokens()
    assert rig.priority(rig.treated()) == "high"
    tokens = [each for each in rig.double.requests if each.path == "/oauth/tokens"]
    assert len(tokens) == 4  # of apply, of the service, and one after each revocation


def test_a_client_switched_off_makes_work_wait_and_loses_nothing(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    first = rig.treated()
    rig.double.disable_client(RUN)
    numbers = [rig.open((HIGH, LOW)[place % 2]) for place in range(4)]
    rig.treat()
    for _ in range(5):
        rig.later(minutes=2)
        rig.work()
    assert rig.states().get("done") == 1
    assert {"failed", "refused", "gone"} & rig.states().keys() == set()
    assert RUN in rig.trouble() or "log-in" in rig.trouble()
    assert not rig.doctor()["log-in"].ok
    rig.double.disable_client(RUN, enabled=True)
    for _ in range(3):
        rig.later(minutes=20)
        rig.work()
    assert rig.states() == {"done": 5}
    assert all(len(rig.puts(number)) == 1 for number in (first, *numbers))


def test_a_client_switched_off_between_reading_and_writing_loses_nothing(rig: Rig) -> None:
    number = rig.open()
    rig.arrive()
    rig.before_write(lambda _: rig.double.disable_client(RUN))
    rig.work()
    assert rig.states() == {"waiting": 1}
    rig.double.disable_client(RUN, enabled=True)
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"done": 1}
    assert rig.double.writes(number) == 1


def test_a_dead_client_is_not_asked_again_for_each_ticket(rig: Rig) -> None:
    rig.double.disable_client(RUN)
    for _ in range(10):
        rig.open()
    before = len(rig.double.requests)
    rig.treat()
    assert len(rig.double.requests) - before <= 2 * 16  # one try of each that was in hand
    before = len(rig.double.requests)
    rig.later(seconds=70)
    rig.work()
    assert len(rig.double.requests) - before <= 2, "one delivery asks whether the desk is back"


@pytest.fixture
def team(rigs: Rigs) -> Rig:
    return rigs(plan=Plan.TEAM)


def test_a_team_account_is_set_up_without_what_it_lacks(team: Rig) -> None:
    assert not team.installation().plan()
    left_out = [line for line in team.plan() if line.lstrip().startswith(".")]
    told = " ".join(left_out).lower()
    assert "sla" in told
    assert "schedule" in told
    assert len(team.fields) == 4
    titles = [each["title"] for each in team.double.account.macros]
    assert len(titles) == len(set(titles)) > 0
    assert [len(team.double.account.items), len(team.double.account.sla_policies)] == [0, 0]


def test_a_team_account_is_worked_like_any_other(team: Rig) -> None:
    for text, wanted in ((HIGH, "high"), (LOW, "low")):
        number = team.treated(text)
        assert team.priority(number) == wanted
        assert team.own(number)["expected_on"]
        assert len(team.puts(number)) == 1
    team.configure(requests=150, updates=60)
    found = team.doctor()
    assert {name for name, each in found.items() if not each.ok} == set()


def test_a_team_account_is_left_as_it_was(team: Rig) -> None:
    number = team.treated()
    before = team.double.ticket(number)["tags"]
    installation = team.installation()
    installation.apply(installation.removal(keep_fields=False), lambda _: None)
    account = team.double.account
    assert team.fields == {}
    assert [len(shelf) for shelf in (account.webhooks.shelf, account.triggers.shelf)] == [0, 0]
    assert [len(shelf) for shelf in (account.macros, account.views)] == [0, 0]
    assert not (team.folder / "zendesk-signing-secret").exists()
    assert team.double.ticket(number)["tags"] == before


def bodies(rig: Rig, number: int) -> list[dict[str, object]]:
    return [json.loads(each.body or b"{}") for each in rig.puts(number)]


def test_low_that_was_kept_as_normal_is_shown_tagged_and_alarmed(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.double.priority_basic()
    number = rig.treated(LOW)
    assert rig.priority(number) == "normal"
    assert {"policy_low", "policy_priority_unavailable"} <= rig.tags(number)
    assert rig.own(number)["class"].startswith("low.")
    assert rig.metric("support_policy_not_kept") == 1
    assert any(
        record.levelno >= logging.ERROR and "did not keep" in record.getMessage()
        for record in caplog.records
    )
    (kept,) = rig.rows("SELECT not_kept FROM decisions")
    assert "priority" in kept[0]
    assert len(rig.puts(number)) == 2
    second = rig.treated(LOW)
    assert "policy_priority_unavailable" in rig.tags(second)
    assert len(rig.puts(second)) <= 2
    assert rig.metric("support_policy_not_kept") == 2


def test_a_second_look_at_a_clamped_low_writes_nothing(rig: Rig) -> None:
    rig.double.priority_basic()
    number = rig.treated(LOW)
    wrote = len(rig.puts(number))
    for _ in range(3):
        rig.look_again(number)
    assert len(rig.puts(number)) == wrote
    assert rig.tags(number) >= {"policy_priority_unavailable"}
    assert "set_by_staff" not in rig.tags(number)


def test_a_persons_normal_after_a_clamped_low_is_a_persons(rig: Rig) -> None:
    rig.double.priority_basic()
    number = rig.treated(LOW)
    for value in ("high", "normal"):
        rig.double.update_ticket(number, by=rig.double.agent, priority=value)
    rig.look_again(number)
    assert rig.priority(number) == "normal"
    assert "set_by_staff" in rig.tags(number)
    wrote = len(rig.puts(number))
    rig.look_again(number)
    assert len(rig.puts(number)) == wrote


def test_a_persons_high_after_a_clamped_low_stays(rig: Rig) -> None:
    rig.double.priority_basic()
    number = rig.treated(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, priority="high")
    rig.look_again(number)
    assert rig.priority(number) == "high"


def test_plan_and_doctor_warn_of_a_basic_priority(rig: Rig) -> None:
    rig.double.priority_basic()
    assert any("Low" in line and line.lstrip().startswith("!") for line in rig.plan())
    assert not rig.doctor()["priority field"].ok
    rig.apply()
    number = rig.treated(LOW)
    assert "policy_priority_unavailable" in rig.tags(number)
    assert len(rig.puts(number)) <= 2


def test_high_on_a_basic_account_is_nothing_to_alarm(rig: Rig) -> None:
    rig.double.priority_basic()
    number = rig.treated(HIGH)
    assert rig.priority(number) == "high"
    assert "policy_priority_unavailable" not in rig.tags(number)
    assert rig.metric("support_policy_not_kept") == 0


def test_a_clamped_low_whose_tag_met_a_conflict_ends_well(rig: Rig) -> None:
    """The second request of the first clamped ticket is refused: somebody was there."""
    rig.double.priority_basic()
    number = rig.open(LOW)
    rig.arrive()
    send, agent, sent = rig.desk._api.send, rig.double.agent, list[str]()

    def meddled(method: str, path: str, *rest: object, **more: object) -> object:
        sent.append(path)
        if len(sent) == 2:
            rig.double.faults.conflict_next = 1
            rig.double.faults.concurrent_change = lambda it: rig.double.update_ticket(
                it, by=agent, tags=[*rig.tags(it), "theirs"]
            )
        return send(method, path, *rest, **more)

    rig.desk._api.send = meddled
    rig.work()
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"done": 1}
    assert {"theirs", "policy_low", "policy_priority_unavailable"} <= rig.tags(number)
    assert rig.metric("support_policy_not_kept") == 1
    assert len(rig.notes(number)) == 1


def test_a_clamped_low_whose_answer_was_lost_is_still_tagged_and_counted(rig: Rig) -> None:
    rig.double.priority_basic()
    rig.double.faults.lose_write_answers = 1
    number = rig.treated(LOW)
    rig.later(minutes=2)
    rig.work()
    assert rig.states() == {"done": 1}
    assert rig.priority(number) == "normal"
    assert "policy_priority_unavailable" in rig.tags(number)
    assert rig.metric("support_policy_not_kept") == 1
    assert len(rig.notes(number)) == 1
