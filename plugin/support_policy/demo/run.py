"""Runs the demo: a real help desk, the add-on, a story of tickets, and a table of what was set."""

from __future__ import annotations

import secrets
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import requests
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from support_policy.demo import story as stories
from support_policy.demo.addon import AddOn
from support_policy.demo.customer import Customer, CustomerError, Request
from support_policy.demo.desk import Desk, DeskError, free_port
from support_policy.demo.outcome import Outcome, is_decided, outcome
from support_policy.demo.permission_run import run_permission
from support_policy.demo.signals import finish_stopping, stopping_on_signals
from support_policy.demo.texts import text
from support_policy.demo.zendesk_run import run_zendesk

DESK_PORT: Final = 8000
ADD_ON_PORT: Final = 8080
GIVE_UP_SECONDS: Final = 15.0  # two are allowed; waiting longer shows how late it was
POLL_SECONDS: Final = 0.05
PIPE_WIDTH: Final = 180


def run(
    *,
    desk: str,
    once: bool,
    folder: Path | None,
    story: str = "first_response",
    export: Path | None = None,
) -> int:
    """Run the demo in `folder` (None: a temporary one, removed at the end).

    Returns 0 when every ticket is as written by hand, 1 when not, 2 when it could not run. Without
    `once` it stays up until Ctrl-C.
    """
    console = Console(width=None if Console().is_terminal else PIPE_WIDTH, highlight=False)
    try:
        with stopping_on_signals(), ExitStack() as stack:
            place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            if place.exists() and any(place.iterdir()):
                console.print(text("not_empty", folder=escape(str(place))))
                return 2
            if story == "permission":
                return run_permission(console, stack, place, desk=desk, once=once, export=export)
            show = run_zendesk if desk == "zendesk" else _run
            return show(console, stack, place, stories.load(story), once=once)
    except KeyboardInterrupt:
        console.print(text("stopping"))
        return 130
    except (DeskError, CustomerError, stories.StoryError, requests.RequestException) as error:
        console.print(f"[red]{text('failed')}[/] {escape(str(error))}")
        return 2


def _run(
    console: Console, stack: ExitStack, folder: Path, story: stories.Story, *, once: bool
) -> int:
    console.print(text("starting"))
    port = free_port(0 if once else ADD_ON_PORT)
    addon = AddOn(folder / "add-on", port=port, token=secrets.token_urlsafe(32))
    desk = _desk(folder / "help-desk", 0 if once else DESK_PORT, addon.webhook_url)
    stack.callback(desk.stop)
    stack.callback(addon.stop)
    stack.callback(finish_stopping)
    desk.prepare()
    desk.start()
    addon.start(addon.configure(desk, story.accounts))
    outcomes = _tell(console, desk, story)
    _show(console, outcomes)
    _show_addresses(console, desk, addon)
    if not once:
        _wait(console, desk, addon)
    return 1 if any(seen.differences for seen in outcomes) else 0


def _desk(folder: Path, port: int, webhook_url: str) -> Desk:
    try:
        return Desk(folder, port=port, webhook_urls=(webhook_url,))
    except OSError:  # somebody has the usual port
        return Desk(folder, port=0, webhook_urls=(webhook_url,))


def _tell(console: Console, desk: Desk, story: stories.Story) -> tuple[Outcome, ...]:
    """Open every ticket, wait for its decision, and read them all again at the end."""
    opened: list[tuple[stories.StoryTicket, int, float]] = []
    tickets = track(
        story.tickets,
        description=text("opening"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with Customer(desk) as customer:
        for ticket in tickets:
            number = customer.open(ticket.via, _request(ticket))
            opened.append((ticket, number, _seconds_until_decided(desk, number)))
    # The last look comes late, so that a second write would be seen.
    return tuple(
        outcome(ticket, desk.ticket(number), took=took, desk_url=desk.url)
        for ticket, number, took in opened
    )


def _request(ticket: stories.StoryTicket) -> Request:
    return Request(
        queue=ticket.queue,
        requester=ticket.requester,
        language=ticket.language,
        subject=ticket.subject,
        body=ticket.body,
        priority=ticket.priority,
    )


def _seconds_until_decided(desk: Desk, number: int) -> float:
    answered = time.monotonic()
    while (passed := time.monotonic() - answered) < GIVE_UP_SECONDS:
        if is_decided(desk.ticket(number)):
            return time.monotonic() - answered
        time.sleep(POLL_SECONDS)
    return passed


def _show(console: Console, outcomes: tuple[Outcome, ...]) -> None:
    table = Table(title=text("title", count=len(outcomes)), show_lines=console.is_terminal)
    *columns, seconds = text("columns").split("|")
    for column in columns:
        table.add_column(column, overflow="fold")
    table.add_column(seconds, justify="right")
    priorities = text("priorities").split("|")
    for seen in outcomes:
        due = seen.due.astimezone(stories.ZONE) if seen.due else None
        table.add_row(
            f"[link={seen.page}]{seen.number}[/link]",
            seen.wanted.via,
            escape(seen.wanted.subject),
            priorities[seen.priority - 1],
            f"{due:%Y-%m-%d %H:%M:%S}" if due else text("none"),
            " ".join(seen.tags),
            escape(_short(seen.reason)),
            f"{seen.took:.2f}",
            style="red" if seen.differences else "",
        )
    console.print(table)
    _show_verdict(console, outcomes)


def _show_verdict(console: Console, outcomes: tuple[Outcome, ...]) -> None:
    wrong = [seen for seen in outcomes if seen.differences]
    slowest = max(seen.took for seen in outcomes)
    if not wrong:
        console.print(f"[green]{text('right', count=len(outcomes), slowest=slowest)}[/]")
        return
    console.print(f"[red]{text('wrong', count=len(wrong), all=len(outcomes))}[/]")
    for seen in wrong:
        for difference in seen.differences:
            console.print(f"  {seen.number} {seen.wanted.key}: {escape(difference)}")


def _show_addresses(console: Console, desk: Desk, addon: AddOn) -> None:
    agent = desk.agent
    console.print(f"{text('desk')}: {desk.url}/tickets/")
    console.print(f"{text('login')}: {agent.name}, {text('password')}: {agent.password}")
    console.print(f"{text('addon')}: {addon.url}/readyz")


def _wait(console: Console, desk: Desk, addon: AddOn) -> None:
    """Stay until Ctrl-C, or until one of the two has ended by itself."""
    console.print(text("stop"))
    try:
        while desk.running and addon.running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.print(text("stopping"))
        return
    name, log = (text("addon"), addon.log) if desk.running else (text("desk"), desk.log)
    raise DeskError(text("died", name=name) + "\n" + log.read_text(errors="replace")[-2000:])


def _short(reason: str, length: int = 260) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= length else line[: length - 1] + "…"
