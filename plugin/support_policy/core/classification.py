"""What a text is about, without asking who wrote it: classification alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from support_policy.core.decide import adjust, classify
from support_policy.core.facts import Fact, Facts
from support_policy.core.match import Case
from support_policy.core.policy import Policy
from support_policy.core.ticket import Channel

FLAGS = {
    "third_party": "third_party",
    "advanced_support_candidate": "advanced_support_candidate",
    "multi_issue": "multi_issue",
    "injection": "prompt_injection",
}
"""Flag of a classified text → the tag by which a policy says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """The category of a text and the rule that chose it, its tags and flags, and the words."""

    category: str
    rule: str
    tags: frozenset[str]
    flags: dict[str, bool | str]
    words: tuple[Fact, ...]


def classified(policy: Policy, facts: Facts, *, channel: Channel = Channel.OTHER) -> Classified:
    """Classify what was read; eligibility is never applied."""
    case = Case(facts=facts, channel=channel)
    chosen, _ = classify(policy, case)
    effects = adjust(policy, replace(case, category=chosen.category))
    tags = frozenset((*chosen.tags, *(tag for effect in effects for tag in effect.tags)))
    language = facts.language if facts.language in ("en", "fr") else "other"
    words = [*chosen.words, *(fact for effect in effects for fact in effect.words)]
    return Classified(
        category=chosen.category or "",
        rule=chosen.rule,
        tags=tags,
        flags={**{flag: tag in tags for flag, tag in FLAGS.items()}, "language": language},
        words=tuple(dict.fromkeys(words)),
    )
