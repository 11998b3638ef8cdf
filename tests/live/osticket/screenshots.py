"""Draws the pictures of docs/osticket.md anew: ``python -m tests.live.osticket.screenshots``.

It needs the variables of the live tests; the queue is prettier on a fresh osTicket. Names of
pictures, such as ``osticket-ticket``, draw only those.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page
from tests.browser.agent_workspace import running_browser
from tests.guards.tree import DOCS
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import Desk, missing
from tests.live.osticket.service import Service

from support_policy.demo import story

WIDTH, HEIGHT = 1200, 1000
SHOWN = ("outage-nine-domains", "certificat-expire", "vps-price", "joomla-gabarit", "name-servers")
QUEUE = "Support policy: by due date"
SHOWN_ADDRESS = "https://policy.example.com/webhooks/osticket"


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
    """One picture, from the top of a page."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content="img.avatar { display: none }")  # they come from another site
    file = DOCS / "images" / f"{name}.png"
    page.evaluate("window.scrollTo(0, 0)")  # osTicket goes to the newest entry by itself
    page.wait_for_timeout(500)
    if name == "osticket-plugin":
        page.get_by_placeholder("https://policy.example.com").fill(SHOWN_ADDRESS)
        page.locator("input[value=allow_private]").uncheck()
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": height}
    page.screenshot(path=file, full_page=True, clip=clip)
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
    with folder, service, running_browser() as browser:
        desk.configure(service.url)
        opened = [desk.by_api(each) for each in requests_shown()]
        for each in opened:
            desk.decided(each, seconds=30)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        log_in(page, desk)
        form = desk.admin.instance().url
        pictures = (
            ("osticket-ticket", f"{desk.url}/scp/tickets.php?id={opened[0].id}", 1310),
            ("osticket-queue", f"{desk.url}/{desk.agent.queues()[QUEUE]}", 560),
            ("osticket-plugin", form, 1190),
        )
        chosen = sys.argv[1:] or [name for name, *_ in pictures]
        for name, address, height in pictures:
            if name not in chosen:
                continue
            sys.stdout.write(f"{draw(page, address, name, height=height)}\n")


if __name__ == "__main__":
    main()
