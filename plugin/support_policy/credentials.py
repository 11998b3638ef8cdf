"""Secrets and addresses in settings: where they may stand, and how they are said wrong."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from support_policy.core.document import Table


def secret(table: Table, key: str) -> str:
    """One secret of a desk, from ``env/NAME`` or ``file/PATH``."""
    return _secret(table, key, table.text(key))


def secrets(table: Table, key: str) -> tuple[str, ...]:
    """A list of secrets: the first is used, all are accepted, so that they can be rotated."""
    found = tuple(_secret(table, key, text) for text in table.texts(key))
    if not found:
        table.problem("must list at least one secret", key=key)
    return found


def web_address(table: Table, key: str) -> str:
    """An http(s) address without a trailing slash."""
    text = table.text(key)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    # The address is not quoted: some people write a password into it.
    if text and not usable:
        table.problem("is not an address such as https://desk.example.com", key=key)
    elif (parts.hostname or "").startswith("your-"):
        table.problem("is still the example", key=key)
    elif "@" in parts.netloc:
        table.problem("holds a log-in", "Write it into username and password.", key=key)
    return text.rstrip("/")


def _secret(table: Table, key: str, text: str) -> str:
    """The secret itself never enters a message."""
    source, _, name = text.partition("/")
    value = ""
    if source == "env" and name:
        value = os.environ.get(name, "")
        if not value:
            table.problem(f"the environment has no {name}", key=key)
    elif source == "file" and name:
        path = Path(table.file).parent / name
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            value = ""
        if not value:
            table.problem(f"there is no secret in the file {name}", key=key)
    elif text:
        table.problem(
            "is written into the settings", 'Keep it outside: "env/NAME" or "file/PATH".', key=key
        )
    return value
