"""From nothing to observing, and what stays when the plugin goes: all through the pages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator

import pytest
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import REMOVE, Desk
from tests.live.osticket.hundred import PLANS
from tests.live.osticket.service import DESK, Service
from tests.live.osticket.web import Form

QUESTION = Request(
    subject="How do I add a mailbox?",
    body="Where do I add a mailbox, please?",
    sender="office@whitlockprint.example",
)
QUEUE = "Support policy: by due date"
FIELDS = ("Policy class", "Policy expected time", "Policy reason", "Policy state", "Policy tags")
PRICE = re.compile(r"\d+ ?[$€]|[$€] ?\d+|CAD|\b85\b")


@pytest.fixture
def again(desk: Desk) -> Iterator[Desk]:
    """A help desk whose plugin is back in the end, whatever becomes of it."""
    yield desk
    if desk.admin.plugin() is None:
        desk.admin.install()


@pytest.fixture
def whole(desk: Desk) -> Iterator[Desk]:
    """A help desk that has all of the plugin's files in the end."""
    yield desk
    desk.copy_plugin()


def delete_instance(desk: Desk) -> None:
    """Delete the plugin's instance from its list, and leave the plugin."""
    form = desk.admin.instance()
    address, _, instance = form.url.partition("&xid=")
    desk.admin.get(address.removeprefix(f"{desk.url}/"))
    values = [("do", "instances-actions"), ("a", "delete"), ("ids[]", instance)]
    desk.admin.save(Form(address, values, {}, {}))


def test_observing_writes_nothing_and_keeps_every_decision(desk: Desk, service: Service) -> None:
    desk.configure(service.url, mode="Observe")
    opened = [desk.by_web(QUESTION), desk.by_api(QUESTION), desk.by_agent(QUESTION)]
    desk.drain()
    for each in opened:
        seen = desk.see(each)
        assert (seen["Priority"], seen["SLA Plan"]) == ("Normal", "Default SLA")
        assert (seen.notes, seen.ours) == ((), ())
        told = desk.routes.ticket(each.number)
        assert (told["tags"], told["fields"] or {}, told["decided_at"]) == ([], {}, None)
        shown = service.run("decisions", "--json", "--ticket", f"{DESK}:{each.number}")
        [record] = [json.loads(line) for line in shown.stdout.splitlines()]
        assert record["decision"]["category"] == "low.general_question"


def test_the_plugin_makes_what_it_needs(desk: Desk, service: Service) -> None:
    assert set(PLANS.values()) <= set(desk.admin.plans())
    assert QUEUE in desk.agent.queues()
    status = desk.routes.status()
    for what in ("fields", "columns", "plans"):
        assert all(status[what].values()), status[what]
    assert status["queue"] is True
    titles = desk.admin.canned()
    assert "Please contact the company that sold you your hosting" in titles
    assert "S'adresser à l'entreprise qui a vendu l'hébergement" in titles


def test_no_canned_response_names_a_price(desk: Desk, service: Service) -> None:
    for address in desk.admin.canned_pages():
        text = desk.admin.form(address, "#content form").values
        body = next(value for name, value in text if name == "response")
        assert not PRICE.search(body), body
        assert "guarantee" not in body.replace("not guaranteed", "")


def test_saving_the_form_again_makes_nothing_twice(desk: Desk, service: Service) -> None:
    before = (desk.admin.plan_rows(), desk.admin.canned(), desk.agent.queues())
    desk.configure(service.url)
    desk.configure(service.url)
    desk.admin.disable()
    desk.admin.enable()
    assert (desk.admin.plan_rows(), desk.admin.canned(), desk.agent.queues()) == before


def test_the_queues_of_osticket_still_show_tickets(desk: Desk, service: Service) -> None:
    """New fields without their columns in the data view would empty them."""
    opened = desk.by_api(QUESTION)
    desk.decided(opened)
    assert opened.id in dict(desk.agent.queue("scp/tickets.php?queue=1&p=1&sort=qs-6&dir=0"))


@pytest.mark.parametrize(
    "lost",
    [
        "config.php",
        "data/setup.json",
        "lib",
        *(f"lib/SupportPolicy/{name}.php" for name in ("SendAction", "Text", "Hooks", "Trouble")),
    ],
)
def test_half_copied_files_do_not_take_the_desk_down(
    whole: Desk, service: Service, lost: str
) -> None:
    desk = whole
    file = desk.files / "include" / "plugins" / "support_policy" / lost
    if file.is_dir():
        shutil.rmtree(file)
    else:
        file.unlink()
    desk.by_web(QUESTION)
    desk.see(desk.by_api(QUESTION))
    desk.agent.edit(desk.by_agent(QUESTION).id)
    desk.programs.cron()
    assert desk.admin.plugin() is not None
    desk.copy_plugin()
    assert desk.decided(desk.by_api(QUESTION))["priority"] == "low"


def test_a_due_date_that_an_edit_took_away_meanwhile_comes_back(
    again: Desk, service: Service
) -> None:
    desk = again
    opened = desk.by_api(QUESTION)
    desk.decided(opened)
    due = desk.see(opened)["Due Date"]
    desk.admin.uninstall()
    desk.agent.edit(opened.id)
    assert desk.see(opened).rows.get("Due Date") != due
    desk.admin.install()
    assert desk.see(opened)["Due Date"] == due
    desk.configure(service.url)
    desk.admin.disable()
    desk.agent.edit(opened.id)
    assert desk.see(opened).rows.get("Due Date") != due
    desk.admin.enable()
    desk.programs.cron()
    assert desk.see(opened)["Due Date"] == due, "without a save as well"


def test_uninstalling_leaves_tickets_and_set_up_as_they_are(again: Desk, service: Service) -> None:
    desk = again
    opened = desk.by_api(QUESTION)
    desk.decided(opened)
    before = desk.see(opened)
    desk.admin.uninstall()
    assert desk.admin.plugin() is None
    assert desk.see(opened) == before
    assert set(PLANS.values()) <= set(desk.admin.plans())
    desk.by_api(QUESTION)
    desk.admin.install()
    desk.configure(service.url)
    assert desk.see(opened) == before
    assert desk.routes.ticket(opened.number)["decided_at"], "and it knows what it did"
    desk.programs.cron()
    assert desk.see(opened) == before


def test_uninstalling_removes_everything_when_asked(again: Desk, service: Service) -> None:
    desk = again
    opened = desk.by_api(QUESTION)
    desk.decided(opened)
    form = desk.admin.instance()
    form.tick(REMOVE)
    desk.admin.save(form)
    desk.admin.uninstall()
    seen = desk.see(opened)
    assert seen["Priority"] == "Low", "tickets keep what they have"
    assert not set(FIELDS) & set(seen.rows)
    assert not set(PLANS.values()) & set(desk.admin.plans())
    assert QUEUE not in desk.agent.queues()
    assert "Please contact the company that sold you your hosting" not in desk.admin.canned()
    after = desk.by_web(QUESTION)
    assert after.id in dict(desk.agent.queue("scp/tickets.php?queue=1&p=1&sort=qs-6&dir=0"))
    desk.agent.edit(opened.id)
    desk.programs.cron()
    desk.admin.install()
    desk.configure(service.url)
    assert service.run("doctor", "--desk", DESK).stdout.count("never ran") == 1, "cron, until now"
    assert desk.decided(desk.by_api(QUESTION))["priority"] == "low"


def test_the_wish_to_remove_everything_outlives_the_instance(again: Desk, service: Service) -> None:
    desk = again
    form = desk.admin.instance()
    form.tick(REMOVE)
    desk.admin.save(form)
    delete_instance(desk)
    assert QUEUE in desk.agent.queues(), "the plugin is still there"
    desk.admin.uninstall()
    assert QUEUE not in desk.agent.queues()
    assert not set(PLANS.values()) & set(desk.admin.plans())
