"""What a person meets who has half a link, an old one, or sends what cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.webhooks.paid_help_desk import PaidHelpDesk, new_desk
from tests.webhooks.paid_help_forms import Form, read, visit

from support_policy.permissions import Permissions, Shown, Trace
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks import create_app
from support_policy_webhooks.page import HEADERS, other_language


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PaidHelpDesk]:
    with new_desk(tmp_path) as desk:
        desk.ask(2)
        yield desk


@pytest.fixture
def client(desk: PaidHelpDesk) -> FlaskClient:
    return desk.app().test_client()


# Addresses


def test_a_stroke_too_many_opens_the_page_all_the_same(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """Mail programs and people add one."""
    for address in (desk.page, desk.work_page, f"/policy/{desk.policy.version}"):
        page = visit(client, f"{address}/")
        assert (page.status, page.heading) == (200, visit(client, address).heading)
        sheet = page.tree.css_first("link").attributes["href"] or ""
        assert sheet.startswith("../../static/")
    review = visit(client, f"{desk.page}/").form(desk.page).send(client, choice="all")
    assert review.heading == "Check your answer"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_that_only_takes_forms_leads_to_the_page(
    client: FlaskClient, desk: PaidHelpDesk, language: str
) -> None:
    """Whoever loads the address of a form again is one press away from what stands."""
    say = load_texts(language).say
    for start, end in ((desk.page, "confirm"), (desk.page, "extend"), (desk.work_page, "stop")):
        page = visit(client, f"{start}/{end}?lang={language}")
        assert (page.status, page.heading) == (405, say("permission.no_page"))
        assert page.tree.css_first("html").attributes["lang"] == language
        other = other_language(language)
        assert read(load_texts(other).say("permission.no_page")) in page.text
        assert page.links == [f"{start}?lang={language}", f"{start}?lang={other}"]


def test_another_method_is_told_to_people_as_well(client: FlaskClient, desk: PaidHelpDesk) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = client.open(desk.page, method=method)
        assert (answer.status_code, answer.mimetype) == (405, "text/html")


@pytest.mark.parametrize("start", ["/permission", "/paid-help", "/policy"])
@pytest.mark.parametrize("end", ["", "/", "/x/y/z", "//x", "/x/confirm/more"])
def test_what_leads_nowhere_is_a_page(client: FlaskClient, start: str, end: str) -> None:
    answer = client.get(f"{start}{end}", follow_redirects=True)
    assert answer.status_code == 404
    if end:
        assert answer.mimetype == "text/html"


def test_links_are_pages_where_permission_is_asked_no_more(desk: PaidHelpDesk) -> None:
    """The settings may have lost their part on it since a link was sent."""
    app = create_app(
        codecs={}, accept=lambda _: True, ready=dict, now=lambda: desk.now, max_body=1000
    )
    for address in (desk.page, desk.work_page, "/policy/2013-06-27"):
        page = visit(app.test_client(), address)
        assert (page.status, page.heading) == (404, "There is no such page")
        assert {name: page.answer.headers[name] for name in HEADERS} == HEADERS


def test_programs_are_answered_in_json_as_ever(client: FlaskClient) -> None:
    assert client.get("/elsewhere").json == {"error": "not found"}
    assert client.put("/.well-known/jwks.json").json == {"error": "method not allowed"}


# What cannot be taken


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_too_long_is_not_taken_and_leads_back(
    client: FlaskClient, desk: PaidHelpDesk, language: str
) -> None:
    say, before = load_texts(language).say, desk.history
    for start, address in ((desk.page, desk.page), (desk.work_page, f"{desk.work_page}/void")):
        form = Form(action=f"{address}?lang={language}", method="POST")
        page = form.send(client, choice="x" * 200_000, agent="Ana")
        assert (page.status, page.heading) == (413, say("permission.not_taken"))
        assert page.links[0] == f"{start}?lang={language}"
        assert {name: page.answer.headers[name] for name in HEADERS} == HEADERS
    assert desk.history == before


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken(Permissions):
    """A mistake of ours in showing what stands."""

    def shown(self, token: str) -> Shown:  # noqa: ARG002 - whatever it opens
        return None  # type: ignore[return-value]


def test_a_mistake_of_ours_is_a_page_too(desk: PaidHelpDesk) -> None:
    whole = desk.permissions
    broken = Broken(**{each: getattr(whole, each) for each in Permissions.__slots__})
    page = visit(desk.app(broken).test_client(), desk.page)
    assert (page.status, page.heading) == (500, "Something went wrong on our side")
    assert "problème de notre côté" in page.text
    assert page.links[0].startswith(desk.page)


# The policy


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_older_policy_leads_to_the_one_in_force(
    client: FlaskClient, desk: PaidHelpDesk, language: str
) -> None:
    say = load_texts(language).say
    page = visit(client, f"/policy/1999-01-01?lang={language}")
    assert (page.status, page.heading) == (404, say("permission.policy_other"))
    assert desk.policy.version in page.text
    assert "1999" not in page.text
    switch, link = page.links
    assert switch == f"/policy/1999-01-01?lang={other_language(language)}"
    there = visit(client, link)
    assert there.status == 200
    assert there.tree.css_first("html").attributes["lang"] == language


@pytest.mark.parametrize(
    ("there", "asked", "says"),
    [
        ("en", "fr", "Cette politique est rédigée en anglais seulement."),
        ("fr", "en", "This policy is written in French only."),
    ],
)
def test_a_policy_in_one_language_is_shown_in_that(
    desk: PaidHelpDesk, there: str, asked: str, says: str
) -> None:
    desk.texts = {there: desk.texts[there]}
    client, address = desk.app().test_client(), f"/policy/{desk.policy.version}"
    page = visit(client, f"{address}?lang={asked}")
    assert page.status == 200
    assert says in page.text
    assert page.tree.css_first(f"main [lang={there}] h1")
    usual = visit(client, f"{address}?lang={there}")
    assert usual.heading == page.heading
    assert not usual.tree.css("main [lang]")


def test_the_policy_of_an_answered_request_stays_linked(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    shown = desk.permissions.shown(desk.page.rpartition("/")[2])
    desk.permissions.answer(
        desk.page.rpartition("/")[2], blocks=None, name="Jo", seen=shown.seen, trace=Trace()
    )
    (link,) = {each for each in visit(client, desk.page).links if "/policy/" in each}
    assert visit(client, link).status == 200
