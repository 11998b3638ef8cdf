"""A model made from labelled tickets: what it finds, keeps, and refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.reader.model_at_hand import EXAMPLES, judged, plain_reader, tiny_model, tiny_reader

from support_policy.reader import training
from support_policy.reader.model import Model, content_of
from support_policy.reader.training import Example, cross_scores, documents_of, train

UNSEEN = [
    ("our website cannot be reached, it times out", "site"),
    ("Nobody can open the page.", "site"),
    ("my email bounces with some error", "mail"),
    ("The mailbox receives nothing.", "mail"),
    ("Please refund my card.", "billing"),
    ("There is an error in the invoice amount, I paid twice.", "billing"),
]
FLOWERS = tuple(
    Example(subject="", body=body, category="sales", voice="florist")
    for body in (
        "How much would hosting for a florist cost?",
        "Do you offer a discount on hosting for two years?",
        "What would a larger plan cost per month?",
        "A quote for hosting with a discount, if you offer one.",
        "Which plan would you offer a florist, and what does it cost?",
    )
)


def example(body: str, category: str, voice: str = "") -> Example:
    return Example(subject="", body=body, category=category, voice=voice)


def chosen(model: Model, body: str) -> str | None:
    found = judged(body, model)
    return found.category if found else None


@cache
def grown() -> Model:
    """The tiny model after it was shown tickets of a kind that it did not know."""
    return train(FLOWERS, plain_reader(), start=tiny_model())


# ------------------------------------------------------------------ what it finds


@pytest.mark.parametrize(("body", "category"), UNSEEN)
def test_it_finds_what_separates_the_categories(body: str, category: str) -> None:
    assert chosen(tiny_model(), body) == category


@pytest.mark.parametrize("example_", EXAMPLES, ids=lambda each: each.body[:20])
def test_what_it_was_shown_it_knows(example_: Example) -> None:
    assert (
        f"reads_as.{example_.category}"
        in tiny_reader().read(subject=example_.subject, body=example_.body).names
    )


def test_the_same_tickets_make_the_same_file() -> None:
    again = train(EXAMPLES, plain_reader(), about={"tickets": len(EXAMPLES)})
    assert content_of(again) == content_of(tiny_model())


def test_rare_categories_count_as_much_as_frequent_ones() -> None:
    many = [each for each in EXAMPLES if each.category != "billing"] * 4
    few = [each for each in EXAMPLES if each.category == "billing"]
    model = train([*many, *few], plain_reader())
    assert [chosen(model, body) for body, _ in UNSEEN] == [category for _, category in UNSEEN]


def test_a_feature_of_one_ticket_alone_is_not_learnt() -> None:
    odd = example("xylophone quixotic invoice", "billing")
    model = train([*EXAMPLES, odd], plain_reader())
    assert chosen(model, "xylophone") != "billing" or chosen(model, "quixotic") is None
    again = train([*EXAMPLES, odd, odd], plain_reader())
    assert chosen(again, "xylophone") == "billing"


def test_what_it_looks_at_is_kept_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST", 300)
    model = train(EXAMPLES, plain_reader())
    assert len(model.keys) == 300
    right = sum(chosen(model, body) == category for body, category in UNSEEN)
    assert right >= len(UNSEEN) - 1


def test_its_figures_are_numbers_that_can_be_used() -> None:
    for model in (tiny_model(), grown()):
        assert model.temperature > 0
        assert 0 < model.sure <= 1
        assert all(np.isfinite(part).all() for part in (model.scale, model.weights, model.bias))
        assert (model.scale > 0).all()


def test_it_tells_what_it_is_doing() -> None:
    said: list[str] = []
    train(EXAMPLES[:12], plain_reader(), progress=said.append)
    assert re.match(r"12 tickets, \d+ features", said[0])
    assert len(said) > 1


# ------------------------------------------------------------------ voices


SECRETS = {f"voice {number}": ("abcdef"[number] * 4, "ghijkl"[number] * 4) for number in range(6)}
"""Each voice has words of its own for two things, not a letter of which anybody else uses."""


def told_apart(examples: list[Example]) -> float:
    """How many are judged rightly by models that did not see them."""
    names = ("apple", "stone")
    scores = cross_scores(examples, documents_of(examples, plain_reader()), names)
    return float(
        np.mean(
            [
                names[int(row.argmax())] == each.category
                for each, row in zip(examples, scores, strict=True)
            ]
        )
    )


def test_a_ticket_is_tried_on_a_model_that_saw_nothing_of_its_voice() -> None:
    spoken = [
        example(f"{word} {number}", thing, voice)
        for voice, secret in SECRETS.items()
        for thing, word in zip(("apple", "stone"), secret, strict=True)
        for number in ("1", "2", "3", "4")
    ]
    mixed = [example(each.body, each.category) for each in spoken]
    common = [example(f"{each.body} {each.category}", each.category, each.voice) for each in spoken]
    assert told_apart(mixed) > 0.9
    assert told_apart(common) > 0.9
    assert told_apart(spoken) <= 0.7


# ------------------------------------------------------------------ starting from a model


@cache
def corrected() -> Model:
    """The tiny model after an agent put tickets of one kind right."""
    body = "the till shows nothing"
    return train(
        [example(f"{body} {word}", "billing") for word in ("again", "now", "today")] * 4,
        plain_reader(),
        start=tiny_model(),
    )


@pytest.mark.parametrize(("body", "category"), UNSEEN)
@pytest.mark.parametrize("learnt", [grown, corrected])
def test_what_new_tickets_do_not_speak_of_stays(
    learnt: Callable[[], Model], body: str, category: str
) -> None:
    assert chosen(learnt(), body) == category


def test_a_few_new_tickets_make_no_model_surer() -> None:
    careful = replace(tiny_model(), sure=0.7, temperature=1.0)
    model = train(FLOWERS, plain_reader(), start=careful)
    assert model.sure >= careful.sure


def test_new_tickets_change_what_they_speak_of() -> None:
    assert chosen(tiny_model(), "the till shows nothing") != "billing"
    assert chosen(corrected(), "the till shows nothing") == "billing"


def test_a_start_may_be_as_large_as_a_model_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST", len(tiny_model().keys))
    model = train([*EXAMPLES, *FLOWERS], plain_reader(), start=tiny_model())
    assert len(model.keys) == len(tiny_model().keys)
    assert chosen(model, "What would hosting cost, do you offer a discount?") == "sales"


# ------------------------------------------------------------------ what it refuses


def test_one_category_is_nothing_to_tell_apart() -> None:
    with pytest.raises(ValueError, match="at least two categories"):
        train([each for each in EXAMPLES if each.category == "mail"], plain_reader())


def test_no_tickets_teach_nothing() -> None:
    with pytest.raises(ValueError, match="tickets"):
        train([], plain_reader())
    with pytest.raises(ValueError, match="tickets"):
        train([], plain_reader(), start=tiny_model())


def test_tickets_without_a_word_are_no_harm_among_others() -> None:
    empty = [example("", "billing"), example("> \n", "mail"), example("\ud83d\x00", "site")]
    model = train([*EXAMPLES, *empty], plain_reader())
    assert [chosen(model, body) for body, _ in UNSEEN] == [category for _, category in UNSEEN]


def test_tickets_that_contradict_each_other_leave_it_unsure() -> None:
    torn = [example("the thing is odd", each) for each in ("mail", "site")] * 6
    model = train(torn, plain_reader())
    found = judged("the thing is odd", model)
    assert found is None or not found.sure
