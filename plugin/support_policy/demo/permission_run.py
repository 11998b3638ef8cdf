"""The story of a permission: asked, given for less, worked to its cap, refused for more, billed.

The customer and the agents act on the pages that people act on. Only the clock is moved on, so
that nobody has to wait for 75 minutes of work.
"""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from support_policy.demo.desk import child_environment, free_port
from support_policy.demo.permission_scene import DjangoScene, Scene, ZendeskScene
from support_policy.demo.signals import finish_stopping
from support_policy.demo.texts import text
from support_policy.demo.web_form import FormError, Page, Visitor

WORK: Final = "Régler les courriels du comptoir dans le logiciel de caisse."
MORE_WORK: Final = "Régler aussi les courriels de la cuisine."
NAME: Final = "Nadia Tremblay"
AGENT: Final = "Ana"
WORKED: Final = timedelta(minutes=75)
PATIENCE: Final = 60.0
POLL: Final = 0.2
CUSTOMER_PAGE: Final = re.compile(r"https?://[^\s\"<>)]+/permission/[\w-]+")
WORK_PAGE: Final = re.compile(r"https?://[^\s\"<>)]+/paid-help/[\w-]+")


Seen = TypeVar("Seen")


class StoryGoesOn(RuntimeError):  # noqa: N818 - what was waited for, not an error's name
    """What was waited for did not come."""


@dataclass(slots=True)
class Told:
    """What was seen, step by step."""

    console: Console
    steps: list[tuple[str, str, bool]] = field(default_factory=list)

    def see(self, step: str, seen: str, *, right: bool) -> None:
        """One more step."""
        self.steps.append((step, seen, right))
        mark = "[green]✓[/]" if right else "[red]✗[/]"
        self.console.print(f"{mark} {escape(step)}: {escape(seen)}")

    @property
    def right(self) -> bool:
        """Whether every step was as it must be."""
        return bool(self.steps) and all(right for _, _, right in self.steps)


def run_permission(
    console: Console,
    stack: ExitStack,
    folder: Path,
    *,
    desk: str,
    once: bool,
    export: Path | None,
) -> int:
    """Tell the story on one help desk; 0 when all came out as it must, 1 when not.

    The signed record is left in ``export``.
    """
    scene = _scene(desk, folder, once=once)
    stack.callback(scene.stop)
    stack.callback(finish_stopping)
    console.print(text("starting"))
    settings = scene.start()
    told = Told(console)
    out = export or folder / "permission.zip"
    try:
        _story(scene, told)
        _billed(scene, settings, told)
        _proved(scene, settings, told, out)
    except (StoryGoesOn, FormError) as error:
        told.see(text("permission.failed"), str(error), right=False)
    _show(console, told, out)
    if not once:
        _stay(console, scene)
    return 0 if told.right else 1


def _scene(desk: str, folder: Path, *, once: bool) -> Scene:
    port = free_port(0 if once else 8080)
    if desk == "zendesk":
        return ZendeskScene(folder, addon_port=port)
    token = secrets.token_urlsafe(32)
    return DjangoScene(folder, addon_port=port, desk_port=0 if once else 8000, token=token)


def _story(scene: Scene, told: Told) -> None:
    """Macro, request, fewer blocks, work to the cap, more asked, declined, ended."""
    customer, staff = Visitor(), Visitor()
    ticket = scene.open_ticket()
    told.see(text("permission.opened"), f"{ticket}", right=True)

    scene.ask(ticket, work=WORK, blocks=2)
    request = _wait(lambda: _found(scene.public(ticket), CUSTOMER_PAGE, 1), "the request")
    asked = scene.public(ticket)[-1]
    whole = "170,00" in asked and "$170.00 CDN (CAD)" in asked
    order = asked.find("Bonjour") < asked.find("Hello")
    _tagged(
        scene, ticket, "fee_requested", told, text("permission.requested"), right=whole and order
    )

    _answer(customer, request, choice="fewer", blocks="1")
    _wait(lambda: "fee_to_confirm" in scene.tags(ticket), "the answer on the ticket")
    receipt = scene.public(ticket)[-1]
    told.see(
        text("permission.accepted"),
        "1 / 2",
        right="$85.00 CDN (CAD)" in receipt and NAME in receipt,
    )

    work = _wait(lambda: _found(scene.private(ticket), WORK_PAGE, 1), "the page of the work")
    _press(staff, work, "confirm")
    _press(staff, work, "start")
    _tagged(scene, ticket, "fee_working", told, text("permission.started"))

    scene.move_clock(WORKED)
    _tagged(scene, ticket, "fee_capped", told, text("permission.capped"))
    _wait(lambda: any("STOP" in note for note in scene.private(ticket)), "the word to stop")
    told.see(text("permission.stopped"), "60 / 75 min", right=True)

    scene.ask(ticket, work=MORE_WORK, blocks=1)
    more = _wait(lambda: _found(scene.public(ticket), CUSTOMER_PAGE, 2), "the second request")
    told.see(text("permission.more"), "1", right=more != request)
    _answer(customer, more, choice="decline")
    _wait(lambda: "fee_requested" not in scene.tags(ticket), "the refusal on the ticket")
    told.see(text("permission.declined"), "0 / 1", right="fee_capped" in scene.tags(ticket))

    _press(staff, work, "complete")
    _tagged(scene, ticket, "fee_completed", told, text("permission.completed"))
    summary = scene.public(ticket)[-1]
    told.see(text("permission.summed"), "$85.00 CDN (CAD)", right="$85.00 CDN (CAD)" in summary)


def _billed(scene: Scene, settings: Path, told: Told) -> None:
    """Exactly what was permitted, once."""
    rows = scene.addon.call("billing", "export", settings=settings, depth=2).splitlines()
    names = rows[0].split(",")
    lines = [dict(zip(names, row.split(","), strict=False)) for row in rows[1:]]
    charges = [(line["blocks"], line["amount"], line["permitted_amount"]) for line in lines]
    told.see(text("permission.ready"), f"{charges}", right=charges == [("1", "85.00", "85.00")])
    request = lines[0]["request"]
    words = ("billing", "billed", request, "--reference", "INV-1")
    told.see(
        text("permission.billed"),
        scene.addon.call(*words, settings=settings, depth=2).strip(),
        right=True,
    )
    after = scene.addon.call("billing", "export", settings=settings, depth=2).splitlines()
    told.see(text("permission.once"), f"{len(after) - 1}", right=len(after) == 1)
    empty = scene.addon.call("billing", "exceptions", settings=settings, depth=2).strip()
    told.see(text("permission.exceptions"), empty, right=empty == "no exceptions")


def _proved(scene: Scene, settings: Path, told: Told, out: Path) -> None:
    """The packet holds elsewhere, and one changed byte of a record is found and named."""
    out.unlink(missing_ok=True)
    scene.addon.call("audit", "export", "--out", str(out), settings=settings, depth=2)
    keys = scene.addon.call("audit", "keys", settings=settings, depth=2)
    with tempfile.TemporaryDirectory() as elsewhere:
        place = Path(elsewhere)
        shutil.copy(out, place / "packet.zip")
        (place / "keys.json").write_text(keys, encoding="utf-8")
        said, code = _verify(place, "packet.zip", "--keys", "keys.json")
        told.see(text("permission.verified"), said, right=code == 0)
        said, code = _verify(place, "packet.zip")
        told.see(
            text("permission.unsigned"),
            said,
            right=code == 0 and "consistent, signer not checked" in said,
        )
        _change_a_byte(place / "packet.zip", place / "changed.zip")
        said, code = _verify(place, "changed.zip", "--keys", "keys.json")
        told.see(text("permission.changed"), said, right=code == 1 and "record 3" in said)


def _verify(place: Path, *words: str) -> tuple[str, int]:
    """As on another machine: nothing but the packet, the keys and the command."""
    done = subprocess.run(
        [sys.executable, "-m", "support_policy.cli", "verify", *words],
        env=child_environment() | {"HOME": str(place)},
        cwd=place,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return " ".join((done.stdout + done.stderr).split()), done.returncode


def _change_a_byte(packet: Path, changed: Path) -> None:
    """Change one byte in the middle of the third record."""
    with zipfile.ZipFile(packet) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == "records.jsonl":
                lines = bytes(content).splitlines(keepends=True)
                place = sum(map(len, lines[:2])) + len(lines[2]) // 2
                content[place] = ord("0") if content[place] != ord("0") else ord("1")
            new.writestr(name, bytes(content))


def _answer(visitor: Visitor, address: str, *, choice: str, blocks: str = "") -> None:
    """Answer as a customer: open, choose, look it over, confirm."""
    page = visitor.open(address)
    review = visitor.send(page.form("choice"), choice=choice, blocks=blocks)
    form = review.form("name", "mark")
    filled = {"name": NAME} | ({"sure": "yes"} if "sure" in form.names else {})
    visitor.send(form, **filled)


def _press(visitor: Visitor, address: str, act: str) -> Page:
    """Press a button on the page of the work."""
    page = visitor.open(address)
    form = next(
        (each for each in page.forms if each.action.partition("?")[0].endswith(f"/{act}")), None
    )
    if form is None:
        raise FormError(f"the page of the work offers no {act}")
    ticked = {"sure": "yes"} if "sure" in form.names else {}
    return visitor.send(form, agent=AGENT, **ticked)


def _found(texts: list[str], pattern: re.Pattern[str], number: int) -> str:
    """The address of this number in the texts, each counted once; empty while it is not there."""
    found = list(dict.fromkeys(each for said in texts for each in pattern.findall(said)))
    return found[number - 1] if len(found) >= number else ""


def _tagged(
    scene: Scene, ticket: int, tag: str, told: Told, step: str, *, right: bool = True
) -> None:
    _wait(lambda: tag in scene.tags(ticket), f"the tag {tag}")
    told.see(step, tag, right=right)


def _wait(look: Callable[[], Seen], what: str) -> Seen:
    """Look again and again until there is something to see."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if seen := look():
            return seen
        time.sleep(POLL)
    raise StoryGoesOn(f"{what} did not come within {PATIENCE:.0f} s")


def _show(console: Console, told: Told, out: Path) -> None:
    table = Table(title=text("permission.title"))
    for column in text("permission.columns").split("|"):
        table.add_column(column, overflow="fold")
    for step, seen, right in told.steps:
        row = (step, seen[:200], "✓" if right else "✗")
        table.add_row(*map(escape, row), style="" if right else "red")
    console.print(table)
    console.print(text("permission.packet", file=escape(str(out))))


def _stay(console: Console, scene: Scene) -> None:
    console.print(text("stop"))
    try:
        while scene.addon.running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.print(text("stopping"))
