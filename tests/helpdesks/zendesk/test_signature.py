"""A webhook proves that Zendesk sent it, and just now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_policy.errors import DeliveryError, SignatureError, StaleError
from support_policy.helpdesks.zendesk.signature import SIGNATURE, TIMESTAMP, WINDOW, check, sign

# Zendesk's own secret for test calls before a webhook is made.
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
BODY = b'{\n  "event": "ticket.opened",\n  "ticket_id": "35436"\n}'
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
STAMP = "2026-11-24T15:00:00Z"
# By another tool: openssl dgst -sha256 -hmac "$SECRET" -binary | base64, of stamp and body.
BY_OPENSSL = "7ZGreWvpf8oI1Rml3rvg2miANvwj23Y1VPBOHW0dx9Q="

# The vector of the manual of 2021, whose order (body, then timestamp) is not the present one.
OLD_SECRET = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA="
OLD_STAMP, OLD_BODY = "2021-07-25T10:00:00Z", b'{"say": "hello"}'
OLD_SIGNATURE = "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw="


def headers(signature: str, stamp: str = STAMP) -> dict[str, str]:
    return {SIGNATURE: signature, TIMESTAMP: stamp}


def test_what_another_tool_signed_passes() -> None:
    check(headers(BY_OPENSSL), BODY, (SECRET,), now=NOW)


def test_the_order_of_body_then_timestamp_is_refused() -> None:
    at = datetime(2021, 7, 25, 10, 0, tzinfo=UTC)
    with pytest.raises(SignatureError):
        check(headers(OLD_SIGNATURE, OLD_STAMP), OLD_BODY, (OLD_SECRET,), now=at)
    check(
        headers(sign(OLD_SECRET, OLD_STAMP, OLD_BODY), OLD_STAMP), OLD_BODY, (OLD_SECRET,), now=at
    )


def test_the_secrets_own_letters_are_the_key_and_not_what_they_decode_to() -> None:
    assert sign("a", STAMP, BODY) != sign("b", STAMP, BODY)
    check(headers(sign("no base64 !", STAMP, b"")), b"", ("no base64 !",), now=NOW)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_of_several_secrets_passes_while_they_are_rotated(place: int) -> None:
    secrets = ("first", "second", "third")
    check(headers(sign(secrets[place], STAMP, BODY)), BODY, secrets, now=NOW)


@pytest.mark.parametrize("secrets", [(), ("other",), ("",)])
def test_a_signature_of_another_secret_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(SignatureError):
        check(headers(sign(SECRET, STAMP, BODY)), BODY, secrets, now=NOW)


@pytest.mark.parametrize("missing", [SIGNATURE, TIMESTAMP])
def test_a_request_without_either_header_is_refused(missing: str) -> None:
    given = headers(sign(SECRET, STAMP, BODY))
    del given[missing]
    with pytest.raises(SignatureError):
        check(given, BODY, (SECRET,), now=NOW)


@pytest.mark.parametrize("apart", [WINDOW, -WINDOW, timedelta(0)])
def test_a_request_within_five_minutes_passes_either_way(apart: timedelta) -> None:
    check(headers(sign(SECRET, STAMP, BODY)), BODY, (SECRET,), now=NOW + apart)


@pytest.mark.parametrize("apart", [timedelta(minutes=5, seconds=1), timedelta(days=-1)])
def test_a_request_of_another_time_is_stale(apart: timedelta) -> None:
    with pytest.raises(StaleError):
        check(headers(sign(SECRET, STAMP, BODY)), BODY, (SECRET,), now=NOW + apart)


@pytest.mark.parametrize(
    "stamp", ["yesterday", "2026-11-24T15:00:00", "1764000000", "0", "é\udcff"]
)
def test_a_timestamp_that_is_no_moment_is_stale_even_when_it_is_signed(stamp: str) -> None:
    with pytest.raises(StaleError):
        check(headers(sign(SECRET, stamp, BODY), stamp), BODY, (SECRET,), now=NOW)


@given(body=st.binary(max_size=200), other=st.binary(max_size=200))
def test_a_signature_holds_for_its_own_body_only(body: bytes, other: bytes) -> None:
    signed = headers(sign(SECRET, STAMP, body))
    check(signed, body, (SECRET,), now=NOW)
    if other != body:
        with pytest.raises(SignatureError):
            check(signed, other, (SECRET,), now=NOW)


@given(signature=st.text(max_size=80), stamp=st.text(max_size=40), body=st.binary(max_size=80))
def test_nothing_in_a_request_breaks_the_check(signature: str, stamp: str, body: bytes) -> None:
    with pytest.raises(DeliveryError):
        check(headers(signature, stamp), body, (SECRET,), now=NOW)
