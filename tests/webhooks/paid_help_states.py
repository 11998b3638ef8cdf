"""What people do on the pages, and the states that this brings a request into."""

from __future__ import annotations

from flask.testing import FlaskClient
from tests.webhooks.paid_help_desk import PaidHelpDesk
from tests.webhooks.paid_help_forms import Page, visit

NAME = "Jo Tremblay"


def chosen(client: FlaskClient, desk: PaidHelpDesk, choice: str, **typed: str) -> Page:
    """The page on which this choice is looked over."""
    page = visit(client, desk.page)
    return page.form(desk.page).send(client, choice=choice, **typed)


def answered(client: FlaskClient, desk: PaidHelpDesk, choice: str, **typed: str) -> Page:
    """The page after a choice was confirmed."""
    review = chosen(client, desk, choice, **typed)
    return review.form("/confirm").send(client, name=NAME, sure="yes")


def agents(desk: PaidHelpDesk, act: str, **values: str) -> None:
    token = desk.work_page.rpartition("/")[2]
    getattr(desk.work, act)(token, agent="Ana", **values)


def reach(desk: PaidHelpDesk, client: FlaskClient, state: str) -> None:
    """Bring the request into a state, as people and time do."""
    if state == "open":
        return
    if state in {"declined", "to_confirm"}:
        answered(client, desk, "decline" if state == "declined" else "fewer", blocks="1")
        return
    if state == "expired":
        desk.later(hours=73)
        desk.attend()
        return
    if state == "voided":
        agents(desk, "void")
        return
    answered(client, desk, "all")
    if state == "withdrawn":
        review = visit(client, desk.page).form("/withdraw").press(client)
        review.form("/withdraw").send(client, name=NAME, sure="yes")
    if state in {"working", "capped", "completed", "waived", "disputed"}:
        agents(desk, "start")
        desk.later(minutes=121 if state == "capped" else 61)
        desk.attend()
    if state in {"completed", "waived", "disputed"}:
        agents(desk, "complete")
    if state in {"waived", "disputed"}:
        agents(desk, "waive" if state == "waived" else "dispute", reason="Our own server.")


STATES = (
    *("open", "to_confirm", "accepted", "working", "capped", "completed", "waived", "disputed"),
    *("declined", "expired", "voided", "withdrawn"),
)
