"""Every way to compute the cell is the equations, and one that is not is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from common.explain import equations
from common.explain.unfolding import CHANGE, changed, differences, ways
from common.recurrent.cell import ACTIVATIONS
from common.recurrent.layer import Recur
from tests import reference

rng = np.random.default_rng(3)


def _layer(**options: Any) -> Recur:
    layer = Recur(5, return_sequences=True, **options)
    layer.build((None, None, 3))
    layer.set_weights([rng.normal(0, 0.4, w.shape) for w in layer.weights])
    return layer


def _inputs() -> NDArray[np.float32]:
    return rng.normal(size=(2, 12, 3)).astype(np.float32)


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_equations_are_those_of_the_oracle(gated: bool, activation: str) -> None:
    weights = [rng.normal(size=shape) for shape in [(3, 5), (5, 5), (5,), (5,)][: 3 + gated]]
    x = rng.normal(size=(2, 6, 3))
    wanted, _ = reference.unfold(x, weights, activation, np.zeros((2, 5)))
    np.testing.assert_allclose(equations.states(x, weights, activation), wanted, atol=1e-12)


@pytest.mark.parametrize("gated", [False, True])
def test_every_way_gives_the_equations(gated: bool) -> None:
    layer, x = _layer(gated=gated), _inputs()
    found = differences(layer, x)
    assert len(found) == 6
    assert max(found.values()) < 2e-6, found


def test_a_changed_weight_is_seen() -> None:
    layer, x = _layer(), _inputs()
    (difference,) = differences(layer, x, {"changed": changed(layer, x)}).values()
    assert 1e-5 < difference < 100 * CHANGE


def test_a_way_that_forgets_the_last_state_is_seen() -> None:
    layer, x = _layer(), _inputs()
    states = ways(layer, x)["the cell, step by step"]
    states[:, 7] = states[:, 6]
    assert differences(layer, x, {"stuck": states})["stuck"] > 0.01
