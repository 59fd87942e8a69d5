"""Batches of sequences of like length, so that a long example costs no more than its length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.buckets import bucket_lengths, bucket_of
from common.classification.application import Array

Augment = Callable[[Array, np.random.Generator], Array]
Mix = Callable[[Array, Array, np.random.Generator], tuple[Array, float]]

# Batches are cut from pools of this many batches, sorted by length: long enough to find neighbours
# of like length, short enough to stay random.
_POOL = 50


class BucketedBatches:
    """Batches for training and scoring; their order depends on the seed and the epoch alone.

    Args:
        encoded: inputs `(timesteps, ...)` of different lengths.
        targets: index of the class of each.
        classes: number of classes.
        pad: makes a batch of a given length.
        longest: the most steps of any input.
        batch_size: examples in a batch.
        seed: of the order; None keeps neighbours by length in a fixed order, for scoring.
        augment: changes an input each time it is used, by the generator it is given; at most to
            `longest` steps.
        mix: makes one input of two, and says which share of the label the first one keeps.
    """

    def __init__(
        self,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
        classes: int,
        pad: Callable[[Sequence[Array], int], Array],
        longest: int,
        batch_size: int,
        seed: int | None = None,
        augment: Augment | None = None,
        mix: Mix | None = None,
    ) -> None:
        self.augment, self.mix = augment, mix
        self.encoded, self.pad = encoded, pad
        self.targets = np.eye(classes, dtype=np.float32)[targets]
        self.lengths = np.array([len(e) for e in encoded])
        self.buckets = bucket_lengths(longest)
        self.batch_size, self.seed = batch_size, seed
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Lays out the batches of an epoch."""
        self.epoch = epoch
        n, size = len(self.encoded), self.batch_size
        if self.seed is None:
            pools = [np.argsort(self.lengths, kind="stable")]
        else:
            rng = np.random.default_rng([self.seed, epoch])
            order = rng.permutation(n)
            pools = [order[i : i + size * _POOL] for i in range(0, n, size * _POOL)]
            pools = [p[np.argsort(self.lengths[p], kind="stable")] for p in pools]
        self.batches = [p[i : i + size] for p in pools for i in range(0, len(p), size)]
        if self.seed is not None:
            rng.shuffle(self.batches)

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> tuple[Array, NDArray[np.float32]]:
        """Returns a padded batch and the share of each class in each example."""
        batch = self.batches[index]
        examples = [self._example(int(i)) for i in batch]
        timesteps = bucket_of(max(len(one) for one, _ in examples), self.buckets)
        padded = self.pad([one for one, _ in examples], timesteps)
        return padded, np.stack([target for _, target in examples])

    def _example(self, i: int) -> tuple[Array, NDArray[np.float32]]:
        # By example and epoch, so that a run that goes on after an interrupt is the same run.
        rng = np.random.default_rng([self.seed or 0, self.epoch, i])
        one, target = self._changed(i, rng), self.targets[i]
        if self.mix is None:
            return one, target
        other = int(rng.integers(len(self.encoded)))
        one, share = self.mix(one, self._changed(other, rng), rng)
        return one, np.asarray(share * target + (1 - share) * self.targets[other], np.float32)

    def _changed(self, i: int, rng: np.random.Generator) -> Array:
        return self.encoded[i] if self.augment is None else self.augment(self.encoded[i], rng)

    def dataset(self) -> tf.data.Dataset:
        """Returns the batches of the epoch that is set when it is iterated, for `fit`."""
        first = self.pad(self.encoded[:1], bucket_of(int(self.lengths[0]), self.buckets))
        specs = (
            tf.TensorSpec([None, None, *first.shape[2:]], first.dtype),
            tf.TensorSpec([None, self.targets.shape[1]], tf.float32),
        )
        dataset = tf.data.Dataset.from_generator(
            lambda: (self[i] for i in range(len(self))), output_signature=specs
        )
        cardinality = tf.data.experimental.assert_cardinality(len(self))
        return dataset.apply(cardinality).prefetch(2)
