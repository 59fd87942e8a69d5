"""Dividing examples that come in groups, such as a speaker's clips, which must stay together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

# How far a label's part of a split may be from its share, as a part of that share.
_TOLERANCE = 0.5
# A class can be learned from so many examples at least, so they stay in train.
_LEAST_TRAIN = 2


def assign_groups(
    keys: Sequence[bytes], labels: Sequence[str], shares: Mapping[str, float], seed: int
) -> list[str]:
    """Divides examples as `assign_splits` does, where a key may have many examples.

    Shares are shares of the examples. A group goes where the hash of its key and the seed falls in
    [0, 1), unless that gives a label less than half or more than one and a half times its share:
    then it is passed over, or others follow it. A label with more groups than there are splits to
    split off has one in each of them and in train, however unlike in size they are, as long as two
    of its examples are left in train; where groups have several labels and each label only few
    groups, there may be no such division, and the label is missing from a split.

    Args:
        keys: the group of each example.
        labels: the label of each example; a group may have several.
        shares: the share of each split that is split off; what remains is `train`.
        seed: another seed gives another division.

    Returns:
        The name of the split of each example.
    """
    salt = seed.to_bytes(16, "little", signed=True)
    place = {
        key: int.from_bytes(blake2b(key, digest_size=6, salt=salt).digest(), "big") / 2**48
        for key in set(keys)
    }
    division = _Division(keys, labels, len(shares))
    # The last first: where too little is there for all, dev is what training cannot do without.
    for unserved, (split, share) in reversed(list(enumerate(shares.items()))):
        begin = sum(list(shares.values())[:unserved])
        # How far behind this split's begin a group falls, around to what is by nature of others.
        behind = {key: (place[key] - begin) % 1 for key in place}
        for label in division.labels:
            division.fill(split, label, share, behind, unserved)
    return [division.split_of.get(key, "train") for key in keys]


class _Division:
    """Groups, and the splits that some of them have gone to."""

    def __init__(self, keys: Sequence[bytes], labels: Sequence[str], splits: int) -> None:
        self.split_of: dict[bytes, str] = {}
        self._splits = splits
        self._sizes: defaultdict[str, Counter[bytes]] = defaultdict(Counter)
        self._labels_of: defaultdict[bytes, set[str]] = defaultdict(set)
        for key, label in zip(keys, labels, strict=True):
            self._sizes[label][key] += 1
            self._labels_of[key].add(label)
        self._groups_left = {label: len(groups) for label, groups in self._sizes.items()}
        self._left = {label: groups.total() for label, groups in self._sizes.items()}

    @property
    def labels(self) -> list[str]:
        """All labels; those with few groups, whose choice is least, first."""
        return sorted(self._sizes, key=lambda label: (len(self._sizes[label]), label))

    def fill(
        self, split: str, label: str, share: float, behind: Mapping[bytes, float], unserved: int
    ) -> None:
        """Moves groups of a label from train to a split; `unserved` splits are still to come."""
        groups = self._sizes[label]
        target = share * groups.total()
        least, most = (1 - _TOLERANCE) * target, (1 + _TOLERANCE) * target
        have = sum(size for key, size in groups.items() if self.split_of.get(key) == split)
        free = [key for key in groups if key not in self.split_of]
        for key in sorted(free, key=lambda key: (behind[key], key)):
            wanted = behind[key] < share or have < least
            if wanted and have + groups[key] <= most and self._spared(key, unserved):
                self._take(key, split)
                have += groups[key]
        if have >= least or len(groups) <= self._splits:
            return
        free = [key for key in free if key not in self.split_of and self._spared(key, unserved)]
        if free:
            best = min(free, key=lambda key: (abs(have + groups[key] - target), behind[key], key))
            # Compared as ratios, because half of what is needed is as bad as twice.
            if have * (have + groups[best]) < target**2:
                self._take(best, split)

    def _spared(self, key: bytes, unserved: int) -> bool:
        """Says whether train and the splits to come can do without a group."""
        return all(
            self._groups_left[label] > 1 + unserved * (len(self._sizes[label]) > self._splits)
            and self._left[label] - self._sizes[label][key] >= _LEAST_TRAIN
            for label in self._labels_of[key]
        )

    def _take(self, key: bytes, split: str) -> None:
        self.split_of[key] = split
        for label in self._labels_of[key]:
            self._groups_left[label] -= 1
            self._left[label] -= self._sizes[label][key]
