"""Splits: the division's promises, and the removal of what two splits share."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from common.data.splits import (
    DEV_ONLY,
    HELD_OUT,
    assign_splits,
    remove_overlap,
    split_name,
    text_key,
)


def examples(count: int, classes: int = 2, start: int = 0) -> tuple[list[bytes], list[str]]:
    keys = [text_key(f"text {n}") for n in range(start, start + count)]
    return keys, [f"class {n % classes}" for n in range(start, start + count)]


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train", "train"),
        ("Training", "train"),
        ("dev", "dev"),
        ("valid", "dev"),
        (" validation ", "dev"),
        ("val", "dev"),
        ("TEST", "test"),
        ("unsupervised", None),
        ("", None),
    ],
)
def test_split_name(name: str, split: str | None) -> None:
    assert split_name(name) == split


def test_text_key_ignores_case_and_whitespace_alone() -> None:
    assert text_key(" Ein  GROSSER\tSpaß\n") == text_key("ein grosser spass")
    assert text_key("a film") != text_key("afilm")
    assert text_key("a film") != text_key("a film .")


@pytest.mark.parametrize("count", [20, 30, 100, 1_000, 20_000])
@pytest.mark.parametrize("seed", [0, 1, -1, 2**40])
def test_every_class_gets_its_share(count: int, seed: int) -> None:
    keys, labels = examples(count)
    placed = Counter(zip(labels, assign_splits(keys, labels, HELD_OUT, seed), strict=True))
    for label in ("class 0", "class 1"):
        for split in ("dev", "test"):
            share = placed[label, split] / (count / 2)
            assert placed[label, split] >= 1
            assert abs(share - 0.1) <= 0.05 + 0.5 / (count / 2)
            if count == 20_000:
                assert share == pytest.approx(0.1, abs=0.01)


def test_a_class_too_small_to_share_stays_for_training() -> None:
    assert assign_splits(*examples(6), HELD_OUT, 0) == ["train"] * 6


def test_the_order_does_not_matter_and_the_seed_does() -> None:
    keys, labels = examples(500)
    placed = dict(zip(keys, assign_splits(keys, labels, HELD_OUT, 0), strict=True))
    order = random.Random(0).sample(range(500), 500)
    shuffled = [keys[n] for n in order]
    again = assign_splits(shuffled, [labels[n] for n in order], HELD_OUT, 0)
    assert dict(zip(shuffled, again, strict=True)) == placed
    other = assign_splits(keys, labels, HELD_OUT, 1)
    assert 50 < sum(a != b for a, b in zip(placed.values(), other, strict=True)) < 250


def test_nothing_moves_when_examples_are_added() -> None:
    keys, labels = examples(2_000)
    before = assign_splits(keys, labels, HELD_OUT, 0)
    more, their_labels = examples(700, start=2_000)
    after = assign_splits(more + keys, their_labels + labels, HELD_OUT, 0)
    assert after[700:] == before


def test_little_moves_in_small_classes_when_one_example_is_added() -> None:
    keys, labels = examples(60)
    for count in range(30, 60):
        before = assign_splits(keys[:count], labels[:count], HELD_OUT, 0)
        after = assign_splits(keys[: count + 1], labels[: count + 1], HELD_OUT, 0)
        assert sum(a != b for a, b in zip(before, after, strict=False)) <= 2


def test_equal_keys_stay_together_whatever_their_labels() -> None:
    keys, labels = examples(60)
    others = [f"class {n % 3}" for n in range(60)]
    placed = assign_splits(keys + keys, labels + others, HELD_OUT, 0)
    assert placed[:60] == placed[60:]
    assert placed == assign_splits(keys + keys, others + labels, HELD_OUT, 0)


def test_dev_only() -> None:
    keys, labels = examples(1_000)
    # Pinned: another division would silently change everybody's dev examples.
    assert Counter(assign_splits(keys, labels, DEV_ONLY, 0)) == {"train": 880, "dev": 120}


def test_remove_overlap_spares_test_then_dev() -> None:
    splits = {
        "train": ["a", "A ", "b", "c", "c", "d"],
        "dev": ["b", "e", "e", "f"],
        "test": ["c", "f", "g"],
    }
    kept, notes = remove_overlap(splits, text_key, "texts")
    assert kept == {"train": ["a", "A ", "d"], "dev": ["b", "e", "e"], "test": ["c", "f", "g"]}
    assert list(kept) == ["train", "dev", "test"]
    assert notes == [
        "removed 1 of 4 dev texts because the same is also in test",
        "removed 1 of 6 train texts because the same is also in dev",
        "removed 2 of 6 train texts because the same is also in test",
    ]


def test_remove_overlap_leaves_disjoint_splits_alone() -> None:
    splits = {"train": ["a", "a"], "test": ["b"]}
    assert remove_overlap(splits, text_key) == (splits, [])
