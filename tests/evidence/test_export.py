"""What an export holds, and files that are none."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.evidence.stories import OTHER, REF, Told, hours

from support_policy import __version__
from support_policy.evidence import archive
from support_policy.evidence.archive import KEYS, MANIFEST, MOST, PERSONAL, RECORDS
from support_policy.evidence.verify import verify
from support_policy.seal import Keys


@pytest.fixture
def export(told: Told, tmp_path: Path) -> Path:
    told.capped_story()
    told.second_story()
    return told.export(tmp_path / "export.zip")


def test_an_export_proves_itself(export: Path, told: Told) -> None:
    assert list(verify(export, told.keys.public()).lines()) == [
        (
            "15 records, chain intact, signatures good; "
            "2 permissions, 2 charges, 0 charges without permission"
        )
    ]


def test_without_keys_from_elsewhere_the_signer_is_not_checked(export: Path) -> None:
    *_, last = verify(export).lines()
    assert last == "consistent, signer not checked"
    assert verify(export).good


def test_with_the_keys_of_somebody_else_nothing_is_good(export: Path, tmp_path: Path) -> None:
    report = verify(export, Keys(tmp_path / "others").public())
    assert not report.good
    assert "not among the known ones" in str(report.faults[0])


def test_its_members_are_what_the_documentation_says(export: Path, told: Told) -> None:
    with zipfile.ZipFile(export) as packed:
        assert packed.namelist() == [RECORDS, PERSONAL, KEYS, MANIFEST]
        members = {name: packed.read(name) for name in packed.namelist()}
    told_of = json.loads(members[MANIFEST])
    assert told_of["product"] == f"support-policy {__version__}"
    assert (told_of["first"], told_of["last"], told_of["records"]) == (1, 15, 15)
    assert told_of["made_at"] == "2026-11-24T15:05:00.000000Z"
    assert told_of["before"] == "0" * 64
    assert told_of["head"] == sha256(members[RECORDS].splitlines()[-1]).hexdigest()
    assert told_of["files"] == {
        name: sha256(members[name]).hexdigest() for name in (RECORDS, PERSONAL, KEYS)
    }
    assert json.loads(members[KEYS]) == told.keys.public()
    values = [json.loads(line) for line in members[PERSONAL].splitlines()]
    assert {"name": "work", "record": 1, "value": "restore the site"}.items() <= next(
        each for each in values if each["name"] == "work"
    ).items()
    assert told_of["personal"] == len(values)


def test_the_same_ledger_makes_the_same_records(told: Told, tmp_path: Path) -> None:
    told.capped_story()
    one, other = (archive.read(told.export(tmp_path / name)) for name in ("1.zip", "2.zip"))
    assert (one.records, one.personal, one.keys) == (other.records, other.personal, other.keys)


def test_an_export_is_for_its_owner_alone(export: Path) -> None:
    assert stat.S_IMODE(export.stat().st_mode) == 0o600


def test_an_empty_ledger_makes_a_good_export(told: Told, tmp_path: Path) -> None:
    report = verify(told.export(tmp_path / "export.zip"))
    assert report.good
    assert (report.records, report.charges) == (0, 0)


def test_a_part_holds_the_whole_story_of_its_tickets(told: Told, tmp_path: Path) -> None:
    told.capped_story()
    told.second_story()
    told.asked("PH-DDDDDDDD", 1, hours(200))
    part = told.export(tmp_path / "part.zip", since=hours(200))
    # The last request is of ticket 7, whose story begins with the first record.
    assert verify(part).records == 16
    early = told.export(tmp_path / "early.zip", until=hours(2))
    assert (verify(early).good, verify(early).records) == (True, 3)


def test_a_part_that_begins_later_says_so(told: Told, tmp_path: Path) -> None:
    told.capped_story()
    told.asked("PH-CCCCCCCC", 1, hours(100), ticket=OTHER)
    part = told.export(tmp_path / "part.zip", since=hours(100))
    report = verify(part, told.keys.public())
    assert report.good
    assert list(report.lines())[1] == "a part of a longer chain, from record 10 on"


def test_a_key_that_was_changed_in_the_middle_is_no_fault(told: Told, tmp_path: Path) -> None:
    before = told.keys.public()
    told.asked("PH-CCCCCCCC", 1, hours(0), ticket=OTHER)
    told.keys.rotate()
    told.capped_story()
    export = told.export(tmp_path / "export.zip")
    assert verify(export, told.keys.public()).good
    assert not verify(export, before).good
    assert told.ledger.history(REF)


# ---------------------------------------------------------------- what is no export


def packed(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def members(export: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(export) as file:
        return [(name, file.read(name)) for name in file.namelist()]


Members = list[tuple[str, bytes]]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda some: [*some, ("notes.txt", b"")], "holds 'notes.txt', which no export does"),
        (lambda some: [*some, ("../../evil", b"")], "holds '../../evil', which no export does"),
        (lambda some: [*some, ("/records.jsonl", b"")], "'/records.jsonl', which no export does"),
        (lambda some: some[1:], "does not hold records.jsonl"),
        (lambda some: some[:3], "does not hold manifest.json"),
        (lambda _: [], "does not hold records.jsonl"),
    ],
)
def test_other_members_are_refused(
    export: Path, tmp_path: Path, change: Callable[[Members], Members], what: str
) -> None:
    file = packed(tmp_path / "other.zip", change(members(export)))
    report = verify(file)
    assert not report.good
    assert what in str(report.faults[0])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(export: Path, tmp_path: Path) -> None:
    some = members(export)
    file = packed(tmp_path / "twice.zip", [*some, (RECORDS, b"")])
    assert "holds records.jsonl twice" in str(verify(file).faults[0])


def test_a_member_that_unpacks_to_too_much_is_not_unpacked(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [
        (KEYS, b" " * (MOST[KEYS] + 1)) if name == KEYS else (name, c)
        for name, c in members(export)
    ]
    file = packed(tmp_path / "bomb.zip", some)
    assert file.stat().st_size < MOST[KEYS] / 100
    assert "keys.json is larger than 1 MiB" in str(verify(file).faults[0])


@pytest.mark.parametrize("kept", [0, 1, 100, -1, -30])
def test_a_file_that_was_cut_is_no_export(export: Path, tmp_path: Path, kept: int) -> None:
    whole = export.read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:kept])
    report = verify(tmp_path / "cut.zip")
    assert [str(fault) for fault in report.faults] == ["cut.zip is not a whole zip file"]


def test_a_file_that_is_packed_otherwise_is_refused(export: Path, tmp_path: Path) -> None:
    file = tmp_path / "packed.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as other:
        for name, content in members(export):
            other.writestr(name, content)
    assert "records.jsonl is packed in a way" in str(verify(file).faults[0])


@pytest.mark.parametrize(
    "content", [b"", b"not JSON", b"{}", b"[]", b'{"keys":[{"kty":"oct"}]}', b"[" * 9999]
)
def test_keys_in_the_file_that_are_none_are_told_of(
    export: Path, tmp_path: Path, content: bytes
) -> None:
    some = [(name, content if name == KEYS else old) for name, old in members(export)]
    report = verify(packed(tmp_path / "keys.zip", some))
    assert not report.good
    assert len(report.faults) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 9999])
def test_a_manifest_that_is_none_is_told_of(export: Path, tmp_path: Path, content: bytes) -> None:
    some = [(name, content if name == MANIFEST else old) for name, old in members(export)]
    report = verify(packed(tmp_path / "manifest.zip", some))
    assert "manifest.json is not a manifest of this format" in [str(f) for f in report.faults]


def test_a_changed_byte_anywhere_in_the_file_never_ends_in_an_error(
    export: Path, tmp_path: Path
) -> None:
    """Most of them are found; a few are in what a zip says of itself and means nothing by."""
    whole = export.read_bytes()
    file = tmp_path / "changed.zip"
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        report = verify(file)
        if report.good:
            assert archive.read(file) == archive.read(export)
