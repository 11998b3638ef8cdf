"""What a time costs: whole blocks, exact money, and never above what was permitted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_policy.core.permission.fee import Rate, money
from support_policy.core.permission.job import Job, Request, Session, State
from support_policy.core.ticket import TicketRef

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
RATE = Rate(amount=Decimal("85.00"), currency="CAD", block_minutes=60)
law = settings(deadline=None)

rates = st.builds(
    Rate,
    amount=st.decimals(min_value="0.01", max_value="9999.99", places=2),
    currency=st.just("CAD"),
    block_minutes=st.integers(1, 480),
)
times = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))


@pytest.mark.parametrize(
    ("minutes", "price"),
    [(0, 0), (1, 85), (59, 85), (60, 85), (61, 170), (119, 170), (120, 170), (121, 255)],
)
def test_so_many_minutes_cost_so_many_dollars(minutes: int, price: int) -> None:
    blocks = RATE.blocks(timedelta(minutes=minutes))

    assert RATE.price(blocks) == Decimal(price)


@pytest.mark.parametrize(
    ("used", "blocks"),
    [
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(minutes=59, seconds=59), 1),
        (timedelta(minutes=60), 1),
        (timedelta(minutes=60, microseconds=1), 2),
        (timedelta(minutes=60, seconds=1), 2),
        (timedelta(minutes=120), 2),
    ],
)
def test_a_block_that_was_begun_counts_whole_and_one_that_was_not_does_not(
    used: timedelta, blocks: int
) -> None:
    assert RATE.blocks(used) == blocks


def test_a_time_below_nothing_is_no_block() -> None:
    assert RATE.blocks(timedelta(seconds=-1)) == RATE.blocks(timedelta(hours=-5)) == 0


@pytest.mark.parametrize(
    ("amount", "blocks", "written"),
    [
        ("85", 1, "85.00"),
        ("85.00", 0, "0.00"),
        ("85.00", 3, "255.00"),
        ("0.10", 3, "0.30"),
        ("33.33", 3, "99.99"),
        ("999999.99", 8, "7999999.92"),
    ],
)
def test_money_is_exact_and_has_two_places(amount: str, blocks: int, written: str) -> None:
    price = Rate(amount=Decimal(amount), currency="CAD", block_minutes=60).price(blocks)

    assert isinstance(price, Decimal)
    assert money(price) == str(price) == written


@law
@given(rate=rates, blocks=st.integers(0, 1000))
def test_a_price_is_the_amount_as_many_times_as_there_are_blocks(rate: Rate, blocks: int) -> None:
    price = rate.price(blocks)

    assert price == sum([rate.amount] * blocks, Decimal(0))
    assert price.as_tuple().exponent == -2
    assert Decimal(money(price)) == price


@law
@given(rate=rates, used=times)
def test_the_blocks_cover_the_time_and_one_less_would_not(rate: Rate, used: timedelta) -> None:
    blocks = rate.blocks(used)

    assert blocks * rate.block >= used
    assert blocks == 0 or (blocks - 1) * rate.block < used


@law
@given(rate=rates, one=times, other=times)
def test_more_time_never_costs_less(rate: Rate, one: timedelta, other: timedelta) -> None:
    short, long = sorted((one, other))

    assert rate.blocks(short) <= rate.blocks(long)
    assert rate.price(rate.blocks(short)) <= rate.price(rate.blocks(long))


@law
@given(
    rate=rates,
    permitted=st.lists(st.integers(1, 8), min_size=1, max_size=4),
    sittings=st.lists(times, max_size=5),
)
def test_no_time_ever_comes_to_more_than_was_permitted(
    rate: Rate, permitted: list[int], sittings: list[timedelta]
) -> None:
    requests = tuple(
        Request(
            id=f"PH-{number}",
            ticket=TicketRef(desk="desk", id="7"),
            more=number > 0,
            reason="outside",
            blocks=blocks,
            rate=rate,
            asked_at=NOW,
            deadline=NOW + timedelta(hours=72),
            language="en",
            version="v1",
            state=State.ACCEPTED,
            accepted_blocks=blocks,
        )
        for number, blocks in enumerate(permitted)
    )
    sessions = tuple(
        Session(agent=str(number), started_at=NOW, stopped_at=NOW + lasted)
        for number, lasted in enumerate(sittings)
    )
    job = Job(requests=requests, sessions=sessions, confirmed=True)
    blocks = rate.blocks(job.used(NOW + timedelta(days=60)))

    assert blocks <= sum(permitted)
    assert rate.price(blocks) <= sum((each.maximum for each in requests), Decimal(0))
