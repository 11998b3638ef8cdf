"""What a billing system is handed: each charge once, and only what is ready at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import responses
from requests import PreparedRequest
from tests.permissions.rig import MINUTE, Rig

from support_policy.core.permission.acts import Actor
from support_policy.core.ticket import TicketRef
from support_policy.errors import ConsentError, UnavailableError
from support_policy.permissions.billing import Charge, charges, exceptions
from support_policy.permissions.push import Handed, push
from support_policy.store.database import StoreUnavailableError

CLERK = Actor(channel="staff", proof="shell", name="billing")
URL = "https://billing.example.ca/charges"

Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def billing() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def completed(rig: Rig, number: str = "7") -> str:
    """Permitted, worked and ended; the token of the work."""
    ref = rig.opens(number)
    staff = rig.permitted(ref, blocks=2)
    rig.worked(ref, 61 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    rig.settles()
    return staff


def the_charge(rig: Rig, number: str = "7") -> Charge:
    (charge,) = charges(rig.history(TicketRef(desk="desk", id=number)))
    return charge


def pushing(rig: Rig) -> Iterator[Handed]:
    return push(rig.work, url=URL, token="secret", by=CLERK)


def meanwhile(act: Callable[[], object], reference: str = "W-1") -> Callable[..., Answer]:
    """A billing system that takes its time: somebody acts before it has answered."""

    def answer(_: PreparedRequest) -> Answer:
        act()
        return 200, {}, f'{{"reference": "{reference}"}}'

    return answer


def test_a_charge_is_pushed_with_its_id_as_the_key_and_noted(
    rig: Rig, billing: responses.RequestsMock
) -> None:
    completed(rig)
    charge = the_charge(rig)
    expected = [
        responses.matchers.json_params_matcher(charge.as_dict()),
        responses.matchers.header_matcher(
            {"Idempotency-Key": charge.request, "Authorization": "Bearer secret"}
        ),
    ]
    billing.post(URL, json={"reference": "W-17"}, match=expected)

    assert list(pushing(rig)) == [Handed(charge=charge, reference="W-17")]
    assert charge.as_dict()["amount"] == "170.00"
    assert (the_charge(rig).standing, the_charge(rig).reference) == ("billed", "W-17")
    assert list(pushing(rig)) == []


def test_no_other_log_in_takes_the_place_of_the_token(
    rig: Rig, billing: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed(rig)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine billing.example.ca login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    billing.post(URL, json={"reference": "W-17"})
    list(pushing(rig))

    assert billing.calls[0].request.headers["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    "answer", [{"json": {}}, {"body": ""}, {"status": 201, "body": ""}, {"status": 204}]
)
def test_without_a_reference_the_request_is_the_reference(
    rig: Rig, billing: responses.RequestsMock, answer: dict[str, object]
) -> None:
    completed(rig)
    billing.post(URL, **answer)  # type: ignore[arg-type]

    assert [each.reference for each in pushing(rig)] == [the_charge(rig).request]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 401},
        {"status": 302, "headers": {"Location": "https://evil.example/"}},
        {"body": "<html>Please log in.</html>"},
        {"json": [1, 2]},
        {"json": {"reference": 77}},
        {"json": {"reference": ""}},
    ],
)
def test_what_was_not_taken_is_not_billed_and_the_others_go_on(
    rig: Rig, billing: responses.RequestsMock, answer: dict[str, object]
) -> None:
    for number in "678":
        completed(rig, number)
    billing.post(URL, json={"reference": "W-1"})
    billing.post(URL, **answer)  # type: ignore[arg-type]
    billing.post(URL, json={"reference": "W-3"})
    handed = list(pushing(rig))

    assert [each.well for each in handed] == [True, False, True]
    assert "secret" not in handed[1].refused
    assert [the_charge(rig, each).standing for each in "678"] == ["billed", "ready", "billed"]


def test_a_billing_system_that_is_not_there_ends_it_and_what_was_before_is_billed(
    rig: Rig, billing: responses.RequestsMock
) -> None:
    completed(rig, "7")
    completed(rig, "8")
    billing.post(URL, json={"reference": "W-1"})
    billing.post(URL, body=requests.ConnectionError("refused"))
    with pytest.raises(UnavailableError, match=the_charge(rig, "8").request) as refused:
        list(pushing(rig))

    assert "secret" not in str(refused.value)
    assert [the_charge(rig, each).standing for each in "78"] == ["billed", "ready"]


@pytest.mark.parametrize("act", ["waived", "disputed"])
def test_what_is_decided_otherwise_before_its_turn_is_not_handed_over(
    rig: Rig, billing: responses.RequestsMock, act: str
) -> None:
    completed(rig, "7")
    staff = completed(rig, "8")
    decide = rig.work.waive if act == "waived" else rig.work.dispute
    billing.add_callback(
        "POST", URL, meanwhile(lambda: decide(staff, agent="Lead", reason="Our fault."))
    )
    (handed,) = pushing(rig)

    assert (handed.charge.ticket.id, handed.unnoted) == ("7", None)
    assert [the_charge(rig, each).standing for each in "78"] == ["billed", act]
    assert len(billing.calls) == 1


def test_what_is_waived_with_another_charge_of_the_same_work_is_not_handed_over(
    rig: Rig, billing: responses.RequestsMock
) -> None:
    ref = rig.opens("7")
    staff = rig.permitted(ref, blocks=1)
    rig.worked(ref, 59 * MINUTE)
    rig.permitted(ref, blocks=1, work="Le reste.")
    rig.worked(ref, 30 * MINUTE)
    rig.work.complete(staff, agent="Ana")
    assert [each.standing for each in charges(rig.history(ref))] == ["ready", "ready"]
    billing.add_callback(
        "POST", URL, meanwhile(lambda: rig.work.waive(staff, agent="Lead", reason="Our fault."))
    )
    (handed,) = pushing(rig)

    assert handed.unnoted is not None
    assert [each.standing for each in charges(rig.history(ref))] == ["waived", "waived"]
    assert len(billing.calls) == 1


@pytest.mark.parametrize("act", ["waived", "disputed", "billed"])
def test_what_is_decided_otherwise_while_it_is_under_way_is_told_and_the_others_go_on(
    rig: Rig, billing: responses.RequestsMock, act: str
) -> None:
    staff = completed(rig, "7")
    completed(rig, "8")
    charge = the_charge(rig, "7")
    acts: dict[str, Callable[[], object]] = {
        "waived": lambda: rig.work.waive(staff, agent="Lead", reason="Our fault."),
        "disputed": lambda: rig.work.dispute(staff, agent="Lead", reason="They never agreed."),
        "billed": lambda: rig.work.bill(charge.ticket, charge.request, by=CLERK, reference="INV-1"),
    }
    billing.add_callback("POST", URL, meanwhile(acts[act]))
    billing.post(URL, json={"reference": "W-2"})
    first, second = pushing(rig)

    assert (first.charge.request, first.reference) == (charge.request, "W-1")
    assert isinstance(first.unnoted, ConsentError)
    assert first.unnoted.reason == act
    assert (second.reference, second.unnoted) == ("W-2", None)
    assert list(exceptions(rig.history(charge.ticket), now=rig.now)) == []


def test_what_cannot_be_noted_is_told_and_stays_ready(
    rig: Rig, billing: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed(rig)
    gone = StoreUnavailableError("database is locked")

    def refuse(*_: object, **__: object) -> None:
        raise gone

    billing.add_callback(
        "POST", URL, meanwhile(lambda: monkeypatch.setattr(type(rig.ledger), "act", refuse))
    )
    (handed,) = pushing(rig)

    assert handed.unnoted is gone
    assert the_charge(rig).standing == "ready"
