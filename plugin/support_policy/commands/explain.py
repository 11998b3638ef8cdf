"""``support-policy explain``"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from support_policy.commands.options import language_option, named_policy, policy_option
from support_policy.core.decide import decide
from support_policy.core.explain import due_steps, sentences
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.core.schedule import COUNTED
from support_policy.core.ticket import Channel, Requester, Standing, Ticket, TicketRef
from support_policy.reader import load_reader
from support_policy.system_clock import clock
from support_policy.texts import load_texts

Word = TypeVar("Word", bound=StrEnum)


@click.command("explain")
@click.argument("text", required=False)
@click.option("--subject", default="", help="The ticket's subject.")
@click.option("--body", default="", help="The ticket's text (or give it as TEXT, or in a file).")
@click.option(
    "--file",
    "source",
    type=click.File("r", encoding="utf-8"),
    help="Text, or a JSON object; - is stdin.",
)
@click.option(
    "--received", help="When it was received, such as 2026-11-23T10:00:00-05:00 (default: now)."
)
@click.option(
    "--channel",
    type=click.Choice([each.value for each in Channel]),
    default="web",
    show_default=True,
    help="How it came in.",
)
@click.option("--department", help="The policy's department, such as level_2.")
@click.option(
    "--standing",
    type=click.Choice([each.value for each in Standing]),
    default="registered",
    show_default=True,
    help="What the list of accounts says of the sender.",
)
@language_option
@policy_option
def command(
    text: str | None, source: Any, language: str, policy_name: str, **given: str | None
) -> None:
    """Say what the policy says of a ticket: the words that decided, the rule, the clause, why not
    something sooner, and how the expected time was counted. Nothing is written anywhere.
    """
    folder = named_policy(policy_name)
    policy = load(folder)
    if text is None and source is None and not (given["subject"] or given["body"]):
        source = None if sys.stdin.isatty() else sys.stdin
    values = {**given, **_read(text, source)}
    if not (values.get("subject") or values.get("body")):
        raise click.UsageError("give the ticket's words as TEXT, --subject, --body or --file")
    received = _received(values.get("received"), policy)
    ticket = Ticket(
        ref=TicketRef(desk="explain", id="1"),
        subject=values.get("subject") or "",
        body=values.get("body") or "",
        received_at=received,
        channel=_word(Channel, "channel", values.get("channel") or Channel.WEB),
        requester=Requester(language=values.get("language")),
        department=values.get("department"),
    )
    facts = load_reader(folder, policy).read(
        subject=ticket.subject, body=ticket.body, language=ticket.requester.language
    )
    standing = _word(Standing, "standing", values.get("standing") or Standing.REGISTERED)
    decision = decide(policy, ticket, facts, standing, clock())
    texts = load_texts(language)
    for line in (*sentences(decision, policy, texts), *due_steps(decision, policy, texts)):
        click.echo(line)


def _read(text: str | None, source: Any) -> dict[str, str]:
    """What a file or an argument says, over the options: JSON with a ticket's keys, or its text."""
    try:
        content = source.read() if source else text
    except UnicodeDecodeError:
        raise click.UsageError("the file is not a text in UTF-8") from None
    if not content:
        return {}
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {"body": content}
    if not isinstance(value, dict):
        return {"body": content}
    return {key: each for key, each in value.items() if isinstance(each, str)}


def _word(kind: type[Word], key: str, given: str) -> Word:
    """A word of a closed set; a file may hold any."""
    if given not in set(kind):
        words = ", ".join(each.value for each in kind)
        raise click.UsageError(f"{key}: {given!r} is not one of {words}")
    return kind(given)


def _received(text: str | None, policy: Policy) -> datetime:
    """The moment of receipt, if the policy can say anything of a ticket from then."""
    at = _moment(text, ZoneInfo(policy.schedule.time_zone))
    if at.year not in COUNTED:
        raise click.UsageError(f"time is counted in the years {COUNTED[0]} to {COUNTED[-1]} only")
    if at < policy.effective_from:
        raise click.UsageError(
            f"{at.isoformat()} is before the policy took effect on {policy.effective_from:%Y-%m-%d}"
        )
    return at


def _moment(text: str | None, zone: ZoneInfo) -> datetime:
    if not text:
        return clock().astimezone(zone)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            f"{text!r} is not a moment such as 2026-11-23T10:00:00-05:00"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
