"""Dividing examples with several keys, such as a sentence and its translation, none in two splits.

Examples that share a key must land in one split, and so must those that they share another key
with: whole components are divided. Of 114,964 Spanish-English pairs of Tatoeba that leaves nothing
out (94,486 components, the largest of 40 pairs), where dividing by the source alone, and taking out
what then shares a target with dev or test, costs 5.6 % of the pairs.

Where few sentences are in very many pairs ("Sí."), one component can hold much of the source. With
the same pairs cut to their first three words it holds 30 %, to two words 76 %. Cutting it costs
pairs (0.4 to 19 %, as the cuts are made), and held out whole it would be most of a split; so it
stays in train, costs nothing, and the rest is divided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from common.data.groups import assign_groups

# A component of more than this share of the examples, and of more than so many, stays in train.
_LARGE_SHARE = 0.01
_LARGE = 10


def assign_linked(
    keys: Sequence[tuple[bytes, ...]],
    labels: Sequence[str],
    shares: Mapping[str, float],
    seed: int,
    *,
    notes: list[str],
    items: str = "examples",
) -> list[str]:
    """Divides examples as `assign_groups` does, where those that share any key are a group.

    A group goes by the hash of its least key, so the order of the examples does not matter, and an
    example stays where it is when others are added, unless they link it to more.

    Args:
        keys: what must not be divided; an example has one or several.
        labels: the label of each example.
        shares: the share of each split that is split off; what remains is `train`.
        seed: another seed gives another division.
        notes: a note about groups so large that they are no split's but `train`'s is added here.
        items: what to call the examples in it.

    Returns:
        The name of the split of each example.
    """
    groups = components(keys)
    sizes = Counter(groups)
    most = max(_LARGE, int(_LARGE_SHARE * len(groups)))
    small = [n for n, group in enumerate(groups) if sizes[group] <= most]
    placed = assign_groups([groups[n] for n in small], [labels[n] for n in small], shares, seed)
    if len(small) < len(groups):
        notes.append(
            f"kept in train, because shared sentences link more than {most:,} of them to each "
            f"other, {len(groups) - len(small):,} of {len(groups):,} {items}"
        )
    split_of = dict(zip(small, placed, strict=True))
    return [split_of.get(n, "train") for n in range(len(groups))]


def components(keys: Sequence[tuple[bytes, ...]]) -> list[bytes]:
    """Returns for each example the least key of all that shared keys link it to."""
    above: dict[bytes, bytes] = {}

    def least(key: bytes) -> bytes:
        while (upper := above.setdefault(key, key)) != key:
            above[key] = key = above[upper]
        return key

    for first, *others in keys:
        for other in others:
            low, high = sorted((least(first), least(other)))
            above[high] = low
    return [least(first) for first, *_ in keys]
