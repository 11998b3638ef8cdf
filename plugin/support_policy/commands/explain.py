"""``support-policy explain``"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from support_policy.commands.options import language_option, named_policy, policy_option
from support_policy.core.decide import decide
from support_policy.core.explain import due_steps, sentences
from support_policy.core.load import load
from support_policy.core.ticket import Channel, Requester, Standing, Ticket, TicketRef
from support_policy.reader import load_reader
from support_policy.service import clock
from support_policy.texts import load_texts


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
    values = {**given, **_read(text, source)}
    received = _moment(values.get("received"), ZoneInfo(policy.schedule.time_zone))
    ticket = Ticket(
        ref=TicketRef(desk="explain", id="1"),
        subject=values.get("subject") or "",
        body=values.get("body") or "",
        received_at=received,
        channel=Channel(values.get("channel") or "web"),
        requester=Requester(language=values.get("language")),
        department=values.get("department"),
    )
    facts = load_reader(folder).read(
        subject=ticket.subject, body=ticket.body, language=ticket.requester.language
    )
    standing = Standing(values.get("standing") or "registered")
    decision = decide(policy, ticket, facts, standing, clock())
    texts = load_texts(language)
    for line in (*sentences(decision, policy, texts), *due_steps(decision, policy, texts)):
        click.echo(line)


def _read(text: str | None, source: Any) -> dict[str, str]:
    """What a file or an argument says, over the options: JSON with a ticket's keys, or its text."""
    content = source.read() if source else text
    if not content:
        return {}
    try:
        value = json.loads(content)
    except ValueError:
        return {"body": content}
    if not isinstance(value, dict):
        return {"body": content}
    return {key: each for key, each in value.items() if isinstance(each, str)}


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
