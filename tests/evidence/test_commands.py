"""``support-policy audit`` and ``support-policy verify``, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.evidence.stories import REF, Told

from support_policy.cli import group
from support_policy.evidence.verify import verify
from support_policy.seal import Keys

SETTINGS = """
[service]
policy = "mexxus"
database = "sqlite:///{folder}/store.db"
listen = "127.0.0.1:8080"

[permission]
public_url = "https://help.example.com"
keys = "keys"

[desks.desk]
kind = "memory"
mode = "observe"
webhook_tokens = ["file/token"]
"""


@pytest.fixture
def settings(told: Told, tmp_path: Path) -> Path:
    told.capped_story()
    (tmp_path / "token").write_text("a-token-of-the-tests-that-is-long-enough\n")
    file = tmp_path / "settings.toml"
    file.write_text(SETTINGS.format(folder=tmp_path))
    return file


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, list(map(str, arguments)))


def test_an_export_and_its_keys_prove_each_other(settings: Path, tmp_path: Path) -> None:
    out, keys = tmp_path / "export.zip", tmp_path / "public.json"
    made = run("audit", "export", "--settings", settings, "--out", out)
    assert made.exit_code == 0, made.output
    assert "9 records from number 1 on" in made.output
    keys.write_text(run("audit", "keys", "--settings", settings).output)
    assert '"d"' not in keys.read_text()
    proved = run("verify", out, "--keys", keys)
    assert proved.exit_code == 0
    assert proved.output == (
        "9 records, chain intact, signatures good; "
        "1 permission, 1 charge, 0 charges without permission\n"
    )
    assert run("verify", out).output.endswith("consistent, signer not checked\n")


def test_verify_fails_and_names_the_record(settings: Path, tmp_path: Path) -> None:
    out = tmp_path / "export.zip"
    run("audit", "export", "--settings", settings, "--out", out)
    keys = tmp_path / "others.json"
    keys.write_text(json.dumps(Keys(tmp_path / "others").public()))
    failed = run("verify", out, "--keys", keys)
    assert failed.exit_code == 1
    assert failed.output.startswith("record 1 (ticket desk:7, requested, 2026-11-23T15:05:00")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys": [{"kty": "oct"}]}'])
def test_keys_that_are_none_are_a_mistake_of_who_typed(
    settings: Path, tmp_path: Path, content: str
) -> None:
    out, keys = tmp_path / "export.zip", tmp_path / "keys.json"
    run("audit", "export", "--settings", settings, "--out", out)
    keys.write_text(content)
    assert run("verify", out, "--keys", keys).exit_code == 2


def test_what_is_no_export_fails_and_what_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "some.zip").write_text("no zip")
    failed = run("verify", tmp_path / "some.zip")
    assert (failed.exit_code, failed.output) == (
        1,
        "some.zip is not a whole zip file\nnot good: 1 fault\n",
    )
    assert run("verify", tmp_path / "none.zip").exit_code == 2


def test_verify_needs_no_settings_no_database_and_no_folder(settings: Path, tmp_path: Path) -> None:
    out = tmp_path / "export.zip"
    run("audit", "export", "--settings", settings, "--out", out)
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    script = (
        "import sys; from support_policy.cli import group\n"
        f"try: group(['verify', {str(out)!r}])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'sqlalchemy', 'alembic', 'dbos', 'flask', 'requests', 'babel', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=empty,
        env={"PATH": os.environ["PATH"], "HOME": str(empty)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.endswith("consistent, signer not checked\n[]\n"), done.stderr
    assert list(empty.iterdir()) == []


def test_an_export_can_be_of_a_time(settings: Path, tmp_path: Path) -> None:
    out = tmp_path / "export.zip"
    made = run(
        "audit", "export", "--settings", settings, "--out", out, "--to", "2026-11-23T17:00:00"
    )
    assert made.exit_code == 0
    assert verify(out).records == 3
    run("audit", "export", "--settings", settings, "--out", out, "--from", "2026-11-24")
    assert verify(out).records == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_packet_is_written_in_the_language_asked(
    settings: Path, tmp_path: Path, language: str
) -> None:
    out = tmp_path / "packet.html"
    made = run(
        "audit", "packet", "--settings", settings, "--ticket", "desk:7", "--out", out,
        "--language", language,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert f'<html lang="{language}">' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("ticket", ["desk:8", "7", "desk:", ":7"])
def test_a_packet_of_nothing_is_a_mistake(settings: Path, tmp_path: Path, ticket: str) -> None:
    out = tmp_path / "packet.html"
    made = run("audit", "packet", "--settings", settings, "--ticket", ticket, "--out", out)
    assert made.exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize("whose", [("--ticket", "desk:7"), ("--address", "EVE@example.com")])
def test_erasing_a_person_leaves_the_proof(
    settings: Path, tmp_path: Path, told: Told, whose: tuple[str, str]
) -> None:
    out = tmp_path / "export.zip"
    done = run("audit", "erase", "--settings", settings, *whose, "--yes")
    assert done.exit_code == 0, done.output
    assert "desk:7: 26 values erased" in done.output
    assert all(not event.personal for event in told.ledger.history(REF))
    run("audit", "export", "--settings", settings, "--out", out)
    report = verify(out, told.keys.public())
    assert report.good
    assert (report.records, report.permissions, report.charges) == (10, 1, 1)


def test_nothing_is_erased_that_was_not_agreed_to(settings: Path, told: Told) -> None:
    asked = CliRunner().invoke(
        group, ["audit", "erase", "--settings", str(settings), "--ticket", "desk:7"], input="n\n"
    )
    assert asked.exit_code == 1
    assert told.ledger.history(REF)[0].personal


@pytest.mark.parametrize("whose", [(), ("--ticket", "desk:7", "--address", "eve@example.com")])
def test_erasing_needs_one_of_ticket_and_address(settings: Path, whose: tuple[str, ...]) -> None:
    assert run("audit", "erase", "--settings", settings, *whose, "--yes").exit_code == 2


def test_a_new_key_signs_from_now_on(settings: Path, told: Told) -> None:
    before = told.keys.public()["keys"][0]["kid"]
    done = run("audit", "rotate-key", "--settings", settings)
    now, *old = (each["kid"] for each in told.keys.public()["keys"])
    assert done.output == f"signing with {now} from now on\n"
    assert old == [before]


@pytest.mark.parametrize("what", [("keys",), ("rotate-key",), ("export", "--out", "x.zip")])
def test_without_permission_in_the_settings_there_is_nothing(
    settings: Path, what: tuple[str, ...]
) -> None:
    text = settings.read_text()
    start, end = text.index("[permission]"), text.index("[desks.desk]")
    settings.write_text(text[:start] + text[end:])
    name, *rest = what
    done = run("audit", name, "--settings", settings, *rest)
    assert done.exit_code == 2
    assert "no [permission]" in done.output
