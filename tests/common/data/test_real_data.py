"""The public data sets of the folder that RECUR_DATA names, where they are present."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from common.data.splits import text_key
from common.data.text_classification import load_text_classification
from tests.common.data.data_case import no_builtin

ROOT = Path(__file__).parents[3]
SENTIMENT = Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data")) / "sentiment"

pytestmark = pytest.mark.skipif(
    not SENTIMENT.is_dir(),
    reason=f"{SENTIMENT} is absent; point RECUR_DATA at a folder that holds sentiment/",
)


@pytest.mark.parametrize(
    ("name", "train", "dev"),
    [("sst2", 6_920, 872), ("mr", 8_530, 1_066), ("imdb", 19_883, 4_970)],
)
def test_documented_counts(name: str, train: int, dev: int) -> None:
    for split, count in (("train", train), ("dev", dev)):
        rows = load_text_classification(
            str(SENTIMENT / name / f"{split}.tsv"), builtin=no_builtin, splits={"all"}
        )
        assert len(rows.splits["all"]) == count
    began = time.perf_counter()
    loaded = load_text_classification(str(SENTIMENT / name), builtin=no_builtin)
    assert time.perf_counter() - began < 15  # seconds; a second or two when nothing else runs
    assert loaded.labels == ("negative", "positive")
    removed = train - len(loaded.splits["train"])
    assert len(loaded.splits["dev"]) == dev
    assert removed == 0 or any(f"removed {removed:,} of" in note for note in loaded.notes)
    keys = [{text_key(example.text) for example in some} for some in loaded.splits.values()]
    assert not keys[0] & keys[1]
