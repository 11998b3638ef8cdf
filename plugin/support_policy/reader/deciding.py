"""Which words decided: the few stretches of a message that speak most for its category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from support_policy.reader.features import (
    fact_feature,
    in_subject,
    letter_features,
    pairs,
    word_feature,
)
from support_policy.reader.phrases import Hit
from support_policy.reader.tokens import Tokens

Gains = Mapping[int, float]
Span = tuple[int, int]

SHOWN = 3
"""Stretches that are named at most: what a person reads at a glance."""
LONGEST = 6
"""Words of a stretch at most."""
_WORTH = 0.35
_EDGE = 0.08
_FILLERS = frozenset(
    word
    for words in (
        "the a an to of in on at for with from by and or but my our your is are was be it that",
        "this i we you what when which as so le la les un une des du de et ou mais mon ma mes",
        "notre nos votre vos que qui se sa ses son leur l d s n j c m t qu a au aux en pour par",
        "sur dans il elle on je nous vous ils ce cette est sont",
    )
    for word in words.split()
)


def deciding(
    words: list[str],
    tokens: Tokens,
    subject_words: int,
    found: Mapping[str, Sequence[Hit]],
    gains: Gains,
) -> tuple[Span, ...]:
    """The first and last word of each stretch, in the order of the text.

    ``gains`` says how much each feature speaks for the category that was chosen.
    """
    speaks = _by_word(words, tokens.sentences, subject_words, gains)
    _add_facts(speaks, subject_words, found, gains)
    spans: list[Span] = []
    least = 0.0
    while len(spans) < SHOWN:
        first, last, gain = _best_stretch(speaks, tokens.clauses)
        if gain <= least:
            break
        least = least or gain * _WORTH
        spans.append(_trimmed(words, speaks, first, last, gain * _EDGE))
        speaks[first : last + 1] = [-inf] * (last + 1 - first)
    return tuple(sorted(spans))


def _by_word(
    words: list[str], sentences: list[int], subject_words: int, gains: Gains
) -> list[float]:
    """How much each word speaks for the category, by itself and with its neighbours."""
    own = [word_feature(word) for word in words]
    of_word = {
        word: gains.get(word_feature(word), 0.0)
        + sum([gains[group] for group in letter_features(word) & gains.keys()])
        for word in set(words)
    }
    speaks = [of_word[word] for word in words]
    for at in range(subject_words):
        speaks[at] += gains.get(in_subject(own[at]), 0.0)
    for at, together in enumerate(pairs(own, sentences)):
        if together in gains:
            speaks[at] += gains[together] / 2
            speaks[at + 1] += gains[together] / 2
    return speaks


def _add_facts(
    speaks: list[float], subject_words: int, found: Mapping[str, Sequence[Hit]], gains: Gains
) -> None:
    """A fact speaks through its words, each as much as the others."""
    for name, hits in found.items():
        feature = fact_feature(name)
        for hit in hits[:SHOWN]:
            gain = gains.get(feature, 0.0)
            if hit.first < subject_words:
                gain += gains.get(in_subject(feature), 0.0)
            share = gain / (hit.last - hit.first + 1)
            for at in range(hit.first, hit.last + 1):
                speaks[at] += share


def _best_stretch(speaks: list[float], clauses: list[int]) -> tuple[int, int, float]:
    """The stretch inside one clause that speaks most, and how much."""
    best = (0, 0, 0.0)
    begin, total, clause = 0, 0.0, -1
    for at, gain in enumerate(speaks):
        if total <= 0 or clauses[at] != clause or at - begin >= LONGEST:
            begin, total, clause = at, 0.0, clauses[at]
        total += gain
        if total > best[2]:
            best = (begin, at, total)
    return best


def _trimmed(words: list[str], speaks: list[float], first: int, last: int, least: float) -> Span:
    """Without the words at its ends that hardly say anything."""
    while first < last and (speaks[first] < least or words[first] in _FILLERS):
        first += 1
    while last > first and (speaks[last] < least or words[last] in _FILLERS):
        last -= 1
    return first, last
