"""Programs that open every link and send every form, and people who try what is not theirs."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.webhooks.paid_help_desk import PaidHelpDesk, new_desk
from tests.webhooks.paid_help_forms import Form, Page, visit

from support_policy_webhooks.permission_visit import AUDIENCE
from support_policy_webhooks.step_mark import StepMark, StepMarks

NAME = "Jo Tremblay"
SCANNERS = (
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (compatible; BingPreview/1.0b)"},
    {"User-Agent": "Barracuda Sentinel (EE)"},
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PaidHelpDesk]:
    with new_desk(tmp_path) as desk:
        desk.ask(2)
        yield desk


@pytest.fixture
def client(desk: PaidHelpDesk) -> FlaskClient:
    return desk.app().test_client()


def accept(client: FlaskClient, desk: PaidHelpDesk) -> Page:
    review = visit(client, desk.page).form(desk.page).send(client, choice="all")
    return review.form("/confirm").send(client, name=NAME, sure="yes")


# Opening


@pytest.mark.parametrize("headers", [{}, *SCANNERS])
def test_opening_the_link_as_often_as_one_likes_changes_nothing(
    client: FlaskClient, desk: PaidHelpDesk, headers: dict[str, str]
) -> None:
    before = desk.history
    for address in (desk.page, desk.work_page):
        for _ in range(50):
            assert client.get(address, headers=headers).status_code == 200
            assert client.head(address, headers=headers).status_code == 200
        client.options(address, headers=headers)
    assert desk.history == before


def test_no_address_below_the_page_answers_to_opening_it(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    for end in ("confirm", "question", "extend", "withdraw"):
        assert client.get(f"{desk.page}/{end}?choice=all&name=Jo&sure=yes").status_code == 405
    for act in ("start", "stop", "complete", "waive", "void"):
        assert client.get(f"{desk.work_page}/{act}?agent=Ana&sure=yes").status_code == 405


def test_what_stands_in_the_address_chooses_nothing(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = visit(client, f"{desk.page}?choice=all&blocks=2&name=Jo&sure=yes&lang=xx")
    assert not page.tree.css("[checked]")
    assert desk.kinds == ["requested"]


def crawl(client: FlaskClient, start: str, *, press: bool) -> set[str]:
    """Follow every link and send every form as it is, from every page that is found that way."""
    seen: set[str] = set()
    forms: set[tuple[str, frozenset[str]]] = set()
    todo = [visit(client, start)]
    while todo:
        page = todo.pop()
        for link in page.links:
            if link not in seen:
                seen.add(link)
                todo.append(visit(client, link))
        for form in page.forms:
            known = (form.action, frozenset(form.fields))
            if known not in forms:
                forms.add(known)
                todo.append(form.press(client) if press and form.buttons else form.send(client))
    return {*seen, *(action for action, _ in forms)}


def test_a_program_that_follows_and_sends_everything_records_nothing(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    before = desk.history
    reached = crawl(client, desk.page, press=False)
    assert f"{desk.page}/extend?lang=fr" in reached
    assert desk.history == before
    crawl(client, desk.work_page, press=False)
    assert desk.history == before


def test_a_program_that_presses_every_button_gives_no_answer(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """All that it can do is to put the end of the request off, which costs nobody anything."""
    desk.later(hours=24)
    crawl(client, desk.page, press=True)
    assert set(desk.kinds) == {"requested", "extended"}
    assert desk.request.is_open


def test_nothing_is_taken_back_by_a_program_either(client: FlaskClient, desk: PaidHelpDesk) -> None:
    accept(client, desk)
    before = desk.history
    for press in (False, True):
        reached = crawl(client, desk.page, press=press)
        assert f"{desk.page}/withdraw?lang=en" in reached
        crawl(client, desk.work_page, press=press)
    assert desk.history == before


def test_every_choice_sent_to_the_first_step_is_only_looked_over(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    before = desk.history
    for choice in ("all", "fewer", "decline", "question"):
        form = visit(client, desk.page).form(desk.page)
        review = form.send(client, choice=choice, blocks="1", name=NAME, sure="yes", text="Why?")
        assert review.status == 200
        # A program that fills in nothing goes no further.
        end = "/question" if choice == "question" else "/confirm"
        assert review.form(end).press(client).status == 422
    assert desk.history == before


# The second step without the first


def forged(desk: PaidHelpDesk, *, key: str = "", audience: str = AUDIENCE, **changes: str) -> str:
    """A mark that somebody made who does not hold the link."""
    shown = desk.permissions.shown(desk.page.rpartition("/")[2])
    mark = StepMark(step="review", seen=shown.seen, choice="accept", blocks=2, **changes)  # type: ignore[arg-type]
    return StepMarks(token=key or "another-token", audience=audience).issue(mark, now=desk.now)


def unsigned(mark: str) -> str:
    """The same mark, said to need no signature."""
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return ".".join((header, mark.split(".")[1], ""))


@pytest.mark.parametrize("sent", ["nothing", "odd", "forged", "unsigned", "staff", "page", "huge"])
@pytest.mark.parametrize("end", ["/confirm", "/question", "/withdraw", "/extend", ""])
def test_without_the_mark_of_the_step_before_nothing_is_done(
    client: FlaskClient, desk: PaidHelpDesk, sent: str, end: str
) -> None:
    if end == "/withdraw":
        accept(client, desk)
    token, before = desk.page.rpartition("/")[2], desk.history
    page_mark = visit(client, desk.page).forms[0].fields["mark"]
    marks = {
        "nothing": None,
        "odd": "é\0.\ud800".encode("utf-8", "ignore").decode(),
        "forged": forged(desk),
        "unsigned": unsigned(forged(desk, key=token)),
        "staff": forged(desk, key=token, audience="support-policy/paid-help"),
        "page": page_mark if end not in {"", "/extend"} else forged(desk, key=token),
        "huge": "x" * 20_000,
    }
    form = Form(action=f"{desk.page}{end}", method="POST")
    typed = {"choice": "all", "name": NAME, "sure": "yes", "text": "Why?", "more_time": "yes"}
    page = form.send(client, mark=marks[sent], **typed)
    assert page.status == 400
    assert "Nothing was recorded" in page.told
    assert desk.history == before


def test_the_mark_of_one_choice_is_worth_nothing_for_another(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    form = visit(client, desk.page).form(desk.page)
    question = form.send(client, choice="question").form("/question").fields["mark"]
    decline = form.send(client, choice="decline").form("/confirm").fields["mark"]
    one = form.send(client, choice="fewer", blocks="1").form("/confirm").fields["mark"]
    data = {"name": NAME, "sure": "yes", "text": "Why?", "choice": "all", "blocks": "2"}
    assert client.post(f"{desk.page}/confirm", data={**data, "mark": question}).status_code == 400
    assert client.post(f"{desk.page}/question", data={**data, "mark": decline}).status_code == 400
    assert desk.kinds == ["requested"]
    client.post(f"{desk.page}/confirm", data={**data, "mark": one})
    assert desk.request.accepted_blocks == 1


def test_the_mark_of_another_request_is_worth_nothing(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = visit(client, desk.page).form(desk.page).send(client, choice="all")
    mark = review.form("/confirm").fields["mark"]
    desk.ask(8)
    page = Form(action=f"{desk.page}/confirm", method="POST").send(
        client, mark=mark, name=NAME, sure="yes"
    )
    assert page.status == 400
    assert desk.request.is_open


def test_a_request_that_was_replaced_can_no_longer_be_answered(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = visit(client, desk.page).form(desk.page).send(client, choice="all")
    desk.ask(8)
    page = review.form("/confirm").send(client, name=NAME, sure="yes")
    assert (page.status, page.heading) == (409, "This request no longer stands")
    assert desk.request.is_open


# From elsewhere


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://support.example.com"}, 303),
        ({}, 303),
    ],
)
def test_a_form_on_somebody_elses_page_does_nothing(
    client: FlaskClient, desk: PaidHelpDesk, headers: dict[str, str], status: int
) -> None:
    review = visit(client, desk.page).form(desk.page).send(client, choice="decline")
    form = review.form("/confirm")
    data = {**form.fields, "name": NAME}
    answer = client.post(form.action, data=data, headers=headers)
    assert answer.status_code == status
    assert desk.kinds == (["requested"] if status == 403 else ["requested", "declined"])


# Links that open nothing


def test_every_link_that_opens_nothing_is_answered_alike(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    token = desk.page.rpartition("/")[2]
    answers = set()
    for wrong in (
        *("x", token[:-1], f"{token}=", token.lower(), "%00", "é", "A" * 43, "A" * 2000),
        *("..%2e", "<script>", "javascript:alert(1)", desk.work_page.rpartition("/")[2]),
    ):
        for method in ("GET", "POST"):
            answer = client.open(f"/permission/{wrong}", method=method, data={"choice": "all"})
            assert answer.status_code == 404
            answers.add(answer.data)
    assert len(answers) == 1
    assert b"There is no such page" in answers.pop()


def test_links_of_customers_and_of_staff_open_their_own_page_only(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    customer, staff = desk.page.rpartition("/")[2], desk.work_page.rpartition("/")[2]
    assert client.get(f"/paid-help/{customer}").status_code == 404
    assert client.get(f"/permission/{staff}").status_code == 404


def test_no_such_page_is_said_in_both_languages(client: FlaskClient) -> None:
    page = visit(client, "/permission/x", headers={"Accept-Language": "fr-CA,en;q=0.5"})
    assert page.heading == "Cette page n'existe pas"
    assert page.tree.css_first("[lang=en] h2").text() == "There is no such page"
    assert visit(client, "/permission/x?lang=en").heading == "There is no such page"


def test_no_log_line_holds_a_link(
    client: FlaskClient, desk: PaidHelpDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = (desk.page, desk.work_page)
    accept(client, desk)
    crawl(client, desk.page, press=True)
    desk.store.close()
    desk.store.database.path.write_bytes(b"")  # nothing is there any more
    for page in pages:
        assert client.get(page).status_code == 503
        assert client.post(f"{page}/stop", data={"agent": "Ana"}).status_code in (404, 503)
    assert client.post(f"{pages[0]}/confirm").status_code == 503
    assert any("does not answer" in each.getMessage() for each in caplog.records)
    told = caplog.text + "".join(str(each.__dict__) for each in caplog.records)
    assert not [page for page in pages if page.rpartition("/")[2] in told]
