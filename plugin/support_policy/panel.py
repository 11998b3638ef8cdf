"""What the sidebar shows of one ticket, made from the newest record of its decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cattrs import Converter

from support_policy.core.decision import ClockRun, Decision
from support_policy.core.explain import Texts, instant, sentences
from support_policy.core.policy import Policy
from support_policy.core.target import Kind

OTHER = "other"
"""What an agent says when none of the policy's classes is right."""

_RECORDS = Converter(detailed_validation=False)
_RECORDS.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """What is left of one expected time at the moment of asking."""

    title: str
    due: str
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the sidebar shows, in one language; ``decision`` is the id of the record."""

    decision: int
    language: str
    title: str
    held: bool
    expected: str
    notices: tuple[str, ...]
    clocks: tuple[ClockLine, ...]
    why: tuple[str, ...]
    why_not: tuple[str, ...]
    footer: str
    classes: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def decision_of(record: Mapping[str, Any]) -> Decision:
    """The decision in a record of the store; raises for a record that no version of ours wrote."""
    return _RECORDS.structure(record["decision"], Decision)


def panel(record: Mapping[str, Any], policy: Policy, texts: Texts, *, now: datetime) -> Panel:
    """Everything an agent is told of a record, with the clocks as they stand now."""
    decision = decision_of(record)
    headline, why, why_not, footer = _told(decision, policy, texts)
    return Panel(
        decision=record["id"],
        language=texts.language,
        title=_title(decision, policy, texts),
        held=decision.held,
        expected=headline,
        notices=tuple(_notices(record, texts)),
        clocks=tuple(_clock(run, policy, texts, now) for run in decision.clocks),
        why=why,
        why_not=why_not,
        footer=footer,
        classes=classes(policy, texts),
    )


def classes(policy: Policy, texts: Texts) -> tuple[tuple[str, str], ...]:
    """The classes that a ticket can be put into, in the policy's order, then ``OTHER``."""
    used = {(rule.category or "").partition(".")[0] for rule in policy.classification}
    named = ((target.name, dict(target.title)[texts.language]) for target in policy.targets)
    return (*(each for each in named if each[0] in used), (OTHER, texts.say("panel.other")))


def _told(
    decision: Decision, policy: Policy, texts: Texts
) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    """The sentences of the note, apart: what, why, why not something else, by which policy."""
    if not _known(decision, policy):
        return texts.say("panel.older_policy"), (), (), _footer(decision, texts)
    headline, *others, footer = sentences(decision, policy, texts)
    split = len(others) - len(decision.missed)  # one sentence each, the last before the footer
    return headline, tuple(others[:split]), tuple(others[split:]), footer


def _known(decision: Decision, policy: Policy) -> bool:
    """Whether the policy of today still has the classes that a decision of yesterday names."""
    named = {decision.category, *(near.category for near in decision.missed)}
    return {each.partition(".")[0] for each in named} <= {each.name for each in policy.targets}


def _footer(decision: Decision, texts: Texts) -> str:
    return texts.say("footer", policy=decision.policy, version=decision.version)


def _title(decision: Decision, policy: Policy, texts: Texts) -> str:
    if decision.held:
        return texts.say("panel.held")
    return _target_title(decision.target, policy, texts)


def _target_title(name: str, policy: Policy, texts: Texts) -> str:
    titles = {target.name: dict(target.title)[texts.language] for target in policy.targets}
    return titles.get(name) or texts.word(f"clock.{name}", name)


def _notices(record: Mapping[str, Any], texts: Texts) -> Iterable[str]:
    if record.get("mode") == "observe":
        yield texts.say("panel.observe")
    elif not_kept := record.get("not_kept"):
        yield texts.say("panel.not_kept", fields=_fields(not_kept, texts))
    if kept := (record.get("update") or {}).get("kept"):
        yield texts.say("kept", fields=_fields(kept, texts))


def _fields(names: Iterable[str], texts: Texts) -> str:
    return texts.say("and").join(texts.word(f"field.{name}", name) for name in names)


def _clock(run: ClockRun, policy: Policy, texts: Texts, now: datetime) -> ClockLine:
    seconds = int((run.due_at - now).total_seconds())
    elapsed = run.kind is Kind.ELAPSED
    if seconds <= 0:
        left = texts.say("panel.passed")
    elif elapsed:
        left = texts.say("panel.left", amount=_amount(seconds))
    elif policy.schedule.is_open(now):
        left = texts.say("panel.runs")
    else:
        opens = instant(policy.schedule.next_open(now), policy, texts)
        left = texts.say("panel.stands", opens=opens)
    return ClockLine(
        title=_target_title(run.target, policy, texts),
        due=instant(run.due_at, policy, texts),
        left=left,
    )


def _amount(seconds: int) -> str:
    """Whole minutes, rounded up, so that there is never "0 min" left."""
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
