"""Secrets change while tickets come in, on either side first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from tests.live.osticket.customer import Request
from tests.live.osticket.desk import FORGET, PREVIOUS, PRIVATE, SECRET, URL, Desk
from tests.live.osticket.routes import new_secret
from tests.live.osticket.service import Service

QUESTION = Request(
    subject="How do I add a mailbox?",
    body="Where do I add a mailbox, please?",
    sender="office@whitlockprint.example",
)


@pytest.fixture
def rotating(desk: Desk, service: Service, accounts: str) -> Iterator[Service]:
    yield service
    serve(service, desk.secrets[:1], accounts)
    desk.configure(service.url, secrets=desk.secrets[:1])


def serve(service: Service, secrets: Sequence[str], accounts: str) -> None:
    """Give the service other secrets, which it reads when it starts."""
    service.stop()
    service.configure(secrets, accounts=accounts)
    service.start()


def decided(desk: Desk) -> None:
    """A ticket is decided, and the plugin's routes let the service in."""
    opened = desk.by_api(QUESTION)
    assert desk.decided(opened)["priority"] == "low"
    assert desk.routes.ping()["ok"] is True


def type_new(desk: Desk, secret: str) -> None:
    """Type a new secret into the plugin's form, as an admin does, and nothing else."""
    form = desk.admin.instance()
    form.fill(SECRET, secret)
    desk.admin.save(form)


@pytest.mark.parametrize("first", ["service", "plugin"])
def test_secrets_can_be_changed_on_either_side_first(
    desk: Desk, rotating: Service, accounts: str, first: str
) -> None:
    old, new = desk.secrets[0], new_secret()
    decided(desk)
    if first == "service":
        serve(rotating, [new, old], accounts)
        decided(desk)
        type_new(desk, new)
        desk.secrets = (new,)
    else:
        type_new(desk, new)
        decided(desk)
        serve(rotating, [new, old], accounts)
        desk.secrets = (new,)
    decided(desk)
    serve(rotating, [new], accounts)
    decided(desk)
    form = desk.admin.instance()
    form.tick(FORGET)
    desk.admin.save(form)
    decided(desk)
    desk.secrets = (old,)
    assert desk.routes.call("GET", "status.json").status_code == 401, "the old one is forgotten"
    desk.secrets = (new,)


def test_an_empty_field_keeps_the_secret(desk: Desk, service: Service) -> None:
    form = desk.admin.instance()
    assert form[form.name(SECRET)] == "", "the page does not tell it"
    assert form[form.name(PREVIOUS)] == ""
    desk.admin.save(form)
    decided(desk)


@pytest.mark.parametrize("secret", ["whsec_short", "a password", "whsec_" + "é" * 40, "whsec_"])
def test_what_is_no_secret_is_refused_in_words(desk: Desk, service: Service, secret: str) -> None:
    form = desk.admin.instance()
    form.fill(SECRET, secret)
    said = desk.admin.refused(form)
    assert "whsec_" in said
    assert len(secret) < 12 or secret not in said
    decided(desk)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("http://127.0.0.1:9/webhooks/osticket", False),
        ("http://10.1.2.3/webhooks/osticket", False),
        ("http://[::1]/webhooks/osticket", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("https://name:password@policy.example.com/webhooks/osticket", True),
        ("file:///etc/passwd", True),
        ("gopher://127.0.0.1:25/", True),
        ("policy.example.com", True),
    ],
)
def test_an_address_that_must_not_be_called_is_refused(
    desk: Desk, service: Service, address: str, *, private: bool
) -> None:
    form = desk.admin.instance()
    form.fill(URL, address)
    form.tick(PRIVATE, on=private)
    assert desk.admin.refused(form)
    decided(desk)
