"""Which words are named as having decided, whatever a model has learnt."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reader.model_at_hand import plain_reader

from support_policy.reader.deciding import LONGEST, SHOWN, Gains, Span, deciding
from support_policy.reader.features import (
    fact_feature,
    in_subject,
    letter_features,
    pairs,
    word_feature,
)
from support_policy.reader.phrases import Hit
from support_policy.reader.terms import Message

LAW = settings(deadline=None, max_examples=60)
PIECES = "site mail refund the a not . , ! ? down works é don't www.granite.example 12 ; — 550 x"


def message(body: str, subject: str = "") -> Message:
    return plain_reader().understand(subject, body)


def spans(read: Message, gains: Gains) -> tuple[Span, ...]:
    return deciding(read.heard, read.tokens, read.subject_words, read.found, gains)


def named(read: Message, gains: Gains) -> list[str]:
    """The words of each stretch."""
    return [" ".join(read.tokens.words[first : last + 1]) for first, last in spans(read, gains)]


def of(word: str) -> int:
    return word_feature(word)


# ------------------------------------------------------------------ laws


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A message, facts at any places in it, and what a model might say of its features."""

    message: Message
    found: dict[str, list[Hit]]
    gains: dict[int, float]

    def spans(self, times: float = 1.0) -> tuple[Span, ...]:
        gains = {feature: gain * times for feature, gain in self.gains.items()}
        read = self.message
        return deciding(read.heard, read.tokens, read.subject_words, self.found, gains)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    pieces = st.one_of(st.sampled_from(PIECES.split()), st.text(max_size=4))
    text = st.lists(pieces, max_size=40).map(" ".join)
    read = message(draw(text), draw(st.one_of(st.just(""), text)))
    tokens = read.tokens
    found: dict[str, list[Hit]] = {}
    places = st.integers(0, max(0, len(tokens.words) - 1))
    for name in draw(st.lists(st.sampled_from("abc"), max_size=6)) if tokens.words else ():
        first, last = sorted((draw(places), draw(places)))
        found.setdefault(name, []).append(Hit(name, first, last))
    own = [of(word) for word in read.heard]
    facts = [fact_feature(name) for name in found]
    known = sorted({*own, *map(in_subject, own), *pairs(own, tokens.sentences), *facts})
    numbers = st.floats(min_value=-4, max_value=4, width=16)
    gains = {feature: draw(numbers) for feature in known if draw(st.booleans())}
    return Case(message=read, found=found, gains=gains)


@LAW
@given(cases())
def test_stretches_are_few_short_and_inside_one_sentence(case: Case) -> None:
    tokens = case.message.tokens
    found = case.spans()
    assert len(found) <= SHOWN == 3
    for first, last in found:
        assert 0 <= first <= last < len(tokens.words)
        assert last - first < LONGEST == 6
        assert tokens.sentences[first] == tokens.sentences[last]


@LAW
@given(cases())
def test_stretches_stand_in_the_order_of_the_text_and_never_overlap(case: Case) -> None:
    found = case.spans()
    assert all(one[1] < other[0] for one, other in pairwise(found))


@LAW
@given(cases())
def test_a_stretch_is_in_the_subject_or_in_the_body(case: Case) -> None:
    words = case.message.subject_words
    assert all((first < words) == (last < words) for first, last in case.spans())


@LAW
@given(cases())
def test_how_large_all_gains_are_together_changes_nothing(case: Case) -> None:
    # Times a power of two, so that no rounding differs.
    assert case.spans() == case.spans(times=8.0) == case.spans(times=0.25)


@LAW
@given(cases())
def test_words_that_speak_against_it_are_never_the_reason(case: Case) -> None:
    against = {feature: -abs(gain) for feature, gain in case.gains.items()}
    assert spans(case.message, against) == ()


@LAW
@given(cases())
def test_something_that_speaks_for_it_is_always_named(case: Case) -> None:
    spoken_for = {feature: abs(gain) for feature, gain in case.gains.items() if gain}
    words = {of(word) for word in case.message.heard}
    assert spans(case.message, spoken_for) or not words & spoken_for.keys()


# ------------------------------------------------------------------ what is named


def test_the_word_that_speaks_is_named_alone() -> None:
    read = message("We wonder since noon why our invoice looks so odd today.")
    assert named(read, {of("invoice"): 1.0}) == ["invoice"]


def test_words_together_are_named_together() -> None:
    read = message("Since noon the site does not load any more for us.")
    gains = {of("site"): 1.0, of("not"): 0.6, of("load"): 1.0}
    assert named(read, gains) == ["site does not load"]


def test_a_weak_word_beside_a_strong_one_is_left_out() -> None:
    read = message("hello there invoice")
    assert named(read, {of("invoice"): 1.0, of("hello"): 0.01}) == ["invoice"]


def test_a_weak_stretch_is_not_worth_naming() -> None:
    read = message("The invoice is wrong. The card is old. The site works.")
    gains = {of("invoice"): 1.0, of("card"): 0.5, of("site"): 0.1}
    assert named(read, gains) == ["invoice", "card"]


def test_the_strongest_are_named_of_many() -> None:
    read = message("One apple. Two pears. Three plums. Four figs. Five nuts.")
    gains = dict(
        zip(map(of, ("apple", "pears", "plums", "figs", "nuts")), range(5, 10), strict=True)
    )
    assert named(read, gains) == ["plums", "figs", "nuts"]


def test_a_word_against_it_parts_two_that_speak_for_it() -> None:
    read = message("invoice never card")
    assert named(read, {of("invoice"): 1.0, of("card"): 1.0, of("never"): -5.0}) == [
        "invoice",
        "card",
    ]


def test_what_is_longer_than_a_person_reads_at_a_glance_is_parted() -> None:
    text = "one two three four five six seven eight nine ten"
    gains = {of(word): 1.0 for word in text.split()}
    assert named(message(text), gains) == ["one two three four five six", "seven eight nine ten"]
    gains[of("ten")] = 8.0
    assert named(message(text), gains)[-1] == "seven eight nine ten"


def test_a_pair_names_both_its_words() -> None:
    read = message("we are locked out again")
    tokens = read.tokens
    together = pairs([of(word) for word in tokens.words], tokens.sentences)[2]
    assert named(read, {together: 1.0}) == ["locked out"]


def test_letter_groups_name_their_word() -> None:
    read = message("our hebergemment is odd")
    group = min(letter_features("hebergemment"))
    assert named(read, {group: 1.0}) == ["hebergemment"]


def test_a_fact_names_its_words() -> None:
    read = message("a refund would be nice")
    assert named(read, {fact_feature("wants.refund"): 1.0}) == ["refund"]


def test_what_only_counts_in_the_subject_names_the_subjects_word() -> None:
    read = message("an invoice is an invoice", "invoice")
    assert spans(read, {in_subject(of("invoice")): 1.0}) == ((0, 0),)
    quiet = message("an invoice is an invoice")
    assert spans(quiet, {in_subject(of("invoice")): 1.0}) == ()


def test_nothing_known_names_nothing() -> None:
    assert spans(message("an invoice"), {}) == ()
    assert spans(message(""), {of("invoice"): 1.0}) == ()
