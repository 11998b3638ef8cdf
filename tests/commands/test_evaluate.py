"""``support-policy evaluate``, as an admin uses it on an export of their own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.small_policy import changed, write_policy

from support_policy.cli import group
from support_policy.commands.evaluation import measured as measure
from support_policy.core.load import load
from support_policy.core.scores import Judged, Label
from support_policy.labelled import Decided

COMMAND = [sys.executable, "-m", "support_policy.cli", "evaluate"]
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

# What the small policy decides of each, and whether it marks it for review.
HIT = {"id": "hit", "subject": "The site is down, no ping.", "category": "high.server"}
MISSED = {"id": "missed", "body": "Nothing answers any more.", "category": "high.server"}
WRONGLY = {"id": "wrongly", "body": "It hits all my sites.", "category": "medium.website_offline"}
PRODUCT = {"id": "product", "body": "My joomla is slow.", "category": "medium.website_offline"}
DEFENDED = {
    "id": "defended",
    "body": "The site of my joomla.",
    "labels": {
        "category": "medium.website_offline",
        "acceptable": ["medium.website_offline", "low.third_party"],
        "language": "fr",
    },
}
QUOTE = {"id": 7, "body": "A quote, please, for one more server.", "category": "sales"}
PRIORITY = {"id": 8, "body": "My wordpress is slow.", "category": "low"}
ALL = (HIT, MISSED, WRONGLY, PRODUCT, DEFENDED, QUOTE, PRIORITY)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_policy(tmp_path / "small", {"terms/en.toml": TERMS})


def labelled(folder: Path, *lines: Mapping[str, Any] | str) -> Path:
    file = folder / "labelled.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return file


def evaluate(policy: Path, *lines: Mapping[str, Any] | str, more: tuple[str, ...] = ()) -> Result:
    file = labelled(policy.parent, *lines)
    return CliRunner().invoke(group, ["evaluate", str(file), "--policy", str(policy), *more])


def measured(policy: Path, *lines: Mapping[str, Any] | str, more: tuple[str, ...] = ()) -> Any:
    done = evaluate(policy, *lines, more=("--json", *more))
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == 1
    return json.loads(done.stdout)


def row(text: str, title: str) -> list[str]:
    """The cells of the first row with this title."""
    found = next(line for line in text.splitlines() if line.strip().startswith(f"{title} "))
    return found.strip().removeprefix(title).split()


# ------------------------------------------------------------------- figures


def test_the_figures_are_those_worked_out_by_hand(small: Path) -> None:
    found = measured(small, *ALL)
    # priority: high 2 labelled, 2 decided, 1 right; medium 3, 0, 0; low 1 labelled, 4 decided,
    # 1 right; sales 1, 1, 1.
    assert found["priority"]["strict"] == pytest.approx((2 / 4 + 0 + 2 / 5 + 1) / 4)
    # lenient: the defended one counts as low: medium 2, 0, 0; low 2 labelled, 4 decided, 2 right.
    assert found["priority"]["lenient"] == pytest.approx((2 / 4 + 0 + 4 / 6 + 1) / 4)
    # category, without the ticket that has a priority alone: high.server 2, 1, 1;
    # medium.website_offline 3, 0, 0; sales 1, 1, 1; lenient also low.third_party 1, 2, 1.
    assert found["category"]["tickets"] == 6
    assert found["category"]["strict"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert found["category"]["lenient"] == pytest.approx((2 / 3 + 0 + 1 + 2 / 3) / 4)
    high = found["priority"]["classes"]["high"]
    assert (high["precision"], high["recall"], high["f1"], high["tickets"]) == (0.5, 0.5, 0.5, 2)
    assert (high["decided"], high["right"]) == (2, 1)
    assert found["category"]["classes"]["high.many"]["recall"] is None


def test_a_person_reads_the_same_figures_as_a_script(small: Path) -> None:
    text = evaluate(small, *ALL).stdout
    assert text.startswith("7 tickets: ")
    assert row(text, "priority") == ["7", "0.475", "0.542"]
    assert row(text, "category") == ["6", "0.556", "0.583"]
    assert row(text, "high") == ["2", "0.500", "0.500", "0.500"]
    assert row(text, "high.many") == ["0", "0.000", "-", "-"]
    assert row(text, "fr") == ["1", "0.000", "1.000"]


def test_tickets_for_review_are_told_from_the_others(small: Path) -> None:
    found = measured(small, *ALL)["review"]
    assert found["marked"] == {"tickets": 1, "right": 0, "acceptable": 0}
    assert found["unmarked"] == {"tickets": 6, "right": 3, "acceptable": 4}
    text = evaluate(small, *ALL).stdout
    assert row(text, "not marked") == ["6", "3", "(50%)", "4", "(67%)"]


def test_an_adjustment_can_mark_a_ticket_for_review(small: Path) -> None:
    marking = changed(
        "adjustments.toml", 'tags = ["channel_unofficial"]', 'tags = ["needs_review"]'
    )
    write_policy(small, marking | {"terms/en.toml": TERMS})
    by_phone = measured(small, {**QUOTE, "channel": "phone"}, QUOTE)["review"]
    assert by_phone["marked"]["tickets"] == 1


def test_the_channel_counts_where_the_policy_asks_for_it(small: Path) -> None:
    by_phone = changed("classification.toml", 'any = ["sales.quote"]', 'channels = ["phone"]')
    write_policy(small, by_phone | {"terms/en.toml": TERMS})
    found = measured(small, {**QUOTE, "channel": "phone"}, QUOTE)
    assert found["category"]["classes"]["sales"]["recall"] == 0.5
    assert [each["id"] for each in found["misses"]["worst"]] == [QUOTE["id"]]


def test_the_requesters_own_setting_is_the_language_of_the_ticket(small: Path) -> None:
    found = measured(small, {**QUOTE, "language": "fr"})
    assert list(found["languages"]) == ["fr"]


@pytest.mark.parametrize(
    ("spelt", "language"),
    [("fr", "fr"), ("FR-CA", "fr"), (" En-us ", "en"), ("OTHER", "other"), ("other-de", "other")],
)
def test_the_language_of_a_label_may_be_spelt_with_capitals_and_a_country(
    small: Path, spelt: str, language: str
) -> None:
    found = measured(small, {**QUOTE, "labels": {"category": "sales", "language": spelt}})
    assert list(found["languages"]) == [language]


def test_a_label_without_a_language_leaves_it_to_what_was_read(small: Path) -> None:
    for language in ("", None):
        label = {"category": "sales", "language": language}
        found = measured(small, {**QUOTE, "language": "fr", "labels": label})
        assert list(found["languages"]) == ["fr"]


def test_who_asks_changes_nothing(small: Path) -> None:
    line = {**HIT, "requester": {"address": "nobody@example.com"}}
    assert measured(small, line)["priority"]["strict"] == 1.0


# ---------------------------------------------------------------- mistakes


def test_misses_begin_with_the_high_ones_that_were_missed(small: Path) -> None:
    found = measured(small, PRODUCT, WRONGLY, *ALL[:2], DEFENDED)["misses"]
    assert [each["id"] for each in found["worst"]] == ["missed", "wrongly", "product"]
    assert found["worst"][1] == {
        "id": "wrongly",
        "expected": "medium.website_offline",
        "decided": "high.many",
        "words": "“all my sites”",
        "rule": "classification/outage-of-many",
    }


def test_a_miss_is_told_with_its_words_and_its_rule(small: Path) -> None:
    lines = evaluate(small, PRODUCT, MISSED).stdout.splitlines()
    start = lines.index("Misses: 2, the worst first")
    assert lines[start + 1 :] == [
        "  missed: expected high.server, decided low.general",
        "      no words of the ticket (classification/general)",
        "  product: expected medium.website_offline, decided low.third_party",
        "      “joomla” (classification/third-party)",
    ]


def test_no_more_misses_are_listed_than_asked_for(small: Path) -> None:
    text = evaluate(small, PRODUCT, MISSED, WRONGLY, more=("--misses", "1")).stdout
    assert text.count(": expected ") == 1
    assert "missed: expected" in text
    assert text.endswith("… and 2 more\n")
    found = measured(small, PRODUCT, MISSED, WRONGLY, more=("--misses", "0"))["misses"]
    assert (found["tickets"], found["worst"]) == (3, [])


def test_a_tickets_text_is_shown_in_short_quotes_only(small: Path) -> None:
    secret = {**PRODUCT, "subject": "Confidential", "body": "The joomla of Berthe Tremblay."}
    for more in ((), ("--json",), ("--confusion",), ("--against", str(small))):
        done = evaluate(small, secret, more=more)
        assert "joomla" in done.output
        assert not {word for word in ("Confidential", "Berthe") if word in done.output}


def test_what_was_mixed_up_most_often_comes_first(small: Path) -> None:
    lines = evaluate(small, PRODUCT, WRONGLY, DEFENDED, HIT).stdout.splitlines()
    start = lines.index("Mixed up most often, by category")
    assert lines[start + 1 : start + 3] == [
        "     2  expected medium.website_offline, decided low.third_party",
        "     1  expected medium.website_offline, decided high.many",
    ]


def test_no_more_than_ten_of_what_was_mixed_up_are_listed(small: Path) -> None:
    bodies = ("down, no ping", "all my sites", "joomla", "hello")
    known = ("medium.website_offline", "sales", "low.general", "high.many")
    lines = [{"body": body, "category": category} for body in bodies for category in known]
    text = evaluate(small, *lines, {**QUOTE, "category": "low.general"}).stdout
    by_category = text[text.index("Mixed up most often, by category") : text.index("Misses")]
    assert by_category.count("expected") == 10
    assert "… and 5 more" in by_category  # 17 pairs, two of them right


def test_the_whole_matrix_is_shown_when_asked_for(small: Path) -> None:
    text = evaluate(small, PRODUCT, WRONGLY, HIT, more=("--confusion",)).stdout
    matrix = text[text.index("Expected priority") :]
    assert row(matrix, "1 high") == ["1", ".", "."]
    assert row(matrix, "2 medium") == ["1", ".", "1"]
    assert row(matrix, "3 low") == [".", ".", "."]
    assert "Mixed up" not in text


def test_all_is_right_says_so(small: Path) -> None:
    text = evaluate(small, HIT, QUOTE).stdout
    assert text.endswith("\nMisses: none\n")
    assert "Mixed up" not in text


# ---------------------------------------------------------------- two policies


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The same policy, which also knows what "nothing answers" means, and no joomla."""
    terms = TERMS.replace('["all my sites"]', '["all my sites", "nothing answers"]')
    terms = terms.replace('["joomla"]', '["drupal"]').replace('["wordpress"]', '["wordpress|slow"]')
    return write_policy(tmp_path / "other", {"terms/en.toml": terms})


def test_changed_tickets_are_better_or_worse_than_against(small: Path, other: Path) -> None:
    found = measured(other, *ALL, more=("--against", str(small)))["changed"]
    better, worse = found["better"], found["worse"]
    assert [each["id"] for each in better["first"]] == ["missed"]
    assert (better["first"][0]["decided"], better["first"][0]["against"]) == (
        "high.many",
        "low.general",
    )
    assert [each["id"] for each in worse["first"]] == ["defended"]
    assert found["neither"]["tickets"] == 0
    back = measured(small, *ALL, more=("--against", str(other)))["changed"]
    assert [each["id"] for each in back["better"]["first"]] == ["defended"]
    assert [each["id"] for each in back["worse"]["first"]] == ["missed"]


def test_no_more_changed_tickets_are_listed_than_asked_for(small: Path, other: Path) -> None:
    lines = [{**MISSED, "id": number} for number in range(3)]
    more = ("--against", str(small), "--misses", "2")
    found = measured(other, *lines, more=more)["changed"]["better"]
    assert (found["tickets"], [each["id"] for each in found["first"]]) == (3, [0, 1])
    text = evaluate(other, *lines, more=more).stdout
    assert text[: text.index("Misses")].count(": expected") == 2
    assert "Changed: 3 better, 0 worse, 0 neither\n\nBetter than against\n" in text
    assert "… and 1 more" in text[: text.index("Misses")]


def test_both_policies_stand_side_by_side(small: Path, other: Path) -> None:
    text = evaluate(other, *ALL, more=("--against", str(small), "--misses", "1")).stdout
    alone, beside = evaluate(other, *ALL).stdout, evaluate(small, *ALL).stdout
    mine, theirs = row(alone, "priority"), row(beside, "priority")
    assert mine != theirs
    assert row(text, "priority") == [mine[0], mine[1], theirs[1], mine[2], theirs[2]]
    assert row(text, "high") == ["2", "0.667", "0.500", "1.000", "0.500", "0.800", "0.500"]
    assert row(text, "marked (against)") == row(beside, "marked")
    assert "Changed: 1 better, 1 worse, 0 neither" in text
    assert "  missed: expected high.server, decided high.many, against low.general\n" in text


def test_two_versions_of_one_policy_go_by_what_they_were_called(small: Path, other: Path) -> None:
    lines = evaluate(other, HIT, more=("--against", str(small))).stdout.splitlines()
    assert lines[1:3] == [f"policy: {other} (small 1)", f"against: {small} (small 1)"]


def test_a_category_that_only_the_other_policy_has_is_a_decision_like_any(
    small: Path, tmp_path: Path
) -> None:
    foreign = changed("classification.toml", '"high.many"', '"high.crowd"')
    write_policy(tmp_path / "foreign", foreign | {"terms/en.toml": TERMS})
    more = ("--against", str(tmp_path / "foreign"))
    found = measured(small, {**WRONGLY, "category": "high.many"}, more=more)
    assert found["category"]["strict"] == 1.0
    assert found["against"]["category"]["strict"] == 0.0
    assert found["against"]["priority"]["strict"] == 1.0
    assert evaluate(small, {**WRONGLY, "category": "high.many"}, more=more).exit_code == 0


def test_both_are_measured_on_the_same_tickets_of_a_language(small: Path) -> None:
    policy, label = load(small), Label(priority="sales", category="sales", acceptable=frozenset())
    one, other = (
        Decided(id=1, judged=Judged(label=label, category="sales", language=it), words=(), rule="")
        for it in ("fr", "en")
    )
    first = measure("a", policy, [one])
    assert [name for name, _ in measure("b", policy, [other]).evaluation.languages] == ["en"]
    beside = measure("b", policy, [other], beside=first)
    assert [name for name, _ in beside.evaluation.languages] == ["fr"]


def test_a_policy_differs_in_nothing_from_itself(small: Path) -> None:
    found = measured(small, *ALL, more=("--against", str(small)))
    assert {name: each["tickets"] for name, each in found["changed"].items()} == {
        "better": 0,
        "worse": 0,
        "neither": 0,
    }
    assert found["against"]["priority"] == found["priority"]


# ---------------------------------------------------------------- wrong lines


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("no json", "is not a JSON object."),
        ('["list"]', "is not a JSON object."),
        ("[" * 100_000, "is not a JSON object."),
        ({"body": "x"}, "has no label: category is missing."),
        ({"body": "x", "labels": {}, "category": "low"}, "has no label: category is missing."),
        ({"category": "low"}, "has neither subject nor body."),
        ({"body": ["x"], "category": "low"}, "body must be a text."),
        ({"body": "x", "category": 3}, "category must be a text."),
        ({"body": "x", "channel": 3, "category": "low"}, "channel must be a text."),
        ({"body": "x", "language": {}, "category": "low"}, "language must be a text."),
        *(
            (
                {"body": "x", "labels": {"category": "low", "language": given}},
                f"{given!r} is no language of a label. Known: en, fr, other.",
            )
            for given in ("de", "french", "fr_CA", "-fr")
        ),
        (
            {"body": "x", "category": "low", "acceptable": "low"},
            "acceptable must be a list of categories.",
        ),
    ],
)
def test_a_wrong_line_is_told_by_its_number_and_left_out(
    small: Path, line: Mapping[str, Any] | str, problem: str
) -> None:
    done = evaluate(small, HIT, "", line, QUOTE)
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        f"{small.parent / 'labelled.jsonl'}: line 3: {problem}",
        "tickets read: 2; lines left out: 1",
    ]
    assert done.stdout.startswith("2 tickets: ")


@pytest.mark.parametrize(
    "label",
    [
        {"category": "medium.website_ofline"},
        {"category": "low", "acceptable": ["medium.website_ofline"]},
    ],
)
def test_a_category_that_the_policy_does_not_know_is_told_with_those_it_knows(
    small: Path, label: Mapping[str, Any]
) -> None:
    told = evaluate(small, {"body": "x", **label}, QUOTE).stderr
    assert "the policy knows no category 'medium.website_ofline'" in told
    assert "Did you mean 'medium.website_offline'?" in told
    assert (
        "Known: high.server, high.many, medium.website_offline, low.third_party, low.general, "
        "sales, high, medium, low." in told
    )


def test_a_priority_is_acceptable_with_all_its_categories(small: Path) -> None:
    found = measured(small, {**PRODUCT, "acceptable": ["low"]})
    assert (found["category"]["strict"], found["category"]["lenient"]) == (0.0, 1.0)


def test_when_no_line_could_be_read_the_exit_code_is_one(small: Path) -> None:
    for lines, left_out in (((), 0), (("nonsense", "{}"), 2)):
        done = evaluate(small, *lines)
        assert done.exit_code == 1
        assert done.stdout == ""
        assert done.stderr.endswith(f"tickets read: 0; lines left out: {left_out}\n")


def test_a_ticket_without_an_id_goes_by_its_line(small: Path) -> None:
    nameless = {key: value for key, value in PRODUCT.items() if key != "id"}
    found = measured(small, HIT, nameless, {**PRODUCT, "id": [1]}, {**PRODUCT, "id": True})
    worst = found["misses"]["worst"]
    assert [each["id"] for each in worst] == ["line 2", "line 3", "line 4"]


@pytest.mark.parametrize("nothing", ["", "  ", "\n\x1b", "\u200b\u202e", "\ud800", "\xa0"])
def test_an_id_of_which_nothing_can_be_seen_goes_by_its_line(small: Path, nothing: str) -> None:
    line = {**PRODUCT, "id": nothing}
    assert [each["id"] for each in measured(small, HIT, line)["misses"]["worst"]] == ["line 2"]
    assert "\n  line 2: expected medium" in evaluate(small, HIT, line).stdout


def test_whatever_an_id_holds_stays_on_its_line(small: Path) -> None:
    text = evaluate(small, {**PRODUCT, "id": "a\nb\x1b[31m\ud800" + "c" * 99}).stdout
    line = next(line for line in text.splitlines() if ": expected medium" in line)
    assert line.startswith("  a b [31m ccc")
    assert "\x1b" not in text
    assert len(line) < 120


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.jsonl",),
        (),
        ("labelled.jsonl", "--policy", "nowhere"),
        ("labelled.jsonl", "--against", "nowhere"),
        ("labelled.jsonl", "--misses", "-1"),
    ],
)
def test_a_command_that_cannot_be_meant_ends_with_two(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled(tmp_path, {"body": "x", "category": "sales"})
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(group, ["evaluate", *arguments]).exit_code == 2


# ---------------------------------------------------------------- the real thing


def test_the_packaged_policy_is_measured_from_any_folder(tmp_path: Path) -> None:
    lines = (
        {"id": 1, "body": "cPanel will not load, port 2083 times out.", "category": "high"},
        {"id": 2, "body": "Combien coûte le VPS par mois?", "category": "sales"},
    )
    labelled(tmp_path, *lines)
    done = subprocess.run(
        [*COMMAND, "labelled.jsonl", "--json"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["priority"]["strict"] == 1.0
    assert {name: each["tickets"] for name, each in found["languages"].items()} == {
        "en": 1,
        "fr": 1,
    }


def test_tickets_are_decided_as_classify_decides_them() -> None:
    tickets = [
        {"id": 1, "subject": "Panel", "body": "cPanel will not load, port 2083 times out."},
        {"id": 2, "subject": "Prix", "body": "Combien coûte le VPS?", "channel": "phone"},
        {"id": 3, "subject": "", "body": "WordPress shows a critical error."},
        {"id": 4, "subject": "", "body": "Rien", "language": "en", "channel": "carrier pigeon"},
    ]
    given = "".join(f"{json.dumps({**each, 'category': 'management'})}\n" for each in tickets)
    runner = CliRunner()
    rows = runner.invoke(group, ["classify"], input=given).stdout.splitlines()
    found = json.loads(runner.invoke(group, ["evaluate", "-", "--json"], input=given).stdout)
    decided = {each["id"]: each["decided"] for each in found["misses"]["worst"]}
    assert decided == {row["id"]: row["category"] for row in map(json.loads, rows)}
    assert len(decided) == len(tickets)


def test_a_bar_moves_on_a_persons_terminal_and_the_figures_stay_clean(small: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, str(labelled(small.parent, *ALL)), "--policy", str(small), "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        timeout=60,
        check=False,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "small" in shown
    assert "100%" in shown
    assert json.loads(done.stdout)["tickets"] == len(ALL)
