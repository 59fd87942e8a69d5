"""Dividing groups: together, near their shares, every class everywhere, and repeatable."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import pytest

from common.data.groups import assign_groups
from common.data.splits import DEV_ONLY, HELD_OUT, assign_splits

Sizes = Mapping[str, Sequence[int]]
Divided = dict[tuple[str, str], list[int]]


def divide(sizes: Sizes, shares: Mapping[str, float] = HELD_OUT, seed: int = 0) -> Divided:
    """Returns the sizes of the groups of each label and split, which must be whole."""
    keys = [
        f"{label} {n}"
        for label, some in sizes.items()
        for n, c in enumerate(some)
        for _ in range(c)
    ]
    labels = [key.split()[0] for key in keys]
    order = random.Random(seed).sample(range(len(keys)), len(keys))
    splits = assign_groups(
        [keys[n].encode() for n in order], [labels[n] for n in order], shares, seed
    )
    of_key = {keys[n]: split for n, split in zip(order, splits, strict=True)}
    assert all(of_key[keys[n]] == split for n, split in zip(order, splits, strict=True))
    divided: Divided = defaultdict(list)
    for key, split in of_key.items():
        label, n = key.split()
        divided[label, split].append(sizes[label][int(n)])
    return divided


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "sizes",
    [
        [20] * 6,
        [300, 10, 10, 10, 10, 10],
        [300, 290, 5],
        [5, 5, 300],
        [100] * 3,
        [1, 100, 100, 100, 100, 100],
        [1, 1, 1, 1],
        [2, 1, 1],
        [7, 3, 60, 1, 1, 1, 9, 12, 30, 2, 5],
    ],
    ids=str,
)
def test_every_class_is_in_every_split(sizes: list[int], seed: int) -> None:
    both = {"a": sizes, "b": [20] * 6}
    divided = divide(both, seed=seed)
    for label in both:
        for split in ("train", "dev", "test"):
            assert divided[label, split], (label, split)
    for label, some in both.items():
        assert sum(divided[label, "train"]) >= 2
        for split in ("dev", "test"):
            # No more than what the smallest groups make necessary.
            smallest = sorted(some)[1]
            assert sum(divided[label, split]) <= max(0.15 * sum(some), 0.05 * sum(some) + smallest)


@pytest.mark.parametrize("seed", range(5))
def test_a_single_clip_is_not_all_that_a_class_has_in_dev(seed: int) -> None:
    divided = divide({"a": [1, 100, 100, 100, 100, 100]}, seed=seed)
    for split in ("dev", "test"):
        assert sum(divided["a", split]) >= 100


@pytest.mark.parametrize("seed", range(5))
def test_a_giant_stays_for_training(seed: int) -> None:
    divided = divide({"a": [500, *[10] * 11], "b": [500, *[10] * 11]}, seed=seed)
    for label in ("a", "b"):
        assert 500 in divided[label, "train"]
        for split in ("dev", "test"):
            assert 30 <= sum(divided[label, split]) <= 90  # of 610


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_of_examples(seed: int) -> None:
    rng = random.Random(seed)
    sizes = {label: [rng.randint(1, 60) for _ in range(60)] for label in "abc"}
    divided = divide(sizes, seed=seed)
    for label, some in sizes.items():
        for split in ("dev", "test"):
            assert 0.05 <= sum(divided[label, split]) / sum(some) <= 0.15


@pytest.mark.parametrize("seed", range(3))
def test_speakers_who_say_everything(seed: int) -> None:
    """Each of few groups has each label, and the shares of all labels hold."""
    keys = [f"speaker {n % 12}".encode() for n in range(1200)]
    labels = [f"word {n // 12 % 10}" for n in range(1200)]
    splits = assign_groups(keys, labels, HELD_OUT, seed)
    of_key = dict(zip(keys, splits, strict=True))
    assert [of_key[key] for key in keys] == splits
    assert Counter(of_key.values()) == {"train": 10, "dev": 1, "test": 1}
    present = set(zip(labels, splits, strict=True))
    assert len(present) == 10 * 3


def test_some_groups_have_several_labels() -> None:
    keys = [f"{n // 4}".encode() for n in range(120)]  # 30 groups
    labels = ["ab"[n % 2] if n < 40 else "b" for n in range(120)]
    splits = assign_groups(keys, labels, HELD_OUT, 0)
    assert {split for split, label in zip(splits, labels, strict=True) if label == "a"} == {
        "train", "dev", "test",
    }  # fmt: skip
    assert 8 <= splits.count("dev") <= 24
    assert len(set(zip(keys, splits, strict=True))) == 30


def test_where_groups_with_several_labels_leave_little_choice() -> None:
    """Rare labels choose first: in another order, one of these is missing from a split."""
    sizes = {
        "a": {"0": 30, "1": 1, "2": 5, "3": 1, "4": 30},
        "b": {"0": 30, "1": 30, "3": 1, "4": 1},
        "c": {"1": 30, "2": 30, "3": 1, "4": 2},
    }
    pairs = [(key, label) for label in sizes for key, n in sizes[label].items() for _ in range(n)]
    labels = [label for _, label in pairs]
    splits = assign_groups([key.encode() for key, _ in pairs], labels, HELD_OUT, 0)
    assert len(set(zip(labels, splits, strict=True))) == 9


def test_too_little_for_all_goes_to_dev() -> None:
    divided = divide({"a": [1, 1, 1], "b": [1] * 30})
    assert divided["a", "train"] == [1, 1]
    assert divided["a", "dev"] == [1]
    assert not divided["a", "test"]


@pytest.mark.parametrize("sizes", [[1], [5], [1, 1], [50, 50]])
def test_too_little_to_share_stays_for_training(sizes: list[int]) -> None:
    divided = divide({"a": sizes, "b": [10] * 10})
    assert divided["a", "train"] == sizes


def test_dev_only() -> None:
    divided = divide({"a": [50, 40], "b": [10] * 10}, DEV_ONLY)
    assert divided["a", "dev"] == [40]
    assert divided["b", "dev"] == [10]
    assert not divided["a", "test"]


@pytest.mark.parametrize("seed", [0, 1])
def test_many_single_examples_go_where_assign_splits_puts_them(seed: int) -> None:
    keys = [f"{n}".encode() for n in range(3000)]
    labels = [f"class {n % 2}" for n in range(3000)]
    ours, theirs = (
        assign(keys, labels, HELD_OUT, seed) for assign in (assign_groups, assign_splits)
    )
    assert ours == theirs


def test_nothing_moves_when_groups_are_added() -> None:
    keys = [f"{n // 5}".encode() for n in range(4000)]
    labels = [f"class {n // 5 % 2}" for n in range(4000)]
    before = assign_groups(keys[:3000], labels[:3000], HELD_OUT, 0)
    assert assign_groups(keys, labels, HELD_OUT, 0)[:3000] == before


def test_another_seed_is_another_division() -> None:
    keys = [f"{n // 5}".encode() for n in range(400)]
    first, second = (assign_groups(keys, ["a"] * 400, HELD_OUT, seed) for seed in (0, 1))
    assert first != second


def test_nothing_to_divide() -> None:
    assert assign_groups([], [], HELD_OUT, 0) == []
