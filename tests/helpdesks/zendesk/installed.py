"""An installation in an account in memory, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from tests.helpdesks.zendesk.fake_account import FakeAccount

from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.install import Installation
from support_policy.helpdesks.zendesk.secret_file import SecretFile

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
URL = "https://policy.example.com"

REPLIES = (
    Reply(
        name="reseller-customer",
        clauses=("R30",),
        titles=(("en", "Ask your reseller"), ("fr", "Adressez-vous au revendeur")),
        bodies=(("en", "Hello,\n\nplease ask."), ("fr", "Bonjour,\n\nveuillez demander.")),
        tags=("reseller_sent_back",),
        private=False,
        needs_answer=False,
    ),
    Reply(
        name="several",
        clauses=("R17",),
        titles=(("en", "Several requests"), ("fr", "Plusieurs demandes")),
        bodies=(("en", "One ticket each."), ("fr", "Un billet chacune.")),
        tags=(),
        private=True,
        needs_answer=False,
    ),
    Reply(
        name="permission",
        clauses=("R39",),
        titles=(("en", "Permission"), ("fr", "Permission")),
        bodies=(("en", "May we?"), ("fr", "Pouvons-nous?")),
        tags=(),
        private=False,
        needs_answer=True,
    ),
)


ASK = Reply(
    name="ask",
    clauses=("R38",),
    titles=(("en", "Ask permission"), ("fr", "Demander la permission")),
    bodies=(("en", "Internal note."), ("fr", "Note interne.")),
    tags=("ask_fee_permission",),
    private=True,
    needs_answer=True,
)


def install(
    account: FakeAccount,
    folder: Path,
    policy: Policy,
    *,
    notebook: MemoryNotebook | None = None,
    forms: tuple[str, ...] = (),
    url: str = URL,
    language: str = "en",
    asks: bool = False,
) -> Installation:
    """An installation as the settings would make it."""
    return Installation(
        api=cast("Api", account),
        notebook=notebook or MemoryNotebook(),
        account="acme",
        desk="desk",
        public_url=url,
        policy=policy,
        replies=(*REPLIES, ASK),
        secret_file=SecretFile(path=folder / "zendesk-signing-secret"),
        forms=forms,
        language=language,
        asks=asks,
        clock=lambda: NOW,
    )


def silence(_line: str) -> None:
    """Hears of a step and says nothing."""
