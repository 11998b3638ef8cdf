"""What must stand on a ticket for the customer and staff to know how things are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Phase, Request
from support_policy.helpdesk import Conversation, Post, Posting
from support_policy.permissions.wording import Wording

ASK_TAG = "ask_fee_permission"
NOT_SENT_TAG = "fee_not_sent"
QUESTION_TAG = "fee_question"
STATE_TAGS = frozenset({NOT_SENT_TAG, QUESTION_TAG, *(f"fee_{phase}" for phase in Phase)})
"""The tags of ours; of the phases one at a time."""

_NEWS = {
    Kind.DECLINED: "fee_declined",
    Kind.EXPIRED: "fee_expired",
    Kind.WITHDRAWN: "fee_withdrawn",
}
_ANSWERS = frozenset({Kind.ACCEPTED, Kind.DECLINED, Kind.EXPIRED, Kind.WITHDRAWN, Kind.QUESTIONED})
NOTED = frozenset(
    {
        *(Kind.REQUESTED, Kind.EXTENDED, Kind.QUESTIONED, Kind.ACCEPTED, Kind.DECLINED),
        *(Kind.EXPIRED, Kind.VOIDED, Kind.WITHDRAWN, Kind.WARNED, Kind.CAPPED, Kind.COMPLETED),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Makes postings; ``language`` is that of the desk's staff."""

    wording: Wording
    language: str

    def posting(
        self, history: Sequence[Event], conversation: Conversation, *, now: datetime
    ) -> Posting:
        """What the ticket lacks of what the record says."""
        found = jobs(history)
        there = conversation.posted | _told(history)
        posts = tuple(post for post in self._posts(history, found) if post.stamp not in there)
        tags = _tags(found, now)
        ours = {tag for tag in conversation.tags if tag in STATE_TAGS}
        kinds = {post.stamp.partition("/")[2].partition("-")[0] for post in posts}
        if "request" not in kinds:
            ours -= {NOT_SENT_TAG}  # it stands for an ask that was refused, until one is not
        return Posting(
            posts=posts,
            add_tags=tuple(sorted(tags - ours)) if found else (),
            remove_tags=tuple(sorted(ours - tags)) if found else (),
            wait="request" in kinds,
            resume="request" not in kinds and bool(kinds & {kind.value for kind in _ANSWERS}),
        )

    def not_sent(self, conversation: Conversation, stamp: str, reasons: Iterable[str]) -> Posting:
        """What staff are told when an ask could not become a request."""
        why = "\n".join(f"- {self.wording.note(f'why.{each}', self.language)}" for each in reasons)
        text = self.wording.note("not_sent", self.language, reasons=why)
        present = set(conversation.tags)
        return Posting(
            posts=()
            if stamp in conversation.posted
            else (Post(stamp=stamp, text=text, public=False),),
            add_tags=(NOT_SENT_TAG,) if NOT_SENT_TAG not in present else (),
            remove_tags=(ASK_TAG,) if ASK_TAG in present else (),
            clear_ask=True,
        )

    def _posts(self, history: Sequence[Event], found: Sequence[Job]) -> Iterator[Post]:
        """Every message and note of the record, in its order."""
        counts: Counter[tuple[str, Kind]] = Counter()
        summed: set[str] = set()
        for event in history:
            counts[event.request, event.kind] += 1
            place = _place(found, event.request)
            if place is None:
                continue
            job, request = place
            number = counts[event.request, event.kind]
            stamp = (
                f"{event.request}/{event.kind}-{number}"
                if number > 1
                else (f"{event.request}/{event.kind}")
            )
            if public := self._public(event, job, request, summed):
                yield Post(stamp=stamp.replace("requested", "request"), text=public, public=True)
            if event.kind in NOTED:
                note = self._note(event, job, request)
                yield Post(stamp=f"{stamp}-note", text=note, public=False)

    def _public(self, event: Event, job: Job, request: Request, summed: set[str]) -> str:
        """What the customer is told of an event; empty for what is staff's business."""
        if event.kind is Kind.REQUESTED:
            return self.wording.request(request, total(job, request)) if request.is_open else ""
        if event.kind is Kind.REMINDED:
            return self._news("fee_reminder", event, job, request) if request.is_open else ""
        if event.kind is Kind.ACCEPTED:
            receipt = "more_blocks_receipt" if request.more else "fee_receipt"
            return self._news(receipt, event, job, request)
        if event.kind in {Kind.COMPLETED, Kind.WAIVED}:
            if (key := f"{job.id}/{event.kind}") in summed or _quiet(event, job):
                return ""
            summed.add(key)
            reply = "fee_summary" if event.kind is Kind.COMPLETED else "fee_waived"
            return self._news(reply, event, job, request)
        news = _NEWS.get(event.kind)
        return self._news(news, event, job, request) if news else ""

    def _news(self, reply: str, event: Event, job: Job, request: Request) -> str:
        return self.wording.news(reply, request, event, job, total=total(job, request))

    def _note(self, event: Event, job: Job, request: Request) -> str:
        """What staff are told of an event."""
        key = event.kind.value
        if event.kind is Kind.ACCEPTED and event.number("blocks") < request.blocks:
            key = "accepted_partly"
        if event.kind is Kind.QUESTIONED and event.text("why") == "late":
            key = "questioned_late"
        elif event.kind is Kind.QUESTIONED and not request.is_open:
            key = "questioned_after"  # to say that it stays open would be untrue by now
        return self.wording.note(
            key,
            self.language,
            address=self.wording.links.work_address(job.id),
            blocks=str(event.number("blocks") or request.blocks),
            asked=str(request.blocks),
            deadline=self.wording.when(request.deadline, self.language),
            words=event.personal.get("question", ""),
            minutes=str(-(-event.number("seconds_left") // 60)),
        )


def total(job: Job, request: Request) -> Decimal:
    """The most the work could come to by this request and what was accepted before it."""
    before = takewhile(lambda each: each.id != request.id, job.requests)
    earlier = sum(each.accepted_blocks for each in before if each in job.accepted)
    return request.rate.price(earlier + (request.accepted_blocks or request.blocks))


def left_minutes(left: timedelta) -> int:
    """Whole minutes, rounded up."""
    return int(-(-left.total_seconds() // 60))


def _quiet(event: Event, job: Job) -> bool:
    """A work that was waived as it ended is summed up by that alone."""
    return event.kind is Kind.COMPLETED and any(each.waived for each in job.requests)


def _told(history: Iterable[Event]) -> frozenset[str]:
    return frozenset(
        f"{event.request}/{event.text('message')}" for event in history if event.kind is Kind.POSTED
    )


def _place(found: Sequence[Job], identifier: str) -> tuple[Job, Request] | None:
    for job in found:
        for request in job.requests:
            if request.id == identifier:
                return job, request
    return None


def _tags(found: Sequence[Job], now: datetime) -> set[str]:
    if not found:
        return set()
    job = found[-1]
    tags = {f"fee_{job.phase(now)}"}
    if (request := job.open_request) is not None:
        # An answer is listened for by this tag, whatever the work is at.
        tags |= {"fee_requested"} | ({QUESTION_TAG} if request.question else set())
    return tags
