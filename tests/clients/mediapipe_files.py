"""What MediaPipe's tasks open and what they do not, in Python as in a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.clients.answers import AS_KERAS, Answer, difference, expected, of_scores
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


def answer(scores: Mapping[str, float]) -> Answer:
    """Returns the answer that has these scores, of every class by name."""
    return of_scores(list(scores), list(scores.values()))


def agree(trained: Bundles, app: str, artefact: str, found: Sequence[Answer]) -> str:
    """Checks the answers of a file to all inputs; returns what was found, for the table."""
    apart = difference(found, expected(trained, app, artefact, "classify"))
    same_kernels = artefact not in AS_KERAS
    # In dynamic.tflite values are rounded to 8 bits on the way, not always alike on two processors.
    allowed = 1e-5 if same_kernels and artefact != "dynamic" else 1e-4
    assert apart <= allowed, f"{artefact}: {apart:.1e}"
    return f"{len(found)} inputs: {apart:.0e} from {'LiteRT' if same_kernels else 'Keras'}"
