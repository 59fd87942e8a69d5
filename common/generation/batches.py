"""Batches of inputs and sentences of like length, with about as many tokens in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.buckets import bucket_lengths, bucket_of
from common.text.pieces import END_ID, START_ID
from common.text.vocabulary import PAD_ID

Ids = NDArray[np.int32]
Batch = tuple[tuple[Any, Ids], Ids]

# Rows of a batch are a multiple of this, so that shards are alike.
_ROWS = 16


def pad_ids(rows: Sequence[Sequence[int]], length: int) -> Ids:
    """Returns ids as rows of `length`, filled up with padding."""
    padded = np.full((len(rows), length), PAD_ID, np.int32)
    for row, ids in zip(padded, rows, strict=True):
        row[: len(ids)] = ids
    return padded


class SentenceBatches:
    """Batches for teacher forcing; their order depends on the seed and the epoch alone.

    The lengths and sizes of batches are few, because XLA compiles for each: a bucket of lengths has
    one size, and its last batch is filled up with rows of padding, which count for nothing.

    Args:
        lengths: of the inputs, in time steps; 0 where all are alike.
        pad_inputs: makes the inputs with these indices a batch of a given number of time steps.
        sentences: ids of the sentence for each input, without START and END.
        tokens: of a batch, about.
        seed: of the order; None keeps a fixed order, for scoring.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        pad_inputs: Callable[[Sequence[int], int], Any],
        sentences: Sequence[Sequence[int]],
        tokens: int,
        seed: int | None = None,
    ) -> None:
        self.pad_inputs, self.sentences, self.tokens, self.seed = (
            pad_inputs,
            sentences,
            tokens,
            seed,
        )
        longest = [max(n, len(ids) + 1) for n, ids in zip(lengths, sentences, strict=True)]
        steps = bucket_lengths(max(longest), growth=1.3, first=6, multiple=2)
        self.buckets: dict[int, list[int]] = {}
        for index, length in enumerate(longest):
            self.buckets.setdefault(bucket_of(length, steps), []).append(index)
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Lays out the batches of an epoch."""
        rng = np.random.default_rng([self.seed or 0, epoch])
        self.batches: list[tuple[int, list[int]]] = []
        for steps, bucket in sorted(self.buckets.items()):
            rows = self.rows(steps)
            order = bucket if self.seed is None else rng.permutation(bucket).tolist()
            self.batches += [(steps, order[i : i + rows]) for i in range(0, len(order), rows)]
        if self.seed is not None:
            rng.shuffle(self.batches)

    def rows(self, steps: int) -> int:
        """Returns how many rows a batch of so many time steps has."""
        return max(_ROWS, self.tokens // steps // _ROWS * _ROWS)

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> Batch:
        """Returns inputs, the token before each, and each token with END after the last."""
        steps, indices = self.batches[index]
        some = [self.sentences[i] for i in indices]
        missing = [[]] * (self.rows(steps) - len(indices))  # type: list[list[int]]
        previous = pad_ids([*([START_ID, *ids] for ids in some), *missing], steps)
        targets = pad_ids([*([*ids, END_ID] for ids in some), *missing], steps)
        inputs = self.pad_inputs(indices, steps)
        fill = [(0, len(missing)), *[(0, 0)] * (inputs.ndim - 1)]
        return (np.pad(inputs, fill), previous), targets

    def dataset(self) -> tf.data.Dataset:
        """Returns the batches of the epoch that is set when it is iterated, for `fit`."""
        (inputs, _), _ = self[0]
        ids = tf.TensorSpec([None, None], tf.int32)
        shape = [None, None, *inputs.shape[2:]] if inputs.ndim == 2 else [None, *inputs.shape[1:]]
        specs = ((tf.TensorSpec(shape, inputs.dtype), ids), ids)
        dataset = tf.data.Dataset.from_generator(
            lambda: (self[i] for i in range(len(self))), output_signature=specs
        )
        cardinality = tf.data.experimental.assert_cardinality(len(self))
        return dataset.apply(cardinality).prefetch(4)
