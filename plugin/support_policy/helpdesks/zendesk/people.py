"""Users by id, remembered for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from support_policy.helpdesks.zendesk.api import Api

_ROLES_KEPT = timedelta(minutes=10)
_AT_ONCE = 100  # users of one request


class People:
    """Users by id, remembered for a while: who is staff seldom changes; threads share it."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[int, Mapping[str, Any]] = {}
        self._forget_at = clock() + _ROLES_KEPT

    def of(self, numbers: set[int], *, told: object = None) -> dict[int, Mapping[str, Any]]:
        """These people; who does not exist any more is left out. ``told`` is a sideloaded list."""
        fresh = _by_number(told)
        with self._lock:
            if self._clock() >= self._forget_at:
                self._known, self._forget_at = {}, self._clock() + _ROLES_KEPT
            self._known |= fresh
            found = {number: self._known[number] for number in numbers & self._known.keys()}
        missing = sorted(numbers - found.keys() - {0})
        for start in range(0, len(missing), _AT_ONCE):
            ids = ",".join(map(str, missing[start : start + _AT_ONCE]))
            found |= _by_number(self._api.get("users/show_many", ids=ids).get("users"))
        with self._lock:
            self._known |= found
        return found


def _by_number(users: object) -> dict[int, Mapping[str, Any]]:
    rows: Sequence[Any] = users if isinstance(users, list) else ()
    return {row["id"]: row for row in rows if isinstance(row, dict) and _number(row.get("id"))}


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
