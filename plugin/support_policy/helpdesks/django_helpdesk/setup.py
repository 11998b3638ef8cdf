"""What an admin says of a django-helpdesk in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from support_policy.core.document import Table
from support_policy.credentials import secret, secrets, web_address
from support_policy.helpdesk import Setup
from support_policy.helpdesks.django_helpdesk.client import DjangoHelpdesk
from support_policy.helpdesks.django_helpdesk.codec import DjangoHelpdeskCodec


def configure(table: Table, *, name: str, departments: Mapping[str, str]) -> Setup:
    """Read this desk's settings; the desk itself is opened later."""
    users = table.values.get("app_users", [])
    table.asked.add("app_users")
    if not isinstance(users, list) or any(type(user) is not int for user in users):
        table.problem("must be a list of user numbers such as [7]", key="app_users")
        users = []
    codec = DjangoHelpdeskCodec(
        desk=name,
        tokens=secrets(table, "webhook_tokens"),
        departments=departments,
        app_users=frozenset(users),
    )
    url, username = web_address(table, "url"), table.text("username")
    password = secret(table, "password")
    return Setup(
        open=lambda _notebook: DjangoHelpdesk(
            name=name, url=url, username=username, password=password, codec=codec
        )
    )
