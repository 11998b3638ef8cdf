"""Our replies as macros: in the customer's language by dynamic content, or one for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from support_policy.core.reply import Reply
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.resource import Resource

LANGUAGES = ("en", "fr")
_FOLDER = "Support Policy::"  # Zendesk shows what is before the colons as a folder


def macros(replies: Sequence[Reply], account: Account) -> Iterator[Resource | str]:
    """The things for every reply, and what is left out."""
    spoken = _spoken(account) if account.has("dynamic_content") else ()
    if not account.has("dynamic_content"):
        yield "dynamic content: the account's plan has none, so each macro is there twice"
    elif not spoken:
        yield "dynamic content: the account speaks no English, so each macro is there twice"
    for reply in replies:
        if reply.needs_answer:
            yield f"macro {reply.title('en')!r}: the service cannot answer it yet"
        elif reply.places:
            yield f"macro {reply.title('en')!r}: only the service can fill its places"
        elif spoken:
            yield from _with_content(reply, spoken)
        else:
            yield from (_one_language(reply, language) for language in LANGUAGES)


def _spoken(account: Account) -> tuple[tuple[str, int], ...]:
    """The account's locales of our languages, English first: it is what others fall back on.

    Every one of them: a customer whose locale is fr-ca is not shown what is there for fr.
    """
    known = sorted(account.locales, key=lambda each: (each[0] != "en-us", each[0]))
    spoken = [each for spoken in LANGUAGES for each in known if each[0].partition("-")[0] == spoken]
    return tuple(spoken) if spoken and spoken[0][0].startswith("en") else ()


def _with_content(reply: Reply, spoken: Sequence[tuple[str, int]]) -> Iterator[Resource]:
    name = f"support_policy_{re.sub(r'[^a-z0-9]+', '_', reply.name.lower())}"
    variants = [
        {"locale_id": number, "content": reply.body(locale.partition("-")[0]), "active": True}
        for locale, number in spoken
    ]
    yield Resource(
        kind="dynamic_content",
        name=reply.name,
        title=name,
        body={"name": name, "variants": variants},
        once={"default_locale_id": spoken[0][1]},
    )
    yield _macro(reply, reply.name, reply.title("en"), f"{{{{dc.{name}}}}}")


def _one_language(reply: Reply, language: str) -> Resource:
    title = f"{reply.title(language)} ({language.upper()})"
    return _macro(reply, f"{reply.name}.{language}", title, reply.body(language))


def _macro(reply: Reply, name: str, title: str, text: str) -> Resource:
    actions = [
        {"field": "comment_value", "value": text},
        {"field": "comment_mode_is_public", "value": "false" if reply.private else "true"},
    ]
    if reply.tags:
        actions.append({"field": "current_tags", "value": " ".join(sorted(reply.tags))})
    title = _FOLDER + title
    return Resource(
        kind="macro",
        name=name,
        title=title,
        body={
            "title": title,
            "description": f"Support policy, clause {', '.join(reply.clauses)}.",
            "active": True,
            "actions": actions,
        },
    )
