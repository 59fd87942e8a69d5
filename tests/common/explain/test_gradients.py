"""What arrives of a change: products worked out by hand, finite differences of the equations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from common.explain import equations
from common.explain.gradients import arriving, directions, fate, per_step, untrained

rng = np.random.default_rng(4)


def _cell_of_one(weight: float, **options: Any) -> Any:
    cell = untrained(0, features=1, units=1, **options)
    cell.recurrent_kernel.assign([[weight]])
    return cell


@pytest.mark.parametrize("weight", [0.5, 1.0, 2.0])
def test_of_one_unit_without_a_bend_a_power_arrives(weight: float) -> None:
    # relu of what stays above 0 is the identity: h_t = w h_{t-1} + x_t, so dh_T/dh_{T-k} = w^k.
    cell = _cell_of_one(weight, activation="relu", gated=False)
    cell.kernel.assign([[1.0]])
    arrived = arriving(cell, np.ones((2, 6, 1)), np.ones((2, 1)))
    np.testing.assert_allclose(arrived, weight ** np.arange(7.0), rtol=1e-12)
    assert per_step(arrived) == pytest.approx(weight)


def test_nothing_passes_a_relu_that_is_shut() -> None:
    cell = _cell_of_one(1.0, activation="relu", gated=False)
    cell.kernel.assign([[-5.0]])
    np.testing.assert_array_equal(arriving(cell, np.ones((1, 2, 1)), np.ones((1, 1))), [1, 0, 0])


def test_of_one_gated_unit_the_product_rule_arrives() -> None:
    w, w_x, b_z = 0.7, 0.4, 1.0
    cell = _cell_of_one(w)
    cell.kernel.assign([[w_x]])
    x = rng.normal(size=5)
    h, factors = 0.0, []
    for value in x:
        p = w_x * value + w * h
        z, c = 1 / (1 + np.exp(-(p + b_z))), np.tanh(p)
        # h' = z h + (1 - z) c: by h, by p in z, by p in c.
        factors.append(z + z * (1 - z) * w * (h - c) + (1 - z) * (1 - c * c) * w)
        h = z * h + (1 - z) * c
    wanted = np.cumprod([1.0, *factors[::-1]])
    arrived = arriving(cell, x[None, :, None], np.ones((1, 1)))
    np.testing.assert_allclose(arrived, np.abs(wanted), rtol=1e-10)


@pytest.mark.parametrize("gated", [False, True])
def test_finite_differences_of_the_equations(gated: bool) -> None:
    units, timesteps, back = 4, 6, 3
    cell = untrained(1, features=2, units=units, gated=gated)
    x, v = rng.normal(size=(1, timesteps, 2)), directions(0, units, 1)
    weights = [np.asarray(w) for w in cell.get_weights()]

    def last(h: NDArray[np.float64]) -> float:
        for t in range(timesteps - back, timesteps):
            h = equations.step(x[:, t], h, weights, "tanh")
        return float((h @ v[0])[0])

    h = equations.states(x, weights, "tanh")[:, timesteps - back - 1]
    tiny = 1e-6 * np.eye(units)
    gradient = [(last(h + d) - last(h - d)) / 2e-6 for d in tiny]
    assert arriving(cell, x, v)[back] == pytest.approx(np.linalg.norm(gradient), rel=1e-7)


def test_gates_that_are_open_let_everything_arrive_and_shut_ones_what_a_plain_cell_does() -> None:
    # b_z so large that z is 1: the state is kept. So small that z is 0: the plain cell.
    x, v = rng.normal(size=(3, 8, 2)), directions(0, 4, 3)
    plain = arriving(untrained(5, 2, units=4, gated=False), x, v)
    kept, replaced = untrained(5, 2, units=4), untrained(5, 2, units=4)
    kept.gate_bias.assign(np.full(4, 50.0))
    replaced.gate_bias.assign(np.full(4, -50.0))
    np.testing.assert_allclose(arriving(kept, x, v), 1.0, rtol=1e-9)
    np.testing.assert_allclose(arriving(replaced, x, v), plain, rtol=1e-9)
    assert plain[-1] < 0.5


def test_directions_have_length_one() -> None:
    np.testing.assert_allclose(np.linalg.norm(directions(0, 7, 5), axis=1), 1.0)


def test_what_has_vanished_from_double_precision_has_a_number_a_step_all_the_same() -> None:
    assert 0 < per_step(np.array([1.0, 0.0])) < 1e-200


@pytest.mark.parametrize(
    ("last", "word"),
    [(0.0, "vanished"), (0.009, "vanished"), (0.011, "lasting"), (101, "exploded")],
)
def test_what_became_of_it_is_said_by_its_size(last: float, word: str) -> None:
    assert fate(np.array([1.0, last])) == word
