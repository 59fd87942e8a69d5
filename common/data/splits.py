"""The three splits: their names, making them, and keeping them apart."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")
# What must not be in two splits: one thing, or each of several, such as a sentence and its
# translation.
Key = bytes | tuple[bytes, ...]

SPLITS = ("train", "dev", "test")
# What is split off where a source names no splits, and where it only lacks the dev split.
HELD_OUT = {"test": 0.1, "dev": 0.1}
DEV_ONLY = {"dev": 0.1}

_NAMES = {
    "train": "train",
    "training": "train",
    "dev": "dev",
    "valid": "dev",
    "validation": "dev",
    "val": "dev",
    "test": "test",
}
# How far a class's part may be from its share before its border moves, as a part of that share.
_TOLERANCE = 0.5


def split_name(name: str) -> str | None:
    """Returns `train`, `dev` or `test` for any accepted spelling of it, `None` for other names."""
    return _NAMES.get(name.strip().lower())


def split_spellings() -> tuple[str, ...]:
    """Returns every accepted spelling of a split's name."""
    return tuple(_NAMES)


def text_key(text: str) -> bytes:
    """Returns what identical texts share: a hash of the text, case-folded, whitespace-normalised.

    Texts with equal keys count as one text when splits are made and compared.
    """
    return blake2b(" ".join(text.casefold().split()).encode(), digest_size=16).digest()


def assign_splits(
    keys: Sequence[bytes], labels: Sequence[str], shares: Mapping[str, float], seed: int
) -> list[str]:
    """Divides examples among splits, stratified by label, by a hash of each example's key.

    An example goes where the hash of its key and the seed falls in [0, 1). So the order of the
    examples does not matter, examples with one key stay together, and an example stays where it
    is when others are added or removed. The one exception serves the stratification: where the
    hashes give a label less than half or more than one and a half times its share (which happens
    to classes of a few dozen), the border moves for that label, only as far as needed. So every
    label with ten examples has one in each split.

    Args:
        keys: what must not be divided, such as `text_key` of a text or the name of a speaker.
        labels: the label of each example; a key with several labels counts under the first of
            them in alphabetical order.
        shares: the share of each split that is split off; what remains is `train`.
        seed: another seed gives another division.

    Returns:
        The name of the split of each example.
    """
    salt = seed.to_bytes(16, "little", signed=True)
    label_of: dict[bytes, str] = {}
    for key, label in zip(keys, labels, strict=True):
        label_of[key] = min(label, label_of.get(key, label))
    by_label: defaultdict[str, list[tuple[float, bytes]]] = defaultdict(list)
    for key, label in label_of.items():
        digest = blake2b(key, digest_size=6, salt=salt).digest()
        by_label[label].append((int.from_bytes(digest, "big") / 2**48, key))

    split_of: dict[bytes, str] = {}
    for placed in by_label.values():
        placed.sort()
        done, border = 0, 0.0
        for split, share in shares.items():
            border += share
            natural = bisect_left(placed, (border, b"")) - done
            least = int(share * len(placed) * (1 - _TOLERANCE) + 0.5)
            most = int(share * len(placed) * (1 + _TOLERANCE) + 0.5)
            count = min(max(natural, least), most)
            for _, key in placed[done : done + count]:
                split_of[key] = split
            done += count
    return [split_of.get(key, "train") for key in keys]


def remove_overlap(
    splits: Mapping[str, Sequence[Item]],
    key: Callable[[Item], Key],
    items: str = "examples",
    same: str = "the same",
) -> tuple[dict[str, list[Item]], list[str]]:
    """Makes splits disjoint, at the cost of the split that can best spare an example.

    What is in test leaves dev and train; what is in dev leaves train. So the scores stay
    comparable with those that others report on the same test or dev split.

    Args:
        splits: the examples of some of `train`, `dev` and `test`.
        key: what makes two examples the same; of several keys each does.
        items: what to call the examples in the notes.
        same: what to call, in the notes, an example of the same key.

    Returns:
        The splits without shared keys, and a note for each pair of splits that shared some.
    """
    taken: dict[bytes, str] = {}
    kept: dict[str, list[Item]] = {}
    notes: list[str] = []
    for split in (name for name in reversed(SPLITS) if name in splits):
        several = [k if isinstance(k, tuple) else (k,) for k in map(key, splits[split])]
        found = [next((taken[k] for k in keys if k in taken), None) for keys in several]
        kept[split] = [item for item, at in zip(splits[split], found, strict=True) if at is None]
        for other in SPLITS:
            shared = found.count(other)
            if shared:
                notes.append(
                    f"removed {shared:,} of {len(found):,} {split} {items} because {same} is "
                    f"also in {other}"
                )
        # What only a removed example has is free for the other splits.
        free = (keys for keys, at in zip(several, found, strict=True) if at is None)
        taken |= {k: split for keys in free for k in keys}
    return {split: kept[split] for split in splits}, notes
