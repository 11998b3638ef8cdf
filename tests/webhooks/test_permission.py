"""The page on which customers answer: what it shows, what it records, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from tests.webhooks.paid_help_desk import PaidHelpDesk, new_desk
from tests.webhooks.paid_help_forms import read, visit
from tests.webhooks.paid_help_states import NAME, STATES, answered, chosen, reach

from support_policy.core.permission.job import Phase
from support_policy.errors import ConsentError
from support_policy.permissions import Permissions, Shown
from support_policy.store.database import StoreUnavailableError
from support_policy.store.ledger import Ledger
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks.page import HEADERS
from support_policy_webhooks.permission_figures import Figures
from support_policy_webhooks.permission_view import masked
from support_policy_webhooks.step_mark import LIFE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PaidHelpDesk]:
    with new_desk(tmp_path) as desk:
        desk.ask(2)
        yield desk


@pytest.fixture
def client(desk: PaidHelpDesk) -> FlaskClient:
    return desk.app().test_client()


# What is shown


def test_a_customer_reads_everything_before_any_button(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = visit(client, desk.page)
    read, _, after = page.text.partition("Your answer")
    for words in (
        "ticket 7, “My shop shows a white page”",
        "What we would do: Find out why your shop's plugin fails",
        "What we would not do: anything beyond",
        "$85.00 CDN (CAD), in Canadian dollars, for each block of 60 minutes",
        "2 blocks = $170.00 CDN (CAD), plus applicable taxes",
        "we will stop and ask you again",
        "we cannot promise the result",
        "Declining has no effect on your other services",
        "If you agree, you accept to pay the fee as billed, up to the maximum above.",
        "Who may accept: the owner of the account",
        "Without an answer nothing happens",
    ):
        assert words in read
    assert "Continue" in after
    assert not [each for each in page.tree.css("main button") if each.text().strip() in read]


def test_the_policy_is_linked_and_nothing_else_in_the_text_is(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    subject = "See https://evil.example/policy/2013-06-27x and <b>act</b> now."
    desk.desk.tickets["7"] = replace(desk.desk.tickets["7"], subject=subject)
    desk.ask(2, work="Look at it.")
    page = visit(client, desk.page)
    assert [each for each in page.links if "/policy/" in each] == ["/policy/2013-06-27?lang=en"]
    assert "<b>act</b>" in page.text
    assert not page.tree.css("main b")
    assert visit(client, page.links[-1]).heading == "Mexxus support policy"


@pytest.mark.parametrize(
    ("language", "amount"), [("en", "$170.00 CDN (CAD)"), ("fr", "170,00 $ CA (CAD)")]
)
def test_amounts_are_set_in_bold_and_no_word_is_changed(
    client: FlaskClient, desk: PaidHelpDesk, language: str, amount: str
) -> None:
    page = visit(client, f"{desk.page}?lang={language}")
    bold = [each.text().replace("\u00a0", " ") for each in page.tree.css("strong")]
    assert amount in bold
    kept = desk.request.personal[f"text_{language}"]
    shown = [" ".join(each.text().split()) for each in page.tree.css("#asked ~ p")]
    assert all(words in " ".join(kept.split()) for words in shown)
    assert len(shown) > 10


def test_neither_the_link_nor_the_code_stand_in_the_text(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = visit(client, desk.page)
    assert desk.links.code(desk.request.id) not in page.answer.text
    assert "[…]" not in page.text


def test_the_page_is_in_the_customers_language_and_can_be_switched(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    desk.language = "fr"
    desk.ask(3)
    french = visit(client, desk.page)
    assert french.heading == "Permission pour de l'aide payante"
    assert "85,00 $ CA (CAD)" in french.text.replace("\u00a0", " ")
    (switch,) = french.tree.css("a.switch")
    assert (switch.attributes["lang"], switch.text()) == ("en", "Read this page in English")
    english = visit(client, french.links[0])
    assert english.heading == "Permission for paid help"
    assert english.tree.css_first("html").attributes["lang"] == "en"


@pytest.mark.parametrize(
    ("language", "asked", "unless"),
    [
        ("en", "We asked the person at j…@example.com.", "If this is not you, do not answer."),
        (
            "fr",
            "à la personne qui a l'adresse j…@example.com.",
            "Si ce n'est pas vous, ne répondez",
        ),
    ],
)
def test_whoever_opens_the_page_reads_whom_we_asked_before_the_choices(
    client: FlaskClient, desk: PaidHelpDesk, language: str, asked: str, unless: str
) -> None:
    page = visit(client, f"{desk.page}?lang={language}")
    before, _, _ = page.answer.text.partition("<fieldset")
    said = LexborHTMLParser(before).css_first("#addressee").text()
    assert asked in said
    assert unless in said
    assert "jo@example.com" not in page.answer.text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("nadia@boulangerietremblay.example", "n…@boulangerietremblay.example"),
        ("n@b.example", "n…@b.example"),
        ('"a@b"@c.example', '"…@c.example'),
        ("n\u202eadia@b.example", "n…@b.example"),
        ("nowhere", ""),
        ("", ""),
    ],
)
def test_an_address_is_known_again_by_its_owner_alone(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_whom_we_asked_is_not_said_where_nothing_can_be_answered(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = answered(client, desk, "decline")
    assert not page.tree.css("#addressee")
    assert "@example.com" not in page.answer.text


def test_no_value_on_a_page_turns_the_words_around_it(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """Old records may hold what is kept out today."""
    turned = "10\u202e.58$\u202c\n\u2066now"
    told = dict.fromkeys(("number", "subject", "work"), turned)
    old = replace(desk.request, personal={**desk.request.personal, **told})
    rows = dict(Figures(request=old, language="en").subject())
    assert rows == {"Ticket": "10.58$ now, “10.58$ now”", "Work": "10.58$ now"}
    assert chosen(client, desk, "all").rows.keys() >= rows.keys()


def test_no_choice_is_made_for_the_customer(client: FlaskClient, desk: PaidHelpDesk) -> None:
    page = visit(client, desk.page)
    assert page.form(desk.page).fields.keys() == {"mark", "blocks"}
    assert page.form(desk.page).fields["blocks"] == ""
    review = chosen(client, desk, "all")
    assert review.form("/confirm").fields.keys() == {"mark", "name"}
    assert review.form("/confirm").fields["name"] == ""


def test_one_block_cannot_be_made_fewer(client: FlaskClient, desk: PaidHelpDesk) -> None:
    desk.ask(1)
    page = visit(client, desk.page)
    assert [each.attributes["value"] for each in page.tree.css("[name=choice]")] == [
        "all",
        "decline",
        "question",
    ]
    refused = page.form(desk.page).send(client, choice="fewer", blocks="1")
    assert (refused.status, desk.kinds[-1]) == (422, "requested")


def test_a_request_whose_text_was_erased_cannot_be_accepted(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Erased(Permissions):
        def shown(self, token: str) -> Shown:
            return replace(Permissions.shown(self, token), texts={"en": "", "fr": ""})

    whole = desk.permissions
    erased = Erased(**{each: getattr(whole, each) for each in Permissions.__slots__})
    client = desk.app(erased).test_client()
    page = visit(client, desk.page)
    assert not page.tree.css("[name=choice][value=all]")
    mark = page.form(desk.page).fields["mark"]
    answer = client.post(desk.page, data={"mark": mark, "choice": "all"})
    assert answer.status_code == 409


# What is recorded


def test_all_blocks_can_be_accepted(client: FlaskClient, desk: PaidHelpDesk) -> None:
    review = chosen(client, desk, "all")
    assert review.heading == "Check your answer"
    most = "2 blocks = $170.00 CDN (CAD), plus applicable taxes"
    assert review.rows["The most you can be charged"] == most
    assert desk.kinds == ["requested"]
    page = review.form("/confirm").send(client, name=f"  {NAME} ", sure="yes")
    assert (page.status, page.heading) == (200, "The permission was given")
    assert page.rows["Accepted"].startswith("2 blocks, $170.00 CDN (CAD) at most")
    request = desk.request
    assert (request.state, request.accepted_blocks) == ("accepted", 2)
    assert request.answered_by["name"] == NAME


def test_fewer_blocks_can_be_accepted(client: FlaskClient, desk: PaidHelpDesk) -> None:
    desk.ask(3)
    review = chosen(client, desk, "fewer", blocks="1")
    assert review.rows["You chose"] == "Accept fewer blocks than asked for: 1 block of 3"
    assert "A person first checks" in review.text
    page = review.form("/confirm").send(client, name=NAME, sure="yes")
    assert page.heading == "The permission was given for fewer blocks"
    assert desk.request.accepted_blocks == 1


def test_a_customer_can_decline_as_easily(client: FlaskClient, desk: PaidHelpDesk) -> None:
    review = chosen(client, desk, "decline")
    page = review.form("/confirm").send(client, name=NAME)
    assert page.heading == "The request was declined"
    assert desk.kinds == ["requested", "declined"]


def test_accepting_and_declining_look_the_same(client: FlaskClient, desk: PaidHelpDesk) -> None:
    page = visit(client, desk.page)
    classes = {each.attributes.get("class") for each in page.tree.css("fieldset > div")}
    assert classes == {"choice", "beside"}
    buttons = [chosen(client, desk, each).tree.css("form button") for each in ("all", "decline")]
    assert {each.attributes.get("class") for each in [*buttons[0][1:], *buttons[1][1:]]} == {None}


def test_a_question_reaches_the_record_and_answers_nothing(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = chosen(client, desk, "question")
    page = review.form("/question").send(client, name=NAME, text="Does that\r\nmend the cart?")
    assert page.heading == "Permission for paid help"
    assert "We have a question about this request on record." in page.text
    assert desk.history[-1].personal["question"] == "Does that mend the cart?"
    assert desk.request.is_open
    assert answered(client, desk, "all").heading == "The permission was given"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [each for each in STATES if each != "open"])
def test_a_question_never_opens_what_is_answered_or_over(
    client: FlaskClient, desk: PaidHelpDesk, state: str, language: str
) -> None:
    reach(desk, client, state)
    review = visit(client, desk.page).form(desk.page).press(client)
    review.form("/question").send(client, name=NAME, text="Why?")
    page, say = visit(client, f"{desk.page}?lang={language}"), load_texts(language).say
    assert desk.kinds[-1] == "questioned"
    assert read(say("permission.questioned")) not in page.text
    assert read(say("permission.questioned_after")) in page.text


def test_more_time_takes_one_press(client: FlaskClient, desk: PaidHelpDesk) -> None:
    desk.later(hours=70)
    before = desk.request.deadline
    page = visit(client, desk.page).form("/extend").press(client)
    assert page.status == 200
    assert desk.request.deadline > before
    assert "The time to answer was made longer" in page.text


def test_more_time_ends_some_time(client: FlaskClient, desk: PaidHelpDesk) -> None:
    for _ in range(10):
        desk.later(hours=24)
        visit(client, desk.page).form("/extend").press(client)
    page = visit(client, desk.page)
    assert not [each for each in page.forms if each.action.endswith("/extend?lang=en")]
    assert "cannot be made longer again" in page.text


def test_a_permission_can_be_taken_back_before_work_starts(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = answered(client, desk, "all")
    review = page.form("/withdraw").press(client)
    assert "nothing is charged" in review.text
    assert desk.kinds[-1] == "accepted"
    page = review.form("/withdraw").send(client, name=NAME, sure="yes")
    assert page.heading == "The permission was taken back"
    assert desk.kinds[-1] == "withdrawn"


def test_running_work_can_be_stopped_and_what_was_begun_is_said(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    answered(client, desk, "all")
    desk.work.start(desk.work_page.rpartition("/")[2], agent="Ana")
    desk.later(minutes=61)
    page = visit(client, desk.page)
    assert (page.heading, page.rows["Time used"]) == ("The work is under way", "1 h 1 min of 2 h")
    review = page.form("/withdraw").press(client)
    assert "So far that is 2 blocks = $170.00 CDN (CAD)" in review.text
    page = review.form("/withdraw").send(client, name=NAME, sure="yes")
    assert page.heading == "The work has ended"
    assert page.rows["Charged"] == "2 blocks = $170.00 CDN (CAD), plus applicable taxes"


def test_who_reviews_taking_back_while_work_starts_is_told_first(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """What they read, that nothing is charged, is no longer so."""
    review = answered(client, desk, "all").form("/withdraw").press(client)
    desk.work.start(desk.work_page.rpartition("/")[2], agent="Ana")
    page = review.form("/withdraw").send(client, name=NAME, sure="yes")
    assert page.status == 409
    assert "has changed since" in page.told
    assert desk.kinds[-1] == "started"


def test_work_that_starts_while_taking_back_is_sent_costs_nothing_unread(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """Staff press their button after the page has read the record, and before it records."""
    review = answered(client, desk, "all").form("/withdraw").press(client)
    work, link = desk.work, desk.work_page.rpartition("/")[2]

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Overtaken(Permissions):
        def withdraw(self, *given: Any, **named: Any) -> Shown:
            work.start(link, agent="Ana")
            return Permissions.withdraw(self, *given, **named)

    whole = desk.permissions
    overtaken = Overtaken(**{each: getattr(whole, each) for each in Permissions.__slots__})
    form = review.form("/withdraw")
    page = form.send(desk.app(overtaken).test_client(), name=NAME, sure="yes")
    assert page.status == 409
    assert "has changed since" in page.told
    assert desk.kinds[-1] == "started"


def test_a_block_that_begins_while_taking_back_is_told_first(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    desk.ask(1)
    answered(client, desk, "all")
    desk.work.start(desk.work_page.rpartition("/")[2], agent="Ana")
    desk.ask(1)
    page = answered(client, desk, "all")
    desk.later(minutes=59)
    review = visit(client, desk.page).form("/withdraw").press(client)
    assert "nothing is charged" in review.text
    desk.later(minutes=2)
    page = review.form("/withdraw").send(client, name=NAME, sure="yes")
    assert page.status == 409
    assert "has changed since" in page.told
    assert not {"withdrawn", "completed"} & set(desk.kinds)


def test_more_blocks_are_a_request_of_their_own_with_the_total(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    answered(client, desk, "all")
    desk.ask(1)
    review = chosen(client, desk, "all")
    assert review.rows["Accepted before for this work"].startswith("2 blocks = $170.00 CDN")
    assert review.rows["The most you can be charged"].startswith("1 block = $85.00 CDN")
    assert review.rows["The most for this work in all"].startswith("3 blocks = $255.00 CDN")
    review.form("/confirm").send(client, name=NAME, sure="yes")
    assert [each.accepted_blocks for each in (desk.request,)] == [1]


def test_from_where_an_answer_came_is_kept_apart(client: FlaskClient, desk: PaidHelpDesk) -> None:
    answered(client, desk, "all")
    event = next(each for each in desk.history if each.kind == "accepted")
    assert event.brief["ip"] == "127.0.0.1"
    assert event.brief["agent_string"].startswith("Werkzeug")
    assert "127.0.0.1" not in str(event.facts) + str(event.personal)


# What is missing


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({}, "choice", "Choose what we should do."),
        ({"choice": "both"}, "choice", "Choose what we should do."),
        ({"choice": "fewer"}, "blocks", "Choose how many blocks you accept."),
        ({"choice": "fewer", "blocks": "2"}, "blocks", "Choose how many blocks you accept."),
        ({"choice": "fewer", "blocks": "0"}, "blocks", "Choose how many blocks you accept."),
        ({"choice": "fewer", "blocks": "-1"}, "blocks", "Choose how many blocks you accept."),
        ({"choice": "fewer", "blocks": "9" * 5000}, "blocks", "Choose how many"),
        ({"choice": "fewer", "blocks": "²"}, "blocks", "Choose how many blocks you accept."),
        ({"choice": "fewer", "blocks": "0001000"}, "blocks", "Choose how many blocks you accept."),
        ({"choice": "fewer", "blocks": "0001" + "0" * 30}, "blocks", "Choose how many blocks"),
        ({"choice": "fewer", "blocks": "0001" + "0" * 5000}, "blocks", "Choose how many blocks"),
        ({"choice": "fewer", "blocks": "1\n"}, "blocks", "Choose how many blocks you accept."),
    ],
)
def test_a_choice_that_is_not_whole_is_said_beside_its_field(
    client: FlaskClient, desk: PaidHelpDesk, typed: dict[str, str], field: str, words: str
) -> None:
    page = visit(client, desk.page).form(desk.page).send(client, **typed)
    assert page.status == 422
    assert words in page.wrong[0]
    assert page.tree.css_first(f".wrong a[href='#{field}']")
    target = page.tree.css_first(f"#{field}")
    described = page.tree.css_first(f"[aria-describedby~='{field}-wrong'][aria-invalid=true]")
    assert target
    assert described
    assert page.tree.css_first("title").text().startswith("Something is missing")
    assert desk.kinds == ["requested"]


@pytest.mark.parametrize(
    ("choice", "typed", "fields"),
    [
        ("all", {}, ["name", "sure"]),
        ("all", {"name": NAME}, ["sure"]),
        ("all", {"sure": "yes"}, ["name"]),
        ("all", {"name": " \t", "sure": "yes"}, ["name"]),
        ("all", {"name": "12345", "sure": "yes"}, ["name"]),
        ("all", {"name": NAME, "sure": "on"}, ["sure"]),
        ("decline", {}, ["name"]),
        ("question", {}, ["text", "name"]),
        ("question", {"name": NAME, "text": " \n "}, ["text"]),
        ("question", {"name": NAME, "text": "x" * 1001}, ["text"]),
    ],
)
def test_a_confirmation_that_is_not_whole_does_nothing_and_loses_nothing(
    client: FlaskClient, desk: PaidHelpDesk, choice: str, typed: dict[str, str], fields: list[str]
) -> None:
    review = chosen(client, desk, choice)
    end = "/question" if choice == "question" else "/confirm"
    page = review.form(end).send(client, **typed)
    assert page.status == 422
    found = [each.attributes["href"] for each in page.tree.css(".wrong a")]
    assert found == [f"#{each}" for each in fields]
    assert page.form(end).fields["name"] == typed.get("name", "").strip()
    assert not page.tree.css("[name=sure][checked]")
    assert desk.kinds == ["requested"]
    whole = page.form(end).send(client, name=NAME, sure="yes", text="Why?")
    assert whole.status == 200
    assert len(desk.kinds) == 2


# Languages on every step


@pytest.mark.parametrize("choice", ["all", "fewer", "decline", "question"])
def test_switching_the_language_while_reviewing_keeps_the_place(
    client: FlaskClient, desk: PaidHelpDesk, choice: str
) -> None:
    review = chosen(client, desk, choice, blocks="1")
    (switch,) = (each for each in review.forms if each.switches)
    french = switch.send(client)
    assert french.tree.css_first("html").attributes["lang"] == "fr"
    chosen_row = {row[1] for row in [("", french.rows["Votre choix"])]}
    assert chosen_row
    end = "/question" if choice == "question" else "/confirm"
    page = french.form(end).send(client, name=NAME, sure="yes", text="Pourquoi?")
    assert page.tree.css_first("html").attributes["lang"] == "fr"
    assert len(desk.kinds) == 2


def test_switching_the_language_while_taking_back_keeps_the_place(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = answered(client, desk, "all").form("/withdraw").press(client)
    (switch,) = (each for each in review.forms if each.switches)
    french = switch.send(client)
    assert french.heading == "Retirer la permission"
    assert french.form("/withdraw").send(client, name=NAME, sure="yes").heading == (
        "La permission a été retirée"
    )


# Every state, truthfully


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_told_in_words_and_names_nobody(
    client: FlaskClient, desk: PaidHelpDesk, state: str, language: str
) -> None:
    reach(desk, client, state)
    page = visit(client, f"{desk.page}?lang={language}")
    say = load_texts(language).say
    if state == "open":
        assert page.heading == say("permission.page")
    else:
        assert page.heading == say(f"permission.state.{state}")
        words = "not_started" if state == "accepted" else state
        assert read(say(f"permission.of.{words}")) in page.text
        assert not page.tree.css("[name=choice][type=radio]")
    assert NAME not in page.text
    assert "Ana" not in page.text
    assert "None" not in page.text


def test_a_fee_that_is_waived_after_a_dispute_is_shown_as_waived(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    reach(desk, client, "disputed")
    desk.work.waive(desk.work_page.rpartition("/")[2], agent="Ana", reason="Our own server.")
    page = visit(client, desk.page)
    assert (page.heading, page.rows["Charged"]) == ("Nothing is charged", "Nothing")


@pytest.mark.parametrize("state", [each for each in STATES if each != "open"])
def test_a_late_answer_changes_nothing_and_shows_what_stands(
    client: FlaskClient, desk: PaidHelpDesk, state: str
) -> None:
    """Two tabs: the second was at its last step when the first had answered."""
    step_one, step_two = visit(client, desk.page), chosen(client, desk, "all")
    reach(desk, client, state)
    before, heading = desk.history, visit(client, desk.page).heading
    for page in (
        step_one.form(desk.page).send(client, choice="all"),
        step_two.form("/confirm").send(client, name="Somebody Else", sure="yes"),
        step_one.form("/extend").press(client),
    ):
        assert (page.status, page.heading) == (409, heading)
        assert "Nothing" in page.told
    assert desk.history == before


def test_a_double_click_records_one_answer(client: FlaskClient, desk: PaidHelpDesk) -> None:
    review = chosen(client, desk, "all")
    review.form("/confirm").send(client, name=NAME, sure="yes")
    again = review.form("/confirm").send(client, name=NAME, sure="yes")
    assert again.heading == "The permission was given"
    assert desk.kinds == ["requested", "accepted"]


def test_time_over_counts_before_anybody_has_noted_it(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = chosen(client, desk, "all")
    desk.now = desk.request.deadline
    assert visit(client, desk.page).heading == "The time to answer is over"
    late = review.form("/confirm").send(client, name=NAME, sure="yes")
    assert (late.status, late.heading) == (409, "The time to answer is over")
    assert desk.kinds == ["requested"]


def test_who_is_late_can_ask_for_a_fresh_request(client: FlaskClient, desk: PaidHelpDesk) -> None:
    reach(desk, client, "expired")
    page = visit(client, desk.page)
    assert "ask us for a fresh request" in page.text
    review = page.form(desk.page).press(client)
    page = review.form("/question").send(client, name=NAME, text="Please ask me again.")
    assert page.heading == "The time to answer is over"
    assert desk.kinds[-1] == "questioned"


def test_a_contact_who_is_one_no_longer_cannot_accept(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = chosen(client, desk, "all")

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Gone(Permissions):
        def answer(self, *_: Any, **__: Any) -> Shown:
            raise ConsentError("not_entitled")

    whole = desk.permissions
    gone = Gone(**{each: getattr(whole, each) for each in Permissions.__slots__})
    page = review.form("/confirm").send(desk.app(gone).test_client(), name=NAME, sure="yes")
    assert page.status == 409
    assert "may decide for the account" in page.told


def test_every_reason_of_a_refusal_has_its_sentence(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    """Even one that nobody has thought of."""
    review = chosen(client, desk, "all")

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Odd(Permissions):
        def answer(self, *_: Any, **__: Any) -> Shown:
            raise ConsentError("odd")

    whole = desk.permissions
    odd = Odd(**{each: getattr(whole, each) for each in Permissions.__slots__})
    page = review.form("/confirm").send(desk.app(odd).test_client(), name=NAME, sure="yes")
    assert page.told == "This cannot be done as things stand. Nothing was recorded."


# A database that goes away


@dataclass(kw_only=True)
class Flaky:
    """A ledger that fails after it has recorded, before it has, or that answers no more."""

    ledger: Ledger
    fails: str = ""
    gone: bool = False
    asked: int = field(default=0)

    def find(self, *given: Any) -> Any:
        self._answer()
        return self.ledger.find(*given)

    def history(self, *given: Any) -> Any:
        self._answer()
        return self.ledger.history(*given)

    def act(self, *given: Any, **named: Any) -> Any:
        if self.fails.startswith("after"):
            self.ledger.act(*given, **named)
        if self.fails.endswith("for good"):
            self.gone = True
        if self.fails:
            raise StoreUnavailableError("the connection is lost")
        return self.ledger.act(*given, **named)

    def _answer(self) -> None:
        if self.gone:
            raise StoreUnavailableError("the connection is lost")


@pytest.fixture
def flaky(desk: PaidHelpDesk) -> Flaky:
    return Flaky(ledger=desk.ledger)


@pytest.fixture
def unsteady(desk: PaidHelpDesk, flaky: Flaky) -> FlaskClient:
    ledger: Any = flaky
    return desk.app(replace(desk.permissions, ledger=ledger)).test_client()


def test_a_page_that_cannot_be_read_says_so(
    unsteady: FlaskClient, flaky: Flaky, desk: PaidHelpDesk
) -> None:
    flaky.gone = True
    page = visit(unsteady, desk.page)
    assert (page.status, page.heading) == (503, "Our record does not answer just now")
    assert [each for each in page.links if each.startswith(desk.page)]


def test_an_answer_that_was_not_recorded_is_said_not_to_be(
    unsteady: FlaskClient, flaky: Flaky, desk: PaidHelpDesk
) -> None:
    review = chosen(unsteady, desk, "all")
    flaky.fails = "before"
    page = review.form("/confirm").send(unsteady, name=NAME, sure="yes")
    assert page.status == 503
    assert "Our record shows nothing new" in page.told
    assert page.tree.css("[name=choice]")
    assert desk.kinds == ["requested"]
    flaky.fails = ""
    assert answered(unsteady, desk, "all").heading == "The permission was given"


def test_an_answer_that_was_recorded_all_the_same_is_shown_as_such(
    unsteady: FlaskClient, flaky: Flaky, desk: PaidHelpDesk
) -> None:
    review = chosen(unsteady, desk, "all")
    flaky.fails = "after"
    page = review.form("/confirm").send(unsteady, name=NAME, sure="yes")
    assert (page.status, page.told, page.heading) == (200, "", "The permission was given")
    assert desk.kinds == ["requested", "accepted"]


@pytest.mark.parametrize("fails", ["before, for good", "after, for good"])
def test_what_cannot_be_known_is_said_not_to_be_known(
    unsteady: FlaskClient, flaky: Flaky, desk: PaidHelpDesk, fails: str
) -> None:
    review = chosen(unsteady, desk, "all")
    flaky.fails = fails
    page = review.form("/confirm").send(unsteady, name=NAME, sure="yes")
    assert (page.status, page.heading) == (503, "We cannot tell whether this was recorded")
    flaky.gone = False
    look = visit(unsteady, page.links[-1])
    recorded = fails.startswith("after")
    expected = "The permission was given" if recorded else "Permission for paid help"
    assert look.heading == expected


def test_a_second_question_that_fails_is_not_said_to_be_lost(
    unsteady: FlaskClient, flaky: Flaky, desk: PaidHelpDesk
) -> None:
    for fails, status in (("", 200), ("before", 503), ("after", 503)):
        review = chosen(unsteady, desk, "question")
        flaky.fails = fails
        page = review.form("/question").send(unsteady, name=NAME, text="Why?")
        flaky.fails = ""
        assert page.status == status
    assert page.heading == "We cannot tell whether this was recorded"


# Headers and marks


def test_no_answer_gives_the_address_away(client: FlaskClient, desk: PaidHelpDesk) -> None:
    for answer in (
        client.get(desk.page),
        client.head(desk.page),
        client.post(desk.page),
        client.get("/permission/unknown"),
        client.put(desk.page),
        client.get(desk.work_page),
        client.get(f"/policy/{desk.policy.version}"),
        client.get("/.well-known/jwks.json"),
    ):
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "Set-Cookie" not in answer.headers


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    page = visit(client, desk.page)
    assert not page.tree.css("script, img, iframe, style, [style], [onclick]")
    (sheet,) = page.tree.css("link")
    assert client.get(urljoin(desk.page, sheet.attributes["href"])).status_code == 200


@pytest.mark.parametrize(
    "phase", [each for each in Phase if each not in {Phase.REQUESTED, Phase.BILLED}]
)
def test_every_phase_is_tried_here(phase: Phase) -> None:
    assert phase in STATES


def test_a_mark_that_is_too_old_leads_back_to_the_page(
    client: FlaskClient, desk: PaidHelpDesk
) -> None:
    review = chosen(client, desk, "all")
    desk.later(seconds=LIFE.total_seconds() + 11)
    page = review.form("/confirm").send(client, name=NAME, sure="yes")
    assert page.status == 400
    assert "open for too long" in page.told
    assert desk.kinds == ["requested"]
    assert answered(client, desk, "all").status == 200
