"""What the model looks at in a message: words, pairs of words, letter groups, and facts.

Each is a number of 32 bits. A model keeps those it learnt about; what it has never seen counts
for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from zlib import crc32

from support_policy.reader.phrases import Hit
from support_policy.reader.tokens import ADDRESS, DOMAIN, HOST_NUMBER, Tokens

_GROUP = 3
_LONGEST = 40
_IN_SUBJECT = 0x5BD1E995
_PAIR = 0x01000193
_BITS = 0xFFFFFFFF
_KINDS = frozenset([DOMAIN, ADDRESS, HOST_NUMBER])


def spoken(tokens: Tokens, told: Iterable[Hit] = ()) -> list[str]:
    """The words as the model sees them: a host, an address or an IP is only its kind.

    What stands in ``told``, to the end of its sentence, is empty: it counts for nothing.
    """
    words = [
        kind if kind in _KINDS else word[:_LONGEST]
        for word, kind in zip(tokens.words, tokens.kinds, strict=True)
    ]
    for hit in told:
        at = hit.first
        while at < len(words) and tokens.sentences[at] == tokens.sentences[hit.first]:
            words[at] = ""
            at += 1
    return words


@lru_cache(maxsize=8_192)
def word_feature(word: str) -> int:
    """The word itself; 0 for none."""
    return crc32(b"w" + word.encode("utf-8", "surrogatepass")) if word else 0


@lru_cache(maxsize=8_192)
def letter_features(word: str) -> frozenset[int]:
    """Its groups of three letters, which see through most typing errors."""
    if not word or word in _KINDS:
        return frozenset()
    edged = f"<{word[:_LONGEST]}>".encode("utf-32-le", "surrogatepass")
    length = len(edged) // 4
    return frozenset(crc32(edged[4 * at : 4 * (at + _GROUP)]) for at in range(length - _GROUP + 1))


@lru_cache(maxsize=4_096)
def fact_feature(name: str) -> int:
    """A fact that the terms found."""
    return crc32(b"f" + name.encode())


def in_subject(feature: int) -> int:
    """The same, said in the subject line."""
    return feature ^ _IN_SUBJECT


def pairs(own: list[int], sentences: list[int]) -> list[int]:
    """For every word its pair with the next one of the same sentence; 0 where there is none."""
    return [
        ((one * _PAIR) ^ other) & _BITS if one and other and here == there else 0
        for one, other, here, there in zip(own, own[1:], sentences, sentences[1:], strict=False)
    ]


def message_features(
    words: list[str],
    sentences: list[int],
    subject_words: int,
    found: Mapping[str, Sequence[Hit]],
) -> dict[str, set[int]]:
    """Everything in one message, each once, by kind; ``found`` are the facts, parts included."""
    own = [word_feature(word) for word in words]
    subject_facts = {name for name, hits in found.items() if hits[0].first < subject_words}
    kinds = {
        "word": set(own),
        "subject": {in_subject(each) for each in own[:subject_words] if each},
        "pair": set(pairs(own, sentences)),
        "letters": set().union(*map(letter_features, set(words))),
        "fact": set(map(fact_feature, found)),
        "subject fact": {in_subject(fact_feature(name)) for name in subject_facts},
    }
    kinds["word"].discard(0)
    kinds["pair"].discard(0)
    return kinds
