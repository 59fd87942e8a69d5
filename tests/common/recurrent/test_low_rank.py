"""Matrices of the cell as two factors: the numbers of the full matrix, fewer weights."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from common.export.tflite import convert
from common.recurrent.cell import RecurCell
from common.recurrent.layer import FORMS, Recur, unfolded_as

FEATURES, UNITS = 7, 6
RANKS: list[dict[str, Any]] = [
    {"kernel_rank": 2},
    {"recurrent_rank": 3},
    {"kernel_rank": 2, "recurrent_rank": 3},
    {"shared_rank": 3},
]


def _pair(ranks: dict[str, Any], **options: Any) -> tuple[Any, Any]:
    """A layer of low rank with random weights, and one with the products as full matrices."""
    low = Recur(UNITS, **ranks, **options)
    full = Recur(UNITS, **options)
    rng = np.random.default_rng(3)
    for layer in (low, full):
        layer.build((None, None, FEATURES))
    low.set_weights([rng.normal(0, w.shape[0] ** -0.5, w.shape) for w in low.weights])
    cell = low.cell
    products = [
        np.linalg.multi_dot([*map(np.asarray, factors), np.eye(UNITS)])
        for factors in (cell.kernel_factors, cell.recurrent_factors)
    ]
    full.set_weights([*products, np.asarray(cell.bias), np.asarray(cell.gate_bias)])
    return low, full


def _inputs() -> tuple[Any, Any]:
    rng = np.random.default_rng(4)
    x = tf.constant(rng.normal(size=(3, 9, FEATURES)), tf.float32)
    return x, tf.sequence_mask([9, 4, 1], 9)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ranks", RANKS)
def test_every_form_has_the_numbers_of_the_full_matrices(ranks: dict[str, Any], form: str) -> None:
    low, full = _pair(ranks, return_sequences=True)
    x, mask = _inputs()
    with unfolded_as(form):
        found, expected = low(x, mask=mask), full(x, mask=mask)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    low.cell.kernel_factors[0].assign_add(tf.ones_like(low.cell.kernel_factors[0]))
    with unfolded_as(form):
        assert np.abs(low(x, mask=mask) - expected).max() > 1e-2


@pytest.mark.parametrize("ranks", RANKS)
def test_step_by_step(ranks: dict[str, Any]) -> None:
    low, full = _pair(ranks)
    x, _ = _inputs()
    h = tf.zeros((3, UNITS))
    for t in range(9):
        h = low.step(x[:, t] / 2, h, input_range=2.0)
    np.testing.assert_allclose(h, full(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("ranks", RANKS)
def test_gradients_are_those_of_keras(ranks: dict[str, Any]) -> None:
    low, _ = _pair(ranks, return_sequences=True)
    x, mask = _inputs()
    gradients = []
    for layer in (low, keras.layers.RNN(low.cell, return_sequences=True)):
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(tf.sin(layer(x, mask=mask, training=True)))
        gradients.append(tape.gradient(value, [w.value for w in low.trainable_weights]))
    assert len(gradients[0]) == len(low.weights)
    for found, expected in zip(*gradients, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_weights_by_hand() -> None:
    layer = Recur(UNITS, kernel_rank=2, recurrent_rank=3)
    layer.build((None, None, FEATURES))
    # A and B of W_x: 7 x 2 and 2 x 6; of W_h: 6 x 3 and 3 x 6; two biases of 6.
    assert layer.count_params() == 14 + 12 + 18 + 18 + 12
    assert layer.cell.kernel.shape == (FEATURES, UNITS)
    assert np.linalg.matrix_rank(layer.cell.kernel) == 2
    assert np.linalg.matrix_rank(layer.cell.recurrent_kernel) == 3


def test_weights_by_hand_of_a_shared_factor() -> None:
    layer = Recur(UNITS, shared_rank=3)
    layer.build((None, None, FEATURES))
    # A_x, A_h and B: 7 x 3, 6 x 3 and 3 x 6; two biases of 6.
    assert layer.count_params() == 21 + 18 + 18 + 12
    assert [w.path.split("/")[-1] for w in layer.weights] == [
        *("kernel_a", "recurrent_kernel_a", "shared_b", "bias", "gate_bias")
    ]
    assert layer.cell.kernel_factors[1] is layer.cell.recurrent_factors[1]


def test_a_shared_factor_beside_another_rank() -> None:
    with pytest.raises(ValueError, match="shared_rank is the rank of both matrices"):
        RecurCell(4, shared_rank=2, kernel_rank=2)


def _step_products(**ranks: Any) -> int:
    """Returns the number of matrix products in a step."""
    layer = Recur(UNITS, **ranks)
    layer.build((None, None, FEATURES))

    @tf.function(input_signature=[tf.TensorSpec((1, n)) for n in (FEATURES, UNITS)])
    def step(x: Any, h: Any) -> Any:
        return layer.step(x, h)

    operations = step.get_concrete_function().graph.get_operations()
    return sum(operation.type == "MatMul" for operation in operations)


def test_a_step_with_a_shared_factor_has_two_products() -> None:
    assert _step_products() == 1
    assert _step_products(shared_rank=2) == 2
    assert _step_products(kernel_rank=2, recurrent_rank=2) == 3


def _loop_file(rank: int | None) -> bytes:
    layer = Recur(64, kernel_rank=rank, recurrent_rank=rank)
    layer.build((None, None, 64))

    def run(x: Any) -> dict[str, Any]:
        with unfolded_as("loop"):
            return {"h": layer(x)}

    return convert(
        run,
        [tf.TensorSpec((1, 12, 64), tf.float32, "x")],
        [w.value for w in layer.weights],
        artefacts={"loop": "float32"},
        signature="run",
        single_subgraph=False,
    )["loop"]


def test_the_factors_stay_two_in_a_file() -> None:
    # 2 x 64 x 64 floats become 2 x 2 x 64 x 2.
    assert len(_loop_file(None)) - len(_loop_file(2)) > 4 * (8192 - 512) - 4096


def test_config_comes_back() -> None:
    layer = Recur(4, kernel_rank=2, recurrent_rank=1, checkpoint_every=7)
    again = Recur.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (again.cell.kernel_rank, again.cell.recurrent_rank) == (2, 1)
    assert again.checkpoint_every == 7
    shared = Recur.from_config(Recur(4, shared_rank=2).get_config())
    assert shared.cell.shared_rank == 2


@pytest.mark.parametrize("name", ["kernel_rank", "recurrent_rank", "shared_rank", "units"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, "2"])
def test_a_size_that_is_none(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a positive integer, got"):
        RecurCell(**{"units": 3, name: value})
