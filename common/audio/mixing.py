"""Two sounds at a time: examples between the classes, for sets of few recordings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Waveform = NDArray[np.int16]


def loudness(samples: Waveform) -> float:
    """Returns the root mean square from the first to the last sample that is not 0: 0 to 32768."""
    heard = np.flatnonzero(samples)
    if not len(heard):
        return 0.0
    sound = samples[heard[0] : heard[-1] + 1].astype(np.float64)
    return float(np.sqrt(np.mean(np.square(sound))))


def mix(first: Waveform, second: Waveform, share: float, rng: np.random.Generator) -> Waveform:
    """Lays one sound over another, each as loud in the mixture as its share of the label says.

    After Tokozume, Ushiku and Harada, "Learning from Between-class Examples for Deep Sound
    Recognition", ICLR 2018: with the root mean squares L1 and L2 and the share r, the gain of the
    first is p = 1 / (1 + L1 / L2 * (1 - r) / r), that of the second 1 - p, and the sum is divided
    by sqrt(p^2 + (1 - p)^2).

    Args:
        first: `(n,)`; where it is digital silence, so is the mixture unless the second sounds.
        second: of any length: a part of it is taken, or it is set somewhere within the first.
        share: of the first, more than 0 and at most 1.
        rng: where the part begins, or the place.

    Returns:
        `(n,)`, as long as the first. A silent sound leaves the other as it is.

    Raises:
        ValueError: `share` is outside its range.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, got {share!r}")
    other = _fitted(second, len(first), rng)
    levels = loudness(first), loudness(other)
    if not levels[0]:
        return other
    if not levels[1]:
        return first.copy()
    gain = 1 / (1 + levels[0] / levels[1] * (1 - share) / share)
    sound = (gain * first + (1 - gain) * other) / np.hypot(gain, 1 - gain)
    return np.clip(np.rint(sound), -(2**15), 2**15 - 1).astype(np.int16)


def _fitted(samples: Waveform, length: int, rng: np.random.Generator) -> Waveform:
    """Returns a part of the samples, or all of them with silence around."""
    start = int(rng.integers(abs(len(samples) - length) + 1))
    if len(samples) >= length:
        return samples[start : start + length]
    fitted = np.zeros(length, np.int16)
    fitted[start : start + len(samples)] = samples
    return fitted
