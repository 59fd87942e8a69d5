"""What is drawn in training depends on the seed and the epoch, not on what ran before."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from common.training import _generators, _seed


def states(model: Any, seed: int, epoch: int) -> list[Any]:
    _seed(_generators(model), seed, epoch)
    return [layer.seed_generator.state.numpy() for layer in model.layers]


def test_the_same_after_any_number_of_other_networks() -> None:
    def network() -> Any:
        made = keras.Sequential([keras.layers.Dropout(0.5) for _ in range(3)])
        made.build((None, 4))
        return made

    first = states(network(), 3, 1)
    assert len(np.unique(first, axis=0)) == 3
    # Among so many names some are dropout_9, dropout_10 and dropout_11, or the like.
    for _ in range(40):
        np.testing.assert_array_equal(states(network(), 3, 1), first)
    for seed, epoch in ((3, 2), (4, 1)):
        assert not np.isin(states(network(), seed, epoch), first).any()
