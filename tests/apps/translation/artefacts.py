"""What the tests of the artefacts share: their names, and what is asked of them."""

from __future__ import annotations

from pathlib import Path

from apps.translation.application import APPLICATION
from common.bundle import open_bundle
from common.generation.artefacts import Scorer, open_artefact
from common.generation.evaluation import Search
from tests.apps.translation.sentences import pairs

EVERY = ("keras", "saved_model", "float32", "float16", "dynamic", "step")
# Float32 throughout, so their answers are the same; `step` searches greedily.
EXACT = ("keras", "saved_model", "float32")

# What it has learned, and what it has not.
LEARNED = tuple(source for source, _ in pairs({"train": 20})["train"])
STRANGE = (
    "El tren no ve.",
    "¿Quiere Ana una casa?",
    "TOM ve la Casa Verde",
    "casa casa casa",
    "Zutano quiere 7 ñandúes.",
)


def opened(bundle: Path, artefact: str, search: Search) -> Scorer:
    """Opens an artefact of a bundle."""
    return open_artefact(APPLICATION, open_bundle(bundle, APPLICATION.name), artefact, search)
