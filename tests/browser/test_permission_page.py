"""The pages about paid help as people meet them: a real browser, a real server, no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from tests.browser.answer_page import Reader, found_by_axe, overflowing, press, reading
from tests.webhooks.paid_help_desk import PaidHelpDesk, new_desk
from tests.webhooks.paid_help_states import NAME, STATES, reach

from support_policy.texts import LANGUAGES, load_texts

pytestmark = pytest.mark.xdist_group("browser")

CHOICES = ("all", "fewer", "decline", "question")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PaidHelpDesk]:
    with new_desk(tmp_path) as desk:
        desk.ask(3)
        yield desk


@pytest.fixture
def plain(browser: Browser, desk: PaidHelpDesk) -> Iterator[Reader]:
    """A reader whose browser runs no scripts."""
    with reading(browser, desk, scripts=False) as reader:
        yield reader


@pytest.fixture
def reader(browser: Browser, desk: PaidHelpDesk) -> Iterator[Reader]:
    """A reader whose browser runs scripts: ours has none, and axe is one."""
    with reading(browser, desk) as reader:
        yield reader


@pytest.fixture
def client(desk: PaidHelpDesk) -> FlaskClient:
    """Somebody else, at the same pages."""
    return desk.app().test_client()


def choose(page: Page, choice: str, blocks: str = "1") -> None:
    page.locator(f"[name=choice][value={choice}]").check()
    if choice == "fewer":
        page.locator("#blocks").select_option(blocks)
    press(page.locator("#answer ~ form button"))


def confirm(page: Page) -> None:
    """Fill in what the page asks for, and press its button."""
    page.locator("#name").fill(NAME)
    if page.locator("#text").count():
        page.locator("#text").fill("Does that mend the cart?")
    if page.locator("#sure").count():
        page.locator("#sure").check()
    press(page.locator(".buttons button"))


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


# Without scripts


def test_a_customer_accepts_all_blocks(plain: Reader) -> None:
    page = plain.open()
    choose(page, "all")
    expect(page.locator("h1")).to_have_text("Check your answer")
    expect(page.locator("dl")).to_contain_text("3 blocks = $255.00 CDN (CAD)")
    confirm(page)
    expect(page.locator("h1")).to_have_text("The permission was given")
    assert plain.desk.request.accepted_blocks == 3
    page.reload()
    expect(page.locator("h1")).to_have_text("The permission was given")
    assert plain.desk.kinds == ["requested", "accepted"]


def test_a_customer_accepts_fewer_blocks(plain: Reader) -> None:
    page = plain.open()
    choose(page, "fewer", "2")
    expect(page.locator("dl")).to_contain_text("2 blocks = $170.00 CDN (CAD)")
    confirm(page)
    expect(page.locator("h1")).to_have_text("The permission was given for fewer blocks")
    assert plain.desk.request.accepted_blocks == 2


def test_a_customer_changes_their_mind_while_reviewing(plain: Reader) -> None:
    page = plain.open()
    choose(page, "all")
    press(page.get_by_role("link", name="Go back without confirming"))
    expect(page.locator("h1")).to_have_text("Permission for paid help")
    choose(page, "decline")
    confirm(page)
    expect(page.locator("h1")).to_have_text("The request was declined")
    assert plain.desk.kinds == ["requested", "declined"]


def test_a_customer_asks_a_question_and_answers_later(plain: Reader) -> None:
    page = plain.open()
    choose(page, "question")
    confirm(page)
    expect(page.locator(".state")).to_contain_text("We have a question about this request")
    choose(page, "all")
    confirm(page)
    assert plain.desk.kinds == ["requested", "questioned", "accepted"]


def test_a_customer_takes_more_time_with_one_press(plain: Reader) -> None:
    plain.desk.later(hours=71)
    before = plain.desk.request.deadline
    page = plain.open()
    press(page.get_by_role("button", name="Give me more time"))
    expect(page.locator(".state")).to_contain_text("The time to answer was made longer")
    assert plain.desk.request.deadline > before


def test_a_customer_takes_the_permission_back(plain: Reader, client: FlaskClient) -> None:
    reach(plain.desk, client, "accepted")
    page = plain.open()
    press(page.get_by_role("button", name="Take the permission back"))
    confirm(page)
    expect(page.locator("h1")).to_have_text("The permission was taken back")


def test_a_customer_who_is_late_asks_for_a_fresh_request(
    plain: Reader, client: FlaskClient
) -> None:
    reach(plain.desk, client, "expired")
    page = plain.open()
    expect(page.locator("h1")).to_have_text("The time to answer is over")
    press(page.get_by_role("button", name="Write to us"))
    confirm(page)
    assert plain.desk.kinds[-1] == "questioned"


def test_a_customer_answers_in_french(plain: Reader) -> None:
    plain.desk.language = "fr"
    plain.desk.ask(2)
    page = plain.open()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    choose(page, "all")
    expect(page.locator("h1")).to_have_text("Vérifiez votre réponse")
    confirm(page)
    expect(page.locator("h1")).to_have_text("La permission a été donnée")
    expect(page.locator("dl")).to_contain_text("170,00\u00a0$\u00a0CA (CAD)")


def test_the_language_is_switched_without_losing_the_place(plain: Reader) -> None:
    page = plain.open()
    choose(page, "fewer", "2")
    press(page.get_by_role("button", name="Lire cette page en français"))
    expect(page.locator("dl")).to_contain_text("2 blocs sur 3")
    confirm(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert plain.desk.request.accepted_blocks == 2


def test_what_is_missing_is_said_and_led_to(plain: Reader) -> None:
    page = plain.open()
    press(page.locator("#answer ~ form button"))
    expect(page).to_have_title("Something is missing: Permission for paid help")
    page.locator(".wrong a").click()
    expect(page.locator("#choice")).to_be_focused()
    choose(page, "all")
    press(page.locator(".buttons button"))
    expect(page.locator("#name")).to_have_accessible_description(re.compile("Type your full name."))
    confirm(page)
    assert plain.desk.kinds == ["requested", "accepted"]


def test_staff_work_without_scripts(plain: Reader, client: FlaskClient) -> None:
    reach(plain.desk, client, "accepted")
    page = plain.open(plain.desk.work_page)
    page.locator("#start-agent").fill("Ana Roy")
    press(page.get_by_role("button", name="Start work"))
    expect(page.locator(".told")).to_contain_text("Recorded.")
    expect(page.locator("#stop-agent")).to_have_value("Ana Roy")
    press(page.get_by_role("button", name="Stop work"))
    page.locator("#complete-sure").check()
    press(page.get_by_role("button", name="Finish"))
    expect(page.locator(".state")).to_contain_text("The work has ended.")
    assert plain.desk.kinds[-3:] == ["started", "stopped", "completed"]


# By keyboard


def tab_to(page: Page, target: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(20):
        if page.evaluate("([target]) => document.activeElement.matches(target)", [target]):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


def test_everything_can_be_done_by_keyboard(reader: Reader) -> None:
    page = reader.open()
    tab_to(page, "[name=choice]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[value=fewer]")).to_be_checked()
    tab_to(page, "#blocks")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#answer ~ form button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Check your answer")
    tab_to(page, "#name")
    page.keyboard.type(NAME)
    tab_to(page, "#sure")
    page.keyboard.press("Space")
    tab_to(page, ".buttons button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The permission was given for fewer blocks")
    assert reader.desk.request.accepted_blocks == 2


def test_the_focus_is_where_something_is_said(reader: Reader) -> None:
    page = reader.open()
    press(page.locator("#answer ~ form button"))
    expect(page.locator(".wrong")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".wrong a")).to_be_focused()


def test_the_focus_can_always_be_seen(reader: Reader) -> None:
    page = reader.open()
    look = "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
    for target in ("a.switch", "[name=choice]", "#blocks", "#answer ~ form button"):
        tab_to(page, target)
        found = page.evaluate(f"{look}(getComputedStyle(document.activeElement))")
        assert found == ["solid", 3]


# For everybody


def steps(reader: Reader, language: str) -> Iterator[Page]:
    """The pages between the request and the answer, and that of the work, faults included."""
    page = reader.open(language=language)
    press(page.locator("#answer ~ form button"))
    yield page
    for choice in CHOICES:
        page = reader.open(language=language)
        choose(page, choice)
        yield page
        press(page.locator(".buttons button"))
        yield page
    page = reader.open(reader.desk.work_page, language=language)
    yield page
    press(page.locator(".acts button"))
    yield page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state(
    reader: Reader, client: FlaskClient, state: str, language: str
) -> None:
    reach(reader.desk, client, state)
    for path in (reader.desk.page, reader.desk.work_page):
        page = reader.open(path, language=language)
        assert found_by_axe(page) == []
        if page.locator("#mind ~ form").count():
            press(page.locator("#mind ~ form button"))
            assert found_by_axe(page) == []
    assert reader.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_to_an_answer(
    reader: Reader, language: str, scheme: str
) -> None:
    for page in steps(reader, language):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert found_by_axe(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_the_other_pages(reader: Reader, language: str) -> None:
    policy, stop = f"/policy/{reader.desk.policy.version}", f"{reader.desk.work_page}/stop"
    for path in ("/permission/unknown", policy, "/policy/older", f"{reader.desk.page}/", stop):
        assert found_by_axe(reader.open(path, language=language)) == []


def test_axe_would_find_what_is_wrong(reader: Reader) -> None:
    page = reader.open()
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(each.startswith("button-name") for each in found_by_axe(page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_page_is_never_read_sideways(reader: Reader, language: str) -> None:
    reader.desk.ask(3, work="un-mot-sans-fin" * 15)
    for page in steps(reader, language):
        page.set_viewport_size({"width": 320, "height": 700})
        assert not overflowing(page)
        # As large as people set their text, and as wide apart (WCAG 1.4.4 and 1.4.12).
        page.evaluate(
            "Object.assign(document.documentElement.style, {fontSize: '200%', "
            "letterSpacing: '0.12em', wordSpacing: '0.16em', lineHeight: '1.5'})"
        )
        page.set_viewport_size({"width": 640, "height": 700})
        assert not overflowing(page)


def test_whatever_can_be_pressed_is_large_enough_to_be_hit(reader: Reader) -> None:
    for page in steps(reader, "en"):
        found = page.locator("button, a.button, .wrong a, select, textarea, [type=text], .choice")
        assert found.count()
        for each in found.all():
            box = each.bounding_box()
            assert box
            assert box["height"] >= 44
            assert box["width"] >= 44


def test_accepting_and_declining_have_the_same_weight(reader: Reader) -> None:
    page = reader.open()
    style = (
        "(node) => { const s = getComputedStyle(node); "
        "return [s.color, s.backgroundColor, s.fontSize, s.fontWeight, s.borderColor] }"
    )
    labels = page.locator(".choice label")
    assert len({str(each.evaluate(style)) for each in labels.all()}) == 1
    looks = []
    for choice in ("all", "decline"):
        page = reader.open()
        choose(page, choice)
        looks.append(page.locator(".buttons button").evaluate(style))
        back = page.locator(".buttons a").evaluate(style)
        assert back == looks[-1]
    assert looks[0] == looks[1]


def test_a_printed_page_holds_what_was_said_and_no_form(
    reader: Reader, client: FlaskClient
) -> None:
    reach(reader.desk, client, "accepted")
    page = reader.open()
    page.emulate_media(media="print")
    expect(page.locator("dl")).to_be_visible()
    expect(page.locator("#asked ~ p").first).to_be_visible()
    assert not [each for each in page.locator("form").all() if each.is_visible()]


def test_screen_readers_are_told_the_parts_of_the_page(reader: Reader) -> None:
    page = reader.open()
    names = [each.inner_text() for each in page.get_by_role("heading").all()]
    assert names == [
        *("Permission for paid help", "What we ask", "Your answer", "More time", "Questions"),
    ]
    group = page.get_by_role("radiogroup", name="What should we do?")
    expect(group).to_have_accessible_description(
        "Nothing is recorded until you confirm it on the next page."
    )
    assert group.get_by_role("radio").count() == 4
    expect(page.get_by_label("If fewer: how many blocks?")).to_be_visible()


# Programs


def test_a_program_that_sends_every_form_as_it_stands_records_nothing(reader: Reader) -> None:
    """As the scanners of some mail systems do: run the page, and send what is in it."""
    before = reader.desk.history
    for start in (reader.desk.page, reader.desk.work_page):
        page = reader.open(start)
        count = len(page.locator("form").all())
        assert count
        for number in range(count):
            page = reader.open(start)
            with page.expect_navigation():
                page.evaluate("(number) => document.forms[number].submit()", number)
            if page.locator("main form").count():
                with page.expect_navigation():
                    page.evaluate("document.querySelector('main form').submit()")
    for page in steps(reader, "en"):
        with page.expect_navigation():
            page.evaluate("document.querySelector('main form').submit()")
    assert reader.desk.history == before


def test_a_program_that_loads_the_page_as_a_picture_of_a_link_records_nothing(
    reader: Reader,
) -> None:
    """What chat programs do for a preview, and browsers for a link that may be pressed."""
    before = reader.desk.history
    page = reader.open()
    answer = page.request.get(
        f"{reader.address}{reader.desk.page}", headers={"Sec-Purpose": "prefetch"}
    )
    assert answer.status == 200
    assert page.request.head(f"{reader.address}{reader.desk.page}").status == 200
    assert reader.desk.history == before


def test_no_other_page_may_frame_this_one(reader: Reader) -> None:
    page = reader.context.new_page()
    page.on("console", lambda said: reader.complaints.append(said.text))
    page.goto(f"{reader.address}/healthz")
    page.evaluate(
        "(address) => { const f = document.createElement('iframe'); f.src = address;"
        " f.name = 'inside'; document.body.append(f) }",
        reader.desk.page,
    )
    page.wait_for_timeout(500)
    frame = page.frame(name="inside")
    assert frame is None or frame.locator("#answer").count() == 0
    assert any("frame-ancestors" in each for each in reader.complaints)
    assert heading(reader.open()) == load_texts("en").say("permission.page")
