"""Batches for teacher forcing; above all of inputs that several sentences have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from common.generation.batches import SentenceBatches, pad_ids
from common.text.pieces import END_ID, START_ID

# For each sentence the number of its input; of the fourth input one sentence is far longer.
OWNERS = [0, 0, 0, 1, 2, 2, 3, 3, 3, 3, *[4] * 5, 5]


def sentences(count: int = len(OWNERS), *, long: int = 8) -> list[list[int]]:
    """Returns sentences of one to four pieces, all different, but for a long one."""
    made = [[100 + index] * (1 + index % 4) for index in range(count)]
    made[long] = made[long][:1] * 14
    return made


def made(tokens: int = 100, seed: int | None = 3, **arguments: Any) -> SentenceBatches:
    """Returns batches of inputs that are `[7, number of the input]` each."""
    owners: Sequence[int] = arguments.pop("owners", OWNERS)
    some = arguments.pop("sentences", None) or sentences(len(owners))

    def pad(indices: Sequence[int], steps: int) -> Any:
        return np.array([[7, owners[i]] for i in indices], np.float16)

    return SentenceBatches([0] * len(owners), pad, some, tokens, seed, owners)


def taught(batches: SentenceBatches) -> list[tuple[int, tuple[int, ...]]]:
    """Returns input and sentence of every row but padding, as a network would see them."""
    found = []
    for (inputs, previous, rows), targets in (batches[i] for i in range(len(batches))):
        assert previous.shape == targets.shape
        assert rows.shape == previous.shape[:1]
        for before, after, row in zip(previous.tolist(), targets.tolist(), rows, strict=True):
            ids = [i for i in after if i]
            if not ids:
                continue
            assert ids[-1] == END_ID
            assert before == [START_ID, *ids[:-1], *[0] * (len(before) - len(ids))]
            seven, owner = inputs[row]
            assert seven == 7
            found.append((int(owner), tuple(ids[:-1])))
    return found


@pytest.mark.parametrize("seed", [None, 0, 3])
@pytest.mark.parametrize("tokens", [16, 100, 10_000])
def test_each_sentence_once_an_epoch_with_its_own_input(tokens: int, seed: int | None) -> None:
    batches = made(tokens, seed)
    expected = Counter(zip(OWNERS, map(tuple, sentences()), strict=True))
    for epoch in range(3):
        batches.set_epoch(epoch)
        assert Counter(taught(batches)) == expected


def test_sentences_of_an_input_are_in_one_batch_in_which_it_stands_once() -> None:
    owners = [owner for owner in range(30) for _ in range(1 + owner % 5)]
    batches = made(16, owners=owners)
    seen: list[int] = []
    for (inputs, _, rows), targets in (batches[i] for i in range(len(batches))):
        own = inputs[:, 1].astype(int).tolist()
        assert len({*own}) == len(own)
        seen += own
        counts = Counter(own[row] for row, ids in zip(rows, targets, strict=True) if ids.any())
        assert counts == {owner: 1 + owner % 5 for owner in own}
    assert sorted(seen) == list(range(30))
    assert len(batches) > 3


def test_the_longest_sentence_of_an_input_decides_for_all() -> None:
    batches = made()
    (place,) = (i for i, (_, some) in enumerate(batches.batches) if 8 in some)
    assert {6, 7, 8, 9} <= {*batches.batches[place][1]}
    lengths = sorted(ids.shape[1] for _, ids in (batches[i] for i in range(len(batches))))
    assert lengths[-1] == 15
    assert lengths[0] == 6


def test_rows_of_padding_count_for_nothing() -> None:
    (inputs, previous, rows), targets = made(10_000, None, sentences=sentences(long=0))[0]
    padding = ~targets.any(axis=1)
    assert padding.any()
    assert not targets[padding].any()
    # START is before nothing as well there; what is learned from are the targets.
    assert not previous[padding].any()
    assert (rows[padding] < len(inputs)).all()


def test_more_sentences_than_fit_are_divided() -> None:
    owners = [*[0] * 40, 1, 1]
    some = [[10 + i] for i in range(42)]
    batches = made(16, owners=owners, sentences=some)
    expected = Counter((owner, tuple(ids)) for owner, ids in zip(owners, some, strict=True))
    assert Counter(taught(batches)) == expected
    sizes = sorted(len(indices) for _, indices in batches.batches)
    assert sizes == [10, 16, 16]  # 16 rows at least; 8 and the two of the other input
    # Parts of an input that meet in a batch share it.
    together = made(10_000, owners=owners, sentences=some)
    (((inputs, _, _), _),) = [together[0]]
    assert inputs[:, 1].tolist() in ([0, 1], [1, 0])


def test_all_batches_of_a_length_have_as_many_rows() -> None:
    batches = made(16, owners=[owner for owner in range(30) for _ in range(1 + owner % 5)])
    shapes: dict[int, set[int]] = {}
    for (_, previous, _), _ in (batches[i] for i in range(len(batches))):
        shapes.setdefault(previous.shape[1], set()).add(previous.shape[0])
    assert all(len(rows) == 1 and max(rows) % 16 == 0 for rows in shapes.values())


def test_order_is_that_of_seed_and_epoch() -> None:
    owners = [owner for owner in range(40) for _ in range(3)]

    def order(seed: int | None, epoch: int) -> Any:
        batches = made(16, seed, owners=owners)
        batches.set_epoch(epoch)
        return batches.batches

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(1, 1)
    assert order(1, 0) != order(2, 0)
    assert order(None, 0) == order(None, 1)


def test_without_owners_an_input_stands_in_every_row() -> None:
    inputs = [[5, 6], [7], [8, 9, 10]]

    def pad(indices: Sequence[int], steps: int) -> Any:
        return pad_ids([inputs[i] for i in indices], steps)

    batches = SentenceBatches([2, 1, 3], pad, [[20], [21], [22]], 100, None)
    (given, previous), targets = batches[0]
    assert given[:4].tolist() == [[5, 6, 0], [7, 0, 0], [8, 9, 10], [0, 0, 0]]
    assert previous[:4].tolist() == [[2, 20, 0], [2, 21, 0], [2, 22, 0], [0, 0, 0]]
    assert targets[:4].tolist() == [[20, 3, 0], [21, 3, 0], [22, 3, 0], [0, 0, 0]]


def test_the_dataset_gives_the_same() -> None:
    batches = made()
    for (inputs, targets), index in zip(batches.dataset(), range(len(batches)), strict=True):
        expected, expected_targets = batches[index]
        for one, other in zip(inputs, expected, strict=True):
            np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(targets, expected_targets)
