"""The few lengths to which batches are padded."""

from __future__ import annotations

import math
from collections.abc import Sequence


def bucket_lengths(
    longest: int, growth: float = 1.41, first: int = 8, multiple: int = 8
) -> list[int]:
    """Returns the lengths to which batches are padded: few, because XLA compiles for each.

    From `first` on each is about `growth` times the one before and a multiple of `multiple`; the
    last is `longest`.
    """
    lengths = []
    length = float(first)
    while length < longest:
        lengths.append(multiple * math.ceil(length / multiple))
        length *= growth
    return [*[n for n in dict.fromkeys(lengths) if n < longest], longest]


def bucket_of(length: int, buckets: Sequence[int]) -> int:
    """Returns the smallest bucket that holds `length` steps."""
    return next(bucket for bucket in buckets if bucket >= length)
