"""What opens an answer is kept nowhere, is the same after a restart, and is nobody else's."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from tests.permissions.rig import HOUR, MINUTE, PUBLIC_URL, Rig, closing

from support_policy.core.permission.job import Phase
from support_policy.core.ticket import TicketRef
from support_policy.errors import UnavailableError, UnknownLinkError
from support_policy.permissions.billing import charges
from support_policy.permissions.links import ALPHABET, Links, new_request, token_hash
from support_policy.store.ledger import EraseRefusedError, Ledger

REQUEST = "PH-ABCDEFGH"


def links(first: int) -> Links:
    return Links(secret=bytes([first]) * 32, public_url=PUBLIC_URL)


def on_disk(folder: Path) -> bytes:
    """Every byte of the database and its journals."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("store.db*")))


def test_no_token_and_no_code_is_anywhere_in_the_database(
    rig: Rig, ref: TicketRef, tmp_path: Path
) -> None:
    token, code = rig.asks(ref), rig.code(ref)
    staff = rig.work_token(ref)
    rig.mails(ref, f"Is {code} the code? And {PUBLIC_URL}/permission/{token} the page?")
    rig.passes(36 * HOUR)
    rig.answers(token, 1)
    rig.work.confirm(staff, agent="Ana")
    rig.worked(ref, MINUTE)
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    kept = on_disk(tmp_path)

    assert token_hash(token).encode() in kept, "the search would have found it"
    for secret in (token, staff, code):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept
        assert secret.encode().hex().encode() not in kept
    assert rig.keys.link_secret() not in kept
    assert rig.keys.link_secret().hex().encode() not in kept


def test_no_token_is_shown_by_the_objects_that_hold_it(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)
    secret = repr(rig.keys.link_secret())

    for holder in (rig.page, rig.work, rig.attendance, rig.links, rig.page.shown(token)):
        assert token not in repr(holder)
        assert secret not in repr(holder)
    for post in rig.desk.posts[ref.id]:
        assert token not in repr(post)


def test_links_are_the_same_after_a_restart(rig: Rig, ref: TicketRef) -> None:
    token, code, staff = rig.asks(ref), rig.code(ref), rig.work_token(ref)
    with closing(rig.restarted()) as again:
        assert again.page.shown(token).may_answer
        assert again.work.shown(staff).ticket == ref
        again.mails(ref, f"ACCEPT {code}", dmarc=None)

        assert again.phase(ref) is Phase.ACCEPTED
        assert again.told(ref).count("request") == 1


def test_what_was_not_posted_before_a_restart_is_posted_after_it(rig: Rig, ref: TicketRef) -> None:
    rig.presses_macro(ref)
    rig.desk.before_post = UnavailableError("down")
    assert not rig.tries()
    request = rig.request(ref).id
    rig.desk.before_post = None
    rig.now += MINUTE
    with closing(rig.restarted()) as again:
        again.settles()

        assert again.token(ref) == rig.links.customer_token(request)
        assert again.code(ref) == rig.links.code(request)
        assert again.kinds(ref) == ["requested"]


def test_another_secret_gives_other_links_and_opens_none(
    rig: Rig, ref: TicketRef, tmp_path: Path
) -> None:
    token = rig.asks(ref)
    request = rig.request(ref).id
    stranger = Rig(rig.url, tmp_path / "other-keys", desk=rig.desk)
    with closing(stranger):
        assert stranger.links.customer_token(request) != token
        assert stranger.links.code(request) != rig.code(ref)
        with pytest.raises(UnknownLinkError):
            stranger.page.shown(stranger.links.customer_token(request))


def test_a_token_has_256_bits_and_says_nothing(rig: Rig, ref: TicketRef) -> None:
    token = rig.asks(ref)

    assert re.fullmatch(r"[\w-]{43}", token)
    assert rig.request(ref).id.removeprefix("PH-") not in token


def test_every_secret_is_for_one_purpose_and_one_request() -> None:
    made = {
        make(request)
        for each in (links(1), links(2))
        for request in (REQUEST, "PH-ABCDEFGJ")
        for make in (each.customer_token, each.work_token, each.code, each.mark)
    }

    assert len(made) == 16


def test_a_code_is_made_of_what_nobody_mistakes() -> None:
    codes = [links(number % 256).code(f"PH-{number}") for number in range(500)]

    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01OIl") & set(ALPHABET)
    assert len(set(codes)) == len(codes)


def test_no_two_requests_have_one_id() -> None:
    assert len({new_request() for _ in range(5000)}) == 5000


def test_an_erased_ticket_still_folds(rig: Rig, ref: TicketRef, tmp_path: Path) -> None:
    token = rig.asks(ref)
    rig.answers(token, 2)
    staff = rig.worked(ref, 61 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    told, (before,) = rig.told(ref), charges(rig.history(ref))
    assert rig.ledger.erase(ref, now=rig.now)
    (after,) = charges(rig.history(ref))

    assert rig.phase(ref) is Phase.COMPLETED
    assert (after.request, after.amount, after.blocks) == (before.request, before.amount, 2)
    assert (after.accepted_by, after.description) == ("", "")
    assert rig.page.shown(token).request.accepted_blocks == 2
    assert rig.work.shown(staff).phase is Phase.COMPLETED
    rig.attends(ref)
    assert rig.told(ref) == told, "nothing is said anew"
    assert b"Jeanne Roy" not in _live_rows(rig.ledger)


@pytest.mark.parametrize("until", ["asked", "accepted", "working"])
def test_nobody_is_erased_while_a_request_waits_or_work_goes_on(
    rig: Rig, ref: TicketRef, until: str
) -> None:
    token = rig.asks(ref)
    if until != "asked":
        rig.answers(token, 2)
    if until == "working":
        rig.work.start(rig.work_token(ref), agent="Ana")
        rig.settles()
    head = rig.ledger.head()
    with pytest.raises(EraseRefusedError):
        rig.ledger.erase(ref, now=rig.now)

    assert rig.ledger.head() == head
    assert rig.page.shown(token).texts["en"]


@pytest.mark.parametrize("end", ["declined", "completed"])
def test_a_ticket_that_is_erased_once_it_has_ended_stays_as_it_ended(
    rig: Rig, ref: TicketRef, end: str
) -> None:
    token = rig.asks(ref)
    rig.answers(token, None if end == "declined" else 2)
    if end == "completed":
        rig.work.complete(rig.work_token(ref), agent="Ana")
    rig.settles()
    phase, told = rig.phase(ref), rig.told(ref)
    rig.ledger.erase(ref, now=rig.now)
    rig.attends(ref)

    assert (rig.phase(ref), rig.told(ref)) == (phase, told)
    assert rig.page.shown(token).texts == {"en": "", "fr": ""}


def test_an_agent_whose_name_was_erased_at_work_can_still_stop(rig: Rig, ref: TicketRef) -> None:
    """Or time would be counted until the cap; to erase nothing while somebody works is as good."""
    staff = rig.permitted(ref)
    rig.work.start(staff, agent="Ana")
    rig.settles()
    with suppress(EraseRefusedError):
        rig.ledger.erase(ref, now=rig.now)
    rig.now += 5 * MINUTE
    rig.work.stop(staff, agent="Ana")
    rig.now += 5 * MINUTE

    assert rig.job(ref).running == ()
    assert rig.job(ref).used(rig.now) == 5 * MINUTE


def _live_rows(ledger: Ledger) -> bytes:
    last, _ = ledger.head()
    values = [each.value for each in ledger.kept(1, last)]
    return "\n".join([*ledger.lines(1, last), *values]).encode()
