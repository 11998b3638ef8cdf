"""Proves that a policy folder carries out its written policy, before anybody's ticket meets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable
from typing import TypeVar
from zoneinfo import ZoneInfo

from support_policy.core.calendar import YEARS
from support_policy.core.consistency import file_of
from support_policy.core.facts import READS_AS
from support_policy.core.load import load
from support_policy.core.locale_lint import lint_locales
from support_policy.core.policy import Policy, Rule
from support_policy.core.reply import load_replies
from support_policy.core.reply_lint import lint
from support_policy.core.reply_sent import absent
from support_policy.errors import PolicyError, Problem
from support_policy.policy_tests import FILE, PolicyTest, Result, load_tests, run
from support_policy.reader import load_reader, unread
from support_policy.reader.terms import TermReader
from support_policy.texts import LANGUAGES, load_texts

Loaded = TypeVar("Loaded")

HOLIDAYS_AHEAD = timedelta(days=2 * 366)
PROMISE = re.compile(r"garant|guarant", re.IGNORECASE)
ALLOWED_PROMISE = re.compile(r"not\s+guaranteed|non\s+garantie?s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What ``check`` found: problems bar the policy's use, warnings are for a person to settle."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    results: tuple[Result, ...] = ()


def check(folder: Traversable, *, now: datetime) -> Report:
    """Everything that can be proved of a policy folder, all problems at once."""
    problems: list[Problem] = []
    policy, reader = _loaded(load, folder, problems), _loaded(load_reader, folder, problems)
    if policy is None or reader is None:
        return Report(policy=None, problems=tuple(problems))
    zone = ZoneInfo(policy.schedule.time_zone)
    received = max(now, policy.effective_from).astimezone(zone).replace(microsecond=0)
    tests = load_tests(folder, problems, received=received)
    problems += _too_early(tests, policy)
    results = tuple(
        run(test, policy, reader)
        for test in tests
        if test.ticket.received_at >= policy.effective_from
    )
    problems += [*_clauses(policy), *_words(policy, reader), *_promises(folder)]
    problems += _replies(folder, policy)
    problems += lint_locales(_locales(), fee=policy.fee)
    problems += [*_failures(results), *_untested(policy, results)]
    return Report(
        policy=policy,
        problems=tuple(problems),
        warnings=(*_unconfirmed(policy), *_calendar(now.date())),
        results=results,
    )


def _loaded(
    loader: Callable[[Traversable], Loaded], folder: Traversable, problems: list[Problem]
) -> Loaded | None:
    try:
        return loader(folder)
    except PolicyError as error:
        problems += error.problems
        return None


def _too_early(tests: Iterable[PolicyTest], policy: Policy) -> Iterable[Problem]:
    for test in tests:
        if test.ticket.received_at < policy.effective_from:
            yield Problem(FILE, test.name, "was received before the policy took effect.")


def carried_out(policy: Policy) -> frozenset[str]:
    """The clauses that a rule, a target, the fee, a ruling or the data's own form carries out."""
    by_rules = {rule.clause for rule in policy.rules}
    by_targets = {target.clause for target in policy.targets}
    by_fee = {policy.fee.clause} if policy.fee else set()
    by_rulings = {
        clause for reading in policy.readings if reading.rules for clause in reading.clauses
    }
    return frozenset(by_rules | by_targets | by_fee | by_rulings | set(policy.inherent))


def _clauses(policy: Policy) -> Iterable[Problem]:
    done = carried_out(policy)
    for clause in policy.clauses:
        if clause.id not in done and not clause.left_to_people:
            yield Problem(
                "policy.md",
                clause.id,
                "nothing carries this clause out.",
                'Name it in a rule or a reading, or write "**Left to people.**" under it.',
            )


def _words(policy: Policy, reader: TermReader) -> Iterable[Problem]:
    """Rules may only ask for facts that the reader can find and that have a name people read."""
    yield from unread(policy, reader)
    titled = {name for name, _ in policy.fact_titles}
    for rule in policy.rules:
        for fact in _facts_of(rule):
            if fact not in reader.vocabulary and fact.startswith(READS_AS):
                continue
            if fact not in reader.vocabulary:
                yield Problem(file_of(rule.stage), rule.name, f"no term finds the fact {fact!r}.")
            elif fact not in titled:
                yield Problem(
                    "terms/titles.toml", fact, "is missing: agents read it in both languages."
                )


def _facts_of(rule: Rule) -> tuple[str, ...]:
    return rule.when.all_of + rule.when.any_of + rule.when.none_of


def _promises(folder: Traversable) -> Iterable[Problem]:
    """No text of the policy may promise a time; only the fixed phrases may use the word."""
    for file in _texts(folder):
        text = ALLOWED_PROMISE.sub(
            lambda found: "\n" * found[0].count("\n"), file.read_text("utf-8")
        )
        for found in PROMISE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Problem(
                file.name,
                f"line {line}",
                "speaks of a guarantee.",
                'Say "expected", or exactly "not guaranteed" / "non garanti".',
            )


def _texts(folder: Traversable) -> Iterable[Traversable]:
    """The files whose sentences people read: replies are looked at closely, elsewhere.

    Terms and tests hold customers' words.
    """
    names = ("policy.md", "policy.fr.md", "support.toml", "readings.toml")
    yield from (folder.joinpath(name) for name in names)
    yield folder.joinpath("terms", "titles.toml")


def _replies(folder: Traversable, policy: Policy) -> Iterable[Problem]:
    """What is sent to customers is there, and promises, presses and leaves out nothing."""
    clauses = frozenset(clause.id for clause in policy.clauses)
    try:
        replies = load_replies(folder)
    except PolicyError as error:
        return error.problems
    found = [each for reply in replies for each in lint(reply, fee=policy.fee, clauses=clauses)]
    return [*found, *absent(replies, fee=policy.fee)]


def _locales() -> dict[str, Mapping[str, str]]:
    return {language: load_texts(language).messages for language in LANGUAGES}


def _failures(results: tuple[Result, ...]) -> Iterable[Problem]:
    for result in results:
        for difference in result.differences:
            yield Problem(FILE, result.test.name, f"{difference}.")


def _untested(policy: Policy, results: tuple[Result, ...]) -> Iterable[Problem]:
    fired = {because.rule for result in results for because in result.decision.because}
    for rule in policy.rules:
        if rule.address not in fired:
            yield Problem(
                file_of(rule.stage),
                rule.name,
                "no test fires this rule.",
                f"Add one to {FILE}.",
            )


def _unconfirmed(policy: Policy) -> Iterable[Problem]:
    for reading in policy.readings:
        if not reading.confirmed:
            yield Problem(
                "readings.toml",
                reading.id,
                dict(reading.question)["en"],
                "Unconfirmed: read the answer, then set confirmed = true, your name and the date.",
            )


def _calendar(today: date) -> Iterable[Problem]:
    last = date(YEARS[-1], 12, 31)
    if last - today < HOLIDAYS_AHEAD:
        yield Problem(
            "support.toml", "business_hours.holidays", f"holidays are known only until {last}."
        )
