"""Our replies as macros: in the customer's language by dynamic content, or one for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from support_policy.core.explain import Texts
from support_policy.core.reply import Reply
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.fields import ASK_TAG
from support_policy.helpdesks.zendesk.resource import Ref, Resource, Row
from support_policy.texts import LANGUAGES

_BLOCKS = Ref("ticket_field", "ask_blocks", before="custom_fields_")


def macros(
    replies: Sequence[Reply], account: Account, texts: Texts, *, asks: bool = False
) -> Iterator[Resource | str]:
    """The things for every reply, and what is left out.

    Of what needs an answer, agents get only the request to ask for permission for paid help, and
    only where ``asks``: it is a note, and the service writes to the customer.
    """
    spoken = _spoken(account) if account.has("dynamic_content") else ()
    if not account.has("dynamic_content"):
        yield "dynamic content: the account's plan has none, so each macro is there twice"
    elif not spoken:
        yield "dynamic content: the account lacks English or French, so each macro is there twice"
    for reply in replies:
        if reply.needs_answer and not asks:
            yield f"macro {reply.title('en')!r}: asking for permission is not set up"
        elif reply.needs_answer and not _asks(reply):
            yield f"macro {reply.title('en')!r}: only the service sends it"
        elif reply.places:
            yield f"macro {reply.title('en')!r}: only the service can fill its places"
        elif spoken:
            yield from _with_content(reply, spoken, texts)
        else:
            yield from (_one_language(reply, language, texts) for language in LANGUAGES)


def _asks(reply: Reply) -> bool:
    """Whether it has the service ask the customer; such a one says nothing to the customer."""
    return reply.private and ASK_TAG in reply.tags


def _spoken(account: Account) -> tuple[tuple[str, int], ...]:
    """The account's locales of our languages, English first: it is what others fall back on.

    Every one of them: a customer whose locale is fr-ca is not shown what is there for fr.
    """
    known = sorted(account.locales, key=lambda each: (each[0] != "en-us", each[0]))
    spoken = [[each for each in known if _language(each[0]) == ours] for ours in LANGUAGES]
    return tuple(each for locales in spoken for each in locales) if all(spoken) else ()


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _with_content(
    reply: Reply, spoken: Sequence[tuple[str, int]], texts: Texts
) -> Iterator[Resource]:
    name = f"support_policy_{re.sub(r'[^a-z0-9]+', '_', reply.name.lower())}"
    variants = [
        {"locale_id": number, "content": reply.body(_language(locale)), "active": True}
        for locale, number in spoken
    ]
    yield Resource(
        kind="dynamic_content",
        name=reply.name,
        title=name,
        body={"name": name, "variants": variants},
        once={"default_locale_id": spoken[0][1]},
    )
    title = _folder(texts, reply.title(texts.language))
    yield _macro(reply, reply.name, title, f"{{{{dc.{name}}}}}", texts)


def _one_language(reply: Reply, language: str, texts: Texts) -> Resource:
    title = _folder(texts, f"{reply.title(language)} ({language.upper()})")
    return _macro(reply, f"{reply.name}.{language}", title, reply.body(language), texts)


def _folder(texts: Texts, title: str) -> str:
    """Zendesk shows what is before the colons as a folder."""
    return f"{texts.say('zendesk.macros')}::{title}"


def _macro(reply: Reply, name: str, title: str, text: str, texts: Texts) -> Resource:
    actions: list[Row] = [
        {"field": "comment_value", "value": text},
        {"field": "comment_mode_is_public", "value": "false" if reply.private else "true"},
    ]
    if reply.tags:
        actions.append({"field": "current_tags", "value": " ".join(sorted(reply.tags))})
    if _asks(reply):
        actions.append({"field": _BLOCKS, "value": "1"})
    return Resource(
        kind="macro",
        name=name,
        title=title,
        body={
            "title": title,
            "description": texts.say("zendesk.macro.more", clauses=", ".join(reply.clauses)),
            "active": True,
            "actions": actions,
        },
    )
