"""Words as they are compared: small letters, no accents, nothing unseen."""

from __future__ import annotations

import re
import unicodedata

from support_policy.core.permission.harmless_wording import ALARMS

_WORD = re.compile(r"[a-z0-9]+")
# Pronouns of somebody who says more, and marks of money and doubt; an initial has a full stop.
_ALARMING = re.compile(
    r"[$?€%£]|\bj'|\bi\b(?!\.)|\bje\b|\b(?:we|nous|vous|you)\b|\bp\.? ?s\b|\bn\.? ?b\b"
)


def plain(line: str) -> str:
    """A line in small letters, without accents and unseen characters, one blank between words."""
    if not line.isascii():
        bare = unicodedata.normalize("NFKD", line)
        line = "".join(each for each in bare if unicodedata.category(each) not in ("Mn", "Cf"))
        for kind in "’‘ʼ′´":
            line = line.replace(kind, "'")
        line = line.replace("œ", "oe").replace("Œ", "OE").replace("–", "-").replace("—", "-")
    return " ".join(line.lower().split())


def words_of(plain_line: str) -> list[str]:
    """The words and numbers of a plain line."""
    return _WORD.findall(plain_line)


def has_alarm(plain_line: str) -> bool:
    """Whether a plain line may hold a condition, a second thought, a question or a price."""
    return bool(_ALARMING.search(plain_line)) or not ALARMS.isdisjoint(words_of(plain_line))
