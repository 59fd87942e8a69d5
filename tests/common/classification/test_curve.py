"""The table and the picture of accuracy against bytes, from figures made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from common.classification.curve import draw, format_curve, lines_of


def _row(
    layer: str, units: int, rank: int, seed: int, size: int, accuracy: float
) -> dict[str, Any]:
    sizes = {"layer": layer, "units": units, "rank": rank, "seed": seed}
    return {**sizes, "bytes": size, "front_end": 1000, "accuracy": accuracy}


ROWS = [
    _row("recur", 32, 0, 0, 9000, 0.9),
    _row("recur", 32, 0, 1, 9200, 0.7),
    _row("recur", 8, 0, 0, 5000, 0.6),
    _row("recur", 32, 8, 0, 7000, 0.8),
    _row("gru", 8, 0, 0, 8000, 0.5),
]


def test_lines_by_hand() -> None:
    lines = lines_of(ROWS)
    assert list(lines) == ["ours", "ours, rank 8", "GRU"]
    small, large = lines["ours"]
    assert (small["units"], small["bytes"], small["accuracy"]) == (8, 4000, 0.6)
    assert large == {
        "units": 32,
        "bytes": 8100,
        "accuracy": pytest.approx(0.8),
        "least": 0.7,
        "greatest": 0.9,
    }


def test_table() -> None:
    table = format_curve(ROWS)
    assert "(beside 1,000 of the front end)" in table[0]
    assert "| ours | 32 | 8,100 | 0.8000 | 0.7000-0.9000 |" in table
    assert len(table) == 2 + 4


def test_picture(tmp_path: Path) -> None:
    draw(ROWS, "hand-made", tmp_path / "curve.png")
    with Image.open(tmp_path / "curve.png") as picture:
        assert picture.size == (800, 450)
        assert len(set(picture.convert("L").tobytes())) > 10
