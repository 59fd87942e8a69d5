"""Contestants timed in turn, so that all meet the same machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np


class Spread(NamedTuple):
    """Milliseconds: the median of many timings, and the 25th and 75th percentile."""

    median: float
    low: float
    high: float


def in_turn(
    contestants: Mapping[str, Callable[[], Any]], rounds: int, calls: int = 1, uncounted: int = 0
) -> dict[str, list[float]]:
    """Times every contestant once in each round.

    Args:
        contestants: what is timed, by name; each was called before, so that nothing is compiled.
        rounds: how often each is timed.
        calls: of a contestant in one timing; its time is their mean.
        uncounted: calls before a timing, which fill the caches again that others have used.

    Returns:
        The timings of each in milliseconds, in the order of the rounds.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, call in contestants.items():
            for _ in range(uncounted):
                call()
            start = time.perf_counter()
            for _ in range(calls):
                call()
            times[name].append((time.perf_counter() - start) / calls * 1e3)
    return times


def spread(times: Sequence[float]) -> Spread:
    """Returns median and quartiles."""
    return Spread(*(float(np.percentile(times, q)) for q in (50, 25, 75)))
