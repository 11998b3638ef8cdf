"""``support-policy parse-reply``"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import click

from support_policy.commands.json_lines import finite, written
from support_policy.core.permission.reading import Answer, Verdict, read_answer

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,62}[A-Za-z0-9])?")
_UNREADABLE = Answer(verdict=Verdict.QUESTION, why="unreadable")


def _checked_code(context: click.Context, parameter: click.Parameter, value: str) -> str:
    del context, parameter
    if not _CODE.fullmatch(value.strip()):
        raise click.BadParameter("a code is up to 64 letters and digits, such as 7Q4K")
    return value.strip()


@click.command("parse-reply")
@click.option("--code", required=True, callback=_checked_code, help="The request's one-time code.")
@click.option("--asked", required=True, type=click.IntRange(min=1), help="Blocks asked for.")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
def command(code: str, asked: int, file: TextIO) -> None:
    """Read customers' answers to a permission request: JSON lines in, JSON lines out.

    Each line of FILE (standard input by default) is an object with id, text, content_type and
    headers; each answer has id, verdict and blocks, in the same order. Needs no settings.
    """
    out = sys.stdout
    try:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            reply = _parse(line)
            if reply is None:
                click.echo(f"line {number}: this is not a JSON object", err=True)
            answer = _UNREADABLE if reply is None else _read(reply, code=code, asked=asked)
            row = {"verdict": answer.verdict.value, "blocks": answer.blocks}
            out.write(written({"id": (reply or {}).get("id"), **row}) + "\n")
            out.flush()  # whoever asks line by line waits for each answer
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def _parse(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line, parse_constant=lambda _: None, parse_float=finite)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read(reply: Mapping[str, Any], *, code: str, asked: int) -> Answer:
    """A reply whose parts are of the wrong kind is a question: what they hid may matter."""
    text, kind, given = reply.get("text"), reply.get("content_type"), reply.get("headers")
    headers = _headers(given)
    if headers is None or not isinstance(text, str) or not isinstance(kind, str | None):
        return _UNREADABLE
    return read_answer(text=text, content_type=kind or "", headers=headers, code=code, asked=asked)


def _headers(given: object) -> dict[str, str] | None:
    """Headers by name, all values of one a line each; None for what cannot be headers."""
    headers: dict[str, list[str]] = {}
    if given is None:
        return {}
    if not isinstance(given, dict | list | str):
        return None
    for pair in _pairs(given):
        values = None if pair is None else _values(pair[1])
        if pair is None or values is None:
            return None
        headers.setdefault(pair[0].strip().lower(), []).extend(values)
    return {name: "\n".join(values) for name, values in headers.items()}


def _pairs(given: dict[str, Any] | list[Any] | str) -> Iterator[tuple[str, object] | None]:
    """Names with values, from an object, a list of pairs or objects, or a block of text."""
    if isinstance(given, dict):
        yield from given.items()
        return
    lines = re.sub(r"\r?\n[ \t]+", " ", given).splitlines() if isinstance(given, str) else given
    for each in lines:
        if isinstance(each, str):
            name, colon, value = each.partition(":")
            yield (name, value.strip()) if colon else None
        elif isinstance(each, list) and len(each) == 2 and isinstance(each[0], str):
            yield each[0], each[1]
        elif isinstance(each, dict):
            named = each.get("name")
            yield from [(named, each.get("value"))] if isinstance(named, str) else each.items()
        else:
            yield None


def _values(value: object) -> list[str] | None:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict | list) for each in values):
        return None
    return [str(each) for each in values if each is not None]
