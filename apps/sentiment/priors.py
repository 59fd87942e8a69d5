"""What counting says about a word before any training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.classification.application import Array


def log_count_ratios(
    encoded: Sequence[Array], targets: NDArray[np.int64], words: int, classes: int
) -> NDArray[np.float32]:
    """Returns how much more often each word occurs in the texts of a class than in the others.

    The logarithm of the ratio of the shares, with one added to each count (Wang and Manning,
    "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification", ACL 2012).

    Args:
        encoded: ids of each training text.
        targets: the class of each.
        words: size of the vocabulary.
        classes: number of classes.

    Returns:
        `(words, classes - 1)` for two classes (the second against the first), else
        `(words, classes)`.
    """
    counts = np.ones((classes, words))
    for ids, target in zip(encoded, targets, strict=True):
        counts[target, np.unique(ids)] += 1
    shares = counts / counts.sum(1, keepdims=True)
    others = counts.sum(0) - counts
    ratios = np.log(shares) - np.log(others / others.sum(1, keepdims=True))
    ratios = ratios[1:] if classes == 2 else ratios
    return np.asarray(ratios.T, np.float32)
