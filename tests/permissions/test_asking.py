"""An agent presses the macro: the customer is asked once and in full, or staff are told why not."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from tests.permissions.rig import HOUR, JEANNE, NOW, WORK, Rig, closing

from support_policy.core.permission.event import Kind
from support_policy.core.permission.job import Phase, State
from support_policy.core.ticket import Requester, TicketRef
from support_policy.errors import ConsentError
from support_policy.permissions.wording import LINK_LEFT_OUT

SENTENCE_EN = "If you agree, you accept to pay the fee as billed, up to the maximum above."
SENTENCE_FR = "vous acceptez de payer les frais tels que facturés, jusqu'au maximum"
BOSS = "patron@example.com"


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    file = tmp_path / "contacts.csv"
    file.write_text(f"address\n{BOSS}\n", encoding="utf-8")
    return file


def not_sent(rig: Rig, ref: TicketRef) -> str:
    """The one note that says why nothing was sent, after it was seen that nothing was."""
    assert rig.public(ref) == []
    assert rig.kinds(ref) == []
    (note,) = rig.notes(ref)
    assert "NOT sent" in note
    assert "fee_not_sent" in rig.tags(ref)
    assert "ask_fee_permission" not in rig.tags(ref)
    assert rig.desk.asks == {}
    return note


def test_the_customer_is_asked_once_and_the_ticket_waits(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)

    assert len(rig.public(ref)) == 1
    assert rig.phase(ref) is Phase.REQUESTED
    assert rig.tags(ref) == {"fee_requested"}
    assert rig.desk.asks == {}
    assert ref.id in rig.desk.waiting
    assert rig.kinds(ref) == ["requested"]


@pytest.mark.parametrize(("language", "first"), [("fr", "Bonjour"), ("en", "Hello")])
def test_the_request_is_in_both_languages_the_customers_first(
    rig: Rig, language: str, first: str
) -> None:
    ref = rig.opens("8", language=language)
    rig.asks(ref)
    (text,) = rig.public(ref)

    assert SENTENCE_EN in text
    assert SENTENCE_FR in text
    places = {word: text.index(word) for word in ("Bonjour", "Hello")}
    assert min(places, key=lambda word: places[word]) == first


def test_the_request_says_what_it_would_cost_and_until_when(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref, blocks=2)
    (text,) = rig.public(ref)

    for said in ("$85.00 CDN (CAD)", "85,00 $ CA (CAD)", "$170.00 CDN (CAD)", "170,00 $ CA (CAD)"):
        assert said in text.replace("\N{NO-BREAK SPACE}", " ")
    assert WORK in text
    assert "10:00 (EST)" in text, "72 hours from 10:00 in Toronto"


def test_nothing_in_a_request_that_is_sent_back_whole_accepts_it(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.mails(ref, rig.public(ref)[0])

    assert rig.request(ref).state is State.REQUESTED


def test_what_is_on_record_is_the_text_that_was_shown_and_its_digest(
    rig: Rig, ref: TicketRef
) -> None:
    token = rig.asks(ref)
    asked = rig.history(ref)[0]
    (shown,) = rig.public(ref)

    for language in ("en", "fr"):
        kept = asked.personal[f"text_{language}"]
        assert asked.facts[f"text_{language}_sha256"] == sha256(kept.encode()).hexdigest()
        assert token not in kept
        for line in kept.split("\n"):
            assert all(part in shown for part in line.split(LINK_LEFT_OUT)), line


def test_who_asked_whom_and_under_which_policy_is_on_record(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    asked = rig.history(ref)[0]

    assert (asked.personal["asked_by"], asked.personal["addressee"]) == ("Ana Agent", JEANNE)
    assert (asked.facts["policy"], asked.facts["policy_version"]) == ("mexxus", "2013-06-27")
    assert asked.facts["entitled"] == "verified"
    assert asked.at == NOW
    assert rig.request(ref).deadline == NOW + 72 * HOUR


def test_staff_get_the_page_of_the_work_and_the_customer_does_not(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)

    assert rig.work.shown(rig.work_token(ref)).ticket == ref
    assert "/paid-help/" not in "".join(rig.public(ref))
    assert rig.token(ref) not in "".join(rig.notes(ref))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"reason": None}, "reason is missing"),
        ({"reason": "because"}, "reason is missing"),
        ({"work": " \n "}, "What would be done is missing"),
        ({"work": "x" * 301}, "longer than 300"),
        ({"blocks": None}, "number of blocks is missing"),
        ({"blocks": 0}, "not one that the policy allows"),
        ({"blocks": -1}, "not one that the policy allows"),
        ({"blocks": 9}, "not one that the policy allows"),
    ],
)
def test_an_ask_that_cannot_be_sent_is_explained_to_staff_alone(
    rig: Rig, ref: TicketRef, wrong: dict[str, object], why: str
) -> None:
    rig.presses_macro(ref, **wrong)  # type: ignore[arg-type]
    rig.settles()

    assert why in not_sent(rig, ref)


def test_everything_that_is_wrong_with_an_ask_is_said_at_once(rig: Rig, ref: TicketRef) -> None:
    rig.presses_macro(ref, reason="", work="", blocks=None)
    rig.settles()

    note = not_sent(rig, ref)
    assert all(why in note for why in ("reason is missing", "done is missing", "number of blocks"))


@pytest.mark.parametrize(("address", "verified"), [(JEANNE, None), (JEANNE, False), (None, True)])
def test_nobody_is_asked_for_whom_nobody_vouches(
    rig: Rig, address: str | None, verified: bool | None
) -> None:
    ref = rig.opens("8", address=address, verified=verified)
    rig.presses_macro(ref)
    rig.settles()

    assert "Nobody vouches" in not_sent(rig, ref)


def test_nobody_is_asked_on_a_closed_ticket(rig: Rig, ref: TicketRef) -> None:
    rig.presses_macro(ref)
    rig.closes(ref)
    rig.settles()

    assert rig.public(ref) == []
    assert rig.kinds(ref) == []


def test_staff_are_told_that_nobody_is_asked_on_a_ticket_that_was_closed_since(
    rig: Rig, ref: TicketRef
) -> None:
    rig.answers(rig.asks(ref), None)
    rig.presses_macro(ref)
    rig.closes(ref)
    rig.settles()

    assert any("The ticket is closed." in note for note in rig.notes(ref))
    assert rig.kinds(ref) == ["requested", "declined"]


def test_nobody_is_asked_under_a_policy_without_a_fee(rig: Rig, ref: TicketRef) -> None:
    asker = replace(rig.attendance.asker, policy=replace(rig.policy, fee=None))
    rig.attendance = replace(rig.attendance, asker=asker)
    rig.presses_macro(ref)
    rig.settles()

    assert "no fee" in not_sent(rig, ref)


def test_the_tag_of_a_refused_ask_stays_on_a_ticket_with_an_earlier_request(
    rig: Rig, ref: TicketRef
) -> None:
    rig.answers(rig.asks(ref), None)
    rig.presses_macro(ref, blocks=None)
    rig.settles()

    assert any("number of blocks is missing" in note for note in rig.notes(ref))
    assert "fee_not_sent" in rig.tags(ref)


def test_a_refused_ask_is_explained_once_and_a_better_one_is_sent(rig: Rig, ref: TicketRef) -> None:
    rig.presses_macro(ref, blocks=None)
    rig.settles()
    rig.attends(ref)
    assert len(rig.notes(ref)) == 1
    rig.asks(ref)

    assert len(rig.public(ref)) == 1
    assert rig.tags(ref) == {"fee_requested"}


def test_a_requester_for_whom_the_agent_vouches_is_asked(rig: Rig) -> None:
    ref = rig.opens("8", address=BOSS, verified=None)
    rig.presses_macro(ref, permitter=BOSS.upper())
    rig.settles()
    asked = rig.history(ref)[0]

    assert (asked.facts["entitled"], asked.personal["addressee"]) == ("named", BOSS)


@pytest.mark.parametrize("named", [BOSS, "the boss"])
def test_nobody_is_asked_to_whom_the_request_would_not_go(rig: Rig, named: str) -> None:
    """It would reach the requester alone, who would answer for the one whom the agent meant."""
    ref = rig.opens("8", verified=True)
    rig.presses_macro(ref, permitter=named)
    rig.settles()

    assert rig.history(ref) == ()
    assert rig.public(ref) == []
    assert any("requester" in note for note in rig.notes(ref))


def test_a_request_is_void_once_the_ticket_is_somebody_elses(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    ticket = rig.desk.tickets[ref.id]
    rig.desk.tickets[ref.id] = replace(ticket, requester=Requester(address="new@example.com"))
    rig.attends(ref)

    assert rig.request(ref).state is State.VOIDED
    with pytest.raises(ConsentError):
        rig.answers(token, 1)


def test_a_contact_of_the_list_is_asked_though_the_desk_does_not_vouch(
    url: str, tmp_path: Path, contacts: Path
) -> None:
    with closing(Rig(url, tmp_path / "keys", contacts=contacts)) as rig:
        ref = rig.opens(address="Patron+hosting@Example.com", verified=None)
        rig.asks(ref)

        assert rig.history(ref)[0].facts["entitled"] == "contact"


def test_a_contact_who_left_the_list_can_no_longer_accept(
    url: str, tmp_path: Path, contacts: Path
) -> None:
    with closing(Rig(url, tmp_path / "keys", contacts=contacts)) as rig:
        ref = rig.opens(address=BOSS, verified=None)
        rig.asks(ref)
        contacts.write_text("address\nother@example.com\n", encoding="utf-8")
        with pytest.raises(ConsentError) as refused:
            rig.answers(rig.token(ref), 1)
        assert refused.value.reason == "not_entitled"
        rig.mails(ref, "I accept", address=BOSS)

        assert rig.kinds(ref)[-2:] == ["questioned", "voided"]
        assert any("no longer a contact" in note for note in rig.notes(ref))
        with pytest.raises(ConsentError) as refused:
            rig.answers(rig.token(ref), 1)
        assert refused.value.reason == "closed"


def test_an_ask_that_says_the_same_as_the_open_request_is_not_sent(
    rig: Rig, ref: TicketRef
) -> None:
    rig.asks(ref)
    rig.presses_macro(ref)
    rig.settles()

    assert len(rig.public(ref)) == 1
    assert rig.notes(ref)[-1].startswith("The same request is open already.")
    assert "NOT sent" not in rig.notes(ref)[-1], "it was, before"
    assert rig.tags(ref) == {"fee_requested"}
    assert rig.request(ref).is_open


def test_the_same_ask_after_a_wrong_one_leaves_nothing_to_mend(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    rig.presses_macro(ref, blocks=0)
    rig.settles()
    assert "fee_not_sent" in rig.tags(ref)
    rig.presses_macro(ref)
    rig.settles()

    assert rig.tags(ref) == {"fee_requested"}


@pytest.mark.parametrize("accepted", [False, True])
def test_what_stands_is_not_denied_when_a_later_ask_is_wrong(
    rig: Rig, ref: TicketRef, *, accepted: bool
) -> None:
    token = rig.asks(ref)
    if accepted:
        rig.answers(token, 2)
    rig.presses_macro(ref, blocks=0)
    rig.settles()

    note = rig.notes(ref)[-1]
    assert "NOT sent" in note
    assert "received nothing" not in note
    assert "What was asked or permitted before stands." in note


def test_another_ask_takes_the_place_of_the_open_request(rig: Rig, ref: TicketRef) -> None:
    old = rig.asks(ref, blocks=2)
    new = rig.asks(ref, blocks=3)

    assert rig.kinds(ref) == ["requested", "voided", "requested"]
    assert not rig.page.shown(old).may_answer
    assert rig.page.shown(new).may_answer
    assert rig.tags(ref) == {"fee_requested"}


def test_the_same_press_heard_of_again_is_one_request(rig: Rig, ref: TicketRef) -> None:
    ask = rig.presses_macro(ref)
    assert not rig.webhook(ref, asked=ask.mark), "the desk calls twice"
    rig.settles()
    rig.desk.asks[ref.id] = ask  # a desk whose field was not cleared
    rig.attends(ref)

    assert len(rig.public(ref)) == 1
    assert rig.kinds(ref) == ["requested"]
    assert rig.desk.asks == {}


def test_where_it_is_only_observed_nobody_is_asked_or_told(url: str, tmp_path: Path) -> None:
    with closing(Rig(url, tmp_path / "keys", observed=True)) as rig:
        ref = rig.opens()
        rig.presses_macro(ref)

        assert rig.settles() == ["it is only observed: nobody is asked"]
        assert rig.desk.posts == {}
        assert rig.kinds(ref) == []
        assert rig.tags(ref) == {"ask_fee_permission"}


def test_tags_of_others_stay(rig: Rig, ref: TicketRef) -> None:
    ticket = rig.desk.tickets[ref.id]
    rig.desk.tickets[ref.id] = replace(ticket, tags=("vip", "policy_low"))
    rig.asks(ref)

    assert rig.tags(ref) == {"vip", "policy_low", "fee_requested"}


def test_a_customers_text_cannot_put_words_of_its_own_into_the_request(rig: Rig) -> None:
    ref = rig.opens("8", subject="Help\nI accept\n{code} {maximum}")
    rig.asks(ref)
    (text,) = rig.public(ref)

    assert "I accept" not in text.splitlines()
    assert "{code} {maximum}" in text, "what stands in a value is no place to fill"


def test_what_is_posted_is_known_to_the_record(rig: Rig, ref: TicketRef) -> None:
    rig.asks(ref)
    posted = {event.text("message") for event in rig.history(ref) if event.kind is Kind.POSTED}

    assert posted == set(rig.told(ref))
