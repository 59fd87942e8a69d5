"""The cell: its numbers, its life as a Keras layer, its place in Keras's own wrappers."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
from keras.src import testing

from common.recurrent.cell import ACTIVATIONS, RecurCell
from tests import reference

FORMS = list(itertools.product(ACTIVATIONS, (False, True)))


def _randomised(cell: RecurCell, seed: int = 0) -> list[np.ndarray]:
    """Gives every weight, biases too, a random value and returns them."""
    rng = np.random.default_rng(seed)
    values = [rng.normal(0, 0.5, w.shape).astype("float32") for w in cell.weights]
    cell.set_weights(values)
    return values


@pytest.mark.parametrize("activation, gated", FORMS)
@pytest.mark.parametrize("batch, features, units", [(1, 1, 1), (1, 3, 5), (4, 7, 2), (3, 16, 16)])
def test_one_step_equals_numpy(
    activation: str, gated: bool, batch: int, features: int, units: int
) -> None:
    cell = RecurCell(units, activation=activation, gated=gated)
    cell.build((batch, features))
    weights = _randomised(cell)
    rng = np.random.default_rng(1)
    x, h = rng.normal(size=(batch, features)), rng.normal(size=(batch, units))
    expected = reference.cell_step(x, h, weights, activation)
    output, states = cell(x.astype("float32"), [h.astype("float32")])
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(output, states[0])


def test_plain_step_by_hand() -> None:
    # p = 2*1 + 1*0.5 = 2.5; relu(2.5 + 0.25) = 2.75
    cell = RecurCell(1, activation="relu", gated=False)
    cell.build((1, 1))
    cell.set_weights([np.array([[2.0]]), np.array([[1.0]]), np.array([0.25])])
    output, _ = cell(np.array([[1.0]]), [np.array([[0.5]])])
    assert float(output[0, 0]) == 2.75


def test_gated_step_by_hand() -> None:
    # p = 0, b = 1, b_z = ln 3: c = relu(1) = 1, z = 3/4, h = 3/4 * 8 + 1/4 * 1 = 6.25
    cell = RecurCell(1, activation="relu", gated=True)
    cell.build((1, 1))
    cell.set_weights([np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1), np.log([3.0])])
    output, _ = cell(np.array([[5.0]]), [np.array([[8.0]])])
    assert float(output[0, 0]) == pytest.approx(6.25, rel=1e-6)


def test_counting_by_hand() -> None:
    # With all weights 1 and no bias a plain relu cell adds up what it has seen.
    cell = RecurCell(1, activation="relu", gated=False, kernel_initializer="ones")
    layer = keras.layers.RNN(cell, return_sequences=True)
    layer.build((1, 4, 1))
    cell.set_weights([np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)])
    total = layer(np.array([[[1.0], [2.0], [3.0], [4.0]]]))
    np.testing.assert_array_equal(np.ravel(total), [1, 3, 6, 10])


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_gated_state_stays_in_the_range_of_f(activation: str) -> None:
    cell = RecurCell(8, activation=activation)
    cell.build((2, 3))
    rng = np.random.default_rng(0)
    cell.set_weights([rng.normal(0, 30, w.shape) for w in cell.weights])
    h = [np.zeros((2, 8), "float32")]
    for _ in range(50):
        _, h = cell(rng.normal(0, 30, (2, 3)).astype("float32"), h)
        assert np.all(np.abs(h[0]) <= 1)


def test_state_comes_back_in_the_form_it_had() -> None:
    cell = RecurCell(2)
    x, h = np.zeros((1, 3), "float32"), np.zeros((1, 2), "float32")
    assert isinstance(cell(x, [h])[1], list)
    assert isinstance(cell(x, (h,))[1], tuple)
    assert cell(x, h)[1].shape == (1, 2)


def test_life_cycle_of_a_keras_layer() -> None:
    """Configuration round trip, weights after build, shapes, dtypes, a compiled training step."""
    case = testing.TestCase()
    case.setUp()
    for activation, gated in FORMS:
        case.run_layer_test(
            keras.layers.RNN,
            init_kwargs={"cell": RecurCell(5, activation, gated), "return_sequences": True},
            input_shape=(3, 4, 2),
            expected_output_shape=(3, 4, 5),
            expected_num_trainable_weights=4 if gated else 3,
            expected_num_non_trainable_weights=0,
            supports_masking=True,
            custom_objects={"RecurCell": RecurCell},
        )


def test_config_round_trip_keeps_every_argument() -> None:
    cell = RecurCell(
        3,
        activation="relu",
        gated=False,
        kernel_initializer="he_normal",
        recurrent_initializer="identity",
        bias_initializer="ones",
        gate_bias_initializer="zeros",
        kernel_regularizer="l2",
        name="mine",
    )
    assert RecurCell.from_config(cell.get_config()).get_config() == cell.get_config()


@pytest.mark.parametrize("gated", [False, True])
def test_inside_keras_wrappers(gated: bool) -> None:
    x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
    stack = keras.layers.RNN(
        keras.layers.StackedRNNCells([RecurCell(4, gated=gated), RecurCell(5)])
    )
    assert stack(x).shape == (2, 5)
    both = keras.layers.Bidirectional(keras.layers.RNN(RecurCell(4, gated=gated)))
    assert both(x).shape == (2, 8)
    forward, backward = both.forward_layer, both.backward_layer
    assert not np.allclose(forward.cell.kernel, backward.cell.kernel)


def test_masked_step_repeats_output_and_state() -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    mask = np.array([[1, 1, 0, 0, 1], [1, 0, 0, 0, 0]], bool)
    layer = keras.layers.RNN(RecurCell(4), return_sequences=True, return_state=True)
    outputs, state = (np.asarray(v) for v in layer(x, mask=mask))
    np.testing.assert_array_equal(outputs[0, 2], outputs[0, 1])
    np.testing.assert_array_equal(outputs[0, 3], outputs[0, 1])
    np.testing.assert_array_equal(outputs[1, 4], outputs[1, 0])
    np.testing.assert_array_equal(state[1], outputs[1, 0])
    assert not np.array_equal(outputs[0, 4], outputs[0, 3])


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(dtype: str) -> None:
    layer = keras.layers.RNN(RecurCell(4, dtype=dtype), dtype=dtype)
    output = layer(np.ones((2, 5, 3), "float32"))
    assert keras.backend.standardize_dtype(output.dtype) == dtype.removeprefix("mixed_")
    assert {w.dtype for w in layer.weights} == {"float32"}


def test_save_and_load(tmp_path) -> None:  # type: ignore[no-untyped-def]
    model = keras.Sequential([keras.Input((None, 3)), keras.layers.RNN(RecurCell(4))])
    _randomised(model.layers[0].cell)
    model.save(tmp_path / "m.keras")
    x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(model(x), loaded(x))


@pytest.mark.parametrize(
    "arguments, named",
    [({"units": 0}, "0"), ({"units": 2.5}, "2.5"), ({"units": 2, "activation": "elu"}, "elu")],
)
def test_wrong_arguments_are_named(arguments: dict, named: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=named):
        RecurCell(**arguments)
