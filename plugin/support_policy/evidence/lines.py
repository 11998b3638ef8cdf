"""Whether the lines of an export are one unbroken chain of signed records, and which is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from support_policy.core.permission import record
from support_policy.core.permission.record import GENESIS, Record, RecordError
from support_policy.evidence.fault import Fault, about
from support_policy.evidence.manifest import Manifest
from support_policy.seal import PublicKeys, SealError


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it stands there; ``why`` it cannot be believed, if it cannot.

    ``record`` is what it says, where that can be read at all.
    """

    raw: bytes
    record: Record | None = None
    why: str = ""

    @property
    def good(self) -> bool:
        """Whether it is a record that was signed as it stands."""
        return not self.why


def split(content: bytes, keys: PublicKeys) -> tuple[Line, ...]:
    """Every line, read and its signature checked."""
    *whole, rest = content.split(b"\n")
    lines = [_line(raw, keys) for raw in whole]
    if rest:
        lines.append(Line(raw=rest, why="its line has no end"))
    return tuple(lines)


def _line(raw: bytes, keys: PublicKeys) -> Line:
    try:
        found = record.read(raw.decode("ascii"))
    except UnicodeDecodeError:
        return Line(raw=raw, why="it is not JSON in ASCII")
    except RecordError as error:
        return Line(raw=raw, why=str(error))
    try:
        keys.check(found.payload, found.signature)
    except SealError as error:
        return Line(raw=raw, record=found, why=str(error))
    return Line(raw=raw, record=found)


def faults(lines: Sequence[Line], manifest: Manifest | None) -> Iterator[Fault]:
    """Everything that is wrong with the chain, in the order of the lines.

    What cannot be believed is named by the place where it stands, not by what it says.
    """
    good = [each.record for each in lines if each.good and each.record]
    first = manifest.first if manifest else min((each.seq for each in good), default=1)
    reading = _Reading(expected=first, present=frozenset(each.seq for each in good))
    for line in lines:
        if line.good and line.record:
            yield from reading.pass_by(line.record)
        else:
            reading.doubted.append(line)
    yield from reading.settle(manifest.last if manifest else reading.expected - 1)
    yield from _links(good, first, manifest)


@dataclass(slots=True)
class _Reading:
    """Where one is in the lines: the number that comes next, and the lines nobody believes."""

    expected: int
    present: frozenset[int]
    seen: set[int] = field(default_factory=set)
    doubted: list[Line] = field(default_factory=list)

    def pass_by(self, found: Record) -> Iterator[Fault]:
        """Go on to a record that was signed as it stands."""
        earlier = range(self.expected, found.seq)
        if found.seq in self.seen:
            yield _of(found, "it stands there twice")
        elif found.seq < self.expected or self.present.intersection(earlier):
            yield _of(found, f"it stands where record {self.expected} should")
        yield from self.settle(found.seq - 1)
        self.seen.add(found.seq)
        self.expected = max(self.expected, found.seq + 1)

    def settle(self, last: int) -> Iterator[Fault]:
        """Name the doubted lines by the numbers that they stand for, up to ``last``."""
        numbers = [
            number for number in range(self.expected, last + 1) if number not in self.present
        ]
        name = self.expected - 1
        for place, line in enumerate(self.doubted):
            if place < len(numbers):
                name = numbers[place]
            elif line.record:
                name = line.record.seq
            yield Fault(seq=name, about=about(line.raw), what=line.why)
        for number in numbers[len(self.doubted) :]:
            yield Fault(seq=number, what="it is missing")
        self.doubted.clear()
        self.expected = max(self.expected, last + 1)


def _links(good: Sequence[Record], first: int, manifest: Manifest | None) -> Iterator[Fault]:
    """Whether each record names the one before it, and the manifest the first and the last."""
    before = {each.seq + 1: each.digest for each in good}
    if manifest:
        before.setdefault(first, manifest.before)
    if first <= 1:
        before[1] = GENESIS
    for each in good:
        if each.previous != before.get(each.seq, each.previous):
            yield _of(each, f"it does not follow the record {each.seq - 1} that stands there")
        if manifest and each.seq > manifest.last:
            yield _of(each, "it is beyond the last one that the manifest names")
    if manifest and before.get(manifest.last + 1, manifest.head) != manifest.head:
        yield Fault(seq=manifest.last, what="it is not the last one that the manifest names")


def _of(found: Record, what: str) -> Fault:
    return Fault(seq=found.seq, about=about(found.line.encode("ascii")), what=what)
