"""Who may do what costs money: asked of Zendesk, and no is the answer in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from support_policy.errors import GoneError, UnavailableError
from support_policy.helpdesks.zendesk.agents import is_agent

AGENT = {"id": 7, "role": "agent", "active": True, "suspended": False}


class Users:
    """An API that knows one user, or fails."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("role", ["agent", "admin"])
def test_an_active_agent_or_admin_may(role: str) -> None:
    users = Users({"user": AGENT | {"role": role}})
    assert is_agent(users, 7)
    assert users.asked == ["users/7"]


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "end-user"},
        {"role": None},
        {"role": "owner"},
        {"active": False},
        {"active": None},
        {"active": "true"},
        {"suspended": True},
        {"id": 8},
    ],
)
def test_anybody_else_may_not(changes: dict[str, Any]) -> None:
    assert not is_agent(Users({"user": AGENT | changes}), 7)


@pytest.mark.parametrize("answer", [{}, {"user": None}, {"user": []}, GoneError("no such user")])
def test_a_user_that_zendesk_does_not_know_may_not(answer: dict[str, Any] | Exception) -> None:
    assert not is_agent(Users(answer), 7)


def test_an_api_that_cannot_be_asked_is_no_yes() -> None:
    with pytest.raises(UnavailableError):
        is_agent(Users(UnavailableError("down")), 7)
