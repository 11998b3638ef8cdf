"""``support-policy audit`` and ``support-policy verify``, as a person types them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import responses
from click.testing import CliRunner, Result
from tests.evidence.stories import AGENT, CUSTOMER, OTHER, REF, Told, hours

from support_policy.cli import group
from support_policy.core.permission import acts, work
from support_policy.errors import ConsentError, SecretError
from support_policy.evidence.private_file import UnwritableError
from support_policy.evidence.verify import verify
from support_policy.permissions.work import Work
from support_policy.seal import Keys
from support_policy.store.database import StoreUnavailableError

PUSH = "https://billing.example.com/charges"
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


def with_push(settings: Path) -> None:
    """The settings with a billing system, and a charge that is ready for it."""
    (settings.parent / "push").write_text("a-token-of-the-tests\n")
    place = 'keys = "keys"\n'
    given = f'push_url = "{PUSH}"\npush_token = ["file/push"]\n'
    settings.write_text(settings.read_text().replace(place, place + given))
    told = Told.new(settings.parent)
    told.asked("PH-CCCCCCCC", 1, hours(2), ticket=OTHER)
    told.add(*acts.accept(told.job(OTHER).latest, 1, CUSTOMER, now=hours(2.5)))
    told.add(*work.start(told.job(OTHER), AGENT, now=hours(3)))
    told.add(*work.complete(told.job(OTHER), AGENT, now=hours(3.5)))
    told.store.close()


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


def without_permission(settings: Path) -> None:
    text = settings.read_text()
    start, end = text.index("[permission]"), text.index("[desks.desk]")
    settings.write_text(text[:start] + text[end:])


@pytest.mark.parametrize(
    "what",
    [
        ("keys",),
        ("rotate-key",),
        ("make-keys", "--yes"),
        ("export", "--out", "x.zip"),
        ("erase", "--ticket", "desk:7", "--yes"),
    ],
)
def test_without_permission_in_the_settings_nothing_is_signed_and_nothing_denied(
    settings: Path, told: Told, what: tuple[str, ...]
) -> None:
    without_permission(settings)
    name, *rest = what
    done = run("audit", name, "--settings", settings, *rest)
    assert done.exit_code == 2
    assert "no [permission]" in done.output
    assert "on record" not in done.output
    assert told.ledger.history(REF)[0].personal, "nothing was erased"


def test_without_permission_in_the_settings_a_packet_can_be_made_all_the_same(
    settings: Path, tmp_path: Path
) -> None:
    without_permission(settings)
    out = tmp_path / "packet.html"
    made = run("audit", "packet", "--settings", settings, "--ticket", "desk:7", "--out", out)
    assert made.exit_code == 0, made.output
    assert "Ève Roy" in out.read_text(encoding="utf-8")


def test_a_lost_key_is_made_anew_by_command_alone(
    settings: Path, told: Told, tmp_path: Path
) -> None:
    before = told.keys.public()["keys"][0]["kid"]
    told.keys.folder.rename(tmp_path / "unmounted")
    out = tmp_path / "export.zip"
    for name, *rest in (("keys",), ("rotate-key",), ("export", "--out", out)):
        failed = run("audit", name, "--settings", settings, *rest)
        assert isinstance(failed.exception, SecretError), failed.output
        assert "is missing" in str(failed.exception)
    assert not told.keys.folder.exists()
    asked = CliRunner().invoke(
        group, ["audit", "make-keys", "--settings", str(settings)], input="n\n"
    )
    assert asked.exit_code == 1
    assert not told.keys.folder.exists()
    made = run("audit", "make-keys", "--settings", settings, "--yes")
    now = told.keys.public()["keys"][0]["kid"]
    assert made.output == f"signing with {now} from now on\n"
    assert now != before


def test_the_first_command_makes_the_keys_while_nothing_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a-token-of-the-tests-that-is-long-enough\n")
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS.format(folder=tmp_path))
    first = run("audit", "keys", "--settings", settings)
    assert first.exit_code == 0, first.output
    assert run("audit", "keys", "--settings", settings).output == first.output


@pytest.mark.parametrize(
    "what", [("audit", "export"), ("audit", "packet", "--ticket", "desk:7"), ("billing", "export")]
)
def test_what_names_persons_is_for_its_owner_alone_and_written_whole(
    settings: Path, tmp_path: Path, what: tuple[str, ...]
) -> None:
    out = tmp_path / "made"
    out.write_text("old")
    out.chmod(0o644)
    made = run(*what, "--settings", settings, "--out", out)
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_bytes() != b"old"
    for nowhere, why in (
        (tmp_path / "none" / "made", "No such file or directory"),
        (Path("/dev/null"), "is not a file"),
    ):
        failed = run(*what, "--settings", settings, "--out", nowhere)
        assert isinstance(failed.exception, UnwritableError), failed.output
        assert why in str(failed.exception)
    assert sorted(each.name for each in tmp_path.glob("*made*")) == ["made"]


@pytest.mark.parametrize(
    ("unnoted", "told_what"),
    [
        (ConsentError("waived"), "handed over, but it was waived meanwhile: credit it"),
        (ConsentError("disputed"), "handed over, but it was disputed meanwhile: credit it"),
        (ConsentError("billed"), "stands on one bill alone"),
        (StoreUnavailableError("locked"), "push again"),
    ],
)
def test_what_was_handed_over_and_could_not_be_noted_is_an_error_and_says_what_to_do(
    settings: Path, monkeypatch: pytest.MonkeyPatch, unnoted: Exception, told_what: str
) -> None:
    with_push(settings)

    def refuse(*_: object, **__: object) -> None:
        raise unnoted

    with responses.RequestsMock() as billing:
        billing.post(PUSH, json={"reference": "W-1"})
        billing.post(PUSH, json={"reference": "W-2"})
        with monkeypatch.context() as during:
            during.setattr(Work, "bill", refuse)
            done = run("billing", "push", "--settings", settings)
        again = run("billing", "push", "--settings", settings)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("PH-CCCCCCCC: 85.00 CAD as W-1: handed over, but ")
    assert told_what in done.stderr
    assert (again.exit_code, again.stderr) == (0, "")
    assert again.stdout == "PH-CCCCCCCC: 85.00 CAD as W-2\n"
    assert run("billing", "push", "--settings", settings).output == "nothing is ready to bill\n"


def test_an_exception_names_the_bill_that_is_to_be_credited(settings: Path, told: Told) -> None:
    told.add(*work.waive(told.job(), AGENT, "our own fault", now=hours(7)))
    done = run("billing", "exceptions", "--settings", settings)
    assert done.exit_code == 1
    assert "PH-AAAAAAAA desk:7: to_credit (INV-1)" in done.output
