"""The median of calls, by a clock that the calls themselves move on."""

from __future__ import annotations

import time

import pytest

from common.latency import median_ms


class Clock:
    """A clock that stands still unless something takes time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.asked: list[float] = []
        monkeypatch.setattr(time, "perf_counter", lambda: self.now)

    def take(self, seconds: float) -> None:
        """A call that takes so long."""
        self.asked.append(seconds)
        self.now += seconds


def test_the_median_of_five_slow_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    # After the first three: 9, 4, 1, 5 and 9 seconds again, then the time has run out.
    assert median_ms(clock.take, [9.0, 4.0, 1.0, 5.0]) == pytest.approx(5000)
    assert clock.asked == [9, 4, 1, 9, 4, 1, 5, 9]


def test_calls_end_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert median_ms(clock.take, [0.125]) == pytest.approx(125)
    assert len(clock.asked) == 1 + 16


def test_quick_calls_end_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert median_ms(clock.take, [1 / 1024, 3 / 1024]) == pytest.approx(2 / 1024 * 1e3)
    assert len(clock.asked) == 2 + 300
