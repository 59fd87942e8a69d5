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
Batch = tuple[tuple[Any, ...], Ids]

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
    one size, and each of its batches is filled up with rows of padding, which count for nothing.

    Args:
        lengths: of the inputs, in time steps; 0 where all are alike.
        pad_inputs: makes the inputs of some sentences a batch of a given number of time steps.
        sentences: ids of the sentence for each input, without START and END.
        tokens: of a batch, about.
        seed: of the order; None keeps a fixed order, for scoring.
        owners: for each sentence the number of its input, where several have one. They are in one
            batch then, in which the input stands once.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        pad_inputs: Callable[[Sequence[int], int], Any],
        sentences: Sequence[Sequence[int]],
        tokens: int,
        seed: int | None = None,
        owners: Sequence[int] | None = None,
    ) -> None:
        self.pad_inputs, self.sentences, self.tokens, self.seed = (
            pad_inputs,
            sentences,
            tokens,
            seed,
        )
        self.owners = owners
        longest = [max(n, len(ids) + 1) for n, ids in zip(lengths, sentences, strict=True)]
        steps = bucket_lengths(max(longest), growth=1.3, first=6, multiple=2)
        self.buckets: dict[int, list[list[int]]] = {}
        for group in _groups(owners, len(sentences)):
            length = bucket_of(max(longest[i] for i in group), steps)
            self.buckets.setdefault(length, []).append(group)
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Lays out the batches of an epoch."""
        rng = np.random.default_rng([self.seed or 0, epoch])
        self.batches: list[tuple[int, list[int]]] = []
        for steps, bucket in sorted(self.buckets.items()):
            order = range(len(bucket)) if self.seed is None else rng.permutation(len(bucket))
            some: list[int] = []
            for group in (bucket[i] for i in order):
                if len(some) + len(group) > self.rows(steps):
                    self.batches.append((steps, some))
                    some = []
                some += group
            self.batches.append((steps, some))
        if self.seed is not None:
            rng.shuffle(self.batches)

    def rows(self, steps: int) -> int:
        """Returns how many rows a batch of so many time steps has."""
        return max(_ROWS, self.tokens // steps // _ROWS * _ROWS)

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> Batch:
        """Returns inputs, the token before each, and each token with END after the last.

        Where sentences have owners, the row of its input for each sentence is the third of what
        the network takes.
        """
        steps, indices = self.batches[index]
        some = [self.sentences[i] for i in indices]
        missing = [[]] * (self.rows(steps) - len(indices))  # type: list[list[int]]
        previous = pad_ids([*([START_ID, *ids] for ids in some), *missing], steps)
        targets = pad_ids([*([*ids, END_ID] for ids in some), *missing], steps)
        if self.owners is not None:
            firsts = list({self.owners[i]: i for i in reversed(indices)}.values())[::-1]
            places = {self.owners[i]: place for place, i in enumerate(firsts)}
            rows = np.zeros(len(previous), np.int32)
            rows[: len(indices)] = [places[self.owners[i]] for i in indices]
            return (self.pad_inputs(firsts, steps), previous, rows), targets
        inputs = self.pad_inputs(indices, steps)
        fill = [(0, len(missing)), *[(0, 0)] * (inputs.ndim - 1)]
        return (np.pad(inputs, fill), previous), targets

    def dataset(self) -> tf.data.Dataset:
        """Returns the batches of the epoch that is set when it is iterated, for `fit`."""
        (inputs, *_), _ = self[0]
        ids = tf.TensorSpec([None, None], tf.int32)
        rows = () if self.owners is None else (tf.TensorSpec([None], tf.int32),)
        return as_dataset(self, ((spec_of_inputs(inputs), ids, *rows), ids))


def spec_of_inputs(batch: Any) -> tf.TensorSpec:
    """Returns what one batch of inputs has in common with all: not its rows, nor its time steps."""
    free = [None, None] if batch.ndim == 2 else [None]
    return tf.TensorSpec([*free, *batch.shape[len(free) :]], batch.dtype)


def as_dataset(batches: Any, specs: Any) -> tf.data.Dataset:
    """Returns batches as a dataset, those of the epoch that is set when it is iterated.

    Args:
        batches: a sequence of them.
        specs: the `tf.TensorSpec` of what is in each.
    """
    dataset = tf.data.Dataset.from_generator(
        lambda: (batches[i] for i in range(len(batches))), output_signature=specs
    )
    cardinality = tf.data.experimental.assert_cardinality(len(batches))
    return dataset.apply(cardinality).prefetch(4)


def _groups(owners: Sequence[int] | None, sentences: int) -> list[list[int]]:
    """Returns the sentences that must be in one batch, so many at most that they fit in any."""
    if owners is None:
        return [[i] for i in range(sentences)]
    together: dict[int, list[int]] = {}
    for index, owner in enumerate(owners):
        together.setdefault(owner, []).append(index)
    return [
        group[start : start + _ROWS]
        for group in together.values()
        for start in range(0, len(group), _ROWS)
    ]
