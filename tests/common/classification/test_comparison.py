"""The comparison of layers: its table."""

from __future__ import annotations

from typing import Any

from common.classification.comparison import format_comparison


def _row(layer: str, seed: int, accuracy: float, seconds: float) -> dict[str, Any]:
    return {
        "layer": layer,
        "seed": seed,
        "metrics": {"accuracy": accuracy, "f1": accuracy},
        "parameters": 1234,
        "bytes": 56789,
        "latency_ms": seconds / 100,
        "seconds": seconds,
        "seconds_per_epoch": seconds / 4,
    }


def test_table_by_hand() -> None:
    rows = [_row("recur", 0, 0.8, 10), _row("gru", 0, 0.7, 30), _row("recur", 1, 0.9, 14)]
    lines = format_comparison(rows)
    assert (
        lines[2] == "| recur | 0.8500 (0.8000-0.9000) | 0.8500 | 1,234 | 56,789 | 0.12 | 12 | 3.0 |"
    )
    assert (
        lines[3] == "| gru | 0.7000 (0.7000-0.7000) | 0.7000 | 1,234 | 56,789 | 0.30 | 30 | 7.5 |"
    )
    assert len(lines) == 4
