"""Batches: every example once an epoch, like with like, the same order for the same seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from common.buckets import bucket_lengths, bucket_of
from common.classification.application import Array
from common.classification.batches import BucketedBatches

rng = np.random.default_rng(0)
LENGTHS = rng.integers(1, 60, 500)
ENCODED = [np.full(n, i + 1, np.int32) for i, n in enumerate(LENGTHS)]


def _pad(encoded: Sequence[Array], timesteps: int) -> Array:
    batch = np.zeros((len(encoded), timesteps), np.int32)
    for row, one in zip(batch, encoded, strict=True):
        row[: len(one)] = one
    return batch


def _batches(seed: int | None = 0, size: int = 16) -> BucketedBatches:
    return BucketedBatches(ENCODED, np.arange(500), 500, _pad, 60, size, seed)


@pytest.mark.parametrize("seed", [None, 0])
def test_every_example_is_there_once(seed: int | None) -> None:
    batches = _batches(seed)
    seen = np.concatenate([batches[i][1].argmax(1) for i in range(len(batches))])
    assert sorted(seen) == list(range(500))
    for i in range(len(batches)):
        inputs, shares = batches[i]
        targets = shares.argmax(1)
        np.testing.assert_array_equal(shares, np.eye(500)[targets])
        np.testing.assert_array_equal(inputs[:, 0], targets + 1)
        np.testing.assert_array_equal((inputs > 0).sum(1), LENGTHS[targets])


def test_order_depends_on_seed_and_epoch_alone() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        batches = _batches(seed)
        batches.set_epoch(3)
        batches.set_epoch(epoch)
        return [int(i) for batch in batches.batches for i in batch]

    assert order(0, 1) == order(0, 1)
    assert order(0, 1) != order(0, 2)
    assert order(0, 1) != order(1, 1)


def test_batches_hold_little_padding() -> None:
    batches = _batches()
    cells = sum(batches[i][0].size for i in range(len(batches)))
    random = [LENGTHS[i : i + 16] for i in range(0, 500, 16)]
    at_random = sum(bucket_of(int(n.max()), batches.buckets) * len(n) for n in random)
    assert cells < 1.35 * LENGTHS.sum()
    assert cells < 0.8 * at_random


@pytest.mark.parametrize("longest", [1, 7, 8, 9, 64, 256, 2459])
def test_buckets_are_few_and_hold_every_length(longest: int) -> None:
    buckets = bucket_lengths(longest)
    assert buckets == sorted(set(buckets))
    assert buckets[-1] == longest
    assert len(buckets) <= 20
    for length in range(1, longest + 1):
        bucket = bucket_of(length, buckets)
        assert length <= bucket <= max(8, 1.42 * length + 8)


def test_dataset_gives_the_batches_of_the_epoch_that_is_set() -> None:
    batches = _batches()
    dataset = batches.dataset()
    for epoch in (0, 1):
        batches.set_epoch(epoch)
        seen = [targets.argmax(1).tolist() for _, targets in dataset.as_numpy_iterator()]
        assert seen == [batch.tolist() for batch in batches.batches]


def test_augmentation_depends_on_seed_epoch_and_example_alone() -> None:
    def change(one: Array, generator: np.random.Generator) -> Array:
        # Also longer than it was, so that the batch must be laid out for what it became.
        return np.full(min(60, len(one) + 5), generator.integers(1, 10**6), np.int32)

    def epoch(seed: int, number: int) -> dict[int, int]:
        batches = BucketedBatches(ENCODED, np.arange(500), 500, _pad, 60, 16, seed, change)
        batches.set_epoch(number)
        made = [(x, shares.argmax(1)) for x, shares in (batches[i] for i in range(len(batches)))]
        for inputs, targets in made:
            lengths = np.minimum(60, LENGTHS[targets] + 5)
            np.testing.assert_array_equal((inputs > 0).sum(1), lengths)
        return {int(t): int(x[0]) for xs, ts in made for x, t in zip(xs, ts, strict=True)}

    once = epoch(0, 2)
    assert once == epoch(0, 2)
    for other in (epoch(0, 3), epoch(1, 2)):
        assert sum(once[i] == other[i] for i in once) < 5
    assert len(set(once.values())) > 450


def test_mixing_shares_the_label_as_it_shares_the_input() -> None:
    def mix(one: Array, other: Array, generator: np.random.Generator) -> tuple[Array, float]:
        share = float(generator.uniform(0.1, 0.9))
        # What both are can be read back from the mixture.
        return np.array([one[0], other[0], round(1e6 * share)], np.int32), share

    def epoch(number: int) -> list[tuple[int, ...]]:
        batches = BucketedBatches(ENCODED, np.arange(500), 500, _pad, 60, 16, 0, mix=mix)
        batches.set_epoch(number)
        found = []
        for i in range(len(batches)):
            for row, shares in zip(*batches[i], strict=True):
                expected = np.zeros(500)
                expected[row[0] - 1] += row[2] / 1e6
                expected[row[1] - 1] += 1 - row[2] / 1e6
                np.testing.assert_allclose(shares, expected, atol=1e-6)
                found.append(tuple(map(int, row[:3])))
        return sorted(found)

    once = epoch(1)
    assert [first for first, _, _ in once] == list(range(1, 501))
    assert len({other for _, other, _ in once}) > 250
    assert once == epoch(1) != epoch(2)
