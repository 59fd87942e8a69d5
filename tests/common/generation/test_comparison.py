"""The comparison of layers: its runs, its table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from common.generation.comparison import compare_layers, format_comparison
from common.progress import Progress
from tests.common.generation.reversal import Reversal, ReversalSettings


def _row(layer: str, seed: int, greedy: float, beam: float, seconds: float) -> dict[str, Any]:
    return {
        "layer": layer,
        "seed": seed,
        "metrics": {"greedy": {"bleu": greedy}, "beam": {"bleu": beam}},
        "parameters": 1234,
        "epochs": 4,
        "seconds": seconds,
        "seconds_per_epoch": seconds / 4,
        "tokens_per_second": 40000 / seconds,
    }


def test_table_by_hand() -> None:
    rows = [_row("recur", 0, 40, 42, 10), _row("gru", 0, 39, 41, 30), _row("recur", 1, 41, 42, 14)]
    lines = format_comparison(rows)
    assert lines[0].startswith("| layer | BLEU greedy | BLEU beam | parameters | epochs |")
    assert lines[2:] == [
        "| recur | 40.50 (40.00-41.00) | 42.00 (42.00-42.00) | 1,234 | 4 | 12 | 3.0 | 3,429 |",
        "| gru | 39.00 | 41.00 | 1,234 | 4 | 30 | 7.5 | 1,333 |",
    ]
    assert format_comparison([]) == []


def test_table_of_captions_quotes_four_words_in_a_row() -> None:
    row = {**_row("recur", 0, 0, 0, 1), "metrics": {"greedy": {"bleu1": 60.0, "bleu4": 20.0}}}
    assert format_comparison([row])[2].startswith("| recur | 20.00 |")


@pytest.mark.slow
def test_trains_with_each_layer() -> None:
    settings = ReversalSettings(epochs=1, units=8, embedding=6, batch_tokens=256)
    rows = list(
        compare_layers(Reversal(), "", settings, {}, ("recur", "lstm"), 1, Progress(quiet=True))
    )
    assert [row["layer"] for row in rows] == ["recur", "lstm"]
    ours, theirs = rows
    assert ours["parameters"] < theirs["parameters"]
    assert ours["examples"] == theirs["examples"] > 0
    for row in rows:
        assert set(row["metrics"]) == {"greedy", "beam"}
        pace = row["tokens_per_second"] * row["seconds_per_epoch"]
        assert np.isclose(pace, ours["tokens_per_second"] * ours["seconds_per_epoch"])
