"""What the tests of the artefacts share: their names, what is asked of them, what is right."""

from __future__ import annotations

from pathlib import Path

from apps.captioning.application import APPLICATION
from apps.captioning.front_end import PictureFrontEnd
from common.bundle import open_bundle
from common.generation.artefacts import Scorer, open_artefact
from common.generation.evaluation import GREEDY, Search
from common.image.picture import Picture
from tests.apps.captioning.drawings import KINDS, captions, draw, saved

EVERY = ("keras", "saved_model", "float32", "float16", "dynamic", "int8", "step")
# Float32 throughout, so their answers are the same; `step` searches greedily.
EXACT = ("keras", "saved_model", "float32")
# Those that follow no other hypotheses.
GREEDY_ONLY = ("int8", "step")

# None of them was trained on.
NEW = tuple(
    Picture(f"{'-'.join(kind)}.png", saved(draw(*kind, seed=seed)))
    for seed in (9_001, 9_002)
    for kind in KINDS
)


def right(colour: str, shape: str, side: str) -> str:
    """Returns the caption that is right for such a picture, as the network learns it."""
    return captions(colour, shape, side)[0].lower().removesuffix(" .")


RIGHT = [right(*kind) for kind in (*KINDS, *KINDS)]


def opened(bundle: Path, artefact: str, search: Search) -> Scorer:
    """Opens an artefact of a bundle."""
    return open_artefact(APPLICATION, open_bundle(bundle, APPLICATION.name), artefact, search)


def front_end(bundle: Path) -> PictureFrontEnd:
    """Returns how the network of a bundle sees pictures."""
    found = opened(bundle, "float32", GREEDY).front_end
    assert isinstance(found, PictureFrontEnd)
    return found
