"""Macros of others that mention the fee: an agent who uses one asks without any record; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from support_policy.core.policy import Fee
from support_policy.core.reply_price import names_fee
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.resource import Ids, Row
from support_policy.texts import LANGUAGES

_WORDS = re.compile(
    r"\badvanced[ -]support\b|\bsupport avancé\b|\bsoutien avancé\b|\bfrais\b", re.IGNORECASE
)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_TAGS = re.compile(r"<[^>]*>")
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_MARKS = r"(?:CA|US|CDN|CAD|USD)?\s?\$|\b(?:CAD|CDN|USD)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeMention:
    """A macro that is not ours, and the words by which it mentions the fee."""

    id: str
    title: str
    words: str

    def __str__(self) -> str:
        return f"macro {self.title!r} ({self.id}) mentions the fee: {self.words!r}"


def fee_mentions(account: Account, known: Ids, fee: Fee | None) -> tuple[FeeMention, ...]:
    """The macros of an account that mention the fee and are not known to be ours."""
    ours = set(known.get("macro", {}).values())
    return tuple(
        FeeMention(id=str(row.get("id")), title=str(row.get("title") or ""), words=words)
        for row in account.rows.get("macro", ())
        if str(row.get("id")) not in ours and row.get("active") is not False
        if (words := _mention(_text(row, account), fee))
    )


def _text(row: Row, account: Account) -> str:
    """What a macro says, in every language that its dynamic content has."""
    parts = [str(row.get("title") or "")]
    for action in row.get("actions") or ():
        if str(action.get("field")).startswith("comment_value"):
            value = action.get("value")
            parts.append(str(value[-1] if isinstance(value, list) and value else value))
    contents = dict(_contents(account))
    text = "\n".join(parts)
    named = re.findall(r"\{\{\s*dc\.([\w.-]+)\s*\}\}", text)
    text = "\n".join([text, *(contents.get(name.lower(), "") for name in named)])
    return "\n".join(_SPACES.sub(" ", line) for line in _TAGS.sub(" ", text).splitlines())


def _contents(account: Account) -> Iterator[tuple[str, str]]:
    for item in account.rows.get("dynamic_content", ()):
        said = [str(each.get("content") or "") for each in item.get("variants") or ()]
        yield _placeholder(item), "\n".join(said)


def _placeholder(item: Mapping[str, object]) -> str:
    """The name of a dynamic content in texts; Zendesk makes it from the one that people gave it."""
    told = re.search(r"dc\.([\w.-]+)", str(item.get("placeholder") or ""))
    return (told[1] if told else re.sub(r"\W+", "_", str(item.get("name") or ""))).lower()


def _mention(text: str, fee: Fee | None) -> str | None:
    """The first words of a text by which it mentions the fee."""
    for expression in (_WORDS, *([_amount(fee.amount)] if fee else [])):
        if found := expression.search(text):
            return found[0].strip()
    for sentence in (each for line in text.splitlines() for each in _SENTENCES.split(line)):
        if any(names_fee(sentence, language, fee) for language in LANGUAGES):
            return sentence.strip()[:60]
    return None


def _amount(amount: Decimal) -> re.Pattern[str]:
    """The amount as people write it: its sign, code or name on either side, cents or none."""
    whole, cents = f"{amount:.2f}".split(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", r"[ ,.]?", whole)
    end = rf"(?:[.,]{cents})?" if cents == "00" else rf"[.,]{cents}"
    number = rf"(?<![\d.,]){grouped}{end}(?![\d]|[.,]\d)"
    return re.compile(
        rf"(?:{_MARKS})\s?{number}|{number}\s?(?:{_MARKS}|(?:canadian )?dollars?\b|piastres?\b)",
        re.IGNORECASE,
    )
