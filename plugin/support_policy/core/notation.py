"""How a policy writes times, money and conditions."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import get_args

from support_policy.core.document import Table, suggest
from support_policy.core.facts import Language
from support_policy.core.policy import Conditions, Stage
from support_policy.core.target import Kind, Target
from support_policy.core.ticket import Channel, Standing

_EXPECTED = re.compile(
    r"^(?P<n>[1-9][0-9]{0,3}) (?P<business>business )?(?P<unit>hour|day|minute)s?$"
)
_TAG = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


def amount(table: Table) -> Decimal:
    """Money in quotes, more than nothing."""
    written = table.text("amount")
    try:
        money = Decimal(written)
    except InvalidOperation:
        money = Decimal("NaN")
    if money.is_finite() and money > 0:
        return money
    if written:
        table.problem(f'{written!r} is not an amount such as "85.00"', key="amount")
    return Decimal(0)


def expected(table: Table) -> Target:
    """``4 hours``, ``8 business hours`` or ``5 business days`` as a target."""
    text = table.text("expected")
    found = _EXPECTED.match(text)
    if not found:
        if text:
            table.problem(
                f'{text!r} is not a time such as "1 hour", "4 business hours" or "5 business days"',
                key="expected",
            )
        return Target(kind=Kind.ELAPSED, amount=1)
    number, unit = int(found["n"]), found["unit"]
    if not found["business"]:
        return Target(kind=Kind.ELAPSED, amount=number * _SECONDS[unit])
    if unit == "day":
        return Target.business_days(number)
    return Target(kind=Kind.BUSINESS, amount=number * _SECONDS[unit])


def conditions(table: Table, stage: Stage) -> Conditions:
    """When a rule applies; classification cannot ask for what it is there to find."""
    knows_category = stage is not Stage.CLASSIFICATION
    return Conditions(
        all_of=table.texts("all"),
        any_of=table.texts("any"),
        none_of=table.texts("none"),
        category=table.texts("categories") if knows_category else (),
        category_not=table.texts("not_categories") if knows_category else (),
        channel=table.choices("channels", Channel),
        department=table.texts("departments"),
        language=_languages(table),
        standing=table.choices("standings", Standing),
        business_hours=either(table, "business_hours"),
        logged_in=either(table, "logged_in"),
    )


def tags(table: Table) -> tuple[str, ...]:
    """Tags that every help desk can hold: they stand in lists apart by blanks and commas."""
    words = table.texts("tags")
    for word in words:
        if not _TAG.fullmatch(word):
            what = f"{word!r} must be of letters a to z, digits, '_', '-' and '.', 60 at most"
            table.problem(what, key="tags")
    return words


def either(table: Table, key: str) -> bool | None:
    """true, false, or not asked for."""
    table.asked.add(key)
    return table.flag(key, default=None) if key in table.values else None


def _languages(table: Table) -> tuple[str, ...]:
    words, known = table.texts("languages"), get_args(Language)
    for word in words:
        if word not in known:
            what = f"{word!r} is not one of {', '.join(known)}."
            table.problem(what, suggest(word, known), key="languages")
    return words
