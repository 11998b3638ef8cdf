"""A policy folder is loaded whole, or every mistake in it is reported at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.small_policy import FILES, SUPPORT, at, changed, small_policy, write_policy

from support_policy.core.load import load
from support_policy.core.policy import Policy, Stage
from support_policy.core.target import Target
from support_policy.core.ticket import Channel, Priority, Standing
from support_policy.errors import PolicyError, Problem


def problems_of(folder: Path, changes: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        load(write_policy(folder, changes))
    return caught.value.problems


def test_everything_that_is_written_is_in_the_policy(policy: Policy) -> None:
    assert (policy.id, policy.version) == ("small", "1")
    assert dict(policy.title) == {"en": "Small policy", "fr": "Petite politique"}
    assert policy.effective_from.astimezone(UTC) == datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert [target.name for target in policy.targets] == [
        "high",
        "medium",
        "low",
        "level_2",
        "sales",
    ]
    assert policy.inherent == ("A1",)
    assert policy.fee is not None
    assert (policy.fee.amount, policy.fee.currency, policy.fee.block_minutes) == (
        Decimal("85.00"),
        "CAD",
        60,
    )
    assert (policy.fee.open_hours, policy.fee.most_blocks) == (72, 8)
    assert [rule.address for rule in policy.eligibility] == [
        "eligibility/abuse-is-heard",
        "eligibility/unregistered-sender",
    ]
    assert [rule.name for rule in policy.classification][-1] == "general"
    assert {rule.stage for rule in policy.adjustments} == {Stage.ADJUSTMENTS}
    assert dict(dict(policy.fact_titles)["website.offline"])["fr"] == "qu'un site est en panne"
    [reading] = policy.readings
    assert (reading.ruled_by, reading.ruled_on, reading.confirmed) == (
        "A. Tremblay",
        date(2026, 1, 2),
        True,
    )


def test_clauses_are_known_in_both_languages_and_some_are_left_to_people(policy: Policy) -> None:
    by_id = {clause.id: clause for clause in policy.clauses}
    assert dict(by_id["A2"].title) == {"en": "High priority", "fr": "Priorité haute"}
    assert [clause.id for clause in policy.clauses if clause.left_to_people] == ["A8"]


def test_every_kind_of_expected_time_is_understood(policy: Policy) -> None:
    assert {target.name: target.target for target in policy.targets} == {
        "high": Target.elapsed(hours=1),
        "medium": Target.elapsed(hours=4),
        "low": Target.elapsed(hours=24),
        "level_2": Target.business(hours=4),
        "sales": Target.business_days(1),
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90 minutes", Target.elapsed(minutes=90)),
        ("1 minute", Target.elapsed(minutes=1)),
        ("2 days", Target.elapsed(hours=48)),
        ("30 business minutes", Target.business(minutes=30)),
        ("1 business hour", Target.business(hours=1)),
        ("5 business days", Target.business_days(5)),
    ],
)
def test_an_expected_time_is_read_as_people_write_it(
    tmp_path: Path, written: str, meant: Target
) -> None:
    policy = small_policy(
        tmp_path, changed("support.toml", 'expected = "1 hour"', f'expected = "{written}"')
    )
    assert policy.target("high").target == meant


def test_conditions_are_kept_as_they_are_written(tmp_path: Path) -> None:
    rule = """
[[adjustments]]
name = "all-of-them"
clause = "A6"
all = ["a.b"]
any = ["c.d"]
none = ["e.f"]
categories = ["sales"]
not_categories = ["low.general"]
channels = ["email"]
departments = ["sales"]
languages = ["unknown"]
standings = ["reseller"]
business_hours = true
"""
    policy = small_policy(tmp_path, {"adjustments.toml": FILES["adjustments.toml"] + rule})
    when = policy.adjustments[-1].when
    assert (when.all_of, when.any_of, when.none_of) == (("a.b",), ("c.d",), ("e.f",))
    assert (when.category, when.category_not) == (("sales",), ("low.general",))
    assert (when.channel, when.standing) == ((Channel.EMAIL,), (Standing.RESELLER,))
    assert (when.department, when.language) == (("sales",), ("unknown",))
    assert when.business_hours is True


def test_closures_close_and_open_days(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path, {"closures.toml": "closed = [2026-11-24]\nopen = [2026-12-25]\n"}
    )
    assert not policy.schedule.is_open(at("2026-11-24T10:00:00")), "closed by the company"
    assert policy.schedule.is_open(at("2026-12-25T10:00:00")), "a holiday on which it works"
    assert not policy.schedule.is_open(at("2027-01-01T10:00:00")), "a public holiday"


BROKEN: list[tuple[str, dict[str, str], str, str, str]] = [
    # what, the change, file, place, words of the message
    (
        "bad syntax",
        {"support.toml": "[policy\n" + SUPPORT},
        "support.toml",
        "",
        "is not valid TOML",
    ),
    (
        "no id",
        changed("support.toml", 'id = "small"\n', ""),
        "support.toml",
        "policy.id",
        "is missing",
    ),
    (
        "an id that cannot be a stamp",
        changed("support.toml", 'id = "small"', 'id = "our policy"'),
        "support.toml",
        "policy.id",
        "our policy",
    ),
    (
        "a version that cannot be a stamp",
        changed("support.toml", 'version = "1"', 'version = "1]"'),
        "support.toml",
        "policy.version",
        "1]",
    ),
    (
        "a misspelt key",
        changed("support.toml", 'version = "1"', 'version = "1"\nversoin = "2"'),
        "support.toml",
        "policy.versoin",
        "Did you mean 'version'?",
    ),
    (
        "an unknown table",
        {"support.toml": SUPPORT + "\n[extra]\nx = 1\n"},
        "support.toml",
        "extra",
        "unknown key",
    ),
    (
        "an effective date with an offset",
        changed("support.toml", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z"),
        "support.toml",
        "policy.effective_from",
        "local date and time",
    ),
    (
        "an effective date without a time",
        changed("support.toml", "2026-01-01T00:00:00", "2026-01-01"),
        "support.toml",
        "policy.effective_from",
        "local date and time",
    ),
    (
        "an unknown clause in the head",
        changed("support.toml", 'clauses = ["A1"]', 'clauses = ["A1", "B9"]'),
        "support.toml",
        "policy.clauses",
        "no clause B9",
    ),
    (
        "a zone that is none",
        changed("support.toml", "America/Toronto", "America/Torronto"),
        "support.toml",
        "business_hours.time_zone",
        "America/Torronto",
    ),
    (
        "a folder of zones",
        changed("support.toml", "America/Toronto", "America"),
        "support.toml",
        "business_hours.time_zone",
        "'America'",
    ),
    (
        "an hour that is none",
        changed("support.toml", 'mon = ["09:00-17:00"]', 'mon = ["09:00-25:00"]'),
        "support.toml",
        "business_hours",
        "25:00",
    ),
    (
        "a span without a dash",
        changed("support.toml", 'tue = ["09:00-17:00"]', 'tue = ["09:00"]'),
        "support.toml",
        "business_hours.tue",
        "'09:00'",
    ),
    (
        "spans that overlap",
        changed("support.toml", 'wed = ["09:00-17:00"]', 'wed = ["09:00-12:00", "11:00-17:00"]'),
        "support.toml",
        "business_hours",
        "wed",
    ),
    (
        "a day that is none",
        changed("support.toml", 'fri = ["09:00-17:00"]', 'fry = ["09:00-17:00"]'),
        "support.toml",
        "business_hours.fry",
        "unknown key",
    ),
    (
        "a country without known holidays",
        changed("support.toml", 'country = "CA"', 'country = "XX"'),
        "support.toml",
        "business_hours.holidays",
        "",
    ),
    (
        "an unknown region",
        changed("support.toml", 'region = "QC"', 'region = "QQ"'),
        "support.toml",
        "business_hours.holidays",
        "",
    ),
    (
        "an Easter that is none",
        changed("support.toml", 'region = "QC"', 'region = "QC", easter = "bunny"'),
        "support.toml",
        "business_hours.holidays",
        "good_friday",
    ),
    (
        "business times without business hours",
        changed(
            "support.toml",
            "\n".join(f'{day} = ["09:00-17:00"]' for day in ("mon", "tue", "wed", "thu", "fri")),
            "",
        ),
        "support.toml",
        "business_hours",
        "",
    ),
    (
        "a closure that is no date",
        {"closures.toml": 'closed = ["2026-12-24"]\n'},
        "closures.toml",
        "closed",
        "list of dates",
    ),
    (
        "a closure that is a moment",
        {"closures.toml": "closed = [2026-12-24T09:00:00]\n"},
        "closures.toml",
        "closed",
        "list of dates",
    ),
    (
        "a closure that is a list",
        {"closures.toml": "open = [[2026-12-24]]\n"},
        "closures.toml",
        "open",
        "list of dates",
    ),
    (
        "a closure that is a time of day",
        {"closures.toml": "open = [09:00:00]\n"},
        "closures.toml",
        "open",
        "list of dates",
    ),
    (
        "an unknown closure",
        {"closures.toml": "closd = []\n"},
        "closures.toml",
        "closd",
        "Did you mean 'closed'?",
    ),
    (
        "a time that is none",
        changed("support.toml", '"4 hours"', '"4 hrs"'),
        "support.toml",
        "targets.medium.expected",
        "4 hrs",
    ),
    (
        "an empty id",
        changed("support.toml", 'id = "small"', 'id = ""'),
        "support.toml",
        "policy.id",
        "empty",
    ),
    (
        "an empty zone",
        changed("support.toml", '"America/Toronto"', '""'),
        "support.toml",
        "business_hours.time_zone",
        "empty",
    ),
    (
        "an empty category",
        changed("classification.toml", 'category = "sales"', 'category = ""'),
        "classification.toml",
        "classification[quote].category",
        "empty",
    ),
    (
        "an empty time",
        changed("support.toml", '"4 hours"', '""'),
        "support.toml",
        "targets.medium.expected",
        "empty",
    ),
    (
        "a time of nothing",
        changed("support.toml", '"4 hours"', '"0 hours"'),
        "support.toml",
        "targets.medium.expected",
        "0 hours",
    ),
    (
        "a time beyond every calendar",
        changed("support.toml", '"4 hours"', '"999999999999 hours"'),
        "support.toml",
        "targets.medium.expected",
        "999999999999 hours",
    ),
    (
        "a priority that is none",
        changed("support.toml", 'priority = "normal"', 'priority = "medium"'),
        "support.toml",
        "targets.medium.priority",
        "'medium'",
    ),
    (
        "the priority that only people set",
        changed("support.toml", 'priority = "high"', 'priority = "urgent"'),
        "support.toml",
        "targets.high.priority",
        "urgent",
    ),
    (
        "a target without a French title",
        changed("support.toml", '{ en = "High", fr = "Haute" }', '{ en = "High" }'),
        "support.toml",
        "targets.high.title.fr",
        "is missing",
    ),
    (
        "a target that is no table",
        changed("support.toml", "[targets.high]", "[targets]\nodd = 1\n[targets.high]"),
        "support.toml",
        "targets.odd",
        "must be a table",
    ),
    (
        "a fee that is a number",
        changed("support.toml", 'amount = "85.00"', "amount = 85.00"),
        "support.toml",
        "fee.amount",
        "a text",
    ),
    (
        "a fee that is no amount",
        changed("support.toml", 'amount = "85.00"', 'amount = "85,00"'),
        "support.toml",
        "fee.amount",
        "85,00",
    ),
    (
        "a fee that is not a number at all",
        changed("support.toml", 'amount = "85.00"', 'amount = "NaN"'),
        "support.toml",
        "fee.amount",
        "NaN",
    ),
    (
        "a fee below nothing",
        changed("support.toml", 'amount = "85.00"', 'amount = "-85.00"'),
        "support.toml",
        "fee.amount",
        "-85.00",
    ),
    (
        "a block of no minutes",
        changed("support.toml", "block_minutes = 60", "block_minutes = 0"),
        "support.toml",
        "fee.block_minutes",
        "",
    ),
    *(
        (
            f"{key} of {value}",
            changed("support.toml", "block_minutes = 60", f"block_minutes = 60\n{key} = {value}"),
            "support.toml",
            f"fee.{key}",
            words,
        )
        for key, value, words in (
            ("open_hours", "0", "from 1 to 720"),
            ("open_hours", "721", "from 1 to 720"),
            ("open_hours", '"72"', "a whole number"),
            ("most_blocks", "0", "from 1 to 40"),
            ("most_blocks", "-1", "from 1 to 40"),
            ("most_blocks", "41", "from 1 to 40"),
            ("most_blocks", "true", "a whole number"),
        )
    ),
    (
        "a rule without a name",
        changed("classification.toml", 'name = "quote"\n', ""),
        "classification.toml",
        "classification[5].name",
        "is missing",
    ),
    (
        "a rule of an unknown clause",
        changed(
            "classification.toml",
            'name = "quote"\nclause = "A7"',
            'name = "quote"\nclause = "A77"',
        ),
        "classification.toml",
        "classification[quote].clause",
        "Did you mean 'A7'?",
    ),
    (
        "a category without a target",
        changed("classification.toml", '"medium.website_offline"', '"medum.website_offline"'),
        "classification.toml",
        "classification[website-offline]",
        "Did you mean 'medium'?",
    ),
    (
        "a classification without a category",
        changed("classification.toml", 'category = "sales"\n', ""),
        "classification.toml",
        "classification[quote].category",
        "is missing",
    ),
    (
        "a condition that classification cannot ask",
        changed(
            "classification.toml",
            'name = "quote"',
            'name = "quote"\nnot_categories = ["low.general"]',
        ),
        "classification.toml",
        "classification[quote].not_categories",
        "",
    ),
    (
        "a result of another stage",
        changed("classification.toml", 'name = "quote"', 'name = "quote"\nhold = true'),
        "classification.toml",
        "classification[quote].hold",
        "unknown key",
    ),
    (
        "a second clock where none can start",
        changed("classification.toml", 'name = "quote"', 'name = "quote"\nbusiness_clock = "x"'),
        "classification.toml",
        "classification[quote].business_clock",
        "unknown key",
    ),
    (
        "a last rule with conditions",
        {"classification.toml": FILES["classification.toml"].rpartition("[[")[0]},
        "classification.toml",
        "",
        "last rule",
    ),
    (
        "no classification at all",
        {"classification.toml": ""},
        "classification.toml",
        "",
        "last rule",
    ),
    (
        "rows that are no tables",
        {"adjustments.toml": 'adjustments = ["level-2"]\n'},
        "adjustments.toml",
        "adjustments",
        "[[adjustments]]",
    ),
    (
        "two rules of one name",
        changed("adjustments.toml", 'name = "in-french"', 'name = "level-2"'),
        "adjustments.toml",
        "adjustments/level-2",
        "two rules",
    ),
    (
        "an unknown channel",
        changed("adjustments.toml", '"phone"', '"fone"'),
        "adjustments.toml",
        "adjustments[by-telephone].channels",
        "Did you mean 'phone'?",
    ),
    (
        "an unknown language",
        changed("adjustments.toml", 'languages = ["fr"]', 'languages = ["french"]'),
        "adjustments.toml",
        "adjustments[in-french].languages",
        "'french'",
    ),
    (
        "an unknown standing",
        changed("support.toml", 'standings = ["unregistered"]', 'standings = ["unregisterd"]'),
        "support.toml",
        "eligibility[unregistered-sender].standings",
        "Did you mean 'unregistered'?",
    ),
    (
        "an unknown category in a condition",
        changed("support.toml", 'not_categories = ["sales"]', 'not_categories = ["slaes"]'),
        "support.toml",
        "eligibility[unregistered-sender]",
        "Did you mean 'sales'?",
    ),
    (
        "an unknown clock",
        changed("adjustments.toml", 'clocks = ["level_2"]', 'clocks = ["level_3"]'),
        "adjustments.toml",
        "adjustments[level-2]",
        "Did you mean 'level_2'?",
    ),
    (
        "a reading of an unknown clause",
        changed("readings.toml", 'clauses = ["A4"]', 'clauses = ["Z1"]'),
        "readings.toml",
        "readings[Q1].clauses",
        "no clause Z1",
    ),
    (
        "a reading of an unknown rule",
        changed("readings.toml", "classification/general", "classification/genral"),
        "readings.toml",
        "Q1",
        "Did you mean 'classification/general'?",
    ),
    (
        "a reading nobody ruled",
        changed("readings.toml", 'ruled_by = "A. Tremblay"\n', ""),
        "readings.toml",
        "readings[Q1].ruled_by",
        "is missing",
    ),
    (
        "two readings of one name",
        {"readings.toml": FILES["readings.toml"] * 2},
        "readings.toml",
        "Q1",
        "two readings",
    ),
    (
        "a clause that French lacks",
        changed("policy.fr.md", "### A7 · Ventes\n", ""),
        "policy.fr.md",
        "",
        "A7",
    ),
    (
        "two clauses of one name",
        {
            "policy.md": FILES["policy.md"] + "\n### A7 · Again\n",
            "policy.fr.md": FILES["policy.fr.md"] + "\n### A7 · Encore\n",
        },
        "policy.md",
        "A7",
        "two clauses",
    ),
    (
        "a fact's title in one language",
        {"terms/titles.toml": '"website.offline" = { en = "x" }\n'},
        "terms/titles.toml",
        "website.offline.fr",
        "is missing",
    ),
]


@pytest.mark.parametrize(
    ("change", "file", "place", "words"),
    [pytest.param(*row[1:], id=row[0].replace(" ", "-")) for row in BROKEN],
)
def test_a_mistake_is_told_with_its_file_its_place_and_a_suggestion(
    tmp_path: Path, change: dict[str, str], file: str, place: str, words: str
) -> None:
    problems = problems_of(tmp_path, change)
    told = [p for p in problems if p.file == file and p.where == place and words in str(p)]
    assert told, "\n".join(map(str, problems))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_told_by_its_name(tmp_path: Path, name: str) -> None:
    folder = write_policy(tmp_path)
    (folder / name).unlink()
    with pytest.raises(PolicyError) as caught:
        load(folder)
    assert (name, "is missing") in {(p.file, p.what) for p in caught.value.problems}


def test_a_folder_that_does_not_exist_is_a_policy_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path / "nowhere")
    assert {problem.file for problem in caught.value.problems} >= set(FILES)


def test_a_file_that_is_not_utf_8_is_told_by_its_name(tmp_path: Path) -> None:
    folder = write_policy(tmp_path)
    (folder / "adjustments.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(PolicyError) as caught:
        load(folder)
    assert "adjustments.toml" in {problem.file for problem in caught.value.problems}


def test_mistakes_in_every_file_are_told_at_once(tmp_path: Path) -> None:
    changes = (
        changed("support.toml", '"4 hours"', '"4 hrs"')
        | changed("classification.toml", 'clause = "A7"', 'clause = "Q7"')
        | changed("adjustments.toml", '"phone"', '"fone"')
        | changed("readings.toml", 'clauses = ["A4"]', 'clauses = ["Z1"]')
        | {"closures.toml": "closed = 1\n", "terms/titles.toml": "x = 1\n"}
        | changed("policy.fr.md", "### A8 · Remboursements\n", "")
    )
    files = {problem.file for problem in problems_of(tmp_path, changes)}
    assert files == {*changes}


def test_a_bad_zone_bad_hours_and_a_bad_country_are_told_at_once(tmp_path: Path) -> None:
    text = (
        SUPPORT.replace("America/Toronto", "America/Torronto")
        .replace('mon = ["09:00-17:00"]', 'mon = ["09:00-25:00"]')
        .replace('country = "CA"', 'country = "XX"')
    )
    told = "\n".join(map(str, problems_of(tmp_path, {"support.toml": text})))
    assert "America/Torronto" in told
    assert "25:00" in told
    assert "XX" in told


def test_the_same_mistakes_are_told_in_the_same_order(tmp_path: Path) -> None:
    text = SUPPORT.replace('clauses = ["A1"]', 'clauses = ["Z5", "Z3", "Z4", "Z1", "Z2"]')
    problems = problems_of(tmp_path, {"support.toml": text})
    clauses = [p.what for p in problems if p.where == "policy.clauses"]
    assert [what.rpartition(" ")[2] for what in clauses] == ["Z5.", "Z3.", "Z4.", "Z1.", "Z2."]


def test_the_error_prints_one_line_for_each_problem(tmp_path: Path) -> None:
    changes = changed("support.toml", '"4 hours"', '"4 hrs"') | {"closures.toml": "x = 1\n"}
    with pytest.raises(PolicyError) as caught:
        load(write_policy(tmp_path, changes))
    assert len(str(caught.value).splitlines()) == len(caught.value.problems) == 2


def test_no_target_sets_the_priority_that_is_reserved_for_people(policy: Policy) -> None:
    assert Priority.URGENT not in {target.priority for target in policy.targets}


@pytest.mark.parametrize("tag", ["two words", "a,b", "priorité", "", "x" * 61, 'say "hi"'])
def test_a_tag_that_some_help_desk_cannot_hold_is_a_problem(tmp_path: Path, tag: str) -> None:
    written = tag.replace('"', '\\"')
    with pytest.raises(PolicyError) as caught:
        small_policy(
            tmp_path,
            changed("support.toml", 'tags = ["policy_medium"]', f'tags = ["{written}"]'),
        )
    assert [problem.where for problem in caught.value.problems] == ["targets.medium.tags"]
