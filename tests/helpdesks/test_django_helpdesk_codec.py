"""django-helpdesk's JSON in and out, without a desk; the JSON has the shape of 2.6.1."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small_policy import a_ticket

from support_policy.core.ticket import Author, Channel, Field, Priority, Ticket, TicketRef
from support_policy.core.update import Explanation, Update
from support_policy.errors import MalformedError, SignatureError
from support_policy.helpdesks.django_helpdesk.codec import (
    FIELD_LIMIT,
    NUMBERS,
    PRIORITIES,
    DjangoHelpdeskCodec,
    note,
    patch,
)

NOW = datetime(2026, 11, 23, 15, 0, 5, tzinfo=UTC)
TOKEN = "kQ3-a-secret-in-the-path"
AGENT, PROGRAM = 1, 4
CODEC = DjangoHelpdeskCodec(
    desk="helpdesk",
    tokens=(TOKEN, "older"),
    departments={"2": "level_2", "3": "billing"},
    app_users=frozenset({PROGRAM}),
)


def entry(number: int = 11, **values: object) -> dict[str, Any]:
    return {
        "id": number,
        "ticket": 7,
        "user": None,
        "title": "Ticket Opened Via Web",
        "comment": "My site is down.",
        "public": True,
        "new_status": None,
        "time_spent": None,
        "followupattachment_set": [],
        "date": "2026-11-23T10:00:00.250000-05:00",
        "message_id": None,
        "email_recipients": [],
    } | values


def ticket_json(**values: object) -> dict[str, Any]:
    return {
        "id": 7,
        "queue": 1,
        "title": "Down",
        "description": "My site is down.",
        "resolution": None,
        "submitter_email": "jo@shop.example",
        "assigned_to": None,
        "status": 1,
        "on_hold": False,
        "priority": 3,
        "due_date": None,
        "merged_to": None,
        "followup_set": [entry()],
        "custom_policy_class": None,
        "custom_policy_expected_at": None,
        "custom_policy_tags": None,
        "custom_policy_reason": None,
        "custom_policy_state": None,
    } | values


def hint(**values: object) -> str:
    """The hint of the delivery of a ticket that was opened with these values."""
    body = {"ticket": ticket_json(**values), "queue_slug": "support"}
    return deliver(body).hint


def deliver(body: object, *, token: str | None = TOKEN) -> Any:
    return CODEC.open(headers={}, body=json.dumps(body).encode(), token=token, now=NOW)


def read(*, known: str | None = None, **values: object) -> Ticket:
    return CODEC.ticket(ticket_json(**values), hint=hint() if known is None else known)


# Webhooks


def test_a_webhook_opens_to_the_delivery_of_its_ticket() -> None:
    delivery = deliver({"ticket": ticket_json(), "queue_slug": "support"})
    assert (delivery.desk, delivery.ticket_id, delivery.origin) == ("helpdesk", "7", "webhook")
    assert delivery.received_at == NOW
    assert delivery.key.startswith("opened:7:")


def test_every_token_of_a_rotation_is_accepted_and_no_other() -> None:
    body = {"ticket": ticket_json(), "queue_slug": "support"}
    assert deliver(body, token="older").key == deliver(body).key
    for wrong in (None, "", "old", "older ", TOKEN.upper(), f"{TOKEN}older"):
        with pytest.raises(SignatureError) as caught:
            deliver(body, token=wrong)
        assert TOKEN not in str(caught.value)


def test_the_key_is_that_of_the_opening_whatever_happened_since() -> None:
    later = entry(12, date="2026-11-23T11:00:00-05:00", user=AGENT, title="Comment")
    now = ticket_json(followup_set=[later, entry()], priority=1, status=2, title="renamed")
    sweep = CODEC.delivery(now, now=NOW + timedelta(hours=3), origin="sweep")
    assert sweep.key == deliver({"ticket": ticket_json(), "queue_slug": "support"}).key
    assert sweep.origin == "sweep"


def test_two_tickets_that_had_one_number_are_two_events() -> None:
    other = ticket_json(followup_set=[entry(date="2027-01-01T10:00:00-05:00")])
    assert deliver({"ticket": other}).key != deliver({"ticket": ticket_json()}).key


def test_a_hint_is_small_and_holds_none_of_the_customers_words() -> None:
    secret = "giraffe"
    body = {
        "ticket": ticket_json(
            title=secret,
            description=secret * 10_000,
            submitter_email=f"{secret}@zoo.example",
            followup_set=[entry(comment=secret)],
        ),
        "queue_slug": "support",
    }
    delivery = deliver(body)
    assert secret not in delivery.hint + delivery.key
    assert len(delivery.hint) < 1000
    assert isinstance(json.loads(delivery.hint), dict)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"ticket": None},
        {"ticket": []},
        {"ticket": {}},
        {"ticket": {"id": None}},
        {"ticket": {"id": "7"}},
        {"ticket": {"id": True}},
        {"ticket": {"id": 7.5}},
    ],
)
def test_a_body_without_a_numbered_ticket_is_malformed(body: object) -> None:
    with pytest.raises(MalformedError):
        deliver(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("id", "followup_set", "date", "ticket", "priority", "title"))
            | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.dictionaries(st.sampled_from(("ticket", "queue_slug")), JSON) | JSON)
def test_any_json_is_a_delivery_or_malformed(body: object) -> None:
    try:
        delivery = deliver(body)
    except MalformedError:
        return
    assert json.loads(delivery.hint) is not None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ticket=st.fixed_dictionaries({"id": st.integers(1, 9)}, optional={
    "followup_set": JSON, "priority": JSON, "due_date": JSON, "queue": JSON,
}), slug=JSON)  # fmt: skip
def test_odd_parts_beside_the_number_do_not_lose_the_event(
    ticket: dict[str, Any], slug: object
) -> None:
    delivery = deliver({"ticket": ticket, "queue_slug": slug})
    assert delivery.ticket_id == str(ticket["id"])


# Reading


def test_a_ticket_is_read_with_all_that_the_policy_needs() -> None:
    ticket = read(due_date="2026-11-23T14:00:00-05:00", priority=4)
    assert ticket.ref == TicketRef(desk="helpdesk", id="7")
    assert (ticket.subject, ticket.body) == ("Down", "My site is down.")
    assert ticket.requester.address == "jo@shop.example"
    assert ticket.received_at == datetime(2026, 11, 23, 15, 0, 0, 250_000, tzinfo=UTC)
    assert ticket.due_at == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    assert ticket.priority is Priority.LOW
    assert (ticket.tags, ticket.fields, ticket.notes) == ((), (), frozenset())


def test_empty_values_of_the_desk_are_empty_here() -> None:
    ticket = read(description=None, submitter_email=None, title="", custom_policy_tags="")
    assert (ticket.subject, ticket.body, ticket.requester.address) == ("", "", None)


@pytest.mark.parametrize(
    ("status", "closed"), [(1, False), (2, False), (3, True), (4, True), (5, True)]
)
def test_open_and_reopened_tickets_are_open_and_the_others_closed(
    status: int, *, closed: bool
) -> None:
    assert read(status=status).closed is closed


def test_every_number_of_a_priority_is_known_and_written_back() -> None:
    assert [read(priority=number).priority for number in (1, 2, 3, 4)] == [
        Priority.URGENT,
        Priority.HIGH,
        Priority.NORMAL,
        Priority.LOW,
    ]
    assert {PRIORITIES[number] for number in NUMBERS.values()} == set(NUMBERS)


@pytest.mark.parametrize(
    ("opening", "channel", "author"),
    [
        ({}, Channel.WEB, Author.REQUESTER),
        ({"title": "Billet ouvert via le Web"}, Channel.WEB, Author.REQUESTER),
        ({"user": 9}, Channel.WEB, Author.REQUESTER),  # a customer with a log-in
        ({"title": "E-Mail Received from jo@shop.example"}, Channel.EMAIL, Author.REQUESTER),
        ({"title": "E-mail reçu de jo@shop.example "}, Channel.EMAIL, Author.REQUESTER),
        ({"title": "Ticket Opened", "user": AGENT}, Channel.OTHER, Author.STAFF),
        ({"title": "Billet ouvert", "user": AGENT}, Channel.OTHER, Author.STAFF),
        (
            {"title": "Ticket Opened & Assigned to jo", "user": AGENT},
            Channel.OTHER,
            Author.STAFF,
        ),
        (
            {"title": "Billet ouvert et assigné à jo", "user": AGENT},
            Channel.OTHER,
            Author.STAFF,
        ),
        ({"title": "Ticket Opened", "user": PROGRAM}, Channel.OTHER, Author.APP),
    ],
)
def test_the_opening_tells_who_came_which_way(
    opening: dict[str, Any], channel: Channel, author: Author
) -> None:
    ticket = read(followup_set=[entry(**opening)])
    assert (ticket.channel, ticket.opened_by) == (channel, author)


def test_the_queue_of_the_ticket_names_the_department_whatever_the_webhook_said() -> None:
    lying = deliver({"ticket": ticket_json(queue=2), "queue_slug": "billing"}).hint
    assert read(queue=2, known=lying).department == "level_2"
    assert read(queue=3, known=lying).department == "billing", "it was moved since"
    assert read(queue=5, known=lying).department is None


def test_our_own_note_is_never_the_opening_of_a_ticket() -> None:
    ours = note(Explanation(stamp="small/1/abc", reason="r", note="Because."))
    left = entry(id=9, user=3, public=False, comment=ours)
    delivery = CODEC.delivery(ticket_json(followup_set=[left]), now=NOW, origin="sweep")
    assert delivery.key == CODEC.delivery(ticket_json(followup_set=[]), now=NOW).key


def test_somebody_with_a_log_in_whose_title_we_cannot_read_is_taken_for_staff() -> None:
    opening = entry(id=1, user=2, title="Ticket geöffnet")
    assert read(followup_set=[opening]).opened_by is Author.STAFF


def test_tags_that_were_there_stay_whole_when_ours_do_not_fit() -> None:
    there = tuple(f"tag{number:03}" for number in range(142))
    ticket = replace(read(), tags=there)
    body = patch(ticket, Update(ticket=ticket.ref, tags=("policy_low",)))
    assert tuple(body["custom_policy_tags"].split())[: len(there)] == there
    assert len(body["custom_policy_tags"]) <= FIELD_LIMIT


def test_without_a_history_the_moment_it_was_seen_counts_as_its_receipt() -> None:
    delivery = CODEC.delivery(ticket_json(followup_set=[]), now=NOW, origin="sweep")
    assert read(followup_set=[], known=delivery.hint).received_at == NOW


def test_only_private_notes_that_are_ours_alone_carry_a_stamp() -> None:
    ours = note(Explanation(stamp="small/1/abc", reason="r", note="Because."))
    quoted = note(
        Explanation(stamp="small/1/def", reason="r", note="“[support-policy small/1/fake]”")
    )
    ticket = read(
        followup_set=[
            entry(comment="[support-policy small/1/by-the-customer]"),
            entry(12, public=False, user=3, comment=ours),
            entry(13, public=False, user=3, comment=quoted),
            entry(14, public=True, user=3, comment="[support-policy small/1/public]"),
        ]
    )
    assert ticket.notes == {"small/1/abc", "small/1/def"}


# Who set it

STAFF_NOTE = entry(12, user=AGENT, title="Comment", comment="We are looking.")
DUE = "2026-12-01T10:00:00-05:00"


@pytest.mark.parametrize(
    ("opened", "now", "expected"),
    [
        ({}, {}, set()),
        ({"priority": 1}, {"priority": 1}, set()),
        ({"due_date": DUE}, {"due_date": DUE}, set()),
        ({}, {"priority": 1, "followup_set": [entry(), STAFF_NOTE]}, {Field.PRIORITY}),
        ({}, {"due_date": DUE, "followup_set": [entry(), STAFF_NOTE]}, {Field.DUE_AT}),
        ({"priority": 1}, {"priority": 1, "followup_set": [entry(), STAFF_NOTE]}, set()),
        ({"priority": 1}, {"priority": 3, "followup_set": [entry(), STAFF_NOTE]}, {Field.PRIORITY}),
        ({"due_date": DUE}, {"followup_set": [entry(), STAFF_NOTE]}, {Field.DUE_AT}),
        ({}, {"priority": 1}, {Field.PRIORITY}),  # on the edit page, which leaves no trace
    ],
)
def test_a_value_that_is_not_the_one_at_the_opening_is_a_persons(
    opened: dict[str, Any], now: dict[str, Any], expected: set[Field]
) -> None:
    assert read(known=hint(**opened), **now).set_by_staff == expected


@pytest.mark.parametrize(
    ("user", "priority", "expected"),
    [(AGENT, 1, {Field.PRIORITY}), (AGENT, 3, set()), (PROGRAM, 1, set())],
)
def test_what_staff_chose_at_the_opening_is_theirs_unless_it_is_the_default(
    user: int, priority: int, expected: set[Field]
) -> None:
    opening = entry(title="Ticket Opened", user=user)
    known = hint(priority=priority, followup_set=[opening])
    for each in (known, "{}"):
        ticket = read(known=each, priority=priority, followup_set=[opening])
        assert ticket.set_by_staff == expected


def test_once_we_have_written_our_stamp_says_what_was_left_to_people() -> None:
    values = {"priority": 1, "due_date": DUE, "followup_set": [entry(), STAFF_NOTE]}
    for stamp, expected in (
        ("small/1/abc", set()),
        ("small/1/abc+priority", {Field.PRIORITY}),
        ("small/1/abc+due_at+priority", {Field.PRIORITY, Field.DUE_AT}),
    ):
        ticket = read(known=hint(), custom_policy_state=stamp, **values)
        assert ticket.set_by_staff == expected


# Writing


def test_a_patch_holds_what_differs_and_nothing_else() -> None:
    ref = TicketRef(desk="helpdesk", id="7")
    assert patch(a_ticket(ref=ref), Update(ticket=ref)) == {}
    due = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    body = patch(
        a_ticket(ref=ref, tags=("vip",)),
        Update(
            ticket=ref,
            priority=Priority.HIGH,
            due_at=due,
            tags=("policy_high",),
            fields=(("class", "high.server"), ("state", "small/1/abc")),
        ),
    )
    assert datetime.fromisoformat(body.pop("due_date")) == due
    assert body == {
        "priority": 2,
        "custom_policy_tags": "vip policy_high",
        "custom_policy_class": "high.server",
        "custom_policy_state": "small/1/abc",
    }


def test_what_was_patched_reads_back() -> None:
    ref = TicketRef(desk="helpdesk", id="7")
    update = Update(
        ticket=ref,
        priority=Priority.LOW,
        due_at=datetime(2026, 11, 23, 19, 0, tzinfo=UTC),
        tags=("policy_low", "needs_review"),
        fields=(("class", "low.general"), ("reason", "Because."), ("state", "small/1/abc")),
    )
    after = read(**patch(a_ticket(ref=ref), update))
    assert (after.priority, after.due_at, after.tags) == (
        update.priority,
        update.due_at,
        update.tags,
    )
    assert dict(after.fields) == dict(update.fields)


@pytest.mark.parametrize(
    "words",
    ["{{ ticket }}", "{% load %}", "{# x #}", "see #7", "#7", "<script>", "<https://evil.example>"],
)
def test_a_note_leaves_the_desk_nothing_to_render_or_to_link(words: str) -> None:
    text = note(Explanation(stamp="small/1/abc", reason="r", note=f"the words “{words}”"))
    for active in ("{{", "}}", "{%", "%}", "{#", "#7", "<"):
        assert active not in text
    assert text.endswith("\n[support-policy small/1/abc]")
