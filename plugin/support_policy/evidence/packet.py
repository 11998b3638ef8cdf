"""The packet for a dispute about a fee: everything that is on record, on one page to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from support_policy.core.explain import Texts, instant
from support_policy.core.permission.event import Event, Kind
from support_policy.core.permission.history import jobs
from support_policy.core.permission.job import Job, Request
from support_policy.core.permission.message import (
    amount_text,
    blocks_text,
    one_line,
    reason_text,
    used_text,
)
from support_policy.core.policy import Policy
from support_policy.evidence import markup
from support_policy.store.chain import Entry

_ANSWERS = (Kind.ACCEPTED, Kind.DECLINED, Kind.EXPIRED, Kind.VOIDED, Kind.WITHDRAWN)
_LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """The records of one ticket, told in the language of ``texts``, times in the policy's zone."""

    entries: Sequence[Entry]
    policy: Policy
    texts: Texts
    now: datetime

    def html(self) -> str:
        """The page."""
        ticket = self.entries[0].event.ticket
        title = self.texts.say("packet.title", ticket=str(ticket))
        return markup.page(title=title, language=self.texts.language, parts=self._parts(title))

    def _parts(self, title: str) -> Iterator[str]:
        texts = self.texts
        yield markup.heading(1, title)
        first, last = self.entries[0].record, self.entries[-1].record
        yield markup.paragraph(
            texts.say(
                "packet.intro", made=self._when(self.now), first=str(first.seq), last=str(last.seq)
            )
        )
        yield markup.paragraph(texts.say("packet.zone", zone=self.policy.schedule.time_zone))
        for number, job in enumerate(jobs(self._events), start=1):
            yield markup.heading(2, texts.say("packet.job", number=str(number)))
            for request in job.requests:
                yield from self._request(request)
            yield from self._work(job)
            yield from self._charges(job)
        yield from self._records()
        yield from self._proving()

    @property
    def _events(self) -> list[Event]:
        return [entry.event for entry in self.entries]

    def _request(self, request: Request) -> Iterator[str]:
        """What was asked, as it was shown, and what became of it."""
        texts, told, rate = self.texts, request.personal, request.rate
        yield markup.heading(3, texts.say("packet.request", request=request.id))
        asked = self._first(request, Kind.REQUESTED)
        yield markup.terms(
            texts.say("packet.asked"),
            (
                (texts.say("packet.asked_at"), self._when(request.asked_at)),
                (texts.say("packet.asked_by"), self._value(told.get("asked_by"))),
                (texts.say("packet.addressee"), self._value(told.get("addressee"))),
                (texts.say("packet.entitled"), self._how("entitled", asked)),
                (texts.say("packet.work"), self._value(told.get("work"))),
                (texts.say("packet.reason"), reason_text(request.reason, self.texts)),
                (texts.say("packet.rate"), self._rate(request)),
                (texts.say("packet.maximum"), self._price(request, request.blocks)),
                (texts.say("packet.deadline"), self._when(request.deadline)),
                (texts.say("packet.policy"), f"{asked.text('policy')} {request.version}"),
                (texts.say("packet.currency"), rate.currency),
            ),
        )
        yield from self._shown(request, asked)
        yield from self._answers(request)

    def _shown(self, request: Request, asked: Event) -> Iterator[str]:
        """The whole text in both languages, and whether it is the one whose digest is on record."""
        texts = self.texts
        for language in _LANGUAGES:
            shown = texts.say("packet.shown_en" if language == "en" else "packet.shown_fr")
            yield markup.heading(4, shown)
            text = request.personal.get(f"text_{language}")
            if text is None:
                yield markup.paragraph(texts.say("packet.erased"))
                continue
            yield markup.quotation(text, language)
            digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            told = asked.text(f"text_{language}_sha256") or texts.say("packet.nobody")
            if digest == told:
                yield markup.paragraph(texts.say("packet.same_text", digest=digest))
            else:
                yield markup.paragraph(texts.say("packet.other_text", digest=digest, told=told))

    def _answers(self, request: Request) -> Iterator[str]:
        texts = self.texts
        rows = [
            (
                str(entry.record.seq),
                self._kind(entry.event),
                self._when(entry.event.at),
                self._who(entry.event),
                self._how("proof", entry.event),
                self._accepted(entry.event, request),
            )
            for entry in self.entries
            if entry.event.request == request.id and entry.event.kind in _ANSWERS
        ]
        if not rows:
            yield markup.paragraph(texts.say("packet.unanswered"))
            return
        heads = (
            texts.say("packet.number"),
            texts.say("packet.what"),
            texts.say("packet.when"),
            texts.say("packet.who"),
            texts.say("packet.how"),
            texts.say("packet.permitted"),
        )
        yield markup.table(texts.say("packet.answer"), heads, rows)

    def _work(self, job: Job) -> Iterator[str]:
        """When who worked, and for how long."""
        texts = self.texts
        yield markup.heading(3, texts.say("packet.log"))
        if not job.sessions:
            yield markup.paragraph(texts.say("packet.no_work"))
            return
        rows = [
            (
                str(number),
                self._value(each.agent),
                self._when(each.started_at),
                self._when(each.stopped_at) if each.stopped_at else texts.say("packet.running"),
                used_text(each.lasted(self.now), self.texts.language),
            )
            for number, each in enumerate(job.sessions, start=1)
        ]
        heads = (
            texts.say("packet.sitting"),
            texts.say("packet.agent"),
            texts.say("packet.started"),
            texts.say("packet.stopped"),
            texts.say("packet.lasted"),
        )
        yield markup.table(texts.say("packet.sittings"), heads, rows)
        used = used_text(job.used(self.now), self.texts.language)
        cap = used_text(job.cap, self.texts.language)
        yield markup.paragraph(texts.say("packet.used", used=used, cap=cap))

    def _charges(self, job: Job) -> Iterator[str]:
        """The arithmetic, a line for each permission."""
        texts = self.texts
        yield markup.heading(3, texts.say("packet.charges"))
        rows = [
            (
                request.id,
                self._blocks(request.accepted_blocks),
                self._blocks(request.charged_blocks),
                self._rate(request),
                self._price(request, request.charged_blocks),
                self._outcome(request),
            )
            for request in job.requests
            if request.charged_blocks is not None
        ]
        if not rows:
            yield markup.paragraph(texts.say("packet.no_charge"))
            return
        heads = (
            texts.say("packet.permission"),
            texts.say("packet.permitted"),
            texts.say("packet.charged"),
            texts.say("packet.rate"),
            texts.say("packet.amount"),
            texts.say("packet.outcome"),
        )
        yield markup.table(texts.say("packet.arithmetic"), heads, rows)
        yield markup.paragraph(texts.say("packet.whole_blocks"))

    def _outcome(self, request: Request) -> str:
        texts = self.texts
        if request.waived:
            why = self._first(request, Kind.WAIVED).personal.get("why")
            return texts.say("packet.waived", why=self._value(why))
        if request.billed:
            reference = self._first(request, Kind.BILLED).text("reference")
            return texts.say("packet.billed", reference=one_line(reference))
        return (
            texts.say("packet.unbilled") if request.charged_blocks else texts.say("packet.nothing")
        )

    def _records(self) -> Iterator[str]:
        texts = self.texts
        yield markup.heading(2, texts.say("packet.records"))
        heads = (
            texts.say("packet.number"),
            texts.say("packet.what"),
            texts.say("packet.when"),
            texts.say("packet.request_of"),
            texts.say("packet.digest"),
        )
        rows = (
            (
                str(entry.record.seq),
                self._kind(entry.event),
                self._when(entry.event.at),
                entry.event.request,
                entry.record.digest,
            )
            for entry in self.entries
        )
        yield markup.table(texts.say("packet.chain"), heads, rows, digests=True)

    def _proving(self) -> Iterator[str]:
        texts = self.texts
        yield markup.heading(2, texts.say("packet.proving"))
        yield markup.paragraph(texts.say("packet.proving_how"))
        yield markup.code("support-policy verify export.zip --keys keys.json")
        yield markup.paragraph(texts.say("packet.proving_digest"))

    def _first(self, request: Request, kind: Kind) -> Event:
        return next(
            event for event in self._events if event.request == request.id and event.kind is kind
        )

    def _who(self, event: Event) -> str:
        told = event.personal
        named = (told.get("name") or told.get("agent"), told.get("address"))
        known = [one_line(each) for each in named if each]
        if known:
            return ", ".join(known)
        return self.texts.say("packet.erased" if event.text("proof") else "packet.nobody")

    def _how(self, what: str, event: Event) -> str:
        word = event.text(what)
        if not word:
            return self.texts.say("packet.nobody")
        if what == "proof":
            return self.texts.word(f"packet.proof.{word}", word)
        return self.texts.word(f"packet.entitled.{word}", word)

    def _accepted(self, event: Event, request: Request) -> str:
        if event.kind is not Kind.ACCEPTED:
            return self.texts.say("packet.nothing")
        blocks = event.number("blocks")
        return f"{self._blocks(blocks)}, {self._price(request, blocks)}"

    def _kind(self, event: Event) -> str:
        return self.texts.say(f"packet.kind.{event.kind.value}")

    def _rate(self, request: Request) -> str:
        rate = request.rate
        amount = amount_text(rate.amount, rate.currency, self.texts.language)
        block = used_text(timedelta(minutes=rate.block_minutes), self.texts.language)
        return self.texts.say("packet.per_block", amount=amount, block=block)

    def _blocks(self, blocks: int | None) -> str:
        return blocks_text(blocks or 0, self.texts.language)

    def _price(self, request: Request, blocks: int | None) -> str:
        rate = request.rate
        return amount_text(rate.price(blocks or 0), rate.currency, self.texts.language)

    def _value(self, value: str | None) -> str:
        return one_line(value) if value else self.texts.say("packet.erased")

    def _when(self, at: datetime) -> str:
        return instant(at, self.policy, self.texts)
