"""Money in replies: how an amount is written, and which amounts a reply may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from support_policy.core.policy import Fee

_CODES = {"CAD": {"en": "CDN", "fr": "CA"}, "USD": {"en": "US", "fr": "US"}}
_AMOUNT = {
    "en": re.compile(r"\$(?P<amount>\d[\d,]{0,12}\.\d\d) (?:CDN \(CAD\)|US \(USD\))"),
    "fr": re.compile(r"(?P<amount>\d[\d ]{0,12},\d\d) \$ (?:CA \(CAD\)|US \(USD\))"),
}
_BARE = re.compile(
    r"\$|\d ?(?:canadian )?dollars?\b|\d ?(?:CAD|CDN|USD)\b|\b(?:CAD|CDN|USD) ?\d", re.IGNORECASE
)
# A number with one of these behind it is no amount.
_COUNTED = r"(?![\d:%]|[.,]\d| ?%|[ -](?:blocks?|blocs?|min|hours?|heures?|h|days?|jours?)\b)"
_MINUTES = re.compile(r"\d ?min(?:ute)?s?\b", re.IGNORECASE)
_BLOCK = re.compile(r"\bblocks?\b|\bblocs?\b", re.IGNORECASE)
_ABOUT_FEE = re.compile(
    r"\bblocks?\b|\bfees?\b|\badvanced support\b|\bblocs?\b|\bfrais\b|\bsoutien avancé\b",
    re.IGNORECASE,
)
_NO_BREAK = "\u00a0"


def written(amount: Decimal, currency: str, language: str) -> str:
    """An amount whose currency nobody can mistake: a dollar never stands without its code."""
    code = _CODES.get(currency, {}).get(language, "")
    number, dollar = f"{amount:,.2f}", "$" if code else ""
    if language == "fr":
        number = number.replace(",", _NO_BREAK).replace(".", ",")
        end = f"({currency})" if code else currency
        return _NO_BREAK.join(each for each in (number, dollar, code) if each) + f" {end}"
    return f"{dollar}{number} {code} ({currency})" if code else f"{number} {currency}"


def misspelled(sentence: str, language: str, fee: Fee | None) -> Iterator[tuple[str, str]]:
    """What is wrong with the amounts of a sentence, and how to write them."""
    if _BARE.search(_AMOUNT[language].sub("", sentence)):
        price = (fee.amount, fee.currency) if fee else (Decimal(10), "CAD")
        like = written(*price, language)
        yield "has an amount whose currency is not spelled out", f'Write it as "{like}".'


def names_fee(sentence: str, language: str, fee: Fee | None) -> bool:
    """Whether a sentence tells what advanced support costs."""
    found = amounts(sentence, language)
    if _ABOUT_FEE.search(sentence):
        return bool(found or _BARE.search(sentence) or (fee and _says(sentence, fee.amount)))
    return bool(fee and fee.amount in found)


def names_length(sentence: str) -> bool:
    """Whether a sentence tells in figures how long a block is, or what a time comes to."""
    return bool(_BLOCK.search(sentence) and _MINUTES.search(sentence))


def names_amount(sentence: str, language: str, fee: Fee | None) -> bool:
    """Whether a sentence has any money in it, or the fee's number."""
    money = _AMOUNT[language].search(sentence) or _BARE.search(sentence)
    return bool(money or (fee and _says(sentence, fee.amount)))


def amounts(text: str, language: str) -> tuple[Decimal, ...]:
    """Every amount of a text that is written as it should be; spaces must be plain ones."""
    return tuple(_decimal(each["amount"], language) for each in _AMOUNT[language].finditer(text))


def _says(sentence: str, amount: Decimal) -> bool:
    """Whether the sentence has this amount, without any currency."""
    whole, cents = f"{amount:.2f}".split(".")
    rest = rf"(?:[.,]{cents})?" if cents == "00" else rf"[.,]{cents}"
    return bool(re.search(rf"(?<![\w.,#]){whole}{rest}{_COUNTED}", sentence))


def _decimal(spelled: str, language: str) -> Decimal:
    thousands, point = (" ", ",") if language == "fr" else (",", ".")
    return Decimal(spelled.replace(thousands, "").replace(point, "."))
