"""What came over HTTP, for tests to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Recorded:
    """One request; `status` is 0 until it is answered, and stays so when the connection was cut."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes | None
    status: int = 0
