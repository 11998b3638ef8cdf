"""What `check` proves of a policy folder, and the tests beside a policy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.small_policy import at, changed, write_policy

from support_policy.check import Report, carried_out, check
from support_policy.core.reply_sent import Sent
from support_policy.errors import Problem
from support_policy.policy_tests import load_tests
from support_policy.settings import policy_folder

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TERMS = """\
[facts]
"website.offline" = ["down|offline"]
"website.one_only" = ["only one"]
"evidence.server_fault" = ["no ping"]
"evidence.many_customers" = ["all my sites"]
"product.wordpress" = ["wordpress"]
"product.joomla" = ["joomla"]
"sales.quote" = ["quote"]
"abuse.report" = ["phishing"]
"""
TITLES = "\n".join(
    f"{line.partition(' = ')[0]} = {{ en = 'x', fr = 'y' }}"
    for line in TERMS.splitlines()
    if line.startswith('"')
)
TESTS = """\
[[tests]]
name = "server"
body = "The site is down, no ping."
expect.category = "high.server"

[[tests]]
name = "many"
body = "This concerns all my sites."
expect.category = "high.many"

[[tests]]
name = "product"
body = "My joomla is slow."
channel = "phone"
department = "level_2"
expect.category = "low.third_party"
expect.tags = ["third_party", "with_level_2"]
expect.tags_absent = ["policy_high"]

[[tests]]
name = "site"
body = "Mon site est offline."
language = "fr"
received = 2026-11-28T12:00:00-05:00
[tests.expect]
category = "medium.website_offline"
due = 2026-11-28T16:00:00
tags = ["lang_fr", "after_hours"]

[[tests]]
name = "quote"
body = "A quote, please."
received = 2026-11-23T10:00:00
expect.category = "sales"
expect.due = 2026-11-24T17:00:00-05:00

[[tests]]
name = "general"
body = "Hello."
standing = "unregistered"
[tests.expect]
category = "low.general"
held = true

[[tests]]
name = "phishing"
body = "There is phishing on a site of yours."
expect.held = false
expect.tags = ["abuse_review"]
"""
SENT = {
    f"replies/{reply}.toml": re.sub(
        r"^clauses = .*$",
        'clauses = ["A8"]',
        policy_folder("mexxus", Path())
        .joinpath("replies", f"{reply}.toml")
        .read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    for reply in Sent
}
WHOLE = {"terms/titles.toml": TITLES, "terms/en.toml": TERMS, "support_test.toml": TESTS} | SENT


def checked(folder: Path, changes: Mapping[str, str] | None = None) -> Report:
    return check(write_policy(folder, WHOLE | dict(changes or {})), now=NOW)


def told(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def without(folder: Path, name: str) -> Report:
    write_policy(folder, WHOLE)
    (folder / name).unlink()
    return check(folder, now=NOW)


def test_a_policy_that_carries_out_every_clause_has_no_problem(tmp_path: Path) -> None:
    report = checked(tmp_path)
    assert told(report) == []
    assert report.policy is not None
    assert len(report.results) == 7
    assert report.warnings == ()


def test_clauses_are_carried_out_by_rules_targets_fee_rulings_or_the_form(tmp_path: Path) -> None:
    report = checked(tmp_path)
    assert report.policy is not None
    assert carried_out(report.policy) == {"A1", "A2", "A3", "A4", "A5", "A6", "A7"}


def has(report: Report, file: str, words: str) -> bool:
    return any(each.file == file and words in str(each) for each in report.problems)


@pytest.mark.parametrize(
    ("changes", "file", "words"),
    [
        (
            changed("support.toml", 'clauses = ["A1"]', "clauses = []"),
            "policy.md",
            "A1",
        ),
        (
            {"terms/en.toml": TERMS.replace('"abuse.report" = ["phishing"]\n', "")},
            "support.toml",
            "abuse.report",
        ),
        (
            {"terms/en.toml": TERMS.replace('"sales.quote" = ["quote"]\n', "")},
            "classification.toml",
            "sales.quote",
        ),
        (
            {"terms/titles.toml": TITLES.replace("\"sales.quote\" = { en = 'x', fr = 'y' }\n", "")},
            "terms/titles.toml",
            "sales.quote",
        ),
        (
            {"support_test.toml": TESTS.replace("Hello.", "A quote.")},
            "support.toml",
            "no test fires",
        ),
        (
            {"support_test.toml": TESTS.replace('"low.general"', '"low.generl"')},
            "support_test.toml",
            "low.generl",
        ),
        (
            {"support_test.toml": TESTS.replace("16:00:00", "16:00:01")},
            "support_test.toml",
            "expected time",
        ),
        (
            {"support_test.toml": TESTS.replace("held = true", "held = false")},
            "support_test.toml",
            "is held",
        ),
        (
            {"support_test.toml": TESTS.replace('["policy_high"]', '["policy_low"]')},
            "support_test.toml",
            "has the tag policy_low",
        ),
        (
            {"support_test.toml": TESTS.replace('["abuse_review"]', '["abuse"]')},
            "support_test.toml",
            "lacks the tag abuse",
        ),
        (
            {"support_test.toml": TESTS.replace("2026-11-28T12:00", "2025-11-28T12:00")},
            "support_test.toml",
            "before the policy",
        ),
        (
            {"support_test.toml": TESTS.replace('name = "quote"', 'nmae = "quote"')},
            "support_test.toml",
            "Did you mean 'name'?",
        ),
        (
            {"support_test.toml": TESTS.replace('"unregistered"', '"unregisterd"')},
            "support_test.toml",
            "Did you mean 'unregistered'?",
        ),
        (
            {"support_test.toml": TESTS.replace("2026-11-23T10:00:00\n", "2026-11-23\n")},
            "support_test.toml",
            "must be a moment",
        ),
        ({"support_test.toml": "tests = [1]"}, "support_test.toml", "[[tests]]"),
        (
            changed("support.toml", 'en = "High"', 'en = "Guaranteed"'),
            "support.toml",
            "guarantee",
        ),
        (
            changed("policy.fr.md", "Priorité haute", "Réponse garantie"),
            "policy.fr.md",
            "guarantee",
        ),
        (
            {"terms/titles.toml": TITLES.replace("'x'", "'that we guarantee it'")},
            "titles.toml",
            "guarantee",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_file(
    tmp_path: Path, changes: dict[str, str], file: str, words: str
) -> None:
    report = checked(tmp_path, changes)
    assert has(report, file, words), "\n".join(told(report))


@pytest.mark.parametrize("year", ["1850", "2250", "9999"])
def test_a_policy_from_a_year_that_no_calendar_reaches_is_a_problem(
    tmp_path: Path, year: str
) -> None:
    change = changed("support.toml", "effective_from = 2026", f"effective_from = {year}")
    report = checked(tmp_path, change)
    assert has(report, "support.toml", "policy.effective_from: must be in the years 1902 to 2197")


@pytest.mark.parametrize("when", ["1850-01-01T00:00:00", "9999-12-31T23:59:59-05:00"])
def test_a_test_from_a_year_that_no_calendar_reaches_is_a_problem(
    tmp_path: Path, when: str
) -> None:
    tests = TESTS.replace("received = 2026-11-23T10:00:00", f"received = {when}")
    report = checked(tmp_path, {"support_test.toml": tests})
    assert has(report, "support_test.toml", "received: must be in the years")


def test_the_fixed_phrases_are_no_promise(tmp_path: Path) -> None:
    text = changed("policy.md", "When this policy begins.", "Expected times, not guaranteed.")
    french = changed("policy.fr.md", "When this policy begins.", "Délais attendus, non garantis.")
    assert told(checked(tmp_path, text | french)) == []


REPLY = """\
clauses = ["A8"]
title = { en = "Refund", fr = "Remboursement" }
body = { en = "A person decides.", fr = "Une personne décide." }
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("A person decides.", "We will reply within 1 hour.", "promises a time"),
        ("Une personne décide.", "Réponse garantie.", "is a promise"),
        ('"A8"', '"A9"', "policy.md has no clause A9"),
        ("A person decides.", "It is $85.00 CDN (CAD) a block.", "names the fee"),
        ("title = ", "titel = ", "Did you mean 'title'?"),
    ],
)
def test_a_reply_that_must_not_be_sent_is_told(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in REPLY
    report = checked(tmp_path, {"replies/refund.toml": REPLY.replace(old, new)})
    assert has(report, "replies/refund.toml", words), "\n".join(told(report))


def test_a_reply_that_may_be_sent_is_no_problem(tmp_path: Path) -> None:
    assert told(checked(tmp_path, {"replies/refund.toml": REPLY})) == []


@pytest.mark.parametrize("reply", Sent)
def test_a_policy_with_a_fee_has_every_reply_that_is_sent_by_name(
    tmp_path: Path, reply: Sent
) -> None:
    [problem] = without(tmp_path, f"replies/{reply}.toml").problems
    assert (problem.file, problem.where) == (f"replies/{reply}.toml", "")
    assert "is missing" in problem.what


def test_a_policy_without_a_fee_needs_no_reply(tmp_path: Path) -> None:
    [(file, whole)] = changed("support.toml", "", "").items()
    no_fee = re.sub(r"\[fee\]\n(?:.+\n)*", "", whole)
    write_policy(tmp_path, WHOLE | {file: no_fee})
    for reply in Sent:
        (tmp_path / "replies" / f"{reply}.toml").unlink()
    assert not [each for each in check(tmp_path, now=NOW).problems if "replies/" in each.file]


def test_a_policy_without_tests_is_told(tmp_path: Path) -> None:
    assert has(without(tmp_path, "support_test.toml"), "support_test.toml", "is missing")


def test_tests_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    folder = write_policy(tmp_path, WHOLE)
    (folder / "support_test.toml").write_bytes(b'name = "\xe9"')
    assert has(check(folder, now=NOW), "support_test.toml", "cannot be read")


def test_mistakes_in_the_rules_and_in_the_terms_are_told_at_once(tmp_path: Path) -> None:
    changes = changed("support.toml", '"4 hours"', '"4 hrs"') | {"terms/en.toml": "x = = 1"}
    report = checked(tmp_path, changes)
    assert {"support.toml", "terms/en.toml"} <= {problem.file for problem in report.problems}
    assert report.policy is None


def test_an_unconfirmed_reading_is_a_warning_not_a_problem(tmp_path: Path) -> None:
    changes = changed("readings.toml", "confirmed = true", "confirmed = false")
    report = checked(tmp_path, changes)
    assert told(report) == []
    [warning] = report.warnings
    assert (warning.file, warning.where) == ("readings.toml", "Q1")
    assert "confirmed = true" in warning.suggestion


def test_holidays_that_run_out_are_a_warning_two_years_ahead(tmp_path: Path) -> None:
    folder = write_policy(tmp_path, WHOLE)
    soon = check(folder, now=datetime(2039, 6, 1, tzinfo=UTC))
    assert any("holidays" in str(warning) for warning in soon.warnings)
    early = check(folder, now=datetime(2038, 12, 1, tzinfo=UTC))
    assert early.warnings == ()


def test_a_policy_that_takes_effect_in_the_future_can_be_checked_today(tmp_path: Path) -> None:
    undated = re.sub(r"(?m)^(received|due|expect.due) = .*$", "", TESTS)
    later = changed("support.toml", "2026-01-01", "2027-01-04")  # at midnight
    report = checked(tmp_path, {"support_test.toml": undated} | later)
    assert len(report.results) == 7
    assert told(report) == []


# The tests beside a policy


def loaded(folder: Path, text: str) -> tuple[list[Problem], list[datetime]]:
    (folder / "support_test.toml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    received = at("2026-11-23T10:00:00")
    tests = load_tests(folder, problems, received=received)
    return problems, [test.ticket.received_at for test in tests]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", at("2026-11-23T10:00:00")),
        ("received = 2026-12-01T09:00:00", at("2026-12-01T09:00:00")),
        ("received = 2026-07-01T09:00:00", at("2026-07-01T09:00:00")),
        ("received = 2026-12-01T09:00:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        (
            "received = 2026-11-01T01:30:00-05:00",
            datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_moment_is_on_the_companys_clock_unless_it_says_otherwise(
    tmp_path: Path, written: str, meant: datetime
) -> None:
    problems, [received] = loaded(tmp_path, f'[[tests]]\nname = "a"\n{written}\n[tests.expect]\n')
    assert problems == []
    assert received.timestamp() == meant.timestamp()
    assert received.tzinfo is not None


def test_a_test_in_the_hour_that_occurs_twice_can_be_written(tmp_path: Path) -> None:
    night = TESTS.replace(
        'body = "This concerns all my sites."',
        'body = "This concerns all my sites."\nreceived = 2026-11-01T00:30:00-04:00\n'
        "expect.due = 2026-11-01T01:30:00-04:00",
    )
    assert told(checked(tmp_path, {"support_test.toml": night})) == []
    wrong = night.replace("01:30:00-04:00", "01:30:00-05:00")
    assert has(checked(tmp_path, {"support_test.toml": wrong}), "support_test.toml", "many")


def test_every_mistake_in_the_tests_is_told_at_once(tmp_path: Path) -> None:
    problems, _ = loaded(
        tmp_path,
        '[[tests]]\nname = "a"\nchannel = "fax"\nexpect.due = "soon"\n[[tests]]\nexpect.x = 1\n',
    )
    assert {problem.where for problem in problems} == {
        "tests[a].channel",
        "tests[a].expect.due",
        "tests[2].name",
        "tests[2].expect.x",
    }
    assert {problem.file for problem in problems} == {"support_test.toml"}
