"""The loss of the next token against what automatic differentiation makes of its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from common.generation.loss import token_crossentropy

TOKENS, PIECES, SIZE = 40, 13, 6


def examples() -> tuple[Any, Any, Any, Any, Any]:
    rng = np.random.default_rng(0)
    features, table, bias = (
        tf.constant(rng.normal(size=shape), tf.float32)
        for shape in ((TOKENS, SIZE), (PIECES, SIZE), (PIECES,))
    )
    targets = tf.constant(rng.integers(0, PIECES, TOKENS), tf.int32)
    weights = tf.constant(rng.integers(0, 2, TOKENS), tf.float32)
    return features, table, bias, targets, weights


def by_definition(
    features: Any, table: Any, bias: Any, targets: Any, weights: Any, s: float
) -> Any:
    logs = tf.nn.log_softmax(tf.matmul(features, table, transpose_b=True) + bias)
    truth = (1 - s) * tf.one_hot(targets, PIECES) + s / PIECES
    return tf.reduce_sum(-tf.reduce_sum(truth * logs, -1) * weights) / tf.reduce_sum(weights)


def with_gradients(function: Any, *arguments: Any) -> tuple[Any, list[Any]]:
    with tf.GradientTape() as tape:
        tape.watch(arguments[:3])
        value = function(*arguments)
        value = value[0] if isinstance(value, tuple) else value
        tripled = 3 * value  # a gradient that is not 1 comes in
    return value, tape.gradient(tripled, arguments[:3])


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_loss_and_gradients_are_those_of_the_definition(smoothing: float) -> None:
    value, gradients = with_gradients(token_crossentropy, *examples(), smoothing)
    expected, wanted = with_gradients(by_definition, *examples(), smoothing)
    assert float(value) == pytest.approx(float(expected), rel=1e-5)
    for found, right in zip(gradients, wanted, strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-4, atol=1e-6)


def test_the_plain_loss_knows_no_smoothing_and_has_no_gradient() -> None:
    _, plain = token_crossentropy(*examples(), smoothing=0.4)
    assert float(plain) == pytest.approx(float(by_definition(*examples(), s=0.0)), rel=1e-5)
    arguments = examples()
    with tf.GradientTape() as tape:
        tape.watch(arguments[0])
        plain = token_crossentropy(*arguments, smoothing=0.4)[1]
    assert tape.gradient(plain, arguments[0]) is None


def test_a_token_without_weight_does_not_count() -> None:
    features, table, bias, targets, weights = examples()
    value, _ = token_crossentropy(features, table, bias, targets, weights, 0.1)
    real = np.flatnonzero(weights)
    alone, _ = token_crossentropy(
        tf.gather(features, real), table, bias, tf.gather(targets, real), tf.ones(len(real)), 0.1
    )
    assert float(value) == pytest.approx(float(alone), rel=1e-5)


def test_low_precision_is_near() -> None:
    exact, gradients = with_gradients(token_crossentropy, *examples(), 0.1)
    near, others = with_gradients(token_crossentropy, *examples(), 0.1, True)
    assert float(near) == pytest.approx(float(exact), rel=2e-2)
    assert float(near) != float(exact)
    for found, right in zip(others, gradients, strict=True):
        np.testing.assert_allclose(found, right, atol=0.02 * float(tf.reduce_max(tf.abs(right))))
