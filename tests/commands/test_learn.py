"""``support-policy learn``, as an admin teaches a policy of their own from an export."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from tests.small_policy import small_policy, write_policy

from support_policy.cli import group
from support_policy.core.scores import Judged, Label, evaluate
from support_policy.core.ticket import Channel
from support_policy.errors import SupportPolicyError
from support_policy.labelled import LabelledTicket, categories_of
from support_policy.learning import TooLittleError, is_better, sides, usable
from support_policy.model_file import ModelUnwritableError, replace_model
from support_policy.reader.model import content_of, load_model
from support_policy.settings import PACKAGED, policy_folder

COMMAND = [sys.executable, "-m", "support_policy.cli", "learn"]
TERMS = '[facts]\n"website.offline" = ["down|offline"]\n'
CATEGORIES = ("high.server", "medium.website_offline", "low.third_party", "sales")
CLAUSES = {"high": "A2", "medium": "A3", "low": "A4", "sales": "A7"}
RULE = """\
[[classification]]
name = "{name}"
clause = "{clause}"
category = "{category}"
all = ["reads_as.{category}"]
"""
RULES = "".join(
    RULE.format(
        name=category.replace(".", "-"),
        clause=CLAUSES[category.partition(".")[0]],
        category=category,
    )
    for category in CATEGORIES
)
GENERAL = '[[classification]]\nname = "general"\nclause = "A4"\ncategory = "low.general"\n'
NO_TESTS = {"support_test.toml": ""}

SAYINGS = {
    "high.server": "server answers no ping packets everywhere dead",
    "medium.website_offline": "homepage times out browser connection unreachable",
    "low.third_party": "plugin theme wordpress update broken dashboard",
    "sales": "quote price plan buy offer monthly",
}
OTHER_SAYINGS = {
    "high.server": "machine rack power lost blackout hypervisor",
    "medium.website_offline": "storefront blank vanished gone pages missing",
    "low.third_party": "joomla extension gallery module conflict",
    "sales": "brochure reseller terms discount contract",
}
Line = Mapping[str, Any]


def tickets(
    sayings: Mapping[str, str] = SAYINGS, *, each: int = 15, first: int = 1
) -> tuple[Line, ...]:
    """Tickets whose categories are told apart by their words, numbered from ``first`` on."""
    found = []
    for category, saying in sayings.items():
        words = saying.split()
        for number in range(each):
            said = [words[(number + step) % len(words)] for step in range(3)]
            found.append({"body": f"{' '.join(said)} {number}", "category": category})
    return tuple({"id": number, **line} for number, line in enumerate(found, start=first))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A policy of the admin's own that leaves everything to its model, and has none yet."""
    files = {"classification.toml": RULES + GENERAL, "terms/en.toml": TERMS}
    return write_policy(tmp_path / "own", files | NO_TESTS)


def learn(policy: Path, lines: Sequence[Line | str], *more: str) -> Result:
    file = policy.parent / "labelled.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return CliRunner().invoke(group, ["learn", str(file), "--policy", str(policy), *more])


def outcome(policy: Path, lines: Sequence[Line | str], *more: str) -> Any:
    done = learn(policy, lines, "--json", *more)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return json.loads(done.stdout)


def decided(policy: Path, body: str) -> str:
    line = json.dumps({"body": body})
    done = CliRunner().invoke(group, ["classify", "--policy", str(policy)], input=line)
    return str(json.loads(done.stdout)["category"])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# ---------------------------------------------------------------- what is written


def test_what_was_learnt_is_written_and_decides(own: Path) -> None:
    assert not (own / "model.npz").exists()
    done = learn(own, tickets())
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith(
        "The new model is better. It was then trained on all 60 tickets, and written to "
        f"{own / 'model.npz'}.\n"
    )
    assert decided(own, "please a price and an offer") == "sales"
    assert decided(own, "the server answers no ping") == "high.server"
    assert not (own / "model.previous.npz").exists()


def test_the_model_before_is_kept_and_can_be_moved_back(own: Path) -> None:
    learn(own, tickets())
    first = contents(own)
    done = learn(own, MORE)
    assert done.stdout.endswith("The one before is model.previous.npz.\n")
    assert decided(own, "reseller terms and discount contract") == "sales"
    assert (own / "model.npz").read_bytes() != first["model.npz"]
    assert (own / "model.previous.npz").read_bytes() == first["model.npz"]
    (own / "model.previous.npz").replace(own / "model.npz")
    assert contents(own) == first


MORE = (*tickets(), *tickets(OTHER_SAYINGS, first=101))
THIRD_SAYINGS = {
    "high.server": "chassis burnt smoke fire flooded",
    "medium.website_offline": "domain nxdomain dark void unreached",
    "low.third_party": "magento checkout cart prestashop addon",
    "sales": "invoice estimate bundle promo voucher",
}
STILL_MORE = (*MORE, *tickets(THIRD_SAYINGS, first=201))


def ship(policy: Path) -> bytes:
    """Make the model in use one that the policy came with: no lesson is told in it."""
    model = load_model(policy)
    assert model is not None
    about = {key: value for key, value in model.about.items() if key != "learnt_from"}
    content = content_of(replace(model, about=about))
    (policy / "model.npz").write_bytes(content)
    return content


def test_the_model_that_a_policy_came_with_is_kept_for_good(own: Path) -> None:
    learn(own, tickets())
    shipped = ship(own)
    for lines in (MORE, STILL_MORE):
        before = (own / "model.npz").read_bytes()
        assert outcome(own, lines)["outcome"] == "written"
        assert (own / "model.previous.npz").read_bytes() == before
        assert (own / "model.shipped.npz").read_bytes() == shipped
    assert before != shipped
    later = ship(own)
    assert replace_model(own, before)
    assert (own / "model.previous.npz").read_bytes() == later != shipped
    assert (own / "model.shipped.npz").read_bytes() == shipped


def test_the_shipped_model_is_kept_anew_once_it_was_moved_back(own: Path) -> None:
    learn(own, tickets())
    shipped = ship(own)
    assert outcome(own, MORE)["outcome"] == "written"
    (own / "model.shipped.npz").replace(own / "model.npz")
    assert outcome(own, MORE)["outcome"] == "written"
    assert (own / "model.shipped.npz").read_bytes() == shipped


def test_a_model_that_was_learnt_is_never_taken_for_the_shipped_one(own: Path) -> None:
    for lines in (tickets(), MORE):
        assert outcome(own, lines)["outcome"] == "written"
    assert {path.name for path in own.glob("*.npz")} == {"model.npz", "model.previous.npz"}


def test_a_model_that_is_a_link_stays_one_and_what_it_leads_to_is_replaced(own: Path) -> None:
    learn(own, tickets())
    real = own.parent / "models" / "ours.npz"
    real.parent.mkdir()
    (own / "model.npz").replace(real)
    (own / "model.npz").symlink_to(Path("..") / "models" / "ours.npz")
    before = real.read_bytes()
    assert outcome(own, MORE)["outcome"] == "written"
    assert (own / "model.npz").readlink() == Path("..") / "models" / "ours.npz"
    assert real.read_bytes() != before
    assert (own / "model.previous.npz").read_bytes() == before
    assert [path.name for path in real.parent.iterdir()] == ["ours.npz"]


def test_a_model_keeps_what_it_knew_where_the_tickets_say_nothing(own: Path) -> None:
    learn(own, tickets())
    assert outcome(own, tickets(OTHER_SAYINGS))["outcome"] == "written"
    assert decided(own, "please a price and an offer") == "sales"
    assert decided(own, "the server answers no ping") == "high.server"


def test_nothing_is_written_when_it_is_no_better(own: Path) -> None:
    learn(own, tickets())
    before = contents(own)
    done = learn(own, tickets())
    assert done.exit_code == 0
    assert done.stdout.endswith("\nThe new model is not better: nothing was written.\n")
    assert contents(own) == before
    assert outcome(own, tickets())["outcome"] == "not_better"


def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(own: Path) -> None:
    before = contents(own)
    done = learn(own, tickets(), "--dry-run")
    assert done.exit_code == 0
    assert "The new model is better." in done.stdout
    assert done.stdout.endswith("A dry run: nothing was written.\n")
    assert outcome(own, tickets(), "--dry-run")["outcome"] == "dry_run"
    assert contents(own) == before


def test_the_model_that_is_written_learnt_from_all_tickets(own: Path) -> None:
    lines = tickets()
    numbers = {ticket.id for ticket in sides(labelled(lines)).held_back}
    only = {"id": min(numbers), "body": "zebra zebra giraffe", "category": "sales"}
    twice = {**only, "id": 999}  # a word must be in two tickets to be learnt
    rest = tuple(line for line in lines if line["id"] != only["id"])
    assert only["id"] in {x.id for x in sides(labelled((*rest, only, twice))).held_back}
    assert outcome(own, (*rest, only, twice))["outcome"] == "written"
    assert decided(own, "zebra giraffe") == "sales"


def test_a_model_says_when_and_from_how_many_tickets_it_learnt(own: Path) -> None:
    secret = {"id": 61, "body": "Berthe Tremblay wants a quote", "category": "sales"}
    learn(own, (*tickets(), secret))
    learn(own, (*tickets(), secret, *tickets(OTHER_SAYINGS, first=101)))
    model = load_model(own)
    assert model is not None
    told = dict(model.about)
    assert told["learnt_from"] == told["tickets"] == 121
    assert len(told["trained_on"]) == len("2026-11-23")
    known = {"categories", "format", "learnt_from", "sure", "temperature", "tickets", "trained_on"}
    assert told.keys() == known
    assert not {word for word in ("Berthe", "Tremblay", "quote") if word in json.dumps(told)}


def test_whoever_could_read_the_model_before_can_read_the_new_one(own: Path) -> None:
    (own / "support.toml").chmod(0o644)
    learn(own, tickets())
    assert (own / "model.npz").stat().st_mode & 0o777 == 0o644
    (own / "model.npz").chmod(0o640)
    learn(own, MORE)
    modes = {path.name: path.stat().st_mode & 0o777 for path in own.glob("*.npz")}
    assert modes == {"model.npz": 0o640, "model.previous.npz": 0o640}


def test_a_model_that_cannot_be_written_leaves_everything_as_it_was(own: Path) -> None:
    learn(own, tickets())
    (own / "model.previous.npz").mkdir()  # nothing can be put in its place
    before = contents(own)
    done = learn(own, MORE)
    assert isinstance(done.exception, ModelUnwritableError)
    assert contents(own) == before


# ---------------------------------------------------------------- the policy's own tests


def policy_test(name: str, body: str, category: str) -> str:
    return f'[[tests]]\nname = "{name}"\nbody = "{body}"\nexpect = {{ category = "{category}" }}\n'


def test_a_model_that_breaks_the_policys_own_tests_is_not_written(own: Path) -> None:
    good = policy_test("an offer", "price and offer", "sales")
    (own / "support_test.toml").write_text(good, encoding="utf-8")
    learn(own, tickets())
    bad = policy_test("nobody knows", "price and offer", "low.general")
    (own / "model.npz").unlink()
    (own / "support_test.toml").write_text(good + bad, encoding="utf-8")
    before = contents(own)
    done = learn(own, tickets())
    assert done.exit_code == 1
    assert done.stderr == (
        "support_test.toml: nobody knows: category is sales, expected low.general.\n"
    )
    assert "breaks the policy's own tests: nothing was written." in done.stdout
    assert contents(own) == before
    assert outcome(own, tickets(), "--dry-run")["outcome"] == "tests_fail"


def test_a_test_that_failed_before_is_no_obstacle(own: Path) -> None:
    wrong = policy_test("never right", "price and offer", "medium.website_offline")
    (own / "support_test.toml").write_text(wrong, encoding="utf-8")
    assert outcome(own, tickets())["outcome"] == "written"


def test_what_the_policys_own_tests_say_is_kept_while_it_learns(own: Path) -> None:
    learn(own, tickets())
    kept = policy_test("a plan", "monthly plan", "sales")
    (own / "support_test.toml").write_text(kept, encoding="utf-8")
    crowded = {"low.third_party": "monthly calendar widget newsletter", "sales": "brochure leaflet"}
    assert outcome(own, tickets(crowded, each=30, first=101))["outcome"] == "written"
    assert decided(own, "monthly plan") == "sales"
    assert decided(own, "monthly calendar") == "low.third_party"


# ---------------------------------------------------------------- what is shown


def test_the_figures_are_those_of_evaluate_on_the_tickets_held_back(own: Path) -> None:
    lines = tickets()
    found = outcome(own, lines, "--dry-run")
    numbers = {ticket.id for ticket in sides(labelled(lines)).held_back}
    assert (found["held_back"], found["learnt_from"]) == (len(numbers), 60 - len(numbers))
    given = "".join(f"{json.dumps(line)}\n" for line in lines if line["id"] in numbers)
    arguments = ["evaluate", "-", "--policy", str(own), "--json"]
    alone = json.loads(CliRunner().invoke(group, arguments, input=given).stdout)
    assert found["against"]["priority"] == alone["priority"]
    assert found["against"]["category"] == alone["category"]
    assert found["priority"]["strict"] > found["against"]["priority"]["strict"]


def test_both_models_stand_side_by_side(own: Path) -> None:
    lines = tickets()
    found, text = outcome(own, lines, "--dry-run"), learn(own, lines, "--dry-run").stdout
    rows = {line[:26].strip(): line[26:].split() for line in text.splitlines() if len(line) > 26}
    assert text.startswith(f"60 tickets: {found['learnt_from']} to learn from, ")
    for level in ("priority", "category"):
        for kind in ("strict", "lenient"):
            both = (found["against"][level][kind], found[level][kind])
            assert rows[f"{level} macro-F1, {kind}"] == [f"{each:.3f}" for each in both]
    high = found["priority"]["classes"]["high"]
    assert rows["high recall"] == ["0.000", f"{high['recall']:.3f}"]
    assert rows["high precision"] == ["-", f"{high['precision']:.3f}"]
    better = found["changed"]["better"]["tickets"]
    assert f"Changed: {better} better, " in text


def test_no_more_changed_tickets_are_listed_than_asked_for(own: Path) -> None:
    text = learn(own, tickets(), "--dry-run", "--misses", "2").stdout
    listed = [line for line in text.splitlines() if line.startswith("  ") and "expected" in line]
    assert len(listed) == 2
    assert ", before low.general, after " in listed[0]
    assert "\n  … and " in text
    assert "expected" not in learn(own, tickets(), "--dry-run", "--misses", "0").stdout


def test_whatever_an_id_holds_stays_on_its_line(own: Path) -> None:
    lines = [{**line, "id": f"a\n\x1b[31m\ud800{line['id']}" + "c" * 99} for line in tickets()]
    text = learn(own, lines, "--dry-run").stdout
    assert "\x1b" not in text
    assert any(line.startswith("  a [31m ") for line in text.splitlines())


def test_a_tickets_text_is_never_shown(own: Path) -> None:
    lines = [{**line, "body": f"{line['body']} Berthe"} for line in tickets()]
    done = learn(own, lines)
    assert done.exit_code == 0
    assert "Berthe" not in done.output


def test_a_bar_moves_on_a_persons_terminal_and_the_figures_stay_clean(own: Path) -> None:
    learn(own, tickets(), "--dry-run")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, str(own.parent / "labelled.jsonl"), "--policy", str(own), "--json"],
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
    assert "the policy's own tests" in shown
    assert json.loads(done.stdout)["outcome"] == "written"


# ---------------------------------------------------------------- what cannot be learnt from


def test_tickets_that_name_a_priority_alone_are_counted_and_left_out(own: Path) -> None:
    vague = [{"id": 100 + n, "body": f"price {n}", "category": "high"} for n in range(3)]
    done = learn(own, (*tickets(), *vague))
    assert done.stderr == "left out, because they name a priority and no category: 3\n"
    assert done.stdout.startswith("60 tickets: ")


def test_a_wrong_line_is_told_by_its_number_and_left_out(own: Path) -> None:
    done = learn(own, ("nonsense", *tickets()))
    assert done.stderr.splitlines() == [
        f"{own.parent / 'labelled.jsonl'}: line 1: is not a JSON object.",
        "tickets read: 60; lines left out: 1",
    ]
    assert outcome(own, ("nonsense", *tickets()), "--dry-run")["skipped"] == 1


def test_a_category_that_no_rule_takes_from_the_model_is_told(own: Path) -> None:
    lines = [
        {**x, "category": x["category"].replace("low.third_party", "low.general")}
        for x in tickets()
    ]
    done = learn(own, lines, "--dry-run")
    assert done.stderr == (
        "no rule of the policy asks for reads_as.low.general: "
        "what is learnt of that category decides nothing\n"
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (tickets()[:29], "there are 29 tickets with 2 different categories"),
        (tickets({"sales": "price offer"}, each=40), "there are 40 tickets with 1 different"),
        (
            [*tickets()[:1], *({**tickets()[59], "id": number} for number in range(40))],
            "too many are repeats of one text or of one id, or of one kind",
        ),
        (
            [{**line, "id": 1} for line in tickets()],
            "too many are repeats of one text or of one id",
        ),
        ((), "there are 0 tickets"),
    ],
)
def test_too_few_tickets_are_refused_with_what_is_needed(
    own: Path, lines: Sequence[Line], problem: str
) -> None:
    before = contents(own)
    done = learn(own, lines)
    assert isinstance(done.exception, TooLittleError)
    assert problem in str(done.exception)
    assert contents(own) == before


def test_tickets_without_a_word_in_common_teach_nothing(own: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = [
        {"id": n, "body": letters[n % 26] * (n // 26 + 1), "category": CATEGORIES[n % 2]}
        for n in range(40)
    ]
    assert isinstance(learn(own, lines).exception, TooLittleError)


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_policy_is_refused_under_any_name(tmp_path: Path, name: str) -> None:
    folder = Path(str(policy_folder(name, tmp_path)))
    before = (folder / "model.npz").read_bytes()
    (tmp_path / "labelled.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "link").symlink_to(folder)
    linked = write_policy(tmp_path / "linked", NO_TESTS)
    (linked / "model.npz").symlink_to(folder / "model.npz")
    for spelt in (name, str(folder), str(tmp_path / "link"), str(linked)):
        arguments = ["learn", str(tmp_path / "labelled.jsonl"), "--policy", spelt]
        done = CliRunner().invoke(group, arguments)
        assert done.exit_code == 2
        assert "support-policy init" in done.stderr
    assert (folder / "model.npz").read_bytes() == before


@pytest.mark.parametrize("arguments", [(), ("--policy", "nowhere"), ("--misses", "-1")])
def test_a_command_that_cannot_be_meant_ends_with_two(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "labelled.jsonl").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(group, ["learn", "labelled.jsonl", *arguments]).exit_code == 2


def test_without_scipy_the_command_names_the_extra_that_brings_it(own: Path) -> None:
    (own.parent / "labelled.jsonl").write_text("", encoding="utf-8")
    without = "import sys; sys.modules['scipy'] = None; from support_policy.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", without, "learn", "labelled.jsonl", "--policy", "own"],
        cwd=own.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last == "Error: learning needs scipy: pip install 'support-policy[learn]'"
    assert "Traceback" not in done.stderr


def test_too_few_tickets_end_with_one_and_no_traceback(own: Path) -> None:
    (own.parent / "labelled.jsonl").write_text("", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "labelled.jsonl", "--policy", "own"],
        cwd=own.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert issubclass(TooLittleError, SupportPolicyError)


# ---------------------------------------------------------------- which tickets are held back


def ticket(name: str | int, body: str, category: str | None = "sales") -> LabelledTicket:
    priority = category.partition(".")[0] if category else "sales"
    label = Label(priority=priority, category=category, acceptable=frozenset())
    return LabelledTicket(
        id=name, subject="", body=body, channel=Channel.OTHER, language=None, label=label
    )


def labelled(lines: Sequence[Line]) -> list[LabelledTicket]:
    return [ticket(line["id"], line["body"], line["category"]) for line in lines]


numbered = st.lists(st.integers(0, 10**6), min_size=60, max_size=200, unique=True)


def many(numbers: Sequence[int]) -> list[LabelledTicket]:
    return [ticket(n, f"text {n}", CATEGORIES[n % 2]) for n in numbers]


def held(tickets: Sequence[LabelledTicket]) -> set[str | int]:
    found = sides(tickets)
    assert {*map(id, found.learnt), *map(id, found.held_back)} == set(map(id, tickets))
    return {each.id for each in found.held_back}


@given(numbered, st.randoms(use_true_random=False))
def test_a_ticket_stays_on_its_side_whatever_else_is_in_the_file(
    numbers: list[int], shuffler: Any
) -> None:
    if len({n % 2 for n in numbers[:50]}) < 2:
        return
    few, all_of_them = held(many(numbers[:50])), held(many(numbers))
    assert all_of_them & set(numbers[:50]) <= few  # what was learnt from is never held back
    shuffled = list(numbers)
    shuffler.shuffle(shuffled)
    assert held(many(shuffled)) == all_of_them
    assert len(few) >= 10
    assert len(all_of_them) >= 10


def test_about_every_fifth_ticket_is_held_back() -> None:
    numbers = range(5000)
    first = held(many(numbers[:2500]))
    assert 400 < len(first) < 600
    assert held(many(numbers)) & set(numbers[:2500]) == first


@given(st.lists(st.integers(0, 40), min_size=60, max_size=150))
def test_repeats_of_a_text_never_stand_on_both_sides(texts: list[int]) -> None:
    tickets = [
        ticket(n, f"TEXT  {text}\n" if n % 3 else f"text {text}", CATEGORIES[n % 2])
        for n, text in enumerate(texts)
    ]
    try:
        found = sides(tickets)
    except TooLittleError:
        return
    learnt, held_back = (
        {each.body.split()[1] for each in side} for side in (found.learnt, found.held_back)
    )
    assert not learnt & held_back


def test_without_an_id_the_words_choose_the_side() -> None:
    nameless = [ticket(f"line {n}", f"text {n}", CATEGORIES[n % 2]) for n in range(100)]
    moved = [replace(each, id=f"line {n + 3}") for n, each in enumerate(nameless)]
    bodies = [{each.body for each in sides(tickets).held_back} for tickets in (nameless, moved)]
    assert bodies[0] == bodies[1]
    named = [replace(each, id=n) for n, each in enumerate(nameless)]
    other_words = [replace(each, body=f"other {each.body}") for each in named]
    assert held(named) == held(other_words)


def test_only_tickets_with_a_category_can_be_learnt_from() -> None:
    assert [each.id for each in usable([ticket(1, "a"), ticket(2, "b", None)])] == [1]


# ---------------------------------------------------------------- what counts as better


def judged(*pairs: tuple[str, str], acceptable: frozenset[str] = frozenset()) -> list[Judged]:
    return [
        Judged(
            label=Label(
                priority=expected.partition(".")[0], category=expected, acceptable=acceptable
            ),
            category=decided,
            language="en",
        )
        for expected, decided in pairs
    ]


HIGH, MEDIUM, LOW, SALES = CATEGORIES
BASE = ((HIGH, HIGH), (MEDIUM, LOW), (MEDIUM, LOW), (LOW, LOW), (SALES, LOW))


@pytest.mark.parametrize(
    ("after", "better"),
    [
        (BASE, False),
        (((HIGH, HIGH), (MEDIUM, MEDIUM), (MEDIUM, MEDIUM), (LOW, LOW), (SALES, LOW)), True),
        (((HIGH, LOW), (MEDIUM, MEDIUM), (MEDIUM, MEDIUM), (LOW, LOW), (SALES, SALES)), False),
        (((HIGH, HIGH), (MEDIUM, LOW), (MEDIUM, LOW), (LOW, SALES), (SALES, LOW)), False),
    ],
)
def test_better_is_more_right_and_no_more_high_ones_missed(
    tmp_path: Path, after: Sequence[tuple[str, str]], better: bool
) -> None:
    policy = small_policy(tmp_path)
    order = categories_of(policy)
    before, now = (evaluate(judged(*pairs), order) for pairs in (BASE, after))
    assert is_better(now, before, policy) is better


def test_categories_decide_where_priorities_are_the_same(tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    order = categories_of(policy)
    right, wrong = (
        evaluate(judged((LOW, decided), (HIGH, HIGH)), order) for decided in (LOW, "low.general")
    )
    assert is_better(right, wrong, policy)
    assert not is_better(wrong, right, policy)


def test_what_can_be_defended_goes_before_what_is_exactly_right(tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    order = categories_of(policy)
    either = judged((MEDIUM, MEDIUM), (MEDIUM, LOW), acceptable=frozenset({LOW}))
    defended = evaluate([either[1], *judged((SALES, SALES), (SALES, SALES))], order)
    exact = evaluate([either[0], *judged((SALES, SALES), (SALES, LOW))], order)
    assert (defended.whole.priority.strict or 0) < (exact.whole.priority.strict or 0)
    assert is_better(defended, exact, policy)
    assert not is_better(exact, defended, policy)
