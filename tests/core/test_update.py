"""What differs between a ticket and a decision, and what is left to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small_policy import a_ticket, at, said

from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.explain import explain
from support_policy.core.policy import Policy
from support_policy.core.ticket import Channel, Field, Priority, Standing, Ticket, TicketRef
from support_policy.core.update import (
    KEPT_TAG,
    Explanation,
    Update,
    changes,
    field_value,
    kept_fields,
)
from support_policy.helpdesks.memory import MemoryCodec, MemoryDesk
from support_policy.texts import load_texts

NOW = at("2026-11-23T10:00:30")
NOTE = Explanation(stamp="small/1/abc", reason="Because.", note="Because.\nIndeed.")
DUE = at("2026-11-23T14:00:00")


def medium(policy: Policy, ticket: Ticket, *, standing: Standing = Standing.REGISTERED) -> Decision:
    return decide(policy, ticket, said("website.offline"), standing, NOW)


def applied(ticket: Ticket, update: Update) -> Ticket:
    """The ticket after the memory desk applied the update."""
    desk = MemoryDesk(name="memory", codec=MemoryCodec(desk="memory", tokens=("t",)))
    desk.tickets[ticket.ref.id] = ticket
    desk.write(ticket, update)
    return desk.read(ticket.ref)


# What differs


def test_a_fresh_ticket_gets_everything_the_decision_says(policy: Policy) -> None:
    ticket = a_ticket()
    update = changes(ticket, medium(policy, ticket), NOTE)
    assert update
    assert update.ticket == ticket.ref
    assert (update.priority, update.due_at) == (Priority.NORMAL, DUE)
    assert update.tags == ("policy_medium",)
    assert update.note == NOTE
    fields = dict(update.fields)
    assert fields["class"] == "medium.website_offline"
    assert fields["reason"] == "Because."
    told = f"priority=normal due_at={int(DUE.timestamp())}"
    assert fields["state"] == f"small/1/abc {told}", "the ticket itself says what we set"
    assert datetime.fromisoformat(fields["expected_at"]) == DUE


def test_an_update_without_a_difference_is_falsy(policy: Policy) -> None:
    ticket = a_ticket()
    assert not Update(ticket=ticket.ref)
    assert not Update(ticket=ticket.ref, kept=(Field.PRIORITY,))
    after = applied(ticket, changes(ticket, medium(policy, ticket), NOTE))
    again = changes(after, medium(policy, after), NOTE)
    assert not again
    assert again == Update(ticket=ticket.ref)


@pytest.mark.parametrize(
    "update",
    [
        {"priority": Priority.LOW},
        {"due_at": DUE},
        {"tags": ("a",)},
        {"fields": (("class", "x"),)},
        {"note": NOTE},
    ],
)
def test_an_update_with_any_difference_is_truthy(update: dict[str, object]) -> None:
    assert Update(ticket=TicketRef(desk="memory", id="1"), **update)  # type: ignore[arg-type]


def test_only_what_differs_is_written(policy: Policy) -> None:
    ticket = a_ticket(priority=Priority.NORMAL, tags=("policy_medium",))
    update = changes(ticket, medium(policy, ticket), NOTE)
    assert update.priority is None
    assert update.tags == ()
    assert update.due_at == DUE


def test_a_due_date_that_differs_by_less_than_a_second_is_the_same(policy: Policy) -> None:
    near = DUE.astimezone(UTC) + timedelta(microseconds=999_999)
    ticket = a_ticket(due_at=near)
    assert changes(ticket, medium(policy, ticket), NOTE).due_at is None
    ticket = a_ticket(due_at=DUE + timedelta(seconds=1))
    assert changes(ticket, medium(policy, ticket), NOTE).due_at == DUE


def test_a_note_that_is_there_already_is_not_written_again(policy: Policy) -> None:
    ticket = a_ticket(notes=frozenset({"small/1/abc", "small/1/older"}))
    assert changes(ticket, medium(policy, ticket), NOTE).note is None


def test_a_held_ticket_gets_tags_and_a_note_and_nothing_else_of_a_class(policy: Policy) -> None:
    ticket = a_ticket(priority=Priority.LOW)
    update = changes(ticket, medium(policy, ticket, standing=Standing.UNREGISTERED), NOTE)
    assert (update.priority, update.due_at) == (None, None)
    assert update.tags == ("unregistered_sender",)
    assert dict(update.fields)["class"] == "held"
    assert "expected_at" not in dict(update.fields)


# Tags


def test_tags_are_only_added_and_those_of_others_stay(policy: Policy) -> None:
    ticket = a_ticket(tags=("vip", "policy_low"))
    update = changes(ticket, medium(policy, ticket), NOTE)
    assert update.tags == ("policy_medium",)
    assert set(applied(ticket, update).tags) == {"vip", "policy_low", "policy_medium"}


# People


def test_what_staff_set_is_left_and_the_disagreement_is_tagged(policy: Policy) -> None:
    ticket = a_ticket(
        priority=Priority.URGENT,
        due_at=DUE + timedelta(days=1),
        set_by_staff=frozenset({Field.PRIORITY, Field.DUE_AT}),
    )
    update = changes(ticket, medium(policy, ticket), NOTE)
    assert (update.priority, update.due_at) == (None, None)
    assert update.kept == (Field.DUE_AT, Field.PRIORITY)
    assert KEPT_TAG in update.tags


def test_one_field_of_a_person_leaves_the_other_to_the_policy(policy: Policy) -> None:
    ticket = a_ticket(priority=Priority.HIGH, set_by_staff=frozenset({Field.PRIORITY}))
    update = changes(ticket, medium(policy, ticket), NOTE)
    assert (update.priority, update.due_at) == (None, DUE)
    assert update.kept == (Field.PRIORITY,)


def test_a_person_who_agrees_is_not_called_a_disagreement(policy: Policy) -> None:
    ticket = a_ticket(priority=Priority.NORMAL, set_by_staff=frozenset({Field.PRIORITY}))
    assert KEPT_TAG not in changes(ticket, medium(policy, ticket), NOTE).tags


def test_a_value_that_nobody_set_and_we_never_wrote_is_ours_to_write(policy: Policy) -> None:
    ticket = a_ticket(priority=Priority.HIGH, due_at=DUE + timedelta(days=9))
    update = changes(ticket, medium(policy, ticket), NOTE, {})
    assert (update.priority, update.due_at) == (Priority.NORMAL, DUE)


@pytest.mark.parametrize(
    ("field", "now"),
    [
        (Field.PRIORITY, {"priority": Priority.HIGH}),
        (Field.DUE_AT, {"due_at": DUE + timedelta(hours=2)}),
        (Field.DUE_AT, {"due_at": None}),
    ],
)
def test_a_value_changed_after_we_wrote_it_is_left(
    policy: Policy, field: Field, now: dict[str, object]
) -> None:
    written = {
        Field.PRIORITY: str(field_value(Priority.NORMAL)),
        Field.DUE_AT: str(field_value(DUE)),
    }
    ticket = a_ticket(**({"priority": Priority.NORMAL, "due_at": DUE} | now))
    decision = medium(policy, ticket)
    assert kept_fields(ticket, decision, written) == {field}
    update = changes(ticket, decision, NOTE, written)
    assert (update.priority, update.due_at) == (None, None)
    assert update.kept == (field,)
    assert KEPT_TAG in update.tags


def test_our_own_value_still_there_may_be_changed_by_a_new_decision(policy: Policy) -> None:
    written = {Field.PRIORITY: str(field_value(Priority.LOW))}
    ticket = a_ticket(priority=Priority.LOW)
    decision = medium(policy, ticket)
    assert kept_fields(ticket, decision, written) == frozenset()
    assert changes(ticket, decision, NOTE, written).priority is Priority.NORMAL


def test_a_new_value_that_was_written_and_not_recorded_is_still_ours(policy: Policy) -> None:
    written = {Field.PRIORITY: str(field_value(Priority.LOW))}
    ticket = a_ticket(priority=Priority.NORMAL)
    assert kept_fields(ticket, medium(policy, ticket), written) == frozenset()


def test_a_written_instant_is_recognised_in_whatever_zone_a_desk_gives_it_back() -> None:
    assert field_value(DUE) == field_value(DUE.astimezone(UTC))
    assert field_value(Priority.HIGH) == "high"
    assert field_value(None) is None


# The law that makes a second run harmless

tickets = st.builds(
    a_ticket,
    received_at=st.datetimes(
        min_value=datetime(2026, 1, 2),  # noqa: DTZ001 - strategies take naive bounds
        max_value=datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    channel=st.sampled_from(Channel),
    department=st.none() | st.just("level_2"),
    priority=st.none() | st.sampled_from(Priority),
    due_at=st.none()
    | st.datetimes(
        min_value=datetime(2026, 1, 2),  # noqa: DTZ001
        max_value=datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    tags=st.lists(st.sampled_from(("vip", "policy_low", "lang_fr", KEPT_TAG)), unique=True).map(
        tuple
    ),
    set_by_staff=st.frozensets(st.sampled_from(Field)),
    fields=st.sampled_from(((), (("class", "low.general"),), (("state", "older"),))),
)
words = st.lists(
    st.sampled_from(("website.offline", "evidence.server_fault", "product.joomla", "sales.quote")),
    unique=True,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ticket=tickets,
    names=words,
    standing=st.sampled_from(Standing),
    language=st.sampled_from(("en", "fr")),
    written=st.dictionaries(
        st.sampled_from(Field), st.sampled_from(("low", "high", "1795500000")), max_size=2
    ),
)
def test_applying_an_update_leaves_nothing_to_change(
    policy: Policy,
    ticket: Ticket,
    names: list[str],
    standing: Standing,
    language: str,
    written: dict[Field, str],
) -> None:
    facts = said(*names, language="fr" if language == "fr" else "en")
    texts = load_texts(language)

    def update_of(ticket: Ticket, written: dict[Field, str]) -> Update:
        decision = decide(policy, ticket, facts, standing, NOW)
        kept = kept_fields(ticket, decision, written)
        return changes(ticket, decision, explain(decision, policy, texts, kept=kept), written)

    update = update_of(ticket, written)
    after = applied(ticket, update)
    assert set(ticket.tags) <= set(after.tags)
    for field in update.kept:
        assert getattr(after, field.value) == getattr(ticket, field.value)
    # The first run died before it recorded, or it recorded what it wrote: both must rest.
    assert not update_of(after, written)
    wrote = dict(written)
    for field, value in ((Field.PRIORITY, update.priority), (Field.DUE_AT, update.due_at)):
        if value is not None:
            wrote[field] = str(field_value(value))
    assert not update_of(after, wrote)


def test_a_second_decision_with_another_outcome_does_change_the_ticket(policy: Policy) -> None:
    ticket = a_ticket()
    after = applied(ticket, changes(ticket, medium(policy, ticket), NOTE))
    other = decide(policy, after, said("product.joomla"), Standing.REGISTERED, NOW)
    update = changes(after, other, replace(NOTE, stamp="small/1/other"))
    assert update.priority is Priority.LOW
    assert dict(update.fields)["class"] == "low.third_party"


# Where a desk can be told more


def test_a_due_date_names_the_target_it_comes_from(policy: Policy) -> None:
    ticket = a_ticket()
    update = changes(ticket, medium(policy, ticket), NOTE)
    assert update.target == "medium"
    assert changes(replace(ticket, due_at=DUE), medium(policy, ticket), NOTE).target is None


def in_sales(policy: Policy) -> Policy:
    """The policy, with a department for its medium tickets."""
    targets = tuple(
        replace(each, department="sales") if each.name == "medium" else each
        for each in policy.targets
    )
    return replace(policy, targets=targets)


def test_a_ticket_is_moved_to_the_department_of_its_class_where_the_desk_can_be_told(
    policy: Policy,
) -> None:
    ticket = a_ticket(movable=True, department="support")
    decision = medium(in_sales(policy), ticket)
    assert changes(ticket, decision, NOTE).department == "sales"
    assert changes(replace(ticket, department="sales"), decision, NOTE).department is None
    assert changes(replace(ticket, movable=False), decision, NOTE).department is None


def test_a_class_without_a_department_and_a_held_ticket_stay_where_they_are(
    policy: Policy,
) -> None:
    ticket = a_ticket(movable=True, department="support")
    assert changes(ticket, medium(policy, ticket), NOTE).department is None
    held = medium(in_sales(policy), ticket, standing=Standing.UNREGISTERED)
    assert changes(ticket, held, NOTE).department is None
