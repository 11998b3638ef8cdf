"""Who an agent is, asked of Zendesk itself: what a browser says of it proves nothing."""

from __future__ import annotations

from typing import Any, Protocol

from support_policy.errors import GoneError

ROLES = ("agent", "admin")


class Users(Protocol):
    """As much of the API as is needed."""

    def get(self, path: str, /) -> dict[str, Any]:
        """The object at a path; raises HelpDeskError."""


def is_agent(api: Users, user_id: int) -> bool:
    """Whether this user may work on tickets now, so whether to let it do what costs money.

    Raises HelpDeskError when Zendesk cannot say; that is not a yes.
    """
    try:
        user = api.get(f"users/{int(user_id)}").get("user")
    except GoneError:
        return False
    if not isinstance(user, dict) or user.get("id") != user_id:
        return False
    return user.get("role") in ROLES and user.get("active") is True and not user.get("suspended")
