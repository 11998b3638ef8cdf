"""The record's format: one spelling for each event, and nothing else is taken for a record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_policy.core.permission import record
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.record import (
    GENESIS,
    Appending,
    RecordError,
    canonical,
    chained,
    read,
    salted,
    signed,
    unsigned,
)
from support_policy.core.ticket import TicketRef

EVENT = Event(
    kind=Kind.ACCEPTED,
    at=datetime(2026, 11, 23, 10, 5, 0, 250_000, tzinfo=timezone(timedelta(hours=-5))),
    ticket=TicketRef(desk="desk", id="7"),
    request="PH-AAAAAAAA",
    facts={"blocks": 1, "amount": "85.00", "more": False, "why": None},
    personal={"name": "Ève"},
    brief={"ip": "203.0.113.7"},
)
SALTS = {"name": "00" * 16, "ip": "ff" * 16}

# Written out by hand from docs/evidence.md: who changes the format must see it here.
_IP = sha256(b"\xff" * 16 + b'"203.0.113.7"').hexdigest()
_NAME = sha256(b"\0" * 16 + b'"\\u00c8ve"').hexdigest()
LINE = (
    '{"at":"2026-11-23T15:05:00.250000Z",'
    '"facts":{"amount":"85.00","blocks":1,"more":false,"why":null},'
    '"format":1,"kind":"accepted",'
    f'"personal":{{"ip":"{_IP}","name":"{_NAME}"}},'
    f'"previous":"{"0" * 64}","request":"PH-AAAAAAAA","seq":1,"signature":"s",'
    '"ticket":{"desk":"desk","id":"7"}}'
)


def spelled(event: Event = EVENT, *, seq: int = 1, previous: str = GENESIS) -> str:
    salts = dict.fromkeys({**event.personal, **event.brief}, "00" * 16) | SALTS
    return signed(unsigned(event, seq=seq, previous=previous, salts=salts), "s")


def test_an_event_is_spelled_as_the_documentation_says() -> None:
    assert spelled() == LINE


def test_the_signature_is_over_the_line_without_it() -> None:
    assert read(LINE).payload == LINE.replace('"signature":"s",', "").encode()


def test_a_line_is_chained_by_all_of_its_bytes() -> None:
    assert read(LINE).digest == chained(LINE) == sha256(LINE.encode()).hexdigest()


def test_a_record_reads_back_as_its_event_without_its_values() -> None:
    found = read(LINE)
    assert found.event == replace(EVENT, personal={}, brief={})
    assert found.event.at.utcoffset() == timedelta(0)
    assert (found.seq, found.previous, found.signature) == (1, GENESIS, "s")
    assert set(found.digests) == {"name", "ip"}


TEXTS = st.text(st.characters(), max_size=20)  # every character there is, halves of pairs too
FACTS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.booleans() | st.none(), max_size=4)
INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - Hypothesis adds the zone itself
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
)


@given(
    kind=st.sampled_from(Kind),
    at=INSTANTS,
    texts=st.tuples(TEXTS, TEXTS, TEXTS),
    facts=FACTS,
    personal=st.dictionaries(TEXTS, TEXTS, max_size=3),
    seq=st.integers(1, 2**60),
)
def test_every_event_reads_back_as_it_was(
    kind: Kind,
    at: datetime,
    texts: tuple[str, str, str],
    facts: dict[str, str | int | bool | None],
    personal: dict[str, str],
    seq: int,
) -> None:
    desk, number, request = texts
    ref = TicketRef(desk=desk, id=number)
    event = Event(kind=kind, at=at, ticket=ref, request=request, facts=facts, personal=personal)
    salts = dict.fromkeys(personal, "5a" * 16)
    found = read(signed(unsigned(event, seq=seq, previous=GENESIS, salts=salts), "s"))
    assert found.event == replace(event, personal={})
    assert found.seq == seq
    assert found.digests == {name: salted("5a" * 16, value) for name, value in personal.items()}


def parts(**changed: object) -> str:
    return canonical({**json.loads(LINE), **changed}).decode()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "not JSON"),
        ("[]", "parts"),
        ("[" * 100_000, "not JSON"),
        (LINE + " ", "canonically"),
        (LINE.replace(",", ", ", 1), "canonically"),
        (LINE.replace('"blocks":1', '"blocks":1.0'), "no number"),
        (LINE.replace('"blocks":1', '"blocks":NaN'), "no number"),
        (LINE.replace('"seq":1', '"seq":1,"seq":1'), "canonically"),
        (LINE.replace("desk", "d\\u0065sk", 1), "canonically"),
        (LINE.replace("desk", "désk"), "canonically"),
        (parts(format=2), "format"),
        (parts(format=True), "format"),
        (parts(kind="granted"), "kind"),
        (parts(seq=0), "number"),
        (parts(seq=True), "number"),
        (parts(seq="1"), "number"),
        (parts(previous="0" * 63), "digest"),
        (parts(previous="A" * 64), "digest"),
        (parts(previous=0), "wrong kind"),
        (parts(personal={"name": "x"}), "digest"),
        (parts(personal=[]), "wrong kind"),
        (parts(at="2026-11-23T15:05:00Z"), "time"),
        (parts(at="2026-11-23T10:05:00.250000-05:00"), "time"),
        (parts(at="2026-11-23T15:05:00.250000"), "time"),
        (parts(at=1), "wrong kind"),
        (parts(ticket={"desk": "desk"}), "ticket"),
        (parts(ticket={"desk": "desk", "id": "7", "more": "8"}), "ticket"),
        (parts(facts={"a": [1]}), "facts"),
        (parts(facts=[]), "facts"),
        (parts(request=None), "wrong kind"),
        (parts(extra=1), "parts"),
    ],
)
def test_anything_else_is_no_record(line: str, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        read(line)


@pytest.mark.parametrize("depth", range(100, 1500, 100))
def test_however_deep_a_line_is_nested_it_is_no_record(depth: int) -> None:
    with pytest.raises(RecordError):
        read(LINE.replace('"blocks":1', '"blocks":' + "[" * depth + "]" * depth))


@pytest.mark.parametrize("value", [1.5, b"x", [1], {"a": 1}])
def test_a_fact_of_another_kind_has_no_place_in_a_record(value: object) -> None:
    event = replace(EVENT, facts={"amount": value})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="amount"):
        spelled(event)


def test_a_value_cannot_be_both_personal_and_brief() -> None:
    event = replace(EVENT, brief={"name": "x"})
    with pytest.raises(ValueError, match="both personal and brief: name"):
        record.personal_values(event)


def test_an_appending_is_empty_only_when_it_says_nothing_at_all() -> None:
    assert not Appending()
    assert all(
        (
            Appending(events=(EVENT,)),
            Appending(judged=("m",)),
            Appending(links=(("customer", "h", "r"),)),
            Appending(next_at=EVENT.at),
            Appending(open=True),
            Appending(silent=True),
        )
    )
