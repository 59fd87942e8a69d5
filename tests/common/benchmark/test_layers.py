"""The layer benchmark: its arithmetic, and that every contestant really trains."""

from __future__ import annotations

import pytest

from common.benchmark.layers import (
    LAYERS,
    PRODUCTS,
    Shape,
    make_case,
    measure,
    products,
    step_operations,
    training_step,
)
from common.benchmark.report import Row
from common.benchmark.timing import Spread

TINY = Shape(2, 3, 4, 5)


def test_operations_by_hand() -> None:
    # A product of (2*3, 4) with (4, 5) is 2*6*4*5 = 240 operations, twice: forwards and for the
    # gradient of the weights; one of (2*3, 5) with (5, 5) is 300, three times: and for the state's.
    assert step_operations(TINY) == 2 * 240 + 3 * 300


def test_products_have_the_operations_of_a_step() -> None:
    # 1380 operations in products of 300 are five.
    _, operations = products(TINY)
    assert operations == 5 * 300


@pytest.mark.parametrize("name", LAYERS)
def test_every_contestant_learns(name: str) -> None:
    step = training_step(LAYERS[name], TINY, "auto")
    losses = [step() for _ in range(20)]
    assert losses[-1] < losses[0]


def test_every_contestant_has_a_row() -> None:
    (case,) = measure([TINY], rounds=2, say=lambda line: None)
    assert case.name == str(TINY)
    assert len(case.rows) == 2 * len(LAYERS) + 1
    assert all(row.ms is not None and row.ms.median > 0 for row in case.rows)


def test_ratios_and_share_of_the_rate_by_hand() -> None:
    times = {"Recur": 2.0, "Recur + XLA": 1.0, "GRU": 8.0, PRODUCTS: 0.5}
    case = make_case(TINY, [Row(name, Spread(ms, ms, ms)) for name, ms in times.items()])
    assert {one.to: one.value for one in case.ratios} == {"GRU": 0.25, PRODUCTS: 4.0}
    assert "ours uses 25% of that rate" in case.remark
    assert case.rows[0].figures == {"share of the rate": 0.25}
