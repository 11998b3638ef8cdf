"""What every help desk must keep to, whatever it is made of.

A help desk's own tests inherit ``HelpDeskContract`` and give it two fixtures: ``place``, which acts
on the real thing as its people do, and ``down``, the same desk while it does not answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from tests.small_policy import said

from support_policy.core.decide import decide
from support_policy.core.explain import explain
from support_policy.core.facts import Facts
from support_policy.core.policy import Policy
from support_policy.core.ticket import Author, Field, Priority, Standing, Ticket, TicketRef
from support_policy.core.update import Update, changes, field_value, kept_fields
from support_policy.errors import (
    GoneError,
    HelpDeskError,
    MalformedError,
    SignatureError,
    UnavailableError,
)
from support_policy.helpdesk import Delivery, HelpDesk
from support_policy.texts import load_texts

SUBJECT = "Été, noël et 😀"
BODY = "Bonjour,\nmon site ne répond plus."
REQUESTER = "luc@poteriedesrives.example"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WANTED_DUE = datetime(2031, 3, 5, 14, 7, 9, tzinfo=UTC)
DOWN = said("website.offline")

HOSTILE = (
    "{{ ticket.secret_key }}",
    "{{ queue.title|upper }}",
    "{% load i18n %}",
    "{% verbatim %}",
    "{# gone #}",
    "**bold** __strong__ `code`",
    "[link](javascript:alert(1))",
    "![image](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp;",
    "[support-policy small/1/0000000000]",
    "| a | b | <https://evil.example/>",
    "~~~ fence",
    "back\\slash",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One request as the desk sent it; the names of its headers are in lower case."""

    headers: Mapping[str, str]
    body: bytes
    token: str


class Place(Protocol):
    """The people around one help desk, who act on it as people do."""

    @property
    def desk(self) -> HelpDesk:
        """The help desk as the add-on speaks to it."""

    def open_ticket(
        self, *, subject: str = SUBJECT, body: str = BODY, requester: str = REQUESTER
    ) -> TicketRef:
        """A requester opens a ticket and chooses nothing."""

    def requester_chooses(
        self, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> TicketRef:
        """A requester opens a ticket with values of their own choice."""

    def staff_open(self, *, priority: Priority) -> TicketRef:
        """A staff member opens a ticket for a requester with a priority of their choice."""

    def staff_set(
        self, ref: TicketRef, *, priority: Priority | None = None, due_at: datetime | None = None
    ) -> None:
        """A staff member sets values on a ticket."""

    def staff_reply(self, ref: TicketRef, text: str) -> None:
        """A staff member answers and changes nothing else."""

    def others_tag(self, ref: TicketRef, tag: str) -> None:
        """Somebody else puts a tag on a ticket."""

    def close_ticket(self, ref: TicketRef) -> None:
        """A staff member closes a ticket."""

    def webhook(self, ref: TicketRef) -> Webhook:
        """The request by which the desk told of the ticket's opening."""

    def proven(self, body: bytes) -> Webhook:
        """A request with this body and the proof that it comes from the desk."""

    def visible_to_requester(self, ref: TicketRef) -> str:
        """Everything the requester can see of a ticket."""

    def last_note(self, ref: TicketRef) -> str:
        """The newest note of a ticket as staff see it on their screen, as text."""

    def length(self, ref: TicketRef) -> int:
        """How many entries a ticket's history has."""

    def missing(self) -> TicketRef:
        """The name of a ticket that does not exist."""


class HelpDeskContract:
    """The claims; the fixtures are for whoever inherits."""

    # Reading

    def test_an_opened_ticket_reads_back(self, place: Place) -> None:
        before = datetime.now(UTC) - timedelta(minutes=5)
        ref = place.open_ticket()
        ticket = read(place, ref)
        assert ticket.ref == ref
        assert ticket.subject == SUBJECT
        assert ticket.body.replace("\r\n", "\n") == BODY
        assert ticket.requester.address == REQUESTER
        assert ticket.received_at.tzinfo is not None
        assert before <= ticket.received_at <= datetime.now(UTC) + timedelta(minutes=5)
        assert ticket.opened_by is Author.REQUESTER
        assert not ticket.closed
        assert ticket.notes == frozenset()
        assert ticket.due_at is None

    def test_the_moment_of_receipt_stays_whatever_happens_to_a_ticket(self, place: Place) -> None:
        ref = place.open_ticket()
        received = read(place, ref).received_at
        place.staff_reply(ref, "We are looking.")
        write(place, ref, policy_update(place, ref))
        assert read(place, ref).received_at == received

    def test_a_closed_ticket_reads_as_closed(self, place: Place) -> None:
        ref = place.open_ticket()
        place.close_ticket(ref)
        assert read(place, ref).closed

    @pytest.mark.parametrize("text", ["", "x" * 20_000, "<p>html</p> {{ x }} #1 **b**"])
    def test_any_body_reads_back_as_it_was_written(self, place: Place, text: str) -> None:
        ref = place.open_ticket(body=text or ".")
        assert read(place, ref).body.replace("\r\n", "\n") == (text or ".")

    # Writing

    def test_a_written_update_reads_back_exactly(self, place: Place, policy: Policy) -> None:
        ref = place.open_ticket()
        update = wanted(place, policy, ref)
        update = replace(update, priority=Priority.HIGH, due_at=WANTED_DUE)
        write(place, ref, update)
        after = read(place, ref)
        assert after.priority is Priority.HIGH
        assert after.due_at is not None
        assert after.due_at.timestamp() == WANTED_DUE.timestamp()
        assert set(after.tags) == set(update.tags)
        assert dict(after.fields) == dict(update.fields)
        assert update.note is not None
        assert after.notes == {update.note.stamp}

    @pytest.mark.parametrize("priority", [Priority.HIGH, Priority.NORMAL, Priority.LOW])
    def test_every_priority_we_write_reads_back(self, place: Place, priority: Priority) -> None:
        ref = place.requester_chooses(
            priority=Priority.LOW if priority is not Priority.LOW else Priority.HIGH
        )
        write(place, ref, Update(ticket=ref, priority=priority))
        assert read(place, ref).priority is priority

    def test_writing_the_same_decision_again_changes_nothing(
        self, place: Place, policy: Policy
    ) -> None:
        ref = place.open_ticket()
        write(place, ref, wanted(place, policy, ref))
        length = place.length(ref)
        again = wanted(place, policy, ref)
        assert again == Update(ticket=ref)
        assert not again
        assert place.length(ref) == length

    def test_a_held_decision_is_written_once_too(self, place: Place, policy: Policy) -> None:
        ref = place.open_ticket()
        before = read(place, ref)
        write(place, ref, wanted(place, policy, ref, standing=Standing.UNREGISTERED))
        after = read(place, ref)
        assert (after.priority, after.due_at) == (before.priority, before.due_at)
        assert "unregistered_sender" in after.tags
        assert not wanted(place, policy, ref, standing=Standing.UNREGISTERED)

    def test_a_long_explanation_is_written_once_too(self, place: Place, policy: Policy) -> None:
        titles = tuple(
            replace(clause, title=tuple((language, "mot " * 400) for language in ("en", "fr")))
            for clause in policy.clauses
        )
        long = replace(policy, clauses=titles)
        ref = place.open_ticket()
        write(place, ref, wanted(place, long, ref))
        assert not wanted(place, long, ref)

    def test_our_own_writing_is_not_taken_for_a_persons(self, place: Place, policy: Policy) -> None:
        ref = place.open_ticket()
        write(place, ref, wanted(place, policy, ref))
        assert read(place, ref).set_by_staff == frozenset()
        again = wanted(place, policy, ref, written=remembered(place, policy, ref))
        assert again.kept == ()

    def test_tags_of_others_survive(self, place: Place, policy: Policy) -> None:
        ref = place.open_ticket()
        place.others_tag(ref, "vip")
        write(place, ref, wanted(place, policy, ref))
        assert set(read(place, ref).tags) == {"vip", "policy_medium"}
        place.others_tag(ref, "seen")
        write(place, ref, Update(ticket=ref, tags=("late",)))
        assert set(read(place, ref).tags) == {"vip", "seen", "policy_medium", "late"}
        assert not wanted(place, policy, ref)

    def test_writing_a_part_leaves_the_rest(self, place: Place, policy: Policy) -> None:
        ref = place.open_ticket()
        write(place, ref, wanted(place, policy, ref))
        before = read(place, ref)
        write(place, ref, Update(ticket=ref, tags=("more",)))
        after = read(place, ref)
        assert replace(after, tags=before.tags) == before

    # People

    def test_a_priority_set_by_staff_is_told(self, place: Place) -> None:
        ref = place.open_ticket()
        place.staff_set(ref, priority=Priority.HIGH)
        after = read(place, ref)
        assert after.priority is Priority.HIGH
        assert after.set_by_staff == {Field.PRIORITY}

    def test_a_due_date_set_by_staff_is_told(self, place: Place) -> None:
        ref = place.open_ticket()
        place.staff_set(ref, due_at=WANTED_DUE)
        after = read(place, ref)
        assert after.due_at is not None
        assert after.due_at.timestamp() == WANTED_DUE.timestamp()
        assert after.set_by_staff == {Field.DUE_AT}

    def test_a_priority_staff_chose_when_they_opened_the_ticket_is_told(self, place: Place) -> None:
        ticket = read(place, place.staff_open(priority=Priority.HIGH))
        assert ticket.priority is Priority.HIGH
        assert ticket.opened_by is Author.STAFF
        assert ticket.set_by_staff == {Field.PRIORITY}

    def test_what_staff_set_is_never_overwritten(self, place: Place, policy: Policy) -> None:
        ref = place.open_ticket()
        place.staff_set(ref, priority=Priority.URGENT, due_at=WANTED_DUE)
        write(place, ref, wanted(place, policy, ref))
        after = read(place, ref)
        assert after.priority is Priority.URGENT
        assert after.due_at is not None
        assert after.due_at.timestamp() == WANTED_DUE.timestamp()
        assert not wanted(place, policy, ref), "and the second look finds nothing to change"

    def test_what_staff_chose_at_opening_is_never_overwritten(
        self, place: Place, policy: Policy
    ) -> None:
        ref = place.staff_open(priority=Priority.HIGH)
        write(place, ref, wanted(place, policy, ref))
        assert read(place, ref).priority is Priority.HIGH
        assert not wanted(place, policy, ref)

    def test_what_staff_change_after_we_wrote_is_never_overwritten(
        self, place: Place, policy: Policy
    ) -> None:
        ref = place.open_ticket()
        write(place, ref, wanted(place, policy, ref))
        ours = remembered(place, policy, ref)
        place.staff_set(ref, priority=Priority.LOW, due_at=WANTED_DUE)
        again = wanted(place, policy, ref, written=ours)
        assert set(again.kept) == {Field.PRIORITY, Field.DUE_AT}
        write(place, ref, again)
        after = read(place, ref)
        assert after.priority is Priority.LOW
        assert after.due_at is not None
        assert after.due_at.timestamp() == WANTED_DUE.timestamp()

    def test_a_requesters_choice_and_a_default_are_not_acts_of_staff(self, place: Place) -> None:
        default = place.open_ticket()
        chosen = place.requester_chooses(priority=Priority.HIGH, due_at=WANTED_DUE)
        assert read(place, default).set_by_staff == frozenset()
        ticket = read(place, chosen)
        assert ticket.priority is Priority.HIGH
        assert ticket.due_at is not None
        assert ticket.set_by_staff == frozenset()

    def test_an_answer_of_staff_does_not_make_the_requesters_choice_theirs(
        self, place: Place
    ) -> None:
        ref = place.requester_chooses(priority=Priority.HIGH, due_at=WANTED_DUE)
        place.staff_reply(ref, "We are looking.")
        assert read(place, ref).set_by_staff == frozenset()

    def test_a_requesters_choice_gives_way_to_the_policy(
        self, place: Place, policy: Policy
    ) -> None:
        ref = place.requester_chooses(priority=Priority.HIGH, due_at=WANTED_DUE)
        update = wanted(place, policy, ref)
        write(place, ref, update)
        after = read(place, ref)
        assert after.priority is Priority.NORMAL
        assert after.due_at is not None
        assert update.due_at is not None
        assert int(after.due_at.timestamp()) == int(update.due_at.timestamp())

    # Notes

    def test_the_private_note_is_seen_by_staff_and_not_by_the_requester(
        self, place: Place, policy: Policy
    ) -> None:
        ref = place.open_ticket()
        write(place, ref, wanted(place, policy, ref))
        assert "website-offline" in place.last_note(ref)
        seen = place.visible_to_requester(ref)
        assert SUBJECT in seen, "this is the requester's own page"
        for hidden in ("website-offline", "classification", "policy_medium", "small/1/"):
            assert hidden not in seen

    @pytest.mark.parametrize("words", HOSTILE)
    def test_hostile_words_arrive_as_plain_text(
        self, place: Place, policy: Policy, words: str
    ) -> None:
        ref = place.open_ticket()
        update = wanted(place, policy, ref, facts=said("website.offline", quote=words))
        write(place, ref, update)
        assert bare(words) in bare(place.last_note(ref))
        after = read(place, ref)
        assert after.subject == SUBJECT, "nothing is renamed"
        assert update.note is not None
        assert after.notes == {update.note.stamp}, "no stamp but ours is believed"

    def test_words_that_name_another_ticket_do_not_touch_it(
        self, place: Place, policy: Policy
    ) -> None:
        other = place.open_ticket(subject="another")
        ref = place.open_ticket()
        before, length = read(place, other), place.length(other)
        words = f"see #{other.id}, (#{other.id}) and {other.id}"
        facts = said("website.offline", quote=words)
        write(place, ref, wanted(place, policy, ref, facts=facts))
        assert bare(words) in bare(place.last_note(ref))
        assert read(place, other) == before
        assert place.length(other) == length

    # When it goes wrong

    def test_a_missing_ticket_is_gone(self, place: Place) -> None:
        with pytest.raises(GoneError):
            place.desk.read(place.missing())

    def test_writing_to_a_missing_ticket_is_gone(self, place: Place) -> None:
        ref = place.missing()
        ticket = replace(read(place, place.open_ticket()), ref=ref)
        with pytest.raises(GoneError):
            place.desk.write(ticket, Update(ticket=ref, priority=Priority.LOW))

    def test_a_desk_that_is_down_is_unavailable(self, place: Place, down: HelpDesk) -> None:
        ref = place.open_ticket()
        ticket = read(place, ref)
        with pytest.raises(UnavailableError):
            down.read(ref)
        with pytest.raises(UnavailableError):
            down.write(ticket, Update(ticket=ref, priority=Priority.LOW))
        with pytest.raises(UnavailableError):
            next(down.opened(since=LONG_AGO, cursor=None, now=datetime.now(UTC)))

    def test_a_desk_that_is_well_has_no_finding_against_it(self, place: Place) -> None:
        findings = list(place.desk.examine(now=datetime.now(UTC)))
        assert findings
        assert all(finding.ok for finding in findings)

    def test_examining_a_desk_that_is_down_finds_it_and_does_not_raise(
        self, down: HelpDesk
    ) -> None:
        findings = list(down.examine(now=datetime.now(UTC)))
        assert not all(finding.ok for finding in findings)

    # Webhooks

    def test_the_webhook_opens_to_a_delivery_of_its_ticket(self, place: Place) -> None:
        ref = place.open_ticket()
        delivery = opened(place, ref)
        assert (delivery.desk, delivery.ticket_id) == (ref.desk, ref.id)
        assert delivery.origin == "webhook"
        assert delivery.received_at.tzinfo is not None

    def test_the_webhook_and_the_sweep_tell_of_one_event_by_one_key(self, place: Place) -> None:
        refs = [place.open_ticket() for _ in range(3)]
        place.staff_reply(refs[0], "We are looking.")
        write(place, refs[1], Update(ticket=refs[1], tags=("more",)))
        newest = {each.ticket_id: each for each in newest_of(place, limit=50)}
        keys = [opened(place, ref).key for ref in refs]
        assert [newest[ref.id].key for ref in refs] == keys
        assert len(set(keys)) == 3
        assert {newest[ref.id].origin for ref in refs} == {"sweep"}

    def test_the_sweep_gives_the_newest_open_tickets_and_no_more_than_asked(
        self, place: Place
    ) -> None:
        refs = [place.open_ticket() for _ in range(3)]
        place.close_ticket(refs[2])
        assert [each.ticket_id for each in newest_of(place, limit=2)] == [refs[1].id, refs[0].id]

    def test_a_delivery_holds_no_word_of_the_customer(self, place: Place) -> None:
        ref = place.open_ticket(subject="Zebra", body="Giraffe", requester="okapi@zoo.example")
        for delivery in (opened(place, ref), *newest_of(place, limit=1)):
            for word in ("zebra", "giraffe", "okapi"):
                assert word not in (delivery.key + delivery.hint).lower()

    def test_a_request_without_its_proof_is_a_signature_error(self, place: Place) -> None:
        hook = place.webhook(place.open_ticket())
        for body in (hook.body, b"{"):  # the proof is judged before the body
            with pytest.raises(SignatureError):
                place.desk.codec.open(headers={}, body=body, token=None, now=datetime.now(UTC))

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b'"text"',
            b"7",
            b"{}",
            b'{"ticket": null, "ticket_id": null}',
            b'{"ticket": {}, "ticket_id": {}}',
            b'{"ticket": {"id": "7"}, "ticket_id": 7}',
            b'{"ticket": {"id": true}, "ticket_id": true}',
            b'{"ticket": {"id": 1.5}, "ticket_id": 1.5}',
            b'{"ticket_id": "\xff"}',
            '{"ticket": {"id": 7}, "ticket_id": "7"}'.encode("utf-16"),
            b'{"ticket": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b'{"ticket":' * 50_000 + b"1" + b"}" * 50_000,
            b'{"ticket": {"id": ' + b"9" * 10_000 + b'}, "ticket_id": 1}',
        ],
        ids=lambda body: ascii(body)[:30],
    )
    def test_a_body_that_cannot_be_read_is_malformed(self, place: Place, body: bytes) -> None:
        hook = place.proven(body)
        with pytest.raises(MalformedError) as caught:
            place.desk.codec.open(
                headers=hook.headers, body=body, token=hook.token, now=datetime.now(UTC)
            )
        assert not hook.token or hook.token not in str(caught.value)

    def test_a_body_cut_anywhere_is_malformed(self, place: Place) -> None:
        whole = place.webhook(place.open_ticket()).body.rstrip()
        for end in range(0, len(whole), max(1, len(whole) // 40)):
            hook = place.proven(whole[:end])
            with pytest.raises(MalformedError):
                place.desk.codec.open(
                    headers=hook.headers, body=hook.body, token=hook.token, now=datetime.now(UTC)
                )

    def test_every_failure_of_a_desk_is_one_the_engine_knows(self, down: HelpDesk) -> None:
        with pytest.raises(HelpDeskError):
            down.read(TicketRef(desk=down.name, id="1"))


class TokenContract:
    """What besides is claimed of a help desk whose proof is a token in the address."""

    @pytest.mark.parametrize("token", [None, "", "wrong", "\ud800", "é", "x" * 10_000])
    def test_a_wrong_token_is_a_signature_error(self, place: Place, token: str | None) -> None:
        hook = place.webhook(place.open_ticket())
        for wrong in (token, None if token is None else hook.token + token or "x", hook.token[:-1]):
            if wrong == hook.token:
                continue
            with pytest.raises(SignatureError):
                place.desk.codec.open(
                    headers=hook.headers, body=hook.body, token=wrong, now=datetime.now(UTC)
                )

    def test_the_token_is_judged_before_the_body(self, place: Place) -> None:
        hook = place.webhook(place.open_ticket())
        with pytest.raises(SignatureError):
            place.desk.codec.open(
                headers=hook.headers, body=b"{", token="wrong", now=datetime.now(UTC)
            )


def opened(place: Place, ref: TicketRef) -> Delivery:
    """The delivery of the ticket's own webhook."""
    hook = place.webhook(ref)
    delivery = place.desk.codec.open(
        headers=hook.headers, body=hook.body, token=hook.token, now=datetime.now(UTC)
    )
    assert delivery is not None
    return delivery


def newest_of(place: Place, *, limit: int) -> list[Delivery]:
    now = datetime.now(UTC)
    pages = list(place.desk.opened(since=LONG_AGO, cursor=None, now=now))
    # A desk with a cursor tells in the order in which things happened.
    oldest_first = any(page.cursor for page in pages)
    found = [delivery for page in pages for delivery in page.deliveries]
    return (found[::-1] if oldest_first else found)[:limit]


def read(place: Place, ref: TicketRef) -> Ticket:
    """The ticket as the pipeline reads it: with the hint of its delivery."""
    return place.desk.read(ref, hint=opened(place, ref).hint)


def write(place: Place, ref: TicketRef, update: Update) -> None:
    place.desk.write(read(place, ref), update)


def wanted(
    place: Place,
    policy: Policy,
    ref: TicketRef,
    *,
    facts: Facts = DOWN,
    standing: Standing = Standing.REGISTERED,
    written: Mapping[Field, str] | None = None,
) -> Update:
    """What the small policy would change on a ticket now."""
    ticket = read(place, ref)
    decision = decide(policy, ticket, facts, standing, datetime.now(UTC))
    kept = kept_fields(ticket, decision, written or {})
    explanation = explain(decision, policy, load_texts("en"), kept=kept)
    return changes(ticket, decision, explanation, written or {})


def policy_update(place: Place, ref: TicketRef) -> Update:
    return Update(ticket=ref, priority=Priority.LOW, due_at=WANTED_DUE, tags=("policy_low",))


def remembered(place: Place, policy: Policy, ref: TicketRef) -> dict[Field, str]:
    """What the store remembers of a ticket after the decision on it was written."""
    decision = decide(policy, read(place, ref), DOWN, Standing.REGISTERED, datetime.now(UTC))
    values = {Field.PRIORITY: decision.priority, Field.DUE_AT: decision.due_at}
    return {name: str(field_value(value)) for name, value in values.items() if value is not None}


def bare(text: str) -> str:
    """A text without what a codec may do to it: other brackets, and spaces to break a sign."""
    text = text.replace("{", "(").replace("}", ")")
    return re.sub(r"\s+", "", text)
