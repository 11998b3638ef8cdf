"""The page on which staff work within a permission: what it offers, records and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.webhooks.paid_help_desk import PaidHelpDesk, new_desk
from tests.webhooks.paid_help_forms import Page, visit

from support_policy.core.permission.event import Kind
from support_policy.core.permission.job import Phase
from support_policy.helpdesk import Ask
from support_policy.permissions import Permissions, Work
from support_policy.store.database import StoreUnavailableError
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks.paid_help_view import ACTS
from support_policy_webhooks.step_mark import LIFE

AGENT = "Ana Roy"
CUSTOMER = "Jo Tremblay"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PaidHelpDesk]:
    with new_desk(tmp_path) as desk:
        desk.ask(2)
        yield desk


@pytest.fixture
def client(desk: PaidHelpDesk) -> FlaskClient:
    return desk.app().test_client()


def accept(desk: PaidHelpDesk, blocks: int = 2) -> None:
    permissions: Permissions = desk.permissions
    token = desk.page.rpartition("/")[2]
    seen = permissions.shown(token).seen
    from support_policy.permissions import Trace

    permissions.answer(token, blocks=blocks, name=CUSTOMER, seen=seen, trace=Trace())


def act(client: FlaskClient, desk: PaidHelpDesk, name: str, **typed: str) -> Page:
    """Do this on the page."""
    form = visit(client, desk.work_page).form(f"/{name}")
    return form.press(client, **{"agent": AGENT, "sure": "yes", **typed})


def acts_of(page: Page) -> list[str]:
    return [each.attributes.get("id") or "" for each in page.tree.css(".acts h3")]


# From permission to the end


def test_work_goes_from_permission_to_its_charge(client: FlaskClient, desk: PaidHelpDesk) -> None:
    assert acts_of(visit(client, desk.work_page)) == ["void"]
    accept(desk)
    page = act(client, desk, "start")
    assert (page.status, page.told) == (200, "Recorded.")
    assert "Work is running." in page.text
    desk.later(minutes=61)
    page = visit(client, desk.work_page)
    assert page.rows == {
        "Permitted": "2 blocks = $170.00 CDN (CAD) at most, plus applicable taxes",
        "Used": "1 h 1 min",
        "Left": "59 min",
        "Begun": "2 blocks = $170.00 CDN (CAD), plus applicable taxes",
        "At work now": AGENT,
    }
    act(client, desk, "stop")
    desk.later(hours=5)
    page = act(client, desk, "complete")
    assert "The work has ended." in page.text
    assert page.rows["Charged"] == "2 blocks = $170.00 CDN (CAD), plus applicable taxes"
    assert desk.request.charged_blocks == 2


def test_little_time_left_is_said_and_the_maximum_stops_the_work(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    accept(desk, 1)
    act(client, desk, "confirm")
    act(client, desk, "start")
    desk.later(minutes=49)
    assert "left. Ask for more blocks" not in visit(client, desk.work_page).text
    desk.later(minutes=1)
    assert "Only 10 min left. Ask for more blocks now" in visit(client, desk.work_page).text
    desk.later(minutes=30)
    page = visit(client, desk.work_page)
    assert "Stop. The permitted time is used up" in page.text
    assert acts_of(page) == ["complete", "waive"]
    assert page.rows["Used"] == "1 h"
    assert "ask for permission again on the ticket" in page.text


def test_fewer_blocks_are_confirmed_before_work_starts(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    accept(desk, 1)
    page = visit(client, desk.work_page)
    assert acts_of(page) == ["confirm", "waive"]
    assert acts_of(act(client, desk, "confirm")) == ["start", "complete", "waive"]
    assert desk.kinds[-1] == "confirmed"


def test_a_request_can_be_taken_back_while_it_is_open(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = act(client, desk, "void")
    assert "The request was taken back." in page.text
    assert desk.request.state == "voided"


def test_a_request_for_more_can_be_taken_back_beside_the_work(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    accept(desk)
    act(client, desk, "start")
    desk.ask(1)
    page = visit(client, desk.work_page)
    assert acts_of(page)[-1] == "void"
    assert "A request for more blocks waits" in page.text
    assert page.rows["Asked for"].startswith("1 block = $85.00 CDN (CAD)")


def test_waiving_and_contesting_need_a_reason(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(desk)
    act(client, desk, "start")
    desk.later(minutes=5)
    act(client, desk, "complete")
    assert act(client, desk, "dispute").status == 422
    page = act(client, desk, "dispute", reason="They say it was our server.")
    assert "The charge is contested." in page.text
    assert "They say it was our server." in page.text
    assert act(client, desk, "settle").status == 422
    page = act(client, desk, "settle", reason="The receipt is clear.")
    assert "The receipt is clear." in page.text
    page = act(client, desk, "waive", reason="It was our server.")
    assert page.rows["Charged"] == "Nothing"
    assert desk.kinds[-3:] == ["disputed", "settled", "waived"]


def test_two_agents_time_runs_apart(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(desk)
    act(client, desk, "start")
    page = act(client, desk, "start", agent="Bo")
    assert page.rows["At work now"] == f"{AGENT}, Bo"
    again = act(client, desk, "start")
    assert (again.status, "running already" in again.told) == (409, True)
    page = act(client, desk, "stop", agent="Bo")
    assert page.rows["At work now"] == AGENT


# What is said and kept


def test_the_name_of_the_agent_is_typed_once(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(desk)
    page = act(client, desk, "start")
    assert {form.fields["agent"] for form in page.forms if not form.switches} == {AGENT}
    assert {
        form.fields["agent"] for form in visit(client, desk.work_page).forms if not form.switches
    } == {""}
    assert "Set-Cookie" not in page.answer.headers


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("start", {"agent": " "}, "start-agent"),
        ("start", {"agent": "123"}, "start-agent"),
        ("complete", {"sure": "no"}, "complete-sure"),
        ("waive", {"reason": " "}, "waive-reason"),
        ("waive", {"reason": "Ours.", "sure": ""}, "waive-sure"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: FlaskClient, desk: PaidHelpDesk, name: str, typed: dict[str, str], field: str
) -> None:
    accept(desk)
    before = desk.history
    page = act(client, desk, name, **typed)
    assert page.status == 422
    assert [each.attributes["href"] for each in page.tree.css(".wrong a")] == [f"#{field}"]
    assert page.tree.css_first(f"#{field}[aria-describedby~='{field}-wrong']")
    assert desk.history == before


def test_everything_that_happened_is_listed(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(desk, 1)
    page = visit(client, desk.work_page)
    lines = [" ".join(each.text().split()) for each in page.tree.css(".events li")]
    assert any("Permission asked" in line and "2 blocks" in line for line in lines)
    assert any(f"Accepted · 1 block · {CUSTOMER}" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phase_and_every_event_has_its_words(language: str) -> None:
    texts = load_texts(language)
    assert all(texts.say(f"paid_help.phase.{phase}") for phase in Phase)
    assert all(texts.say(f"paid_help.event.{kind}") for kind in Kind)
    assert set(ACTS) < set(Phase)


def test_the_page_follows_the_browsers_language_and_the_switch(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    french = visit(client, desk.work_page, headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert french.heading == "Aide payante pour le billet 7"
    assert visit(client, f"{desk.work_page}?lang=en").heading == "Paid help on ticket 7"


# What is not done


def test_a_form_that_is_sent_twice_acts_once(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(desk)
    form = visit(client, desk.work_page).form("/start")
    form.press(client, agent=AGENT)
    again = form.press(client, agent="Bo")
    assert (again.status, "Something has changed" in again.told) == (409, True)
    assert desk.kinds.count("started") == 1


@pytest.mark.parametrize("name", ["start", "confirm", "complete", "waive", "settle", "x"])
def test_what_the_page_does_not_offer_cannot_be_done(
    client: FlaskClient, desk: PaidHelpDesk, name: str
) -> None:
    before = desk.history
    form = visit(client, desk.work_page).form("/void")
    form.action = f"{desk.work_page}/{name}"
    page = form.send(client, agent=AGENT, sure="yes", reason="Why not.")
    assert (page.status, "cannot be done" in page.told) == (409, True)
    assert desk.history == before


def test_what_the_service_notes_by_itself_makes_no_page_old(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """Its own messages, and its warning that little time is left."""
    accept(desk, 1)
    act(client, desk, "confirm")
    page = act(client, desk, "start")
    desk.later(minutes=55)
    before = len(desk.history)
    desk.attend()
    assert {str(event.kind) for event in desk.history[before:]} == {"posted", "warned"}
    done = page.form("/complete").press(client, agent=AGENT, sure="yes")
    assert (done.status, done.told) == (200, "Recorded.")


def test_work_can_be_stopped_on_a_page_of_any_age(client: FlaskClient, desk: PaidHelpDesk) -> None:
    """The clock runs on for whoever is kept from it."""
    accept(desk)
    page = act(client, desk, "start")
    desk.attend()
    desk.later(minutes=61)
    stopped = page.form("/stop").press(client, agent=AGENT)
    assert (stopped.status, stopped.told) == (200, "Recorded.")
    assert desk.kinds[-1] == "stopped"


def test_who_stops_on_last_years_page_is_told_what_time_has_done(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    accept(desk)
    page = act(client, desk, "start")
    desk.later(days=400)
    late = page.form("/stop").press(client, agent=AGENT)
    assert (late.status, "is not running" in late.told) == (409, True)
    assert "Stop. The permitted time is used up" in late.text
    assert desk.kinds[-1] == "capped"


def test_to_stop_twice_stops_once_and_says_so(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(desk)
    form = act(client, desk, "start").form("/stop")
    assert form.press(client, agent=AGENT).status == 200
    again = form.press(client, agent=AGENT)
    assert (again.status, "is not running" in again.told) == (409, True)
    assert desk.kinds.count("stopped") == 1


@pytest.mark.parametrize("mark", [None, "", "x.y.z"])
def test_to_stop_needs_a_page_of_ours_all_the_same(
    client: FlaskClient, desk: PaidHelpDesk, mark: str | None
) -> None:
    accept(desk)
    form = act(client, desk, "start").form("/stop")
    assert form.send(client, agent=AGENT, mark=mark).status == 400
    theirs = visit(client, desk.page).forms[-1].fields["mark"]
    assert form.send(client, agent=AGENT, mark=theirs).status == 400
    assert desk.kinds[-1] == "started"


def test_who_stops_where_nobody_works_is_told_so(client: FlaskClient, desk: PaidHelpDesk) -> None:
    before = desk.history
    form = visit(client, desk.work_page).form("/void")
    form.action = f"{desk.work_page}/stop"
    page = form.send(client, agent=AGENT)
    assert (page.status, "is not running" in page.told) == (409, True)
    assert desk.history == before


def test_no_value_on_the_page_turns_the_words_around_it(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    desk.desk.asks["7"] = Ask(
        mark="turned", by="A\u202ena\u2066", reason="outside", work="Look at it.", blocks=2
    )
    desk.attend()
    page = visit(client, desk.work_page)
    assert "· Ana ·" in page.text
    assert not {"\u202e", "\u2066"} & set(page.answer.text)


def test_without_a_mark_from_another_page_or_too_late_nothing_is_done(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    accept(desk)
    before = desk.history
    form = visit(client, desk.work_page).form("/start")
    customer = visit(client, desk.page).forms[-1].fields["mark"]
    assert form.send(client, agent=AGENT, mark=None).status == 400
    assert form.send(client, agent=AGENT, mark=customer).status == 400
    data = {**form.fields, "agent": AGENT}
    crossing = client.post(form.action, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossing.status_code == 403
    desk.later(seconds=LIFE.total_seconds() + 11)
    late = form.send(client, agent=AGENT)
    assert (late.status, "open for too long" in late.told) == (400, True)
    assert late.form("/start").fields["agent"] == AGENT
    assert desk.history == before


# A database that goes away


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaky(Work):
    """Staff's side of a store that fails; ``state`` says how."""

    state: dict[str, bool]

    def start(self, *given: Any, **named: Any) -> Any:
        if self.state.get("recorded"):
            Work.start(self, *given, **named)
        self.state["failed"] = True
        raise StoreUnavailableError("the connection is lost")

    def shown(self, token: str) -> Any:
        if self.state.get("failed") and self.state.get("gone"):
            raise StoreUnavailableError("the connection is lost")
        return Work.shown(self, token)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({}, "The record shows nothing new."),
        ({"recorded": True}, "the record has changed: look below"),
        ({"gone": True}, "It is not known whether this was recorded"),
        ({"gone": True, "recorded": True}, "It is not known whether this was recorded"),
    ],
)
def test_a_store_that_fails_is_told_truthfully(
    desk: PaidHelpDesk, state: dict[str, bool], told: str
) -> None:
    accept(desk)
    flaky = Flaky(links=desk.links, ledger=desk.ledger, now=lambda: desk.now, state=state)
    client = desk.app(work=flaky).test_client()
    page = act(client, desk, "start")
    assert page.status == 503
    assert told in page.text
