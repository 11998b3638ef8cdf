"""Who a ticket is from, what a stranger may claim of themselves, and mail that nobody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.live.osticket.customer import CLIENT, Customer, Request
from tests.live.osticket.desk import Desk
from tests.live.osticket.hundred import PLANS
from tests.live.osticket.listener import Listener
from tests.live.osticket.service import Service

QUESTION = Request(subject="How do I add a mailbox?", body="Where do I add a mailbox, please?")


@pytest.fixture
def filtering(desk: Desk, listener: Listener) -> Iterator[None]:
    """A ticket filter that sends questions about invoices."""
    desk.admin.send_by_filter("Support Policy: invoices", "invoice")
    yield
    desk.admin.delete_filters()
    desk.configure(listener.url)


def test_a_client_who_is_logged_in_is_told_from_a_guest(
    desk: Desk, listener: Listener, client: Customer
) -> None:
    known = desk.by_client(client, replace(CLIENT, subject="From the client"))
    guest = desk.by_web(replace(CLIENT, subject="From whoever says so"))
    told = {}
    for opened in (known, guest):
        [call] = listener.wait_for(opened.number)
        told[opened.number] = call.message["ticket"]
        assert told[opened.number]["requester"]["address"] == CLIENT.sender
    assert told[known.number]["identity"] == "client"
    assert told[guest.number]["identity"] == "guest"
    assert desk.routes.ticket(known.number)["identity"] == "client", "and later, too"
    assert desk.routes.ticket(guest.number)["identity"] == "guest"


def test_programs_mail_and_agents_are_told_apart(desk: Desk, listener: Listener) -> None:
    opened = {
        "api": desk.by_api(QUESTION),
        "email": desk.by_mail(QUESTION),
        "staff": desk.by_agent(QUESTION),
    }
    for identity, ticket in opened.items():
        [call] = listener.wait_for(ticket.number)
        told = call.message["ticket"]
        by = "staff" if identity == "staff" else "requester"
        assert (told["identity"], told["opened_by"]) == (identity, by)
        assert told["set_by_staff"] == []


def test_a_priority_that_an_agent_chose_at_opening_is_theirs(
    desk: Desk, listener: Listener
) -> None:
    opened = desk.by_agent(QUESTION, priority="Emergency")
    [call] = listener.wait_for(opened.number)
    assert call.message["ticket"]["set_by_staff"] == ["priority"]
    assert desk.decided(opened)["priority"] == "emergency"


def test_a_department_that_an_agent_chose_at_opening_is_theirs(
    desk: Desk, listener: Listener
) -> None:
    opened = desk.by_agent(QUESTION, department="Maintenance")
    [call] = listener.wait_for(opened.number)
    assert call.message["ticket"]["department"] == "Maintenance"
    assert call.message["ticket"]["set_by_staff"] == ["department"]


def test_a_priority_in_an_edit_that_osticket_cannot_tell_in_full_is_an_agent_s(
    desk: Desk, listener: Listener
) -> None:
    """It keeps 1024 characters of what was changed, and takes six for each that is not ASCII."""
    opened = desk.by_agent(QUESTION)
    desk.decided(opened)
    form = desk.agent.form(f"scp/tickets.php?id={opened.id}&a=edit", "form.save")
    subject, priority = form.name("Issue Summary"), form.name("Priority Level")
    high = next(value for text, value in form.options[priority].items() if "High" in text)
    desk.agent.edit(opened.id, **{subject: "Почта не работает. " * 11, priority: high})
    told = desk.routes.ticket(opened.number)
    assert told["priority"] == "high"
    assert "priority" in told["set_by_staff"]


def test_nothing_that_an_anonymous_form_claims_is_believed(desk: Desk, listener: Listener) -> None:
    plans = desk.admin.plans()
    forged = {
        "slaId": str(plans[PLANS["high"]]),
        "priorityId": "4",
        "staffId": "1",
        "assignId": "s1",
        "source": "Phone",
        "statusId": "1",
        "duedate": "2031-03-05T14:00:00.000Z",
    }
    opened = desk.by_web(replace(QUESTION, subject="Forged"), forged=forged)
    [call] = listener.wait_for(opened.number)
    told = call.message["ticket"]
    assert (told["identity"], told["opened_by"]) == ("guest", "requester")
    assert told["set_by_staff"] == []
    assert desk.decided(opened)["set_by_staff"] == []
    seen = desk.see(opened)
    assert (seen["Priority"], seen["SLA Plan"]) == ("Low", PLANS["low"])


def test_our_own_fields_cannot_be_filled_in_by_a_stranger(desk: Desk, listener: Listener) -> None:
    names = ("policy_class", "policy_expected_at", "policy_reason", "policy_state", "policy_tags")
    forged = dict.fromkeys(names, "high.website_offline_fault")
    opened = desk.by_web(replace(QUESTION, subject="Forged fields"), forged=forged)
    by_api = desk.by_api(QUESTION, **forged)
    for each in (opened, by_api):
        [call] = listener.wait_for(each.number)
        assert (call.message["ticket"]["fields"] or {}) == {}
        assert call.message["ticket"]["tags"] == []


def test_a_customer_sees_nothing_of_ours(desk: Desk, listener: Listener, client: Customer) -> None:
    opened = desk.by_client(client, replace(CLIENT, subject="What do they show me?"))
    desk.decided(opened)
    page = client.get(f"tickets.php?id={opened.id}").body
    assert page is not None
    text = page.text()
    assert "What do they show me?" in text
    for hidden in (
        "Policy class",
        "policy_low",
        "low.general_question",
        "a question",
        "support-policy",
    ):
        assert hidden not in text
    form = client.get("open.php").body
    assert form is not None
    assert "Policy" not in form.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_an_automatic_reply_is_not_sent(
    desk: Desk, listener: Listener, headers: dict[str, str]
) -> None:
    subject = replace(QUESTION, subject="Out of office", body="I am away until Monday.")
    automatic = desk.by_mail(subject, **headers)
    listener.wait_for(desk.by_mail(QUESTION).number)
    desk.programs.cron()
    assert listener.told(automatic.number) == []
    assert desk.routes.ticket(automatic.number)["automatic"]
    listed = {each["number"] for each in desk.routes.undecided()["tickets"]}
    assert automatic.number not in listed


def test_only_tickets_that_a_filter_sends_are_sent_when_the_admin_says_so(
    desk: Desk, listener: Listener, filtering: None
) -> None:
    desk.configure(listener.url, tickets="Only those")
    left = [desk.by_api(QUESTION), desk.by_web(QUESTION), desk.by_agent(QUESTION)]
    chosen = replace(QUESTION, subject="An invoice question")
    sent = [desk.by_api(chosen), desk.by_web(chosen), desk.by_agent(chosen), desk.by_mail(chosen)]
    for each in sent:
        listener.wait_for(each.number)
        assert desk.decided(each)["priority"] == "low"
    desk.programs.cron()
    listed = {each["number"] for each in desk.routes.undecided()["tickets"]}
    for each in left:
        assert listener.told(each.number) == []
        assert each.number not in listed, "the sweep leaves them, too"


def test_a_filter_that_sends_stops_no_ticket_when_the_plugin_is_not_there(
    desk: Desk, listener: Listener, filtering: None
) -> None:
    """osTicket takes no ticket that matches a filter with an action it does not know."""
    chosen = replace(QUESTION, subject="An invoice question")
    desk.admin.disable()
    desk.by_web(chosen)
    desk.by_api(chosen)
    desk.admin.uninstall()
    try:
        desk.by_web(chosen)
        desk.by_api(chosen)
    finally:
        desk.admin.install()
        desk.configure(listener.url)


def test_what_we_write_leads_to_no_second_call(desk: Desk, listener: Listener) -> None:
    opened = desk.by_api(QUESTION)
    desk.decided(opened)
    desk.agent.note(opened.id, "Seen.")
    desk.agent.edit(opened.id)
    desk.programs.cron()
    assert len(listener.told(opened.number)) == 1


def test_a_telephone_call_is_no_official_channel(desk: Desk, service: Service) -> None:
    opened = desk.by_agent(replace(QUESTION, sender="office@whitlockprint.example"), source="Phone")
    told = desk.decided(opened)
    assert "channel_unofficial" in told["tags"]
    assert "expected_at" not in told["fields"]
    assert desk.see(opened)["Priority"] == "Low"
