"""What every help desk must keep to where permission for paid help is asked.

A help desk's own tests inherit ``PaidHelpContract`` and give it the fixture ``place``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import pytest
from tests.helpdesks.contract import HOSTILE, REQUESTER, Webhook

from support_policy.core.ticket import TicketRef
from support_policy.errors import GoneError
from support_policy.helpdesk import Delivery, HelpDesk, Post, Posting

WORK = "We would move the mailbox “info” to the new server – about an hour."
LINK = "https://support-policy.example.ca/permission/aB3_-x" + "Zz09" * 9
REQUEST = "PH-ABCD2345/request"
NOTE = "PH-ABCD2345/note"
TEXT = f"Bonjour,\n\nVoici notre demande : 85,00 $ CA (CAD).\n\nOn this page: {LINK}\n\nMerci."


class PaidHelpPlace(Protocol):
    """The people around one help desk, as far as paid help goes."""

    @property
    def desk(self) -> HelpDesk:
        """The help desk as the add-on speaks to it."""

    def open_ticket(self) -> TicketRef:
        """A requester opens a ticket."""

    def tag(self, ref: TicketRef, *tags: str) -> None:
        """Somebody puts tags on the ticket."""

    def ask(self, ref: TicketRef, *, reason: str, work: str, blocks: int) -> None:
        """An agent asks for permission as the desk's agents do."""

    def asked_webhook(self, ref: TicketRef) -> Webhook:
        """The request that the desk sent of it last."""

    def customer_writes(self, ref: TicketRef, text: str) -> None:
        """The requester answers in public."""

    def agent_writes(self, ref: TicketRef, text: str, *, public: bool) -> None:
        """An agent writes on the ticket."""

    def message_webhook(self, ref: TicketRef) -> Webhook:
        """The request that the desk sent of the requester's answer last."""

    def seen_by_customer(self, ref: TicketRef) -> Sequence[str]:
        """The texts of the public messages, as near to what is shown as can be read."""

    def seen_by_agents(self, ref: TicketRef) -> Sequence[str]:
        """Those of the private notes."""

    def waits(self, ref: TicketRef) -> bool | None:
        """Whether the ticket waits for the customer; None where the desk has no such status."""

    def close(self, ref: TicketRef) -> None:
        """An agent closes the ticket for good."""


class PaidHelpContract:
    """The claims; a subclass adds nothing but the fixture ``place``."""

    def opened(self, place: PaidHelpPlace, sent: Webhook) -> Delivery:
        delivery = place.desk.codec.open(
            headers=sent.headers, body=sent.body, token=sent.token, now=datetime.now(UTC)
        )
        assert delivery is not None
        return delivery

    # What comes in

    def test_a_ticket_on_which_nobody_asked_has_no_ask(self, place: PaidHelpPlace) -> None:
        found = place.desk.conversation(place.open_ticket())
        assert found.ask is None
        assert found.posted == frozenset()
        assert found.requester.address == REQUESTER

    def test_what_an_agent_fills_in_is_read(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.ask(ref, reason="outside", work=WORK, blocks=3)
        ask = place.desk.conversation(ref).ask
        assert ask is not None
        assert (ask.reason, ask.work, ask.blocks) == ("outside", WORK, 3)
        assert ask.by
        assert ask.mark

    def test_the_other_reason_is_read_as_well(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.ask(ref, reason="correction", work=WORK, blocks=1)
        ask = place.desk.conversation(ref).ask
        assert ask is not None
        assert ask.reason == "correction"

    def test_the_desk_tells_that_permission_is_asked(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.ask(ref, reason="outside", work=WORK, blocks=2)
        delivery = self.opened(place, place.asked_webhook(ref))
        assert (delivery.topic, delivery.ticket_id) == ("permission", ref.id)
        assert WORK not in delivery.hint + delivery.key
        assert self.opened(place, place.asked_webhook(ref)).key == delivery.key

    def test_asking_again_is_another_event_with_another_mark(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.ask(ref, reason="outside", work=WORK, blocks=2)
        first = place.desk.conversation(ref)
        key = self.opened(place, place.asked_webhook(ref)).key
        place.desk.post(first, Posting(clear_ask=True))
        assert place.desk.conversation(ref).ask is None
        place.ask(ref, reason="outside", work=WORK, blocks=2)
        second = place.desk.conversation(ref)
        assert first.ask
        assert second.ask
        assert first.ask.mark != second.ask.mark
        assert self.opened(place, place.asked_webhook(ref)).key != key

    def test_the_desk_tells_of_an_answer_while_a_request_is_open(
        self, place: PaidHelpPlace
    ) -> None:
        ref = place.open_ticket()
        place.desk.post(place.desk.conversation(ref), Posting(add_tags=("fee_requested",)))
        place.customer_writes(ref, "I accept 2 blocks")
        delivery = self.opened(place, place.message_webhook(ref))
        assert (delivery.topic, delivery.ticket_id) == ("permission", ref.id)
        assert "accept" not in delivery.hint + delivery.key

    def test_a_customers_words_are_read_as_they_are(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.desk.post(place.desk.conversation(ref), Posting(add_tags=("fee_requested",)))
        place.customer_writes(ref, "J'accepte 2 blocs\n\nMerci à l'équipe")
        newest = place.desk.conversation(ref).messages[-1]
        assert newest.address == REQUESTER
        assert newest.text.replace("\r\n", "\n").startswith("J'accepte 2 blocs")
        assert newest.at.tzinfo is not None
        again = place.desk.conversation(ref).messages[-1]
        assert again.id == newest.id

    def test_what_staff_write_is_no_customers_message(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        before = place.desk.conversation(ref).messages
        place.agent_writes(ref, "I accept", public=True)
        place.agent_writes(ref, "I accept", public=False)
        assert place.desk.conversation(ref).messages == before

    def test_a_stamp_that_a_customer_quotes_is_not_ours(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.desk.post(place.desk.conversation(ref), Posting(add_tags=("fee_requested",)))
        place.customer_writes(ref, f"What is this?\n\n[{REQUEST}]")
        assert place.desk.conversation(ref).posted == frozenset()

    # What goes out

    def test_a_message_and_a_note_arrive_once_each(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        posting = Posting(
            posts=(
                Post(stamp=REQUEST, text=TEXT, public=True),
                Post(stamp=NOTE, text="For staff alone.", public=False),
            ),
            add_tags=("fee_requested",),
            wait=True,
        )
        before = place.desk.conversation(ref)
        place.desk.post(before, posting)
        place.desk.post(place.desk.conversation(ref), posting)
        after = place.desk.conversation(ref)
        assert after.posted == {REQUEST, NOTE}
        shown = [text for text in place.seen_by_customer(ref) if LINK in text]
        assert len(shown) == 1
        assert "85,00 $ CA (CAD)" in shown[0]
        assert REQUEST in shown[0]
        assert not any("For staff alone." in text for text in place.seen_by_customer(ref))
        assert sum("For staff alone." in text for text in place.seen_by_agents(ref)) == 1
        assert place.waits(ref) in (True, None)
        assert after.messages == before.messages

    def test_our_tags_change_and_others_stay(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.tag(ref, "theirs", "fee_requested")
        place.desk.post(
            place.desk.conversation(ref),
            Posting(add_tags=("fee_accepted",), remove_tags=("fee_requested",), resume=True),
        )
        tags = place.desk.conversation(ref).tags
        assert {"theirs", "fee_accepted"} <= set(tags)
        assert "fee_requested" not in tags

    def test_a_customer_reads_words_and_not_what_they_would_do(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        text = "\n".join((*HOSTILE, f"The page: {LINK}"))
        place.desk.post(
            place.desk.conversation(ref),
            Posting(posts=(Post(stamp=REQUEST, text=text, public=True),)),
        )
        (shown,) = [each for each in place.seen_by_customer(ref) if LINK in each]
        assert "support-policy small/1/0000000000" in shown
        assert "alert(1)" in shown
        assert place.desk.conversation(ref).posted == {REQUEST}

    def test_an_empty_posting_changes_nothing(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        before = place.desk.conversation(ref)
        place.desk.post(before, Posting())
        assert place.desk.conversation(ref) == before

    def test_a_closed_ticket_says_so(self, place: PaidHelpPlace) -> None:
        ref = place.open_ticket()
        place.close(ref)
        assert place.desk.conversation(ref).closed

    def test_a_ticket_that_is_not_there_is_gone(self, place: PaidHelpPlace) -> None:
        with pytest.raises(GoneError):
            place.desk.conversation(TicketRef(desk=place.desk.name, id="987654321"))
