"""The sidebar, with the token that the account signs and the key that its API gives."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from tests.scenarios import zendesk_rig
from tests.scenarios.zendesk_rig import DESK, Rig, Rigs

from support_policy.errors import GoneError
from support_policy_webhooks.app import create_app
from support_policy_webhooks.server import sidebars

rigs = zendesk_rig.rigs

APP = "app_id = 900123\napp_installation_id = 900456"
PAGE = f"/zendesk/{DESK}/sidebar"


def browser(rig: Rig) -> FlaskClient:
    """An agent's browser, as far as it speaks to the running service."""
    return create_app(
        codecs={},
        accept=lambda _: True,
        ready=dict,
        now=lambda: datetime.now(UTC),
        max_body=100_000,
        sidebars=dict(sidebars(rig.service)),
    ).test_client()


def fetch_key(rig: Rig) -> None:
    """What `apply` does besides."""
    desk = rig.settings.desk(DESK)
    assert desk is not None
    assert desk.setup.app is not None
    desk.setup.app.fetch_key(rig.store.notebook(DESK))


def test_the_accounts_own_token_opens_the_page_and_the_page_shows_the_decision(rigs: Rigs) -> None:
    rig = rigs(desk=APP)
    rig.double.install_app(900123, 900456)
    number = rig.treated()
    fetch_key(rig)
    agent = browser(rig)
    token = rig.double.sidebar_token(ticket_id=number, agent=rig.double.agent)
    page = agent.post(f"{PAGE}?origin=x&app_guid=y", data={"token": token})
    assert page.status_code == 200
    session = re.findall(r'data-session="([^"]+)"', page.text)[0]
    told = agent.get(
        f"{PAGE}/tickets/{number}?locale=fr-CA", headers={"Authorization": f"Bearer {session}"}
    )
    assert told.json is not None
    assert told.json["decided"]
    assert told.json["title"] == "Haute"
    assert "non garanti" in told.json["expected"]


def test_before_the_key_is_fetched_nobody_makes_the_service_ask_for_it(rigs: Rigs) -> None:
    rig = rigs(desk=APP)
    rig.double.install_app(900123, 900456)
    agent, before = browser(rig), len(rig.double.requests)
    token = rig.double.sidebar_token(ticket_id=1, agent=rig.double.agent)
    assert agent.post(PAGE, data={"token": token}).status_code == 503
    assert len(rig.double.requests) == before


def test_another_installation_is_turned_away(rigs: Rigs) -> None:
    rig = rigs(desk=APP)
    rig.double.install_app(900123, 999)
    fetch_key(rig)
    token = rig.double.sidebar_token(ticket_id=1, agent=rig.double.agent)
    assert browser(rig).post(PAGE, data={"token": token}).status_code == 401


def test_an_app_that_is_not_there_is_told_to_the_admin(rigs: Rigs) -> None:
    rig = rigs(desk="app_id = 4")
    rig.double.install_app(900123, 900456)
    with pytest.raises(GoneError):
        fetch_key(rig)
