"""From a power spectrum to the bands of the mel scale, with few constants.

A band holds some neighbouring bins, so nearly all of the matrix of weights is zeros: with 513 bins
and 40 bands, 82 kB of them in every file. Cut into pieces of neighbouring bins, each with the bands
that it takes part in, it is 14 kB.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Tensor = Any

PIECES = 8


def weighted(power: Tensor, weights: NDArray[np.float32]) -> Tensor:
    """Returns `power @ weights`.

    Args:
        power: `(batch, steps, bins)`.
        weights: `(bins, bands)`, not all 0. It takes few constants where neighbouring bins, of a
            `PIECES`-th of all, belong to neighbouring bands.

    Returns:
        `(batch, steps, bands)`.
    """
    parts = []
    for bins in np.array_split(np.arange(len(weights)), PIECES):
        if not len(bins):
            continue
        used = np.flatnonzero(weights[bins].any(axis=0))
        if not len(used):
            continue
        first, behind = int(used[0]), int(used[-1]) + 1
        piece = power[:, :, int(bins[0]) : int(bins[-1]) + 1]
        sums = tf.matmul(piece, tf.constant(weights[bins, first:behind]))
        parts.append(tf.pad(sums, [[0, 0], [0, 0], [first, weights.shape[1] - behind]]))
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
