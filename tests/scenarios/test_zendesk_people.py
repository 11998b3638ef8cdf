"""Who set what on a Zendesk ticket, and that a person's word stands."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import HIGH, LOW, Rig, Rigs

from support_policy.demo.zendesk_double.people import User

account, rig, rigs = zendesk_rig.account, zendesk_rig.shared, zendesk_rig.rigs

STRANGER = "nobody@stranger.example"
KNOWN = "address,account,reseller\n@whitlockprint.example,whitlock-print,\n"


def setters(rig: Rig, number: int, field: str) -> list[int]:
    """Who gave a field its values, in order."""
    return [
        audit["author_id"]
        for audit in rig.double.audits(number)
        for event in audit["events"]
        if event.get("field_name") == field and event.get("value")
    ]


def test_a_requesters_priority_gives_way_to_the_policy(rig: Rig) -> None:
    number = rig.treated(LOW, priority="urgent")
    assert rig.priority(number) == "low"
    assert "set_by_staff" not in rig.tags(number)


def test_an_agents_priority_before_our_first_look_stands(rig: Rig) -> None:
    number = rig.open(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, priority="urgent")
    rig.treat()
    assert rig.priority(number) == "urgent"
    assert "set_by_staff" in rig.tags(number)
    assert rig.own(number)["class"].startswith("low.")
    assert rig.own(number)["expected_at"]
    (note,) = rig.notes(number)
    assert "riority" in note["body"].splitlines()[-2]


def test_what_an_agent_says_when_opening_for_a_customer_stands(rig: Rig) -> None:
    number = rig.treated(LOW, by=rig.double.agent, priority="high")
    assert rig.priority(number) == "high"
    assert "set_by_staff" in rig.tags(number)


def test_an_agent_who_agrees_is_not_told_off(rig: Rig) -> None:
    number = rig.open(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, priority="low")
    rig.treat()
    assert rig.priority(number) == "low"
    assert "set_by_staff" not in rig.tags(number)


def test_an_agent_who_works_through_the_api_counts_as_an_agent(rig: Rig) -> None:
    number = rig.open(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, via="api", priority="high")
    rig.treat()
    assert rig.priority(number) == "high"


def test_an_agents_priority_after_ours_is_never_overwritten(rig: Rig) -> None:
    number = rig.treated(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, priority="urgent")
    rig.look_again(number)
    rig.look_again(number)
    assert rig.priority(number) == "urgent"
    assert len(rig.puts(number)) <= 2
    service = rig.double.service_user.id
    assert setters(rig, number, "priority")[-1] == rig.double.agent.id != service


def test_an_agent_who_takes_the_priority_away_is_heard(rig: Rig) -> None:
    number = rig.treated(LOW)
    rig.double.update_ticket(number, by=rig.double.agent, priority=None)
    rig.look_again(number)
    assert rig.priority(number) is None


def test_an_agent_who_goes_there_and_back_is_heard(rig: Rig) -> None:
    """The value is ours again, the hand is a person's: the next decision must leave it."""
    number = rig.treated(LOW)
    for value in ("urgent", "low"):
        rig.double.update_ticket(number, by=rig.double.agent, priority=value)
    rig.look_again(number)
    assert rig.priority(number) == "low"
    assert setters(rig, number, "priority")[-1] == rig.double.agent.id


def test_an_agents_due_time_is_never_overwritten(rig: Rig) -> None:
    number = rig.treated(LOW)
    theirs = "2030-01-02T03:04:05-05:00"
    custom = [{"id": rig.fields["expected_at"], "value": theirs}]
    rig.double.update_ticket(number, by=rig.double.agent, custom_fields=custom)
    rig.look_again(number)
    assert rig.own(number)["expected_at"] == theirs
    assert "set_by_staff" in rig.tags(number)
    rig.look_again(number)
    assert len(rig.puts(number)) == 2


def test_a_due_field_that_an_agent_empties_or_scribbles_in_stays_so(rig: Rig) -> None:
    for theirs in ("", "tomorrow, I promise"):
        number = rig.treated(LOW)
        custom = [{"id": rig.fields["expected_at"], "value": theirs}]
        rig.double.update_ticket(number, by=rig.double.agent, custom_fields=custom)
        rig.look_again(number)
        assert (rig.own(number)["expected_at"] or "") == theirs


def trigger(rig: Rig, field: str, value: str) -> dict[str, object]:
    """Somebody else's trigger that acts on every new ticket."""
    account = rig.double.account
    with account.lock:
        return account.triggers.shelf.add(
            {
                "title": "Theirs",
                "active": True,
                "position": 1,
                "category_id": next(iter(account.triggers.categories))["id"],
                "conditions": {
                    "all": [{"field": "update_type", "operator": "is", "value": "Create"}],
                    "any": [],
                },
                "actions": [{"field": field, "value": value}],
            }
        )


def test_a_triggers_priority_is_not_a_persons(rig: Rig) -> None:
    theirs = trigger(rig, "priority", "urgent")
    number = rig.open(LOW)
    assert rig.priority(number) == "urgent"
    theirs["active"] = False
    rig.treat()
    assert rig.priority(number) == "low"
    assert "set_by_staff" not in rig.tags(number)


def test_a_trigger_fired_by_an_agents_act_is_not_that_agents(rig: Rig) -> None:
    theirs = trigger(rig, "priority", "urgent")
    number = rig.open(LOW, by=rig.double.agent)
    theirs["active"] = False
    rig.treat()
    assert rig.priority(number) == "low"


def test_a_triggers_tags_stay_on_the_ticket(rig: Rig) -> None:
    theirs = trigger(rig, "current_tags", "vip")
    number = rig.treated(LOW)
    theirs["active"] = False
    assert {"vip", "policy_low"} <= rig.tags(number)


@pytest.fixture
def clients(rigs: Rigs) -> Rig:
    """An account whose client area is the colleague's, and with a list of accounts."""
    rig = rigs(service='accounts = "accounts.csv"')
    rig._file("accounts.csv", KNOWN)
    program = rig.double.colleague.id
    rig.configure(service='accounts = "accounts.csv"', desk=f"app_users = [{program}]")
    return rig


def test_a_programs_acts_are_not_a_persons(clients: Rig) -> None:
    number = clients.open(LOW)
    clients.double.update_ticket(number, by=clients.double.colleague, priority="urgent")
    clients.treat()
    assert clients.priority(number) == "low"
    other = clients.treated(LOW, by=clients.double.colleague, priority="high")
    assert clients.priority(other) == "low"


def test_only_a_colleague_in_the_browser_vouches_for_a_stranger(clients: Rig) -> None:
    def opened(by: User | None, channel: str) -> bool:
        number = clients.treated(HIGH, sender=STRANGER, by=by, channel=channel)
        return clients.own(number)["class"] != "held"

    double = clients.double
    assert opened(double.agent, "web")
    assert not opened(None, "web")
    assert not opened(double.agent, "api")
    assert not opened(double.colleague, "web")


def test_a_ticket_that_changes_hands_is_decided_anew(clients: Rig) -> None:
    number = clients.treated(HIGH, sender=STRANGER)
    assert clients.own(number)["class"] == "held"
    known = clients.double.end_user("dana@whitlockprint.example")
    clients.double.update_ticket(number, by=clients.double.agent, requester=known)
    clients.treat()
    assert clients.own(number)["class"].startswith("high.")
    assert clients.priority(number) == "high"
    assert len(clients.puts(number)) == 2
    clients.double.update_ticket(
        number, by=clients.double.agent, requester=clients.double.end_user(STRANGER)
    )
    clients.treat()
    assert clients.own(number)["class"] == "held"
    assert clients.states() == {"done": 3}


def test_another_group_brand_or_organization_is_looked_at(rigs: Rigs) -> None:
    rig = rigs()
    number = rig.treated()
    group, brand = rig.double.add_group("Level 2"), rig.double.add_brand("Other")
    rig.configure(desk=f'departments = {{ "{group["id"]}" = "level_2" }}')
    rig.double.update_ticket(number, by=rig.double.agent, group=group)
    rig.treat()
    level_2 = rig.own(number)
    rig.double.update_ticket(number, by=rig.double.agent, brand=brand)
    rig.treat()
    assert rig.states() == {"done": 3}
    assert rig.own(number) == level_2
    assert len(rig.puts(number)) == 2


def test_an_agent_who_comes_between_reading_and_writing_wins(rig: Rig) -> None:
    double = rig.double

    def change(number: int) -> None:
        double.update_ticket(number, by=double.agent, priority="urgent", tags=["mine"])

    double.faults.conflict_next, double.faults.concurrent_change = 1, change
    number = rig.treated(LOW)
    assert rig.priority(number) == "urgent"
    assert {"mine", "policy_low", "set_by_staff"} <= rig.tags(number)
    assert [each.status for each in rig.puts(number)] == [409, 200]
    assert len(rig.notes(number)) == 1


def test_an_agent_between_is_told_by_the_tickets_own_date(rig: Rig) -> None:
    number = rig.open(LOW)
    rig.arrive()
    agent = rig.double.agent
    rig.before_write(lambda it: rig.double.update_ticket(it, by=agent, priority="high"))
    rig.work()
    assert rig.priority(number) == "high"
    assert [each.status for each in rig.puts(number)] == [409, 200]


@pytest.fixture(autouse=True)
def simulated(rig: Rig) -> Iterator[None]:
    yield
    rig.desk._sleep = rig._settle


def test_an_agent_in_the_very_second_of_the_webhook_is_heard(rig: Rig) -> None:
    """In real time: whole seconds must not hide a person's change."""
    rig.desk._sleep = time.sleep
    number = rig.open(LOW)
    assert rig.double.settle(5)
    agent = rig.double.agent
    rig.before_write(lambda it: rig.double.update_ticket(it, by=agent, priority="high"))
    rig.work()
    assert rig.priority(number) == "high"
    assert [each.status for each in rig.puts(number)] == [409, 200]


def test_what_a_trigger_or_program_changed_after_us_is_left(rig: Rig) -> None:
    number = rig.treated(LOW)
    theirs = trigger(rig, "priority", "urgent")
    theirs["conditions"]["all"][0]["value"] = "Change"  # type: ignore[index]
    rig.double.update_ticket(number, by=rig.double.agent, tags=[*rig.tags(number), "x"])
    theirs["active"] = False
    rig.look_again(number)
    assert rig.priority(number) == "urgent"


def test_a_tag_that_comes_between_survives(rig: Rig) -> None:
    double = rig.double
    number = rig.open(LOW, tags=["first"])
    double.faults.conflict_next = 1
    double.faults.concurrent_change = lambda it: double.update_ticket(
        it, by=double.agent, tags=["first", "second"]
    )
    rig.treat()
    assert {"first", "second", "policy_low"} <= rig.tags(number)


def test_a_tag_that_an_agent_took_away_between_stays_away(rig: Rig) -> None:
    double = rig.double
    number = rig.open(LOW, tags=["first"])
    double.faults.conflict_next = 1
    double.faults.concurrent_change = lambda it: double.update_ticket(it, by=double.agent, tags=[])
    rig.treat()
    assert "first" not in rig.tags(number)


def test_every_write_says_what_it_saw_and_what_it_set(rig: Rig) -> None:
    number = rig.treated(LOW)
    (put,) = rig.puts(number)
    ticket = json.loads(put.body or b"")["ticket"]
    assert ticket["safe_update"] is True
    assert ticket["updated_stamp"]
    assert set(ticket) <= {
        *("priority", "tags", "custom_fields", "comment", "metadata"),
        *("safe_update", "updated_stamp"),
    }
    assert ticket["comment"]["public"] is False
    (ours,) = (
        each
        for each in rig.double.audits(number)
        if each["author_id"] == rig.double.service_user.id
    )
    told = ours["metadata"]["custom"]["support_policy"]
    assert told["class"] == rig.own(number)["class"]
    assert told["expected_at"] == rig.own(number)["expected_at"]
