"""The one place where the service asks for the time; everything else is told."""

from __future__ import annotations

from datetime import UTC, datetime


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
