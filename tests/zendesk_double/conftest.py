"""One running double, a caller with every right, and an endpoint for its webhooks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.zendesk_double.desk import Api, Receiver

from support_policy.demo.zendesk_double import ZendeskDouble


@pytest.fixture
def double() -> Iterator[ZendeskDouble]:
    with ZendeskDouble(speed=60.0, webhook_timeout=0.3) as running:
        yield running


@pytest.fixture
def api(double: ZendeskDouble) -> Api:
    return Api(double)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def number(double: ZendeskDouble) -> int:
    """A ticket of a customer."""
    requester = double.end_user("jo@customer.example", organization="Customer Inc.")
    return double.open_ticket(requester=requester, subject="Site down", body="Please help.")
