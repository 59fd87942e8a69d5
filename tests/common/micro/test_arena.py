"""The plan of the arena: by hand on small cases, and never an overlap in room and time."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from common.micro.arena import Buffer, estimate_arena, planned_bytes
from tests.common.micro.steps import step_file


def test_buffers_share_memory_one_after_the_other_only() -> None:
    assert planned_bytes([]) == 0
    assert planned_bytes([Buffer(64, 0, 1), Buffer(32, 2, 3)]) == 64
    assert planned_bytes([Buffer(64, 0, 2), Buffer(32, 2, 3)]) == 96


def test_a_small_buffer_goes_into_a_gap() -> None:
    # 64 at 0, 48 at 64 for as long; when the 64 are free, 32 fit below the 48.
    assert planned_bytes([Buffer(48, 0, 5), Buffer(64, 0, 2), Buffer(32, 3, 5)]) == 112
    # 80 do not, so they stand behind; large ones come first: 80 at 0, 64 at 0, 48 at 80.
    assert planned_bytes([Buffer(48, 0, 5), Buffer(64, 0, 2), Buffer(80, 3, 5)]) == 128


def test_of_equal_buffers_the_last_comes_first() -> None:
    # The last at 0, the one before it behind that, the first again there, as that one is gone by
    # then. The other way round the last one placed finds 0 and 16 taken.
    a, between, b, c = (Buffer(16, *span) for span in ((3, 4), (0, 0), (0, 2), (1, 3)))
    assert planned_bytes([a, between, b, c]) == 32
    assert planned_bytes([c, b, between, a]) == 48


def test_a_plan_is_never_less_than_what_lives_at_a_time() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        buffers = []
        for _ in range(20):
            first, last = sorted(rng.integers(0, 30, 2).tolist())
            buffers.append(Buffer(16 * int(rng.integers(1, 9)), first, last))
        alive = [sum(b.size for b in buffers if b.first <= t <= b.last) for t in range(30)]
        assert max(alive) <= planned_bytes(buffers) <= sum(b.size for b in buffers)


def test_tensors_of_a_chain_share_two_places() -> None:
    """x and its tanh, then two products; a constant has no place in the arena."""

    @tf.function(input_signature=[tf.TensorSpec([1, 100])])
    def chain(x: tf.Tensor) -> tf.Tensor:
        return tf.tanh(tf.tanh(tf.tanh(x)) * tf.range(100.0))

    converter = tf.lite.TFLiteConverter.from_concrete_functions([chain.get_concrete_function()])
    assert estimate_arena(converter.convert()).tensors == 2 * 400


@pytest.mark.parametrize("precision", ["float32", "int8", "int16x8"])
def test_an_estimate_is_the_sum_of_its_parts(precision: str) -> None:
    arena = estimate_arena(step_file(precision))
    assert arena.tensors % 16 == 0
    assert arena.tensors + arena.records <= arena.total
    assert arena.total % 1024 == 0


def test_a_loop_is_refused() -> None:
    @tf.function(input_signature=[tf.TensorSpec([4])])
    def loop(x: tf.Tensor) -> tf.Tensor:
        return tf.while_loop(lambda y: tf.reduce_sum(y) < 9, lambda y: [y + 1], [x])[0]

    converter = tf.lite.TFLiteConverter.from_concrete_functions([loop.get_concrete_function()])
    with pytest.raises(ValueError, match="subgraphs"):
        estimate_arena(converter.convert())
