"""Whether both languages of a text are in step: they fill, count and price the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from support_policy.core.reply import places_of
from support_policy.core.reply_price import amounts
from support_policy.core.text_lint import plain

_BETWEEN = re.compile(r"\n\s*\n")
_OTHER = {"en": "fr", "fr": "en"}


def out_of_step(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The language that is behind the other, and what it lacks; ``texts`` by language."""
    places = {language: places_of(texts.get(language, "")) for language in _OTHER}
    for name in sorted(places["en"] ^ places["fr"]):
        lacks = "fr" if name in places["en"] else "en"
        yield lacks, f"lacks {{{name}}}, which the other language has"
    if all(texts.get(language) for language in _OTHER):
        yield from _paragraphs(texts)
        yield from _amounts(texts)


def _paragraphs(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    english, french = (len(_BETWEEN.split(texts[language].strip())) for language in ("en", "fr"))
    if english != french:
        yield "fr", f"has {french} paragraphs where the other language has {english}"


def _amounts(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    found: dict[str, Counter[Decimal]] = {
        language: Counter(amounts(plain(texts[language]), language)) for language in _OTHER
    }
    for language, other in _OTHER.items():
        for amount in sorted((found[other] - found[language]).keys()):
            yield language, f"lacks the amount {amount}, which the other language has"
