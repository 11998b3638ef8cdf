"""Lines of a signature: names, posts, firms, numbers and addresses."""

from __future__ import annotations

import re
import unicodedata

from support_policy.core.permission.given_names import GIVEN_NAMES
from support_policy.core.permission.plain_words import has_alarm, plain, words_of
from support_policy.core.permission.sentence_words import (
    is_sentence_word,
    is_told_of,
    may_be_name,
)
from support_policy.core.permission.signature_wording import (
    COMPANIES,
    CONNECTORS,
    DEPARTMENTS,
    DEVICE_BEGINS,
    DEVICE_WORDS,
    DEVICES,
    FIELDS,
    PLACES,
    STREETS,
    TITLES,
)

_LABEL = (
    r"(?:(?:tel|telephone|phone|cell|cellulaire|mobile|mob|fax|telec|telecopieur|office|bureau"
    r"|direct|ligne directe|toll[ -]free|sans frais|[tcmpfdob])\b[ .:]*)?"
)
_EXTENSION = r"(?:[ ,]*(?:x|ext|ext\.|poste|extension|#)[ .:]*\d{1,6})?"
_PHONE = re.compile(
    rf"{_LABEL}(?:(?:\+?1[ .-]?)?(?:\(\d{{3}}\)|\d{{3}})[ .-]?\d{{3}}[ .-]\d{{4}}"
    rf"|\+\d[\d .()-]{{7,18}}|0\d(?:[ .-]?\d\d){{4}})"
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
_SMALL = CONNECTORS | TITLES | FIELDS | COMPANIES | STREETS | PLACES
_FIRM_WORDS = COMPANIES | CONNECTORS | PLACES
_HONORIFIC = re.compile(r"(?:Me|M\.|Mme|Mlle|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Dre|Prof\.) (?=[A-Z]\S* \S)")
_ELIDED = re.compile(r"[dl]['’]\w")
# "Chargé de projets" is a post, and "charge" a word of money.
_IN_CHARGE = re.compile(r"chargee? (?:de|du|des|d') ?")
_INITIALS = r"(?:[A-Z]\.){1,2}"
_ONE_NAME = r"(?:(?:O|D|L|Mc|Mac|St|Ste)['’.-]?)?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿœ]{1,14}"
_FULL_NAME = rf"{_ONE_NAME}(?:-{_ONE_NAME}){{0,2}}"
_NAMES = re.compile(rf"(?:{_INITIALS} ){{0,2}}{_FULL_NAME}(?: (?:{_INITIALS}|{_FULL_NAME})){{0,2}}")
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "von", "van", "and", "et"})
_HONORIFICS = frozenset({"mr", "mrs", "ms", "mme", "mlle", "dr", "dre", "prof", "miss"})
_PARTICIPLE = re.compile(r"ée?s?$")  # "Résigné" is said of oneself
_MOST_WORDS = 10
_MOST_NAME_WORDS = 4
_MOST_NAMES = 3
_MOST_FIRM_WORDS = 6
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
    rest = _POSTAL.sub(" ", words)
    tokens = words_of(rest)
    odd = set(tokens) - PLACES - CONNECTORS - STREETS
    if len(tokens) > _MOST_WORDS or any(map(is_sentence_word, odd)):
        return False
    if has_alarm(words) or not _is_titled(rest, line):
        return False
    if _POSTAL.search(words) or (not odd - STREETS and _names_a_place(tokens, line)):
        return all(not token.isdigit() or len(token) <= 6 for token in tokens)
    return not STREETS.isdisjoint(tokens) and (
        bool(_CIVIC.match(words)) or any(token.isdigit() for token in tokens)
    )


def _names_a_place(tokens: list[str], line: str) -> bool:
    """Whether there is a town or province; its two letters are capitals ("ON", not "on")."""
    return bool(tokens) and any(
        token in PLACES and (len(token) > 2 or token.upper() in line) for token in tokens
    )


def is_known_name(line: str, sender: frozenset[str]) -> bool:
    """A name that the sender's address or a list of given names bears out."""
    words = plain(line).strip(" .,-*_")
    tokens = words_of(words)
    if not 1 <= len(tokens) <= _MOST_NAME_WORDS or not _is_wordy(words) or has_alarm(words):
        return False
    if "'s" in words:  # "Bob's Ghost"
        return False
    if set(tokens) <= sender or "".join(tokens) in sender:
        return len(tokens) > 1 or not is_sentence_word(tokens[0])
    known = sender | GIVEN_NAMES
    rest = [each for each in tokens if each not in _PARTICLES | known and len(each) > 1]
    # What stands before a name may be what somebody is to do with it: "Consult Marie".
    first = tokens[0] in known | _HONORIFICS or len(tokens[0]) == 1
    if not first or known.isdisjoint(tokens) or any(map(_says_something, rest)):
        return False
    return len(tokens) == 1 or _is_titled(words, line)


def _says_something(word: str) -> bool:
    return is_sentence_word(word) or is_told_of(word) or word in CONNECTORS


def is_likely_name(line: str) -> bool:
    """One to three words written as names are, none of which says anything."""
    line = _HONORIFIC.sub("", unicodedata.normalize("NFC", line))
    if not _NAMES.fullmatch(line) or len(line.split()) > _MOST_NAMES:
        return False
    words = plain(line)
    tokens = [each for each in words_of(words) if len(each) > 1]
    if len(tokens) == 1 and _PARTICIPLE.search(line) and tokens[0] not in GIVEN_NAMES:
        return False
    return not has_alarm(words) and all(each in GIVEN_NAMES or may_be_name(each) for each in tokens)


def is_title(line: str) -> bool:
    """A post or a department, in words of posts and fields of work only."""
    words = _IN_CHARGE.sub("responsable ", plain(line).strip(" .,-*_&"), count=1)
    tokens = [each for each in words_of(words) if each not in CONNECTORS]
    return (
        1 <= len(tokens) <= _MOST_WORDS
        and words.isascii()
        and not (TITLES | DEPARTMENTS).isdisjoint(tokens)
        and set(tokens) <= TITLES | FIELDS | PLACES
        and not has_alarm(words)
    )


def is_firm(line: str) -> bool:
    """A firm, as it stands below a name: with a word of firms, or else of two words or more."""
    words = plain(line).strip(" .,-*_")
    tokens = words_of(words)
    return (
        1 <= len(tokens) <= _MOST_FIRM_WORDS
        and (not COMPANIES.isdisjoint(tokens) or _may_be_firm(tokens, line))
        and tokens[0] not in CONNECTORS
        and len(tokens[-1]) > 1
        and _is_wordy(words)
        and not has_alarm(words)
        and all(each in _FIRM_WORDS or may_be_name(each) for each in tokens)
        and _is_titled(words, line)
    )


def _may_be_firm(tokens: list[str], line: str) -> bool:
    """Two words or more, not shouted; with a word of posts it would be a post nobody knows."""
    return len(tokens) > 1 and not line.isupper() and TITLES.isdisjoint(tokens)


def is_device(line: str) -> bool:
    """What telephones and mail programs write below a mail."""
    words = _SPLIT_LABELS.sub("", plain(line)).strip(" .-*_")
    begin = next((each for each in DEVICE_BEGINS if words.startswith(each)), "")
    tokens = words_of(words.removeprefix(begin))
    return (
        bool(begin)
        and len(tokens) <= _MOST_DEVICE_WORDS
        and not DEVICES.isdisjoint(words_of(words))
        and all(
            each in DEVICE_WORDS or _is_model(each, before)
            for each, before in zip(tokens, ["", *tokens], strict=False)
        )
    )


def _is_model(word: str, before: str) -> bool:
    """The name of a device, such as s21 or 5g, or a number behind one, as in "Windows 11"."""
    if re.fullmatch(r"[a-z]\d{1,3}[a-z]?|\dg", word):
        return True
    return (
        word.isdigit()
        and len(word) <= 2
        and before in {"iphone", "windows", "pixel", "note", "blackberry"}
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
