"""What the tests of the artefacts share: their names, what is asked of them, their scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from apps.sentiment.application import APPLICATION
from common.bundle import open_bundle
from tests.common.text.awkward import TEXTS

EXACT = ("keras", "saved_model", "float32", "loop", "step")
ROW_KEYS = [
    *("app", "artefact", "data", "split", "examples", "metrics", "bytes", "latency_ms"),
    *("max_abs_diff", "equal_answers"),
]
ASKED = (
    *TEXTS,
    "one two three " * 3334,  # 10,000 words
    "Schön! Très bien, señor… Warmly recommended 👍",
    "Not recommended." * 40,
)


def scores_of(bundle: Path, artefact: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """Returns the scores that an artefact gives, straight from its runtime."""
    from common.classification.artefacts import open_artefact

    scorer = open_artefact(APPLICATION, open_bundle(bundle, "sentiment"), artefact)
    return scorer.score_all(texts)
