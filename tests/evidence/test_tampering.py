"""Whatever is changed in an export is found, and the record that it was changed in is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.evidence.stories import CUSTOMER, REF, Told, hours

from support_policy.core.permission import acts, record
from support_policy.evidence import archive, manifest
from support_policy.evidence.archive import Archive
from support_policy.evidence.verify import Report, examine
from support_policy.seal import Keys, PublicKeys


@dataclass
class Export:
    """An export in memory, and the keys that are trusted."""

    whole: Archive
    trusted: PublicKeys
    keys: Keys

    @property
    def lines(self) -> list[bytes]:
        return self.whole.records.splitlines()

    def look(self, **changed: bytes) -> Report:
        return examine(replace(self.whole, **changed), self.trusted, trusted=True)

    def with_lines(self, lines: list[bytes], *, keys: Keys | None = None) -> Report:
        """The report when these are the lines, and somebody made the manifest anew for them."""
        records = b"".join(line + b"\n" for line in lines)
        told, _ = manifest.read(self.whole.manifest)
        files = manifest.digests(
            records=records, personal=self.whole.personal, keys=self.whole.keys
        )
        last = record.chained(lines[-1].decode())
        told = replace(told, files=files, last=len(lines), head=last)
        spelled = told.spelled((keys or self.keys).sign(told.payload))
        return self.look(records=records, manifest=spelled)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    told = Told.new(tmp_path_factory.mktemp("small"))
    told.asked("PH-AAAAAAAA", 1, hours(0))
    told.add(*acts.accept(told.job().latest, 1, CUSTOMER, now=hours(1)))
    told.add(*acts.posted(told.job().latest, "accepted", now=hours(1)))
    yield exported(told)
    told.store.close()


@pytest.fixture
def export(told: Told) -> Export:
    told.capped_story()
    told.second_story()
    return exported(told)


def exported(told: Told) -> Export:
    path = told.export(Path(told.store.database.path).with_name("export.zip"))
    trusted = PublicKeys.of(told.keys.public())
    return Export(whole=archive.read(path), trusted=trusted, keys=told.keys)


def test_what_nobody_changed_is_good(export: Export) -> None:
    assert export.look().good


@pytest.mark.parametrize("other", [0x01, 0x20, 0x80])
def test_every_changed_byte_of_a_record_names_that_record(small: Export, other: int) -> None:
    content = small.whole.records
    number = 1
    for place, byte in enumerate(content):
        changed = content[:place] + bytes([byte ^ other]) + content[place + 1 :]
        report = small.look(records=changed)
        named = [fault.seq for fault in report.faults if fault.seq is not None]
        assert named, f"byte {place} was changed and nothing was found"
        assert named[0] == number, f"byte {place} of record {number}: {report.faults}"
        # The end of a line is between two records: without it neither can be read.
        assert set(named) <= ({number, number + 1} if byte == 0x0A else {number})
        number += byte == 0x0A


def test_every_byte_that_becomes_the_end_of_a_line_names_its_record(small: Export) -> None:
    content = small.whole.records
    number = 1
    for place, byte in enumerate(content):
        if byte == 0x0A:
            number += 1
            continue
        report = small.look(records=content[:place] + b"\n" + content[place + 1 :])
        named = [fault.seq for fault in report.faults if fault.seq is not None]
        assert set(named) == {number}, f"byte {place}: {report.faults}"


@pytest.mark.parametrize("part", ["personal", "keys", "manifest"])
def test_every_changed_byte_of_the_other_members_is_found(small: Export, part: str) -> None:
    content: bytes = getattr(small.whole, part)
    for place, byte in enumerate(content):
        changed = content[:place] + bytes([byte ^ 1]) + content[place + 1 :]
        assert not small.look(**{part: changed}).good, f"byte {place}"


def test_a_changed_record_is_named_with_its_ticket_its_kind_and_its_time(export: Export) -> None:
    changed = [*export.lines]
    changed[1] = changed[1].replace(b'"amount":"85.00"', b'"amount":"84.00"')
    assert changed != export.lines
    first, *others = export.look(records=b"\n".join(changed) + b"\n").lines()
    assert first == (
        "record 2 (ticket desk:7, accepted, 2026-11-23T16:05:00.000000Z): "
        "its signature does not fit it"
    )
    assert not [each for each in others if each.startswith("record ")]


def test_a_number_that_was_changed_is_named_by_its_place(export: Export) -> None:
    changed = [*export.lines]
    changed[1] = changed[1].replace(b'"seq":2,', b'"seq":3,')
    report = export.look(records=b"\n".join(changed) + b"\n")
    assert {fault.seq for fault in report.faults if fault.seq} == {2}


TWICE = "record 4 (ticket desk:7, started, 2026-11-23T17:05:00.000000Z): it stands there twice"
Change = Callable[[list[bytes]], list[bytes]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "record 4 "),
        (lambda lines: [*lines[:2], *lines[3:]], "record 3: it is missing"),
        (lambda lines: [*lines[:4], lines[3], *lines[4:]], TWICE),
        (lambda lines: [*lines[:4], lines[1], *lines[4:]], "record 2 "),
        (lambda lines: lines[:-1], ""),
        (lambda lines: lines[1:], "record 1: it is missing"),
        (lambda lines: lines[::-1], "record 15 "),
    ],
    ids=["reordered", "removed", "doubled", "repeated", "cut", "beheaded", "reversed"],
)
def test_lines_in_another_order_are_found(export: Export, change: Change, expected: str) -> None:
    lines = change(export.lines)
    first = str(export.look(records=b"".join(line + b"\n" for line in lines)).faults[0])
    assert first.startswith(expected or "record 15: it is missing")
    # With a manifest made for them by somebody with the key, the chain alone must tell.
    report = export.with_lines(lines)
    if expected:
        assert not report.good


def forged(export: Export, keys: Keys, place: int, **changed: object) -> bytes:
    """The record at a place with other facts, signed anew with the keys given."""
    parts = json.loads(export.lines[place])
    parts["facts"] |= changed
    del parts["signature"]
    return record.signed(parts, keys.sign(record.canonical(parts))).encode()


@pytest.fixture
def stranger(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "stranger")


def test_a_record_that_a_stranger_signed_is_named(export: Export, stranger: Keys) -> None:
    lines = export.lines
    lines[1] = forged(export, stranger, 1, blocks=2)
    first = str(export.with_lines(lines).faults[0])
    assert first.startswith("record 2 (ticket desk:7, accepted, ")
    assert "not among the known ones" in first


def test_a_line_that_a_stranger_put_in_between_is_named(export: Export, stranger: Keys) -> None:
    lines = export.lines
    lines.insert(2, forged(export, stranger, 1, blocks=2))
    report = export.with_lines(lines)
    assert str(report.faults[0]).startswith("record 2 (ticket desk:7, accepted, ")


def test_a_strangers_manifest_is_found(export: Export, stranger: Keys) -> None:
    report = export.with_lines(export.lines, keys=stranger)
    assert [str(fault) for fault in report.faults] == [
        "manifest.json: it is signed with a key that is not among the known ones"
    ]


def test_a_record_that_was_signed_anew_with_the_true_key_breaks_the_chain(export: Export) -> None:
    lines = export.lines
    lines[1] = forged(export, export.keys, 1, blocks=2, amount="170.00")
    named = [fault.seq for fault in export.with_lines(lines).faults]
    assert named == [3]


def test_a_last_record_that_was_signed_anew_is_not_the_head(export: Export) -> None:
    lines = export.lines
    lines[-1] = forged(export, export.keys, -1, why="x")
    records = b"".join(line + b"\n" for line in lines)
    assert next(fault.seq for fault in export.look(records=records).faults) == 15


def test_the_first_record_follows_none(export: Export) -> None:
    parts = json.loads(export.lines[0]) | {"previous": "a" * 64}
    del parts["signature"]
    lines = export.lines
    lines[0] = record.signed(parts, export.keys.sign(record.canonical(parts))).encode()
    records = b"".join(line + b"\n" for line in lines)
    told, _ = manifest.read(export.whole.manifest)
    told = replace(told, before="a" * 64)
    spelled = told.spelled(export.keys.sign(told.payload))
    assert next(fault.seq for fault in export.look(records=records, manifest=spelled).faults) == 1


def test_a_last_line_without_its_end_is_named(export: Export) -> None:
    first = str(export.look(records=export.whole.records[:-1]).faults[0])
    assert first.startswith("record 15 (ticket desk:8, waived, ")
    assert first.endswith("its line has no end")


def test_values_are_counted(export: Export) -> None:
    told, _ = manifest.read(export.whole.manifest)
    told = replace(told, personal=told.personal + 1)
    report = export.look(manifest=told.spelled(export.keys.sign(told.payload)))
    assert [str(each) for each in report.faults] == [
        "there are not as many personal values as are named"
    ]


def test_a_line_beyond_the_last_one_is_found(export: Export) -> None:
    told, _ = manifest.read(export.whole.manifest)
    records = b"".join(line + b"\n" for line in export.lines[:-1])
    cut = replace(
        told,
        last=14,
        head=record.chained(export.lines[13].decode()),
        files=manifest.digests(
            records=export.whole.records, personal=export.whole.personal, keys=export.whole.keys
        ),
    )
    spelled = cut.spelled(export.keys.sign(cut.payload))
    assert export.look(manifest=spelled).faults[0].seq == 15
    assert export.look(records=records).faults


def test_a_value_that_was_changed_names_its_record(export: Export) -> None:
    personal = export.whole.personal.replace(b"\\u00c8ve Roy", b"Adam Roy", 1)
    assert personal != export.whole.personal
    first = str(export.look(personal=personal).faults[0])
    assert first.startswith("record 2 (ticket desk:7, accepted, ")
    assert first.endswith("its value 'name' is not the one it was made with")


def test_a_value_that_is_there_twice_is_found(export: Export) -> None:
    first = export.whole.personal.splitlines(keepends=True)[0]
    assert "or had it before" in str(export.look(personal=export.whole.personal + first).faults[0])


def test_a_text_that_is_not_the_one_whose_digest_was_told_is_found(told: Told) -> None:
    told.asked("PH-AAAAAAAA", 1, hours(0))
    assert exported(told).look().good
    event = told.ledger.history(REF)[0]
    told.forge(replace(event, request="PH-ZZZZZZZZ"), text_en_sha256="0" * 64)
    first = str(exported(told).look().faults[0])
    assert first.startswith("record 2 (ticket desk:7, requested, ")
    assert "its value 'text_en' is not the one" in first


def test_a_value_of_no_record_is_found(export: Export) -> None:
    line = {"name": "nobody", "record": 2, "salt": "00" * 16, "value": "x"}
    personal = export.whole.personal + record.canonical(line) + b"\n"
    assert "no value that is called 'nobody'" in str(export.look(personal=personal).faults[0])


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"\xff", b'{"name":"a","record":2,"salt":"zz","value":"x"}']
)
def test_a_line_that_is_no_value_is_found(export: Export, line: bytes) -> None:
    report = export.look(personal=export.whole.personal + line + b"\n")
    assert "it is not a value as it must be" in str(report.faults[0])


def test_an_erased_value_is_no_fault(told: Told) -> None:
    told.capped_story()
    told.ledger.erase(REF, now=hours(9))
    report = exported(told).look()
    assert report.good
    assert (report.permissions, report.charges) == (1, 1)
    assert exported(told).whole.personal == b""
