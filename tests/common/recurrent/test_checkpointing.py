"""States kept now and then: same outputs, same gradients, less memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from common.recurrent.layer import Recur

BATCH, FEATURES, UNITS, EVERY = 6, 3, 5, 4


def _pair(**options: Any) -> tuple[Recur, Recur]:
    layers = Recur(UNITS, **options), Recur(UNITS, checkpoint_every=EVERY, **options)
    rng = np.random.default_rng(1)
    for layer in layers:
        layer.build((None, None, FEATURES))
    weights = [rng.normal(0, 0.4, w.shape) for w in layers[0].weights]
    for layer in layers:
        layer.set_weights(weights)
    return layers


def _run(layer: Recur, x: Any, h0: Any, mask: Any, known: bool) -> list[Any]:
    """Outputs and gradients of a sum of them, each weighted differently."""
    shape = x.shape if known else [None, None, FEATURES]

    @tf.function(input_signature=[tf.TensorSpec(shape), tf.TensorSpec(h0.shape)])
    def run(x: Any, h0: Any) -> Any:
        sources = [x, h0, *(w.value for w in layer.trainable_weights)]
        with tf.GradientTape() as tape:
            tape.watch(sources[:2])
            outputs = layer(x, initial_state=h0, mask=mask, training=True)
            value = tf.add_n(
                [
                    tf.reduce_sum(tf.reshape(o, [-1]) * tf.cos(tf.range(tf.size(o), dtype=o.dtype)))
                    for o in outputs
                ]
            )
        return [*outputs, *tape.gradient(value, sources)]

    return list(run(x, h0))


@pytest.mark.parametrize(
    "timesteps, known",
    [(1, True), (3 * EVERY, True), (3 * EVERY + 1, True), (3 * EVERY + 1, False)],
)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
def test_same_outputs_and_gradients(
    timesteps: int, known: bool, masked: bool, backwards: bool, sequences: bool
) -> None:
    options = {"return_sequences": sequences, "go_backwards": backwards, "return_state": True}
    plain, checkpointed = _pair(jit_compile=False, **options)
    rng = np.random.default_rng(timesteps)
    x = tf.constant(rng.normal(size=(BATCH, timesteps, FEATURES)), tf.float32)
    h0 = tf.constant(rng.normal(size=(BATCH, UNITS)), tf.float32)
    lengths = [timesteps, 1, timesteps, max(1, timesteps - 2), 1, timesteps]
    mask = tf.sequence_mask(lengths, timesteps) if masked else None
    expected = _run(plain, x, h0, mask, known)
    found = _run(checkpointed, x, h0, mask, known)
    assert len(found) == len(expected) == (2 + 2 + 4)
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_compiled_and_of_low_rank_and_plain() -> None:
    for options in ({"gated": False}, {"kernel_rank": 2, "recurrent_rank": 2}):
        plain, checkpointed = _pair(return_sequences=True, return_state=True, **options)
        x, h0 = tf.random.normal((BATCH, 9, FEATURES), seed=1), tf.zeros((BATCH, UNITS))
        for one, other in zip(
            _run(checkpointed, x, h0, None, True), _run(plain, x, h0, None, True), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_a_chunk_has_steps() -> None:
    with pytest.raises(ValueError, match="checkpoint_every must be a positive integer, got 0"):
        Recur(3, checkpoint_every=0)
