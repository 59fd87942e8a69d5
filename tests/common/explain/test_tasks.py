"""Tasks of memory: the answers are right, and nothing but memory finds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from common.explain.tasks import ADDING, RECALL, SYMBOLS, TASKS, Task


def test_recall_asks_for_the_first_symbol_and_shows_it_once() -> None:
    x, answers = RECALL.draw(np.random.default_rng(0), 200, 7)
    assert x.shape == (200, 8, RECALL.features)
    assert x.dtype == np.float32
    for sequence, answer in zip(x, answers, strict=True):
        symbols = [row.tolist().index(1.0) for row in sequence]
        assert sequence.sum() == 8
        assert symbols[0] == answer
        assert all(SYMBOLS <= symbol < 2 * SYMBOLS for symbol in symbols[1:])
    assert set(answers) == set(range(SYMBOLS))


def test_adding_asks_for_the_sum_of_two_marked_numbers_one_in_each_half() -> None:
    x, answers = ADDING.draw(np.random.default_rng(0), 500, 10)
    assert x.shape == (500, 10, 2)
    first, second = set(), set()
    for sequence, answer in zip(x, answers, strict=True):
        marked = [t for t in range(10) if sequence[t, 1] == 1]
        assert len(marked) == 2
        assert sequence[:, 1].sum() == 2
        first.add(marked[0])
        second.add(marked[1])
        assert answer == pytest.approx(sequence[marked[0], 0] + sequence[marked[1], 0])
    assert (first, second) == (set(range(5)), set(range(5, 10)))
    assert 0 <= x[:, :, 0].min() < 0.01
    assert 0.99 < x[:, :, 0].max() < 1


def test_blind_scores_by_hand() -> None:
    # The variance of an even draw from 0 to 1 is 1/3 - 1/4 = 1/12, of the sum of two 1/6 = 0.167.
    assert pytest.approx(1 / 6) == ADDING.blind
    assert pytest.approx(0.125) == RECALL.blind
    _, answers = ADDING.draw(np.random.default_rng(1), 50_000, 2)
    assert ADDING.score(np.ones((50_000, 1)), answers) == pytest.approx(ADDING.blind, rel=0.02)
    _, answers = RECALL.draw(np.random.default_rng(1), 50_000, 1)
    assert RECALL.score(np.eye(8)[np.zeros(50_000, int)], answers) == pytest.approx(0.125, abs=0.01)


def test_scores_and_what_counts_as_solved() -> None:
    assert RECALL.score(np.eye(8)[[1, 2, 3, 3]], np.array([1, 2, 3, 4])) == 0.75
    assert ADDING.score(np.array([[1.0], [0.5]]), np.array([1.0, 0.7])) == pytest.approx(0.02)
    assert RECALL.is_solved(0.99)
    assert not RECALL.is_solved(0.98)
    assert ADDING.is_solved(0.01)
    assert not ADDING.is_solved(0.011)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_one_seed_gives_one_set_of_sequences(task: Task) -> None:
    def drawn(seed: int) -> list[Any]:
        return [a.tolist() for a in task.draw(np.random.default_rng(seed), 3, 6)]

    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)
