"""One folder for each help desk: codec (pure), client (HTTP), setup."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from support_policy.core.document import Table, suggest
from support_policy.helpdesk import HelpDesk, Notebook, Setup

KINDS = {
    "django-helpdesk": "support_policy.helpdesks.django_helpdesk.setup",
    "memory": "support_policy.helpdesks.memory",
    "osticket": "support_policy.helpdesks.osticket.setup",
    "zendesk": "support_policy.helpdesks.zendesk.setup",
}


def configure(kind: str, table: Table, *, name: str, departments: Mapping[str, str]) -> Setup:
    """How to open a desk of this kind; mistakes in its settings go to the table's problems."""
    if kind not in KINDS:
        table.problem(f"there is no help desk {kind!r}.", suggest(kind, KINDS), key="kind")
        table.asked |= table.values.keys()
        return Setup(open=_nothing)
    setup: Setup = import_module(KINDS[kind]).configure(table, name=name, departments=departments)
    return setup


def _nothing(_notebook: Notebook) -> HelpDesk:
    raise RuntimeError("settings with problems are never opened")
