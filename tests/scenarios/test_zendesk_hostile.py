"""What customers may write: it runs nowhere, breaks nothing, and stands in no log."""

from __future__ import annotations

import json
import re

import pytest
import requests
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import LOW, Rig, Rigs

from support_policy.demo.zendesk_double.placeholders import Placeholders

account, rig, rigs = zendesk_rig.account, zendesk_rig.shared, zendesk_rig.rigs

SECRET_WORD = "xyzzyplugh"
HOSTILE = {
    "placeholder": "{{ticket.requester.email}} {{current_user.email}}",
    "dynamic content": "{{dc.secret}} {{ ticket.comments }}",
    "liquid": "{% for c in ticket.comments %}{{c.value}}{% endfor %}",
    "split placeholder": "{ {ticket.id}} {\u200b{ticket.id}} {&#123;ticket.id}}",
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "closing": "</p></div><style>*{display:none}</style>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "link": "[click](javascript:alert(1)) <a href='javascript:alert(1)'>x</a>",
    "markdown": "**bold** `code` # heading\n> quote\n- list",
    "number": "#1001 #1002 # 7 ##8",
    "mention": "@agent @all",
    "nul": "a\x00b\x07c\x1b[31md",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 \U0001f4a9",
    "right to left": "\u202etxt.exe\u202c \u2066x\u2069",
    "lines": "a\r\nb\u2028c\u2029d\x85e",
    "log line": "x\n2026-01-01 ERROR root forged line",
    "quotes": '"\'`\\" } ] {"event": "ticket.opened", "ticket_id": "1"}',
    "formats": "%s %n {0} {name} $(id) ${HOME}",
    "sql": "'; DROP TABLE decisions; --",
}
PLACES = {
    "the middle": "Our WordPress {} plugin shows an error {} when we press the button.",
    "alone": "{} {}",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words_stay_words(
    rig: Rig, kind: str, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    hostile = f"{HOSTILE[kind]} {SECRET_WORD}"
    body = PLACES[place].replace("{}", hostile)
    number = rig.treated((f"WordPress {hostile} plugin", body))
    assert rig.states() == {"done": 1}, rig.trouble()
    (put,) = rig.puts(number)
    ticket = json.loads(put.body or b"")["ticket"]
    html = ticket["comment"]["html_body"]
    inert(html, rig, number)
    reason = rig.own(number)["reason"]
    assert reason == reason.strip()
    assert len(reason) <= 500
    assert not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", reason), repr(reason)
    assert all(re.fullmatch(r"[a-z0-9_.:/-]+", tag) for tag in ticket["tags"])
    assert SECRET_WORD not in caplog.text
    rig.look_again(number)
    assert len(rig.puts(number)) == 1


def inert(html: str, rig: Rig, number: int) -> None:
    """Nothing but text and line breaks; nothing that Zendesk fills in, or makes a link of."""
    assert set(re.findall(r"<[^>]*>?", html)) <= {"<br>"}, html
    assert not re.search(r"\{\{|\{%|%\}|\}\}", html), html
    assert not re.search(r"#\d", re.sub(r"&#\w+;", "", html)), html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", html), repr(html)
    filler = Placeholders(rig.double.account.people, rig.double.account.forms)
    filled = filler.fill(html, rig.double.account.tickets.get(number))
    assert filled == html


def test_half_a_character_is_no_reason_to_fail(rig: Rig) -> None:
    """JSON may hold a lone surrogate, which no database and no log can."""
    number = rig.open(LOW)
    ticket = rig.double.account.tickets.get(number)
    whole, ticket.description = ticket.description, "WordPress \ud800 plugin shows \udfff an error"
    rig.before_write(lambda _: setattr(ticket, "description", whole))  # the double cannot write it
    rig.treat()
    (put,) = rig.puts(number)
    assert not re.search(rb"(?i)\\ud[89a-f]", put.body or b""), "no half characters are sent"
    assert rig.states() == {"done": 1}, rig.trouble()
    assert rig.priority(number) == "low"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words_reach_no_webhook_of_ours(rig: Rig, kind: str) -> None:
    """Triggers put their bodies together as text: ours must hold nothing that a customer says."""
    requester = rig.double.end_user("dana@whitlockprint.example")
    requester.name = f"{HOSTILE[kind]} {SECRET_WORD}"
    number = rig.treated((HOSTILE[kind] + SECRET_WORD, SECRET_WORD))
    other = rig.double.end_user("evil@northpier.example", name=requester.name)
    rig.double.update_ticket(number, by=rig.double.agent, requester=other)
    rig.treat()
    requester.name = "Dana"
    assert {each.status for each in rig.double.sent} == {200}
    assert not any(SECRET_WORD.encode() in each.body for each in rig.double.sent)
    assert rig.states() == {"done": 2}


@pytest.mark.parametrize("kilobytes", [50, 500])
def test_a_very_long_ticket_is_read_in_good_time(rig: Rig, kilobytes: int) -> None:
    words = "My site is slow and WordPress plugin shows an error #12 {{x}} <b>. "
    body = LOW[1] + " " + words * (kilobytes * 1000 // len(words))
    number = rig.treated((LOW[0] * 100, body))
    assert rig.states() == {"done": 1}, rig.trouble()
    ticket = json.loads(rig.puts(number)[0].body or b"")["ticket"]
    assert len(ticket["comment"]["html_body"]) < 20_000
    assert len(rig.own(number)["reason"]) <= 500
    inert(ticket["comment"]["html_body"], rig, number)


def test_an_empty_ticket_is_decided_too(rig: Rig) -> None:
    for text in (("", ""), (" ", "\n"), ("\x00", "\x00")):
        number = rig.treated(text)
        assert rig.own(number)["class"]
        assert rig.priority(number)
    assert rig.states() == {"done": 3}


def test_an_event_that_is_too_large_is_refused_and_the_sweep_finds_its_ticket(rigs: Rigs) -> None:
    """Event webhooks carry the description: 500 kB is more than is read."""
    rig = rigs()
    webhook_of_events(rig)
    rig.sweep()
    rig.freed()
    number = rig.open((LOW[0], LOW[1] + " x" * 250_000))
    rig.arrive()
    assert {each.status for each in rig.double.sent} == {413}
    assert rig.states() == {}
    assert rig.sweep() == 1
    rig.work()
    assert rig.priority(number) == "low"
    assert rig.metric("support_policy_lost_webhooks") == 1


def webhook_of_events(rig: Rig) -> None:
    """Put an event webhook in the triggers' place."""
    account = rig.double.account
    with account.lock:
        for trigger in account.triggers.shelf:
            trigger["active"] = False
        webhook = dict(account.webhooks.shelf.get(rig.webhook))
        webhook["subscriptions"] = ["zen:event-type:ticket.created"]
        account.webhooks.create(webhook, 1)
        secrets = sorted(set(account.webhooks._secrets.values()))
    (rig.folder / "zendesk-signing-secret").write_text("\n".join(secrets) + "\n")


def test_a_mistake_of_ours_is_told_by_place_and_not_by_words(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """A surprise anywhere in the work must not carry the ticket's words out."""
    number = rig.open((SECRET_WORD, SECRET_WORD))
    rig.arrive()
    read = rig.desk.read

    def broken(ref: object, *, hint: str = "{}") -> object:
        raise ValueError(read(ref, hint=hint).body)

    before = rig.stored().count(SECRET_WORD)
    rig.desk.read = broken
    rig.work()
    rig.desk.read = read
    assert rig.states() == {"waiting": 1}
    assert SECRET_WORD not in rig.trouble()
    assert SECRET_WORD not in caplog.text
    assert rig.stored().count(SECRET_WORD) <= before
    rig.later(minutes=2)
    rig.work()
    assert rig.priority(number)


def test_what_an_account_answers_amiss_is_not_repeated_in_logs(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """An error page, or a refusal that quotes the ticket, is told in our own words."""
    number = rig.open((SECRET_WORD, LOW[1]))
    rig.arrive()
    rig.double.faults.broken, rig.double.faults.broken_status = 1, 422
    rig.work()
    assert "<html" not in caplog.text
    assert "<html" not in rig.trouble()
    assert rig.states() != {"done": 1}
    assert rig.puts(number) == []


def test_errors_at_the_edge_quote_nothing(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    body = f'{{"event": "{SECRET_WORD}", "ticket_id": "{SECRET_WORD}"}}'.encode()
    answers = [rig.post(body), rig.post(body, headers={"X-Zendesk-Webhook-Signature": SECRET_WORD})]
    answers.append(requests.post(f"{rig.url}/webhooks/zendesk/{SECRET_WORD}", data=body, timeout=9))
    answers.append(requests.post(f"{rig.url}/webhooks/{SECRET_WORD}", data=body, timeout=9))
    assert not any(SECRET_WORD in answer.text for answer in answers)
    assert SECRET_WORD not in caplog.text
