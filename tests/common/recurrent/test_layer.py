"""The layer: the numbers and gradients of keras.layers.RNN, however it is unfolded."""

from __future__ import annotations

import itertools
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src import testing

from common.recurrent.backpropagation import SMALLEST_SHARD
from common.recurrent.cell import ACTIVATIONS, RecurCell
from common.recurrent.layer import Recur, unfolded_as
from common.recurrent.unfold import BLOCK
from tests import reference

rng = np.random.default_rng(7)


def _pair(features: int = 3, units: int = 5, **arguments: Any) -> tuple[Recur, keras.layers.RNN]:
    """A layer with random weights and keras.layers.RNN around the very same cell."""
    layer = Recur(units, **arguments)
    layer.build((None, None, features))
    # Divided by the root of the fan-in: larger weights make the recurrence chaotic, and then a
    # difference in the last bit grows without bound in any implementation.
    layer.set_weights([rng.normal(0, w.shape[0] ** -0.5, w.shape) for w in layer.weights])
    names = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask")
    return layer, keras.layers.RNN(layer.cell, **{k: v for k, v in arguments.items() if k in names})


def _inputs(batch: int, timesteps: int, features: int = 3, masked: bool = False) -> Any:
    x = rng.normal(size=(batch, timesteps, features)).astype("float32")
    mask = None
    if masked:
        mask = rng.random((batch, timesteps)) < 0.6
        mask[0, 0] = False  # a first step without a last output
        mask[-1] = False  # nothing but masked steps
    return tf.constant(x), mask


def _run(layer: Any, x: Any, mask: Any, h0: Any = None) -> tuple[list[Any], list[Any]]:
    """Outputs, and gradients of a weighted sum of them to weights, inputs and first state."""
    sources = [w.value for w in layer.trainable_weights] + [x]
    if h0 is not None:
        sources.append(h0)
    with tf.GradientTape() as tape:
        tape.watch(sources)
        keywords = {} if h0 is None else {"initial_state": [h0]}
        outputs = tf.nest.flatten(layer(x, mask=mask, training=True, **keywords))
        weights = [tf.cos(tf.range(tf.size(o), dtype=o.dtype)) for o in outputs]
        value = tf.add_n(
            [tf.reduce_sum(tf.reshape(o, [-1]) * w) for o, w in zip(outputs, weights, strict=True)]
        )
    return outputs, tape.gradient(value, sources)


def _assert_close(actual: Any, desired: Any) -> None:
    for a, d in zip(actual, desired, strict=True):
        scale = max(1.0, float(np.max(np.abs(d))))
        np.testing.assert_allclose(a, d, rtol=1e-5, atol=1e-5 * scale)


@pytest.mark.parametrize("activation, gated", list(itertools.product(ACTIVATIONS, (False, True))))
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
def test_same_outputs_and_gradients_as_keras(
    activation: str, gated: bool, masked: bool, backwards: bool, sequences: bool
) -> None:
    layer, oracle = _pair(
        activation=activation,
        gated=gated,
        go_backwards=backwards,
        return_sequences=sequences,
        return_state=True,
    )
    x, mask = _inputs(4, 6, masked=masked)
    h0 = tf.constant(rng.normal(size=(4, 5)).astype("float32"))
    for state in (None, h0):
        outputs, gradients = _run(layer, x, mask, state)
        expected, expected_gradients = _run(oracle, x, mask, state)
        _assert_close(outputs, expected)
        _assert_close(gradients, expected_gradients)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("batch", [1, 2 * SMALLEST_SHARD, 2 * SMALLEST_SHARD + 1])
def test_shards_of_a_batch_change_nothing(batch: int, jit_compile: bool) -> None:
    layer, oracle = _pair(return_sequences=True, jit_compile=jit_compile)
    x, mask = _inputs(batch, 5, masked=True)
    for a, b in zip(_run(layer, x, mask), _run(oracle, x, mask), strict=True):
        _assert_close(a, b)


def test_zero_output_for_mask() -> None:
    for sequences in (True, False):
        layer, oracle = _pair(return_sequences=sequences, zero_output_for_mask=True)
        x, mask = _inputs(4, 6, masked=True)
        for a, b in zip(_run(layer, x, mask), _run(oracle, x, mask), strict=True):
            _assert_close(a, b)


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("batch, timesteps, units", [(1, 1, 1), (3, 9, 4), (20, 30, 17)])
def test_same_outputs_as_numpy(
    gated: bool, masked: bool, batch: int, timesteps: int, units: int
) -> None:
    layer, _ = _pair(units=units, gated=gated, return_sequences=True, return_state=True)
    x, mask = _inputs(batch, timesteps, masked=masked)
    weights = [np.asarray(w, "float64") for w in layer.get_weights()]
    expected = reference.unfold(x.numpy(), weights, "tanh", np.zeros((batch, units)), mask)
    _assert_close(layer(x, mask=mask), expected)


@pytest.mark.parametrize("form", ["training", "loop", "unrolled"])
@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("batch", [1, 3])
def test_every_form_gives_the_same_numbers(
    form: str, gated: bool, masked: bool, backwards: bool, batch: int
) -> None:
    for sequences in (True, False):
        layer, _ = _pair(
            gated=gated, go_backwards=backwards, return_sequences=sequences, return_state=True
        )
        x, mask = _inputs(batch, 6, masked=masked)
        weights = [np.asarray(w, "float64") for w in layer.get_weights()]
        order = slice(None, None, -1) if backwards else slice(None)
        real = None if mask is None else mask[:, order]
        states, last = reference.unfold(
            x.numpy()[:, order], weights, "tanh", np.zeros((batch, 5)), real
        )
        expected = [states if sequences else states[:, -1], last]
        with unfolded_as(form):
            _assert_close(layer(x, mask=mask), expected)


def test_step_by_step_equals_the_whole() -> None:
    layer, _ = _pair(return_sequences=True)
    x, _ = _inputs(2, 8)
    h = layer.cell.get_initial_state(2)
    steps = []
    for t in range(8):
        output, h = layer.cell(x[:, t], h)
        steps.append(output)
    _assert_close([tf.stack(steps, 1)], [layer(x)])


def test_padding_a_batch_changes_nothing() -> None:
    layer, _ = _pair(return_state=True)
    x, _ = _inputs(3, 5)
    padded = tf.pad(x, [[0, 0], [0, 7], [0, 0]], constant_values=9.0)
    mask = tf.sequence_mask([5, 5, 5], 12)
    for a, b in zip(layer(x), layer(padded, mask=mask), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7)


def test_any_length_and_batch_in_one_graph() -> None:
    layer, oracle = _pair(return_sequences=True)
    traces = []

    @tf.function(input_signature=[tf.TensorSpec([None, None, 3])])
    def run(x: Any) -> Any:
        traces.append(1)
        return layer(x, training=True)

    for batch, timesteps in [(1, 1), (2, 7), (17, 3), (40, 5)]:
        x, _ = _inputs(batch, timesteps)
        _assert_close([run(x)], [oracle(x)])
    assert len(traces) == 1


def test_bidirectional() -> None:
    x, mask = _inputs(3, 6, masked=True)
    ours = keras.layers.Bidirectional(Recur(4, return_sequences=True))
    ours.build(x.shape)
    theirs = keras.layers.Bidirectional(keras.layers.RNN(RecurCell(4), return_sequences=True))
    theirs.build(x.shape)
    theirs.set_weights(ours.get_weights())
    _assert_close([ours(x, mask=tf.constant(mask))], [theirs(x, mask=tf.constant(mask))])


def test_stateful_carries_the_state_over() -> None:
    x, _ = _inputs(2, 6)
    layer = Recur(4, stateful=True)
    whole = Recur(4)
    layer.build((2, 3, 3))
    whole.build((2, 6, 3))
    whole.set_weights([w.numpy() for w in layer.trainable_weights])
    layer(x[:, :3])
    _assert_close([layer(x[:, 3:])], [whole(x)])


def test_life_cycle_of_a_keras_layer() -> None:
    case = testing.TestCase()
    case.setUp()
    for gated in (False, True):
        case.run_layer_test(
            Recur,
            init_kwargs={"units": 5, "gated": gated, "return_sequences": True},
            input_shape=(3, 4, 2),
            expected_output_shape=(3, 4, 5),
            expected_num_trainable_weights=4 if gated else 3,
            expected_num_non_trainable_weights=0,
            supports_masking=True,
            custom_objects={"Recur": Recur},
        )


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(dtype: str) -> None:
    layer = Recur(4, dtype=dtype, return_sequences=True)
    with tf.GradientTape() as tape:
        output = layer(np.ones((2, 5, 3), "float32"), mask=np.ones((2, 5), bool))
        value = tf.reduce_sum(tf.cast(output, tf.float32))
    assert keras.backend.standardize_dtype(output.dtype) == dtype.removeprefix("mixed_")
    gradients = tape.gradient(value, [w.value for w in layer.trainable_weights])
    assert all(np.all(np.isfinite(tf.cast(g, tf.float32))) for g in gradients)
    assert all(g.dtype == tf.float32 for g in gradients)


def test_save_and_load(tmp_path) -> None:  # type: ignore[no-untyped-def]
    model = keras.Sequential([keras.Input((None, 3)), Recur(4, gated=False, activation="relu")])
    model.save(tmp_path / "m.keras")
    x, _ = _inputs(2, 5)
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(model(x), loaded(x))


def test_unknown_form_and_unknown_length_are_named() -> None:
    with pytest.raises(ValueError, match="sideways"), unfolded_as("sideways"):
        pass
    layer, _ = _pair()

    @tf.function(input_signature=[tf.TensorSpec([1, None, 3])])
    def run(x: Any) -> Any:
        with unfolded_as("unrolled"):
            return layer(x)

    with pytest.raises(ValueError, match="number of time steps"):
        run.get_concrete_function()


def test_a_layer_trains() -> None:
    """The layer learns to tell which of two signals came first, which no sum over time can."""
    order = rng.integers(0, 2, 512)
    x = np.zeros((512, 8, 2), "float32")
    x[np.arange(512), 1, order] = 1
    x[np.arange(512), 5, 1 - order] = 1
    model = keras.Sequential([Recur(8), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, order, epochs=15, batch_size=64, verbose=0)
    assert model.evaluate(x, order, verbose=0)[1] > 0.99


@pytest.mark.parametrize("form", ["loop", "unrolled"])
@pytest.mark.parametrize("initial", [False, True])
def test_a_mask_of_zeros_and_ones_is_a_mask(form: str, initial: bool) -> None:
    """Quantised graphs have no booleans."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(4, 9, 3)), tf.float32)
    mask = rng.random((4, 9)) < 0.6
    state = tf.constant(rng.normal(size=(4, 5)), tf.float32) if initial else None
    layer = Recur(5, return_sequences=True)
    with unfolded_as(form):
        by_booleans = layer(x, initial_state=state, mask=tf.constant(mask))
        by_numbers = layer(x, initial_state=state, mask=tf.constant(mask, tf.float32))
        unmasked = layer(x, initial_state=state)
    np.testing.assert_array_equal(by_numbers, by_booleans)
    assert np.abs(by_numbers - unmasked).max() > 0.1


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("initial", [False, True])
def test_a_loop_does_not_go_through_padding(backwards: bool, initial: bool) -> None:
    """A step that was computed would make its state no number, whatever its mask.

    The block in which the longest row ends is gone through to its end.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5 * BLOCK, 3)).astype("float32")
    state = tf.constant(rng.normal(size=(2, 5)), tf.float32) if initial else None
    mask = tf.sequence_mask([2 * BLOCK - 1, BLOCK], 5 * BLOCK)
    layer = Recur(5, return_sequences=True, return_state=True, go_backwards=backwards)
    with unfolded_as("unrolled"):
        expected = layer(tf.constant(x), initial_state=state, mask=mask)
    x[:, 2 * BLOCK :] = np.nan
    with unfolded_as("loop"):
        found = layer(tf.constant(x), initial_state=state, mask=mask)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    with unfolded_as("unrolled"):
        assert np.isnan(layer(tf.constant(x), initial_state=state, mask=mask)[1]).any()


@pytest.mark.parametrize("timesteps", [1, BLOCK - 1, BLOCK, 2 * BLOCK + 1])
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_loop_of_any_length(timesteps: int, known: bool, masked: bool, backwards: bool) -> None:
    """Steps that fill no block, whose number may be unknown when the graph is made."""
    rng = np.random.default_rng(timesteps)
    x = tf.constant(rng.normal(size=(3, timesteps, 2)), tf.float32)
    lengths = [timesteps, max(1, timesteps - 3), 1] if masked else [timesteps] * 3
    mask = tf.sequence_mask(lengths, timesteps)
    layer = Recur(5, return_sequences=True, return_state=True, go_backwards=backwards)
    shape = [3, timesteps] if known else [None, None]

    @tf.function(input_signature=[tf.TensorSpec([*shape, 2]), tf.TensorSpec(shape, tf.bool)])
    def looped(x: Any, mask: Any) -> Any:
        with unfolded_as("loop"):
            return layer(x, mask=mask if masked else None)

    with unfolded_as("unrolled"):
        expected = layer(x, mask=mask)
    for one, other in zip(looped(x, mask), expected, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_loop_over_nothing_but_padding(backwards: bool) -> None:
    layer = Recur(5, return_sequences=True, return_state=True, go_backwards=backwards)
    layer.build((None, None, 3))

    @tf.function(input_signature=[tf.TensorSpec([None, None, 3]), tf.TensorSpec([None, 5])])
    def run(x: Any, state: Any) -> Any:
        mask = tf.fill(tf.shape(x)[:2], False)
        with unfolded_as("loop"):
            return layer(x, initial_state=state, mask=mask)

    state = np.full((2, 5), 0.5, "float32")
    outputs, last = run(np.ones((2, 4, 3), "float32"), state)
    np.testing.assert_array_equal(last, state)
    np.testing.assert_array_equal(outputs, np.zeros((2, 4, 5)))
