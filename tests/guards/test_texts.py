"""What people read: languages in step, sentences used, no time promised, no bare dollar."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.guards.tree import EDGE, PLUGIN, documents, modules, name, parsed, within

from support_policy.core.load import load
from support_policy.core.permission.event import Kind as EventKind
from support_policy.core.permission.job import Phase
from support_policy.core.policy import Stage
from support_policy.core.reply_lint import wrong_words
from support_policy.core.schedule import StepKind
from support_policy.core.ticket import Field
from support_policy.demo.texts import TEXTS as DEMO
from support_policy.permissions.asking import PROBLEMS
from support_policy.permissions.outbox import NOTED
from support_policy.settings import PACKAGED, policy_folder
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks.sidebar import WORDS

STANDINGS = {phase.value for phase in Phase} - {"requested"}
VOIDED = {"taken_back", "replaced", "addressee_gone", "not_entitled", "ticket_gone", "finished"}
REFUSALS = {"not_entitled", "too_often"}

Catalogue = Mapping[str, Mapping[str, str]]
CATALOGUES: dict[str, Catalogue] = {
    "locales": {language: load_texts(language).messages for language in LANGUAGES},
    "demo": DEMO,
}
PROMISE = re.compile(r"guarant|garant", re.IGNORECASE)
ALLOWED = re.compile(r"\b(not\s+)guaranteed\b|\b(non\s+)garantie?s?\b", re.IGNORECASE)
DOLLARS = re.compile(r"\$\s?\d|\d\s?\$")
WITH_CURRENCY = re.compile(
    r"\b(?:CA|US)\$\s?\d[\d.,]*|\$\s?\d[\d.,]*\s(?:CAD|USD|CDN)\b|\d[\d.,]*\s?\$\s?(?:CA|US|CAD|USD|CDN)\b"
)
# These must name the word: the check that hunts it, and what reads customers' disclaimers.
# They hold words that others may not: those that are hunted, and those that customers write.
HUNTERS = (
    PLUGIN / "check.py",
    PLUGIN / "reader",
    PLUGIN / "core/permission/sentence_words.py",
)
SAID_BY_A_PAGE = re.compile(r"\bsay(?:_other)?\(\"([^\"]+)\"")
CUSTOMERS_WORDS = re.compile(r"(^|/)terms/|_test\.toml$|/stories/")


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_every_language_has_the_same_texts(catalogue: Catalogue) -> None:
    english, *others = catalogue.values()
    assert others
    assert all(set(other) == set(english) for other in others)


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_every_language_fills_the_same_places(catalogue: Catalogue) -> None:
    english, *others = catalogue.values()
    apart = [
        key
        for other in others
        for key, text in english.items()
        if places(text) != places(other.get(key, ""))
    ]
    assert not apart


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_no_text_is_empty(catalogue: Catalogue) -> None:
    assert not [
        key for texts in catalogue.values() for key, text in texts.items() if not text.strip()
    ]


def places(text: str) -> set[str | None]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place is not None}


# ------------------------------------------------------------------ used, known


def said() -> Iterator[tuple[str, bool]]:
    """Every key that code says or looks up; True when only the beginning of it is written there."""
    for path in modules():
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"say", "word"}
                and node.args
            ):
                yield from spelled(node.args[0])
    for path in within(EDGE, suffix=".html"):
        for key in SAID_BY_A_PAGE.findall(path.read_text(encoding="utf-8")):
            yield key, False


def spelled(node: ast.expr) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.IfExp):
        yield from spelled(node.body)
        yield from spelled(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        first = node.values[0]
        assert isinstance(first, ast.Constant), "a key must begin with words, to be found again"
        yield str(first.value), True
    else:
        assert isinstance(node, ast.Constant), f"line {node.lineno}: a key must be written out"
        yield str(node.value), False


def composed() -> dict[str, set[str]]:
    """What may follow each beginning, taken from the code that fills it."""
    policies = [load(policy_folder(packaged, Path())) for packaged in PACKAGED]
    rules = [rule for policy in policies for rule in policy.rules]
    # The conditions of adjustments are not said: their tags are.
    gates = [rule for rule in rules if rule.stage is not Stage.ADJUSTMENTS]
    words = {
        f"{kind}={word}"
        for rule in gates
        for kind in ("standing", "channel", "language")
        for word in getattr(rule.when, kind)
    }
    hours = {f"business_hours={each.when.business_hours}".lower() for each in gates}
    return {
        "step.": {kind.value for kind in StepKind},
        "field.": {field.value for field in Field},
        "clock.": {rule.business_clock for rule in rules if rule.business_clock},
        "condition.": words | (hours - {"business_hours=none"}),
        "sidebar.": set(WORDS),
        "permission.state.": STANDINGS,
        "permission.of.": STANDINGS,
        "permission.told.": {"changed", "answered", "expired", "closed", *REFUSALS},
        "paid_help.note.": {
            *("not_sent", "accepted_partly", "questioned_late", "questioned_after"),
            *(kind.value for kind in NOTED - {EventKind.VOIDED}),
            *(f"voided_{why}" for why in VOIDED),
            "completed_by_customer",
            *(f"why.{problem}" for problem in PROBLEMS),
        },
        "panel.fee_phase.": {phase.value for phase in Phase},
        "paid_help.phase.": {phase.value for phase in Phase},
        "paid_help.event.": {kind.value for kind in EventKind},
        "paid_help.told.": {"answered", "unconfirmed", "capped", "running", "resting", "waived"},
        "packet.kind.": {kind.value for kind in EventKind},
        "packet.proof.": {"link", "code", "dmarc", "work_link", "shell"},
        "packet.entitled.": {"contact", "named", "verified"},
    }


def test_every_text_that_code_says_exists() -> None:
    needed = {key for key, begins in said() if not begins}
    needed |= {start + end for start, ends in composed().items() for end in ends}
    assert needed <= set(CATALOGUES["locales"]["en"])


def test_every_beginning_that_code_composes_is_known_to_this_guard() -> None:
    assert {key for key, begins in said() if begins} == set(composed())


def test_every_text_is_used() -> None:
    whole = {key for key, begins in said() if not begins}
    starts = {key for key, begins in said() if begins}
    unused = {
        key
        for key in CATALOGUES["locales"]["en"]
        if key not in whole and not any(key.startswith(start) for start in starts)
    }
    assert not unused


def test_every_text_of_the_demo_exists_and_is_used() -> None:
    called = {
        str(node.args[0].value)
        for path in within(PLUGIN / "demo", suffix=".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "text"
        and isinstance(node.args[0], ast.Constant)
    }
    assert called == set(DEMO["en"])


# ---------------------------------------------------------------- what is shown


def shown() -> Iterator[tuple[str, str]]:
    """Every text that a customer, an agent or an admin may read."""
    yield from ((name(path), path.read_text(encoding="utf-8")) for path in pages())
    for path in modules():
        if not any(path.is_relative_to(each) for each in HUNTERS):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{name(path)}:{node.lineno}", node.value


def pages() -> list[Path]:
    found = documents()
    found += [
        each
        for each in within(PLUGIN, EDGE, suffix=".toml")
        if not CUSTOMERS_WORDS.search(name(each))
    ]
    for suffix in (".html", ".txt", ".js", ".php"):
        found += within(PLUGIN, EDGE, suffix=suffix)
    return found


def around(pattern: re.Pattern[str], text: str) -> list[str]:
    return [text[max(0, each.start() - 40) : each.end() + 20] for each in pattern.finditer(text)]


def test_the_guard_sees_every_kind_of_text() -> None:
    seen = {where.partition(":")[0] for where, _ in shown()}
    assert {
        "README.md",
        "plugin/support_policy/locales/fr.toml",
        "plugin/support_policy/demo/texts.py",
        "plugin/support_policy/policies/mexxus/policy.fr.md",
        "plugin/support_policy/policies/mexxus/support.toml",
    } <= seen


def promised(text: str) -> list[str]:
    return around(PROMISE, ALLOWED.sub("", text))


def without_currency(text: str) -> list[str]:
    return around(DOLLARS, WITH_CURRENCY.sub("", text))


def test_no_text_promises_a_time() -> None:
    """Times are expected; the word itself is only ever said to deny it."""
    promises = [(where, found) for where, text in shown() for found in promised(text)]
    assert not promises


def misworded(texts: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    return [
        (key, what)
        for key, text in texts.items()
        if key.startswith(("panel.", "sidebar."))
        for _, what, _ in wrong_words(text, language)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sidebar_says_nothing_that_a_reply_must_not(language: str) -> None:
    assert not misworded(CATALOGUES["locales"][language], language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A new ticket is looked at within a minute."),
        ("fr", "Un nouveau billet est examiné en moins d'une minute."),
    ],
)
def test_the_hunt_in_the_sidebar_finds_a_promise(language: str, words: str) -> None:
    assert misworded({"sidebar.more": words, "panel.more": words, "other": words}, language)


def test_french_of_the_sidebar_and_of_the_zendesk_app_has_no_space_before_a_semicolon() -> None:
    """Quebec's habit, as in the replies: none before ; ? and !."""
    texts = [
        text
        for key, text in CATALOGUES["locales"]["fr"].items()
        if key.startswith(("panel.", "sidebar."))
    ]
    app = (PLUGIN.parent / "zendesk" / "translations" / "fr.json").read_text(encoding="utf-8")
    assert not [text for text in [*texts, app] if re.search(r"\s[;?!]", text)]


def test_no_amount_leaves_its_currency_open() -> None:
    """The policy's company bills Canadian dollars to customers in two countries."""
    bare = [(where, found) for where, text in shown() for found in without_currency(text)]
    assert not bare


@pytest.mark.parametrize(
    ("text", "is_promise"),
    [
        ("We guarantee an answer.", True),
        ("Le délai est garanti.", True),
        ("expected, not\nguaranteed", False),
        ("délai attendu, non garanti", False),
    ],
)
def test_the_hunt_for_promises_finds_them(text: str, is_promise: bool) -> None:
    assert bool(promised(text)) is is_promise


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [("It costs $85.", True), ("85 $", True), ("CA$85.00", False), ("85,00 $ CA", False)],
)
def test_the_hunt_for_bare_amounts_finds_them(text: str, is_bare: bool) -> None:
    assert bool(without_currency(text)) is is_bare
