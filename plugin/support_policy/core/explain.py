"""A decision in sentences, in a person's language; nothing of this is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

from support_policy.core.decision import Because, ClockRun, Decision, Missed
from support_policy.core.facts import READS_AS, Fact
from support_policy.core.policy import Policy, Stage
from support_policy.core.schedule import Step, StepKind
from support_policy.core.target import Kind
from support_policy.core.ticket import Field
from support_policy.core.update import Explanation

QUOTE_LENGTH = 60
"""Characters of a customer's words that a sentence quotes at most."""

REASON_LENGTH = 500
"""Characters of the line for a field; no help desk's text field is shorter."""

_PATTERNS = {
    "en": ("en_CA", "EEE d MMM y, HH:mm zzz"),
    "fr": ("fr_CA", "EEE d MMM y, H 'h' mm zzz"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of one language, by key, with ``{places}`` to fill."""

    language: str
    messages: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """One sentence; KeyError for a key that does not exist."""
        return self.messages[key].format(**values)

    def word(self, key: str, default: str) -> str:
        """A word for something, or the thing's own name made readable."""
        return self.messages.get(key) or default.replace("_", " ").replace(".", " ")


def explain(
    decision: Decision, policy: Policy, texts: Texts, *, kept: Iterable[Field] = ()
) -> Explanation:
    """The stamp, the line for a field and the private note that go with a decision."""
    kept = tuple(sorted(kept))
    lines = sentences(decision, policy, texts, kept=kept)
    return Explanation(
        stamp=stamp(decision, kept),
        reason=_cut(" ".join(lines[:2]), REASON_LENGTH),
        note="\n".join(lines),
    )


def stamp(decision: Decision, kept: tuple[Field, ...] = ()) -> str:
    """Names a decision's outcome: the same outcome of the same policy has the same stamp.

    It ends with the fields that were left to people (``+priority``), so that a desk that does not
    tell who set a value can still tell it from ours.
    """
    due = decision.due_at
    parts = (
        decision.category,
        str(decision.held),
        decision.priority or "",
        due.isoformat() if due else "",
        " ".join(decision.tags),
        " ".join(kept),
    )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]
    left = "".join(f"+{name}" for name in kept)
    return f"{decision.policy}/{decision.version}/{digest}{left}"


def sentences(
    decision: Decision, policy: Policy, texts: Texts, *, kept: tuple[Field, ...] = ()
) -> tuple[str, ...]:
    """What was decided, why, and why not something sooner; a line each."""
    chosen, *effects = decision.because
    gates = [_effect(each, policy, texts) for each in effects if each.stage is Stage.ELIGIBILITY]
    why = _why(chosen, policy, texts)
    if decision.held:
        why = texts.say("released", target=_title(decision.category, policy, texts), why=why)
    lines = [_headline(decision, policy, texts), *gates, why]
    more = [
        _short(each, texts) for each in effects if each.stage is Stage.ADJUSTMENTS and each.tags
    ]
    if more:
        lines.append(texts.say("also", items="; ".join(more)))
    lines += [_why_not(near, policy, texts) for near in decision.missed]
    if kept:
        names = texts.say("and").join(texts.word(f"field.{name}", name) for name in kept)
        lines.append(texts.say("kept", fields=names))
    lines.append(texts.say("footer", policy=decision.policy, version=decision.version))
    return tuple(lines)


def due_steps(decision: Decision, policy: Policy, texts: Texts) -> tuple[str, ...]:
    """How each expected time was counted, a line each."""
    lines = []
    for run in decision.clocks:
        lines.append(
            texts.say(
                "clock",
                target=_target_title(run, policy, texts),
                received=instant(decision.received_at, policy, texts),
                due=instant(run.due_at, policy, texts),
            )
        )
        lines += _stretches(run, decision, policy, texts)
    return tuple(lines)


def instant(at: datetime, policy: Policy, texts: Texts) -> str:
    """A moment as people of this language write it, in the company's zone."""
    locale, pattern = _PATTERNS[texts.language]
    local = at.astimezone(ZoneInfo(policy.schedule.time_zone))
    return format_datetime(
        local, pattern, tzinfo=ZoneInfo(policy.schedule.time_zone), locale=locale
    )


def quoted(words: Iterable[Fact], texts: Texts) -> str:
    """The customer's words in quotation marks, one line, at most three, none twice."""
    words = tuple(words)
    kept: list[Fact] = []
    for fact in sorted(words, key=lambda fact: fact.start - fact.end):
        if not any(_overlap(fact, each) for each in kept):
            kept.append(fact)
    quotes = dict.fromkeys(_plain(fact.quote) for fact in words if fact in kept)
    return texts.say("and").join(texts.say("quote", words=each) for each in list(quotes)[:3])


def _overlap(one: Fact, other: Fact) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _headline(decision: Decision, policy: Policy, texts: Texts) -> str:
    title = _title(decision.category, policy, texts)
    due = decision.due_at
    if decision.held:
        return texts.say("headline.held")
    if due is None:
        return texts.say("headline.no_target", target=title)
    nearest = min(decision.clocks, key=lambda clock: clock.due_at)
    if nearest.target != decision.target:
        title = texts.say(
            "headline.clock", target=title, clock=_target_title(nearest, policy, texts)
        )
    return texts.say("headline", target=title, due=instant(due, policy, texts))


def _why(chosen: Because, policy: Policy, texts: Texts) -> str:
    clause = _clause(chosen.clause, policy, texts)
    if not chosen.words:
        return texts.say("why.default", clause=clause, rule=chosen.rule)
    return texts.say("why", words=quoted(chosen.words, texts), clause=clause, rule=chosen.rule)


def _effect(effect: Because, policy: Policy, texts: Texts) -> str:
    told = [each for each in effect.conditions if not each.startswith("category=")]
    conditions = ", ".join(texts.word(f"condition.{each}", each) for each in told)
    return texts.say(
        "effect",
        conditions=conditions or quoted(effect.words, texts),
        clause=_clause(effect.clause, policy, texts),
        rule=effect.rule,
        tags=", ".join(effect.tags),
    )


def _short(effect: Because, texts: Texts) -> str:
    tags, words = ", ".join(effect.tags), quoted(effect.words[:1], texts)
    return (
        texts.say("also.words", tags=tags, clause=effect.clause, words=words)
        if words
        else (texts.say("also.plain", tags=tags, clause=effect.clause))
    )


def _why_not(near: Missed, policy: Policy, texts: Texts) -> str:
    title = _title(near.category, policy, texts)
    clause = _clause(near.clause, policy, texts)
    if near.against:
        words = quoted(near.against, texts)
        return texts.say("why_not.against", target=title, clause=clause, words=words)
    if near.words and near.lacking[0].startswith(READS_AS):
        words = quoted(near.words, texts)
        return texts.say("why_not.outweighed", target=title, clause=clause, words=words)
    lacking = _lacking(_telling(near.lacking), policy, texts)
    return texts.say("why_not.lacking", target=title, clause=clause, lacking=lacking)


def _telling(lacking: tuple[str, ...]) -> str:
    """What to name of all that is lacking: rather what would have spoken for it than the whole."""
    for names in lacking[1:]:
        others = [name for name in names.split("|") if name != lacking[0]]
        if lacking[0].startswith(READS_AS) and others:
            return "|".join(others)
    return lacking[0]


def _lacking(names: str, policy: Policy, texts: Texts) -> str:
    """Facts that were not found; of alternatives, the first three are named."""
    titles = dict(policy.fact_titles)
    return texts.say("or").join(
        dict(titles[name])[texts.language]
        if name in titles
        else texts.word(f"condition.{name}", name)
        for name in names.split("|")[:3]
    )


def _clause(id_: str, policy: Policy, texts: Texts) -> str:
    title = next(
        (dict(each.title)[texts.language] for each in policy.clauses if each.id == id_), ""
    )
    return texts.say("clause", id=id_, title=title)


def _title(category: str, policy: Policy, texts: Texts) -> str:
    return dict(policy.target_of(category).title)[texts.language]


def _target_title(run: ClockRun, policy: Policy, texts: Texts) -> str:
    titles = {target.name: dict(target.title)[texts.language] for target in policy.targets}
    return titles.get(run.target) or texts.word(f"clock.{run.target}", run.target)


def _stretches(run: ClockRun, decision: Decision, policy: Policy, texts: Texts) -> list[str]:
    """The open hours that were counted; a clock that never stops has none to tell."""
    if run.kind is Kind.ELAPSED:
        return [texts.say("step.elapsed")]
    steps = policy.schedule.steps(decision.received_at, run.due_at)
    if run.kind is Kind.BUSINESS_DAYS:
        closed = [_step(step, policy, texts) for step in steps if step.kind is StepKind.HOLIDAY]
        return [texts.say("step.business_days"), *closed]
    return [_step(step, policy, texts) for step in steps]


def _step(step: Step, policy: Policy, texts: Texts) -> str:
    locale = _PATTERNS[texts.language][0]
    day = format_date(step.date, "EEE d MMM", locale=locale)
    if step.opens is None or step.closes is None:
        return texts.say(f"step.{step.kind}", day=day)
    hours, minutes = divmod(step.seconds // 60, 60)
    zone = ZoneInfo(policy.schedule.time_zone)
    return texts.say(
        "step.open",
        day=day,
        opens=format_time(step.opens.astimezone(zone), "HH:mm", tzinfo=zone, locale=locale),
        closes=format_time(step.closes.astimezone(zone), "HH:mm", tzinfo=zone, locale=locale),
        amount=f"{hours} h {minutes:02d} min",
    )


def _plain(words: str) -> str:
    """One line, without control characters, not too long."""
    return _cut(
        " ".join("".join(c if c.isprintable() else " " for c in words).split()), QUOTE_LENGTH
    )


def _cut(line: str, length: int) -> str:
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
