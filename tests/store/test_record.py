"""Records are canonical: equal things have equal texts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.store.examples import NOW, decision, update

from support_policy.core.ticket import Field, TicketRef
from support_policy.store.record import canonical, digest, dump, load

REF = TicketRef(desk="desk", id="t")


def test_equal_decisions_have_equal_texts() -> None:
    assert dump(decision(REF), update(REF)) == dump(decision(REF), update(REF))


def test_another_due_time_is_another_text() -> None:
    later = decision(REF, due_at=NOW + timedelta(hours=3))
    assert dump(decision(REF), update(REF)) != dump(later, update(REF))


def test_a_record_comes_back_with_every_field() -> None:
    given = decision(REF)
    back = load(dump(given, update(REF, kept=(Field.PRIORITY,))))
    assert set(back["decision"]) == set(type(given).__slots__)
    assert back["decision"]["priority"] == "high"
    assert back["decision"]["decided_at"] == "2026-03-02T14:30:01+00:00"
    assert back["update"]["kept"] == ["priority"]


def test_a_record_is_ascii_whatever_the_customer_wrote() -> None:
    text = dump(replace(decision(REF), category="a\0\ud800é💥"), update(REF))
    assert text.isascii()
    assert "\0" not in text


def test_the_order_of_a_set_or_a_mapping_does_not_matter() -> None:
    assert canonical({"b": 1, "a": {"y", "x"}}) == canonical({"a": {"x", "y"}, "b": 1})
    assert json.loads(canonical({"money": Decimal("150.00")})) == {"money": "150.00"}


def test_a_digest_follows_the_content() -> None:
    assert digest({"a": 1}) == digest({"a": 1}) != digest({"a": 2})


def test_what_has_no_place_in_a_record_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        canonical({"a": object()})
