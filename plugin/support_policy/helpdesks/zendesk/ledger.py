"""What is ours in an account: the ids of the things that ``apply`` made there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from support_policy.helpdesk import Notebook

FIELDS = ("expected_at", "expected_on", "class", "reason")
"""The ticket fields we make, by our names for them."""

ASK_FIELDS = ("ask_reason", "ask_work", "ask_blocks", "ask_permitter")
"""Those that an agent fills in to have permission for paid help asked for."""


class Ledger:
    """The ids of one account's things, by kind and by our name for each.

    Each is written down at once, so that a run that was cut short goes on where it stopped. The
    account is part of the key: one store may know a sandbox and the real one.
    """

    def __init__(self, notebook: Notebook, account: str) -> None:
        self._notebook = notebook
        self._key = f"installed/{account}"

    def ids(self, kind: str) -> dict[str, str]:
        """All ids of a kind, by name."""
        return dict(self._read().get(kind, {}))

    def put(self, kind: str, name: str, identifier: str) -> None:
        """Write an id down."""
        known = self._read()
        known.setdefault(kind, {})[name] = identifier
        self._write(known)

    def drop(self, kind: str, name: str) -> None:
        """Forget an id."""
        known = self._read()
        known.get(kind, {}).pop(name, None)
        self._write({kind: names for kind, names in known.items() if names})

    def _read(self) -> dict[str, dict[str, str]]:
        known: dict[str, dict[str, str]] = json.loads(self._notebook.recall(self._key) or "{}")
        return known

    def _write(self, known: Mapping[str, Mapping[str, str]]) -> None:
        text = json.dumps(known, sort_keys=True) if known else None
        self._notebook.remember(self._key, text)
