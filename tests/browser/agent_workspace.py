"""A made-up agent workspace: Zendesk's page around ours, a real browser, a real server."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, sync_playwright
from tests.webhooks.zendesk_account import SUBDOMAIN, Account, token
from werkzeug.serving import make_server

from support_policy.core.load import load
from support_policy.settings import policy_folder
from support_policy.store.store import Store

WORKSPACE = f"https://{SUBDOMAIN}.zendesk.com"
FRAMEWORK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # The workspace is a public address to the browser and our server one of this machine.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
)

# What Zendesk does: a form in its page POSTs the token into the frame of the app.
OUTSIDE = """<!doctype html><html lang="en"><title>Ticket</title>
<style>body {{ margin: 0 }} iframe {{ display: block; border: 0 }}</style>
<iframe name="app" title="App" src="about:blank" width="{width}" height="1200"></iframe>
<form method="post" target="app" action="{address}/zendesk/zendesk/sidebar?origin=x&amp;app_guid=y">
<input type="hidden" name="token" value="{token}"></form>
<script>document.forms[0].submit()</script></html>"""

# The part of Zendesk's framework that the page uses.
STUB = """window.ZAFClient = {{ init() {{
  const known = {known};
  return {{
    get: async (names) => Object.fromEntries(names.map((name) => [name, known[name]])),
    on: (name, act) => {{ (window.acts ||= {{}})[name] = act; }},
    invoke: async (...said) => {{ (window.invoked ||= []).push(said); }},
  }};
}} }};"""


@contextmanager
def running_browser() -> Iterator[Browser]:
    """One Chromium of the system, closed at the end."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert program, "these tests need Chromium: tools/system-packages installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serving(account: Account) -> Iterator[str]:
    """The account's edge on a port of this machine; its address."""
    server = make_server("127.0.0.1", 0, account.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def new_account(folder: Path) -> Iterator[Account]:
    """A desk under the packaged policy, with nothing decided yet."""
    store = Store.open(f"sqlite:///{folder}/store.db")
    store.migrate()
    try:
        yield Account(store=store, policy=load(policy_folder("mexxus", folder)))
    finally:
        store.close()


@dataclass(kw_only=True)
class Workspace:
    """One agent at work."""

    context: BrowserContext
    account: Account
    address: str
    locale: str = "en-US"
    width: int = 320
    framework: bool = True
    complaints: list[str] = field(default_factory=list)

    def open(self, ticket: str = "7", outside: str = WORKSPACE) -> tuple[Page, Frame]:
        """Open a ticket; the page around ours, and ours once it has settled."""
        self.context.route(f"{outside}/**", self._outside)
        self.context.route("https://static.zdassets.com/**", lambda route: self._sdk(route, ticket))
        page = self.context.new_page()
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{outside}/agent/tickets/{ticket}")
        frame = page.frame(name="app")
        assert frame
        return page, frame

    def shown(self, ticket: str = "7") -> tuple[Page, Frame]:
        """Open a ticket of which something is told."""
        page, frame = self.open(ticket)
        frame.locator("#decided").wait_for(state="visible")
        return page, frame

    def _outside(self, route: Route) -> None:
        given = token(self.account.now)
        body = OUTSIDE.format(address=self.address, token=given, width=self.width)
        route.fulfill(content_type="text/html", body=body)

    def _sdk(self, route: Route, ticket: str) -> None:
        if route.request.url != FRAMEWORK or not self.framework:
            route.abort()
            return
        known = {"ticket.id": int(ticket), "currentUser.locale": self.locale}
        route.fulfill(content_type="text/javascript", body=STUB.format(known=json.dumps(known)))
