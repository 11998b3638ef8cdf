"""What was measured of a policy on labelled tickets, and how two policies differ on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from support_policy.core.policy import Policy
from support_policy.core.scores import Evaluation, evaluate, gravity
from support_policy.labelled import Decided, categories_of, urgent_classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One policy's decisions on labelled tickets, in the order of the file, and their figures.

    ``name`` is what the person called the policy: two of them may have the same id and version.
    """

    name: str
    policy: Policy
    decided: tuple[Decided, ...]
    evaluation: Evaluation

    @property
    def misses(self) -> tuple[Decided, ...]:
        """Decisions that nobody would defend: High that was missed, wrongly High, the rest."""
        urgent = frozenset(urgent_classes(self.policy))
        found = [
            (how_bad, each)
            for each in self.decided
            if (how_bad := gravity(each.judged, urgent)) is not None
        ]
        return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A ticket that two policies decide differently."""

    decided: Decided
    against: Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Tickets that the first policy decides better than the other, worse, and just differently."""

    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    neither: tuple[Change, ...]


def measured(
    name: str, policy: Policy, decided: Sequence[Decided], *, beside: Run | None = None
) -> Run:
    """The figures of a policy's decisions.

    ``beside`` is the run that they are compared with: a ticket counts for the language that it was
    read in there, so that both are measured on the same tickets of each.
    """
    judged = [each.judged for each in decided]
    if beside:
        judged = [
            replace(each, language=other.judged.language)
            for each, other in zip(judged, beside.decided, strict=True)
        ]
    evaluation = evaluate(judged, categories_of(policy))
    return Run(name=name, policy=policy, decided=tuple(decided), evaluation=evaluation)


def changed(run: Run, against: Run) -> Changed:
    """Compare two policies on the same tickets."""
    pairs = [
        Change(decided=this, against=other)
        for this, other in zip(run.decided, against.decided, strict=True)
        if this.judged.category != other.judged.category
    ]
    return Changed(
        better=tuple(each for each in pairs if _merit(each.decided) > _merit(each.against)),
        worse=tuple(each for each in pairs if _merit(each.decided) < _merit(each.against)),
        neither=tuple(each for each in pairs if _merit(each.decided) == _merit(each.against)),
    )


def _merit(decided: Decided) -> tuple[bool, ...]:
    return decided.judged.merit
