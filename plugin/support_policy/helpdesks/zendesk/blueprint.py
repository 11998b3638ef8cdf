"""Everything that should be in an account for a policy; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from support_policy.core.explain import Texts
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.fields import fields
from support_policy.helpdesks.zendesk.macros import macros
from support_policy.helpdesks.zendesk.native_slas import native_slas
from support_policy.helpdesks.zendesk.resource import Resource
from support_policy.helpdesks.zendesk.triggers import CATEGORY, WEBHOOK, triggers
from support_policy.helpdesks.zendesk.views import views
from support_policy.texts import load_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What should be there, and in sentences what is left out and why."""

    resources: tuple[Resource, ...]
    left_out: tuple[str, ...]


def draw(
    *,
    policy: Policy,
    replies: Sequence[Reply],
    public_url: str,
    desk: str,
    account: Account,
    today: date,
    language: str = "en",
    asks: bool = False,
) -> Blueprint:
    """The blueprint for one account; what its plan lacks is left out.

    ``language`` is that of the agents, ``en`` or ``fr``; ``asks`` says that customers are asked for
    permission for paid help.
    """
    texts = load_texts(language)
    lines = [
        *fields(texts, asks=asks),
        *_category(account, texts),
        _webhook(public_url, desk),
        *triggers(account, texts, asks=asks),
        *macros(replies, account, texts, asks=asks),
        *views(policy, texts),
        *native_slas(policy, account, texts, today=today),
    ]
    return Blueprint(
        resources=tuple(line for line in lines if isinstance(line, Resource)),
        left_out=tuple(line for line in lines if isinstance(line, str)),
    )


def _category(account: Account, texts: Texts) -> Iterator[Resource | str]:
    if account.has("trigger_category"):
        title = texts.say("zendesk.triggers")
        yield Resource(
            kind="trigger_category",
            name=CATEGORY.name,
            title=title,
            body={"name": title},
            once={"position": 0},  # before all others, so that theirs see our priority
        )
    else:
        yield "trigger category: the account has none"


def _webhook(public_url: str, desk: str) -> Resource:
    title = f"Support Policy ({desk})"
    return Resource(
        kind=WEBHOOK.kind,
        name=WEBHOOK.name,
        title=title,
        body={
            "name": title,
            "endpoint": f"{public_url.rstrip('/')}/webhooks/{desk}",
            "http_method": "POST",
            "request_format": "json",
            "status": "active",
            "subscriptions": ["conditional_ticket_events"],
        },
    )
