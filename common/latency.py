"""How long one answer takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

_FIRST = 3  # calls that are not counted: they trace, and fill caches
_CALLS, _FEWEST, _SECONDS = 300, 5, 2.0


def median_ms(call: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Returns the median time of a call with one input, in milliseconds.

    The calls go round the inputs, for two seconds at most or until there are enough of them; the
    first are not counted.

    Args:
        call: what is measured.
        inputs: one at least.
    """
    for one in inputs[:_FIRST]:
        call(one)
    times: list[float] = []
    end = time.perf_counter() + _SECONDS
    while len(times) < _CALLS and (time.perf_counter() < end or len(times) < _FEWEST):
        start = time.perf_counter()
        call(inputs[len(times) % len(inputs)])
        times.append(time.perf_counter() - start)
    return float(np.median(times) * 1e3)
