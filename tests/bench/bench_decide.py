"""What one decision costs: reading the words, applying the policy, working out the changes."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from support_policy.core.decide import decide
from support_policy.core.explain import explain
from support_policy.core.load import load
from support_policy.core.ticket import Standing, Ticket, TicketRef
from support_policy.core.update import changes
from support_policy.demo import story
from support_policy.reader import load_reader
from support_policy.settings import policy_folder
from support_policy.texts import load_texts

ROUNDS = 15


def ratios() -> dict[str, float]:
    """Milliseconds a ticket, and how many times the cost of reading the ticket's own JSON."""
    steps = _steps()
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name in random.sample(list(steps), len(steps)):
            times[name].append(_milliseconds(steps[name]))
    tickets = len(_tickets())
    each = {name: statistics.median(found) / tickets for name, found in times.items()}
    base = each.pop("json")
    return {
        **{f"{name}, ms a ticket": value for name, value in each.items()},
        **{f"{name}, times json.loads of the ticket": value / base for name, value in each.items()},
    }


def _steps() -> dict[str, Callable[[], object]]:
    folder = policy_folder("mexxus", Path())
    policy, reader, texts = load(folder), load_reader(folder), load_texts("en")
    now = datetime.now(UTC)
    tickets = _tickets()
    bodies = [json.dumps({"subject": each.subject, "body": each.body}) for each in tickets]
    read = [reader.read(subject=each.subject, body=each.body) for each in tickets]

    def whole() -> None:
        for ticket in tickets:
            facts = reader.read(subject=ticket.subject, body=ticket.body)
            decision = decide(policy, ticket, facts, Standing.REGISTERED, now)
            changes(ticket, decision, explain(decision, policy, texts))

    def decisions() -> None:
        for ticket, facts in zip(tickets, read, strict=True):
            decide(policy, ticket, facts, Standing.REGISTERED, now)

    def reading() -> None:
        for ticket in tickets:
            reader.read(subject=ticket.subject, body=ticket.body)

    def parsing() -> None:
        for body in bodies:
            json.loads(body)

    return {"read": reading, "decide": decisions, "read to update": whole, "json": parsing}


def _tickets() -> list[Ticket]:
    at = datetime(2026, 11, 23, 15, tzinfo=UTC)
    return [
        Ticket(
            ref=TicketRef(desk="bench", id=each.key),
            subject=each.subject,
            body=each.body[:2000],
            received_at=at,
        )
        for each in story.load("first_response").tickets
    ]


def _milliseconds(step: Callable[[], object]) -> float:
    begin = time.perf_counter()
    step()
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    """Print the table."""
    for name, value in ratios().items():
        print(f"{name:52} {value:10.3f}")


if __name__ == "__main__":
    main()
