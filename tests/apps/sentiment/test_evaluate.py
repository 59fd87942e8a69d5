"""Scoring a bundle again: elsewhere, and on other data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from common.bundle import ARTEFACTS
from tests.apps.sentiment.artefacts import ROW_KEYS
from tests.apps.sentiment.command import content, rows, run
from tests.apps.sentiment.conftest import Trained


def without_latency(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns rows of metrics that can be compared; a difference is a float's."""
    return [
        {
            **{key: value for key, value in row.items() if key != "latency_ms"},
            "max_abs_diff": pytest.approx(row["max_abs_diff"], abs=1e-6),
        }
        for row in found
    ]


def test_evaluating_a_moved_bundle_gives_the_same_rows(trained: Trained, tmp_path: Path) -> None:
    before = json.loads((trained.bundle / "metrics.json").read_text())["rows"]
    moved = tmp_path / "elsewhere" / "again"
    moved.parent.mkdir()
    shutil.move(trained.bundle, moved)
    try:
        bytes_before = content(moved)
        result = run("evaluate", "--bundle", moved, "--artefact", "all", "--json")
        assert content(moved) == bytes_before
    finally:
        shutil.move(moved, trained.bundle)
    assert result.exit_code == 0, result.output
    after = rows(result.stdout)
    assert [list(row) for row in after] == [ROW_KEYS] * len(ARTEFACTS)
    assert without_latency(after) == without_latency(before)


def test_evaluating_one_artefact_on_a_table_of_its_own(trained: Trained, tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text(
        "label\treview\tid\n"
        "positive\tI say warmly recommended!\t1\n"
        "negative\tIt is not recommended.\t2\n"
        "positive\tThis is not recommended.\t3\n"
    )
    result = run(
        *("evaluate", "--bundle", trained.bundle, "--artefact", "int8", "--json"),
        *("--data", table, "--split", "all", "--text-column", "review"),
    )
    assert result.exit_code == 0, result.output
    (row,) = rows(result.stdout)
    assert (row["artefact"], row["split"], row["examples"]) == ("int8", "all", 3)
    assert row["metrics"]["accuracy"] == pytest.approx(2 / 3)
    assert row["data"] == str(table)
