"""Phrases as an administrator writes them, found in one pass over the words of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from support_policy.reader.tokens import (
    ADDRESS,
    COUNT,
    DOMAIN,
    HOST_NUMBER,
    NUMBER,
    Tokens,
    tokenise,
)

MAX_GAP = 12
_NOTHING: frozenset[int] = frozenset()
_KINDS = frozenset([DOMAIN, ADDRESS, HOST_NUMBER, COUNT, NUMBER])


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact found at the words ``first`` to ``last`` (inclusive)."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Element:
    """One step of a phrase: words any of which may stand here, or a gap of up to ``gap`` words."""

    words: frozenset[str] = frozenset()
    optional: bool = False
    gap: int = 0


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A compiled phrase: its steps after the first, each a set of words by number, optional, gap.

    ``needed`` are the sets without which it cannot be found; ``second`` is the one that must
    stand right after the first word, 0 when none must.
    """

    name: str
    steps: tuple[tuple[int, bool, int], ...]
    needed: frozenset[int]
    second: int


@dataclass(frozen=True, slots=True)
class _Word:
    """What is known of one word: the sets it is in, and the phrases that may begin with it.

    ``alone`` are phrases of one word. The others are kept by the rarest set of words they cannot
    do without, so that most of them are passed over when a text has no such word.
    """

    sets: frozenset[int]
    alone: tuple[_Pattern, ...]
    longer: Mapping[int, tuple[_Pattern, ...]]


def parse_phrase(text: str, word_sets: Mapping[str, str]) -> tuple[_Element, ...]:
    """Read one phrase.

    Raises PhraseError when it is empty, begins or ends with a gap or an optional word, or names an
    unknown set of words.
    """
    elements: list[_Element] = []
    for part in text.split():
        elements.extend(_part(part, word_sets))
    if not elements:
        raise PhraseError("the phrase is empty")
    if elements[0].gap or elements[0].optional or elements[-1].gap:
        raise PhraseError("a phrase begins with a word that must be there, and ends with a word")
    return tuple(elements)


def written_out(text: str, shorthand: Mapping[str, Sequence[str]]) -> list[str]:
    """A phrase with each ``{name}`` replaced by every wording it stands for.

    Raises PhraseError for an unknown name.
    """
    done = [""]
    for part in text.split():
        wordings: Sequence[str] = [part]
        if part.startswith("{") and part.endswith("}"):
            if part[1:-1] not in shorthand:
                raise PhraseError(f"there is no shorthand {part!r}")
            wordings = shorthand[part[1:-1]]
        done = [f"{start} {wording}".strip() for start in done for wording in wordings]
    return done


def _part(part: str, word_sets: Mapping[str, str]) -> list[_Element]:
    if part.startswith("~"):
        if not part[1:].isdecimal() or not 1 <= int(part[1:]) <= MAX_GAP:
            raise PhraseError(f"{part!r} is not a gap such as ~3 (1 to {MAX_GAP} words)")
        return [_Element(gap=int(part[1:]))]
    optional = part.endswith("?") and len(part) > 1
    choices = part.removesuffix("?").split("|") if optional else part.split("|")
    if len(choices) == 1 and choices[0] not in _KINDS and not choices[0].startswith("@"):
        words = _folded(choices[0])
        return [_Element(words=frozenset([word]), optional=optional) for word in words]
    found: set[str] = set()
    for choice in choices:
        found.update(_choice(choice, word_sets))
    return [_Element(words=frozenset(found), optional=optional)]


def _choice(choice: str, word_sets: Mapping[str, str]) -> set[str]:
    if choice in _KINDS:
        return {choice}
    if choice.startswith("@"):
        if choice[1:] not in word_sets:
            raise PhraseError(f"there is no set of words {choice!r}")
        return {w for each in word_sets[choice[1:]].split("|") for w in _choice(each.strip(), {})}
    words = _folded(choice)
    if len(words) != 1:
        raise PhraseError(f"{choice!r} is not one word: alternatives are single words")
    return set(words)


@lru_cache(maxsize=16_384)
def _folded(text: str) -> tuple[str, ...]:
    """The words of a phrase's part, folded as a ticket's words are; a prefix keeps its star."""
    star = text.endswith("*")
    words = tokenise(text.removesuffix("*")).words
    if not words:
        raise PhraseError(f"{text!r} has no word in it")
    if star:
        words[-1] += "*"
    return tuple(words)


class Phrases:
    """Many phrases at once.

    Every distinct set of alternatives has a number. A word's sets are looked up once; a phrase is
    tried only where its first word stands, and only when its rarest word occurs in the text at all.
    """

    def __init__(self, phrases: Iterable[tuple[str, tuple[_Element, ...]]]) -> None:
        self._numbers: dict[frozenset[str], int] = {}
        self._exact: dict[str, set[int]] = {}
        self._prefixes: dict[str, set[int]] = {}
        self._starting: dict[int, list[_Pattern]] = {}
        self._uses: Counter[int] = Counter()
        for name, elements in phrases:
            self._add(name, elements)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._look_up = lru_cache(maxsize=16_384)(self._word)

    def _add(self, name: str, elements: tuple[_Element, ...]) -> None:
        numbers = [0 if element.gap else self._number(element.words) for element in elements]
        steps = tuple(
            (number, element.optional, element.gap)
            for number, element in zip(numbers[1:], elements[1:], strict=True)
        )
        needed = frozenset(number for number, optional, gap in steps if not optional and not gap)
        self._uses.update(needed)
        self._starting.setdefault(numbers[0], []).append(
            _Pattern(name, steps, needed, _second(steps))
        )

    def _number(self, words: frozenset[str]) -> int:
        known = self._numbers.get(words)
        if known is not None:
            return known
        number = len(self._numbers) + 1
        self._numbers[words] = number
        for word in words:
            table = self._prefixes if word.endswith("*") else self._exact
            table.setdefault(word.removesuffix("*"), set()).add(number)
        return number

    def _word(self, word: str, kind: str) -> _Word:
        sets = set(self._exact.get(word, ()))
        if kind:
            sets |= self._exact.get(kind, set())
        if kind == COUNT:
            sets |= self._exact.get(NUMBER, set())
        for length in self._prefix_lengths:
            if length > len(word):
                break
            sets |= self._prefixes.get(word[:length], set())
        alone: list[_Pattern] = []
        longer: dict[int, list[_Pattern]] = {}
        for number in sets:
            for pattern in self._starting.get(number, ()):
                if pattern.needed:
                    rarest = min(pattern.needed, key=lambda each: self._uses[each])
                    longer.setdefault(rarest, []).append(pattern)
                else:
                    alone.append(pattern)
        kept = {rarest: tuple(patterns) for rarest, patterns in longer.items()}
        return _Word(frozenset(sets), tuple(alone), kept)

    def find(self, tokens: Tokens) -> list[Hit]:
        """Every phrase in the text, in order; of one fact at one place only the longest."""
        words = [
            self._look_up(word, kind) for word, kind in zip(tokens.words, tokens.kinds, strict=True)
        ]
        sets = [word.sets for word in words]
        present: set[int] = set().union(*sets)
        possible: dict[int, list[_Pattern]] = {}
        ends = _sentence_ends(tokens.sentences)
        hits: list[Hit] = []
        for at, word in enumerate(words):
            if not word.sets:
                continue
            key = id(word)
            patterns = possible.get(key)
            if patterns is None:
                patterns = list(word.alone)
                for rarest in word.longer.keys() & present:
                    patterns += [p for p in word.longer[rarest] if p.needed <= present]
                possible[key] = patterns
            following = sets[at + 1] if at + 1 < ends[at] else _NOTHING
            longest: dict[str, int] = {}
            for pattern in patterns:
                if pattern.second and pattern.second not in following:
                    continue
                last = _last(pattern.steps, sets, at, ends[at])
                if last >= longest.get(pattern.name, at):
                    longest[pattern.name] = last
            hits.extend(Hit(name, at, last) for name, last in longest.items())
        return hits


def _second(steps: tuple[tuple[int, bool, int], ...]) -> int:
    number, optional, gap = steps[0] if steps else (0, False, 0)
    return 0 if optional or gap else number


def _sentence_ends(sentences: list[int]) -> list[int]:
    """For every word, the index just after its sentence."""
    ends = [0] * len(sentences)
    end = len(sentences)
    for at in range(len(sentences) - 1, -1, -1):
        if at + 1 < len(sentences) and sentences[at + 1] != sentences[at]:
            end = at + 1
        ends[at] = end
    return ends


def _last(
    steps: tuple[tuple[int, bool, int], ...], sets: list[frozenset[int]], at: int, end: int
) -> int:
    """The last word of the longest match that begins at ``at``; -1 when there is none.

    The places reached are walked step by step, so the work is bounded by phrase length times gap.
    """
    reached = [at + 1]
    for number, optional, gap in steps:
        if gap:
            top = min(reached[-1] + gap, end)
            reached = list(range(reached[0], top + 1))
            continue
        after = [place + 1 for place in reached if place < end and number in sets[place]]
        if optional:
            after = sorted({*reached, *after})
        if not after:
            return -1
        reached = after
    return reached[-1] - 1
