"""Lines of a signature: names, titles, companies, numbers and addresses."""

from __future__ import annotations

import re

from support_policy.core.permission.given_names import GIVEN_NAMES
from support_policy.core.permission.harmless_wording import (
    COMPANIES,
    CONNECTORS,
    DEVICE_BEGINS,
    DEVICES,
    PLACES,
    STREETS,
    TITLES,
)
from support_policy.core.permission.plain_words import has_alarm, plain, words_of

_LABEL = (
    r"(?:(?:tel|telephone|phone|cell|cellulaire|mobile|mob|fax|telec|telecopieur|office|bureau"
    r"|direct|ligne directe|toll[ -]free|sans frais|[tcmpfdob])\b[ .:]*)?"
)
_EXTENSION = r"(?:[ ,]*(?:x|ext|ext\.|poste|extension|#)[ .:]*\d{1,6})?"
_PHONE = re.compile(
    rf"{_LABEL}(?:(?:\+?1[ .-]?)?(?:\(\d{{3}}\)|\d{{3}})[ .-]?\d{{3}}[ .-]\d{{4}}"
    rf"|\+\d[\d .()-]{{7,18}})"
    rf"{_EXTENSION}(?: ?\((?:cell|mobile|bureau|office|fax)\))?"
)
_LINK = r"(?: ?<[^<> ]{1,200}>)?"
_MAIL = re.compile(
    rf"(?:(?:e-?mail|courriel|mail|[em])[ .:]+)?[\w.+-]{{1,64}}@[\w.-]{{1,190}}{_LINK}"
)
_SITE = re.compile(
    r"(?:(?:web|site(?: web)?|website|w)[ .:]+)?(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|ca|org|net|quebec|fr|io|co|biz|info|eu|uk|us|dev|tech|app|shop|store|online|ms|example)"
    rf"(?:/[\w./-]{{0,60}})?{_LINK}"
)
_POSTAL = re.compile(r"\b[a-z]\d[a-z] ?-?\d[a-z]\d\b")
_CIVIC = re.compile(r"\d{1,6}[a-z]?(?:-\d{1,6})?,? ")
_SPLIT_LABELS = re.compile(r"<[^<>]{0,200}>")
_SMALL = CONNECTORS | TITLES | COMPANIES | STREETS | PLACES
_ELIDED = re.compile(r"[dl]['’]\w")
_MOST_WORDS = 10
_MOST_NAME_WORDS = 4
_MOST_DEVICE_WORDS = 14


def is_contact(line: str) -> bool:
    """A telephone number, an e-mail address, a web site or a postal address."""
    words = plain(line)
    if len(words) > 300:
        return False
    if _PHONE.fullmatch(words) or _MAIL.fullmatch(words):
        return True
    if _SITE.fullmatch(words):
        return not has_alarm(_SPLIT_LABELS.sub("", words))
    return _is_address(line, words)


def _is_address(line: str, words: str) -> bool:
    tokens = words_of(_POSTAL.sub(" ", words))
    if (
        len(tokens) > _MOST_WORDS
        or has_alarm(words)
        or not _is_titled(_POSTAL.sub(" ", words), line)
    ):
        return False
    if _POSTAL.search(words) or (tokens and set(tokens) <= PLACES | CONNECTORS):
        return all(not token.isdigit() or len(token) <= 6 for token in tokens)
    return not STREETS.isdisjoint(tokens) and (
        bool(_CIVIC.match(words)) or any(token.isdigit() for token in tokens)
    )


def is_known_name(line: str, sender: frozenset[str]) -> bool:
    """A name that the sender's address or a list of given names bears out."""
    words = plain(line).strip(" .,-*_")
    tokens = words_of(words)
    if not 1 <= len(tokens) <= _MOST_NAME_WORDS or not _is_wordy(words) or has_alarm(words):
        return False
    if set(tokens) <= sender or "".join(tokens) in sender:
        return True
    known = not (sender | GIVEN_NAMES).isdisjoint(tokens) and tokens[0] not in CONNECTORS
    return known and (len(tokens) == 1 or _is_titled(words, line))


def is_title(line: str) -> bool:
    """A post or a company, as it stands below a name."""
    words = plain(line).strip(" .,-*_")
    tokens = words_of(words)
    return (
        1 <= len(tokens) <= _MOST_WORDS
        and not (TITLES | COMPANIES).isdisjoint(tokens)
        and not has_alarm(words)
        and _is_titled(words, line)
    )


def is_titled_line(line: str) -> bool:
    """A few words with capitals, which after a closing are most likely a name or a company.

    A single word with a capital may as well begin a sentence, and words all in capitals shout one.
    """
    words = plain(line).strip(" .,-*_")
    tokens = words_of(words)
    return (
        2 <= len(tokens) <= _MOST_NAME_WORDS
        and tokens[0] not in CONNECTORS
        and _is_wordy(words)
        and not has_alarm(words)
        and not line.isupper()
        and _is_titled(words, line)
    )


def is_device(line: str) -> bool:
    """What telephones and mail programs write below a mail."""
    words = _SPLIT_LABELS.sub("", plain(line)).strip(" .-*_")
    tokens = words_of(words)
    begin = next((each for each in DEVICE_BEGINS if words.startswith(each)), "")
    return (
        bool(begin)
        and len(tokens) <= _MOST_DEVICE_WORDS
        and not DEVICES.isdisjoint(tokens)
        and not has_alarm(words.removeprefix(begin))
    )


def _is_wordy(words: str) -> bool:
    return words.isascii() and re.fullmatch(r"[a-z' .&-]+", words) is not None


def _is_titled(words: str, line: str) -> bool:
    """Whether every word but the small ones begins with a capital."""
    if not words.isascii():
        return False
    shown = [each.strip("()[]*_\"'.,:;&-") for each in line.split()]
    return all(
        not each or not each[0].islower() or plain(each) in _SMALL or _ELIDED.match(each)
        for each in shown
    )
