"""The layer benchmark: its arithmetic, and that every contestant really trains."""

from __future__ import annotations

import pytest

from common.benchmark.layers import (
    LAYERS,
    Shape,
    format_table,
    measure,
    step_operations,
    training_step,
)

TINY = Shape(2, 3, 4, 5)


def test_operations_by_hand() -> None:
    # A product of (2*3, 4) with (4, 5) is 2*6*4*5 = 240 operations, twice: forwards and for the
    # gradient of the weights; one of (2*3, 5) with (5, 5) is 300, three times: and for the state's.
    assert step_operations(TINY) == 2 * 240 + 3 * 300


@pytest.mark.parametrize("name", LAYERS)
def test_every_contestant_learns(name: str) -> None:
    step = training_step(LAYERS[name], TINY, "auto")
    losses = [step() for _ in range(20)]
    assert losses[-1] < losses[0]


def test_table_has_a_row_for_each_contestant_with_its_ratio() -> None:
    (result,) = measure([TINY], rounds=2, say=lambda line: None)
    assert len(result["ms"]) == 2 * len(LAYERS)
    result["ms"]["Recur"] = [2.0, 1.9, 2.1]
    result["ms"]["GRU"] = [8.0, 7.0, 9.0]
    lines = format_table([result])
    assert "| GRU | 8.0 (7.0-9.0) | 0.25 |" in lines
    assert str(TINY) in lines[0]
