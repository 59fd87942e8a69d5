"""The one way to bring a picture to the size that a network sees.

The picture is stretched to a square. Its aspect ratio is not kept, so that nothing is cut off: what
a caption speaks of may stand at the edge. Half-pixel centres; the filter is a triangle, as wide as
two pixels of the coarser of the two grids. So enlarging is bilinear, and shrinking takes the mean
of all that a pixel covers (no aliasing). This is what Pillow calls `BILINEAR`.

Output pixel i of m lies at (i + 1/2) n/m in the input, input pixel j of n at j + 1/2. With the
wider of both grids w = max(n, m), the weight of j for i is proportional to

    max(0, 2 w - |(2 j + 1) m - (2 i + 1) n|)

All weights are integers of a sum that is a power of two, chosen so that every sum of the products
fits the 24 bits of a float32. So they are exact in whatever order they are added, and NumPy and a
graph (`common.image.in_graph`) give the very same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ROW_BITS = 16  # 255 * 2**16 < 2**24
KEPT_BITS = 4  # of the fraction, between rows and columns
COLUMN_BITS = ROW_BITS - KEPT_BITS

LINES = 16  # that are made at a time


class Weights(NamedTuple):
    """What each pixel of a resized line is made of.

    Attributes:
        matrix: (after, before) float32 of integers; each row sums to 2 ** bits.
        begin: (after,), the first pixel of each row that may have a weight.
        end: (after,), behind the last such pixel.
    """

    matrix: NDArray[np.float32]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]


def resize(image: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Stretches a picture to a square.

    Args:
        image: (height, width, channels), at least one pixel.
        size: of a side of the result, in pixels.

    Returns:
        (size, size, channels).

    Raises:
        ValueError: there are no pixels, or they are of another shape or type.
    """
    if image.ndim != 3 or image.dtype != np.uint8 or not image.size or size < 1:
        raise ValueError(
            f"a picture must be (height, width, channels) uint8 and size above 0, got "
            f"{image.shape} {image.dtype} and {size}"
        )
    height, width, channels = image.shape
    if height == width == size:
        return image.copy()
    rows, columns = weights(height, size, ROW_BITS), weights(width, size, COLUMN_BITS)
    flat = image.reshape(height, width * channels)
    lines = np.empty((size, width * channels), np.float32)
    for at in range(0, size, LINES):
        # A few lines at a time, so that a large photograph is never in memory as floats.
        some = rows.matrix[at : at + LINES]
        span = slice(rows.begin[at], rows.end[at + len(some) - 1])
        np.matmul(some[:, span], flat[span].astype(np.float32), out=lines[at : at + LINES])
    lines = np.floor(lines * np.float32(2.0 ** (KEPT_BITS - ROW_BITS)) + np.float32(0.5))
    upright = lines.reshape(size, width, channels).swapaxes(0, 1).reshape(width, size * channels)
    pixels = np.matmul(columns.matrix, upright)
    rounded = np.floor(pixels * np.float32(2.0**-ROW_BITS) + np.float32(0.5)).astype(np.uint8)
    return np.ascontiguousarray(rounded.reshape(size, size, channels).swapaxes(0, 1))


@lru_cache(maxsize=64)
def weights(before: int, after: int, bits: int) -> Weights:
    """Returns the weights of a line's pixels.

    Args:
        before: pixels of the line.
        after: pixels of the resized line.
        bits: the weights of a pixel sum to 2 ** bits.
    """
    wider = max(before, after)
    at_input = (2 * np.arange(before, dtype=np.int64) + 1) * after
    at_output = (2 * np.arange(after, dtype=np.int64) + 1) * before
    triangles = np.maximum(0, 2 * wider - np.abs(at_input - at_output[:, None]))
    # The sums up to each pixel are rounded, not the weights: so the whole sum stays exact.
    sums = np.cumsum(triangles, axis=1)
    total = sums[:, -1:]
    rounded = (2**bits * 2 * sums + total) // (2 * total)
    matrix = np.diff(rounded, axis=1, prepend=0).astype(np.float32)
    begin = np.maximum(0, (at_output - 2 * wider) // (2 * after))
    end = np.minimum(before, (at_output + 2 * wider) // (2 * after) + 1)
    return Weights(matrix, begin, end)
