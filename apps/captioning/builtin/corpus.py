"""The corpus: scenes in splits, with captions and pictures."""

from dataclasses import dataclass
from random import Random

import numpy as np

from common.image.picture import Picture

from . import composition, drawing
from .combinations import held_out
from .drawing import Pixels
from .phrases import describe
from .scene import Scene

SPLITS = {"train": 10000, "dev": 600, "test": 600}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its captions. It is drawn when it is asked for, always the same.

    Attributes:
        name: no other picture of the corpus has it.
        scene: what is to be seen.
        captions: all true of it, all different, lower case and without a full stop.
        key: of the random draws that the scene leaves open.
    """

    name: str
    scene: Scene
    captions: tuple[str, ...]
    key: tuple[int, ...]

    def array(self) -> Pixels:
        """Returns the pixels, uint8 `(96, 96, 3)`, red, green and blue."""
        return drawing.draw(self.scene, np.random.default_rng(np.random.SeedSequence(self.key)))

    def png(self) -> bytes:
        """Returns the picture as the contents of a PNG file."""
        return drawing.encode(self.array())

    @property
    def picture(self) -> Picture:
        """The picture as an input like any other."""
        return Picture(self.name, self.png)


def _drawn(seed: int, split: str, number: int, scene: Scene) -> Drawn:
    name = f"{split}-{number:04d}"
    captions = describe(scene, Random(f"{seed} {name}"))
    return Drawn(name, scene, captions, (seed, list(SPLITS).index(split), number))


def _scenes(seed: int) -> dict[str, list[Scene]]:
    """The scenes of each split, in random order, each once whatever its background."""
    rng = Random(seed)
    known: list[Scene] = []
    new: list[Scene] = []
    seen = set()
    wanted, wanted_new = SPLITS["train"] + SPLITS["dev"], SPLITS["test"]
    while len(known) < wanted or len(new) < wanted_new:
        scene = composition.draw(rng)
        key = scene.groups, scene.arrangement, scene.place
        into, most = (new, wanted_new) if held_out(scene) else (known, wanted)
        if key not in seen and len(into) < most:
            seen.add(key)
            into.append(scene)
    rng.shuffle(known)
    return {"train": known[: SPLITS["train"]], "dev": known[SPLITS["train"] :], "test": new}


def generate(seed: int = 0) -> dict[str, list[Drawn]]:
    """Makes the corpus; the pictures are drawn later, when they are asked for.

    Args:
        seed: of all random draws, 0 or more. The same seed gives the same scenes and captions in
            the same order everywhere, and the same pixels; another version of NumPy or Pillow may
            round a few of these differently.

    Returns:
        The splits 'train', 'dev' and 'test'. No two scenes are equal in all but the background.
        Every scene of 'test' has a combination that 'train' and 'dev' never show, of a colour with
        a shape or of two shapes with how they stand to each other.
    """
    return {
        split: [_drawn(seed, split, number, scene) for number, scene in enumerate(scenes)]
        for split, scenes in _scenes(seed).items()
    }
