"""The public translations of the folder that RECUR_DATA names, where they are present."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from common.data.parallel_text import ParallelTextData, load_parallel_text
from common.data.splits import text_key
from tests.common.data.data_case import no_builtin

ROOT = Path(__file__).parents[3]
TRANSLATION = Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data")) / "translation"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not TRANSLATION.is_dir(),
        reason=f"{TRANSLATION} is absent; point RECUR_DATA at a folder that holds translation/",
    ),
]


def load(path: Path) -> ParallelTextData:
    began = time.perf_counter()
    loaded = load_parallel_text(str(path), builtin=no_builtin)
    assert time.perf_counter() - began < 20  # seconds; two when nothing else runs
    for side in ("source", "target"):
        keys = [{text_key(getattr(pair, side)) for pair in s} for s in loaded.splits.values()]
        assert len(set().union(*keys)) == sum(map(len, keys))
    return loaded


def test_documented_counts() -> None:
    loaded = load(TRANSLATION)
    assert {split: len(some) for split, some in loaded.splits.items()} == {
        "train": 114_964,
        "dev": 2_000,
    }
    assert not loaded.notes  # nothing to leave out, and nothing that is in two splits


def test_dividing_loses_nothing() -> None:
    loaded = load(TRANSLATION / "train.tsv")
    counts = {split: len(some) for split, some in loaded.splits.items()}
    assert sum(counts.values()) == 114_964
    assert counts["dev"] == pytest.approx(11_496, rel=0.05)
    assert counts["test"] == pytest.approx(11_496, rel=0.05)
    assert len(loaded.notes) == 1
