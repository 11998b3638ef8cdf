"""A customer's questions on a real desk, and what can be seen of their decisions."""

from __future__ import annotations

import time

import requests

from support_policy.demo.addon import AddOn
from support_policy.demo.customer import Request
from support_policy.demo.desk import Desk

ACCOUNTS = "address,account,reseller\npat@bakery.example,bakery,\n"


def question(number: int) -> Request:
    return Request(
        queue="Support",
        requester="pat@bakery.example",
        language="en",
        subject=f"Question {number}",
        body="What are the addresses of your name servers, please?",
        priority=3,
    )


def decided(desk: Desk, ticket: int) -> bool:
    """The fields are set and the note, which is written last, is there."""
    return bool(desk.ticket(ticket)["custom_policy_class"]) and private_notes(desk, ticket) > 0


def private_notes(desk: Desk, ticket: int) -> int:
    return sum(not each["public"] for each in desk.ticket(ticket)["followup_set"])


def wait_until_decided(desk: Desk, tickets: list[int], *, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while waiting := [ticket for ticket in tickets if not decided(desk, ticket)]:
        assert time.monotonic() < until, f"tickets {waiting} were never decided"
        time.sleep(0.2)


def wait_until_ready(addon: AddOn) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            if requests.get(f"{addon.url}/readyz", timeout=1).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError("the service is not ready")
