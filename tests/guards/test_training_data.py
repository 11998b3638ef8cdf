"""The tickets that the packaged model learns from: enough, all different, nobody's own."""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import pytest
from tests.guards.tree import ROOT

from support_policy.core.load import load


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRAINING = ROOT / "training"
LANGUAGES = ("en", "fr")
TICKETS = 3_000
OF_EACH_LINE = 40
"""Tickets of a line in each language at least."""
RUN = 5
"""Words of which two tickets share a run when they are alike."""
ALIKE = 0.7
ALIKE_SHARE = 0.05
SHORT = 3
"""Words up to which two people may write the same: "test", "no subject", nothing at all."""
KEYS = frozenset(["line", "language", "subject", "body", "acceptable", "injection"])
PUBLIC = _names(
    """amazonses.com aol.com asp.net att.net barracudacentral.org bell.ca bell.net brevo.com
    btinternet.com check-host.net cogeco.ca comcast.net fastmail.com free.fr gmail.com gmx.com
    gmx.fr google.com googlemail.com hotmail.com hotmail.fr icloud.com laposte.net letsencrypt.org
    live.ca live.com live.fr mailbox.org mailchimp.com mailgun.org mailjet.com mcsv.net me.com
    microsoft.com msn.com neuf.fr numericable.fr office.com office365.com one.com orange.fr
    outlook.com outlook.fr ovh.com ovh.net proton.me protonmail.com rogers.com secureserver.net
    sendgrid.net sendinblue.com sfr.fr shaw.ca socket.io spamcop.net spamhaus.org sympatico.ca
    telus.net uptimerobot.com videotron.ca wanadoo.fr wordpress.com wordpress.org wp.com yahoo.ca
    yahoo.com yahoo.fr zoho.com"""
)
"""Services that everybody knows; anybody else's name ends in .example."""
RESOLVERS = frozenset(["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"])
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[A-Za-z]{2,})\b")
_HOST = re.compile(r"(?<![\w.@-])((?:[A-Za-z0-9-]+\.)+(?:com|net|org|ca|fr|be|ch|io|eu))\b")
_QUAD = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])")
_VERSION = 31  # dotted numbers that are all small are a program's version


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a file: where it stands, and what it holds."""

    place: str
    ticket: dict[str, Any]

    @property
    def text(self) -> str:
        return f"{self.ticket['subject']}\n{self.ticket['body']}"


@cache
def lines() -> dict[str, dict[str, str]]:
    return tomllib.loads((TRAINING / "lines.toml").read_text(encoding="utf-8"))


@cache
def rows() -> tuple[Row, ...]:
    return tuple(
        Row(place=f"{file.name}:{number}", ticket=json.loads(line))
        for file in sorted((TRAINING / "tickets").glob("*.jsonl"))
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        if line or number == 1
    )


@cache
def words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def wrong_with(ticket: dict[str, Any]) -> list[str]:
    """What makes a ticket unfit to learn from."""
    line = lines().get(ticket.get("line", ""), {})
    acceptable = ticket.get("acceptable", [line.get("category")])
    checks = {
        "another key": ticket.keys() <= KEYS,
        "line": bool(line),
        "language": ticket.get("language") in LANGUAGES,
        "subject": isinstance(ticket.get("subject"), str),
        "body": isinstance(ticket.get("body"), str),
        "acceptable": bool(acceptable)
        and acceptable[0] == line.get("category")
        and set(acceptable) <= {each["category"] for each in lines().values()},
        "injection": ticket.get("injection", True) is True,
    }
    return [what for what, right in checks.items() if not right]


def test_every_ticket_is_one_that_can_be_learnt_from() -> None:
    found = {row.place: wrong_with(row.ticket) for row in rows() if wrong_with(row.ticket)}
    assert not found


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("another key", {"id": 1}),
        ("line", {"line": "nowhere"}),
        ("language", {"language": "de"}),
        ("body", {"body": None}),
        ("acceptable", {"acceptable": ["sales", "accounts_billing"]}),
        ("acceptable", {"acceptable": ["accounts_billing", "nowhere"]}),
        ("injection", {"injection": "yes"}),
    ],
)
def test_the_guard_sees_a_ticket_that_cannot(what: str, value: dict[str, Any]) -> None:
    right = {"line": "invoice", "language": "en", "subject": "", "body": ""}
    assert not wrong_with(right)
    assert what in wrong_with({**right, **value})


def test_a_file_is_one_voice_of_one_language() -> None:
    odd = [row.place for row in rows() if not row.place.startswith(f"{row.ticket['language']}-")]
    assert not odd
    voices = Counter(place[:2] for place in {row.place.partition(":")[0] for row in rows()})
    assert all(voices[language] >= 5 for language in LANGUAGES)


def test_there_are_enough_tickets_of_every_line_in_both_languages() -> None:
    count = Counter((row.ticket["language"], row.ticket["line"]) for row in rows())
    few = {
        (language, line): count[language, line]
        for language in LANGUAGES
        for line in lines()
        if count[language, line] < OF_EACH_LINE
    }
    assert not few
    assert len(rows()) >= TICKETS


def test_lines_and_policy_know_the_same_categories() -> None:
    policy = load(files("support_policy") / "policies" / "mexxus")
    known = {rule.category for rule in policy.classification}
    assert {line["category"] for line in lines().values()} == known


# ------------------------------------------------------------------ all different


def alike(texts: list[str]) -> set[tuple[int, int]]:
    """Pairs of texts of which the shorter has most of its runs of words in the other.

    Runs are looked up, not compared text by text, so that the work grows with what is shared.
    """
    runs = [
        {found[at : at + RUN] for at in range(max(1, len(found) - RUN + 1))}
        for found in map(words, texts)
    ]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(runs):
        for run in each:
            holders[run].append(number)
    shared = Counter(pair for found in holders.values() for pair in combinations(found, 2))
    return {
        (one, other)
        for (one, other), count in shared.items()
        if count > ALIKE * min(len(runs[one]), len(runs[other]))
    }


def test_few_tickets_are_like_another() -> None:
    """Stricter than a share of all pairs: of tickets that have any other like themselves."""
    pairs = alike([row.text for row in rows()])
    share = len({number for pair in pairs for number in pair}) / len(rows())
    assert share < ALIKE_SHARE


def test_no_ticket_is_written_twice() -> None:
    first: dict[tuple[str, ...], str] = {}
    twice = [
        (first[words(row.text)], row.place)
        for row in rows()
        if len(words(row.text)) > SHORT
        and first.setdefault(words(row.text), row.place) != row.place
    ]
    assert not twice


def test_the_guard_sees_what_is_alike_and_what_is_not() -> None:
    text = "Since Monday the site of our bakery in the old town does not load at all."
    assert alike([text, text.replace("bakery", "choir") + " Please help me, I am lost."]) == set()
    assert alike([text, f"Hello! {text} Regards, Ada"]) == {(0, 1)}
    assert alike([text, text.upper().replace(" ", "\n"), "Something else."]) == {(0, 1)}


# ------------------------------------------------------------------ nobody's own


def strangers(text: str) -> list[str]:
    """Hosts, mail domains and IP addresses that may belong to somebody."""
    hosts = [each.lower() for each in _ADDRESS.findall(text) + _HOST.findall(text)]
    own = [
        host
        for host in hosts
        if not host.endswith(".example")
        and not any(host == service or host.endswith(f".{service}") for service in PUBLIC)
    ]
    return own + [quad for quad in _QUAD.findall(text) if _is_somebodys(quad)]


def _is_somebodys(quad: str) -> bool:
    parts = [int(part) for part in quad.split(".")]
    if max(parts) > 255 or max(parts) <= _VERSION or quad in RESOLVERS:
        return False
    return ipaddress.ip_address(".".join(map(str, parts))).is_global


def test_names_of_hosts_and_addresses_are_invented_or_everybodys() -> None:
    found = {row.place: strangers(row.text) for row in rows() if strangers(row.text)}
    assert not found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ada@granite.example and shop.granite.example at 203.0.113.9, ada@gmail.com", 0),
        ("PrestaShop 1.7.8.11 behind 192.168.1.20 asks 8.8.8.8", 0),
        ("write to ada@granite-bakery.com", 1),
        ("write to ada@granite-bakery.dev", 1),
        ("see www.granite-bakery.fr/menu", 1),
        ("get it from packages.granite-bakery.org", 1),
        ("our server 93.184.216.34 is down", 1),
    ],
)
def test_the_guard_sees_somebodys_host(text: str, count: int) -> None:
    assert len(strangers(text)) == count


def test_the_model_card_names_what_it_was_trained_on() -> None:
    card = " ".join((ROOT / "docs" / "reader.md").read_text(encoding="utf-8").split())
    tickets, voices = len(rows()), len(list((TRAINING / "tickets").glob("*.jsonl")))
    assert f"{tickets:,} tickets in `training/tickets/`" in card
    assert f"in {voices} voices" in card
    assert f"each of the {len(lines())} lines" in card
