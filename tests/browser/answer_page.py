"""A person with the link from a message: a real browser, with or without scripts, a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from tests.browser.agent_workspace import serving
from tests.webhooks.paid_help_desk import PaidHelpDesk

# The rules of WCAG 2.2 AA, and what axe's authors call good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(kw_only=True)
class Reader:
    """Somebody at a browser."""

    context: BrowserContext
    desk: PaidHelpDesk
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str | None = None, *, language: str = "") -> Page:
        """Open a page of ours: by default that of the newest request."""
        page = self.context.new_page()
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}{path or self.desk.page}{f'?lang={language}' * bool(language)}")
        return page


@contextmanager
def reading(browser: Browser, desk: PaidHelpDesk, *, scripts: bool = True) -> Iterator[Reader]:
    """Serve the desk's pages to a new reader."""
    with serving(desk) as address:  # type: ignore[arg-type]
        context = browser.new_context(
            viewport={"width": 800, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        yield Reader(context=context, desk=desk, address=address)
        context.close()


def press(button: Locator) -> None:
    """Press what leads to another page, and wait until that one is whole.

    A click comes back before the next page is there: what looks at once would see the last
    page, or none.
    """
    with button.page.expect_navigation():
        button.click()


def found_by_axe(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    results = Axe().run(page, options=options)
    return [
        f"{each['id']}: {each['help']} ({each['nodes'][0]['html'][:120]})"
        for each in results.response["violations"]
    ]


def overflowing(page: Page) -> bool:
    """Whether one has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
