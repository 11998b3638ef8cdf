"""The tests beside a policy: tickets with what the policy must say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable

from support_policy.core.decide import decide
from support_policy.core.decision import Decision
from support_policy.core.document import Table, parse
from support_policy.core.facts import Reader
from support_policy.core.notation import either
from support_policy.core.policy import Policy
from support_policy.core.schedule import COUNTED
from support_policy.core.ticket import Author, Channel, Requester, Standing, Ticket, TicketRef
from support_policy.errors import Problem

FILE = "support_test.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a test expects; what it does not name it does not judge."""

    category: str | None
    due_at: datetime | None
    held: bool | None
    tags: tuple[str, ...]
    tags_absent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTest:
    """One ticket, who sent it, and what is expected."""

    name: str
    ticket: Ticket
    standing: Standing
    expect: Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a test went: the decision, and every way in which it is not what was expected."""

    test: PolicyTest
    decision: Decision
    differences: tuple[str, ...]


def load_tests(
    folder: Traversable, problems: list[Problem], *, received: datetime
) -> tuple[PolicyTest, ...]:
    """The tests of a policy folder; mistakes in them go to ``problems``.

    A test that names no ``received`` was received at the given moment, whose zone is the company's.
    """
    try:
        text = folder.joinpath(FILE).read_text(encoding="utf-8")
    except OSError:
        problems.append(Problem(FILE, "", "is missing: a policy has tests beside it."))
        return ()
    except UnicodeDecodeError as error:
        problems.append(Problem(FILE, "", f"cannot be read: {error}."))
        return ()
    document = parse(text, file=FILE, problems=problems)
    tests = tuple(_test(table, received) for table in document.tables("tests"))
    document.close()
    return tests


def run(test: PolicyTest, policy: Policy, reader: Reader) -> Result:
    """Decide a test's ticket and compare."""
    ticket = test.ticket
    facts = reader.read(
        subject=ticket.subject, body=ticket.body, language=ticket.requester.language
    )
    decision = decide(policy, ticket, facts, test.standing, ticket.received_at)
    return Result(test=test, decision=decision, differences=tuple(_differences(test, decision)))


def _test(table: Table, received: datetime) -> PolicyTest:
    expect = table.table("expect")
    test = PolicyTest(
        name=table.text("name"),
        ticket=Ticket(
            ref=TicketRef(desk="test", id="1"),
            subject=table.text("subject", ""),
            body=table.text("body", ""),
            received_at=_moment(table, "received", received) or received,
            channel=table.choice("channel", Channel, Channel.WEB) or Channel.WEB,
            requester=Requester(language=table.text("language", "") or None),
            opened_by=Author.REQUESTER,
            department=table.text("department", "") or None,
            logged_in=either(table, "logged_in"),
        ),
        standing=table.choice("standing", Standing, Standing.REGISTERED) or Standing.REGISTERED,
        expect=Expectation(
            category=expect.text("category", "") or None,
            due_at=_moment(expect, "due", received),
            held=either(expect, "held"),
            tags=expect.texts("tags"),
            tags_absent=expect.texts("tags_absent"),
        ),
    )
    expect.close()
    table.close()
    return test


def _moment(table: Table, key: str, zoned: datetime) -> datetime | None:
    """A moment; without an offset it is on the wall clock of the company."""
    table.asked.add(key)
    value = table.values.get(key)
    if value is not None and not isinstance(value, datetime):
        table.problem("must be a moment such as 2026-11-23T10:00:00", key=key)
        return None
    if value is not None and value.year not in COUNTED:
        table.problem(f"must be in the years {COUNTED[0]} to {COUNTED[-1]}", key=key)
        return None
    return value.replace(tzinfo=zoned.tzinfo) if value and value.tzinfo is None else value


def _differences(test: PolicyTest, decision: Decision) -> list[str]:
    expect = test.expect
    found = []
    if expect.category and decision.category != expect.category:
        found.append(f"category is {decision.category}, expected {expect.category}")
    if expect.due_at and decision.due_at != expect.due_at:
        found.append(f"expected time is {decision.due_at}, expected {expect.due_at}")
    if expect.held is not None and decision.held is not expect.held:
        found.append("is held" if decision.held else "is not held")
    found += [f"lacks the tag {tag}" for tag in expect.tags if tag not in decision.tags]
    found += [f"has the tag {tag}" for tag in expect.tags_absent if tag in decision.tags]
    return found
