"""How likely a decoder finds a sentence, in the order of its words and in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from common.buckets import bucket_lengths, bucket_of
from common.generation.application import FrontEnd
from common.text.pieces import END_ID, START_ID

_TOGETHER = 50


def nats_a_token(
    model: Any, front_end: FrontEnd, inputs: Sequence[Any], sentences: Sequence[str]
) -> float:
    """Returns the mean of `-log p` of the tokens of sentences, END among them.

    Each token is predicted from the input and the right tokens before it, as in training.

    Args:
        model: `common.generation.network.Generator`.
        front_end: of it.
        inputs: raw, none too long for one call.
        sentences: one for each input.
    """
    import tensorflow as tf

    total, count = 0.0, 0
    buckets = bucket_lengths(max(front_end.max_timesteps, 1))
    for begin in range(0, len(inputs), _TOGETHER):
        encoded = [front_end.encode(raw) for raw in inputs[begin : begin + _TOGETHER]]
        steps = front_end.max_timesteps and bucket_of(max(map(len, encoded)), buckets)
        rows = [front_end.vocabulary.encode(s) for s in sentences[begin : begin + _TOGETHER]]
        previous = np.zeros((len(rows), max(map(len, rows)) + 1), np.int32)
        targets, real = np.zeros_like(previous), np.zeros(previous.shape, bool)
        for row, ids in enumerate(rows):
            previous[row, : len(ids) + 1] = [START_ID, *ids]
            targets[row, : len(ids) + 1] = [*ids, END_ID]
            real[row, : len(ids) + 1] = True
        features = model((front_end.pad(encoded, steps), previous), training=False)
        logs = tf.nn.log_softmax(model.decoder.logits(features))
        chosen = np.asarray(tf.gather(logs, targets, batch_dims=2), np.float64)
        total -= float(chosen[real].sum())
        count += int(real.sum())
    return total / count
