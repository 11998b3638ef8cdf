"""The sidebar as an agent meets it: a real browser, Zendesk's page around ours, a real server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect
from tests.browser.agent_workspace import Workspace
from tests.small_policy import said

from support_policy.core.ticket import Standing
from support_policy.sidebar_session import LIFE

pytestmark = pytest.mark.xdist_group("browser")

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
# The rules of WCAG 2.2 AA, and what axe's authors call good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def found_by_axe(frame: Frame) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    results = Axe().run(frame, options=options)
    return [f"{each['id']}: {each['help']}" for each in results.response["violations"]]


def undecided(workspace: Workspace, ticket: str = "7") -> Frame:
    """Open a ticket of which nothing is told.

    What the service answered is waited for: between two of its style sheets the page shows, to who
    looks closely, what it hides.
    """
    _, frame = workspace.open(ticket)
    told = {
        "en": "Nothing has been decided on this ticket yet.",
        "fr": "Rien n'a encore été décidé",
    }
    expect(frame.locator("#status")).to_contain_text(told[workspace.locale.partition("-")[0]])
    expect(frame.locator("#retry")).to_be_visible()
    return frame


def try_again(frame: Frame) -> None:
    """Press the button by keyboard."""
    frame.get_by_role("button", name="Try again").press("Enter")


def overflowing(frame: Frame) -> bool:
    return bool(frame.evaluate("document.documentElement.scrollWidth > innerWidth"))


# What is shown


def test_an_agent_sees_class_time_and_reasons(workspace: Workspace) -> None:
    workspace.account.decide(
        facts=said("reads_as.medium.website_offline", quote="notre site est hors ligne")
    )
    _, frame = workspace.shown()
    expect(frame.locator("#title")).to_have_text("Medium")
    expect(frame.locator("#expected")).to_contain_text("(expected, not guaranteed)")
    expect(frame.locator("#why")).to_contain_text("“notre site est hors ligne”")
    expect(frame.locator("#why-not")).to_contain_text("Not High")
    expect(frame.locator("#clocks")).to_contain_text("4 h 00 min left")
    expect(frame.locator("#fee")).to_contain_text("has asked for no permission on this ticket.")
    assert frame.evaluate("document.documentElement.lang") == "en"
    assert workspace.complaints == []


@pytest.mark.parametrize("locale", ["fr", "fr-CA", "fr-ca"])
def test_a_french_agent_sees_french(workspace: Workspace, locale: str) -> None:
    workspace.locale = locale
    workspace.account.decide()
    _, frame = workspace.shown()
    expect(frame.locator("#title")).to_have_text("Moyenne")
    expect(frame.locator("#expected")).to_contain_text("non garanti")
    expect(frame.locator("#wrong")).to_have_text("Une erreur?")
    expect(frame.locator("#fee")).to_contain_text("n'a demandé aucune permission pour ce billet.")
    assert frame.evaluate("document.documentElement.lang") == "fr"
    assert frame.title() == "Politique de soutien"


def test_an_agent_of_any_other_language_sees_english(workspace: Workspace) -> None:
    workspace.locale = "de"
    workspace.account.decide()
    _, frame = workspace.shown()
    assert frame.evaluate("document.documentElement.lang") == "en"


def test_what_is_held_and_what_is_only_observed_says_so(workspace: Workspace) -> None:
    workspace.account.decide("7", standing=Standing.UNREGISTERED)
    workspace.account.decide("8", mode="observe")
    _, frame = workspace.shown("7")
    expect(frame.locator("#title")).to_have_text("On hold")
    expect(frame.locator("#clocks")).to_be_hidden()
    _, frame = workspace.shown("8")
    expect(frame.locator("#notices")).to_contain_text("Nothing of it was written to the ticket.")


def test_the_frame_is_as_high_as_what_is_in_it(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    name, size = frame.evaluate("window.invoked.at(-1)")
    content = frame.evaluate("document.getElementById('page').offsetHeight")
    assert (name, size["width"]) == ("resize", "100%")
    assert content <= int(size["height"].removesuffix("px")) <= content + 16


def test_a_customers_words_never_become_markup(workspace: Workspace) -> None:
    workspace.account.decide(facts=said("reads_as.medium.website_offline", quote=HOSTILE))
    _, frame = workspace.shown()
    expect(frame.locator("#why")).to_contain_text('<img src=x onerror="window.hacked=1">')
    assert frame.locator("main img, main script").count() == 0
    assert frame.evaluate("window.hacked") is None
    assert workspace.complaints == []


def test_a_page_that_is_not_the_accounts_may_not_frame_it(workspace: Workspace) -> None:
    page, _ = workspace.open(outside="https://evil.example")
    page.wait_for_timeout(300)
    frame = page.frame(name="app")
    assert frame is None or frame.locator("#page").count() == 0
    assert any("frame-ancestors" in each for each in workspace.complaints)


def test_axe_would_find_what_is_wrong(workspace: Workspace) -> None:
    frame = undecided(workspace)
    frame.evaluate("document.getElementById('page').append(document.createElement('button'))")
    assert any(each.startswith("button-name") for each in found_by_axe(frame))


HELP = {"lines": ["Work is being counted.", "Used: 5 min."], "address": "https://x.example/w/1"}


@pytest.mark.parametrize(
    ("help_told", "lines", "page"),
    [
        (HELP, "Work is being counted.Used: 5 min.", "https://x.example/w/1"),
        ({**HELP, "address": ""}, "Work is being counted.Used: 5 min.", None),
        ({**HELP, "address": "javascript:alert(1)"}, "Work is being counted.Used: 5 min.", None),
        (None, "Support Policy has asked for no permission on this ticket.", None),
    ],
)
def test_where_paid_help_stands_is_told_with_the_page_of_the_work(
    workspace: Workspace, help_told: dict[str, object] | None, lines: str, page: str | None
) -> None:
    answer = {"decided": False, "paid_help": help_told}
    workspace.context.route("**/sidebar/tickets/**", lambda route: route.fulfill(json=answer))
    frame = undecided(workspace)
    expect(frame.locator("#fee-lines")).to_have_text(lines)
    assert frame.locator("#fee-page").get_attribute("href") == page
    assert frame.locator("#fee-page").is_visible() is bool(page)
    assert found_by_axe(frame) == []


# When there is nothing to show


def test_whoever_asks_again_keeps_the_focus(workspace: Workspace) -> None:
    frame = undecided(workspace)
    try_again(frame)
    expect(frame.locator("#status")).to_contain_text("Nothing has been decided on this ticket yet.")
    expect(frame.locator("#retry")).to_be_focused()


def test_a_ticket_without_a_decision_says_so_and_can_be_asked_again(workspace: Workspace) -> None:
    frame = undecided(workspace)
    expect(frame.locator("#decided")).to_be_hidden()
    expect(frame.locator("#fee")).to_be_visible()
    workspace.account.decide()
    try_again(frame)
    expect(frame.locator("#title")).to_have_text("Medium")
    expect(frame.get_by_role("button", name="Try again")).to_be_hidden()


@pytest.mark.parametrize("failing", ["away", "broken"])
def test_a_service_that_cannot_be_reached_says_so_and_can_be_asked_again(
    workspace: Workspace, failing: str
) -> None:
    workspace.account.decide()
    tickets = "**/sidebar/tickets/**"
    workspace.context.route(
        tickets,
        lambda route: route.abort() if failing == "away" else route.fulfill(status=503, body="{}"),
    )
    _, frame = workspace.open()
    expect(frame.locator("#status")).to_contain_text("cannot be reached")
    workspace.context.unroute(tickets)
    try_again(frame)
    expect(frame.locator("#title")).to_have_text("Medium")


def test_a_session_that_ended_says_to_reload_the_ticket(workspace: Workspace) -> None:
    frame = undecided(workspace)
    workspace.account.now += LIFE + timedelta(minutes=1)
    try_again(frame)
    expect(frame.locator("#status")).to_have_text(
        "This panel was open for too long. Reload the ticket to go on."
    )
    expect(frame.locator("#retry")).to_be_hidden()


def test_a_tab_that_is_come_back_to_shows_the_clock_anew(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    expect(frame.locator("#clocks")).to_contain_text("4 h 00 min left")
    workspace.account.now += timedelta(minutes=10)
    frame.evaluate("window.acts['app.activated']()")
    expect(frame.locator("#clocks")).to_contain_text("3 h 50 min left")


def test_a_tab_that_is_come_back_to_too_late_shows_nothing_old(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    workspace.account.now += LIFE + timedelta(minutes=1)
    frame.evaluate("window.acts['app.activated']()")
    expect(frame.locator("#status")).to_contain_text("Reload the ticket")
    expect(frame.locator("#decided")).to_be_hidden()


def test_without_zendesks_framework_it_says_where_it_belongs(workspace: Workspace) -> None:
    workspace.framework = False
    _, frame = workspace.open()
    expect(frame.locator("#status")).to_contain_text("only works beside a ticket in Zendesk")


# [Wrong?]


def tab_to(page: Page, frame: Frame, target: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(12):
        if frame.evaluate("document.activeElement.id") == target:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


def test_a_wrong_class_can_be_told_by_keyboard_alone(workspace: Workspace) -> None:
    workspace.account.decide()
    page, frame = workspace.shown()
    tab_to(page, frame, "wrong")
    page.keyboard.press("Enter")
    expect(frame.locator("#said")).to_be_focused()
    assert frame.locator("#wrong").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    tab_to(page, frame, "comment")
    page.keyboard.type("The whole server is down.")
    tab_to(page, frame, "send")
    page.keyboard.press("Enter")
    expect(frame.locator("#outcome")).to_contain_text("Thank you.")
    expect(frame.locator("#wrong")).to_be_focused()
    expect(frame.locator("#objection")).to_be_hidden()
    (kept,) = workspace.account.store.objections.recent(5)
    assert (kept.said_class, kept.comment) == ("high", "The whole server is down.")
    assert kept.ticket.id == "7"


def test_escape_and_cancel_close_the_form_and_lose_no_focus(workspace: Workspace) -> None:
    workspace.account.decide()
    page, frame = workspace.shown()
    for leave in ("Escape", "Cancel"):
        frame.locator("#wrong").click()
        if leave == "Escape":
            page.keyboard.press("Escape")
        else:
            frame.get_by_role("button", name="Cancel").click()
        expect(frame.locator("#objection")).to_be_hidden()
        expect(frame.locator("#wrong")).to_be_focused()
    assert workspace.account.store.objections.recent(5) == ()


def test_a_form_without_a_class_says_what_is_missing(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    frame.locator("#wrong").click()
    frame.locator("#send").click()
    expect(frame.locator("#said")).to_be_focused()
    expect(frame.locator("#said")).to_have_accessible_description("Choose a class first.")
    assert frame.locator("#said").get_attribute("aria-invalid") == "true"
    assert found_by_axe(frame) == []
    assert workspace.account.store.objections.recent(5) == ()


def test_sending_again_after_a_failure_keeps_one_objection(workspace: Workspace) -> None:
    """The first request arrives and its answer does not."""
    workspace.account.decide()
    _, frame = workspace.shown()
    objections = "**/objections"

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    workspace.context.route(objections, lose)
    frame.locator("#wrong").click()
    frame.locator("#said").select_option("high")
    frame.locator("#send").click()
    expect(frame.locator("#outcome")).to_have_text("This could not be sent. Try again.")
    workspace.context.unroute(objections)
    frame.locator("#send").click()
    expect(frame.locator("#outcome")).to_contain_text("Thank you.")
    assert len(workspace.account.store.objections.recent(5)) == 1


def test_a_session_that_ended_keeps_what_was_typed(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    frame.locator("#wrong").click()
    frame.locator("#said").select_option("other")
    frame.locator("#comment").fill("typed with care")
    workspace.account.now += LIFE + timedelta(minutes=1)
    frame.locator("#send").click()
    expect(frame.locator("#outcome")).to_contain_text("Reload the ticket")
    expect(frame.locator("#comment")).to_have_value("typed with care")


# For everybody


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_axe_finds_nothing_in_any_state(workspace: Workspace, locale: str) -> None:
    workspace.locale = locale
    workspace.account.decide("7", mode="observe")
    _, frame = workspace.shown("7")
    assert found_by_axe(frame) == []
    frame.locator("#wrong").click()
    assert found_by_axe(frame) == []
    workspace.account.decide("8", standing=Standing.UNREGISTERED)
    _, frame = workspace.shown("8")
    assert found_by_axe(frame) == []
    frame = undecided(workspace, "9")
    assert found_by_axe(frame) == []


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_nothing_is_cut_off_in_a_narrow_sidebar(workspace: Workspace, locale: str) -> None:
    workspace.locale = locale
    words = "un-mot-sans-fin" * 20
    workspace.account.decide(
        facts=said("reads_as.medium.website_offline", quote=words), mode="observe"
    )
    for width in (320, 240):
        workspace.width = width
        _, frame = workspace.shown()
        frame.locator("#wrong").click()
        assert not overflowing(frame)


def test_whatever_can_be_pressed_is_large_enough_to_be_hit(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    frame.locator("#wrong").click()
    for each in frame.locator("button:visible, select:visible, textarea:visible").all():
        box = each.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 24


def test_the_focus_can_be_seen(workspace: Workspace) -> None:
    workspace.account.decide()
    page, frame = workspace.shown()
    for target in ("wrong", "said", "comment", "send", "cancel"):
        tab_to(page, frame, target)
        style, width = frame.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert (style, width) == ("solid", 2)
        if target == "wrong":
            page.keyboard.press("Enter")


def test_nothing_moves_for_those_who_asked_for_that(workspace: Workspace) -> None:
    workspace.account.decide()
    page, frame = workspace.shown()
    page.emulate_media(reduced_motion="reduce")
    times = "[...document.querySelectorAll('*')].map(e => getComputedStyle(e).transitionDuration)"
    assert set(frame.evaluate(times)) == {"0s"}
    page.emulate_media(reduced_motion="no-preference")
    assert set(frame.evaluate(times)) != {"0s"}


def test_screen_readers_are_told_what_happens(workspace: Workspace) -> None:
    workspace.account.decide()
    _, frame = workspace.shown()
    expect(frame.locator("#status")).to_have_role("status")
    expect(frame.locator("#status")).to_have_text("Loaded.")
    expect(frame.locator("#outcome")).to_have_role("status")
    names = [each.inner_text() for each in frame.get_by_role("heading").all()]
    assert names == ["Support policy", "Class", "Time left", "Why", "Why not higher", "Paid help"]
