"""Cross-entropy of the next token, computed together with the logits, which are never kept twice.

The table of logits is by far the largest thing in a training step: tokens times pieces. What a
gradient needs of it is written out, so that it is gone through as few times as can be:

    loss_i = logsumexp(l_i) - (1 - s) l_i[y_i] - s mean(l_i)         l_i = E o_i + b
    d loss_i / d l_i = softmax(l_i) - (1 - s) onehot(y_i) - s / V

The second and third term are taken through `E` by themselves: one row of it, and its mean.
Label smoothing is that of Szegedy et al. ("Rethinking the Inception Architecture for Computer
Vision", CVPR 2016).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

Tensor = Any


def token_crossentropy(
    features: Tensor,
    table: Tensor,
    bias: Tensor,
    targets: Tensor,
    weights: Tensor,
    smoothing: float = 0.0,
    low_precision: bool = False,
) -> tuple[Tensor, Tensor]:
    """Returns mean losses over weighted tokens.

    Args:
        features: what the logits are made from, `(tokens, n)`.
        table: vectors of the pieces, `(pieces, n)`.
        bias: of the logits, `(pieces,)`.
        targets: ids, `(tokens,)`.
        weights: of the tokens, `(tokens,)`: 0 where one is padding.
        smoothing: share of a target given to all pieces alike.
        low_precision: whether the three products with as many columns as there are pieces are taken
            in bfloat16, which recent processors do several times as fast; sums stay in float32.

    Returns:
        The smoothed loss, whose gradient is written out, and the plain one, which has none: both
        in nats a token, scalars.
    """

    def product(a: Tensor, b: Tensor, **transposed: bool) -> Tensor:
        if not low_precision:
            return tf.matmul(a, b, **transposed)
        a, b = tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16)
        return tf.cast(tf.matmul(a, b, **transposed), tf.float32)

    @tf.custom_gradient
    def run(features: Tensor, table: Tensor, bias: Tensor) -> tuple[Any, Callable[..., Any]]:
        features, table, bias = map(tf.stop_gradient, (features, table, bias))
        total = tf.reduce_sum(weights)
        logits = product(features, table, transpose_b=True) + bias
        normalizer = tf.reduce_logsumexp(logits, axis=-1)
        rows = tf.gather(table, targets)
        chosen = tf.reduce_sum(features * rows, axis=-1) + tf.gather(bias, targets)
        mean_row = tf.reduce_mean(table, axis=0)
        mean = tf.linalg.matvec(features, mean_row) + tf.reduce_mean(bias)
        smoothed = normalizer - (1 - smoothing) * chosen - smoothing * mean
        losses = (
            tf.reduce_sum(smoothed * weights) / total,
            tf.reduce_sum((normalizer - chosen) * weights) / total,
        )

        def gradient(d_smoothed: Tensor, _: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            share = weights * (d_smoothed / total)
            p = tf.exp(logits - normalizer[:, None]) * share[:, None]
            hit = (1 - smoothing) * share
            spread = smoothing * share
            d_features = product(p, table) - hit[:, None] * rows - spread[:, None] * mean_row
            d_table = product(p, features, transpose_a=True)
            d_table = tf.tensor_scatter_nd_sub(d_table, targets[:, None], hit[:, None] * features)
            pieces = tf.cast(tf.shape(table)[0], tf.float32)
            d_table -= tf.linalg.matvec(features, spread, transpose_a=True) / pieces
            d_bias = tf.tensor_scatter_nd_sub(tf.reduce_sum(p, axis=0), targets[:, None], hit)
            return d_features, d_table, d_bias - tf.reduce_sum(spread) / pieces

        return losses, gradient

    smoothed, plain = run(features, table, bias)
    return smoothed, tf.stop_gradient(plain)
