"""Setting an account up, in an account in memory that has Zendesk's odd ways."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.helpdesks.zendesk.fake_account import FULL, TEAM, FakeAccount
from tests.helpdesks.zendesk.installed import install, silence
from tests.helpdesks.zendesk.test_blueprint import in_business_hours
from tests.zendesk_wire.wire import openapi_violations, violations

from support_policy.core.policy import Policy
from support_policy.errors import RefusedError, UnavailableError
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk.checkup import examine_installation
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.helpdesks.zendesk.kinds import KINDS
from support_policy.helpdesks.zendesk.ledger import FIELDS
from support_policy.helpdesks.zendesk.plan import Action

State = dict[str, list[str]]
DRIFT: dict[str, Callable[[FakeAccount], object]] = {
    "field": lambda a: a.find("ticket_field", "Support Policy: reason").update(active=False),
    "category": lambda a: a.find("trigger_category", "Support Policy").update(name="Theirs"),
    "webhook": lambda a: a.find("webhook", "Support Policy (desk)").update(status="inactive"),
    "trigger": lambda a: a.find("trigger", "Support Policy: new ticket").update(active=False),
    "macro": lambda a: a.find("macro", "Support Policy::Several requests").update(actions=[]),
    "view": lambda a: a.find("view", "Support Policy: held").update(title="Held"),
    "content": lambda a: a.find("dynamic_content", "support_policy_several")["variants"].pop(),
    "words": lambda a: a.find("dynamic_content", "support_policy_several")["variants"][1].update(
        content="Autre"
    ),
    "hours": lambda a: a.find("schedule", "Support Policy")["intervals"].pop(),
    "holidays": lambda a: next(iter(a.holidays.values())).popitem(),
    "sla": lambda a: a.find("sla_policy", "Support Policy: High").update(policy_metrics=[]),
    "form": lambda a: a.find("ticket_form", "Sales").update(ticket_field_ids=[2]),
    "secret": lambda a: setattr(a, "secret", "second-secret"),
    "deleted": lambda a: a.things["view"].popitem(),
}


@pytest.fixture
def account() -> FakeAccount:
    account = FakeAccount()
    # Only the one of another type has our title: the webhook of ours must be told by its address.
    account.things["webhook"].popitem()
    return account


@pytest.fixture(scope="module")
def policy(policy: Policy) -> Policy:
    """The shipped policy, with a target in business hours: something of every kind is made."""
    return in_business_hours(policy)


@pytest.fixture
def installation(account: FakeAccount, tmp_path: Path, policy: Policy) -> Installation:
    return install(account, tmp_path, policy)


def apply(installation: Installation) -> None:
    installation.apply(installation.plan(), silence)


def state(account: FakeAccount) -> State:
    """What is there, whatever its ids."""
    found = {kind: account.titles(kind) for kind in KINDS}
    fields = {int(each): row["title"] for each, row in account.things["ticket_field"].items()}
    for form in account.things["ticket_form"].values():
        ids = form["ticket_field_ids"]
        found[f"form {form['name']}"] = [fields.get(each, str(each)) for each in ids]
    held = sorted(each["name"] for rows in account.holidays.values() for each in rows.values())
    return {**found, "holidays": held}


# --------------------------------------------------------------------- plan, apply


@pytest.mark.parametrize("plan", [FULL, TEAM])
def test_what_was_applied_leaves_nothing_to_plan(
    plan: frozenset[str], tmp_path: Path, policy: Policy
) -> None:
    account = FakeAccount(plan=plan)
    installation = install(account, tmp_path, policy)
    assert installation.plan()
    apply(installation)
    before = len(account.log)
    assert not installation.plan()
    apply(installation)
    assert {method for method, _ in account.log[before:]} == {"GET"}


def test_looking_changes_nothing(account: FakeAccount, installation: Installation) -> None:
    before = state(account)
    installation.plan()
    assert state(account) == before
    assert {method for method, _ in account.log} == {"GET"}
    assert installation.secret_file.secrets() == ()
    assert not any(installation.known.values())


def test_ids_are_kept_for_every_thing_that_was_made(installation: Installation) -> None:
    apply(installation)
    known = installation.known
    assert tuple(known["ticket_field"]) == tuple(sorted(FIELDS))
    assert all(known[kind] for kind in KINDS)


def test_names_are_resolved_to_the_account_s_own_ids(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    known = installation.known
    trigger = account.find("trigger", "Support Policy: new ticket")
    assert trigger["actions"][0]["value"][0] == known["webhook"]["tickets"]
    assert trigger["category_id"] == known["trigger_category"]["category"]
    view = account.find("view", "Support Policy: due next")
    assert view["execution"]["columns"][0]["id"] == int(known["ticket_field"]["expected_at"])


def test_two_accounts_have_their_own_ids(tmp_path: Path, policy: Policy) -> None:
    notebook = MemoryNotebook()
    sandbox = install(FakeAccount(), tmp_path, policy, notebook=notebook)
    apply(sandbox)
    real = Installation(
        api=sandbox.api,
        notebook=notebook,
        account="real",
        desk="desk",
        public_url="https://p.example",
        policy=policy,
        replies=(),
        secret_file=sandbox.secret_file,
    )
    assert not any(real.known.values())


def test_a_small_plan_gets_what_it_can_have(tmp_path: Path, policy: Policy) -> None:
    account = FakeAccount(plan=TEAM)
    installation = install(account, tmp_path, policy)
    apply(installation)
    assert len(account.titles("trigger")) == 3
    assert "Support Policy::Plusieurs demandes (FR)" in account.titles("macro")
    left_out = installation.plan().left_out
    for word in ("dynamic content", "schedule", "SLA policies", "ticket forms"):
        assert any(each.startswith(word) for each in left_out)


def test_a_schedule_of_others_is_left_alone_and_none_is_made_beside_it(
    account: FakeAccount, installation: Installation
) -> None:
    office = {"id": 3, "name": "Office", "time_zone": "London", "intervals": []}
    account.things["schedule"]["3"] = dict(office)
    apply(installation)
    assert account.things["schedule"] == {"3": office}
    assert not any("holidays" in path for _, path in account.log)
    assert not installation.plan()


def test_our_fields_are_put_at_the_end_of_every_active_form(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    ours = [int(installation.known["ticket_field"][name]) for name in FIELDS]
    ids = {
        form["name"]: form["ticket_field_ids"] for form in account.things["ticket_form"].values()
    }
    assert ids["Default"][:2] == [1, 2]
    assert sorted(ids["Default"][2:]) == sorted(ours)
    assert ids["Old"] == [2]


def test_only_the_form_that_is_named_gets_our_fields(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    apply(install(account, tmp_path, policy, forms=("Sales",)))
    assert account.find("ticket_form", "Default")["ticket_field_ids"] == [1, 2]
    assert len(account.find("ticket_form", "Sales")["ticket_field_ids"]) == 5


def test_each_step_is_told_before_it_is_done(installation: Installation) -> None:
    told: list[str] = []
    plan = installation.plan()
    installation.apply(plan, told.append)
    assert told == [str(change) for change in plan.steps]


def test_every_request_is_one_that_zendesk_documents(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    for drift in DRIFT.values():
        drift(account)
    account.locales = (*account.locales, "en-GB")
    apply(installation)
    list(examine_installation(installation, desk="desk"))
    installation.apply(installation.removal(), silence)
    assert {method for method, _, _, _ in account.sent} == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert departures(account) == []


def departures(account: FakeAccount) -> list[str]:
    """Where what was sent departs from what Zendesk documents."""
    found: list[str] = []
    for method, path, query, body in account.sent:
        request = (
            method,
            f"/api/v2/{path}",
            query,
            {"Authorization": "Bearer t"} | ({"Content-Type": "application/json"} if body else {}),
            json.dumps(body).encode() if body else None,
        )
        found += [*violations(*request), *openapi_violations(*request)]
    return found


# ------------------------------------------------------------------------- crashes


@pytest.mark.parametrize("kept", [False, True], ids=["before it was done", "after it was done"])
def test_a_run_that_was_cut_short_anywhere_goes_on_and_makes_nothing_twice(
    tmp_path: Path, policy: Policy, *, kept: bool
) -> None:
    whole = FakeAccount()
    (tmp_path / "whole").mkdir()
    apply(install(whole, tmp_path / "whole", policy))
    for number in range(1, len(whole.log) + 1):
        account = FakeAccount(dies_at=number, kept=kept)
        folder = tmp_path / str(number)
        folder.mkdir()
        notebook = MemoryNotebook()
        with pytest.raises(UnavailableError):
            apply(install(account, folder, policy, notebook=notebook))
        again = install(account, folder, policy, notebook=notebook)
        apply(again)
        assert state(account) == state(whole), f"request {number}"
        assert not again.plan()


def test_a_run_that_was_cut_short_can_be_undone_whole(tmp_path: Path, policy: Policy) -> None:
    before = state(FakeAccount())
    number = 1
    while True:
        account = FakeAccount(dies_at=number, kept=True)
        notebook = MemoryNotebook()
        installation = install(account, tmp_path, policy, notebook=notebook)
        try:
            apply(installation)
        except UnavailableError:
            installation.apply(installation.removal(), silence)
            assert without_holidays(state(account)) == without_holidays(before), number
            assert not any(installation.known.values())
            number += 1
        else:
            break
    assert number > 40


def without_holidays(found: State) -> State:
    """Those of a schedule go with it."""
    return {name: each for name, each in found.items() if name != "holidays"}


def test_a_removal_that_was_cut_short_goes_on(tmp_path: Path, policy: Policy) -> None:
    before = without_holidays(state(FakeAccount()))
    for number in range(1, 60):
        account = FakeAccount()
        installation = install(account, tmp_path, policy)
        apply(installation)
        account.dies_at, account.kept = len(account.log) + number, bool(number % 2)
        try:
            installation.apply(installation.removal(), silence)
        except UnavailableError:
            installation.apply(installation.removal(), silence)
        assert without_holidays(state(account)) == before
        assert not any(installation.known.values())


def test_a_step_that_is_refused_does_not_keep_the_others(
    account: FakeAccount, installation: Installation
) -> None:
    account.refused = {"view"}
    told: list[str] = []
    with pytest.raises(RefusedError, match="4 of 23 steps were not done"):
        installation.apply(installation.plan(), told.append)
    assert sum("not done" in line for line in told) == 4
    assert len(account.titles("sla_policy")) == 4
    account.refused = set()
    apply(installation)
    assert not installation.plan()


def test_what_waits_for_a_thing_that_was_refused_is_not_half_made(
    account: FakeAccount, installation: Installation
) -> None:
    account.refused = {"webhook"}
    told: list[str] = []
    with pytest.raises(RefusedError):
        installation.apply(installation.plan(), told.append)
    assert "    not done: it needs what is not there: webhook tickets" in told
    assert account.titles("trigger") == ["Notify"]
    assert installation.secret_file.secrets() == ()


# --------------------------------------------------------------------------- drift


@pytest.mark.parametrize("what", DRIFT)
def test_drift_is_shown_by_plan_and_mended_by_apply_alone(
    what: str, account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    whole, words = state(account), account.find("dynamic_content", "support_policy_several")
    text = [dict(each) for each in words["variants"]]
    DRIFT[what](account)
    drifted = installation.plan()
    assert len(drifted.steps) == 1
    assert installation.plan() == drifted
    apply(installation)
    assert not installation.plan()
    assert state(account) == whole
    assert [each["content"] for each in words["variants"]] == [each["content"] for each in text]


def test_an_address_that_moved_changes_the_webhook_and_makes_no_other(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    notebook = MemoryNotebook()
    apply(install(account, tmp_path, policy, notebook=notebook))
    moved = install(account, tmp_path, policy, notebook=notebook, url="https://new.example")
    assert any('"https://new.example/webhooks/desk"' in line for line in moved.plan().lines())
    apply(moved)
    (webhook,) = account.things["webhook"].values()
    assert webhook["endpoint"] == "https://new.example/webhooks/desk"


def test_holidays_of_others_stay_and_ours_that_are_no_more_go(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    (held,) = account.holidays.values()
    held["1"] = {"id": 1, "name": "Party", "start_date": "2026-12-18", "end_date": "2026-12-18"}
    assert not installation.plan()
    name = "Support Policy 2026-02-03"
    held["2"] = {"id": 2, "name": name, "start_date": "2026-02-03", "end_date": "2026-02-03"}
    assert len(installation.plan().steps) == 1
    apply(installation)
    assert "1" in held
    assert "2" not in held


def test_a_holiday_of_ours_that_was_moved_is_put_back_once(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    (held,) = account.holidays.values()
    moved = next(each for each in held.values() if each["name"] == "Support Policy 2026-12-25")
    moved.update(start_date="2026-12-24", end_date="2026-12-24")
    apply(installation)
    assert not installation.plan()
    days = [each["start_date"] for each in held.values() if each["name"] == moved["name"]]
    assert days == ["2026-12-25"]


def test_a_language_that_somebody_switched_off_in_our_text_is_switched_on_again(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    french = account.find("dynamic_content", "support_policy_several")["variants"][1]
    french["active"] = False
    apply(installation)
    assert french["active"] is True
    assert not installation.plan()


def test_another_language_of_the_agents_is_drift_that_apply_mends(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    notebook = MemoryNotebook()
    apply(install(account, tmp_path, policy, notebook=notebook))
    french = install(account, tmp_path, policy, notebook=notebook, language="fr")
    known = french.known
    assert {step.action for step in french.plan().steps} == {Action.CHANGE}
    apply(french)
    assert not french.plan()
    assert french.known == known
    assert "Politique de soutien : classe" in account.titles("ticket_field")
    (held,) = account.holidays.values()
    assert {each["name"].rpartition(" ")[0] for each in held.values()} == {"Politique de soutien"}


def test_while_a_deleted_webhook_cannot_be_made_anew_no_trigger_is_told_of_it(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    account.things["webhook"].clear()
    account.refused = {"webhook"}
    told: list[str] = []
    with pytest.raises(RefusedError):
        installation.apply(installation.plan(), told.append)
    assert told.count("    not done: it needs what is not there: webhook tickets") == 2
    account.refused = set()
    apply(installation)
    assert not installation.plan()


# ------------------------------------------------------------------- named like ours


def test_nothing_is_done_while_something_is_named_like_ours_and_not_known_to_be(
    account: FakeAccount, installation: Installation
) -> None:
    account.things["view"]["9"] = theirs = {"id": 9, "title": "Support Policy: held"}
    before = len(account.log)
    with pytest.raises(RefusedError, match='view "Support Policy: held" is there'):
        apply(installation)
    assert {method for method, _ in account.log[before:]} == {"GET"}
    assert theirs == {"id": 9, "title": "Support Policy: held"}
    assert not any(installation.known.values())


def test_what_is_named_like_ours_is_taken_over_when_that_is_asked_for(
    account: FakeAccount, installation: Installation
) -> None:
    account.things["view"]["9"] = {"id": 9, "title": "Support Policy: held", "active": False}
    installation.apply(installation.plan(adopt=True), silence)
    assert installation.known["view"]["on_hold"] == "9"
    assert not installation.plan()


def test_a_second_service_does_not_take_over_what_the_first_one_made(
    account: FakeAccount, installation: Installation, tmp_path: Path, policy: Policy
) -> None:
    apply(installation)
    whole = state(account)
    second = install(account, tmp_path, policy)
    with pytest.raises(RefusedError):
        apply(second)
    second.apply(second.removal(), silence)
    assert state(account) == whole


def test_what_was_made_and_written_down_leaves_no_note_of_its_making(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    """The note would take over what somebody names like it later."""
    notebook = MemoryNotebook()
    installation = install(account, tmp_path, policy, notebook=notebook)
    apply(installation)
    assert notebook.recall("making/acme") is None
    installation.apply(installation.removal(), silence)
    assert notebook.recall("making/acme") is None


def test_what_a_cut_short_run_left_is_taken_over_once(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    notebook = MemoryNotebook()
    notebook.remember("making/acme", "view/on_hold")
    account.things["view"]["9"] = {"id": 9, "title": "Support Policy: held"}
    installation = install(account, tmp_path, policy, notebook=notebook)
    apply(installation)
    assert installation.known["view"]["on_hold"] == "9"
    assert notebook.recall("making/acme") is None


# -------------------------------------------------------------------- secret, Low


def test_half_a_secret_file_of_a_run_that_was_cut_short_is_no_hindrance(
    installation: Installation,
) -> None:
    path = installation.secret_file.path
    path.with_name(f"{path.name}.{os.getpid()}").write_text("first-sec", encoding="utf-8")
    apply(installation)
    assert path.read_text(encoding="utf-8") == "first-secret\n"


def test_the_signing_secret_is_kept_in_a_file_of_the_owner_alone(
    installation: Installation,
) -> None:
    apply(installation)
    path = installation.secret_file.path
    assert path.read_text(encoding="utf-8") == "first-secret\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_two_secrets_are_kept_and_the_newest_stands_first(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    for secret in ("second", "third"):
        account.secret = secret
        apply(installation)
    assert installation.secret_file.secrets() == ("third", "second")
    account.secret = "second"
    apply(installation)
    assert installation.secret_file.secrets() == ("second", "third")


def test_the_secret_is_told_to_nobody(account: FakeAccount, installation: Installation) -> None:
    told: list[str] = []
    installation.apply(installation.plan(), told.append)
    account.secret = "second-secret"
    plan = installation.plan()
    assert any("differs" in line for line in plan.lines())
    installation.apply(plan, told.append)
    assert "-secret\n" not in "\n".join([*told, *plan.lines(), repr(plan)]) + "\n"
    assert "second-secret" not in repr(plan)


def test_a_file_that_cannot_be_written_is_a_step_not_done(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    told: list[str] = []
    installation = install(account, tmp_path / "not-there", policy)
    with pytest.raises(RefusedError):
        installation.apply(installation.plan(), told.append)
    assert "    not done: the file cannot be written: No such file or directory" in told


def test_a_priority_field_without_low_is_a_warning_until_it_has_it(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    installation = install(account, tmp_path, policy)
    account.find("ticket_field", "Priority")["sub_type_id"] = 1
    assert any("Low" in warning for warning in installation.plan().warnings)
    account.find("ticket_field", "Priority")["sub_type_id"] = 0
    assert not any("Low" in warning for warning in installation.plan().warnings)


# -------------------------------------------------------------------------- remove


def test_removal_leaves_nothing_of_ours_and_all_that_is_others(
    account: FakeAccount, installation: Installation
) -> None:
    before = state(account)
    apply(installation)
    installation.apply(installation.removal(), silence)
    assert without_holidays(state(account)) == without_holidays(before)
    assert not installation.secret_file.path.exists()
    assert not installation.removal()


def test_removal_never_asks_for_a_ticket(account: FakeAccount, installation: Installation) -> None:
    apply(installation)
    installation.apply(installation.removal(), silence)
    assert not any(path.partition("/")[0] == "tickets" for _, path in account.log)


def test_fields_that_are_kept_stay_on_their_forms_and_are_found_again(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    kept = state(account)
    installation.apply(installation.removal(keep_fields=True), silence)
    assert account.titles("ticket_field") == kept["ticket_field"]
    assert state(account)["form Default"] == kept["form Default"]
    assert account.titles("trigger") == ["Notify"]
    apply(installation)
    assert account.titles("ticket_field") == kept["ticket_field"]


def test_removal_of_what_is_gone_already_is_well(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    for kind in KINDS:
        account.things[kind].clear()
    installation.apply(installation.removal(), silence)
    assert not any(installation.known.values())


def test_removal_after_the_account_s_plan_became_smaller_forgets_what_it_lacks(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    account.plan = TEAM
    told: list[str] = []
    installation.apply(installation.removal(), told.append)
    assert not any(installation.known.values())
    assert "    gone: the account has no schedule any more" in told
    assert not any("not done" in line for line in told)


def test_a_thing_that_every_plan_has_and_may_not_be_deleted_is_a_step_not_done(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    account.plan = FULL - {"macro"}
    with pytest.raises(RefusedError):
        installation.apply(installation.removal(), silence)
    assert installation.known["macro"]


# -------------------------------------------------------- permission for paid help


def test_what_asks_for_permission_is_made_and_goes_when_it_is_switched_off(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    notebook = MemoryNotebook()
    apply(install(account, tmp_path, policy, notebook=notebook))
    without = state(account)
    asking = install(account, tmp_path, policy, notebook=notebook, asks=True)
    apply(asking)
    assert not asking.plan().steps
    macro = account.find("macro", "Support Policy::Ask permission")
    field = account.find("ticket_field", "Support Policy: paid help, blocks")
    assert {"field": f"custom_fields_{field['id']}", "value": "1"} in macro["actions"]
    forms = [each for each in account.things["ticket_form"].values() if each["active"]]
    assert all(field["id"] in each["ticket_field_ids"] for each in forms)
    account.things["ticket_form"] = {
        key: {**row, "ticket_field_ids": row["ticket_field_ids"][:-1]}
        for key, row in account.things["ticket_form"].items()
    }
    assert any("put fields on ticket form" in str(step) for step in asking.plan().steps)
    apply(asking)
    apply(install(account, tmp_path, policy, notebook=notebook))
    left = state(account)
    assert {kind: rows for kind, rows in left.items() if not kind.startswith("form ")} == {
        kind: rows for kind, rows in without.items() if not kind.startswith("form ")
    }


def test_every_request_that_makes_it_is_one_that_zendesk_documents(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    apply(install(account, tmp_path, policy, asks=True))
    assert departures(account) == []


def test_macros_of_others_that_mention_the_fee_are_shown_by_plan_and_doctor(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    theirs = {"id": 900, "title": "Moves", "active": True}
    theirs["actions"] = [{"field": "comment_value", "value": "It costs $85."}]
    account.things["macro"]["900"] = theirs
    asking = install(account, tmp_path, policy, asks=True)
    apply(asking)
    assert "  ! macro 'Moves' (900) mentions the fee: '$85'" in asking.plan().lines()
    (finding,) = [
        each for each in examine_installation(asking, desk="desk") if each.name == "macro 'Moves'"
    ]
    assert not finding.ok
    assert "number 900 mentions the fee: '$85'" in finding.detail
    assert not any("mention" in each for each in install(account, tmp_path, policy).plan().lines())


# -------------------------------------------------------------------------- doctor


def examined(installation: Installation) -> dict[str, tuple[bool, str]]:
    return {
        each.name: (each.ok, each.detail) for each in examine_installation(installation, desk="d")
    }


def test_doctor_finds_an_account_well_after_apply(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    found = examined(installation)
    assert all(ok for ok, _ in found.values()), found
    assert set(found) == {
        "installation",
        "fields on forms",
        "signing secret",
        "priority field",
        "webhook",
    }
    ((webhook, body),) = account.called
    assert webhook == installation.known["webhook"]["tickets"]
    assert body["request"]["payload"] == '{"event": "ping"}'


def test_doctor_says_of_an_empty_account_only_that_nothing_is_made(
    installation: Installation,
) -> None:
    found = examined(installation)
    assert found["installation"] == (False, "0 of 20 are there and as they were made")
    assert "webhook" not in found
    assert len(found) == 4


@pytest.mark.parametrize("what", DRIFT)
def test_doctor_finds_every_drift_and_says_what_mends_it(
    what: str, account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    DRIFT[what](account)
    bad = [each for each in examine_installation(installation, desk="acme") if not each.ok]
    assert bad
    assert all("support-policy apply --desk acme" in each.remedy for each in bad)


def test_doctor_finds_a_form_in_the_settings_that_is_not_there(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    installation = install(account, tmp_path, policy, forms=("Sails",))
    apply(installation)
    wanted = (False, "there is no active ticket form 'Sails'")
    assert examined(installation)["fields on forms"] == wanted


def test_doctor_says_on_every_ticket_only_of_an_account_without_forms(
    account: FakeAccount, tmp_path: Path, policy: Policy
) -> None:
    small = install(FakeAccount(plan=TEAM), tmp_path, policy)
    apply(small)
    assert examined(small)["fields on forms"] == (True, "on every ticket")
    for form in account.things["ticket_form"].values():
        form["active"] = False
    bare = install(account, tmp_path, policy)
    apply(bare)
    assert examined(bare)["fields on forms"] == (False, "no ticket form is active")


def test_doctor_finds_what_is_named_like_ours(
    account: FakeAccount, installation: Installation
) -> None:
    account.things["view"]["9"] = {"id": 9, "title": "Support Policy: held"}
    ok, detail = examined(installation)["view 'Support Policy: held'"]
    assert not ok
    assert "not known to be ours" in detail


def test_doctor_finds_a_webhook_that_does_not_reach_us(
    account: FakeAccount, installation: Installation
) -> None:
    apply(installation)
    account.answered = 401
    ok, detail = examined(installation)["webhook"]
    assert not ok
    assert detail.endswith("was answered 401")


def test_doctor_finds_a_priority_field_without_low(
    account: FakeAccount, installation: Installation
) -> None:
    account.find("ticket_field", "Priority")["sub_type_id"] = 1
    apply(installation)
    assert not examined(installation)["priority field"][0]


def test_a_help_desk_that_is_down_is_a_finding_of_doctor_s(
    account: FakeAccount, installation: Installation
) -> None:
    account.dies_at = 1
    assert examined(installation) == {"installation": (False, "down")}
