"""Draws the pictures of docs/osticket.md anew: ``python -m tests.live.osticket.screenshots``.

It needs the variables of the live tests, and a running service for its one ticket.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.guards.tree import DOCS
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import Desk, missing
from tests.live.osticket.service import Service

from support_policy.demo import story

WIDTH, HEIGHT = 1200, 1000
SHOWN = ("outage-nine-domains", "certificat-expire", "vps-price", "joomla-gabarit", "name-servers")
QUEUE = "Support policy: by due date"


def requests_shown() -> list[Request]:
    """A few tickets of the demo's story; the first is the one that is opened."""
    tickets = {each.key: each for each in story.load("first_response").tickets}
    return [
        Request(
            subject=it.subject,
            body=it.body.strip(),
            sender=it.requester,
            name=it.requester.partition("@")[0].title(),
        )
        for it in (tickets[key] for key in SHOWN)
    ]


def log_in(page: Page, desk: Desk) -> None:
    """As the admin, who is an agent too."""
    page.goto(f"{desk.url}/scp/login.php")
    page.fill("input[name=userid]", desk.login[0])
    page.fill("input[name=passwd]", desk.login[1])
    page.click("button[type=submit], input[type=submit]")
    page.wait_for_load_state("networkidle")


def draw(page: Page, address: str, name: str, *, height: int = HEIGHT) -> Path:
    """One picture of a page."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    file = DOCS / "images" / f"{name}.png"
    page.screenshot(path=file)
    return file


def main() -> None:
    """The ticket, the queue and the plugin's form."""
    if lacking := missing():
        raise SystemExit(f"not set: {', '.join(lacking)}")
    desk = Desk.from_environment()
    desk.install()
    folder = tempfile.TemporaryDirectory()
    service = Service(Path(folder.name), desk_url=desk.url, key=desk.key)
    service.configure(desk.secrets, accounts=story.load("first_response").accounts)
    with folder, service, sync_playwright() as playwright:
        desk.configure(service.url)
        opened = [desk.by_api(each) for each in requests_shown()]
        for each in opened:
            desk.decided(each, seconds=30)
        browser = playwright.chromium.launch()
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        log_in(page, desk)
        form = desk.admin.instance().url
        pictures = {
            "osticket-ticket": f"{desk.url}/scp/tickets.php?id={opened[0].id}",
            "osticket-queue": f"{desk.url}/{desk.agent.queues()[QUEUE]}",
            "osticket-plugin": form,
        }
        for name, address in pictures.items():
            sys.stdout.write(f"{draw(page, address, name)}\n")
        browser.close()


if __name__ == "__main__":
    main()
