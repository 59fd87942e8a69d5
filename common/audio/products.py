"""The power spectrum as products of matrices, for runtimes that have no Fourier transform.

TensorFlow Lite Micro is one. A transform of `rows * columns` samples is many short ones, a rotation
and many short ones again (Cooley and Tukey, "An algorithm for the machine calculation of complex
Fourier series", 1965). With a constant matrix for each short one, 1024 samples take 17 kB of
constants and 0.1 million multiplications; one matrix for all would take 4 MB.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Tensor = Any


def factors(n_fft: int) -> tuple[int, int]:
    """Returns the two factors of a number nearest to one another, the smaller one first."""
    rows = next(r for r in range(math.isqrt(n_fft), 0, -1) if n_fft % r == 0)
    return rows, n_fft // rows


def power_spectrum(frames: Tensor) -> Tensor:
    """Returns the power of frames of real samples, in an order of its own.

    Args:
        frames: `(batch, steps, n_fft)`; all but the batch must be known.

    Returns:
        `(batch, steps, bins)`; `weights_in_order` says which bin is where.
    """
    steps, n_fft = frames.shape[1:]
    rows, columns = factors(n_fft)
    half = _half(rows)
    # Sample `columns * i + j`, bin `a + rows * b`.
    i, j, a, b = (np.arange(n) for n in (rows, columns, half, columns))
    first, second = _turns(i, a, rows), _turns(j, b, columns)
    cosine, sine = _turns(a, j, n_fft)

    x = tf.transpose(tf.reshape(frames, [-1, rows, columns]), [0, 2, 1])
    real, imaginary = (tf.transpose(tf.matmul(x, part), [0, 2, 1]) for part in first)
    both = tf.concat([real * cosine - imaginary * sine, real * sine + imaginary * cosine], axis=1)
    by_cosine, by_sine = (tf.matmul(both, part) for part in second)
    real = by_cosine[:, :half] - by_sine[:, half:]
    imaginary = by_sine[:, :half] + by_cosine[:, half:]
    power = tf.square(real) + tf.square(imaginary)
    # Neighbouring bins stay near one another.
    return tf.reshape(tf.transpose(power, [0, 2, 1]), [-1, steps, columns * half])


def weights_in_order(weights: NDArray[np.float32], n_fft: int) -> NDArray[np.float32]:
    """Rearranges weights of the bins of a usual spectrum, `(n_fft // 2 + 1, n)`.

    Returns:
        Weights of what `power_spectrum` returns. It has some bins twice, as a real signal's bins
        `k` and `n_fft - k` have the same power; one of them gets the weight, the other 0.
    """
    rows, columns = factors(n_fft)
    k = (np.arange(_half(rows)) + rows * np.arange(columns)[:, None]).ravel()
    bins, places = np.unique(np.minimum(k, n_fft - k), return_index=True)
    ordered = np.zeros((len(k), weights.shape[1]), weights.dtype)
    ordered[places] = weights[bins]
    return ordered


def _half(rows: int) -> int:
    """Returns how many of the first transforms' bins are needed; the rest are their conjugates."""
    return rows // 2 + 1


def _turns(p: NDArray[np.int64], q: NDArray[np.int64], n: int) -> tuple[Tensor, Tensor]:
    """Returns real and imaginary part of `exp(-2 pi i p q / n)`, each `(len(p), len(q))`."""
    angle = -2 * np.pi * (np.outer(p, q) % n) / n
    return tf.constant(np.cos(angle), tf.float32), tf.constant(np.sin(angle), tf.float32)
