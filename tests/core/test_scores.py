"""The figures of an evaluation, beside examples that were worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_policy.core.scores import (
    Agreement,
    Answer,
    Confused,
    Gravity,
    Judged,
    Label,
    Share,
    agreement,
    evaluate,
    gravity,
    language_of,
)

ORDER = ("high.server", "medium.offline", "medium.errors", "low.cms", "sales")
URGENT = frozenset({"high", "urgent"})

categories = st.sampled_from(ORDER)
answers = st.lists(
    st.builds(Answer, expected=categories, decided=categories, acceptable=st.booleans()).map(
        lambda each: Answer(
            expected=each.expected,
            decided=each.decided,
            acceptable=each.acceptable or each.right,
        )
    ),
    max_size=30,
)


def judged(
    expected: str,
    decided: str,
    *acceptable: str,
    label_language: str | None = None,
    language: str = "en",
    review: bool = False,
) -> Judged:
    """Expected and decided; an expected word without a category's name is a priority alone."""
    label = Label(
        priority=expected.partition(".")[0],
        category=expected if expected in ORDER else None,
        acceptable=frozenset((expected, *acceptable)) & frozenset(ORDER),
        language=label_language,
    )
    return Judged(label=label, category=decided, language=language, review=review)


def of(*pairs: tuple[str, str] | tuple[str, str, bool]) -> Agreement:
    return agreement(
        [
            Answer(
                expected=pair[0], decided=pair[1], acceptable=pair[0] == pair[1] or len(pair) > 2
            )
            for pair in pairs
        ],
        ["a", "b", "c"],
    )


def test_macro_f1_is_the_mean_over_the_classes_that_are_labelled() -> None:
    # a: 2 labelled, 2 decided, 1 right → F1 2·1/4. b: 1 labelled, 2 decided, 1 right → 2·1/3.
    found = of(("a", "a"), ("a", "b"), ("b", "b"), ("c", "a"))
    # c: 1 labelled, none decided → 0
    assert found.strict == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)


def test_a_class_that_nothing_is_labelled_with_is_left_out_of_the_mean() -> None:
    found = of(("a", "a"), ("a", "c"))
    assert found.strict == pytest.approx(2 / 3)  # a alone: 2·1/(2+1); c has no tickets
    assert {each.name: each.f1 for each in found.classes} == {"a": pytest.approx(2 / 3), "c": None}


def test_lenient_counts_an_acceptable_decision_as_the_class_that_was_expected() -> None:
    found = of(("a", "a"), ("a", "b", True), ("b", "c"))
    # strict: a 2·1/(2+1), b 0 (1 labelled, 1 decided, 0 right)
    assert found.strict == pytest.approx((2 / 3 + 0) / 2)
    # lenient: the second ticket is a b: a 1/1/1 → 1, b 2 labelled, 1 decided, 1 right → 2/3
    assert found.lenient == pytest.approx((1 + 2 / 3) / 2)


def test_lenient_skips_a_class_whose_every_ticket_was_acceptably_another() -> None:
    found = of(("a", "b", True), ("b", "b"))
    assert found.strict == pytest.approx((0 + 2 / 3) / 2)
    assert found.lenient == 1.0


def test_precision_and_recall_are_of_decisions_and_of_tickets() -> None:
    found = {
        each.name: (each.precision, each.recall, each.f1, each.tickets)
        for each in of(("a", "a"), ("a", "b"), ("a", "b"), ("a", "a"), ("b", "a")).classes
    }
    assert found["a"] == (pytest.approx(2 / 3), 0.5, pytest.approx(4 / 7), 4)
    assert found["b"] == (0.0, 0.0, 0.0, 1)


def test_what_cannot_be_divided_is_no_figure_rather_than_nought() -> None:
    never, unlabelled = of(("a", "b")).classes
    assert (never.precision, never.recall, never.f1) == (None, 0.0, 0.0)
    assert (unlabelled.precision, unlabelled.recall, unlabelled.f1) == (0.0, None, None)
    assert (of().strict, of().lenient, of().classes, of().pairs) == (None, None, (), ())


def test_pairs_are_counted_strictly_and_the_most_frequent_come_first() -> None:
    found = of(("c", "a"), ("a", "b"), ("a", "a"), ("a", "b", True), ("c", "c"), ("c", "c"))
    assert found.mistakes == (
        Confused(expected="a", decided="b", tickets=2),
        Confused(expected="c", decided="a", tickets=1),
    )
    assert sum(pair.tickets for pair in found.pairs) == 6


def test_classes_come_in_the_policys_order_and_unknown_ones_last() -> None:
    found = of(("c", "x"), ("a", "d"), ("b", "a"))
    assert [each.name for each in found.classes] == ["a", "b", "c", "d", "x"]


def test_a_priority_is_acceptable_when_any_acceptable_category_has_it() -> None:
    ticket = judged("high.server", "low.cms", "medium.offline")
    assert not ticket.by_priority.acceptable
    other = judged("high.server", "medium.errors", "medium.offline")
    category = other.by_category
    assert category is not None
    assert (other.by_priority.acceptable, other.by_priority.right) == (True, False)
    assert not category.acceptable


def test_a_label_that_is_a_priority_alone_is_scored_as_one() -> None:
    ticket = judged("medium", "medium.errors")
    assert ticket.by_category is None
    assert ticket.by_priority.right
    found = evaluate([ticket, judged("high.server", "high.server")], ORDER)
    assert (found.whole.priority.tickets, found.whole.category.tickets) == (2, 1)
    assert found.whole.priority.strict == 1.0


def test_the_label_itself_is_acceptable_though_the_list_leaves_it_out() -> None:
    label = Label(priority="sales", category="sales", acceptable=frozenset({"low.cms"}))
    ticket = Judged(label=label, category="sales", language="en")
    assert ticket.merit == (True, True, True, True)


def test_tickets_are_told_apart_by_the_labelled_language_and_else_by_the_one_read() -> None:
    tickets = [
        judged("sales", "sales", label_language="fr", language="en"),
        judged("sales", "low.cms", language="fr"),
        judged("low.cms", "low.cms", language="en"),
        judged("low.cms", "sales", label_language="de"),
    ]
    assert [language_of(each) for each in tickets] == ["fr", "fr", "en", "other"]
    found = dict(evaluate(tickets, ORDER).languages)
    assert list(found) == ["en", "fr", "other"]
    assert found["fr"].priority.tickets == 2
    assert found["fr"].priority.strict == pytest.approx(2 / 3)
    assert found["other"].category.strict == 0.0


def test_marked_tickets_are_counted_apart_from_the_others() -> None:
    found = evaluate(
        [
            judged("high.server", "low.cms", review=True),
            judged("medium.errors", "medium.offline", review=True),
            judged("low.cms", "medium.offline", "medium.errors", review=True),
            judged("sales", "sales"),
            judged("sales", "low.cms"),
        ],
        ORDER,
    )
    assert found.marked == Share(tickets=3, right=1, acceptable=2)
    assert found.unmarked == Share(tickets=2, right=1, acceptable=1)


@pytest.mark.parametrize(
    ("ticket", "expected"),
    [
        (judged("high.server", "medium.offline"), Gravity.URGENT_MISSED),
        (judged("high", "sales"), Gravity.URGENT_MISSED),
        (judged("low.cms", "high.server"), Gravity.WRONGLY_URGENT),
        (judged("sales", "low.cms"), Gravity.PRIORITY),
        (judged("high.server", "urgent.flood"), Gravity.PRIORITY),
        (judged("medium.offline", "medium.errors"), Gravity.CATEGORY),
        (judged("medium.offline", "medium.errors", "medium.errors"), None),
        (judged("high.server", "medium.offline", "medium.offline"), None),
        (judged("low.cms", "high.server", "high.server"), None),
        (judged("medium", "medium.errors"), None),
        (judged("sales", "sales"), None),
    ],
)
def test_a_missed_high_is_worst_and_what_can_be_defended_is_no_miss(
    ticket: Judged, expected: Gravity | None
) -> None:
    assert gravity(ticket, URGENT) is expected


def test_an_acceptable_priority_is_worth_more_than_a_near_category() -> None:
    in_order = [
        judged("medium.offline", "low.cms", "medium.errors"),  # nothing right
        judged("medium.offline", "medium.errors"),  # the priority right
        judged("medium.offline", "low.cms", "low.cms"),  # all acceptable, nothing right
        judged("medium.offline", "medium.errors", "medium.errors"),  # and the priority right
        judged("medium.offline", "medium.offline", "medium.errors"),  # all right
    ]
    merits = [each.merit for each in in_order]
    assert merits == sorted(merits)
    assert len(set(merits)) == len(merits)


def by_the_book(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Macro-F1 from true and false positives and false negatives, class by class."""
    figures = []
    for name in {expected for expected, _ in pairs}:
        hit = sum(a == b == name for a, b in pairs)
        false = sum(b == name != a for a, b in pairs)
        missed = sum(a == name != b for a, b in pairs)
        figures.append(2 * hit / (2 * hit + false + missed))
    return sum(figures) / len(figures) if figures else None


@given(answers)
def test_both_figures_are_those_of_the_definition(given_answers: list[Answer]) -> None:
    found = agreement(given_answers, ORDER)
    strict = [(each.expected, each.decided) for each in given_answers]
    lenient = [(b if each.acceptable else a, b) for (a, b), each in zip(strict, given_answers)]  # noqa: B905
    assert found.strict == (
        value if (value := by_the_book(strict)) is None else pytest.approx(value)
    )
    assert found.lenient == (
        value if (value := by_the_book(lenient)) is None else pytest.approx(value)
    )


@given(answers)
def test_every_ticket_is_counted_once_in_classes_and_in_pairs(given_answers: list[Answer]) -> None:
    found = agreement(given_answers, ORDER)
    assert sum(each.tickets for each in found.classes) == len(given_answers)
    assert sum(each.decided for each in found.classes) == len(given_answers)
    assert sum(pair.tickets for pair in found.pairs) == len(given_answers)
    right = sum(each.right for each in found.classes)
    assert right + sum(pair.tickets for pair in found.mistakes) == len(given_answers)


@given(answers)
def test_decisions_that_are_all_right_score_one(given_answers: list[Answer]) -> None:
    same = [Answer(expected=a.expected, decided=a.expected, acceptable=True) for a in given_answers]
    found = agreement(same, ORDER)
    assert (found.strict, found.lenient) == ((1.0, 1.0) if same else (None, None))
