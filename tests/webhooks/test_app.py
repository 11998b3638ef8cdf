"""The HTTP edge: what is refused, what is kept, and what never stands in a log or an answer."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from support_policy.errors import DeliveryError, MalformedError, StaleError
from support_policy.helpdesk import Answers, Codec, Delivery
from support_policy.helpdesks.memory import MemoryCodec
from support_policy.store.database import StoreUnavailableError
from support_policy_webhooks.app import create_app

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TOKEN = "kQ3-a-secret-in-the-path"
MAX_BODY = 1000
BODY = {"ticket_id": "7"}


@dataclass
class Keeper:
    """Keeps deliveries in a list, unless it is told to fail."""

    kept: list[Delivery] = field(default_factory=list)
    failing: Exception | None = None

    def __call__(self, delivery: Delivery) -> bool:
        if self.failing:
            raise self.failing
        new = delivery.key not in {each.key for each in self.kept}
        if new:
            self.kept.append(delivery)
        return new


class BrokenCodec:
    """A codec with a mistake in it."""

    answers = Answers()

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery:
        raise ZeroDivisionError(f"{token} {body!r} {headers} {now}")


class StaleCodec:
    """A codec that finds every signature too old."""

    answers = Answers()

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery:
        del headers, body, token
        raise StaleError(f"the request was signed long before {now:%H:%M}")


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def ready() -> dict[str, object]:
    return {"owed": 3}


@pytest.fixture
def client(keeper: Keeper, ready: dict[str, object]) -> Iterator[FlaskClient]:
    def answer() -> Mapping[str, object]:
        if "failing" in ready:
            raise StoreUnavailableError(f"no room on /var/{TOKEN}")
        return ready

    codecs: dict[str, Codec] = {
        "desk": MemoryCodec(desk="desk", tokens=(TOKEN, "older")),
        "broken": BrokenCodec(),
        "stale": StaleCodec(),
    }
    app = create_app(codecs=codecs, accept=keeper, ready=answer, now=lambda: NOW, max_body=MAX_BODY)
    with app.test_client() as client:
        yield client


def post(
    client: FlaskClient, path: str = f"/webhooks/desk/{TOKEN}", **values: object
) -> TestResponse:
    return client.post(path, **(values or {"json": BODY}))  # type: ignore[arg-type]


# What is kept


def test_a_delivery_is_kept_and_then_answered(client: FlaskClient, keeper: Keeper) -> None:
    answer = post(client)
    assert (answer.status_code, answer.data) == (202, b"")
    [delivery] = keeper.kept
    assert (delivery.desk, delivery.ticket_id, delivery.received_at) == ("desk", "7", NOW)


def test_a_repeat_is_answered_well_and_is_not_new(client: FlaskClient, keeper: Keeper) -> None:
    post(client)
    answer = post(client, "/webhooks/desk/older", json=BODY)
    assert (answer.status_code, answer.data) == (200, b"")
    assert len(keeper.kept) == 1


def test_nothing_is_answered_before_the_delivery_is_kept(keeper: Keeper) -> None:
    order: list[str] = []

    def slow(delivery: Delivery) -> bool:
        order.append("kept")
        return keeper(delivery)

    app = create_app(
        codecs={"desk": MemoryCodec(desk="desk", tokens=(TOKEN,))},
        accept=slow,
        ready=dict,
        now=lambda: NOW,
        max_body=MAX_BODY,
    )
    environ = EnvironBuilder(path=f"/webhooks/desk/{TOKEN}", method="POST", json=BODY).get_environ()

    def start(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
        order.append(status)
        return io.BytesIO().write

    b"".join(app.wsgi_app(environ, start))
    assert order == ["kept", "202 ACCEPTED"]


# What is refused


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/desk",
        "/webhooks/desk/wrong",
        f"/webhooks/desk/{TOKEN}x",
        f"/webhooks/desk/{TOKEN[:-1]}",
        f"/webhooks/desk/{TOKEN.lower()}",
        "/webhooks/desk/%00",
        "/webhooks/desk/%ED%A0%80",
        "/webhooks/desk/%FF",
        "/webhooks/desk/é",
    ],
)
def test_a_wrong_or_missing_token_is_401_and_nothing_is_kept(
    client: FlaskClient, keeper: Keeper, path: str
) -> None:
    answer = post(client, path, json=BODY)
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["error"]
    assert keeper.kept == []


def test_a_stale_request_is_401(client: FlaskClient) -> None:
    assert post(client, "/webhooks/stale", json=BODY).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"ticket_id": 7}', b"{}", b"[" * 900],
)
def test_a_malformed_body_is_400_with_a_reason_and_nothing_is_kept(
    client: FlaskClient, keeper: Keeper, body: bytes
) -> None:
    answer = post(client, data=body)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]
    assert keeper.kept == []


def test_a_delivery_that_no_store_can_keep_is_400(client: FlaskClient, keeper: Keeper) -> None:
    keeper.failing = MalformedError("the key of the event is longer than 500 characters")
    assert post(client).status_code == 400


@pytest.mark.parametrize(
    "path", [f"/webhooks/nobody/{TOKEN}", "/webhooks/nobody", f"/webhooks/DESK/{TOKEN}"]
)
def test_an_unknown_desk_is_404(client: FlaskClient, keeper: Keeper, path: str) -> None:
    answer = post(client, path, json=BODY)
    assert answer.status_code == 404
    assert answer.json is not None
    assert keeper.kept == []


@pytest.mark.parametrize("path", ["/", "/webhooks/", f"/webhooks/desk/{TOKEN}/more", "/admin"])
def test_an_unknown_address_is_404_in_json(client: FlaskClient, path: str) -> None:
    answer = post(client, path, json=BODY)
    assert answer.status_code == 404
    assert answer.json == {"error": "not found"}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD"])
def test_another_method_is_405_and_nothing_is_kept(
    client: FlaskClient, keeper: Keeper, method: str
) -> None:
    answer = client.open(f"/webhooks/desk/{TOKEN}", method=method, json=BODY)
    assert answer.status_code == 405
    assert keeper.kept == []


# The size of a body


class NoReading(io.RawIOBase):
    """A body that must not be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("the body was read")


class Endless(io.RawIOBase):
    """A body that never ends; counts what was taken of it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        buffer[:] = b"x" * len(buffer)
        self.taken += len(buffer)
        assert self.taken < 100 * MAX_BODY, "it was read on and on"
        return len(buffer)


def test_a_body_that_says_it_is_too_big_is_413_before_a_byte_is_read(
    client: FlaskClient, keeper: Keeper
) -> None:
    answer = client.post(
        f"/webhooks/desk/{TOKEN}",
        environ_overrides={"wsgi.input": NoReading(), "CONTENT_LENGTH": str(MAX_BODY + 1)},
    )
    assert answer.status_code == 413
    assert answer.json is not None
    assert keeper.kept == []


def test_a_chunked_body_is_413_as_soon_as_it_is_too_big(
    client: FlaskClient, keeper: Keeper
) -> None:
    stream = Endless()
    answer = client.post(
        f"/webhooks/desk/{TOKEN}",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={
            "wsgi.input": stream,
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": "",
        },
    )
    assert answer.status_code == 413
    assert stream.taken <= 100 * MAX_BODY
    assert keeper.kept == []


def test_a_chunked_body_of_a_usual_size_is_kept(client: FlaskClient, keeper: Keeper) -> None:
    answer = client.post(
        f"/webhooks/desk/{TOKEN}",
        input_stream=io.BytesIO(json.dumps(BODY).encode()),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 202
    assert len(keeper.kept) == 1


def test_a_body_of_exactly_the_limit_is_read(client: FlaskClient, keeper: Keeper) -> None:
    body = json.dumps(BODY).encode().ljust(MAX_BODY)
    assert post(client, data=body).status_code == 202
    assert post(client, data=body + b" ").status_code == 413
    assert len(keeper.kept) == 1


@pytest.mark.parametrize("length", ["-1", "x", "1e3"])
def test_a_length_that_is_none_is_refused(client: FlaskClient, keeper: Keeper, length: str) -> None:
    answer = client.post(
        f"/webhooks/desk/{TOKEN}",
        input_stream=io.BytesIO(b"x" * 10 * MAX_BODY),
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert 400 <= answer.status_code < 500
    assert keeper.kept == []


# When we fail


def test_a_store_that_cannot_keep_is_503_so_that_the_sender_tries_again(
    client: FlaskClient, keeper: Keeper
) -> None:
    keeper.failing = StoreUnavailableError("disk full")
    answer = post(client)
    assert answer.status_code == 503
    assert answer.json is not None
    keeper.failing = None
    assert post(client).status_code == 202


@pytest.mark.parametrize("path", [f"/webhooks/broken/{TOKEN}", f"/webhooks/desk/{TOKEN}"])
def test_a_mistake_of_ours_makes_the_desk_send_again_and_tells_nothing(
    client: FlaskClient, keeper: Keeper, path: str
) -> None:
    keeper.failing = RuntimeError(f"{TOKEN} and a customer's words")
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = post(client, path, json=BODY)
    assert answer.status_code == 503
    assert answer.json == {"error": "internal server error"}


@pytest.mark.parametrize(
    ("path", "failing"),
    [
        (f"/webhooks/desk/{TOKEN}", None),
        (f"/webhooks/desk/{TOKEN}", StoreUnavailableError("disk full")),
        (f"/webhooks/desk/{TOKEN}", RuntimeError(f"broke on {TOKEN}")),
        (f"/webhooks/broken/{TOKEN}", None),
        (f"/webhooks/stale/{TOKEN}", None),
        (f"/webhooks/nobody/{TOKEN}", None),
        (f"/webhooks/desk/{TOKEN}/more", None),
        (f"/webhooks/desk/{TOKEN}x", None),
        (f"/elsewhere/{TOKEN}", None),
    ],
)
@pytest.mark.parametrize("body", [json.dumps(BODY).encode(), b"{ giraffe", b"giraffe" * 1000])
def test_tokens_and_bodies_stand_in_no_log_and_no_answer(
    client: FlaskClient,
    keeper: Keeper,
    caplog: pytest.LogCaptureFixture,
    path: str,
    failing: Exception | None,
    body: bytes,
) -> None:
    if failing:
        failing.__cause__ = RuntimeError(f"parameters: {TOKEN}")
    keeper.failing = failing
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.DEBUG):
        answers = [post(client, path, data=body), client.get(path), client.put(path)]
    for secret in (TOKEN, "giraffe"):
        assert secret not in caplog.text
        for answer in answers:
            assert secret not in answer.text
            assert secret not in str(answer.headers)


def test_a_refusal_is_logged_with_the_desk_and_the_reason(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        post(client, "/webhooks/desk/wrong", json=BODY)
    [record] = caplog.records
    assert "desk" in record.getMessage()
    assert record.levelno == logging.WARNING


def test_a_mistake_of_ours_is_logged_with_its_kind(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        post(client, f"/webhooks/broken/{TOKEN}", json=BODY)
    assert "ZeroDivisionError" in caplog.text


# Health


def test_the_process_says_that_it_lives(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True})


def test_ready_says_how_much_work_waits(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ok": True, "owed": 3})


def test_without_a_store_it_lives_but_is_not_ready(
    client: FlaskClient, ready: dict[str, object]
) -> None:
    ready["failing"] = True
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["ok"] is False
    assert TOKEN not in answer.text
    assert client.get("/healthz").status_code == 200


def test_no_answer_may_be_stored_on_the_way(client: FlaskClient) -> None:
    answers = [post(client), client.get("/readyz"), client.get("/nothing"), client.get("/healthz")]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_every_refusal_of_a_codec_has_a_status_of_the_senders_fault() -> None:
    assert {error.__name__ for error in DeliveryError.__subclasses__()} == {
        "SignatureError",
        "StaleError",
        "MalformedError",
    }
