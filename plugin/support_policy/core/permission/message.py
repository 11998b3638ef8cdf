"""What is written to a customer about paid help: a reply with its places filled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from support_policy.core.explain import Texts
from support_policy.core.reply import Reply
from support_policy.core.reply_price import written

_PLACE = re.compile(r"\{(\w+)\}")
_KEPT_UNSEEN = "\u200c\u200d"  # some scripts and emoji are joined, or kept apart, by these
_SPACES = re.compile(r"[ \t]{2,}")
_OTHER = {"en": "fr", "fr": "en"}
# (what stands above everything, what stands above the second text), by the second's language.
_HEADINGS = {
    "en": ("—— English version below ——", "—— English version ——"),
    "fr": ("—— Version française ci-dessous ——", "—— Version française ——"),
}
_BLOCKS = {"en": ("block", "blocks"), "fr": ("bloc", "blocs")}
_INSTANTS = {
    "en": ("en_CA", "EEE d MMM y, HH:mm (zzz)"),
    "fr": ("fr_CA", "EEE d MMM y, H 'h' mm (zzz)"),
}
_MINUTE = timedelta(minutes=1)


def fill(reply: Reply, language: str, values: Mapping[str, str]) -> str:
    """The body with its places filled in one pass: what stands in a value is never a place.

    LookupError when a value is missing, or the language.
    """
    return _PLACE.sub(lambda place: one_line(values[place[1]]), reply.body(language))


def bilingual(reply: Reply, values: Mapping[str, Mapping[str, str]], first: str) -> str:
    """The text in both languages, each with its own values; French first if ``first`` is French."""
    first = "fr" if first == "fr" else "en"
    second = _OTHER[first]
    above, between = _HEADINGS[second]
    parts = (above, fill(reply, first, values[first]), between, fill(reply, second, values[second]))
    return "\n\n".join(parts)


def one_line(value: str) -> str:
    """A value as it may stand inside a sentence: without line breaks and what no eye sees."""
    shown = "".join(_visible(each) for each in value)
    return _SPACES.sub(" ", shown).strip()


def reason_text(reason: str, texts: Texts) -> str:
    """Why something is not included, ``outside`` or ``correction``; LookupError for another."""
    if reason not in {"outside", "correction"}:
        raise LookupError(f"there is no reason {reason!r}")
    return texts.say("fee.reason.outside" if reason == "outside" else "fee.reason.correction")


def blocks_text(blocks: int, language: str) -> str:
    """A number of blocks with the word; French has one form for none and for one."""
    one, many = _BLOCKS[language]
    single = blocks == 1 or (blocks == 0 and language == "fr")
    return f"{blocks} {one if single else many}"


def amount_text(amount: Decimal, currency: str, language: str) -> str:
    """Money with its currency spelled out."""
    return written(amount, currency, language)


def deadline_text(at: datetime, zone: str, language: str) -> str:
    """A moment with its weekday and the name of the zone's time: an answer depends on it."""
    if at.tzinfo is None:
        raise ValueError("at must carry a time zone")
    locale, pattern = _INSTANTS[language]
    return format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=locale)


def used_text(used: timedelta, language: str) -> str:
    """A time that was worked, the same in both languages, in whole minutes.

    A minute that was begun counts, so that 60 minutes and a second do not read as one block.
    """
    if language not in _OTHER:
        raise LookupError(f"there is no language {language!r}")
    hours, minutes = divmod(-(-max(used, timedelta(0)) // _MINUTE), 60)
    spoken = [f"{hours} h"] if hours else []
    return " ".join([*spoken, f"{minutes} min"] if minutes or not hours else spoken)


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Zl", "Zp"}:
        return " "
    # Marks of direction can turn an amount around; a lone half of a pair cannot be sent.
    unseen = kind in {"Cf", "Cs"} and character not in _KEPT_UNSEEN
    return "" if unseen else character
