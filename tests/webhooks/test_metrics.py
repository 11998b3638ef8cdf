"""Numbers for monitoring: from the store, without a ticket in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from support_policy.store.backlog import Tally
from support_policy.store.database import StoreUnavailableError
from support_policy_webhooks.app import create_app

NEWEST = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
NUMBERS = Tally(
    deliveries={
        ("front", "webhook", "done"): 180,
        ("front", "webhook", "waiting"): 2,
        ("front", "sweep", "done"): 17,
        ("front", "sweep", "waiting"): 1,
        ("back", "webhook", "done"): 5,
    },
    not_kept={"front": 3},
    newest={"front": NEWEST},
    paid_help={"front": 4},
)


def client(tally: Tally | Exception) -> FlaskClient:
    def answer() -> Tally:
        if isinstance(tally, Exception):
            raise tally
        return tally

    return create_app(
        codecs={},
        accept=lambda _: True,
        ready=dict,
        now=lambda: NEWEST,
        max_body=1000,
        tally=answer,
    ).test_client()


@pytest.mark.parametrize(
    "line",
    [
        'support_policy_deliveries{desk="front",origin="webhook",state="done"} 180.0',
        'support_policy_deliveries{desk="front",origin="sweep",state="waiting"} 1.0',
        'support_policy_lost_webhooks{desk="front"} 18.0',
        'support_policy_lost_webhooks{desk="back"} 0.0',
        'support_policy_not_kept{desk="front"} 3.0',
        'support_policy_paid_help{desk="front"} 4.0',
        'support_policy_newest_delivery_timestamp_seconds{desk="front"} 1.7955324e+09',
    ],
)
def test_each_number_is_told_with_its_labels(line: str) -> None:
    answer = client(NUMBERS).get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    assert line in answer.text.splitlines()


def test_an_empty_store_has_names_and_no_numbers() -> None:
    answer = client(Tally(deliveries={}, not_kept={}, newest={}, paid_help={})).get("/metrics")
    lines = answer.text.splitlines()
    assert lines
    assert all(line.startswith("# ") for line in lines)


def test_a_store_that_does_not_answer_is_503() -> None:
    answer = client(StoreUnavailableError("disk full on /var/secret")).get("/metrics")
    assert answer.status_code == 503
    assert "secret" not in answer.text
