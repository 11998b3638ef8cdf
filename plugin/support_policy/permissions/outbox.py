"""What must stand on a ticket for the customer and staff to know how things are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import takewhile

from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Phase, Request
from support_policy.core.permission.message import blocks_text
from support_policy.core.reply_sent import Sent
from support_policy.helpdesk import Conversation, Post, Posting
from support_policy.permissions.wording import Wording

ASK_TAG = "ask_fee_permission"
ALREADY_ASKED = "already_asked"
NOT_SENT_TAG = "fee_not_sent"
QUESTION_TAG = "fee_question"
STATE_TAGS = frozenset({NOT_SENT_TAG, QUESTION_TAG, *(f"fee_{phase}" for phase in Phase)})
"""The tags of ours; of the phases one at a time."""

_NEWS = {
    Kind.DECLINED: Sent.DECLINED,
    Kind.EXPIRED: Sent.EXPIRED,
    Kind.WITHDRAWN: Sent.WITHDRAWN,
    Kind.WAIVED: Sent.WAIVED,
}
_OF_A_JOB = frozenset({Kind.COMPLETED, Kind.WAIVED})
"""On record for each permission, and told once."""
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
        made = self._posts(history, found, there)
        posts = tuple(post for post in made if post.stamp not in there)
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

    def not_sent(self, conversation: Conversation, stamp: str, reasons: Sequence[str]) -> Posting:
        """What staff are told when an ask could not become a request."""
        why = [self.wording.note(f"why.{each}", self.language) for each in reasons]
        listed = "\n".join(f"- {each}" for each in why)
        # The same request once more: it was sent, and there is nothing to mend.
        again = tuple(reasons) == (ALREADY_ASKED,)
        text = why[0] if again else self.wording.note("not_sent", self.language, reasons=listed)
        lacks = frozenset() if again else frozenset({NOT_SENT_TAG})
        present = {tag for tag in conversation.tags if tag in {ASK_TAG, NOT_SENT_TAG}}
        return Posting(
            posts=()
            if stamp in conversation.posted
            else (Post(stamp=stamp, text=text, public=False),),
            add_tags=tuple(lacks - present),
            remove_tags=tuple(sorted(present - lacks)),
            clear_ask=True,
        )

    def _posts(
        self, history: Sequence[Event], found: Sequence[Job], there: Collection[str]
    ) -> Iterator[Post]:
        """Every message and note of the record, in its order."""
        counts: Counter[tuple[str, Kind]] = Counter()
        ended: set[tuple[str, Kind]] = set()
        for event in history:
            counts[event.request, event.kind] += 1
            place = _place(found, event.request)
            if place is None:
                continue
            job, request = place
            if event.kind in _OF_A_JOB:
                if (job.id, event.kind) in ended or _quiet(event, job):
                    continue
                ended.add((job.id, event.kind))
            number = counts[event.request, event.kind]
            stamp = (
                f"{event.request}/{event.kind}-{number}"
                if number > 1
                else (f"{event.request}/{event.kind}")
            )
            if public := self._public(event, job, request, there):
                yield Post(stamp=stamp.replace("requested", "request"), text=public, public=True)
            if event.kind in NOTED:
                note = self._note(event, job, request)
                yield Post(stamp=f"{stamp}-note", text=note, public=False)

    def _public(self, event: Event, job: Job, request: Request, there: Collection[str]) -> str:
        """What the customer is told of an event; empty for what is staff's business."""
        if event.kind is Kind.REQUESTED:
            return self.wording.request(request, total(job, request)) if request.is_open else ""
        if event.kind is Kind.REMINDED:
            return self._news(Sent.REMINDER, event, job, request) if request.is_open else ""
        if event.kind is Kind.ACCEPTED:
            receipt = Sent.MORE_RECEIPT if request.more else Sent.RECEIPT
            return self._news(receipt, event, job, request)
        if event.kind is Kind.COMPLETED:
            summary = Sent.SUMMARY if charged_blocks(job) else Sent.NO_CHARGE
            return self._news(summary, event, job, request)
        if event.kind is Kind.VOIDED:
            # Who never saw it, or sees another in its place, need not hear of it.
            seen = f"{request.id}/request" in there
            back = seen and event.text("why") == "taken_back"
            return self._news(Sent.VOIDED, event, job, request) if back else ""
        news = _NEWS.get(event.kind)
        return self._news(news, event, job, request) if news else ""

    def _news(self, reply: Sent, event: Event, job: Job, request: Request) -> str:
        return self.wording.news(reply, request, event, job, total=total(job, request))

    def _note(self, event: Event, job: Job, request: Request) -> str:
        """What staff are told of an event."""
        blocks = charged_blocks(job) if event.kind is Kind.COMPLETED else request.accepted_blocks
        return self.wording.note(
            _note_key(event, request),
            self.language,
            address=self.wording.links.work_address(job.id),
            blocks=blocks_text(blocks, self.language),
            asked=blocks_text(request.blocks, self.language),
            deadline=self.wording.when(request.deadline, self.language),
            words=event.personal.get("question", ""),
            minutes=str(-(-event.number("seconds_left") // 60)),
        )


def _note_key(event: Event, request: Request) -> str:
    """Which note tells of an event."""
    why = event.text("why")
    match event.kind:
        case Kind.ACCEPTED if event.number("blocks") < request.blocks:
            return "accepted_partly"
        case Kind.QUESTIONED if why == "late":
            return "questioned_late"
        case Kind.QUESTIONED if not request.is_open:
            return "questioned_after"  # to say that it stays open would be untrue by now
        case Kind.VOIDED:
            return f"voided_{why}"
        case Kind.COMPLETED if event.text("channel") == "page":
            return "completed_by_customer"
    return event.kind.value


def charged_blocks(job: Job) -> int:
    """What all permissions of a work came to."""
    return sum(each.charged_blocks or 0 for each in job.requests)


def total(job: Job, request: Request) -> Decimal:
    """The most the work could come to by this request and what was accepted before it."""
    before = takewhile(lambda each: each.id != request.id, job.requests)
    earlier = sum(each.accepted_blocks for each in before if each in job.accepted)
    return request.rate.price(earlier + (request.accepted_blocks or request.blocks))


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
