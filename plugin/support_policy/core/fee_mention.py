"""Whether somebody else's text speaks of the fee: such a text asks without leaving a proof."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from support_policy.core.policy import Fee

LONGEST = 100_000
"""Characters of a text that are read."""

_TAG = re.compile(r"<[^<>]{0,1000}>")
_WORDS = re.compile(
    r"\b(?:advanced[ -]{1,3}supports?|(?:soutien|support|assistance)(?: technique)? avancee?"
    r"|support fees?|frais (?:de |d')(?:soutien|support|assistance))\b"
)
_SYMBOLS = {"CAD": r"\$", "USD": r"\$", "EUR": "€", "GBP": "£"}
_CODES = {"CAD": "cad|cdn", "USD": "usd"}
_PER = r"(?:an?|each|every|per|par|chaque|de l'|l'|/) ?(?:hour|hr|h|heure|block|bloc)\b"
# A decimal with one of these behind it measures something, or is part of a version.
_MEASURED = r"(?! ?(?:%|[kmgt]?[bo]\b|[kmgt]io?b?\b|m?s\b|px\b|pt\b|degr))"


def mentions_fee(text: str, fee: Fee) -> bool:
    """Whether a text, plain or HTML, names the fee's amount or calls the fee by its name."""
    return bool(fee_words(text, fee))


def fee_words(text: str, fee: Fee) -> str:
    """The first words by which a text mentions the fee, in small letters; empty for none."""
    text = html.unescape(text[:LONGEST])
    # A tag may stand inside a word or an amount, or be all that is between two of them.
    variants = (_TAG.sub("", text), _TAG.sub(" ", text))
    return next((words for each in variants if (words := _mention(_plain(each), fee))), "")


def _mention(text: str, fee: Fee) -> str:
    found = _WORDS.search(text) or _amount(fee).search(text)
    return found[0].strip() if found else ""


def _plain(text: str) -> str:
    """Small letters without accents, one space between words, straight apostrophes."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'"))
    kept = (c for c in bare if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join("".join(kept).lower().split())


@cache
def _amount(fee: Fee) -> re.Pattern[str]:
    """The fee's amount, which something shows to be money."""
    whole, cents = f"{fee.amount:,.2f}".split(".")
    number = whole.replace(",", "[ ,.']?")
    exact = rf"(?<![\w.,#-]){number}[.,]{cents}(?![\w]|[.,]\d){_MEASURED}"
    loose = rf"{number}(?:[.,]{'00?' if cents == '00' else cents})"
    loose += ("?" if cents == "00" else "") + r"(?!\d|[.,]\d)"
    code = _CODES.get(fee.currency, re.escape(fee.currency.lower()))
    sign = _SYMBOLS.get(fee.currency, rf"\b(?:{code})")
    before = rf"(?:{sign}|\b(?:{code}) ?(?:{sign})?) ?{loose}"
    after = rf"(?<![\w.,#-]){loose} ?(?:-? ?{sign}|(?:{code})\b|(?:canadian )?dollars?\b|{_PER})"
    return re.compile(f"{before}|{after}|{exact}")
