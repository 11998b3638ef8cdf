"""``support-policy classify``"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import click

from support_policy.commands.json_lines import finite, written
from support_policy.commands.options import named_policy, policy_option
from support_policy.core.classification import Classified, classified
from support_policy.core.load import load
from support_policy.core.ticket import Channel
from support_policy.reader import load_reader


@click.command("classify")
@policy_option
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
def command(policy_name: str, file: TextIO) -> None:
    """Classify tickets: JSON lines in, JSON lines out, in the same order.

    Each line of FILE (standard input by default) is an object with id, subject, body, channel and
    perhaps language and requester. Eligibility is never applied. Needs no settings.
    """
    folder = named_policy(policy_name)
    policy = load(folder)
    reader = load_reader(folder, policy)
    out = sys.stdout
    try:
        for number, line in _lines(file):
            ticket = _parse(line)
            facts = reader.read(
                subject=_text(ticket, "subject"),
                body=_text(ticket, "body"),
                language=_text(ticket, "language") or None,
            )
            answer = classified(policy, facts, channel=_channel(ticket))
            out.write(written({"id": ticket.get("id", number), **_row(answer)}) + "\n")
        out.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def _lines(file: TextIO) -> Iterator[tuple[int, str]]:
    """The lines that hold something, by number; with a progress bar when a person watches."""
    numbered = ((number, line) for number, line in enumerate(file, start=1) if line.strip())
    if not sys.stderr.isatty() or file.isatty() or sys.stdout.isatty():
        yield from numbered
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(list(numbered), description="classify", console=Console(stderr=True))


def _parse(line: str) -> Mapping[str, Any]:
    """A line that is no JSON object is read as an empty ticket: one line in, one line out."""
    try:
        value = json.loads(line, parse_constant=lambda _: None, parse_float=finite)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(ticket: Mapping[str, Any], key: str) -> str:
    value = ticket.get(key)
    return value if isinstance(value, str) else ""


def _channel(ticket: Mapping[str, Any]) -> Channel:
    word = _text(ticket, "channel")
    return Channel(word) if word in set(Channel) else Channel.OTHER


def _row(answer: Classified) -> dict[str, Any]:
    return {
        "category": answer.category,
        "priority": answer.category.partition(".")[0],
        "flags": answer.flags,
        "evidence": [
            {"field": fact.field, "quote": fact.quote, "fact": fact.name} for fact in answer.words
        ],
    }
