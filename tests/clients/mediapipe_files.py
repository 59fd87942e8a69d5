"""What MediaPipe's tasks open and what they do not, in Python as in a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.clients.conftest import Bundles

ONE_CALL = [
    (app, artefact)
    for app in ("sentiment", "voice")
    for artefact in ("float32", "float16", "dynamic", "int8")
]
"""Application and artefact of every file that is made for them."""

_ONE_GRAPH = "tflite models are assumed to have a single subgraph"
_ONE_INPUT = "tflite models are assumed to have a single input"
_WORDS = "All input tensors should have type int32"

REFUSED = [
    ("sentiment", "loop", _ONE_GRAPH),
    ("sentiment", "step", _WORDS),
    ("sentiment", "step_int8", _WORDS),
    ("translation", "float32", _ONE_GRAPH),
    ("voice", "loop", _ONE_GRAPH),
    ("voice", "step", _ONE_INPUT),
    ("voice", "step_int8", _ONE_INPUT),
]
"""Application, artefact and what MediaPipe says against it; it has no task for sentences out."""

Scores = Sequence[Mapping[str, float]]
"""The score of every class by name, for each input."""


def expected(trained: Bundles, app: str, artefact: str) -> tuple[Scores, float, str]:
    """Returns the scores that a file must give, how exactly, and who else gave them."""
    if artefact == "float32":
        source, tolerance, by = "keras", 1e-4, "Keras"
    else:
        source, tolerance, by = artefact, 1e-5, "LiteRT"
    scores = trained.asked(app, source).scores
    return [one for one in scores if isinstance(one, dict)], tolerance, by


def difference(found: Scores, expected: Scores) -> float:
    """Returns the largest difference; the classes must be the same."""
    assert len(found) == len(expected)
    assert all(a.keys() == b.keys() for a, b in zip(found, expected, strict=True))
    pairs = zip(found, expected, strict=True)
    apart = [abs(a[label] - score) for a, b in pairs for label, score in b.items()]
    assert not np.isnan(apart).any()
    return max(apart)
