"""A policy folder becomes a Policy, or the list of everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

from support_policy.core.calendar import HolidayRules, holiday_dates
from support_policy.core.document import Table, parse, suggest
from support_policy.core.policy import (
    Clause,
    Conditions,
    Fee,
    Policy,
    PolicyTarget,
    Reading,
    Rule,
    Stage,
)
from support_policy.core.schedule import Schedule
from support_policy.core.target import Kind, Target
from support_policy.core.ticket import Channel, Priority, Standing
from support_policy.errors import PolicyError, Problem

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HEADING = re.compile(r"^### (?P<id>[A-Z]\d+[a-z]?) · (?P<title>.+)$")
_LEFT = ("**Left to people.**", "**Carried out by the texts.**")
_EXPECTED = re.compile(r"^(?P<n>\d+) (?P<business>business )?(?P<unit>hour|day|minute)s?$")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


def load(folder: Traversable) -> Policy:
    """Read a policy folder.

    Raises PolicyError with every problem, each with its file and address.
    """
    problems: list[Problem] = []
    policy = _Folder(folder=folder, problems=problems).policy()
    if problems or policy is None:
        raise PolicyError(tuple(problems))
    return policy


@dataclass(slots=True, kw_only=True)
class _Folder:
    """The files of one policy, while they are read."""

    folder: Traversable
    problems: list[Problem]
    clause_ids: frozenset[str] = field(default_factory=frozenset)

    def policy(self) -> Policy | None:
        main = self._toml("support.toml")
        clauses = self._clauses()
        self.clause_ids = frozenset(clause.id for clause in clauses)
        head = main.table("policy")
        schedule = self._schedule(main.table("business_hours"))
        targets = tuple(self._target(name, t) for name, t in main.table("targets").named_tables())
        fee = self._fee(main.table("fee")) if "fee" in main.values else None
        eligibility = self._rules(main, Stage.ELIGIBILITY)
        classification = self._rules(self._toml("classification.toml"), Stage.CLASSIFICATION)
        adjustments = self._rules(self._toml("adjustments.toml"), Stage.ADJUSTMENTS)
        main.asked |= {"targets", "fee"}
        main.close()
        named = self._toml("terms/titles.toml")
        titles = tuple((fact, named.bilingual(fact)) for fact in named.values)
        readings = tuple(map(self._reading, self._toml("readings.toml").tables("readings")))
        self._cross_check(targets, eligibility + classification + adjustments, readings)
        effective = head.values.get("effective_from")
        head.asked.add("effective_from")
        if not isinstance(effective, datetime) or effective.tzinfo is not None:
            head.problem(
                "must be a local date and time such as 2013-06-27T00:00:00", key="effective_from"
            )
        inherent = head.texts("clauses")
        for clause in set(inherent) - self.clause_ids:
            head.problem(f"policy.md has no clause {clause}.", key="clauses")
        identity = (head.text("id"), head.text("version"), head.bilingual("title"))
        head.close()
        if self.problems or schedule is None or not isinstance(effective, datetime):
            return None
        return Policy(
            id=identity[0],
            version=identity[1],
            title=identity[2],
            effective_from=effective.replace(tzinfo=ZoneInfo(schedule.time_zone)),
            schedule=schedule,
            clauses=clauses,
            readings=readings,
            targets=targets,
            eligibility=eligibility,
            classification=classification,
            adjustments=adjustments,
            fee=fee,
            inherent=inherent,
            fact_titles=titles,
        )

    def _read(self, name: str) -> str:
        try:
            return self.folder.joinpath(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = (
                "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
            )
            self.problems.append(Problem(name, "", reason))
            return ""

    def _toml(self, name: str) -> Table:
        return parse(self._read(name), file=name, problems=self.problems)

    def _clauses(self) -> tuple[Clause, ...]:
        """The clauses of both languages' texts, which must be in step."""
        english, french = (_headings(self._read(name)) for name in ("policy.md", "policy.fr.md"))
        if list(english) != list(french):
            apart = sorted(english.keys() ^ french.keys()) or ["their order differs"]
            self.problems.append(
                Problem(
                    "policy.fr.md",
                    "",
                    f"does not have the clauses of policy.md: {', '.join(apart)}.",
                )
            )
        return tuple(
            Clause(
                id=id_,
                title=(("en", title), ("fr", french.get(id_, (title, False))[0])),
                left_to_people=left,
            )
            for id_, (title, left) in english.items()
        )

    def _schedule(self, table: Table) -> Schedule | None:
        zone = table.text("time_zone")
        hours = {day: _spans(table, day) for day in DAYS if day in table.values}
        rules = _holiday_rules(table.table("holidays"))
        closures = self._toml("closures.toml")
        closed, opened = _dates(closures, "closed"), _dates(closures, "open")
        closures.close()
        table.asked |= set(DAYS)
        table.close()
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            table.problem(f"{zone!r} is not a time zone such as America/Toronto", key="time_zone")
            return None
        try:
            holidays = frozenset(holiday_dates(rules)) | closed
            return Schedule(time_zone=zone, hours=hours, holidays=holidays - opened)
        except (ValueError, LookupError) as error:
            table.problem(f"{error}.")
            return None

    def _target(self, name: str, table: Table) -> PolicyTarget:
        expected = table.text("expected")
        target = PolicyTarget(
            name=name,
            clause=self._clause(table),
            target=_expected(table, expected),
            title=table.bilingual("title"),
            priority=table.choice("priority", Priority) if "priority" in table.values else None,
            tags=table.texts("tags"),
        )
        table.close()
        return target

    def _fee(self, table: Table) -> Fee:
        amount = table.text("amount")
        try:
            money = Decimal(amount)
        except InvalidOperation:
            table.problem(f'{amount!r} is not an amount such as "85.00"', key="amount")
            money = Decimal(0)
        fee = Fee(
            clause=self._clause(table),
            amount=money,
            currency=table.text("currency"),
            block_minutes=table.number("block_minutes"),
        )
        table.close()
        return fee

    def _rules(self, document: Table, stage: Stage) -> tuple[Rule, ...]:
        rules = tuple(self._rule(table, stage) for table in document.tables(stage.value))
        if stage is not Stage.ELIGIBILITY:
            document.close()
        return rules

    def _rule(self, table: Table, stage: Stage) -> Rule:
        classifies = stage is Stage.CLASSIFICATION
        rule = Rule(
            name=table.text("name"),
            stage=stage,
            clause=self._clause(table),
            when=_conditions(table),
            category=table.text("category") if classifies else None,
            tags=table.texts("tags"),
            hold=bool(table.flag("hold")) if stage is Stage.ELIGIBILITY else False,
            no_target=bool(table.flag("no_target")) if stage is Stage.ADJUSTMENTS else False,
            clocks=table.texts("clocks") if stage is Stage.ADJUSTMENTS else (),
            business_clock=table.text("business_clock", "") or None,
        )
        table.close()
        return rule

    def _clause(self, table: Table) -> str:
        clause = table.text("clause")
        if clause and clause not in self.clause_ids:
            table.problem(
                f"policy.md has no clause {clause}.", suggest(clause, self.clause_ids), key="clause"
            )
        return clause

    def _reading(self, table: Table) -> Reading:
        reading = Reading(
            id=table.text("id"),
            clauses=table.texts("clauses"),
            question=table.bilingual("question"),
            answer=table.bilingual("answer"),
            ruled_by=table.text("ruled_by"),
            ruled_on=table.day("ruled_on"),
            confirmed=bool(table.flag("confirmed")),
            rules=table.texts("rules"),
        )
        for clause in set(reading.clauses) - self.clause_ids:
            table.problem(f"policy.md has no clause {clause}.", key="clauses")
        table.close()
        return reading

    def _cross_check(
        self,
        targets: tuple[PolicyTarget, ...],
        rules: tuple[Rule, ...],
        readings: tuple[Reading, ...],
    ) -> None:
        """What only shows when all files are side by side."""
        names = {target.name for target in targets}
        for rule in rules:
            where = f"{rule.stage}[{rule.name}]"
            wanted = [rule.category.partition(".")[0]] if rule.category else []
            for name in {*wanted, *rule.clocks} - names:
                self._note(rule.stage, where, f"there is no target {name!r}.", suggest(name, names))
        addresses = [rule.address for rule in rules]
        for address in {each for each in addresses if addresses.count(each) > 1}:
            self._note(address.partition("/")[0], address, "two rules have this name.")
        last = [rule for rule in rules if rule.stage is Stage.CLASSIFICATION][-1:]
        if not last or last[0].when != Conditions():
            self._note("classification", "", "the last rule must have no conditions.")
        known = {*addresses, "business_hours", "targets", "fee", *(f"targets/{n}" for n in names)}
        for reading in readings:
            for address in set(reading.rules) - known:
                hint = suggest(address, known)
                self.problems.append(
                    Problem("readings.toml", reading.id, f"there is no rule {address!r}.", hint)
                )

    def _note(self, stage: str, where: str, what: str, suggestion: str = "") -> None:
        file = "support.toml" if stage == Stage.ELIGIBILITY else f"{stage}.toml"
        self.problems.append(Problem(file, where, what, suggestion))


def _headings(markdown: str) -> dict[str, tuple[str, bool]]:
    """Clause id → (title, whether its text leaves it to people or to the texts)."""
    found: dict[str, tuple[str, bool]] = {}
    current = ""
    for line in markdown.splitlines():
        if heading := _HEADING.match(line):
            current = heading["id"]
            found[current] = (heading["title"].strip(), False)
        elif current and line.startswith(_LEFT):
            found[current] = (found[current][0], True)
    return found


def _spans(table: Table, day: str) -> list[tuple[str, str]]:
    """``["09:00-12:00", "13:00-17:00"]`` as pairs of texts; Schedule judges the times."""
    pairs = []
    for text in table.texts(day):
        opening, dash, closing = text.partition("-")
        if not dash:
            table.problem(f'{text!r} is not a span such as "09:00-17:00"', key=day)
            continue
        pairs.append((opening.strip(), closing.strip()))
    return pairs


def _holiday_rules(table: Table) -> HolidayRules:
    rules = HolidayRules(
        country=table.text("country", ""),
        region=table.text("region", ""),
        easter=table.text("easter", "good_friday"),
        observed=bool(table.flag("observed", default=True)),
    )
    table.close()
    return rules


def _dates(document: Table, key: str) -> frozenset[date]:
    document.asked.add(key)
    value = document.values.get(key, [])
    dates = value if isinstance(value, list) else []
    if not isinstance(value, list) or any(
        isinstance(day, datetime) or not hasattr(day, "toordinal") for day in dates
    ):
        document.problem("must be a list of dates such as [2026-12-24]", key=key)
    return frozenset(dates)


def _expected(table: Table, text: str) -> Target:
    """``4 hours``, ``8 business hours`` or ``5 business days`` as a target."""
    found = _EXPECTED.match(text)
    if not found:
        table.problem(
            f'{text!r} is not a time such as "1 hour", "4 business hours" or "5 business days"',
            key="expected",
        )
        return Target(kind=Kind.ELAPSED, amount=1)
    amount, unit = int(found["n"]), found["unit"]
    if not found["business"]:
        return Target(kind=Kind.ELAPSED, amount=amount * _SECONDS[unit])
    if unit == "day":
        return Target.business_days(amount)
    return Target(kind=Kind.BUSINESS, amount=amount * _SECONDS[unit])


def _conditions(table: Table) -> Conditions:
    return Conditions(
        all_of=table.texts("all"),
        any_of=table.texts("any"),
        none_of=table.texts("none"),
        category=table.texts("categories"),
        category_not=table.texts("not_categories"),
        channel=table.choices("channels", Channel),
        department=table.texts("departments"),
        language=table.texts("languages"),
        standing=table.choices("standings", Standing),
        business_hours=table.flag("business_hours", default=None)
        if "business_hours" in table.values
        else None,
    )
