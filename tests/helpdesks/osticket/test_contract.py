"""osTicket keeps the contract, over real HTTP and real signatures to a double of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.helpdesks.contract import (
    WANTED_DUE,
    HelpDeskContract,
    Place,
    newest_of,
    opened,
    read,
    wanted,
    write,
)
from tests.helpdesks.osticket.place import OsTicketPlace, desk_for
from tests.osticket_double import OsTicketDouble

from support_policy.core.policy import Policy
from support_policy.core.ticket import Author, Channel, Field, Priority
from support_policy.core.update import Update
from support_policy.demo.desk import free_port
from support_policy.errors import ConflictError
from support_policy.helpdesks.osticket.client import OsTicket


@pytest.fixture(scope="module")
def double() -> Iterator[OsTicketDouble]:
    with OsTicketDouble() as double:
        yield double


@pytest.fixture(scope="module")
def place(double: OsTicketDouble) -> OsTicketPlace:
    return OsTicketPlace(double=double, desk=desk_for(double))


class TestOsTicket(HelpDeskContract):
    @pytest.fixture
    def down(self, double: OsTicketDouble) -> OsTicket:
        return desk_for(double, url=f"http://127.0.0.1:{free_port(0)}")

    def test_the_webhook_and_the_sweep_tell_of_one_event_by_one_key(self, place: Place) -> None:
        """The plugin knows what was decided: only what was not is told to the sweep."""
        refs = [place.open_ticket() for _ in range(3)]
        place.staff_reply(refs[0], "We are looking.")
        write(place, refs[1], Update(ticket=refs[1], tags=("more",)))
        newest = {each.ticket_id: each for each in newest_of(place, limit=50)}
        keys = [opened(place, ref).key for ref in refs]
        assert [newest[ref.id].key for ref in (refs[0], refs[2])] == [keys[0], keys[2]]
        assert refs[1].id not in newest
        assert len(set(keys)) == 3
        assert {newest[ref.id].origin for ref in (refs[0], refs[2])} == {"sweep"}

    @pytest.fixture(autouse=True)
    def _answers_pings(self, double: OsTicketDouble, monkeypatch: pytest.MonkeyPatch) -> None:
        """No service runs here: what it answers is tested with the edge."""
        monkeypatch.setattr(double.api, "_ping", lambda: (200, {"ok": True, "ms": 3}))


# What is osTicket's alone


def test_the_same_ticket_read_by_webhook_and_by_the_api_is_the_same(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    carried = opened(place, ref).ticket
    assert carried == place.desk.read(ref)


@pytest.mark.parametrize(
    ("brought", "channel", "author", "logged_in"),
    [
        ({"identity": "guest"}, Channel.WEB, Author.REQUESTER, False),
        ({"identity": "client"}, Channel.WEB, Author.REQUESTER, True),
        ({"identity": "email", "source": "email"}, Channel.EMAIL, Author.REQUESTER, None),
        ({"identity": "api", "source": "api"}, Channel.API, Author.REQUESTER, None),
        ({"by": "agent", "source": "phone"}, Channel.PHONE, Author.STAFF, None),
        ({"by": "agent", "source": "other"}, Channel.OTHER, Author.STAFF, None),
        ({"identity": "unknown", "source": "other"}, Channel.OTHER, Author.REQUESTER, None),
    ],
)
def test_the_way_a_ticket_came_is_told(
    place: OsTicketPlace,
    brought: dict[str, str],
    channel: Channel,
    author: Author,
    logged_in: bool | None,
) -> None:
    ticket = read(place, place.open_ticket(**brought))
    assert (ticket.channel, ticket.opened_by, ticket.logged_in) == (channel, author, logged_in)


@pytest.mark.parametrize("source", ["phone", "email", "api", "other"])
def test_a_source_that_a_guest_forged_on_the_form_is_not_believed(
    place: OsTicketPlace, source: str
) -> None:
    """Else a word in a form's request would say "by telephone", which no target covers."""
    assert read(place, place.open_ticket(identity="guest", source=source)).channel is Channel.WEB


def test_a_requesters_own_language_is_read(place: OsTicketPlace) -> None:
    assert read(place, place.open_ticket(language="fr")).requester.language == "fr"
    assert read(place, place.open_ticket(language=None)).requester.language is None


def test_a_department_is_read_as_the_policys(place: OsTicketPlace) -> None:
    assert read(place, place.open_ticket(department="Level 2")).department == "level_2"
    assert read(place, place.open_ticket(department="Support")).department is None


def test_a_ticket_is_moved_only_where_no_person_put_it(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    assert read(place, ref).movable
    place.double.helpdesk.agent_sets(ref.id, department="Sales")
    assert not read(place, ref).movable


def test_a_department_is_written_by_the_desks_name(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    write(place, ref, Update(ticket=ref, department="level_2"))
    assert place.double.ticket(ref.id).department == "Level 2"
    assert read(place, ref).department == "level_2"


def test_a_due_date_is_an_estimate_and_never_the_peoples_own(
    place: OsTicketPlace, policy: Policy
) -> None:
    """osTicket's full Edit form refuses every save once a date of the people's is past."""
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    ticket = place.double.ticket(ref.id)
    assert ticket.duedate is None
    assert ticket.est_duedate is not None
    assert ticket.plan == "medium"


def test_the_instant_stays_on_record_when_nothing_is_owed_any_more(
    place: OsTicketPlace, policy: Policy
) -> None:
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    due = read(place, ref).due_at
    place.staff_reply(ref, "We are looking.")
    assert place.double.ticket(ref.id).due_shown is None
    assert read(place, ref).due_at == due
    assert not wanted(place, policy, ref), "so the second look has nothing to put back"


def test_an_automatic_answer_is_nobodys_response(place: OsTicketPlace, policy: Policy) -> None:
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    place.double.helpdesk.auto_reply(ref.id, "We have received your message.")
    assert place.double.ticket(ref.id).due_shown is not None


def test_one_decision_is_one_request(place: OsTicketPlace, policy: Policy) -> None:
    ref = place.open_ticket()
    update, ticket = wanted(place, policy, ref), read(place, ref)
    before = len(place.double.api.seen)
    place.desk.write(ticket, update)
    assert [method for method, _ in place.double.api.seen[before:]] == ["POST"]
    assert len(place.double.ticket(ref.id).events) == 1


def test_a_ticket_changed_since_it_was_read_is_left_and_read_again(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    ticket = read(place, ref)
    place.staff_set(ref, priority=Priority.HIGH)
    with pytest.raises(ConflictError):
        place.desk.write(ticket, Update(ticket=ref, priority=Priority.LOW, tags=("late",)))
    assert place.double.ticket(ref.id).tags == []
    assert read(place, ref).priority is Priority.HIGH


def test_a_priority_that_the_admin_removed_is_told_as_not_kept(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.double.admin.priorities.remove("low")
    try:
        lost = place.desk.write(
            read(place, ref), Update(ticket=ref, priority=Priority.LOW, tags=("late",))
        )
    finally:
        place.double.admin.priorities.append("low")
    assert lost == ("priority",)
    assert place.double.ticket(ref.id).tags == ["late"]


def test_a_priority_of_the_admins_own_making_is_nobodys_here(place: OsTicketPlace) -> None:
    ticket = read(place, place.open_ticket(priority="tomorrow"))
    assert ticket.priority is None
    assert not ticket.clamped


def test_a_deleted_plan_does_not_lose_the_due_date(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.double.admin.plans["low"] = False
    try:
        write(place, ref, Update(ticket=ref, due_at=WANTED_DUE, target="low"))
    finally:
        place.double.admin.plans["low"] = True
    assert place.double.ticket(ref.id).plan is None
    assert read(place, ref).due_at == WANTED_DUE


def test_a_plugin_that_only_observes_is_told_as_such(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    place.double.admin.mode = "observe"
    try:
        lost = place.desk.write(read(place, ref), Update(ticket=ref, priority=Priority.LOW))
    finally:
        place.double.admin.mode = "enforce"
    assert lost == ("everything",)
    assert place.double.ticket(ref.id).priority == "normal"


def test_the_sweep_turns_pages_and_tells_each_ticket_once(
    double: OsTicketDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = OsTicketPlace(double=double, desk=desk_for(double))
    monkeypatch.setattr("support_policy.helpdesks.osticket.client.PAGE", 3)
    refs = [place.open_ticket() for _ in range(8)]
    found = newest_of(place, limit=1000)
    assert [each.ticket_id for each in found[:8]] == [ref.id for ref in reversed(refs)]
    assert len({each.ticket_id for each in found}) == len(found)


def test_automatic_mail_and_what_no_filter_sends_are_left_out_of_the_sweep(
    place: OsTicketPlace,
) -> None:
    place.double.admin.tickets = "filtered"
    try:
        refs = [
            place.open_ticket(automatic=True),
            place.open_ticket(selected=False),
            place.open_ticket(selected=True),
        ]
        found = {each.ticket_id for each in newest_of(place, limit=1000)}
    finally:
        place.double.admin.tickets = "all"
    assert [ref.id in found for ref in refs] == [False, False, True]


@pytest.mark.parametrize("number", ["SUP-000123", "2026 000124", "Été-000125", "A?b=1&c-000126"])
def test_a_number_in_the_admins_own_format_finds_its_ticket(
    place: OsTicketPlace, number: str
) -> None:
    """An admin may write anything around the digits of a ticket's number."""
    ref = place.open_ticket(number=number)
    assert read(place, ref).ref.id == number
    write(place, ref, Update(ticket=ref, tags=("late",)))
    assert place.double.ticket(number).tags == ["late"]


def test_a_held_ticket_stays_where_it_is(place: OsTicketPlace) -> None:
    ref = place.open_ticket()
    before = place.double.ticket(ref.id).plan
    write(place, ref, Update(ticket=ref, tags=("unregistered_sender",)))
    after = place.double.ticket(ref.id)
    assert (after.plan, after.due_shown, after.department) == (before, None, "Support")


def test_an_expected_time_to_the_microsecond_is_kept_to_the_second(place: OsTicketPlace) -> None:
    """The database has no more; a second look must not see another instant."""
    ref = place.open_ticket()
    due = WANTED_DUE + timedelta(microseconds=999_999)
    write(place, ref, Update(ticket=ref, due_at=due))
    assert read(place, ref).due_at == WANTED_DUE


def test_a_date_that_a_person_set_goes_before_ours(place: OsTicketPlace, policy: Policy) -> None:
    ref = place.open_ticket()
    write(place, ref, wanted(place, policy, ref))
    place.staff_set(ref, due_at=WANTED_DUE)
    again = wanted(place, policy, ref)
    assert again.kept == (Field.DUE_AT,)
    assert (again.due_at, again.target) == (None, None)
    lost = place.desk.write(read(place, ref), replace(again, due_at=WANTED_DUE - timedelta(days=1)))
    assert lost == ("due_at",)
    assert place.double.ticket(ref.id).due_shown == WANTED_DUE
