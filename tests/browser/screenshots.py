"""Draws docs/images anew: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page
from tests.browser.agent_workspace import Workspace, new_account, running_browser, serving
from tests.browser.answer_page import press, reading
from tests.guards.tree import DOCS
from tests.webhooks.paid_help_desk import new_desk
from tests.webhooks.zendesk_account import Account

from support_policy.reader import load_reader
from support_policy.settings import policy_folder

WIDTH = 340
SUBJECT = "Site hors ligne"
BODY = "Bonjour, notre site boutique.example est hors ligne depuis ce matin. Merci de nous aider."


def decide(account: Account) -> None:
    """What the packaged policy says of the ticket in the picture."""
    reader = load_reader(policy_folder("mexxus", Path()))
    account.decide(facts=reader.read(subject=SUBJECT, body=BODY), received_at=datetime.now(UTC))


def draw(browser: Browser, account: Account, address: str, locale: str) -> Path:
    """One picture, of what an agent of this language sees."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 1300}, device_scale_factor=2)
    workspace = Workspace(
        context=context, account=account, address=address, locale=locale, width=WIDTH
    )
    _, frame = workspace.shown()
    file = DOCS / "images" / f"sidebar-{locale}.png"
    file.parent.mkdir(exist_ok=True)
    frame.locator("#page").screenshot(path=file)
    context.close()
    return file


def taken(page: Page, name: str) -> Path:
    """A picture of a whole page of ours."""
    file = DOCS / "images" / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    return file


def draw_paid_help(browser: Browser, folder: Path) -> Iterator[Path]:
    """What a customer sees on the way to an answer, and staff at work."""
    with new_desk(folder) as desk, reading(browser, desk) as reader:
        desk.ask(2)
        page = reader.open()
        yield taken(page, "permission-request")
        page.locator("[name=choice][value=all]").check()
        press(page.get_by_role("button", name="Continue"))
        yield taken(page, "permission-review")
        page.locator("#name").fill("Jo Tremblay")
        page.locator("#sure").check()
        press(page.locator(".buttons button"))
        yield taken(page, "permission-receipt")
        desk.attend()
        desk.work.start(desk.work_page.rpartition("/")[2], agent="Ana Roy")
        desk.later(minutes=112)
        yield taken(reader.open(desk.work_page), "paid-help")


def main() -> None:
    """The sidebar in both languages, and the pages about paid help."""
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        for file in draw_paid_help(browser, Path(folder)):
            sys.stdout.write(f"{file}\n")
    with (
        tempfile.TemporaryDirectory() as folder,
        new_account(Path(folder)) as account,
        serving(account) as address,
        running_browser() as browser,
    ):
        decide(account)
        for locale in ("en", "fr"):
            sys.stdout.write(f"{draw(browser, account, address, locale)}\n")


if __name__ == "__main__":
    main()
