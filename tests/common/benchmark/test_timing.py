"""Contestants are timed in turn."""

from __future__ import annotations

from common.benchmark.timing import in_turn, spread


def test_every_round_calls_every_contestant() -> None:
    called: list[str] = []
    contestants = {"a": lambda: called.append("a"), "b": lambda: called.append("b")}
    times = in_turn(contestants, rounds=2, calls=2, uncounted=1)
    assert called == ["a", "a", "a", "b", "b", "b"] * 2
    assert {name: len(values) for name, values in times.items()} == {"a": 2, "b": 2}


def test_quartiles_by_hand() -> None:
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == (3.0, 2.0, 4.0)
