"""What our plugin in osTicket sends, in our words; and what it is answered, in its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.osticket_double import OLDER_SECRET, SECRET
from tests.osticket_double.decisions import decision as judged
from tests.osticket_double.signing import secret_of, sign, verify

from support_policy.core.ticket import Author, Channel, Field, Priority, Ticket, TicketRef
from support_policy.core.update import Explanation, Update
from support_policy.errors import DeliveryError, MalformedError, SignatureError, StaleError
from support_policy.helpdesk import Answered, Delivery
from support_policy.helpdesks.osticket.codec import OsTicketCodec
from support_policy.helpdesks.osticket.signature import key_of
from support_policy.reader import load_reader
from support_policy.reader.clean import clean
from support_policy.settings import policy_folder

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
EVENT = "0b1c2d3e-4f50-4617-8899-aabbccddeeff"
DUE = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)

TICKET: Mapping[str, Any] = {
    "id": 12,
    "number": "123456",
    "created_at": "2026-11-24T17:59:58Z",
    "status": "open",
    "subject": "Été",
    "body": "Mon site ne répond plus.",
    "format": "text",
    "source": "web",
    "opened_by": "requester",
    "identity": "guest",
    "automatic": False,
    "requester": {"address": "luc@poteriedesrives.example", "language": "fr"},
    "department": "Support",
    "priority": "normal",
    "due_at": None,
    "set_by_staff": [],
    "tags": [],
    "fields": {},
    "notes": [],
    "decided_at": None,
    "revision": "0f0f0f0f",
}


def codec(*secrets: str, **more: Any) -> OsTicketCodec:
    keys = [key_of(each) for each in secrets or (SECRET,)]
    assert None not in keys
    return OsTicketCodec(desk="osticket", keys=tuple(key for key in keys if key), **more)


CODEC = codec(departments={"Level 2": "level_2", "Ventes": "sales"})


def message(**changes: Any) -> dict[str, Any]:
    return {
        "type": "ticket.created",
        "event": EVENT,
        "plugin": "0.1.0",
        "helpdesk": "v1.18.1",
        "mode": "enforce",
        "ticket": dict(TICKET),
    } | changes


def opened(
    payload: object = None, *, body: bytes | None = None, event: str = EVENT
) -> Delivery | None:
    raw = json.dumps(message() if payload is None else payload).encode() if body is None else body
    headers = sign((SECRET,), event, int(NOW.timestamp()), raw)
    return CODEC.open(headers=headers, body=raw, token=None, now=NOW)


def ticket(**changes: Any) -> Ticket:
    delivery = opened(message(ticket={**TICKET, **changes}))
    assert delivery is not None
    assert delivery.ticket is not None
    return delivery.ticket


# Webhooks


def test_the_webhook_carries_its_ticket() -> None:
    delivery = opened()
    assert delivery is not None
    assert (delivery.desk, delivery.key, delivery.ticket_id) == (
        "osticket",
        "opened:12",
        "123456",
    )
    assert delivery.received_at == NOW
    assert delivery.opened_at == datetime(2026, 11, 24, 17, 59, 58, tzinfo=UTC)
    assert delivery.ticket == Ticket(
        ref=TicketRef(desk="osticket", id="123456"),
        subject="Été",
        body="Mon site ne répond plus.",
        received_at=datetime(2026, 11, 24, 17, 59, 58, tzinfo=UTC),
        channel=Channel.WEB,
        requester=delivery.ticket.requester if delivery.ticket else None,  # type: ignore[arg-type]
        priority=Priority.NORMAL,
        tells_who=True,
        logged_in=False,
        movable=True,
    )
    assert delivery.ticket is not None
    assert delivery.ticket.requester.address == "luc@poteriedesrives.example"
    assert delivery.ticket.requester.language == "fr"
    assert delivery.ticket.revision == "0f0f0f0f"


def test_a_ping_asks_for_nothing() -> None:
    assert opened(message(type="ping")) is None
    ping = {key: value for key, value in message(type="ping").items() if key != "ticket"}
    assert opened(ping) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "ticket.exploded"},
        {"type": None},
        {"type": ["ticket.created"]},
        {"event": "another"},
        {"event": None},
        {"event": [EVENT]},
        {"ticket": None},
        {"ticket": []},
        {"ticket": "12"},
        {"ticket": [TICKET]},
    ],
)
def test_an_event_that_is_none_of_ours_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        opened(message(**changes))


@pytest.mark.parametrize("name", sorted(set(TICKET) - {"automatic", "decided_at", "due_at"}))
def test_a_ticket_without_one_of_its_keys_is_malformed(name: str) -> None:
    cut = {key: value for key, value in TICKET.items() if key != name}
    if name == "priority":  # none at all reads like none chosen
        assert opened(message(ticket=cut))
        return
    with pytest.raises(MalformedError):
        opened(message(ticket=cut))


WRONG: Mapping[str, tuple[object, ...]] = {
    "id": (None, "12", 0, -1, 1.5, True, [12], {}),
    "number": (None, "", 123456, True, ["123456"], {}),
    "created_at": (
        None,
        "",
        0,
        1764007198,
        "yesterday",
        "2026-11-24",
        "2026-11-24T17:59:58",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-24T25:00:00Z",
        ["2026-11-24T17:59:58Z"],
    ),
    "status": (None, "", "Open", "resolved", 1, True, ["open"], {}),
    "subject": (None, 7, ["a"], {}, True),
    "body": (None, 7, ["a"], {}, False),
    "format": (None, 7, [], {}, ""),
    "source": (None, 7, {}),
    "opened_by": (None, 7, {}, ""),
    "identity": (None, 7, {}, ""),
    "requester": (None, "luc", 7, ["luc"]),
    "department": (None, 7, ["Support"]),
    "priority": (7, True, ["low"], {"low": 1}),
    "due_at": ("", 0, False, "soon", "2026-11-24T17:59:58", [], {}),
    "set_by_staff": (None, "priority", {"priority": 1}, [7], [None], [["priority"]]),
    "tags": (None, "policy_low", {"policy_low": "x"}, [7], [None]),
    "fields": (None, "class", 7, {"class": 7}, {"reason": ["a"]}, {"state": {}}),
    "notes": (None, "support-policy a", [7], {"a": "b"}),
    "revision": (None, 7, [], {}),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG.items() for value in values],
    ids=lambda value: ascii(value)[:25],
)
def test_a_value_of_another_kind_is_malformed_and_not_quoted(name: str, value: object) -> None:
    with pytest.raises(MalformedError) as caught:
        opened(message(ticket={**TICKET, name: value}))
    assert re.search(f"{name}|object|class|reason|state", str(caught.value))
    for words in ("yesterday", "luc", "site", "1764007198"):
        assert words not in str(caught.value)


@pytest.mark.parametrize("name", ["address", "language"])
@pytest.mark.parametrize("value", [7, True, ["a@b.example"], {}])
def test_a_requester_of_another_kind_is_malformed(name: str, value: object) -> None:
    with pytest.raises(MalformedError):
        ticket(requester={"address": "a@b.example", "language": None, name: value})


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_moment_that_is_none_in_utc_is_malformed(instant: str) -> None:
    """Whoever reckons with it later would break on it."""
    for name in ("created_at", "due_at"):
        with pytest.raises(MalformedError):
            ticket(**{name: instant})


@pytest.mark.parametrize(
    "written", ["2026-11-24T12:59:58-05:00", "2026-11-24T17:59:58+00:00", "2026-11-24T17:59:58Z"]
)
def test_a_moment_with_any_offset_is_the_moment_it_is(written: str) -> None:
    assert ticket(created_at=written).received_at == datetime(2026, 11, 24, 17, 59, 58, tzinfo=UTC)


def test_a_key_given_twice_is_read_once() -> None:
    """As PHP reads it: the last one counts, and nothing is read of the other."""
    raw = json.dumps(message()).replace('"number": "123456"', '"number": "9", "number": "123456"')
    delivery = opened(body=raw.encode())
    assert delivery is not None
    assert delivery.ticket_id == "123456"
    assert delivery.ticket is not None
    assert delivery.ticket.ref.id == "123456"


def test_what_a_later_plugin_adds_is_passed_over() -> None:
    raw = message(ticket={**TICKET, "sentiment": {"angry": True}}, weather="snow")
    assert opened(raw) == opened()


def test_php_spells_no_fields_as_a_list() -> None:
    assert ticket(fields=[]).fields == ()
    assert ticket(fields={}).fields == ()


def test_our_own_fields_are_read_and_nobody_elses() -> None:
    found = ticket(fields={"class": "low.general", "reason": "", "state": None, "colour": "red"})
    assert found.fields == (("class", "low.general"),)


@pytest.mark.parametrize(
    ("word", "priority"),
    [
        ("low", Priority.LOW),
        ("normal", Priority.NORMAL),
        ("high", Priority.HIGH),
        ("emergency", Priority.URGENT),
        ("urgent", None),
        ("niedrig", None),
        ("", None),
        (None, None),
    ],
)
def test_a_priority_is_read_by_its_name(word: str | None, priority: Priority | None) -> None:
    assert ticket(priority=word).priority is priority


@pytest.mark.parametrize(
    ("identity", "source", "channel", "logged_in"),
    [
        ("client", "phone", Channel.WEB, True),
        ("guest", "phone", Channel.WEB, False),
        ("email", "web", Channel.EMAIL, None),
        ("api", "phone", Channel.API, None),
        ("staff", "phone", Channel.PHONE, None),
        ("staff", "carrier pigeon", Channel.OTHER, None),
        ("unknown", "email", Channel.EMAIL, None),
        ("guest", "", Channel.WEB, False),  # a source that the database does not know is none
        ("unknown", "", Channel.OTHER, None),
        ("martian", "mars", Channel.OTHER, None),
    ],
)
def test_who_cannot_be_forged_goes_before_what_can(
    identity: str, source: str, channel: Channel, logged_in: bool | None
) -> None:
    found = ticket(identity=identity, source=source)
    assert (found.channel, found.logged_in) == (channel, logged_in)


def test_what_staff_chose_is_told_and_unknown_names_are_not() -> None:
    found = ticket(set_by_staff=["priority", "due_at", "department", "colour"])
    assert found.set_by_staff == {Field.PRIORITY, Field.DUE_AT}
    assert not found.movable
    assert ticket(opened_by="staff", identity="staff").opened_by is Author.STAFF


def test_a_note_of_ours_is_known_by_its_stamp() -> None:
    assert ticket(notes=["support-policy mexxus/2013-06-27/ab12cd34ef"]).notes == {
        "mexxus/2013-06-27/ab12cd34ef"
    }


# Bodies


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>My site is down.</p>", "My site is down."),
        ("My site is&nbsp;down.<br>Please help.", "My site is down.\nPlease help."),
        ("My site is down &amp; out", "My site is down & out"),
        ("I wrote &lt;b&gt; and it shows", "I wrote <b> and it shows"),
        ("Hello <script>alert(1)</script>there", "Hello there"),
        ("<style>p{color:red}</style>My site is down.", "My site is down."),
        ("unclosed <b>bold", "unclosed bold"),
        ("</div>closed too often", "closed too often"),
    ],
)
def test_markup_is_read_as_its_words(html: str, text: str) -> None:
    read = clean("Help", ticket(format="html", body=html).body)[1]
    assert read.split() == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "My <b>site</b> is down",
        "a < b and c > d",
        "1 &lt; 2",
        "x",
        "",
        "\u0000\u202e\U0001f600",
    ],
)
def test_a_text_is_kept_letter_by_letter(text: str) -> None:
    assert ticket(format="text", body=text).body == text


def test_markup_and_text_lead_to_the_same_facts() -> None:
    reader = load_reader(policy_folder("mexxus", None))  # type: ignore[arg-type] # a packaged one
    said = "My web site is down since this morning."
    plain = ticket(body=said, subject="Help")
    marked = ticket(
        format="html", body="<p>My <b>web site</b> is <i>down</i> since this morning.</p>"
    )
    facts = [
        {fact.name for fact in reader.read(subject=each.subject, body=each.body).found}
        for each in (plain, marked)
    ]
    assert facts[0] == facts[1]
    assert facts[0]


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_body_of_90_000_letters_is_read(form: str) -> None:
    letters = "é" * 90_000
    assert letters in ticket(format=form, body=letters).body


HOSTILE = (
    "\ud800",
    "\u0000",
    "'; DROP TABLE deliveries; --",
    "../../etc/passwd",
    "%{ticket.number}",
    "x" * 100_000,
    "[support-policy mexxus/1/0000000000]",
    "\u202egnp.exe",
    "<img src=x onerror=alert(1)>",
)


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:20])
@pytest.mark.parametrize("name", ["subject", "body", "department", "priority", "source"])
def test_hostile_words_are_words(name: str, words: str) -> None:
    found = ticket(**{name: words})
    if name in {"subject", "body"}:
        assert words in getattr(found, name)
    assert found.notes == frozenset()
    assert found.set_by_staff == frozenset()
    delivery = opened(message(ticket={**TICKET, name: words}))
    assert delivery is not None
    assert (delivery.key, delivery.hint) == ("opened:12", "{}")


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=5,
    ),
    st.sampled_from(sorted(TICKET)),
)
def test_whatever_stands_in_a_ticket_it_is_read_or_malformed(value: Any, name: str) -> None:
    with suppress(MalformedError):
        assert opened(message(ticket={**TICKET, name: value})) is not None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_is_signed_is_read_or_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        opened(body=body)


# Proof of origin


def attempt(headers: Mapping[str, str], body: bytes, **secrets: Any) -> Delivery | None:
    return codec(**secrets).open(headers=headers, body=body, token=None, now=NOW)


BODY = json.dumps(message()).encode()
GOOD = sign((SECRET,), EVENT, int(NOW.timestamp()), BODY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**GOOD, "webhook-signature": ""},
        {**GOOD, "webhook-signature": GOOD["webhook-signature"][:-1]},
        {**GOOD, "webhook-signature": GOOD["webhook-signature"].replace("v1,", "v2,")},
        {**GOOD, "webhook-signature": GOOD["webhook-signature"].removeprefix("v1,")},
        {**GOOD, "webhook-signature": GOOD["webhook-signature"].lower()},
        {**GOOD, "webhook-signature": GOOD["webhook-signature"] + "="},
        {**GOOD, "webhook-signature": "v1,\ud800"},
        {**GOOD, "webhook-signature": "é" * 1000},
        {**GOOD, "webhook-id": ""},
        {**GOOD, "webhook-id": "another"},
        {**GOOD, "webhook-id": "\ud800"},
        {**GOOD, "webhook-timestamp": ""},
        {**GOOD, "webhook-timestamp": "1764007199"},
        {**GOOD, "webhook-timestamp": GOOD["webhook-timestamp"] + "0"},
        {**GOOD, "webhook-timestamp": "now"},
        {name: value for name, value in GOOD.items() if name != "webhook-id"},
        {name: value for name, value in GOOD.items() if name != "webhook-timestamp"},
        {name: value for name, value in GOOD.items() if name != "webhook-signature"},
        sign((secret_of(b"another company's secret"),), EVENT, int(NOW.timestamp()), BODY),
        sign((SECRET,), EVENT, int(NOW.timestamp()), BODY + b" "),
    ],
    ids=lambda headers: ascii(headers)[-40:],
)
def test_who_does_not_prove_it_is_turned_away_before_the_body_is_read(
    headers: Mapping[str, str],
) -> None:
    for body in (BODY, b"{"):
        with pytest.raises(DeliveryError) as caught:
            CODEC.open(headers=headers, body=body, token=None, now=NOW)
        assert not isinstance(caught.value, MalformedError)
        assert SECRET[6:] not in str(caught.value)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400, -86_400, 10**12])
def test_what_was_signed_long_ago_or_ahead_is_stale(seconds: int) -> None:
    headers = sign((SECRET,), EVENT, max(0, int(NOW.timestamp()) + seconds), BODY)
    with pytest.raises(StaleError):
        CODEC.open(headers=headers, body=BODY, token=None, now=NOW)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_allowed(seconds: int) -> None:
    headers = sign((SECRET,), EVENT, int(NOW.timestamp()) + seconds, BODY)
    assert CODEC.open(headers=headers, body=BODY, token=None, now=NOW)


@pytest.mark.parametrize(
    "timestamp", ["1e9", "-5", "+1795543200", " 1795543200", "１７９５", "9" * 400]
)
def test_a_timestamp_that_is_no_number_is_turned_away_even_when_signed(timestamp: str) -> None:
    headers = sign((SECRET,), EVENT, timestamp, BODY)  # type: ignore[arg-type]
    with pytest.raises((StaleError, SignatureError)):
        CODEC.open(headers=headers, body=BODY, token=None, now=NOW)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ((SECRET,), (SECRET, OLDER_SECRET)),
        ((OLDER_SECRET,), (SECRET, OLDER_SECRET)),
        ((SECRET, OLDER_SECRET), (OLDER_SECRET,)),
        ((SECRET, OLDER_SECRET), (SECRET,)),
        ((OLDER_SECRET, SECRET), (SECRET, OLDER_SECRET)),
    ],
)
def test_a_half_way_rotation_works_in_any_order(
    theirs: tuple[str, ...], ours: tuple[str, ...]
) -> None:
    """Either side may be first to know the new secret, and first to forget the old one."""
    headers = sign(theirs, EVENT, int(NOW.timestamp()), BODY)
    both = codec(*ours)
    delivery = both.open(headers=headers, body=BODY, token=None, now=NOW)
    assert delivery is not None
    answered = Answered(delivery=delivery, at=NOW, writes=True)
    body, signed = both.reply(answered, headers=headers, now=NOW)
    assert verify(theirs, signed, body, now=NOW.timestamp()) == EVENT


def test_signatures_of_another_version_are_passed_over() -> None:
    proofs = "v2,AAAA v1a,BBBB " + GOOD["webhook-signature"]
    assert CODEC.open(headers={**GOOD, "webhook-signature": proofs}, body=BODY, token=None, now=NOW)


# Answers


def answered(update: Update | None = None, **more: Any) -> dict[str, Any]:
    delivery = opened()
    assert delivery is not None
    values = {"at": NOW + timedelta(microseconds=123_456), "writes": True, **more}
    body, headers = CODEC.reply(
        Answered(delivery=delivery, update=update, **values), headers=GOOD, now=NOW
    )
    assert verify((SECRET,), headers, body, now=NOW.timestamp()) == EVENT
    said = json.loads(body)
    judged(said)  # nothing but what the contract names
    found: dict[str, Any] = said
    return found


REF = TicketRef(desk="osticket", id="123456")


def test_an_answer_says_what_the_plugin_is_to_do() -> None:
    update = Update(
        ticket=REF,
        priority=Priority.LOW,
        due_at=DUE.astimezone(timezone(timedelta(hours=-5))),
        target="low",
        department="sales",
        tags=("policy_low", "needs_review"),
        fields=(("class", "low.general"), ("state", "a b")),
        note=Explanation(stamp="mexxus/1/ab", reason="because", note="Why."),
    )
    assert answered(update) == {
        "type": "ticket.decision",
        "event": EVENT,
        "ticket": {"id": 12, "number": "123456"},
        "decided_at": "2026-11-24T18:00:00.123456Z",
        "mode": "enforce",
        "passed_over": "",
        "update": {
            "priority": "low",
            "due_at": "2026-11-24T22:00:00Z",
            "target": "low",
            "department": "Ventes",
            "tags": ["policy_low", "needs_review"],
            "fields": {"class": "low.general", "state": "a b"},
            "note": {
                "stamp": "support-policy mexxus/1/ab",
                "text": "Why.\n\n[support-policy mexxus/1/ab]",
            },
        },
    }


def test_an_answer_at_a_whole_second_is_spelled_to_the_microsecond_too() -> None:
    assert answered(at=NOW)["decided_at"] == "2026-11-24T18:00:00.000000Z"


def test_where_nothing_differs_nothing_is_asked() -> None:
    assert answered(None)["update"] is None
    assert answered(Update(ticket=REF))["update"] is None


def test_only_what_differs_is_named() -> None:
    assert answered(Update(ticket=REF, tags=("late",)))["update"] == {"tags": ["late"]}


def test_what_is_passed_over_says_why_and_asks_nothing() -> None:
    said = answered(passed_over="it is closed")
    assert (said["passed_over"], said["update"]) == ("it is closed", None)


def test_what_observes_says_so() -> None:
    assert answered(writes=False)["mode"] == "observe"


def test_a_department_that_the_desk_has_no_name_for_is_left_out() -> None:
    assert answered(Update(ticket=REF, department="billing", tags=("a",)))["update"] == {
        "tags": ["a"]
    }


def test_a_ping_is_answered_with_a_signed_pong() -> None:
    body, headers = CODEC.reply(None, headers=GOOD, now=NOW)
    assert json.loads(body) == {"type": "pong", "event": EVENT}
    assert verify((SECRET,), headers, body, now=NOW.timestamp()) == EVENT


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:20])
def test_a_customers_words_in_a_note_are_no_stamp_and_no_broken_json(words: str) -> None:
    note = Explanation(stamp="mexxus/1/ab", reason=words, note=f'He wrote "{words}".')
    update = Update(ticket=REF, fields=(("reason", words),), note=note)
    said = answered(update)["update"]
    assert re.findall(r"\[(support-policy [^\]]*)\]", said["note"]["text"]) == [
        "support-policy mexxus/1/ab"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "whsec_!!!!",
        "whsec_" + "QUFB" * 7,  # 21 bytes
        "whsec_" + "QUFB" * 22,  # 66 bytes
        "WHSEC_" + "QUFB" * 8,
        "QUFB" * 8,
        "whsec_" + "QUFB" * 8 + "\n",
        "whsec_é",
    ],
)
def test_what_is_no_secret_has_no_key(text: str) -> None:
    assert key_of(text) is None


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_spells_its_key(size: int) -> None:
    assert key_of(secret_of(b"k" * size)) == b"k" * size
