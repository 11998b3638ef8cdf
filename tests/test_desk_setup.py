"""Setting up a desk is one person's work at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from tests.test_settings import zendesk

from support_policy.commands.desk_setup import opened
from support_policy.errors import SettingsError
from support_policy.helpdesk import Delivery


def test_two_who_set_up_one_desk_at_once_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a made-up secret")
    file = tmp_path / "support-policy.toml"
    file.write_text(zendesk("zendesk"))
    with opened(file, None) as (desk, _, _):
        assert desk.name == "zendesk"
        with pytest.raises(click.UsageError, match="somebody else"), opened(file, None):
            raise AssertionError("both are at it")
    with opened(file, None):
        pass


def test_a_desk_that_was_another_account_is_not_set_up(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a made-up secret")
    file = tmp_path / "support-policy.toml"
    file.write_text(zendesk("zendesk"))
    with opened(file, None) as (_, _, store):
        now = datetime.now(UTC)
        store.accept(Delivery(desk="zendesk", key="opened:1", ticket_id="1", received_at=now))
    file.write_text(zendesk("zendesk", subdomain="another"))
    with pytest.raises(SettingsError), opened(file, None):
        raise AssertionError("it was set up")
