"""`plan`, `apply` and `remove`, as an admin uses them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.helpdesks.zendesk.fake_account import FakeAccount
from tests.helpdesks.zendesk.installed import install

from support_policy.cli import group
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.helpdesk import Notebook
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.settings import Settings, load_settings

Run = Callable[..., Result]


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def run(account: FakeAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command on settings with one desk that can be set up and one that cannot."""
    file = tmp_path / "support-policy.toml"
    tables = (f'[desks.{name}]\nkind = "memory"\nwebhook_tokens = ["file/token"]' for name in "ab")
    file.write_text("\n".join(["[service]", *tables]), encoding="utf-8")
    (tmp_path / "token").write_text("a made-up token", encoding="utf-8")

    def installer(
        notebook: Notebook, policy: Policy, replies: Sequence[Reply], *, asks: bool = False
    ) -> Installation:
        del replies, asks  # whatever the policy's are, the tests know their own
        return install(account, tmp_path, policy, notebook=notebook)

    def settings(path: Path) -> Settings:
        found = load_settings(path)
        able = replace(found.desks[0], setup=replace(found.desks[0].setup, installer=installer))
        return replace(found, desks=(able, *found.desks[1:]))

    monkeypatch.setattr("support_policy.commands.desk_setup.load_settings", settings)

    def run(name: str, *arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(group, [name, "--settings", str(file), *arguments], input=stdin)

    return run


def test_plan_shows_what_would_be_made_and_makes_nothing(run: Run, account: FakeAccount) -> None:
    done = run("plan")
    assert done.exit_code == 0
    assert '  + create trigger "Support Policy: new ticket"' in done.output.splitlines()
    assert "Plan: 22 to create, 0 to change, 0 to adopt, 0 to delete;" in done.output
    assert {method for method, _ in account.log} == {"GET"}


def test_apply_asks_and_does_nothing_unless_a_person_agrees(run: Run, account: FakeAccount) -> None:
    done = run("apply", stdin="\n")
    assert done.exit_code == 1
    assert "Do this in a? [y/N]" in done.output
    assert "Nothing was changed." in done.output
    assert {method for method, _ in account.log} == {"GET"}


def test_apply_that_is_agreed_to_is_done_once_and_says_what_is_next(run: Run) -> None:
    done = run("apply", "--desk", "a", stdin="y\n")
    assert done.exit_code == 0, done.output
    after = "Next:\n  support-policy serve\n  support-policy doctor --desk desk"
    assert f"Done.\n{after}" in done.output
    again = run("apply")
    assert again.exit_code == 0
    assert "Nothing to do." in again.output
    assert run("plan").output.splitlines()[-1] == "Nothing to do."


def test_apply_asks_nothing_while_a_thing_is_named_like_ours_unless_it_is_to_be_taken_over(
    run: Run, account: FakeAccount
) -> None:
    account.things["view"]["9"] = {"id": 9, "title": "Support Policy: held"}
    looked = run("plan")
    assert '  ! view "Support Policy: held" is there, and not known to be ours' in looked.output
    assert "Nothing to do." not in looked.output
    stopped = run("apply", "--yes")
    assert "apply with --adopt" in str(stopped.exception)
    assert {method for method, _ in account.log} == {"GET"}
    assert '  = adopt view "Support Policy: held"' in run("plan", "--adopt").output
    assert run("apply", "--adopt", "--yes").exit_code == 0
    assert run("plan").output.splitlines()[-1] == "Nothing to do."


def test_a_step_that_is_refused_ends_with_an_error_that_says_how_many(
    run: Run, account: FakeAccount
) -> None:
    account.refused = {"view"}
    done = run("apply", "--yes")
    assert str(done.exception) == "4 of 22 steps were not done"
    assert "not done: 422" in done.output


def test_remove_asks_and_says_what_goes_with_the_fields(run: Run, account: FakeAccount) -> None:
    run("apply", "--yes")
    declined = run("remove", stdin="n\n")
    assert declined.exit_code == 1
    assert "its values go from all tickets" in declined.output
    assert len(account.titles("trigger")) == 3
    done = run("remove", "--yes")
    assert done.exit_code == 0
    assert account.titles("trigger") == ["Notify"]
    assert "Nothing to do." in run("remove").output


def test_remove_can_leave_the_fields(run: Run, account: FakeAccount) -> None:
    run("apply", "--yes")
    done = run("remove", "--keep-fields", "--yes")
    assert done.exit_code == 0
    assert "values go" not in done.output
    assert len(account.titles("ticket_field")) == 6


@pytest.mark.parametrize("name", ["plan", "apply", "remove"])
@pytest.mark.parametrize(
    ("desk", "why"), [("b", "b is not set up from here"), ("c", "there is no help desk 'c'")]
)
def test_a_desk_that_cannot_be_set_up_is_an_admin_s_mistake(
    name: str, desk: str, why: str, run: Run
) -> None:
    done = run(name, "--desk", desk)
    assert done.exit_code == 2
    assert why in done.output
