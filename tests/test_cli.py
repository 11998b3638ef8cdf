"""The command line, as an admin and as a script use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.store.examples import BASIS, NOW, decision, delivery, take_one, update

from support_policy.cli import group
from support_policy.commands.json_lines import written
from support_policy.core.load import load
from support_policy.core.ticket import TicketRef
from support_policy.demo.story import CATEGORIES
from support_policy.errors import SettingsError
from support_policy.service import prepare
from support_policy.settings import load_settings
from support_policy.store.database import StoreUnavailableError
from support_policy.store.outcome import Outcome
from support_policy.store.store import Store

COMMAND = [sys.executable, "-m", "support_policy.cli"]
FLAGS = {"third_party", "advanced_support_candidate", "multi_issue", "injection", "language"}


def run(
    *arguments: str, stdin: str = "", folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        cwd=folder,
        env={**os.environ, "HOME": str(folder or Path.cwd())},
        capture_output=True,
        text=True,
        timeout=60,
    )


def invoke(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(group, list(arguments), input=stdin)


# ------------------------------------------------------------------- classify


def classify(tickets: list[object], folder: Path) -> list[dict[str, object]]:
    lines = "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in tickets)
    done = run("classify", stdin=lines, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_classify_answers_every_line_in_the_same_order_from_any_folder(tmp_path: Path) -> None:
    rows = classify(
        [
            {"id": "b", "subject": "cPanel", "body": "cPanel will not load, port 2083 times out."},
            {"id": "a", "subject": "Prix", "body": "Combien coûte le VPS par mois?"},
            {"id": 7, "subject": "", "body": ""},
        ],
        tmp_path,
    )
    assert [row["id"] for row in rows] == ["b", "a", 7]
    assert [row["category"] for row in rows] == [
        "high.control_panel_inaccessible",
        "sales",
        "low.general_question",
    ]
    assert [row["priority"] for row in rows] == ["high", "sales", "low"]
    assert all(set(row) == {"id", "category", "priority", "flags", "evidence"} for row in rows)


def test_classify_gives_flags_and_the_words_that_decided(tmp_path: Path) -> None:
    body = (
        "Depuis la mise à jour, l'extension WooCommerce casse le panier de ma boutique WordPress."
    )
    (row,) = classify([{"id": "1", "subject": "WordPress", "body": body}], tmp_path)
    flags = row["flags"]
    assert isinstance(flags, dict)
    assert set(flags) == FLAGS
    assert (flags["third_party"], flags["language"]) == (True, "fr")
    assert all(isinstance(flags[name], bool) for name in FLAGS - {"language"})
    evidence = row["evidence"]
    assert isinstance(evidence, list)
    assert evidence
    for each in evidence:
        assert set(each) == {"field", "quote", "fact"}
        assert each["quote"] in {"subject": "WordPress", "body": body}[each["field"]]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "3",
        '{"id": "x"}',
        '{"id": "x", "subject": 3, "body": null, "channel": "pigeon"}',
        json.dumps({"id": "x", "body": "\x00\u202e" + "é" * 20_000 + "<p>" * 500 + "😀"}),
        "[" * 100_000,
    ],
)
def test_classify_gives_an_answer_to_whatever_a_line_holds(line: str, tmp_path: Path) -> None:
    rows = classify([line, {"id": "after", "body": "My site is down"}], tmp_path)
    assert len(rows) == 2
    assert rows[0]["category"] in CATEGORIES
    assert (rows[1]["id"], rows[1]["category"]) == ("after", "medium.website_offline")


def test_classify_never_asks_who_wrote(tmp_path: Path) -> None:
    ticket = {"id": "1", "body": "My site is down", "requester": "nobody@nowhere.example"}
    assert classify([ticket], tmp_path)[0]["category"] == "medium.website_offline"


def test_classify_writes_no_progress_bar_into_a_pipe(tmp_path: Path) -> None:
    done = run("classify", stdin='{"id": 1, "body": "x"}\n', folder=tmp_path)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_classify_loses_no_line_to_an_odd_one_and_writes_only_json(tmp_path: Path) -> None:
    odd = (
        rb'{"id": "\ud800", "body": "\udfff cPanel is down"}',
        rb'{"id": NaN}',
        rb'{"id": 1e999}',
        rb'{"id": [-Infinity, 1.5]}',
        b'{"id": "\xff", "body": "\xe9 site"}',
        b"\xff\xfe",
        '{"id": "a\u2028b\x85c"}'.encode(),
        '{"id": "é"}'.encode(),
    )
    file = tmp_path / "tickets.jsonl"
    file.write_bytes(b"\n".join(odd) + b"\n")
    for arguments, stdin in (([str(file)], b""), ([], file.read_bytes())):
        done = subprocess.run(
            [*COMMAND, "classify", *arguments], input=stdin, capture_output=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b"")
        rows = [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines()]
        ids = ["\ud800", None, None, [None, 1.5], "\ufffd", 6, "a\u2028b\x85c", "é"]
        assert [row["id"] for row in rows] == ids
        assert "é".encode() in done.stdout, "escaped only where it must be"


def test_classify_gives_back_no_id_that_cannot_be_written() -> None:
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    assert json.loads(written({"id": deep, "category": "sales"})) == {
        "id": None,
        "category": "sales",
    }


# -------------------------------------------------------------------- explain


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["High", "expected", "not guaranteed", "clause R07", "Counted day and night"]),
        ("fr", ["Haute", "attendue", "non garanti", "clause R07", "Compté jour et nuit"]),
    ],
)
def test_explain_names_words_rule_clause_and_time_in_both_languages(
    language: str, words: list[str]
) -> None:
    answer = invoke("explain", "--in", language, "cPanel will not load, port 2083 times out")
    assert answer.exit_code == 0
    for each in (*words, "classification/panel-fault", "cPanel will not load"):
        assert each in answer.output


def test_explain_says_why_a_ticket_is_not_in_a_higher_class() -> None:
    answer = invoke("explain", "I cannot access cPanel, it says invalid login")
    assert "Medium" in answer.output
    assert "Not High" in answer.output


def test_explain_shows_the_steps_of_a_business_target() -> None:
    answer = invoke(
        "explain", "--department", "level_2", "--received", "2026-06-23T15:00:00-04:00", "Hello"
    )
    assert "Tue 23 Jun" in answer.output
    assert "holiday" in answer.output
    assert "Thu 25 Jun 2026, 11:00 EDT" in answer.output


def test_explain_reads_a_ticket_from_a_file_or_standard_input(tmp_path: Path) -> None:
    ticket = tmp_path / "ticket.json"
    ticket.write_text('{"subject": "Prix", "body": "Combien coûte le VPS?"}', encoding="utf-8")
    assert "Sales" in invoke("explain", "--file", str(ticket)).output
    assert "Sales" in invoke("explain", "--file", "-", stdin="How much is the VPS?").output


def test_explain_reads_what_is_piped_into_it() -> None:
    assert "Sales" in run("explain", stdin="How much is the VPS?").stdout
    nothing = run("explain")
    assert nothing.returncode == 2
    assert "TEXT" in nothing.stderr


def test_explain_names_the_level_whose_time_comes_first() -> None:
    answer = invoke("explain", "--department", "level_2", "I want to speak to your manager")
    assert answer.output.startswith("Management, with Level 2")


def test_explain_refuses_a_moment_that_is_none() -> None:
    answer = invoke("explain", "--received", "yesterday", "Hello")
    assert answer.exit_code == 2
    assert "2026-11-23T10:00:00-05:00" in answer.output


@pytest.mark.parametrize(
    ("key", "word", "known"), [("channel", "pigeon", "email"), ("standing", "pal", "reseller")]
)
def test_explain_refuses_a_word_in_a_file_that_is_none_of_those_known(
    tmp_path: Path, key: str, word: str, known: str
) -> None:
    ticket = tmp_path / "ticket.json"
    ticket.write_text(json.dumps({"body": "Hello", key: word}), encoding="utf-8")
    answer = invoke("explain", "--file", str(ticket))
    assert answer.exit_code == 2
    for each in (key, word, known):
        assert each in answer.output


def test_explain_refuses_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe\x00")
    answer = invoke("explain", "--file", str(tmp_path / "picture"))
    assert answer.exit_code == 2
    assert "not a text" in answer.output


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2013-01-01", "before the policy took effect on 2013-06-27"),
        ("9999-12-31T23:59:59-05:00", "1902 to 2197"),
        ("2199-12-31T12:00:00", "1902 to 2197"),
        ("0001-01-01T00:00:00+14:00", "1902 to 2197"),
    ],
)
def test_explain_refuses_a_moment_that_the_policy_says_nothing_of(moment: str, words: str) -> None:
    answer = invoke("explain", "--received", moment, "Hello")
    assert answer.exit_code == 2
    assert words in " ".join(answer.output.split())


def test_explain_counts_to_the_last_moment_that_it_accepts() -> None:
    last = ("--received", "2197-12-31T23:59:59", "--department", "level_3")
    assert invoke("explain", *last, "Hello").exit_code == 0


# ------------------------------------------------------- init, check, settings


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--processes", "0"),
        ("work", "--workers", "0"),
        ("deliveries", "--limit", "0"),
        ("decisions", "--limit", "-1"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_in_a_sentence(arguments: tuple[str, ...]) -> None:
    answer = invoke(*arguments)
    assert answer.exit_code == 2
    assert "x>=1" in answer.output


@pytest.mark.parametrize("place", ["file/below", "/proc/nowhere/desk"])
def test_init_into_a_place_that_cannot_be_written_ends_in_a_sentence(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("init", place, "--yes", folder=tmp_path)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("nothing", ["", "none", "None"])
def test_init_without_holidays_keeps_none(tmp_path: Path, nothing: str) -> None:
    answer = invoke("init", str(tmp_path / "desk"), "--yes", "--holidays", nothing)
    assert answer.exit_code == 0, answer.output
    christmas = datetime.fromisoformat("2026-12-25T10:00-05:00")
    assert load(tmp_path / "desk" / "policy").schedule.is_open(christmas)


def desk_with(tmp_path: Path, line: str) -> Path:
    """The settings of a new desk, with one more line in its table."""
    invoke("init", str(tmp_path / "desk"), "--yes", "--desk", "memory")
    file = tmp_path / "desk" / "support-policy.toml"
    with file.open("a", encoding="utf-8") as settings:
        settings.write(line + "\n")
    return file


def test_a_department_that_no_rule_asks_for_refuses_to_start_and_doctor_says_so(
    tmp_path: Path,
) -> None:
    file = desk_with(tmp_path, 'departments = { "3" = "levl_2", "4" = "sales" }')
    settings = load_settings(file)
    with pytest.raises(SettingsError) as caught:
        prepare(settings)
    [problem] = caught.value.problems
    assert problem.where == "desks.helpdesk.departments.3"
    assert "'levl_2'" in problem.what
    assert problem.suggestion == "Did you mean 'level_2'?"
    assert not (file.parent / "support-policy.db").exists()
    answer = invoke("doctor", "--settings", str(file))
    assert answer.exit_code == 1
    assert "Did you mean 'level_2'?" in " ".join(answer.output.split())


def test_departments_that_rules_ask_for_are_accepted(tmp_path: Path) -> None:
    names = ("sales", "billing", "management", "level_2", "level_3")
    pairs = ", ".join(f'"{name}" = "{name}"' for name in names)
    prepare(load_settings(desk_with(tmp_path, f"departments = {{ {pairs} }}")))


def test_a_database_that_cannot_be_asked_ends_in_a_sentence(tmp_path: Path) -> None:
    file = desk_with(tmp_path, "")
    text = file.read_text(encoding="utf-8")
    url = "postgresql://u@127.0.0.1:1/n?no_such_option=1"
    file.write_text(text.replace("sqlite:///support-policy.db", url), encoding="utf-8")
    for command in ("deliveries", "doctor"):
        done = run(command, "--settings", str(file), folder=tmp_path)
        assert done.returncode == 1
        assert "no_such_option" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailableError, match=r"support-policy\[postgresql\]"):
        Store.open("postgresql://u@127.0.0.1/n")


def test_what_comes_from_outside_is_shown_as_it_is_and_is_no_markup(tmp_path: Path) -> None:
    file = desk_with(tmp_path, "")
    store = Store.open(load_settings(file).database)
    store.migrate()
    for id_ in ("[/bold]", "[red]7"):
        ref = TicketRef(desk="desk", id=id_)
        store.accept(delivery(f"{id_} decided", ticket=id_))
        made = {"mode": "observe", "stamp": "stamp", "basis": BASIS, "now": NOW}
        assert store.record(take_one(store), decision(ref), update(ref), **made)  # type: ignore[arg-type]
        store.accept(delivery(f"{id_} refused", ticket=id_))
        taken = take_one(store)
        refused = Outcome(ending="refused", detail="[/refused]")
        store.deliveries.settle(taken.id, taken.attempt, refused, now=NOW)
    store.accept(delivery("down", desk="[/down]"))
    taken = take_one(store)
    store.deliveries.settle(taken.id, taken.attempt, Outcome(ending="unavailable"), now=NOW)
    store.close()
    for command in ("deliveries", "decisions"):
        wide = CliRunner(env={"COLUMNS": "200"})
        answer = wide.invoke(group, [command, "--settings", str(file)])
        assert answer.exit_code == 0, answer.exception
        for id_ in ("[/bold]", "[red]7"):
            assert id_ in answer.output


def test_a_company_goes_from_init_to_a_policy_that_passes_its_check(tmp_path: Path) -> None:
    made = run(
        "init", "desk", "--yes", "--time-zone", "Europe/Paris",
        "--hours", "mon-fri 08:30-12:00,13:30-18:00", "--holidays", "FR",
        "--desk", "django-helpdesk", folder=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    checked = run("check", "desk/policy", folder=tmp_path)
    assert "C7" not in checked.stdout, "the admin's own hours are confirmed"
    problems = [line for line in checked.stdout.splitlines() if line.startswith("problem")]
    # Only the shipped tests that name Toronto's instants may disagree with another country's hours.
    assert all("support_test.toml" in line for line in problems)
    rulings = (tmp_path / "desk" / "policy" / "readings.toml").read_text(encoding="utf-8")
    assert "Time zone Europe/Paris; hours mon-fri 08:30-12:00,13:30-18:00" in rulings
    assert "Fuseau Europe/Paris" in rulings
    again = run("init", "desk", "--yes", folder=tmp_path)
    assert again.returncode == 2
    assert "never overwrites" in again.stderr


def test_the_shipped_policy_passes_its_own_check_with_a_warning_for_each_reading() -> None:
    answer = invoke("check")
    assert answer.exit_code == 0
    warned = [line for line in answer.output.splitlines() if line.startswith("warning")]
    assert len(warned) == 20
    assert "0 problems" in answer.output


def test_all_mistakes_of_a_policy_are_listed_at_once_with_exit_code_2(tmp_path: Path) -> None:
    run("init", "desk", "--yes", folder=tmp_path)
    rules = tmp_path / "desk" / "policy" / "support.toml"
    text = rules.read_text(encoding="utf-8").replace('clause = "R04"', 'clause = "R99"')
    rules.write_text(text.replace("hold = true", "hodl = true"), encoding="utf-8")
    done = run("check", "desk/policy", folder=tmp_path)
    assert done.returncode == 2
    assert "R99" in done.stdout
    assert "Did you mean 'hold'?" in done.stdout
    assert "support.toml" in done.stdout


def test_enforcing_on_unconfirmed_hours_refuses_to_start(tmp_path: Path) -> None:
    run("init", "desk", "--yes", "--desk", "memory", folder=tmp_path)
    settings = tmp_path / "desk" / "support-policy.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('kind = "memory"', 'kind = "memory"\nmode = "enforce"'))
    done = run("serve", "--settings", str(settings), folder=tmp_path)
    assert done.returncode == 2
    assert "C7" in done.stderr
    assert "Traceback" not in done.stderr


def test_mistakes_in_the_settings_end_with_exit_code_2_and_no_traceback(tmp_path: Path) -> None:
    settings = tmp_path / "support-policy.toml"
    settings.write_text(
        '[service]\nlisten = 3\npolcy = "mexxus"\n[desks.d]\nkind = "zendsk"\n', encoding="utf-8"
    )
    done = run("doctor", "--settings", str(settings), folder=tmp_path)
    assert done.returncode == 2
    for each in ("listen", "Did you mean 'policy'?", "zendsk"):
        assert each in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_looks_at_policy_store_and_desk(tmp_path: Path) -> None:
    run("init", "desk", "--yes", "--desk", "memory", folder=tmp_path)
    done = run("doctor", "--settings", "desk/support-policy.toml", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for each in ("policy", "accounts", "store", "helpdesk: mode: observes"):
        assert each in done.stdout
