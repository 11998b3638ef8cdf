"""A policy folder becomes a Policy, or the list of everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

from support_policy.core.business_hours import read_schedule
from support_policy.core.consistency import disagreements
from support_policy.core.document import Table, parse, suggest
from support_policy.core.notation import amount, conditions, expected, tags
from support_policy.core.policy import (
    MOST_BLOCKS,
    OPEN_HOURS,
    Clause,
    Fee,
    Policy,
    PolicyTarget,
    Reading,
    Rule,
    Stage,
)
from support_policy.core.schedule import COUNTED
from support_policy.core.ticket import Priority
from support_policy.errors import PolicyError, Problem

_HEADING = re.compile(r"^### (?P<id>[A-Z]\d+[a-z]?) · (?P<title>.+)$")
_LEFT = (
    "**Left to people.**",
    "**Carried out by the texts.**",
    "**Carried out by the service.**",
)
_NAME = re.compile(r"^[A-Za-z0-9._-]+$")
_LONGEST_OPEN = 720  # hours: thirty days, after which nobody remembers what was asked
_MOST_EVER = 40  # blocks: a working week, which is a project and no longer a ticket


def load(folder: Traversable) -> Policy:
    """Read a policy folder.

    Raises PolicyError with every problem, each with its file and address.
    """
    problems: list[Problem] = []
    policy = _Folder(folder=folder, problems=problems).policy()
    if problems or policy is None:
        raise PolicyError(tuple(problems))
    return policy


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The table ``[policy]``."""

    id: str
    version: str
    title: tuple[tuple[str, str], ...]
    effective_from: datetime
    clauses: tuple[str, ...]


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
        schedule = read_schedule(main.table("business_hours"), self._toml("closures.toml"))
        targets = tuple(self._target(name, t) for name, t in main.table("targets").named_tables())
        fee = self._fee(main.table("fee")) if "fee" in main.values else None
        eligibility = self._rules(main, Stage.ELIGIBILITY)
        classification = self._rules(self._toml("classification.toml"), Stage.CLASSIFICATION)
        adjustments = self._rules(self._toml("adjustments.toml"), Stage.ADJUSTMENTS)
        named = self._toml("terms/titles.toml")
        titles = tuple((fact, named.bilingual(fact)) for fact in named.values)
        readings = tuple(map(self._reading, self._toml("readings.toml").tables("readings")))
        head = self._head(main.table("policy"))
        main.asked |= {"fee"}
        main.close()
        rules = eligibility + classification + adjustments
        self.problems += disagreements(targets, rules, readings)
        if self.problems or schedule is None or head is None:
            return None
        return Policy(
            id=head.id,
            version=head.version,
            title=head.title,
            effective_from=head.effective_from.replace(tzinfo=ZoneInfo(schedule.time_zone)),
            inherent=head.clauses,
            schedule=schedule,
            clauses=clauses,
            readings=readings,
            targets=targets,
            eligibility=eligibility,
            classification=classification,
            adjustments=adjustments,
            fee=fee,
            fact_titles=titles,
        )

    def _head(self, table: Table) -> _Head | None:
        effective = table.values.get("effective_from")
        table.asked.add("effective_from")
        if not isinstance(effective, datetime) or effective.tzinfo is not None:
            table.problem(
                "must be a local date and time such as 2013-06-27T00:00:00", key="effective_from"
            )
        elif effective.year not in COUNTED:
            years = f"{COUNTED[0]} to {COUNTED[-1]}"
            table.problem(
                f"must be in the years {years}: time is counted in no other", key="effective_from"
            )
        inherent = self._clauses_of(table)
        names = {key: table.text(key) for key in ("id", "version")}
        for key, name in names.items():
            if name and not _NAME.match(name):  # they are part of the stamp of every note
                table.problem(
                    f"{name!r} may only have letters, digits, dots, dashes and underscores", key=key
                )
        title = table.bilingual("title")
        table.close()
        if not isinstance(effective, datetime):
            return None
        return _Head(
            id=names["id"],
            version=names["version"],
            title=title,
            effective_from=effective,
            clauses=inherent,
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
        texts = {name: self._read(name) for name in ("policy.md", "policy.fr.md")}
        english, french = map(_headings, texts.values())
        for name, text in texts.items():
            self.problems += (
                Problem(name, clause, "two clauses have this number.") for clause in _repeated(text)
            )
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

    def _target(self, name: str, table: Table) -> PolicyTarget:
        target = PolicyTarget(
            name=name,
            clause=self._clause(table),
            target=expected(table),
            title=table.bilingual("title"),
            priority=table.choice("priority", Priority) if "priority" in table.values else None,
            tags=tags(table),
            department=table.text("department", "") or None,
        )
        if target.priority is Priority.URGENT:
            table.problem("'urgent' is only ever set by people", key="priority")
        table.close()
        return target

    def _fee(self, table: Table) -> Fee:
        fee = Fee(
            clause=self._clause(table),
            amount=amount(table),
            currency=table.text("currency"),
            block_minutes=table.number("block_minutes"),
            open_hours=_within(table, "open_hours", OPEN_HOURS, _LONGEST_OPEN),
            most_blocks=_within(table, "most_blocks", MOST_BLOCKS, _MOST_EVER),
        )
        if "block_minutes" in table.values and fee.block_minutes < 1:
            table.problem("must be one or more", key="block_minutes")
        table.close()
        return fee

    def _rules(self, document: Table, stage: Stage) -> tuple[Rule, ...]:
        rules = tuple(self._rule(table, stage) for table in document.tables(stage.value))
        if stage is not Stage.ELIGIBILITY:
            document.close()
        return rules

    def _rule(self, table: Table, stage: Stage) -> Rule:
        classifies, adjusts = stage is Stage.CLASSIFICATION, stage is Stage.ADJUSTMENTS
        rule = Rule(
            name=table.text("name"),
            stage=stage,
            clause=self._clause(table),
            when=conditions(table, stage),
            category=table.text("category") if classifies else None,
            tags=tags(table),
            hold=bool(table.flag("hold")) if stage is Stage.ELIGIBILITY else False,
            no_target=bool(table.flag("no_target")) if adjusts else False,
            clocks=table.texts("clocks") if adjusts else (),
            business_clock=(table.text("business_clock", "") or None) if adjusts else None,
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

    def _clauses_of(self, table: Table) -> tuple[str, ...]:
        clauses = table.texts("clauses")
        for clause in clauses:
            if clause not in self.clause_ids:
                hint = suggest(clause, self.clause_ids)
                table.problem(f"policy.md has no clause {clause}.", hint, key="clauses")
        return clauses

    def _reading(self, table: Table) -> Reading:
        reading = Reading(
            id=table.text("id"),
            clauses=self._clauses_of(table),
            question=table.bilingual("question"),
            answer=table.bilingual("answer"),
            ruled_by=table.text("ruled_by"),
            ruled_on=table.day("ruled_on"),
            confirmed=bool(table.flag("confirmed")),
            rules=table.texts("rules"),
        )
        table.close()
        return reading


def _within(table: Table, key: str, default: int, most: int) -> int:
    """A whole number from one to ``most``."""
    number = table.number(key, default)
    if not 1 <= number <= most:
        table.problem(f"must be from 1 to {most}", key=key)
    return number


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


def _repeated(markdown: str) -> list[str]:
    ids = [found["id"] for line in markdown.splitlines() if (found := _HEADING.match(line))]
    return [id_ for id_ in dict.fromkeys(ids) if ids.count(id_) > 1]
