"""What somebody typed into a field, made fit to be kept and shown."""

from __future__ import annotations

from support_policy.core.permission.message import one_line


def typed(text: str, longest: int) -> str:
    """One line without what no eye sees, cut to so many characters."""
    return one_line(text)[:longest].strip()
