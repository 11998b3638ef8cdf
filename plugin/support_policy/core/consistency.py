"""What only shows when all files of a policy are side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from support_policy.core.document import suggest
from support_policy.core.policy import Conditions, PolicyTarget, Reading, Rule, Stage
from support_policy.errors import Problem


def disagreements(
    targets: Sequence[PolicyTarget], rules: Sequence[Rule], readings: Sequence[Reading]
) -> Iterator[Problem]:
    """Names that nothing bears, names that two things bear, and a classification that can fail."""
    names = [target.name for target in targets]
    categories = {rule.category for rule in rules if rule.category} | set(names)
    for rule in rules:
        wanted = [rule.category.partition(".")[0]] if rule.category else []
        yield from _unknown(rule, "target", [*wanted, *rule.clocks], names)
        asked = rule.when.category + rule.when.category_not
        yield from _unknown(rule, "category", asked, categories)
    for address in _twice(rule.address for rule in rules if rule.name):
        yield Problem(file_of(address.partition("/")[0]), address, "two rules have this name.")
    last = [rule for rule in rules if rule.stage is Stage.CLASSIFICATION][-1:]
    if not last or last[0].when != Conditions():
        yield Problem(file_of(Stage.CLASSIFICATION), "", "the last rule must have no conditions.")
    for name in _twice(reading.id for reading in readings):
        yield Problem("readings.toml", name, "two readings have this id.")
    known = {rule.address for rule in rules} | {f"targets/{name}" for name in names}
    for reading in readings:
        yield from _orphans(reading, known | {"business_hours", "business_hours/holidays", "fee"})


def _unknown(
    rule: Rule, what: str, wanted: Sequence[str], known: Iterable[str]
) -> Iterator[Problem]:
    for name in dict.fromkeys(wanted):
        if name not in known:
            where = f"{rule.stage}[{rule.name}]"
            hint = suggest(name, known)
            yield Problem(file_of(rule.stage), where, f"there is no {what} {name!r}.", hint)


def _orphans(reading: Reading, known: set[str]) -> Iterator[Problem]:
    for address in reading.rules:
        if address not in known:
            hint = suggest(address, known)
            yield Problem("readings.toml", reading.id, f"there is no rule {address!r}.", hint)


def _twice(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return [name for name in dict.fromkeys(listed) if listed.count(name) > 1]


def file_of(stage: str) -> str:
    """The file of a policy folder that holds a stage's rules."""
    return "support.toml" if stage == Stage.ELIGIBILITY else f"{stage}.toml"
