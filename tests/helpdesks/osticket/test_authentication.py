"""What a mail server says of a mail's sender, and who may say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_policy.helpdesks.osticket.authentication import passed_dmarc, sender_of

TRUSTED = "mx.example.ca"
GOOD = "dmarc=pass (p=reject sp=none dis=none) header.from=w.example"


def headers(*results: str, sender: str = "Dana <dana@w.example>") -> list[tuple[str, str]]:
    return [("From", sender), *(("Authentication-Results", each) for each in results)]


@pytest.mark.parametrize(
    "results",
    [
        f"{TRUSTED}; {GOOD}",
        f"{TRUSTED}; spf=fail smtp.mailfrom=x.example; {GOOD}; dkim=none",
        "MX.Example.CA 1; DMARC = pass header.from=W.example",
        f'"{TRUSTED}"; dmarc/1=pass header.from="w.example"',
        f"{TRUSTED} (mail (in) ; dmarc=fail); {GOOD};",
    ],
)
def test_a_pass_for_the_senders_domain_by_the_trusted_server_is_one(results: str) -> None:
    assert passed_dmarc(headers(results), trusted=TRUSTED) is True


@pytest.mark.parametrize(
    "results",
    [
        f"{TRUSTED}; dmarc=fail header.from=w.example",
        f"{TRUSTED}; dmarc=pass header.from=evil.example",
        f"{TRUSTED}; dmarc=pass header.from=mail.w.example",
        f"{TRUSTED}; dmarc=pass",
        f"{TRUSTED}; {GOOD}; dmarc=fail header.from=w.example",
        f"{TRUSTED}; dmarc=bestguesspass header.from=w.example",
        f"{TRUSTED}; dmarc=pass header.from=w.example.evil.example",
    ],
)
def test_what_is_not_a_pass_for_that_domain_is_none(results: str) -> None:
    assert passed_dmarc(headers(results), trusted=TRUSTED) is False


@pytest.mark.parametrize(
    "results",
    [
        (),
        (f"evil.example; {GOOD}",),
        (f"{TRUSTED}.evil.example; {GOOD}",),
        (f"{TRUSTED}; spf=pass; dkim=pass header.d=w.example",),
        (f"{TRUSTED}; none",),
        (f"{TRUSTED}; dmarc=none header.from=w.example",),
        (f"{TRUSTED}; dmarc=temperror header.from=w.example",),
        (f"({TRUSTED}); {GOOD}",),
        (f"{TRUSTED}; x=({GOOD})",),
        ("",),
    ],
)
def test_what_the_trusted_server_does_not_say_is_not_known(results: tuple[str, ...]) -> None:
    assert passed_dmarc(headers(*results), trusted=TRUSTED) is None


@pytest.mark.parametrize(
    "written",
    [
        f'spf=pass smtp.mailfrom="; {GOOD}; "@evil.example',
        f'dkim=fail reason="x\\"; {GOOD}"',
        f'dkim=fail reason="; {GOOD}',
        f"spf=fail (from (a); {GOOD}",
        f"spf=fail (from \\); {GOOD})",
        f'spf=fail ("); {GOOD};") ',
    ],
)
def test_what_a_sender_had_quoted_is_no_result(written: str) -> None:
    """Servers quote the sender's own words, marks and all."""
    assert passed_dmarc(headers(f"{TRUSTED}; {written}"), trusted=TRUSTED) is not True


def test_only_the_topmost_of_the_trusted_server_counts() -> None:
    """Whoever sends a mail can write the name below, but not above what the server adds."""
    forged, real = f"{TRUSTED}; {GOOD}", f"{TRUSTED}; dmarc=fail header.from=w.example"
    assert passed_dmarc(headers(real, forged), trusted=TRUSTED) is False
    assert passed_dmarc(headers(f"{TRUSTED}; spf=pass", forged), trusted=TRUSTED) is None
    assert passed_dmarc(headers("inner.example; arc=pass", forged), trusted=TRUSTED) is True


def test_nobody_is_trusted_where_the_admin_names_nobody() -> None:
    assert passed_dmarc(headers(f"{TRUSTED}; {GOOD}"), trusted="") is None
    assert passed_dmarc(headers(f"; {GOOD}"), trusted="") is None


def test_a_mail_from_several_or_nobody_is_from_nobody() -> None:
    """DMARC judges one sender; which of two would be up to whoever reads."""
    results = ("Authentication-Results", f"{TRUSTED}; {GOOD}")
    one, other = ("From", "dana@w.example"), ("From", "eve@evil.example")
    assert passed_dmarc([results, one, other], trusted=TRUSTED) is False
    assert passed_dmarc([results], trusted=TRUSTED) is False
    assert sender_of([one, other]) is None


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("dana@w.example", "dana@w.example"),
        ("=?utf-8?q?Dan=C3=A9?= <dana@w.example>", "dana@w.example"),
        ('"eve@evil.example" <dana@w.example>', "dana@w.example"),
        ("Dana", None),
        ("", None),
        ("<@w.example:dana@w.example@evil.example>", None),
    ],
)
def test_the_sender_is_the_address_and_not_the_name(value: str, address: str | None) -> None:
    assert sender_of([("From", value)]) == address


@given(st.lists(st.text(alphabet='mx.exaplc;=() dr-sfvheo"\\/1', max_size=80), max_size=4))
def test_no_header_breaks_the_reading(results: list[str]) -> None:
    assert passed_dmarc(headers(*results), trusted=TRUSTED) in (True, False, None)


@given(st.text(max_size=60))
def test_nothing_passes_that_names_another_server(text: str) -> None:
    assert passed_dmarc(headers(f"evil.example; {text}; {GOOD}"), trusted=TRUSTED) is None
