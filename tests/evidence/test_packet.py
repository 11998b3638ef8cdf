"""The page for a dispute: valid, accessible, in both languages, and true to the record."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.evidence.stories import OTHER, REF, TEXTS, Told, asking, digest, hours

from support_policy.core.load import load
from support_policy.core.permission import acts
from support_policy.core.permission.event import Event, Kind
from support_policy.core.policy import Policy
from support_policy.core.ticket import TicketRef
from support_policy.evidence.packet import Packet
from support_policy.settings import policy_folder
from support_policy.texts import LANGUAGES, load_texts

VOID = {"meta"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(policy_folder("mexxus", Path()))


@dataclass
class Page(HTMLParser):
    """A page taken apart; ``problems`` are what a validator would say of it."""

    html: str
    stack: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        self.problems += [f"<{tag}> is not closed" for tag in self.stack]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        if tag == "p" and "p" in self.stack:
            self.problems.append("a paragraph within a paragraph")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.problems.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack:
            self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def packet(told: Told, policy: Policy, language: str = "en", ticket: TicketRef = REF) -> Page:
    entries = told.ledger.entries(ticket)
    made = Packet(entries=entries, policy=policy, texts=load_texts(language), now=hours(24))
    return Page(made.html())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ticket", [REF, OTHER], ids=["billed", "waived"])
def test_a_packet_is_valid_and_fit_for_everybody(
    told: Told, policy: Policy, language: str, ticket: TicketRef
) -> None:
    told.capped_story()
    told.second_story()
    page = packet(told, policy, language, ticket)
    assert page.html.startswith("<!DOCTYPE html>\n")
    assert page.problems == []
    assert page.of("html") == [{"lang": language}]
    assert len(page.of("title")) == len(page.of("h1")) == len(page.of("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - one <= 1 for one, after in itertools.pairwise(levels))
    assert len(page.of("caption")) == len(page.of("table")) > 3
    assert all(th.get("scope") in {"row", "col"} for th in page.of("th"))
    assert {each["lang"] for each in page.of("blockquote")} == {"en", "fr"}
    assert "@media print" in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_packet_runs_nothing_and_fetches_nothing(
    told: Told, policy: Policy, language: str
) -> None:
    told.capped_story()
    page = packet(told, policy, language)
    names = {name for _, attributes in page.tags for name in attributes}
    assert names <= {"lang", "charset", "name", "content", "scope", "class"}
    assert not {"script", "link", "img", "iframe", "a", "form"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import|https?:", page.html)


def test_a_packet_tells_the_whole_story(told: Told, policy: Policy) -> None:
    told.capped_story()
    text = packet(told, policy).text
    for words in (
        *TEXTS.values(),
        "Ève Roy, eve@example.com",
        "held the secret link of the request",
        "Mon 23 Nov 2026, 10:05 EST",  # 15:05 in UTC: the policy's zone
        "$85.00 CDN (CAD) for each block of 1 h",
        "Counted: 1 h, of 1 h that were permitted",
        "1 block, $85.00 CDN (CAD)",
        "billed: INV-1",
        "support-policy verify export.zip --keys keys.json",
    ):
        assert words in text, words
    for entry in told.ledger.entries(REF):
        assert entry.record.digest in text


def test_a_packet_in_french_says_the_same(told: Told, policy: Policy) -> None:
    told.capped_story()
    told.second_story()
    text = packet(told, policy, "fr").text.replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "avait le lien secret de la demande",
        "lun. 23 nov. 2026, 10 h 05 HNE",
        "85,00 $ CA (CAD) par bloc de 1 h",
        "Compté : 1 h, sur 1 h permises",
        "porté sur une facture : INV-1",
    ):
        assert words in text, words
    waived = packet(told, policy, "fr", OTHER).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "annulés : our own fault" in waived


def test_what_somebody_wrote_cannot_change_the_page(told: Told, policy: Policy) -> None:
    told.capped_story()
    evil = "<script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}00.071$</td>&amp;\0"
    event = told.ledger.history(REF)[-1]
    told.add(
        Event(
            kind=Kind.DECLINED,
            at=event.at,
            ticket=REF,
            request="PH-AAAAAAAA",
            facts={"proof": "<b>", "channel": "page"},
            personal={"name": evil},
        )
    )
    page = packet(told, policy)
    assert page.problems == []
    assert not page.of("script")
    assert not page.of("b")
    assert "<script>alert(1)</script>00.071$</td>&amp;" in page.text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page.html


SAME = {"en": "This is the text that was shown", "fr": "C'est bien le texte qui a été montré"}
OTHER_TEXT = {"en": "This is not the text", "fr": "Ce n'est pas le texte"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_said_to_be_the_one_shown_and_its_digest_told(
    told: Told, policy: Policy, language: str
) -> None:
    told.asked("PH-AAAAAAAA", 2, hours(0))
    text = packet(told, policy, language).text
    assert text.count(SAME[language]) == 2
    assert "[…]" in text
    assert OTHER_TEXT[language] not in text
    assert all(digest(each) in text for each in TEXTS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("on_record", ["0" * 64, ""])
def test_a_text_that_is_not_the_one_shown_is_said_to_be_another(
    told: Told, policy: Policy, language: str, on_record: str
) -> None:
    (asked,) = acts.ask(None, asking("PH-AAAAAAAA", 2, hours(0)), now=hours(0))
    told.forge(asked, text_en_sha256=on_record)
    text = packet(told, policy, language).text
    assert text.count(SAME[language]) == text.count(OTHER_TEXT[language]) == 1
    assert digest(TEXTS["en"]) in text
    assert on_record in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_erasing_a_packet_still_tells_what_was_charged(
    told: Told, policy: Policy, language: str
) -> None:
    told.capped_story()
    told.ledger.erase(REF, now=hours(9))
    page = packet(told, policy, language)
    assert page.problems == []
    assert load_texts(language).say("packet.erased") in page.text
    assert "eve@example.com" not in page.html
    assert "85" in page.text
    assert told.ledger.entries(REF)[0].record.digest in page.text
