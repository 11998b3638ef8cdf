"""What follows from phrases found together: scopes that take facts back, counts, composed facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from support_policy.reader.phrases import Hit
from support_policy.reader.tokens import DOMAIN, Tokens, registered_domain

Found = dict[str, list[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Words that take back what other words said: "not", "if", "it works again".

    ``reach`` says which words the scope covers, seen from where ``by`` was found; ``words`` limits
    an ``after`` scope. ``becomes`` is reported in place of what was dropped.
    """

    by: str
    reach: str
    drops: frozenset[str]
    words: int = 0
    unless: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A fact found when at least this many different domains are named."""

    name: str
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A fact made of others; each item of ``every`` lists facts of which one is needed.

    ``within`` is "sentence", "message", or a number of words inside one sentence.
    """

    name: str
    every: tuple[tuple[str, ...], ...]
    none: tuple[str, ...] = ()
    within: str | int = "sentence"
    subject_only: bool = False

    @property
    def uses(self) -> frozenset[str]:
        """The facts this one depends on."""
        return frozenset(name for item in self.every for name in item) | frozenset(self.none)


def group(hits: Iterable[Hit]) -> Found:
    """Hits by fact, each list in the order of the text."""
    found: Found = {}
    for hit in hits:
        found.setdefault(hit.name, []).append(hit)
    return found


def in_order(composed: Mapping[str, Composed]) -> tuple[Composed, ...]:
    """Composed facts so that each comes after those it uses; graphlib.CycleError if none can."""
    graph = {name: each.uses & composed.keys() for name, each in composed.items()}
    return tuple(composed[name] for name in TopologicalSorter(graph).static_order())


def apply_scopes(found: Found, scopes: Iterable[Scope], tokens: Tokens) -> None:
    """Take back what the text itself takes back."""
    for scope in scopes:
        for opener in found.get(scope.by, ()):
            if not _excused(scope, opener, found, tokens):
                _apply(scope, opener, found, tokens)


def _excused(scope: Scope, opener: Hit, found: Found, tokens: Tokens) -> bool:
    sentence = tokens.sentences[opener.first]
    for name in scope.unless:
        for hit in found.get(name, ()):
            if tokens.sentences[hit.first] == sentence:
                return True
    return False


def _apply(scope: Scope, opener: Hit, found: Found, tokens: Tokens) -> None:
    dropped: list[Hit] = []
    for name in scope.drops & found.keys():
        kept: list[Hit] = []
        for hit in found[name]:
            covered = _covers(scope, opener, hit, tokens)
            (dropped if covered else kept).append(hit)
        if kept:
            found[name] = kept
        else:
            del found[name]
    if dropped and scope.becomes:
        first = min(dropped, key=lambda hit: hit.first)
        low, high = min(first.first, opener.first), max(first.last, opener.last)
        if tokens.sentences[low] != tokens.sentences[high]:
            low, high = opener.first, opener.last
        found.setdefault(scope.becomes, []).append(Hit(scope.becomes, low, high))


def _covers(scope: Scope, opener: Hit, hit: Hit, tokens: Tokens) -> bool:
    if scope.reach == "earlier":
        return hit.first < opener.first
    if tokens.sentences[hit.first] != tokens.sentences[opener.first]:
        return False
    if scope.reach == "inside":
        return opener.first <= hit.first and hit.last <= opener.last
    if scope.reach == "sentence":
        return hit != opener
    if not opener.last < hit.first <= opener.last + scope.words:
        return False
    return tokens.clauses[hit.first] == tokens.clauses[opener.last]


def count_domains(found: Found, counts: Iterable[Count], tokens: Tokens) -> None:
    """Find the counting facts; the span is the last domain that was needed."""
    if DOMAIN not in tokens.kinds:
        return
    seen: dict[str, int] = {}
    for at, kind in enumerate(tokens.kinds):
        if kind == DOMAIN:
            seen.setdefault(registered_domain(tokens.words[at]), at)
    places = sorted(seen.values())
    for count in counts:
        if len(places) >= count.at_least:
            at = places[count.at_least - 1]
            found.setdefault(count.name, []).append(Hit(count.name, at, at))


def compose(found: Found, composed: Iterable[Composed], tokens: Tokens, subject_words: int) -> None:
    """Add every composed fact whose parts are there; ``composed`` is in order of dependency."""
    for each in composed:
        if not all(any(name in found for name in item) for item in each.every):
            continue
        parts = [[hit for name in item for hit in found.get(name, ())] for item in each.every]
        if each.subject_only:
            parts = [[hit for hit in part if hit.first < subject_words] for part in parts]
        if not all(parts):
            continue
        against = [hit for name in each.none for hit in found.get(name, ())]
        made = (
            _in_message(each, parts, against)
            if each.within == "message"
            else _in_sentences(each, parts, against, tokens)
        )
        if made:
            found.setdefault(each.name, []).extend(made)


def _in_message(each: Composed, parts: list[list[Hit]], against: list[Hit]) -> list[Hit]:
    if against:
        return []
    first = min(parts[0], key=lambda hit: hit.first)
    return [Hit(each.name, first.first, first.last)]


def _in_sentences(
    each: Composed, parts: list[list[Hit]], against: list[Hit], tokens: Tokens
) -> list[Hit]:
    """One hit for each sentence that has every part and nothing that speaks against it."""
    sentences = tokens.sentences
    forbidden = {sentences[hit.first] for hit in against}
    by_sentence = [_by_sentence(part, sentences) for part in parts]
    common = set(by_sentence[0]).intersection(*by_sentence[1:]) - forbidden
    made = []
    for sentence in sorted(common):
        chosen = _closest([part[sentence] for part in by_sentence], each.within)
        if chosen:
            low, high = min(hit.first for hit in chosen), max(hit.last for hit in chosen)
            made.append(Hit(each.name, low, high))
    return made


def _by_sentence(hits: list[Hit], sentences: list[int]) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        found.setdefault(sentences[hit.first], []).append(hit)
    return found


def _closest(options: list[list[Hit]], within: str | int) -> list[Hit]:
    """From each part the hit nearest to the first part's; empty when none is near enough."""
    limit = within if isinstance(within, int) else 1 << 30
    best: list[Hit] = []
    best_spread = limit + 1
    for anchor in options[0][:8]:
        chosen = [anchor]
        spread = 0
        for part in options[1:]:
            nearest = min(part[:24], key=lambda hit: _distance(anchor, hit))
            spread = max(spread, _distance(anchor, nearest))
            chosen.append(nearest)
        if spread < best_spread:
            best, best_spread = chosen, spread
    return best


def _distance(one: Hit, other: Hit) -> int:
    """Words between two hits; overlapping ones are at no distance."""
    return max(0, one.first - other.last, other.first - one.last)
